"""Which groups and extras a contributor needs: by the names that the field uses for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.detect.repository import distribution_name, normalise
from bootstrap.nested import at, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bootstrap.model import Repository

# The names are compared as packaging does (PEP 735, PEP 685): lower case, runs of -, _ and . alike.
DEVELOPMENT = ("dev", "develop", "development", "devel")
TEST = ("test", "tests", "testing")
# Tests that not everybody runs, but whoever collects them all needs.
SOME_TESTS = (
    *("integration", "integration-test", "integration-tests", "test-integration", "tests-integration"),
    *("unit", "unit-test", "unit-tests", "test-unit", "unittest", "unittests", "pytest"),
)
# What a contributor needs besides: to write about the code, and to have it looked at.
DOCUMENTATION = ("docs", "doc", "documentation")
CHECKING = (
    *("typing", "types", "typecheck", "type-check", "type-checking", "typechecking", "mypy", "pyright"),
    *("lint", "linting", "linters", "style"),
)


def for_developers(names: Iterable[str]) -> tuple[str, ...]:
    """Return those of `names` that hold what developing and testing needs, as they are written."""
    return tuple(name for name in names if normalise(name) in (*DEVELOPMENT, *TEST))


def kept_apart(uv: Mapping[str, object], kind: str) -> frozenset[str]:
    """Return the groups, or the extras, that `[tool.uv]` says not to install together (`conflicts`)."""
    sets = _listed(uv.get("conflicts"))
    every = (one for together in sets for one in _listed(together) if isinstance(one, dict))
    return frozenset(str(one[kind]) for one in every if kind in one)


def chosen(repository: Repository, others: Iterable[str] = ()) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the groups and the extras to install: those that the settings name, else those for developers.

    They are called so, or uv is told to install them (`default-groups`); the lock may not be there. `others` are extras
    that are declared elsewhere than in pyproject.toml.
    """
    project = repository.pyproject.get("project", {})
    groups, extras = repository.settings.groups, repository.settings.extras
    if groups is None:
        named = repository.pyproject.get("dependency-groups", {})
        usual = at(repository.pyproject, "tool", "uv").get("default-groups")
        wanted = {*for_developers(named), *(named if usual == "all" else texts(usual))}
        groups = tuple(name for name in named if name in wanted)
    if extras is None:
        extras = for_developers(dict.fromkeys((*project.get("optional-dependencies", {}), *others)))
    return groups, extras


def is_named(repository: Repository) -> bool:
    """Say whether `[tool.devstrap]` names what to install: then nobody has to be told what else there may be."""
    settings = repository.settings
    return any(named is not None for named in (settings.groups, settings.extras, settings.requirements))


def required(
    repository: Repository,
    wanted_groups: Iterable[str],
    wanted_extras: Iterable[str],
    others: Mapping[str, tuple[str, ...] | None],
) -> Iterator[str]:
    """Yield the requirements of the project, of these groups and of these extras, with all that they include.

    `others` are extras that are declared elsewhere than in pyproject.toml; of those whose requirements are None nobody
    knows what they are.
    """
    project = repository.pyproject.get("project", {})
    groups = _normalised(repository.pyproject.get("dependency-groups", {}))
    extras = {**_normalised(others), **_normalised(project.get("optional-dependencies", {}))}
    waiting: list[object] = [*_listed(project.get("dependencies"))]
    waiting += [{"include-group": name} for name in wanted_groups]
    waiting += [{"extra": name} for name in wanted_extras]
    seen: set[tuple[str, str]] = set()
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
            bracket = item.partition("[")[2].partition("]")[0]
            is_itself = normalise(distribution_name(item)) == normalise(repository.name)
            waiting += [{"extra": name} for name in bracket.split(",")] if is_itself else []
        elif isinstance(item, dict):  # PEP 735's form, and ours
            for kind, table in (("include-group", groups), ("extra", extras)):
                name = normalise(str(item.get(kind, "")))
                if name and (kind, name) not in seen:
                    seen.add((kind, name))
                    waiting += _listed(table.get(name))


def _normalised(table: Mapping[str, object]) -> dict[str, object]:
    return {normalise(name): value for name, value in table.items()}


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []
