"""What a repository declares and devstrap cannot install, each with what would help."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
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


def is_complete(repository: Repository) -> bool:
    """Say whether `[project]` tells the dependencies (PEP 621): what conda has beside that is another way to them."""
    project = repository.pyproject.get("project", {})
    dynamic = project.get("dynamic")
    return "dependencies" in project or (isinstance(dynamic, list) and "dependencies" in dynamic)


def of_setuptools() -> Shortfall:
    """Say that nobody knows the names of the extras without running setup.py."""
    return Shortfall(
        "setup.py computes its extras: which of them developing needs is not known, and they are not installed",
        "name them under extras in [tool.devstrap] of pyproject.toml; extras = [] there says that none is needed",
    )
