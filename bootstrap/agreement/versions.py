"""`versions`: every place that names a Python version."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bootstrap.agreement.choice import chosen
from bootstrap.agreement.listing import declared, promise, unread_files
from bootstrap.agreement.view import look
from bootstrap.model import Plan, Report, Status
from bootstrap.recovery import recover
from bootstrap.state import state_directory

if TYPE_CHECKING:
    from bootstrap.commands import Tools
    from bootstrap.console import Console
    from bootstrap.options import Options


def versions(options: Options, tools: Tools, console: Console) -> Report:
    """Report every place that names a Python version."""
    started = time.monotonic()
    recover(options._replace(is_dry_run=True), state_directory(options.root), console)
    view = look(options.root, tools)
    choice = chosen(options, view.found, dict(tools.env))
    policy = view.wanted
    return Report(
        "versions",
        options.root,
        Status.AGREED,
        plan=Plan(skipped=unread_files(view.found)),
        declared=tuple(declared(site) for site in view.found.sites if choice.takes(site)),
        policy=promise(policy, view.source) if policy else None,
        seconds=time.monotonic() - started,
    )
