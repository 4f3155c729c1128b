"""What can be decided about a site: a version moves, a member of a list goes, another one comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bootstrap.policy import Minor
    from bootstrap.sites.phrase import Item
    from bootstrap.sites.spelling import Token


class Move(NamedTuple):
    """A version takes another's place."""

    token: Token
    to: Minor
    is_floor: bool = False


class Drop(NamedTuple):
    """A member of a list goes."""

    item: Item


class Add(NamedTuple):
    """A member comes, made after the likeness of a neighbour."""

    like: Item
    minor: Minor
    is_before: bool = False
    """Whether it comes before its likeness: in lists that begin with the newest."""


Step = Move | Drop | Add


class Decision(NamedTuple):
    """What is to be done about a site; without steps, `reason` says why nothing is."""

    steps: tuple[Step, ...] = ()
    reason: str = ""
    note: str = ""
    """What a person should know before agreeing."""
