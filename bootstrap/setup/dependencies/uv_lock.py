"""A project with a `uv.lock`: `uv sync`, which installs exactly what the lock says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.model import Dependencies, Run
from bootstrap.setup.dependencies import groups

if TYPE_CHECKING:
    from collections.abc import Callable

    from bootstrap.model import Repository

LOCK = "uv.lock"


def recognise(repository: Repository, read: Callable[[str], bytes | None]) -> Dependencies | None:  # noqa: ARG001
    """Return the `uv sync` of this repository, or None where there is no lock of uv's."""
    if LOCK not in repository.files or "pyproject.toml" not in repository.files:
        return None
    arguments = _selection(repository)
    # --frozen: a lock that is out of date is a finding, and no reason to leave a newcomer without an environment.
    # --inexact: what somebody added to the environment by hand stays.
    sync = ("uv", "sync", "--frozen", "--inexact", *arguments)
    target = (("UV_PROJECT_ENVIRONMENT", "{target}"), ("UV_PYTHON", "{python}"))
    return Dependencies(
        manager="uv",
        title=" ".join((LOCK, *arguments)),
        installs=(Run(sync, f"install the dependencies from {LOCK}", env=target),),
        fingerprint="",
        installs_project="build-system" in repository.pyproject,
        checks=(Run((*sync, "--check"), "compare .venv with the lock", env=target),),
        lock_check=Run(("uv", "lock", "--check"), "compare the lock with pyproject.toml", env=target),
    )


def _selection(repository: Repository) -> tuple[str, ...]:
    """Return the options that add to uv's default groups what a contributor needs."""
    uv = repository.pyproject.get("tool", {}).get("uv", {})
    wanted_groups, wanted_extras = groups.chosen(
        repository.pyproject, repository.settings.groups, repository.settings.extras
    )
    options: list[str] = []
    # A root that is a project itself says by its dependencies which members it needs; examples are often others.
    if "workspace" in uv and "project" not in repository.pyproject:
        options.append("--all-packages")
    # Groups that uv is told to keep apart cannot all be wanted: then its own defaults decide.
    if "conflicts" not in uv or repository.settings.groups is not None:
        defaults = uv.get("default-groups", ["dev"])
        named = () if defaults == "all" else (group for group in wanted_groups if group not in defaults)
        options += [part for group in named for part in ("--group", group)]
    if "conflicts" not in uv or repository.settings.extras is not None:
        options += [part for extra in wanted_extras for part in ("--extra", extra)]
    return tuple(options)
