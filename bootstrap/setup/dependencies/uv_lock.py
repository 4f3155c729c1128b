"""A project with a `uv.lock`: `uv sync`, which installs exactly what the lock says."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from pathlib import PurePath, PurePosixPath
from typing import TYPE_CHECKING, Any

from bootstrap.detect.repository import parse_toml
from bootstrap.errors import MalformedFileError
from bootstrap.model import Dependencies, Run
from bootstrap.setup.dependencies import groups

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
    arguments = _selection(repository, uv)
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
    )


def _is_another_s(repository: Repository) -> bool:
    """Say whether the project is one that uv cannot lock: without `[project]`, such a lock has nothing in it."""
    tools = repository.pyproject.get("tool", {})
    is_uv_s = "project" in repository.pyproject or "uv" in tools or "dependency-groups" in repository.pyproject
    return not is_uv_s and "poetry" in tools


def _uv(pyproject: dict[str, Any]) -> dict[str, Any]:
    uv = pyproject.get("tool", {}).get("uv", {})
    return uv if isinstance(uv, dict) else {}


def _selection(repository: Repository, uv: dict[str, Any]) -> tuple[str, ...]:
    """Return the options that add to uv's default groups what a contributor needs.

    `uv` is `[tool.uv]`, for a member with what the workspace says where it says nothing itself.
    """
    wanted_groups, wanted_extras = groups.chosen(repository)
    options: list[str] = []
    # A root that is a project itself says by its dependencies which members it needs; examples are often others.
    if "workspace" in uv and "project" not in repository.pyproject:
        options.append("--all-packages")
    # Groups that uv is told to keep apart cannot all be wanted: then its own defaults decide.
    if "conflicts" not in uv or repository.settings.groups is not None:
        defaults = _uv(repository.pyproject).get("default-groups", ["dev"])
        named = () if defaults == "all" else (group for group in wanted_groups if group not in defaults)
        options += [part for group in named for part in ("--group", group)]
    if "conflicts" not in uv or repository.settings.extras is not None:
        options += [part for extra in wanted_extras for part in ("--extra", extra)]
    return tuple(options)


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
            if _has_member(uv.get("workspace"), folder.parts[-depth:]) and read(way + LOCK) is not None:
                return way, uv
        except MalformedFileError:
            pass  # nobody can say what it has to do with this project, and it is not for this project to mend
        return None
    return None


def _has_member(workspace: object, parts: Sequence[str]) -> bool:
    """Say whether a `[tool.uv.workspace]` has the folder with these parts, relative to it, among its members."""
    if not isinstance(workspace, dict):
        return False
    members, excluded = (_patterns(workspace.get(key)) for key in ("members", "exclude"))
    return any(_matches(parts, one) for one in members) and not any(_matches(parts, one) for one in excluded)


def _patterns(value: object) -> list[tuple[str, ...]]:
    """Return the patterns of a list as their parts, without such as are `.`."""
    return [PurePosixPath(item).parts for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _matches(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Say whether a path matches a pattern, part by part; `**` stands for any number of folders."""
    if not pattern:
        return not parts
    if pattern[0] == "**":
        return any(_matches(parts[skipped:], pattern[1:]) for skipped in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], pattern[0]) and _matches(parts[1:], pattern[1:])
