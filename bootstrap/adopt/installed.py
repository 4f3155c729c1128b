"""What setting up installs from the files of a tree, as setting up itself decides it: without it nothing can be run."""

from __future__ import annotations

import posixpath
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.detect.declared import PYPROJECT
from bootstrap.detect.repository import (
    BOOTSTRAPPER,
    detect_settings,
    detect_tools,
    distribution_name,
    normalise,
    parse_toml,
    refuse_wrong_shapes,
)
from bootstrap.errors import BootstrapError
from bootstrap.model import Repository
from bootstrap.setup.dependencies import MANAGERS, groups, setuptools, testing

if TYPE_CHECKING:
    from bootstrap.adopt.model import Tree
    from bootstrap.model import Dependencies, Run

# What is only a word for there being nothing, and looks at the disk for it.
_NOTHING = "none"
_PIP, _SYNC = ("uv", "pip", "install"), ("uv", "sync")


def repository_of(tree: Tree) -> Repository | None:
    """Return what a tree says of itself; None where setting up would refuse it, and tell why."""
    files = frozenset(path.partition("/")[0] for path in tree.paths)
    try:
        pyproject = parse_toml(PYPROJECT, tree.read(PYPROJECT))
        refuse_wrong_shapes(pyproject, tree.read)
        settings = detect_settings(pyproject, lambda _: None)
        tools = detect_tools(pyproject, files, tree.read)
    except BootstrapError:
        return None
    name = pyproject.get("project", {}).get("name")
    return Repository(
        root=tree.root,
        name=name if isinstance(name, str) else tree.root.name,
        state_dir=tree.root,
        pyproject=pyproject,
        pin=None,
        requires_python=None,
        settings=settings,
        files=files,
        tools=tools,
        has_bootstrapper=BOOTSTRAPPER in files,
    )


def installation(tree: Tree) -> Dependencies | None:
    """Return how setting up installs what is declared at the root; None where that is nothing."""
    repository = repository_of(tree)
    recognisers = [one for manager, one in MANAGERS.items() if manager != _NOTHING]
    try:
        found = (one(repository, tree.read) for one in recognisers) if repository is not None else ()
        return next((one for one in found if one is not None), None)
    except BootstrapError:
        return None


def has(tree: Tree, distribution: str) -> bool | None:
    """Say whether a distribution is among what setting up is told to install; None where nobody can tell.

    A plugin of pytest requires pytest itself, so it counts as that.
    """
    repository, dependencies = repository_of(tree), installation(tree)
    if repository is None or dependencies is None:
        return False
    try:
        required = _required(repository, dependencies, tree)
    except BootstrapError:
        return None
    if required is None:
        return None
    names = {normalise(distribution_name(line.strip())) for line in required}
    return distribution in names or (distribution == "pytest" and testing.brings_pytest(required))


def _required(repository: Repository, dependencies: Dependencies, tree: Tree) -> list[str] | None:
    """Return the requirements that the commands of setting up name; None where one of them is not understood."""
    others = setuptools.extras(repository, tree.read).known
    required: list[str] = []
    for run in dependencies.installs:
        found = _selection(run, repository)
        if found is None or any(others.get(extra, ()) is None for extra in found.extras):
            return None
        required += testing.lines(found.files, tree.read)
        if found.has_project:
            required += groups.required(repository, found.groups, found.extras, others)
            required += found.others
    return required


class _Selection(NamedTuple):
    """What a command installs."""

    groups: tuple[str, ...]
    extras: tuple[str, ...]
    files: tuple[str, ...] = ()
    """Requirements files."""
    others: tuple[str, ...] = ()
    has_project: bool = True
    """Whether it is the project that is installed, with these groups and extras."""


def _selection(run: Run, repository: Repository) -> _Selection | None:
    """Return what a command of setting up installs; None for one that is not known here."""
    if run.argv[:3] == _PIP:
        return _of_pip(run)
    return _of_sync(run, repository) if run.argv[:2] == _SYNC and "--all-packages" not in run.argv else None


def _of_pip(run: Run) -> _Selection:
    named = _values(run, "--requirements")
    project = (*_values(run, "--editable"), *(name for name in named if name == PYPROJECT))
    files = tuple(posixpath.normpath(posixpath.join(run.cwd, name)) for name in named if name != PYPROJECT)
    extras = tuple(name for one in project for name in one.partition("[")[2].rstrip("]").split(",") if name)
    wanted = _values(run, "--group")
    return _Selection(wanted, (*extras, *_values(run, "--extra")), files, has_project=bool(project or wanted))


def _of_sync(run: Run, repository: Repository) -> _Selection:
    """Return what uv takes from its lock: its own default groups too, and what it called its group dev before."""
    uv = repository.pyproject.get("tool", {}).get("uv", {})
    usual = uv.get("default-groups", ["dev"])
    usual = list(repository.pyproject.get("dependency-groups", {})) if usual == "all" else usual
    before = uv.get("dev-dependencies", [])
    others = tuple(one for one in before if isinstance(one, str)) if isinstance(before, list) else ()
    return _Selection((*usual, *_values(run, "--group")), _values(run, "--extra"), others=others)


def _values(run: Run, option: str) -> tuple[str, ...]:
    return tuple(value for word, value in pairwise(run.argv) if word == option)
