"""Pythons before 3.5 in what claims and tests them: older than all that is moved, so that a person is told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.adopt.commands import text_of
from bootstrap.adopt.model import Remark
from bootstrap.expression import expression

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from bootstrap.adopt.model import Drafts, Tree, Wishes

_MANIFESTS = ("setup.py", "setup.cfg", "pyproject.toml")
_TOX = ("tox.ini", "setup.cfg", "pyproject.toml")
_CI = expression(r"^(?:\.travis\.yml|\.circleci/config\.yml|\.github/workflows/[^/]+\.ya?ml)$")

_CLASSIFIER = expression(r"Programming Language :: Python :: (2\.[0-7]|3\.[0-4])(?![0-9])")
_ENVLIST = expression(r"(?m)^[ \t]*env_?list[ \t]*=.*(?:\n[ \t]+.*)*")
_ENVIRONMENT = expression(r"(?<![\w.])(?:py)?(2[67]|3[0-4])(?![0-9.])")
_PYTHONS = expression(r"(?m)^([ \t]*)python(?:[-_]versions?)?:[ \t]*(?:\[[^\]]*\]|(?:\n\1[ \t]*-[^\n]*)+)")
_VERSION = expression(r"(?<![\w.])(2\.[67]|3\.[0-4])(?![0-9.])")


def relics(tree: Tree, wishes: Wishes) -> Drafts:  # noqa: ARG001 - every writer takes both
    """Tell what claims or tests Pythons that nothing here moves: there may be code that is for their sake alone."""
    for path in tree.paths:
        found = dict(_found(path, tree))
        if found:
            named = ", ".join(sorted(found))
            line = text_of(tree, path).count("\n", 0, min(found.values())) + 1
            yield Remark(
                f"{path}:{line}",
                f"it names Python {named}, which is left to you: take {'it' if len(found) == 1 else 'them'} out, and"
                " what the code does for the sake of that",
            )


def _found(path: str, tree: Tree) -> Iterator[tuple[str, int]]:
    """Yield the versions that a file names, each with a place of it."""
    if path in _MANIFESTS:
        yield from _all(_CLASSIFIER, text_of(tree, path))
    if path in _TOX:
        yield from _within(_ENVLIST, _ENVIRONMENT, text_of(tree, path))
    if _CI.search(path):
        yield from _within(_PYTHONS, _VERSION, text_of(tree, path))


def _within(outer: re.Pattern[str], inner: re.Pattern[str], text: str) -> Iterator[tuple[str, int]]:
    for found in outer.finditer(text):
        yield from ((version, found.start() + at) for version, at in _all(inner, found[0]))


def _all(pattern: re.Pattern[str], text: str) -> Iterator[tuple[str, int]]:
    for found in pattern.finditer(text):
        yield found[1] if "." in found[1] else f"{found[1][0]}.{found[1][1:]}", found.start()
