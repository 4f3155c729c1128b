"""`undo`: what the last run wrote is put back."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bootstrap import answers
from bootstrap.adopt import parts, phases, told
from bootstrap.errors import UsageError
from bootstrap.model import Report, Status
from bootstrap.reports import text
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
    from bootstrap.setup.dependencies import egg_info  # noqa: PLC0415

    started = time.monotonic()
    # what the repository declares may be the very thing that has to be undone
    state_dir = state_directory(options.root)
    with Lock(state_dir, "undo"):
        if not options.is_dry_run:
            transaction.recover(options.root, state_dir)
        run = _run_to_undo(state_dir)
        folder = answers.run_folder(state_dir, run)
        part = (" ".join(options.phases), phases.files_of(folder, options.phases)) if options.phases else None
        undone = transaction.undo(options.root, state_dir, run, dry_run=options.is_dry_run, part=part)
        brought = egg_info.present(options.root, egg_info.noted(folder))
        if not options.is_dry_run:
            egg_info.remove(options.root, brought)
            answers.forget(state_dir, run)
            told.forget(folder)
            parts.forget(folder)
    return Report(
        "undo",
        options.root,
        Status.PLANNED if options.is_dry_run else Status.UNDONE,
        recovered=(*text.undone_lines(undone), *(f"{path}: removed" for path in brought)),
        seconds=time.monotonic() - started,
    )


def _run_to_undo(state_dir: Path) -> int:
    """Return the last run that is not undone yet, undoing itself not counted; raise UsageError where there is none."""
    from bootstrap import transaction  # noqa: PLC0415

    undone: set[str] = set()
    for past in transaction.history(state_dir):
        verb, _, number = past.command.partition(" ")
        if verb == "undo":
            undone.add(number)
        elif str(past.run) not in undone:
            return past.run
    raise UsageError("there is nothing left to undo", remedy="python bootstrap.py sets the repository up again")
