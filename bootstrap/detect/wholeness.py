"""Whether what is installed is there to the last file, as each distribution's RECORD lists it.

A full disk or a stray `rm` leaves a distribution of which the metadata are there and the modules are not. uv and pip go
by the metadata: they find nothing missing, and install nothing.
"""

from __future__ import annotations

import csv
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def first_gap(library: Path) -> tuple[str, str] | None:
    """Return a distribution in the site-packages `library` and a file that it lacks, or None where all are whole."""
    present: dict[str, frozenset[str]] = {}
    for info in _metadata_folders(library):
        for path in _recorded(library / info / "RECORD"):
            folder, _, name = path.rpartition("/")
            if folder not in present:
                present[folder] = _names(library / folder)
            if name not in present[folder]:
                return info.removesuffix(".dist-info"), path
    return None


def distributions(library: Path) -> frozenset[str]:
    """Return the names, as their metadata folders spell them, of the distributions in the site-packages `library`."""
    return frozenset(name.partition("-")[0].lower() for name in _metadata_folders(library))


def _metadata_folders(library: Path) -> list[str]:
    return sorted(name for name in _names(library) if name.endswith(".dist-info"))


def _names(folder: Path) -> frozenset[str]:
    try:
        return frozenset(os.listdir(folder))
    except OSError:
        return frozenset()


def _recorded(record: Path) -> Iterator[str]:
    """Yield the files that belong below site-packages (recording installed projects, PyPA specification).

    Bytecode comes and goes, and commands lie elsewhere, where people replace them; so does what a wheel has for other
    places in its `.data` folder: it was moved there, and a command of the same name may have taken its place.
    """
    try:
        text = record.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return
    for line in text.splitlines():
        # Only a name with a comma or a quote is quoted; for all the others csv would take most of the time.
        path = next(csv.reader([line]))[0] if line.startswith('"') else line.partition(",")[0]
        is_below = path and not path.startswith(("../", "/")) and ":" not in path
        if is_below and "__pycache__" not in path and not path.partition("/")[0].endswith(".data"):
            yield path
