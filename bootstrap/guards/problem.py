"""What a guard answers with when something does not hold."""

from __future__ import annotations

from typing import NamedTuple


class Problem(NamedTuple):
    """A sentence that says what is wrong, one that says what to do, and where."""

    message: str
    hint: str
    path: str | None = None
    line: int | None = None
    fix: str | None = None
