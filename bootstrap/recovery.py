"""What runs that were killed have left behind: put back or swept up, before anything else is looked at."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from bootstrap.errors import LockedError, StepError
from bootstrap.transaction import CURRENT, ORPHANS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from bootstrap.console import Console
    from bootstrap.options import Options


def recover(options: Options, state_dir: Path, console: Console) -> tuple[str, ...]:
    """Put back what a run that was killed left half done."""
    if not os.path.lexists(state_dir / CURRENT):
        return ()
    if options.is_dry_run:
        console.say("A run that was killed is not put back yet; the next one without --dry-run does that first.")
        return ()
    from bootstrap import transaction  # noqa: PLC0415 - hardly ever needed
    from bootstrap.lock import Lock  # noqa: PLC0415
    from bootstrap.reports import text  # noqa: PLC0415

    with Lock(state_dir, "recover"):
        recovery = transaction.recover(options.root, state_dir)
    return _told(text.recovery_lines(recovery) if recovery else (), console)


def has_orphans(options: Options, state_dir: Path) -> bool:
    """Say whether a command of a run that was killed has left something behind."""
    if not os.path.lexists(state_dir / ORPHANS):
        return False
    from bootstrap.transaction import orphans  # noqa: PLC0415 - hardly ever needed

    return orphans.is_due(options.root, state_dir)


def sweep(options: Options, state_dir: Path, console: Console) -> tuple[str, ...]:
    """Delete what commands of killed runs went on writing; a later run does it where this one cannot."""
    if options.is_dry_run or not has_orphans(options, state_dir):
        return ()
    from bootstrap.lock import Lock  # noqa: PLC0415 - hardly ever needed
    from bootstrap.transaction import orphans  # noqa: PLC0415

    removed: Iterable[str] = ()
    with contextlib.suppress(LockedError, StepError), Lock(state_dir, "recover"):
        removed = orphans.sweep(options.root, state_dir)
    return _told((f"{name}, which a command of a killed run went on writing, is removed" for name in removed), console)


def _told(lines: Iterable[str], console: Console) -> tuple[str, ...]:
    """Tell the person what was cleared up, and return it for the report."""
    told = tuple(lines)
    for line in told:
        console.say(f"recovered: {line}")
    return told
