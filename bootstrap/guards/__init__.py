"""Checks that a finished repository and machine hold: each a function, and a row in the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.guards import configuration, environment, locks
from bootstrap.model import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bootstrap.guards.problem import Problem
    from bootstrap.model import Facts

    Reader = Callable[[str], bytes | None]
    Guard = Callable[[Facts, Reader], Iterator[Problem]]

# The codes are stable: people search for them and machines compare them.
GUARDS: Mapping[str, tuple[Guard, Severity]] = {
    "D101": (environment.exists, Severity.ERROR),
    "D102": (environment.runs_the_wanted_python, Severity.ERROR),
    "D103": (environment.has_its_dependencies, Severity.ERROR),
    "D104": (environment.is_consistent, Severity.ERROR),
    "D105": (environment.imports_the_project, Severity.ERROR),
    "D106": (environment.has_all_that_is_declared, Severity.ERROR),
    "D107": (environment.can_be_tried, Severity.NOTE),
    "D108": (environment.has_the_tests_runner, Severity.WARNING),
    "D109": (environment.has_conda_beside, Severity.NOTE),
    "D201": (locks.is_up_to_date, Severity.ERROR),
    "D202": (locks.can_be_checked, Severity.WARNING),
    "D301": (configuration.editor_uses_the_environment, Severity.ERROR),
    "D302": (configuration.devcontainer_has_the_wanted_python, Severity.ERROR),
    "D303": (configuration.devcontainer_sets_the_repository_up, Severity.NOTE),
}


def run(facts: Facts, read: Reader) -> tuple[Finding, ...]:
    """Run every guard on freshly detected facts and return what does not hold, in the table's order."""
    return tuple(
        Finding(code, severity, problem.message, problem.hint, path=problem.path, line=problem.line, fix=problem.fix)
        for code, (guard, severity) in GUARDS.items()
        for problem in guard(facts, read)
    )
