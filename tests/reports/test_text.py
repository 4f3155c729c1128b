"""The report as a person reads it: what is ready, what changed, what was left alone and why, what to type next."""

from pathlib import Path

import pytest

from bootstrap.console import Verbatim
from bootstrap.errors import BootstrapError
from bootstrap.model import (
    Build,
    Change,
    Choice,
    EnvironmentState,
    Finding,
    Inspection,
    Plan,
    Report,
    Run,
    Severity,
    Skip,
    Status,
)
from bootstrap.reports import text
from bootstrap.reports.text import diff, header, problem, render
from bootstrap.transaction import Left, Recovery, Undone

ROOT = Path("/r")
INSTALL = Run(("uv", "python", "install", "3.12"), "install Python 3.12")
VENV = Build(".venv", (Run(("uv", "venv", "{target}"), ""), Run(("uv", "sync"), "")), "create .venv")


def lines(status, *parts, **more):
    return render(Report("setup", ROOT, status, *parts, **more)).splitlines()


# ---- the header -----------------------------------------------------------------------------------------------------


def test_the_header_names_the_repository_the_python_and_why(facts):
    given = facts()
    assert header(given, "1.2").splitlines() == [
        "devstrap 1.2",
        f"  repository  project ({given.repository.root})",
        f"  Python      3.12.1 from PATH, {given.choice.interpreter.executable}",
        "  because     .python-version:1 pins 3.12",
    ]


def test_a_python_that_comes_from_elsewhere_is_said_to_be_installed(facts):
    assert "  Python      3.12, to be installed" in header(facts(choice=Choice("3.12", "", must_install=True)), "1")


def test_a_python_that_is_in_place_needs_no_origin(facts):
    assert "  Python      3.12.1\n" in header(facts(choice=Choice("3.12.1", "a pin")), "1")


# ---- the summary ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", Status)
def test_every_status_has_a_headline(status):
    first = lines(status, seconds=1.26)[0]
    assert first.endswith(" (1.3 s).")
    assert len(first) > len(" (1.3 s).")


def test_a_run_that_did_something_tells_what_and_what_is_next(facts):
    plan = Plan(
        (INSTALL, VENV, Change("a.json", None, b"", "settings"), Change("d", None, b""), Change("b", b"", b"1")),
        (Skip("c.json", "it is there"),),
    )
    assert lines(Status.READY, facts(), plan, next_command="python bootstrap.py run pytest")[1:] == [
        "  .venv       Python 3.12.1, requirements.txt; imports project",
        "  did         install Python 3.12",
        "  built       .venv",
        "  created     a.json, d",
        "  updated     b",
        "  left alone  c.json: it is there",
        "  next        python bootstrap.py run pytest",
    ]


def test_a_dry_run_says_would_and_nothing_of_what_is_ready(facts):
    plan = Plan((INSTALL, VENV, Change("a", None, b"", "settings")))
    assert lines(Status.PLANNED, facts(), plan)[1:] == [
        "  would       install Python 3.12",
        "  would       create .venv",
        "  would       write a",
    ]


def test_imports_that_fail_are_not_told_as_proof(facts):
    given = facts(inspection=Inspection(imported=("project",), broken_imports=(("project", "ImportError"),)))
    assert lines(Status.FINDINGS, given)[1] == "  .venv       Python 3.12.1, requirements.txt"


def test_an_environment_that_is_not_healthy_is_not_told_as_ready(facts):
    given = facts(environment={"state": EnvironmentState.BROKEN}, dependencies=None)
    assert lines(Status.FINDINGS, given)[1:] == []


def test_without_dependencies_it_says_so(facts):
    assert "no dependencies declared" in lines(Status.READY, facts(dependencies=None, inspection=None))[1]


@pytest.mark.parametrize(
    ("finding", "shown"),
    [
        (
            Finding("D101", Severity.ERROR, "it is gone", "make it again", ".venv", fix="python bootstrap.py"),
            ["  error       it is gone (.venv) [D101]", "              make it again: python bootstrap.py"],
        ),
        (
            Finding("D302", Severity.WARNING, "too old", "choose another", "a.json", 3),
            ["  warning     too old (a.json:3) [D302]", "              choose another"],
        ),
        (Finding("D303", Severity.NOTE, "it could", "add"), ["  note        it could [D303]", "              add"]),
    ],
)
def test_a_finding_says_what_where_and_what_to_do(finding, shown):
    assert lines(Status.FINDINGS, findings=(finding,))[1:] == shown


def test_a_dry_run_of_an_undo_does_not_claim_to_have_undone_anything():
    told = tuple(text.undone_lines(Undone(1, "setup", "today", ("a",), ("b",), (Left("c", "it is in use"),))))
    shown = render(Report("undo", ROOT, Status.PLANNED, recovered=told)).splitlines()
    assert shown[1:] == [
        "  would undo  setup of today",
        "  would undo  a: back to what it was",
        "  would undo  b: removed",
        "  left alone  c is left as it is: it is in use",
    ]


def test_what_a_finding_speaks_of_is_not_told_as_left_alone_too():
    plan = Plan((), (Skip("a.json", "it is there"), Skip("b.json", "it is there")))
    finding = Finding("D303", Severity.NOTE, "it is left alone, but lacks much", "add it", "a.json")
    shown = render(Report("setup", ROOT, Status.READY, None, plan, (finding,)))
    assert "left alone  a.json" not in shown
    assert "left alone  b.json: it is there" in shown
    assert "left alone  a.json: it is there" in render(Report("setup", ROOT, Status.PLANNED, None, plan))


def test_what_was_recovered_and_what_was_undone_are_told_apart():
    assert "  recovered   a" in render(Report("setup", ROOT, Status.READY, recovered=("a",)))
    assert "  undone      a" in render(Report("undo", ROOT, Status.UNDONE, recovered=("a",)))


# ---- what was taken back --------------------------------------------------------------------------------------------


def test_a_recovery_tells_what_is_as_it_was_and_what_is_left():
    left = (Left("b", "somebody changed it", Path("/s/1")), Left("c", "it is in use"))
    assert list(text.recovery_lines(Recovery("setup", "today", is_finished=False, restored=("a",), left=left))) == [
        "setup of today had been cut off: what it had done was taken back",
        "a is as it was",
        f"b is left as it is: somebody changed it; the original is {Path('/s/1')}",
        "c is left as it is: it is in use",
    ]
    (line,) = text.recovery_lines(Recovery("setup", "today", is_finished=True))
    assert line.endswith("its leftovers were removed")


def test_an_undo_tells_what_has_its_former_content_and_what_is_removed():
    undone = Undone(1, "setup", "today", restored=("a",), removed=("b",), left=())
    assert list(text.undone_lines(undone)) == [
        "setup of today",
        "a: back to what it was",
        "b: removed",
    ]


# ---- errors ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "shown"),
    [
        ({}, "error: wrong\n  fix: right"),
        ({"path": "a.toml", "line": 3, "column": 7}, "error: a.toml:3:7: wrong\n  fix: right"),
        ({"path": "wrong"}, "error: wrong\n  fix: right"),  # the message says it already
    ],
)
def test_an_error_says_where_what_and_what_to_do(where, shown):
    assert problem(BootstrapError("wrong", remedy="right", **where)) == shown


# ---- diffs ----------------------------------------------------------------------------------------------------------


def test_changes_are_shown_as_a_unified_diff_and_commands_as_they_are_run():
    plan = Plan((Change("a", b"1\n2\n", b"1\n3\n"), INSTALL, VENV))
    assert diff(plan).splitlines() == [
        "--- a/a",
        "+++ b/a",
        "@@ -1,2 +1,2 @@",
        " 1",
        "-2",
        "+3",
        "run: uv python install 3.12",
        "run: uv venv .venv",
        "run: uv sync",
    ]


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (None, b"1\n", ["--- /dev/null", "+++ b/a", "@@ -0,0 +1 @@", "+1"]),
        (b"1\n", None, ["--- a/a", "+++ /dev/null", "@@ -1 +0,0 @@", "-1"]),
        (b"1", b"1\n2", ["--- a/a", "+++ b/a", "@@ -1 +1,2 @@", "-1", "+1", "+2"]),
        (b"\xff\n", b"\xfe\n1\n", ["--- a/a", "+++ b/a", "@@ -1 +1,2 @@", " \ufffd", "+1"]),
    ],
)
def test_files_that_come_go_or_end_without_a_line_break_are_shown(before, after, shown):
    assert diff(Plan((Change("a", before, after),))).splitlines() == shown


def test_an_empty_plan_has_no_diff():
    assert diff(Plan()) == ""


def test_a_diff_keeps_its_lines_in_a_narrow_terminal():
    assert isinstance(diff(Plan((Change("a", b"1", b"2"),))), Verbatim)


def test_a_command_is_shown_with_the_folder_that_it_runs_in():
    runs = tuple(Run(("uv", "pip", "install", "--python", "{target}"), "", cwd=cwd) for cwd in (".", "a/b"))
    assert diff(Plan((Build(".venv", runs, "create .venv"),))).splitlines() == [
        "run: uv pip install --python .venv",
        "run in a/b: uv pip install --python ../../.venv",
    ]
