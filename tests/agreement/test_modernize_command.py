"""A policy in, and files that have moved to it, or have not."""

from datetime import UTC, datetime

import pytest
from shop import CI, FILES, PYPROJECT, as_bytes, contents

from bootstrap.agreement import day
from bootstrap.agreement.check import check
from bootstrap.agreement.modernize import modernize
from bootstrap.errors import ChangedError, InterruptedRunError, LockedError, StepError, UsageError
from bootstrap.flow.undo import undo
from bootstrap.lock import Lock
from bootstrap.model import Change, Status
from bootstrap.state import state_directory
from bootstrap.transaction import Transaction

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
    assert done(undo).status is Status.UNDONE
    assert contents(root) == as_bytes(FILES)


def test_what_leads_to_a_contradiction_can_be_undone_too(shop, done):
    root = shop({**FILES, ".python-version": "3.11\n"})
    done(modernize, is_yes=True, only=("claimed",), minimum="3.12")
    assert done(undo).status is Status.UNDONE
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
    monkeypatch.setattr(day, "today", lambda: datetime(2029, 1, 1, tzinfo=UTC).date())
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
