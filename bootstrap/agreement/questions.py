"""What `modernize` asks a person, and the errors for where nobody is there to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.agreement.wish import Wish
from bootstrap.errors import UsageError
from bootstrap.model import Change

if TYPE_CHECKING:
    from bootstrap.commands import Tools
    from bootstrap.console import Console
    from bootstrap.model import Report
    from bootstrap.options import Options
    from bootstrap.policy import Policy


def interviewed(options: Options, tools: Tools, console: Console, declared: Policy | None) -> Wish:
    """Ask the person; raise UsageError where nobody could answer."""
    if options.is_yes or options.is_json or not is_anybody_there(tools, console):
        raise UsageError(
            "nobody said which Pythons shall be supported",
            remedy="for example: devstrap modernize --minimum 3.11 --default 3.12 --supported 3.11,3.12,3.13",
        )
    from bootstrap.ask import ask_policy  # noqa: PLC0415 - questions cost 200 ms

    minimum, default, supported = ask_policy(declared)
    return Wish(minimum, default, supported, source="your answers")


def agrees(options: Options, tools: Tools, console: Console, report: Report) -> bool:
    """Ask whether to go on; raise UsageError where nobody could answer."""
    count = sum(isinstance(step, Change) for step in report.plan.steps)
    files = f"{count} file{'s' if count > 1 else ''}"
    if options.is_json or not is_anybody_there(tools, console):
        raise UsageError(
            f"{files} would be changed, and nobody is here to agree",
            remedy="look at it with --dry-run, then say --yes",
        )
    from bootstrap.ask import confirm  # noqa: PLC0415 - questions cost 200 ms

    for finding in report.findings:
        console.say(f"note: {finding.message}")
    return confirm(f"Change {files}?")


def is_anybody_there(tools: Tools, console: Console) -> bool:
    """Say whether a person sits at a terminal and can answer."""
    import sys  # noqa: PLC0415 - only where somebody is asked

    from bootstrap.console import is_interactive  # noqa: PLC0415

    return is_interactive(tools.env, sys.stdin, console.stream)
