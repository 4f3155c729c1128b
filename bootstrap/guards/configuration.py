"""Guards over what editors and the devcontainer are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.guards.problem import Problem
from bootstrap.setup.devcontainer import devcontainer_path, devcontainer_python, shortcomings
from bootstrap.setup.editors import vscode_interpreter
from bootstrap.versions import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bootstrap.model import Facts

    Reader = Callable[[str], bytes | None]

_SETTINGS = ".vscode/settings.json"


def editor_uses_the_environment(facts: Facts, read: Reader) -> Iterator[Problem]:  # noqa: ARG001
    """An editor with another interpreter marks every import of the project as an error."""
    interpreter = vscode_interpreter(read)
    if interpreter is not None and ".venv" not in interpreter.replace("\\", "/").split("/"):
        yield Problem(
            f"VS Code is told to use {interpreter}, not .venv",
            "remove python.defaultInterpreterPath from the settings, then set the repository up again",
            path=_SETTINGS,
        )


def devcontainer_has_the_wanted_python(facts: Facts, read: Reader) -> Iterator[Problem]:
    """A container on another Python than the repository's makes its own bugs."""
    path = devcontainer_path(facts.repository, read)
    version, _ = devcontainer_python(read, path)
    if version is None:
        return
    try:
        request = Request.parse(version)
    except ValueError:
        return
    pin, required = facts.repository.pin, facts.repository.requires_python
    told = f"the devcontainer's image has Python {version}"
    if pin is not None and request.release[:2] != pin.request.release[:2]:
        yield Problem(
            f"{told}, but {pin.place} pins {pin.request}",
            f"choose an image with Python {'.'.join(map(str, pin.request.release[:2]))}, or change the pin",
            path=path,
        )
    elif required is not None and not required.admitted.admits_some(request):
        yield Problem(
            f"{told}, but {required.place} requires {required.admitted.text}",
            "choose an image in that range",
            path=path,
        )


def devcontainer_sets_the_repository_up(facts: Facts, read: Reader) -> Iterator[Problem]:
    """A container that opens without an environment is where a newcomer gives up."""
    path = devcontainer_path(facts.repository, read)
    if not facts.repository.has_bootstrapper or path is None:
        return
    found = shortcomings(facts.repository, path, read)
    if found:
        yield Problem(
            f"the devcontainer that is there is left alone, but {', and '.join(found)}",
            ", and ".join(found.values()),
            path=path,
        )
