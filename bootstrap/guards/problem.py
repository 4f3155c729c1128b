"""What a guard answers with when something does not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bootstrap.model import Facts


class Problem(NamedTuple):
    """A sentence that says what is wrong, one that says what to do, and where."""

    message: str
    hint: str
    path: str | None = None
    line: int | None = None
    fix: str | None = None


def set_up(facts: Facts) -> str:
    """Return the command that sets the repository up: its own file, or devstrap as it is installed."""
    return "python bootstrap.py" if facts.repository.has_bootstrapper else "devstrap"
