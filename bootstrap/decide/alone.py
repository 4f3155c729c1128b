"""What a version becomes that is no member of a list: a floor, a bound, the one that something runs on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.decide.steps import Decision, Move
from bootstrap.sites.model import Role
from bootstrap.sites.phrase import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bootstrap.policy import Minor, Transition
    from bootstrap.sites.spelling import Token


def alone(minor: Minor, kind: Kind, role: Role, change: Transition) -> Minor:
    """Return what a version that is no member of a list becomes."""
    old, new = change.old, change.new
    if kind is Kind.CEILING:
        after = (old.newest[0], old.newest[1] + 1)
        is_cap = minor == after and new.newest != old.newest
        return (new.newest[0], new.newest[1] + 1) if is_cap or minor <= new.newest else minor
    if kind is Kind.LAST:
        return new.newest if minor == old.newest or (minor < new.newest and change.drops(minor)) else minor
    if kind is Kind.EXCLUDED:
        return minor
    if kind is Kind.FLOOR or role is Role.FLOOR:
        return _floor(minor, kind, change)
    if minor == old.default and change.moves_default:
        return new.default
    return change.replacement if change.drops(minor) else minor


def _floor(minor: Minor, kind: Kind, change: Transition) -> Minor:
    old, new = change.old, change.new
    if minor < new.minimum or minor == old.minimum:
        return new.minimum
    # a tool that reads the code as the default version, on purpose, goes with it
    if kind is not Kind.FLOOR and minor == old.default and change.moves_default:
        return new.default
    return minor


def ends(tokens: Sequence[Token], change: Transition) -> Decision:
    """Return what becomes of a range such as "3.8 to 3.12": its low end is a floor, its high end the newest."""
    low, high = tokens[0], tokens[-1]
    if high.minor < change.new.minimum and high.minor != change.old.newest:
        return Decision(reason="a range that ends before the minimum speaks of the past")
    steps = []
    first = _floor(low.minor, Kind.FLOOR, change)
    last = alone(high.minor, Kind.LAST, Role.SET, change)
    if first >= last and low.minor < high.minor:
        return Decision(reason="the range would shrink to one version; look how to say that")
    if first != low.minor:
        steps.append(Move(low, first, is_floor=True))
    if last != high.minor:
        steps.append(Move(high, last))
    return Decision(tuple(steps), "" if steps else "the range stays")
