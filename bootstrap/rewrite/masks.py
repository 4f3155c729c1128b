"""Text with the versions taken out that a decision is about, so that all else can be compared exactly."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from bootstrap.decide import Add, Drop, Move

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bootstrap.decide import Step
    from bootstrap.policy import Minor
    from bootstrap.sites.model import Site
    from bootstrap.sites.phrase import Item

_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")
_NUMBER = re.compile(r"\d+(?:\.\d+)*")
_TUPLE = re.compile(r"\b3\s*,\s*(\d+)(?:\s*,\s*\d+)?")
# cibuildwheel's cp3[89]*: each digit is a version
_DIGITS = re.compile(r"(?<=3)\[\d+\]")
_WORD = re.compile(r"#|[\w.:<>=~^!@$%+-]+")
# What stands between the members of a list, or before each of them.
_BETWEEN = frozenset(("and", "or", "python", "cpython", "pypy", "py", "v", "-"))


def involved(steps: Iterable[Step]) -> frozenset[Minor]:
    """Return the versions that come and go by the steps."""
    found: set[Minor] = set()
    for step in steps:
        if isinstance(step, Move):
            found |= {step.token.minor, step.to}
        elif isinstance(step, Drop):
            found.update(token.minor for token in step.item.tokens)
        else:
            found.update((step.minor, *(token.minor for token in step.like.tokens)))
    return frozenset(found)


def masked(text: str, minors: frozenset[Minor]) -> str:
    """Return the text with `#` for each of the versions, however it is spelled, its patch level included."""
    last = {str(minor) for _, minor in minors}
    text = _DIGITS.sub(lambda match: " ".join(match[0]), _ESCAPED.sub(" ", text))
    text = _TUPLE.sub(lambda match: "#" if match[1] in last else match[0], text)
    return _NUMBER.sub(lambda match: "#" if _spells(match[0], minors) else match[0], text)


def _spells(number: str, minors: frozenset[Minor]) -> bool:
    return any(
        number in (f"{major}.{minor}", f"{major}{minor}", str(minor)) or number.startswith(f"{major}.{minor}.")
        for major, minor in minors
    )


def words(text: str, minors: frozenset[Minor]) -> Counter[str]:
    """Return the words of a text, without what separates the members of a list."""
    found = (word.lower() for word in _WORD.findall(masked(text, minors)))
    return Counter(word for word in found if word not in _BETWEEN)


def are_alike(old: str, new: str, sites: Iterable[tuple[Site, Iterable[Step]]]) -> bool:
    """Say whether a text that holds the sites differs by their steps alone."""
    told = [(site, step) for site, steps in sites for step in steps]
    minors = involved(step for _, step in told)
    if all(isinstance(step, Move) for _, step in told):
        return masked(old, minors) == masked(new, minors)
    # what is left of a list is not involved, but may stand where another member stood
    minors |= {token.minor for site, _ in told for token in site.group.tokens}
    wanted = words(old, minors)
    for site, step in told:
        if isinstance(step, Drop):
            wanted.subtract(_words_of(site, step.item, minors))
        elif isinstance(step, Add):
            wanted.update(_words_of(site, step.like, minors))
    return {word: count for word, count in wanted.items() if count} == words(new, minors)


def _words_of(site: Site, item: Item, minors: frozenset[Minor]) -> Counter[str]:
    return words(decoded(site.source.text[item.start : item.end]), minors)


def decoded(text: str) -> str:
    """Return Latin-1 text as its author sees it."""
    return text.encode("latin-1").decode("utf-8", "replace")
