"""The table of managers, in the order in which they are looked for."""

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
