"""JSON with comments and trailing commas, as VS Code and dev containers read it: located, read, and added to.

tree-sitter says where things are; an edit only ever inserts bytes. Before it is handed out, another reader, which knows
nothing of the tree, must agree that old and new differ by the wanted additions and by nothing else.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bootstrap.errors import MalformedFileError
from bootstrap.syntax.grammar import parser
from bootstrap.syntax.reading import BOM, decoded, malformed, position
from bootstrap.syntax.tree import Member, Scalar, Series, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tree_sitter import Node

    from bootstrap.syntax.tree import Node as Located

    Identity = Callable[[Any], object]
    """Says by what a member of a list is recognised, so that it is not added twice."""
    Unions = Mapping[tuple[str, ...], Identity]
    """The lists that grow, by their path; any other list is a value like any other."""

KIND = "JSON with comments"
NO_UNIONS: Unions = {}
# Formatters, Prettier among them, put a short list on one line when it fits in this many columns.
WIDTH = 80
# Far more than anybody writes, and far less than what exhausts Python's stack.
DEEPEST = 100

# One that is not closed goes on to the end, as such a comment does below, so that nothing is searched for twice.
STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?'
# A string first, so that what looks like a comment inside it is not taken for one.
STRING_OR_COMMENT = re.compile(rf"{STRING}|(//[^\n]*|/\*.*?\*/)|/\*.*", re.DOTALL)
# A comma is the last one only after a member: not after an opening bracket, a colon or another comma.
STRING_OR_LAST_COMMA = re.compile(rf"{STRING}|[{{\[,:]\s*,|(,)(?=\s*[}}\]])", re.DOTALL)
STRING_OR_PLUS = re.compile(rf"{STRING}|(?<=[0-9][eE])(\+)", re.DOTALL)
STRING_OR_BRACKET = re.compile(rf"{STRING}|([{{\[])|([}}\]])", re.DOTALL)
QUOTES = {"string": '"', "number": "#"}
NOT_A_LINE_BREAK = re.compile(r"[^\r\n]")


@dataclass(frozen=True, slots=True)
class Kept:
    """A value that is there already and is not the wanted one; it stays."""

    path: tuple[str, ...]
    present: Any
    wanted: Any


@dataclass(frozen=True, slots=True)
class Merge:
    """A document with the missing members added, and what was left as it is."""

    text: bytes
    kept: tuple[Kept, ...] = ()


def by_key(key: str) -> Identity:
    """Recognise the objects of a list by one of their members, as `name` in launch configurations."""
    return lambda item: item.get(key) if isinstance(item, dict) else None


def read(data: bytes, path: str | None = None) -> Located | None:
    """Return the document's tree, or None when it is empty; numbers have the quote `#`.

    Names are decoded, texts are not. Raises MalformedFileError.
    """
    root = _locate(data, path)
    return None if root is None else _located(root, data)


def load(data: bytes, path: str | None = None) -> Any:
    """Return the document as plain data without the tree's help, with the paths of `read`; None when it is empty.

    Of equal keys the last counts. Raises MalformedFileError.
    """
    plain = _plain(_decode(data, path))
    return _decoded(plain, path) if plain.strip() else None


def parse(text: bytes, path: Path | str | None = None) -> Any:
    """Return the document as plain data; the last of several equal keys counts, as everywhere in JSON (RFC 8259).

    An empty document is an empty object, as in VS Code. Raises MalformedFileError.
    """
    value = _locate(text, path)
    return {} if value is None else _read(value)


def merge(
    text: bytes, wanted: Mapping[str, Any], *, unions: Unions = NO_UNIONS, path: Path | str | None = None
) -> Merge:
    """Add what `wanted` has and the document has not, without changing or removing a byte of it.

    Objects are merged member by member, the lists named in `unions` item by item; other values that are present stay.
    What is new looks like its neighbours: indent, one line or many, trailing comma, spaces, line ends.
    Raises MalformedFileError when the document cannot be read, holds no object, or cannot be added to safely.
    """
    root = _locate(text, path)
    if root is not None and root.type != "object":
        line, column = position(text, root.start_byte)
        raise MalformedFileError(
            "the document should be an object in braces",
            remedy="put the settings into an object: { ... }",
            path=path,
            line=line,
            column=column,
        )
    newline = b"\r\n" if b"\r\n" in text else b"\n"
    if root is None:
        return Merge(_verified(text, _begin(text, wanted, newline), wanted, unions, path))
    additions = _Additions(text, newline, unions)
    additions.to_object(root, wanted, (), _Layout())
    return Merge(_verified(text, additions.splice(), wanted, unions, path), tuple(additions.kept))


def combine(present: Any, wanted: Any, unions: Unions = NO_UNIONS, at: tuple[str, ...] = ()) -> Any:
    """Return the plain data that a merge of `wanted` into `present` leads to; `at` is where in the document it is."""
    if isinstance(present, dict) and isinstance(wanted, dict):
        known = {
            key: combine(value, wanted[key], unions, (*at, key)) for key, value in present.items() if key in wanted
        }
        return {**present, **known, **{key: value for key, value in wanted.items() if key not in present}}
    if isinstance(present, list) and isinstance(wanted, list) and at in unions:
        return present + _missing(present, wanted, unions[at])
    return present


# ---- reading --------------------------------------------------------------------------------------------------------


def _locate(text: bytes, path: Path | str | None) -> Node | None:
    """Return the document's value in the tree, or None when there is none, not even a wrong one.

    Raises MalformedFileError unless both readers understand the document.
    """
    decoded = _decode(text, path)
    plain = _plain(decoded)
    if not plain.strip():
        return None
    _decoded(plain, path)
    root = parser("tree_sitter_json").parse(_for_grammar(decoded, is_marked=text.startswith(BOM))).root_node
    if root.has_error:
        # Python's reader takes NaN and Infinity for numbers, which RFC 8259 does not.
        raise malformed(KIND, "unexpected text", path, *position(text, _first_error(root).start_byte))
    return _values(root)[0]


def _decoded(plain: str, path: Path | str | None) -> Any:
    """Return what is left of a document without comments and last commas as data; raise MalformedFileError."""
    if _depth(plain) > DEEPEST:
        raise malformed(KIND, f"it is nested more than {DEEPEST} levels deep", path)
    try:
        return json.loads(plain)
    except json.JSONDecodeError as error:
        raise malformed(KIND, _lowered(error.msg), path, error.lineno, error.colno) from None
    except ValueError:
        # Python refuses to read a number of thousands of digits (sys.set_int_max_str_digits).
        raise malformed(KIND, "it has a number of too many digits", path) from None


def _for_grammar(text: str, *, is_marked: bool) -> bytes:
    """Return the document as the grammar understands it, in which every byte is where it was in the original.

    The grammar is that of JSON with comments: on a last comma it recovers now as from a comma too many, now as from a
    number that is missing, so its errors do not tell a last comma from a mistake. It does not know the plus in 1e+5
    either (RFC 8259, section 6). A blank takes the place of the one, a zero that of the other.
    """
    bare = _without_comments(text)
    changes = [(match.start(1), " ") for match in STRING_OR_LAST_COMMA.finditer(bare) if match[1]]
    if "+" in bare:
        changes += [(match.start(1), "0") for match in STRING_OR_PLUS.finditer(bare) if match[1]]
    pieces, done = [], 0
    for at, instead in sorted(changes):
        pieces += [text[done:at], instead]
        done = at + 1
    return (BOM if is_marked else b"") + "".join((*pieces, text[done:])).encode()


def _decode(text: bytes, path: Path | str | None) -> str:
    """Return the text without its byte order mark; raise MalformedFileError where readers would not agree on it."""
    plain = decoded(KIND, text, path)
    # To VS Code a line comment ends at a lone carriage return, to other readers it does not.
    lone = re.search(r"\r(?!\n)", plain)
    if lone is not None:
        line = plain.count("\n", 0, lone.start()) + 1
        raise malformed(KIND, "it has a carriage return that no line feed follows", path, line)
    return plain


def _depth(plain: str) -> int:
    """Return how many brackets are open at once."""
    depth = deepest = 0
    for match in STRING_OR_BRACKET.finditer(plain):
        depth += (match[1] is not None) - (match[2] is not None)
        deepest = max(depth, deepest)
    return deepest


def _lowered(message: str) -> str:
    """Return the json module's message as the end of a sentence."""
    return message[0].lower() + message[1:]


def _first_error(node: Node) -> Node:
    """Return the innermost of the first wrong nodes below one that has an error."""
    for child in node.children:
        if child.has_error or child.is_error:
            return _first_error(child)
    return node


def _values(node: Node) -> list[Node]:
    """Return the members of an object or an array, or the value of the document: all that is no comment."""
    return [child for child in node.named_children if child.type != "comment"]


def _key(pair: Node) -> str:
    key: str = json.loads(_part(pair, "key").text or b"")
    return key


def _part(pair: Node, name: str) -> Node:
    """Return a pair's key or value."""
    part = pair.child_by_field_name(name)
    assert part is not None  # noqa: S101 - the grammar has no pair without both, and the document has no error
    return part


def _read(node: Node) -> Any:
    """Return a node as plain data."""
    if node.type == "object":
        return {_key(pair): _read(_part(pair, "value")) for pair in _values(node)}
    if node.type == "array":
        return [_read(item) for item in _values(node)]
    return json.loads(node.text or b"")


def _located(node: Node, data: bytes) -> Located:
    """Return a node of the grammar as one of ours; the text is the original, not the one that the grammar was given."""
    start, end = node.start_byte, node.end_byte
    if node.type == "object":
        return Table(start, end, tuple(_member(pair, data) for pair in _values(node)), is_flow=True)
    if node.type == "array":
        return Series(start, end, tuple(_located(item, data) for item in _values(node)))
    return _scalar(node, data)


def _member(pair: Node, data: bytes) -> Member:
    key = _scalar(_part(pair, "key"), data)
    value = _located(_part(pair, "value"), data)
    return Member(key, _key(pair), value, key.outer_start, value.outer_end)


def _scalar(node: Node, data: bytes) -> Scalar:
    start, end = node.start_byte, node.end_byte
    quote = QUOTES.get(node.type, "")
    inner_start, inner_end = (start + 1, end - 1) if quote == '"' else (start, end)
    return Scalar(inner_start, inner_end, start, end, data[inner_start:inner_end].decode("latin-1"), quote)


# ---- adding ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the members of one object or list are written."""

    one_line: bool = False
    indent: bytes = b""
    """Of a member that begins a line."""
    unit: bytes = b"    "
    """What each level adds to the indent."""
    ends_with_comma: bool = False
    colon: bytes = b": "
    gap: bytes = b" "
    """Between a comma and the next member of the same line."""


class _Additions:
    """Collects what to insert where, in a text that stays as it is until the end."""

    def __init__(self, text: bytes, newline: bytes, unions: Unions) -> None:
        self.text = text
        self.newline = newline
        self.unions = unions
        self.insertions: list[tuple[int, bytes]] = []
        self.kept: list[Kept] = []

    def splice(self) -> bytes:
        """Return the text with every insertion in it."""
        pieces, done = [], 0
        for offset, inserted in sorted(self.insertions, key=lambda insertion: insertion[0]):
            pieces += [self.text[done:offset], inserted]
            done = offset
        return b"".join((*pieces, self.text[done:]))

    def to_object(self, node: Node, wanted: Mapping[str, Any], at: tuple[str, ...], outer: _Layout) -> None:
        """Add the members of `wanted` that the object has not, and go on inside those that it has."""
        layout = self.layout(node, outer)
        present = {_key(pair): _part(pair, "value") for pair in _values(node)}
        for key, value in wanted.items():
            if key in present:
                self.to_value(present[key], value, (*at, key), layout)
        self.append(node, [(key, value) for key, value in wanted.items() if key not in present], layout)

    def to_value(self, node: Node, wanted: Any, at: tuple[str, ...], outer: _Layout) -> None:
        """Go on inside an object or a growing list; anything else stays as it is."""
        if node.type == "object" and isinstance(wanted, dict):
            self.to_object(node, wanted, at, outer)
        elif node.type == "array" and isinstance(wanted, list) and at in self.unions:
            missing = _missing(_read(node), wanted, self.unions[at])
            self.append(node, [(None, item) for item in missing], self.layout(node, outer))
        else:
            present = _read(node)
            if json.dumps(present, sort_keys=True) != json.dumps(wanted, sort_keys=True):
                self.kept.append(Kept(at, present, wanted))

    def layout(self, node: Node, outer: _Layout) -> _Layout:
        """Say how the members of an object or list are written, or would be if it had any."""
        base = self.indent_at(node.start_byte)
        members = _values(node)
        if not members:
            # A heading, if there is one, says how far in its members belong.
            indent = self.indent_at(node.children[-2].start_byte)
            is_deeper = indent.startswith(base) and indent != base
            has_heading = node.children[-2].type == "comment"
            return replace(
                outer, indent=indent if is_deeper else base + outer.unit, one_line=outer.one_line and not has_heading
            )
        last = members[-1]
        before = _before(last)
        lead = self.text[before.end_byte : last.start_byte]
        layout = replace(outer, one_line=b"\n" not in lead, ends_with_comma=self.last_comma(last) is not None)
        if last.type == "pair":
            layout = replace(layout, colon=self.spacing(b":", _part(last, "key"), _part(last, "value"), outer.colon))
        if layout.one_line:
            gap = b"" if before.type == "," and not lead else outer.gap
            alone = b" " if layout.colon.endswith(b" ") else b""
            return replace(layout, indent=base + outer.unit, gap=gap if len(members) > 1 else alone)
        indent = self.indent_at(last.start_byte)
        unit = indent.removeprefix(base) if indent.startswith(base) else b""
        return replace(layout, indent=indent, unit=unit or outer.unit)

    def spacing(self, mark: bytes, left: Node, right: Node, otherwise: bytes) -> bytes:
        """Return the mark with the blanks that the text has around it, unless there is more than blanks."""
        between = self.text[left.end_byte : right.start_byte]
        return between if between.strip(b" \t") == mark else otherwise

    def indent_at(self, offset: int) -> bytes:
        """Return the blanks that begin the line of `offset`."""
        line = self.text[self.text.rfind(b"\n", 0, offset) + 1 : offset]
        return line[: len(line) - len(line.lstrip(b" \t"))]

    def append(self, node: Node, members: list[tuple[str | None, Any]], layout: _Layout) -> None:
        """Insert members at the end of an object (with their keys) or a list (without)."""
        if not members:
            return
        present = _values(node)
        offset, is_in_comment = self.anchor(node)
        if present and not layout.ends_with_comma:
            self.insertions.append((present[-1].end_byte, b","))
        if is_in_comment:
            layout = replace(layout, one_line=False)
        rendered = [_render(key, value, layout, self.newline) for key, value in members]
        if layout.one_line:
            body = (layout.gap if present else b"") + (b"," + layout.gap).join(rendered)
            body += b"," if present and layout.ends_with_comma else b""
        else:
            lead = self.newline + layout.indent
            body = lead + (b"," + lead).join(rendered) + (b"," if layout.ends_with_comma else b"")
            if not present and b"\n" not in self.text[offset : node.end_byte]:
                body += self.newline + self.indent_at(node.start_byte)
        self.insertions.append((offset, body))

    def anchor(self, node: Node) -> tuple[int, bool]:
        """Return what offset new members go to, and whether a line comment ends there.

        That is after the last member with its comma and the comments that go on beside it; comments on lines of their
        own stay at the end. Where there is no member, it is after the last comment, which is taken for a heading.
        """
        members = _values(node)
        if not members:
            heading = node.children[-2]
            return _end(heading), _is_line_comment(heading)
        comma = self.last_comma(members[-1])
        end = members[-1].end_byte if comma is None else comma + 1
        is_in_comment = False
        for follower in _followers(members[-1]):
            is_beside = follower.start_byte >= end and b"\n" not in self.text[end : follower.start_byte]
            if follower.type == "comment" and is_beside:
                end, is_in_comment = _end(follower), _is_line_comment(follower)
        return end, is_in_comment

    def last_comma(self, member: Node) -> int | None:
        """Return where the comma after the last member is, with comments between them or not.

        The grammar was not shown it: it is in a gap of the tree.
        """
        end = member.end_byte
        for follower in _followers(member):
            comma = self.text.find(b",", end, follower.start_byte)
            if comma >= 0:
                return comma
            end = follower.end_byte
        return None


def _before(member: Node) -> Node:
    """Return what comes before a member, comments aside: the comma or the bracket."""
    neighbour = member.prev_sibling
    while neighbour is not None and neighbour.type == "comment":
        neighbour = neighbour.prev_sibling
    assert neighbour is not None  # noqa: S101 - members are always between brackets
    return neighbour


def _followers(member: Node) -> Iterator[Node]:
    """Yield what comes after the last member: comments and the closing bracket."""
    follower = member.next_sibling
    while follower is not None:
        yield follower
        follower = follower.next_sibling


def _is_line_comment(node: Node) -> bool:
    return node.type == "comment" and (node.text or b"").startswith(b"//")


def _end(node: Node) -> int:
    """Return where a node ends; to the grammar the carriage return of the line's end belongs to a line comment."""
    return node.end_byte - (node.text or b"").endswith(b"\r")


def _missing(present: list[Any], wanted: list[Any], identity: Identity) -> list[Any]:
    """Return the wanted items that are not in the list, each once."""
    known = [identity(item) for item in present]
    missing = []
    for item in wanted:
        if identity(item) not in known:
            known.append(identity(item))
            missing.append(item)
    return missing


def _begin(text: bytes, wanted: Mapping[str, Any], newline: bytes) -> bytes:
    """Return a document that has no value yet with one, after the comments that it may have."""
    if not wanted:
        return text
    is_blank = not text.removeprefix(BOM).strip()
    before = b"" if is_blank or text.endswith(b"\n") else newline
    after = newline if is_blank or text.endswith(b"\n") else b""
    return text + before + _render(None, wanted, _Layout(), newline) + after


def _render(key: str | None, value: Any, layout: _Layout, newline: bytes) -> bytes:
    """Return a new member, its first line without indent."""
    start = b"" if key is None else _dump(key) + layout.colon
    return start + _render_value(value, layout, newline, len(start))


def _render_value(value: Any, layout: _Layout, newline: bytes, width_before: int) -> bytes:
    is_container = isinstance(value, (dict, list)) and bool(value)
    if not is_container:
        return _dump(value)
    opening, closing = (b"{", b"}") if isinstance(value, dict) else (b"[", b"]")
    members: Iterator[tuple[str | None, Any]] = (
        iter(value.items()) if isinstance(value, dict) else ((None, item) for item in value)
    )
    if layout.one_line or _fits(value, layout, width_before):
        inner = replace(layout, one_line=True)
        return opening + (b"," + layout.gap).join(_render(*member, inner, newline) for member in members) + closing
    inner = replace(layout, indent=layout.indent + layout.unit)
    lead = newline + inner.indent
    body = lead + (b"," + lead).join(_render(*member, inner, newline) for member in members)
    return opening + body + (b"," if layout.ends_with_comma else b"") + newline + layout.indent + closing


def _fits(value: Any, layout: _Layout, width_before: int) -> bool:
    """Say whether a value is a list of plain values that is short enough for one line."""
    return (
        isinstance(value, list)
        and not any(isinstance(item, (dict, list)) for item in value)
        and len(layout.indent) + width_before + len(json.dumps(value, ensure_ascii=False)) < WIDTH
    )


def _dump(value: Any) -> bytes:
    """Return a value on one line. Lone surrogates, which UTF-8 cannot write, stay escaped."""
    try:
        return json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(value).encode()


# ---- verifying ------------------------------------------------------------------------------------------------------


def _verified(old: bytes, new: bytes, wanted: Mapping[str, Any], unions: Unions, path: Path | str | None) -> bytes:
    """Return `new` when a reader of its own finds in it what is in `old`, what is wanted, and nothing else."""
    before, after = old.decode("utf-8-sig"), new.decode("utf-8-sig")
    expected = combine(json.loads(_plain(before).strip() or "{}"), wanted, unions)
    try:
        holds = json.dumps(json.loads(_plain(after).strip() or "{}")) == json.dumps(expected)
    except ValueError:
        holds = False
    if not holds or _comments(before) != _comments(after):
        raise MalformedFileError(
            "cannot be added to without changing what is there",
            remedy="simplify the file, or add the settings by hand",
            path=path,
        )
    return new


def _plain(text: str) -> str:
    """Return the text as plain JSON: blanks for comments and last commas, so that every position stays."""
    return STRING_OR_LAST_COMMA.sub(_blank, _without_comments(text))


def _without_comments(text: str) -> str:
    """Return the text with blanks for its comments."""
    return STRING_OR_COMMENT.sub(_blank, text)


def _blank(match: re.Match[str]) -> str:
    return match[0] if match[1] is None else NOT_A_LINE_BREAK.sub(" ", match[0])


def _comments(text: str) -> list[str]:
    return [match[1].rstrip("\r") for match in STRING_OR_COMMENT.finditer(text) if match[1] is not None]
