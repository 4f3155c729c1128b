"""A project without a lock: itself, editable, with the groups (PEP 735) and extras that developing it needs."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from bootstrap.model import Dependencies, Run
from bootstrap.setup.dependencies import groups, requirements

if TYPE_CHECKING:
    from collections.abc import Callable

    from bootstrap.model import Repository

    Reader = Callable[[str], bytes | None]

# What decides about an installation; a change of a linter's settings installs nothing anew.
_DECIDING = ("build-system", "project", "dependency-groups")
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


def shortfalls(repository: Repository) -> tuple[str, ...]:
    """Name the managers whose declarations cannot be installed yet, so that nobody takes the half for the whole."""
    return tuple(
        f"{name} is {manager}'s: what only it declares is not installed"
        for name, manager in _ELSEWHERE.items()
        if name in repository.files
    )


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
        shortfalls=shortfalls(repository),
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


def _fingerprint(repository: Repository, read: Reader, selection: tuple[str, ...], files: tuple[str, ...]) -> str:
    deciding = {key: repository.pyproject.get(key) for key in _DECIDING}
    text = json.dumps([deciding, selection], sort_keys=True, default=str)
    digest = hashlib.sha256(text.encode())
    for name in _LEGACY:
        digest.update(read(name) or b"")
    digest.update(requirements.fingerprint(files, read).encode())
    return digest.hexdigest()[:16]
