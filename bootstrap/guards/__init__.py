"""Checks that a finished repository and machine hold: each a function, and a row in the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.guards import besides, configuration, environment, locks, proof
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
    "D110": (proof.tests_can_be_collected, Severity.ERROR),
    "D111": (proof.all_tests_can_be_collected, Severity.WARNING),
    "D112": (proof.tests_were_tried, Severity.WARNING),
    "D201": (locks.is_up_to_date, Severity.ERROR),
    "D202": (locks.can_be_checked, Severity.WARNING),
    "D301": (configuration.editor_uses_the_environment, Severity.WARNING),
    "D302": (configuration.devcontainer_has_the_wanted_python, Severity.WARNING),
    "D303": (configuration.devcontainer_sets_the_repository_up, Severity.NOTE),
    "D501": (besides.submodules_are_checked_out, Severity.WARNING),
    "D502": (besides.large_files_are_there, Severity.WARNING),
    "D503": (besides.version_can_be_told, Severity.WARNING),
    "D504": (besides.dotenv_has_every_name, Severity.NOTE),
    "D505": (besides.dotenv_has_values, Severity.NOTE),
}


# Fears of what may not work; where all tests could be collected, they are no more than that.
_DISPROVED = ("D104", "D106", "D201")
# What is asked of a part that shares the whole's environment, and what only of the whole.
_OF_THE_CODE = ("D105", "D110", "D111", "D112")
_OF_THE_WHOLE = ("D301", "D302", "D303", "D501", "D502", "D503", "D504", "D505")


def run(facts: Facts, read: Reader) -> tuple[Finding, ...]:
    """Run every guard on freshly detected facts and return what does not hold, in the table's order.

    Where each part of the repository has its own environment, none is expected at the root.
    """
    found = list(_run(facts, read, tuple(GUARDS) if facts.needs_environment else _OF_THE_WHOLE))
    for part in facts.parts:
        codes = _OF_THE_CODE if part.is_shared else tuple(code for code in GUARDS if code not in _OF_THE_WHOLE)
        for one in _run(part.facts, lambda name, part=part: read(f"{part.path}/{name}"), codes):  # type: ignore[misc]
            path = f"{part.path}/{one.path}" if one.path else part.path
            found.append(one._replace(message=f"{part.path}: {one.message}", path=path))
    return tuple(found)


def _run(facts: Facts, read: Reader, codes: tuple[str, ...]) -> Iterator[Finding]:
    for code in codes:
        guard, severity = GUARDS[code]
        if code in _DISPROVED and facts.proof is not None and facts.proof.collected and not facts.proof.is_failed:
            severity = Severity.WARNING
        for problem in guard(facts, read):
            yield Finding(
                code, severity, problem.message, problem.hint, path=problem.path, line=problem.line, fix=problem.fix
            )
