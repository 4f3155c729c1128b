"""A file of somebody's as lines, to which lines are added: whatever is not touched keeps its bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bootstrap.errors import MalformedFileError
from bootstrap.syntax.reading import BOM, decoded

if TYPE_CHECKING:
    from collections.abc import Iterable

UNREADABLE = "it is no UTF-8 text with usual line ends, so it was left as it is"


class Splice(NamedTuple):
    """Lines that take the place of those from `start` up to `end`, which is `start` where nothing goes."""

    start: int
    end: int
    lines: tuple[str, ...]


class Text(NamedTuple):
    """The lines, without their ends, and what is needed to write them as they were."""

    has_bom: bool
    lines: tuple[str, ...]
    ends: tuple[str, ...]
    newline: str
    """What most lines end with."""

    def spliced(self, splices: Iterable[Splice]) -> bytes:
        """Return the file with the splices made; whether the last line has an end stays as it was."""
        made: list[str] = []
        at = 0
        for start, end, lines in sorted(splices):
            made += [line + close for line, close in zip(self.lines[at:start], self.ends[at:start], strict=True)]
            made += [line + self.newline for line in lines]
            at = end
        made += [line + close for line, close in zip(self.lines[at:], self.ends[at:], strict=True)]
        if self.ends and not self.ends[-1]:
            made = [line if line.endswith("\n") else line + self.newline for line in made]
            made[-1] = made[-1].removesuffix(self.newline)
        return BOM * self.has_bom + "".join(made).encode()


def opened(data: bytes) -> Text | None:
    """Return the lines of a text in UTF-8; None for what is something else, or has line ends of another time."""
    try:
        body = decoded("text", data, None)
    except MalformedFileError:
        return None
    parts = body.split("\n")
    ended, last = parts[:-1], parts[-1]
    lines = [part.removesuffix("\r") for part in ended] + [last] * bool(last)
    if any("\r" in line for line in lines):
        return None
    ends = ["\r\n" if part.endswith("\r") else "\n" for part in ended] + [""] * bool(last)
    newline = "\r\n" if ends.count("\r\n") > ends.count("\n") else "\n"
    return Text(data.startswith(BOM), tuple(lines), tuple(ends), newline)
