"""A tox.ini within TOML: the string `legacy_tox_ini` of pyproject.toml.

Spans are those of the TOML document: what is not of the string is blanks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bootstrap.expression import expression
from bootstrap.syntax import ini, toml
from bootstrap.syntax.tree import Scalar, walk

if TYPE_CHECKING:
    from bootstrap.syntax.tree import Node

PLACE = ("tool", "tox", "legacy_tox_ini")
NOT_A_LINE_FEED = expression(rb"[^\n]")


def read(data: bytes, path: str | None = None) -> Node | None:
    """Return the sections of the string, or None where there is none. Raises MalformedFileError."""
    inner = _inner(data, path)
    return ini.read(inner, path) if inner is not None else None


def load(data: bytes, path: str | None = None) -> Any:
    """Return the options of the string; the document around it has to be TOML. Raises MalformedFileError."""
    toml.load(data, path)
    inner = _inner(data, path)
    return ini.load(inner, path) if inner is not None else None


def _inner(data: bytes, path: str | None) -> bytes | None:
    """Return the string as a document in which every byte is where it is in the one around it."""
    tree = toml.read(data, path)
    for place, node in walk(tree) if tree is not None else ():
        if place == PLACE and isinstance(node, Scalar) and len(node.quote) > 1:
            before, after = data[: node.start], data[node.end :]
            return NOT_A_LINE_FEED.sub(b" ", before) + data[node.start : node.end] + NOT_A_LINE_FEED.sub(b" ", after)
    return None
