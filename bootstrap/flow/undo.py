"""`undo`: what the last run wrote is put back."""

from __future__ import annotations

import contextlib
import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from bootstrap import answers
from bootstrap.adopt import parts, phases, told
from bootstrap.errors import UsageError
from bootstrap.model import Report, Status
from bootstrap.reports import text
from bootstrap.setup import hooks
from bootstrap.state import state_directory

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from bootstrap.commands import Tools
    from bootstrap.console import Console
    from bootstrap.options import Options
    from bootstrap.transaction import PastRun, Undone


def undo(options: Options, tools: Tools, console: Console) -> Report:  # noqa: ARG001 - every command takes all three
    """Put back what the last run wrote; raises ChangedError where a file was changed since."""
    from bootstrap import transaction  # noqa: PLC0415
    from bootstrap.lock import Lock  # noqa: PLC0415

    started = time.monotonic()
    # what the repository declares may be the very thing that has to be undone
    state_dir = state_directory(options.root)
    with Lock(state_dir, "undo"):
        if not options.is_dry_run:
            transaction.recover(options.root, state_dir)
        runs = _runs_to_undo(state_dir)
        run = runs[0].run if runs else None
        installed = hooks.noted(state_dir) if not options.phases else None
        if installed is not None and _came_last(installed, run):
            lines = _without_hooks(installed, state_dir, options)
        elif run is None:
            raise UsageError("there is nothing left to undo", remedy="python bootstrap.py sets the repository up again")
        else:
            lines = _undone(runs, state_dir, options)
            if installed is not None and installed.run in {past.run for past in runs}:
                lines = (*lines, *_without_hooks(installed, state_dir, options))
    return Report(
        "undo",
        options.root,
        Status.PLANNED if options.is_dry_run else Status.UNDONE,
        recovered=lines,
        seconds=time.monotonic() - started,
    )


def _undone(runs: Sequence[PastRun], state_dir: Path, options: Options) -> tuple[str, ...]:
    """Undo the runs of one set-up, the last first; say what that did."""
    done: list[Undone] = []
    assumed: dict[str, bytes | None] = {}
    for past in runs:
        done.append(_undone_alone(past, assumed, state_dir, options))
        assumed |= done[-1].contents
        folder = answers.run_folder(state_dir, past.run)
        if not options.is_dry_run:
            answers.forget(state_dir, past.run)
            told.forget(folder)
            parts.forget(folder)
            if not options.phases:
                _mark(folder)
    return tuple(text.undone_lines(_together(done)))


def _undone_alone(past: PastRun, assumed: Mapping[str, bytes | None], state_dir: Path, options: Options) -> Undone:
    """Undo one run; in a dry run as if the files were as `assumed`, since the later runs are not undone then."""
    from bootstrap import transaction  # noqa: PLC0415

    part = None
    if options.phases:
        part = (" ".join(options.phases), phases.files_of(answers.run_folder(state_dir, past.run), options.phases))
    return transaction.undo(
        options.root,
        state_dir,
        past.run,
        dry_run=options.is_dry_run,
        part=part,
        theirs=_is_dotenv,
        assumed=assumed if options.is_dry_run else None,
    )


def _together(done: Sequence[Undone]) -> Undone:
    """Return what undoing several runs came to: what one of them left, another may have taken away."""
    removed = tuple(dict.fromkeys(path for one in done for path in one.removed))
    restored = tuple(dict.fromkeys(path for one in done for path in one.restored if path not in removed))
    left = tuple(item for one in done for item in one.left if item.path not in (*removed, *restored))
    return replace(done[-1], restored=restored, removed=removed, left=left)


def _is_dotenv(path: str) -> bool:
    """Say whether a file is one that devstrap only begins, and a person fills in."""
    return path.rpartition("/")[2] == ".env"


def _came_last(installed: hooks.Note, run: int | None) -> bool:
    """Say whether the hooks came after the run that would be undone, and not with it."""
    return run is None or (installed.run is None and run <= installed.after)


def _without_hooks(installed: hooks.Note, state_dir: Path, options: Options) -> tuple[str, ...]:
    """Remove the hooks that were installed, unless somebody has changed them, and say so."""
    there = hooks.present(installed)
    gone = there if options.is_dry_run else hooks.remove(installed, state_dir)
    changed = (path for path in installed.digests if path not in there and os.path.lexists(path))
    root = str(options.root)
    return (
        *(f"{hooks.shown(path, root)}: removed" for path in gone),
        *(f"{hooks.shown(path, root)} is left as it is: it was changed since it was installed" for path in changed),
    )


_MARK = "undone"


def _mark(folder: Path) -> None:
    """Note that a run is undone: where there was nothing to put back, nothing else tells. A note may be missing."""
    with contextlib.suppress(OSError):
        (folder / _MARK).touch()


def _runs_to_undo(state_dir: Path) -> list[PastRun]:
    """Return the last run that is not undone yet, undoing itself not counted, with those of the same set-up before it.

    They are the attempts of which the last one was needed because of the others: nobody asked for them one by one.
    """
    from bootstrap import transaction  # noqa: PLC0415

    undone: set[str] = set()
    left: list[PastRun] = []
    for past in transaction.history(state_dir):
        verb, _, number = past.command.partition(" ")
        if verb == "undo":
            undone.add(number)
        elif str(past.run) not in undone and not (answers.run_folder(state_dir, past.run) / _MARK).exists():
            left.append(past)
    first = left[0].continues if left else 0
    return left[:1] + [past for past in left[1:] if first and first in (past.run, past.continues)]
