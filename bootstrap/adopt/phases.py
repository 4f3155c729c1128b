"""Which files each phase of a run wrote: noted beside the run's journal, for taking one of them back."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

from bootstrap.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from bootstrap.adopt.draft import Piece

_NOTE = "phases.json"


def note(run_folder: Path, pieces: Iterable[Piece]) -> None:
    """Note what belongs together; a note that cannot be written is none."""
    found: dict[str, list[str]] = {}
    for piece in pieces:
        found.setdefault(piece.phase.value, []).append(piece.change.path)
    with contextlib.suppress(OSError):
        (run_folder / _NOTE).write_text(json.dumps(found), "utf-8")


def noted(run_folder: Path) -> Mapping[str, tuple[str, ...]]:
    """Return the files of each phase of a run; nothing where it had none."""
    try:
        found = json.loads((run_folder / _NOTE).read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(phase): tuple(paths) for phase, paths in found.items()} if isinstance(found, dict) else {}


def files_of(run_folder: Path, phases: Iterable[str]) -> tuple[str, ...]:
    """Return the files of some phases of a run; raise UsageError for a phase that it did not have."""
    found = noted(run_folder)
    known = ", ".join(found)
    for phase in phases:
        if phase not in found:
            raise UsageError(
                f"the last run has no phase {phase!r}",
                remedy=f"its phases are {known}" if known else "leave --phase out: only init works in phases",
            )
    return tuple(path for phase in phases for path in found[phase])
