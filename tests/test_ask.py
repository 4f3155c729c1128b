"""The questions, answered with real keys through prompt_toolkit's pipe."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from bootstrap import ask as questions
from bootstrap.ask import (
    MANAGED,
    agree,
    ask,
    ask_policy,
    ask_values,
    choose_needs,
    choose_parts,
    choose_pieces,
    confirm,
)
from bootstrap.errors import InterruptedRunError
from bootstrap.machine import Interpreter
from bootstrap.model import Answers
from bootstrap.policy import Policy
from bootstrap.versions import Request

ENTER, DOWN, UP, SPACE, CTRL_C = "\r", "\x1b[B", "\x1b[A", " ", "\x03"


def python(version, implementation="cpython", *, free=False):
    folder = Path("/") / implementation / version
    return Interpreter(folder / "python", version, implementation, "x86_64", "path", folder, free)


THREE = (python("3.12.4"), python("3.12.1"), python("3.12.1"))


@pytest.fixture
def keys():
    """Type these keys before anything is asked."""
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        yield pipe.send_text


def asked(defaults=None, interpreters=(), *, managed="3.12", at="", editors=False, devcontainer=False):
    return ask(defaults or Answers(), interpreters, managed, at, asks_editors=editors, offers_devcontainer=devcontainer)


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


def test_an_earlier_answer_is_preselected_and_all_others_are_offered(keys):
    keys(ENTER)
    assert asked(interpreters=THREE, at="3.12.1") == Answers(python="3.12.1")
    keys(UP + ENTER)
    assert asked(interpreters=THREE, at="3.12.1") == Answers()


def test_an_earlier_answer_is_offered_though_six_others_come_before_it(keys):
    keys(ENTER)
    many = [python(f"3.12.{micro}") for micro in range(9)]
    assert asked(interpreters=many, at="3.12.8") == Answers(python="3.12.8")


def test_one_that_uv_keeps_is_preselected_where_that_was_the_earlier_answer(keys):
    keys(ENTER)
    assert asked(interpreters=THREE, at=MANAGED) == Answers(prefer_managed=True)


def test_an_earlier_answer_that_is_gone_preselects_nothing(keys):
    keys(ENTER)
    assert asked(interpreters=THREE, at="3.9.1") == Answers()


def test_one_that_uv_does_not_have_is_not_offered(keys):
    keys(DOWN + DOWN + ENTER)  # two are offered, so that is the first again
    assert asked(interpreters=THREE, managed="") == Answers()


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


# ---- the policy -----------------------------------------------------------------------------------------------------

OLD = Policy((3, 9), (3, 11), ((3, 9), (3, 10), (3, 11)))


@pytest.fixture
def on(monkeypatch):
    """Let it be this day."""

    def day(*date):
        class Calendar(datetime):
            @classmethod
            def now(cls, tz=None):
                return datetime(*date, tzinfo=UTC)

        monkeypatch.setattr(questions, "datetime", Calendar)

    return day


def test_enter_alone_keeps_what_is_maintained_and_takes_what_came_since(keys, on):
    on(2026, 3, 1)
    keys(ENTER * 3)
    minimum, default, supported = ask_policy(OLD)
    assert (minimum, default) == ((3, 10), (3, 11))
    assert supported[:4] == ((3, 10), (3, 11), (3, 12), (3, 13))


def test_what_has_no_fixes_any_more_can_be_kept_on_purpose(keys, on):
    on(2026, 3, 1)
    keys(UP + ENTER * 3)
    assert ask_policy(OLD)[0] == (3, 9)


def test_another_minimum_and_default_can_be_chosen_and_versions_left_out(keys, on):
    on(2026, 3, 1)
    keys(DOWN + ENTER + SPACE + ENTER + DOWN + ENTER)
    minimum, default, supported = ask_policy(OLD)
    assert (minimum, supported[:2]) == ((3, 11), ((3, 11), (3, 13)))
    assert default == (3, 13)


def test_without_a_policy_all_that_is_maintained_is_offered_and_the_newest_is_the_default(keys, on):
    on(2026, 3, 1)
    keys(ENTER * 3)
    minimum, default, supported = ask_policy(None)
    assert minimum == (3, 10)
    assert default == supported[-1]


def test_a_single_supported_version_needs_no_question_about_the_default(keys, on):
    on(2026, 3, 1)
    keys(UP * 2 + ENTER)
    minimum, default, supported = ask_policy(OLD)
    assert (default, supported) == (minimum, (minimum,))


@pytest.mark.parametrize("before", ["", ENTER, ENTER + ENTER])
def test_ctrl_c_at_any_question_about_the_policy_stops(keys, on, before):
    on(2026, 3, 1)
    keys(before + CTRL_C)
    with pytest.raises(InterruptedRunError):
        ask_policy(OLD)


@pytest.mark.parametrize(("typed", "answer"), [("y", True), ("n", False), (ENTER, False)])
def test_only_yes_is_yes(keys, typed, answer):
    keys(typed)
    assert confirm("Change 3 files?") is answer


def test_ctrl_c_is_no_answer(keys):
    keys(CTRL_C)
    with pytest.raises(InterruptedRunError):
        confirm("Change 3 files?")


PIECES = [("foundation", "pyproject.toml"), ("containers", "Dockerfile"), ("containers", "compose.yml")]


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [
        (ENTER, set()),
        (DOWN + ENTER, {"pyproject.toml", "Dockerfile", "compose.yml"}),
        (DOWN + DOWN + ENTER + DOWN + SPACE + ENTER, {"pyproject.toml"}),
        (DOWN + DOWN + DOWN + ENTER + DOWN + SPACE + ENTER, {"pyproject.toml", "compose.yml"}),
    ],
)
def test_all_is_done_or_some_phases_or_some_files(keys, typed, chosen):
    keys(typed)
    assert choose_pieces(PIECES) == chosen


PARTS = [("ci", "a workflow", True), ("hooks", "a hook", True), ("vscode", "settings", False)]


@pytest.mark.parametrize(
    ("typed", "picked"),
    [
        (ENTER, {"ci", "hooks"}),
        (SPACE + ENTER, {"hooks"}),
        (DOWN + DOWN + SPACE + ENTER, {"ci", "hooks", "vscode"}),
    ],
)
def test_parts_are_wanted_as_is_usual_until_somebody_says_otherwise(keys, typed, picked):
    keys(typed)
    assert choose_parts(PARTS) == picked


def test_who_stops_at_the_parts_stops_everything(keys):
    keys(CTRL_C)
    with pytest.raises(InterruptedRunError):
        choose_parts(PARTS)


# ---- what comes besides packages ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "default", "agreed"), [(ENTER, True, True), (ENTER, False, False), ("n", True, False)]
)
def test_what_is_usually_wanted_needs_no_more_than_enter(keys, typed, default, agreed):
    keys(typed)
    assert agree("Shall it be done?", default=default) is agreed


def test_only_the_values_that_somebody_typed_come_back(keys):
    keys("s3cret" + ENTER + ENTER + "a b" + ENTER)
    assert ask_values(".env", [("TOKEN", True), ("NAME", False), ("HOST", False)]) == {"TOKEN": "s3cret", "HOST": "a b"}


def test_a_secret_is_not_shown_while_it_is_typed(monkeypatch):
    import questionary

    asked = []

    class Typed:
        def __init__(self, kind):
            self.kind = kind

        def ask(self):
            asked.append(self.kind)
            return "x"

    monkeypatch.setattr(questionary, "password", lambda _: Typed("hidden"))
    monkeypatch.setattr(questionary, "text", lambda _: Typed("shown"))
    ask_values(".env", [("TOKEN", True), ("NAME", False)])
    assert asked == ["hidden", "shown"]


def test_ctrl_c_among_the_values_stops_before_anything_is_done(keys):
    keys(CTRL_C)
    with pytest.raises(InterruptedRunError):
        ask_values(".env", [("TOKEN", True)])


NEEDS = (("groups", "qa", False), ("extras", "qa", False), ("requirements", "requirements.txt", True))


def test_what_a_contributor_needs_is_chosen_by_kind_and_name(keys):
    keys(SPACE + ENTER)
    assert choose_needs(NEEDS) == {("groups", "qa"), ("requirements", "requirements.txt")}
    keys(ENTER)
    assert choose_needs(NEEDS) == {("requirements", "requirements.txt")}


def test_to_stop_there_is_to_do_nothing(keys):
    keys(CTRL_C)
    with pytest.raises(InterruptedRunError):
        choose_needs(NEEDS)
