"""What becomes of a list of versions: a matrix, classifiers, environments, or mappings told apart by their version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.decide.alone import alone
from bootstrap.decide.steps import Add, Decision, Drop, Move
from bootstrap.expression import expression
from bootstrap.policy import spelled
from bootstrap.sites.model import Role
from bootstrap.sites.phrase import Kind
from bootstrap.sites.spelling import between

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bootstrap.decide.steps import Step
    from bootstrap.policy import Minor, Transition
    from bootstrap.sites.model import Site
    from bootstrap.sites.phrase import Item


def _version(item: Item) -> Minor | None:
    """Return the one version of CPython that an item names; None where it names none, or several."""
    found = {token.minor for token in item.tokens if token.is_plain}
    return found.pop() if len(found) == 1 and all(token.is_plain for token in item.tokens) else None


def members(items: Sequence[Item], role: Role, change: Transition, names: str = "") -> Decision:
    """Return which members of a list go, which come, and which take another's place.

    `names` is the text that the members stand in, where they are names of what is tested. A name may say more than the
    version: what only `py38-freeze` does goes on being done, by `py39-freeze`, while `py38` beside `py39` goes.
    """
    named = [(item, minor) for item in items if (minor := _version(item)) is not None]
    versions = sorted({minor for _, minor in named})
    if not versions:
        return Decision(reason="no plain release of CPython is in the list")
    if len(versions) == 1:
        return _only(named, versions[0], role, change)
    families = _families(named, names)
    if len(families) == 1 and tuple(versions) == change.old.supported and all(map(change.drops, versions)):
        return _one_by_one(named, versions, change)
    is_enumeration = any(len({minor for _, minor in family}) > 1 for family in families)
    steps: list[Step] = []
    added: list[Add] = []
    for family in families:
        alike = sorted({minor for _, minor in family})
        ending = _endings(family, alike, change)
        moved = {step.to for step in ending if isinstance(step, Move)}
        steps += ending
        if len(alike) > 1 or not is_enumeration:  # what only one version does is none to be done by the next
            added += [step for step in _additions(family, alike, change) if step.minor not in moved]
    steps += [Drop(item) for item in items if added and _was_awaited(item, added)]
    steps += added
    return Decision(tuple(steps), "" if steps else "all that it names is supported")


def _one_by_one(named: Sequence[tuple[Item, Minor]], versions: Sequence[Minor], change: Transition) -> Decision:
    """Decide about a list of all that was supported, none of which still is: each gives its place to its successor."""
    successors = dict(zip(versions, change.new.supported, strict=False))
    steps: list[Step] = []
    for item, minor in named:
        to = successors.get(minor)
        steps += [Move(token, to) for token in item.tokens] if to is not None else [Drop(item)]
    is_descending = named[0][1] > named[-1][1]
    last = max(successors)
    steps += [
        Add(item, more, is_before=is_descending)
        for more in change.new.supported[len(versions) :]
        for item, minor in named
        if minor == last
    ]
    return Decision(tuple(steps))


def _families(named: Sequence[tuple[Item, Minor]], names: str) -> list[list[tuple[Item, Minor]]]:
    """Return the members by what their names say besides the version."""
    families: dict[str, list[tuple[Item, Minor]]] = {}
    for item, minor in named:
        families.setdefault(_besides_version(names, item) if names else "", []).append((item, minor))
    return list(families.values())


_NO_WORD = expression(r"(?i)(?<![a-z])(?:c?python|py|cp|v)(?![a-z])|[^a-z0-9!]+")


def _besides_version(text: str, item: Item) -> str:
    """Return the words of a name that are neither a version nor the word Python: `windows freeze`."""
    pieces, at = [], item.start
    for token in item.tokens:
        pieces.append(text[at : token.start])
        at = token.tail
    return " ".join(_NO_WORD.sub(" ", " ".join([*pieces, text[at : item.end]])).split())


def _endings(family: Sequence[tuple[Item, Minor]], versions: Sequence[Minor], change: Transition) -> list[Drop | Move]:
    """Return which members of a family go, and which one stays in another's place."""
    left = [minor for minor in versions if not change.drops(minor)]
    stand_in = _stand_in(versions, left, change)
    steps: list[Drop | Move] = []
    for item, minor in family:
        if minor in left:
            continue
        if minor == stand_in:
            steps += [Move(token, change.new.minimum) for token in item.tokens]
        else:
            steps.append(Drop(item))
    return steps


def _was_awaited(item: Item, added: Sequence[Add]) -> bool:
    """Say whether an item names a pre-release, such as 3.13-dev, of what is now supported for good."""
    coming = {step.minor for step in added}
    return any(
        token.stage not in ("", "t") and token.implementation == "cpython" and token.minor in coming
        for token in item.tokens
    )


def _only(named: Sequence[tuple[Item, Minor]], minor: Minor, role: Role, change: Transition) -> Decision:
    """Decide about a list with one version: it is a version that stands alone, unless it says all that there is."""
    items = [item for item, _ in named]
    is_all = role is Role.SET and change.old.supported == (minor,)
    if is_all and len(change.new.supported) > 1:
        steps: list[Step] = [] if minor in change.new.supported else [Drop(item) for item in items]
        return Decision((*steps, *_clones(items, change.new.supported, minor)))
    to = alone(minor, Kind.SINGLE, Role.DEFAULT if role is Role.SET else role, change)
    if role is Role.SET and _is_lowest_tested(minor, change):
        to = change.new.minimum
    if to == minor:
        return Decision(reason=f"{spelled(minor)} stays")
    return Decision(tuple(Move(token, to) for item in items for token in item.tokens))


def _clones(items: Sequence[Item], wanted: Iterable[Minor], present: Minor) -> list[Add]:
    return [Add(items[-1], minor, is_before=minor < present) for minor in wanted if minor != present]


def _stand_in(versions: Sequence[Minor], left: Sequence[Minor], change: Transition) -> Minor | None:
    """Return the version whose place the new minimum takes, where the list would lose its oldest end otherwise.

    ["3.8", "3.12"] tests both ends and goes on doing so; ["3.8", "3.9", "3.10"] just gets shorter.
    """
    gone = [minor for minor in versions if minor not in left]
    if not gone or change.new.minimum in left:
        return None
    between = [minor for minor in change.old.supported if versions[0] <= minor <= versions[-1]]
    is_sparse = len(versions) < len(between)
    return gone[-1] if is_sparse or not left else None


def _additions(named: Sequence[tuple[Item, Minor]], versions: Sequence[Minor], change: Transition) -> list[Add]:
    """Return what is added: newly supported versions, to lists that go to that end of what is supported."""
    order = [minor for _, minor in named]
    is_descending = order[0] > order[-1]
    steps = []
    for minor in _wanted(versions, change):
        older = [present for present in versions if present < minor]
        neighbour = older[-1] if older else versions[0]
        is_before = is_descending if older else not is_descending
        steps += [Add(like, minor, is_before) for like, present in named if present == neighbour]
    return steps


def _wanted(versions: Sequence[Minor], change: Transition) -> list[Minor]:
    """Return the versions that a list does not name yet, and goes far enough to name."""
    old, top = change.old, versions[-1]
    if old.newest not in versions:
        return []
    wanted = [minor for minor in change.added if minor > min(top, old.newest)]
    if old.minimum in versions:
        wanted += [minor for minor in change.added if minor < old.minimum]
    return [minor for minor in wanted if minor not in versions]


def entries(site: Site, change: Transition) -> Decision:
    """Decide about a list of mappings: the includes of a matrix, jobs that are told apart by their version."""
    text = site.source.text
    items = site.group.items
    known = {(_masked(text, item), _version(item)) for item in items}
    newest = change.old.newest
    lowest = _lowest_of_several(items, change)
    names = {name for item in items if (name := _called(text, item))}
    is_left_out = "exclude" in site.path  # a job that is left out on 3.9 is none to be left out on 3.10
    steps: list[Step] = []
    for item in items:
        minor = _version(item)
        if minor is None:
            steps += _tokens_alone(item, change)
            continue
        if minor < change.old.minimum and not change.mends:
            continue
        to = alone(minor, Kind.SINGLE, Role.DEFAULT, change)
        if _is_lowest_tested(minor, change) or (minor == lowest and change.drops(minor)):
            to = change.new.minimum
        family = {other for mask, other in known if mask == _masked(text, item) and other is not None}
        is_enumeration = _is_enumeration(family, change)
        is_of_ends = is_enumeration and _is_sparse(family, change)
        if change.drops(minor):
            is_there = to in family or _called(text, item, to) in names
            if is_left_out or is_there or (is_enumeration and not is_of_ends):
                steps.append(Drop(item))
            else:
                steps += [Move(token, to) for token in item.tokens]
                known.add((_masked(text, item), to))
        elif to != minor and not is_enumeration and not is_left_out:
            steps += [Move(token, to) for token in item.tokens]
            known.add((_masked(text, item), to))
        if minor == newest and is_enumeration and not is_left_out and not _names_a_patch(item):
            steps += [Add(item, more) for more in change.added if more not in family and more > newest]
    if items and all(isinstance(step, Drop) for step in steps) and len(steps) == len(items):
        return Decision(reason="all of its entries are for versions that go; take the list out")
    return Decision(tuple(steps), "" if steps else "all that it names is supported")


def _lowest_of_several(items: Sequence[Item], change: Transition) -> Minor | None:
    """Return the oldest supported version where entries for it stand beside others: they are there for the oldest."""
    found = {minor for item in items if (minor := _version(item)) is not None and minor >= change.old.minimum}
    return change.old.minimum if len(found) > 1 and change.old.minimum in found else None


_NAME = expression(r"(?<![\w-])[\"']?(?:name|id|label)[\"']?[ \t]*:[ \t]*(?P<name>[^\r\n,}#]+)")


def _called(text: str, item: Item, instead: Minor | None = None) -> str:
    """Return what an entry calls itself, with its version or another one instead; empty where it has no such name."""
    match = _NAME.search(text, item.start, item.end)
    inside = [token for token in item.tokens if match and match.start("name") <= token.start < match.end("name")]
    if match is None or not inside:
        return ""
    minor = inside[0].minor if instead is None else instead
    return spelled(minor).join(between(text, *match.span("name"), inside)).strip(" \t\"'")


def _is_enumeration(family: set[Minor], change: Transition) -> bool:
    """Say whether entries that differ by the version alone go through the supported ones."""
    return len([minor for minor in family if minor in change.old.supported]) > 1


def _is_sparse(family: set[Minor], change: Transition) -> bool:
    """Say whether entries leave out what is between them: they test the ends, and go on doing so."""
    return len(family) < len([minor for minor in change.old.supported if min(family) <= minor <= max(family)])


def _names_a_patch(item: Item) -> bool:
    """Say whether an entry is for one patch release, such as 3.12.0, whose like nobody can guess."""
    return any(token.micro[1:].isdigit() for token in item.tokens)


def _tokens_alone(item: Item, change: Transition) -> list[Move]:
    moves = []
    for token in item.tokens:
        if token.minor < change.old.minimum and not change.mends:
            continue
        to = alone(token.minor, Kind.SINGLE, Role.DEFAULT, change) if token.is_plain else token.minor
        if to != token.minor:
            moves.append(Move(token, to))
    return moves


def _masked(text: str, item: Item) -> str:
    """Return an entry's text with its versions taken out, to tell entries that are alike but for them."""
    words = " ".join(between(text, item.start, item.end, item.tokens))
    return "".join(words.replace('"', "").replace("'", "").split())


def _is_lowest_tested(minor: Minor, change: Transition) -> bool:
    """Say whether a job runs on the oldest Python on purpose: it goes on doing so, and not on the default."""
    return minor == change.old.minimum != change.old.default and change.drops(minor)
