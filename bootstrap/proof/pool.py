"""Everything that a repository requires anywhere: where a missing import is looked for before anything is guessed."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from bootstrap.detect.repository import distribution_name
from bootstrap.errors import BootstrapError
from bootstrap.proof.names import could_be
from bootstrap.proof.unittests import listed
from bootstrap.setup.dependencies import conda, groups, hatch, nox, said, setup_script, setuptools, tables, testing, tox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bootstrap.model import Repository

    Reader = Callable[[str], bytes | None]

_FOLDERS = ("", "requirements", "tests", "test", "ci", "docs", "requirements/extras")


def declared(repository: Repository, read: Reader) -> Iterator[str]:
    """Yield the requirements of every group, extra, environment and requirements file."""
    project = repository.pyproject.get("project", {})
    others = setuptools.extras(repository, read).known
    yield from groups.required(
        repository,
        repository.pyproject.get("dependency-groups", {}),
        (*project.get("optional-dependencies", {}), *others),
        others,
    )
    yield from setup_script.required(repository, read)
    yield from tables.needs_of(repository).requirements
    for source in (hatch.needs_of, tox.needs_of, nox.needs_of, setup_script.needs_of, said.needs_of, conda.needs_of):
        found = source(repository, read)
        yield from found.requirements
        yield from _lines(found.files, read)
    yield from _lines(_requirements_files(repository), read)


def _lines(files: tuple[str, ...], read: Reader) -> list[str]:
    try:
        return [
            line.partition(" #")[0].partition(" --hash")[0].strip().rstrip("\\") for line in testing.lines(files, read)
        ]
    except BootstrapError:
        return []


def _requirements_files(repository: Repository) -> tuple[str, ...]:
    found: list[str] = []
    for folder in _FOLDERS:
        try:
            names = os.listdir(repository.root / folder)
        except OSError:
            continue
        named = [name for name in sorted(names) if name.endswith((".txt", ".in"))]
        found += [
            f"{folder}/{name}".lstrip("/")
            for name in named
            if folder.startswith("req") or "requirements" in name.lower()
        ]
    return tuple(found)


def requirement_for(module: str, repository: Repository, read: Reader) -> str:
    """Return the requirement that brings a module, as the repository words it; empty where none does."""
    for line in declared(repository, read):
        name = distribution_name(line.strip())
        is_named = not line.strip().startswith(("-", ".", "/"))  # a folder of the repository brings more than a module
        if name and is_named and could_be(module, name):
            return line.strip()
    return ""


def of_installed(module: str, library: Path | None) -> str:
    """Return what an installed distribution requires for one of its extras, where it brings a module; else empty.

    Whoever uses an optional feature in the tests alone often declares it nowhere.
    """
    for name in listed(library):
        if library is None or not name.endswith(".dist-info"):
            continue
        try:
            text = (library / name / "METADATA").read_text("utf-8", "replace").partition("\n\n")[0]
        except OSError:
            continue
        for found in _OF_EXTRA.finditer(text):
            if could_be(module, found[1]):
                return found[1] + (found[2] or "").strip("() ").replace(" ", "")
    return ""


# Requires-Dist: distributed (>=1.22); extra == 'complete'
_OF_EXTRA = re.compile(r"(?m)^Requires-Dist: ([\w.-]+)\s*(\([^)]*\)|[<>=!~][^;\n]*)?\s*;.*\bextra\b")
