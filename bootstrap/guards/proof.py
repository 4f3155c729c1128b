"""Guards over what was proved: that the tests can be collected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.guards.problem import Problem, set_up
from bootstrap.proof.collect import PATIENCE, shortened
from bootstrap.proof.crash import is_crash
from bootstrap.proof.unittests import by_hand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bootstrap.model import Facts

    Reader = Callable[[str], bytes | None]


def tests_can_be_collected(facts: Facts, read: Reader) -> Iterator[Problem]:  # noqa: ARG001 - every guard takes both
    """An environment in which no test can even be imported is not ready, whatever the installer returned."""
    if facts.proof is not None and facts.proof.is_failed:
        yield Problem(
            f"the tests cannot be collected: {shortened(facts.proof)}",
            "another release of what crashed, or another Python, may help; to see it whole"
            if any(map(is_crash, facts.proof.reasons))
            else "install what it misses, or see it whole",
            fix=f"{set_up(facts)} run {facts.proof.runner} --collect-only"
            if facts.proof.runner == "pytest"
            else f"{set_up(facts)} run {by_hand(facts.repository)}",
        )


def all_tests_can_be_collected(facts: Facts, read: Reader) -> Iterator[Problem]:  # noqa: ARG001
    """A part of the tests that needs more than the rest is easily overlooked."""
    proof = facts.proof
    if proof is None or not proof.reasons or proof.is_failed:
        return
    if not proof.collected:
        yield Problem(
            f"the tests could not be collected without more: {shortened(proof)}",
            "what is installed is not the matter; set what it asks for, such as a variable or a service, and try again",
        )
    else:
        others = "test" if proof.collected == 1 else f"{proof.collected} tests"
        yield Problem(
            f"{proof.broken} file{'s' if proof.broken != 1 else ''} of tests cannot be collected: {shortened(proof)}",
            f"the other {others} can; install what those need to have all",
        )


def tests_were_tried(facts: Facts, read: Reader) -> Iterator[Problem]:  # noqa: ARG001
    """What was not tried must not look as if it had been."""
    if facts.proof is not None and facts.proof.is_late:
        yield Problem(
            f"collecting the tests took longer than {PATIENCE:g} s, so it is not known whether they can be",
            "try it yourself",
            fix=f"{set_up(facts)} run pytest --collect-only",
        )
