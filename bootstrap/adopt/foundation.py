"""What the repository promises: `.python-version`, the policy in `[tool.devstrap]`, and the wrapper bootstrap.py."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bootstrap import assets
from bootstrap.adopt.model import Draft, Remark
from bootstrap.detect.declared import PIN_FILE, PYPROJECT, SETTINGS
from bootstrap.detect.repository import BOOTSTRAPPER
from bootstrap.errors import MalformedFileError
from bootstrap.policy import spelled
from bootstrap.syntax import toml

if TYPE_CHECKING:
    from bootstrap.adopt.model import Drafts, Tree, Wishes

_HEADER = re.compile(rf"(?m)^[ \t]*\[[ \t]*{re.escape(SETTINGS)}[ \t]*\][^\r\n]*(?:\r?\n|$)")


def pin(tree: Tree, wishes: Wishes) -> Drafts:
    """Pin the default in `.python-version`, where nothing does; what pins one was moved with everything else.

    A feature version, not a patch: pyenv's shims fail on a patch that is not installed.
    """
    if tree.read(PIN_FILE) is None:
        yield Draft(PIN_FILE, f"{spelled(wishes.policy.default)}\n".encode(), "the Python that developers use")


def settings(tree: Tree, wishes: Wishes) -> Drafts:
    """Write the policy down in `[tool.devstrap]`, where it is not said yet; a pyproject.toml is made for it if need be.

    What is there already was moved with everything else, and stays in the author's own spelling.
    """
    before = tree.read(PYPROJECT)
    data = _loaded(before)
    if data is None:
        yield Remark(PYPROJECT, "it cannot be understood; correct it, then run init again")
        return
    wanted = _policy(wishes)
    present = _table(data)
    missing = {key: value for key, value in wanted.items() if present is None or key not in present}
    if not missing:
        return
    after = _with_settings(before or b"", missing, has_table=present is not None)
    if after is None or (read_back := _loaded(after)) is None or read_back != _with(data, missing):
        rows = "; ".join(f"{key} = {_toml(value)}" for key, value in missing.items())
        yield Remark(PYPROJECT, f"say in [{SETTINGS}] what is supported: {rows}")
        return
    yield Draft(PYPROJECT, after, "the policy that everything else is held against")


def wrapper(tree: Tree, wishes: Wishes) -> Drafts:  # noqa: ARG001 - every writer takes both
    """Copy bootstrap.py to the root: what people type first. Another file of that name is somebody else's."""
    present, ours = tree.read(BOOTSTRAPPER), assets.read(BOOTSTRAPPER)
    if present is None:
        yield Draft(BOOTSTRAPPER, ours, "what a newcomer runs: python bootstrap.py", is_whole=True)
    elif b"devstrap" not in present:
        yield Remark(BOOTSTRAPPER, "it is there already, and is not devstrap's; rename one of the two")
    elif present.replace(b"\r\n", b"\n") != ours:
        yield Remark(BOOTSTRAPPER, "it is of another version of devstrap, and stays; copy the new one over it")


def _loaded(content: bytes | None) -> dict[str, Any] | None:
    """Return what a file says; None where it cannot be understood."""
    try:
        return toml.load(content or b"") or {}
    except MalformedFileError:
        return None


def _table(data: dict[str, Any]) -> dict[str, Any] | None:
    """Return `[tool.devstrap]`; None where it is not there, or is no table."""
    tool = data.get("tool")
    found = tool.get("devstrap") if isinstance(tool, dict) else None
    return found if isinstance(found, dict) else None


def _policy(wishes: Wishes) -> dict[str, str | list[str]]:
    policy = wishes.policy
    return {
        "minimum": spelled(policy.minimum),
        "default": spelled(policy.default),
        "supported": [spelled(minor) for minor in policy.supported],
    }


def _with(data: dict[str, Any], missing: dict[str, Any]) -> dict[str, Any] | None:
    tool = data.get("tool", {})
    if not isinstance(tool, dict) or not isinstance(tool.get("devstrap", {}), dict):
        return None
    return {**data, "tool": {**tool, "devstrap": {**tool.get("devstrap", {}), **missing}}}


def _with_settings(before: bytes, missing: dict[str, Any], *, has_table: bool) -> bytes | None:
    """Return the file with the settings below their header, or with both at its end; None where there is no place."""
    newline = b"\r\n" if b"\r\n" in before else b"\n"
    rows = newline.join(f"{key} = {_toml(value)}".encode() for key, value in missing.items()) + newline
    if not has_table:
        table = f"[{SETTINGS}]".encode() + newline + rows
        if not before.strip():
            return before + table
        is_ended = before.endswith(b"\n")
        return before + (newline + table if is_ended else newline * 2 + table.removesuffix(newline))
    header = _HEADER.search(before.decode("latin-1"))
    if header is None:
        return None
    gap = b"" if header[0].endswith("\n") else newline
    return before[: header.end()] + gap + rows + before[header.end() :]


def _toml(value: str | list[str]) -> str:
    return f'"{value}"' if isinstance(value, str) else "[" + ", ".join(f'"{one}"' for one in value) + "]"
