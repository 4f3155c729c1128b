"""A project with a `uv.lock`: `uv sync`, which installs exactly what the lock says."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from bootstrap.detect.repository import parse_toml
from bootstrap.errors import MalformedFileError
from bootstrap.model import Dependencies, Run
from bootstrap.nested import at
from bootstrap.setup.dependencies import groups, workspace
from bootstrap.setup.dependencies.besides import besides

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bootstrap.model import Repository

    Reader = Callable[[str], bytes | None]

LOCK = "uv.lock"
_PYPROJECT = "pyproject.toml"


def recognise(repository: Repository, read: Reader) -> Dependencies | None:
    """Return the `uv sync` of this repository, or None where there is no lock of uv's.

    A member of a workspace has its lock at the workspace's root. What uv would sync in the member's folder is then
    installed in the member's own `.venv`, since nothing outside the folder that is set up is for devstrap to write: the
    workspace's `.venv`, which uv itself would use, stays as it is.
    """
    if _PYPROJECT not in repository.files or _is_another_s(repository):
        return None
    uv = _uv(repository.pyproject)
    lock = LOCK
    if LOCK not in repository.files:
        found = _workspace(repository, read)
        if found is None:
            return None
        way, uv_of_workspace = found
        uv, lock = {**uv_of_workspace, **uv}, way + LOCK
    members = workspace.tested_members(repository.root, _uv(repository.pyproject).get("workspace"))
    is_all = _installs_all(repository)
    manifests = [_parsed(f"{path}/{_PYPROJECT}", read) for path in members] if is_all else []
    arguments = (*(("--all-packages",) if is_all else ()), *_selection(repository, uv, manifests))
    lean = _sync(repository, lock, arguments, members)
    more = _options(*besides(repository, read))
    whole = tuple(part for pair in dict.fromkeys(_pairs((*arguments, *more))) for part in pair)
    return replace(_sync(repository, lock, whole, members), lean=lean) if whole != arguments else lean


def pins(lock: str, read: Reader) -> tuple[str, ...]:
    """Return the versions in a lock of uv's as constraints, of what has one version there alone."""
    try:
        listed = parse_toml(lock, read(lock) or b"").get("package")
    except MalformedFileError:
        return ()
    versions: dict[str, set[str]] = {}
    for one in listed if isinstance(listed, list) else ():
        if "registry" in at(one, "source"):
            versions.setdefault(str(one.get("name")), set()).add(str(one.get("version")))
    return tuple(f"{name}=={min(every)}" for name, every in versions.items() if len(every) == 1)


def _sync(repository: Repository, lock: str, arguments: tuple[str, ...], members: tuple[str, ...]) -> Dependencies:
    # --frozen: a lock that is out of date is a finding, and no reason to leave a newcomer without an environment.
    # --inexact: what somebody added to the environment by hand stays.
    sync = ("uv", "sync", "--frozen", "--inexact", *arguments)
    target = (("UV_PROJECT_ENVIRONMENT", "{target}"), ("UV_PYTHON", "{python}"))
    return Dependencies(
        manager="uv",
        title=" ".join((lock, *arguments)),
        installs=(Run(sync, f"install the dependencies from {lock}", env=target),),
        fingerprint="",
        installs_project="build-system" in repository.pyproject,
        checks=(Run((*sync, "--check"), "compare .venv with the lock", env=target),),
        lock_check=Run(("uv", "lock", "--check"), "compare the lock with pyproject.toml", env=target),
        is_locked=True,
        members=members,
    )


def _options(wanted_groups: Iterable[str], extras: Iterable[str]) -> tuple[str, ...]:
    """Return the options of `uv sync` that select groups and extras."""
    words = [("--group", name) for name in wanted_groups] + [("--extra", name) for name in extras]
    return tuple(part for pair in words for part in pair)


def _pairs(arguments: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield each option with its value: the same may be wanted by its name and by what CI says."""
    words = iter(arguments)
    yield from ((word, next(words)) if word in ("--group", "--extra") else (word,) for word in words)


def _is_another_s(repository: Repository) -> bool:
    """Say whether the project is one that uv cannot lock: without `[project]`, such a lock has nothing in it."""
    tools = repository.pyproject.get("tool", {})
    is_uv_s = "project" in repository.pyproject or "uv" in tools or "dependency-groups" in repository.pyproject
    return not is_uv_s and "poetry" in tools


def _uv(pyproject: dict[str, Any]) -> dict[str, Any]:
    uv = pyproject.get("tool", {}).get("uv", {})
    return uv if isinstance(uv, dict) else {}


def _installs_all(repository: Repository) -> bool:
    """Say whether the root of a workspace is no package itself, so that its members are what there is to develop.

    A root that is one says by its dependencies which members it needs; the others are often examples.
    """
    uv = _uv(repository.pyproject)
    return "workspace" in uv and ("build-system" not in repository.pyproject or uv.get("package") is False)


def _selection(repository: Repository, uv: dict[str, Any], members: Iterable[dict[str, Any]]) -> tuple[str, ...]:
    """Return the options that add to uv's default groups what a contributor needs.

    `uv` is `[tool.uv]`, for a member with what the workspace says where it says nothing itself; `members` are the
    manifests of those that are installed with the root, and whose groups and extras count too.
    """
    settings, own = repository.settings, repository.pyproject
    wanted_groups, wanted_extras = groups.chosen(repository)
    if settings.groups is None:
        named = (name for one in members for name in groups.for_developers(at(one, "dependency-groups")))
        wanted_groups = tuple(dict.fromkeys((*wanted_groups, *named)))
    if settings.extras is None:
        named = (name for one in members for name in groups.for_developers(at(one, "project", "optional-dependencies")))
        wanted_extras = tuple(dict.fromkeys((*wanted_extras, *named)))
    # Groups that uv is told to keep apart cannot all be wanted: of them its own defaults decide.
    if settings.groups is None:
        wanted_groups = tuple(name for name in wanted_groups if name not in groups.kept_apart(uv, "group"))
    if settings.extras is None:
        wanted_extras = tuple(name for name in wanted_extras if name not in groups.kept_apart(uv, "extra"))
    defaults = _uv(own).get("default-groups", ["dev"])
    return _options((name for name in wanted_groups if defaults != "all" and name not in defaults), wanted_extras)


def _parsed(path: str, read: Reader) -> dict[str, Any]:
    """Return a member's manifest; nothing for one that cannot be read, which uv itself will tell of."""
    try:
        return parse_toml(path, read(path) or b"")
    except MalformedFileError:
        return {}


def _workspace(repository: Repository, read: Reader) -> tuple[str, dict[str, Any]] | None:
    """Return the way to the locked workspace of which this project is a member, `../../`, and its `[tool.uv]`.

    As in uv, the nearest pyproject.toml above decides: it names the project among its members, or there is none.
    """
    own = _uv(repository.pyproject)
    if "project" not in repository.pyproject or "workspace" in own or own.get("managed") is False:
        return None
    folder = PurePath(os.path.realpath(repository.root))
    for depth in range(1, len(folder.parts)):
        way = "../" * depth
        try:
            content = read(way + _PYPROJECT)
            if content is None:
                continue
            uv = _uv(parse_toml(way + _PYPROJECT, content))
            if workspace.has_member(uv.get("workspace"), folder.parts[-depth:]) and read(way + LOCK) is not None:
                return way, uv
        except MalformedFileError:
            pass  # nobody can say what it has to do with this project, and it is not for this project to mend
        return None
    return None
