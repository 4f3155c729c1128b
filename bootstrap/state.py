"""Where devstrap keeps its lock, its journal and what it needs to undo a run."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bootstrap.errors import StepError, UnsafePathError

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = ".devstrap"
LOCK = "lock"

_HIDING = "*\n"

# gitrepository-layout(5): what a worktree or a submodule has in place of the folder.
_POINTER = b"gitdir: "


def state_directory(root: Path) -> Path:
    """Return the folder for devstrap's own state about the repository at `root`; create nothing, run nothing.

    At the top of a git checkout that is `devstrap` in the git directory, which no commit and no `git clean` sees;
    anywhere else, `.devstrap` in `root`.
    """
    git = _git_directory(root)
    return root / FOLDER if git is None else git / "devstrap"


def _git_directory(root: Path) -> Path | None:
    """Return the git directory of the checkout at `root` itself, or None when it is not the top of one."""
    git = root / ".git"
    if not git.is_dir():
        pointed = _pointed_to(git)
        if pointed is None:
            return None
        git = root / pointed
    # A worktree's pointer goes stale when only the worktree is mounted into a container.
    return git if os.path.lexists(git / "HEAD") else None


def _pointed_to(file: Path) -> str | None:
    """Return the path after `gitdir:` in `file`, relative to its folder, or None when there is none."""
    try:
        with file.open("rb") as stream:
            content = stream.read(1 << 16)
    except OSError:
        return None
    if not content.startswith(_POINTER):
        return None
    return os.fsdecode(content.removeprefix(_POINTER).rstrip(b"\r\n"))


def prepare(state_dir: Path) -> bool:
    """Create the folder where it is missing, and see to it that git does not list it; say whether it was missing.

    Raises UnsafePathError when a link stands in its place, and StepError when it cannot be created.
    """
    if state_dir.is_symlink():
        raise UnsafePathError(
            f"{state_dir} is a symbolic link, so what devstrap writes there would end up elsewhere",
            remedy="remove the link, then run the command again",
            path=state_dir,
        )
    try:
        was_missing = _create(state_dir)
        if state_dir.name == FOLDER:
            _hide(state_dir / ".gitignore")
    except OSError as error:
        raise StepError(
            f"devstrap cannot keep its state in {state_dir}: {error.strerror or error}",
            remedy="give yourself write permission to that folder, or free some space, then run the command again",
            path=state_dir,
        ) from error
    return was_missing


def _create(folder: Path) -> bool:
    """Create a folder; say whether it was missing."""
    try:
        folder.mkdir()
    except FileExistsError:
        if not folder.is_dir():
            raise
        return False
    return True


def clear_away(state_dir: Path) -> None:
    """Delete the folder beside the repository's files if there is nothing in it worth keeping. The lock is held.

    In a git directory nobody sees it, and it stays.
    """
    if state_dir.name != FOLDER or not set(os.listdir(state_dir)) <= {".gitignore", LOCK}:
        return
    hidden = state_dir / ".gitignore"
    if hidden.read_bytes().replace(b"\r", b"") != _HIDING.encode():
        return
    for name in (LOCK, ".gitignore"):
        (state_dir / name).unlink(missing_ok=True)
    state_dir.rmdir()


def _hide(gitignore: Path) -> None:
    """Write the file that keeps the folder, itself included, out of git's sight; leave one that is there."""
    try:
        with gitignore.open("x", encoding="ascii") as stream:
            stream.write(_HIDING)
    except FileExistsError:
        return
