"""Taking back what a finished run wrote."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bootstrap.detect.environment import RECORD
from bootstrap.errors import BootstrapError, ChangedError, UnsafePathError, UsageError
from bootstrap.model import Change
from bootstrap.transaction import disk, keeping
from bootstrap.transaction.failure import explained
from bootstrap.transaction.journal import (
    RUNS,
    DropFolder,
    Fill,
    MakeFolder,
    Snapshot,
    Story,
    Swap,
    WriteFile,
    numbered,
    read,
)
from bootstrap.transaction.rollback import Left, digest
from bootstrap.transaction.run import Transaction
from bootstrap.transaction.tree import Tree, show

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run that can be undone."""

    run: int
    command: str
    started: str
    paths: tuple[str, ...]
    """The files and folders that it wrote."""
    continues: int = 0
    """The first run of the same set-up; 0: it is the first itself."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing a run did, or with `dry_run` would do."""

    run: int
    command: str
    started: str
    restored: tuple[str, ...]
    """Files that have their former content again, and environments that were brought back."""
    removed: tuple[str, ...]
    """Files and folders that the run had created."""
    left: tuple[Left, ...]
    """What stays as the run left it, and why."""
    contents: Mapping[str, bytes | None] = field(default_factory=dict, repr=False)
    """What is in the files then; None for one that is gone."""


@dataclass(slots=True)
class _Undoing:
    """What there is to do to undo a run."""

    changes: list[Change] = field(default_factory=list)
    modes: dict[str, int] = field(default_factory=dict)
    trees: list[str] = field(default_factory=list)
    kept: dict[str, Path] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Written:
    """A file that a run wrote, perhaps more than once."""

    first: WriteFile
    original: Path
    last: WriteFile


def history(state_dir: Path) -> tuple[PastRun, ...]:
    """Return the runs that can be undone, the last first."""
    return tuple(
        PastRun(
            story.header.run,
            story.header.command,
            story.header.started,
            tuple(
                dict.fromkeys(
                    show(item.path) for item in story.records if not isinstance(item, MakeFolder | DropFolder)
                )
            ),
            story.header.continues,
        )
        for number in reversed(numbered(state_dir / RUNS))
        if (story := _finished(state_dir, number)) is not None
    )


def undo(  # noqa: PLR0913 - what is undone, and what may be in the way
    root: Path,
    state_dir: Path,
    run: int | None = None,
    *,
    dry_run: bool = False,
    part: tuple[str, Collection[str]] | None = None,
    theirs: Callable[[str], bool] = lambda _: False,
    assumed: Mapping[str, bytes | None] | None = None,
) -> Undone:
    """Put back what a run wrote, the last one by default; all of it or nothing. Undoing that again is a redo.

    `part` names a part of it and the files that belong to it: only these are put back, and the run can still be undone.
    `theirs` says of which files that the run created it is meant that a person goes on with them: one that was changed
    stays, and does not keep the rest from being undone. `assumed` says what will be in files once other runs
    are undone, for a `dry_run`.

    Files get their former content, those that the run created go. An environment that the run made goes too; where it
    had displaced one that somebody else made, that one comes back. One of devstrap's own that it replaced or updated
    is not kept, and the later one stays: it can be made again.

    Raises UsageError when there is no such run, ChangedError naming every file that is no longer as the run left it,
    UnsafePathError and StepError as `Transaction.write`. The lock is held, and `recover` was called, by the caller.
    """
    story = _find(state_dir, run)
    with explained(story.folder):
        undoing = _compare(Tree(root), story, part[1] if part else None, assumed or {})
    if undoing.changed:
        created = {show(record.path) for record in story.records if isinstance(record, WriteFile) and not record.before}
        staying = [path for path in undoing.changed if path in created and theirs(path)]
        undoing.left += [Left(path, "it was changed since it was written") for path in staying]
        undoing.changed = [path for path in undoing.changed if path not in staying]
    if undoing.changed:
        raise ChangedError(
            f"changed since run {story.header.run}, so nothing was undone: {', '.join(undoing.changed)}",
            remedy="commit or move those files, or bring them back to how that run left them, then undo again",
            path=undoing.changed[0],
        )
    if not dry_run:
        with Transaction(root, state_dir, f"undo {story.header.run}{f' {part[0]}' if part else ''}") as transaction:
            transaction.write(*undoing.changes, modes=undoing.modes)
            for path in undoing.trees:
                transaction.remove(path)
            for path, kept in undoing.kept.items():
                transaction.put_back(path, kept)
            for path in undoing.folders:
                transaction.drop_empty(path)
        if undoing.kept:
            keeping.drop(Tree(root), story, set(undoing.kept))
    gone = [change.path for change in undoing.changes if change.after is None]
    return Undone(
        story.header.run,
        story.header.command,
        story.header.started,
        restored=tuple(
            show(path)
            for path in (*(change.path for change in undoing.changes if change.after is not None), *undoing.kept)
        ),
        removed=tuple(show(path) for path in (*gone, *undoing.trees)),
        left=tuple(undoing.left),
        contents={change.path: change.after for change in undoing.changes},
    )


def _find(state_dir: Path, run: int | None) -> Story:
    """Return the story of a finished run; raise UsageError where there is none."""
    numbers = [run] if run is not None else reversed(numbered(state_dir / RUNS))
    for number in numbers:
        story = _finished(state_dir, number)
        if story is not None:
            return story
    what = "nothing that devstrap did here" if run is None else f"no run {run} of devstrap here"
    known = ", ".join(str(past.run) for past in history(state_dir))
    raise UsageError(
        f"there is {what} to undo",
        remedy=f"these runs can be undone: {known}" if known else "there is nothing to do",
    )


def _finished(state_dir: Path, number: int) -> Story | None:
    """Return a run that can be undone, or None for what is left of one that is being forgotten."""
    try:
        story = read(state_dir / RUNS / str(number))
    except BootstrapError:
        return None
    return story if story is not None and story.ended is not None else None


def _compare(
    tree: Tree, story: Story, files_alone: Collection[str] | None, assumed: Mapping[str, bytes | None]
) -> _Undoing:
    """Compare what the run left with what is there now; with `files_alone`, of nothing but these files."""
    undoing = _Undoing()
    files: dict[str, _Written] = {}
    folders: dict[str, tuple[int, Swap | Snapshot | Fill]] = {}
    for number, record in enumerate(story.records):
        is_left_out = files_alone is not None and not isinstance(record, MakeFolder) and record.path not in files_alone
        if is_left_out:
            continue
        if isinstance(record, WriteFile):
            written = files.setdefault(record.path, _Written(record, story.original(number), record))
            written.last = record
        elif isinstance(record, MakeFolder):
            undoing.folders.insert(0, record.path)
        elif isinstance(record, Swap | Snapshot | Fill):
            folders.setdefault(record.path, (number, record))
    for written in files.values():
        _compare_file(tree, written, assumed, undoing)
    for number, folder in folders.values():
        _compare_folder(tree, folder, _kept(tree, story, number, folder), undoing)
    return undoing


def _compare_file(tree: Tree, written: _Written, assumed: Mapping[str, bytes | None], undoing: _Undoing) -> None:
    """Decide what becomes of a file that the run changed."""
    path, before, after = written.first.path, written.first.before, written.last.after
    if not _is_plain(tree, path):
        undoing.changed.append(show(path))
        return
    found = disk.read(tree / path)
    content = assumed.get(path, found[0] if found else None)
    present = None if content is None else digest(content)
    if present == (before and before.sha256) and present != after:
        return
    if present != after:
        undoing.changed.append(show(path))
    elif before is None:
        undoing.changes.append(Change(path, content, None))
    else:
        kept = disk.read(written.original)
        if kept is None or digest(kept[0]) != before.sha256:
            undoing.left.append(Left(show(path), "its original is gone"))
            return
        undoing.changes.append(Change(path, content, kept[0]))
        # A mode that the run did not touch is the owner's affair.
        if content is None or written.last.mode != before.mode:
            undoing.modes[path] = before.mode


def _is_plain(tree: Tree, path: str) -> bool:
    """Say whether a path still leads to a file of its own: a link that stands there now leads to another."""
    try:
        return tree.file(path) == path
    except UnsafePathError:
        return False


def _kept(tree: Tree, story: Story, number: int, record: Swap | Snapshot | Fill) -> Path | None:
    """Return where the former state of a folder is kept, or None where it is not."""
    return keeping.whereabouts(tree, story, number, record) if isinstance(record, Swap) else None


def _compare_folder(tree: Tree, record: Swap | Snapshot | Fill, kept: Path | None, undoing: _Undoing) -> None:
    """Decide what becomes of a folder that the run made; `kept` is what it displaced."""
    place = tree / tree.folder(record.path)
    is_there = disk.identity(place) is not None
    if not (isinstance(record, Swap) and (record.old is None or kept is not None)):
        undoing.left.append(Left(show(record.path), "its former state was not kept; setup makes it again"))
    elif is_there and not _is_ours(place, record):
        undoing.left.append(Left(show(record.path), "somebody has made it anew since", kept))
    elif kept is not None:
        undoing.kept[record.path] = kept
    elif (place / "pyvenv.cfg").is_file():
        undoing.trees.append(record.path)
    elif is_there:
        undoing.left.append(Left(show(record.path), "it is not an environment any more"))


def _is_ours(place: Path, record: Swap) -> bool:
    """Say whether a folder is the one that the run put there, or a later one of devstrap's."""
    return disk.identity(place) == record.new or (place / RECORD).is_file()
