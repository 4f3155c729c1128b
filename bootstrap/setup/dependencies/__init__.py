"""How a repository's dependencies are installed: one module for each manager, and the table of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.errors import MalformedFileError
from bootstrap.setup.dependencies import uv_lock

if TYPE_CHECKING:
    from collections.abc import Callable

    from bootstrap.model import Dependencies, Repository

    Reader = Callable[[str], bytes | None]

_PYPROJECT = "pyproject.toml"


def recognise(repository: Repository, read: Reader) -> Dependencies | None:
    """Return how this repository's dependencies are installed, or None where it declares none.

    Raises MalformedFileError for a manifest or a lock that cannot be understood.
    """
    _refuse_emptied(repository, read)
    # A lock of uv's goes first, and none of the others has to be loaded then.
    found = uv_lock.recognise(repository, read) if uv_lock.LOCK in repository.files else None
    if found is not None:
        return found
    from bootstrap.setup.dependencies.managers import MANAGERS  # noqa: PLC0415 - it loads them all

    recognised = (recogniser(repository, read) for recogniser in MANAGERS.values())
    return next((one for one in recognised if one is not None), None)


_LOCKS = ("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml")


def _refuse_emptied(repository: Repository, read: Reader) -> None:
    """Raise MalformedFileError for a pyproject.toml with nothing in it, though a lock was made from it."""
    lock = next((name for name in _LOCKS if name in repository.files), "")
    if lock and not repository.pyproject and _PYPROJECT in repository.files and not (read(_PYPROJECT) or b"").strip():
        raise MalformedFileError(
            f"{_PYPROJECT} is empty, but {lock} was made from it",
            remedy="bring it back as it was committed, or delete the lock with it",
            path=_PYPROJECT,
        )


def gives_way(wanted: Dependencies | None, repository: Repository, read: Reader) -> bool:
    """Say whether nothing is declared at the root, so that its parts are installed, where it has some.

    Where the root only describes the repository, what its CI installs for the tests is not all of it either.
    """
    if wanted is None or "project" not in repository.pyproject:
        return wanted is None
    if wanted.manager not in ("pyproject", "requirements"):
        return False
    from bootstrap.setup.dependencies import pyproject, requirements  # noqa: PLC0415 - as the managers

    return pyproject.declares_nothing(repository) and not requirements.for_developers(repository, read)


def above_parts(wanted: Dependencies | None, repository: Repository, read: Reader) -> Dependencies | None:
    """Return the tools that a root declares for the code of its parts; None where it declares none, or more than that.

    `wanted` is how the root itself is installed.
    """
    from bootstrap.setup.dependencies import tooling  # noqa: PLC0415 - hardly any root has parts below it

    return tooling.above_parts(wanted, repository, read)
