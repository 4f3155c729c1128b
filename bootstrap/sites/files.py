"""Which files of a repository may declare a Python version at all: not history, not what somebody else wrote."""

from __future__ import annotations

import os
import re
import stat
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.expression import expression
from bootstrap.sites.catalogue import CATALOGUE
from bootstrap.sites.model import Area
from bootstrap.sites.patterns import DEEP, fits, is_glob, leads_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from bootstrap.sites.model import Declaration

LARGEST = 1024 * 1024
"""In bytes. Nobody writes a larger file by hand."""

MODULES = 2000
"""How many modules are looked into, those nearest to the root first: any may hold a condition on the version, but few
do, and a hundred thousand take longer to read than everything else together."""

_FOREIGN = expression(
    r"(?i)(?:^|/)(?:\.git|\.hg|\.venv|venv|\.tox|\.nox|\.eggs|site-packages|__pycache__|\.mypy_cache|\.devstrap"
    r"|[^/]+\.(?:egg|dist)-info|node_modules|bower_components|_?vendor(?:ed)?|third[-_]?party|extern(?:al)?"
    r"|fixtures?|test[-_]?data|test[-_]?files|test[-_]?recipes|cassettes|snapshots|golden|__snapshots__)/"
    r"|(?:^|/)tests?/(?:data|resources|examples?|samples?|cases|projects|packages)/"
)
# Only of text for people: release.yml and release/Dockerfile are as present as anything.
_HISTORY = expression(
    r"(?i)(?:^|/)(?:change(?:s|[-_]?logs?)|news|newsfragments?|history|releases?(?![-_](?:process|checklist|guide))"
    r"|release[-_ ]?(?:notes?|history)|what'?s[-_]?new|changelog\.d|changes\.d|\.changes|\.changeset|news\.d|upgrad\w+"
    r"|migrat\w+|[^/]*announce\w*|blog|_posts|authors|credits|peps?|adrs?|rfcs?|designs?|proposals?|decisions)(?:[./_-][^/]*)?(?:/|$)"
)
_PROSE = expression(r"\.(?i:md|mdx|markdown|mdc|rst|txt|adoc|html)$|(?:^|/)[A-Z_-]{3,}$")
_LOCKED = expression(
    r"(?i)\.lock$|(?:^|/)(?:package-lock\.json|pnpm-lock\.yaml|conda-lock\.ya?ml|npm-shrinkwrap\.json)$"
    r"|\.(?:svg|png|ipynb|po|pot|min\.js|map|snap|whl|gz|zip)$"
)
# What tests hold is material, and so is what examples claim: neither promises anything.
_TESTS = expression(r"(?i)(?:^|/)(?:tests?|testing)/")
_EXAMPLES = expression(r"(?i)(?:^|/)(?:examples?|samples?|benchmarks?)/")


class Unread(NamedTuple):
    """A file that might declare something and was not read, and why."""

    path: str
    reason: str
    line: int | None = None
    hint: str = ""


# ---- paths against the rows of the catalogue ------------------------------------------------------------------------
class _Entry(NamedTuple):
    """One pattern and the rows that have it, apart from what the index has already compared."""

    rows: tuple[int, ...]
    name: str
    """Empty where the index has compared it."""
    folder: tuple[str, ...] | None
    """None where any will do."""


class _Index:
    """All patterns, by what is quick to compare: thousands of paths are held against hundreds of patterns."""

    def __init__(self, rows: Iterable[Declaration]) -> None:
        self.rows = tuple(rows)
        self.names: dict[str, list[_Entry]] = {}
        self.suffixes: dict[str, list[_Entry]] = {}
        self.others: list[_Entry] = []
        with_pattern: dict[str, list[int]] = {}
        for number, row in enumerate(self.rows):
            for pattern in row.files:
                with_pattern.setdefault(pattern, []).append(number)
        for pattern, numbers in with_pattern.items():
            self._add(tuple(numbers), pattern)
        patterns = {re.escape(entry.name).replace(r"\*", ".*") for entry in self.others}
        self.other = expression("|".join(sorted(patterns)) or "(?!)")

    def _add(self, numbers: tuple[int, ...], pattern: str) -> None:
        folder, _, name = pattern.lower().rpartition("/")
        place = _folder(folder, is_rooted=pattern.startswith("/"))
        stem, dot, suffix = name.rpartition(".")
        if not is_glob(name):
            self.names.setdefault(name, []).append(_Entry(numbers, "", place))
        elif dot and not is_glob(suffix):
            self.suffixes.setdefault(suffix, []).append(_Entry(numbers, "" if stem == "*" else name, place))
        else:
            self.others.append(_Entry(numbers, name, place))

    def may_fit(self, path: str) -> bool:
        """Say, quickly, whether it is worth while to look for patterns that `path` fits."""
        name = path[path.rfind("/") + 1 :].lower()
        suffix = name[name.rfind(".") + 1 :]
        return name in self.names or suffix in self.suffixes or self.other.fullmatch(name) is not None

    def entries(self, path: str) -> Iterator[_Entry]:
        """Yield the patterns that `path` fits."""
        *folder, name = path.lower().split("/")
        found = self.names.get(name, ()), self.suffixes.get(name.rpartition(".")[2], ())
        others = self.others if self.other.fullmatch(name) else ()
        for entries in (*found, others):
            for entry in entries:
                if (not entry.name or fits(entry.name, name)) and (
                    entry.folder is None or leads_to(entry.folder, folder)
                ):
                    yield entry


def _folder(folder: str, *, is_rooted: bool) -> tuple[str, ...] | None:
    """Return what a folder has to look like; None where any will do."""
    parts = tuple(part for part in folder.split("/") if part)
    if is_rooted:
        return parts
    return (DEEP, *parts) if parts else None


_INDEX = _Index(CATALOGUE)
_SPECIAL_MODULES = tuple(
    {
        pattern.removeprefix("*")
        for row in CATALOGUE
        for pattern in row.files
        if pattern.endswith(".py") and pattern != "*.py"
    }
)


@cache
def rows_for(path: str) -> tuple[Declaration, ...]:
    """Return the rows whose files `path` is one of, in the catalogue's order."""
    rows = [
        _INDEX.rows[number] for number in sorted({number for entry in _INDEX.entries(path) for number in entry.rows})
    ]
    if _TESTS.search(path):
        return tuple(row for row in rows if row.area is Area.TARGETED)
    if is_example(path):
        return tuple(row for row in rows if row.area not in (Area.CLAIMED, Area.TOLD))
    return tuple(rows)


# ---- files ----------------------------------------------------------------------------------------------------------
def candidates(paths: Iterable[str], root: Path | None = None) -> Iterator[str]:
    """Yield those of `paths`, relative and with `/`, that the catalogue has rows for and that are the author's own.

    With `root`, what its `.gitattributes` calls generated or vendored is left out.
    """
    is_disowned = _disowned(root) if root is not None else None
    for path in _known(paths):
        if not is_foreign(path) and not (is_disowned is not None and is_disowned.fullmatch(path)):
            yield path


def _known(paths: Iterable[str]) -> Iterator[str]:
    modules = []
    for path in paths:
        if path.endswith(".py") and not path.endswith(_SPECIAL_MODULES):
            modules.append(path)
        elif _INDEX.may_fit(path) and next(_INDEX.entries(path), None) is not None:
            yield path
    yield from sorted(modules, key=lambda path: path.count("/"))[:MODULES]


def is_example(path: str) -> bool:
    """Say whether a file is a part of an example, which promises nothing."""
    return _EXAMPLES.search(path) is not None


def is_foreign(path: str) -> bool:
    """Say whether a file is history, vendored, generated, locked, or data of tests."""
    if _LOCKED.search(path) or _FOREIGN.search(path):
        return True
    return _PROSE.search(path) is not None and _HISTORY.search(path) is not None


_ATTRIBUTES = expression(r"(?m)^[ \t]*(?![#\[])(\S+)((?:[ \t]+\S+)+)[ \t]*\r?$")


def _disowned(root: Path) -> re.Pattern[str] | None:
    """Return what the root's `.gitattributes` calls generated or vendored, as GitHub's linguist reads it."""
    try:
        text = (root / ".gitattributes").read_text("utf-8", errors="replace")
    except OSError:
        return None
    patterns = []
    for match in _ATTRIBUTES.finditer(text):
        names = {word.removesuffix("=true") for word in match[2].split()}
        if names & {"linguist-generated", "linguist-vendored"}:
            patterns.append(_attribute_pattern(match[1]))
    return expression("|".join(patterns)) if patterns else None


def _attribute_pattern(pattern: str) -> str:
    """Translate a pattern of `.gitattributes`; it has a slash within, or fits in any folder (gitattributes(5))."""
    anywhere = "" if "/" in pattern.rstrip("/") else "(?:.*/)?"
    shape = re.escape(pattern.removeprefix("/")).replace(r"\*\*/", "(?:.*/)?").replace(r"\*\*", ".*")
    return anywhere + shape.replace(r"\*", "[^/]*").replace(r"\?", "[^/]")


def read(root: Path, path: str) -> bytes | Unread:
    """Return the content of a file below `root`, or why it is left alone."""
    full = os.path.join(root, path)
    try:
        status = os.lstat(full)
        if stat.S_ISLNK(status.st_mode):
            return Unread(path, "is a symbolic link")
        if not stat.S_ISREG(status.st_mode):
            return Unread(path, "is no regular file")
        if status.st_size > LARGEST:
            return Unread(path, "is larger than 1 MiB")
        with open(full, "rb") as file:
            data = file.read()
    except OSError as error:
        return Unread(path, f"cannot be read: {error.strerror}")
    if b"\0" in data[:8192]:
        return Unread(path, "is no text in UTF-8" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "is binary")
    return data
