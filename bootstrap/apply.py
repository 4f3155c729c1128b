"""Runs a plan inside a transaction: everything, or nothing."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from bootstrap.detect.environment import ADOPTED, RECORD, identity_of, is_handmade, library_of
from bootstrap.detect.wholeness import distributions
from bootstrap.errors import ChangedError
from bootstrap.failures import explain
from bootstrap.failures.places import Places
from bootstrap.model import Build, Change, Run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bootstrap.commands import Tools
    from bootstrap.console import Console
    from bootstrap.errors import StepError
    from bootstrap.model import Plan
    from bootstrap.process import Completed, Runner
    from bootstrap.transaction import Transaction

# How uv announces a build of something from an index, where no terminal wants it drawn.
_BUILDING = re.compile(r"^\s*Building (\S+==\S+)$")


def apply(plan: Plan, root: Path, transaction: Transaction, tools: Tools, runner: Runner, console: Console) -> None:
    """Execute every step of `plan`; raise StepError for the first that fails, for the transaction to roll back."""
    with console.progress(len(plan.steps)) as progress:
        for step in plan.steps:
            with progress.step(describe(step)) as on_line:
                listener = _Listener(on_line, progress.note)
                _execute(step, root, transaction, _Execution(root, tools, runner, listener))


def describe(step: Change | Run | Build) -> str:
    """Say in a few words what a step does."""
    if isinstance(step, Change):
        verb = "write" if step.before is None else ("delete" if step.after is None else "update")
        return f"{verb} {step.path}"
    return step.purpose


class _Listener:
    """Hands on what a command says as it comes, and tells at once what is built from source: that is slow, or fails."""

    def __init__(self, on_line: Callable[[str], None], note: Callable[[str], None]) -> None:
        self.on_line = on_line
        self.note = note
        self.is_told = False

    def __call__(self, line: str) -> None:
        self.on_line(line)
        found = _BUILDING.match(line)
        if found:
            why = "too" if self.is_told else "is built from source: there is no wheel of it for this Python"
            self.note(f"{found[1]} {why}")
            self.is_told = True


class _Execution:
    """Runs the commands of one step."""

    def __init__(self, root: Path, tools: Tools, runner: Runner, on_line: Callable[[str], None]) -> None:
        self.root = root
        self.tools = tools
        self.runner = runner
        self.on_line = on_line

    def run(self, run: Run, target: Path) -> None:
        command = self.tools.real(run, self.root, target)
        completed = self.runner(command.argv, cwd=command.cwd, env=command.env, on_line=self.on_line)
        if not completed.ok:
            raise self._explained(completed, run, target)

    def _explained(self, completed: Completed, run: Run, target: Path) -> StepError:
        """Return the error, without the place where it was being built: that is gone when the person reads this."""
        place = str(self.root / ".venv")
        argv = tuple(word.replace(str(target), place) for word in completed.argv)
        said = completed.stderr.replace(str(target), place)
        places = Places(self.root, run.cwd, run.argv)
        error = explain(completed._replace(argv=argv, stderr=said), run.purpose, places)
        error.run = run
        return error


def _execute(step: Change | Run | Build, root: Path, transaction: Transaction, execution: _Execution) -> None:
    if isinstance(step, Change):
        transaction.write(step)
    elif isinstance(step, Run):
        execution.run(step, root)
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
        if any(word.startswith("{target}/") for word in run.argv):
            _provide(build, target)
        execution.run(run, target)
    if build.record:
        from bootstrap.transaction.failure import explained  # noqa: PLC0415 - reports import this module too

        with explained(f"{build.path}/{RECORD}"):
            _note(build.record, target, is_adopted=is_adopted)
    if build.mode == "replace":
        _refuse_changed(build, root)
        transaction.swap(build.path, keep=is_handmade(root / build.path))


def _provide(build: Build, target: Path) -> None:
    """Write the files that commands read: once there is a folder, and before the first command that reads one."""
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
