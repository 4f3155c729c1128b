"""What the backend and the frontend have in common."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

# Memory is tight on the sensors in the field; older Pythons do without.
SLOTTED: dict[str, Any] = {"slots": True} if sys.version_info >= (3, 10) else {}


@dataclass(frozen=True, **SLOTTED)
class Plot:
    """A part of the orchard."""

    name: str
    trees: int
    kilograms_per_tree: float


def total_yield(plots: Iterable[Plot]) -> float:
    """Return what the plots yield together, in kilograms."""
    return sum(plot.trees * plot.kilograms_per_tree for plot in plots)
