"""Guards over `.venv`: the Python that it runs and what is installed in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.detect.environment import library_of
from bootstrap.detect.wholeness import distributions
from bootstrap.guards.problem import Problem, set_up
from bootstrap.model import EnvironmentState
from bootstrap.setup.dependencies import groups, shortfall
from bootstrap.setup.python import suits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bootstrap.model import Facts

    Reader = Callable[[str], bytes | None]


def exists(facts: Facts, read: Reader) -> Iterator[Problem]:  # noqa: ARG001 - every guard takes both
    """Without `.venv` commands run in whatever Python comes first on PATH."""
    environment = facts.environment
    if environment.state is not EnvironmentState.HEALTHY:
        reason = environment.reason or "there is none"
        yield Problem(f".venv cannot be used: {reason}", "set the repository up again", path=".venv", fix=set_up(facts))


def runs_the_wanted_python(facts: Facts, read: Reader) -> Iterator[Problem]:  # noqa: ARG001
    """Editors and test runs silently keep using a stale .venv after the pin moves."""
    environment, inspection = facts.environment, facts.inspection
    if environment.state is not EnvironmentState.HEALTHY:
        return
    if not suits(environment, facts.repository, facts.asked_python):
        yield Problem(
            f".venv runs Python {environment.version}, but {facts.choice.reason}",
            "make it again",
            ".venv",
            fix=set_up(facts),
        )
    elif inspection is not None and inspection.running and inspection.running != str(environment.version):
        # A base that was upgraded in place to another micro version does no harm; uv and venv note only the first.
        told, noted = inspection.running.split(".")[:2], str(environment.version).split(".")[:2]
        if told != noted:
            yield Problem(
                f".venv/pyvenv.cfg says Python {environment.version}, but its interpreter is {inspection.running}",
                "make it again",
                ".venv/pyvenv.cfg",
                fix=set_up(facts),
            )


def has_its_dependencies(facts: Facts, read: Reader) -> Iterator[Problem]:  # noqa: ARG001
    """A package that is declared and not installed fails in the middle of somebody's work."""
    if facts.inspection is not None and facts.inspection.missing:
        yield Problem(
            f"not everything is installed: {facts.inspection.missing}", "install it", path=".venv", fix=set_up(facts)
        )


def is_consistent(facts: Facts, read: Reader) -> Iterator[Problem]:  # noqa: ARG001
    """Two packages that exclude each other work until the code path in which they meet."""
    for conflict in facts.inspection.conflicts if facts.inspection else ():
        yield Problem(conflict, "change the requirement of one of the two, then set the repository up again")


def imports_the_project(facts: Facts, read: Reader) -> Iterator[Problem]:  # noqa: ARG001
    """An installer that returns 0 and leaves a project that cannot be imported is the commonest failure of all."""
    for name, reason in facts.inspection.broken_imports if facts.inspection else ():
        yield Problem(f"import {name} fails: {reason}", "install what it misses, or correct the import")


def can_be_tried(facts: Facts, read: Reader) -> Iterator[Problem]:  # noqa: ARG001
    """What was not tried must not look as if it had been."""
    installs = facts.dependencies is not None and facts.dependencies.installs_project
    if installs and facts.inspection is not None and not facts.inspection.imported:
        yield Problem(
            "no package of the project was found, so it was not tried whether it can be imported",
            f"nothing has to be done; to try it yourself: {set_up(facts)} run python",
        )


def has_all_that_is_declared(facts: Facts, read: Reader) -> Iterator[Problem]:  # noqa: ARG001
    """Half of the dependencies must not look like all of them."""
    for missing in facts.dependencies.shortfalls if facts.dependencies else ():
        yield Problem(missing, shortfall.remedy_of(missing))


def has_conda_beside(facts: Facts, read: Reader) -> Iterator[Problem]:
    """What conda installs beside Python packages, compilers and libraries, nobody else does."""
    if not any("environment" in name or name == "conda" for name in facts.repository.files):
        return
    from bootstrap.setup.dependencies import conda  # noqa: PLC0415 - only where one of its files may be

    name = conda.file_of(facts.repository)
    if not name or groups.is_named(facts.repository):
        return
    others = conda.beside(facts.repository, read)
    if others:
        yield Problem(
            f"{name} asks conda for {', '.join(others)}: not Python packages, so they are not installed",
            "install those that you need by conda, or by the package manager of your system",
            path=name,
        )
    elif shortfall.is_complete(facts.repository):
        yield Problem(
            f"{name} is conda's: pyproject.toml tells the dependencies, so it was not needed",
            "nothing has to be done, unless the project needs what only conda has",
            path=name,
        )


def has_the_tests_runner(facts: Facts, read: Reader) -> Iterator[Problem]:  # noqa: ARG001
    """The editor is set up for pytest wherever the repository is; without pytest it finds no test."""
    environment = facts.environment
    library = library_of(environment.path) if environment.state is EnvironmentState.HEALTHY else None
    if library is None or "pytest" not in facts.repository.tools or "pytest" in distributions(library):
        return
    yield Problem(
        "the repository is configured for pytest, but nothing that was installed brings it",
        "add it to the dependency group dev, or name the file that has it under requirements in [tool.devstrap]; "
        "to have it for now",
        fix=f"{set_up(facts)} run uv pip install pytest",
    )
