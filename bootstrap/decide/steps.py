"""What can be decided about a site: a version moves, a member of a list goes, another one comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bootstrap.policy import Minor
    from bootstrap.sites.phrase import Item
    from bootstrap.sites.spelling import Token


@dataclass(frozen=True, slots=True)
class Move:
    """A version takes another's place."""

    token: Token
    to: Minor
    is_floor: bool = False


@dataclass(frozen=True, slots=True)
class Drop:
    """A member of a list goes."""

    item: Item


@dataclass(frozen=True, slots=True)
class Add:
    """A member comes, made after the likeness of a neighbour."""

    like: Item
    minor: Minor
    is_before: bool = False
    """Whether it comes before its likeness: in lists that begin with the newest."""


Step = Move | Drop | Add


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done about a site; without steps, `reason` says why nothing is."""

    steps: tuple[Step, ...] = ()
    reason: str = ""
    note: str = ""
    """What a person should know before agreeing."""
