"""What git itself has noted of a checkout, read from its files."""

from __future__ import annotations

import contextlib
import posixpath
from typing import TYPE_CHECKING

from bootstrap.adopt.commands import text_of
from bootstrap.errors import MalformedFileError
from bootstrap.expression import expression

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bootstrap.adopt.model import Tree

USUAL = ("main", "master")
"""What most call the branch that all others go into."""
_OTHERS = ("trunk", "develop", "development", "dev", "default", "devel")
_REMOTE_HEAD = expression(r"ref: refs/remotes/origin/(\S+)")
_HEAD = expression(r"ref: refs/heads/(\S+)")
_PACKED = expression(r"(?m) refs/(?:heads|remotes/origin)/(\S+)$")
# What can stand in a list of YAML as it is, and is no pattern.
_PLAIN = expression(r"[A-Za-z][\w./-]*")


def in_git(tree: Tree, name: str) -> str:
    """Return what a file of git's own says; nothing where there is none."""
    return next(filter(None, (_text(tree, posixpath.join(folder, name)) for folder in _folders(tree))), "")


def _folders(tree: Tree) -> Iterator[str]:
    """Yield where git keeps what it notes: in a worktree or submodule `.git` is a file that names the folder."""
    yield ".git"
    named = _text(tree, ".git").removeprefix("gitdir:").strip()
    if named:
        yield named
        yield posixpath.join(named, "../..")


def _text(tree: Tree, path: str) -> str:
    with contextlib.suppress(MalformedFileError):
        return text_of(tree, path)
    return ""


def main_branches(tree: Tree) -> tuple[str, ...]:
    """Return the branches whose pushes are tested: what the repository merges into, as any clone of it can tell.

    That is what `origin` has as its own, else what is there under a usual name, else the branch that is checked out
    while there is no other. `init.defaultBranch` says what a person likes to call new ones, and not what this one is
    called; in a new repository git has made that the branch that is checked out. Who calls it main or master may yet
    rename it, so that both are tested.
    """
    found = _REMOTE_HEAD.match(in_git(tree, "refs/remotes/origin/HEAD"))
    known = _known(tree)
    usual = [name for name in (*USUAL, *_OTHERS) if name in known or _is_loose(tree, name)]
    checked_out = _HEAD.match(in_git(tree, "HEAD"))
    candidates = [found[1]] if found else usual[:1] or ([checked_out[1]] if checked_out and not known else [])
    name = candidates[0] if candidates else USUAL[0]
    return USUAL if name in USUAL or not _PLAIN.fullmatch(name) else (name,)


def _known(tree: Tree) -> frozenset[str]:
    return frozenset(match[1] for match in _PACKED.finditer(in_git(tree, "packed-refs"))) - {"HEAD"}


def _is_loose(tree: Tree, name: str) -> bool:
    return any(in_git(tree, f"refs/{folder}/{name}") for folder in ("heads", "remotes/origin"))
