"""`setup`: detect, ask, plan, apply, verify, report."""

from __future__ import annotations

import shlex
import shutil
import time
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from bootstrap import __version__, answers, guards
from bootstrap.detect.besides import look_beside
from bootstrap.detect.facts import detect
from bootstrap.detect.pyvenv import scripts_in
from bootstrap.detect.repository import Reader, detect_repository
from bootstrap.errors import MalformedFileError, StepError
from bootstrap.findings import as_started
from bootstrap.flow import locking, sharing
from bootstrap.flow.attempts import Attempts, Work
from bootstrap.flow.besides import Beside, Done, due, hinting, within, without_doubles
from bootstrap.flow.interview import interview, may_ask
from bootstrap.flow.receipt import leave_receipt
from bootstrap.model import Build, Change, Finding, Plan, Report, Severity, Status
from bootstrap.plan import plan as make_plan
from bootstrap.recovery import has_orphans, recover, sweep
from bootstrap.reports import text
from bootstrap.setup import shared

if TYPE_CHECKING:
    from bootstrap.commands import Tools
    from bootstrap.console import Console
    from bootstrap.flow.attempts import Outcome
    from bootstrap.model import Answers, Facts, Repository, Run
    from bootstrap.options import Options
    from bootstrap.proof.elsewhere import Watch


def setup(options: Options, tools: Tools, console: Console) -> Report:
    """Set the repository up. Raises a BootstrapError where that cannot be done; then nothing has changed.

    A file of the repository that nobody can understand is a set-up that failed, wherever that comes out.
    """
    try:
        return _set_up(options, tools, console)
    except MalformedFileError as error:
        error.exit_code = StepError.exit_code
        raise


def _set_up(options: Options, tools: Tools, console: Console) -> Report:
    started = time.monotonic()
    locking.refuse(options)
    repository = detect_repository(options.root, is_asked=options.python is not None)
    recovered = recover(options, repository.state_dir, console) + sweep(options, repository.state_dir, console)
    wanted = answers.by_default(options, repository, tools.env)
    read = Reader(options.root)
    wanted, facts = _first_look(options, tools, repository, wanted, read)
    plan = _planned(facts, wanted, read, tools)
    console.say(text.header(facts, __version__))
    has_asked = not plan.is_empty and may_ask(options, tools, console)
    if has_asked:
        wanted = interview(options, replace(facts, repository=repository), wanted, read)
        wanted = sharing.asked(facts, wanted, read)
        facts = detect(read, wanted, tools)
        plan = _planned(facts, wanted, read, tools)
        started = time.monotonic()  # how long a person thinks is not our time
    for line in sharing.announced(plan):
        console.say(line)
    if options.is_dry_run:
        plan = plan._replace(steps=(*plan.steps, *locking.planned(facts, plan, options, tools)))
        if plan.is_empty:  # what a run of it would say, which is not always that everything holds
            return _verified(options, facts, wanted, plan, read)._replace(seconds=time.monotonic() - started)
        return _dry_run(options, facts, plan, console, started)
    done = _Doing(options, tools, console, repository, read, [])
    report = done.all_of(plan, facts, wanted, has_answered=has_asked or _is_explicit(options))
    return report._replace(recovered=recovered, seconds=time.monotonic() - started)


class _Doing(NamedTuple):
    """What a set-up does, once it is known what is wanted."""

    options: Options
    tools: Tools
    console: Console
    repository: Repository
    read: Reader
    runs: list[int]
    """The numbers of the runs that were made: they are undone together."""

    def all_of(self, plan: Plan, facts: Facts, wanted: Answers, *, has_answered: bool) -> Report:
        """Do it all, and report; what is remembered is so only once the run has come to its end."""
        options, tools, read = self.options, self.tools, self.read
        beside = Beside(options, tools, self.console)
        begun = beside.begin(plan, facts)
        if begun.steps:
            facts = self.look(wanted)
            plan = _planned(facts, wanted, read, tools)
        ended: list[Done] = []

        def finish(facts: Facts, wanted: Answers, run: int | None) -> Facts:
            ended.append(beside.finish(_planned(facts, wanted, read), facts, run))
            return replace(facts, besides=look_beside(read, facts, tools)) if ended[-1].steps else facts

        work = Work(
            look=self.look,
            plan=lambda facts, answers: within(_planned(facts, answers, read)),
            apply=self.apply,
            finish=finish,
        )
        with hinting(facts):
            done = Attempts(work, options, tools, self.console).carry_out(facts, wanted, within(plan))
        last = tuple(step for one in ended for step in one.steps)
        every = done.plan._replace(steps=tuple(dict.fromkeys((*begun.steps, *done.plan.steps, *last))))
        report = _verified(options, done.facts, done.answers, every, read)
        if report.exit_code == 0:
            report, done = self.written(report, done)
        failed = tuple(dict.fromkeys((*begun.findings, *(finding for one in ended for finding in one.findings))))
        held = _held_back(done.facts, tools) if any(isinstance(step, Build) for step in every.steps) else ""
        report = report._replace(remedied=done.remedied, held_back=held)
        # Only now: what a run that fails or is stopped was told must not be in the way of the next one.
        self.remember(done, has_answered=has_answered)
        # A receipt would answer in place of the run that clears up.
        if report.exit_code == 0 and not failed and not has_orphans(options, self.repository.state_dir):
            leave_receipt(report, options, tools, read)
        # After the receipt: that a folder was put away tells of this run, and not of what is there.
        findings = without_doubles(report.findings, failed)
        told = (*sharing.advice(done, report.plan), *map(_kept_aside, done.kept))
        return report._replace(findings=(*findings, *as_started(told, options)))

    def look(self, wanted: Answers) -> Facts:
        """Look at everything anew."""
        return _look(self.options, self.tools, self.repository, wanted, self.read)

    def apply(self, plan: Plan, facts: Facts) -> tuple[tuple[str, ...], int | None]:
        """Execute a plan; return the folders that were replaced, and are kept, and the number of the run."""
        kept, run = _apply(plan, facts, self.options, self.tools, self.console, self.runs[0] if self.runs else 0)
        self.runs.extend([run] if run is not None else [])
        return kept, run

    def written(self, report: Report, done: Outcome) -> tuple[Report, Outcome]:
        """Write what comes of a set-up that holds: the lock, and what the repository shall say of itself."""
        lock = locking.lock(done.facts, self.options, self.tools, self.console, self.runs[0] if self.runs else 0)
        if done.remedied and may_ask(self.options, self.tools, self.console):
            done = done._replace(answers=sharing.asked(done.facts, done.answers, self.read))
        said = sharing.say(done.facts, done.answers, self.read, self.tools)
        if said.changes:
            done = done._replace(run=self.apply(Plan(said.changes), done.facts)[1] or done.run)
        return _with_files(report, (*lock, *said.changes)), done

    def remember(self, done: Outcome, *, has_answered: bool) -> None:
        """Note for this checkout what was answered and found out, without what the repository says by now.

        There it may be changed, for everybody.
        """
        if has_answered or done.remedied or done.answers.is_shared:
            declared = answers.declared_by(done.facts, done.answers)
            own = shared.own(done.answers, detect_repository(self.options.root, is_asked=True).settings)
            answers.remember(own, self.repository.state_dir, done.run, declared=declared, has_answered=has_answered)


def _first_look(
    options: Options, tools: Tools, repository: Repository, wanted: Answers, read: Reader
) -> tuple[Answers, Facts]:
    """Look at everything; return with it the answers, without what was found out about something else than is there."""
    facts = _look(options, tools, repository, wanted, read)
    locking.refuse_parts(facts, options)
    doubted = answers.doubted(wanted, facts)
    return doubted, facts if doubted == wanted else _look(options, tools, repository, doubted, read)


def _look(options: Options, tools: Tools, repository: Repository, wanted: Answers, read: Reader) -> Facts:
    """Look at everything; where an earlier answer had a say in which Python it is, the reason says so."""
    facts = detect(read, wanted, tools)
    reason = facts.choice.reason
    if answers.is_remembered(options, wanted):
        reason = f"Python {wanted.python} is remembered from an earlier answer; --python chooses another"
    elif options.managed is None and wanted.prefer_managed and not repository.settings.prefer_managed:
        reason += "; that uv keeps it is remembered from an earlier answer, --no-managed chooses another"
    return replace(facts, choice=replace(facts.choice, reason=reason))


def _planned(facts: Facts, wanted: Answers, read: Reader, tools: Tools | None = None) -> Plan:
    """Return the plan; raise UnsafePathError, before anything is begun, where it would write outside the repository.

    With `tools`, it has what the repository is to say of itself from now on, as far as that is known before anything is
    tried: what is found out comes when it is proved.
    """
    plan = make_plan(facts, wanted, read)
    if tools is not None:
        said = sharing.say(facts, wanted, read, tools)
        plan = Plan((*plan.steps, *said.changes), (*plan.skipped, *said.skipped))
    paths = [step.path for step in plan.steps if isinstance(step, Change)]
    if paths:
        from bootstrap.transaction.tree import Tree  # noqa: PLC0415 - only where there is something to write

        tree = Tree(read.root)
        for path in paths:
            tree.file(path)
    return plan


def _with_files(report: Report, written: tuple[Change, ...]) -> Report:
    """Return the report with these files among what was done: a run that wrote one had something to do."""
    plan = report.plan._replace(steps=(*report.plan.steps, *written))
    return report._replace(plan=plan, status=Status.READY) if written else report


def _held_back(facts: Facts, tools: Tools) -> str:
    from bootstrap.proof.drift import held_back  # noqa: PLC0415 - only where something was installed

    return held_back(facts, tools)


def _kept_aside(path: str) -> Finding:
    return Finding(
        "D402",
        Severity.NOTE,
        f"the {path} that was there was made by somebody else: it is kept until {path} is replaced again",
        "to have it back in its place",
        path=path,
        fix="python bootstrap.py undo",
    )


def _dry_run(options: Options, facts: Facts, plan: Plan, console: Console, started: float) -> Report:
    if not options.is_json:
        console.insist(text.diff(plan))
    return Report(
        "setup",
        options.root,
        Status.PLANNED,
        facts,
        plan,
        seconds=time.monotonic() - started,
        exit_code=1 if options.has_exit_code else 0,
    )


def _apply(
    plan: Plan, facts: Facts, options: Options, tools: Tools, console: Console, first: int
) -> tuple[tuple[str, ...], int | None]:
    """Execute the plan; return the folders that were replaced, and are kept, and the number of the run."""
    from bootstrap.execute import execute  # noqa: PLC0415 - only where there is something to do
    from bootstrap.setup.dependencies import egg_info  # noqa: PLC0415
    from bootstrap.transaction.journal import RUNS, numbered  # noqa: PLC0415

    state_dir = facts.repository.state_dir
    earlier = numbered(state_dir / RUNS)
    builds = _Builds(facts, options, tools)
    with egg_info.Watch(options.root, tuple(part.path for part in facts.parts)):
        kept = execute(plan, options.root, state_dir, options.command, tools, console, continues=first, watch=builds)
    return kept, max(set(numbered(state_dir / RUNS)) - set(earlier), default=None)


class _Builds:
    """What is said of a build from source; what can be said is loaded with the first one."""

    def __init__(self, facts: Facts, options: Options, tools: Tools) -> None:
        self.facts = facts
        self.options = options
        self.tools = tools

    @cached_property
    def watch(self) -> Watch:
        from bootstrap.proof.elsewhere import Watch  # noqa: PLC0415 - hardly anything is built from source

        return Watch(
            {f"{place}/.venv".lstrip("/"): one for place, one in self.facts.every()}, self.options.root, self.tools
        )

    def __call__(self, wanted: str, run: Run, place: str) -> str:
        """Return what is to be said; raise ForesightError where another Python is the better choice."""
        return self.watch(wanted, run, place)


def _verified(options: Options, facts: Facts, wanted: Answers, plan: Plan, read: Reader) -> Report:
    """Check what is there now, as if for the first time: the guards hold, and planning again gives an empty plan."""
    findings = as_started((*guards.run(facts, read), *sharing.left_out(wanted, facts.repository.settings)), options)
    left = plan if plan.is_empty else due(make_plan(facts, wanted, read))
    if not left.is_empty and not any(finding.is_error for finding in findings):
        findings = (*findings, _not_idempotent(left))
    failed = any(finding.is_error for finding in findings)
    status = Status.FINDINGS if failed else Status.NOTHING_TO_DO if plan.is_empty else Status.READY
    return Report(
        "setup",
        options.root,
        status,
        facts,
        plan,
        findings,
        next_command="" if failed else _next(options, facts),
        exit_code=1 if failed else 0,
    )


def _is_explicit(options: Options) -> bool:
    """Say whether the command line answers a question: then the next run shall not ask it again."""
    given = (options.python, options.managed, options.editors, options.devcontainer, options.as_of)
    return any(value is not None for value in (*given, options.dotenv, options.hooks))


def _not_idempotent(left: Plan) -> Finding:
    from bootstrap.apply import describe  # noqa: PLC0415

    steps = ", ".join(describe(step) for step in left.steps)
    return Finding(
        "D401", Severity.ERROR, f"there is still something to do: {steps}", "run this again; if it stays, report it"
    )


def _next(options: Options, facts: Facts) -> str:
    """Return the command that a newcomer types next."""
    place, one = next(facts.every())
    has_pytest = shutil.which("pytest", path=scripts_in(str(one.environment.path))) is not None
    part = f"--part {shlex.quote(place)} " if place else ""
    shared = next((part.path for part in facts.parts if part.is_shared and part.facts.proof), "")
    # Each part is collected from where it stands.
    where = f" {shlex.quote(shared)}" if shared and not facts.proof else ""
    if has_pytest:
        return f"{options.started} {part}run pytest{where}"
    is_counted = one.proof is not None and one.proof.collected > 0
    return f"{options.started} {part}run {_by_hand(one) if is_counted else 'python'}"


def _by_hand(facts: Facts) -> str:
    from bootstrap.proof.unittests import by_hand  # noqa: PLC0415 - only where there is no pytest

    return by_hand(facts.repository)
