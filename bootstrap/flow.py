"""The one way through: detect, ask, plan, apply, verify, report."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap import __version__, answers, guards, process, receipt
from bootstrap.console import is_interactive
from bootstrap.detect.environment import (
    RECORD,
    detect_environment,
    interpreter_of,
    is_handmade,
    is_made_in,
    library_of,
    recorded,
)
from bootstrap.detect.facts import detect
from bootstrap.detect.inspection import CONSISTENCY
from bootstrap.detect.pyvenv import is_of_another_python, scripts_in
from bootstrap.detect.repository import Reader, detect_repository
from bootstrap.errors import ChangedError, LockedError, StepError, UsageError
from bootstrap.model import Answers, Change, EnvironmentState, Finding, Plan, Report, Run, Severity, Status
from bootstrap.plan import plan as make_plan
from bootstrap.reports import text
from bootstrap.setup.python import managed_version, suitable, suits
from bootstrap.state import state_directory
from bootstrap.transaction import CURRENT, ORPHANS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bootstrap.commands import Tools
    from bootstrap.console import Console
    from bootstrap.model import Environment, Facts, Repository
    from bootstrap.options import Options


# The code of the note that a folder was put away: it tells of one run, and not of what is there.
_KEPT = "D402"


def setup(options: Options, tools: Tools, console: Console) -> Report:
    """Set the repository up. Raises a BootstrapError where that cannot be done; then nothing has changed."""
    started = time.monotonic()
    kept: tuple[str, ...] = ()
    run: int | None = None
    has_asked = False
    repository = detect_repository(options.root, is_asked=options.python is not None)
    recovered = recover(options, repository.state_dir, console) + _sweep(options, repository.state_dir, console)
    wanted = answers.by_default(options, repository, tools.env)
    read = Reader(options.root)
    facts = _look(options, tools, repository, wanted, read)
    plan = _planned(facts, wanted, read)
    console.say(text.header(facts, __version__))
    if not plan.is_empty and _may_ask(options, tools, console):
        has_asked = True
        facts, wanted, plan = _interview(options, tools, replace(facts, repository=repository), wanted, read)
        started = time.monotonic()  # how long a person thinks is not our time
    if options.is_dry_run:
        return _dry_run(options, facts, plan, console, started)
    if not plan.is_empty:
        kept, run = _apply(plan, facts, options, tools, console)
        facts = _look(options, tools, repository, wanted, read)
    report = _verified(options, facts, wanted, plan, read)
    report = report._replace(recovered=recovered, seconds=time.monotonic() - started)
    aside = (_as_started(_kept_aside(path), options) for path in kept)
    report = report._replace(findings=(*report.findings, *aside))
    # Only now: what a run that fails or is stopped was told must not be in the way of the next one.
    if has_asked or _is_explicit(options):
        answers.remember(wanted, repository.state_dir, run)
    # A receipt would answer in place of the run that clears up.
    if report.exit_code == 0 and not _has_orphans(options, repository.state_dir):
        _leave_receipt(report, options, tools, read)
    return report


def _look(options: Options, tools: Tools, repository: Repository, wanted: Answers, read: Reader) -> Facts:
    """Look at everything; where an earlier answer had a say in which Python it is, the reason says so."""
    facts = detect(read, wanted, tools)
    reason = facts.choice.reason
    if answers.is_remembered(options, wanted):
        reason = f"Python {wanted.python} is remembered from an earlier answer; --python chooses another"
    elif options.managed is None and wanted.prefer_managed and not repository.settings.prefer_managed:
        reason += "; that uv keeps it is remembered from an earlier answer, --no-managed chooses another"
    return replace(facts, choice=replace(facts.choice, reason=reason))


def _planned(facts: Facts, wanted: Answers, read: Reader) -> Plan:
    """Return the plan; raise UnsafePathError, before anything is begun, where it would write outside the repository."""
    plan = make_plan(facts, wanted, read)
    paths = [step.path for step in plan.steps if isinstance(step, Change)]
    if paths:
        from bootstrap.transaction.tree import Tree  # noqa: PLC0415 - only where there is something to write

        tree = Tree(read.root)
        for path in paths:
            tree.file(path)
    return plan


def recover(options: Options, state_dir: Path, console: Console) -> tuple[str, ...]:
    """Put back what a run that was killed left half done."""
    if not os.path.lexists(state_dir / CURRENT):
        return ()
    if options.is_dry_run:
        console.say("A run that was killed is not put back yet; the next one without --dry-run does that first.")
        return ()
    from bootstrap import transaction  # noqa: PLC0415 - hardly ever needed
    from bootstrap.lock import Lock  # noqa: PLC0415

    with Lock(state_dir, "recover"):
        recovery = transaction.recover(options.root, state_dir)
    lines = tuple(text.recovery_lines(recovery)) if recovery else ()
    for line in lines:
        console.say(f"recovered: {line}")
    return lines


def _has_orphans(options: Options, state_dir: Path) -> bool:
    """Say whether a command of a run that was killed has left something behind."""
    if not os.path.lexists(state_dir / ORPHANS):
        return False
    from bootstrap.transaction import orphans  # noqa: PLC0415 - hardly ever needed

    return orphans.is_due(options.root, state_dir)


def _sweep(options: Options, state_dir: Path, console: Console) -> tuple[str, ...]:
    """Delete what commands of killed runs went on writing; a later run does it where this one cannot."""
    if options.is_dry_run or not _has_orphans(options, state_dir):
        return ()
    from bootstrap.lock import Lock  # noqa: PLC0415 - hardly ever needed
    from bootstrap.transaction import orphans  # noqa: PLC0415

    lines: tuple[str, ...] = ()
    with contextlib.suppress(LockedError, StepError), Lock(state_dir, "recover"):
        removed = orphans.sweep(options.root, state_dir)
        lines = tuple(f"{name}, which a command of a killed run went on writing, is removed" for name in removed)
    for line in lines:
        console.say(f"recovered: {line}")
    return lines


def _kept_aside(path: str) -> Finding:
    return Finding(
        _KEPT,
        Severity.NOTE,
        f"the {path} that was there was made by somebody else: it is kept until {path} is replaced again",
        "to have it back in its place",
        path=path,
        fix="python bootstrap.py undo",
    )


def _may_ask(options: Options, tools: Tools, console: Console) -> bool:
    quiet = options.is_yes or options.is_dry_run or options.is_json or options.is_quiet
    return not quiet and is_interactive(tools.env, sys.stdin, console.stream)


def _interview(
    options: Options, tools: Tools, facts: Facts, wanted: Answers, read: Reader
) -> tuple[Facts, Answers, Plan]:
    """Ask, look again with the answers, and plan anew.

    The repository in `facts` is as it is without any answer: all the Pythons that suit it are offered, also those that
    an earlier answer would leave out.
    """
    from bootstrap import ask  # noqa: PLC0415 - questions cost 200 ms

    unanswered = answers.unanswered(wanted, facts.repository)
    is_settled = options.python is not None or options.managed is not None
    fitting = [] if is_settled else suitable(facts.repository, facts.interpreters, facts.host, unanswered)
    given = ask.ask(
        unanswered if fitting else wanted,
        fitting,
        managed_version(facts.repository, facts.interpreters, facts.host, unanswered) if fitting else "",
        _preselected(facts, wanted),
        asks_editors=options.editors is None,
        offers_devcontainer=facts.repository.has_bootstrapper and options.devcontainer is None,
    )
    facts = detect(read, given, tools)
    return facts, given, _planned(facts, given, read)


def _preselected(facts: Facts, wanted: Answers) -> str:
    """Return what the question about the Python stands on: what would be taken if nothing were asked."""
    from bootstrap import ask  # noqa: PLC0415 - questions cost 200 ms

    found = facts.choice.interpreter
    return ask.MANAGED if wanted.prefer_managed or found is None else ask.request_of(found)


def _dry_run(options: Options, facts: Facts, plan: Plan, console: Console, started: float) -> Report:
    if not plan.is_empty and not options.is_json:
        console.insist(text.diff(plan))
    return Report(
        "setup",
        options.root,
        Status.NOTHING_TO_DO if plan.is_empty else Status.PLANNED,
        facts,
        plan,
        seconds=time.monotonic() - started,
        exit_code=1 if options.has_exit_code and not plan.is_empty else 0,
    )


def _apply(
    plan: Plan, facts: Facts, options: Options, tools: Tools, console: Console
) -> tuple[tuple[str, ...], int | None]:
    """Execute the plan; return the folders that were replaced, and are kept, and the number of the run."""
    from bootstrap.execute import execute  # noqa: PLC0415 - only where there is something to do
    from bootstrap.setup.dependencies import egg_info  # noqa: PLC0415
    from bootstrap.transaction.journal import RUNS, numbered  # noqa: PLC0415

    state_dir = facts.repository.state_dir
    earlier = numbered(state_dir / RUNS)
    with egg_info.Watch(options.root) as watch:
        kept = execute(plan, options.root, state_dir, options.command, tools, console)
    run = max(set(numbered(state_dir / RUNS)) - set(earlier), default=None)
    if run is not None:
        egg_info.note(answers.run_folder(state_dir, run), watch.new)
    return kept, run


def _verified(options: Options, facts: Facts, wanted: Answers, plan: Plan, read: Reader) -> Report:
    """Check what is there now, as if for the first time: the guards hold, and planning again gives an empty plan."""
    findings = tuple(_as_started(finding, options) for finding in guards.run(facts, read))
    left = plan if plan.is_empty else make_plan(facts, wanted, read)
    if not left.is_empty and not any(finding.severity is Severity.ERROR for finding in findings):
        findings = (*findings, _not_idempotent(left))
    failed = any(finding.severity is Severity.ERROR for finding in findings)
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
    given = (options.python, options.managed, options.editors, options.devcontainer)
    return any(value is not None for value in given)


def _leave_receipt(report: Report, options: Options, tools: Tools, read: Reader) -> None:
    """Note what this run looked at, so that the next one need not look again while nothing has changed."""
    facts = report.facts
    if facts is None or tools.cache is None:
        return
    root, environment = options.root, facts.environment
    paths = [root, facts.repository.state_dir / CURRENT, facts.repository.state_dir / "answers.json"]
    paths += [environment.path, interpreter_of(environment.path), environment.path / "pyvenv.cfg"]
    paths += [environment.path / RECORD, *filter(None, [library_of(environment.path)])]
    paths += [root / name for name in read.seen]
    imported = facts.inspection.imported if facts.inspection else ()
    paths += [folder / f"{name}.py" for name in imported for folder in (root / "src", root)]
    paths += _folders(library_of(environment.path))
    trees = [Path(__file__).parent, *(folder / name for name in imported for folder in (root / "src", root))]
    runs = [CONSISTENCY, *(facts.dependencies.checks if facts.dependencies else ())]
    if facts.dependencies and facts.dependencies.lock_check:
        runs.append(facts.dependencies.lock_check)
    filled = [(run, tools.filled_in(run, environment.path)) for run in runs]
    checks = [receipt.Check(argv, str(root / run.cwd), tuple(extra.items())) for run, (argv, extra) in filled]
    lasting = tuple(finding for finding in report.findings if finding.code != _KEPT)
    quiet = report._replace(
        status=Status.NOTHING_TO_DO,
        plan=Plan(skipped=report.plan.skipped),
        findings=lasting,
        recovered=(),
    )
    told = text.header(facts, __version__) + receipt.SPLIT + "\n".join(text.body(quiet))
    file = receipt.place(str(tools.cache), str(root))
    noted = receipt.circumstances(options.arguments, tools.env)
    receipt.write(file, noted, map(str, paths), [str(tree) for tree in trees if tree.is_dir()], checks, told)


def _folders(library: Path | None) -> list[Path]:
    """Return the folders directly in site-packages: their times tell when something in them comes or goes."""
    if library is None:
        return []
    return [child for child in library.iterdir() if child.is_dir() and child.name != "__pycache__"]


def _not_idempotent(left: Plan) -> Finding:
    from bootstrap.apply import describe  # noqa: PLC0415

    steps = ", ".join(describe(step) for step in left.steps)
    return Finding(
        "D401", Severity.ERROR, f"there is still something to do: {steps}", "run this again; if it stays, report it"
    )


def _next(options: Options, facts: Facts) -> str:
    """Return the command that a newcomer types next."""
    has_pytest = shutil.which("pytest", path=scripts_in(str(facts.environment.path))) is not None
    return f"{options.started} run {'pytest' if has_pytest else 'python'}"


# How a guard, which does not know how devstrap was started, begins a command of its.
_COMMANDS = ("python bootstrap.py", "devstrap")


def _as_started(finding: Finding, options: Options) -> Finding:
    """Return a finding whose command can be typed as it stands, where devstrap was started in another way."""
    for command in _COMMANDS:
        if finding.fix is not None and f"{finding.fix} ".startswith(f"{command} "):
            return finding._replace(fix=options.started + finding.fix.removeprefix(command))
    return finding


def run(options: Options, tools: Tools, console: Console) -> int:
    """Run a command in the environment, set up first where it is missing; return its exit code."""
    words = _command_of(options)
    # uv itself needs no environment, and may be what mends the repository so that one can be made.
    if words[0] != "uv" or words[1:2] == ("pip",):
        report = _made_ready(options, tools, console)
        if report is not None and detect_environment(options.root).version is None:
            return report.exit_code
    scripts = scripts_in(str(options.root / ".venv"))
    env = _activated(tools, options.root / ".venv", scripts)
    if words[0] == "uv" and shutil.which("uv", path=scripts) is None:
        return _become_uv(words, options, tools, env)
    found = shutil.which(words[0], path=env["PATH"])
    if found is None:
        raise UsageError(
            f"there is no command {words[0]!r} in .venv or on PATH",
            remedy=f"add what provides {words[0]} to the development dependencies, then run {options.started}",
        )
    if os.path.dirname(found) != scripts and is_of_another_python(found):
        raise UsageError(
            f"{words[0]} is not in .venv; {found} belongs to another Python",
            remedy=f"add what provides {words[0]} to the development dependencies, then run {options.started}; "
            f"{options.started} run uv pip install {words[0]} puts it there for now",
        )
    return process.become((found, *words[1:]), env=env)


def _command_of(options: Options) -> tuple[str, ...]:
    """Return the command to run; raise UsageError where there is none."""
    words = options.words[1:] if options.words[:1] == ("--",) else options.words
    if not words:
        raise UsageError("run needs a command", remedy=f"for example: {options.started} run pytest")
    if options.words[0].startswith("-") and options.words[0] != "--":
        raise UsageError(
            f"{options.words[0]} stands between run and its command",
            remedy="put devstrap's own options before run",
        )
    return words


def _made_ready(options: Options, tools: Tools, console: Console) -> Report | None:
    """Set up what a command runs in, where it is not there yet, and wait where another run is at that already.

    Returns the report of the set-up; None where there was nothing to do, or another run has done it.
    """
    from bootstrap.lock import wait_until_free  # noqa: PLC0415 - hardly ever needed

    has_waited = False
    while not _is_ready(options):
        _refuse_to_replace(options)
        try:
            report = setup(options._replace(command="setup", is_yes=True), tools, console)
        except LockedError as error:
            if not has_waited:
                console.insist(f"waiting: {error.message}")
            has_waited = True
            wait_until_free(detect_repository(options.root, is_asked=options.python is not None).state_dir)
        except ChangedError:
            # The other run was done just before this one got its turn.
            if not _is_ready(options):
                raise
        else:
            console.say(text.render(report))
            return report
    return None


def _become_uv(words: Sequence[str], options: Options, tools: Tools, env: Mapping[str, str]) -> int:
    """Turn into the uv that devstrap itself uses, on the repository and the environment that is there."""
    argv, extra = tools.filled_in(Run(tuple(words), "run uv"), options.root / ".venv")
    left = () if detect_environment(options.root).version else ("VIRTUAL_ENV",)
    kept = {name: env[name] for name in env if name not in left}
    # By default uv goes by the current folder, which is another one where --root names the repository.
    return process.become(argv, env={"UV_PROJECT": str(options.root), **kept, **extra})


def _refuse_to_replace(options: Options) -> None:
    """Raise UsageError where a command would replace an environment that works and that somebody else made."""
    repository, environment = _at_rest(options)
    is_theirs = environment.state is EnvironmentState.HEALTHY and is_handmade(environment.path)
    if is_theirs and not suits(environment, repository, options.python):
        raise UsageError(
            f".venv runs Python {environment.version}, which is not what the repository asks for, and somebody made it "
            "by hand",
            remedy="run python bootstrap.py, which replaces it, or move it away",
        )


def _at_rest(options: Options) -> tuple[Repository, Environment]:
    """Return what the files tell of the repository and its environment, without starting anything."""
    repository = detect_repository(options.root, is_asked=options.python is not None)
    return repository, detect_environment(options.root)


def _is_ready(options: Options) -> bool:
    """Say whether the environment can be used as it is, as far as its files tell."""
    repository, environment = _at_rest(options)
    if os.path.lexists(repository.state_dir / CURRENT):
        return False  # a run was cut off in the middle of its work, or is at it
    return suits(environment, repository, options.python) and is_made_in(recorded(environment.record), options.root)


def _activated(tools: Tools, environment: Path, scripts: str) -> dict[str, str]:
    """Return what activating the environment would set (PEP 405), without the shell."""
    env = {name: value for name, value in tools.env.items() if name not in ("PYTHONHOME", "__PYVENV_LAUNCHER__")}
    env["VIRTUAL_ENV"] = str(environment)
    env["PATH"] = os.pathsep.join(part for part in (scripts, env.get("PATH", os.defpath)) if part)
    return env


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
        undone = transaction.undo(options.root, state_dir, run, dry_run=options.is_dry_run)
        brought = egg_info.present(options.root, egg_info.noted(answers.run_folder(state_dir, run)))
        if not options.is_dry_run:
            egg_info.remove(options.root, brought)
            answers.forget(state_dir, run)
    return Report(
        "undo",
        options.root,
        Status.PLANNED if options.is_dry_run else Status.UNDONE,
        recovered=(*text.undone_lines(undone), *(f"{path}: removed" for path in brought)),
        seconds=time.monotonic() - started,
    )
