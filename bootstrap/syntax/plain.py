"""Text that is not taken apart: prose, scripts, a file with nothing but a version in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.errors import MalformedFileError
from bootstrap.syntax.tree import Scalar

if TYPE_CHECKING:
    from typing import Any

    from bootstrap.syntax.tree import Node


def read(data: bytes, path: str | None = None) -> Node | None:
    """Return the whole text as one scalar; raises MalformedFileError for what is no text."""
    if b"\0" in data:
        raise MalformedFileError("not a text file", remedy="save it as UTF-8, if it is one", path=path, line=1)
    return Scalar(0, len(data), 0, len(data), data.decode("latin-1")) if data else None


def load(data: bytes, path: str | None = None) -> Any:
    """Return the lines."""
    if b"\0" in data:
        raise MalformedFileError("not a text file", remedy="save it as UTF-8, if it is one", path=path, line=1)
    return data.decode("latin-1").splitlines()
