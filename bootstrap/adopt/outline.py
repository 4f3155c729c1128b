"""The sections of a Markdown or reStructuredText document, and how its author writes headings and commands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.expression import expression

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FENCE = expression(r"\s*(`{3,}|~{3,})\s*([\w+-]*)")
_ATX = expression(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+(#+))?[ \t]*$")
_SETEXT = expression(r" {0,3}(=+|-+)[ \t]*$")
_NO_PARAGRAPH = expression(r"\s*(?:$|[-*+>|#]|\d+[.)]\s|    )")
_RULE = expression(r"([=\-~^\"'`#*+.:_!$%&,/;<>?@\\|])\1{2,}\s*$")
_BLOCK = expression(r"( *)\.\. (?:code-block|code|sourcecode):: *([\w-]+)\s*$")
_OPTION = expression(r"\s+:[\w-]+:")
# What belongs to the heading below it: labels, anchors, comments, lines.
_LABEL = expression(
    r"\.\. _[^:]+:\s*$|\.\. \w+:: [^ ]*$|<a (?:name|id)=.*$|<!--.*-->\s*$|\([\w-]+\)=\s*$|(?:-{3,}|\*{3,})\s*$"
)
_TARGET = expression(r"\[[^\]]+\]:\s|\.\. (?:_[^:]+:\s*\S|\|)|\s*$")
SHELLS = ("bash", "sh", "shell", "console", "zsh", "shell-session", "terminal")


class Heading(NamedTuple):
    """A heading; lines count from 0."""

    title: str
    level: int
    start: int
    end: int
    """The first line after it."""
    marks: tuple[str, ...]
    """For Markdown `#`, twice where it is closed, or the underline's character; for reStructuredText the underline's,
    and the overline's where there is one."""


class Commands(NamedTuple):
    """How the document shows what to type."""

    opening: str
    closing: str = ""
    indent: str = ""
    prompt: str = ""

    @property
    def is_literal(self) -> bool:
        """Whether it needs no more than two colons at the end of the paragraph before it."""
        return self.opening == "::"

    def written(self, commands: Sequence[str]) -> list[str]:
        """Return the lines of such a block."""
        body = [f"{self.indent}{self.prompt}{command}" for command in commands]
        if self.closing:
            return [self.opening, *body, self.closing]
        return body if self.is_literal else [self.opening, "", *body]


@dataclass(frozen=True, slots=True)
class Outline:
    """What a document consists of."""

    lines: tuple[str, ...]
    is_rst: bool
    headings: list[Heading] = field(default_factory=list)

    @property
    def level(self) -> int:
        """The level of the sections: that below the title, where there is one."""
        if self.title is not None:
            return min((one.level for one in self.below(self.title)[1:]), default=self.title.level + 1)
        return min((heading.level for heading in self.headings), default=2)

    @property
    def title(self) -> Heading | None:
        """The first heading, if all others are below it, or it is the first of several of the highest level."""
        first = self.headings[0] if self.headings else None
        if first is None or any(line[:1].isalnum() for line in self.lines[: first.start]):
            return None
        below = self.below(first)
        is_first_part = not self.is_rst and first.level == 1 and len(below) > 1
        return first if is_first_part or len(below) == len(self.headings) else None

    @property
    def sections(self) -> list[Heading]:
        """The headings of the sections."""
        headings = self.headings if self.title is None else self.below(self.title)
        return [heading for heading in headings if heading.level == self.level]

    @property
    def _like(self) -> Heading | None:
        """The heading that a new one is made after."""
        return self.sections[-1] if self.sections else None

    def end(self, heading: Heading) -> int:
        """Return the first line after a section, with all that is below it."""
        later = (one.start for one in self.headings if one.start > heading.start and one.level <= heading.level)
        return next(later, len(self.lines))

    def below(self, heading: Heading) -> list[Heading]:
        """Return a heading with those of its own parts."""
        end = self.end(heading)
        return [one for one in self.headings if heading.start <= one.start < end]

    def before(self, heading: Heading) -> int:
        """Return the line before which something can be added, so that what belongs to the heading stays with it."""
        at = heading.start
        line = at - 1
        while line >= 0 and (not self.lines[line].strip() or _LABEL.match(self.lines[line])):
            if self.lines[line].strip():
                at = line
            line -= 1
        return at

    @property
    def last(self) -> int:
        """The line after the text: before the addresses of links, which stand at the end."""
        at = len(self.lines) if self.title is None else self.end(self.title)
        while at and _TARGET.match(self.lines[at - 1]):
            at -= 1
        return at

    def blanks(self, heading: Heading | None) -> int:
        """Return how many empty lines the author leaves before a heading."""
        heading = heading or self._like
        if heading is None:
            return 1
        at = self.before(heading)
        count = 0
        while at - count > 0 and not self.lines[at - count - 1].strip():
            count += 1
        return max(count, 1) if at - count > 0 else 1

    def heading(self, title: str) -> list[str]:
        """Return a heading for a section of its own."""
        like = self._like
        if self.is_rst:
            return self._ruled(title, like)
        if like is not None and like.marks[0] != "#":
            return [title, like.marks[0] * len(title)]
        hashes = "#" * min(self.level, 6)
        return [f"{hashes} {title} {hashes}" if like is not None and len(like.marks) > 1 else f"{hashes} {title}"]

    def _ruled(self, title: str, like: Heading | None) -> list[str]:
        if like is None:
            used = {mark for heading in self.headings for mark in heading.marks}
            return [title, next(mark for mark in "-~^" if mark not in used) * len(title)]
        if len(like.marks) == 1:
            return [title, like.marks[0] * len(title)]
        inner = self.lines[like.start + 1]
        space = " " * (len(inner) - len(inner.lstrip(" ")))
        rule = like.marks[0] * (len(title) + 2 * len(space))
        return [rule, space + title, rule]

    @property
    def capitalizes(self) -> bool:
        """Say whether the author writes Headings Like This."""
        words = [heading.title.split() for heading in self.headings]
        several = [[word for word in title[1:] if len(word) > 3 and word.isalpha()] for title in words]
        told = [all(word[0].isupper() for word in title) for title in several if title]
        return sum(told) * 2 > len(told)

    @property
    def width(self) -> int:
        """How long lines of text are; 0 where paragraphs are lines."""
        prose = sorted(len(line) for line in self.lines if line[:1].isalpha() and "http" not in line and len(line) > 40)
        usual = prose[len(prose) * 9 // 10] if prose else 79
        return 0 if usual > 120 else max(usual, 72)

    def commands(self) -> Commands | None:
        """Return how the first commands are shown; None where there are none."""
        return next(_commands_in_rst(self.lines) if self.is_rst else _commands_in_markdown(self.lines), None)


def outlined(lines: tuple[str, ...], *, is_rst: bool) -> Outline:
    """Return the outline of a document."""
    return Outline(lines, is_rst, list(_ruled(lines) if is_rst else _hashed(lines)))


# ---- Markdown -------------------------------------------------------------------------------------------------------


def _text_lines(lines: Sequence[str]) -> Iterator[int]:
    """Yield the lines that are no code, comment or front matter."""
    at = 0
    if lines and lines[0].strip() == "---" and "---" in [line.strip() for line in lines[1:]]:
        at = [line.strip() for line in lines].index("---", 1) + 1
    fence = ""
    is_comment = False
    for number in range(at, len(lines)):
        line = lines[number]
        found = _FENCE.match(line)
        if fence:
            stripped = line.strip()
            if found and stripped.startswith(fence) and not stripped.strip(fence[0]):
                fence = ""
        elif is_comment:
            is_comment = "-->" not in line
        elif found:
            fence = found[1]
        elif "<!--" in line and "-->" not in line.rpartition("<!--")[2]:
            is_comment = True
        else:
            yield number


def _hashed(lines: Sequence[str]) -> Iterator[Heading]:
    usable = set(_text_lines(lines))
    for number in sorted(usable):
        line = lines[number]
        found = _ATX.match(line)
        if found and found[2]:
            yield Heading(found[2].strip(), len(found[1]), number, number + 1, ("#",) * (2 if found[3] else 1))
            continue
        found = _SETEXT.match(line)
        above = number - 1
        if not found or above not in usable or _NO_PARAGRAPH.match(lines[above]):
            continue
        if above == 0 or not lines[above - 1].strip():
            yield Heading(lines[above].strip(), 1 if "=" in found[1] else 2, above, number + 1, (found[1][0],))


def _commands_in_markdown(lines: Sequence[str]) -> Iterator[Commands]:
    is_open = False
    for number, line in enumerate(lines):
        found = _FENCE.match(line)
        if found and not is_open and found[2].lower() in SHELLS:
            first = lines[number + 1].strip() if number + 1 < len(lines) else ""
            opening = f"{found[1]}{found[2]}"
            yield Commands(opening, found[1], prompt="$ " if first.startswith("$ ") else "")
        is_open = not is_open if found else is_open


# ---- reStructuredText -----------------------------------------------------------------------------------------------


def _ruled(lines: Sequence[str]) -> Iterator[Heading]:
    levels: dict[tuple[str, ...], int] = {}
    number, done = 1, 0
    while number < len(lines):
        title, rule = lines[number - 1], _RULE.match(lines[number])
        is_title = bool(title.strip()) and not _RULE.match(title)
        if not rule or not is_title or len(lines[number].rstrip()) < len(title.strip()):
            number += 1
            continue
        is_free = number - 2 >= done
        over = is_free and _RULE.match(lines[number - 2]) and lines[number - 2].strip() == lines[number].strip()
        if title[0] in " \t" and not over:
            number += 1
            continue
        marks = (rule[1],) * (2 if over else 1)
        level = levels.setdefault(marks, len(levels) + 1)
        yield Heading(title.strip(), level, number - (2 if over else 1), number + 1, marks)
        done = number + 1
        number += 2


def _commands_in_rst(lines: Sequence[str]) -> Iterator[Commands]:
    for number, line in enumerate(lines):
        found = _BLOCK.match(line)
        is_literal = line.rstrip().endswith("::") and not line.lstrip().startswith("..")
        if not is_literal and not (found and found[2] in SHELLS):
            continue
        body = number + 1
        while body < len(lines) and (not lines[body].strip() or _OPTION.match(lines[body])):
            body += 1
        first = lines[body] if body < len(lines) else ""
        indent = len(first) - len(first.lstrip(" ")) - (len(line) - len(line.lstrip(" ")))
        prompt = "$ " if first.lstrip().startswith("$ ") else ""
        if 0 < indent < 9 and (found or prompt or _looks_typed(first)):
            yield Commands(f".. code-block:: {found[2]}" if found else "::", indent=" " * indent, prompt=prompt)


def _looks_typed(line: str) -> bool:
    return line.split(maxsplit=1)[0] in (
        "git",
        "python",
        "python3",
        "pip",
        "tox",
        "nox",
        "make",
        "cd",
        "pytest",
        "uv",
        "hatch",
    )
