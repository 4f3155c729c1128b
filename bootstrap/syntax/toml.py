"""TOML: where every value stands, and what the document says as plain data.

tree-sitter finds the spans; headers, dotted keys and lists of tables are put together into the one tree that they mean
(TOML 1.0, "Table" and "Array of Tables"). The standard library's reader, which knows nothing of that, says the data.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from bootstrap.expression import expression
from bootstrap.syntax.grammar import parser
from bootstrap.syntax.reading import BOM, decoded, malformed, position
from bootstrap.syntax.tree import Member, Scalar, Series, Table

if TYPE_CHECKING:
    from tree_sitter import Node as Found

    from bootstrap.errors import MalformedFileError
    from bootstrap.syntax.tree import Node

KIND = "TOML"
# Far more than anybody writes, and far less than what exhausts Python's stack.
DEEPEST = 100

NUMBERS = frozenset(("integer", "float"))
KEYS = frozenset(("bare_key", "quoted_key", "dotted_key"))
ESCAPE = expression(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
ESCAPED = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}
# tomllib takes the square of the number of dots in a key.
PART = r"""(?:[\w-]++|"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"|'[^'\n]*+')"""
DEEP_KEY = expression(rf"(?:^|[\[{{,])[ \t]*+(?:{PART}[ \t]*+\.[ \t]*+){{{DEEPEST}}}", re.MULTILINE)
# tomllib says where in its message, and from Python 3.14 on also in attributes.
PLACE = expression(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def read(data: bytes, path: str | None = None) -> Node | None:
    """Return the document's tree, or None when there is nothing but comments.

    A table goes from its header to its last value; one that is made of dotted keys, or of the headers of others, has
    the span of what first names it; a list of tables goes from the first to the last of them. Numbers have the quote
    `#`. Names are decoded, texts are not. Raises MalformedFileError, also where a key is given twice.
    """
    decoded(KIND, data, path)
    root = parser("tree_sitter_toml").parse(data).root_node
    if root.has_error:
        raise malformed(KIND, "unexpected text", path, *position(data, _first_error(root).start_byte))
    start = len(BOM) if data.startswith(BOM) else 0
    document = _Document(data, path, _Draft(start, len(data)))
    for child in root.named_children:
        document.add(child)
    return document.root.done() if document.root.members else None


def load(data: bytes, path: str | None = None) -> Any:
    """Return the document as plain data, with the paths of `read`; dates and times are text.

    None stands for a document without a key, as in `read`. Raises MalformedFileError.
    """
    import tomllib  # noqa: PLC0415

    text = decoded(KIND, data, path)
    if DEEP_KEY.search(text):
        raise _too_deep(path)
    try:
        loaded = tomllib.loads(text, parse_float=_float)
    except tomllib.TOMLDecodeError as error:
        raise _not_understood(str(error), path) from None
    except RecursionError:
        raise _too_deep(path) from None
    except ValueError:
        # Python refuses to read a number of thousands of digits (sys.set_int_max_str_digits).
        raise malformed(KIND, "it has a number of too many digits", path) from None
    return _simple(loaded, path, 0) if loaded else None


def _too_deep(path: str | None, line: int | None = None, column: int | None = None) -> MalformedFileError:
    return malformed(KIND, f"it is nested more than {DEEPEST} levels deep", path, line, column)


# ---- finding --------------------------------------------------------------------------------------------------------


def _first_error(root: Found) -> Found:
    """Return the last token of the innermost first error: that is where the parser did not know what to do."""
    node = root
    while node.children:
        wrong = (child for child in node.children if child.has_error or child.is_error or child.is_missing)
        node = next(wrong, node.children[-1])
    return node


class _DraftMember:
    """A key whose value may still grow."""

    __slots__ = ("end", "key", "start", "value")

    def __init__(self, key: Scalar, value: Node | _Draft | _DraftSeries, start: int, end: int) -> None:
        self.key = key
        self.value = value
        self.start = start
        self.end = end


class _Draft:
    """A table to which later lines may add."""

    __slots__ = ("depth", "end", "has_header", "members", "start")

    def __init__(self, start: int, end: int, *, has_header: bool = False, depth: int = 0) -> None:
        self.start = start
        self.end = end
        self.members: dict[str, _DraftMember] = {}
        self.has_header = has_header
        """Whether a header of its own was seen: there can be one (TOML 1.0, "Table")."""
        self.depth = depth

    def done(self) -> Table:
        """Return the table with all that was added to it."""
        return Table(self.start, self.end, tuple(_member(name, draft) for name, draft in self.members.items()))


class _DraftSeries:
    """A list of tables, `[[name]]`, that grows with each header."""

    __slots__ = ("items",)

    def __init__(self, items: list[_Draft]) -> None:
        self.items = items

    def done(self) -> Series:
        """Return the list with all that was added to it."""
        items = tuple(item.done() for item in self.items)
        return Series(items[0].start, items[-1].end, items, is_flow=False)


def _member(name: str, draft: _DraftMember) -> Member:
    value = draft.value.done() if isinstance(draft.value, _Draft | _DraftSeries) else draft.value
    return Member(draft.key, name, value, draft.start, max(draft.end, value.outer_end))


class _Document:
    """Puts what tree-sitter found line by line together into one tree."""

    def __init__(self, data: bytes, path: str | None, root: _Draft) -> None:
        self.data = data
        self.path = path
        self.root = root

    def fails(self, reason: str, at: int) -> MalformedFileError:
        return malformed(KIND, reason, self.path, *position(self.data, at))

    def slice(self, start: int, end: int) -> str:
        return self.data[start:end].decode("latin-1")

    def add(self, node: Found) -> None:
        """Add a line or a table of the document."""
        if node.type == "pair":
            self.pair(self.root, node)
        elif node.type in ("table", "table_array_element"):
            table = self.header(node)
            for child in node.named_children:
                if child.type == "pair":
                    table.end = max(table.end, self.pair(table, child))

    def header(self, node: Found) -> _Draft:
        """Return the table that a header opens."""
        is_in_list = node.type == "table_array_element"
        end = next(child.end_byte for child in node.children if child.type in ("]", "]]"))
        keys = _keys(next(child for child in node.named_children if child.type in KEYS))
        owner = self.root
        for key in keys[:-1]:
            owner = self.inner(owner, key, node.start_byte, end)
        name = self.name(keys[-1])
        present = owner.members.get(name)
        if is_in_list:
            table = _Draft(node.start_byte, end, has_header=True, depth=owner.depth + 2)
            if present is None:
                self.put(owner, keys[-1], _DraftSeries([table]), node.start_byte, end)
            elif isinstance(present.value, _DraftSeries):
                present.value.items.append(table)
            else:
                raise self.fails(f"{name} is no list of tables", keys[-1].start_byte)
            return table
        if present is not None and not (isinstance(present.value, _Draft) and not present.value.has_header):
            raise self.fails(f"{name} is there already", keys[-1].start_byte)
        table = self.inner(owner, keys[-1], node.start_byte, end)
        table.start, table.end, table.has_header = node.start_byte, end, True
        return table

    def inner(self, owner: _Draft, key: Found, start: int, end: int) -> _Draft:
        """Return the table under a key on the way to another one, which is the last one of a list of tables."""
        name = self.name(key)
        present = owner.members.get(name)
        if present is None:
            table = _Draft(start, end, depth=owner.depth + 1)
            self.put(owner, key, table, start, end)
            return table
        if isinstance(present.value, _DraftSeries):
            return present.value.items[-1]
        if isinstance(present.value, _Draft):
            return present.value
        raise self.fails(f"{name} cannot be added to", key.start_byte)

    def put(self, owner: _Draft, key: Found, value: Node | _Draft | _DraftSeries, start: int, end: int) -> None:
        name = self.name(key)
        if name in owner.members:
            raise self.fails(f"{name} is there already", key.start_byte)
        if owner.depth >= DEEPEST:
            raise _too_deep(self.path, *position(self.data, key.start_byte))
        owner.members[name] = _DraftMember(self.key(key), value, start, end)

    def pair(self, owner: _Draft, pair: Found) -> int:
        """Add a key with its value to a table, through the tables that its dots mean; return where the value ends."""
        key_node, value_node = (child for child in pair.named_children if child.type != "comment")
        keys = _keys(key_node)
        end = value_node.end_byte
        for key in keys[:-1]:
            owner = self.inner(owner, key, pair.start_byte, end)
        self.put(owner, keys[-1], self.value(value_node, owner.depth + 1), pair.start_byte, end)
        return end

    def value(self, node: Found, depth: int) -> Node:
        start, end = node.start_byte, node.end_byte
        if node.type in ("array", "inline_table") and depth >= DEEPEST:
            raise _too_deep(self.path, *position(self.data, start))
        if node.type == "array":
            items = tuple(self.value(child, depth + 1) for child in node.named_children if child.type != "comment")
            return Series(start, end, items)
        if node.type == "inline_table":
            draft = _Draft(start, end, depth=depth)
            for child in [child for child in node.named_children if child.type == "pair"]:
                self.pair(draft, child)
            table = draft.done()
            return Table(start, end, table.members, is_flow=True)
        if node.type == "string":
            return self.quoted(start, end)
        return Scalar(start, end, start, end, self.slice(start, end), "#" if node.type in NUMBERS else "")

    def quoted(self, start: int, end: int) -> Scalar:
        mark = chr(self.data[start])
        is_long = end - start >= 6 and self.data.startswith(mark.encode() * 3, start)
        quote = mark * 3 if is_long else mark
        inner_start, inner_end = start + len(quote), end - len(quote)
        return Scalar(inner_start, inner_end, start, end, self.slice(inner_start, inner_end), quote)

    def key(self, node: Found) -> Scalar:
        start, end = node.start_byte, node.end_byte
        return (
            self.quoted(start, end)
            if node.type == "quoted_key"
            else Scalar(start, end, start, end, self.slice(start, end))
        )

    def name(self, node: Found) -> str:
        """Return what a part of a key is to a program."""
        written = self.data[node.start_byte : node.end_byte].decode()
        if node.type != "quoted_key":
            return written
        return written[1:-1] if written.startswith("'") else ESCAPE.sub(_escaped, written[1:-1])


def _keys(key: Found) -> list[Found]:
    """Return the parts of a key; the grammar nests one with dots to the left, as deep as it has dots."""
    parts = []
    while key.type == "dotted_key":
        key, part = key.named_children
        parts.append(part)
    return [key, *reversed(parts)]


def _escaped(match: re.Match[str]) -> str:
    """Return what an escape in double quotes stands for (TOML 1.0, "String")."""
    digits = match[1] or match[2]
    if digits is None:
        return ESCAPED.get(match[3], match[3])
    code = int(digits, 16)
    return chr(code) if code <= 0x10FFFF else match[0]


# ---- loading --------------------------------------------------------------------------------------------------------


def _float(text: str) -> float:
    """Return a number; the same object for each that is none, so that two documents with it can be equal."""
    value = float(text)
    return math.nan if math.isnan(value) else value


def _not_understood(message: str, path: str | None) -> MalformedFileError:
    """Return tomllib's error as ours."""
    match = PLACE.search(message)
    reason = message[: match.start()] if match else message
    place = (int(match[1]), int(match[2])) if match and match[1] else (None, None)
    return malformed(KIND, reason[:1].lower() + reason[1:], path, *place)


def _simple(value: Any, path: str | None, depth: int) -> Any:
    """Return the data with text for dates and times."""
    if isinstance(value, dict | list) and depth > DEEPEST:
        raise _too_deep(path)
    if isinstance(value, dict):
        return {key: _simple(item, path, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_simple(item, path, depth + 1) for item in value]
    return value if isinstance(value, str | int | float | bool) else value.isoformat()
