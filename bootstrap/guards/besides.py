"""Guards over what a checkout needs besides packages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.guards.problem import Problem, set_up
from bootstrap.setup.checkout import FETCH_TAGS, counted, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bootstrap.model import Facts

    Reader = Callable[[str], bytes | None]

_INSTALL_LFS = "install git-lfs (apt install git-lfs, brew install git-lfs, https://git-lfs.com), then git lfs pull"


def submodules_are_checked_out(facts: Facts, read: Reader) -> Iterator[Problem]:  # noqa: ARG001 - every guard takes both
    """An empty folder in the place of code or data is found late, by whatever needs it."""
    missing = tuple(one.path for one in facts.besides.submodules) if facts.besides else ()
    if missing:
        yield Problem(
            f"not checked out: the submodule{'s' if len(missing) > 1 else ''} {listed(missing)}",
            "what needs them does not work; when they can be reached",
            fix="git submodule update --init --recursive",
        )


def large_files_are_there(facts: Facts, read: Reader) -> Iterator[Problem]:  # noqa: ARG001
    """A pointer of three lines in the place of a file is taken for damaged data."""
    besides = facts.besides
    if besides and besides.pointers:
        why = f", since {besides.without_lfs}" if besides.without_lfs else ""
        yield Problem(
            f"only git-lfs' pointer is there of {counted(besides.pointers)}: {listed(besides.pointers)}{why}",
            _INSTALL_LFS if "not on this machine" in besides.without_lfs else "have them fetched with git lfs pull",
        )


def version_can_be_told(facts: Facts, read: Reader) -> Iterator[Problem]:  # noqa: ARG001
    """A package that calls itself 0.1.dev1 fails whoever asks for a version of it."""
    if facts.besides and facts.besides.is_too_shallow:
        yield Problem(
            "the project's version comes from git's tags, and this shallow clone has none: it is 0.0 or 0.1.dev now",
            f"get them, remove .venv, and run {set_up(facts)} again",
            fix=FETCH_TAGS,
        )


def dotenv_has_every_name(facts: Facts, read: Reader) -> Iterator[Problem]:  # noqa: ARG001
    """A setting that came after one's own `.env` was written is missed at the worst moment."""
    for one in facts.besides.dotenvs if facts.besides else ():
        if one.missing:
            yield Problem(
                f"{one.example} has {'a name' if len(one.missing) == 1 else 'names'} that {one.path} has not: "
                f"{listed(one.missing)}",
                "it is yours, and not touched: add what you need",
                path=one.path,
            )


def dotenv_has_values(facts: Facts, read: Reader) -> Iterator[Problem]:  # noqa: ARG001
    """What an example leaves open, only a person knows."""
    for one in facts.besides.dotenvs if facts.besides else ():
        if one.open:
            yield Problem(
                f"{one.path} was copied from {one.example}, which leaves open: {', '.join(one.open)}",
                f"write down what they are for you, or remove it and run {set_up(facts)}, which asks",
                path=one.path,
            )
