"""What to try when an installation failed, or left something that cannot be used: one change of the answers at a time.

A remedy is tried once. Each says what was found and what is done about it, so that it can be refused, and is remembered
for this checkout. Nothing here is for a network, a disk or rights: those a person has to mend.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bootstrap.detect.repository import Reader
from bootstrap.errors import ForesightError
from bootstrap.failures import is_out_of_reach, system
from bootstrap.failures.builds import package
from bootstrap.proof.another import (
    Python,
    another_time,
    archaic,
    at_hand,
    is_of_others,
    older_python,
    outgrown,
    spoiled,
    too_old,
    unbounded,
    withdrawn,
)
from bootstrap.proof.building import bare, build_misses, build_tools, copied, followed, linked
from bootstrap.proof.collect import is_of_installation
from bootstrap.proof.leaving import lean, unfetched, unreadable, vanished
from bootstrap.proof.missing import (
    missing_modules,
    missing_plugins,
    missing_requirements,
    silent,
    told_to_install,
)
from bootstrap.proof.pinned import pinned_anyway, pinned_twice
from bootstrap.proof.remedy import Case, Remedy
from bootstrap.proof.wheels import Failed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bootstrap.errors import StepError
    from bootstrap.machine import Interpreter
    from bootstrap.model import Answers, Facts
    from bootstrap.proof.wheels import Probe


def after_failure(error: StepError, facts: Facts, answers: Answers, probe: Probe | None = None) -> Iterator[Remedy]:
    """Yield what may help after a failed command, the likeliest first; `probe` finds the Python that would do."""
    if isinstance(error, ForesightError):
        yield Remedy(
            replace(answers, python=error.python), error.message, f"use {error.python}, for which there are wheels"
        )
        return
    said = error.said or error.message
    for one in (facts, *(part.facts for part in facts.parts)):
        yield from at_hand(error, one, answers)
        yield from followed(error, one, answers)
        yield from unfetched(said, one, answers)
    yield from unbounded(error, answers)
    if is_out_of_reach(said) or _is_the_machine(said):
        return
    is_unsolvable = "no solution found" in said.lower() or "unsatisfiable" in said.lower()
    if is_unsolvable and any(part.is_shared for part in facts.parts):
        yield Remedy(
            replace(answers, is_apart=True),
            "the parts of the repository do not go together",
            "make an environment for each",
        )
    for one in (facts, *(part.facts for part in facts.parts)):
        if one.dependencies is not None:
            case = Case(one, answers, Reader(one.repository.root), said, pythons=_pythons(probe))
            yield from lean(case, is_likely=True)
            asked = Failed(error.run, said, one, facts.repository.root) if probe and error.run else None
            yield from _after_failure(case, is_unsolvable=is_unsolvable, python=Python(case, probe, asked))
            yield from lean(case, is_likely=False)


def _after_failure(case: Case, python: Python, *, is_unsolvable: bool) -> Iterator[Remedy]:
    said = case.text
    yield from archaic(case)
    yield from linked(case)
    yield from bare(case)
    yield from build_tools(case)
    yield from build_misses(case)
    yield from outgrown(case)
    yield from vanished(case)
    yield from unreadable(case)
    if package(said) and system.missing(said):
        yield from python.with_wheels()
        return  # no other answers bring what the system lacks: the person has to install it
    yield from too_old(case)
    yield from withdrawn(case)
    yield from spoiled(case)
    # The question takes longer than another attempt that is likely to help.
    yield from python.with_wheels()
    if is_unsolvable and _is_unheard_of(said):
        return
    if is_unsolvable:
        yield from pinned_anyway(case)
        yield from pinned_twice(case)
        yield from another_time(case, "the requirements cannot be met together")
        yield from python.that_fits("the requirements cannot be met together")
    elif _NO_WHEEL in said:
        yield from python.that_installs()
    elif "failed to build" in said.lower() or "build backend" in said.lower():
        yield from copied(case)
        found = f"{package(said).partition(' @ ')[0] or 'a package'} cannot be built"
        yield from another_time(case, found)
        # What has no wheels anywhere may still be built by an older one.
        yield from older_python(case, None, found)


def _pythons(probe: Probe | None) -> Callable[[], Sequence[Interpreter]]:
    return probe.interpreters if probe is not None else tuple


def after_proof(facts: Facts, answers: Answers, probe: Probe | None = None) -> Iterator[Remedy]:
    """Yield what may help where the project cannot be imported or its tests not be collected, the likeliest first."""
    broken = tuple(reason for _, reason in facts.inspection.broken_imports) if facts.inspection else ()
    proof = facts.proof
    reasons = (*broken, *(proof.reasons if proof else ()))
    if facts.dependencies is None:
        return
    yield from missing_requirements(facts, answers)
    if not reasons:
        return
    text = "\n".join((proof.output if proof else "", *reasons))
    case = Case(facts, answers, Reader(facts.repository.root), text, reasons, _pythons(probe))
    if not any(map(is_of_installation, reasons)):
        return
    yield from linked(case)
    yield from silent(case)
    yield from missing_plugins(case)
    yield from missing_modules(case)
    yield from told_to_install(case)
    if not broken and not (proof and proof.is_failed):
        return  # a few files of many are no reason for another Python, or another time
    yield from outgrown(case)
    if any(is_of_others(reason) for reason in reasons):
        yield from another_time(case, f"what is installed does not fit the code ({reasons[0]})")


# What uv says where a lock has neither a wheel that fits nor a source distribution.
_NO_WHEEL = "can't be installed because it doesn't have a source distribution or wheel"


def _is_unheard_of(said: str) -> bool:
    """Say whether a name is on no index: then neither another time nor another Python has it."""
    return "was not found in the package registry" in said


def _is_the_machine(said: str) -> bool:
    words = (
        "no space left",
        "os error 28",
        "disk quota",
        "permission denied",
        "read-only file system",
        "hash mismatch",
        "401 unauthorized",
        "403 forbidden",
        "authentication credentials",
        "certificate",
    )
    return any(word in said.lower() for word in words)
