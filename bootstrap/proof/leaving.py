"""Remedies that do without: what vanished from the index, what cannot be fetched, a file that cannot be read."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bootstrap.detect.repository import distribution_name, normalise
from bootstrap.nested import at
from bootstrap.proof.remedy import Case, Remedy, files_of
from bootstrap.setup.dependencies import setuptools
from bootstrap.setup.dependencies.besides import besides, distributions
from bootstrap.setup.moment import is_long_ago

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bootstrap.model import Answers, Dependencies, Facts


_VANISHED = re.compile(r"there is no version of ([\w.-]+)(?:\{[^}\n]*\})?==([\w.!+-]+) and you require")


def vanished(case: Case) -> Iterator[Remedy]:
    """Yield to leave out of a lock of long ago what the index no longer has: often a tool that nothing needs.

    A lock of today that names what does not exist is a mistake, and for a person to mend.
    """
    dependencies, match = case.facts.dependencies, _VANISHED.search(case.text)
    if match is None or dependencies is None or not dependencies.is_locked or not is_long_ago(case.facts.committed):
        return
    left = _left_out(case.answers, dependencies, distribution_name(match[1]))
    if left is not None:
        found = f"{match[1]} {match[2]}, which {dependencies.title} names, is not on the index"
        yield Remedy(left, found, "leave it out")


def _left_out(answers: Answers, dependencies: Dependencies, name: str) -> Answers | None:
    """Return the answers without a package of a lock; what its own tool writes cannot be had without a line of it."""
    if name in answers.without:
        return None
    if dependencies.manager == "uv":
        return replace(answers, without=(*answers.without, name))
    if not (dependencies.files or dependencies.followed):
        return None
    is_followed = answers.is_followed or not dependencies.files
    return replace(answers, without=(*answers.without, name), is_followed=is_followed)


_UNFETCHED = re.compile(r"`([\w.-]+) @ git\+[^`]*`\n.*git operation failed", re.IGNORECASE)


def unfetched(said: str, facts: Facts, answers: Answers) -> Iterator[Remedy]:
    """Yield to leave out of a lock what git cannot fetch, where only developing asks for it: a theme of documents."""
    dependencies, match = facts.dependencies, _UNFETCHED.search(said)
    if match is None or dependencies is None or not dependencies.is_locked:
        return
    name = distribution_name(match[1])
    pyproject = facts.repository.pyproject
    own = [normalise(distribution_name(text)) for text in at(pyproject, "project").get("dependencies") or ()]
    own += map(normalise, at(pyproject, "tool", "poetry", "dependencies"))
    left = _left_out(answers, dependencies, name) if normalise(name) not in own else None
    if left is not None:
        yield Remedy(left, f"{name}, which only developing asks for, cannot be fetched by git", "leave it out")


def lean(case: Case, *, is_likely: bool) -> Iterator[Remedy]:
    """Yield to do without what is good to have, as for documentation: at first where an error names some of it.

    It is for less than the rest, which shall not fail because of it.
    """
    dependencies, repository = case.facts.dependencies, case.facts.repository
    if dependencies is None or dependencies.lean is None or case.answers.is_lean:
        return
    words = {normalise(word) for word in re.findall(r"[A-Za-z0-9][\w.-]*", case.text)}
    if bool(distributions(repository, case.read) & words) == is_likely:
        named_groups, named_extras = besides(repository, case.read, setuptools.extras(repository, case.read).known)
        what = ", ".join((*named_groups, *named_extras))
        yield Remedy(
            replace(case.answers, is_lean=True),
            f"what {what} of {dependencies.lean.title.partition(' ')[0]} asks for cannot be installed with the rest",
            f"leave {what} out",
        )


_PARSE = re.compile(r"(?:parse|requirement)[^\n]* in `?([\w./-]+\.(?:txt|in))`?(?: at position|:\d)")


def unreadable(case: Case) -> Iterator[Remedy]:
    """Yield to do without a requirements file that uv cannot read, where there are others."""
    dependencies, match = case.facts.dependencies, _PARSE.search(case.text)
    if match is None or dependencies is None:
        return
    files = files_of(dependencies)
    name = next((one for one in files if posixpath.basename(one) == posixpath.basename(match[1])), "")
    if name and len(files) > 1 and name not in case.answers.without:
        yield Remedy(
            replace(case.answers, without=(*case.answers.without, name)),
            f"uv cannot read {name}",
            f"install {', '.join(one for one in files if one != name)} without it",
        )
