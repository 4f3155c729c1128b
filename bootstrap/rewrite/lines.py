"""Lists whose members stand on lines of their own: a line goes, a line comes, and the commas stay right."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from bootstrap.rewrite.edits import Edit
from bootstrap.rewrite.members import copied

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bootstrap.policy import Transition
    from bootstrap.rewrite.members import Member
    from bootstrap.sites.model import Site
    from bootstrap.sites.phrase import Item

_BEFORE = re.compile(r"[ \t]*(?:-[ \t]+)?(?:&\S+[ \t]+)?")
_AFTER = re.compile(r"[ \t]*,?[ \t]*(?:(?:#|//)[^\n]*)?\r?\n?")
_COMMA = re.compile(r"[ \t]*,")
_BLANK = re.compile(r"[ \t]*\r?\n")
# YAML: a dash with an anchor, or alone, and the mapping on the lines that follow.
_DASH = re.compile(r"^[ \t]*-(?:[ \t]+[&!]\S+)*[ \t]*(?:#[^\n]*)?\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*\Z", re.MULTILINE)
_COMMENT_BEFORE = re.compile(r"^[ \t]*#[^\n]*\n\Z", re.MULTILINE)
_BOM = "\xef\xbb\xbf"


def are_alone(site: Site) -> bool:
    """Say whether each member of the list has its lines for itself."""
    text = site.source.text
    blocks = [_Block.around(text, item) for item in site.group.items]
    return all(
        _BEFORE.fullmatch(text, _line_start(text, block.item.start), _begin(text, block.item)) for block in blocks
    ) and all(_AFTER.fullmatch(text, block.item.end, block.end) for block in blocks)


def edits(site: Site, members: Sequence[Member], change: Transition) -> Iterator[Edit]:
    """Return what takes the lines of some members out and puts the lines of others in."""
    return _Lines(site, members, change).edits()


@dataclass(frozen=True, slots=True)
class _Block:
    """An item with its lines."""

    item: Item
    start: int
    end: int
    """Behind the line end, if there is one."""
    stop: int
    """Where the item ends without the comma that may be part of it."""
    comma: int | None
    """Where the comma is that comes after it."""

    @classmethod
    def around(cls, text: str, item: Item) -> _Block:
        """Return the block of `item`."""
        line_end = text.find("\n", item.end)
        start, end = _line_start(text, item.start), len(text) if line_end < 0 else line_end + 1
        dash = _DASH.search(text[:start]) if not text[start : _begin(text, item)].strip() else None
        stop = item.end - 1 if text[item.end - 1] == "," else item.end
        comma = _COMMA.match(text, stop, end)
        return cls(item, dash.start() if dash else start, end, stop, comma.end() - 1 if comma else None)


def _line_start(text: str, at: int) -> int:
    start = text.rfind("\n", 0, at) + 1
    return len(_BOM) if start == 0 and text.startswith(_BOM) else start


def _begin(text: str, item: Item) -> int:
    return max(item.start, _line_start(text, item.start))


class _Lines:
    """One list, and what it will be."""

    def __init__(self, site: Site, members: Sequence[Member], change: Transition) -> None:
        self.site, self.members, self.change = site, members, change
        self.text = site.source.text
        self.blocks = [_Block.around(self.text, item) for item in site.group.items]

    def edits(self) -> Iterator[Edit]:
        kept = {member.index for member in self.members if member.is_kept}
        for index in range(len(self.blocks)):
            if index not in kept:
                yield self._without(index, kept)
        for place, member in enumerate(self.members):
            yield from self._comma(member, place) if member.is_kept else [self._line(member, place)]

    @cached_property
    def has_commas(self) -> bool:
        """Whether commas part the members."""
        return self.site.layout == "flow" or any(block.comma is not None for block in self.blocks)

    @cached_property
    def has_blanks(self) -> bool:
        """Whether there is a blank line between each two members."""
        between = [self.text[left.end : right.start].split("\n")[:-1] for left, right in pairwise(self.blocks)]
        return bool(between) and all(any(not line.strip() for line in lines) for lines in between)

    def _is_blank_before(self, at: int) -> bool:
        line = self.text[self.text.rfind("\n", 0, max(at - 1, 0)) + 1 : at]
        return _BLANK.fullmatch(line) is not None

    def _wants_comma(self, place: int) -> bool:
        """Say whether a comma comes after the member at `place`: after the last one, if it was so before."""
        is_last = place == len(self.members) - 1
        return self.has_commas and (not is_last or self.blocks[-1].comma is not None)

    def _comma(self, member: Member, place: int) -> Iterator[Edit]:
        """Give a member that stays its comma, or take it away."""
        block = self.blocks[member.index]
        if self._wants_comma(place) and block.comma is None:
            yield Edit(block.stop, block.stop, ",")
        elif not self._wants_comma(place) and block.comma is not None:
            yield Edit(block.comma, block.comma + 1, "")

    def _line(self, member: Member, place: int) -> Edit:
        """Put the line of a copy after, or before, that of its model."""
        block = self.blocks[member.index]
        assert member.minor is not None  # noqa: S101 - a copy has one
        line = copied(self.site, member.index, member.minor, self.change, (block.start, block.stop))
        line += "," if self._wants_comma(place) else ""
        newline = self._newline(block)
        blank = newline if self.has_blanks else ""
        if member.is_before:
            return Edit(block.start, block.start, f"{line}{newline}{blank}")
        if self.text[block.end - 1] == "\n":
            return Edit(block.end, block.end, f"{blank}{line}{newline}")
        return Edit(block.end, block.end, f"{newline}{blank}{line}")

    def _newline(self, block: _Block) -> str:
        """Return the line end that the file has about here."""
        return "\r\n" if "\r\n" in self.text[max(block.start - 2, 0) : block.end] else "\n"

    def _without(self, index: int, kept: set[int]) -> Edit:
        """Take the lines of an item out, with a blank line where two would meet."""
        start, end = self.blocks[index].start, self.blocks[index].end
        is_blank = self._is_blank_before(start)
        if self.blocks[-1].end == len(self.text) and not any(later > index for later in kept):
            # Nothing comes after it: a blank line before it goes, and where the last line has no end, the one before.
            start = self.text.rfind("\n", 0, start - 1) + 1 if is_blank else start
            back = len(self._newline(self.blocks[index])) if start and not self.text.endswith("\n") else 0
            return Edit(start - back, end - back if self.text[end - 1] == "\n" else end, "")
        is_first = not any(earlier < index for earlier in kept) and not _COMMENT_BEFORE.search(self.text[:start])
        after = _BLANK.match(self.text, end) if is_blank or is_first else None
        return Edit(start, after.end() if after else end, "")
