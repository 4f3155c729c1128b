"""What the adoption of a repository is made of: phases, what somebody wishes for, and the files as they will be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bootstrap.adopt.record import Addition
    from bootstrap.policy import Policy


NOWHERE = Path("/repository")
"""Where files are that nobody has written."""


class Phase(Enum):
    """A part of the whole that can be accepted and undone on its own; in the order in which they are applied."""

    FOUNDATION = "foundation"
    """What the repository promises: metadata, `.python-version`, `[tool.devstrap]`, the wrapper bootstrap.py."""
    CONTAINERS = "containers"
    """Images, and what is composed of them."""
    ENVIRONMENT = "environment"
    """Where people and machines work: CI, hooks, Makefile, documents, settings of tools and editors."""


class Wishes(NamedTuple):
    """The answers of the interview."""

    policy: Policy
    has_ci: bool = True
    """Whether there shall be a workflow that tests the repository, where it has none."""
    has_hooks: bool = True
    """Whether `devstrap check` shall be a hook, where there is a pre-commit configuration."""
    has_guards: bool = True
    """Whether the Makefile shall install by bootstrap.py and refuse a wrong Python."""
    has_documents: bool = True
    """Whether the documents shall say how to set the repository up."""
    has_gather: bool = False
    """Whether pyproject.toml shall take over what tools are told in files of their own."""
    has_image: bool = False
    """Whether there shall be an image, where the repository has none."""
    has_devcontainer: bool = False
    """Whether there shall be a dev container, where there is none."""
    editors: tuple[str, ...] = ()
    """The editors that shall find their settings: names of `EDITORS`."""


class Tree(NamedTuple):
    """The files of a repository as they will be, once what was drafted before is written."""

    paths: tuple[str, ...]
    """What belongs to the repository, relative to the root, with `/`, in order."""
    read: Callable[[str], bytes | None]
    """The content of a file; None where there is none."""
    root: Path = NOWHERE
    """Where it is, for the name of the folder and for what is above it."""
    lent: frozenset[str] = frozenset()
    """The distributions that a root which declares only tools brings to this part of it."""
    renews: str = ""
    """A file of devstrap's own that is hidden, so that it is made anew: whatever else there is by now, it is there."""


class Draft(NamedTuple):
    """A file as one writer wants it."""

    path: str
    after: bytes
    why: str
    """In a few words, for the plan and the pull request: `run the tests on 3.11, 3.12 and 3.13`."""
    is_whole: bool = False
    """Whether devstrap makes the whole file, and renews it later; else it adds to somebody's file, once."""
    alone: bytes | None = None
    """What devstrap alone makes of a whole file, where `after` has a person's changes in it too."""
    replaces: tuple[str, ...] = ()
    """Files that go, since what they say is said here now."""
    added: Addition | None = None
    """What it adds to somebody's file, where that is remembered."""


class Remark(NamedTuple):
    """Something that a writer leaves to a person, and why."""

    path: str
    reason: str


Drafts = Iterator[Draft | Remark]
Writer = Callable[[Tree, Wishes], Drafts]
"""A subject of the adoption: it reads the tree, and yields files as it wants them. It is pure, and yields nothing the
second time: its own work counts as done."""
