"""YAML: where every value stands, and what the document says as plain data.

tree-sitter finds the spans. PyYAML, which knows nothing of the tree, tells what YAML 1.1 makes of a text, as most
readers of workflows do: there 3.10 is the number 3.1. Neither executes anything that a tag asks for.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import takewhile
from typing import TYPE_CHECKING, Any, NamedTuple

from bootstrap.expression import expression
from bootstrap.syntax.grammar import parser
from bootstrap.syntax.reading import decoded, malformed, position
from bootstrap.syntax.tree import Member, Scalar, Series, Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node as Found

    from bootstrap.errors import MalformedFileError
    from bootstrap.syntax.tree import Node

KIND = "YAML"
# Far more than anybody writes, and far less than what exhausts Python's stack.
DEEPEST = 100
# The grammar counts lines in 16 bits, the sign among them.
MOST_LINES = 32_767
# Aliases of aliases can stand for more values than any memory holds.
MOST_ALIASED = 100_000
# Reading base 60 (`1:30:00`) takes the square of the length; no number is this long.
LONGEST_NUMBER = 1_000

# Tags that say what a value is anyway; with any other one a value becomes {tag: value}.
CORE_TAGS = frozenset(("!", "!!str", "!!int", "!!float", "!!bool", "!!null", "!!seq", "!!map"))
YAML_PREFIX = "tag:yaml.org,2002:"

INDENT_INDICATOR = expression(rb"[|>][+-]?[1-9]")
NOT_BLANK = expression(rb"\S")
LINE_BREAK = expression(rb"\r\n|\r|\n")
# Blocks are nested by columns, so no line without so long a beginning is nested deeper.
DEEP_LINE = expression(rb"(?:^|\r)[ \t?:-]{%d}" % (DEEPEST - 1), re.MULTILINE)
LINE_START = expression(rb"(?:^|(?<=\r))[ \t]*+((?:[-?:][ \t]++)*+)(\S?)", re.MULTILINE)
INDICATOR = expression(rb"[-?:]")

ESCAPE = expression(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
ESCAPED = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b",
    "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip


def read(data: bytes, path: str | None = None) -> Node | None:
    """Return the document's tree, a Series of trees when there are several documents, or None when there is none.

    What has no text is an empty Scalar, right after its colon or dash. An alias is a Scalar, `*name`; a merge key is a
    member `<<`. A value with a tag that is not of YAML's core (`!Sub x`) is a Table whose only key is the tag. Numbers
    are plain Scalars: what they are is a matter of who reads them. Names are decoded, texts are not. Raises
    MalformedFileError, also for two things that YAML allows: keys of several lines, and more lines than the grammar can
    count.
    """
    decoded(KIND, data, path)
    if data.count(b"\n") >= MOST_LINES:
        raise malformed(KIND, f"it has more than {MOST_LINES:,} lines", path)
    if DEEP_LINE.search(data) and _depth(data) > DEEPEST + 1:
        raise _too_deep(path)
    root = parser("tree_sitter_yaml").parse(data).root_node
    if root.has_error:
        raise malformed(KIND, "unexpected text", path, *position(data, _first_error(root, data)))
    found = [child for child in root.named_children if child.type == "document" and not _is_end(child)]
    documents = [_Document(data, path, child).node for child in found]
    if len(documents) < 2:
        return documents[0] if documents else None
    items = tuple(_empty(one.end_byte) if node is None else node for one, node in zip(found, documents, strict=True))
    return Series(items[0].outer_start, items[-1].outer_end, items, is_flow=False)


def load(data: bytes, path: str | None = None) -> Any:
    """Return the document as plain data, with the paths of `read`; of equal keys the last counts.

    Keys are text as it is written: `on` stays "on", and what a merge key names stays under "<<". An alias is what it
    stands for. A value with a tag of its own is {tag: value}; times are text. Raises MalformedFileError.
    """
    import yaml  # noqa: PLC0415

    text = decoded(KIND, data, path)
    composer = _Composer(text, path)
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            composer.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (None, None)
        raise malformed(KIND, error.problem or error.context or "unexpected text", path, *place) from None
    except yaml.YAMLError:
        raise malformed(KIND, "it has characters that YAML does not allow", path) from None
    documents = composer.documents
    return documents if len(documents) > 1 else documents[0] if documents else None


def _too_deep(path: str | None, line: int | None = None, column: int | None = None) -> MalformedFileError:
    return malformed(KIND, f"it is nested more than {DEEPEST} levels deep", path, line, column)


# ---- finding --------------------------------------------------------------------------------------------------------


def _depth(data: bytes) -> int:
    """Return in how many columns at once blocks can be open.

    The grammar's scanner keeps two entries for each, and writes beyond its memory when there are some 250.
    """
    columns: list[int] = []
    deepest = 0
    for match in LINE_START.finditer(data):
        if not (match[1] or match[2]):
            continue  # a blank line
        line = match.start()
        starts = [match.start(1) + one.start() - line for one in INDICATOR.finditer(match[1])]
        starts.append(match.end(1) - line)
        while columns and columns[-1] >= starts[0]:
            columns.pop()
        columns += starts
        deepest = max(deepest, len(columns))
    return deepest


def _first_error(root: Found, data: bytes) -> int:
    """Return where the parser first did not know what to do.

    What it could skip is a node of its own. Where it gave up, the root is what it had until then.
    """
    node = root
    while node.children:
        wrong = next((child for child in node.children if child.has_error or child.is_error or child.is_missing), None)
        if wrong is None and node == root:
            rest = NOT_BLANK.search(data, root.end_byte)
            if rest is not None:
                return rest.start()
        node = wrong or node.children[-1]
    return node.start_byte


def _is_end(document: Found) -> bool:
    """Say whether a document is nothing but the mark for its end, after one that was ended already."""
    return all(child.type in ("...", "comment") for child in document.children)


def _empty(at: int) -> Scalar:
    return Scalar(at, at, at, at, "")


class _Document:
    """Turns what tree-sitter found in one document into our nodes."""

    def __init__(self, data: bytes, path: str | None, document: Found) -> None:
        self.data = data
        self.path = path
        self.prefixes = {"!!": YAML_PREFIX}
        self.node: Node | None = None
        for child in document.named_children:
            if child.type == "tag_directive":
                handle, prefix = (self.slice(part.start_byte, part.end_byte) for part in child.named_children)
                self.prefixes[handle] = prefix
            elif child.type in ("block_node", "flow_node"):
                self.node = self.value(child, 0)

    def slice(self, start: int, end: int) -> str:
        return self.data[start:end].decode("latin-1")

    def decoded(self, node: Found) -> str:
        return self.data[node.start_byte : node.end_byte].decode()

    def fails(self, reason: str, node: Found) -> MalformedFileError:
        return malformed(KIND, reason, self.path, *position(self.data, node.start_byte))

    def value(self, node: Found, depth: int) -> Node:
        """Return a value with its tag, if that says more than the value."""
        tag, content = _parts(node)
        name = "!" if tag is None else self.tag_name(tag)
        if tag is None or name in CORE_TAGS:
            return _empty(node.end_byte) if content is None else self.content(content, depth)
        inner = _empty(node.end_byte) if content is None else self.content(content, depth + 1)
        start, end = tag.start_byte, tag.end_byte
        key = Scalar(start, end, start, end, self.slice(start, end))
        end = max(end, inner.outer_end)
        return Table(start, end, (Member(key, name, inner, start, end),))

    def tag_name(self, tag: Found) -> str:
        """Return `!!name` for a tag of YAML's own, else the tag with its handle resolved (YAML 1.2.2, 6.9.1)."""
        written = self.decoded(tag)
        if written.startswith("!<"):
            full = written[2:-1]
        else:
            handle = written[: written.find("!", 1) + 1] or "!"
            full = self.prefixes.get(handle, handle) + written[len(handle) :]
        return _tag_name(_unquoted(full))

    def content(self, node: Found, depth: int) -> Node:
        convert = self.COLLECTIONS.get(node.type)
        if convert is None:
            return self.scalar(node)
        if depth >= DEEPEST:
            raise _too_deep(self.path, *position(self.data, node.start_byte))
        return convert(self, node, depth + 1)

    def block_table(self, node: Found, depth: int) -> Node:
        members = tuple(self.pair(child, depth) for child in node.named_children if child.type != "comment")
        return Table(members[0].start, members[-1].end, members)

    def flow_table(self, node: Found, depth: int) -> Node:
        members = tuple(self.pair(child, depth) for child in node.named_children if child.type != "comment")
        return Table(node.start_byte, node.end_byte, members, is_flow=True)

    def block_series(self, node: Found, depth: int) -> Node:
        items = tuple(self.item(child, depth) for child in node.named_children if child.type != "comment")
        return Series(node.start_byte, items[-1].outer_end, items, is_flow=False)

    def flow_series(self, node: Found, depth: int) -> Node:
        items = tuple(self.flow_item(child, depth) for child in node.named_children if child.type != "comment")
        return Series(node.start_byte, node.end_byte, items)

    COLLECTIONS: dict[str, Callable[[_Document, Found, int], Node]] = {  # noqa: RUF012 - never changed
        "block_mapping": block_table,
        "block_sequence": block_series,
        "flow_mapping": flow_table,
        "flow_sequence": flow_series,
    }

    def item(self, item: Found, depth: int) -> Node:
        """Return the value behind a dash."""
        for child in item.named_children:
            if child.type != "comment":
                return self.value(child, depth)
        return _empty(item.start_byte + 1)

    def flow_item(self, item: Found, depth: int) -> Node:
        """Return an item of `[...]`, where `a: b` without braces is a table of its own (YAML 1.2.2, example 7.20)."""
        if item.type != "flow_pair":
            return self.value(item, depth)
        if depth >= DEEPEST:
            raise _too_deep(self.path, *position(self.data, item.start_byte))
        member = self.pair(item, depth + 1)
        return Table(member.start, member.end, (member,), is_flow=True)

    def pair(self, pair: Found, depth: int) -> Member:
        """Return a key with its value; in braces a key may stand alone."""
        is_alone = pair.type == "flow_node"
        key_node = pair if is_alone else pair.child_by_field_name("key")
        value_node = None if is_alone else pair.child_by_field_name("value")
        key, name = (_empty(pair.start_byte), "") if key_node is None else self.key(key_node)
        if value_node is not None:
            value = self.value(value_node, depth)
        else:
            colons = [child.end_byte for child in pair.children if child.type == ":"]
            value = _empty(colons[0] if colons else key.outer_end)
        return Member(key, name, value, pair.start_byte, max(key.outer_end, value.outer_end))

    def key(self, node: Found) -> tuple[Scalar, str]:
        """Return a key and what it is to a program; one in brackets, as `{{ name }}` makes it, is its own text."""
        _, content = _parts(node)
        if content is None:
            return _empty(node.end_byte), ""
        if content.type in ("flow_mapping", "flow_sequence"):
            start, end = content.start_byte, content.end_byte
            return Scalar(start, end, start, end, self.slice(start, end)), self.decoded(content)
        written = self.decoded(content)
        if content.type in ("block_mapping", "block_sequence", "block_scalar") or "\n" in written or "\r" in written:
            raise self.fails("a key of several lines", content)
        scalar = self.scalar(content)
        if scalar.quote == "'":
            return scalar, written[1:-1].replace("''", "'")
        return scalar, ESCAPE.sub(_escaped, written[1:-1]) if scalar.quote == '"' else written

    def scalar(self, node: Found) -> Scalar:
        """Return a scalar; a block's text begins on the line after its indicator, with its indent."""
        outer_start, outer_end = start, end = node.start_byte, node.end_byte
        quote = ""
        if node.type == "block_scalar":
            quote = chr(self.data[start])
            line_end = LINE_BREAK.search(self.data, start)
            # The last one of a document goes on to the document's end.
            outer_end = end = _block_end(self.data, start, end)
            start = min(end, line_end.end() if line_end else end)
        elif node.type in ("single_quote_scalar", "double_quote_scalar"):
            quote = chr(self.data[start])
            start, end = start + 1, end - 1
        return Scalar(start, end, outer_start, outer_end, self.slice(start, end), quote)


def _block_end(data: bytes, start: int, end: int) -> int:
    """Return where the text of a block scalar ends: before blank lines, and before comments that are indented less.

    Such a comment may be indented more than what the block belongs to (YAML 1.2.2, section 8.1.1.1);
    the grammar takes it for text. Where the indicator says the indent, no line can be indented less.
    """
    first, *texts = data[start:end].splitlines(keepends=True)
    indents = (len(line) - len(line.lstrip(b" ")) for line in texts if line.strip())
    margin = b"" if INDENT_INDICATOR.match(first) else b" " * next(indents, 0)
    kept = takewhile(lambda line: not line.strip() or line.startswith(margin), texts)
    length = len(first) + sum(len(line) for line in kept)
    return start + len(data[start : start + length].rstrip())


def _parts(node: Found) -> tuple[Found | None, Found | None]:
    """Return the tag and the content of a node, either of which may be missing; anchors change nothing here."""
    tag = content = None
    for child in node.named_children:
        if child.type == "tag":
            tag = child
        elif child.type not in ("anchor", "comment"):
            content = child
    return tag, content


def _tag_name(tag: str) -> str:
    return "!!" + tag.removeprefix(YAML_PREFIX) if tag.startswith(YAML_PREFIX) else tag


def _unquoted(tag: str) -> str:
    """Return a tag with its percent signs resolved."""
    if "%" not in tag:
        return tag
    from urllib.parse import unquote  # noqa: PLC0415

    return unquote(tag)


def _escaped(match: re.Match[str]) -> str:
    """Return what an escape in double quotes stands for (YAML 1.2.2, section 5.7)."""
    digits = match[1] or match[2] or match[3]
    if digits is None:
        return ESCAPED.get(match[4], match[4])
    code = int(digits, 16)
    return chr(code) if code <= 0x10FFFF else match[0]


# ---- loading --------------------------------------------------------------------------------------------------------


class _Known(NamedTuple):
    """What an anchor names."""

    value: Any
    depth: int
    """How many levels it has; a plain value has none."""
    values: int
    """How many it stands for, with all that aliases add."""


class _Open:
    """A list or mapping of which not everything has been seen."""

    __slots__ = ("anchor", "count", "depth", "key", "start", "tag", "value")

    def __init__(self, value: list[Any] | dict[str, Any], start: Any, tag: str, anchor: str | None) -> None:
        self.value = value
        self.start = start
        self.tag = tag
        self.anchor = anchor
        self.key: str | None = None
        """Of the next value of a mapping, once it is known."""
        self.depth = 1 if tag in CORE_TAGS else 2
        self.count = 1


class _Composer:
    """Makes plain data of PyYAML's events.

    PyYAML's own composer stops at a tag that it does not know, counts neither levels nor aliases, and gives keys that
    are not text.
    """

    def __init__(self, text: str, path: str | None) -> None:
        self.text = text
        self.path = path
        self.documents: list[Any] = []
        self.open: list[_Open] = []
        self.anchors: dict[str, _Known | None] = {}
        """None while what is named is still open."""
        self.aliased = 0

    def take(self, event: Any) -> None:
        """Go on by one event."""
        kind = type(event).__name__
        if kind == "ScalarEvent":
            self.take_scalar(event)
        elif kind == "AliasEvent":
            self.take_alias(event)
        elif kind in ("SequenceStartEvent", "MappingStartEvent"):
            self.begin(event, [] if kind == "SequenceStartEvent" else {})
        elif kind in ("SequenceEndEvent", "MappingEndEvent"):
            self.end(event)
        elif kind == "DocumentEndEvent":
            self.anchors.clear()

    def take_scalar(self, event: Any) -> None:
        if self.is_at_key():
            self.open[-1].key = event.value
            if event.anchor:
                self.anchors[event.anchor] = _Known(event.value, 0, 1)
            return
        tag = _tag_name(event.tag or "!")
        value = _resolved(event) if tag in CORE_TAGS else {tag: _plain(event.value, is_plain=not event.style)}
        known = _Known(value, 0 if tag in CORE_TAGS else 1, 1)
        if event.anchor:
            self.anchors[event.anchor] = known
        self.put(known, event)

    def take_alias(self, event: Any) -> None:
        if self.is_at_key():
            self.open[-1].key = f"*{event.anchor}"
            return
        if event.anchor not in self.anchors:
            raise self.fails(f"nothing is named {event.anchor}", event)
        known = self.anchors[event.anchor]
        if known is None:
            raise self.fails(f"{event.anchor} is a part of itself", event)
        self.aliased += known.values
        if self.aliased > MOST_ALIASED:
            raise self.fails(f"aliases stand for more than {MOST_ALIASED:,} values", event)
        self.put(known, event)

    def begin(self, event: Any, value: list[Any] | dict[str, Any]) -> None:
        tag = _tag_name(event.tag or "!")
        self.open.append(_Open(value, event.start_mark, tag, event.anchor))
        if len(self.open) > DEEPEST:
            raise _too_deep(self.path, event.start_mark.line + 1, event.start_mark.column + 1)
        if event.anchor:
            self.anchors[event.anchor] = None

    def end(self, event: Any) -> None:
        done = self.open.pop()
        known = _Known(done.value if done.tag in CORE_TAGS else {done.tag: done.value}, done.depth, done.count)
        if done.anchor:
            self.anchors[done.anchor] = known
        if self.is_at_key():
            self.open[-1].key = self.text[done.start.index : event.end_mark.index].strip()
        else:
            self.put(known, event)

    def is_at_key(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1].value, dict) and self.open[-1].key is None

    def put(self, known: _Known, event: Any) -> None:
        """Add a value to what is open, or as a document."""
        if not self.open:
            self.documents.append(known.value)
            return
        into = self.open[-1]
        if len(self.open) + known.depth > DEEPEST:
            raise _too_deep(self.path, event.start_mark.line + 1, event.start_mark.column + 1)
        own = 1 if into.tag in CORE_TAGS else 2
        into.depth = max(into.depth, known.depth + own)
        into.count += known.values
        if isinstance(into.value, list):
            into.value.append(known.value)
        else:
            assert into.key is not None  # noqa: S101 - is_at_key was asked before
            into.value[into.key] = known.value
            into.key = None

    def fails(self, reason: str, event: Any) -> MalformedFileError:
        return malformed(KIND, reason, self.path, event.start_mark.line + 1, event.start_mark.column + 1)


@cache
def _loader() -> Any:
    """Return a loader of nothing, for what PyYAML knows of scalars."""
    import yaml  # noqa: PLC0415

    return yaml.SafeLoader("")


def _plain(text: str, *, is_plain: bool) -> Any:
    """Return what YAML 1.1 makes of a text without a tag; a number that Python cannot hold stays text."""
    import yaml  # noqa: PLC0415

    if not is_plain or len(text) > LONGEST_NUMBER:
        return text  # before the patterns of the resolver have a look at it
    tag = _loader().resolve(yaml.ScalarNode, text, (True, False))
    try:
        return _constructed(tag, text)
    except (ValueError, OverflowError):
        return text


def _resolved(event: Any) -> Any:
    """Return a scalar as its tag or its look says; raise MarkedYAMLError when it is not what its tag says."""
    import yaml  # noqa: PLC0415

    if event.tag in (None, "!"):
        return _plain(event.value, is_plain=event.implicit[0])
    try:
        return _constructed(event.tag, event.value)
    except (ValueError, OverflowError, LookupError):
        raise yaml.MarkedYAMLError(problem=f"no {_tag_name(event.tag)}", problem_mark=event.start_mark) from None


def _constructed(tag: str, text: str) -> Any:
    """Return a scalar of one of the types that plain data has; times, and whatever else there is, stay text."""
    import yaml  # noqa: PLC0415

    kind = tag.removeprefix(YAML_PREFIX)
    if kind not in ("null", "bool", "int", "float"):
        return text
    if len(text) > LONGEST_NUMBER:
        raise ValueError(kind)
    return getattr(_loader(), f"construct_yaml_{kind}")(yaml.ScalarNode(tag, text))
