"""What every format comes down to for us: scalars, series and tables, each with its exact span.

Offsets count bytes. A source is read as Latin-1 text, in which every byte is one character, so that spans found by a
parser are spans of the text, whatever the encoding; what devstrap looks for and writes is ASCII.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

Path = tuple[str | int, ...]
"""Keys and positions from the document down: ("jobs", "test", "steps", 0, "with", "python-version")."""


class Scalar(NamedTuple):
    """A single value, or a key."""

    start: int
    end: int
    """The content, without quotes."""
    outer_start: int
    outer_end: int
    """With its quotes; for a block scalar, from its indicator on."""
    text: str
    """What stands between `start` and `end`, as it is written: escapes are not resolved."""
    quote: str = ""
    """`'`, `"`, `'''`, `\"\"\"`, `|`, `>`; empty for a plain one, `#` for a number."""


class Series(NamedTuple):
    """A list: `- a` lines, `[a, b]`, a tuple, or the lines of a multi-line option."""

    start: int
    end: int
    items: tuple[Node, ...]
    is_flow: bool = True
    """Whether commas separate the items, inside of brackets, on one line or many."""

    @property
    def outer_start(self) -> int:
        """Where it begins."""
        return self.start

    @property
    def outer_end(self) -> int:
        """Where it ends."""
        return self.end


class Member(NamedTuple):
    """A key with its value."""

    key: Scalar
    name: str
    """The key as a program sees it: quotes and escapes resolved, dots of TOML taken apart into tables."""
    value: Node
    start: int
    end: int


class Table(NamedTuple):
    """A mapping: a YAML or JSON object, a TOML table, a section, a call with its arguments."""

    start: int
    end: int
    members: tuple[Member, ...]
    is_flow: bool = False
    """Whether it stands in braces or parentheses."""

    @property
    def outer_start(self) -> int:
        """Where it begins."""
        return self.start

    @property
    def outer_end(self) -> int:
        """Where it ends."""
        return self.end


Node = Scalar | Series | Table


def walk(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Yield every node with its path, a parent before its children, in the order of the document."""
    yield path, node
    if isinstance(node, Series):
        for index, item in enumerate(node.items):
            yield from walk(item, (*path, index))
    elif isinstance(node, Table):
        for member in node.members:
            yield from walk(member.value, (*path, member.name))
