"""`check`: what disagrees; with `--fix` it is mended first."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bootstrap.agreement import changes, day
from bootstrap.agreement.choice import chosen
from bootstrap.agreement.listing import declarations, promise, unread_files
from bootstrap.agreement.view import look, nothing_declared, reader, transition
from bootstrap.check import check as find
from bootstrap.findings import as_started
from bootstrap.images import IS_DOCKERFILE
from bootstrap.model import Plan, Report, Status
from bootstrap.modernize import propose
from bootstrap.policy import Transition
from bootstrap.recovery import recover
from bootstrap.simplify import notes
from bootstrap.sites.model import Area
from bootstrap.state import state_directory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bootstrap.agreement.view import View
    from bootstrap.commands import Tools
    from bootstrap.console import Console
    from bootstrap.model import Finding
    from bootstrap.modernize import Choice, Proposal
    from bootstrap.options import Options
    from bootstrap.policy import Policy

    Read = Callable[[str], bytes | None]


def check(options: Options, tools: Tools, console: Console) -> Report:
    """Report what disagrees; with `--fix` mend it first, as far as it can be mended safely.

    Raises UsageError where the repository declares nothing, or a policy that contradicts itself.
    """
    started = time.monotonic()
    looking = options if options.is_fix else options._replace(is_dry_run=True)
    recovered = recover(looking, state_directory(options.root), console)
    view, change, choice, proposal = _compared(options, tools)
    is_fixable = view.is_promised and bool(proposal.changes)
    plan = Plan(proposal.changes) if options.is_fix and is_fixable else Plan()
    is_planned = options.is_dry_run and not plan.is_empty
    if is_planned:
        changes.show(plan, options, console)
    elif not plan.is_empty:
        changes.write(plan, options, tools, console)
        view, change, choice, proposal = _compared(options, tools)
    findings = find(view.found, proposal, change, choice, day.today(), is_promised=view.is_promised)
    read = reader(options.root)
    findings = (*findings, *_of_images(view, choice, change.new, read), *notes(view.found, proposal, choice, read))
    findings = as_started(findings, options)
    failed = any(finding.is_error for finding in findings)
    return Report(
        "check",
        options.root,
        Status.PLANNED if is_planned else Status.FINDINGS if failed else Status.AGREED,
        plan=plan._replace(skipped=unread_files(view.found)),
        findings=findings,
        recovered=recovered,
        declared=declarations(proposal, change, choice),
        policy=promise(change.new, view.source),
        next_command=f"{options.started} check --fix" if is_fixable and not plan.steps else "",
        seconds=time.monotonic() - started,
        exit_code=1 if failed else 0,
    )


def _of_images(view: View, choice: Choice, policy: Policy, read: Read) -> Iterator[Finding]:
    """Yield what does not fit in the images, as far as the person wants to hear of what is shipped."""
    if not any(map(IS_DOCKERFILE.search, view.found.paths)):
        return
    from bootstrap.images.findings import findings  # noqa: PLC0415 - many repositories have no Dockerfile

    for finding in findings(view.found.paths, read, policy):
        if choice.admits(Area.SHIPPED.value, finding.path or ""):
            yield finding


def _compared(options: Options, tools: Tools) -> tuple[View, Transition, Choice, Proposal]:
    """Return what `check` compares: what is declared, with what was promised."""
    view = look(options.root, tools)
    change = transition(view.wish, view)
    if change is None:
        raise nothing_declared()
    change = Transition(change.old, change.new, change.has_default, mends=True)
    choice = chosen(options, view.found, dict(tools.env))
    return view, change, choice, propose(view.found, change, choice)
