"""A plan carried out for good: with the lock held, inside a transaction, and told what could not be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap import process
from bootstrap.apply import apply, unwatched
from bootstrap.errors import ChangedError, StepError, UnsafePathError
from bootstrap.lock import Lock
from bootstrap.reports import text
from bootstrap.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bootstrap.apply import Watch
    from bootstrap.commands import Tools
    from bootstrap.console import Console
    from bootstrap.model import Plan


def execute(  # noqa: PLR0913 - what every command hands over, and a last word
    plan: Plan,
    root: Path,
    state_dir: Path,
    command: str,
    tools: Tools,
    console: Console,
    *,
    proof: Callable[[], None] | None = None,
    continues: int = 0,
    watch: Watch = unwatched,
) -> tuple[str, ...]:
    """Execute every step or none; return the folders that were replaced, and are kept.

    `continues` is the first run of the same set-up: both are undone together.
    `watch` is asked about each build from source that is announced (see `apply`).
    `proof` looks at what was done while it can still be taken back, and raises a BootstrapError where it has to be.
    Raises a BootstrapError with the exit code 4 when a step failed and everything is as it was.
    """
    transaction = Transaction(root, state_dir, command, continues)
    try:
        with Lock(state_dir, command), transaction:
            apply(plan, root, transaction, tools, process.run, console, watch)
            if proof is not None:
                proof()
    except (ChangedError, UnsafePathError) as error:
        error.exit_code = StepError.exit_code  # it was found in the middle of the work, which is taken back now
        raise
    finally:
        for line in text.left_lines(transaction.left):
            console.insist(line)
    return transaction.kept
