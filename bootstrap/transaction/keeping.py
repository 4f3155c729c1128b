"""What a run displaced that devstrap had not made: kept until the next one takes its place, or it is brought back.

It is kept among the originals of the run where a rename gets it there, and beside its place where the state directory
is on another file system: that may be large, and nothing of it is copied, so it takes no space and no time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.errors import BootstrapError, UnsafePathError
from bootstrap.transaction import disk
from bootstrap.transaction.journal import RUNS, Story, Swap, numbered, read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bootstrap.transaction.tree import Tree


def put_away(tree: Tree, story: Story) -> dict[str, str]:
    """Move what the run displaced to where it is kept; what has got there already, in an earlier attempt, is fine.

    Returns the paths from which something would not go, each with the reason: it must not be deleted there.
    """
    refused: dict[str, str] = {}
    for number, record in _displaced(story):
        path = story.sibling(number, record.path, "old")
        try:
            old = tree / tree.folder(path)
            if disk.identity(old) is not None:
                _move(old, story.original(number), tree / story.beside(number, record.path))
        except (OSError, UnsafePathError) as error:
            refused[path] = str(error)
    return refused


def _move(old: Path, saved: Path, beside: Path) -> None:
    """Rename a folder to `saved`, or to `beside` where that is not to be had."""
    try:
        old.rename(saved)
    except OSError:  # EXDEV; or EACCES: a folder that is read-only itself can only be renamed where it is
        old.rename(beside)


def drop_former(tree: Tree, story: Story) -> list[tuple[str, str]]:
    """Delete what earlier runs kept of the folders that this one has replaced.

    What the same set-up displaced in an earlier attempt stays: it was said to be kept, and is undone with this run.
    Returns what would not go, each with the reason.
    """
    replaced = {
        record.path
        for record in story.records
        if isinstance(record, Swap) and record.built is not None and record.old is not None
    }
    first = story.header.continues
    earlier = (past for past in _past(story.folder.parent / RUNS) if not first or not _belongs(past, first))
    return [failure for past in earlier for failure in drop(tree, past, replaced)]


def _belongs(story: Story, first: int) -> bool:
    """Say whether a run is of the set-up that began with the run `first`."""
    return first in (story.header.run, story.header.continues)


def drop(tree: Tree, story: Story, paths: set[str]) -> list[tuple[str, str]]:
    """Delete what a run kept of `paths`; return what would not go, each with the reason."""
    failures = []
    for number, record in _displaced(story):
        place = whereabouts(tree, story, number, record) if record.path in paths else None
        if place is not None:
            try:
                disk.remove_tree(place)
            except OSError as error:
                failures.append((str(place), str(error)))
    return failures


def whereabouts(tree: Tree, story: Story, number: int, record: Swap) -> Path | None:
    """Return where what an intention displaced is kept, or None when it is not, or no more."""
    if not record.keeps:
        return None
    places = (story.original(number), tree / story.beside(number, record.path))
    return next((place for place in places if disk.identity(place) is not None), None)


def is_keeping(tree: Tree, folder: Path) -> bool:
    """Say whether the finished run in `folder` still keeps something that it displaced."""
    return any(
        whereabouts(tree, story, number, record) is not None
        for story in _stories(folder)
        for number, record in _displaced(story)
    )


def _displaced(story: Story) -> Iterator[tuple[int, Swap]]:
    """Yield the intentions that displaced what has to be kept, each with its number."""
    for number, record in enumerate(story.records):
        if isinstance(record, Swap) and record.keeps and record.old is not None:
            yield number, record


def _past(runs: Path) -> Iterator[Story]:
    """Yield the runs that can be undone."""
    for number in numbered(runs):
        yield from _stories(runs / str(number))


def _stories(folder: Path) -> Iterator[Story]:
    """Yield the story in a folder, or none where it cannot be read: then nobody knows what was kept."""
    try:
        story = read(folder)
    except BootstrapError:
        return
    if story is not None:
        yield story
