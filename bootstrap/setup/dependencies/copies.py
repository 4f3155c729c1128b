"""Requirements files with lines that pip takes and uv does not: uv gets copies of them, with what it takes instead.

pip checks a git repository out to be edited where a line has `-e` before its address (pip's documentation, "VCS
Support"); uv edits only what is on this machine. The copies lie as the files do, so that what they include is found,
and what else they name goes by the current folder, which stays.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bootstrap.detect.declared import decode
from bootstrap.setup.dependencies.inclusion import closure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bootstrap.model import Dependencies, Run

    Reader = Callable[[str], bytes | None]

FOLDER = "devstrap-requirements"
# Where the current folder is in there: a file may be included from above it.
_HERE = "_/_/_/_"
_TARGET = f"{{target}}/{FOLDER}/"
_EDITABLE = re.compile(
    r"""^\s*(?:-e|--editable)(?:\s*=\s*|\s*)(?P<quote>["']?)(?P<named>[A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?\s*@\s*)?"""
    r"""(?P<url>git\+[^\s"'#;]+)(?:\#(?P<fragment>[^\s"';]*))?(?P=quote)(?P<rest>.*)$"""
)
_EGG = re.compile(r"(?P<name>[A-Za-z0-9][\w.-]*)(?P<extras>\[[^\]]*\])?")
# What pip once read as the version behind the name.
_VERSION = re.compile(r"-(?:dev|\d+(?:\.\d+)+)$")
# git+git@github.com:ada/shop.git, as git itself has it.
_SCP = re.compile(r"^git\+([\w.-]+@[\w.-]+):(?!//)")


def plain(line: str) -> str:
    """Return a line that has a git repository checked out to be edited as uv installs the same; any other as it is.

    Name and extras are those of `egg`, and the folder in the repository is kept (PEP 508, "name @ address"). Without a
    name it is the address alone.
    """
    found = _EDITABLE.match(line)
    if found is None:
        return line
    from urllib.parse import unquote  # noqa: PLC0415 - few files have such a line

    told = dict(part.partition("=")[::2] for part in unquote(found["fragment"] or "").split("&"))
    egg = _EGG.match(told.get("egg", ""))
    named = found["named"] or (f"{_VERSION.sub('', egg['name'])}{egg['extras'] or ''} @ " if egg else "")
    folder = f"#subdirectory={told['subdirectory']}" if told.get("subdirectory") else ""
    rest = found["rest"].strip()
    address = _SCP.sub(r"git+ssh://\1/", found["url"])
    return f"{named}{address}{folder}{f' {rest}' if rest else ''}"


def readable(dependencies: Dependencies | None, read: Reader) -> Dependencies | None:
    """Return how the dependencies are installed by files that uv can read, and what of them is not as it is written."""
    if dependencies is None:
        return None
    files: dict[str, str] = {}
    remarks: dict[str, str] = {}
    installs = tuple(_with_copies(run, read, files, remarks) for run in dependencies.installs)
    if not files:
        return dependencies
    every = (*dependencies.files, *files.items())
    return replace(dependencies, installs=installs, files=every, remarks=(*dependencies.remarks, *remarks.items()))


def remarks_on(name: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield each place of a file that is not installed as it is written, with what is done instead."""
    for number, line in _differing(text):
        # Without a name the address is not shown: there may be a password in it.
        what, is_named, _ = line.partition(" @ ")
        told = (
            f"uv installs nothing from git to be edited: {what if is_named else 'what is there'} is installed as it"
            " is; clone it beside this, and name that folder, to edit it"
        )
        yield f"-e of {name}:{number}", told


def original(word: str) -> str:
    """Return the file, relative to the current folder, of which a command, or what uv says, names the copy."""
    _, is_copy, place = word.partition(f"{FOLDER}/")
    return posixpath.relpath(place, _HERE) if is_copy else word


def _with_copies(run: Run, read: Reader, files: dict[str, str], remarks: dict[str, str]) -> Run:
    words: list[str] = []
    for word in run.argv:
        is_file = words[-1:] == ["--requirements"] and not word.endswith(".toml")
        words.append(_copied(word, run.cwd, read, files, remarks) if is_file else word)
    return run._replace(argv=tuple(words))


def _copied(word: str, cwd: str, read: Reader, files: dict[str, str], remarks: dict[str, str]) -> str:
    """Return the copy of a file, noted with all that it includes; the file itself where uv can read that."""
    every = closure(posixpath.normpath(posixpath.join(cwd, word)), read)
    texts = {name: decode(name, read(name) or b"") for name in every}
    places = {name: posixpath.normpath(posixpath.join(_HERE, posixpath.relpath(name, cwd))) for name in every}
    found = {name: list(_differing(text)) for name, text in texts.items()}
    if not any(found.values()) or any(place.startswith("..") for place in places.values()):
        return word
    for name, text in texts.items():
        lines = text.splitlines()
        for number, line in found[name]:
            # As long as it was, since uv tells where something is wrong by counting.
            lines[number - 1] = line.ljust(len(lines[number - 1]))
        remarks |= remarks_on(name, text)
        files[f"{FOLDER}/{places[name]}"] = "\n".join((*lines, ""))
    return f"{_TARGET}{places[every[0]]}"


def _differing(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that uv does not take, by their number, as it takes them."""
    for number, line in enumerate(text.splitlines(), 1):
        if plain(line) != line:
            yield number, plain(line)
