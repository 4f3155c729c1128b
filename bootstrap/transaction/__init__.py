"""All or nothing: every write of devstrap into a repository, and how it is taken back.

`Transaction` writes; `recover` clears up after a run that was killed, `undo` takes back one that was finished. Most
runs have nothing to write and nothing to clear up: importing this, and `recover`, then cost next to nothing, since what
does the work is loaded when it is first asked for (PEP 562).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.state import state_directory
from bootstrap.transaction import disk

if TYPE_CHECKING:
    from pathlib import Path

    from bootstrap.transaction.rollback import Left, Recovery
    from bootstrap.transaction.run import Transaction
    from bootstrap.transaction.undoing import PastRun, Undone, history, undo

__all__ = [
    "Left",
    "PastRun",
    "Recovery",
    "Transaction",
    "Undone",
    "history",
    "recover",
    "state_directory",
    "undo",
]

# Below the state directory: the run that is neither finished nor taken back, and where killed runs were building.
CURRENT = "current"
ORPHANS = "orphans"

_HOMES = {
    "Left": "rollback",
    "Recovery": "rollback",
    "Transaction": "run",
    "PastRun": "undoing",
    "Undone": "undoing",
    "history": "undoing",
    "undo": "undoing",
}


def recover(root: Path, state_dir: Path) -> Recovery | None:
    """Clear up after a run that was killed: take back what it did, or finish it if it had done all of its work.

    To be called at the start of each run, with the lock held. Returns None when there is nothing to clear up, which
    costs one look at the disk. Raises StepError when something cannot be put back, and MalformedFileError when the
    journal cannot be understood; all of it is then still there for the next attempt.
    """
    folder = state_dir / CURRENT
    if disk.identity(folder) is None:
        return None
    from bootstrap.transaction.rollback import clear_up  # noqa: PLC0415 - rarely needed

    return clear_up(root, folder)


def __getattr__(name: str) -> object:
    """Load what is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - rarely needed

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
