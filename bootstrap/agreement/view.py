"""A repository as it stands, and what it says it wants."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.agreement.wish import Wish, in_settings, policy_of
from bootstrap.detect.declared import PYPROJECT, SETTINGS, decode, line_of
from bootstrap.errors import MalformedFileError, UsageError
from bootstrap.policy import Transition
from bootstrap.survey import derive, is_promise, survey

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bootstrap.commands import Tools
    from bootstrap.policy import Policy
    from bootstrap.sites.files import Unread
    from bootstrap.survey import Survey

SETTING_KINDS = ("devstrap.minimum", "devstrap.default", "devstrap.supported")
"""The kinds of the settings themselves: they move like all others, but they are no evidence of what is declared."""

# What makes a file that cannot be read worth a word: a Helm template without any Python is none of our business.
_PYTHON = rb"(?i)py(?:thon)?[^\n]{0,24}3[._]?\d"


class View(NamedTuple):
    """A repository as it stands, and what it says it wants."""

    found: Survey
    declared: Policy | None
    """The policy that the declarations come to."""
    wish: Wish
    """What `[tool.devstrap]` says."""

    @property
    def wanted(self) -> Policy | None:
        """The policy that the repository stands for: its settings, filled up with its declarations."""
        return policy_of(self.wish, self.declared)

    @property
    def source(self) -> str:
        """Where that comes from."""
        if self.wish:
            return self.wish.source
        return "what the repository declares" if self.is_promised else "what most places use; nothing is promised"

    @property
    def is_promised(self) -> bool:
        """Say whether anything says what is supported, and not only what happens to be used."""
        return bool(self.wish) or is_promise(self.found.sites)


def look(root: Path, tools: Tools) -> View:
    """Read the settings and every declaration; a pyproject.toml that is broken has no settings, and is found wanting.

    Raises MalformedFileError for settings that do not exist, and for a broken pyproject.toml that is all there is.
    """
    found = survey(root, dict(tools.env))
    found = found._replace(unread=tuple(unread for unread in found.unread if _is_worth_telling(root, unread)))
    declared = derive([site for site in found.sites if site.declaration.id not in SETTING_KINDS])
    return View(found, declared, _wish(root, is_all=not found.sites))


def reader(root: Path) -> Callable[[str], bytes | None]:
    """Return what reads files below `root`, and is loaded when the first one is wanted: most runs want none."""

    def read(name: str) -> bytes | None:
        from bootstrap.detect.repository import Reader  # noqa: PLC0415

        return Reader(root)(name)

    return read


def _wish(root: Path, *, is_all: bool) -> Wish:
    """Return what `[tool.devstrap]` says; the file is not even parsed where it does not speak of devstrap.

    Raises MalformedFileError for settings that do not exist, and for a broken file where that `is_all` there is.
    """
    if not (is_all or _speaks_of_devstrap(root / PYPROJECT)):
        return Wish()
    from bootstrap.detect.repository import detect_settings, parse_toml  # noqa: PLC0415 - hooks want to be quick

    read = reader(root)
    try:
        pyproject = parse_toml(PYPROJECT, read(PYPROJECT))
    except MalformedFileError:
        if is_all:
            raise
        pyproject = {}

    def line(key: str) -> int | None:
        return line_of(decode(PYPROJECT, read(PYPROJECT) or b""), SETTINGS, key)

    return in_settings(detect_settings(pyproject, line), line)


def _speaks_of_devstrap(file: Path) -> bool:
    """Say whether the word is there; what cannot be read is for somebody else to complain about."""
    try:
        return b"devstrap" in file.read_bytes()
    except OSError:
        return file.exists()


def _is_worth_telling(root: Path, unread: Unread) -> bool:
    """Say whether a person has to know that a file was not read; a link's target within the repository was."""
    full = os.path.join(root, unread.path)
    if os.path.islink(full):
        return not os.path.realpath(full).startswith(os.path.join(os.path.realpath(root), ""))
    if unread.line is None:
        return True
    try:
        with open(full, "rb") as file:
            return re.search(_PYTHON, file.read()) is not None
    except OSError:
        return True


def transition(wish: Wish, view: View) -> Transition | None:
    """Return the way from what is declared to what somebody wishes; None where neither says anything."""
    new = policy_of(wish, view.wanted)
    if new is None:
        return None
    return Transition(view.declared or new, new, has_default=wish.default is not None or not wish)


def nothing_declared() -> UsageError:
    """Return the error for a repository that nothing can be held against."""
    return UsageError(
        "nothing in this repository says which Pythons it supports",
        remedy='add requires-python to pyproject.toml, or supported = ["3.11", "3.12", "3.13"] to [tool.devstrap]',
    )
