"""A project without a lock: itself, editable, with the groups (PEP 735) and extras that developing it needs."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from bootstrap.model import Dependencies, Run
from bootstrap.setup.dependencies import groups, requirements

if TYPE_CHECKING:
    from collections.abc import Callable

    from bootstrap.model import Repository

    Reader = Callable[[str], bytes | None]

# What decides about an installation; a change of a linter's settings installs nothing anew.
_DECIDING = ("build-system", "project", "dependency-groups")
_DECIDING_TOOLS = ("flit", "hatch", "pdm", "poetry", "setuptools", "uv")
_LEGACY = ("setup.py", "setup.cfg")
_ELSEWHERE = {
    "poetry.lock": "Poetry",
    "pdm.lock": "PDM",
    "Pipfile": "Pipenv",
    "environment.yml": "conda",
    "environment.yaml": "conda",
}


def is_installable(repository: Repository) -> bool:
    """Say whether the root is a project that can be installed (PEP 517), and not only a list of dependencies."""
    if repository.pyproject.get("tool", {}).get("uv", {}).get("package") is False:
        return False
    return "build-system" in repository.pyproject or "setup.py" in repository.files


def shortfalls(repository: Repository, *, has_developers: bool) -> tuple[str, ...]:
    """Name the managers whose declarations cannot be installed yet, so that nobody takes the half for the whole.

    `has_developers` says whether anything for developing was found elsewhere.
    """
    found = [
        f"{name} is {manager}'s: what only it declares is not installed"
        for name, manager in _ELSEWHERE.items()
        if name in repository.files
    ]
    tools = repository.pyproject.get("tool", {})
    poetry = tools.get("poetry")
    if (
        isinstance(poetry, dict)
        and "poetry.lock" not in repository.files
        and {"group", "dev-dependencies"} & set(poetry)
    ):
        found.append("[tool.poetry] has groups of its own: they are not installed")
    if not has_developers:
        pdm, hatch = tools.get("pdm"), tools.get("hatch")
        if isinstance(pdm, dict) and "dev-dependencies" in pdm and "pdm.lock" not in repository.files:
            found.append("[tool.pdm.dev-dependencies] is PDM's: they are not installed")
        if (isinstance(hatch, dict) and "envs" in hatch) or "hatch.toml" in repository.files:
            found.append("the environments of Hatch have dependencies of their own: they are not installed")
    return tuple(found)


def recognise(repository: Repository, read: Reader) -> Dependencies | None:
    """Return how the project at the root is installed, or None where there is none."""
    if "project" not in repository.pyproject and not is_installable(repository):
        return None
    wanted_groups, wanted_extras = groups.chosen(
        repository.pyproject, repository.settings.groups, repository.settings.extras
    )
    # Requirements files beside groups say the same again; without groups they are where the tools are.
    named = repository.settings.requirements
    is_said = named is None and bool(wanted_groups or wanted_extras)
    files = () if is_said else requirements.for_developers(repository, read)
    lists = requirements.commands(files)
    project = Run(
        ("uv", "pip", "install", "--python", "{target}", *_itself(repository, wanted_extras), *_groups(wanted_groups)),
        "install the project and its dependencies",
    )
    return Dependencies(
        manager="pyproject",
        title=_title(repository, wanted_groups, wanted_extras, files),
        # Pins come first: the project then takes what they chose.
        installs=(*lists, project),
        fingerprint=_fingerprint(repository, read, (*wanted_groups, "+", *wanted_extras), files),
        installs_project=is_installable(repository),
        shortfalls=shortfalls(repository, has_developers=bool(wanted_groups or wanted_extras or files)),
    )


def _itself(repository: Repository, extras: tuple[str, ...]) -> tuple[str, ...]:
    if is_installable(repository):
        return ("--editable", "." + (f"[{','.join(extras)}]" if extras else ""))
    return ("--requirements", "pyproject.toml", *(part for extra in extras for part in ("--extra", extra)))


def _groups(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part for name in names for part in ("--group", name))


def _title(
    repository: Repository, wanted_groups: tuple[str, ...], extras: tuple[str, ...], files: tuple[str, ...]
) -> str:
    manifest = "pyproject.toml" if "pyproject.toml" in repository.files else "setup.py"
    parts = [f"group {name}" for name in wanted_groups] + [f"extra {name}" for name in extras] + list(files)
    return f"{manifest} with {', '.join(parts)}" if parts else manifest


def _dynamic_files(tools: dict[str, Any]) -> list[str]:
    """Return the files from which setuptools takes what the metadata call dynamic."""
    setuptools = tools.get("setuptools")
    dynamic = setuptools.get("dynamic") if isinstance(setuptools, dict) else None
    named: list[str] = []
    waiting = [dynamic]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            named += [value["file"]] if isinstance(value.get("file"), str) else value.get("file") or []
            waiting += [child for key, child in value.items() if key != "file"]
    return [name for name in named if isinstance(name, str)]


def _fingerprint(repository: Repository, read: Reader, selection: tuple[str, ...], files: tuple[str, ...]) -> str:
    deciding = {key: repository.pyproject.get(key) for key in _DECIDING}
    tools = repository.pyproject.get("tool", {})
    backends = {name: tools.get(name) for name in _DECIDING_TOOLS}
    text = json.dumps([deciding, backends, selection], sort_keys=True, default=str)
    digest = hashlib.sha256(text.encode())
    for name in (*_LEGACY, *_dynamic_files(tools)):
        digest.update(read(name) or b"")
    digest.update(requirements.fingerprint(files, read).encode())
    return digest.hexdigest()[:16]
