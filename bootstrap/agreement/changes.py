"""The changes of a plan: shown as a diff, and written in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.state import state_directory

if TYPE_CHECKING:
    from collections.abc import Callable

    from bootstrap.commands import Tools
    from bootstrap.console import Console
    from bootstrap.model import Plan
    from bootstrap.options import Options


def show(plan: Plan, options: Options, console: Console) -> None:
    """Show a diff, unless there is nothing in it or a program reads what is said."""
    if plan.is_empty or options.is_json:
        return
    from bootstrap.reports import text  # noqa: PLC0415 - only where a diff is shown

    console.say(text.diff(plan))


def write(
    plan: Plan, options: Options, tools: Tools, console: Console, *, proof: Callable[[], None] | None = None
) -> None:
    """Write all files in one transaction, or none; `proof` has the last word."""
    from bootstrap.execute import execute  # noqa: PLC0415 - only where there is something to write

    execute(plan, options.root, state_directory(options.root), options.command, tools, console, proof=proof)
