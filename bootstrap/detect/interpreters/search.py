"""What a search goes by, and the places that it leads to."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bootstrap.detect.interpreters.registry import ReadKey
    from bootstrap.machine import Host


class Place:
    """A directory that may hold interpreters, and who put them there.

    `label` is what the source calls the installation; an exact version is believed when the files do not tell one.
    `keeps_link` says that the directory is a stable link to a place that an upgrade removes: the path to report leads
    through the link.
    """

    # Plain classes, here as elsewhere in this package: a named tuple takes as long to make as a module to import.
    __slots__ = ("directory", "keeps_link", "label", "source")

    def __init__(self, directory: str, source: str, label: str = "", *, keeps_link: bool = False) -> None:
        self.directory = directory
        self.source = source
        self.label = label
        self.keeps_link = keeps_link


class Search:
    """What the sources need to know.

    `read_key` reads the registry in place of `registry.read_registry_key`; `learned` are the installation roots that
    PATH gave away: (kind, path).
    """

    __slots__ = ("_home", "_root", "env", "host", "learned", "read_key")

    def __init__(self, env: Mapping[str, str], host: Host, system_root: Path, read_key: ReadKey | None) -> None:
        self.env = env
        self.host = host
        self.read_key = read_key
        self.learned: list[tuple[str, str]] = []
        self._root = os.path.realpath(system_root)
        home = env.get("USERPROFILE" if self.is_windows else "HOME", "")
        self._home = home if os.path.isabs(home) else ""

    @property
    def is_windows(self) -> bool:
        """Say whether the machine runs Windows."""
        return self.host.system == "windows"

    def at(self, path: str) -> str:
        """Return an absolute path of the machine, below the root that is searched."""
        return os.path.join(self._root, path)

    def homes(self, *paths: str) -> list[str]:
        """Return paths below the person's home, or nothing where there is no home."""
        return [os.path.join(self._home, path) for path in paths] if self._home else []

    def below(self, variable: str, *paths: str) -> list[str]:
        """Return paths below the directory that an environment variable names, or nothing where it is not set."""
        value = self.env.get(variable, "")
        return [os.path.join(value, path) for path in paths] if os.path.isabs(value) else []

    def roots(self, kind: str) -> list[str]:
        """Return the roots of `kind` that PATH gave away."""
        return [path for known, path in self.learned if known == kind]

    def binaries(self, prefix: str) -> str:
        """Return where an installation at `prefix` keeps its programs."""
        return prefix if self.is_windows else os.path.join(prefix, "bin")
