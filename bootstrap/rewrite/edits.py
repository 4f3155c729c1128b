"""What takes the place of what."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bootstrap.errors import BootstrapError

if TYPE_CHECKING:
    from collections.abc import Iterable


class RefusedEditError(BootstrapError):
    """An edit that cannot be shown to change the versions alone; nothing is written."""


class Edit(NamedTuple):
    """Text that takes the place of other text, in Latin-1: one byte, one character."""

    start: int
    end: int
    text: str


def splice(text: str, edits: Iterable[Edit]) -> str:
    """Return `text` with the edits made; raises RefusedEditError where two of them overlap."""
    parts, at = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < at:
            raise RefusedEditError("two edits meet at one place", remedy="change it by hand; it was left as it is")
        parts += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*parts, text[at:]])
