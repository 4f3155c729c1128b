"""The questions, answered with real keys through prompt_toolkit's pipe."""

from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from bootstrap.ask import ask
from bootstrap.errors import InterruptedRunError
from bootstrap.machine import Interpreter
from bootstrap.model import Answers
from bootstrap.versions import Request

ENTER, DOWN, SPACE, CTRL_C = "\r", "\x1b[B", " ", "\x03"


def python(version, implementation="cpython", *, free=False):
    folder = Path("/") / implementation / version
    return Interpreter(folder / "python", version, implementation, "x86_64", "path", folder, free)


THREE = (python("3.12.4"), python("3.12.1"), python("3.12.1"))


@pytest.fixture
def keys():
    """Type these keys before anything is asked."""
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        yield pipe.send_text


def asked(defaults=None, interpreters=(), *, editors=False, devcontainer=False):
    return ask(defaults or Answers(), interpreters, "3.12", asks_editors=editors, offers_devcontainer=devcontainer)


def test_nothing_to_ask_asks_nothing():
    given = Answers(python="3.11", editors=("vscode",))
    assert asked(given) == given


def test_the_first_python_is_what_would_be_chosen_anyway(keys):
    keys(ENTER)
    assert asked(interpreters=THREE) == Answers()


def test_another_python_is_asked_for_by_its_exact_version(keys):
    keys(DOWN + ENTER)
    assert asked(interpreters=THREE).python == "3.12.1"


def test_the_same_version_is_offered_once_and_then_the_one_that_uv_keeps(keys):
    keys(DOWN + DOWN + ENTER)
    assert asked(interpreters=THREE) == Answers(prefer_managed=True)


@pytest.mark.parametrize(
    "second", [python("3.10.14", "pypy"), python("3.10.14", "graalpy"), python("3.14.0", free=True)]
)
def test_what_is_asked_for_is_of_the_kind_that_was_picked(keys, second):
    keys(DOWN + ENTER)
    first = python("3.10.2", second.implementation, free=second.is_free_threaded)
    request = Request.parse(asked(interpreters=(first, second)).python)
    assert (request.implementation, request.is_free_threaded) == (second.implementation, second.is_free_threaded)
    assert ".".join(map(str, request.release)) == second.version


def test_at_most_six_are_offered(keys):
    keys(DOWN * 6 + ENTER)
    assert asked(interpreters=[python(f"3.12.{micro}") for micro in range(9)]).prefer_managed


def test_editors_are_preselected_and_can_be_switched_off(keys):
    defaults = Answers(editors=("vscode",))
    keys(ENTER)
    assert asked(defaults, editors=True).editors == ("vscode",)
    keys(SPACE + ENTER)
    assert asked(defaults, editors=True).editors == ()


@pytest.mark.parametrize(("typed", "wanted"), [("y", True), ("n", False), (ENTER, True)])
def test_a_devcontainer_is_offered(keys, typed, wanted):
    keys(typed)
    assert asked(Answers(devcontainer=True), devcontainer=True).devcontainer is wanted


def test_all_questions_come_one_after_the_other(keys):
    keys(DOWN + ENTER + SPACE + ENTER + "y")
    answers = asked(interpreters=THREE, editors=True, devcontainer=True)
    assert answers == Answers(python="3.12.1", editors=("vscode",), devcontainer=True)


@pytest.mark.parametrize("before", ["", ENTER, ENTER + ENTER])
def test_ctrl_c_at_any_question_stops_before_anything_is_done(keys, before, capsys):
    keys(before + CTRL_C)
    with pytest.raises(InterruptedRunError) as caught:
        asked(interpreters=THREE, editors=True, devcontainer=True)
    assert caught.value.exit_code == 130
    assert caught.value.remedy == "nothing was changed; run it again"
