"""Whether it is shown that an edit changes what was decided, and nothing else.

Three witnesses, none of which knows how the edit was made: another parser reads both contents, and may find differences
only where a site is, and only of the kind that was decided; the lines apart from the sites, the line ends and the
comments have to be the same; and who locates again has to find the versions that were meant.
"""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from typing import TYPE_CHECKING, Any

from bootstrap.decide import Drop, Move
from bootstrap.errors import MalformedFileError
from bootstrap.rewrite import documents, programs, surroundings
from bootstrap.rewrite.edits import RefusedEditError
from bootstrap.rewrite.members import arranged
from bootstrap.sites.locate import locate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bootstrap.decide import Decision, Step
    from bootstrap.policy import Minor
    from bootstrap.sites.model import Site

    Decided = Sequence[tuple[Site, Decision]]
    Judge = Callable[[Any, Any, Decided], bool]

# Who compares what the other parser has read.
_JUDGES: dict[str, Judge] = {
    "yaml": documents.are_alike,
    "toml": documents.are_alike,
    "jsonc": documents.are_alike,
    "ini": documents.are_alike,
    "python": programs.are_alike,
    "dockerfile": programs.are_alike,
    "plain": programs.are_texts_alike,
}


def prove(before: bytes, after: bytes, decided: Decided) -> None:
    """Raise RefusedEditError unless `after` differs from `before` by what was decided alone."""
    for syntax in dict.fromkeys(site.source.syntax for site, _ in decided):
        # text is all of a file, so every site is part of it
        of_syntax = [(site, one) for site, one in decided if syntax in ("plain", site.source.syntax)]
        load = import_module(f"bootstrap.syntax.{syntax}").load
        try:
            old, new = load(before, None), load(after, None)
        except MalformedFileError as error:
            raise _refused(f"the file could not be read afterwards: {error}") from None
        if not _JUDGES.get(syntax, documents.are_alike)(old, new, of_syntax):
            raise _refused("the edit would change more than versions")
    if not surroundings.are_kept(before.decode("latin-1"), after.decode("latin-1"), decided):
        raise _refused("the edit would change what stands around the versions")
    if not _reads_as_meant(before, after, decided):
        raise _refused("the edit would not read as what was meant")


def _refused(message: str) -> RefusedEditError:
    return RefusedEditError(message, remedy="change the file by hand; it was left as it is")


def _reads_as_meant(before: bytes, after: bytes, decided: Decided) -> bool:
    """Say whether the versions that are located afterwards are those of before, with the steps taken."""
    path = decided[0][0].source.path
    old = locate(path, before)
    wanted: Counter[Minor] = Counter(token.minor for site in old for token in site.group.tokens)
    for _, decision in decided:
        wanted.update(_balance(decision.steps))
    found = Counter(token.minor for site in locate(path, after) for token in site.group.tokens)
    return not found - wanted and not (wanted - found) - _beside_dropped(old, decided) - _left_alone(decided)


def _beside_dropped(sites: Iterable[Site], decided: Decided) -> Counter[Minor]:
    """Return the versions that may go with the lines of a member that is dropped: those in a comment there."""
    known = {site.group.start for site, _ in decided}
    spans = list(surroundings.going_lines(decided))
    others = [token for site in sites if site.group.start not in known for token in site.group.tokens]
    return Counter(token.minor for token in others if any(start <= token.start < end for start, end in spans))


def _left_alone(decided: Decided) -> Counter[Minor]:
    """Return the versions that may not be known as such any more, since no list tells what they are: single lines."""
    left: Counter[Minor] = Counter()
    for site, decision in decided:
        if site.layout == "lines" and site.scalar is not None:
            kept = [site.group.items[one.index] for one in arranged(site.group.items, decision.steps) if one.is_kept]
            left.update(token.minor for item in kept for token in item.tokens)
    return left


def _balance(steps: Iterable[Step]) -> Counter[Minor]:
    """Return how many times each version comes (or goes, below zero)."""
    balance: Counter[Minor] = Counter()
    for step in steps:
        if isinstance(step, Move):
            balance[step.to] += 1
            balance[step.token.minor] -= 1
        elif isinstance(step, Drop):
            balance.subtract(token.minor for token in step.item.tokens)
        else:
            balance[step.minor] += len(step.like.tokens)
    return balance
