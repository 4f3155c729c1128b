"""Requirements files in pip's format, alone or beside a project that has no groups."""

from __future__ import annotations

import hashlib
import posixpath
from typing import TYPE_CHECKING

from bootstrap.detect.declared import decode
from bootstrap.model import Dependencies, Run
from bootstrap.setup.dependencies import groups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bootstrap.model import Repository

    Reader = Callable[[str], bytes | None]

_FOLDER = "requirements"
_MAIN = ("requirements.txt", "requirements/base.txt", "requirements/main.txt", "requirements/requirements.txt")
_INCLUDE = ("-r", "--requirement", "-c", "--constraint")


def recognise(repository: Repository, read: Reader) -> Dependencies | None:
    """Return how the requirements files are installed, or None where there are none."""
    files = repository.settings.requirements or for_developers(repository, read)
    if not files:
        return None
    return Dependencies(
        manager="requirements",
        title=", ".join(files),
        installs=commands(files),
        fingerprint=fingerprint(files, read),
    )


def for_developers(repository: Repository, read: Reader) -> tuple[str, ...]:
    """Choose the files that developing and testing needs: the main one, then development's, then the tests'.

    A file that another of them includes is left to that one.
    """
    if repository.settings.requirements is not None:
        return repository.settings.requirements
    candidates = [name for name in _MAIN if _is_there(repository, read, name)][:1]
    for family in (groups.DEVELOPMENT, groups.TEST):
        candidates += [name for name in _spellings(family) if _is_there(repository, read, name)][:1]
    included = {name for file in candidates for name in closure(file, read) if name != file}
    return tuple(name for name in candidates if name not in included)


def _is_there(repository: Repository, read: Reader, name: str) -> bool:
    return name.partition("/")[0] in repository.files and read(name) is not None


def _spellings(family: tuple[str, ...]) -> Iterator[str]:
    for word in family:
        for pattern in ("requirements-{}.txt", "requirements_{}.txt", "{}-requirements.txt", "{}_requirements.txt"):
            yield pattern.format(word)
        yield f"{_FOLDER}/{word}.txt"
        yield f"{_FOLDER}/requirements-{word}.txt"


def commands(files: tuple[str, ...]) -> tuple[Run, ...]:
    """Return one command for each folder with such files, run from inside it.

    A path such as `-e file:../shared` is relative to the current folder, for uv and for pip alike.
    """
    folders: dict[str, list[str]] = {}
    for name in files:
        folders.setdefault(posixpath.dirname(name) or ".", []).append(posixpath.basename(name))
    return tuple(
        Run(
            (
                "uv",
                "pip",
                "install",
                "--python",
                "{target}",
                *(part for name in names for part in ("--requirements", name)),
            ),
            f"install {' and '.join(posixpath.normpath(posixpath.join(folder, name)) for name in names)}",
            cwd=folder,
        )
        for folder, names in folders.items()
    )


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


def fingerprint(files: tuple[str, ...], read: Reader) -> str:
    """Return a hash of the files and of everything that they include."""
    digest = hashlib.sha256()
    for file in files:
        for name in closure(file, read):
            digest.update(name.encode("utf-8", "surrogateescape") + b"\0" + (read(name) or b"") + b"\0")
    return digest.hexdigest()[:16]
