"""Reading what others may have left on a machine, without ever raising: what cannot be read is not there."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def names_in(folder: str) -> list[str]:
    """Return what is in a folder; ValueError is for a path with a null character in somebody's settings."""
    try:
        return os.listdir(folder)
    except (OSError, ValueError):
        return []


def subfolders(folders: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield (path, name) of what is in `folders` and not hidden, in the order of the names."""
    for folder in folders:
        yield from ((os.path.join(folder, name), name) for name in sorted(names_in(folder)) if name[0] != ".")


def stat_of(path: str) -> os.stat_result | None:
    """Return what the system knows of the file that a path leads to, or None when it leads nowhere."""
    try:
        return os.stat(path)
    except (OSError, ValueError):
        return None


def read(path: str, size: int) -> bytes | None:
    """Return the first bytes of a file, or None when it cannot be read."""
    try:
        # Never wait for a pipe; the caller has made sure of programs, but not of what lies beside them.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError):
        return None
    try:
        return os.read(handle, size)
    except OSError:
        return None
    finally:
        os.close(handle)
