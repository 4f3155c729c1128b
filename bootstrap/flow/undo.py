"""`undo`: what the last run wrote is put back."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from bootstrap import answers
from bootstrap.adopt import parts, phases, told
from bootstrap.errors import UsageError
from bootstrap.model import Report, Status
from bootstrap.reports import text
from bootstrap.setup import hooks
from bootstrap.state import state_directory

if TYPE_CHECKING:
    from pathlib import Path

    from bootstrap.commands import Tools
    from bootstrap.console import Console
    from bootstrap.options import Options


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
        run = _run_to_undo(state_dir)
        installed = hooks.noted(state_dir) if not options.phases else None
        if installed is not None and _came_last(installed, run):
            lines = _without_hooks(installed, state_dir, options)
        elif run is None:
            raise UsageError("there is nothing left to undo", remedy="python bootstrap.py sets the repository up again")
        else:
            lines = _undone(run, state_dir, options)
            if installed is not None and installed.run == run:
                lines = (*lines, *_without_hooks(installed, state_dir, options))
    return Report(
        "undo",
        options.root,
        Status.PLANNED if options.is_dry_run else Status.UNDONE,
        recovered=lines,
        seconds=time.monotonic() - started,
    )


def _undone(run: int, state_dir: Path, options: Options) -> tuple[str, ...]:
    """Undo a run, with what it brought into the source tree, and say what that did."""
    from bootstrap import transaction  # noqa: PLC0415
    from bootstrap.setup.dependencies import egg_info  # noqa: PLC0415

    folder = answers.run_folder(state_dir, run)
    part = (" ".join(options.phases), phases.files_of(folder, options.phases)) if options.phases else None
    undone = transaction.undo(options.root, state_dir, run, dry_run=options.is_dry_run, part=part, theirs=_is_dotenv)
    brought = egg_info.present(options.root, egg_info.noted(folder))
    if not options.is_dry_run:
        egg_info.remove(options.root, brought)
        answers.forget(state_dir, run)
        told.forget(folder)
        parts.forget(folder)
    return (*text.undone_lines(undone), *(f"{path}: removed" for path in brought))


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


def _run_to_undo(state_dir: Path) -> int | None:
    """Return the last run that is not undone yet, undoing itself not counted; None where there is none."""
    from bootstrap import transaction  # noqa: PLC0415

    undone: set[str] = set()
    for past in transaction.history(state_dir):
        verb, _, number = past.command.partition(" ")
        if verb == "undo":
            undone.add(number)
        elif str(past.run) not in undone:
            return past.run
    return None
