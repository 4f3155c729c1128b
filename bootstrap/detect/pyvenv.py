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
