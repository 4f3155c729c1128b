"""What every test gets: a home of its own, and repositories to work on."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from bootstrap.machine import Host, Interpreter
from bootstrap.model import (
    Choice,
    Dependencies,
    Environment,
    EnvironmentState,
    Facts,
    Inspection,
    Pin,
    Place,
    Repository,
    Run,
    Settings,
)
from bootstrap.versions import Request, Version

# What they assert is to be explained as if it stood in the tests that share them.
pytest.register_assert_rewrite("rewriting", "tables")

_CONFIGURING = ("UV_", "PIP_", "VIRTUAL_ENV", "CONDA_", "DEVSTRAP_", "XDG_")
_KEPT = ("UV_SYSTEM_CERTS", "PIP_CERT")


@pytest.fixture(autouse=True)
def home(tmp_path_factory, monkeypatch):
    """No test sees or touches the home of whoever runs it, or an environment that is active around it."""
    folder = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        if name.startswith(_CONFIGURING) and name not in _KEPT:
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    return folder


@pytest.fixture
def write(tmp_path):
    """Write files below `tmp_path`: `write({"a/b.txt": "text"})` returns the folder."""

    def write_all(files: dict[str, str], root: Path = tmp_path) -> Path:
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return root

    return write_all


@pytest.fixture
def checkout(tmp_path):
    """Return a git checkout with nothing in it."""
    root = tmp_path / "checkout"
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    return root


@pytest.fixture
def facts(tmp_path):
    """Make Facts of a machine and a repository where everything holds; what is given differs."""
    root = tmp_path / "project"
    root.mkdir(exist_ok=True)
    host = Host("linux", "x86_64", "gnu", is_container=False, is_wsl=False, is_ci=False)
    pin = Pin(Request.parse("3.12"), Place(".python-version", 1))
    repository = Repository(
        root, "project", root / ".devstrap", {}, pin, None, Settings(), frozenset(), frozenset(), has_bootstrapper=False
    )
    python = Interpreter(Path("/opt/python/bin/python3.12"), "3.12.1", "cpython", "x86_64", "path", Path("/opt/python"))
    environment = Environment(root / ".venv", EnvironmentState.HEALTHY, Version.parse("3.12.1"), "cpython")
    complete = Facts(
        host=host,
        repository=repository,
        interpreters=(python,),
        environment=environment,
        choice=Choice("3.12", ".python-version:1 pins 3.12", python),
        dependencies=Dependencies(
            "requirements", "requirements.txt", (Run(("uv", "pip", "install"), "install it"),), "f1"
        ),
        inspection=Inspection(running="3.12.1", imported=("project",)),
    )

    def make(*, repository=None, environment=None, **changes):
        """Return the facts with parts replaced; repository and environment take their own changes as a dict."""
        changes["repository"] = replace(complete.repository, **(repository or {}))
        changes["environment"] = replace(complete.environment, **(environment or {}))
        return replace(complete, **changes)

    return make
