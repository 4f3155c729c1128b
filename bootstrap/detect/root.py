"""Where a repository begins. Every command asks, so this imports nothing."""

from __future__ import annotations

from bootstrap.detect.declared import PYPROJECT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


def find_root(start: Path) -> Path:
    """Return the nearest folder at or above `start` that is a checkout or has a pyproject.toml, else `start`."""
    for folder in (start, *start.parents):
        if (folder / ".git").exists() or (folder / PYPROJECT).is_file():
            return folder
    return start
