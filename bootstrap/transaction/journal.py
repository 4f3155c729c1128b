"""What a transaction means to do, on the disk before it is done.

The journal is made of JSON lines (RFC 8259). The first says which run it is, each further one holds the intentions that
were made durable together, and a last one says that all of it is done. A line that is cut off, or that the power
failure left full of zeros, was never acted upon, and can only be the last.

    {"format": 1, "run": 7, "token": "5e1f...", "command": "setup", "started": "2026-11-22T23:11:05Z"}
    [{"op": "folder", "path": ".vscode"}, {"op": "write", "path": ".vscode/settings.json", "before": null, ...}]
    {"op": "commit", "ended": "2026-11-22T23:11:06Z"}

Names that are no valid UTF-8 are written as JSON escapes of lone surrogates (PEP 383), and so survive. All further
names, of originals, of temporaries and of folders built beside their place, follow from the token and from the
intention's number: a journal that somebody has tampered with cannot name others.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
import zlib
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from bootstrap.errors import MalformedFileError, StepError, UnsafePathError
from bootstrap.state import prepare
from bootstrap.transaction import CURRENT, disk

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1

# Below the state directory: the runs that can be undone, and those of which something could not be put back.
RUNS = "runs"
KEPT = "kept"


@dataclass(frozen=True, slots=True)
class FileState:
    """A file as a run found it: its content, by SHA-256, and its attributes."""

    sha256: str
    mode: int
    mtime_ns: int
    owner: tuple[int, int]


@dataclass(frozen=True, slots=True)
class MakeFolder:
    """A folder is created, as the parent of something."""

    path: str


@dataclass(frozen=True, slots=True)
class DropFolder:
    """A folder is removed at the very end, when all else has gone, if it is empty then."""

    path: str


@dataclass(frozen=True, slots=True)
class WriteFile:
    """A file is created (`before` is None), replaced or deleted (`after`, the SHA-256 of its new content, is None)."""

    path: str
    before: FileState | None
    after: str | None
    mode: int | None
    """What it is set to, or None for a new file, of which the umask decides."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A folder is about to be built beside its place `path`."""

    path: str


@dataclass(frozen=True, slots=True)
class Swap:
    """The folder that was built under the intention number `built` takes its place; None: it only goes.

    `old` and `new` are the identities of the folders, to know them again. With `keeps`, the old one is somebody's, and
    is kept for undoing the run.
    """

    path: str
    built: int | None
    old: int | None
    new: int | None
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A folder is copied, since commands are about to work on it in place."""

    path: str


@dataclass(frozen=True, slots=True)
class Fill:
    """A folder that cannot be moved is emptied, and filled by commands."""

    path: str


Record = MakeFolder | DropFolder | WriteFile | Stage | Swap | Snapshot | Fill

_OPERATIONS: dict[str, type[Record]] = {
    "folder": MakeFolder,
    "drop-folder": DropFolder,
    "write": WriteFile,
    "stage": Stage,
    "swap": Swap,
    "snapshot": Snapshot,
    "fill": Fill,
}
_NAMES = {kind: name for name, kind in _OPERATIONS.items()}


@dataclass(frozen=True, slots=True)
class Header:
    """Which run it is."""

    run: int
    token: str
    command: str
    started: str
    continues: int = 0
    """The first run of the same set-up, with which this one is undone; 0: it is the first itself."""


@dataclass(slots=True)
class Story:
    """A run as its journal tells it. `folder` holds the journal and the originals."""

    folder: Path
    header: Header
    records: list[Record] = field(default_factory=list)
    ended: str | None = None

    def original(self, number: int) -> Path:
        """Return where the original is kept of the file that intention `number` changes."""
        return self.folder / str(number)

    def temporary(self, number: int, path: str) -> str:
        """Return the path at which intention `number` writes what then becomes `path`."""
        parent = path.rpartition("/")[0]
        # Not made from the file's name, which may be as long as names can be.
        name = f".devstrap-{self.header.token}-{number}"
        return f"{parent}/{name}" if parent else name

    def sibling(self, number: int, path: str, kind: str) -> str:
        """Return the path beside the folder `path` that intention `number` uses as `kind`: new, old, part or gone."""
        return f"{path}.devstrap-{kind}-{self.header.token}-{number}"

    def beside(self, number: int, path: str) -> str:
        """Return the path beside the folder `path` for what `number` displaced, if the state directory cannot have it.

        It stays longer than the run, and the token is that of other runs too.
        """
        return self.sibling(number, path, f"kept{self.header.run}")

    def siblings(self) -> list[str]:
        """Return the paths of all folders that the run may have put beside their places."""
        return [
            self.sibling(number, record.path, kind)
            for number, record in enumerate(self.records)
            if isinstance(record, Stage | Swap | Snapshot)
            for kind in ("new", "part", "gone", "old")
        ]


class Journal:
    """The story of the run that is under way, written ahead. It begins with the first intention."""

    def __init__(self, state_dir: Path, command: str, continues: int = 0) -> None:
        self._state_dir = state_dir
        self._command = command
        self._continues = continues
        self._descriptor: int | None = None
        self.story: Story | None = None

    def begin(self) -> Story:
        """Return the story, begun if need be; raise StepError when an earlier run is neither finished nor undone."""
        if self.story is not None:
            return self.story
        prepare(self._state_dir)
        folder = self._state_dir / CURRENT
        try:
            folder.mkdir()
        except FileExistsError:
            raise StepError(
                "an earlier run of devstrap ended half-way, and has to be cleared up first",
                remedy="run the command again",
                path=folder,
            ) from None
        run, token = _next_run(self._state_dir), token_for(self._state_dir)
        header = Header(run, token, self._command, now(), self._continues)
        self.story = Story(folder, header)
        return self.story

    def append(self, *records: Record) -> None:
        """Make intentions durable; only then may they be acted upon. Raises OSError."""
        story = self.begin()
        lines = json.dumps([{"op": _NAMES[type(record)], **asdict(record)} for record in records]) + "\n"
        is_first = self._descriptor is None
        if is_first:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
            self._descriptor = os.open(story.folder / "journal", flags, 0o600)
            lines = json.dumps({"format": FORMAT, **_told(story.header)}) + "\n" + lines
        # In memory first: undoing what was never begun does nothing.
        story.records.extend(records)
        self._write(lines)
        # The names: of the originals, which are saved by now, and at first of the journal and its folder.
        if is_first or any(isinstance(record, WriteFile) and record.before for record in records):
            disk.sync_folder(story.folder)
        if is_first:
            disk.sync_folder(self._state_dir)

    def commit(self) -> None:
        """Make it durable that all is done. Raises OSError, and then it is not."""
        story = self.begin()
        ended = now()
        self._write(json.dumps({"op": "commit", "ended": ended}) + "\n")
        story.ended = ended

    def close(self) -> None:
        """Close the file; nothing is written to it any more."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def _write(self, lines: str) -> None:
        """Add whole lines, or none."""
        assert self._descriptor is not None  # noqa: S101 - append() has opened it
        size = os.fstat(self._descriptor).st_size
        try:
            disk.write_all(self._descriptor, lines.encode("ascii"))
            disk.sync(self._descriptor)
        except BaseException:
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, size)
            raise


def _told(header: Header) -> dict[str, Any]:
    """Return the header as it is written: what few runs have, an earlier devstrap need not stumble over in all."""
    told = asdict(header)
    return told if header.continues else {name: value for name, value in told.items() if name != "continues"}


def read(folder: Path) -> Story | None:
    """Return the story that `folder` holds, or None when it ends before anything was done.

    Raises MalformedFileError for a journal that is damaged or of a later format, UnsafePathError for a link in its
    place, and StepError when it cannot be read.
    """
    if folder.is_symlink():
        raise UnsafePathError(f"{folder} is a symbolic link", remedy="remove the link", path=folder)
    try:
        found = disk.read(folder / "journal")
    except OSError as error:
        raise StepError(
            f"the journal of the last run cannot be read: {error.strerror or error}",
            remedy=f"give yourself permission to read {folder}, then run the command again",
            path=folder / "journal",
        ) from error
    lines = found[0].split(b"\n")[:-1] if found else []
    # The header and the first intentions become durable together.
    header = _parse(lines[0]) if len(lines) > 1 else None
    if not isinstance(header, dict):
        if len(lines) > 2:
            raise _damaged(folder, 1)
        return None
    if header.pop("format", None) != FORMAT:
        raise MalformedFileError(
            "the journal of the last run was written by another version of devstrap",
            remedy="run the command with that version first",
            path=folder / "journal",
            line=1,
        )
    return _tell(folder, header, lines)


def _tell(folder: Path, header: dict[str, Any], lines: list[bytes]) -> Story:
    """Make a story of a journal's lines, of which the first is the header."""
    try:
        story = Story(folder, Header(**header))
    except TypeError:
        raise _damaged(folder, 1) from None
    header_fits = isinstance(story.header.run, int) and isinstance(story.header.continues, int)
    if not (isinstance(story.header.token, str) and story.header.token.isalnum() and header_fits):
        raise _damaged(folder, 1)
    for number, line in enumerate(lines[1:], 2):
        entry = _parse(line)
        try:
            if isinstance(entry, dict):
                story.ended = str(entry["ended"])
            else:
                story.records.extend([_record(item) for item in entry])
        except (TypeError, ValueError, KeyError, AttributeError):
            if number < len(lines):
                raise _damaged(folder, number) from None
    return story


def _parse(line: bytes) -> Any:
    """Return what a line says, or None when it is not whole."""
    try:
        return json.loads(line)
    except ValueError:
        return None


def _record(item: dict[str, Any]) -> Record:
    """Make an intention of its JSON; raise TypeError, ValueError, KeyError or AttributeError for what is none."""
    arguments = dict(item)
    kind = _OPERATIONS[arguments.pop("op")]
    if not (isinstance(arguments["path"], str) and isinstance(arguments.get("built"), int | None)):
        raise TypeError(item)
    if arguments.get("before") is not None:
        state = dict(arguments["before"])
        user, group = state.pop("owner")
        arguments["before"] = FileState(**state, owner=(user, group))
    return kind(**arguments)


def _damaged(folder: Path, line: int) -> MalformedFileError:
    return MalformedFileError(
        "the journal of the last run is damaged, so it cannot be undone",
        remedy=f"the originals are in {folder}, by number: put back what you need, then delete that folder",
        path=folder / "journal",
        line=line,
    )


def numbered(folder: Path) -> list[int]:
    """Return the numbers of the runs that are kept in a folder, in order."""
    try:
        return sorted(int(entry.name) for entry in folder.iterdir() if entry.name.isdecimal())
    except FileNotFoundError:
        return []


# Random bytes beside the journal, written after each recovery.
_SALT = "salt"


def token_for(state_dir: Path) -> str:
    """Return what marks the names of a repository's temporaries: the same for each run, and its own.

    uv keeps what it learns of an interpreter by its path. An environment that is built where the last one was built
    is ready a quarter of a second sooner.

    After a run that was killed they are others: a command that it had started may still be writing there.
    """
    found = disk.read(state_dir / _SALT)
    return f"{zlib.crc32(os.fsencode(state_dir) + (found[0] if found else b'')):08x}"


def renew_token(state_dir: Path) -> None:
    """Have the next run name its temporaries anew."""
    with contextlib.suppress(OSError):
        (state_dir / _SALT).write_bytes(os.urandom(8))


def _next_run(state_dir: Path) -> int:
    """Return a number that no run has that is still kept."""
    return max([0, *numbered(state_dir / RUNS), *numbered(state_dir / KEPT)]) + 1


def now() -> str:
    """Return the time as ISO 8601 has it, in UTC."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
