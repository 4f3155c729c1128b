"""Tables and lists in what was parsed from a file, where anything else may stand in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def at(data: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    """Return the table below some keys, empty where there is none."""
    for key in keys:
        found = data.get(key)
        data = found if isinstance(found, dict) else {}
    return data if isinstance(data, dict) else dict(data)


def texts(value: object) -> tuple[str, ...]:
    """Return the strings of a list; nothing where something else stands in its place."""
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list | tuple) else ()
