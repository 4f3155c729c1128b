"""Extras as setuptools' own files declare them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

KEYWORD = "extras_require"


class Extras(NamedTuple):
    """Extras by name, each with its requirements, or None where only running the file would tell them."""

    known: Mapping[str, tuple[str, ...] | None]
    is_computed: bool = False
    """Whether there may be more that only running setup.py would tell."""


NOTHING = Extras({})
