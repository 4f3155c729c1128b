"""All phases in one draft: the versions moved, then each subject's writer upon what the ones before it made."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.adopt import documents as contributing
from bootstrap.adopt import foundation, record
from bootstrap.adopt import hooks as hooking
from bootstrap.adopt import makefile as making
from bootstrap.adopt import workflow as ci
from bootstrap.adopt.additions import adding
from bootstrap.adopt.documents import documents
from bootstrap.adopt.hooks import hooks
from bootstrap.adopt.makefile import makefile
from bootstrap.adopt.model import Draft, Phase, Tree
from bootstrap.adopt.renewal import NO_PAST, Past, Site, renewing
from bootstrap.adopt.workflow import workflow
from bootstrap.detect.repository import BOOTSTRAPPER
from bootstrap.expression import expression
from bootstrap.model import Change, Skip

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence

    from bootstrap.adopt.model import Wishes, Writer

WRITERS: tuple[Writer, ...] = (
    foundation.pin,
    foundation.settings,
    foundation.wrapper,
    workflow,
    makefile,
    hooks,
    documents,
)

WHOLE: dict[Writer, tuple[str, ...]] = {
    foundation.wrapper: (BOOTSTRAPPER,),
    workflow: (ci.PATH,),
    documents: (contributing.PATH,),
}
"""The files that are devstrap's own, by who makes them: what is remembered, and renewed."""
ADDING: dict[Writer, Callable[[str], bool]] = {
    makefile: lambda path: path in making.PATHS,
    hooks: lambda path: path in hooking.PATHS,
    documents: contributing.takes,
}
"""The files of somebody's to which something is added once, by who does."""

_CONTAINERS = expression(
    r"(?i)(?:^|/)(?:[^/]*(?:dockerfile|containerfile)[^/]*|(?:docker-)?compose[^/]*\.ya?ml|docker-bake\.[a-z]+|\.dockerignore)$"
)
_FOUNDATION = (
    *("pyproject.toml", "setup.py", "setup.cfg", "bootstrap.py", ".python-version", "Pipfile", "runtime.txt"),
    record.PATH,
)

MOVED = "its Python versions"
"""The reason for what `modernize` would change too."""


class Piece(NamedTuple):
    """A file that changes, in the phase that it belongs to, and why."""

    phase: Phase
    change: Change


class Memory(NamedTuple):
    """What is to be remembered of a file that devstrap makes."""

    path: str
    entry: record.Entry | record.Addition
    alone: bytes | None = None
    """What devstrap alone makes of it, where it makes all of it."""


class Adoption(NamedTuple):
    """Everything that would be done, and what is left to a person."""

    pieces: tuple[Piece, ...]
    remarks: tuple[Skip, ...] = ()
    memories: tuple[Memory, ...] = ()
    past: Past = NO_PAST

    def within(self, phases: Sequence[Phase]) -> Adoption:
        """Return what belongs to some phases."""
        kept = self.only([piece.change.path for piece in self.pieces if piece.phase in phases])
        return kept._replace(memories=tuple(one for one in kept.memories if phase_of(one.path) in phases))

    def only(self, paths: Container[str]) -> Adoption:
        """Return what is done to some files; what is not done is not remembered."""
        left = {piece.change.path for piece in self.pieces if piece.change.path not in paths}
        return self._replace(
            pieces=tuple(piece for piece in self.pieces if piece.change.path not in left),
            memories=tuple(one for one in self.memories if one.path not in left),
        )

    def recorded(self) -> Adoption:
        """Return the same with the record of it, beside the first of the files that it speaks of."""
        pieces = tuple(piece for piece in self.pieces if piece.change.path != record.PATH)
        after = record.renewed(self.past.data, {one.path: one.entry for one in self.memories})
        if after is not None:
            known = {one.path for one in self.memories}
            phase = next((piece.phase for piece in pieces if piece.change.path in known), Phase.FOUNDATION)
            change = Change(record.PATH, self.past.data, after, "what devstrap wrote, for renewing it later")
            pieces = _in_order((*pieces, Piece(phase, change)))
        return self._replace(pieces=pieces)


def draft(
    paths: Sequence[str],
    read: Callable[[str], bytes | None],
    moved: Mapping[str, bytes],
    wishes: Wishes,
    past: Past = NO_PAST,
) -> Adoption:
    """Return what adopting the repository changes.

    `paths` and `read` are its files, `moved` those whose versions move, as they are then, and `past` what was written
    before. Each file is written once, whatever number of writers had a hand in it, so that a file belongs to one phase
    and can be taken back with it.
    """
    after: dict[str, bytes] = dict(moved)
    why: dict[str, list[str]] = {path: [MOVED] for path in moved}
    remarks: list[Skip] = []
    whole: dict[str, bytes] = {}
    added: dict[str, record.Addition] = {}
    for one in WRITERS:
        writer = adding(one, ADDING[one], past) if one in ADDING else one
        for path in WHOLE.get(one, ()):
            writer = renewing(writer, Site(path, read(path), past))
        tree = Tree(tuple(sorted({*paths, *after})), lambda path: after[path] if path in after else read(path))
        for item in tuple(writer(tree, wishes)):
            if isinstance(item, Draft):
                after[item.path] = item.after
                why.setdefault(item.path, []).append(item.why)
                if item.is_whole:
                    whole[item.path] = item.after if item.alone is None else item.alone
                elif item.added is not None:
                    added[item.path] = item.added
            else:
                remarks.append(Skip(item.path, item.reason))
    pieces = (
        Piece(phase_of(path), Change(path, before, content, "; ".join(why[path])))
        for path, content in after.items()
        if (before := read(path)) != content
    )
    memories = (
        *(Memory(path, record.entry(alone, after[path], past.algorithm), alone) for path, alone in whole.items()),
        *(Memory(path, addition) for path, addition in added.items()),
    )
    return Adoption(_in_order(pieces), tuple(remarks), memories, past)


def _in_order(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    order = list(Phase)
    return tuple(sorted(pieces, key=lambda piece: (order.index(piece.phase), piece.change.path)))


def phase_of(path: str) -> Phase:
    """Return the phase that a file belongs to."""
    if _CONTAINERS.search(path):
        return Phase.CONTAINERS
    return Phase.FOUNDATION if posixpath.basename(path) in _FOUNDATION else Phase.ENVIRONMENT
