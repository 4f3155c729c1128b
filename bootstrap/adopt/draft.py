"""All phases in one draft: the versions moved, then each subject's writer upon what the ones before it made."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.adopt import dockerfile as imaging
from bootstrap.adopt import documents as contributing
from bootstrap.adopt import foundation, part_jobs, record
from bootstrap.adopt import hooks as hooking
from bootstrap.adopt import makefile as making
from bootstrap.adopt import workflow as ci
from bootstrap.adopt.additions import adding
from bootstrap.adopt.dockerfile import dockerfile
from bootstrap.adopt.documents import documents
from bootstrap.adopt.gathering import TAKEN, gathered
from bootstrap.adopt.hooks import hooks
from bootstrap.adopt.images import images
from bootstrap.adopt.makefile import makefile
from bootstrap.adopt.measured import measured
from bootstrap.adopt.model import Draft, Phase, Tree
from bootstrap.adopt.modules import modules
from bootstrap.adopt.relics import relics
from bootstrap.adopt.renewal import NO_PAST, Past, Site, renewing
from bootstrap.adopt.workflow import workflow
from bootstrap.adopt.workspace import devcontainer, editors
from bootstrap.adopt.wrapper import wrapper
from bootstrap.detect.declared import PYPROJECT
from bootstrap.detect.repository import BOOTSTRAPPER
from bootstrap.expression import expression
from bootstrap.model import Change, Skip

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from bootstrap.adopt.model import Wishes, Writer

WRITERS: Mapping[str, Writer] = {
    "pin": foundation.pin,
    "settings": foundation.settings,
    "relics": relics,
    "gather": gathered,
    "wrapper": wrapper,
    "modules": modules,
    "measured": measured,
    "image": dockerfile,
    "images": images,
    "ci": workflow,
    "action": part_jobs.action,
    "guards": makefile,
    "hooks": hooks,
    "documents": documents,
    "editors": editors,
    "devcontainer": devcontainer,
}

WHOLE: dict[Writer, Callable[[Past], Iterable[str]]] = {
    wrapper: lambda _: (BOOTSTRAPPER,),
    dockerfile: lambda past: filter(imaging.takes, past.record),
    workflow: lambda _: (ci.PATH, ci.GUARD),
    part_jobs.action: lambda _: (part_jobs.ACTION,),
    documents: lambda _: (contributing.PATH,),
}
"""The files that are devstrap's own, by who makes them: what is remembered, and renewed.

What editors and dev containers find is not among them: setting up itself goes on to keep those.
"""
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
GONE = "what it says is in "


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
    parts: frozenset[str] = frozenset()
    """The writers that had something to write."""

    def within(self, phases: Collection[Phase]) -> Adoption:
        """Return what belongs to some phases."""
        return self._replace(
            pieces=tuple(piece for piece in self.pieces if piece.phase in phases),
            remarks=tuple(remark for remark in self.remarks if phase_of(_path(remark)) in phases),
            memories=tuple(one for one in self.memories if phase_of(one.path) in phases),
        )

    def of(self, paths: Collection[str]) -> Adoption:
        """Return what is done to some files, and what is left in their phases, but not in the files that are not.

        What is not done is not remembered. Nothing goes without the file that says the same then, and a workflow comes
        with the action that it calls.
        """
        paths = {*paths, part_jobs.ACTION} if ci.PATH in paths else paths
        if PYPROJECT not in paths:
            paths = {one.change.path for one in self.pieces if not _is_taken_over(one.change)} & set(paths)
        others = {piece.change.path for piece in self.pieces if piece.change.path not in paths}
        kept = tuple(piece for piece in self.pieces if piece.change.path in paths)
        remarks, memories = self.remarks, tuple(one for one in self.memories if one.path not in others)
        if others - {record.PATH}:
            left = self.within({piece.phase for piece in kept}).remarks
            remarks = tuple(remark for remark in left if _path(remark) not in others)
        return self._replace(pieces=kept, remarks=remarks, memories=memories)

    def without(self, told: Collection[tuple[str, str]]) -> Adoption:
        """Return it without what somebody was told already."""
        return self._replace(remarks=tuple(remark for remark in self.remarks if tuple(remark) not in told))

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


def draft(before: Tree, moved: Mapping[str, bytes], wishes: Wishes, past: Past = NO_PAST) -> Adoption:
    """Return what adopting the repository changes.

    `before` are its files, `moved` those whose versions move, as they are then, and `past` what was written before.
    Each file is written once, whatever number of writers had a hand in it, so that a file belongs to one phase and can
    be taken back with it.
    """
    after: dict[str, bytes | None] = dict(moved)
    why: dict[str, list[str]] = {path: [MOVED] for path in moved}
    remarks: list[Skip] = []
    parts: set[str] = set()
    whole: dict[str, bytes] = {}
    added: dict[str, record.Addition] = {}
    for part, one in WRITERS.items():
        writer = adding(one, ADDING[one], past) if one in ADDING else one
        if one in WHOLE:
            writer = renewing(writer, *(Site(path, before.read(path), past) for path in WHOLE[one](past)))
        paths = tuple(sorted(path for path in {*before.paths, *after} if after.get(path, b"") is not None))
        tree = Tree(paths, lambda path: after[path] if path in after else before.read(path), before.root)
        for item in tuple(writer(tree, wishes)):
            if isinstance(item, Draft):
                parts.add(part)
                after[item.path] = item.after
                why.setdefault(item.path, []).append(item.why)
                after.update(dict.fromkeys(item.replaces))
                why.update({path: [f"{GONE}{item.path}"] for path in item.replaces})
                if item.is_whole:
                    whole[item.path] = item.after if item.alone is None else item.alone
                elif item.added is not None:
                    added[item.path] = item.added
            else:
                remarks.append(Skip(item.path, item.reason))
    pieces = (
        Piece(phase_of_change(change), change)
        for path, content in after.items()
        if (change := Change(path, before.read(path), content, "; ".join(why[path]))).before != content
    )
    memories = (
        *(
            Memory(path, record.entry(alone, after[path] or b"", past.algorithm), alone)
            for path, alone in whole.items()
        ),
        *(Memory(path, addition) for path, addition in added.items()),
    )
    return Adoption(_in_order(pieces), tuple(remarks), memories, past, frozenset(parts))


def _in_order(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    order = list(Phase)
    return tuple(sorted(pieces, key=lambda piece: (order.index(piece.phase), piece.change.path)))


def _is_taken_over(change: Change) -> bool:
    """Say whether pyproject.toml says what a file, or a part of it, says no more."""
    return change.after is None or TAKEN in change.purpose


def _path(remark: Skip) -> str:
    """Return the file that a remark is about, which may name a line or a setting: `a:3`, `a: b`."""
    what = remark.what.partition(": ")[0]
    path, _, line = what.rpartition(":")
    return path if line.isdigit() else what


def phase_of_change(change: Change) -> Phase:
    """Return the phase of a change: what goes does so with pyproject.toml, which takes it over."""
    return phase_of(change.path if change.after is not None else PYPROJECT)


def phase_of(path: str) -> Phase:
    """Return the phase that a file belongs to."""
    if _CONTAINERS.search(path):
        return Phase.CONTAINERS
    return Phase.FOUNDATION if posixpath.basename(path) in _FOUNDATION else Phase.ENVIRONMENT
