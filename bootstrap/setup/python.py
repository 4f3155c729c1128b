"""Which Python the environment shall run: what the repository asks for, and what the machine has."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from bootstrap.detect.pyvenv import interpreter_in
from bootstrap.errors import ContradictionError, UsageError
from bootstrap.model import Choice, EnvironmentState, Place, Requirement, Run
from bootstrap.versions import DEFAULT, NEWEST_MINOR, OLDEST_INSTALLABLE, Range, Request, Version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from bootstrap.machine import Host, Interpreter
    from bootstrap.model import Answers, Environment, Repository
    from bootstrap.setup.evidence import Evidence

UV_SOURCE = "uv"
_OLDEST = (3, 6)  # uv makes environments for no older one


def wanted(repository: Repository, asked: str | None) -> tuple[Request | None, str]:
    """Return the request that decides and why; None where only a range is given.

    The order: `--python`, `.python-version`, `[tool.devstrap]`; requires-python bounds them all.
    Raises UsageError for a `--python` that is no version, ContradictionError for one out of bounds.
    """
    if asked is not None:
        return _asked(repository, asked), f"Python {asked} was asked for"
    if repository.pin is not None:
        return repository.pin.request, f"{repository.pin.place} pins {repository.pin.request}"
    if repository.settings.default is not None:
        default = repository.settings.default.request
        return default, f"[tool.devstrap] in pyproject.toml has the default {default}"
    if repository.requires_python is not None:
        return None, f"{repository.requires_python.place} requires {repository.requires_python.admitted.text}"
    return Request.parse(DEFAULT), f"the repository names none, so devstrap's default {DEFAULT}"


def _asked(repository: Repository, asked: str) -> Request:
    try:
        request = Request.parse(asked)
    except ValueError:
        raise UsageError(f"--python {asked} is not a Python version", remedy="give one such as --python 3.12") from None
    if not request.exists:
        raise UsageError(
            f"there is no Python {request}: the newest in the making is 3.{NEWEST_MINOR}",
            remedy="give one that exists, such as --python 3.12",
        )
    required = repository.requires_python
    if required is not None and not required.admitted.admits_some(request):
        raise ContradictionError(
            f"--python {asked} does not fit: {required.place} requires {required.admitted.text}",
            remedy="choose a Python in that range",
            path=required.place.path,
            line=required.place.line,
        )
    return request


def admits(repository: Repository, asked: str | None) -> Callable[[Version, str, bool], bool]:
    """Return the test that an interpreter (version, implementation, free-threaded or not) has to pass."""
    request, _ = wanted(repository, asked)
    required = repository.requires_python

    def test(version: Version, implementation: str, is_free_threaded: bool) -> bool:
        if request is not None:
            if not request.admits(version, implementation, is_free_threaded=is_free_threaded):
                return False
        elif implementation != "cpython" or is_free_threaded or version.is_prerelease:
            return False
        return required is None or required.admitted.admits(version)

    return test


def declares_any(repository: Repository) -> bool:
    """Say whether the repository itself asks for any Python."""
    return bool(repository.pin or repository.settings.default or repository.requires_python)


def suits(environment: Environment, repository: Repository, asked: str | None) -> bool:
    """Say whether the environment that is there runs a Python that the repository wants."""
    if environment.state is not EnvironmentState.HEALTHY or environment.version is None:
        return False
    if asked is None and not declares_any(repository):
        return environment.implementation == "cpython"  # our own default is no reason to replace what somebody made
    library = environment.path / "lib" / f"python{environment.version[0]}.{environment.version[1]}t"
    return admits(repository, asked)(environment.version, environment.implementation, library.is_dir())


def is_settled(environment: Environment, repository: Repository, answers: Answers) -> bool:
    """Say whether the environment that is there runs a Python that both the repository and the person want."""
    if answers.prefer_managed and environment.base is not None and not is_managed(environment.base):
        return False
    return suits(environment, repository, answers.python)


def is_managed(base: Path) -> bool:
    """Say whether uv keeps the installation to which the folder `base` belongs, by the name that uv gives it."""
    return any(part.startswith(("cpython-3", "pypy-3", "graalpy-3")) for part in base.parts)


def suitable(
    repository: Repository, interpreters: Iterable[Interpreter], host: Host, answers: Answers
) -> list[Interpreter]:
    """Return the interpreters that would do, the best first.

    Native before emulated, the preferred feature version before those near it, newer micro versions first; conda's
    come last, since what one installs there changes what the environment runs on.
    """
    test = admits(repository, answers.python)
    fitting = [
        interpreter
        for interpreter in interpreters
        if Version.parse(interpreter.version).minor >= _OLDEST
        and test(Version.parse(interpreter.version), interpreter.implementation, interpreter.is_free_threaded)
        and (interpreter.source == UV_SOURCE or not answers.prefer_managed)
    ]
    return sorted(fitting, key=lambda interpreter: _rank(interpreter, host))


def _rank(interpreter: Interpreter, host: Host) -> tuple[bool, bool, int, int, tuple[int, ...]]:
    version = Version.parse(interpreter.version)
    away = version[1] - Request.parse(DEFAULT).release[1]
    micro = (-version[2], -version[4])
    foreign = interpreter.architecture != host.architecture
    return foreign, interpreter.source == "conda", abs(away), -away, micro


def choose(
    repository: Repository,
    environment: Environment,
    host: Host,
    answers: Answers,
    interpreters: Callable[[], tuple[Interpreter, ...]],
    evidence: Callable[[], Evidence | None] = lambda: None,
) -> Choice:
    """Choose the Python. `interpreters` and `evidence` are called only where the environment does not settle it.

    `evidence` tells which Python the repository is used with where it names none: that one is taken if it is here or
    can be installed, else the nearest to it.
    """
    request, reason = wanted(repository, answers.python)
    if is_settled(environment, repository, answers):
        return Choice(str(environment.version), reason)
    told = None if is_named(repository, answers.python) else evidence()
    if told is not None:
        return _by_evidence(told, suitable(freed(repository), interpreters(), host, answers), host)
    found = suitable(repository, interpreters(), host, answers)
    if found:
        return Choice(str(request or found[0].version), reason, found[0])
    return Choice(str(request or _installable(repository)), reason, must_install=True)


def is_named(repository: Repository, asked: str | None) -> bool:
    """Say whether somebody names the version, and not only a range."""
    return asked is not None or repository.pin is not None or repository.settings.default is not None


def freed(repository: Repository) -> Repository:
    """Return the repository with a range in place of our own default, so that every Python can be considered."""
    if repository.requires_python is not None:
        return repository
    anything = Requirement(Range.parse(f">={'.'.join(map(str, _OLDEST))}"), Place("", 0))
    return replace(repository, requires_python=anything)


def _by_evidence(told: Evidence, fitting: list[Interpreter], host: Host) -> Choice:
    """Return the Python that the repository is used with, or the nearest that can be had."""
    exact = [found for found in fitting if Version.parse(found.version).minor == told.minor]
    if exact or told.minor < OLDEST_INSTALLABLE:
        near = exact or sorted(
            fitting,
            key=lambda one: (one.architecture != host.architecture, _away(Version.parse(one.version), told.minor)),
        )
        if near:
            return Choice(near[0].version, told.reason, near[0], known=told.known)
    minor = max(told.minor, OLDEST_INSTALLABLE)
    return Choice(str(Request(minor)), told.reason, must_install=True, known=told.known)


def _away(version: Version, minor: tuple[int, int]) -> tuple[int, int]:
    return abs(version[1] - minor[1]), -version[1]


def _installable(repository: Repository) -> Request:
    """Return the feature version to install for a range: the default, else the nearest to it that uv has."""
    assert repository.requires_python is not None  # noqa: S101 - without a range there is a request
    default = Request.parse(DEFAULT)
    minors = [minor for minor in repository.requires_python.admitted.minors() if minor >= OLDEST_INSTALLABLE]
    if not minors:
        place = repository.requires_python.place
        raise ContradictionError(
            f"{place} requires Python {repository.requires_python.admitted.text}, which is not on this machine, "
            "and which nobody distributes any more",
            remedy="install such a Python by hand, for example with pyenv, or widen requires-python",
            path=place.path,
            line=place.line,
        )
    return Request(min(minors, key=lambda minor: (abs(minor[1] - default.release[1]), -minor[1])))


def managed_version(repository: Repository, interpreters: Iterable[Interpreter], host: Host, answers: Answers) -> str:
    """Return the version that `.venv` would run if uv kept its Python; empty where uv has none that suits."""
    found = suitable(repository, interpreters, host, replace(answers, prefer_managed=True))
    if found:
        return found[0].version
    request, _ = wanted(repository, answers.python)
    if request is not None:
        return str(request) if request.release[:2] >= OLDEST_INSTALLABLE else ""
    try:
        return str(_installable(repository))
    except ContradictionError:
        return ""


def install(choice: Choice) -> Run:
    """Return the command that installs a Python which the machine does not have."""
    return Run(("uv", "python", "install", choice.request), f"install Python {choice.request}")


def interpreter_argument(choice: Choice, environment: Environment) -> tuple[str, ...]:
    """Return how uv is told which interpreter to use: by path, so that it never meets a shim.

    An environment that runs the right one, and is made again for another reason, is made from the same.
    """
    if choice.interpreter is None and not choice.must_install and environment.version is not None:
        return ("--python", os.path.realpath(interpreter_in(str(environment.path))))
    if choice.interpreter is None:
        return ("--managed-python", "--python", choice.request)
    return ("--python", str(choice.interpreter.executable))
