"""Which groups and extras a contributor needs: by the names that the field uses for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bootstrap.detect.repository import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable

# The names are compared as packaging does (PEP 735, PEP 685): lower case, runs of -, _ and . alike.
DEVELOPMENT = ("dev", "develop", "development", "devel")
TEST = ("test", "tests", "testing")


def for_developers(names: Iterable[str]) -> tuple[str, ...]:
    """Return those of `names` that hold what developing and testing needs, as they are written."""
    return tuple(name for name in names if normalise(name) in (*DEVELOPMENT, *TEST))


def chosen(
    pyproject: dict[str, Any], groups: tuple[str, ...] | None, extras: tuple[str, ...] | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the groups and the extras to install: those that the settings name, else those for developers."""
    project = pyproject.get("project", {})
    if groups is None:
        groups = for_developers(pyproject.get("dependency-groups", {}))
    if extras is None:
        extras = for_developers(project.get("optional-dependencies", {}))
    return groups, extras
