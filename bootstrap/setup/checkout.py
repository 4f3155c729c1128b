"""What git has not brought with the checkout: submodules, and the files that git-lfs keeps elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.model import Run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bootstrap.besides import Besides
    from bootstrap.model import Facts

# git and ssh ask for a password on the terminal otherwise, behind whatever is shown there; a window of theirs may open.
_QUIETLY = (("GIT_TERMINAL_PROMPT", "0"), ("SSH_ASKPASS_REQUIRE", "force"))
_SHOWN = 3
FETCH_TAGS = "git fetch --unshallow --tags"


def steps(facts: Facts) -> tuple[Run, ...]:
    """Return the commands that bring what is missing. They come before all others, which may need it.

    Those that nothing needs to be installed may fail.
    """
    besides = facts.besides
    if besides is None:
        return ()
    needed = tuple(one.path for one in besides.submodules if one.needed_by)
    others = tuple(one.path for one in besides.submodules if not one.needed_by)
    found = [_update(paths, is_optional=paths is others) for paths in (needed, others) if paths]
    if besides.pointers and not besides.without_lfs:
        found += _fetch(besides)
    return tuple(found)


def _fetch(besides: Besides) -> Iterator[Run]:
    """Yield what fetches the files of git-lfs. Without its filters it would fetch them, and leave the pointers."""
    if not besides.has_lfs_filters:
        install = ("git", "lfs", "install", "--local")  # which overwrites nobody's hooks
        yield Run(install, "set up git-lfs in this clone", turn="first", is_optional=True)
    what = f"fetch {counted(besides.pointers)} from git-lfs"
    yield Run(("git", "lfs", "pull"), what, env=_QUIETLY, turn="first", is_optional=True)


def _update(paths: tuple[str, ...], *, is_optional: bool) -> Run:
    argv = ("git", "submodule", "update", "--init", "--recursive", "--", *paths)
    what = f"check out the submodule{'s' if len(paths) > 1 else ''} {listed(paths)}"
    return Run(argv, what, env=_QUIETLY, turn="first", is_optional=is_optional)


def listed(paths: tuple[str, ...]) -> str:
    """Return the first few of many paths."""
    more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    return ", ".join(paths[:_SHOWN]) + more


def counted(paths: tuple[str, ...]) -> str:
    """Return how many files it is about."""
    return f"{len(paths)} file{'s' if len(paths) > 1 else ''}"


def hints(besides: Besides | None) -> tuple[str, ...]:
    """Return what of the checkout may be why an installation failed, in sentences that a remedy can begin with."""
    if besides is None:
        return ()
    found = []
    if besides.is_too_shallow:
        found.append(f"the clone is shallow and has no tag to take the version from: {FETCH_TAGS}")
    if besides.submodules:
        missing = tuple(one.path for one in besides.submodules)
        found.append(f"not checked out: {listed(missing)}: git submodule update --init --recursive")
    if besides.pointers:
        found.append(
            f"{counted(besides.pointers)} {'are' if len(besides.pointers) > 1 else 'is'} only git-lfs' pointer"
        )
    return tuple(found)
