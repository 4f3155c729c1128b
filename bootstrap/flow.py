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
from bootstrap.errors import ChangedError, LockedError, StepError, UnsafePathError, UsageError
from bootstrap.model import Answers, Change, EnvironmentState, Finding, Plan, Report, Severity, Status
from bootstrap.plan import plan as make_plan
from bootstrap.reports import text
from bootstrap.setup.python import suitable, suits
from bootstrap.transaction import CURRENT, ORPHANS

if TYPE_CHECKING:
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
    repository = detect_repository(options.root, is_asked=options.python is not None)
    recovered = _recover(options, repository.state_dir, console) + _sweep(options, repository.state_dir, console)
    wanted = answers.by_default(options, repository, tools.env)
    read = Reader(options.root)
    facts = detect(read, wanted, tools)
    plan = _planned(facts, wanted, read)
    console.say(text.header(facts, __version__))
    if not plan.is_empty and _may_ask(options, tools, console):
        first = facts.choice
        facts, wanted, plan = _interview(options, tools, facts, wanted, read)
        if facts.choice != first:
            console.say(text.header(facts, __version__))
        started = time.monotonic()  # how long a person thinks is not our time
    if options.is_dry_run:
        return _dry_run(options, facts, plan, console, started)
    if not plan.is_empty:
        kept = _apply(plan, facts, options, tools, console)
        facts = detect(read, wanted, tools)
    report = replace(
        _verified(options, facts, wanted, plan, read), recovered=recovered, seconds=time.monotonic() - started
    )
    report = replace(report, findings=(*report.findings, *map(_kept_aside, kept)))
    if _is_explicit(options):
        answers.remember(wanted, repository.state_dir)
    # A receipt would answer in place of the run that clears up.
    if report.exit_code == 0 and not _has_orphans(options, repository.state_dir):
        _leave_receipt(report, options, tools, read)
    return report


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


def _recover(options: Options, state_dir: Path, console: Console) -> tuple[str, ...]:
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
    """Ask, look again with the answers, and plan anew."""
    from bootstrap import ask  # noqa: PLC0415 - questions cost 200 ms

    fitting = suitable(facts.repository, facts.interpreters, facts.host, wanted)
    offers = facts.repository.has_bootstrapper and options.devcontainer is None
    given = ask.ask(
        wanted,
        () if options.python or options.managed else fitting,
        facts.choice.request,
        asks_editors=options.editors is None,
        offers_devcontainer=offers,
    )
    if (given.python, given.prefer_managed) != (wanted.python, wanted.prefer_managed):
        facts = detect(read, given, tools)
    answers.remember(given, facts.repository.state_dir)
    return facts, given, _planned(facts, given, read)


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


def _apply(plan: Plan, facts: Facts, options: Options, tools: Tools, console: Console) -> tuple[str, ...]:
    """Execute the plan; return the folders that were replaced, and are kept."""
    from bootstrap.apply import apply  # noqa: PLC0415 - only where there is something to do
    from bootstrap.lock import Lock  # noqa: PLC0415
    from bootstrap.transaction import Transaction  # noqa: PLC0415

    state_dir = facts.repository.state_dir
    transaction = Transaction(options.root, state_dir, options.command)
    try:
        with Lock(state_dir, options.command), transaction:
            apply(plan, options.root, transaction, tools, process.run, console)
    except (ChangedError, UnsafePathError) as error:
        error.exit_code = StepError.exit_code  # it was found in the middle of the work, which is taken back now
        raise
    finally:
        for line in text.left_lines(transaction.left):
            console.insist(line)
    return transaction.kept


def _verified(options: Options, facts: Facts, wanted: Answers, plan: Plan, read: Reader) -> Report:
    """Check what is there now, as if for the first time: the guards hold, and planning again gives an empty plan."""
    findings = guards.run(facts, read)
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
        next_command="" if failed else _next(facts),
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
    quiet = replace(
        report,
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


def _next(facts: Facts) -> str:
    """Return the command that a newcomer types next."""
    started = "python bootstrap.py" if facts.repository.has_bootstrapper else "devstrap"
    has_pytest = shutil.which("pytest", path=scripts_in(str(facts.environment.path))) is not None
    return f"{started} run {'pytest' if has_pytest else 'python'}"


def run(options: Options, tools: Tools, console: Console) -> int:
    """Run a command in the environment, set up first where it is missing; return its exit code."""
    if not options.words:
        raise UsageError("run needs a command", remedy="for example: python bootstrap.py run pytest")
    if options.words[0].startswith("-") and options.words[0] != "--":
        raise UsageError(
            f"{options.words[0]} stands between run and its command",
            remedy="put devstrap's own options before run",
        )
    words = options.words[1:] if options.words[0] == "--" else options.words
    if not _is_ready(options):
        _refuse_to_replace(options)
        report = setup(replace(options, command="setup", is_yes=True), tools, console)
        console.say(text.render(report))
        if detect_environment(options.root).version is None:
            return report.exit_code
    scripts = scripts_in(str(options.root / ".venv"))
    env = _activated(tools, options.root / ".venv", scripts)
    found = shutil.which(words[0], path=env["PATH"])
    if found is None:
        raise UsageError(
            f"there is no command {words[0]!r} in .venv or on PATH",
            remedy=f"add what provides {words[0]} to the development dependencies, then run python bootstrap.py",
        )
    if os.path.dirname(found) != scripts and is_of_another_python(found):
        raise UsageError(
            f"{words[0]} is not in .venv; {found} belongs to another Python",
            remedy=f"add what provides {words[0]} to the development dependencies, then run python bootstrap.py; "
            "uv pip install --python .venv puts it there for now",
        )
    return process.become((found, *words[1:]), env=env)


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

    started = time.monotonic()
    repository = detect_repository(options.root)
    with Lock(repository.state_dir, "undo"):
        if not options.is_dry_run:
            transaction.recover(options.root, repository.state_dir)
        run = _run_to_undo(repository.state_dir)
        undone = transaction.undo(options.root, repository.state_dir, run, dry_run=options.is_dry_run)
    return Report(
        "undo",
        options.root,
        Status.PLANNED if options.is_dry_run else Status.UNDONE,
        recovered=tuple(text.undone_lines(undone)),
        seconds=time.monotonic() - started,
    )
