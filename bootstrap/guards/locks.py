"""Guards over lock files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.guards.problem import Problem, set_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bootstrap.model import Facts


def can_be_checked(facts: Facts, read: Callable[[str], bytes | None]) -> Iterator[Problem]:  # noqa: ARG001
    """Not to know whether a lock is stale is another thing than to know that it is."""
    if facts.inspection is not None and facts.inspection.unchecked_lock:
        yield Problem(
            f"whether uv.lock fits pyproject.toml could not be checked: {facts.inspection.unchecked_lock}",
            "run this again where the package index can be reached",
            path="uv.lock",
        )


def is_up_to_date(facts: Facts, read: Callable[[str], bytes | None]) -> Iterator[Problem]:  # noqa: ARG001
    """A stale lock installs something else than the manifest says, on every machine alike."""
    if facts.inspection is not None and facts.inspection.stale_lock:
        yield Problem(
            f"uv.lock does not fit pyproject.toml: {facts.inspection.stale_lock}",
            "renew the lock and commit it",
            path="uv.lock",
            fix=f"{set_up(facts)} run uv lock",
        )
