"""Members of lists that come and go: which ones there will be, and what a new one looks like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bootstrap.decide import Add, Drop
from bootstrap.rewrite.edits import Edit, splice
from bootstrap.rewrite.versions import respelled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bootstrap.decide import Step
    from bootstrap.policy import Minor, Transition
    from bootstrap.sites.model import Site
    from bootstrap.sites.phrase import Item

# A copy with the same anchor would take the original's place for every alias that follows.
_ANCHOR = re.compile(r"(?m)(?<=[-:\[,])[ \t]+&[^\s,\[\]{}]+(?=\s)")
# What is said of one version need not be so of the next.
_COMMENT = re.compile(r"(?m)^[ \t]*#[^\n]*\n|[ \t]+#[^\n\r\"']*(?=\r?$)")


@dataclass(frozen=True, slots=True)
class Member:
    """What a list will have: one of its items, or the copy of one with another version in it."""

    index: int
    """The place of the item, or of the one that is copied, in the list of today."""
    minor: Minor | None = None
    """For a copy: its version."""
    is_before: bool = False
    """For a copy: whether it comes before what it is copied from."""

    @property
    def is_kept(self) -> bool:
        """Say whether it is in the list already."""
        return self.minor is None


def arranged(items: Sequence[Item], steps: Sequence[Step]) -> tuple[Member, ...]:
    """Return the members that the list will have, in their order."""
    dropped = {step.item for step in steps if isinstance(step, Drop)}
    members: list[Member] = []
    for index, item in enumerate(items):
        added = sorted(
            (step for step in steps if isinstance(step, Add) and step.like == item), key=lambda step: step.minor
        )
        first = [step.minor for step in added if step.is_before]
        last = [step.minor for step in added if not step.is_before]
        if first and first[-1] > item.tokens[0].minor:
            first.reverse()  # the newest comes first in such a list
        if last and last[-1] < item.tokens[0].minor:
            last.reverse()
        before = [Member(index, minor, is_before=True) for minor in first]
        kept = [] if item in dropped else [Member(index)]
        members += [*before, *kept, *(Member(index, minor) for minor in last)]
    return tuple(members)


def copied(site: Site, index: int, minor: Minor, change: Transition, span: tuple[int, int]) -> str:
    """Return the text in `span`, around the item at `index`, with `minor` for the item's version."""
    start, end = span
    made = [respelled(site, token, minor, change) for token in site.group.items[index].tokens]
    text = splice(site.source.text[start:end], [Edit(edit.start - start, edit.end - start, edit.text) for edit in made])
    if site.source.syntax == "yaml" and site.layout != "text":
        text = _ANCHOR.sub("", text)
    return _COMMENT.sub("", text) if site.layout == "entries" else text
