"""What the Pythons that had to be started said, kept for as long as their files stay the same."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any

from bootstrap.detect.interpreters.files import read, stat_of
from bootstrap.detect.interpreters.installation import VERSION, Details

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    Stamp = tuple[int, int, int]

CACHE_NAME = "interpreters.json"
_CACHE_SCHEMA = 1


def stamp(path: str) -> Stamp:
    """Return what changes when a file is replaced. Some systems set every time to the same moment: hence the inode."""
    status = stat_of(path)
    return (status.st_size, status.st_mtime_ns, status.st_ino) if status else (0, 0, 0)


def load(cache_dir: Path | None) -> dict[str, tuple[Stamp, Details]]:
    """Return what is remembered; a cache that is not there or not understood is empty."""
    text = read(os.path.join(cache_dir, CACHE_NAME), 1 << 20) if cache_dir else None
    try:
        data = json.loads(text or b"{}")
        if data.get("schema") != _CACHE_SCHEMA:
            return {}
        return {path: _entry(value) for path, value in data["interpreters"].items()}
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError):
        return {}


def _entry(value: Any) -> tuple[Stamp, Details]:
    """Check one remembered answer; raises TypeError or ValueError for what devstrap did not write."""
    size, mtime, inode, version, implementation, threaded, prefix = value
    is_text = all(isinstance(text, str) for text in (version, implementation, prefix))
    if not is_text or not re.fullmatch(VERSION, version):
        raise ValueError
    told = Details(version, implementation, prefix, is_free_threaded=bool(threaded))
    return (int(size), int(mtime), int(inode)), told


def store(cache_dir: Path, entries: Mapping[str, tuple[Stamp, Details]]) -> None:
    """Remember the answers, atomically; a directory that cannot be written to is no reason to fail."""
    flat = {
        path: (*mark, told.version, told.implementation, told.is_free_threaded, told.prefix)
        for path, (mark, told) in sorted(entries.items())
    }
    temporary = cache_dir / f".{CACHE_NAME}.{os.getpid()}"
    try:
        cache_dir.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps({"schema": _CACHE_SCHEMA, "interpreters": flat}, indent=1), "ascii")
        temporary.replace(cache_dir / CACHE_NAME)
    except OSError:
        try:
            temporary.unlink()
        except OSError:
            return
