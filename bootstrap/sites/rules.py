"""Rules of Makefiles and justfiles that are told apart by a version: `test-3.9:` and its recipe come and go as one."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from bootstrap.expression import expression
from bootstrap.sites import phrase
from bootstrap.sites.phrase import Group, Item, Kind
from bootstrap.sites.spelling import between, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

# A target, and below it the lines of its recipe: with a tab in a Makefile, with blanks in a justfile.
_RULE = expression(r"^(?P<target>[^\s:#=.][^:#=\r\n]*):(?![=:])[^\r\n]*(?:\r?\n[ \t]+\S[^\r\n]*)*", re.MULTILINE)
_PHONY = expression(r"^\.PHONY[ \t]*:(?P<targets>(?:[^\r\n\\]|\\\r?\n)*)", re.MULTILINE)
_WORDS = expression(r"[\s\\]+")


def rules(text: str, start: int, end: int) -> Iterator[Group]:
    """Yield each family of rules as one list, and the lists of phony targets that name them."""
    named = [item for item in map(_item, _found(text, start, end)) if item.tokens]
    for _, family in groupby(sorted(named, key=lambda item: _masked(text, item)), lambda item: _masked(text, item)):
        members = tuple(sorted(family, key=lambda item: item.start))
        every = tuple(token for item in members for token in item.tokens)
        if len({token.minor for token in every}) > 1:
            yield Group(Kind.LIST, members[0].start, members[-1].end, every, members)
    for match in _PHONY.finditer(text, start, end):
        yield from phrase.items(text, *match.span("targets"), _WORDS)


def spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the spans of the rules whose targets name a version: what stands in them follows their names."""
    return [(item.start, item.end) for item in map(_item, _found(text, start, end)) if item.tokens]


def _found(text: str, start: int, end: int) -> Iterator[tuple[str, re.Match[str]]]:
    return ((text, match) for match in _RULE.finditer(text, start, end))


def _item(found: tuple[str, re.Match[str]]) -> Item:
    text, match = found
    meant = {token.minor for token in tokens(text, *match.span("target")) if token.is_plain}
    every = tuple(tokens(text, *match.span()))
    is_one = len(meant) == 1 and all(token.minor in meant and token.is_plain for token in every)
    return Item(*match.span(), every if is_one else ())


def _masked(text: str, item: Item) -> str:
    return "\0".join(between(text, item.start, item.end, item.tokens))
