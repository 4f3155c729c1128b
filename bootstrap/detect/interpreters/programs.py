"""Which of the programs in a place are Pythons: no shim, no launcher, no stub, none of a virtual environment."""

from __future__ import annotations

import os
import re
import stat
from typing import TYPE_CHECKING

from bootstrap.detect.host import HEADER_SIZE, executable_architectures
from bootstrap.detect.interpreters.files import names_in, read, stat_of
from bootstrap.detect.interpreters.installation import PROGRAM_NAME, prefix_of
from bootstrap.detect.interpreters.search import Place
from bootstrap.detect.interpreters.sources import SOURCES, path_directories

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bootstrap.detect.interpreters.search import Search

# Programs that act as `python` when they are called by that name.
_VERSION_MANAGERS = frozenset({"asdf", "mise", "proto", "pyenv", "rtx", "snap", "uv", "vfox"})
_GENERIC_SOURCES = frozenset({"path", "system"})
_NOT_ON_PATH = 1 << 30


class Found:
    """A program that is a Python, before its version is known."""

    __slots__ = ("architectures", "label", "path", "rank", "real", "source")

    def __init__(self, path: str, real: str, architectures: tuple[str, ...], place: Place) -> None:
        self.path = path
        self.real = real
        self.architectures = architectures
        self.source = place.source
        self.label = place.label
        self.rank = _NOT_ON_PATH


def locate(search: Search, known: Sequence[Path]) -> list[Found]:
    """Return the programs that are Pythons, each real file once."""
    locator = _Locator(search)
    for rank, directory in enumerate(path_directories(search)):
        locator.scan(Place(directory, "path"), rank)
    for source in SOURCES:
        for place in source(search):
            locator.scan(place)
    for path in known:
        locator.take(Place(str(path.parent), "path"), str(path))
    for directory in locator.homes:
        # The bases of the virtual environments on PATH. The list grows when one of them is an environment itself.
        locator.scan(Place(directory, "path"))
    return list(locator.found.values())


class _Locator:
    """Collects the Pythons among the programs in directories."""

    def __init__(self, search: Search) -> None:
        self.found: dict[str, Found] = {}
        self.homes: list[str] = []
        self._search = search
        self._environments: dict[str, bool] = {}
        self._seen_directories: set[tuple[int, int]] = set()

    def scan(self, place: Place, rank: int = _NOT_ON_PATH) -> None:
        """Take every Python in `place`; `rank` is its position on PATH."""
        if place.source in _GENERIC_SOURCES and not self._is_new(place.directory):
            return
        if self._holds_shims(place.directory) or self._is_apples(place.directory):
            return
        names = _python_names(place.directory, is_windows=self._search.is_windows)
        if names and not self._is_environment(place.directory):
            seen: set[tuple[int, int]] = set()
            for name in names:
                self.take(place, os.path.join(place.directory, name), rank, seen)

    def take(self, place: Place, path: str, rank: int = _NOT_ON_PATH, seen: set[tuple[int, int]] | None = None) -> None:
        """Take the program at `path` if it is a Python; `seen` are the files that were taken from this directory."""
        status = stat_of(path)
        if status is None or not stat.S_ISREG(status.st_mode) or not os.access(path, os.X_OK):
            return
        identity = (status.st_dev, status.st_ino)
        if seen is not None and status.st_ino:
            if identity in seen:
                return
            seen.add(identity)
        real = os.path.realpath(path)
        if real in self.found:
            self._take_again(self.found[real], place, path, rank)
            return
        architectures = self._recognise(place, path, real, status.st_size)
        if architectures is not None:
            one = Found(self._reported(place, path, real), real, architectures, place)
            one.rank = rank
            self._attribute(one)
            self.found[real] = one

    def _is_new(self, directory: str) -> bool:
        """Say whether a directory was not looked into under this or another name: `/bin` is often `/usr/bin`."""
        status = stat_of(directory)
        if status is None:
            return False
        identity = (status.st_dev, status.st_ino)
        is_new = not status.st_ino or identity not in self._seen_directories
        self._seen_directories.add(identity)
        return is_new

    def _take_again(self, one: Found, place: Place, path: str, rank: int) -> None:
        """Note that `one` was found once more: who installed it says more of it than how PATH leads to it."""
        one.rank = min(one.rank, rank)
        if one.source in _GENERIC_SOURCES and place.source not in _GENERIC_SOURCES:
            one.source, one.label = place.source, place.label
            one.path = self._reported(place, path, one.real)
            self._attribute(one)

    def _recognise(self, place: Place, path: str, real: str, size: int) -> tuple[str, ...] | None:
        """Return the architectures of a program, or None when it is a shim, a launcher, a stub or no program."""
        if os.path.basename(real) in _VERSION_MANAGERS:
            return None
        if size == 0:
            # An app execution alias of Windows. The ones in a package's own folder are Pythons; `python.exe` beside
            # them opens the Store when none is installed.
            return (self._search.host.architecture,) if place.source == "store" else None
        header = read(real, HEADER_SIZE)
        if header is None:
            # A program may be executable and not readable.
            return () if self._search.host.system != "windows" else None
        if header.startswith(b"#!"):
            self._learn_from_script(header)
            return None
        if self._search.is_windows and self._is_launcher(path):
            return None
        if self._is_environment(os.path.dirname(real)):
            return None
        return executable_architectures(header) or None

    def _reported(self, place: Place, path: str, real: str) -> str:
        """Return the path to report: the real one, unless only the link can be started as a Python or stays."""
        is_alias = place.source == "store" or place.keeps_link or not PROGRAM_NAME.fullmatch(os.path.basename(real))
        return path if is_alias else real

    def _attribute(self, one: Found) -> None:
        """Correct the source where the installation itself says who made it."""
        prefix = prefix_of(one.real, is_windows=self._search.is_windows)
        if one.source != "conda" and os.path.isdir(os.path.join(prefix, "conda-meta")):
            one.source = "conda"
            self._search.learned.append(("conda", prefix))
        elif one.source == "path" and os.path.dirname(one.real) in (self._search.at("usr/bin"), self._search.at("bin")):
            one.source = "system"

    def _holds_shims(self, directory: str) -> bool:
        """Say whether a directory holds a version manager's shims, and remember the manager's root.

        pyenv, asdf and mise keep theirs in `shims` below their root.
        """
        parent, name = os.path.split(directory.rstrip(os.sep))
        if name != "shims":
            return False
        kinds = []
        if os.path.isdir(os.path.join(parent, "versions")):
            kinds.append("pyenv")
        if os.path.isdir(os.path.join(parent, "installs")):
            kinds.append("mise" if "mise" in os.path.basename(parent) else "asdf")
        self._search.learned.extend((kind, parent) for kind in kinds)
        return bool(kinds)

    def _is_apples(self, directory: str) -> bool:
        """Say whether this is macOS's own `/usr/bin`.

        Its Pythons are stubs that offer to install the command line tools; the frameworks hold the real ones.
        """
        return self._search.host.system == "darwin" and directory.rstrip(os.sep) == self._search.at("usr/bin")

    def _learn_from_script(self, header: bytes) -> None:
        """Remember pyenv's root from one of its shims, wherever that was copied to."""
        root = re.search(rb'PYENV_ROOT="(/[^"\n]+)"', header)
        if root and b" exec " in header:
            self._search.learned.append(("pyenv", os.fsdecode(root.group(1))))

    def _is_launcher(self, path: str) -> bool:
        """Say whether a small Windows program only starts another one, and remember which.

        Scoop writes `python.shim` beside it, the Python install manager `python.exe.__target__`.
        """
        target = read(path + ".__target__", HEADER_SIZE)
        if target is not None:
            return True
        target = read(os.path.splitext(path)[0] + ".shim", HEADER_SIZE)
        if target is None:
            return False
        written = re.search(r'path\s*=\s*"?([^"\r\n]+)', target.decode("utf-8", "replace"))
        if written and os.path.isabs(written.group(1)):
            self.homes.append(os.path.dirname(written.group(1)))
        return True

    def _is_environment(self, directory: str) -> bool:
        """Say whether a directory belongs to a virtual environment, and remember the home of its base (PEP 405)."""
        known = self._environments.get(directory)
        if known is not None:
            return known
        self._environments[directory] = True
        for marker in (os.path.dirname(directory), directory):
            text = read(os.path.join(marker, "pyvenv.cfg"), HEADER_SIZE)
            if text is not None:
                home = re.search(r"^\s*home\s*=\s*(.+?)\s*$", text.decode("utf-8", "surrogateescape"), re.MULTILINE)
                if home and os.path.isabs(home.group(1)):
                    self.homes.append(home.group(1))
                return True
        # virtualenv before 20 left no pyvenv.cfg.
        is_old = os.path.exists(os.path.join(directory, "activate_this.py"))
        self._environments[directory] = is_old
        return is_old


def _python_names(directory: str, *, is_windows: bool) -> list[str]:
    """Return the names in a directory that a Python may have, the one to report first: `python3.12` before `python3`.

    On Windows the plain `python.exe` is the program and the others are copies of it.
    """
    ranked = []
    for name in names_in(directory):
        # Most names fall here, and far quicker than in the expression.
        if not (name.lower() if is_windows else name).startswith(("python", "pypy", "graalpy")):
            continue
        match = PROGRAM_NAME.fullmatch(name.lower() if is_windows else name)
        if match and match.group(0).endswith(".exe") == is_windows:
            ranked.append((bool(match.group(4)), len(name) if is_windows else -len(name), name))
    return [name for _, _, name in sorted(ranked)]
