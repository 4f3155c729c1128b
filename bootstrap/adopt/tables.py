"""Rows that are added to a table of pyproject.toml, below its header or with it at the end; proven by reading it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bootstrap.errors import MalformedFileError
from bootstrap.syntax import toml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Rows = Mapping[str, str | list[str]]


def loaded(content: bytes | None) -> dict[str, Any] | None:
    """Return what a file says; None where it cannot be understood."""
    try:
        return toml.load(content or b"") or {}
    except MalformedFileError:
        return None


def table_of(data: dict[str, Any], tool: str) -> dict[str, Any] | None:
    """Return the table of a tool, `ruff` or `coverage.run`; None where it is not there, or is no table."""
    found: Any = data
    for name in ("tool", *tool.split(".")):
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else None


def added(before: bytes, tool: str, rows: Rows) -> bytes | None:
    """Return the file with the rows in the table of a tool; None where there is no place for them."""
    data = loaded(before)
    if data is None:
        return None
    after = _with_rows(before, tool, rows, has_table=table_of(data, tool) is not None)
    read_back = loaded(after) if after is not None else None
    return after if read_back is not None and read_back == _with(data, ("tool", *tool.split(".")), rows) else None


def spelled_out(value: str | list[str]) -> str:
    """Return a value as TOML writes it."""
    return f'"{value}"' if isinstance(value, str) else "[" + ", ".join(f'"{one}"' for one in value) + "]"


def _with(data: Any, names: Sequence[str], rows: Rows) -> dict[str, Any] | None:
    """Return the data with the rows in the table with these names; None where something else stands in its place."""
    if not isinstance(data, dict):
        return None
    if not names:
        return {**data, **rows}
    inner = _with(data.get(names[0], {}), names[1:], rows)
    return {**data, names[0]: inner} if inner is not None else None


def _with_rows(before: bytes, tool: str, rows: Rows, *, has_table: bool) -> bytes | None:
    newline = b"\r\n" if b"\r\n" in before else b"\n"
    text = newline.join(f"{key} = {spelled_out(value)}".encode() for key, value in rows.items()) + newline
    if not has_table:
        table = f"[tool.{tool}]".encode() + newline + text
        if not before.strip():
            return before + table
        is_ended = before.endswith(b"\n")
        return before + (newline + table if is_ended else newline * 2 + table.removesuffix(newline))
    pattern = rf"(?m)^(?:\xef\xbb\xbf)?[ \t]*\[[ \t]*tool\.{re.escape(tool)}[ \t]*\][^\r\n]*(?:\r?\n|$)"
    header = re.search(pattern, before.decode("latin-1"))
    if header is None:
        return None
    gap = b"" if header[0].endswith("\n") else newline
    return before[: header.end()] + gap + text + before[header.end() :]
