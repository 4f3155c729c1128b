"""Dockerfiles and Containerfiles: <https://docs.docker.com/reference/dockerfile/>.

`read` goes through the lines itself. The tree-sitter grammar takes much that is right for an error, and then often
understands nothing of the whole file: several arguments of one ARG, an empty default, a last line without a line feed,
blanks at the end of one, an escape directive. `load` follows BuildKit's parser line by line, apart from `read`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bootstrap.expression import expression
from bootstrap.syntax.reading import malformed, refuse_binary
from bootstrap.syntax.tree import Member, Scalar, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bootstrap.errors import MalformedFileError
    from bootstrap.syntax.tree import Node

KIND = "a Dockerfile"
BOM = "\xef\xbb\xbf"
INSTRUCTIONS = frozenset(
    {"ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER"}
    | {"ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"}
)
WITH_HEREDOCS = frozenset({"ADD", "COPY", "RUN", "ONBUILD"})
PAIRS = frozenset({"ARG", "ENV", "LABEL"})
BLANKS = " \t"

DIRECTIVE = expression(r"#[ \t]*([A-Za-z][A-Za-z0-9]*)[ \t]*=[ \t]*(\S+(?:[ \t]+\S+)*)[ \t]*")
# Stands for what Docker takes out of the lines of an instruction; no file that has it is read.
NOTHING = "\0"
INSTRUCTION = expression(r"[^ \t\0]+")
HEREDOC = expression(r"[0-9]*<<(-?)([\"']?)([^<\"']+)\2")
TEMPLATE = expression(r"\{[{%#]")


def read(data: bytes, path: str | None = None) -> Table | None:
    """Return the instructions, by their names in capitals, and the comments between them, by `#`; None without any.

    FROM is a Table of what it has of platform, image (the name alone), tag, digest and as; ARG, ENV and LABEL are
    Tables of their names, an ARG without a default with an empty Scalar behind it. Any other instruction is the Scalar
    of its arguments as they are written: with the lines that it goes on over, their comments, and here-documents.
    Raises MalformedFileError, also for a template, as far as it shows outside of such arguments.
    """
    members = tuple(_Scan(_text(data, path), path).members())
    return Table(members[0].start, members[-1].end, members) if members else None


def load(data: bytes, path: str | None = None) -> list[list[str]]:
    """Return `[[instruction, arguments], ...]`, lines joined, comments left out, here-documents behind a line feed.

    A path of it does not agree with one of `read`. Raises MalformedFileError.
    """
    lines = [line.rstrip("\r") for line in _text(data, path).removeprefix(BOM).split("\n")]
    escape = _escape(lines)
    found: list[list[str]] = []
    left = lines[::-1]  # the next one last
    while left:
        number = len(lines) - len(left) + 1
        name, *rest = re.split(r"[ \t]+", _joined(left, escape).strip(BLANKS), maxsplit=1)
        if not name:
            continue
        if name.upper() not in INSTRUCTIONS:
            raise malformed(KIND, "there is no such instruction", path, number)
        arguments = "".join(rest)
        bodies: list[str] = []
        for chomps, end in _heredocs(arguments, escape) if name.upper() in WITH_HEREDOCS else ():
            bodies += _body(left, end, chomps=chomps) or _endless(path, number)
        found.append([name.upper(), "\n".join((arguments, *bodies))])
    return found


def _joined(left: list[str], escape: str) -> str:
    """Take an instruction with the lines that it goes on over, or a line that is none."""
    pieces: list[str] = []
    while left:
        line = left.pop()
        bare = line.strip(BLANKS)
        if bare and not bare.startswith("#"):
            # an escape that is itself escaped is meant
            goes_on = bare.endswith(escape) and not bare.endswith(escape * 2)
            pieces.append(line.rstrip(BLANKS)[:-1] if goes_on else line)
            if not goes_on:
                break
        elif not pieces:
            break
    return "".join(pieces)


def _body(left: list[str], end: str, *, chomps: bool) -> list[str]:
    """Take the lines of a here-document and the one that ends it; nothing when none does."""
    body: list[str] = []
    while left:
        body.append(left.pop())
        if (body[-1].lstrip("\t") if chomps else body[-1]) == end:
            return body
    return []


def _endless(path: str | None, line: int) -> list[str]:
    raise malformed(KIND, "a here-document does not end", path, line)


def _escape(lines: list[str]) -> str:
    """Return the character that makes a line go on, which one of the first lines may set."""
    for line in lines:
        key, sign, value = line.strip(BLANKS).removeprefix("#").partition("=")
        if not line.strip(BLANKS).startswith("#") or not sign or not key.strip(BLANKS).isalnum():
            break
        if key.strip(BLANKS).lower() == "escape" and value.strip(BLANKS) in ("\\", "`"):
            return value.strip(BLANKS)
    return "\\"


def _heredocs(arguments: str, escape: str) -> list[tuple[bool, str]]:
    """Return the here-documents that arguments announce: whether their tabs go, and the line that ends each."""
    words, quote, is_escaped = [""], "", False
    pieces: list[str] = []
    for character in arguments + " ":
        if is_escaped:
            is_escaped = False
        elif character == escape and quote != "'":
            is_escaped = True
        elif quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in BLANKS:
            words.append("".join(pieces))
            pieces.clear()
            continue
        pieces.append(character)
    found = []
    for number, sign, name in (word.partition("<<") for word in words):
        chomps = name.startswith("-")
        end = name.removeprefix("-")
        if len(end) > 2 and end[0] in "\"'" and end[-1] == end[0]:
            end = end[1:-1]
        if sign and not number.strip("0123456789") and end and not set(end) & set("<\"'"):
            found.append((chomps, end))
    return found


def _text(data: bytes, path: str | None) -> str:
    """Return the text, one character for every byte, or raise MalformedFileError."""
    refuse_binary(KIND, data, path, "it is not a text file in an encoding like UTF-8")
    return data.decode("latin-1")


# ---- where things are -----------------------------------------------------------------------------------------------


class _Scan:
    """Goes through a Dockerfile once."""

    def __init__(self, text: str, path: str | None) -> None:
        self.text = text
        self.path = path
        self.at = len(BOM) if text.startswith(BOM) else 0
        escape = re.escape(self._directed())
        self.continuation = re.compile(rf"(?<!{escape}){escape}[ \t]*\Z")
        quoted = rf"\"(?:[^\"{escape}]|{escape}.)*+\"|'[^']*+'"
        self.quoted = re.compile(quoted, re.DOTALL)
        self.word = re.compile(rf"([ \t]*)((?:{escape}.|{quoted}|[^ \t\"'])++)", re.DOTALL)

    def members(self) -> Iterator[Member]:
        """Yield instructions and comments in the order of the file."""
        while self.at < len(self.text):
            start, end = self._line()
            if self.text.startswith("#", start, end):
                yield self._comment(start, end)
            elif start < end:
                yield from self._instruction(start, end)

    def _directed(self) -> str:
        """Return the character that the first lines make the one with which a line goes on."""
        for line in self.text[self.at :].split("\n"):
            directive = DIRECTIVE.fullmatch(line.strip(" \t\r"))
            if directive is None:
                break
            if directive[1].lower() == "escape" and directive[2] in ("\\", "`"):
                return directive[2]
        return "\\"

    def _line(self) -> tuple[int, int]:
        """Return where the next line begins and ends, without the blanks before it, and go on behind it."""
        start = self.at
        end = self.text.find("\n", start)
        end = len(self.text) if end < 0 else end
        self.at = end + 1
        line = self.text[start:end].rstrip("\r")
        return start + len(line) - len(line.lstrip(BLANKS)), start + len(line)

    def _comment(self, start: int, end: int) -> Member:
        content = self.text[start + 1 : end].strip(BLANKS)
        first = self.text.index(content, start + 1)
        last = first + len(content)
        return Member(self.scalar(start, start + 1), "#", Scalar(first, last, start, last, content), start, last)

    def _instruction(self, start: int, end: int) -> Iterator[Member]:
        """Yield the instruction that begins there and, where its arguments are taken apart, the comments in it."""
        masked, comments = self._masked(start, end)
        word = INSTRUCTION.match(masked)
        name = word[0].upper() if word else ""
        if word is None or name not in INSTRUCTIONS:
            is_template = TEMPLATE.match(masked)
            raise self.refused("it is a template" if is_template else "there is no such instruction", start)
        arguments = _Arguments(self, masked, start, word.end())
        value: Node
        if name == "FROM":
            value = arguments.image()
        elif name in PAIRS:
            value = arguments.pairs(name)
        else:
            value = arguments.whole(self._heredocs_end(arguments) if name in WITH_HEREDOCS else None)
            comments = []
        yield Member(self.scalar(start, start + word.end()), name, value, start, value.end)
        for comment in comments:
            yield self._comment(*comment)

    def _masked(self, start: int, end: int) -> tuple[str, list[tuple[int, int]]]:
        """Return an instruction's lines, as long as they are in the file, and where in them the comments are.

        NOTHING stands for comments, empty lines, line ends and what makes a line go on.
        """
        pieces: list[str] = []
        comments: list[tuple[int, int]] = []
        done = start
        while True:
            line = self.text[start:end]
            goes_on = self.continuation.search(line)
            if pieces and (not line or line.startswith("#")):
                comments += [(start, end)] if line else []
                said = NOTHING * (start - done)
            else:
                said = self.text[done : goes_on.start() + start if goes_on else end]
            pieces.append(said)
            done += len(said)
            if (said.strip(NOTHING) and not goes_on) or self.at >= len(self.text):
                break
            pieces.append(NOTHING * (self.at - done))
            done = self.at
            start, end = self._line()
        return "".join(pieces).rstrip(BLANKS + NOTHING), comments

    def _heredocs_end(self, arguments: _Arguments) -> int | None:
        """Go on behind the here-documents that arguments announce, and return where the last one ends, if any."""
        last = None
        for start, end in arguments.words(is_strict=False):
            announced = HEREDOC.fullmatch(arguments.masked, start, end)
            while announced:
                if self.at >= len(self.text):
                    raise self.refused("a here-document does not end", arguments.start)
                begin = self.at
                last = self._line()[1]
                line = self.text[begin:last]
                if (line.lstrip("\t") if announced[1] else line) == announced[3]:
                    break
        return last

    def scalar(self, start: int, end: int) -> Scalar:
        """Return what stands between two offsets, which has no quotes."""
        return Scalar(start, end, start, end, self.text[start:end])

    def refused(self, reason: str, offset: int) -> MalformedFileError:
        """Return the error for what stands there."""
        begin = self.text.rfind("\n", 0, offset) + 1
        column = offset - begin - (len(BOM) if begin == 0 and self.text.startswith(BOM) else 0) + 1
        return malformed(KIND, reason, self.path, self.text.count("\n", 0, offset) + 1, column)


class _Arguments:
    """What follows the name of an instruction, to be taken apart; offsets count from the instruction's start."""

    def __init__(self, scan: _Scan, masked: str, start: int, begin: int) -> None:
        self.scan = scan
        self.masked = masked
        self.start = start
        self.begin = begin + len(masked[begin:]) - len(masked[begin:].lstrip(BLANKS + NOTHING))

    def words(self, *, is_strict: bool = True) -> Iterator[tuple[int, int]]:
        """Yield where the words are; when a quote is not closed, end there or raise MalformedFileError."""
        at = self.begin
        while match := self.scan.word.match(self.masked, at):
            word = match[2].strip(NOTHING)
            if word:
                start = self.masked.index(word, match.start(2))
                yield start, start + len(word)
            at = match.end()
        if at < len(self.masked) and is_strict:
            raise self._refused("a quote is not closed", at)

    def whole(self, end: int | None) -> Scalar:
        """Return them as they are written, up to an offset in the file if here-documents follow."""
        return self.scan.scalar(self.start + self.begin, self.start + len(self.masked) if end is None else end)

    def image(self) -> Table:
        """Return the arguments of FROM."""
        self._refuse_template()
        words = list(self.words())
        members: list[Member] = []
        while words and self.masked.startswith("--", words[0][0]):
            start, end = words.pop(0)
            if self.masked.startswith("--platform=", start):
                key = self.scan.scalar(self.start + start + 2, self.start + start + 10)
                members.append(self._member(key, "platform", start + 11, end))
        if len(words) not in (1, 3) or (len(words) == 3 and self.masked[slice(*words[1])].lower() != "as"):
            raise self._refused("FROM takes an image, and after AS a name for the stage", self.begin)
        members += self._reference(*words[0])
        if len(words) == 3:
            key = self.scan.scalar(self.start + words[1][0], self.start + words[1][1])
            members.append(self._member(key, "as", *words[2]))
        return self._table(members)

    def _reference(self, start: int, end: int) -> Iterator[Member]:
        """Yield the parts of `registry:port/name:tag@digest`, whose variables may have any of these signs inside."""
        inner = self._value(start, end)
        start, end = inner.start - self.start, inner.end - self.start
        bare = _without_variables(self.masked[start:end])
        name, at, _ = bare.partition("@")
        colon = name.find(":", name.rfind("/") + 1)
        stops = len(name) if colon < 0 else colon
        if not stops:
            raise self._refused("FROM takes an image", start)
        yield self._member(self._nothing(start), "image", start, start + stops)
        if colon >= 0:
            yield self._member(self._nothing(start + colon), "tag", start + colon + 1, start + len(name))
        if at:
            yield self._member(self._nothing(start + len(name)), "digest", start + len(name) + 1, end)

    def pairs(self, instruction: str) -> Table:
        """Return the names and values of ARG, ENV and LABEL; `ENV NAME a value` has a single one."""
        if instruction == "ARG":
            self._refuse_template()
        words = list(self.words())
        if not words:
            raise self._refused(f"{instruction} has no arguments", self.begin)
        (start, end), *others = words
        if instruction != "ARG" and others and "=" not in self.masked[start:end]:
            return self._table([self._pair(start, end, others[0][0], others[-1][1])])
        members: list[Member] = []
        for start, end in words:
            name, sign, _ = self.masked[start:end].partition("=")
            if not name or not (sign or instruction == "ARG"):
                raise self._refused(f"{instruction} takes names with values: NAME=value", start)
            stops = start + len(name)
            members.append(self._pair(start, stops, stops + len(sign), end))
        return self._table(members)

    def _pair(self, start: int, stops: int, begins: int, end: int) -> Member:
        """Return a name and its value."""
        key, value = self._value(start, stops), self._value(begins, end)
        return Member(key, key.text, value, key.outer_start, value.outer_end)

    def _member(self, key: Scalar, name: str, start: int, end: int) -> Member:
        value = self._value(start, end)
        return Member(key, name, value, key.start, value.outer_end)

    def _value(self, start: int, end: int) -> Scalar:
        """Return what stands there, without its quotes if it has a single pair of them."""
        if not self.scan.quoted.fullmatch(self.masked, start, end):
            return self.scan.scalar(self.start + start, self.start + end)
        outer_start, outer_end = self.start + start, self.start + end
        text = self.scan.text[outer_start + 1 : outer_end - 1]
        return Scalar(outer_start + 1, outer_end - 1, outer_start, outer_end, text, self.masked[start])

    def _nothing(self, offset: int) -> Scalar:
        return self.scan.scalar(self.start + offset, self.start + offset)

    def _table(self, members: list[Member]) -> Table:
        return Table(self.start + self.begin, self.start + len(self.masked), tuple(members))

    def _refuse_template(self) -> None:
        if TEMPLATE.search(self.masked, self.begin):
            raise self._refused("it is a template", self.begin)

    def _refused(self, reason: str, offset: int) -> MalformedFileError:
        return self.scan.refused(reason, self.start + offset)


def _without_variables(reference: str) -> str:
    """Return a reference as long as it was, with something else for what stands in `${...}`."""
    depth, pieces = 0, []
    for index, character in enumerate(reference):
        depth += reference.startswith("${", index)
        pieces.append("$" if depth else character)
        depth -= bool(depth) and character == "}"
    return "".join(pieces)
