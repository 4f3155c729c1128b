"""Turns the copy of a project in an environment into links to its sources: editable, without what PEP 660 needs.

Older build tools, and the last ones for Python 3.6, install a project only as a copy. Its scripts and metadata stay as
they are; its modules are taken out, and the folder that has them is named in a `.pth` file (the site module's
documentation). A package with compiled modules is left as it is.

Run as a script: `python linked.py ENVIRONMENT PROJECT`.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

_NAME = "devstrap-linked.pth"
_COMPILED = (".so", ".pyd")


def link(environment: Path, project: Path) -> str:
    """Link the project that was installed from the folder `project`; return why not where that cannot be."""
    from urllib.parse import unquote  # noqa: PLC0415 - nothing else here needs it

    for library in (*environment.glob("lib/*/site-packages"), *environment.glob("Lib/site-packages")):
        for metadata in library.glob("*.dist-info"):
            if unquote(_origin(metadata)) == unquote(project.as_uri()):
                return _linked(library, metadata, project)
    return f"no copy of {project} was found"


def _origin(metadata: Path) -> str:
    """Return the address that the installation was made from (PEP 610)."""
    try:
        return str(json.loads((metadata / "direct_url.json").read_bytes()).get("url", "")).rstrip("/")
    except (OSError, ValueError, AttributeError):
        return ""


def _linked(library: Path, metadata: Path, project: Path) -> str:
    rows = list(csv.reader((metadata / "RECORD").read_text("utf-8").splitlines()))
    inside = [row for row in rows if row and _is_module(row[0], metadata.name)]
    if any(row[0].endswith(_COMPILED) for row in inside):
        return "it has compiled modules"
    tops = sorted({row[0].split("/")[0] for row in inside})
    folder = next((one for one in (project / "src", project / "lib", project) if _has(one, tops)), None)
    if not tops or folder is None:
        return "its modules are not where they are imported from"
    for row in inside:
        (library / row[0]).unlink(missing_ok=True)
    for top in tops:
        _remove_empty(library / top)
    (library / _NAME).write_text(f"{folder}\n", "utf-8")
    kept = [row for row in rows if row not in inside] + [[_NAME, "", ""]]
    with (metadata / "RECORD").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(kept)
    return ""


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
    reason = link(Path(sys.argv[1]), Path(sys.argv[2]))
    if reason:
        sys.stderr.write(f"the project stays as a copy, since {reason}: install again after a change\n")
