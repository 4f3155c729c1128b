"""What was left to a person, noted beside the run's journal: whoever was told once need not be told in every run."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

from bootstrap.answers import RUNS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from bootstrap.model import Skip

_NOTE = "remarks.json"


def note(folder: Path, remarks: Iterable[Skip]) -> None:
    """Note what was told with a run; a note that cannot be written is none."""
    found = [[remark.what, remark.reason] for remark in remarks]
    with contextlib.suppress(OSError):
        (folder / _NOTE).write_text(json.dumps(found), "utf-8")


def noted(state_dir: Path) -> frozenset[tuple[str, str]]:
    """Return what was told with the runs that were not undone."""
    found: set[tuple[str, str]] = set()
    for file in (state_dir / RUNS).glob(f"*/{_NOTE}"):
        with contextlib.suppress(OSError, ValueError, TypeError):
            found |= {(str(what), str(reason)) for what, reason in json.loads(file.read_bytes())}
    return frozenset(found)


def forget(folder: Path) -> None:
    """Forget what was told with a run that is undone: it will be as true as before."""
    with contextlib.suppress(OSError):
        (folder / _NOTE).unlink(missing_ok=True)
