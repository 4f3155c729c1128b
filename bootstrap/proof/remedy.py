"""What a remedy is: other answers than those with which something failed, and the case that it is looked for."""

from __future__ import annotations

import posixpath
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.setup.dependencies.copies import original
from bootstrap.versions import Request, Version

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bootstrap.detect.repository import Reader
    from bootstrap.machine import Interpreter
    from bootstrap.model import Answers, Dependencies, Facts

    Minor = tuple[int, int]


class Remedy(NamedTuple):
    """Other answers, and why."""

    answers: Answers
    found: str
    """What is in the way: `pytest needs pytest-timeout, which nothing declares`."""
    done: str
    """What is done about it: `install it in addition`."""


class Case(NamedTuple):
    """What remedies are looked for."""

    facts: Facts
    answers: Answers
    read: Reader
    text: str
    """What was said by the command that failed."""
    reasons: tuple[str, ...] = ()
    pythons: Callable[[], Sequence[Interpreter]] = tuple
    """Those of this machine, looked for only where somebody asks."""


def files_of(dependencies: Dependencies) -> list[str]:
    """Return the requirements files that are installed, relative to the root, in their order."""
    return [
        posixpath.normpath(posixpath.join(run.cwd, original(word)))
        for run in dependencies.installs
        for previous, word in pairwise(run.argv)
        if previous == "--requirements"
    ]


def minor_of(facts: Facts) -> Minor:
    """Return the feature version that the environment runs, or shall run."""
    if facts.choice.interpreter is not None:
        return Version.parse(facts.choice.interpreter.version).minor
    release = Request.parse(facts.choice.request).release
    return release[0], release[1] if len(release) > 1 else 12
