"""What a report of versions lists: the declarations, the promise, and the files that were not read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.check import expected, named
from bootstrap.model import Declared, Promise, Skip
from bootstrap.policy import spelled

if TYPE_CHECKING:
    from bootstrap.decide import Decision
    from bootstrap.modernize import Choice, Proposal
    from bootstrap.policy import Policy, Transition
    from bootstrap.sites.model import Site
    from bootstrap.survey import Survey


def promise(policy: Policy, source: str) -> Promise:
    """Return the policy as it is reported, and where it comes from."""
    return Promise(spelled(policy.minimum), spelled(policy.default), tuple(map(spelled, policy.supported)), source)


def declarations(proposal: Proposal, change: Transition, choice: Choice) -> tuple[Declared, ...]:
    """Return the chosen places, each with what it shall say where that is something else."""
    return tuple(
        declared(site, decision, expected(site, decision, change) if decision.steps else None)
        for site, decision in proposal.decisions
        if choice.takes(site)
    )


def declared(site: Site, decision: Decision | None = None, wanted: str | None = None) -> Declared:
    """Return a place as it is reported."""
    declaration = site.declaration
    return Declared(
        site.id,
        declaration.area.value,
        declaration.id,
        declaration.role.value,
        site.source.path,
        site.line,
        site.column,
        named(site),
        wanted,
        decision.reason or decision.note if decision is not None else "",
        declaration.why,
    )


def unread_files(found: Survey) -> tuple[Skip, ...]:
    """Return the files that may declare something and were not read."""
    return tuple(Skip(place(unread.path, unread.line), unread.reason) for unread in found.unread)


def place(path: str, line: int | None) -> str:
    """Return a place as people write it."""
    return f"{path}:{line}" if line else path
