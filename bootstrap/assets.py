"""The files that devstrap carries along: the only module that knows where they are."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def read(name: str) -> bytes:
    """Return the bytes of `templates/...`, `devcontainer/...` or `bootstrap.py`.

    In an installed devstrap they lie inside the package, in a checkout beside it. A missing one is a bug of devstrap's
    and raises FileNotFoundError. (importlib.resources would do, and take longer than reading the file.)
    """
    installed = _PACKAGE / "_assets"
    home = installed if installed.is_dir() else _PACKAGE.parent
    return home.joinpath(name).read_bytes()


def place(name: str) -> Path:
    """Return where a file lies that is part of the package itself, for a command that reads it."""
    return _PACKAGE / name
