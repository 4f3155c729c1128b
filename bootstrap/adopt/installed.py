"""What setting up installs from the files of a tree, as setting up itself decides it: without it nothing can be run."""

from __future__ import annotations

import contextlib
import posixpath
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.adopt.model import Tree
from bootstrap.detect import parts
from bootstrap.detect.declared import PYPROJECT
from bootstrap.detect.repository import (
    BOOTSTRAPPER,
    detect_requirement,
    detect_settings,
    detect_tools,
    distribution_name,
    normalise,
    parse_toml,
    refuse_wrong_shapes,
)
from bootstrap.errors import BootstrapError
from bootstrap.expression import expression
from bootstrap.model import Repository
from bootstrap.nested import at
from bootstrap.setup.dependencies import (
    above_parts,
    gives_way,
    groups,
    needs,
    pdm,
    poetry,
    recognise,
    setuptools,
    tables,
    testing,
)
from bootstrap.setup.parts import joined, may_share
from bootstrap.versions import Range

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bootstrap.model import Dependencies, Run
    from bootstrap.versions import Version

_PIP, _SYNC, _TOOL = ("uv", "pip", "install"), ("uv", "sync"), ("uv", "tool", "run")
# What a set-up looks for below the root when it collects the tests.
_TESTS = expression(r"^tests?/(?:[^/]*[tT]est[^/]*\.py$|(?!\.|__)[^/]+/test)")
_REQUIREMENT = expression(r"([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*\(?((?:[<=>!~][^;@()]*)?)\)?")
# What follows a requirement in a file: a comment, hashes, the mark of a line that goes on.
_AFTERWARDS = expression(r"(?:^|\s)#.*|\s--\w.*|\\$")


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


class _Place(NamedTuple):
    """What is set up as one: the root, or a part of a repository that declares nothing at its root."""

    tree: Tree
    repository: Repository
    dependencies: Dependencies


def installation(tree: Tree) -> Dependencies | None:
    """Return how setting up fills the `.venv` at the root; None where it makes none there.

    Whether parts go together is seen when they are installed. Those whose managers allow it are taken to do, unless
    their own files tell that they cannot.
    """
    places = _places(tree)
    if len(places) == 1 and "" in places:
        return places[""].dependencies
    wanted = {path: place.dependencies for path, place in places.items()}
    return joined(wanted) if wanted and may_share(wanted) and not _contradict(places.values()) else None


def apart(tree: Tree) -> tuple[str, ...]:
    """Return the parts that have an environment each, and none at the root."""
    return () if installation(tree) is not None else tuple(path for path in _places(tree) if path)


def parts_of(tree: Tree) -> dict[str, Tree]:
    """Return the parts that are set up, each as a tree of its own, by their folders; nothing where the root is."""
    return {path: place.tree for path, place in _places(tree).items() if path}


def _contradict(places: Collection[_Place]) -> bool:
    """Say whether no environment could be that of all places: one admits no Python, or no release, of another.

    Only what is pinned is compared. Whether a bound can be met, nobody knows without asking the index.
    """
    if len(places) < 2:
        return False
    try:
        ranges = [one.admitted for place in places if (one := detect_requirement(place.tree.read)) is not None]
        listed = [found.lines for place in places if (found := _required(place)) is not None]
    except BootstrapError:
        return False  # setting up will tell
    if ranges and not Range.meet(ranges).minors():
        return True
    admitted = [dict(filter(None, map(_admitted, lines))) for lines in listed]
    pins = [(name, pin) for one in admitted for name, found in one.items() if (pin := _pinned(found)) is not None]
    return any(not one[name].admits(pin) for name, pin in pins for one in admitted if name in one)


def _admitted(line: str) -> tuple[str, Range] | None:
    """Return whose releases a requirement admits, and which.

    None for what is no requirement, for one of some machines only, and for releases that are not counted as Python's.
    """
    found = _REQUIREMENT.fullmatch(_AFTERWARDS.sub("", line).strip())
    with contextlib.suppress(ValueError):
        return (normalise(found[1]), Range.parse(found[2])) if found is not None else None
    return None


def _pinned(admitted: Range) -> Version | None:
    """Return the one release that is admitted; None where there may be others."""
    return next((bound for operator, _, bound, is_any in admitted.clauses if operator == "==" and not is_any), None)


def _places(tree: Tree) -> dict[str, _Place]:
    """Return what is set up, by its folder; nothing where setting up would refuse a part of it, and tell why."""
    try:
        own, repository = _place(tree), repository_of(tree)
        root = {"": own} if own is not None else {}
        if repository is None or groups.is_named(repository):
            return root
        below = parts.among(tree.paths)
        is_open = own is None or gives_way(own.dependencies, repository, tree.read)
        wanted = None if is_open or own is None else own.dependencies
        tools = above_parts(wanted, repository, tree.read) if below else None
        if not is_open and tools is None:
            return root
        above = {"": _Place(tree, repository, tools)} if tools is not None else {}
        lent = frozenset(name for place in above.values() for name in _names(_required(place)))
        every = {path: _place(_below(tree, path, lent)) for path in below}
    except BootstrapError:
        return {}
    found = {path: place for path, place in every.items() if place is not None}
    return {**above, **found} if found else root


def _place(tree: Tree) -> _Place | None:
    repository = repository_of(tree)
    dependencies = recognise(repository, tree.read) if repository is not None else None
    return _Place(tree, repository, dependencies) if repository is not None and dependencies is not None else None


def _below(tree: Tree, folder: str, lent: frozenset[str]) -> Tree:
    """Return a folder as a tree of its own, with the root's tools; what it reads above itself is read there."""
    inside = f"{folder}/"
    return Tree(
        tuple(path.removeprefix(inside) for path in tree.paths if path.startswith(inside)),
        lambda path: tree.read(posixpath.normpath(inside + path)),
        tree.root / folder,
        lent,
    )


def _names(required: _Required | None) -> frozenset[str]:
    lines = required.lines if required is not None else ()
    return frozenset(normalise(distribution_name(line.strip())) for line in lines) - {""}


def has(tree: Tree, distribution: str) -> bool | None:
    """Say whether setting up installs a distribution; None where nobody can tell.

    Environments of their own count together here: whoever asks for a command asks one that has it.
    """
    if distribution in tree.lent or (distribution == "pytest" and testing.brings_pytest(tree.lent)):
        return True
    answers = [_has(place, distribution) for place in _places(tree).values()]
    return True if True in answers else None if None in answers else False


def _has(place: _Place, distribution: str) -> bool | None:
    """Say whether a distribution is among what is installed at one place.

    A plugin of pytest requires pytest itself, so it counts as that.
    """
    try:
        required = _required(place)
    except BootstrapError:
        return None
    if required is None:
        return None
    if distribution in _names(required):
        return True
    if distribution == "pytest" and (testing.brings_pytest(required.lines) or _is_collected(place)):
        return True
    return None if distribution in required.locked else False


def _is_collected(place: _Place) -> bool:
    """Say whether a set-up collects the tests with pytest to prove itself, and adds pytest where that is missing."""
    return "pytest" in place.repository.tools and any(_TESTS.search(path) for path in place.tree.paths)


class _Required(NamedTuple):
    """What the commands of setting up install."""

    lines: tuple[str, ...]
    """Requirements, as far as they are written out."""
    locked: frozenset[str] = frozenset()
    """What is in a lock that only its own manager reads, and in which what belongs together is not told."""


def _required(place: _Place) -> _Required | None:
    """Return the requirements that the commands of setting up name; None where one of them is not understood."""
    _, repository, dependencies = place
    others = setuptools.extras(repository, place.tree.read).known
    required: list[str] = []
    names: frozenset[str] = frozenset()
    for run in dependencies.installs:
        if run.argv[: len(_TOOL)] == _TOOL:
            names = _names_locked(place)
            required += _declared(repository)
            continue
        found = _selection(run, place)
        if found is None or any(others.get(extra, ()) is None for extra in found.extras):
            return None
        required += [*testing.lines(found.files, place.tree.read), *found.others]
        if found.has_project:
            required += groups.required(repository, found.groups, found.extras, others)
    return _Required(tuple(required), names)


class _Selection(NamedTuple):
    """What a command installs."""

    groups: tuple[str, ...]
    extras: tuple[str, ...]
    files: tuple[str, ...] = ()
    """Requirements files."""
    others: tuple[str, ...] = ()
    """Requirements that are named one by one."""
    has_project: bool = True
    """Whether it is the project that is installed, with these groups and extras."""


def _selection(run: Run, place: _Place) -> _Selection | None:
    """Return what a command of setting up installs; None for one that is not known here."""
    if run.argv[: len(_PIP)] == _PIP:
        return _of_pip(run, dict(place.dependencies.files))
    is_sync = run.argv[: len(_SYNC)] == _SYNC and "--all-packages" not in run.argv
    return _of_sync(run, place.repository) if is_sync else None


def _of_pip(run: Run, files: Mapping[str, str]) -> _Selection:
    found = needs.of_words(run.argv[len(_PIP) :], run.cwd)
    locks = {f"{{target}}/{name}": text for name, text in files.items()}
    lines = [line for name in found.files for line in locks.get(name, "").splitlines()]
    is_project = found.is_editable or PYPROJECT in found.files or bool(found.groups)
    return _Selection(
        found.groups,
        found.extras,
        tuple(name for name in found.files if name != PYPROJECT and name not in locks),
        (*found.requirements, *(line for line in lines if not line.startswith("-"))),
        # without its dependencies where those come from a lock
        has_project=is_project and "--no-deps" not in run.argv,
    )


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


# ---- locks that only their own manager reads ------------------------------------------------------------------------


def _declared(repository: Repository) -> list[str]:
    """Return what Poetry and PDM take from pyproject.toml into their locks, without what they leave to be asked for."""
    main = at(repository.pyproject, "tool", "poetry", "dependencies")
    wanted = repository.settings.groups or tuple(at(repository.pyproject, "dependency-groups"))
    listed = groups.required(repository, wanted, repository.settings.extras or (), {})
    return [*listed, *main, *tables.needs_of(repository).requirements]


def _names_locked(place: _Place) -> frozenset[str]:
    found = [parse_toml(name, place.tree.read(name)) for name in (poetry.LOCK, pdm.LOCK)]
    listed = [one for lock in found if isinstance(lock.get("package"), list) for one in lock["package"]]
    return frozenset(normalise(str(one.get("name", ""))) for one in listed if isinstance(one, dict))
