"""What the tests need where the project itself does not say: files beside them, tox, nox, Hatch, CI, the guide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.detect.declared import decode
from bootstrap.detect.repository import distribution_name, normalise
from bootstrap.nested import at
from bootstrap.setup.dependencies import conda, groups, hatch, needs, nox, said, setup_script, tox
from bootstrap.setup.dependencies import shown as shown_in_tests
from bootstrap.setup.dependencies.inclusion import closure, for_python3

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from bootstrap.model import Repository
    from bootstrap.setup.dependencies.needs import Needs

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


# Who else may know, the most exact first.
SOURCES: tuple[Callable[[Repository, Reader], Needs], ...] = (
    hatch.needs_of,
    tox.needs_of,
    nox.needs_of,
    setup_script.needs_of,
    said.needs_of,
    conda.needs_of,
)


def brings_pytest(requirements: Iterable[str]) -> bool:
    """Say whether pytest is among the requirements, or a plugin of it, which requires it itself."""
    names = (normalise(distribution_name(line.strip())) for line in requirements)
    return any(name == "pytest" or name.startswith("pytest-") for name in names)


def brings_nose(requirements: Iterable[str]) -> bool:
    """Say whether nose is among the requirements, or what follows it: old tests import it."""
    names = (normalise(distribution_name(line.strip())) for line in requirements)
    return any(name in ("nose", "nose2", "pynose") for name in names)


def lines(files: Iterable[str], read: Reader) -> list[str]:
    """Return the lines of requirements files and of all that they include."""
    return [
        line for file in files for name in closure(file, read) for line in decode(name, read(name) or b"").splitlines()
    ]


def more(
    repository: Repository,
    read: Reader,
    brought: Iterable[str],
    extras: Mapping[str, tuple[str, ...] | None],
) -> Needs:
    """Return what brings pytest to a repository that is tested with it; nothing where `brought` has it already.

    `extras` are the project's, with their requirements as far as they are known. The first source that brings pytest is
    taken; where none does, the repository's own words are of no use, and the tests themselves show it or nothing does.
    """
    if groups.is_named(repository) or brings_pytest(brought):
        return needs.NOTHING
    beside = files(repository, read)
    if beside:
        return needs.Needs(files=beside, origin=beside[0])
    has_tests = "pytest" in repository.tools or bool({"tests", "test"} & repository.files) or _is_inside(repository)
    found = _from_sources(repository, read, extras) if has_tests else needs.NOTHING
    if found.is_empty:
        found = _named_otherwise(repository, extras)
    return found if not found.is_empty else _shown(repository, read)


def _is_inside(repository: Repository) -> bool:
    """Say whether the tests lie inside of a package."""
    folders = (repository.root / name for name in sorted(repository.files) if not name.startswith("."))
    packages = (folder for folder in folders if (folder / "__init__.py").is_file())
    return any((folder / name).is_dir() for folder in packages for name in ("tests", "test"))


def _named_otherwise(repository: Repository, extras: Mapping[str, tuple[str, ...] | None]) -> Needs:
    """Return the group, else the extra, that brings pytest, whatever it is called."""
    for name in at(repository.pyproject, "dependency-groups"):
        if brings_pytest(groups.required(repository, (name,), (), extras)):
            return needs.Needs(groups=(name,), origin=f"group {name}")
    for name in (*at(repository.pyproject, "project", "optional-dependencies"), *extras):
        if brings_pytest(groups.required(repository, (), (name,), extras)):
            return needs.Needs(extras=(name,), origin=f"extra {name}")
    return needs.NOTHING


def _shown(repository: Repository, read: Reader) -> Needs:
    """Return what lies beside the tests, which unittest may run, and pytest where they are written for it."""
    beside = next((path for path in _beside(repository, read, _FOLDERS[:2])), "")
    shown = shown_in_tests.needs_of(repository)
    return shown._replace(files=(beside,) if beside else (), origin=shown.origin or beside)


def _from_sources(repository: Repository, read: Reader, extras: Mapping[str, tuple[str, ...] | None]) -> Needs:
    of_nose = needs.NOTHING
    for source in SOURCES:
        found = existing(source(repository, read), repository, read, extras)
        known = [line for name in found.extras for line in extras.get(name) or ()]
        known += groups.required(repository, found.groups, found.extras, extras)
        is_unknown = any(extras.get(name, ()) is None for name in found.extras)
        brought = [*found.requirements, *lines(found.files, read), *known]
        if is_unknown or brings_pytest(brought):
            return found
        if of_nose.is_empty and brings_nose(brought):
            of_nose = found
    return of_nose


def existing(found: Needs, repository: Repository, read: Reader, extras: Mapping[str, tuple[str, ...] | None]) -> Needs:
    """Return the needs with those extras, groups and files alone that exist: a guide may be out of date."""
    project = repository.pyproject.get("project", {})
    known = {normalise(name): name for name in (*project.get("optional-dependencies", {}), *extras)}
    there = {normalise(name): name for name in repository.pyproject.get("dependency-groups", {})}
    wanted = known if "*" in found.extras else map(normalise, found.extras)
    return found._replace(
        extras=tuple(dict.fromkeys(known[name] for name in wanted if name in known)),
        groups=tuple(dict.fromkeys(there[normalise(name)] for name in found.groups if normalise(name) in there)),
        files=tuple(name for name in found.files if not name.startswith("..") and read(name) is not None),
        constraints=tuple(name for name in found.constraints if not name.startswith("..") and read(name) is not None),
    )


def files(repository: Repository, read: Reader) -> tuple[str, ...]:
    """Return the file beside the tests, or in a folder for CI, that names pytest.

    Only the first is taken: in a folder for CI there are others for other jobs.
    """
    return tuple(path for path in _beside(repository, read, _FOLDERS) if brings_pytest(lines((path,), read)))[:1]


def _beside(repository: Repository, read: Reader, folders: Iterable[str]) -> Iterator[str]:
    """Yield the requirements files in these folders that are for pip."""
    for folder in folders:
        for name in _NAMES if folder in repository.files else ():
            path = f"{folder}/{name}"
            if read(path) is not None and not _is_for_conda(lines((path,), read)):
                yield for_python3(path, read)


def _is_for_conda(requirements: Iterable[str]) -> bool:
    """Say whether it is conda that reads the file: it has Python itself among its packages, and channels."""
    return any("::" in line or distribution_name(line.strip()) == "python" for line in requirements)
