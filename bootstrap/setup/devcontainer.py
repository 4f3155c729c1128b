"""The dev container: written once where there is none, from the Template that devstrap also publishes.

See the Development Containers Specification: devcontainer.json reference, and the Templates reference for the options.
"""

from __future__ import annotations

import os
import re
from string import Template
from typing import TYPE_CHECKING, Any

from bootstrap import assets
from bootstrap.errors import BootstrapError
from bootstrap.model import Change, Skip
from bootstrap.setup.editors import wanted_files
from bootstrap.syntax import jsonc

if TYPE_CHECKING:
    from collections.abc import Callable

    from bootstrap.model import Repository

    Reader = Callable[[str], bytes | None]

PATH = ".devcontainer/devcontainer.json"
_ALTERNATIVE = ".devcontainer.json"
_TEMPLATE = "devcontainer/src/devstrap-python/.devcontainer/devcontainer.json"
_EXTENSIONS = ("customizations", "vscode", "extensions")
# In the order in which they are run, inside the container, when it is made.
_ON_CREATE = ("onCreateCommand", "updateContentCommand", "postCreateCommand")
# What somebody whose dev container stays can add to it.
_COMMAND = '"updateContentCommand": "python3 bootstrap.py --yes"'
_MINOR = re.compile(r"3\.\d+")
# mcr.microsoft.com/devcontainers/python:1-3.12-bookworm, python:3.12.4-slim, ghcr.io/astral-sh/uv:0.8-python3.12-alpine
_IMAGE = re.compile(r"(?:(?:^|/)python:(?:[\d.]+-)?|/uv:(?:[\d.]+-)?python)(3\.\d+(?:\.\d+)?)(?:[-@]|$)")


class _OptionTemplate(Template):
    """Fills in `${templateOption:name}` as the specification's tools do, and leaves all other variables alone."""

    idpattern = r"(?!)"
    braceidpattern = r"templateOption:[A-Za-z][A-Za-z0-9]*"


def devcontainer_changes(
    repository: Repository, python: str, read: Reader
) -> tuple[tuple[Change, ...], tuple[Skip, ...]]:
    """Return the dev container to write for `python` (major.minor), or why none is written.

    A repository that has one in any of the places that the specification names keeps it.
    """
    present = devcontainer_path(repository, read)
    reason = "" if present else _reason_against(repository, python)
    if reason:
        return (), (Skip(PATH, reason),)
    content = _content(repository, python, read)
    if present is None:
        return (Change(PATH, None, content, f"a dev container with Python {python}"),), ()
    # git may have checked it out with the line ends of Windows.
    there = read(present) or b""
    if there.replace(b"\r\n", b"\n") == content:
        return (), ()
    if present == PATH and _is_ours(there, repository, read):
        return (Change(PATH, there, content, f"the dev container moves to Python {python}"),), ()
    return (), (Skip(present, "; ".join(("it is there already", *shortcomings(repository, present, read)))),)


def devcontainer_path(repository: Repository, read: Reader) -> str | None:
    """Return where the repository has a dev container: `.devcontainer/` first, then the root, then a named one.

    Named ones are found by listing `.devcontainer/`, which is all that is looked at on the disk.
    """
    for path in (PATH, _ALTERNATIVE):
        if read(path) is not None:
            return path
    if ".devcontainer" not in repository.files:
        return None
    try:
        names = sorted(os.listdir(repository.root / ".devcontainer"))
    except OSError:
        return None
    named = (f".devcontainer/{name}/devcontainer.json" for name in names)
    return next((path for path in named if read(path) is not None), None)


def devcontainer_python(read: Reader, path: str | None) -> tuple[str | None, bool]:
    """Return the Python of the dev container's image, if its name tells, and whether making it runs bootstrap.py.

    `path` is where the dev container is, as `devcontainer_path` finds it.
    """
    config = _peek(read, path) if path is not None else {}
    image = _IMAGE.search(str(config.get("image", "")))
    return (image[1] if image else None), _runs_bootstrapper(config)


def _is_ours(there: bytes, repository: Repository, read: Reader) -> bool:
    """Say whether a dev container is, byte for byte, what devstrap writes for another Python."""
    found = _IMAGE.search(str(_peek(lambda _: there, PATH).get("image", "")))
    return found is not None and there == _content(repository, found[1], read)


def _content(repository: Repository, python: str, read: Reader) -> bytes:
    """Return the Template for a Python, with the extensions for the repository's tools."""
    text = _OptionTemplate(assets.read(_TEMPLATE).decode()).safe_substitute({"templateOption:pythonVersion": python})
    extensions = wanted_files(repository, read)["extensions.json"]["recommendations"]
    return jsonc.merge(text.encode(), _nest(_EXTENSIONS, extensions), unions={_EXTENSIONS: str}, path=_TEMPLATE).text


def _reason_against(repository: Repository, python: str) -> str:
    """Return why no dev container can be written, or nothing."""
    if not repository.has_bootstrapper:
        return "the container is set up by bootstrap.py, which the repository does not have"
    if not _MINOR.fullmatch(python):
        return f"there is no ready-made dev container image for Python {python}"
    return ""


def shortcomings(repository: Repository, path: str, read: Reader) -> dict[str, str]:
    """Return what an existing dev container does not do, as parts of a sentence, each with what to do about it."""
    config = _peek(read, path)
    if not config:
        return {"it could not be understood": "correct the file"}
    found = {}
    # Compose files have mounts of their own, which are not looked at.
    if "dockerComposeFile" not in config and ".venv" not in str(config.get("mounts", "")):
        found["it shares .venv with the machine around it, where neither can use the other's"] = (
            "mount a volume at ${containerWorkspaceFolder}/.venv that the container's user can write to"
        )
    if repository.has_bootstrapper and not _runs_bootstrapper(config):
        found["it does not run bootstrap.py when it is made"] = f"add this to it: {_COMMAND}"
    return found


def _runs_bootstrapper(config: dict[str, Any]) -> bool:
    """Say whether a command that is run on creation names bootstrap.py: a string, a list, or an object of those."""
    return any("bootstrap.py" in str(config.get(command, "")) for command in _ON_CREATE)


def _peek(read: Reader, path: str) -> dict[str, Any]:
    """Return a dev container's settings; empty where there are none or they cannot be understood."""
    try:
        config = jsonc.parse(read(path) or b"", path)
    except BootstrapError:
        return {}
    return config if isinstance(config, dict) else {}


def _nest(keys: tuple[str, ...], value: Any) -> dict[str, Any]:
    for key in reversed(keys):
        value = {key: value}
    result: dict[str, Any] = value
    return result
