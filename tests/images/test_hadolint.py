"""The linter of Dockerfiles over those that the tests take for good ones."""

import subprocess
import sys
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parents[1] / "monorepo"
DOCKERFILES = sorted(path.relative_to(GOLDEN) for path in GOLDEN.rglob("*Dockerfile*"))


def test_there_are_dockerfiles_to_look_at():
    assert {path.parts[0] for path in DOCKERFILES} == {"repository", "modernized"}


@pytest.mark.parametrize("path", DOCKERFILES, ids=str)
def test_hadolint_finds_nothing_in_the_monorepo(path):
    program = str(Path(sys.executable).with_name("hadolint"))
    done = subprocess.run([program, path], cwd=GOLDEN, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
