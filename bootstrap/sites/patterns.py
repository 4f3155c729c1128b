"""The patterns of the catalogue, for names, folders and places: `*` within a name or a key, `**` for any depth.

A plain comparison, since there are hundreds of patterns, each of which is needed once or never in a run: to compile a
regular expression takes a thousand times as long as to use it. Who calls has folded the case of both sides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

DEEP = "**"


def is_glob(pattern: str) -> bool:
    """Say whether the pattern fits more than itself."""
    return "*" in pattern


def fits(pattern: str, text: str) -> bool:
    """Say whether `text` is what `pattern` says, where `*` stands for anything."""
    if "*" not in pattern:
        return text == pattern
    head, *inner = pattern.split("*")
    tail = inner.pop()
    at, end = len(head), len(text) - len(tail)
    if at > end or not text.startswith(head) or not text.endswith(tail):
        return False
    for part in inner:
        found = text.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


def leads_to(pattern: Sequence[str], path: Sequence[str]) -> bool:
    """Say whether the parts of a path are those of a pattern; a bar in one offers a choice, as in `a|b*`.

    It is compared from the end, where most paths differ.
    """
    left = len(path)
    for at in range(len(pattern) - 1, -1, -1):
        part = pattern[at]
        if part == DEEP:
            above = pattern[at - 1] if at else DEEP
            if not is_glob(above) and "|" not in above and above not in path:
                return False
            return at == 0 or any(leads_to(pattern[:at], path[:kept]) for kept in range(left + 1))
        left -= 1
        if left < 0 or not _is_one_of(part, path[left]):
            return False
    return left == 0


def _is_one_of(choice: str, text: str) -> bool:
    if "|" not in choice:
        return fits(choice, text)
    return any(fits(word, text) for word in choice.split("|"))
