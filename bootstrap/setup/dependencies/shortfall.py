"""What a repository declares and devstrap cannot install, each with what would help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.setup.dependencies import groups

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

    from bootstrap.model import Repository

_SILENCE = "requirements = [] in [tool.devstrap] of pyproject.toml says that nothing is missing"


class Shortfall(str):
    """A sentence that says what is not installed, and in `remedy` what to do about that one."""

    __slots__ = ("remedy",)
    remedy: str

    def __new__(cls, text: str, remedy: str) -> Self:
        """Return the sentence with its remedy."""
        made = super().__new__(cls, text)
        made.remedy = remedy
        return made


def remedy_of(shortfall: str) -> str:
    """Return what helps against a shortfall."""
    return shortfall.remedy if isinstance(shortfall, Shortfall) else f"install the rest by hand; {_SILENCE}"


# The lock or manifest, whose it is, and how that manager writes what it declares as a requirements file.
_LOCKS = {
    "poetry.lock": ("Poetry", "poetry export --all-groups -o requirements-dev.txt"),
    "pdm.lock": ("PDM", "pdm export -o requirements-dev.txt"),
    "Pipfile": ("Pipenv", "pipenv requirements --dev > requirements-dev.txt"),
}
CONDA = ("environment.yml", "environment.yaml")


def of_other_managers(repository: Repository, *, has_developers: bool) -> tuple[str, ...]:
    """Name the managers whose declarations cannot be installed yet, so that nobody takes the half for the whole.

    `has_developers` says whether anything for developing was found elsewhere. Where `[tool.devstrap]` names what to
    install, the person has decided, and nothing is missing.
    """
    return () if groups.is_named(repository) else tuple(_missing(repository, has_developers=has_developers))


def _missing(repository: Repository, *, has_developers: bool) -> Iterator[Shortfall]:
    for name, (manager, export) in _LOCKS.items():
        if name in repository.files:
            yield Shortfall(
                f"{name} is {manager}'s: what only it declares is not installed",
                f"write it to a requirements file ({export}) and name that in [tool.devstrap]; {_SILENCE}",
            )
    if not is_complete(repository):
        for name in besides(repository):
            yield Shortfall(
                f"{name} is conda's: what only it declares is not installed",
                f"put what it takes from the package index into a requirements file; {_SILENCE}",
            )
    yield from _tables(repository, has_developers=has_developers)


def _tables(repository: Repository, *, has_developers: bool) -> Iterator[Shortfall]:
    """Name the tables of other managers in pyproject.toml."""
    tools = repository.pyproject.get("tool", {})
    poetry, pdm, hatch = tools.get("poetry"), tools.get("pdm"), tools.get("hatch")
    move = "move them to [dependency-groups] (PEP 735), or name in [tool.devstrap] what developing needs"
    if (
        isinstance(poetry, dict)
        and "poetry.lock" not in repository.files
        and {"group", "dev-dependencies"} & set(poetry)
    ):
        yield Shortfall("[tool.poetry] has groups of its own: they are not installed", move)
    if has_developers:
        return
    if isinstance(pdm, dict) and "dev-dependencies" in pdm and "pdm.lock" not in repository.files:
        yield Shortfall("[tool.pdm.dev-dependencies] is PDM's: they are not installed", move)
    if (isinstance(hatch, dict) and "envs" in hatch) or "hatch.toml" in repository.files:
        yield Shortfall("the environments of Hatch have dependencies of their own: they are not installed", move)


def is_complete(repository: Repository) -> bool:
    """Say whether `[project]` tells the dependencies (PEP 621): what conda has beside that is another way to them."""
    project = repository.pyproject.get("project", {})
    dynamic = project.get("dynamic")
    return "dependencies" in project or (isinstance(dynamic, list) and "dependencies" in dynamic)


def besides(repository: Repository) -> tuple[str, ...]:
    """Return conda's files at the root."""
    return tuple(name for name in CONDA if name in repository.files)


def of_setuptools() -> Shortfall:
    """Say that nobody knows the names of the extras without running setup.py."""
    return Shortfall(
        "setup.py computes its extras: which of them developing needs is not known, and they are not installed",
        "name them under extras in [tool.devstrap] of pyproject.toml; extras = [] there says that none is needed",
    )
