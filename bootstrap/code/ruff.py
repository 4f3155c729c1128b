"""ruff's pyupgrade rules, run by uv on a copy: what the repository leaves out stays out, no file is touched."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from bootstrap.code.module import blank
from bootstrap.code.settings import Chosen, as_toml, choices, is_spared
from bootstrap.failures import explain
from bootstrap.model import Run
from bootstrap.process import run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bootstrap.commands import Tools
    from bootstrap.policy import Minor
    from bootstrap.process import Completed

VERSION = "0.17.6"
"""Pinned: another ruff would make another diff."""
OLDEST = (3, 7)
NEWEST = (3, 15)
# Dead branches are taken out by `branches`, which keeps comments. Quoted annotations are left to their authors.
_LEFT = ("UP036", "UP037")

# From where to where, by line and column, and what stands there then.
_Edit = tuple[tuple[int, int], tuple[int, int], str]


def included(texts: Mapping[str, str], settings: Mapping[str, bytes], tools: Tools) -> frozenset[str]:
    """Return the files that the repository's settings neither exclude nor spare the rule on dead branches."""
    from tempfile import TemporaryDirectory  # noqa: PLC0415 - only where code is renewed

    with TemporaryDirectory(prefix="devstrap-") as place:
        copy = Path(place) / "copy"
        _lay_out(copy, settings, texts)
        shown = _run(Path(place), ("--show-files",), tools).stdout.splitlines()
        paths = {Path(line).resolve().relative_to(copy.resolve()).as_posix() for line in shown if line.strip()}
    chosen = choices(settings)
    return frozenset(path for path in paths & texts.keys() if not is_spared(path, chosen, _LEFT[0]))


def renewed(texts: Mapping[str, str], settings: Mapping[str, bytes], floor: Minor, tools: Tools) -> dict[str, str]:
    """Return what the rules make of modules that are for Pythons from `floor` on; only what changed.

    `settings` are the repository's TOML files: what they exclude and ignore is left alone. Raises StepError where there
    is no ruff to be had.
    """
    from tempfile import TemporaryDirectory  # noqa: PLC0415 - only where code is renewed

    with TemporaryDirectory(prefix="devstrap-") as place:
        copy = Path(place) / "copy"
        _lay_out(copy, settings, texts)
        words = ("--fix", "--quiet", "--target-version", f"py{floor[0]}{min(floor, NEWEST)[1]}")
        _run(Path(place), words, tools)
        return {path: text for path in texts if (text := _read(copy / path)) != texts[path]}


def unused(texts: Mapping[str, str], tools: Tools) -> dict[str, list[dict[str, Any]]]:
    """Return what ruff says of imports that nothing uses, by file."""
    from tempfile import TemporaryDirectory  # noqa: PLC0415 - only where code is renewed

    # by number: of an __init__.py it would say that somebody may import from it whatever is imported there
    names = {f"m{number}{PurePosixPath(path).suffix}": path for number, path in enumerate(texts)}
    found: dict[str, list[dict[str, Any]]] = {path: [] for path in texts}
    with TemporaryDirectory(prefix="devstrap-") as place:
        _lay_out(Path(place) / "copy", {}, {name: texts[path] for name, path in names.items()})
        words = ("--isolated", "--select", "F401", "--output-format", "json")
        told = json.loads(_run(Path(place), words, tools).stdout)
    for one in told:
        found[names[Path(one["filename"]).name]].append(one)
    return found


def without_new_unused(before: Mapping[str, str], after: Mapping[str, str], tools: Tools) -> dict[str, str]:
    """Return texts without the imports that nothing uses now, and something used before."""
    then, now = unused(before, tools), unused(after, tools)
    cleaned: dict[str, str] = {}
    for path, found in now.items():
        known = {_name(one) for one in then[path]}
        # ruff takes all out of a statement at once: one in which something was unused before is left as it is
        left = {edit for one in found if _name(one) in known for edit in _edits(one)}
        edits = {edit for one in found if _name(one) not in known for edit in _edits(one)}
        cleaned[path] = _edited(after[path], edits - left)
    return {path: text for path, text in cleaned.items() if text != after[path]}


def _name(found: Mapping[str, Any]) -> str:
    """Return what is unused: the first word in the message; what follows depends on where the import stands."""
    return str(found["message"]).split("`")[1]


def _edits(found: Mapping[str, Any]) -> list[_Edit]:
    edits = found["fix"]["edits"] if found["fix"] else ()
    return [(_place(edit["location"]), _place(edit["end_location"]), edit["content"]) for edit in edits]


def _place(location: Mapping[str, int]) -> tuple[int, int]:
    return location["row"], location["column"]


def _edited(text: str, edits: set[_Edit]) -> str:
    starts = [0, *(line.end() for line in re.finditer(r"\r\n|\r|\n", text))]
    for (row, column), (end_row, end_column), content in sorted(edits, reverse=True):
        first = starts[row - 1] + column - 1
        last = starts[end_row - 1] + end_column - 1 if end_row <= len(starts) else len(text)
        rest = text[last:]
        if not content and text[:first].endswith("\n") and not text[last - 1 : last].strip():
            lines = rest.splitlines(keepends=True)
            rest = "".join(lines[min(blank(lines), blank(reversed(text[:first].splitlines()))) :])
        text = text[:first] + content + rest
    return text


def _lay_out(copy: Path, settings: Mapping[str, bytes], texts: Mapping[str, str]) -> None:
    """Write the files where ruff may work on them; nothing above counts as the repository's settings."""
    for folder, chosen in {"": Chosen(), **choices(settings)}.items():
        _write(copy / folder / "ruff.toml", as_toml(chosen, _LEFT))
    for path, text in texts.items():
        _write(copy / path, text.encode())


def _write(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)


def _read(file: Path) -> str:
    return file.read_bytes().decode()


def _run(place: Path, words: tuple[str, ...], tools: Tools) -> Completed:
    argv = ("uv", "tool", "run", "--python", sys.executable, "--from", f"ruff=={VERSION}")
    given = (*argv, "ruff", "check", "--no-cache", "--exit-zero", "--no-respect-gitignore", *words, "copy")
    command = tools.real(Run(given, "run ruff"), place, place)
    env = {name: value for name, value in command.env.items() if not name.startswith("RUFF_")}
    done = run(command.argv, cwd=command.cwd, env=env)
    if done.ok:
        return done
    raise explain(done, f"run ruff {VERSION}")
