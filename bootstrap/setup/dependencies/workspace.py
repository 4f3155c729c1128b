"""The members of a workspace of uv's, by its own table's patterns.

Source: https://docs.astral.sh/uv/concepts/projects/workspaces/
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_PYPROJECT = "pyproject.toml"
_TESTS = ("tests", "test")


def tested_members(root: Path, workspace: object) -> tuple[str, ...]:
    """Return the members below `root` that have a folder of tests, relative to it, with `/`, in order."""
    if not isinstance(workspace, dict):
        return ()
    included, excluded = (_patterns(workspace.get(key)) for key in ("members", "exclude"))
    found = {path for pattern in included for path in _matching(root, pattern)}
    fitting = (path for path in found if not any(_matches(path.parts, one) for one in excluded))
    return tuple(sorted(str(path) for path in fitting if any((root / path / name).is_dir() for name in _TESTS)))


def _matching(root: Path, pattern: Sequence[str]) -> Iterator[PurePosixPath]:
    """Yield the folders with a manifest that match a pattern, without the root itself and what is hidden."""
    try:
        found = list(root.glob("/".join((*pattern, _PYPROJECT)))) if pattern and pattern[0] not in ("/", "..") else []
    except (OSError, ValueError, NotImplementedError):
        return
    for path in found:
        folder = PurePosixPath(path.relative_to(root).parent)
        if folder.parts and not any(part.startswith(".") for part in folder.parts):
            yield folder


def has_member(workspace: object, parts: Sequence[str]) -> bool:
    """Say whether a `[tool.uv.workspace]` has the folder with these parts, relative to it, among its members."""
    if not isinstance(workspace, dict):
        return False
    members, excluded = (_patterns(workspace.get(key)) for key in ("members", "exclude"))
    return any(_matches(parts, one) for one in members) and not any(_matches(parts, one) for one in excluded)


def _patterns(value: object) -> list[tuple[str, ...]]:
    """Return the patterns of a list as their parts, without such as are `.`."""
    return [PurePosixPath(item).parts for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _matches(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Say whether a path matches a pattern, part by part; `**` stands for any number of folders."""
    if not pattern:
        return not parts
    if pattern[0] == "**":
        return any(_matches(parts[skipped:], pattern[1:]) for skipped in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], pattern[0]) and _matches(parts[1:], pattern[1:])
