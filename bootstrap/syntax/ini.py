"""The configparser dialect of setup.cfg, tox.ini, mypy.ini, .flake8, .pylintrc and pytest.ini.

No parser of it gives spans, so `read` scans the lines itself, by the rules of the standard library's configparser:
<https://docs.python.org/3/library/configparser.html#supported-ini-file-structure>. `load` is that parser.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from bootstrap.expression import expression
from bootstrap.syntax.reading import BOM, malformed, refuse_binary
from bootstrap.syntax.tree import Member, Scalar, Series, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bootstrap.errors import MalformedFileError
    from bootstrap.syntax.tree import Node

KIND = "an INI file"
COMMENTS = ("#", ";")
DELIMITER = expression("[=:]")


def read(data: bytes, path: str | None = None) -> Table | None:
    """Return the sections, each a table of its options; None when there is none.

    An option's value is a Scalar, or a Series of its lines when it continues over indented ones; comments between them
    are left out. An option without a delimiter has an empty Scalar right behind it. A section or an option that is
    written twice is there twice. Option names are in lower case, as programs see them.
    Raises MalformedFileError.
    """
    sections = _Scan(data, path).sections()
    if not sections:
        return None
    return Table(sections[0].start, sections[-1].end, tuple(section.member() for section in sections))


def load(data: bytes, path: str | None = None) -> dict[str, dict[str, str | list[str] | None]]:
    """Return `{section: {option: its value, or the list of its lines}}`, as configparser reads the document.

    Of several equal options the last counts; one without a delimiter is None. DEFAULT is a section like any other.
    Raises MalformedFileError.
    """
    import configparser  # noqa: PLC0415

    class Parser(configparser.RawConfigParser):
        # Says the same as the original, which takes quadratic time over many blanks.
        OPTCRE_NV = re.compile(r"(?P<option>[^=:]*)(?:(?P<vi>[=:])\s*(?P<value>.*))?$")

    text = _text(data, path).removeprefix(BOM)
    # No header is empty, so none makes its options those of every section.
    parser = Parser(strict=False, interpolation=None, allow_no_value=True, default_section="")
    try:
        parser.read_string(text.decode(_codec(text)))
    except configparser.MissingSectionHeaderError as error:
        raise malformed(KIND, "an option stands before the first section", path, error.lineno) from None
    except configparser.ParsingError as error:
        # since Python 3.13 a line that continues nothing is an error that knows its own line
        line = getattr(error, "lineno", None) or error.errors[0][0]
        raise malformed(KIND, "a line is neither a section nor an option", path, line) from None
    except AttributeError:
        # What configparser has instead of an error before Python 3.13.
        raise malformed(KIND, "a line continues an option that has no value", path) from None
    return {
        section: {option: _shaped(value) for option, value in parser.items(section)} for section in parser.sections()
    }


def _shaped(value: Any) -> str | list[str] | None:
    """Return a value as `read` has it: text, or the list of the lines that say something."""
    if isinstance(value, str) and "\n" in value:
        return [line for line in value.split("\n") if line]
    return value  # type: ignore[no-any-return]


def _text(data: bytes, path: str | None) -> bytes:
    """Return what may be text, or raise MalformedFileError."""
    refuse_binary(KIND, data, path, "it is not a text file in an encoding like UTF-8")
    return data


def _codec(data: bytes) -> str:
    """Return the encoding, which decides what is a blank: 0xA0 is one only where it is a character of its own."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


class _Line(NamedTuple):
    """A line that says something, without the blanks around it."""

    number: int
    start: int
    indent: int
    text: str
    codec: str

    def scalar(self, source: bytes, begin: int = 0, end: int | None = None) -> Scalar:
        """Return what stands between two characters of the line, without the blanks around it."""
        piece = self.text[begin:end]
        begin += len(piece) - len(piece.lstrip())
        first = self._offset(begin)
        last = self._offset(begin + len(piece.strip()))
        return _scalar(source, first, last)

    def section(self, source: bytes) -> _Section | None:
        """Return the section that the line begins, if it does."""
        end = self.text.rfind("]")
        if not self.text.startswith("[") or end < 2:
            return None
        key = _scalar(source, self._offset(1), self._offset(end))
        return _Section(self.start, key, self.text[1:end], self._offset(end + 1))

    def _offset(self, index: int) -> int:
        """Return where in the file a character of the line is."""
        return self.start + (index if self.text.isascii() else len(self.text[:index].encode(self.codec)))


class _Option:
    """An option, while its lines come in."""

    __slots__ = ("first", "has_value", "key", "lines", "name")

    def __init__(self, key: Scalar, name: str, first: Scalar, *, has_value: bool) -> None:
        self.key = key
        self.name = name
        self.first = first
        """What stands on the line of the key; empty if nothing does."""
        self.has_value = has_value
        self.lines: list[Scalar] = []
        """Those that follow it."""

    @property
    def end(self) -> int:
        return self.lines[-1].end if self.lines else self.first.end

    def member(self) -> Member:
        value: Node = self.first
        if self.lines:
            items = (self.first, *self.lines) if self.first.text else tuple(self.lines)
            value = Series(items[0].start, items[-1].end, items, is_flow=False)
        return Member(self.key, self.name, value, self.key.start, self.end)


class _Section:
    """A section, while its options come in."""

    __slots__ = ("header_end", "key", "name", "options", "start")

    def __init__(self, start: int, key: Scalar, name: str, header_end: int) -> None:
        self.start = start
        self.key = key
        self.name = name
        self.header_end = header_end
        self.options: list[_Option] = []

    @property
    def end(self) -> int:
        return self.options[-1].end if self.options else self.header_end

    def member(self) -> Member:
        members = tuple(option.member() for option in self.options)
        return Member(self.key, self.name, Table(self.start, self.end, members), self.start, self.end)


class _Scan:
    """Goes through the lines once, as configparser does."""

    def __init__(self, data: bytes, path: str | None) -> None:
        self.data = _text(data, path)
        self.path = path

    def sections(self) -> list[_Section]:
        """Return the sections in the order of the file."""
        found: list[_Section] = []
        option: _Option | None = None
        level = 0
        for line in self._lines():
            if option is not None and line.indent > level:
                self._continue(option, line)
                continue
            level = line.indent
            section = line.section(self.data)
            if section is not None:
                found.append(section)
                option = None
            elif found:
                option = self._option(line)
                found[-1].options.append(option)
            else:
                raise self._refused("an option stands before the first section", line)
        return found

    def _lines(self) -> Iterator[_Line]:
        """Yield the lines that are neither empty nor a comment."""
        codec = _codec(self.data)
        at = len(BOM) if self.data.startswith(BOM) else 0
        for number, raw in enumerate(self.data[at:].split(b"\n"), 1):
            line = raw.decode(codec)
            text = line.strip()
            if text and not text.startswith(COMMENTS):
                indent = len(line) - len(line.lstrip())
                yield _Line(number, at + len(line[:indent].encode(codec)), indent, text, codec)
            at += len(raw) + 1

    def _continue(self, option: _Option, line: _Line) -> None:
        if not option.has_value:
            raise self._refused("the line continues an option that has no value", line)
        option.lines.append(line.scalar(self.data))

    def _option(self, line: _Line) -> _Option:
        delimiter = DELIMITER.search(line.text)
        end = len(line.text) if delimiter is None else delimiter.start()
        name = line.text[:end].rstrip().lower()
        if not name:
            raise self._refused("an option has no name", line)
        key = line.scalar(self.data, 0, end)
        if delimiter is None:
            return _Option(key, name, _scalar(self.data, key.end, key.end), has_value=False)
        return _Option(key, name, line.scalar(self.data, delimiter.end()), has_value=True)

    def _refused(self, reason: str, line: _Line) -> MalformedFileError:
        return malformed(KIND, reason, self.path, line.number, line.indent + 1)


def _scalar(source: bytes, start: int, end: int) -> Scalar:
    return Scalar(start, end, start, end, source[start:end].decode("latin-1"))
