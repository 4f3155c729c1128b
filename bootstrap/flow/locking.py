"""`--lock FILE`: what was installed and proved, written as a requirements file that pip and uv install as it is."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from bootstrap import process
from bootstrap.errors import StepError, UnsafePathError, UsageError
from bootstrap.model import Change, Plan, Run

if TYPE_CHECKING:
    from pathlib import Path

    from bootstrap.commands import Tools
    from bootstrap.console import Console
    from bootstrap.model import Facts, Step
    from bootstrap.options import Options

_TITLE = b"# Locked by devstrap"
_FREEZE = Run(
    ("uv", "pip", "freeze", "--exclude-editable", "--python", "{python}"), "list what is installed, with its versions"
)


def refuse(options: Options) -> None:
    """Raise UsageError for a lock that would be somebody else's file, before anything is begun."""
    if options.lock is None:
        return
    path = options.root / options.lock
    if not path.resolve().is_relative_to(options.root):
        raise UnsafePathError(f"{options.lock} is outside of {options.root}", remedy="name a file in the repository")
    if path.is_dir():
        raise UsageError(f"{options.lock} is a folder", remedy=f"name a file, such as {options.lock}/locked.txt")
    if path.exists() and not path.read_bytes().startswith(_TITLE):
        raise UsageError(
            f"{options.lock} is there already, and is no lock of devstrap's", remedy="name another file with --lock"
        )


def refuse_parts(facts: Facts, options: Options) -> None:
    """Raise UsageError where each part has an environment of its own: one file cannot lock them all."""
    if options.lock is not None and not facts.needs_environment:
        raise UsageError(
            "each part has an environment of its own",
            remedy=f"lock one: --root {shlex.quote(facts.parts[0].path)} --lock FILE",
        )


def planned(facts: Facts, plan: Plan, options: Options, tools: Tools) -> tuple[Step, ...]:
    """Return what would be written: the file as it would be, or, before anything is installed, only that it would."""
    if options.lock is None:
        return ()
    if not plan.is_empty:
        return (Run(_FREEZE.argv[:4], f"write {options.lock.as_posix()}, with what was installed and proved"),)
    change = _change(facts, options.lock, options, tools)
    return () if change.before == change.after else (change,)


def lock(facts: Facts, options: Options, tools: Tools, console: Console, first: int = 0) -> tuple[Change, ...]:
    """Write the lock; return what was written, nothing where the file says it already.

    `first` is the first run of the set-up that it belongs to, and is undone with.
    Raises UsageError where each part has an environment of its own, StepError where nobody can list what is installed.
    """
    if options.lock is None:
        return ()
    refuse_parts(facts, options)
    change = _change(facts, options.lock, options, tools)
    if change.before == change.after:
        return ()
    from bootstrap.execute import execute  # noqa: PLC0415 - only where there is something to write

    state_dir = facts.repository.state_dir
    execute(Plan((change,)), options.root, state_dir, options.command, tools, console, continues=first)
    return (change,)


def _change(facts: Facts, name: Path, options: Options, tools: Tools) -> Change:
    command = tools.real(_FREEZE, options.root, facts.environment.path)
    done = process.run(command.argv, cwd=command.cwd, env=command.env)
    if not done.ok:
        raise StepError(f"could not {_FREEZE.purpose}: {done.stderr.strip()}", remedy="run this again")
    path = options.root / name
    before = path.read_bytes() if path.exists() else None
    after = _TITLE + _heading(facts) + _pins(done.stdout)
    return Change(name.as_posix(), before, after, "what was installed, and proved")


def _heading(facts: Facts) -> bytes:
    when = f", as of {facts.moment}" if facts.moment else ""
    return f" for Python {facts.environment.version}{when}.\n".encode()


def _pins(listed: str) -> bytes:
    # what was installed from this machine is nothing to anybody else
    lines = (line for line in listed.splitlines() if line and not re.search(r"@ file:", line))
    return "".join(f"{line}\n" for line in lines).encode()
