"""An interpreter that was ended by a signal while the tests were collected: by which, and where.

pytest turns Python's faulthandler on, which says which lines were being run (https://docs.python.org/3/library/
faulthandler.html): the innermost first.
"""

from __future__ import annotations

import os
import re
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_FRAME = re.compile(r'^\s*File "([^"<][^"]*)", line (\d+)', re.MULTILINE)
_FATAL = "Fatal Python error:"
_INSTALLED = re.compile(r".*[/\\](?:(?:site|dist)-packages|lib[/\\]python3\.\d+)[/\\]")
_WORDS = "the interpreter "
# What loads modules is where each of them begins.
_LOADERS = ("importlib", "_pytest", "pluggy")


def told(number: int, said: str, root: Path) -> str:
    """Return what happened, in words that are about the interpreter and not about what is installed."""
    name = _name(number)
    if number == getattr(signal, "SIGKILL", 9):
        return f"{_WORDS}was killed ({name}) while it collected the tests, as the system does for want of memory"
    frames = _FRAME.findall(said.partition(_FATAL)[2])
    where = [(path, line) for path, line in frames if not any(f"{word}{os.sep}" in path for word in _LOADERS)]
    if not where:
        return f"{_WORDS}crashed ({name}) while it collected the tests: python -X faulthandler tells where"
    inner, own = where[0], next((one for one in where if _is_own(one[0], root)), None)
    by = f", which {_shown(*own, root)} came to" if own is not None and own != inner else ""
    return f"{_WORDS}crashed ({name}) in {_shown(*inner, root)}{by}"


def is_crash(reason: str) -> bool:
    """Say whether a reason is one that `told` gave."""
    return reason.startswith(_WORDS)


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _is_own(path: str, root: Path) -> bool:
    return path.startswith(f"{root}{os.sep}") and not _INSTALLED.match(path)


def _shown(path: str, line: str, root: Path) -> str:
    """Return a line of the repository from its root, and of a package from where packages are."""
    shown = os.path.relpath(path, root) if _is_own(path, root) else _INSTALLED.sub("", path)
    return f"{shown}:{line}"
