"""What devstrap wrote, remembered in the repository itself: by that a later run tells its own from the person's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from bootstrap import __version__
from bootstrap.errors import MalformedFileError
from bootstrap.expression import expression

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PATH = ".devstrap.json"
"""It travels with the repository, so that any clone can renew what another one was given."""

FORMAT = 1
_ABOUT = "What devstrap wrote here: `devstrap init` renews it by this. Commit it; null leaves a file to you for good."
_ID = expression(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


class Edit(NamedTuple):
    """Lines that take the place of those from `start` up to `end`."""

    start: int
    end: int
    lines: tuple[str, ...]


class Entry(NamedTuple):
    """A file as devstrap wrote it. Contents are named by their ids as blobs of git, which keeps them for us."""

    version: str
    """The devstrap that wrote it."""
    blob: str
    """What devstrap alone would have written, with line feeds."""
    merged: str = ""
    """What it wrote, where that had a person's changes in it: only this was ever committed."""
    edits: tuple[Edit, ...] = ()
    """What makes of `merged` what `blob` names."""


class Part(NamedTuple):
    """Lines that were added to a file of somebody's: how many, and the id of their content."""

    length: int
    blob: str


class Addition(NamedTuple):
    """What devstrap added to a file of somebody's."""

    version: str
    parts: tuple[Part, ...]
    is_mixed: bool = False
    """Whether it changed lines of theirs too: then it cannot be taken out again, and nothing is renewed."""


Record = dict[str, Entry | Addition | None]
"""By their paths; None where a person wants a file to be left alone."""


def plain(content: bytes) -> bytes:
    """Return a content as git keeps it, whatever line ends a checkout gives it."""
    return content.replace(b"\r\n", b"\n")


def blob(content: bytes, algorithm: str = "sha1") -> str:
    """Return the id under which git keeps a content (gitformat-pack, "object types")."""
    import hashlib  # noqa: PLC0415 - only where something is compared

    return hashlib.new(algorithm, b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def names(identity: str, content: bytes) -> bool:
    """Say whether an id is that of a content, of whichever kind the id is."""
    return identity == blob(content, "sha1" if len(identity) == 40 else "sha256")


def entry(alone: bytes, written: bytes, algorithm: str = "sha1") -> Entry:
    """Return what to remember of a file: what devstrap alone makes of it, and what was written."""
    alone, written = plain(alone), plain(written)
    if alone == written:
        return Entry(__version__, blob(alone, algorithm))
    edits = _edits(written.decode().split("\n"), alone.decode().split("\n"))
    return Entry(__version__, blob(alone, algorithm), blob(written, algorithm), edits)


def _edits(before: Sequence[str], after: Sequence[str]) -> tuple[Edit, ...]:
    from difflib import SequenceMatcher  # noqa: PLC0415 - only where something was merged

    found = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return tuple(Edit(start, end, tuple(after[i:j])) for kind, start, end, i, j in found if kind != "equal")


def applied(edits: Sequence[Edit], content: bytes) -> bytes:
    """Return a content with edits made."""
    lines = content.decode("utf-8", "replace").split("\n")
    for start, end, new in reversed(edits):
        lines[start:end] = new
    return "\n".join(lines).encode()


# ---- the file -------------------------------------------------------------------------------------------------------


def read(data: bytes | None) -> Record:
    """Return what is remembered, nothing where there is no file; raise MalformedFileError for one that is damaged."""
    if data is None:
        return {}
    try:
        found = json.loads(data)
        if found["format"] > FORMAT:
            raise MalformedFileError(
                "it is of a newer devstrap", remedy="run init by that one, or get a newer bootstrap.py", path=PATH
            )
        return {str(path): _entry(value) for path, value in found["written"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise MalformedFileError(
            "it is not what devstrap wrote",
            remedy="mend it, bring it back from git, or delete it: what devstrap wrote is then left to you",
            path=PATH,
        ) from None


def _entry(value: Any) -> Entry | Addition | None:
    """Return an entry; raise one of the errors that `read` knows for what is none."""
    if value is None:
        return None
    if "parts" in value:
        parts = tuple(Part(int(length), identity) for length, identity in value["parts"])
        if not all(part.length > 0 and _ID.fullmatch(part.blob) for part in parts):
            raise ValueError(parts)
        return Addition(str(value["devstrap"]), parts, bool(value.get("mixed")))
    edits = tuple(Edit(int(start), int(end), tuple(map(str, lines))) for start, end, lines in value.get("edits", ()))
    made = Entry(str(value["devstrap"]), value["blob"], value.get("merged", ""), edits)
    if not _ID.fullmatch(made.blob) or not (made.merged == "" or _ID.fullmatch(made.merged)):
        raise ValueError(made.blob)
    return made


def renewed(data: bytes | None, entries: Mapping[str, Entry | Addition]) -> bytes | None:
    """Return the file with entries, one a line for those who merge it; None where that is nothing new."""
    before = read(data)
    news = {path: one for path, one in entries.items() if _is_news(before.get(path), one)}
    if not news:
        return None
    rows = [f"    {json.dumps(path)}: {_row(one)}" for path, one in sorted({**before, **news}.items())]
    head = f'{{\n  "about": {json.dumps(_ABOUT)},\n  "format": {FORMAT},\n  "written": {{\n'
    content = (head + ",\n".join(rows) + "\n  }\n}\n").encode()
    return content.replace(b"\n", b"\r\n") if b"\r\n" in (data or b"") else content


def _is_news(before: Entry | Addition | None, now: Entry | Addition) -> bool:
    """Say whether something else was written; that a newer devstrap writes the same is no news."""
    if isinstance(before, Entry) and isinstance(now, Entry):
        return before.blob != now.blob or bool(now.merged and before.merged != now.merged)
    return before is None or before._replace(version="") != now._replace(version="")


def _row(one: Entry | Addition | None) -> str:
    if one is None:
        return "null"
    if isinstance(one, Addition):
        mixed = {"mixed": True} if one.is_mixed else {}
        return json.dumps({"devstrap": one.version, "parts": one.parts, **mixed})
    row: dict[str, Any] = {"devstrap": one.version, "blob": one.blob}
    if one.merged:
        row |= {"merged": one.merged, "edits": one.edits}
    return json.dumps(row)
