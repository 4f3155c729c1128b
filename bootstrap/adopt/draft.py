"""All phases in one draft: the versions moved, then each subject's writer upon what the ones before it made."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.adopt import foundation
from bootstrap.adopt.dockerfile import dockerfile
from bootstrap.adopt.documents import documents
from bootstrap.adopt.hooks import hooks
from bootstrap.adopt.images import images
from bootstrap.adopt.makefile import makefile
from bootstrap.adopt.measured import measured
from bootstrap.adopt.model import Draft, Phase, Tree
from bootstrap.adopt.modules import modules
from bootstrap.adopt.workflow import workflow
from bootstrap.adopt.workspace import devcontainer, editors
from bootstrap.adopt.wrapper import wrapper
from bootstrap.expression import expression
from bootstrap.model import Change, Skip

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bootstrap.adopt.model import Wishes, Writer

WRITERS: Mapping[str, Writer] = {
    "pin": foundation.pin,
    "settings": foundation.settings,
    "wrapper": wrapper,
    "modules": modules,
    "measured": measured,
    "image": dockerfile,
    "images": images,
    "ci": workflow,
    "guards": makefile,
    "hooks": hooks,
    "documents": documents,
    "editors": editors,
    "devcontainer": devcontainer,
}

_CONTAINERS = expression(
    r"(?i)(?:^|/)(?:[^/]*(?:dockerfile|containerfile)[^/]*|(?:docker-)?compose[^/]*\.ya?ml|docker-bake\.[a-z]+|\.dockerignore)$"
)
_FOUNDATION = ("pyproject.toml", "setup.py", "setup.cfg", "bootstrap.py", ".python-version", "Pipfile", "runtime.txt")

MOVED = "its Python versions"
"""The reason for what `modernize` would change too."""


class Piece(NamedTuple):
    """A file that changes, in the phase that it belongs to, and why."""

    phase: Phase
    change: Change


class Adoption(NamedTuple):
    """Everything that would be done, and what is left to a person."""

    pieces: tuple[Piece, ...]
    remarks: tuple[Skip, ...] = ()
    parts: frozenset[str] = frozenset()
    """The writers that had something to write."""

    def within(self, phases: Collection[Phase]) -> Adoption:
        """Return what belongs to some phases."""
        return self._replace(
            pieces=tuple(piece for piece in self.pieces if piece.phase in phases),
            remarks=tuple(remark for remark in self.remarks if phase_of(_path(remark)) in phases),
        )

    def of(self, paths: Collection[str]) -> Adoption:
        """Return what is done to some files, and what is left in their phases, but not in the files that are not."""
        if all(piece.change.path in paths for piece in self.pieces):
            return self
        others = {piece.change.path for piece in self.pieces if piece.change.path not in paths}
        kept = tuple(piece for piece in self.pieces if piece.change.path in paths)
        left = self.within({piece.phase for piece in kept}).remarks
        return self._replace(pieces=kept, remarks=tuple(remark for remark in left if _path(remark) not in others))

    def without(self, told: Collection[tuple[str, str]]) -> Adoption:
        """Return it without what somebody was told already."""
        return self._replace(remarks=tuple(remark for remark in self.remarks if tuple(remark) not in told))


def draft(before: Tree, moved: Mapping[str, bytes], wishes: Wishes) -> Adoption:
    """Return what adopting the repository changes.

    `before` are its files, `moved` those whose versions move, as they are then. Each file is written once,
    whatever number of writers had a hand in it, so that a file belongs to one phase and can be taken back with it.
    """
    after: dict[str, bytes] = dict(moved)
    why: dict[str, list[str]] = {path: [MOVED] for path in moved}
    remarks: list[Skip] = []
    parts: set[str] = set()
    for part, writer in WRITERS.items():
        paths = tuple(sorted({*before.paths, *after}))
        tree = Tree(paths, lambda path: after[path] if path in after else before.read(path), before.root)
        for item in tuple(writer(tree, wishes)):
            if isinstance(item, Draft):
                parts.add(part)
                after[item.path] = item.after
                why.setdefault(item.path, []).append(item.why)
            else:
                remarks.append(Skip(item.path, item.reason))
    pieces = (
        Piece(phase_of(path), Change(path, present, content, "; ".join(why[path])))
        for path, content in after.items()
        if (present := before.read(path)) != content
    )
    order = list(Phase)
    return Adoption(
        tuple(sorted(pieces, key=lambda piece: (order.index(piece.phase), piece.change.path))),
        tuple(remarks),
        frozenset(parts),
    )


def _path(remark: Skip) -> str:
    """Return the file that a remark is about, which may name a line or a setting: `a:3`, `a: b`."""
    what = remark.what.partition(": ")[0]
    path, _, line = what.rpartition(":")
    return path if line.isdigit() else what


def phase_of(path: str) -> Phase:
    """Return the phase that a file belongs to."""
    if _CONTAINERS.search(path):
        return Phase.CONTAINERS
    return Phase.FOUNDATION if posixpath.basename(path) in _FOUNDATION else Phase.ENVIRONMENT
