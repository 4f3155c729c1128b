"""What setuptools writes into the source tree when a project is installed editable: `*.egg-info`.

It is left over from making the metadata, which are installed with the project; git would show it as somebody's work.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bootstrap.transaction import disk

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from types import TracebackType
    from typing import Self

_ENDING = ".egg-info"
# Folders in which a wheel is put together, of setuptools and of PDM's backend, and how what is in them is called.
_BUILDS = {"build": ("lib", "bdist.", "temp.", "scripts"), ".pdm-build": (".gitignore", "_editable_impl_")}
_FOLDERS = ("", "src", "lib", "python")
# In every one of them; a folder without it is somebody's.
_MARK = "PKG-INFO"


class Watch:
    """Looks which of these folders appear while the block runs, and removes them again."""

    def __init__(self, root: Path, parts: tuple[str, ...] = ()) -> None:
        self._root = root
        self._parts = parts
        self._before: frozenset[str] = frozenset()
        self._builds = [f"{part}/{name}".lstrip("/") for part in ("", *parts) for name in _BUILDS]

    def __enter__(self) -> Self:
        self._before = found(self._root, self._parts)
        self._builds = [path for path in self._builds if not os.path.lexists(self._root / path)]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for path in self._builds:
            remove_build(self._root, path)
        remove(self._root, found(self._root, self._parts) - self._before)


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


def remove(root: Path, paths: Iterable[str]) -> None:
    """Remove those of the folders that setuptools made. What will not go, stays: it does no harm."""
    for path in paths:
        folder = root / path
        try:
            if (folder / _MARK).is_file() and not folder.is_symlink():
                disk.remove_tree(folder)
        except OSError:
            continue
