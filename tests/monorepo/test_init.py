"""The same repository adopted by `init`, through the real command line: `adopted/` is what tells how to set up."""

import json
import os
import subprocess
import sys

from test_monorepo import BEFORE, CHANGED, HERE, SOURCE, TARGET, contents, git, orchard

from bootstrap.adopt.wrapper import for_repositories

__all__ = ["orchard"]

ADDED = {".devstrap.json", ".python-version", "bootstrap.py"}
# What says how to set up, beside what names a version.
TOLD = contents(HERE / "adopted")


def devstrap(root, *arguments):
    # from elsewhere: below the root, `bootstrap` would be the wrapper
    return subprocess.run(
        (sys.executable, "-m", "bootstrap", *arguments, "--root", str(root)),
        cwd=root.parent,
        env={**os.environ, "PYTHONPATH": str(SOURCE), "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def adopted(root):
    done = devstrap(root, "init", *TARGET, "--yes")
    assert done.returncode == 0, done.stderr
    return done


def test_what_modernize_changes_and_the_rest_of_an_adoption(orchard):
    adopted(orchard)
    after = contents(orchard)
    assert set(after) == set(BEFORE) | ADDED
    assert {name for name in BEFORE if after[name] != BEFORE[name]} == set(CHANGED) | set(TOLD)
    expected = {**CHANGED, **TOLD}
    assert {name: after[name] for name in expected} == expected
    assert after[".python-version"] == b"3.12\n"
    assert after["bootstrap.py"] == for_repositories((SOURCE / "bootstrap.py").read_bytes())


def test_what_the_tests_are_run_with_is_not_taken_from_them(orchard):
    done = adopted(orchard)
    assert "pyproject.toml: it was not made, as pytest would take it in place of backend/pytest.ini" in (
        done.stdout + done.stderr
    )


def test_without_a_workflow_the_parts_get_one_that_tests_them_together(orchard):
    git(orchard, "rm", "-q", ".github/workflows/ci.yml")
    git(orchard, "commit", "-qm", "no CI")
    adopted(orchard)
    text = contents(orchard)[".github/workflows/tests.yml"].decode()
    assert 'python-version: ["3.11", "3.12", "3.13"]' in text
    assert "run: python3 bootstrap.py run python -m pytest backend shared\n" in text


def test_a_second_adoption_finds_nothing_to_do_and_all_agrees(orchard):
    adopted(orchard)
    git(orchard, "add", "--all")
    git(orchard, "commit", "-qm", "adopted")
    again = devstrap(orchard, "init", "--yes")
    assert "Nothing to do" in again.stdout + again.stderr
    assert git(orchard, "status", "--porcelain") == ""
    assert devstrap(orchard, "check").returncode == 0


def test_undoing_phase_by_phase_restores_every_byte(orchard):
    adopted(orchard)
    for phase in ("environment", "foundation", "containers"):
        undone = devstrap(orchard, "undo", "--yes", "--phase", phase)
        assert undone.returncode == 0, undone.stderr
    assert contents(orchard) == BEFORE


def test_locks_of_the_python_before_are_left_to_a_person_with_the_command(orchard, tmp_path):
    summary = tmp_path / "summary.md"
    assert devstrap(orchard, "init", *TARGET, "--yes", "--summary", str(summary)).returncode == 0
    told = [line for line in summary.read_text().splitlines() if "requirements.lock" in line]
    assert told == [
        f"- `{part}/requirements.lock:2`: it was compiled for 3.11, but {part}/Dockerfile:6 installs it on 3.12; "
        f"cd {part} && uv pip compile --python-version 3.12 requirements.txt -o requirements.lock"
        for part in ("backend", "frontend")
    ]
    checked = json.loads(devstrap(orchard, "check", "--json").stdout)
    assert [one["path"] for one in checked["findings"] if one["code"] == "V205"] == [
        "backend/requirements.lock",
        "frontend/requirements.lock",
    ]
