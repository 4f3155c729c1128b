"""What a repository could say itself, so that nobody else has to find it out, and how it comes to say it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bootstrap import ask
from bootstrap.commands import Tools
from bootstrap.detect.repository import Reader
from bootstrap.flow.attempts import Outcome
from bootstrap.flow.sharing import advice, announced, asked, left_out, say
from bootstrap.model import Answers, Change, Plan, Settings, Severity
from bootstrap.setup.moment import Moment

TOOLS = Tools("/uv", {}, None, {})


@pytest.fixture
def advised(facts):
    """Return the notes that follow a run in which these answers were found out."""

    def advise(answers, *steps, **changes):
        return list(advice(Outcome(facts(**changes), answers, remedied=("one",)), Plan(steps)))

    return advise


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (Answers(additions=("pytest-timeout>=2",)), 'declare "pytest-timeout>=2" where the tests'),
        (Answers(python="3.9"), "write 3.9 into .python-version"),
        (Answers(as_of="2020-01-31"), 'say as-of = "2020-01-31" in [tool.devstrap]'),
        (Answers(as_of="now"), 'say as-of = "now"'),
        (Answers(build_constraints=("setuptools<58",)), 'name "setuptools<58" as build-constraint-dependencies'),
        (Answers(is_linked=True, exempt=("six",)), "have it said in [tool.devstrap]"),
    ],
)
def test_each_remedy_has_its_place_in_the_repository(advised, answers, words):
    (note,) = advised(answers)
    assert words in note.hint
    assert note.fix == "python bootstrap.py --yes --remember"
    assert (note.code, note.severity) == ("D113", Severity.NOTE)


def test_what_the_repository_says_already_is_no_advice(advised):
    assert advised(Answers(exempt=("six",)), repository={"settings": Settings(newer=("six",))}) == []
    assert advised(Answers(editors=("vscode",))) == []


def test_what_is_said_now_is_to_be_committed(advised):
    change = Change("pyproject.toml", None, b"", "what was answered and found out, for everybody")
    (note,) = advised(Answers(exempt=("six",), is_shared=True), change, Change("other", None, b""))
    assert (note.code, note.path) == ("D115", "pyproject.toml")
    assert list(announced(Plan((change,)))) == [
        "pyproject.toml is made, with [tool.devstrap] and nothing that another tool reads"
    ]
    assert list(announced(Plan((change._replace(before=b""),)))) == []


@pytest.mark.parametrize(
    ("answers", "settings", "words", "fix"),
    [
        (Answers(without=("old-tool",)), Settings(), "old-tool, which could not be had", "python bootstrap.py undo"),
        (Answers(is_bare=True), Settings(), "the project itself, which could not be built", "python bootstrap.py undo"),
        (Answers(without=("a",)), Settings(without=("a",)), "[tool.devstrap] says: a, which could not be had", None),
        (Answers(is_bare=True), Settings(without_project=True), "the project itself, which could not be built", None),
        (Answers(is_lean=True), Settings(), "which could not be had with the rest", "python bootstrap.py undo"),
        (Answers(is_lean=True), Settings(lean=True), "linters need, which could not be had with the rest", None),
    ],
)
def test_what_is_left_out_is_told_in_every_run(answers, settings, words, fix):
    (note,) = left_out(answers, settings)
    assert note.message.endswith(words)
    assert (note.code, note.severity, note.fix) == ("D114", Severity.NOTE, fix)


def test_what_is_added_is_nothing_that_is_left_out():
    assert not list(left_out(Answers(additions=("six",)), Settings()))


# ---- what is written ------------------------------------------------------------------------------------------------

FOUND = Answers(additions=("six",), is_shared=True)


@pytest.fixture
def said(facts, write):
    """Return what would be said in a repository with these files."""

    def run(files, answers=FOUND, **changes):
        there = facts(**changes)
        root = write(files, there.repository.root)
        found = say(there, answers, Reader(root), TOOLS)
        return [(one.path, one.after.decode()) for one in found.changes], [tuple(one) for one in found.skipped]

    return run


def test_nothing_is_said_that_nobody_agreed_to(said):
    assert said({}, Answers(additions=("six",))) == ([], [])
    assert said({}, Answers(additions=("six",), is_shared=False)) == ([], [])
    assert said({}, Answers(is_shared=True)) == ([], [])


def test_a_file_that_is_there_gets_the_rows_that_are_missing(said):
    text = "[tool.devstrap]\nadditions = ['a']\n"
    assert said({"pyproject.toml": text}) == ([("pyproject.toml", text.replace("'a'", "'a', \"six\""))], [])


def test_what_is_for_a_part_is_said_in_the_part(said):
    files = {"pyproject.toml": "", "backend/pyproject.toml": "# mine\n"}
    found = said(files, Answers(parts=("backend",), additions=("six",), as_of="now", is_shared=True))
    rows = 'as-of = "now"\nadditions = ["six"]\n'
    assert found == ([("backend/pyproject.toml", f"# mine\n\n[tool.devstrap]\n{rows}")], [])


def test_what_the_whole_says_is_not_said_again_in_a_part(said):
    settings = Settings(additions=("six",))
    wanted = Answers(parts=("backend",), additions=("six", "attrs"), is_shared=True)
    changes, _ = said({"backend/pyproject.toml": ""}, wanted, repository={"settings": settings})
    assert changes == [("backend/pyproject.toml", '[tool.devstrap]\nadditions = ["attrs"]\n')]


OLD = datetime(2020, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "row"),
    [
        ({"moment": Moment(OLD, "the last commit")}, 'as-of = "2020-01-31"\n'),
        ({"moment": Moment(OLD, "", is_asked=True)}, ""),
        ({"committed": OLD}, ""),
        ({"moment": Moment(OLD, ""), "repository": {"settings": Settings(as_of="now")}}, ""),
    ],
)
def test_the_time_of_the_last_commit_is_said_since_another_commit_comes_now(said, changes, row):
    ((_, text),), _ = said({"pyproject.toml": ""}, **changes)
    assert text == f'[tool.devstrap]\n{row}additions = ["six"]\n'


def test_what_is_added_to_a_lock_of_long_ago_stays_of_that_time(said, facts):
    locked = replace(facts().dependencies, is_locked=True)
    ((_, text),), _ = said({"pyproject.toml": ""}, dependencies=locked, committed=OLD)
    assert 'as-of = "2020-01-31"\n' in text
    assert said({"pyproject.toml": ""}, Answers(is_shared=True), dependencies=locked, committed=OLD) == ([], [])


def test_a_python_that_cannot_be_said_is_told_with_the_reason(said):
    changes, (skip,) = said({".python-version": "3.12\n"}, Answers("3.11", is_shared=True))
    assert changes == []
    assert skip[0] == "Python 3.11"
    assert ".python-version goes before [tool.devstrap]" in skip[1]


def test_where_there_is_no_place_for_it_a_person_is_told_what_to_write(said):
    changes, (skip,) = said({"pyproject.toml": "tool = {devstrap = {}}\n"})
    assert changes == []
    assert skip == ("pyproject.toml", skip[1])
    assert skip[1].endswith('say there yourself: additions = ["six"]')


def test_no_file_is_made_with_which_pip_could_no_longer_build_the_project(said):
    changes, (skip,) = said({"setup.py": ""}, Answers(build_needs=("numpy",), unisolated=("*",), is_shared=True))
    assert changes == []
    assert "pip would build the project in isolation" in skip[1]


def test_no_file_is_made_that_pytest_would_take_in_place_of_another(said):
    files = {"Makefile": "test:\n\tpytest a b\n", "a/pytest.ini": "[pytest]\n", "a/test_it.py": "", "b/test_it.py": ""}
    changes, (skip,) = said(files)
    assert changes == []
    assert "pytest would take one in place of a/pytest.ini" in skip[1]


@pytest.mark.parametrize("yes", [True, False])
def test_somebody_is_asked_once_with_what_would_be_written(facts, monkeypatch, yes):
    questions = []

    def agree(question, *, default=True):
        questions.append((question, default))
        return yes

    monkeypatch.setattr(ask, "agree", agree)
    there = facts()
    read = Reader(there.repository.root)
    given = asked(there, Answers(additions=("six",)), read)
    ((question, default),) = questions
    assert question.startswith("Remember these in [tool.devstrap] of pyproject.toml, for everyone who clones?\n")
    assert '  additions = ["six"]\n' in question
    assert (default, given.is_shared) == (False, yes)
    assert asked(there, given, read) == given
    assert asked(there, Answers(), read) == Answers()
    assert len(questions) == 1
