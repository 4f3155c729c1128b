"""The layout of a virtual environment (PEP 405) and its pyvenv.cfg; imports next to nothing, for `guard`."""

from __future__ import annotations

import os

from bootstrap.versions import Version

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = ".venv"
SETTINGS = "pyvenv.cfg"


def interpreter_in(environment: str) -> str:
    """Return where an environment keeps its interpreter on this system."""
    return os.path.join(environment, *(("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")))


def scripts_in(environment: str) -> str:
    """Return where an environment keeps its commands on this system."""
    return os.path.join(environment, "Scripts" if os.name == "nt" else "bin")


def is_of_another_python(program: str) -> bool:
    """Say whether a program is an interpreter, a version manager's shim or a script of some Python.

    Taken from PATH, such a program would work in another environment than the one that was asked for.
    """
    name = os.path.basename(program).lower().removesuffix(".exe")
    if name.rstrip("0123456789.t") in ("python", "pythonw", "pip", "pypy"):
        return True
    try:
        with open(program, "rb") as stream:
            start = stream.read(512)
    except OSError:
        return False
    first = start.split(b"\n", 1)[0]
    is_shim = any(word in start for word in (b"pyenv", b"asdf exec", b"mise"))
    return start.startswith(b"#!") and (b"python" in first or is_shim)


def read_settings(environment: str) -> Mapping[str, str]:
    """Read pyvenv.cfg: `key = value` lines, keys in lower case; an unreadable file is an empty one."""
    try:
        with open(os.path.join(environment, SETTINGS), "rb") as stream:
            lines = stream.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return {}
    pairs = (line.partition("=") for line in lines)
    return {key.strip().lower(): value.strip() for key, equals, value in pairs if equals}


def version_in(settings: Mapping[str, str]) -> Version | None:
    """Return the version that pyvenv.cfg gives, or None."""
    # uv writes version_info, venv writes version; virtualenv's version_info is 3.12.1.final.0
    text = settings.get("version_info") or settings.get("version") or ""
    try:
        return Version.parse(".".join(text.split(".")[:3]))
    except ValueError:
        return None
