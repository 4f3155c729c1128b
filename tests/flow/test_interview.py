"""What is offered, and what came of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from bootstrap import ask
from bootstrap.besides import Besides, Command, Dotenv, Hooks
from bootstrap.detect.repository import Reader
from bootstrap.flow.interview import interview
from bootstrap.machine import Interpreter
from bootstrap.model import Answers, Choice, Part, Settings
from bootstrap.options import Options


def python(version, source="pyenv"):
    folder = Path(f"/{source}/{version}")
    return Interpreter(folder / "bin/python", version, "cpython", "x86_64", source, folder)


PYTHONS = (python("3.12.1"), python("3.13.0"), python("3.11.7"))


@pytest.fixture
def held(facts, monkeypatch, tmp_path):
    """Hold an interview in which the person takes what is preselected; return what was offered and what came of it."""

    def hold(wanted, chosen, **options):
        asked = []

        def answer(defaults, interpreters, managed, preselected, **_):
            asked.append(([one.version for one in interpreters], managed, preselected))
            return defaults

        there = facts(repository={"pin": None}, interpreters=PYTHONS, choice=chosen)
        monkeypatch.setattr(ask, "ask", answer)
        root = there.repository.root
        given = interview(Options("setup", root, **options), there, wanted, Reader(root))
        return asked[0], given

    return hold


def test_all_that_suit_the_repository_are_offered_whatever_was_answered_earlier(held):
    declared = Settings()
    assert declared.default is None
    (offered, managed, preselected), given = held(Answers("3.12.1"), Choice("3.12.1", "", PYTHONS[0]))
    assert (offered, managed, preselected) == (["3.12.1"], "3.12", "3.12.1")
    assert given == Answers()


def test_the_python_that_the_repository_is_used_with_comes_first_though_it_names_none(held):
    (offered, _, preselected), given = held(Answers(), Choice("3.11.7", "it is tested on 3.11", PYTHONS[2]))
    assert (offered[0], sorted(offered), preselected) == ("3.11.7", ["3.11.7", "3.12.1", "3.13.0"], "3.11.7")
    assert given == Answers()


def test_one_that_uv_keeps_is_preselected_where_it_was_the_earlier_answer(held):
    chosen = Choice("3.12", "", must_install=True)
    (offered, _, preselected), _ = held(Answers(prefer_managed=True), chosen)
    assert (offered, preselected) == (["3.12.1"], ask.MANAGED)


@pytest.mark.parametrize("options", [{"python": "3.12"}, {"managed": True}, {"managed": False}])
def test_what_the_command_line_has_answered_is_not_asked(held, options):
    wanted = Answers(options.get("python"), prefer_managed=options.get("managed", False))
    (offered, managed, _), given = held(wanted, Choice("3.12", "", PYTHONS[0]), **options)
    assert (offered, managed, given) == ([], "", wanted)


# ---- what a contributor needs ---------------------------------------------------------------------------------------

DECLARED = {"dependency-groups": {"qa": [], "ops": []}, "project": {"optional-dependencies": {"more": []}}}


@pytest.fixture
def needing(facts, monkeypatch):
    """Ask what is needed of what nothing tells; return what was offered and the answers."""

    def hold(chosen, wanted=None, **changes):
        offered = []

        def choose(given):
            offered.extend(given)
            usual = {(kind, name) for kind, name, is_usual in given if is_usual}
            return frozenset(usual if chosen is None else chosen)

        monkeypatch.setattr(ask, "ask", lambda defaults, *_, **__: defaults)
        monkeypatch.setattr(ask, "choose_needs", choose)
        there = facts(repository={"pyproject": DECLARED}, **changes)
        there = replace(there, dependencies=replace(there.dependencies, manager="pyproject", title="pyproject.toml"))
        root = there.repository.root
        return offered, interview(Options("setup", root), there, wanted or Answers(), Reader(root))

    return hold


def test_what_no_name_tells_is_asked_and_what_was_answered_before_is_preselected(needing):
    offered, given = needing({("groups", "qa")})
    assert offered == [("groups", "qa", False), ("groups", "ops", False), ("extras", "more", False)]
    assert given == Answers(groups=("qa",))
    offered, given = needing(None, given)
    assert offered[0] == ("groups", "qa", True)
    assert given == Answers(groups=("qa",))


def test_enter_alone_leaves_it_open_and_nobody_is_asked_about_parts(needing, facts):
    assert needing(set())[1] == Answers()
    assert needing({("groups", "qa")}, parts=(Part("a", facts()),)) == ([], Answers())


# ---- what comes besides packages ------------------------------------------------------------------------------------


@pytest.fixture
def answered(facts, monkeypatch):
    """Hold an interview about what comes besides packages, yes or no; return the questions and answers."""

    def hold(besides, wanted=None, *, yes=True, **options):
        asked = []

        def agree(question, *, default=True):
            asked.append((question, default))
            return yes

        def values(path, names):
            asked.append((path, names))
            return {name: "typed" for name, _ in names}

        monkeypatch.setattr(ask, "ask", lambda defaults, *_, **__: defaults)
        monkeypatch.setattr(ask, "agree", agree)
        monkeypatch.setattr(ask, "ask_values", values)
        there = facts(besides=besides)
        root = there.repository.root
        return asked, interview(Options("setup", root, **options), there, wanted or Answers(), Reader(root))

    return hold


EXAMPLE = Dotenv(".env", ".env.example", b"A=1\nTOKEN=\nNAME=\n", is_there=False, is_ignored=True)
HOOKS = Hooks(".pre-commit-config.yaml", "pre-commit", is_in_environment=True, folder="/hooks", absent=("pre-commit",))


def test_what_an_example_leaves_open_is_asked_for(answered):
    asked, given = answered(Besides(dotenvs=(EXAMPLE,)))
    assert asked == [(".env", [("TOKEN", True), ("NAME", False)])]
    assert given.values == ((".env", "TOKEN", "typed"), (".env", "NAME", "typed"))


@pytest.mark.parametrize("changed", [{"is_there": True}, {"is_ignored": None}])
def test_what_will_not_be_written_is_not_asked_about(answered, changed):
    assert answered(Besides(dotenvs=(replace(EXAMPLE, **changed),))) == ([], Answers())
    assert answered(Besides(dotenvs=(EXAMPLE,)), Answers(dotenv=False)) == ([], Answers(dotenv=False))


def test_that_git_ignores_it_is_asked_first_and_once(answered):
    open_to_all = replace(EXAMPLE, is_ignored=False)
    asked, given = answered(Besides(dotenvs=(open_to_all, replace(open_to_all, path="api/.env"))))
    assert ["Add it to .gitignore" in question for question, _ in asked] == [True, False, False]
    assert given.ignores_dotenv
    asked, given = answered(Besides(dotenvs=(open_to_all,)), yes=False)
    assert (len(asked), given) == (1, Answers())


def test_hooks_are_offered_as_they_were_wanted_before(answered):
    ((question, default),), given = answered(Besides(hooks=HOOKS), Answers(hooks=False))
    assert (".pre-commit-config.yaml" in question, default, given.hooks) == (True, False, True)
    assert answered(Besides(hooks=HOOKS), hooks=True)[0] == []
    assert answered(Besides(hooks=replace(HOOKS, redirected=".husky")))[0] == []
    assert answered(Besides(hooks=replace(HOOKS, absent=())))[0] == []


@pytest.mark.parametrize("yes", [True, False])
def test_the_repositorys_commands_are_shown_before_anybody_agrees(answered, yes):
    named = tuple(Command(text, (text,), "", "", (text,), "") for text in ("fetch a", "fetch b"))
    ((question, _),), given = answered(Besides(commands=named), yes=yes)
    assert "  fetch a\n  fetch b\n" in question
    assert given.post_install is yes
