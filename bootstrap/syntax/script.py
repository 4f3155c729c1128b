"""The metadata of a single-file script (PEP 723): TOML in the comments of a Python module.

Spans are those of the module: what is not TOML is blanks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bootstrap.syntax import python, toml

if TYPE_CHECKING:
    from bootstrap.syntax.tree import Node


def read(data: bytes, path: str | None = None) -> Node | None:
    """Return the metadata's tables, or None for a module without any. Raises MalformedFileError."""
    block = python.script_block(data, path)
    return toml.read(block, path) if block is not None else None


def load(data: bytes, path: str | None = None) -> Any:
    """Return the metadata. Raises MalformedFileError."""
    block = python.script_block(data, path)
    return toml.load(block, path) if block is not None else None
