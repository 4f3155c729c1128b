"""A folder in, a report out, and files that have changed or have not."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bootstrap import agreement, ask, console, flow
from bootstrap.agreement import check, modernize, versions
from bootstrap.commands import Tools
from bootstrap.console import Console
from bootstrap.errors import (
    ChangedError,
    InterruptedRunError,
    LockedError,
    MalformedFileError,
    StepError,
    UsageError,
)
from bootstrap.lock import Lock
from bootstrap.model import Change, Status
from bootstrap.options import Options
from bootstrap.state import state_directory
from bootstrap.transaction import Transaction

PYPROJECT = """\
[project]
name = "shop"
requires-python = ">=3.11"
classifiers = [
    "Programming Language :: Python :: 3.11",
    "Programming Language :: Python :: 3.12",
]
"""
CI = 'jobs:\n  test:\n    strategy:\n      matrix:\n        python-version: ["3.11", "3.12"]\n'
FILES = {"pyproject.toml": PYPROJECT, ".github/workflows/ci.yml": CI, "README.md": "Needs Python 3.11 or newer.\n"}
STALE = {**FILES, "ruff.toml": 'target-version = "py39"\n'}
TOOLS = Tools("", {}, None, {})


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """Keep to a day on which all of 3.11 to 3.15 are maintained."""
    monkeypatch.setattr(agreement, "_today", lambda: datetime(2026, 11, 1, tzinfo=UTC).date())


@pytest.fixture
def shop(write, tmp_path):
    """Make a folder with these files."""
    return lambda files=FILES: write(files, tmp_path / "shop")


@pytest.fixture
def done(tmp_path):
    """Run a command on the folder; return its report, and what was said in `.said`."""

    def run(command, **options):
        run.said = io.StringIO()
        name = command.__name__
        given = Options(name, tmp_path / "shop", started="devstrap", **options)
        return command(given, TOOLS, Console(run.said))

    return run


@pytest.fixture
def person(monkeypatch):
    """Sit somebody at the terminal who gives these answers."""

    def sit(policy=None, agrees=lambda: True):
        monkeypatch.setattr(console, "is_interactive", lambda *_streams: True)
        monkeypatch.setattr(ask, "ask_policy", lambda _old: policy)
        monkeypatch.setattr(ask, "confirm", lambda _question: agrees())

    return sit


def contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".devstrap" not in path.parts
    }


def as_bytes(files):
    return {name: text.encode() for name, text in files.items()}


# ---- versions -------------------------------------------------------------------------------------------------------


def test_versions_lists_every_place_and_the_policy(shop, done):
    shop()
    report = done(versions)
    assert [(place.kind, place.path, place.line, place.value) for place in report.declared] == [
        ("github.matrix", ".github/workflows/ci.yml", 5, '"3.11", "3.12"'),
        ("docs.text", "README.md", 1, "3.11"),
        ("pyproject.requires-python", "pyproject.toml", 3, "3.11"),
        ("pyproject.classifiers", "pyproject.toml", 5, "3.11, 3.12"),
    ]
    assert (report.policy.minimum, report.policy.default, report.policy.supported) == ("3.11", "3.12", ("3.11", "3.12"))
    assert report.policy.source == "what the repository declares"
    assert all(place.expected is None for place in report.declared)


def test_versions_of_a_folder_without_any_is_empty(shop, done):
    shop({"a.txt": ""})
    report = done(versions)
    assert (report.declared, report.policy, report.exit_code) == ((), None, 0)


def test_versions_can_be_chosen(shop, done):
    shop()
    assert [place.area for place in done(versions, only=("told",)).declared] == ["told"]
    assert "told" not in [place.area for place in done(versions, skip=("told",)).declared]


# ---- check ----------------------------------------------------------------------------------------------------------


def test_check_of_what_agrees_ends_well_and_writes_nothing(shop, done):
    root = shop()
    report = done(check)
    assert (report.status, report.exit_code, report.findings, report.next_command) == (Status.AGREED, 0, (), "")
    assert contents(root) == as_bytes(FILES)
    assert not (root / ".devstrap").exists()


def test_check_ends_with_1_and_says_how_to_mend_it(shop, done):
    shop(STALE)
    report = done(check)
    assert (report.status, report.exit_code) == (Status.FINDINGS, 1)
    assert report.next_command == "devstrap check --fix"
    (place,) = [place for place in report.declared if place.expected is not None]
    assert (place.path, place.value, place.expected) == ("ruff.toml", "py39", "py311")


def test_commands_begin_as_the_person_began(shop, tmp_path):
    root = shop(STALE)
    report = check(Options("check", root, started="python bootstrap.py"), TOOLS, Console(io.StringIO()))
    assert report.findings[0].fix == "python bootstrap.py check --fix"
    assert report.next_command == "python bootstrap.py check --fix"


def test_a_warning_alone_ends_well(shop, done):
    shop({**FILES, "docs/install.md": "Needs Python 3.9 or newer.\n"})
    report = done(check)
    assert [finding.severity.value for finding in report.findings] == ["warning"]
    assert (report.status, report.exit_code) == (Status.AGREED, 0)


def test_fix_mends_what_is_wrong_and_nothing_else(shop, done):
    root = shop(STALE)
    report = done(check, is_fix=True)
    assert (report.status, report.exit_code, report.findings) == (Status.AGREED, 0, ())
    assert [step.path for step in report.plan.steps] == ["ruff.toml"]
    assert contents(root) == as_bytes({**STALE, "ruff.toml": 'target-version = "py311"\n'})


def test_fix_with_a_dry_run_shows_the_diff_and_writes_nothing(shop, done):
    root = shop(STALE)
    report = done(check, is_fix=True, is_dry_run=True)
    assert (report.status, report.exit_code) == (Status.PLANNED, 1)
    assert '+target-version = "py311"' in done.said.getvalue()
    assert contents(root) == as_bytes(STALE)


def test_what_is_skipped_is_neither_found_nor_mended(shop, done):
    root = shop(STALE)
    assert done(check, is_fix=True, skip=("targeted",)).findings == ()
    assert contents(root) == as_bytes(STALE)


def test_where_nothing_is_promised_nothing_is_mended(shop, done):
    files = {
        "a/Dockerfile": "FROM python:3.12\n",
        "b/Dockerfile": "FROM python:3.12\n",
        "c/Dockerfile": "FROM python:3.9\n",
    }
    root = shop(files)
    report = done(check, is_fix=True)
    assert (report.exit_code, len(report.findings), report.next_command) == (0, 1, "")
    assert report.policy.source == "what most places use; nothing is promised"
    assert contents(root) == as_bytes(files)


@pytest.mark.parametrize("files", [{"a.txt": ""}, {"README.md": "# Shop\n"}])
def test_a_repository_that_says_nothing_cannot_be_checked(shop, done, files):
    shop(files)
    with pytest.raises(UsageError, match="nothing in this repository says") as caught:
        done(check)
    assert "requires-python" in caught.value.remedy


@pytest.mark.parametrize("command", [check, versions])
@pytest.mark.parametrize("pattern", ["nosuch", "Dockerfile", "tool.nosuch", "src/*"])
def test_a_word_that_fits_nothing_is_refused(shop, done, command, pattern):
    shop()
    with pytest.raises(UsageError, match="fits no area, kind, file or site"):
        done(command, only=(pattern,))
    with pytest.raises(UsageError, match="--skip"):
        done(command, skip=(pattern,))


@pytest.mark.parametrize(
    "pattern", ["shipped", "docker.from", "docker.*", "README.md", "*.toml", "docs.text:README.md:1"]
)
def test_areas_kinds_files_and_sites_can_be_named_even_where_there_is_none_of_an_area(shop, done, pattern):
    shop()
    assert done(check, skip=(pattern,)).exit_code == 0


def test_a_broken_pyproject_is_reported_and_the_rest_is_looked_at(shop, done):
    shop({**FILES, "pyproject.toml": '[project\nrequires-python = ">=3.9"\n'})
    report = done(check)
    assert [(finding.code, finding.path) for finding in report.findings] == [("V501", "pyproject.toml")]
    assert report.policy.supported == ("3.11", "3.12")


def test_a_broken_pyproject_that_is_all_there_is_is_an_error_with_its_place(shop, done):
    shop({"pyproject.toml": '[project\nrequires-python = ">=3.9"\n'})
    with pytest.raises(MalformedFileError) as caught:
        done(check)
    assert (caught.value.path, caught.value.line) == ("pyproject.toml", 1)


def test_a_template_without_any_python_is_nobody_s_concern(shop, done):
    shop({**FILES, "chart/templates/a.yaml": "{{- if .Values.a }}\na: {{ .b }}\n{{- end }}\n"})
    report = done(check)
    assert (report.findings, report.plan.skipped) == ((), ())


def test_a_file_that_nobody_reads_is_named(shop, done):
    shop({**FILES, "README.rst": "a" * (1024 * 1024 + 1), "ruff.toml": b"\xff\xfep\0y\0"})
    assert [skip.what for skip in done(check).plan.skipped] == ["README.rst", "ruff.toml"]


def test_a_link_to_what_is_read_anyway_is_not_spoken_of_and_one_that_leads_out_is(shop, done, tmp_path):
    root = shop()
    (tmp_path / "outside.md").write_text("Python 3.9 or newer\n")
    (root / "CONTRIBUTING.md").symlink_to("README.md")
    (root / "INSTALL.md").symlink_to(tmp_path / "outside.md")
    assert [skip.what for skip in done(check).plan.skipped] == ["INSTALL.md"]


# ---- settings -------------------------------------------------------------------------------------------------------


def with_settings(text, files=FILES):
    return {**files, "pyproject.toml": f"{files['pyproject.toml']}\n[tool.devstrap]\n{text}\n"}


def test_settings_go_before_what_is_declared(shop, done):
    shop(with_settings('minimum = "3.12"\ndefault = "3.13"\nsupported = ["3.12", "3.13"]'))
    report = done(check)
    assert report.policy.source == "[tool.devstrap] in pyproject.toml"
    assert (report.policy.minimum, report.policy.default) == ("3.12", "3.13")
    wanted = {place.kind: place.expected for place in report.declared}
    assert wanted["github.matrix"] == '"3.12", "3.13"'
    assert wanted["pyproject.classifiers"] == "3.12, 3.13"
    assert wanted["pyproject.requires-python"] == "3.12"


@pytest.mark.parametrize(
    ("settings", "policy"),
    [
        ('minimum = "3.12"', ("3.12", "3.12", ("3.12",))),
        ('default = "3.11"', ("3.11", "3.11", ("3.11", "3.12"))),
        ('default = "3.13"', ("3.11", "3.13", ("3.11", "3.12", "3.13"))),
        ('supported = ["3.13", "3.12"]', ("3.12", "3.12", ("3.12", "3.13"))),
    ],
)
def test_what_the_settings_leave_out_is_taken_from_the_declarations(shop, done, settings, policy):
    shop(with_settings(settings))
    told = done(check).policy
    assert (told.minimum, told.default, told.supported) == policy


@pytest.mark.parametrize(
    ("settings", "line", "said"),
    [
        ('minimum = "3.12"\nsupported = ["3.11", "3.12"]', 11, "the minimum is 3.12, but the supported versions are"),
        ('supported = ["3.11"]\ndefault = "3.12"', 10, "the default 3.12 is not among"),
        ("supported = []", 10, "supported is empty"),
        ('minimum = "3.99"', 10, "there is no Python 3.99"),
        ('supported = ["3.11", "3"]', 10, "'3' is not a feature version"),
        ('minimums = "3.11"', 10, "has no key 'minimums'"),
    ],
)
def test_settings_that_contradict_themselves_or_name_nothing_are_refused_with_their_line(
    shop, done, settings, line, said
):
    shop(with_settings(settings))
    for command in (check, versions, modernize):
        with pytest.raises((UsageError, MalformedFileError), match=said) as caught:
            done(command)
        assert (caught.value.path, caught.value.line) == ("pyproject.toml", line)


def test_modernize_carries_out_the_settings_when_nothing_else_is_asked_for(shop, done):
    root = shop(with_settings('default = "3.13"\nsupported = ["3.12", "3.13"]'))
    report = done(modernize, is_yes=True)
    assert report.status is Status.READY
    assert 'python-version: ["3.12", "3.13"]' in (root / ".github/workflows/ci.yml").read_text()
    assert done(check).findings == ()
    assert done(modernize, is_yes=True).status is Status.NOTHING_TO_DO


def test_settings_move_along(shop, done):
    root = shop(with_settings('minimum = "3.11"\nsupported = ["3.11", "3.12"]'))
    report = done(modernize, is_yes=True, minimum="3.12", supported=("3.12", "3.13"))
    assert (report.status, report.plan.skipped) == (Status.READY, ())
    assert 'minimum = "3.12"\nsupported = ["3.12", "3.13"]' in (root / "pyproject.toml").read_text()


def test_settings_that_go_on_to_say_something_else_than_the_command_line_are_pointed_out(shop, done):
    shop(with_settings('supported = ["3.12", "3.13"]'))
    report = done(modernize, supported=("3.12",), is_dry_run=True)
    (skip,) = report.plan.skipped
    assert skip.what == "pyproject.toml:10"
    assert skip.reason == 'goes on to say "3.12", "3.13"; put 3.12 there too'


# ---- modernize ------------------------------------------------------------------------------------------------------

TARGET = {"minimum": "3.12", "default": "3.13", "supported": ("3.12", "3.13")}
MODERN = {
    "pyproject.toml": PYPROJECT.replace(">=3.11", ">=3.12")
    .replace('    "Programming Language :: Python :: 3.11",\n', "")
    .replace('3.12",\n]', '3.12",\n    "Programming Language :: Python :: 3.13",\n]'),
    ".github/workflows/ci.yml": CI.replace('"3.11", "3.12"', '"3.12", "3.13"'),
    "README.md": "Needs Python 3.12 or newer.\n",
}


def test_modernize_moves_everything_and_can_be_undone(shop, done):
    root = shop()
    report = done(modernize, is_yes=True, **TARGET)
    assert (report.status, report.exit_code, report.findings) == (Status.READY, 0, ())
    assert contents(root) == as_bytes(MODERN)
    assert report.policy.source == "the command line"
    assert done(modernize, is_yes=True, **TARGET).status is Status.NOTHING_TO_DO
    assert done(flow.undo).status is Status.UNDONE
    assert contents(root) == as_bytes(FILES)


def test_what_leads_to_a_contradiction_can_be_undone_too(shop, done):
    root = shop({**FILES, ".python-version": "3.11\n"})
    done(modernize, is_yes=True, only=("claimed",), minimum="3.12")
    assert done(flow.undo).status is Status.UNDONE
    assert contents(root) == as_bytes({**FILES, ".python-version": "3.11\n"})


def test_a_dry_run_shows_the_diff_and_writes_nothing(shop, done):
    root = shop()
    report = done(modernize, is_dry_run=True, **TARGET)
    assert (report.status, report.exit_code) == (Status.PLANNED, 0)
    assert '+requires-python = ">=3.12"' in done.said.getvalue().splitlines()
    assert contents(root) == as_bytes(FILES)
    assert not (root / ".devstrap").exists()


def test_a_dry_run_can_tell_by_its_exit_code_whether_there_is_work(shop, done):
    shop()
    assert done(modernize, is_dry_run=True, has_exit_code=True, **TARGET).exit_code == 1
    same = {"minimum": "3.11", "supported": ("3.11", "3.12")}
    assert done(modernize, is_dry_run=True, has_exit_code=True, **same).exit_code == 0


def test_lines_that_end_in_crlf_are_shown_as_lines(shop, done):
    root = shop({**FILES, "README.md": "Needs Python 3.11 or newer.\r\n"})
    done(modernize, is_dry_run=True, **TARGET)
    assert "+Needs Python 3.12 or newer." in done.said.getvalue().splitlines()
    done(modernize, is_yes=True, **TARGET)
    assert (root / "README.md").read_bytes() == b"Needs Python 3.12 or newer.\r\n"


@pytest.mark.parametrize(
    ("choice", "changed"),
    [
        ({"only": ("claimed",)}, ["pyproject.toml"]),
        ({"only": ("github.matrix", "README.md")}, [".github/workflows/ci.yml", "README.md"]),
        ({"skip": ("told", "*.yml")}, ["pyproject.toml"]),
        ({"skip": ("pyproject.classifiers:pyproject.toml:5", "tested", "told")}, ["pyproject.toml"]),
    ],
)
def test_what_is_changed_can_be_chosen(shop, done, choice, changed):
    shop()
    report = done(modernize, is_dry_run=True, **TARGET, **choice)
    assert sorted(step.path for step in report.plan.steps) == changed


def test_a_part_that_was_left_out_does_not_count_as_disagreement(shop, done):
    shop()
    report = done(modernize, is_yes=True, only=("claimed",), **TARGET)
    assert (report.status, report.exit_code) == (Status.READY, 0)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"minimum": "3.99"}, "there is no Python 3.99"),
        ({"supported": ("3.11-3.13",)}, "not a feature version"),
        ({"supported": ("garbage",)}, "not a feature version"),
        ({"supported": ()}, "names no version"),
        ({"minimum": "3.12", "supported": ("3.11", "3.12")}, "the minimum is 3.12"),
        ({"minimum": "3.12", "default": "3.11"}, "the default 3.11 is not among"),
        ({"default": "three"}, "not a feature version"),
    ],
)
def test_a_policy_that_cannot_be_is_refused(shop, done, options, said):
    root = shop()
    with pytest.raises(UsageError, match=said):
        done(modernize, is_yes=True, **options)
    assert contents(root) == as_bytes(FILES)


@pytest.mark.parametrize("options", [{}, {"is_yes": True}, {"is_json": True}, {"is_dry_run": True}])
def test_without_a_target_and_without_a_person_nothing_is_guessed(shop, done, options):
    shop()
    with pytest.raises(UsageError, match="nobody said which Pythons"):
        done(modernize, **options)


@pytest.mark.parametrize("options", [{}, {"is_json": True}])
def test_without_yes_and_without_a_person_nothing_is_written(shop, done, options):
    root = shop()
    with pytest.raises(UsageError, match="3 files would be changed, and nobody is here to agree"):
        done(modernize, **TARGET, **options)
    assert contents(root) == as_bytes(FILES)


def test_a_person_is_asked_for_the_policy_and_for_agreement(shop, done, person):
    root = shop()
    person(policy=((3, 12), (3, 13), ((3, 12), (3, 13))))
    report = done(modernize)
    assert (report.status, report.policy.source) == (Status.READY, "your answers")
    assert contents(root) == as_bytes(MODERN)


def test_whoever_is_asked_is_told_of_versions_near_their_end_first(shop, done, person, monkeypatch):
    shop()
    monkeypatch.setattr(agreement, "_today", lambda: datetime(2029, 1, 1, tzinfo=UTC).date())
    person(agrees=lambda: False)
    done(modernize, **TARGET)
    assert "note: supports 3.12, but Python 3.12 has been without security fixes" in done.said.getvalue()


def test_a_person_who_does_not_agree_has_seen_the_diff_and_nothing_is_written(shop, done, person):
    root = shop()
    person(agrees=lambda: False)
    report = done(modernize, **TARGET)
    assert (report.status, report.exit_code) == (Status.DECLINED, 0)
    assert "+++ b/README.md" in done.said.getvalue()
    assert contents(root) == as_bytes(FILES)
    assert not (root / ".devstrap").exists()


def test_ctrl_c_at_the_question_leaves_nothing_behind(shop, done, person):
    def interrupt():
        raise InterruptedRunError("stopped", remedy="nothing")

    root = shop()
    person(agrees=interrupt)
    with pytest.raises(InterruptedRunError):
        done(modernize, **TARGET)
    assert contents(root) == as_bytes(FILES)
    assert not (root / ".devstrap").exists()


def test_a_file_that_changes_while_the_person_thinks_is_kept_and_all_others_too(shop, done, person):
    root = shop()

    def edit():
        (root / "pyproject.toml").write_bytes(b"# mine\n")
        return True

    person(agrees=edit)
    with pytest.raises(ChangedError) as caught:
        done(modernize, **TARGET)
    assert caught.value.exit_code == StepError.exit_code
    assert contents(root) == as_bytes({**FILES, "pyproject.toml": "# mine\n"})


def test_another_run_in_the_repository_is_not_disturbed(shop, done):
    root = shop()
    with Lock(state_directory(root), "setup"), pytest.raises(LockedError):
        done(modernize, is_yes=True, **TARGET)
    assert contents(root) == as_bytes(FILES)


def test_what_a_killed_run_left_is_put_back_first(shop, done):
    root = shop()
    killed = Transaction(root, state_directory(root), "modernize")
    killed.__enter__()
    killed.write(Change("README.md", FILES["README.md"].encode(), b"half\n"))
    assert done(check).recovered == ()
    assert "not put back yet" in done.said.getvalue()
    assert (root / "README.md").read_bytes() == b"half\n"
    report = done(modernize, is_yes=True, **TARGET)
    assert any("README.md" in line for line in report.recovered)
    assert contents(root) == as_bytes(MODERN)


@pytest.mark.parametrize(
    ("extra", "command"),
    [
        ({"uv.lock": "version = 1\n"}, "uv lock"),
        ({"poetry.lock": "\n"}, "poetry lock"),
        ({"Pipfile.lock": "{}\n"}, ""),
        ({"bootstrap.py": "#\n"}, "devstrap"),
        ({}, ""),
    ],
)
def test_what_has_to_be_made_anew_is_what_is_next(shop, done, extra, command):
    shop({**FILES, **extra})
    assert done(modernize, is_yes=True, **TARGET).next_command == command


def test_an_edit_that_leads_to_a_finding_is_told(shop, done):
    shop({**FILES, "Dockerfile": "FROM python:3.15\n"})
    report = done(modernize, is_yes=True, **TARGET)
    assert (report.status, report.exit_code) == (Status.FINDINGS, 1)
    assert [finding.code for finding in report.findings] == ["V201"]
