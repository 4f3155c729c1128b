"""The attempts of a set-up: install, prove, and where that fails and something may help, once more with that.

Each attempt is a transaction of its own. A remedy is asked about where somebody is there; else it is taken, and told.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.errors import ContradictionError, ForesightError, StepError, UnfinishedError, UsageError
from bootstrap.flow.interview import may_ask
from bootstrap.model import Build, Plan
from bootstrap.proof import memory
from bootstrap.proof.collect import has_own_tests, prove

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bootstrap.commands import Tools
    from bootstrap.console import Console
    from bootstrap.model import Answers, Facts
    from bootstrap.options import Options
    from bootstrap.proof.remedy import Remedy

MOST = 10
"""How many remedies are tried, one after another."""


class Work(NamedTuple):
    """How a set-up goes about it: what looks, what plans, and what applies a plan."""

    look: Callable[[Answers], Facts]
    plan: Callable[[Facts, Answers], Plan]
    apply: Callable[[Plan, Facts], tuple[tuple[str, ...], int | None]]
    finish: Callable[[Facts, Answers, int | None], Facts]
    """What comes once the environment is there, and before it is proved: the tests may need it."""


class Outcome(NamedTuple):
    """What the attempts came to."""

    facts: Facts
    answers: Answers
    plan: Plan = Plan()
    """Everything that was done, in all of them."""
    kept: tuple[str, ...] = ()
    run: int | None = None
    remedied: tuple[str, ...] = ()


class Following(NamedTuple):
    """What is tried next, and what it comes to."""

    remedy: Remedy
    facts: Facts
    plan: Plan


class Attempts(NamedTuple):
    """Carries a plan out, and what may help where that fails."""

    work: Work
    options: Options
    tools: Tools
    console: Console

    def carry_out(self, facts: Facts, wanted: Answers, plan: Plan) -> Outcome:
        """Carry the plan out until it holds, or nothing is left that may help.

        A Python that somebody named stays. Raises the StepError of the first attempt where none came to its end, or the
        last where that tells what a person has to install, and UnfinishedError at once.
        """
        done, named = Outcome(facts, wanted), wanted.python
        tried: set[Answers] = {wanted}
        first: StepError | None = None
        has_ended = False
        pending: tuple[str, ...] = ()
        for left in range(MOST, -1, -1):
            try:
                done = self._once(done, facts, wanted, plan)
            except UnfinishedError:
                raise
            except StepError as error:
                is_foreseen = isinstance(error, ForesightError)
                first = (
                    error if first is None or isinstance(first, ForesightError) or _is_for_a_person(error) else first
                )
                if not is_foreseen:  # the remedy says the same
                    self.console.say("\n  ".join(error.message.splitlines()[:3]))
                found = _after_failure(error, facts, wanted, self.tools)
            else:
                facts, has_ended, is_foreseen = done.facts, True, False
                done, pending = done._replace(remedied=(*done.remedied, *pending)), ()
                found = _after_proof(facts, wanted, self.tools)
            fitting = (one for one in found if one.answers not in tried and named in (None, one.answers.python))
            following = self._following(fitting, tried) if left else None
            if following is None or not self._is_agreed(following.remedy):
                if not is_foreseen:
                    break
                facts = _insisting(facts)  # what would be better is not wanted: this one is gone on with
                continue
            remedy, facts, plan = following
            wanted = remedy.answers
            if plan.is_empty:
                break
            pending = (*pending, f"{remedy.found}; so: {remedy.done}")
        if first is not None and not has_ended:
            raise first
        return done

    def _once(self, done: Outcome, facts: Facts, wanted: Answers, plan: Plan) -> Outcome:
        kept, run = self.work.apply(plan, facts) if not plan.is_empty else ((), None)
        has_built = any(isinstance(step, Build) for step in plan.steps)
        after = self.work.look(wanted) if not plan.is_empty else facts
        after = self.work.finish(after, wanted, run)
        wants, owes = self.options.has_smoke, _is_unproved(after) or self._is_to_repeat(after)
        if wants or (wants is None and (has_built or owes)):
            after = _proved(after, self.tools, self.console)
        steps = (*done.plan.steps, *(step for step in plan.steps if step not in done.plan.steps))
        return done._replace(
            facts=after,
            answers=wanted,
            plan=Plan(steps, plan.skipped),
            kept=(*done.kept, *kept),
            run=run if run is not None else done.run,
        )

    def _following(self, found: Iterable[Remedy], tried: set[Answers]) -> Following | None:
        """Return the first remedy that the whole repository admits: a part may not run on the Python of another."""
        for remedy in found:
            tried.add(remedy.answers)
            with contextlib.suppress(UsageError, ContradictionError):
                facts = self.work.look(remedy.answers)
                return Following(remedy, facts, self.work.plan(facts, remedy.answers))
        return None

    def _is_to_repeat(self, facts: Facts) -> bool:
        """Say whether a proof failed, or was not clean and its sources are others now: they may have been mended."""
        noted = {
            place: one.proof
            for place, one in (("", facts), *((part.path, part.facts) for part in facts.parts))
            if one.proof is not None and not one.proof.is_clean
        }
        if not noted or any(proof.is_failed for proof in noted.values()):
            return bool(noted)
        now = memory.state_of(facts.repository.root, self.tools.env)
        return any(memory.sources_of(facts.repository.state_dir, place) != now for place in noted)

    def _is_agreed(self, remedy: Remedy) -> bool:
        """Say whether the remedy shall be tried: nobody being there to ask, it is, since its default is yes."""
        if not may_ask(self.options, self.tools, self.console):
            self.console.say(f"{remedy.found}\n  so: {remedy.done}")
            return True
        self.console.say(remedy.found)
        from bootstrap.ask import agree  # noqa: PLC0415 - questions cost 200 ms

        return agree(f"{remedy.done[:1].upper()}{remedy.done[1:]}?")


def _insisting(facts: Facts) -> Facts:
    """Return the facts as if the Python had been asked for that was chosen: what is built for it is built."""
    parts = tuple(replace(part, facts=_insisting(part.facts)) for part in facts.parts)
    return replace(facts, asked_python=facts.choice.request, parts=parts)


def _is_for_a_person(error: StepError) -> bool:
    """Say whether a build failed for something that the system lacks: no other answers bring that."""
    from bootstrap.failures import system  # noqa: PLC0415 - as the remedies
    from bootstrap.failures.builds import package  # noqa: PLC0415

    said = error.said or error.message
    return bool(package(said) and system.missing(said))


def _after_failure(error: StepError, facts: Facts, wanted: Answers, tools: Tools) -> Iterable[Remedy]:
    from bootstrap.proof import remedies  # noqa: PLC0415 - only where something went wrong
    from bootstrap.proof.wheels import on_this_machine  # noqa: PLC0415

    facts = _with_its_commit(facts, tools)
    return remedies.after_failure(error, facts, wanted, on_this_machine(tools, facts))


def _with_its_commit(facts: Facts, tools: Tools) -> Facts:
    """Return the facts with when the last commit was made also where a lock stands: what it names may be gone since."""
    from bootstrap.detect.history import last_commit  # noqa: PLC0415 - only where something went wrong

    when = facts.committed or last_commit(facts.repository.root, tools.env)
    parts = tuple(replace(part, facts=replace(part.facts, committed=when)) for part in facts.parts)
    return replace(facts, committed=when, parts=parts)


def _after_proof(facts: Facts, wanted: Answers, tools: Tools) -> Iterable[Remedy]:
    wanting = [one for one in _proved_ones(facts) if _is_wanting(one)]
    if not wanting:
        return ()
    from bootstrap.proof import remedies  # noqa: PLC0415 - only where something is missing
    from bootstrap.proof.wheels import on_this_machine  # noqa: PLC0415

    probe = on_this_machine(tools, facts)
    return (remedy for one in wanting for remedy in remedies.after_proof(one, wanted, probe))


def _is_wanting(facts: Facts) -> bool:
    """Say whether there is anything that a remedy could begin with."""
    found = facts.inspection
    return bool((facts.proof and facts.proof.reasons) or (found and (found.conflicts or found.broken_imports)))


def _proved_ones(facts: Facts) -> Iterator[Facts]:
    every = (facts, *(part.facts for part in facts.parts))
    yield from (one for one in every if one.proof is not None)


def _proved(facts: Facts, tools: Tools, console: Console) -> Facts:
    """Return the facts with what collecting the tests gave, and remember it."""
    console.say("collecting the tests, to see whether all of it can be imported")
    ready = [(part.path, part.facts) for part in facts.parts if part.facts.inspection]
    if facts.inspection is not None and (not facts.parts or has_own_tests(facts)):
        ready.insert(0, ("", facts))
    proofs = dict(zip((place for place, _ in ready), prove([one for _, one in ready], tools), strict=True))
    parts = tuple(
        replace(part, facts=replace(part.facts, proof=proofs.get(part.path, part.facts.proof))) for part in facts.parts
    )
    found = {place: (proofs[place], one.environment) for place, one in ready}
    is_clean = all(proof.is_clean for proof in proofs.values())
    sources = "" if is_clean else memory.state_of(facts.repository.root, tools.env)
    memory.remember(facts.repository.state_dir, found, sources)
    return replace(facts, proof=proofs.get("", facts.proof), parts=parts)


def _is_unproved(facts: Facts) -> bool:
    """Say whether devstrap made an environment and was cut off before it was proved."""
    every = [part.facts for part in facts.parts] or [facts]
    return any(one.inspection is not None and one.environment.record and one.proof is None for one in every)
