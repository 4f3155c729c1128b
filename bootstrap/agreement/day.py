"""The day as of which versions are maintained or not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


def today() -> date:
    """Return the day it is, the same one everywhere on earth."""
    return datetime.now(UTC).date()
