"""`guard`: do the running Python and `.venv` suit the repository? Made for Makefiles, scripts and entry points.

It answers in a blink, so it reads three small files and imports nothing but what reads them.
"""

from __future__ import annotations

import os
import sys

from bootstrap.detect.declared import read_default, read_pin, read_requires_python
from bootstrap.detect.pyvenv import NAME, interpreter_in, read_settings, version_in
from bootstrap.errors import BootstrapError, MalformedFileError
from bootstrap.versions import Range, Request, Version

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeVar

    from bootstrap.detect.declared import Declared
    from bootstrap.handoff import Handoff

    T = TypeVar("T")


def main(arguments: list[str], handoff: Handoff, root: str) -> int:
    """Print one sentence and its fix for each thing that does not suit, and return 1; else return 0.

    `--quiet` prints nothing when everything suits; `--json` prints one object.
    """
    try:
        admits, wanted = declared(_reader(root))
    except BootstrapError as error:
        if "--json" in arguments:
            _print_json_error(error)
        print(f"error: {error.where}: {error.message}\n  fix: {error.remedy}", file=sys.stderr)
        return error.exit_code
    problems = list(check(admits, wanted, handoff.executable, handoff.version, os.path.join(root, NAME)))
    if "--json" in arguments:
        _print_json(root, problems)
    for message, fix in problems:
        print(f"error: {message}\n  fix: {fix}", file=sys.stderr)
    if not problems and not {"--json", "--quiet", "-q"} & set(arguments):
        print(f"Python {handoff.version} suits this repository ({wanted}).")
    return 1 if problems else 0


def declared(read: Callable[[str], bytes | None]) -> tuple[Callable[[Version], bool], str]:
    """Return the test that a version has to pass, and what the repository says that makes it so."""
    pin, required = read_pin(read) or read_default(read), read_requires_python(read)
    request = _understood(Request.parse, pin, "a Python version", "3.12") if pin else None
    admitted = _understood(Range.parse, required, "a range of Python versions", ">=3.11") if required else None

    def admits(version: Version) -> bool:
        if request is not None and version[: len(request.release)] != request.release:
            return False
        return admitted is None or admitted.admits(version)

    said = [f"{pin[1]}:{pin[2]} pins {pin[0]}"] if pin else []
    said += [f"{required[1]}:{required[2]} requires {required[0]}"] if required else []
    return admits, " and ".join(said) or "it names no Python"


def _understood(parse: Callable[[str], T], found: Declared, what: str, example: str) -> T:
    text, path, line = found
    try:
        return parse(text)
    except ValueError:
        raise MalformedFileError(
            f"{text!r} is not {what}", remedy=f"write one there, for example {example}", path=path, line=line
        ) from None


def check(
    admits: Callable[[Version], bool], wanted: str, executable: str, version: str, environment: str
) -> Iterator[tuple[str, str]]:
    """Yield a sentence and its fix for the running Python and for `.venv`, as far as they do not suit."""
    if not admits(Version.parse(version)):
        yield f"this is Python {version} ({executable}), but {wanted}", "python bootstrap.py run YOUR COMMAND"
    settings = read_settings(environment)
    found = version_in(settings)
    if not settings:
        yield f"there is no environment at {environment}", "python bootstrap.py"
    elif not os.path.exists(interpreter_in(environment)):
        yield f"the interpreter of {environment} is gone", "python bootstrap.py"
    elif found is None:
        yield f"{environment} does not say which Python it is for", "python bootstrap.py"
    elif not admits(found):
        yield f"{environment} runs Python {found}, but {wanted}", "python bootstrap.py"


def _reader(root: str) -> Callable[[str], bytes | None]:
    def read(name: str) -> bytes | None:
        try:
            with open(os.path.join(root, name), "rb") as stream:
                return stream.read()
        except OSError:
            return None

    return read


def _print_json_error(error: BootstrapError) -> None:
    from bootstrap.reports import document  # noqa: PLC0415

    print(document.error("guard", error, error.exit_code))


def _print_json(root: str, problems: list[tuple[str, str]]) -> None:
    from pathlib import Path  # noqa: PLC0415

    from bootstrap.model import Finding, Report, Severity, Status  # noqa: PLC0415 - machines can wait a little
    from bootstrap.reports import document  # noqa: PLC0415

    findings = tuple(Finding("D102", Severity.ERROR, message, f"run {fix}", fix=fix) for message, fix in problems)
    status = Status.FINDINGS if problems else Status.NOTHING_TO_DO
    print(document.render(Report("guard", Path(root), status, findings=findings, exit_code=1 if problems else 0)))
