"""What a repository could say itself, so that nobody else has to find it out."""

import pytest

from bootstrap.flow.sharing import advice, left_out
from bootstrap.model import Answers, Severity


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (Answers(additions=("pytest-timeout>=2",)), 'declare "pytest-timeout>=2" where the tests'),
        (Answers(python="3.9"), "write 3.9 into .python-version"),
        (Answers(as_of="2020-01-31"), 'say as-of = "2020-01-31" in [tool.devstrap]'),
        (Answers(as_of="now"), 'say as-of = "now"'),
        (Answers(build_constraints=("setuptools<58",)), 'name "setuptools<58" as build-constraint-dependencies'),
    ],
)
def test_each_remedy_has_its_place_in_the_repository(facts, answers, words):
    (note,) = advice(facts(), answers)
    assert words in note.hint
    assert (note.code, note.severity) == ("D113", Severity.NOTE)


def test_what_the_repository_cannot_say_is_no_advice(facts):
    assert list(advice(facts(), Answers(is_linked=True, exempt=("six",)))) == []


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (Answers(without=("old-tool",)), "old-tool, which could not be had"),
        (Answers(is_bare=True), "the project itself, which could not be built"),
    ],
)
def test_what_is_left_out_is_told_in_every_run(answers, words):
    (note,) = left_out(answers)
    assert note.message.endswith(words)
    assert (note.code, note.severity, note.fix) == ("D114", Severity.NOTE, "python bootstrap.py undo")
    assert not list(left_out(Answers(additions=("six",))))
