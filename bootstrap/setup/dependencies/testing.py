"""Requirements files of the tests, beside them or in a folder for CI: looked for where nothing else brings pytest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.detect.declared import decode
from bootstrap.detect.repository import distribution_name, normalise
from bootstrap.setup.dependencies import groups
from bootstrap.setup.dependencies.inclusion import closure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bootstrap.model import Repository

    Reader = Callable[[str], bytes | None]

_FOLDERS = ("tests", "test", "testing", "requirements", "ci", ".ci")
_NAMES = (
    "requirements.txt",
    "requirements-test.txt",
    "requirements-tests.txt",
    "requirements_test.txt",
    "requirements-dev.txt",
    "test-requirements.txt",
    "test_requirements.txt",
    "requirements-pytest.txt",
    "requirements-ci.txt",
    "pytest.txt",
    "ci.txt",
)


def brings_pytest(requirements: Iterable[str]) -> bool:
    """Say whether pytest is among the requirements, or a plugin of it, which requires it itself."""
    names = (normalise(distribution_name(line.strip())) for line in requirements)
    return any(name == "pytest" or name.startswith("pytest-") for name in names)


def lines(files: Iterable[str], read: Reader) -> list[str]:
    """Return the lines of requirements files and of all that they include."""
    return [
        line for file in files for name in closure(file, read) for line in decode(name, read(name) or b"").splitlines()
    ]


def files(repository: Repository, read: Reader, brought: Iterable[str]) -> tuple[str, ...]:
    """Return the file that brings pytest to a repository that is configured for it; nothing where `brought` has it.

    Only a file that names pytest is taken, and only the first: in a folder for CI there are others for other jobs.
    """
    if "pytest" not in repository.tools or groups.is_named(repository) or brings_pytest(brought):
        return ()
    for folder in _FOLDERS:
        for name in _NAMES if folder in repository.files else ():
            path = f"{folder}/{name}"
            found = lines((path,), read)
            if brings_pytest(found) and not _is_for_conda(found):
                return (path,)
    return ()


def _is_for_conda(requirements: Iterable[str]) -> bool:
    """Say whether it is conda that reads the file: it has Python itself among its packages, and channels."""
    return any("::" in line or distribution_name(line.strip()) == "python" for line in requirements)
