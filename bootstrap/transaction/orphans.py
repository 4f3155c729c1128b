"""What commands left behind that outlived the run which had started them.

`kill -9` ends devstrap and not the command that it was waiting for. That goes on writing where an environment was being
built, also after the next run has cleared up there; so the next one builds elsewhere, and whatever comes to stand in
the old place is deleted by a later run.

A folder is known as ours for certain: it has the exact path that the journal of a killed run names, nothing stood there
before, and there is nothing in it but what tools put into a virtual environment. No run that is alive uses it: they
come one after the other, and each recovery gives the next one another token.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from bootstrap.detect.environment import is_of_environments
from bootstrap.errors import UnsafePathError
from bootstrap.transaction import ORPHANS, disk
from bootstrap.transaction.journal import Header, Stage, Story, token_for
from bootstrap.transaction.tree import Tree, show

if TYPE_CHECKING:
    from pathlib import Path

# No command of a run that was killed is still at work after a day, in seconds.
_LIFETIME = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class _Orphan:
    """A place where a killed run was building the folder `path` under the intention `number`."""

    path: str
    token: str
    number: int
    noted: float
    """When, in seconds since 1970."""


def note(story: Story) -> None:
    """Remember where a killed run was building, before that is cleared up and its journal goes.

    A note that cannot be written is none: it is no reason not to clear up.
    """
    state_dir, now = story.folder.parent, time.time()
    known = _read(state_dir)
    seen = {(orphan.path, orphan.token, orphan.number) for orphan in known}
    found = [
        _Orphan(record.path, story.header.token, number, now)
        for number, record in enumerate(story.records)
        if isinstance(record, Stage) and (record.path, story.header.token, number) not in seen
    ]
    if found:
        _write(state_dir, [*known, *found])


def is_due(root: Path, state_dir: Path) -> bool:
    """Say whether there is something to sweep, or to forget."""
    tree, now = Tree(root), time.time()
    return any(
        orphan.noted + _LIFETIME < now or _folder(tree, state_dir, orphan) is not None for orphan in _read(state_dir)
    )


def sweep(root: Path, state_dir: Path) -> tuple[str, ...]:
    """Delete what has come to stand where killed runs were building; return its paths. The lock is held.

    A place is watched for a day, and for as long as what is there cannot be deleted. What is not certain to be ours
    is left alone.
    """
    tree, now = Tree(root), time.time()
    known = _read(state_dir)
    removed: list[str] = []
    watched: list[_Orphan] = []
    for orphan in known:
        folder = _folder(tree, state_dir, orphan)
        if folder is not None:
            with contextlib.suppress(OSError):  # it is still being written to
                disk.remove_tree(folder)
                removed.append(show(folder.name))
                folder = None
        if folder is not None or now < orphan.noted + _LIFETIME:
            watched.append(orphan)
    if watched != known:
        _write(state_dir, watched)
    return tuple(removed)


def _folder(tree: Tree, state_dir: Path, orphan: _Orphan) -> Path | None:
    """Return the folder at a place where a killed run was building, if it is certain to be ours."""
    if orphan.token == token_for(state_dir):
        return None
    try:
        folder = tree / tree.folder(_story(state_dir, orphan).sibling(orphan.number, orphan.path, "new"))
        return folder if disk.is_folder(folder.lstat()) and is_of_environments(set(os.listdir(folder))) else None
    except (OSError, UnsafePathError):
        return None


def _story(state_dir: Path, orphan: _Orphan) -> Story:
    """Return as much of the run as names follow from."""
    return Story(state_dir, Header(0, orphan.token, "", ""))


def _read(state_dir: Path) -> list[_Orphan]:
    """Return what was noted; what is damaged is passed over."""
    orphans: list[_Orphan] = []
    with contextlib.suppress(OSError, ValueError):
        found = disk.read(state_dir / ORPHANS)
        for line in found[0].splitlines() if found else ():
            with contextlib.suppress(TypeError, ValueError):
                orphan = _Orphan(**json.loads(line))
                if _is_valid(orphan):
                    orphans.append(orphan)
    return orphans


def _is_valid(orphan: _Orphan) -> bool:
    """Say whether a note can be one of ours: a name that follows from it is then one that devstrap gives."""
    texts, numbers = (orphan.path, orphan.token), (orphan.number, orphan.noted)
    if not all(isinstance(text, str) for text in texts) or not all(
        isinstance(number, int | float) for number in numbers
    ):
        return False
    return orphan.token.isalnum() and isinstance(orphan.number, int)


def _write(state_dir: Path, orphans: list[_Orphan]) -> None:
    """Write the notes, whole or not at all; no notes, no file."""
    file = state_dir / ORPHANS
    temporary = file.with_name(f"{ORPHANS}.new")
    with contextlib.suppress(OSError):
        if not orphans:
            file.unlink(missing_ok=True)
            return
        disk.remove_tree(temporary)
        lines = "".join(json.dumps(asdict(orphan)) + "\n" for orphan in orphans)
        disk.write_new(temporary, lines.encode("ascii"), 0o600)
        temporary.replace(file)
