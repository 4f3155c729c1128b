"""Lists in a line, or wrapped over some: members go with a separator and come with one, as the author writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from bootstrap.rewrite.edits import Edit, RefusedEditError
from bootstrap.rewrite.members import copied

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bootstrap.policy import Transition
    from bootstrap.rewrite.members import Member
    from bootstrap.sites.model import Site

_COMMENT = re.compile(r"(?:\r?\n)?[ \t]*(?:#|//)[^\r\n]*")
_FROM_NEXT_LINE = re.compile(r"\r?\n.*", re.DOTALL)
_ANCHOR = re.compile(r"&\S+[ \t]+$")
_OWN_WORD = re.compile(r"(?:and/or|and|or|&)\s", re.IGNORECASE)
_LAST = re.compile(r"\s*,?\s*(?:and/or|and|or|&)\s", re.IGNORECASE)
_CLOSING = re.compile(r"(?:[\"'`*_)\]]|\\(?=[\"']))*")
_OPENING = re.compile(r"(?:[\"'`*_(\[]|\\(?=[\"']))*(?=(?:(?:c?python|pypy|py|v)[-_ :/]?)?$)", re.IGNORECASE)
_MIRRORED = str.maketrans(")]", "([")


@dataclass(frozen=True, slots=True)
class _Span:
    """Text that stays where it is."""

    start: int
    end: int


def edits(site: Site, members: Sequence[Member], change: Transition) -> Iterator[Edit]:
    """Return the edits that make the list have `members`; between those that stay neighbours nothing is touched.

    Raises RefusedEditError where the marks around a member that goes do not go with it.
    """
    one = _Inline(site, members, change)
    at, text = site.group.items[0].start, ""
    for piece in one.pieces():
        if isinstance(piece, str):
            text += piece
        elif piece.start > at or text:
            yield Edit(at, piece.start, text)
            at, text = piece.end, ""
        else:
            at = piece.end
    if text or at < site.group.items[-1].end:
        yield Edit(at, site.group.items[-1].end, text)


class _Inline:
    """One list, and what it will be."""

    def __init__(self, site: Site, members: Sequence[Member], change: Transition) -> None:
        self.site, self.members, self.change = site, members, change
        self.text, self.items = site.source.text, site.group.items
        self.gaps = [self.text[left.end : right.start] for left, right in pairwise(self.items)]
        self._check_marks()

    def pieces(self) -> Iterator[_Span | str]:
        """Yield what the list will be made of: parts of it as it is, and text that is new."""
        first, previous = self.members[0], None
        if first.is_kept and first.index:
            yield self._said_before(first)
        for place, member in enumerate(self.members):
            if previous is not None:
                yield self._between(previous, member, is_end=place == len(self.members) - 1)
            yield self._written(member)
            previous = member
        yield self._end()

    def _said_before(self, member: Member) -> str:
        """Return the comments on the lines right before a member that is the first one from now on."""
        own = _FROM_NEXT_LINE.search(self.gaps[member.index - 1])
        return own[0] if own and _has_comment(own[0]) else ""

    def _written(self, member: Member) -> _Span | str:
        item = self.items[member.index]
        if member.minor is None:
            return _Span(item.start, item.end)
        return copied(self.site, member.index, member.minor, self.change, (item.start, item.end))

    def _is_text(self) -> bool:
        """Say whether the list is part of a text, in which words and marks may stand between the members."""
        return self.site.layout in ("text", "lines")

    @cached_property
    def own_end(self) -> str:
        """What stands before the last member alone, such as ` and `; nothing where all separators are of a kind."""
        if not self.gaps or not self._is_text() or not _OWN_WORD.search(self.gaps[-1]):
            return ""
        return "" if any(_OWN_WORD.search(gap) for gap in self.gaps[:-1]) else self.gaps[-1]

    @cached_property
    def usual(self) -> str:
        """What separates two members where there is but one separator, or none."""
        if not self.gaps:
            return ", "
        if self.own_end and len(self.gaps) == 1:
            closing = _closing(self.own_end)
            return closing + _LAST.sub(", ", self.own_end[len(closing) :], count=1)
        return _uncommented(self.gaps[0])

    def _between(self, left: Member, right: Member, *, is_end: bool) -> _Span | str:
        """Return what separates two members."""
        if is_end and self.own_end:
            return self._before_last(left, right)
        if not right.is_kept and not right.is_before:
            # The copy's neighbour: what is said of the original stays at its side.
            is_told = left.is_kept and left.index < len(self.gaps) and _has_comment(self.gaps[left.index])
            return self._gap(left.index) if is_told else self._near(right)
        last = len(self.gaps) - 1 if self.own_end else len(self.gaps)
        own = range(left.index, min(right.index, last))
        if not own or (not left.is_kept and _has_comment(self.gaps[left.index])):
            return self._near(left if right.is_kept else right)
        wrapping = [index for index in own if "\n" in self.gaps[index]]
        return self._gap((wrapping or own)[0])

    def _near(self, member: Member) -> str:
        """Return what separates the item that `member` is made after from its neighbour."""
        index = min(member.index, len(self.gaps) - 1) if member.is_before else max(member.index - 1, 0)
        if not self.gaps or (self.own_end and index == len(self.gaps) - 1):
            return self.usual
        near = _uncommented(self.gaps[index])
        return _ANCHOR.sub("", near) if self.site.source.syntax == "yaml" else near

    def _before_last(self, left: Member, right: Member) -> _Span | str:
        """Return what stands before the last member, such as ` and `."""
        if len(self.members) == 2 < len(self.items):  # two need no comma
            closing = _closing(self.own_end)
            return closing + re.sub(r"^\s*,", "", self.own_end[len(closing) :])
        is_in_place = left.is_kept and right.is_kept and right.index == len(self.gaps)
        return self._gap(len(self.gaps) - 1) if is_in_place else self.own_end

    def _gap(self, index: int) -> _Span:
        return _Span(self.items[index].end, self.items[index + 1].start)

    def _end(self) -> str:
        """Return what comes after the last member, where more came once, and a comma for a tuple of one."""
        last = self.members[-1]
        if len(self.members) == 1 < len(self.items) and self._is_tuple():
            return ","
        rest = self.gaps[last.index] if last.is_kept and last.index < len(self.gaps) else ""
        return rest.replace(",", "", 1) if _has_comment(rest) else ""

    def _is_tuple(self) -> bool:
        """Say whether it is Python's tuple, which parentheses alone do not make, and has no comma at its end."""
        before, after = self.text[: self.items[0].start].rstrip(), self.text[self.items[-1].end :].lstrip()
        is_in_parentheses = before.endswith("(") and re.search(r"[\w)\]]\($", before) is None
        return self.site.source.syntax == "python" and is_in_parentheses and not after.startswith(",")

    def _check_marks(self) -> None:
        """Refuse lists such as **3.8**, 3.9: what goes would leave a mark behind."""
        kinds = {(_closing(gap), _opening(gap)) for gap in self.gaps} if self._is_text() else set()
        if len(kinds) > 1 or any(sorted(left.translate(_MIRRORED)) != sorted(right) for left, right in kinds):
            raise RefusedEditError("the members of the list are marked differently", remedy="change the list by hand")


def _has_comment(gap: str) -> bool:
    return "\n" in gap and _COMMENT.search(gap) is not None


def _uncommented(gap: str) -> str:
    return _COMMENT.sub("", gap) if _has_comment(gap) else gap


def _closing(gap: str) -> str:
    match = _CLOSING.match(gap)
    return match[0] if match else ""


def _opening(gap: str) -> str:
    match = _OPENING.search(gap)
    return match[0] if match else ""
