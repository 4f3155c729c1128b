"""What some file of a repository says that developing or testing it needs, in the terms of pip's command line."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Needs(NamedTuple):
    """Requirements, files of them, and what of the project itself goes with them."""

    requirements: tuple[str, ...] = ()
    """Each as a dependency specifier (PEP 508)."""
    files: tuple[str, ...] = ()
    """Requirements files, relative to the root."""
    constraints: tuple[str, ...] = ()
    """Constraints files, relative to the root."""
    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    is_editable: bool = False
    """Whether the project itself is among them."""
    origin: str = ""
    """Where it is said, for the person: `tox.ini`."""

    @property
    def is_empty(self) -> bool:
        """Say whether nothing is needed."""
        return not any((self.requirements, self.files, self.extras, self.groups, self.is_editable))


NOTHING = Needs()

# Options of pip and uv that take a value which says nothing about what is installed.
_WITH_VALUE = frozenset(
    (
        *("-i", "--index-url", "--extra-index-url", "--index", "--default-index", "-f"),
        *("--find-links", "--trusted-host", "--timeout", "--python", "-p", "--cache-dir"),
        *("--progress-bar", "--log", "--proxy", "--cert", "--retries", "--config-settings"),
        *("-C", "--no-binary", "--only-binary", "--report", "--platform", "--target"),
        *("-t", "--prefix", "--root", "--src", "--upgrade-strategy", "--index-strategy"),
        *("--resolution"),
    )
)
_FILES = ("-r", "--requirement", "--requirements")
_CONSTRAINTS = ("-c", "--constraint", "--constraints")
_EDITABLE = ("-e", "--editable")
_READ = frozenset((*_FILES, *_CONSTRAINTS, *_EDITABLE, "--group", "--extra"))
_ITSELF = re.compile(r"^(?:file:)?\.(?:/)?(?:\[([^\]]*)\])?$")
_REQUIREMENT = re.compile(
    r"^[A-Za-z0-9][A-Za-z0-9._-]*\s*(?:\[[^\]]*\])?\s*(?:[<>=!~;(].*|@\s*[\w+.-]+:.*)?$", re.DOTALL
)
_FILE = re.compile(r"\.(?:txt|in|whl|zip|tar\.gz|tgz|toml)$")
# Several options in one word, of which the last takes a value: -Ur dev.txt
_BUNDLED = re.compile(r"^-[a-zA-Z]*[UqvI][a-zA-Z]*[rce]$")
_VARIABLE = re.compile(r"\$\{?\w|\{\{|%\w+%")


def of_words(words: Iterable[str], folder: str = "") -> Needs:
    """Read what follows `pip install` or `uv pip install`; paths are relative to `folder`.

    What is not written out, as with a variable in it, is left out: nobody can tell what it is.
    """
    waiting = [part for word in words for part in _parted(word)]
    found: list[Needs] = []
    while waiting:
        word = waiting.pop(0)
        takes_value = word in _WITH_VALUE or word in _READ
        value = waiting.pop(0) if takes_value and waiting else ""
        if not _VARIABLE.search(word) and not _VARIABLE.search(value) and word not in _WITH_VALUE:
            found.append(_of_option(word, value, folder) if word.startswith("-") else _of_requirement(word))
    return together(found, "")


def _of_option(word: str, value: str, folder: str) -> Needs:
    if word in _READ and not value:
        return NOTHING
    if word in _FILES and "://" not in value:
        return Needs(files=(_joined(folder, value),))
    if word in _CONSTRAINTS and "://" not in value:
        return Needs(constraints=(_joined(folder, value),))
    if word == "--group":
        return Needs(groups=(value.rpartition(":")[2],))
    if word in ("--extra", "--all-extras"):
        return Needs(extras=(value or "*",))
    if word == "--all-groups":
        return Needs(groups=("*",))
    return _of_itself(value) if word in _EDITABLE else NOTHING


def _of_requirement(word: str) -> Needs:
    if _ITSELF.match(word):
        return _of_itself(word)
    is_file = _FILE.search(word) and "@" not in word
    return Needs(requirements=(word.strip(),)) if _REQUIREMENT.match(word) and not is_file else NOTHING


def _of_itself(word: str) -> Needs:
    """Read the project itself, with its extras: `.`, `.[test]`."""
    found = _ITSELF.match(word)
    if found is None:
        return NOTHING
    extras = tuple(name.strip() for name in (found[1] or "").split(",") if name.strip())
    return Needs(extras=extras, is_editable=True)


def _parted(word: str) -> list[str]:
    """Return the option and the value of a word that has both: `-rdev.txt`, `--group=dev`."""
    name, equals, value = word.partition("=")
    if equals and name in (*_FILES, *_CONSTRAINTS, "--group", "--extra", *_EDITABLE, *_WITH_VALUE):
        return [name, value]
    if word[:2] in ("-r", "-c", "-e") and len(word) > 2:
        return [word[:2], word[2:]]
    if _BUNDLED.match(word):
        return [f"-{word[-1]}"]
    return [word]


def _joined(folder: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(folder, path))


def together(found: Iterable[Needs], origin: str) -> Needs:
    """Return the sum of several, each thing once."""
    every = tuple(found)
    return Needs(
        requirements=_once(one.requirements for one in every),
        files=_once(one.files for one in every),
        constraints=_once(one.constraints for one in every),
        extras=_once(one.extras for one in every),
        groups=_once(one.groups for one in every),
        is_editable=any(one.is_editable for one in every),
        origin=origin,
    )


def _once(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for one in lists for item in one))
