"""A whole repository through the real command line: `repository/` is what it was, `modernized/` what of it changes."""

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import bootstrap

HERE = Path(__file__).parent
SOURCE = Path(bootstrap.__file__).parent.parent
TARGET = ("--minimum", "3.11", "--default", "3.12", "--supported", "3.11,3.12,3.13")
AS_ADA = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "core.autocrlf=false")
LONG_AGO = 1_600_000_000


def contents(folder):
    """Return every file below a folder but those of git, by its path with `/`."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    named = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    return {name: data for name, data in named.items() if not name.startswith(".git/")}


BEFORE = contents(HERE / "repository")
CHANGED = contents(HERE / "modernized")


def git(folder, *arguments):
    return subprocess.run(("git", *AS_ADA, *arguments), cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def orchard(tmp_path):
    """Return a git repository with the files as they were committed long ago."""
    root = tmp_path / "orchard"
    shutil.copytree(HERE / "repository", root)
    for name in BEFORE:
        os.utime(root / name, (LONG_AGO, LONG_AGO))
    git(root, "init", "-q")
    git(root, "add", "--all")
    git(root, "commit", "-qm", "as it was")
    return root


@pytest.fixture
def devstrap(orchard):
    """Run a command in the repository, as somebody there would."""

    def run(*arguments):
        return subprocess.run(
            (sys.executable, "-m", "bootstrap", *arguments),
            cwd=orchard,
            env={**os.environ, "PYTHONPATH": str(SOURCE), "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    return run


def modernized(devstrap):
    done = devstrap("modernize", *TARGET, "--yes")
    assert done.returncode == 0, done.stderr
    return done


def states(root):
    """Return when each file was last written, and what may be done with it."""
    found = {name: (root / name).stat() for name in BEFORE}
    return {name: (status.st_mtime_ns, stat.S_IMODE(status.st_mode)) for name, status in found.items()}


def test_the_files_to_compare_with_are_of_the_repository_and_say_something_else():
    assert CHANGED
    assert set(CHANGED) <= set(BEFORE)
    assert [name for name, data in CHANGED.items() if data == BEFORE[name]] == []


def test_what_has_to_change_does_byte_by_byte(orchard, devstrap):
    modernized(devstrap)
    after = contents(orchard)
    assert {name: after[name] for name in CHANGED} == CHANGED


def test_nothing_else_is_touched(orchard, devstrap):
    before = states(orchard)
    modernized(devstrap)
    after, written = states(orchard), contents(orchard)
    assert set(written) == set(BEFORE)
    assert {name for name in BEFORE if written[name] != BEFORE[name]} == set(CHANGED)
    others = set(BEFORE) - set(CHANGED)
    assert {name: after[name] for name in others} == {name: before[name] for name in others}
    assert {name: mode for name, (_, mode) in after.items()} == {name: mode for name, (_, mode) in before.items()}


def test_a_second_run_finds_nothing_to_do(orchard, devstrap):
    modernized(devstrap)
    before = states(orchard)
    again = modernized(devstrap)
    assert "Nothing to do" in again.stdout + again.stderr
    assert states(orchard) == before


def test_what_was_modernized_is_in_agreement(devstrap):
    modernized(devstrap)
    checked = devstrap("check", "--json")
    assert checked.returncode == 0, checked.stdout
    report = json.loads(checked.stdout)
    assert report["status"] == "agreed"
    assert report["policy"] == {
        "minimum": "3.11",
        "default": "3.12",
        "supported": ["3.11", "3.12", "3.13"],
        "source": "what the repository declares",
    }


def test_undo_restores_every_byte(orchard, devstrap):
    before = states(orchard)
    modernized(devstrap)
    undone = devstrap("undo", "--yes")
    assert undone.returncode == 0, undone.stderr
    assert contents(orchard) == BEFORE
    assert {name: mode for name, (_, mode) in states(orchard).items()} == {
        name: mode for name, (_, mode) in before.items()
    }
    assert git(orchard, "status", "--porcelain") == ""


def test_a_dry_run_shows_every_change_and_touches_nothing(orchard, devstrap):
    before = states(orchard)
    shown = devstrap("modernize", *TARGET, "--dry-run")
    assert shown.returncode == 0, shown.stderr
    lines = (shown.stdout + shown.stderr).splitlines()
    assert [line.removeprefix("+++ b/") for line in lines if line.startswith("+++ ")] == sorted(CHANGED)
    assert '+        python-version: ["3.11", "3.12", "3.13"]  # quoted: 3.10 is not 3.1' in lines
    assert contents(orchard) == BEFORE
    assert states(orchard) == before
    assert not (orchard / ".git" / "devstrap").exists()


def test_what_a_person_has_to_look_at_is_told_with_its_place(devstrap):
    planned = devstrap("modernize", *TARGET, "--dry-run", "--json")
    declared = json.loads(planned.stdout)["declared"]
    told = {(site["path"], site["line"]): site["reason"] for site in declared if site["reason"]}
    assert set(told) == {
        ("docs/deployment.md", 3),  # the image's name in a sentence
        ("docs/development.md", 16),  # the lock files are still those of 3.11
        ("shared/pyproject.toml", 11),  # conditions are their authors' business
        ("shared/src/orchard_shared/__init__.py", 13),
    }
    assert "may be an example" in told["docs/deployment.md", 3]
    assert "a condition" in told["shared/pyproject.toml", 11]
