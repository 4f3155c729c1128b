"""Policy and site to what the site should say: pure, and the only place that knows what follows what.

Maintainers were asked, as it were: the rules are what they did in some thousand commits that add or drop a version.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.decide.alone import alone, ends
from bootstrap.decide.lists import entries, members
from bootstrap.decide.steps import Add, Decision, Drop, Move, Step
from bootstrap.decide.surroundings import (
    is_aside,
    is_drift,
    is_end_of_a_part,
    is_for_the_oldest,
    is_in_one_of_several,
    is_named_after,
    is_only_one_of_its_kind,
    of_part,
    pinned_by_range,
    why_not_plain,
)
from bootstrap.decide.unclear import why_unclear
from bootstrap.policy import spelled
from bootstrap.sites.model import Area, Codec, Role
from bootstrap.sites.phrase import Kind

if TYPE_CHECKING:
    from bootstrap.policy import Transition
    from bootstrap.sites.model import Site
    from bootstrap.sites.phrase import Item

__all__ = ("Add", "Decision", "Drop", "Move", "Step", "decide")


def decide(site: Site, change: Transition) -> Decision:
    """Return what `site` should say after the change of policy."""
    group, role = site.group, site.declaration.role
    change = of_part(site, change)
    if site.locked:
        return Decision(reason=site.locked)
    if role is Role.TARGET:
        role = Role.SET if group.kind is Kind.LIST else Role.FLOOR
    if role is Role.MARKER:
        return Decision(reason="a condition in a dependency or in code is for its author to decide")
    reason = why_unclear(site, change)
    if reason:
        return Decision(reason=reason)
    if group.kind is Kind.LIST:
        return _several(site, role, change)
    if group.kind is Kind.RANGE:
        if is_aside(site, change):
            return Decision(reason=_EXAMPLE)
        return _ends(site, change)
    return _single(site, role, change)


_NAMES = (Codec.VERSION, Codec.NAMED, Codec.ITEMS)
"""Where members of a list are names of jobs, environments and sessions, or nothing but versions."""
_ALONE = "an environment for {} alone; look whether it is still wanted"
_END_OF_A_PART = "the part that it is in ends there of its own; look whether it still has to"
_DRIFTED = "it did not follow what is supported before either; look at it with check"
_EXAMPLE = "it may be an example, or about this version alone; look whether it still fits"


def _several(site: Site, role: Role, change: Transition) -> Decision:
    tokens = site.group.tokens
    drifted = [is_drift(site, token.minor, change) for token in tokens]
    if all(drifted) or (any(drifted) and site.declaration.area in (Area.TESTED, Area.TARGETED, Area.TOLD)):
        return Decision(reason=_DRIFTED)
    if is_aside(site, change):
        return Decision(reason=_EXAMPLE)
    is_of_mappings = site.layout == "entries"
    is_of_names = site.declaration.area is Area.TESTED and site.declaration.codec in _NAMES
    names = site.source.text if is_of_names else ""
    decided = entries(site, change) if is_of_mappings else members(site.group.items, role, change, names)
    return decided if change.with_entries else _without_whole_entries(site, decided)


def _ends(site: Site, change: Transition) -> Decision:
    """Decide about a range; one whose ends both followed something else is left to `check`."""
    low, high = site.group.tokens[0].minor, site.group.tokens[-1].minor
    decided = ends(site.group.tokens, change)
    is_drift_of_both = low < change.old.minimum and high != change.old.newest
    return Decision(reason=_DRIFTED) if decided.steps and is_drift_of_both and not change.mends else decided


def _without_whole_entries(site: Site, decided: Decision) -> Decision:
    """Return what remains of a decision where only lines may come and go that name a version."""
    text = site.source.text
    steps = tuple(
        step
        for step in decided.steps
        if isinstance(step, Move) or _names_it_on_each_line(text, step.item if isinstance(step, Drop) else step.like)
    )
    if steps == decided.steps:
        return decided
    reason = "an entry of several lines is for a version that comes or goes; look at it, or say --entries"
    return Decision(steps, "" if steps else reason, reason)


def _names_it_on_each_line(text: str, item: Item) -> bool:
    starts = [item.start, *(at + 1 for at in range(item.start, item.end) if text[at] == "\n")]
    ends_ = [*(start - 1 for start in starts[1:]), item.end]
    return all(
        any(start <= token.start < end for token in item.tokens) for start, end in zip(starts, ends_, strict=True)
    )


def _single(site: Site, role: Role, change: Transition) -> Decision:
    token, kind = site.group.tokens[0], site.group.kind
    reason = _why_not(site, change)
    if reason:
        return Decision(reason=reason)
    decided = alone(token.minor, kind, role, change)
    pinned = pinned_by_range(site)
    if pinned is not None and len(change.old.supported) > 1:
        low = alone(pinned, Kind.FLOOR, role, change)
        decided = low if kind is Kind.FLOOR else (low[0], low[1] + 1)
    if decided == change.replacement and change.drops(token.minor) and is_for_the_oldest(site):
        decided = change.new.minimum
    if role is Role.FLOOR and token.form == "glued" and decided > change.new.minimum:
        decided = token.minor  # to rewrite code for the default would break it on the oldest
    if decided == token.minor:
        return Decision(reason=f"{spelled(decided)} stays")
    is_floor = kind is Kind.FLOOR or role is Role.FLOOR
    note = f"the upper bound moves to {spelled(decided)}" if kind in (Kind.CEILING, Kind.LAST) else ""
    return Decision((Move(token, decided, is_floor),), note=note)


def _why_not(site: Site, change: Transition) -> str:
    """Say why a version that stands alone is left as it is, whatever the policy; nothing where it may move."""
    token = site.group.tokens[0]
    if not token.is_plain:
        return why_not_plain(token)
    if is_named_after(site, token.minor):
        return f"its name says {spelled(token.minor)} too; look whether both shall change"
    if len(change.old.supported) > 1 and not change.mends and is_in_one_of_several(site, token.minor):
        return f"what it is in is for {spelled(token.minor)}, beside others for others; look whether it goes as a whole"
    if is_end_of_a_part(site, change) or is_aside(site, change):
        return _EXAMPLE if is_aside(site, change) else _END_OF_A_PART
    if is_drift(site, token.minor, change):
        return f"{spelled(token.minor)} was not supported before either; look at it with check"
    if site.declaration.codec is Codec.SECTIONS:
        return "" if is_only_one_of_its_kind(site, change) else _ALONE.format(spelled(token.minor))
    is_environment = site.declaration.role is Role.SET and site.source.syntax in ("ini", "toxini")
    if is_environment and site.declaration.codec is Codec.ITEMS and len(change.old.supported) > 1:
        return _ALONE.format(spelled(token.minor))
    return ""
