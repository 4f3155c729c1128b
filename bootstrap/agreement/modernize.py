"""`modernize`: every declaration moves to a new policy; with `--simplify` what repeats another one goes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bootstrap.agreement import changes, day, renewal, wish
from bootstrap.agreement.choice import chosen
from bootstrap.agreement.listing import declarations, place, promise, unread_files
from bootstrap.agreement.questions import agrees, interviewed
from bootstrap.agreement.view import SETTING_KINDS, look, nothing_declared, reader, transition
from bootstrap.check import check as find
from bootstrap.check import lives, minors_after, named
from bootstrap.detect.declared import PYPROJECT
from bootstrap.errors import UsageError
from bootstrap.findings import as_started
from bootstrap.model import Change, Plan, Report, Skip, Status
from bootstrap.modernize import NOTHING, Choice, propose
from bootstrap.policy import Transition, spelled
from bootstrap.recovery import recover
from bootstrap.simplify import PURPOSE, simplify
from bootstrap.sites.model import Area
from bootstrap.state import state_directory
from bootstrap.survey import survey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bootstrap.agreement.view import View
    from bootstrap.code.draft import Renewal
    from bootstrap.commands import Tools
    from bootstrap.console import Console
    from bootstrap.model import Finding
    from bootstrap.modernize import Proposal
    from bootstrap.options import Options
    from bootstrap.policy import Policy


def modernize(options: Options, tools: Tools, console: Console) -> Report:
    """Move every declaration to a new policy, in one transaction that can be undone.

    With `--simplify` what merely repeats another declaration goes; where no policy is named, that is all that is done.

    Raises UsageError for a policy that contradicts itself, and where nobody could be asked and nobody said --yes.
    """
    started = time.monotonic()
    recovered = recover(options, state_directory(options.root), console)
    view = look(options.root, tools)
    choice = chosen(options, view.found, dict(tools.env))
    is_alone = (options.is_simplify or options.is_code) and not (wish.on_command_line(options) or view.wish)
    change, source = _as_declared(view) if is_alone else _asked_for(options, tools, console, view)
    change = Transition(change.old, change.new, change.has_default, options.with_entries)
    proposal = propose(view.found, change, NOTHING if is_alone else choice)
    if options.is_simplify:
        proposal = simplify(view.found, proposal, choice, reader(options.root))
    code = renewal.renewal(options, tools, view.found, proposal, change.new) if options.is_code else None
    plan = _planned(view, proposal, change, code, options)
    claims = [site for site in view.found.sites if site.declaration.area is Area.CLAIMED]
    report = Report(
        "modernize",
        options.root,
        Status.NOTHING_TO_DO if plan.is_empty else Status.PLANNED,
        plan=plan,
        findings=as_started((*lives(claims, change.new, day.today()), *(code.findings if code else ())), options),
        recovered=recovered,
        declared=declarations(proposal, change, choice),
        policy=promise(change.new, source),
    )
    changes.show(plan, options, console)
    if plan.is_empty or options.is_dry_run:
        wanted = options.has_exit_code and not plan.is_empty
        return report._replace(seconds=time.monotonic() - started, exit_code=1 if wanted else 0)
    if code is not None:
        renewal.refuse_untested(options, code, change.new)
    if not options.is_yes:
        if not agrees(options, tools, console, report):
            return report._replace(status=Status.DECLINED, seconds=time.monotonic() - started)
        started = time.monotonic()  # how long a person thinks is not our time
    if code is None:
        changes.write(plan, options, tools, console)
    else:
        report = report._replace(tests=renewal.write(plan, options, tools, console, code))
    return _looked_again(report, options, tools, change)._replace(seconds=time.monotonic() - started)


def _planned(view: View, proposal: Proposal, change: Transition, code: Renewal | None, options: Options) -> Plan:
    """Return what is changed, and what is not with the reason."""
    left = (*unread_files(view.found), *_refused(proposal), *_outdated(proposal, change.new))
    if code is None:
        return Plan(proposal.changes, left)
    plan = Plan(renewal.merged(proposal.changes, code), (*left, *code.skipped))
    return renewal.shown(plan, options, code, change.new)


def _looked_again(report: Report, options: Options, tools: Tools, change: Transition) -> Report:
    """Verify: what was written is what the policy wants, so that doing it again changes nothing."""
    after = survey(options.root, dict(tools.env))
    settled = Transition(change.new, change.new, change.has_default, mends=True)
    choice = Choice(options.only, options.skip)
    proposal = propose(after, settled, choice)
    dead: tuple[Finding, ...] = ()
    if options.is_code:
        code = renewal.renewal(options, tools, after, proposal._replace(changes=(), decisions=()), change.new)
        again = (Skip(one.path, "a second run would change it again") for one in code.changes)
        report = report._replace(plan=report.plan._replace(skipped=(*report.plan.skipped, *again)))
        dead = code.findings
    findings = as_started((*find(after, proposal, settled, choice, day.today()), *dead), options)
    failed = any(finding.is_error for finding in findings)
    return report._replace(
        status=Status.FINDINGS if failed else Status.READY,
        findings=findings,
        exit_code=1 if failed else 0,
        next_command="" if failed else _next(report, options),
    )


# What notes down requires-python, and has to be made anew.
_LOCKS = {"uv.lock": "uv lock", "poetry.lock": "poetry lock", "pdm.lock": "pdm lock", "Pipfile.lock": "pipenv lock"}


def _next(report: Report, options: Options) -> str:
    changed = {step.path for step in report.plan.steps if isinstance(step, Change) and step.purpose != PURPOSE}
    for lock, command in _LOCKS.items():
        source = "Pipfile" if lock.startswith("Pipfile") else PYPROJECT
        if source in changed and (options.root / lock).is_file():
            return command
    return options.started if (options.root / "bootstrap.py").is_file() else ""


def _as_declared(view: View) -> tuple[Transition, str]:
    """Return the change that changes nothing."""
    policy = view.wanted
    if policy is None:
        raise nothing_declared()
    return Transition(policy, policy), view.source


def _asked_for(options: Options, tools: Tools, console: Console, view: View) -> tuple[Transition, str]:
    """Return the change of policy that the command line, else `[tool.devstrap]`, else the person asks for."""
    wanted = wish.on_command_line(options) or view.wish or interviewed(options, tools, console, view.declared)
    change = transition(wanted, view)
    if change is None:  # no question leaves all of it open, but a type checker cannot know
        raise UsageError("no version is supported", remedy="name some: --supported 3.11,3.12,3.13")
    return change, wanted.source


def _refused(proposal: Proposal) -> tuple[Skip, ...]:
    return tuple(Skip(place(refusal.path, refusal.line), refusal.reason) for refusal in proposal.refused)


def _outdated(proposal: Proposal, new: Policy) -> Iterator[Skip]:
    """Yield the settings that go on to ask for something else than this change: `check` would go by them."""
    wanted = dict(zip(SETTING_KINDS, ({new.minimum}, {new.default}, set(new.supported)), strict=True))
    for site, decision in proposal.decisions:
        right = wanted.get(site.declaration.id)
        if right is not None and minors_after(site, decision) != right:
            told = ", ".join(map(spelled, sorted(right)))
            yield Skip(place(site.source.path, site.line), f"goes on to say {named(site)}; put {told} there too")
