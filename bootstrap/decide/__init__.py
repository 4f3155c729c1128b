"""Policy and site to what the site should say: pure, and the only place that knows what follows what.

Maintainers were asked, as it were: the rules are what they did in some thousand commits that add or drop a version.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.decide.alone import alone, ends
from bootstrap.decide.lists import entries, members
from bootstrap.decide.steps import Add, Decision, Drop, Move, Step
from bootstrap.decide.surroundings import is_aside, is_for_the_oldest, is_history, is_named_after, why_not_plain
from bootstrap.policy import spelled
from bootstrap.sites.model import Role
from bootstrap.sites.phrase import Kind

if TYPE_CHECKING:
    from bootstrap.policy import Transition
    from bootstrap.sites.model import Site

__all__ = ("Add", "Decision", "Drop", "Move", "Step", "decide")


def decide(site: Site, change: Transition) -> Decision:
    """Return what `site` should say after the change of policy."""
    group, role = site.group, site.declaration.role
    if site.locked:
        return Decision(reason=site.locked)
    if role is Role.TARGET:
        role = Role.SET if group.kind is Kind.LIST else Role.FLOOR
    if role is Role.MARKER:
        return Decision(reason="a condition in a dependency or in code is for its author to decide")
    if group.kind is Kind.LIST:
        if all(is_history(site, token.minor, change) for token in group.tokens):
            return Decision(reason="none of these was supported before either")
        if site.layout == "lines" and is_aside(site, change):
            return Decision(reason="these may be examples; look whether they still fit")
        return entries(site, change) if site.layout == "entries" else members(group.items, role, change)
    if group.kind is Kind.RANGE:
        return ends(group.tokens, change)
    return _single(site, role, change)


def _single(site: Site, role: Role, change: Transition) -> Decision:
    token, kind = site.group.tokens[0], site.group.kind
    reason = _why_not(site, change)
    if reason:
        return Decision(reason=reason)
    decided = alone(token.minor, kind, role, change)
    if decided == change.replacement and change.drops(token.minor) and is_for_the_oldest(site):
        decided = change.new.minimum
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
    if is_aside(site, change):
        return f"{spelled(token.minor)} may be an example; look whether it still fits"
    if is_history(site, token.minor, change):
        return f"{spelled(token.minor)} was not supported before either; it may speak of something else"
    return ""
