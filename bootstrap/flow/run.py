"""`run`: a command in the environment, which is set up first where it is missing."""

from __future__ import annotations

import os
import shlex
import shutil
from typing import TYPE_CHECKING

from bootstrap import process
from bootstrap.detect import parts
from bootstrap.detect.environment import detect_environment, is_handmade, is_made_in, recorded
from bootstrap.detect.pyvenv import is_of_another_python, scripts_in
from bootstrap.detect.repository import Reader, detect_repository
from bootstrap.environ import activated
from bootstrap.errors import ChangedError, LockedError, UsageError
from bootstrap.model import EnvironmentState, Run
from bootstrap.setup.python import suits
from bootstrap.state import state_directory
from bootstrap.transaction import CURRENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from bootstrap.commands import Tools
    from bootstrap.console import Console
    from bootstrap.model import Environment, Report, Repository
    from bootstrap.options import Options


def run(options: Options, tools: Tools, console: Console) -> int:
    """Run a command in the environment, set up first where it is missing; return its exit code."""
    words = _command_of(options)
    # uv itself needs no environment, and may be what mends the repository so that one can be made.
    if words[0] != "uv" or words[1:2] == ("pip",):
        report = _made_ready(options, tools, console)
        if report is not None and detect_environment(_home(options)).version is None:
            return report.exit_code
    home = _home(options)
    scripts = scripts_in(str(home / ".venv"))
    env = activated(tools.env, str(home / ".venv"))
    if words[0] == "uv" and shutil.which("uv", path=scripts) is None:
        return _become_uv(words, home, tools, env)
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


def _home(options: Options) -> Path:
    """Return the folder whose `.venv` a command runs in: the root, or the part that is named or stood in.

    Raises UsageError where each part has its own, and none is named.
    """
    if len(options.parts) > 1:
        raise UsageError("run takes one --part", remedy="name the one whose environment the command shall run in")
    if options.parts:
        return _home_of(options.parts[0], options)
    every = [path for path in parts.find(options.root) if detect_environment(options.root / path).version]
    inside = [path for path in every if options.here and options.here.is_relative_to(options.root / path)]
    if detect_environment(options.root).version and (not _is_apart(options) or _has_tools(options)):
        is_own = any(detect_environment(options.root / path).record for path in inside)
        return options.root / inside[0] if is_own else options.root
    if len(every) > 1 and not inside:
        raise UsageError(
            f"each part has an environment of its own: {', '.join(every)}",
            remedy=f"say which, such as {options.started} --part {shlex.quote(every[0])} run {options.words[0]}",
        )
    return options.root / (inside or every or ["."])[0]


def _home_of(name: str, options: Options) -> Path:
    """Return the folder whose `.venv` is that of a part; raise UsageError where there is no part of that name."""
    every = parts.find(options.root)
    if name not in every:
        raise UsageError(
            f"there is no part {name!r}",
            remedy=f"the parts are {', '.join(every)}" if every else "leave out --part: no folder has a manifest",
        )
    own = options.root / name
    return own if detect_environment(own).version else options.root


def _is_apart(options: Options) -> bool:
    """Say whether the parts were found not to go together: an environment at the root is one of before that, then."""
    from bootstrap import answers  # noqa: PLC0415 - only where parts may matter

    return answers.remembered(state_directory(options.root)).get("is_apart") is True


def _has_tools(options: Options) -> bool:
    """Say whether the root of a repository whose parts go apart has tools of its own, in an environment of its own."""
    from bootstrap.setup import dependencies  # noqa: PLC0415 - only where parts go apart

    read = Reader(options.root)
    repository = detect_repository(options.root, read, is_asked=True)
    return dependencies.above_parts(dependencies.recognise(repository, read), repository, read) is not None


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
    has_waited = False
    while not _is_ready(options):
        from bootstrap.flow.setup import setup  # noqa: PLC0415 - hardly ever needed, and it takes longer than all here
        from bootstrap.lock import wait_until_free  # noqa: PLC0415
        from bootstrap.reports import text  # noqa: PLC0415

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


def _become_uv(words: Sequence[str], home: Path, tools: Tools, env: Mapping[str, str]) -> int:
    """Turn into the uv that devstrap itself uses, on the repository and the environment that is there."""
    argv, extra = tools.filled_in(Run(tuple(words), "run uv"), home / ".venv")
    left = () if detect_environment(home).version else ("VIRTUAL_ENV",)
    kept = {name: env[name] for name in env if name not in left}
    # By default uv goes by the current folder, which is another one where --root names the repository.
    return process.become(argv, env={"UV_PROJECT": str(home), **kept, **extra})


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
    home = _home(options)
    repository = detect_repository(options.root, is_asked=options.python is not None)
    if home != options.root:
        repository = parts.repository_of(
            repository,
            home.relative_to(options.root).as_posix(),
            Reader(home),
            is_asked=options.python is not None,
        )
    return repository, detect_environment(home)


def _is_ready(options: Options) -> bool:
    """Say whether the environment can be used as it is, as far as its files tell."""
    repository, environment = _at_rest(options)
    if os.path.lexists(repository.state_dir / CURRENT):
        return False  # a run was cut off in the middle of its work, or is at it
    return suits(environment, repository, options.python) and is_made_in(
        recorded(environment.record), environment.path.parent
    )
