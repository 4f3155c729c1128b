"""What a person is asked about: groups, extras and files of which nothing tells whether a contributor needs them."""

from __future__ import annotations

import os
import posixpath
from typing import TYPE_CHECKING

from bootstrap.detect.repository import normalise
from bootstrap.nested import at
from bootstrap.setup.dependencies import groups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bootstrap.model import Dependencies, Repository

    Reader = Callable[[str], bytes | None]

_FOLDER = "requirements"


def candidates(repository: Repository, wanted: Dependencies | None, read: Reader) -> dict[str, tuple[str, ...]]:
    """Return what there is to choose from, by the key of `[tool.devstrap]`; nothing where it is clear.

    It is clear where somebody said so, where a name says that something is for developing, and where tox, CI and the
    like say what the tests need: the title of what is installed names it then.
    """
    if groups.is_named(repository) or any(groups.chosen(repository)):
        return {}
    manager = wanted.manager if wanted is not None else "requirements"
    is_guessed = wanted is not None and " with " in wanted.title
    found: dict[str, tuple[str, ...]] = {}
    if manager in ("uv", "pyproject") and not is_guessed:
        found["groups"] = tuple(at(repository.pyproject, "dependency-groups"))
        found["extras"] = tuple(at(repository.pyproject, "project", "optional-dependencies"))
    if manager == "requirements" or (manager == "pyproject" and not is_guessed):
        found["requirements"] = _files(repository, wanted, read)
    return {key: names for key, names in found.items() if names}


def _files(repository: Repository, wanted: Dependencies | None, read: Reader) -> tuple[str, ...]:
    """Return the requirements files, the ones that are taken first; nothing where no others are, or more is known."""
    from bootstrap.setup.dependencies import requirements  # noqa: PLC0415 - it loads what knows the tests' needs

    taken = requirements.for_developers(repository, read)
    is_known = any(_is_for_developers(name) for name in taken)
    has_more = wanted is not None and wanted.manager == "requirements" and wanted.title != ", ".join(taken)
    others = tuple(name for name in _there(repository) if name not in taken)
    return (*taken, *others) if others and not is_known and not has_more else ()


def _is_for_developers(name: str) -> bool:
    words = normalise(posixpath.splitext(name.replace("/", "-"))[0]).split("-")
    return bool({*groups.DEVELOPMENT, *groups.TEST, "local"} & set(words))


def _there(repository: Repository) -> Iterator[str]:
    yield from sorted(name for name in repository.files if "requirements" in name and name.endswith(".txt"))
    if _FOLDER in repository.files:
        try:
            names = sorted(os.listdir(repository.root / _FOLDER))
        except OSError:
            return
        yield from (f"{_FOLDER}/{name}" for name in names if name.endswith(".txt"))
