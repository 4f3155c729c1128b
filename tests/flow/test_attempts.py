"""The attempts of a set-up: how they go on, what they tell, and that they end."""

import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bootstrap.commands import Tools
from bootstrap.console import Console
from bootstrap.errors import ForesightError, StepError, UnfinishedError, UsageError
from bootstrap.flow import attempts
from bootstrap.flow.attempts import Attempts, Work
from bootstrap.model import Answers, Build, Change, Inspection, Part, Plan
from bootstrap.options import Options
from bootstrap.proof import memory, remedies
from bootstrap.proof.collect import Proof
from bootstrap.proof.memory import remembered
from bootstrap.proof.remedy import Remedy

NOTHING_SAID = Answers()
UNSOLVABLE = "error: No solution found when resolving dependencies\n"
MISSING = Proof("pytest", broken=1, reasons=("ModuleNotFoundError: No module named 'six'",))
FINE = Proof("pytest", 3, 1)
DAY = "2020-01-01"


def failed(number):
    error = StepError(f"attempt {number} failed", remedy="mend it")
    error.said = UNSOLVABLE
    return error


class Scripted:
    """A set-up whose attempts end as the script says: an error, or what collecting the tests gives then."""

    def __init__(self, facts, script):
        self.facts = facts
        self.script = list(script)
        self.tried = []
        self.proofs = []
        self.asked_for = []

    def look(self, answers):
        self.answers = answers
        return self.facts

    def plan(self, facts, answers):
        self.answers = answers
        return Plan((Build(".venv", (), f"create it for {answers.python}, {answers.as_of}, {answers.additions}"),))

    def apply(self, plan, facts):
        self.tried.append(self.answers)
        self.asked_for.append(facts.asked_python)
        ending = self.script.pop(0) if self.script else failed(len(self.tried))
        if isinstance(ending, StepError):
            raise ending
        self.proofs.append(ending)
        return (f"kept {len(self.tried)}",), len(self.tried)


@pytest.fixture
def carried(facts, tmp_path, monkeypatch):
    """Carry a script out; returns the outcome and the script as it went."""

    def carry(*script, wanted=NOTHING_SAID, answers_of_a_person=None, plan=None, options=None, **changes):
        changes = {"committed": datetime(2020, 1, 1, tzinfo=UTC), "interpreters": (), **changes}
        found = facts(repository={"pin": None}, **changes)
        found.repository.state_dir.mkdir(exist_ok=True)
        work = Scripted(found, script)
        monkeypatch.setattr(
            attempts, "prove", lambda every, _: [work.proofs[-1] if work.proofs else MISSING for _ in every]
        )
        monkeypatch.setattr(attempts, "may_ask", lambda *_: answers_of_a_person is not None)
        asked = iter(answers_of_a_person or ())
        monkeypatch.setattr("bootstrap.ask.agree", lambda _: next(asked))
        whole = Attempts(
            Work(work.look, work.plan, work.apply, lambda found, _wanted, _run: found),
            options or Options("setup", found.repository.root),
            Tools("/uv", {}, None, {}),
            Console(sys.stderr),
        )
        work.answers = wanted
        return whole.carry_out(found, wanted, work.plan(found, wanted) if plan is None else plan), work

    return carry


def test_what_holds_at_once_is_one_attempt(carried):
    outcome, work = carried(FINE)
    assert len(work.tried) == 1
    assert (outcome.facts.proof, outcome.remedied, outcome.kept, outcome.run) == (FINE, (), ("kept 1",), 1)


def test_what_the_proof_misses_is_added_and_told(carried):
    outcome, _work = carried(MISSING, FINE)
    assert outcome.answers == Answers(additions=("six",))
    assert outcome.remedied == ("six cannot be imported, since it was not installed; so: install six in addition",)
    assert outcome.facts.proof == FINE
    assert [step.purpose for step in outcome.plan.steps] == [
        "create it for None, None, ()",
        "create it for None, None, ('six',)",
    ]
    assert (outcome.kept, outcome.run) == (("kept 1", "kept 2"), 2)


def foreseen():
    error = ForesightError("a==1 has no wheel for Python 3.12, but for 3.9", remedy="take 3.9")
    error.python = "3.9"
    return error


def test_a_build_that_was_stopped_for_another_python_is_gone_on_with_where_that_is_not_wanted(carried, facts):
    chosen = facts().choice.request
    outcome, work = carried(foreseen(), FINE, answers_of_a_person=[False])
    assert work.asked_for == [None, chosen]
    assert [step.purpose for step in outcome.plan.steps] == ["create it for None, None, ()"]
    assert (outcome.answers, outcome.remedied, outcome.facts.proof) == (NOTHING_SAID, (), FINE)
    outcome, work = carried(foreseen(), FINE, answers_of_a_person=[True])
    assert [one.python for one in work.tried] == [None, "3.9"]


def test_a_build_that_is_gone_on_with_and_fails_says_why_it_failed(carried):
    with pytest.raises(StepError, match="attempt 2 failed"):
        carried(foreseen(), failed(2), answers_of_a_person=[False] * 3)


def test_a_command_that_fails_is_tried_again_with_what_may_help(carried):
    outcome, work = carried(failed(1), failed(2), FINE)
    assert [(one.as_of, one.python) for one in work.tried] == [(None, None), (DAY, None), (DAY, "3.11")]
    assert len(outcome.remedied) == 2
    assert [step.purpose for step in outcome.plan.steps] == [f"create it for 3.11, {DAY}, ()"]


def test_attempts_end_when_nothing_is_left_and_the_first_error_is_told(carried):
    with pytest.raises(StepError, match="attempt 1 failed"):
        carried()


def test_what_the_system_lacks_is_told_rather_than_what_was_in_the_way_before(carried):
    lacking = failed(2)
    lacking.said = "error: Failed to build `mysqlclient==1.3`\n  [stderr]\n  OSError: mysql_config not found\n"
    with pytest.raises(StepError, match="attempt 2 failed"):
        carried(failed(1), lacking)


def test_no_more_remedies_are_tried_than_the_most(carried, monkeypatch, capsys):
    def endless(error, facts, answers, _):
        yield Remedy(replace(answers, additions=(*answers.additions, "x")), "found", f"do {len(answers.additions)}")

    monkeypatch.setattr(remedies, "after_failure", endless)
    made = []
    original = Scripted.apply
    monkeypatch.setattr(Scripted, "apply", lambda self, *given: (made.append(1), original(self, *given))[1])
    with pytest.raises(StepError, match="attempt 1 failed"):
        carried()
    assert len(made) == attempts.MOST + 1
    said = capsys.readouterr().err
    assert [f"so: do {number}" in said for number in range(attempts.MOST + 1)] == [True] * attempts.MOST + [False]


def test_a_remedy_that_was_tried_is_not_tried_again(carried, monkeypatch):
    same = Remedy(Answers(additions=("x",)), "found", "do it")
    monkeypatch.setattr(remedies, "after_failure", lambda *_: iter([same, same]))
    with pytest.raises(StepError, match="attempt 1 failed"):
        carried(failed(1), failed(2), FINE)


def test_a_remedy_that_a_part_of_the_repository_does_not_admit_is_passed_over(carried, monkeypatch):
    refused, other = (Remedy(Answers(python=version), "found", "do it") for version in ("3.7", "3.9"))
    monkeypatch.setattr(remedies, "after_failure", lambda *_: iter([refused, other]))
    look = Scripted.look

    def refusing(self, answers):
        if answers.python == "3.7":
            raise UsageError("--python 3.7 does not fit", remedy="choose another")
        return look(self, answers)

    monkeypatch.setattr(Scripted, "look", refusing)
    outcome, work = carried(failed(1), FINE)
    assert [one.python for one in work.tried] == [None, "3.9"]
    assert outcome.answers.python == "3.9"


def test_a_remedy_that_fails_leaves_what_came_to_its_end_and_is_not_told_as_done(carried):
    outcome, _work = carried(MISSING, failed(2), failed(3), failed(4), failed(5), failed(6), failed(7))
    assert outcome.answers == Answers()
    assert outcome.facts.proof == MISSING
    assert outcome.remedied == ()
    assert len(outcome.plan.steps) == 1


def test_a_remedy_that_fails_where_nothing_was_to_be_done_leaves_what_is_there(carried):
    outcome, _work = carried(failed(1), plan=Plan(), proof=MISSING)
    assert outcome.facts.proof == MISSING
    assert outcome.plan.is_empty


@pytest.mark.parametrize("reasons", [MISSING.reasons, ("ModuleNotFoundError: No module named 'imp'",)])
def test_a_python_that_somebody_named_is_not_lowered(carried, reasons):
    _, work = carried(Proof("pytest", broken=1, reasons=reasons), wanted=Answers(python="3.12"))
    assert {one.python for one in work.tried} == {"3.12"}
    with pytest.raises(StepError):
        carried(failed(1), wanted=Answers(python="3.12"))


def test_what_comes_after_everything_else_is_not_tried_again(carried):
    with pytest.raises(UnfinishedError, match="afterwards"):
        carried(UnfinishedError("afterwards", remedy="look"), FINE)


def test_a_remedy_that_leaves_nothing_to_do_ends_it(carried, monkeypatch):
    plans = iter([Plan()])
    monkeypatch.setattr(Scripted, "plan", lambda self, facts, answers: next(plans))
    outcome, work = carried(MISSING, FINE, plan=Plan((Build(".venv", (), "create it"),)))
    assert (len(work.tried), outcome.answers, outcome.remedied) == (1, Answers(), ())


# ---- somebody is there ----------------------------------------------------------------------------------------------


def test_a_no_ends_it_with_what_was_done(carried, capsys):
    outcome, work = carried(MISSING, FINE, answers_of_a_person=[False])
    assert (len(work.tried), outcome.answers, outcome.remedied) == (1, Answers(), ())
    assert "six cannot be imported" in capsys.readouterr().err


def test_a_no_after_a_failure_is_the_failure(carried):
    with pytest.raises(StepError, match="attempt 1 failed"):
        carried(failed(1), FINE, answers_of_a_person=[False])


def test_a_yes_goes_on(carried):
    outcome, work = carried(MISSING, FINE, answers_of_a_person=[True])
    assert (len(work.tried), outcome.answers) == (2, Answers(additions=("six",)))


# ---- when it is proved ----------------------------------------------------------------------------------------------


def test_a_proof_is_remembered_as_it_was(carried):
    outcome, _ = carried(MISSING, answers_of_a_person=[False])
    facts = outcome.facts
    assert remembered(facts.repository.state_dir, "", facts.environment) == MISSING


def test_what_failed_before_is_tried_again_although_nothing_is_to_be_done(carried):
    outcome, _ = carried(plan=Plan(), proof=FINE)
    assert outcome.facts.proof is FINE
    broken = MISSING._replace(reasons=("ImportError: it was so",))
    outcome, _ = carried(plan=Plan(), proof=broken, answers_of_a_person=[False])
    assert outcome.facts.proof == MISSING


WARNED = Proof("pytest", 3, 2, 1, ("ConnectionError: no service",))


@pytest.mark.parametrize("is_changed", [True, False])
def test_a_proof_with_warnings_is_made_again_once_the_tests_are_others(carried, facts, is_changed):
    found = facts(repository={"pin": None})
    state_dir, root = found.repository.state_dir, found.repository.root
    (root / "test_it.py").write_text("x = 1\n")
    sources = memory.state_of(root, {})
    memory.remember(state_dir, {"": (WARNED, found.environment)}, sources)
    if is_changed:
        (root / "test_it.py").write_text("mended = True\n")
    outcome, _ = carried(plan=Plan(), proof=WARNED, answers_of_a_person=[False])
    assert outcome.facts.proof == (MISSING if is_changed else WARNED)


def test_of_parts_any_whose_sources_were_never_noted_is_proved_again(carried, facts):
    one = facts(proof=WARNED)
    outcome, _ = carried(plan=Plan(), parts=(Part("web", one),), answers_of_a_person=[False])
    assert outcome.facts.parts[0].facts.proof == MISSING


def test_an_environment_that_was_never_proved_is_although_nothing_is_to_be_done(carried):
    made = {"record": '{"schema": 1}'}
    outcome, _ = carried(plan=Plan(), environment=made, answers_of_a_person=[False])
    assert outcome.facts.proof == MISSING
    proved, _ = carried(plan=Plan(), environment=made, proof=FINE)
    assert proved.facts.proof == FINE


def test_a_proof_is_made_where_it_is_asked_for(carried, tmp_path):
    options = Options("setup", tmp_path, has_smoke=True)
    outcome, _ = carried(plan=Plan(), options=options, answers_of_a_person=[False])
    assert outcome.facts.proof == MISSING


def test_a_proof_that_is_not_wanted_is_left_to_the_next_run(carried, tmp_path):
    made = {"record": '{"schema": 1}'}
    options = Options("setup", tmp_path, has_smoke=False)
    outcome, _ = carried(FINE, options=options, environment=made)
    assert outcome.facts.proof is None
    assert carried(plan=Plan(), environment=made, proof=FINE)[0].facts.proof == FINE


def test_without_an_environment_nothing_is_proved(carried):
    outcome, _ = carried(FINE, inspection=None)
    assert outcome.facts.proof is None


def test_files_alone_need_no_proof(carried):
    outcome, _ = carried(FINE, plan=Plan((Change("a.txt", None, b""),)))
    assert outcome.facts.proof is None
    assert outcome.facts.inspection == Inspection(running="3.12.1", imported=("project",))
