"""What devstrap adds to a file of somebody's: it is added once, and renewed for as long as nobody touches it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bootstrap import __version__
from bootstrap.adopt import record
from bootstrap.adopt.merging import is_readable
from bootstrap.adopt.model import Draft, Remark
from bootstrap.adopt.record import Addition, Part
from bootstrap.adopt.renewal import RENEWED
from bootstrap.adopt.text import Splice, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bootstrap.adopt.model import Drafts, Tree, Wishes, Writer
    from bootstrap.adopt.renewal import Past
    from bootstrap.adopt.text import Text

    Lines = tuple[str, ...]


def adding(writer: Writer, takes: Callable[[str], bool], past: Past) -> Writer:
    """Return a writer that does the same, but adds nothing again to a file that it `takes`, and renews what it added.

    Whoever deletes what was added does not want it; whoever changes it has made it their own.
    """

    def add(tree: Tree, wishes: Wishes) -> Drafts:
        known = {path: entry for path, entry in past.record.items() if isinstance(entry, Addition) and takes(path)}
        additions = (_Added(path, entry, writer, past.algorithm) for path, entry in known.items())
        renewed = {draft.path: draft for one in additions if (draft := one.renewed(tree, wishes)) is not None}
        yield from renewed.values()
        items = [item for item in writer(tree, wishes) if item.path not in renewed]
        drafts = [item for item in items if isinstance(item, Draft) and not item.is_whole and takes(item.path)]
        refused = {draft.path for draft in drafts if _is_unwanted(draft.path, tree, past)}
        refused |= {path for path, entry in past.record.items() if entry is None and takes(path)}
        kept = [item for item in items if item.path not in refused or not (item in drafts or isinstance(item, Remark))]
        yield from (_remembered(item, tree, past) if item in drafts else item for item in kept)

    return add


def _is_unwanted(path: str, tree: Tree, past: Past) -> bool:
    """Say whether something that was added to a file is not there any more, and it was not `undo` that took it away."""
    entry = past.record.get(path)
    if not isinstance(entry, Addition) or past.is_taken_back(path):
        return False
    text = opened(tree.read(path) or b"")
    return text is None or _places(text.lines, entry.parts) is None


def _remembered(draft: Draft, tree: Tree, past: Past) -> Draft:
    """Return the draft with what is to be remembered of it, beside what was added to the file before."""
    before, after = opened(tree.read(draft.path) or b""), opened(draft.after)
    if before is None or after is None:
        return draft
    found = _inserted(before.lines, after.lines)
    parts = _parts(found.blocks, past.algorithm)
    entry = past.record.get(draft.path)
    if isinstance(entry, Addition):
        both = [(place.start, part) for part in (*entry.parts, *parts) for place in _places(after.lines, [part]) or ()]
        return draft._replace(
            added=Addition(__version__, tuple(part for _, part in sorted(both)), entry.is_mixed or found.is_mixed)
        )
    return draft._replace(added=Addition(__version__, parts, found.is_mixed))


def _parts(blocks: Sequence[Lines], algorithm: str) -> tuple[Part, ...]:
    return tuple(Part(len(block), record.blob(_content(block), algorithm)) for block in blocks)


def _content(block: Sequence[str]) -> bytes:
    return "".join(f"{line}\n" for line in block).encode()


def _places(lines: Lines, parts: Sequence[Part]) -> tuple[Splice, ...] | None:
    """Return where parts stand; None unless each is there once, as it was written, and in the same order."""
    found: list[Splice] = []
    for part in parts:
        starts = range(len(lines) - part.length + 1)
        same = [at for at in starts if record.names(part.blob, _content(lines[at : at + part.length]))]
        if len(same) != 1 or (found and same[0] < found[-1].end):
            return None
        found.append(Splice(same[0], same[0] + part.length, ()))
    return tuple(found)


class _Added(NamedTuple):
    """What was added to a file, to be renewed."""

    path: str
    entry: Addition
    writer: Writer
    algorithm: str

    def renewed(self, tree: Tree, wishes: Wishes) -> Draft | None:
        """Return the file with what would be added today in the places of what was; None where that is the same."""
        text = opened(tree.read(self.path) or b"")
        places = _places(text.lines, self.entry.parts) if text is not None and not self.entry.is_mixed else None
        if text is None or not places:
            return None
        new = self.wanted(text, places, tree, wishes)
        if new is None or new == tuple(text.lines[place.start : place.end] for place in places):
            return None
        after = text.spliced(place._replace(lines=lines) for place, lines in zip(places, new, strict=True))
        # It counts as done, or it is not what was meant.
        if not is_readable(self.path, after) or self.drafted(tree, wishes, after) is not None:
            return None
        return Draft(self.path, after, RENEWED, added=Addition(__version__, _parts(new, self.algorithm)))

    def wanted(self, text: Text, places: Sequence[Splice], tree: Tree, wishes: Wishes) -> tuple[Lines, ...] | None:
        """Return what would be added today if nothing had been; None where that is something of another kind."""
        without = text.spliced(places)
        draft = self.drafted(tree, wishes, without)
        before, after = opened(without), opened(draft.after) if draft is not None else None
        if before is None or after is None:
            return None
        found = _inserted(before.lines, after.lines)
        return found.blocks if not found.is_mixed and len(found.blocks) == len(places) else None

    def drafted(self, tree: Tree, wishes: Wishes, content: bytes) -> Draft | None:
        """Return what the writer makes of another content of the file."""
        other = tree._replace(read=lambda path: content if path == self.path else tree.read(path))
        made = (one for one in self.writer(other, wishes) if isinstance(one, Draft))
        return next((one for one in made if one.path == self.path), None)


class _Inserted(NamedTuple):
    """The blocks of lines that came, without empty ones around them."""

    blocks: tuple[Lines, ...]
    is_mixed: bool
    """Whether lines went or changed, too."""


def _inserted(before: Lines, after: Lines) -> _Inserted:
    from difflib import SequenceMatcher  # noqa: PLC0415 - only where something was added

    start, end = _alike(before, after)
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    blocks, is_mixed = [], False
    for kind, i, j, left, right in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        is_mixed |= kind in ("replace", "delete")
        # What goes on where a line ended, such as a list of targets, goes on again.
        pairs = tuple(zip(old[i:j], new[left:right], strict=False))
        is_longer = j - i == right - left and all(one.strip() and other.startswith(one) for one, other in pairs)
        if kind != "equal" and not is_longer:
            blocks.append(_trimmed(new[left:right]))
    return _Inserted(tuple(block for block in blocks if block), is_mixed)


def _alike(before: Lines, after: Lines) -> tuple[int, int]:
    """Return how many lines are the same at the beginning, and of the others at the end."""
    most = min(len(before), len(after))
    start = next((at for at in range(most) if before[at] != after[at]), most)
    rest = most - start
    return start, next((at for at in range(rest) if before[-1 - at] != after[-1 - at]), rest)


def _trimmed(block: Lines) -> Lines:
    said = [at for at, line in enumerate(block) if line.strip()]
    return block[said[0] : said[-1] + 1] if said else ()
