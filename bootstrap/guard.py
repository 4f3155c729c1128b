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
    from typing import IO, TypeVar

    from bootstrap.detect.declared import Declared
    from bootstrap.handoff import Handoff

    T = TypeVar("T")
    # A version, its implementation, and whether it is free-threaded.
    Test = Callable[[Version, str, bool], bool]

_RECORD = "devstrap.json"
_START = "python bootstrap.py"


def main(arguments: list[str], handoff: Handoff, root: str) -> int:
    """Print one sentence and its fix for each thing that does not suit, and return 1; else return 0.

    `--quiet` prints nothing when everything suits; `--json` prints one object.
    """
    try:
        admits, wanted = declared(_reader(root))
    except BootstrapError as error:
        if "--json" in arguments:
            _print_json_error(error)
        _say(f"error: {error.where}: {error.message}\n  fix: {error.remedy}", sys.stderr)
        return error.exit_code
    start = _START if handoff.script else "devstrap"
    environment = os.path.join(root, NAME)
    places = [root] if os.path.lexists(environment) else _parts_with_environment(root) or [root]
    problems: list[tuple[str, str]] = []
    for place in places:
        if place != root:
            admits, wanted = declared(_reader(place))
        found = check(admits, wanted, handoff.executable, handoff.version, os.path.join(place, NAME), start=start)
        problems += [problem for problem in found if problem not in problems]
    if "--json" in arguments:
        _print_json(root, problems)
    for message, fix in problems:
        _say(f"error: {message}\n  fix: {fix}", sys.stderr)
    if not problems and not {"--json", "--quiet", "-q"} & set(arguments):
        _say(f"Python {handoff.version} suits this repository ({wanted}).", sys.stdout)
    return 1 if problems else 0


def _parts_with_environment(root: str) -> list[str]:
    """Return the parts of a repository that have an environment of their own, as where they do not go together."""
    from pathlib import Path  # noqa: PLC0415 - most repositories have one environment, at the root

    from bootstrap.detect.parts import find  # noqa: PLC0415

    folders = (os.path.join(root, part) for part in find(Path(root)))
    return [folder for folder in folders if os.path.exists(os.path.join(folder, NAME))]


def _say(text: str, stream: IO[str]) -> None:
    """Print text, broken at spaces where it leads to a terminal that is too narrow for it."""
    try:
        is_narrow = stream.isatty() and os.get_terminal_size(stream.fileno()).columns < max(map(len, text.split("\n")))
    except (OSError, ValueError):
        is_narrow = False
    if is_narrow:
        from bootstrap.console import columns, folded  # noqa: PLC0415 - few terminals are, and none of a Makefile's

        text = folded(text, columns(stream))
    print(text, file=stream)


def declared(read: Callable[[str], bytes | None]) -> tuple[Test, str]:
    """Return the test that an interpreter has to pass, and what the repository says that makes it so."""
    pin, required = read_pin(read) or read_default(read), read_requires_python(read)
    request = _understood(Request.parse, pin, "a Python version", "3.12") if pin else None
    admitted = _understood(Range.parse, required, "a range of Python versions", ">=3.11") if required else None

    def admits(version: Version, implementation: str, is_free_threaded: bool) -> bool:
        if request is not None:
            if not request.admits(version, implementation, is_free_threaded=is_free_threaded):
                return False
        elif implementation != "cpython" or (admitted is not None and (is_free_threaded or version.is_prerelease)):
            return False  # these are for a repository that asks for them by name; setup takes them no more than guard
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
    admits: Test, wanted: str, executable: str, version: str, environment: str, *, start: str = _START
) -> Iterator[tuple[str, str]]:
    """Yield a sentence and its fix for the running Python and for `.venv`, as far as they do not suit.

    `start` is how devstrap is started here.
    """
    running = Version.parse(version)
    kind = _kind_of_caller(executable, running)
    if not admits(running, *kind):
        reason = _reason(admits, wanted, running)
        yield f"this is {_title(version, *kind)} ({executable}), but {reason}", f"{start} run YOUR COMMAND"
    settings = read_settings(environment)
    found, is_exact = _version_of(environment, settings)
    origin = _origin(environment)
    if not settings:
        yield f"there is no environment at {environment}", start
    elif not os.path.exists(interpreter_in(environment)):
        yield f"the interpreter of {environment} is gone", start
    elif found is None:
        yield f"{environment} does not say which Python it is for", start
    elif not admits(found, *(kind := _kind(interpreter_in(environment), found, environment, settings))):
        title = _title(found if is_exact else f"{found[0]}.{found[1]} (its files do not say which)", *kind)
        yield f"{environment} runs {title}, but {_reason(admits, wanted, found)}", start
    elif origin and os.path.realpath(origin) != os.path.realpath(os.path.dirname(environment)):
        shown = origin if origin.isprintable() else ascii(origin)
        yield f"{environment} was made in {shown}, and its commands may still lead there", start


def _reason(admits: Test, wanted: str, version: Version) -> str:
    """Say why a Python does not suit: where its number would do, it is of a kind that has to be pinned by name."""
    released = Version((version[0], version[1], version[2], "~", 0))
    if " pins " in wanted or not admits(released, "cpython", False):
        return wanted
    if " requires " in wanted:
        return f"{wanted}, and a range alone means released versions of plain CPython"
    return "the repository names none, and then CPython is taken"


def _version_of(environment: str, settings: Mapping[str, str]) -> tuple[Version | None, bool]:
    """Return the version of an environment, and whether its last number is known.

    uv leaves that out of pyvenv.cfg for a Python that it upgrades in place; the folder that the interpreter is in has
    it then, as in .../cpython-3.12.1-linux-x86_64-gnu/bin/python3.12. Where it has not, it counts as 0, as for setup.
    """
    version = version_in(settings)
    text = settings.get("version_info") or settings.get("version") or ""
    if version is None or text.count(".") > 1:
        return version, True
    words = os.path.realpath(interpreter_in(environment)).replace(os.sep, "-").split("-")
    for word in words:
        if word.count(".") == 2 and word.startswith(f"{version[0]}.{version[1]}.") and word.replace(".", "").isdigit():
            return Version.parse(word), True
    return version, False


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
