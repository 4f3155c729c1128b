"""YAML, TOML, JSON and INI files as plain data: equal but for the values and the members that were decided about."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bootstrap.decide import Move
from bootstrap.rewrite import masks
from bootstrap.rewrite.members import arranged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bootstrap.decide import Decision
    from bootstrap.policy import Minor
    from bootstrap.rewrite.members import Member
    from bootstrap.sites.model import Site
    from bootstrap.syntax.tree import Path

_NONE: frozenset[Minor] = frozenset()


def are_alike(old: Any, new: Any, decided: Sequence[tuple[Site, Decision]]) -> bool:
    """Say whether `new` is `old` with the decisions carried out."""
    places: dict[Path, list[tuple[Site, Decision]]] = {}
    for site, decision in decided:
        places.setdefault(site.path, []).append((site, decision))
    text = decided[0][0].source.text
    return _Comparison(places, has_aliases="&" in text and "*" in text).same(old, new, (), _NONE)


@dataclass(slots=True)
class _Comparison:
    places: dict[Path, list[tuple[Site, Decision]]]
    has_aliases: bool
    changed: list[tuple[Any, Any]] = field(default_factory=list)
    """What was and what is, where it was decided about: YAML's aliases say the same again elsewhere."""

    def same(self, old: Any, new: Any, path: Path, minors: frozenset[Minor]) -> bool:
        """Say whether two values are the same, versions of `minors` and what is decided about `path` aside."""
        here = self.places.get(path)
        if here is not None and not (isinstance(old, dict) and isinstance(new, dict)):
            is_fine = self._decided(old, new, here, minors)
            self.changed.append((old, new))
            return is_fine
        if isinstance(old, dict) and isinstance(new, dict):
            if here is not None and here[0][0].layout == "members":
                return len(here) == 1 and self._has_members(old, new, *here[0])
            if list(old) != list(new) and not (here is not None and _are_renamed(list(old), list(new), here)):
                return False
            keys = zip(old, new, strict=True)
            return all(self.same(old[was], new[key], (*path, was), minors) for was, key in keys)
        if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
            pairs = enumerate(zip(old, new, strict=True))
            if all(self.same(left, right, (*path, index), minors) for index, (left, right) in pairs):
                return True
        elif _are_equal(old, new, minors):
            self.changed.append((old, new))
            return True
        return self.has_aliases and (old, new) in self.changed

    def _decided(self, old: Any, new: Any, here: list[tuple[Site, Decision]], minors: frozenset[Minor]) -> bool:
        site, decision = here[0]
        if isinstance(old, list) and site.layout != "text" and len(here) == 1:
            return isinstance(new, list) and self._are_arranged(old, new, site, decision)
        if minors:  # a copy: all that it names may be the new version
            return _are_equal(old, new, minors | masks.involved(step for _, one in here for step in one.steps))
        return masks.are_alike(_text(old), _text(new), [(site, decision.steps) for site, decision in here])

    def _are_arranged(self, old: list[Any], new: list[Any], site: Site, decision: Decision) -> bool:
        """Say whether a list has the members that were decided, each like the one that it is, or is made after."""
        members = arranged(site.group.items, decision.steps)
        return (
            len(old) == len(site.group.items)
            and len(new) == len(members)
            and all(
                self.same(old[member.index], value, (*site.path, member.index), _minors(site, decision, member))
                for member, value in zip(members, new, strict=True)
            )
        )

    def _has_members(self, old: dict[Any, Any], new: dict[Any, Any], site: Site, decision: Decision) -> bool:
        """Say the same of a mapping, in which a member is a key with its value."""
        members = arranged(site.group.items, decision.steps)
        if len(old) != len(site.group.items) or len(new) != len(members):
            return False
        for member, (key, value) in zip(members, new.items(), strict=True):
            was, minors = list(old)[member.index], _minors(site, decision, member)
            if not (_are_equal(was, key, minors) and self.same(old[was], value, (*site.path, was), minors)):
                return False
        return True


def _minors(site: Site, decision: Decision, member: Member) -> frozenset[Minor]:
    """Return the versions by which a member may differ from the item that it is, or is made after."""
    item = site.group.items[member.index]
    if member.minor is not None:
        return frozenset((member.minor, *(token.minor for token in item.tokens)))
    return masks.involved(step for step in decision.steps if isinstance(step, Move) and step.token in item.tokens)


def _are_renamed(old: list[Any], new: list[Any], here: list[tuple[Site, Decision]]) -> bool:
    """Say whether keys that were decided about, as they name versions, are the only ones that changed."""
    names = {site.scalar.text: (site, decision.steps) for site, decision in here if site.scalar is not None}
    return len(old) == len(new) and all(
        was == key or (was in names and masks.are_alike(was, str(key), [names[was]]))
        for was, key in zip(old, new, strict=True)
    )


def _are_equal(old: Any, new: Any, minors: frozenset[Minor]) -> bool:
    if repr(old) == repr(new):
        return True
    is_leaf = not isinstance(old, dict | list) and not isinstance(new, dict | list)
    return is_leaf and bool(minors) and masks.masked(_text(old), minors) == masks.masked(str(new), minors)


def _text(value: Any) -> str:
    """Return a value as text; what a program reads as 3.1 was meant to be 3.10 where it is an old one."""
    if isinstance(value, list):
        return "\n".join(map(_text, value))
    return f"{value}0" if isinstance(value, float) and value in (3.1, 3.2) else str(value)
