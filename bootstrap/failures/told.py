"""What the person is told of a failure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bootstrap.failures.places import Written


class Told(NamedTuple):
    """The cause in plain words, what would help, and where to look."""

    cause: str
    remedy: str
    where: Written | None = None
