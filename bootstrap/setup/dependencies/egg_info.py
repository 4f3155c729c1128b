"""What setuptools writes into the source tree when a project is installed editable: `*.egg-info`.

It goes by itself with nothing that devstrap takes back, so whoever installs looks before and after.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from bootstrap.transaction import disk

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self

_ENDING = ".egg-info"
# Folders in which a wheel is put together, of setuptools and of PDM's backend, and how what is in them is called.
_BUILDS = {"build": ("lib", "bdist.", "temp.", "scripts"), ".pdm-build": (".gitignore", "_editable_impl_")}
_FOLDERS = ("", "src")
# In every one of them; a folder without it is somebody's.
_MARK = "PKG-INFO"
_NOTE = "egg-info.json"


class Watch:
    """Looks which of these folders appear while the block runs, and removes them again where it fails."""

    def __init__(self, root: Path, parts: tuple[str, ...] = ()) -> None:
        self._root = root
        self._parts = parts
        self._before: frozenset[str] = frozenset()
        self._builds = [f"{part}/{name}".lstrip("/") for part in ("", *parts) for name in _BUILDS]
        self.new: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        self._before = found(self._root, self._parts)
        self._builds = [path for path in self._builds if not os.path.lexists(self._root / path)]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.new = tuple(sorted(found(self._root, self._parts) - self._before))
        for path in self._builds:
            remove_build(self._root, path)
        if error is not None:
            remove(self._root, self.new)


def remove_build(root: Path, name: str) -> None:
    """Remove a folder in which a wheel was put together, unless something else is in it: nobody wants it afterwards."""
    folder = root / name
    try:
        is_theirs = any(not name.startswith(_BUILDS[folder.name]) for name in os.listdir(folder))
        if not is_theirs:
            disk.remove_tree(folder)
    except OSError:
        return


def found(root: Path, parts: tuple[str, ...] = ()) -> frozenset[str]:
    """Return the paths of the folders that are there, in the root and its parts, relative to the root, with `/`."""
    folders = [f"{part}/{folder}".strip("/") for part in ("", *parts) for folder in _FOLDERS]
    return frozenset(path for folder in folders for path in _in(root, folder))


def _in(root: Path, folder: str) -> list[str]:
    try:
        entries = list(os.scandir(root / folder))
    except OSError:
        return []
    return [
        f"{folder}/{entry.name}".lstrip("/")
        for entry in entries
        if entry.name.endswith(_ENDING) and entry.is_dir(follow_symlinks=False)
    ]


def remove(root: Path, paths: tuple[str, ...]) -> tuple[str, ...]:
    """Remove those of the folders that are still there; return their paths. What will not go, stays: it does no harm.

    Nothing else is touched, whatever `paths` says.
    """
    gone = present(root, paths)
    for path in gone:
        try:
            disk.remove_tree(root / path)
        except OSError:
            continue
    return tuple(path for path in gone if not (root / path).exists())


def present(root: Path, paths: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of `paths` that are such folders."""
    named = [path for path in sorted(paths) if path.endswith(_ENDING) and ".." not in path.split("/")]
    inside = (path for path in named if not path.startswith("/") and not (root / path).is_symlink())
    return tuple(path for path in inside if (root / path / _MARK).is_file())


def note(run_folder: Path, paths: tuple[str, ...]) -> None:
    """Note in the folder of a run which of them it brought; a note that cannot be written is none."""
    if not paths:
        return
    try:
        (run_folder / _NOTE).write_text(json.dumps(paths), "utf-8")
    except OSError:
        return


def noted(run_folder: Path) -> tuple[str, ...]:
    """Return what a run noted; nothing where it noted nothing."""
    try:
        paths = json.loads((run_folder / _NOTE).read_bytes())
    except (OSError, ValueError):
        return ()
    return tuple(path for path in paths if isinstance(path, str)) if isinstance(paths, list) else ()
