"""The only way in which devstrap writes into a repository."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bootstrap.errors import ChangedError, StepError, UnsafePathError
from bootstrap.transaction import disk
from bootstrap.transaction.failure import explained
from bootstrap.transaction.journal import (
    DropFolder,
    Fill,
    Journal,
    MakeFolder,
    Record,
    Snapshot,
    Stage,
    Swap,
    WriteFile,
)
from bootstrap.transaction.rollback import Left, digest, discard, finish, state_of, take_back
from bootstrap.transaction.signals import Signals, interruption
from bootstrap.transaction.tree import Tree, show

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from bootstrap.model import Change


@dataclass(frozen=True, slots=True)
class _Writing:
    """A change that has been examined: where it really goes, what is there now, and the mode to give it."""

    change: Change
    path: str
    target: Path
    info: os.stat_result | None
    mode: int | None
    is_executable: bool

    @property
    def record(self) -> WriteFile:
        """Return the intention."""
        before = None if self.change.before is None or self.info is None else state_of(self.change.before, self.info)
        after = None if self.change.after is None else digest(self.change.after)
        return WriteFile(self.path, before, after, self.mode)


class Transaction:
    """Everything that is done in the block, or nothing.

    Leaving the block normally makes it final. Leaving it by an exception, Ctrl-C and the signals that end a process
    among them, puts everything back as it was: bytes, modes, times. After a `kill -9` or a power failure, `recover`
    does so at the next start. The lock of the repository is held, and `recover` has been called, by the caller.

    A transaction in which nothing is written leaves no trace. `left` tells, after the block, what could not be cleared
    away, or was not put back because somebody else has changed it meanwhile, and `kept` which folders were replaced
    that undoing the run brings back.
    """

    def __init__(self, root: Path, state_dir: Path, command: str, continues: int = 0) -> None:
        """Begin nothing yet; `continues` is the first run of the set-up that this one goes on with, if it does."""
        self._tree = Tree(root)
        self._journal = Journal(state_dir, command, continues)
        self._signals = Signals(Transaction.__exit__.__code__)
        self._failure: BaseException | None = None
        self._staged: dict[str, int] = {}
        self._to_sync: set[Path] = set()
        self.left: tuple[Left, ...] = ()
        self.kept: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        self._signals.install()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._signals.hold()
        reason = error or self._failure
        if reason is None and self._signals.noted is not None:
            reason = interruption(self._signals.noted)
        try:
            if reason is None:
                self._commit()
            else:
                self._roll_back(reason)
        finally:
            self._journal.close()
            self._signals.release()
        if reason is None:
            self._signals.deliver()
        elif error is None:
            # Somebody caught what made a step fail. Half of a transaction is not to be had all the same.
            raise reason

    @property
    def run(self) -> int | None:
        """Return the number by which the run can be undone, or None while nothing has been written."""
        return None if self._journal.story is None else self._journal.story.header.run

    # ---- files

    def write(self, *changes: Change, executable: Collection[str] = (), modes: Mapping[str, int] | None = None) -> None:
        """Create, replace or delete files, each atomically; several at once cost less. A file may be named once.

        A file keeps its mode and owner, and a new one gets what the umask leaves; the paths in `executable` may be
        executed by whoever may read them, those in `modes` get exactly that mode. What is already so is not touched.
        Raises ChangedError where a file is not as `before` says, UnsafePathError for a path that leads elsewhere, and
        StepError when the system refuses; in the first two cases nothing has been written yet.
        """
        writings = [
            self._examine(change, (modes or {}).get(change.path), is_executable=change.path in executable)
            for change in changes
        ]
        writings = [writing for writing in writings if _has_effect(writing)]
        if not writings:
            return
        with self._acting(writings[0].change.path):
            numbers = self._intend(writings)
        for number, writing in zip(numbers, writings, strict=True):
            with self._acting(writing.change.path):
                self._perform(number, writing)

    def _examine(self, change: Change, mode: int | None, *, is_executable: bool) -> _Writing:
        """Check that a change can be made, and that the file is what the change was thought up for."""
        with explained(change.path):
            path = self._tree.file(change.path)
            target = self._tree / path
            found = disk.read(target)
            if change.after is None and (self._tree / change.path).is_symlink():
                raise UnsafePathError(
                    f"{show(change.path)} is a symbolic link, and devstrap deletes only files",
                    remedy="delete the link yourself",
                    path=show(change.path),
                )
            if (found and found[0]) != change.before:
                raise _changed(change.path)
            # The folder decides whether a file can be replaced, but its own mode says whether its owner wants that.
            if found and not os.access(target, os.W_OK):
                raise PermissionError(errno.EACCES, "it is read-only")
        info = found[1] if found else None
        if mode is None and info is not None:
            mode = _mode(info, is_executable=is_executable)
        return _Writing(change, path, target, info, mode, is_executable)

    def _intend(self, writings: list[_Writing]) -> range:
        """Save the originals and write down what is about to be done, all of it durable before anything happens.

        Returns the numbers of the intentions.
        """
        story = self._journal.begin()
        parents = dict.fromkeys(parent for writing in writings for parent in self._tree.missing_parents(writing.path))
        first = len(story.records) + len(parents)
        for number, writing in enumerate(writings, first):
            if writing.change.before is not None:
                disk.write_new(story.original(number), writing.change.before, 0o600)
        self._append(*(MakeFolder(parent) for parent in parents), *(writing.record for writing in writings))
        for parent in parents:
            self._make_folder(parent)
        return range(first, first + len(writings))

    def _make_folder(self, path: str) -> None:
        folder = self._tree / path
        folder.mkdir()
        self._to_sync.add(folder.parent)

    def _perform(self, number: int, writing: _Writing) -> None:
        """Make one change, which has been written down."""
        content = writing.change.after
        self._to_sync.add(writing.target.parent)
        if content is None:
            _check_unchanged(writing)
            writing.target.unlink()
            return
        temporary = self._tree / self._journal.begin().temporary(number, writing.path)
        if writing.info is None:
            usual = 0o777 if writing.is_executable else 0o666
            # What nobody else may read is never there for everybody, not even for a moment.
            disk.write_new(temporary, content, usual if writing.mode is None else writing.mode)
        else:
            disk.write_new(temporary, content, 0o600)
        if writing.mode is not None:
            owner = disk.owner_of(writing.info or temporary.lstat())
            disk.set_attributes(temporary, mode=writing.mode, owner=owner)
        _check_unchanged(writing)
        temporary.replace(writing.target)

    # ---- folders

    def staging(self, path: str) -> Path:
        """Return where to build the folder `path`: beside its place, with nothing there yet.

        What is built there goes again unless `swap` follows.
        """
        with self._acting(path):
            real = self._tree.folder(path)
            parents = self._tree.missing_parents(real)
            story = self._journal.begin()
            number = len(story.records) + len(parents)
            new = self._tree / story.sibling(number, real, "new")
            # Before the intention is noted: what is taken back later must not be somebody else's.
            if disk.identity(new) is not None:
                raise UnsafePathError(
                    f"{show(new.name)} stands where {show(path)} has to be built",
                    remedy=f"move {show(new.name)} away, then run the command again",
                    path=show(new.name),
                )
            self._append(*(MakeFolder(parent) for parent in parents), Stage(real))
            for parent in parents:
                self._make_folder(parent)
            self._staged[real] = number
            return new

    def swap(self, path: str, *, keep: bool = False) -> None:
        """Put what was built at `staging(path)` in its place.

        The former folder goes when the transaction is final. With `keep` it is put away for undoing the run, until
        another run replaces the folder again.
        """
        with self._acting(path):
            real = self._tree.folder(path)
            built = self._staged.pop(real)
            new = self._tree / self._journal.begin().sibling(built, real, "new")
            if not new.is_dir():
                raise StepError(
                    f"{show(path)} was not built",
                    remedy="look at what the command before this said",
                    path=show(path),
                )
            self._exchange(real, built, new, keep=keep)

    def put_back(self, path: str, kept: Path) -> None:
        """Put the folder `kept`, which an earlier run displaced, in the place of the folder `path`.

        It is copied, mostly by hard links: whatever happens, there is always a whole one.
        """
        new = self.staging(path)
        with self._acting(path):
            disk.copy_tree(kept, new)
        self.swap(path)

    def remove(self, path: str) -> None:
        """Remove the folder `path` with all that is in it."""
        with self._acting(path):
            self._exchange(self._tree.folder(path), None, None)

    def _exchange(self, path: str, built: int | None, new: Path | None, *, keep: bool = False) -> None:
        """Move the folder at `path` aside, and `new`, which was built under that number, into its place."""
        place = self._tree / path
        old = disk.identity(place)
        number = self._append(Swap(path, built, old, None if new is None else disk.identity(new), keep))
        story = self._journal.begin()
        self._to_sync.add(place.parent)
        if old is not None:
            self._move_aside(
                place, *(self._tree / story.sibling(number, path, kind) for kind in ("old", "part", "gone"))
            )
        if new is not None:
            new.rename(place)

    @staticmethod
    def _move_aside(place: Path, old: Path, part: Path, gone: Path) -> None:
        """Rename a folder, or copy it and take it away where it cannot be renamed."""
        try:
            place.rename(old)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            disk.copy_tree(place, part)
            part.rename(old)
            discard(place, gone)

    def snapshot(self, path: str) -> None:
        """Make a copy of the folder `path` to go back to, since commands are about to work on it in place."""
        with self._acting(path):
            real = self._existing_folder(path)
            number = self._append(Snapshot(real))
            part, old = (self._tree / self._journal.begin().sibling(number, real, kind) for kind in ("part", "old"))
            disk.copy_tree(self._tree / real, part)
            part.rename(old)

    def fill(self, path: str) -> None:
        """Empty the folder `path`, a mounted volume, for commands to fill it. Taking it back empties it again.

        What was in it is not kept, whoever made it: a volume cannot be moved aside, and a copy might not fit.
        """
        with self._acting(path):
            real = self._existing_folder(path)
            self._append(Fill(real))
            disk.remove_contents(self._tree / real)

    def drop_empty(self, path: str) -> None:
        """Remove the folder `path` if it is empty when all is done."""
        with self._acting(path):
            real = self._tree.folder(path)
            if (self._tree / real).is_dir():
                self._append(DropFolder(real))

    def _existing_folder(self, path: str) -> str:
        """Return the path of a folder that has to be there; raise UnsafePathError."""
        real = self._tree.folder(path)
        if not (self._tree / real).is_dir():
            raise UnsafePathError(f"{show(path)} is not there", remedy="run the command again", path=show(path))
        return real

    # ---- the end

    def _append(self, *records: Record) -> int:
        """Make intentions durable and return the number of the last."""
        self._journal.append(*records)
        return len(self._journal.begin().records) - 1

    @contextlib.contextmanager
    def _acting(self, path: str) -> Iterator[None]:
        """Remember that a step failed, and say why: a transaction with a step missing is never made final."""
        try:
            with explained(path):
                yield
        except BaseException as error:
            self._failure = error
            raise

    def _commit(self) -> None:
        """Make what was done final, or take it back when that is impossible."""
        story = self._journal.story
        if story is None:
            return
        try:
            with explained(story.folder):
                for folder in self._to_sync:
                    disk.sync_folder(folder)
                self._journal.commit()
        except StepError as error:
            self._roll_back(error)
            raise
        self.kept = tuple(
            show(record.path)
            for record in story.records
            if isinstance(record, Swap) and record.keeps and record.old is not None
        )
        # What fails from here on is only tidying up, and is tried again at the next start.
        with contextlib.suppress(OSError):
            self.left = tuple(finish(self._tree, story))

    def _roll_back(self, reason: BaseException) -> None:
        """Put everything back; raise StepError, from `reason`, when something could not be."""
        story = self._journal.story
        if story is None:
            return
        self._journal.close()
        try:
            with explained(story.folder):
                self.left = tuple(take_back(self._tree, story).left)
        except StepError as error:
            raise error from reason


def _has_effect(writing: _Writing) -> bool:
    """Say whether a change changes anything."""
    if writing.change.before != writing.change.after:
        return True
    return writing.info is not None and writing.mode != stat.S_IMODE(writing.info.st_mode)


def _mode(info: os.stat_result, *, is_executable: bool) -> int:
    """Return the mode that a file has, made executable for all who may read it if that is wanted."""
    mode = stat.S_IMODE(info.st_mode)
    return mode | (mode & 0o444) >> 2 if is_executable else mode


def _check_unchanged(writing: _Writing) -> None:
    """Raise ChangedError when somebody has touched the file since it was examined, a moment ago."""
    try:
        info = writing.target.lstat()
    except FileNotFoundError:
        info = None
    if _fingerprint(info) != _fingerprint(writing.info):
        raise _changed(writing.change.path)


def _fingerprint(info: os.stat_result | None) -> tuple[int, int, int] | None:
    return None if info is None else (info.st_ino, info.st_size, info.st_mtime_ns)


def _changed(path: str) -> ChangedError:
    return ChangedError(
        f"{show(path)} was changed while devstrap was at work",
        remedy="run the command again: it starts from what is there now",
        path=show(path),
    )
