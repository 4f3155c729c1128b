"""How a repository's dependencies are installed: one module for each manager, and the table of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.setup.dependencies import conda, pdm, pipenv, poetry, pyproject, requirements, rye, uv_lock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bootstrap.model import Dependencies, Repository

    Reader = Callable[[str], bytes | None]
    Recogniser = Callable[[Repository, Reader], Dependencies | None]

# The first that recognises its files is used.
MANAGERS: Mapping[str, Recogniser] = {
    "uv": uv_lock.recognise,
    "poetry": poetry.recognise,
    "pdm": pdm.recognise,
    "pipenv": pipenv.recognise,
    "rye": rye.recognise,
    "pyproject": pyproject.recognise,
    "requirements": requirements.recognise,
    "conda": conda.recognise,
    "description": pyproject.described,
}


def recognise(repository: Repository, read: Reader) -> Dependencies | None:
    """Return how this repository's dependencies are installed, or None where it declares none."""
    for recogniser in MANAGERS.values():
        found = recogniser(repository, read)
        if found is not None:
            return found
    return None


def gives_way(wanted: Dependencies | None, repository: Repository, read: Reader) -> bool:
    """Say whether nothing is declared at the root, so that its parts are installed, where it has some.

    Where the root only describes the repository, what its CI installs for the tests is not all of it either.
    """
    if wanted is None or "project" not in repository.pyproject:
        return wanted is None
    is_open = wanted.manager in ("pyproject", "requirements") and pyproject.declares_nothing(repository)
    return is_open and not requirements.for_developers(repository, read)
