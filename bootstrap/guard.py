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
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypeVar

    from bootstrap.detect.declared import Declared
    from bootstrap.handoff import Handoff

    T = TypeVar("T")
    # A version, its implementation, and whether it is free-threaded.
    Test = Callable[[Version, str, bool], bool]

_RECORD = "devstrap.json"


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


def declared(read: Callable[[str], bytes | None]) -> tuple[Test, str]:
    """Return the test that an interpreter has to pass, and what the repository says that makes it so."""
    pin, required = read_pin(read) or read_default(read), read_requires_python(read)
    request = _understood(Request.parse, pin, "a Python version", "3.12") if pin else None
    admitted = _understood(Range.parse, required, "a range of Python versions", ">=3.11") if required else None

    def admits(version: Version, implementation: str, is_free_threaded: bool) -> bool:
        if request is not None and not request.admits(version, implementation, is_free_threaded=is_free_threaded):
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


def check(admits: Test, wanted: str, executable: str, version: str, environment: str) -> Iterator[tuple[str, str]]:
    """Yield a sentence and its fix for the running Python and for `.venv`, as far as they do not suit."""
    running = Version.parse(version)
    kind = _kind_of_caller(executable, running)
    if not admits(running, *kind):
        yield f"this is {_title(version, *kind)} ({executable}), but {wanted}", "python bootstrap.py run YOUR COMMAND"
    settings = read_settings(environment)
    found = version_in(settings)
    origin = _origin(environment)
    if not settings:
        yield f"there is no environment at {environment}", "python bootstrap.py"
    elif not os.path.exists(interpreter_in(environment)):
        yield f"the interpreter of {environment} is gone", "python bootstrap.py"
    elif found is None:
        yield f"{environment} does not say which Python it is for", "python bootstrap.py"
    elif not admits(found, *(kind := _kind(interpreter_in(environment), found, environment, settings))):
        yield f"{environment} runs {_title(found, *kind)}, but {wanted}", "python bootstrap.py"
    elif origin and os.path.realpath(origin) != os.path.realpath(os.path.dirname(environment)):
        shown = origin if origin.isprintable() else ascii(origin)
        yield f"{environment} was made in {shown}, and its commands may still lead there", "python bootstrap.py"


def _kind_of_caller(executable: str, version: Version) -> tuple[str, bool]:
    """Return the implementation of the running Python, and whether it is free-threaded: its name and place tell."""
    if not executable:
        return "cpython", False
    environment = os.path.dirname(os.path.dirname(executable))
    return _kind(executable, version, environment, read_settings(environment))


def _kind(executable: str, version: Version, environment: str, settings: Mapping[str, str]) -> tuple[str, bool]:
    """Return the implementation of an interpreter, and whether it is free-threaded, without starting it.

    uv and virtualenv note the implementation in pyvenv.cfg, venv does not; `settings` are empty where there is none.
    """
    paths = (executable, os.path.realpath(executable))
    names = [os.path.basename(path).lower().removesuffix(".exe") for path in paths]
    named = (name for name in ("pypy", "graalpy") if any(name in one for one in names))
    implementation = settings.get("implementation", "").lower() or next(named, "cpython")
    library = os.path.join(environment, "lib", f"python{version[0]}.{version[1]}t")
    # python3.13t; Windows has no such folder in an environment, but uv's Pythons are in one that says so
    is_free_threaded = (
        any(one.endswith("t") and one[-2:-1].isdigit() for one in names)
        or "+freethreaded" in settings.get("home", "")
        or (bool(settings) and os.path.isdir(library))
    )
    return implementation, is_free_threaded


def _title(version: str | Version, implementation: str, is_free_threaded: bool) -> str:
    title = f"{'free-threaded ' if is_free_threaded else ''}Python {version}"
    return title if implementation == "cpython" else f"{implementation}'s {title}"


def _origin(environment: str) -> str:
    """Return the folder for which devstrap noted to have made an environment, or nothing; it never raises.

    It reads the one text out of a JSON object that devstrap wrote itself: json takes longer to import than the rest.
    """
    try:
        with open(os.path.join(environment, _RECORD), encoding="ascii") as stream:
            _, _, rest = stream.read().partition('"root": "')
        raw = rest.partition("\n")[0].rstrip(", ").removesuffix('"')
        if '"' in raw.replace("\\\\", "").replace('\\"', ""):
            return ""  # not laid out as devstrap does
        text = raw.encode("ascii").decode("unicode_escape") if "\\" in raw else raw
        # JSON escapes what is beyond the first 65,536 characters as two halves
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass") if "\\u" in raw else text
        return text if os.path.isabs(text) and "\0" not in text else ""
    except (OSError, ValueError):
        return ""


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
