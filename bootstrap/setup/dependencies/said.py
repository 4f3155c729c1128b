"""What people and machines are told to type: `pip install`, `uv sync` in CI, the Makefile, scripts and guides."""

from __future__ import annotations

import os
import re
import shlex
from typing import TYPE_CHECKING

from bootstrap.errors import MalformedFileError
from bootstrap.setup.dependencies import needs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bootstrap.model import Repository
    from bootstrap.setup.dependencies.needs import Needs

    Reader = Callable[[str], bytes | None]

_FILES = (
    "Makefile",
    "makefile",
    "justfile",
    "Taskfile.yml",
    "scripts/install",
    "scripts/setup",
    "scripts/bootstrap",
    "scripts/setup.sh",
    "scripts/install.sh",
    ".travis.yml",
    ".gitlab-ci.yml",
    "azure-pipelines.yml",
    ".circleci/config.yml",
    "CONTRIBUTING.md",
    "CONTRIBUTING.rst",
    ".github/CONTRIBUTING.md",
    "docs/contributing.md",
    "docs/contributing.rst",
    "docs/development.md",
    "README.md",
    "README.rst",
)
_WORKFLOWS = ".github/workflows"
# Which workflow tests: by its name, or because pytest is run in it.
_TESTS = re.compile(r"(?i)\b(?:py\.?test|unittest|manage\.py test|tox|nox|coverage run)\b")
_INSTALL = re.compile(r"\b(?:uv\s+)?pip3?(?:\.exe)?\s+install(?=\s)")
_SYNC = re.compile(r"\buv\s+(?:sync|run)(?=\s)")
# A word as a shell reads it; what ends a command, or a quote that nobody closes, ends the words.
_WORD = re.compile(r"""\s*((?:"(?:\\.|[^"\\])*"|'[^']*'|\$\{\{.*?\}\}|\\.|[^\s"'`&|;<>()\\])+)""")
# In a guide a command stands on a line of its own or in backticks; elsewhere a sentence would go on behind it.
_PROSE = (".md", ".rst", ".txt")
_TYPED = re.compile(r"(?:^\s*|`)(?:\([\w.-]+\)\s*)?(?:[$>%!]\s*)?(?:sudo\s+)?(?:\S*python[\d.]*\s+-m\s+)?$")

_COMMENT = re.compile(r"(?:^|\s)#")


def needs_of(repository: Repository, read: Reader) -> Needs:
    """Return what the first of these files that installs something for the tests has installed."""
    for name, text in _texts(repository, read):
        found = needs.together(
            [needs.of_words(words) for words in installed(text, is_prose=name.endswith(_PROSE))], name
        )
        if not found.is_empty:
            return found
    return needs.NOTHING


def options_of(repository: Repository, read: Reader) -> Needs:
    """Return the extras and groups of the project, `*` for all of them, with which the tests are run.

    By the first of these files that names some; what users read names those that users may want.
    """
    for name, text in _texts(repository, read):
        is_prose = name.endswith(_PROSE)
        every = (*installed(text, is_prose=is_prose), *installed(text, _SYNC, is_prose=is_prose))
        found = needs.together([needs.of_words(words) for words in every if "--only-group" not in words], name)
        if (found.extras or found.groups) and not name.startswith("README"):
            return found
    return needs.NOTHING


def _texts(repository: Repository, read: Reader) -> Iterator[tuple[str, str]]:
    """Yield the files that may say what to install for the tests."""
    for name in _places(repository):
        try:
            text = (read(name) or b"").decode("utf-8", "replace")
        except MalformedFileError:
            continue
        if not name.startswith(_WORKFLOWS) or _TESTS.search(text):
            yield name, text


def _places(repository: Repository) -> Iterator[str]:
    if ".github" in repository.files:
        try:
            names = sorted(os.listdir(repository.root / _WORKFLOWS))
        except OSError:
            names = []
        named = [name for name in names if name.endswith((".yml", ".yaml"))]
        yield from (f"{_WORKFLOWS}/{name}" for name in sorted(named, key=lambda name: "test" not in name.lower()))
    yield from (name for name in _FILES if name.partition("/")[0] in repository.files)


def installed(text: str, command: re.Pattern[str] = _INSTALL, *, is_prose: bool = False) -> Iterator[list[str]]:
    """Yield the words of each `pip install`; a backslash at the end of a line goes on with the next."""
    for line in re.sub(r"\\\r?\n\s*", " ", text).splitlines():
        for match in command.finditer(line):
            before = line[: match.start()]
            if not _COMMENT.search(before) and (not is_prose or _TYPED.search(before)):
                yield list(_words(line, match.end()))


def _words(line: str, start: int) -> Iterator[str]:
    """Yield the words from there on, up to the end of the command."""
    while (found := _WORD.match(line, start)) is not None and not found[1].startswith("#"):
        start = found.end()
        yield found[1].strip("\"'") if "${{" in found[1] else shlex.split(found[1])[0]
