"""How what was found out for one checkout is said in the repository, so that nobody else has to find it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.model import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bootstrap.model import Answers, Facts


def advice(facts: Facts, answers: Answers) -> Iterator[Finding]:
    """Yield a note for each remedy that the repository itself could make unnecessary."""
    ways = list(_ways(answers))
    if ways:
        yield Finding(
            "D113",
            Severity.NOTE,
            "what was tried is remembered for this checkout alone",
            f"to spare everybody else {facts.repository.name}'s riddles: {'; '.join(ways)}",
        )


def left_out(answers: Answers) -> Iterator[Finding]:
    """Yield a note on what is left out, in every run: nothing else tells of it any more."""
    what = [f"{name}, which could not be had" for name in answers.without]
    what += ["the project itself, which could not be built"] if answers.is_bare else []
    if what:
        yield Finding(
            "D114",
            Severity.NOTE,
            f"left out, as was found out earlier: {'; '.join(what)}",
            "it is tried again when what is declared changes, or, to try it now, after",
            fix="python bootstrap.py undo",
        )


def _ways(answers: Answers) -> Iterator[str]:
    if answers.additions:
        names = ", ".join(f'"{name}"' for name in answers.additions)
        yield f"declare {names} where the tests' requirements are"
    if answers.python is not None:
        yield f"write {answers.python} into .python-version"
    if answers.as_of is not None:
        yield f'say as-of = "{answers.as_of}" in [tool.devstrap], or commit a lock'
    if answers.build_constraints:
        names = ", ".join(f'"{name}"' for name in answers.build_constraints)
        yield f"name {names} as build-constraint-dependencies in [tool.uv]"
