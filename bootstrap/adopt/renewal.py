"""An adoption run again is an update: what devstrap wrote whole is renewed, merged with a person's changes, or left."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.adopt import record
from bootstrap.adopt.merging import Versions, meeting
from bootstrap.adopt.model import Draft, Remark
from bootstrap.adopt.text import opened

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bootstrap.adopt.model import Drafts, Tree, Wishes, Writer
    from bootstrap.adopt.record import Entry, Record

RENEWED = "renewed, since nobody had changed it"
MERGED = "merged: what devstrap has new, and what was changed here"
_WAYS = (
    f"; to keep it as it is for good, say null for it in {record.PATH}; for the new one, delete it and its line there,"
    " run init again and repeat your changes"
)
CONFLICT = f"it was changed here in line {{}}, where devstrap changes it too{_WAYS}"
UNSOUND = f"it was changed here, and with what devstrap has new it would not be sound{_WAYS}"
NO_BASE = (
    "it was changed here, and what devstrap had written is not in this clone: try git fetch --unshallow, and init again"
    f"{_WAYS}"
)
STRANGE = f"it was changed here, and is no UTF-8 text with line ends of one kind{_WAYS}"

# The sum of devstrap's wheel: the copy of bootstrap.py that lies in the wheel itself cannot have it.
_STAMP = re.compile(rb'(?m)(?<=^WHEEL_SHA256 = ")[0-9a-f]{64}(?=")')


class Past(NamedTuple):
    """What was written before, and how to get at it."""

    record: Record
    find: Callable[[str], bytes | None]
    """The content that an id names; None where it is not to be had."""
    merge: Callable[[str, Versions], bytes | None]
    """The text of a path with both changes; None where that cannot be."""
    is_taken_back: Callable[[str], bool]
    """Whether it was `undo` that took a file away, and no person."""
    algorithm: str = "sha1"
    """What the repository makes its ids with."""
    data: bytes | None = None
    """The record as it stands."""

    def base(self, entry: Entry) -> bytes | None:
        """Return what devstrap had written, without anybody's changes."""
        found = self.find(entry.blob)
        if found is None and entry.merged:
            written = self.find(entry.merged)
            found = record.applied(entry.edits, written) if written is not None else None
        return found if found is not None and record.names(entry.blob, found) else None


NO_PAST = Past({}, lambda _blob: None, lambda _path, _versions: None, lambda _path: False)


class Site(NamedTuple):
    """A file that one writer makes whole."""

    path: str
    original: bytes | None
    """As it is on the disk."""
    past: Past

    @property
    def entry(self) -> Entry | None:
        """What is remembered of it."""
        found = self.past.record.get(self.path)
        return found if isinstance(found, record.Entry) else None

    @property
    def is_unwanted(self) -> bool:
        """Whether a person deleted it, or wants it to be left alone."""
        if self.path not in self.past.record:
            return False
        is_left = self.past.record[self.path] is None
        return is_left or (self.original is None and not self.past.is_taken_back(self.path))


def renewing(writer: Writer, *sites: Site) -> Writer:
    """Return a writer that does the same, but treats the files that it makes whole by what is remembered of them.

    What it would write today is asked of the writer itself: it is shown the tree without the file.
    """

    def renew(tree: Tree, wishes: Wishes) -> Drafts:
        items = tuple(writer(tree, wishes))
        known = {site.path for site in sites}
        yield from (item for item in items if item.path not in known)
        for site in sites:
            told = [item for item in items if item.path == site.path]
            yield from _treated(writer, site, told, tree, wishes)

    return renew


def _treated(writer: Writer, site: Site, told: Sequence[Draft | Remark], tree: Tree, wishes: Wishes) -> Drafts:
    """Yield what becomes of one file, of which the writer `told` something already."""
    if site.is_unwanted:
        return
    if site.original is None:
        yield from told
        return
    wanted = _wanted(writer, site.path, tree, wishes)
    if site.entry is None:
        is_ours = wanted is not None and _is_same(site.original, wanted.after)
        yield from [_kept(wanted, site.original)] if wanted is not None and is_ours else told
    elif wanted is None:
        yield from (item for item in told if isinstance(item, Remark))
    else:
        yield from _renewed(site, site.entry, tree.read(site.path) or b"", wanted)


def _wanted(writer: Writer, path: str, tree: Tree, wishes: Wishes) -> Draft | None:
    """Return the file as the writer would make it if it were not there."""
    others = tuple(one for one in tree.paths if one != path)
    without = tree._replace(paths=others, read=lambda one: None if one == path else tree.read(one), renews=path)
    made = (item for item in writer(without, wishes) if isinstance(item, Draft))
    return next((item for item in made if item.path == path and item.is_whole), None)


def _renewed(site: Site, entry: Entry, current: bytes, wanted: Draft) -> Drafts:
    """Yield what becomes of a file that devstrap wrote once: nothing where it has nothing new to say."""
    new = record.plain(wanted.after)
    if _is_same(current, new):
        yield _kept(wanted, current)
    elif record.names(entry.blob, record.plain(site.original or b"")):
        yield wanted._replace(after=_ended(new, _line_end(current)), why=RENEWED, alone=new)
    elif not record.names(entry.blob, new):
        made = _merged(site, entry, current, new)
        yield Remark(site.path, made) if isinstance(made, str) else wanted._replace(after=made, why=MERGED, alone=new)


def _is_same(one: bytes, other: bytes) -> bool:
    """Say whether two contents are the same, be it that a release has stamped one of two wrappers."""
    return _STAMP.sub(b"", record.plain(one)) == _STAMP.sub(b"", record.plain(other))


def _kept(wanted: Draft, current: bytes) -> Draft:
    """Return the file as it stands, which is as devstrap would write it: to be remembered."""
    return wanted._replace(after=current, alone=record.plain(wanted.after))


def _merged(site: Site, entry: Entry, current: bytes, new: bytes) -> bytes | str:
    """Return the file with both changes, or why it is left."""
    text = opened(current)
    if text is None or len({*text.ends} - {""}) > 1:
        return STRANGE
    base = site.past.base(entry)
    if base is None:
        return NO_BASE
    versions = Versions(base, record.plain(current), new)
    found = site.past.merge(site.path, versions)
    if found is not None:
        return _ended(found, text.newline)
    line = meeting(versions)
    return UNSOUND if line is None else CONFLICT.format(line)


def _line_end(content: bytes) -> str:
    return "\r\n" if content.count(b"\r\n") * 2 > content.count(b"\n") else "\n"


def _ended(content: bytes, newline: str) -> bytes:
    return content.replace(b"\n", newline.encode())
