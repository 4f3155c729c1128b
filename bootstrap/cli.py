"""Commands to options to flow to exit code; nothing else."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from bootstrap import __version__, console
from bootstrap.commands import Tools
from bootstrap.detect.root import find_root
from bootstrap.errors import BootstrapError, InterruptedRunError, UsageError
from bootstrap.options import Options
from bootstrap.reports import AGREEMENT, FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bootstrap.console import Console
    from bootstrap.handoff import Handoff
    from bootstrap.model import Report

BUG = 3


def _in(module: str, name: str) -> Callable[[Options, Tools, Console], Report]:
    """Return the command `name` of a module that is imported when the command is given: a hook must be quick."""

    def command(options: Options, tools: Tools, person: Console) -> Report:
        report: Report = getattr(import_module(f"bootstrap.{module}"), name)(options, tools, person)
        return report

    return command


COMMANDS: Mapping[str, Callable[[Options, Tools, Console], Report]] = {
    "setup": _in("flow.setup", "setup"),
    "undo": _in("flow.undo", "undo"),
    "check": _in("agreement.check", "check"),
    "versions": _in("agreement.versions", "versions"),
    "modernize": _in("agreement.modernize", "modernize"),
    "init": _in("adopt.command", "init"),
}
# They need uv; the others only read and write files.
_WITH_UV = ("setup", "run")

# These two answer with what they do, not with a report.
_NAMES = (*COMMANDS, "run", "guard")

_DESCRIPTION = """\
From cloned to working with one command: the right Python, .venv with everything in it, an editor and a devcontainer
that use it, and a report that says so truthfully.

commands:
  setup          set this repository up; what is done when no command is given
  run CMD ...    run CMD in the environment, without activation; sets it up first where it is missing
  guard          say in a blink whether the running Python and .venv suit this repository
  check          say which places that name a Python version disagree; --fix mends them
  versions       list every place that names a Python version
  modernize      move all of them to --minimum, --default and --supported; with --code the code follows
  init           bring devstrap to this repository: versions, policy, wrapper; in phases, reviewed, reversible
  undo           put back what the last run wrote, or with --phase a part of what init wrote
"""
_EPILOG = """\
exit codes: 0 fine; 1 findings, or with --dry-run --exit-code something to do; 2 usage or something unsupported;
3 a bug in devstrap; 4 failed, and everything is as it was; 130 interrupted and rolled back
"""


# What `init` adds, or with --no-... does not.
_PARTS = {
    "ci": "a workflow, where nothing tests the repository yet (default: yes)",
    "hooks": "check in the configuration of pre-commit, where there is one; setup: install its hooks (default: yes)",
    "guards": "install and guard in the Makefile, where there is one (default: yes)",
    "documents": "how to set up, in CONTRIBUTING and the like (default: yes)",
    "image": "a Dockerfile, where there is no image yet (default: no)",
    "gather": "what tools are told in pytest.ini, mypy.ini and the like, moved into pyproject.toml (default: no)",
}


class _EditorNames:
    """What `--editor` may name, looked up only where somebody names one."""

    def __iter__(self) -> Iterator[str]:
        from bootstrap.setup.editors import EDITORS  # noqa: PLC0415 - as the commands above

        return iter((*EDITORS, "none"))

    def __contains__(self, name: object) -> bool:
        return name in tuple(self)


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str) -> None:
        # argparse makes one for each option, and asks shutil for the width, which is slow to load
        super().__init__(prog, width=(console.columns(sys.stdout) or 80) - 2)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(message, remedy=f"see {self.prog} --help")


def _add_switch(made: argparse.ArgumentParser, name: str, what: str) -> None:
    """Add an option that says yes, or with `--no-` no, and None where nobody says either."""
    made.add_argument(name, action=argparse.BooleanOptionalAction, default=None, help=what)


def parser(prog: str, *, with_command: bool = True) -> argparse.ArgumentParser:
    """Return the parser of the options and, in `words`, of what follows the command."""
    made = _Parser(
        prog=prog,
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=_Formatter,
        usage=f"{prog} [COMMAND] [OPTIONS]",
        allow_abbrev=False,
    )
    if with_command:
        made.add_argument("command", nargs="?", default="setup", help=argparse.SUPPRESS)
        made.add_argument("words", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    made.add_argument("-y", "--yes", action="store_true", help="ask nothing, take the default of every question")
    made.add_argument("--dry-run", action="store_true", help="show what would be done, with diffs; touch nothing")
    made.add_argument("--exit-code", action="store_true", help="with --dry-run: exit with 1 when there is work to do")
    made.add_argument("--json", action="store_true", help="one JSON object on stdout, everything else on stderr")
    made.add_argument("-q", "--quiet", action="store_true", help="say nothing but errors and findings")
    made.add_argument("-v", "--verbose", action="store_true", help="show what the commands say that are run")
    made.add_argument("--root", type=Path, metavar="DIR", help="the repository (default: where bootstrap.py is)")
    made.add_argument("--python", metavar="VERSION", help="the Python for .venv, such as 3.12; goes before the pins")
    _add_switch(made, "--managed", "prefer a Python that uv keeps (default: no)")
    made.add_argument("--offline", action="store_true", help="use only what is on this machine")
    made.add_argument(
        "--editor",
        action="append",
        choices=_EditorNames(),
        metavar="vscode|none",
        help="configure it (default: vscode, for init none)",
    )
    _add_switch(made, "--devcontainer", "write a devcontainer where there is none (default: yes, for init no)")
    _add_switch(made, "--dotenv", "write .env from its example where there is none (default: yes)")
    made.add_argument(
        "--as-of",
        metavar="WHEN",
        help="install what had been released by then: a date, 'commit' for the last commit's, or 'now'",
    )
    made.add_argument(
        "--part", action="append", metavar="DIR", help="a part of the repository with a manifest of its own; repeatable"
    )
    made.add_argument("--lock", type=Path, metavar="FILE", help="write what was installed there, pinned")
    _add_switch(
        made,
        "--remember",
        "say what was answered and found out in [tool.devstrap], for everyone who clones (default: no)",
    )
    _add_switch(
        made, "--smoke", "collect the tests, to prove that all of it can be imported (default: after an installation)"
    )
    made.add_argument("--minimum", metavar="VERSION", help="modernize: the oldest supported Python")
    made.add_argument("--default", metavar="VERSION", help="modernize: the Python of developers and images")
    made.add_argument("--supported", metavar="LIST", help="modernize: all supported Pythons, such as 3.11,3.12,3.13")
    made.add_argument(
        "--only", action="append", metavar="WHAT", help="an area, a kind, a file or a site's id; repeatable"
    )
    made.add_argument("--skip", action="append", metavar="WHAT", help="the same, to be left alone")
    made.add_argument("--entries", action="store_true", help="modernize: entries of several lines come and go as well")
    made.add_argument(
        "--simplify", action="store_true", help="modernize: take out what repeats requires-python or .python-version"
    )
    made.add_argument(
        "--code", action="store_true", help="modernize: renew the code too, as long as the tests that pass still do"
    )
    made.add_argument("--no-tests", action="store_true", help="modernize --code: write it without running the tests")
    made.add_argument(
        "--phase",
        action="append",
        choices=("foundation", "containers", "environment"),
        help="init, undo: do or take back this part alone; repeatable",
    )
    for name, what in _PARTS.items():
        _add_switch(made, f"--{name}", f"init: {what}")
    made.add_argument("--summary", type=Path, metavar="FILE", help="init: write what was done there, in Markdown")
    made.add_argument("--allow-dirty", action="store_true", help="init: mix the changes with uncommitted ones")
    made.add_argument("--fix", action="store_true", help="check: mend what can be mended safely")
    made.add_argument("--format", choices=tuple(FORMATS), default=None, help="check: how to report (default: text)")
    made.add_argument("--version", action="version", version=f"devstrap {__version__}")
    return made


def main(arguments: Sequence[str], handoff: Handoff) -> int:
    """Run one command and return its exit code; every error becomes a clear sentence and a code."""
    is_json = _is_json(arguments[: _first_word(arguments)])
    try:
        options = parse(arguments, handoff)
        is_json = options.is_json
        return _dispatch(options, handoff)
    except KeyboardInterrupt:
        return _fail(
            InterruptedRunError("interrupted", remedy="nothing is left behind; run it again"), is_json, arguments
        )
    except BootstrapError as error:
        return _fail(error, is_json, arguments)
    except Exception as error:  # noqa: BLE001 - the last resort, which says that it is our fault
        return _report_bug(error, is_json, arguments)


def _is_json(arguments: Sequence[str]) -> bool:
    """Say whether JSON is asked for, of a command line that may be wrong."""
    pairs = pairwise(arguments)
    return "--json" in arguments or "--format=json" in arguments or ("--format", "json") in pairs


def _first_word(arguments: Sequence[str]) -> int:
    """Return where `run` begins to speak of another command, or the end."""
    return arguments.index("run") if "run" in arguments else len(arguments)


def parse(arguments: Sequence[str], handoff: Handoff) -> Options:
    """Understand the command line; raise UsageError for what does not exist.

    Options may stand before and after the command, but what follows `run CMD` is CMD's.
    """
    prog = "python bootstrap.py" if handoff.script else "devstrap"
    found = parser(prog).parse_args(list(arguments))
    command = found.command
    if command not in _NAMES:
        raise UsageError(f"there is no command {command!r}", remedy=f"the commands are {', '.join(_NAMES)}")
    if command != "run" and found.words:
        found = parser(prog, with_command=False).parse_args(found.words, found)
    _refuse_idle(command, found)
    return _options(command, found, handoff, arguments)


_LOOK = ("json", "quiet", "verbose", "root", "only", "skip")
# What does something for each command.
_USED = {
    "setup": (
        *("yes", "dry_run", "exit_code", "json", "quiet", "verbose", "root"),
        *("python", "managed", "offline", "editor", "devcontainer", "dotenv", "hooks", "as_of"),
        *("smoke", "lock", "part", "remember"),
    ),
    "check": (*_LOOK, "fix", "dry_run", "format"),
    "versions": _LOOK,
    "modernize": (
        *(*_LOOK, "yes", "dry_run", "exit_code", "minimum", "default", "supported", "entries", "simplify"),
        *("code", "no_tests", "offline"),
    ),
    "init": (
        *("json", "quiet", "verbose", "root", "yes", "dry_run", "exit_code"),
        *("minimum", "default", "supported", "phase", "summary", "allow_dirty"),
        *("editor", "devcontainer", *_PARTS),
    ),
    "guard": ("json", "quiet", "verbose", "root"),
    "undo": ("yes", "dry_run", "json", "quiet", "verbose", "root", "phase"),
    "run": (
        "yes",
        "quiet",
        "verbose",
        "root",
        "python",
        "managed",
        "offline",
        "editor",
        "devcontainer",
        "dotenv",
        "hooks",
        "as_of",
        "part",
    ),
}


# Where no is an answer too.
_EITHER_WAY = ("managed", "devcontainer", "dotenv", "remember", *_PARTS)


def _refuse_idle(command: str, found: argparse.Namespace) -> None:
    """Raise UsageError for an option that would do nothing: whoever gave it expects something of it."""
    given = [
        name
        for name, value in vars(found).items()
        if (value is not None if name in _EITHER_WAY else value not in (None, False))
        and name not in ("command", "words")
    ]
    used = _USED[command]
    idle = [name for name in given if name not in used]
    if idle:
        raise UsageError(f"--{idle[0].replace('_', '-')} does nothing for {command}", remedy="leave it out")
    if found.exit_code and not found.dry_run:
        raise UsageError("--exit-code goes with --dry-run", remedy="add --dry-run, or leave out --exit-code")
    for option in ("no_tests", "offline"):
        if command == "modernize" and getattr(found, option) and not found.code:
            name = f"--{option.replace('_', '-')}"
            raise UsageError(f"{name} goes with --code", remedy=f"add --code, or leave out {name}")
    if command == "check" and found.dry_run and not found.fix:
        raise UsageError("--dry-run goes with --fix", remedy="leave it out: check alone only looks")


def _options(command: str, found: argparse.Namespace, handoff: Handoff, arguments: Sequence[str]) -> Options:
    root = found.root or (Path(handoff.script).parent if handoff.script else find_root(Path.cwd()))
    if not root.is_dir():
        raise UsageError(f"{root} is not a folder", remedy="name the repository's folder with --root")
    editors = tuple(name for name in found.editor if name != "none") if found.editor else None
    return Options(
        command=command,
        root=root.resolve(),
        here=Path.cwd() if command == "run" else None,
        words=tuple(found.words) if command == "run" else (),
        is_yes=found.yes,
        is_dry_run=found.dry_run,
        has_exit_code=found.exit_code,
        is_json=found.json or found.format == "json",
        is_quiet=found.quiet,
        is_verbose=found.verbose,
        python=found.python,
        managed=found.managed,
        is_offline=found.offline,
        editors=editors,
        devcontainer=found.devcontainer,
        dotenv=found.dotenv,
        parts=tuple(part.strip("/").removeprefix("./") for part in found.part or ()),
        as_of=found.as_of,
        lock=found.lock,
        remember=found.remember,
        has_smoke=found.smoke,
        ci=found.ci,
        hooks=found.hooks,
        guards=found.guards,
        documents=found.documents,
        image=found.image,
        gather=found.gather,
        minimum=found.minimum,
        default=found.default or None,
        supported=tuple(part for part in found.supported.split(",") if part.strip()) if found.supported else None,
        only=_listed(found.only),
        skip=_listed(found.skip),
        is_fix=found.fix,
        is_simplify=found.simplify,
        with_entries=found.entries,
        is_code=found.code,
        is_untested=found.no_tests,
        phases=tuple(found.phase or ()),
        summary=found.summary,
        is_dirty_allowed=found.allow_dirty,
        format="json" if found.json else found.format or "text",
        arguments=tuple(arguments),
        started=_started(handoff, found.root),
    )


def _started(handoff: Handoff, root: Path | None) -> str:
    """Return how devstrap was started, as far as a command that is suggested has to begin in the same way."""
    command = "python bootstrap.py" if handoff.script else "devstrap"
    if root is None or (handoff.script and root.resolve() == Path(handoff.script).resolve().parent):
        return command
    import shlex  # noqa: PLC0415 - only for a root that was named

    return f"{command} --root {shlex.quote(str(root))}"


def _listed(given: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(part.strip() for words in given or () for part in words.split(",") if part.strip())


def _dispatch(options: Options, handoff: Handoff) -> int:
    env = dict(os.environ)
    if options.command == "guard":
        from bootstrap import guard  # noqa: PLC0415 - as the commands above

        flags = [flag for flag, is_on in (("--json", options.is_json), ("--quiet", options.is_quiet)) if is_on]
        return guard.main(flags, handoff, str(options.root))
    needs_uv = options.command in _WITH_UV or options.is_code
    if needs_uv and not handoff.uv:
        raise UsageError("uv is not on PATH", remedy="install uv, or start devstrap with python bootstrap.py")
    uv = handoff.uv if needs_uv else ""
    cache = Path(handoff.cache) if needs_uv and handoff.cache else None
    index = handoff.index_settings
    tools = Tools(uv, env, cache, index, is_offline=options.is_offline, no_index=handoff.no_index)
    is_document = options.format != "text"
    person = console.for_person(env, is_json=is_document, is_quiet=options.is_quiet, is_verbose=options.is_verbose)
    if options.command == "run":
        from bootstrap.flow import run  # noqa: PLC0415 - as the commands above

        return run.run(options, tools, console.Console(sys.stderr, is_quiet=options.is_quiet))
    report = COMMANDS[options.command](options, tools, person)
    if is_document:
        console.Console(sys.stdout).insist(console.Verbatim(FORMATS[options.format](report)))
    if report.exit_code or not (options.is_json or options.is_quiet):
        # what shows an environment takes as long to load as a whole check
        room = "agreement" if options.command in AGREEMENT else "text"
        person.insist(import_module(f"bootstrap.reports.{room}").render(report, is_verbose=options.is_verbose))
    return report.exit_code


def _fail(error: BootstrapError, is_json: bool, arguments: Sequence[str]) -> int:
    if is_json:
        _print_error(error, error.exit_code, arguments)
    from bootstrap.reports import text  # noqa: PLC0415 - only for what went wrong

    console.Console(sys.stderr).insist(text.problem(error))
    return error.exit_code


def _print_error(error: BootstrapError, exit_code: int, arguments: Sequence[str]) -> None:
    command = next((word for word in arguments if word in _NAMES), "setup")
    from bootstrap.reports import document  # noqa: PLC0415 - only for what went wrong

    console.Console(sys.stdout).insist(document.error(command, error, exit_code))


def _report_bug(error: Exception, is_json: bool, arguments: Sequence[str]) -> int:
    import platform  # noqa: PLC0415 - only for the report
    import traceback  # noqa: PLC0415

    lines = (
        "this is a bug in devstrap, please report it with the lines below:",
        f"  devstrap {__version__}, Python {platform.python_version()}, {platform.platform()}",
        f"  arguments: {' '.join(arguments)}",
        *traceback.format_exception(error),
    )
    if is_json:
        bug = BootstrapError(f"this is a bug in devstrap: {error!r}", remedy="report it with the lines on stderr")
        bug.code = "bug"
        _print_error(bug, BUG, arguments)
    console.Console(sys.stderr).insist("\n".join(lines))
    return BUG
