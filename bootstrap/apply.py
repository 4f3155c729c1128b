"""Runs a plan inside a transaction: everything, or nothing."""

from __future__ import annotations

import json
import re
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING

from bootstrap.detect.environment import ADOPTED, RECORD, identity_of, is_handmade, library_of
from bootstrap.detect.wholeness import distributions
from bootstrap.errors import ChangedError
from bootstrap.model import Build, Change, Run
from bootstrap.process import run_together

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from bootstrap.commands import Tools
    from bootstrap.console import Console
    from bootstrap.errors import StepError
    from bootstrap.model import Plan, Step
    from bootstrap.process import Completed, Runner
    from bootstrap.transaction import Transaction

    Watch = Callable[[str, Run, str], str]

# How uv announces a build of something from an index, where no terminal wants it drawn.
_BUILDING = re.compile(r"^\s*Building (\S+==\S+)$")


def unwatched(wanted: str, run: Run, place: str) -> str:  # noqa: ARG001 - what a watch is given
    """Say nothing of a build."""
    return ""


def apply(  # noqa: PLR0913, PLR0917 - what a plan is executed with, and who watches it
    plan: Plan,
    root: Path,
    transaction: Transaction,
    tools: Tools,
    runner: Runner,
    console: Console,
    watch: Watch = unwatched,
) -> None:
    """Execute every step of `plan`; raise StepError for the first that fails, for the transaction to roll back.

    `watch` is asked about each build that is announced: it returns what is to be said of it, or raises StepError.
    """
    with console.progress(len(plan.steps)) as progress:
        for steps in _grouped(plan.steps):
            with progress.step(" and ".join(map(describe, steps))) as on_line:
                execution = _Execution(root, tools, runner, _Listener(on_line, progress.note, watch))
                if len(steps) > 1:
                    _build_together([step for step in steps if isinstance(step, Build)], root, transaction, execution)
                else:
                    _execute(steps[0], root, transaction, execution)


def _grouped(steps: Sequence[Step]) -> Iterator[tuple[Step, ...]]:
    """Yield the steps one by one, but folders that are built anew in a row together: they are built side by side."""
    for is_new, group in groupby(steps, lambda step: isinstance(step, Build) and step.mode == "replace"):
        every = tuple(group)
        yield from (every,) if is_new else ((step,) for step in every)


def describe(step: Change | Run | Build) -> str:
    """Say in a few words what a step does."""
    if isinstance(step, Change):
        verb = "write" if step.before is None else ("delete" if step.after is None else "update")
        return f"{verb} {step.path}"
    return step.purpose


class _Listener:
    """Hands on what a command says as it comes, and tells at once what is built from source: that is slow, or fails."""

    def __init__(self, on_line: Callable[[str], None], note: Callable[[str], None], watch: Watch) -> None:
        self.on_line = on_line
        self.note = note
        self.watch = watch
        self.is_told = False

    def of(self, run: Run, place: str) -> Callable[[str], None]:
        """Return what listens to a command for the environment at `place`."""

        def listen(line: str) -> None:
            self(line, lambda wanted: self.watch(wanted, run, place))

        return listen

    def __call__(self, line: str, ask: Callable[[str], str] = lambda _: "") -> None:
        """Hand a line on; of a build that is announced, `ask` says more than that there is no wheel."""
        self.on_line(line)
        found = _BUILDING.match(line)
        if found:
            why = "too" if self.is_told else "is built from source: there is no wheel of it for this Python"
            self.note(ask(found[1]) or f"{found[1]} {why}")
            self.is_told = True


class _Execution:
    """Runs the commands of one step."""

    def __init__(self, root: Path, tools: Tools, runner: Runner, listener: _Listener) -> None:
        self.root = root
        self.tools = tools
        self.runner = runner
        self.listener = listener

    def run(self, run: Run, target: Path, place: str) -> None:
        """Run a command on the folder `target`, which is going to be at `place` in the end."""
        command = self.tools.real(run, self.root, target)
        completed = self.runner(command.argv, cwd=command.cwd, env=command.env, on_line=self.listener.of(run, place))
        self.refuse(completed, run, target, place)

    def run_together(self, runs: Sequence[tuple[Run, Path, str]]) -> None:
        """Run commands of several folders side by side, as long as they take; raise for the first that failed."""
        commands = [self.tools.real(run, self.root, target) for run, target, _ in runs]
        for completed, (run, target, place) in zip(run_together(commands, None), runs, strict=True):
            for line in completed.stderr.splitlines():
                self.listener(line)  # only now: what several say at once nobody could read
            self.refuse(completed, run, target, place)

    def refuse(self, completed: Completed, run: Run, target: Path, place: str) -> None:
        """Raise StepError for a command that failed."""
        if not completed.ok:
            raise self._explained(completed, run, str(target), str(self.root / place))

    def _explained(self, completed: Completed, run: Run, target: str, place: str) -> StepError:
        """Return the error, without the folder where it was being built: that is gone when the person reads this."""
        from bootstrap.failures import explain  # noqa: PLC0415 - all that can fail is known there
        from bootstrap.failures.places import Places  # noqa: PLC0415

        argv = tuple(word.replace(target, place) for word in completed.argv)
        said = completed.stderr.replace(target, place)
        places = Places(self.root, run.cwd, run.argv)
        error = explain(completed._replace(argv=argv, stderr=said), run.purpose, places)
        error.run = run
        return error


def _execute(step: Change | Run | Build, root: Path, transaction: Transaction, execution: _Execution) -> None:
    if isinstance(step, Change):
        transaction.write(step, modes={} if step.mode is None else {step.path: step.mode})
    elif isinstance(step, Run):
        execution.run(step, root, "")
    else:
        _build(step, root, transaction, execution)


def _build(build: Build, root: Path, transaction: Transaction, execution: _Execution) -> None:
    target = root / build.path
    _refuse_changed(build, root)
    if build.mode == "replace":
        target = transaction.staging(build.path)
    elif build.mode == "update":
        transaction.snapshot(build.path)
    else:
        transaction.fill(build.path)
    is_adopted = build.mode == "update" and is_handmade(target)
    for run in build.runs:
        _provide(build, run, target)
        execution.run(run, target, build.path)
    _finish(build, target, root, transaction, is_adopted=is_adopted)


def _build_together(builds: Sequence[Build], root: Path, transaction: Transaction, execution: _Execution) -> None:
    """Build several folders side by side: the first commands of all, then the second ones, and so on."""
    for build in builds:
        _refuse_changed(build, root)
    targets = [transaction.staging(build.path) for build in builds]
    for row in zip_longest(*(build.runs for build in builds)):
        runs = [
            (build, run, target) for build, run, target in zip(builds, row, targets, strict=True) if run is not None
        ]
        for build, run, target in runs:
            _provide(build, run, target)
        execution.run_together([(run, target, build.path) for build, run, target in runs])
    for build, target in zip(builds, targets, strict=True):
        _finish(build, target, root, transaction, is_adopted=False)


def _finish(build: Build, target: Path, root: Path, transaction: Transaction, *, is_adopted: bool) -> None:
    """Note what a folder was made from, and put it into its place where it was built beside."""
    if build.record:
        from bootstrap.transaction.failure import explained  # noqa: PLC0415 - reports import this module too

        with explained(f"{build.path}/{RECORD}"):
            _note(build.record, target, is_adopted=is_adopted)
    if build.mode == "replace":
        _refuse_changed(build, root)
        transaction.swap(build.path, keep=is_handmade(root / build.path))


def _provide(build: Build, run: Run, target: Path) -> None:
    """Write the files that a command reads: by then there is a folder."""
    if not any(word.startswith("{target}/") for word in run.argv):
        return
    from bootstrap.transaction.failure import explained  # noqa: PLC0415 - reports import this module too

    for name, text in build.files:
        with explained(f"{build.path}/{name}"):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes(text.encode("utf-8", "surrogatepass"))


def _note(text: str, target: Path, *, is_adopted: bool) -> None:
    """Note in a folder what it was made from, with the distributions that are in it now, and whether it was ours."""
    library = library_of(target)
    names = distributions(library) if library else frozenset()
    noted = {**json.loads(text), "installed": sorted(names), **({ADOPTED: True} if is_adopted else {})}
    content = json.dumps(noted, indent=2, ensure_ascii=False) + "\n"
    (target / RECORD).write_bytes(content.encode("utf-8", "surrogatepass"))


def _refuse_changed(build: Build, root: Path) -> None:
    """Raise ChangedError where something else stands at the folder's place than when the plan was made."""
    if build.identity is not None and identity_of(root / build.path) != build.identity:
        raise ChangedError(
            f"{build.path} was changed by somebody else meanwhile",
            remedy="look what it is now, then run this again",
            path=build.path,
        )
