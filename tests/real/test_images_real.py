"""Images built for real: the monorepo's before, after, and before again; and those that devstrap writes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from engine import Engine, missing
from imaged import CASES

from bootstrap import assets

SOURCE = Path(__file__).resolve().parents[2]
ORCHARD = SOURCE / "tests" / "monorepo" / "repository"
POLICY = ("--minimum", "3.11", "--default", "3.12", "--supported", "3.11,3.12,3.13")

UV = re.search(r'UV_VERSION = "([0-9.]+)"', assets.read("bootstrap.py").decode())
REASON = missing("python:3.11-slim", "python:3.12-slim")
pytestmark = [pytest.mark.real, pytest.mark.skipif(bool(REASON), reason=REASON)]


@pytest.fixture
def engine(home):
    made = Engine(home)
    try:
        yield made
    finally:
        made.close()


def git(root, *arguments):
    argv = ("git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org", *arguments)
    subprocess.run(argv, cwd=root, check=True, capture_output=True)


def devstrap(root, *arguments):
    done = subprocess.run(
        (sys.executable, "-m", "bootstrap", *arguments, "--yes", "--root", str(root)),
        cwd=root.parent,
        env={**os.environ, "PYTHONPATH": str(SOURCE), "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_backend_of_the_monorepo_runs_on_the_new_python_and_can_go_back(engine, tmp_path):
    root = tmp_path / "orchard"
    shutil.copytree(ORCHARD, root)
    git(root, "init", "-q")
    git(root, "add", "--all")
    git(root, "commit", "-qm", "as it was")

    before = engine.build(root, "backend/Dockerfile", "before")
    assert engine.python(engine.healthy(before)) == "3.11"

    devstrap(root, "init", *POLICY, "--summary", str(tmp_path / "summary.md"))
    after = engine.build(root, "backend/Dockerfile", "after")
    assert engine.python(engine.healthy(after)) == "3.12"
    assert "docker tag NAME NAME:before" in (tmp_path / "summary.md").read_text()

    # At once: the image that was is still there under its name.
    assert engine.python(engine.healthy(before)) == "3.11"

    # For good: the Dockerfiles as they were, and all else that was agreed to stays.
    devstrap(root, "undo", "--phase", "containers")
    for part in ("backend", "frontend"):
        assert (root / part / "Dockerfile").read_bytes() == (ORCHARD / part / "Dockerfile").read_bytes()
    assert (root / ".python-version").read_text() == "3.12\n"
    assert engine.python(engine.healthy(engine.build(root, "backend/Dockerfile", "again"))) == "3.11"


@pytest.fixture
def imaged(write, tmp_path):
    """Return a folder for which devstrap wrote an image."""

    def make(files, **more):
        root = write({**files, **more}, tmp_path / "shop")
        git(root, "init", "-q")
        git(root, "add", "--all")
        git(root, "commit", "-qm", "as it was")
        devstrap(root, "init", *POLICY, "--image", "--phase", "containers")
        return root

    return make


@pytest.mark.parametrize("case", ["service", "listed", "page"])
def test_an_image_that_is_written_answers_its_health_check(engine, imaged, case):
    root = imaged(CASES[case], **{".env": "SECRET=1\n"})
    container = engine.healthy(engine.build(root, "Dockerfile", case))
    assert engine.python(container) == "3.12"
    assert engine.call("exec", container, "id", "-u") == "10001"
    present = engine.call("exec", container, "ls", "-A", "/srv").split()
    assert not {".env", ".git", "Dockerfile"} & set(present)


def test_an_image_that_is_written_runs_a_command(engine, imaged):
    image = engine.build(imaged(CASES["command"]), "Dockerfile", "command")
    assert engine.call("run", "--rm", image) == "tallied"


def test_an_image_that_is_written_installs_what_uv_locked(engine, imaged, uv, write, tmp_path):
    root = write(CASES["locked"], tmp_path / "locked")
    subprocess.run([uv, "lock", "--quiet", "--python", sys.executable], cwd=root, check=True)
    lock = (root / "uv.lock").read_text()
    reason = missing(f"ghcr.io/astral-sh/uv:{UV[1]}")
    if reason:
        pytest.skip(reason)
    container = engine.healthy(engine.build(imaged(CASES["locked"], **{"uv.lock": lock}), "Dockerfile", "locked"))
    assert engine.python(container) == "3.12"
