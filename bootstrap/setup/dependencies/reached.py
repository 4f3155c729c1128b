"""Which packages of a lock are reached from what a project requires, where the lock itself does not say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.detect.repository import distribution_name, normalise
from bootstrap.setup.dependencies.locked import any_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def conditions(required: Iterable[str], packages: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Return the names that are needed, each with the marker under which it is; empty: always.

    `packages` are the locked ones by their normalised names, with what each of them requires (PEP 508). A marker may
    hold more often than it has to: of the conditions on a way to a package the last one alone is kept.
    """
    edges = {name: [_parted(one) for one in requirements] for name, requirements in packages.items()}
    found: dict[str, set[str]] = {}
    waiting = [(*_parted(one), frozenset(("",))) for one in required]
    while waiting:
        name, marker, above = waiting.pop()
        new = ({marker} if marker else set(above)) - found.get(name, set())
        if name not in packages or not new or "" in found.get(name, set()):
            continue
        found[name] = {""} if "" in new else found.get(name, set()) | new
        waiting += [(child, own, frozenset(found[name])) for child, own in edges[name]]
    return {name: any_of(sorted(markers)) for name, markers in found.items()}


def _parted(requirement: str) -> tuple[str, str]:
    """Return the normalised name of a requirement, and its marker."""
    return normalise(distribution_name(requirement.strip())), requirement.partition(";")[2].strip()
