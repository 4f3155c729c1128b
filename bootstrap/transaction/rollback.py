"""How what a run did is taken back, by the run itself or by the next one, however often it is cut short.

Nothing here relies on what was in memory: each intention of the journal is judged by what the disk shows, from the last
to the first, so that taking back can itself be killed and begun anew. A file is known by its bytes, a folder by its
identity; what is neither as we found it nor as we left it belongs to somebody else by now and is left alone.
"""

from __future__ import annotations

import contextlib
import errno
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bootstrap.errors import StepError, UnsafePathError
from bootstrap.transaction import disk, keeping
from bootstrap.transaction.failure import explained
from bootstrap.transaction.journal import (
    KEPT,
    RUNS,
    DropFolder,
    FileState,
    Fill,
    MakeFolder,
    Record,
    Snapshot,
    Stage,
    Story,
    Swap,
    WriteFile,
    numbered,
    read,
    renew_token,
)
from bootstrap.transaction.tree import Tree, show

if TYPE_CHECKING:
    import os
    from pathlib import Path

REMEMBERED_RUNS = 10

# What deleting a folder meets into which a command that was not killed with its run still writes.
_STILL_WRITTEN_TO = (errno.ENOTEMPTY, errno.EEXIST, errno.ENOENT)


@dataclass(frozen=True, slots=True)
class Left:
    """Something that was not put back, why, and where the original is, if there was one."""

    path: str
    reason: str
    original: Path | None = None


@dataclass(frozen=True, slots=True)
class Recovery:
    """How an earlier run that had ended half-way was cleared up."""

    command: str
    started: str
    is_finished: bool
    """It had done its work: only its leftovers were removed. Otherwise what it had done was taken back."""
    restored: tuple[str, ...] = ()
    left: tuple[Left, ...] = ()


@dataclass(slots=True)
class Outcome:
    """What became of taking a run back."""

    restored: list[str] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    failed: list[Left] = field(default_factory=list)


def clear_up(root: Path, folder: Path) -> Recovery | None:
    """Do the work of `recover` for the run in `folder`; return None when that had not begun to do anything."""
    with explained(folder):
        story = read(folder)
        if story is None:
            disk.remove_tree(folder)
            return None
        return _clear_up(Tree(root), story)


def _clear_up(tree: Tree, story: Story) -> Recovery:
    """Finish a run that had done all of its work, or take it back."""
    header = story.header
    if story.ended is None:
        from bootstrap.transaction.orphans import note  # noqa: PLC0415 - only after a run was killed

        note(story)
        outcome = take_back(tree, story, was_killed=True)
        renew_token(story.folder.parent)
        restored, left = tuple(outcome.restored), tuple(outcome.left)
        return Recovery(header.command, header.started, is_finished=False, restored=restored, left=left)
    leftovers = finish(tree, story)
    if leftovers:
        # This was the second attempt at deleting them. They must not stand in the way for ever.
        archive(tree, story)
    return Recovery(header.command, header.started, is_finished=True, left=tuple(leftovers))


def take_back(tree: Tree, story: Story, *, was_killed: bool = False) -> Outcome:
    """Take back what a run did, and then forget the run.

    What was left alone because somebody has changed it comes back in the outcome. Raises StepError, and keeps the
    journal, when the system would not let us put something back.

    A command of a run that `was_killed` may still be writing where it was building. That is left to `orphans`.
    """
    outcome = _Rollback(tree, story, was_killed=was_killed).run()
    if outcome.failed:
        first = outcome.failed[0]
        raise StepError(
            "could not be put back: " + "; ".join(_told(item) for item in outcome.failed),
            remedy="put right what is in the way, then run the command again: it tries once more before anything else",
            path=first.path,
        )
    if any(item.original and item.original.parent == story.folder for item in outcome.left):
        outcome.left = [_kept(story, item) for item in outcome.left]
        _move(story, KEPT)
    else:
        _forget(story.folder)
    return outcome


def finish(tree: Tree, story: Story) -> list[Left]:
    """Remove the leftovers of a run that has done its work, and keep what is needed to undo it.

    What it displaced of somebody's is kept too; what an earlier run had kept of the same folder goes.

    Returns the leftovers that would not go; the run then stays as it is, for the next one to try again.
    """
    refused = keeping.put_away(tree, story)
    left = [Left(show(path), f"it could not be put away to be kept: {reason}") for path, reason in refused.items()]
    left += [
        Left(show(path), f"it is no longer needed, but could not be deleted: {reason}")
        for path, reason in keeping.drop_former(tree, story)
    ]
    for path in story.siblings():
        if path in refused:
            continue
        try:
            disk.remove_tree(tree / tree.folder(path))
        except (OSError, UnsafePathError) as error:
            left.append(Left(show(path), f"it is no longer needed, but could not be deleted: {error}"))
    for record in story.records:
        if isinstance(record, DropFolder):
            with contextlib.suppress(OSError, UnsafePathError):
                (tree / tree.folder(record.path)).rmdir()
    if not left:
        archive(tree, story)
    return left


def archive(tree: Tree, story: Story) -> None:
    """Put a finished run among those that can be undone, and forget the oldest that keep nothing of somebody's."""
    runs = story.folder.parent / RUNS
    _move(story, RUNS)
    for number in numbered(runs)[:-REMEMBERED_RUNS]:
        if not keeping.is_keeping(tree, runs / str(number)):
            _forget(runs / str(number))


def digest(content: bytes) -> str:
    """Return the SHA-256 by which a file's content is known again."""
    import hashlib  # noqa: PLC0415 - it takes a while, and only a run that writes needs it

    return hashlib.sha256(content).hexdigest()


class _Rollback:
    """One attempt at taking a run back."""

    def __init__(self, tree: Tree, story: Story, *, was_killed: bool) -> None:
        self._tree = tree
        self._story = story
        self._was_killed = was_killed
        self._outcome = Outcome()
        self._to_sync: set[Path] = set()
        # A run may write a file twice: it goes back to its first state, from any of those it was in.
        self._first: dict[str, int] = {}
        self._written: dict[str, list[str | None]] = {}
        for number, record in enumerate(story.records):
            if isinstance(record, WriteFile):
                self._first.setdefault(record.path, number)
                self._written.setdefault(record.path, []).append(record.after)

    def run(self) -> Outcome:
        """Take back one intention after the other, the last first."""
        for number, record in reversed(list(enumerate(self._story.records))):
            self._attempt(number, record)
        for folder in self._to_sync:
            disk.sync_folder(folder)
        return self._outcome

    def _attempt(self, number: int, record: Record) -> None:
        """Take back one intention, and note what is in the way of that."""
        try:
            self._take_back(number, record)
        except UnsafePathError as error:
            self._leave(record.path, error.message, self._saved(number, record))
        except OSError as error:
            original = self._saved(number, record)
            self._outcome.failed.append(Left(show(record.path), error.strerror or str(error), original))

    def _take_back(self, number: int, record: Record) -> None:
        match record:
            case WriteFile():
                self._restore_file(number, record)
            case MakeFolder():
                self._unmake_folder(record)
            case DropFolder():
                pass  # it goes only when there is no way back any more
            case Stage():
                self._unbuild(number, record)
            case Swap():
                self._unswap(number, record)
            case Snapshot():
                self._return_to_snapshot(number, record)
            case _:
                self._empty(record)

    # ---- files

    def _restore_file(self, number: int, record: WriteFile) -> None:
        """Put a file back if it is as some intention of this run left it."""
        path = self._tree.file(record.path)
        target = self._tree / path
        disk.remove_tree(self._tree / self._story.temporary(number, path))
        if self._first[record.path] != number:
            return
        found = disk.read(target)
        state = None if found is None else state_of(*found)
        written = self._written[record.path]
        if _is_as_before(state, record, written):
            return
        if (state and state.sha256) not in written:
            saved = self._saved(number, record)
            # Once put back, an original is gone from here: whoever changed the file has changed ours since.
            if record.before is None or saved is not None:
                self._leave(record.path, "it has been changed since", saved)
            return
        if record.before is None:
            target.unlink()
        else:
            self._bring_back(number, record.before, target)
        self._to_sync.add(target.parent)
        self._outcome.restored.append(show(record.path))

    def _bring_back(self, number: int, before: FileState, target: Path) -> None:
        """Move an original into its place, which needs no space where both are on the same disk."""
        original = self._story.original(number)
        found = disk.read(original)
        if found is None:
            raise FileNotFoundError(errno.ENOENT, "its original is missing", str(original))
        _set_attributes(original, before)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            original.replace(target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            temporary = target.parent / self._story.temporary(number, target.name)
            disk.write_new(temporary, found[0], 0o600)
            _set_attributes(temporary, before)
            temporary.replace(target)

    def _saved(self, number: int, record: Record) -> Path | None:
        """Return where the original of a file or folder is while it has not been put back."""
        if isinstance(record, WriteFile):
            original = self._story.original(number)
        else:
            original = self._tree / self._story.sibling(number, record.path, "old")
        return original if original.exists() else None

    # ---- folders

    def _unmake_folder(self, record: MakeFolder) -> None:
        """Remove a folder that the run created, unless somebody has put something into it."""
        folder = self._tree / self._tree.folder(record.path)
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
            self._to_sync.add(folder.parent)

    def _sibling(self, number: int, record: Record, kind: str) -> Path:
        return self._tree / self._tree.folder(self._story.sibling(number, record.path, kind))

    def _unbuild(self, number: int, record: Stage) -> None:
        """Remove what was built beside its place."""
        try:
            disk.remove_tree(self._sibling(number, record, "new"))
        except OSError as error:
            if not self._was_killed or error.errno not in _STILL_WRITTEN_TO:
                raise

    def _unswap(self, number: int, record: Swap) -> None:
        """Take the new folder away and put the former one back."""
        place = self._tree / self._tree.folder(record.path)
        old, part, gone = (self._sibling(number, record, kind) for kind in ("old", "part", "gone"))
        present = disk.identity(place)
        if present is not None and present == record.new:
            discard(place, gone)
            present = None
            self._outcome.restored.append(show(record.path))
        elif present == record.old and old.exists():
            # The former one could not be renamed; it was copied to `old`, and its removal has begun.
            discard(place, gone)
            present = None
        if old.exists():
            if present is not None:
                self._leave(record.path, "something else has been put there since", old)
                return
            old.rename(place)
        elif present not in {None, record.old} and record.old is None:
            self._leave(record.path, "it has been made anew since", None)
        self._to_sync.add(place.parent)
        disk.remove_tree(part)
        disk.remove_tree(gone)

    def _return_to_snapshot(self, number: int, record: Snapshot) -> None:
        """Put the copy in the place of the folder that commands have worked on, if the copy was complete."""
        place = self._tree / self._tree.folder(record.path)
        old, part, gone = (self._sibling(number, record, kind) for kind in ("old", "part", "gone"))
        if old.exists():
            discard(place, gone)
            old.rename(place)
            self._to_sync.add(place.parent)
            self._outcome.restored.append(show(record.path))
        disk.remove_tree(part)
        disk.remove_tree(gone)

    def _empty(self, record: Fill) -> None:
        """Empty a folder that commands were filling."""
        place = self._tree / self._tree.folder(record.path)
        if place.is_dir():
            disk.remove_contents(place)
            self._outcome.restored.append(show(record.path))

    def _leave(self, path: str, reason: str, original: Path | None) -> None:
        self._outcome.left.append(Left(show(path), reason, original))


def discard(place: Path, gone: Path) -> None:
    """Take away what is at `place`, at one stroke where possible, so that nobody meets half of it."""
    disk.remove_tree(gone)
    try:
        place.rename(gone)
    except FileNotFoundError:
        return
    except OSError as error:
        # rename(2): overlayfs does not rename the folders of a lower layer, as in a container's image.
        if error.errno != errno.EXDEV:
            raise
        disk.remove_tree(place)


def _set_attributes(path: Path, before: FileState) -> None:
    disk.set_attributes(path, mode=before.mode, owner=before.owner, mtime_ns=before.mtime_ns)


def state_of(content: bytes, info: os.stat_result) -> FileState:
    """Return what the journal keeps of a file."""
    return FileState(digest(content), stat.S_IMODE(info.st_mode), info.st_mtime_ns, disk.owner_of(info))


def _is_as_before(found: FileState | None, record: WriteFile, written: list[str | None]) -> bool:
    """Say whether a file is already as the run found it.

    Where the run has written the same bytes again (to make a file executable, or by way of others), the attributes
    decide.
    """
    before = record.before
    if found is None or before is None or found.sha256 != before.sha256:
        return found is None and before is None
    return before.sha256 not in written or (found.mode, found.mtime_ns) == (before.mode, before.mtime_ns)


def _told(item: Left) -> str:
    return f"{item.path} ({item.reason}" + (f"; the original is {item.original})" if item.original else ")")


def _kept(story: Story, item: Left) -> Left:
    """Return an item with the place to which its original is about to move."""
    if item.original is None or item.original.parent != story.folder:
        return item
    return Left(item.path, item.reason, story.folder.parent / KEPT / str(story.header.run) / item.original.name)


def _forget(folder: Path) -> None:
    """Delete a run's folder, the journal first: without it, the rest is known to be of no use."""
    (folder / "journal").unlink(missing_ok=True)
    disk.remove_tree(folder)


def _move(story: Story, name: str) -> None:
    """Move a run's folder from the current place to where those are kept that `name` says."""
    home = story.folder.parent / name
    home.mkdir(exist_ok=True)
    story.folder.rename(home / str(story.header.run))
