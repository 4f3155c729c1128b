"""Groups and extras that are good to have beside those for developing: left out where they do not go with the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.detect.repository import distribution_name, normalise
from bootstrap.nested import at
from bootstrap.setup.dependencies import groups, hatch, needs, said, setuptools, tox
from bootstrap.setup.dependencies.groups import CHECKING, DOCUMENTATION, SOME_TESTS, is_named, kept_apart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bootstrap.model import Repository
    from bootstrap.setup.dependencies.needs import Needs

    Reader = Callable[[str], bytes | None]


def besides(
    repository: Repository, read: Reader, others: Iterable[str] = ()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the groups and the extras that are good to have, where nothing in the settings names any.

    They are for some tests, documentation, types and linters, or CI and the like test with them. Those that uv is told
    to keep apart are nobody's to put together.
    """
    if is_named(repository):
        return (), ()
    uv = at(repository.pyproject, "tool", "uv")
    named = [name for name in at(repository.pyproject, "dependency-groups") if name not in kept_apart(uv, "group")]
    extras = dict.fromkeys((*at(repository.pyproject, "project", "optional-dependencies"), *others))
    extras = {name: None for name in extras if name not in kept_apart(uv, "extra")}
    told = _told(repository, read) if named or extras else needs.NOTHING
    return _useful(named, told.groups), _useful(extras, told.extras)


def distributions(repository: Repository, read: Reader) -> frozenset[str]:
    """Return what these groups and extras ask for, and the project itself does not."""
    others = setuptools.extras(repository, read).known
    plain = set(groups.required(repository, (), (), others))
    every = set(groups.required(repository, *besides(repository, read, others), others))
    return frozenset(normalise(distribution_name(line)) for line in every - plain) - {""}


def _told(repository: Repository, read: Reader) -> Needs:
    """Return the groups and extras with which CI and the like, tox and Hatch test."""
    sources = (said.options_of, tox.needs_of, hatch.needs_of)
    return needs.together([source(repository, read) for source in sources], "")


def _useful(names: Iterable[str], told: Iterable[str]) -> tuple[str, ...]:
    wanted = {*SOME_TESTS, *DOCUMENTATION, *CHECKING, *map(normalise, told)}
    return tuple(name for name in names if "*" in told or normalise(name) in wanted)
