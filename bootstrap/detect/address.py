"""Whether an address is a folder's: pathlib and uv do not escape the same characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def is_address_of(folder: Path, address: str) -> bool:
    """Say whether a `file:` address is that of the folder, whichever of its characters are escaped (RFC 3986)."""
    from urllib.parse import unquote  # noqa: PLC0415 - hardly ever needed

    return unquote(address).rstrip("/") == unquote(folder.as_uri()).rstrip("/")


def is_address_below(folder: Path, address: str) -> bool:
    """Say whether a `file:` address is that of the folder, or of one below it."""
    from urllib.parse import unquote  # noqa: PLC0415 - hardly ever needed

    return f"{unquote(address)}/".startswith(f"{unquote(folder.as_uri()).rstrip('/')}/")
