"""A project without a lock: itself, editable, with the groups (PEP 735) and extras that developing it needs."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bootstrap.model import Dependencies, Run
from bootstrap.nested import texts
from bootstrap.setup.dependencies import groups, hatch, needs, requirements, setuptools, shortfall, tables, testing
from bootstrap.setup.dependencies.besides import besides

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bootstrap.model import Repository
    from bootstrap.setup.dependencies.extras import Extras
    from bootstrap.setup.dependencies.needs import Needs

    Reader = Callable[[str], bytes | None]

# What decides about an installation; a change of a linter's settings installs nothing anew.
_DECIDING = ("build-system", "project", "dependency-groups")
_DECIDING_TOOLS = ("flit", "hatch", "pdm", "poetry", "setuptools", "uv")
_LEGACY = ("setup.py", "setup.cfg")
_DEPENDENCIES = ("dependencies", "optional-dependencies")
# Those that have dependencies in tables of their own.
_MANAGERS = ("hatch", "pdm", "poetry", "rye", "uv")


def is_installable(repository: Repository) -> bool:
    """Say whether the root is a project that can be installed (PEP 517), and not only a list of dependencies."""
    if repository.pyproject.get("tool", {}).get("uv", {}).get("package") is False:
        return False
    return "build-system" in repository.pyproject or "setup.py" in repository.files


def recognise(repository: Repository, read: Reader) -> Dependencies | None:
    """Return how the project at the root is installed, or None where there is none, or none that declares anything."""
    return None if declares_nothing(repository) else described(repository, read)


def declares_nothing(repository: Repository) -> bool:
    """Say whether there is nothing to install by pyproject.toml, though it may describe the repository in `[project]`.

    Such a description stands above parts, which are then what is installed, or beside requirements files.
    """
    project, tools = repository.pyproject.get("project", {}), repository.pyproject.get("tool", {})
    is_dynamic = any(name in _DEPENDENCIES for name in texts(project.get("dynamic")))
    has_project = any(project.get(name) for name in _DEPENDENCIES) or is_dynamic
    has_groups = bool(repository.pyproject.get("dependency-groups")) or any(name in tools for name in _MANAGERS)
    return not (has_project or has_groups or is_installable(repository))


def described(repository: Repository, read: Reader) -> Dependencies | None:
    """Return how the project at the root is installed, be it that it only describes the repository."""
    if "project" not in repository.pyproject and not is_installable(repository):
        return None
    others = setuptools.extras(repository, read)
    wanted_groups, wanted_extras = groups.chosen(repository, others.known)
    # Requirements files beside groups say the same again, unless they pin them; without groups they are where the
    # tools are.
    is_said = repository.settings.requirements is None and bool(wanted_groups or wanted_extras)
    files = (
        requirements.lock_of(repository, read, wanted_groups, wanted_extras)
        if is_said
        else requirements.for_developers(repository, read)
    )
    has_own = bool(wanted_groups or wanted_extras or files)
    said = needs.NOTHING if groups.is_named(repository) else _of_managers(repository, read, has_own=has_own)
    said = testing.existing(said, repository, read, others.known)
    wanted_extras = tuple(dict.fromkeys((*wanted_extras, *said.extras)))
    wanted_groups = tuple(dict.fromkeys((*wanted_groups, *said.groups)))
    known = [line for name in said.extras for line in others.known.get(name) or ()]
    known += groups.required(repository, said.groups, said.extras, others.known)
    brought = [*_brought(repository, read, files, others.known), *said.requirements, *known]
    more = testing.more(repository, read, brought, others.known)
    files += tuple(name for name in more.files if name not in files)
    wanted_extras = tuple(dict.fromkeys((*wanted_extras, *more.extras)))
    wanted_groups = tuple(dict.fromkeys((*wanted_groups, *more.groups)))
    named = tuple(dict.fromkeys((*said.requirements, *more.requirements)))
    origins = tuple(one.origin for one in (said, more) if one.requirements)
    has_developers = bool(wanted_groups or wanted_extras or files or named)

    def chosen(wanted_groups: tuple[str, ...], wanted_extras: tuple[str, ...]) -> Dependencies:
        project = Run(
            (
                *("uv", "pip", "install", "--python", "{target}"),
                *_itself(repository, wanted_extras),
                *_groups(wanted_groups),
                *named,
                *(part for name in more.constraints for part in ("--constraints", name)),
            ),
            "install the project and its dependencies",
        )
        return Dependencies(
            manager="pyproject",
            title=_title(repository, wanted_groups, wanted_extras, (*files, *origins)),
            # Pins come first: the project then takes what they chose.
            installs=(*requirements.commands(files, read), project),
            fingerprint=_fingerprint(repository, read, (*wanted_groups, "+", *wanted_extras, "+", *named), files),
            installs_project=is_installable(repository),
            shortfalls=_shortfalls(repository, others, has_developers=has_developers),
        )

    return _with_besides(chosen, besides(repository, read, others.known), (wanted_groups, wanted_extras))


def _with_besides(
    chosen: Callable[[tuple[str, ...], tuple[str, ...]], Dependencies],
    more: tuple[tuple[str, ...], tuple[str, ...]],
    wanted: tuple[tuple[str, ...], tuple[str, ...]],
) -> Dependencies:
    """Return what is installed with what is good to have, and without it where it does not go with the rest."""
    lean = chosen(*wanted)
    whole = [(*had, *(name for name in new if name not in had)) for had, new in zip(wanted, more, strict=True)]
    return replace(chosen(*whole), lean=lean) if whole != [*wanted] else lean


def _of_managers(repository: Repository, read: Reader, *, has_own: bool) -> Needs:
    """Return what managers keep in tables of their own; of Hatch only where nothing else is for developers."""
    said = tables.needs_of(repository)
    return said if has_own or not said.is_empty else hatch.needs_of(repository, read)


def _brought(
    repository: Repository, read: Reader, files: tuple[str, ...], others: Mapping[str, tuple[str, ...] | None]
) -> list[str]:
    """Return the requirements that are installed anyway.

    An extra whose requirements are computed counts as one that brings pytest: it is named for testing.
    """
    wanted_groups, wanted_extras = groups.chosen(repository, others)
    unknown = ["pytest"] if any(name in others and others[name] is None for name in wanted_extras) else []
    written = groups.required(repository, wanted_groups, wanted_extras, others)
    return [*unknown, *written, *testing.lines(files, read)]


def _shortfalls(repository: Repository, others: Extras, *, has_developers: bool) -> tuple[str, ...]:
    is_unknown = others.is_computed and not has_developers and not groups.is_named(repository)
    return (shortfall.of_setuptools(),) if is_unknown else ()


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
            named += [value["file"]] if isinstance(value.get("file"), str) else texts(value.get("file"))
            waiting += [child for key, child in value.items() if key != "file"]
    return named


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
