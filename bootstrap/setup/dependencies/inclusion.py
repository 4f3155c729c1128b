"""Which files a requirements file includes, as pip and uv follow them, and which projects it names as editable."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.detect.declared import decode
from bootstrap.detect.repository import distribution_name, normalise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Reader = Callable[[str], bytes | None]

_INCLUDE = ("-r", "--requirement", "-c", "--constraint")
_EDITABLE = re.compile(r"^\s*(?:-e|--editable)(?:\s*=\s*|\s+)(?=\S)(?![\w.+-]+\+\w+:)", re.MULTILINE)
"""What stands before the folder of a project; an address of a version control is none."""
_INCLUSION = re.compile(r"^\s*(-r|-c|--requirement|--constraint)(?:\s*=\s*|\s*)(\S+)\s*(?:#.*)?$")


def closure(name: str, read: Reader) -> list[str]:
    """Return `name` and every requirements or constraints file that it includes, each once, in that order."""
    seen: list[str] = []
    waiting = [name]
    while waiting:
        current = waiting.pop(0)
        if current in seen:
            continue
        content = read(current)
        if content is None:
            continue
        seen.append(current)
        folder = posixpath.dirname(current)
        waiting += [posixpath.normpath(posixpath.join(folder, path)) for path in _included(decode(current, content))]
    return seen


def _included(text: str) -> Iterator[str]:
    for line in text.splitlines():
        words = line.partition(" #")[0].replace("=", " ", 1).split() if line.lstrip().startswith("-") else []
        if len(words) == 2 and words[0] in _INCLUDE and "://" not in words[1]:
            yield words[1]
        elif len(words) == 1 and words[0][:2] in ("-r", "-c") and len(words[0]) > 2 and words[0][1] != "-":
            yield words[0][2:]


_LOCAL = re.compile(
    r"^\s*(?:(?:-e|--editable)(?:\s*=\s*|\s+)(?:file:)?|(?=\.))([^\s#;\[:+]+)(?=[\s#;\[]|$)", re.MULTILINE
)


def base_of(name: str, read: Reader) -> str:
    """Return the folder from which the paths in a file lead to projects: its own, or the root where they do from there.

    Whoever is told to type `pip install -r requirements/dev.txt` stands in the root, and `-e .` in it is the root.
    """
    folder = posixpath.dirname(name) or "."
    paths = [path for one in closure(name, read) for path in _LOCAL.findall(decode(one, read(one) or b""))]
    lost = [path for path in paths if not _is_project(posixpath.join(folder, path), read)]
    return "." if any(_is_project(path, read) for path in lost) else folder


def _is_project(path: str, read: Reader) -> bool:
    folder = posixpath.normpath(path)
    return any(read(posixpath.normpath(f"{folder}/{name}")) is not None for name in ("setup.py", "pyproject.toml"))


_OF_PYTHON3 = ("{}-py3.txt", "{}_py3.txt", "{}-python3.txt", "{}3.txt")


def for_python3(name: str, read: Reader) -> str:
    """Return the file that stands in for this one on Python 3, as `requirements-py3.txt`; else the file.

    It stands in for it if both name some of the same distributions, or it includes the other; else it is about
    something else.
    """
    stem, ending = posixpath.splitext(name)
    others = [other.format(stem) for other in _OF_PYTHON3] if ending == ".txt" else []
    other = next((one for one in others if read(one) is not None), "")
    return other if other and (name in closure(other, read) or _named(name, read) & _named(other, read)) else name


def _named(name: str, read: Reader) -> set[str]:
    """Return the distributions that a file itself names."""
    lines = map(str.strip, decode(name, read(name) or b"").splitlines())
    return {normalise(distribution_name(line)) for line in lines if line and line[0] not in "#-"}


class Plain(NamedTuple):
    """Requirements files in one text, in which projects are named without being editable."""

    text: str
    constraints: tuple[str, ...]
    """The constraints files that belong to it."""


def has_editable(name: str, read: Reader) -> bool:
    """Say whether the file, or one that it includes, names the folder of a project to be installed editable."""
    return any(_EDITABLE.search(decode(one, read(one) or b"")) for one in closure(name, read))


def plain(names: Iterable[str], read: Reader) -> Plain:
    """Return the files with all that they include, and with their projects named as what is copied."""
    seen: list[str] = []
    constraints: list[str] = []
    lines = [line for name in names for line in _lines(name, read, seen, constraints)]
    return Plain("\n".join((*lines, "")), tuple(dict.fromkeys(constraints)))


def _lines(name: str, read: Reader, seen: list[str], constraints: list[str]) -> Iterator[str]:
    """Yield the lines of a file and of what it includes, each file once; `constraints` gets those files."""
    if name in seen:
        return
    seen.append(name)
    for line in decode(name, read(name) or b"").splitlines():
        found = _INCLUSION.match(line)
        if found is None or "://" in found[2]:
            yield _EDITABLE.sub("", line)
            continue
        path = posixpath.normpath(posixpath.join(posixpath.dirname(name), found[2]))
        if found[1] in ("-c", "--constraint"):
            constraints.append(path)
        else:
            yield from _lines(path, read, seen, constraints)
