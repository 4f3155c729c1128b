"""Where a requirement is written: the file and line that a person has to look at."""

from __future__ import annotations

import os
import posixpath
import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.detect.repository import Reader, normalise
from bootstrap.setup.dependencies.copies import original
from bootstrap.setup.dependencies.inclusion import closure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

# Beside the files that a command names; the locks last, since nobody writes those.
_MANIFESTS = ("pyproject.toml", "setup.cfg", "setup.py", "Pipfile", "environment.yml", "environment.yaml", "tox.ini")
_LOCKS = ("uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "pylock.toml", "pylock.dev.toml")
_FILES = ("--requirements", "--constraints")
# A requirement as lists, TOML, YAML and INI files have it: at the start of a line or a string, and with nothing behind
# it that makes it a sentence.
_REQUIREMENT = re.compile(
    r"""(?:^\s*(?:-\s+)?|["'])(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?"""
    r"""\s*(?P<spec>(?:(?:===|[<>=!~]=|[<>])\s*[\w.*+!-]+\s*,?\s*)*)(?=$|["',;@\\#]|--|=[^=])"""
)
# A package of a lock: `name = "alpha"` in TOML, `"alpha": {` in a Pipfile.lock.
_LOCKED = re.compile(r"""^\s*(?:name = )?"([A-Za-z0-9][A-Za-z0-9._-]*)"(?:: \{)?$""")
_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*")


class Written(NamedTuple):
    """A requirement as a line of a file has it."""

    text: str
    path: str
    line: int

    @property
    def where(self) -> str:
        """Return `requirements.txt:4`."""
        return f"{self.path}:{self.line}"


class Places:
    """The files in which the requirements of a command are looked for, by what it was given and where it ran."""

    def __init__(self, root: Path | None = None, cwd: str = ".", argv: Sequence[str] = ()) -> None:
        self.root = root
        self.cwd = cwd
        self.argv = argv

    def of(self, requirement: str) -> list[Written]:
        """Return where a requirement stands: where it is worded so, else wherever its name is required."""
        found = _NAME.match(requirement)
        if self.root is None or found is None:
            return []
        name, spec = normalise(found[0]), _clauses(requirement[found.end() :])
        files = list(self.files())
        named = [one for file in files if file not in _LOCKS for one in self._lines(file) if one[0] == name]
        exact = [written for _, clauses, written in named if clauses == spec]
        return (exact or [written for *_, written in named] or list(self._locked(files, name)))[:2]

    def exactly(self, requirement: str) -> Written | None:
        """Return where a requirement stands in just these words; None where its name alone is required."""
        spec = _NAME.sub("", requirement, count=1)
        found = self.of(requirement)
        written = found[0].text if found else ""
        is_same = _clauses(spec) == _clauses(_NAME.sub("", written, count=1)) and bool(_clauses(spec))
        return found[0] if is_same and found[0].path not in _LOCKS else None

    def in_lock(self, name: str, lock: str) -> Written | None:
        """Return where a lock has a package."""
        return next(self._locked([file for file in self.files() if file.rpartition("/")[2] == lock], name), None)

    def of_words(self, *words: str) -> Written | None:
        """Return the first line that has one of these words, such as a path, in it: the first word that is found."""
        lines = [
            Written(line.strip(), file, number)
            for file in self.files()
            for number, line in enumerate(self.text(file).splitlines(), 1)
            if not line.lstrip().startswith("#")
        ]
        return next((line for word in words if word for line in lines if word in line.text), None)

    def at(self, file: str, position: int) -> Written:
        """Return the line of a file that begins at a position, counted in characters, or behind blank lines there."""
        name = self.relative(file)
        text = self.text(name)
        ahead = re.match(r"\s*", text[position:])
        start = position + (ahead.end() if ahead else 0)
        number = text.count("\n", 0, start) + 1
        lines = text.splitlines()
        return Written(lines[number - 1].strip() if number <= len(lines) else "", name, number)

    def of_line(self, file: str, number: int) -> Written:
        """Return a line of a file."""
        name = self.relative(file)
        lines = self.text(name).splitlines()
        return Written(lines[number - 1].strip() if number <= len(lines) else "", name, number)

    def relative_to_cwd(self, path: str) -> str:
        """Return a path as one writes it in a file of the folder where the command ran."""
        if self.root is None:
            return path
        return posixpath.join(*os.path.relpath(path, self.root / self.cwd).split(os.sep))

    def project_requirements(self) -> Iterator[str]:
        """Yield what `[project]` of the root requires, with its extras, as it is written."""
        import tomllib  # noqa: PLC0415 - only where something went wrong

        try:
            project = tomllib.loads(self.text(self.relative("pyproject.toml"))).get("project", {})
        except tomllib.TOMLDecodeError:
            return
        extras = project.get("optional-dependencies", {})
        for listed in (project.get("dependencies", []), *(extras.values() if isinstance(extras, dict) else ())):
            yield from (text for text in listed if isinstance(text, str))

    def files(self) -> Iterator[str]:
        """Yield the files, relative to the root, those that the command names first."""
        seen: set[str] = set()
        for name in (*self._named(), *(self.relative(one) for one in _MANIFESTS), *_MANIFESTS, *_LOCKS):
            if name not in seen and self.root is not None and (self.root / name).is_file():
                seen.add(name)
                yield name

    def relative(self, file: str) -> str:
        """Return a path, as the command had it, relative to the root."""
        if self.root is None:
            return file
        path = os.path.normpath(self.root / self.cwd / original(file))
        return posixpath.join(*os.path.relpath(path, self.root).split(os.sep))

    def text(self, name: str) -> str:
        """Return what is in a file; nothing where it cannot be read."""
        try:
            return (self.root / name).read_bytes().decode("utf-8", "replace") if self.root is not None else ""
        except OSError:
            return ""

    def _named(self) -> Iterator[str]:
        if self.root is None:
            return
        read = Reader(self.root)
        for option, value in pairwise(self.argv):
            if option in _FILES and not os.path.isabs(value):
                yield from closure(self.relative(value), read)

    def _locked(self, files: Sequence[str], name: str) -> Iterator[Written]:
        """Yield where a lock has a package that no manifest names."""
        for file in files:
            for number, line in enumerate(self.text(file).splitlines() if file in _LOCKS else (), 1):
                found = _LOCKED.match(line)
                if found and normalise(found[1]) == name:
                    yield Written(found[1], file, number)
                    break

    def _lines(self, file: str) -> Iterator[tuple[str, frozenset[str], Written]]:
        """Yield each requirement of a file: its name, its clauses, and where it is."""
        is_list = file.endswith((".txt", ".in"))
        for number, line in enumerate(self.text(file).splitlines(), 1):
            code = line.partition(" #")[0] if is_list else line
            for found in _REQUIREMENT.finditer("" if line.lstrip().startswith("#") else code):
                if code[: found.start()].rstrip().endswith("="):
                    continue  # what a key is set to, as in build-backend = "hatchling"
                written = f"{found['name']}{found['spec'].strip().rstrip(',')}"
                yield normalise(found["name"]), _clauses(found["spec"]), Written(written, file, number)


def _clauses(spec: str) -> frozenset[str]:
    return frozenset(part for part in re.sub(r"\s|\[[^\]]*\]", "", spec).split(",") if part)
