"""Rows that are added to a table of pyproject.toml, below its header or with it at the end; proven by reading it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bootstrap.errors import MalformedFileError
from bootstrap.syntax import toml
from bootstrap.syntax.tree import Series, Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bootstrap.syntax.tree import Node

    Value = str | bool | list[str]
    Rows = Mapping[str, Value]


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


def changed(before: bytes, tool: str, rows: Rows) -> bytes | None:
    """Return the file in which the table of a tool says what the rows say, be it that it said something else so far.

    A list that only grows is added to as it stands. None where there is no place for a row.
    """
    data = loaded(before)
    if data is None:
        return None
    present = table_of(data, tool) or {}
    after, tree = before, toml.read(before)
    moved = sorted((_found(tree, ("tool", *tool.split("."), key)), key) for key in rows if key in present)
    for node, key in reversed(moved):
        start, end, text = _edit(before, node, rows[key], present[key])
        after = after[:start] + text.encode() + after[end:]
    missing = {key: value for key, value in rows.items() if key not in present}
    whole = added(after, tool, missing) if missing else after
    read_back = loaded(whole) if whole is not None else None
    return whole if read_back is not None and read_back == _with(data, ("tool", *tool.split(".")), rows) else None


def _found(tree: Node | None, names: Sequence[str]) -> Node:
    """Return the value at a place that is known to be there."""
    for name in names:
        tree = next(one.value for one in tree.members if one.name == name) if isinstance(tree, Table) else tree
    assert tree is not None  # noqa: S101 - whoever asks has read it there
    return tree


def _edit(text: bytes, node: Node, value: Value, present: object) -> tuple[int, int, str]:
    """Return what goes in the place of a value: for a list that grows only what it gets, in its own style."""
    items = node.items if isinstance(node, Series) else ()
    if items and isinstance(value, list) and isinstance(present, list) and value[: len(present)] == present:
        between = text[items[-2].outer_end : items[-1].outer_start].decode() if len(items) > 1 else ", "
        comma = between if between.replace(",", "", 1).strip() == "" else ", "
        end = items[-1].outer_end
        return end, end, "".join(comma + spelled_out(one) for one in value[len(present) :])
    return node.outer_start, node.outer_end, spelled_out(value)


def spelled_out(value: Value) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return "[" + ", ".join(map(spelled_out, value)) + "]"


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
