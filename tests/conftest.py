"""What every test gets: a home of its own, and repositories to work on."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

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
