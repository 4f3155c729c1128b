"""What stands around the sites: other lines, line ends, comments."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from bootstrap.decide import Drop, Move
from bootstrap.rewrite import masks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bootstrap.decide import Decision
    from bootstrap.sites.model import Site

    Decided = Sequence[tuple[Site, Decision]]

_COMMENT = re.compile(r"(?:(?<=\s)|^)(?:#|//)[^\r\n]*", re.MULTILINE)
_BOM = "\xef\xbb\xbf"
_LINE_END = re.compile(r"\r\n|\r|\n")


def _line_end(text: str, at: int) -> int:
    """Return where the line ends that has `at` in it."""
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def are_kept(before: str, after: str, decided: Decided) -> bool:
    """Say whether all that is no site is as it was."""
    if set(_LINE_END.findall(after)) - set(_LINE_END.findall(before)) - _new_line_ends(before):
        return False
    if before.startswith(_BOM) != after.startswith(_BOM):
        return False
    before, after = (text.replace(_BOM, "   ", 1) if text.startswith(_BOM) else text for text in (before, after))
    if all(isinstance(step, Move) for _, decision in decided for step in decision.steps):
        return _are_lines_alike(before, after, decided)
    return _are_lines_there(before, after, decided) and _are_comments_there(before, after, decided)


def _new_line_ends(before: str) -> set[str]:
    """Return what may come newly: a line end, where the file is a single line."""
    return set() if _LINE_END.search(before) else {"\n"}


def _touched(text: str, decided: Decided) -> set[int]:
    """Return the numbers of the lines, from 0, on which sites stand."""
    numbers: set[int] = set()
    for site, decision in decided:
        spans = (
            [(step.token.start, step.token.end) for step in decision.steps if isinstance(step, Move)]
            if all(isinstance(step, Move) for step in decision.steps)
            else [(site.group.start, site.group.end)]
        )
        for start, end in spans:
            first = text.count("\n", 0, start)
            numbers.update(range(first, first + text.count("\n", start, end) + 1))
    return numbers


def _are_lines_alike(before: str, after: str, decided: Decided) -> bool:
    """Say whether line by line the same stands there, versions that move aside, and the quotes that they get."""
    old, new = before.split("\n"), after.split("\n")
    if len(old) != len(new):
        return False
    touched = _touched(before, decided)
    minors = masks.involved(step for _, decision in decided for step in decision.steps)
    for number, (left, right) in enumerate(zip(old, new, strict=True)):
        if left != right and (number not in touched or _bare(left, minors) != _bare(right, minors)):
            return False
    return True


def _bare(line: str, minors: frozenset[tuple[int, int]]) -> str:
    return re.sub(r"([\"'])#\1", "#", masks.masked(line, minors))


def _are_lines_there(before: str, after: str, decided: Decided) -> bool:
    """Say whether every line without a site is still there, in its order."""
    touched = _touched(before, decided)
    left = iter(_told(after.split("\n")))
    return all(
        line in left for line in _told(line for number, line in enumerate(before.split("\n")) if number not in touched)
    )


def _told(lines: Iterable[str]) -> list[str]:
    """Return the lines that say something; a blank one between two members may go with one of them."""
    return [line.rstrip("\r") for line in lines if line.strip()]


def _are_comments_there(before: str, after: str, decided: Decided) -> bool:
    """Say whether the comments are the same, but for those on the lines of a member that goes."""
    minors = masks.involved(step for _, decision in decided for step in decision.steps)
    old, new = (
        Counter(masks.masked(match[0], minors).rstrip() for match in _COMMENT.finditer(text))
        for text in (before, after)
    )
    gone = Counter(
        masks.masked(match[0], minors).rstrip()
        for start, end in going_lines(decided)
        for match in _COMMENT.finditer(before[start:end])
    )
    return not set(new) - set(old) and not (old - new) - gone


def going_lines(decided: Decided) -> Iterator[tuple[int, int]]:
    """Yield where the members are that go and share no line with one that stays: what is said there goes along."""
    for site, decision in decided:
        text = site.source.text
        dropped = {step.item for step in decision.steps if isinstance(step, Drop)}
        stays = [item for item in site.group.items if item not in dropped]
        for item in dropped:
            end = _line_end(text, item.end)
            if not any(text.rfind("\n", 0, item.start) < one.end and one.start < end for one in stays):
                yield item.start, end
