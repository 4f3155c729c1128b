"""The same repository adopted by `init`, through the real command line.

`adopted/` is what it has beside what `modernize` changes, byte by byte. bootstrap.py is tested elsewhere, and left out;
in the record it stands as BOOTSTRAP, and the version of devstrap as VERSION.
"""

import json
import os
import subprocess
import sys

import pytest
from adopting import fault
from test_monorepo import BEFORE, CHANGED, HERE, SOURCE, TARGET, contents, git, orchard

from bootstrap import __version__
from bootstrap.adopt.record import PATH, blob, plain
from bootstrap.adopt.wrapper import for_repositories
from bootstrap.commands import Tools
from bootstrap.detect.facts import detect
from bootstrap.detect.repository import Reader
from bootstrap.model import Answers

__all__ = ["orchard"]

WRAPPER = for_repositories((SOURCE / "bootstrap.py").read_bytes())
TOLD = contents(HERE / "adopted")
ADOPTED = {
    **CHANGED,
    **TOLD,
    "bootstrap.py": WRAPPER,
    PATH: TOLD[PATH].replace(b"BOOTSTRAP", blob(plain(WRAPPER)).encode()).replace(b"VERSION", __version__.encode()),
}


GATHERED = b"""
[tool.mypy]
strict = true
mypy_path = ["backend", "shared/src"]

[[tool.mypy.overrides]]
module = "streamlit.*"
ignore_missing_imports = true

[tool.pyright]
# The oldest Python of all parts.
pythonVersion = "3.11"
include = ["backend", "frontend", "shared/src"]
extraPaths = ["backend", "shared/src"]
typeCheckingMode = "standard"
"""


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


def test_all_that_is_adopted_is_as_it_was_reviewed(orchard):
    adopted(orchard)
    after = contents(orchard)
    assert set(after) == set(BEFORE) | set(ADOPTED)
    assert {name: after[name] for name in ADOPTED} == ADOPTED
    assert {name for name in BEFORE if after[name] != BEFORE[name]} == set(BEFORE) & set(ADOPTED)


def test_the_metadata_are_valid_in_every_part():
    named = {**BEFORE, **ADOPTED}
    files = {name: data for name, data in named.items() if name.endswith("pyproject.toml")}
    assert {name: fault(data) for name, data in files.items()} == {"pyproject.toml": "", "shared/pyproject.toml": ""}


@pytest.mark.skipif(sys.platform == "win32", reason="a script of POSIX")
def test_setting_up_goes_on_to_see_the_parts(orchard, tmp_path, home):
    adopted(orchard)
    uv = tmp_path / "uv"
    uv.write_text("#!/bin/sh\n")
    uv.chmod(0o755)
    env = {"PATH": f"{os.path.dirname(os.path.realpath(sys.executable))}:/usr/bin:/bin", "HOME": str(home)}
    facts = detect(Reader(orchard), Answers(), Tools(str(uv), env, None, {}))
    assert [(part.path, part.is_shared) for part in facts.parts] == [
        ("backend", True),
        ("frontend", True),
        ("shared", True),
    ]
    (install,) = facts.dependencies.installs
    assert install.argv[5:] == (
        # the backend is tested with pytest, and requires it nowhere
        *("--requirements", "backend/requirements.lock", "pytest"),
        *("--requirements", "frontend/requirements.lock"),
        *("--editable", "./shared", "pytest"),
    )
    assert str(facts.repository.pin.request) == "3.12"
    assert facts.repository.requires_python.admitted.text == ">=3.11"


def test_what_tools_are_told_is_gathered_where_somebody_wants_it(orchard, tmp_path):
    summary = tmp_path / "summary.md"
    done = devstrap(orchard, "init", *TARGET, "--yes", "--gather", "--summary", str(summary))
    assert done.returncode == 0, done.stderr
    after = contents(orchard)
    assert set(after) == (set(BEFORE) | set(ADOPTED)) - {"mypy.ini", "pyrightconfig.json"}
    assert after["pyproject.toml"] == ADOPTED["pyproject.toml"] + GATHERED
    assert fault(after["pyproject.toml"]) == ""
    assert "- remove `mypy.ini`: what it says is in pyproject.toml\n" in summary.read_text()
    again = devstrap(orchard, "init", "--yes")
    assert "Nothing to do" in again.stdout + again.stderr
    assert devstrap(orchard, "check").returncode == 0
    assert devstrap(orchard, "undo", "--yes").returncode == 0
    assert contents(orchard) == BEFORE


def test_without_a_workflow_the_parts_get_one_that_tests_them_together(orchard):
    git(orchard, "rm", "-q", ".github/workflows/ci.yml")
    git(orchard, "commit", "-qm", "no CI")
    adopted(orchard)
    text = contents(orchard)[".github/workflows/tests.yml"].decode()
    assert 'python-version: ["3.11", "3.12", "3.13"]' in text
    assert 'run: python3 bootstrap.py --python "$PYTHON" run python -m pytest backend shared\n' in text


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
