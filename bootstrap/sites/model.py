"""What a declaration of a Python version is: the kind of place, the place, and what it says."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from bootstrap.sites.phrase import Group
    from bootstrap.syntax.tree import Node, Path, Scalar


class Area(Enum):
    """Whom a declaration speaks to, in the order in which they are reported."""

    CLAIMED = "claimed"
    """Metadata: what installers and people are promised."""
    TESTED = "tested"
    SHIPPED = "shipped"
    """Images and runtimes."""
    TARGETED = "targeted"
    """Tools that read the code as some version."""
    DEVELOPED = "developed"
    """What developers work with: pins, editors, hooks."""
    TOLD = "told"
    """Prose, badges, names."""


class Role(Enum):
    """What a version has to be, given the policy."""

    FLOOR = "floor"
    """The oldest supported: requires-python, ruff's target, `--py39-plus`."""
    DEFAULT = "default"
    """The one that is used: `.python-version`, images, a single setup-python."""
    SET = "set"
    """All supported: a matrix, classifiers, environments of tox."""
    TARGET = "target"
    """A floor where it is one version, a set where it is a list."""
    MARKER = "marker"
    """A condition on the version; it is told, and left alone."""


class Codec(Enum):
    """How the versions are found in a value."""

    VERSION = "version"
    """The value is a version, or a list of some: `3.12`, `3.12.x`, `python-3.12.1`."""
    NAMED = "named"
    """The value may speak of anything; only what can be nothing but a Python counts: `py312`, `python:3.12-slim`."""
    CLASSIFIER = "classifier"
    """The trove classifiers `Programming Language :: Python :: 3.12` among others."""
    ITEMS = "items"
    """The value is a list in itself: `py38,py39,lint`, `cp38-* cp39-*`."""
    MAPPING = "mapping"
    """Lines of `factor: value`, as tox has them; a line whose factor goes, goes."""
    ANY = "any"
    """Every version in the value, whether or not the word Python stands before it."""
    COMMAND = "command"
    """Shell: what is named as Python, and what options such as `--python` are given."""
    MAKE = "make"
    """The same, in rules that come and go with the version in their target: `test-3.9:`."""
    TARGET_ARGS = "target-args"
    """Options that say how to read code: `--py39-plus`, `--target-version=py39`, `--python-version 3.9`."""
    IMAGE = "image"
    """A container image's tag."""
    SESSION = "session"
    """The name of a session or of a tag, with a version in it: `unit-3.9`, `cp39`."""
    CONDA = "conda"
    """Match specifications of conda: `python >=3.9`, `python=3.9`."""
    MARKER = "marker"
    """Environment markers of dependencies (PEP 508)."""
    CONDITION = "condition"
    """Comparisons with the running Python in code: `sys.version_info >= (3, 9)`."""
    KEYED = "keyed"
    """Members of a table that are told apart by the version in their keys: the jobs `Python38:` and `Python39:`."""
    SECTIONS = "sections"
    """Names of sections that are lists in themselves: `[testenv:py{38,39}-unit]`."""
    LINES = "lines"
    """One version on each line, and comments."""
    DOCS_URL = "docs-url"
    """Addresses of the documentation of Python."""
    COMMENT = "comment"
    """The comments of a file, read as prose."""
    PROSE = "prose"
    """Text for people."""


class Source(NamedTuple):
    """A file as Latin-1 text: one byte, one character."""

    path: str
    """Relative to the root, with `/`."""
    text: str
    syntax: str


class Declaration(NamedTuple):
    """A kind of place in which a version is declared; a row of the catalogue."""

    id: str
    """`github.matrix`: the area's module, then the kind."""
    why: str
    """What the declaration does, in a few words, for reports."""
    area: Area
    role: Role
    files: tuple[str, ...]
    """Patterns for paths: `*.toml` in any folder, `/action.yml` in the root alone, `docs/**/*.txt` in any folder `docs`
    and below it. Upper and lower case are the same."""
    at: tuple[str, ...] = ("",)
    """Patterns for places within the document: `jobs/*/steps/[]/with/python-version`; `**` stands for any depth, a bar
    for a choice of keys, and nothing at all for the document itself."""
    codec: Codec = Codec.VERSION
    syntax: str = "plain"
    """Which module of `bootstrap.syntax` reads the file."""
    holds: Callable[[Source, Path, Node], bool] | None = None
    """A closer look, where the place alone does not tell."""
    needs: str = ""
    """An expression without which in the file there is none of the kind: what is no candidate is not parsed."""


class Site(NamedTuple):
    """One occurrence of a declaration."""

    declaration: Declaration
    source: Source
    group: Group
    layout: str = "text"
    """Where members of a list stand: `text`, in a line of text; `flow`, in brackets; `lines`, on a line each;
    `entries`, mappings on one or more lines; `members`, the members of one mapping."""
    scalar: Scalar | None = None
    """The value that holds it; none for a list of several."""
    path: Path = ()
    locked: str = ""
    """Why it must not be written, although it could be."""

    @property
    def id(self) -> str:
        """What `--only` and `--skip` call it."""
        return f"{self.declaration.id}:{self.source.path}:{self.line}"

    @property
    def line(self) -> int:
        """The line on which it begins, from 1."""
        return self.source.text.count("\n", 0, self.group.start) + 1

    @property
    def column(self) -> int:
        """The column in characters, from 1."""
        before = self.source.text[self.source.text.rfind("\n", 0, self.group.start) + 1 : self.group.start]
        return len(before.encode("latin-1").decode("utf-8", "replace")) + 1

    @property
    def value(self) -> str:
        """What is written there."""
        return self.source.text[self.group.start : self.group.end].encode("latin-1").decode("utf-8", "replace")
