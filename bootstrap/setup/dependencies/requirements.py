"""Requirements files in pip's format, alone or beside a project that has no groups."""

from __future__ import annotations

import hashlib
import posixpath
from itertools import pairwise
from typing import TYPE_CHECKING

from bootstrap.detect.declared import decode
from bootstrap.detect.repository import normalise
from bootstrap.model import Dependencies, Run
from bootstrap.setup.dependencies import groups, testing
from bootstrap.setup.dependencies.inclusion import base_of, closure, for_python3

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bootstrap.model import Repository

    Reader = Callable[[str], bytes | None]

_FOLDER = "requirements"
_MAIN = (
    *("requirements.txt", "requirements/base.txt", "requirements/main.txt", "requirements/requirements.txt"),
    *("requirements/common.txt", "requirements_base.txt", "requirements-base.txt", "base-requirements.txt"),
    *("base_requirements.txt", "requirements_common.txt", "requirements-common.txt", "common-requirements.txt"),
    *("requirements_main.txt", "requirements-main.txt"),
)
_PRODUCTION = {"prod", "production", "deploy", "deployment", "live", "heroku"}


def recognise(repository: Repository, read: Reader) -> Dependencies | None:
    """Return how the requirements files are installed, or None where there are none."""
    files = for_developers(repository, read)
    if not files and "pytest" not in repository.tools:
        return None  # tests alone, of parts or of nothing, are no project
    more = testing.more(repository, read, testing.lines(files, read), {})
    files += tuple(name for name in more.files if name not in files)
    if not files and not more.requirements:
        return None
    named = Run(
        ("uv", "pip", "install", "--python", "{target}", *more.requirements), f"install what {more.origin} asks for"
    )
    return Dependencies(
        manager="requirements",
        title=", ".join((*files, *([more.origin] if more.requirements else ()))),
        installs=(*commands(files, read), *([named] if more.requirements else ())),
        fingerprint=fingerprint(files, read, more.requirements),
    )


def for_developers(repository: Repository, read: Reader) -> tuple[str, ...]:
    """Choose the files that developing and testing needs: the main one, then development's, then the tests'.

    A file that another of them includes is left to that one. So is a main file that stands for production, as hosts
    want it at the root: it often cannot even be built on a developer's machine. It is one where it includes a file
    that is named for production; and the development's stands for the whole where both include another one, their
    common base. Where they share nothing, the development's may be no more than the tools, and both are taken.
    """
    if repository.settings.requirements is not None:
        return repository.settings.requirements
    candidates = [name for name in _MAIN if _is_there(repository, read, name)][:1]
    for family in (groups.DEVELOPMENT, groups.TEST):
        candidates += [name for name in _spellings(family) if _is_there(repository, read, name)][:1]
    included = {name for file in candidates for name in closure(file, read) if name != file}
    included |= {main for main in candidates[:1] if main in _MAIN and _is_for_production(main, candidates[1:], read)}
    return tuple(_lock_beside(for_python3(name, read), read) for name in candidates if name not in included)


def _lock_beside(name: str, read: Reader) -> str:
    """Return the lock that was compiled from the file and lies beside it, as `requirements.lock`; else the file."""
    lock = f"{posixpath.splitext(name)[0]}.lock"
    words = _compiled_by((read(lock) or b"").decode("utf-8", "replace"))
    return lock if posixpath.basename(name) in map(posixpath.basename, words) else name


def _is_for_production(main: str, others: list[str], read: Reader) -> bool:
    """Say whether the main file is that of a host, and one of the others has the rest of it too."""
    reached = set(closure(main, read)) - {main}
    if not any(_PRODUCTION & set(_words(posixpath.basename(name))) for name in reached):
        return False
    return any(reached & set(closure(other, read)) - {other} for other in others)


def _words(name: str) -> list[str]:
    return name.lower().replace("_", "-").replace(".", "-").split("-")


def _is_there(repository: Repository, read: Reader, name: str) -> bool:
    return name.partition("/")[0] in repository.files and read(name) is not None


def lock_of(
    repository: Repository, read: Reader, wanted_groups: tuple[str, ...], wanted_extras: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the requirements file that pins these groups and extras, as pip-compile and uv pip compile write it.

    Both begin the file with the command that made it. A file that leaves one of the groups or extras out is not theirs.
    """
    for name in _named_as_requirements(repository):
        if _is_there(repository, read, name) and _pins(decode(name, read(name) or b""), wanted_groups, wanted_extras):
            return (name,)
    return ()


def _named_as_requirements(repository: Repository) -> Iterator[str]:
    yield from sorted(name for name in repository.files if "requirements" in name and name.endswith(".txt"))
    if _FOLDER in repository.files:
        names = (name for family in (groups.DEVELOPMENT, groups.TEST) for name in _spellings(family))
        yield from (name for name in names if "/" in name)


def _pins(text: str, wanted_groups: tuple[str, ...], wanted_extras: tuple[str, ...]) -> bool:
    """Say whether the file was compiled with all of these."""
    words = _compiled_by(text)
    extras = {name for value in _values(words, "--extra") for name in value.split(",")}
    # a group may be named with its file: pyproject.toml:dev
    named = {value.rpartition(":")[2] for value in _values(words, "--group")}
    has_extras = "--all-extras" in words or set(map(normalise, wanted_extras)) <= set(map(normalise, extras))
    return bool(words) and has_extras and set(map(normalise, wanted_groups)) <= set(map(normalise, named))


def _compiled_by(text: str) -> list[str]:
    """Return the words of the command in the comment with which a compiled file begins; none where there is none."""
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        words = line.lstrip("# ").split()
        if words[:1] == ["pip-compile"] or words[:3] == ["uv", "pip", "compile"]:
            return words
    return []


def _values(words: list[str], option: str) -> list[str]:
    """Return what an option is given, each time, after `=` or as the next word."""
    found = [word.partition("=")[2] for word in words if word.startswith(f"{option}=")]
    return found + [value for word, value in pairwise(words) if word == option]


def _spellings(family: tuple[str, ...]) -> Iterator[str]:
    for word in family:
        for pattern in ("requirements-{}.txt", "requirements_{}.txt", "{}-requirements.txt", "{}_requirements.txt"):
            yield pattern.format(word)
        yield f"{_FOLDER}/{word}.txt"
        yield f"{_FOLDER}/requirements-{word}.txt"
    if family is groups.DEVELOPMENT:
        yield f"{_FOLDER}/local.txt"  # beside production.txt, as Django's projects have it


def commands(files: tuple[str, ...], read: Reader) -> tuple[Run, ...]:
    """Return one command for each folder with such files, run from inside it, or from the root for those written so.

    A path such as `-e file:../shared` is relative to the current folder, for uv and for pip alike.
    """
    folders: dict[str, list[str]] = {}
    for name in files:
        base = base_of(name, read)
        folders.setdefault(base, []).append(name if base == "." else posixpath.basename(name))
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


def fingerprint(files: tuple[str, ...], read: Reader, named: tuple[str, ...] = ()) -> str:
    """Return a hash of the files, of everything that they include, and of requirements from elsewhere."""
    digest = hashlib.sha256("\n".join(named).encode("utf-8", "surrogateescape"))
    for file in files:
        for name in closure(file, read):
            digest.update(name.encode("utf-8", "surrogateescape") + b"\0" + (read(name) or b"") + b"\0")
    return digest.hexdigest()[:16]
