"""What is offered, and what came of it."""

from pathlib import Path

import pytest

from bootstrap import ask
from bootstrap.flow.interview import interview
from bootstrap.machine import Interpreter
from bootstrap.model import Answers, Choice, Settings
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
        given = interview(Options("setup", there.repository.root, **options), there, wanted)
        return asked[0], given

    return hold


def test_all_that_suit_the_repository_are_offered_whatever_was_answered_earlier(held):
    declared = Settings()
    assert declared.default is None
    (offered, managed, preselected), given = held(Answers("3.12.1"), Choice("3.12.1", "", PYTHONS[0]))
    assert (offered, managed, preselected) == (["3.12.1"], "3.12", "3.12.1")
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
