"""What the tests themselves show of what they need, where no file of requirements says it."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from bootstrap.setup.dependencies import needs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bootstrap.model import Repository
    from bootstrap.setup.dependencies.needs import Needs

    Reader = Callable[[str], bytes | None]

_LOOKED_INTO = 400
"""In how many folders; what tests there are shows in the first of them."""
_DEEP = 5
# Functions alone are no tests of unittest's; of what runs them, pytest is what still runs everywhere.
_FOR_PYTEST = re.compile(rb"^(?:import pytest\b|from pytest import|(?:async )?def test_?\w*\()", re.MULTILINE)
_OF_A_PART = frozenset(("pyproject.toml", "setup.py", "Pipfile"))
_ELSEWHERE = frozenset(("node_modules", "site-packages", "build", "dist", "docs", "doc", "examples", "vendor"))


def needs_of(repository: Repository) -> Needs:
    """Return pytest where a test file imports it, or has tests that unittest does not see."""
    for path in _test_files(repository.root):
        if _is_for_pytest(path):
            return needs.Needs(requirements=("pytest",), origin=path.relative_to(repository.root).as_posix())
    return needs.NOTHING


def _is_for_pytest(path: Path) -> bool:
    try:
        return _FOR_PYTEST.search(path.read_bytes()) is not None
    except OSError:
        return False


def _test_files(root: Path) -> Iterator[Path]:
    """Yield the files that pytest would look into; environments, parts and hidden folders are not entered."""
    waiting, seen = [(root, 0)], 0
    while waiting and seen < _LOOKED_INTO:
        folder, depth = waiting.pop(0)
        seen += 1
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            continue
        names = {entry.name for entry in entries}
        if "pyvenv.cfg" in names or (depth and names & _OF_A_PART):
            continue
        yield from (folder / name for name in sorted(names) if _is_test_file(name))
        if depth < _DEEP:
            inner = [one.name for one in entries if one.is_dir(follow_symlinks=False) and _is_entered(one.name)]
            waiting += [(folder / name, depth + 1) for name in inner]


def _is_test_file(name: str) -> bool:
    return name == "conftest.py" or (name.endswith(".py") and name.startswith("test_")) or name.endswith("_test.py")


def _is_entered(name: str) -> bool:
    return not name.startswith((".", "_")) and name not in _ELSEWHERE
