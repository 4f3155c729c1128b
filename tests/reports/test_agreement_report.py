"""What a person reads of check, versions and modernize."""

from pathlib import Path

import pytest

from bootstrap.model import Change, Declared, Finding, Plan, Promise, Report, Severity, Skip, Status
from bootstrap.reports import agreement, text

PROMISE = Promise("3.10", "3.12", ("3.10", "3.11", "3.12"), "what the repository declares")


def place(area="targeted", path="ruff.toml", value="py310", expected=None, line=1, **more):
    told = {"reason": "", "why": "the tool reads the code as this Python", **more}
    return Declared(f"tool:{path}", area, "tool.versions", "floor", path, line, 5, value, expected, **told)


WRONG = place(value="py39", expected="py310", line=3)
V101 = Finding("V101", Severity.ERROR, "targets 3.9, but the oldest supported is 3.10", "say so", "ruff.toml", 3, 5)
V201 = Finding(
    "V201", Severity.ERROR, "ships 3.13 (a/Dockerfile:2) but never tests it", "test it", "a/Dockerfile", 2, 1
)
V501 = Finding("V501", Severity.WARNING, "was not read: it is broken", "mend it", "x.yml", 7)
V301 = Finding("V301", Severity.NOTE, "supports 3.10, but it is old", "devstrap modernize --minimum 3.11")


def lines(command, status, *, is_verbose=False, **parts):
    report = Report(command, Path("/r"), status, **{"policy": PROMISE, **parts})
    return agreement.render(report, is_verbose=is_verbose).splitlines()


def test_agreement_is_counted_and_not_listed():
    assert lines("check", Status.AGREED, declared=(place(), place("told"), place("told")), seconds=0.24) == [
        "  policy      at least 3.10, 3.12 by default, supported 3.10, 3.11, 3.12",
        "              from what the repository declares",
        "targeted, by tools that read the code: 1 place, in agreement",
        "told, in documents and names: 2 places, in agreement",
        "Everything that must agree does (0.2 s).",
    ]


def test_what_disagrees_is_told_once_in_its_table_with_value_expectation_and_reason():
    shown = lines("check", Status.FINDINGS, declared=(place(), WRONG), findings=(V101,))
    assert shown[2:-1] == [
        "targeted, by tools that read the code: 2 places, 1 disagrees",
        "  ruff.toml:3:5  py39  -> py310  error: targets 3.9, but the oldest supported is 3.10 [V101]",
    ]


def test_several_rows_stand_in_columns():
    other = place(path="very/long/path.toml", value="python3.9", expected="python3.10")
    rows = lines("check", Status.FINDINGS, declared=(WRONG, other))[3:5]
    assert rows[0].index("py39") == rows[1].index("python3.9")
    assert rows[0].index("->") == rows[1].index("->")


def test_verbose_shows_what_is_fine_too():
    shown = lines("check", Status.AGREED, declared=(place(reason="3.10 stays"),), is_verbose=True)
    assert "  ruff.toml:1:5  py310  tool.versions: 3.10 stays" in shown


def test_other_findings_follow_and_name_their_place_once():
    shown = lines("check", Status.FINDINGS, findings=(V201, V501, V301))
    assert shown[2:-1] == [
        "  error       ships 3.13 (a/Dockerfile:2) but never tests it [V201]",
        "              test it",
        "  warning     x.yml:7: was not read: it is broken [V501]",
        "              mend it",
        "  note        supports 3.10, but it is old [V301]",
        "              devstrap modernize --minimum 3.11",
    ]


def test_what_a_finding_speaks_of_is_not_left_alone_as_well():
    plan = Plan(skipped=(Skip("x.yml:7", "it is broken"), Skip("y.yml", "is larger than 1 MiB")))
    shown = lines("check", Status.AGREED, findings=(V501,), plan=plan)
    assert [line for line in shown if "left alone" in line] == ["  left alone  y.yml: is larger than 1 MiB"]


def test_versions_lists_every_place_by_area():
    shown = lines("versions", Status.AGREED, declared=(place("told", "README.md", "3.10"), place()))
    assert shown[2:] == [
        "targeted, by tools that read the code: 1 place",
        "  ruff.toml:1:5  py310  tool.versions: the tool reads the code as this Python",
        "told, in documents and names: 1 place",
        "  README.md:1:5  3.10  tool.versions: the tool reads the code as this Python",
        "This is what names a Python version (0.0 s).",
    ]


@pytest.mark.parametrize(("command", "status"), [("versions", Status.AGREED), ("modernize", Status.NOTHING_TO_DO)])
def test_a_repository_without_declarations_is_told_so(command, status):
    assert lines(command, status, policy=None) == ["Nothing names a Python version (0.0 s)."]


def test_modernize_counts_what_would_change_and_leaves_the_rest_to_its_diff():
    plan = Plan((Change("ruff.toml", b"1", b"2"),))
    shown = lines("modernize", Status.PLANNED, declared=(place(), WRONG), plan=plan, findings=(V301,))
    assert shown[2:] == [
        "targeted, by tools that read the code: 2 places, 1 would change",
        "  note        supports 3.10, but it is old [V301]",
        "              devstrap modernize --minimum 3.11",
        "  would       ruff.toml",
        "This is what would be changed; nothing was touched (0.0 s).",
    ]


def test_modernize_tells_what_was_changed_and_what_is_next():
    plan = Plan((Change("ruff.toml", b"1", b"2"),))
    shown = lines("modernize", Status.READY, declared=(WRONG,), plan=plan, next_command="uv lock")
    assert shown[2:] == [
        "targeted, by tools that read the code: 1 place, 1 changed",
        "  changed     ruff.toml",
        "Modernized (0.0 s).",
        "  next        uv lock",
    ]


def test_what_was_declined_is_not_said_to_have_changed():
    plan = Plan((Change("ruff.toml", b"1", b"2"),))
    shown = lines("modernize", Status.DECLINED, declared=(WRONG,), plan=plan)
    assert shown[2:] == [
        "targeted, by tools that read the code: 1 place, 1 would change",
        "Nothing was changed (0.0 s).",
    ]


def test_modernize_points_to_what_a_person_has_to_look_at():
    aside = place("told", "docs/a.md", "3.9", reason="3.9 may be an example; look whether it still fits")
    shown = lines("modernize", Status.NOTHING_TO_DO, declared=(aside, place(reason="3.10 stays")))
    assert [line for line in shown if "look at" in line] == [
        "  look at     docs/a.md:1: 3.9 (3.9 may be an example; look whether it still fits)"
    ]


def test_long_values_are_cut_and_line_breaks_are_none():
    shown = lines("versions", Status.AGREED, declared=(place(value="a\n  b " * 40),))
    assert len(shown[3]) < 140
    assert "a b a b" in shown[3]
    assert "…" in shown[3]


def test_what_was_put_back_first_is_said_first():
    assert lines("modernize", Status.NOTHING_TO_DO, recovered=("a is as it was",))[0] == "  recovered   a is as it was"


@pytest.mark.parametrize("command", ["check", "versions", "modernize"])
def test_the_text_report_of_the_second_job_comes_from_here(command):
    report = Report(command, Path("/r"), Status.AGREED)
    assert text.render(report) == agreement.render(report)
