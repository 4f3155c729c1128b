"""Where a transaction may write: inside the repository, and there neither into git's folder nor into our own."""

from __future__ import annotations

import os
from pathlib import Path

from bootstrap.errors import UnsafePathError
from bootstrap.state import FOLDER
from bootstrap.transaction import disk

# git's own protection (core.protectNTFS, core.protectHFS): names that some file systems take for `.git`.
_GIT = (".git", "git~1")


class Tree:
    """The repository's files, by paths relative to the root with `/`."""

    def __init__(self, root: Path) -> None:
        self.root = Path(os.path.realpath(root))

    def __truediv__(self, path: str) -> Path:
        """Return the absolute path of one that `file` or `folder` has found to be safe."""
        return self.root / path

    def file(self, path: str) -> str:
        """Return the path at which the file really is, links followed; raise UnsafePathError."""
        self._refuse_foreign_parts(path, path)
        real = self._within(Path(os.path.realpath(self.root / path)), path)
        target = self.root / real
        # What is left a link here goes round in circles.
        if target.is_symlink() or (target.exists() and not target.is_file()):
            raise UnsafePathError(
                f"{show(path)} is not a regular file, so devstrap does not write to it",
                remedy="move it out of the way, then run the command again",
                path=show(path),
            )
        return real

    def folder(self, path: str) -> str:
        """Return the path at which the folder really is or shall be, itself being no link; raise UnsafePathError."""
        self._refuse_foreign_parts(path, path)
        place = self.root / path
        real = self._within(Path(os.path.realpath(place.parent)) / place.name, path)
        target = self.root / real
        if target.is_symlink() or (target.exists() and not target.is_dir()):
            raise UnsafePathError(
                f"{show(path)} is not a folder of the repository, so devstrap does not touch it",
                remedy="move it out of the way, then run the command again",
                path=show(path),
            )
        return real

    def missing_parents(self, path: str) -> list[str]:
        """Return the folders that have to be created before `path` can be, outermost first."""
        missing: list[str] = []
        parts = path.split("/")[:-1]
        while parts and not (self.root / "/".join(parts)).exists():
            missing.insert(0, "/".join(parts))
            parts.pop()
        return missing

    def _within(self, real: Path, path: str) -> str:
        """Return `real` relative to the root; raise UnsafePathError when links have led where nobody may write."""
        if not real.is_relative_to(self.root) or real == self.root:
            raise _unsafe(path, "leads out of the repository through a symbolic link")
        relative = real.relative_to(self.root).as_posix()
        self._refuse_foreign_parts(relative, path)
        return relative

    @staticmethod
    def _refuse_foreign_parts(path: str, named: str) -> None:
        """Raise UnsafePathError for a path that is not made of plain names, or leads to git's files or ours."""
        try:
            os.fsencode(path)
        except ValueError:
            raise _unsafe(named, "cannot be a name on this system") from None
        if "\0" in path or (not disk.POSIX and ("\\" in path or ":" in path)):
            raise _unsafe(named, "cannot be a name on this system")
        parts = path.split("/")
        if any(part in {"", ".", ".."} for part in parts):
            raise _unsafe(named, "is not a plain path below the root of the repository")
        # Windows drops dots and spaces at the end of a name, and neither it nor macOS minds case.
        plain = [part.casefold().rstrip(". ") for part in parts]
        if any(part in _GIT for part in plain) or plain[0] == FOLDER:
            raise _unsafe(named, "is not for devstrap to write: it belongs to git, or to devstrap's own records")


def show(path: str) -> str:
    """Return a path as it may be printed: a hostile name must not move the cursor, nor break a line."""
    return path if path.isprintable() else ascii(path)


def _unsafe(path: str, reason: str) -> UnsafePathError:
    return UnsafePathError(
        f"{show(path)} {reason}",
        remedy="name a file inside the repository, or replace the link by what it points to",
        path=show(path),
    )
