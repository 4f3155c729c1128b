"""Turns the copy of a project in an environment into links to its sources: editable, without what PEP 660 needs.

Older build tools, and the last ones for Python 3.6, install a project only as a copy. Its scripts and metadata stay as
they are; its modules are taken out, and the folder that has them is named in a `.pth` file (the site module's
documentation). A package with compiled modules is left as it is.

Run as a script: `python linked.py ENVIRONMENT [PROJECT]`. Without a project it is all those that were copied from a
folder, as those that a requirements file names are.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMPILED = (".so", ".pyd")


def link(environment: Path, project: Path) -> str:
    """Link the project that was installed from the folder `project`; return why not where that cannot be."""
    for copy in _copies(environment):
        if copy.project == project:
            return _linked(copy)
    return f"no copy of {project} was found"


def link_all(environment: Path) -> list[str]:
    """Link every project that was copied from a folder; return why not, for those where that cannot be."""
    copies = [copy for copy in _copies(environment) if not (copy.library / copy.link).is_file()]
    return [reason for copy in copies if (reason := _linked(copy))]


class _Copy(NamedTuple):
    """A project that was installed from a folder, and not editable."""

    library: Path
    metadata: Path
    project: Path

    @property
    def link(self) -> str:
        """The name of the file that names its folder, one for each: what takes a project out takes that with it."""
        return f"devstrap-linked-{self.metadata.name.partition('-')[0]}.pth"


def _copies(environment: Path) -> Iterator[_Copy]:
    from urllib.parse import urlsplit  # noqa: PLC0415 - nothing else here needs it
    from urllib.request import url2pathname  # noqa: PLC0415

    for library in (*environment.glob("lib/*/site-packages"), *environment.glob("Lib/site-packages")):
        for metadata in sorted(library.glob("*.dist-info")):
            origin = urlsplit(_origin(metadata))
            if origin.scheme == "file":
                yield _Copy(library, metadata, Path(url2pathname(origin.path.rstrip("/"))))


def _origin(metadata: Path) -> str:
    """Return the address of the folder that a copy was made from (PEP 610); empty where there is none."""
    try:
        origin = json.loads((metadata / "direct_url.json").read_bytes())
        folder = origin.get("dir_info")
        return str(origin.get("url", "")) if isinstance(folder, dict) and not folder.get("editable") else ""
    except (OSError, ValueError, AttributeError):
        return ""


def _linked(copy: _Copy) -> str:
    """Take the modules of a copy out and name their folder; return why not where that cannot be."""
    library, metadata, project = copy
    rows = _record(metadata)
    inside = [row for row in rows if row and _is_module(row[0], metadata.name)]
    if any(row[0].endswith(_COMPILED) for row in inside):
        return "it has compiled modules"
    tops = sorted({row[0].split("/")[0] for row in inside})
    folder = next((one for one in (project / "src", project / "lib", project) if _has(one, tops)), None)
    if not tops or folder is None:
        return "its modules are not where they are imported from"
    theirs = {row[0] for other in library.glob("*.dist-info") if other != metadata for row in _record(other) if row}
    for row in inside:
        if row[0] not in theirs:  # several bring a package `tests`
            (library / row[0]).unlink(missing_ok=True)
    for top in tops:
        _remove_empty(library / top)
    (library / copy.link).write_text(f"{folder}\n", "utf-8")
    kept = [row for row in rows if row not in inside] + [[copy.link, "", ""]]
    with (metadata / "RECORD").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(kept)
    return ""


def _record(metadata: Path) -> list[list[str]]:
    """Return what a distribution brought, as it says itself; nothing where it does not."""
    try:
        return list(csv.reader((metadata / "RECORD").read_text("utf-8").splitlines()))
    except (OSError, ValueError):
        return []


def _is_module(path: str, metadata: str) -> bool:
    return not path.startswith(("..", "/", metadata)) and ".dist-info/" not in path and ".data/" not in path


def _has(folder: Path, tops: list[str]) -> bool:
    return bool(tops) and all((folder / top).exists() for top in tops)


def _remove_empty(folder: Path) -> None:
    if not folder.is_dir():
        return
    for child in sorted(folder.rglob("*"), key=lambda path: len(path.parts), reverse=True):
        if child.is_dir() and not any(child.iterdir()):
            child.rmdir()
        elif child.suffix == ".pyc":
            child.unlink()
            if not any(child.parent.iterdir()):
                child.parent.rmdir()
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


if __name__ == "__main__":
    given = [Path(word) for word in sys.argv[1:]]
    for reason in filter(None, [link(*given)] if given[1:] else link_all(given[0])):
        sys.stderr.write(f"the project stays as a copy, since {reason}: install again after a change\n")
