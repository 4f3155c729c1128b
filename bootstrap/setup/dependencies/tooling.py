"""Roots that declare only tools: the code stands in parts below, each with a manifest of its own."""

from __future__ import annotations

import hashlib
import re
from itertools import chain
from typing import TYPE_CHECKING

from bootstrap.detect.repository import distribution_name, normalise
from bootstrap.model import Dependencies, Run
from bootstrap.nested import at
from bootstrap.setup.dependencies import groups, hatch, requirements, setuptools, tables, testing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bootstrap.model import Repository

    Reader = Callable[[str], bytes | None]

# What looks at code, or builds, releases or documents it, and is no library of it.
_TOOLS = frozenset(
    (
        *("autoflake", "autopep8", "bandit", "basedpyright", "black", "build", "bump-my-version", "bump2version"),
        *("bumpver", "bumpversion", "codecov", "codespell", "commitizen", "cookiecutter", "coverage", "deptry"),
        *("detect-secrets", "docformatter", "flake8", "furo", "hatch", "honcho", "interrogate", "invoke", "ipdb"),
        *("ipykernel", "ipython", "isort", "jupyter", "maturin", "mkdocs", "monkeytype", "mypy", "myst-parser"),
        *("nbstripout", "nose", "nox", "pdbpp", "pdm", "pep8-naming", "pip", "pip-audit", "pip-tools", "pipdeptree"),
        *("poethepoet", "poetry", "pre-commit", "prek", "pycodestyle", "pydocstyle", "pyflakes", "pylint", "pyright"),
        *("pytest", "python-semantic-release", "pyupgrade", "ruff", "safety", "setuptools", "setuptools-scm"),
        *("sphinx", "taskipy", "toml-sort", "towncrier", "tox", "tox-uv", "twine", "ty", "uv", "vulture", "wheel"),
        *("yamllint", "yapf"),
    )
)
_FAMILIES = re.compile(
    r"^(?:flake8|mkdocs|pylint|pytest|sphinx|sphinxcontrib|types|jupyter|mypy|nox|pre-commit)-|-(?:stubs|types)$"
)
_NO_CODE = frozenset(("docs", "doc", "test", "tests", "testing", "scripts", "tools", "ci", "examples", "benchmarks"))


def above_parts(wanted: Dependencies | None, repository: Repository, read: Reader) -> Dependencies | None:
    """Return the tools that a root declares for the code of its parts; None where it declares none, or more than that.

    `wanted` is how the root itself is installed. A pyproject.toml without a project may have groups all the same.
    """
    if wanted is not None and _is_tooling(wanted, repository, read):
        return wanted
    named = groups.for_developers(at(repository.pyproject, "dependency-groups"))
    said = tables.needs_of(repository).requirements
    if wanted is not None or not (named or said):
        return None
    words = (*(part for name in named for part in ("--group", name)), *said)
    digest = hashlib.sha256(repr((repository.pyproject.get("dependency-groups"), words)).encode())
    return Dependencies(
        manager="pyproject",
        title=f"pyproject.toml with {', '.join(f'group {name}' for name in named) or 'its development dependencies'}",
        installs=(Run(("uv", "pip", "install", "--python", "{target}", *words), "install the tools of the root"),),
        fingerprint=digest.hexdigest()[:16],
    )


def _is_tooling(wanted: Dependencies, repository: Repository, read: Reader) -> bool:
    """Say whether what the root declares are tools alone, for code that is not the root's own."""
    # The code of a workspace is in its members, and they are in what its lock is for.
    is_workspace = wanted.manager == "uv" and "workspace" in at(repository.pyproject, "tool", "uv")
    if wanted.installs_project or is_workspace or groups.is_named(repository):
        return False
    names = {normalise(distribution_name(line)) for line in _declared(repository, read)} - {""}
    return bool(names) and all(map(_is_tool, names)) and not _has_code(repository, read)


def _is_tool(name: str) -> bool:
    return name in _TOOLS or _FAMILIES.search(name) is not None


def _declared(repository: Repository, read: Reader) -> Iterator[str]:
    """Yield everything that the root requires by whatever table or file, without what `-r` includes."""
    project = repository.pyproject.get("project", {})
    others = setuptools.extras(repository, read).known
    extras = (*project.get("optional-dependencies", {}), *others)
    written = groups.required(repository, repository.pyproject.get("dependency-groups", {}), extras, others)
    poetry = (name for name in at(repository.pyproject, "tool", "poetry", "dependencies") if name != "python")
    files = requirements.for_developers(repository, read)
    of_files = (_bare(line) for line in testing.lines(files, read))
    of_hatch = hatch.needs_of(repository, read).requirements
    yield from chain(written, poetry, tables.needs_of(repository).requirements, of_hatch, of_files)


def _bare(line: str) -> str:
    """Return the requirement in a line of a requirements file; a path or an address stays, and is no tool."""
    text = line.partition(" #")[0].strip()
    if text.startswith("#") or re.match(r"--?(?:r|c|hash|requirement|constraint|index-url|extra-index-url)\b", text):
        return ""
    return f"path-{len(text)}" if text.startswith(("-e", "--editable", ".", "/")) or "://" in text else text


def _has_code(repository: Repository, read: Reader) -> bool:
    """Say whether the root has a package of its own."""
    names = (name for name in repository.files if name not in _NO_CODE and not name.startswith("."))
    return any("." not in name and read(f"{name}/__init__.py") is not None for name in names)
