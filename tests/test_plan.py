"""Facts and answers in, plan out."""

import pytest

from bootstrap.besides import Besides, Command, Dotenv, Hooks, Submodule
from bootstrap.errors import UnsafePathError, UsageError
from bootstrap.model import Answers, Build, Change, Choice, EnvironmentState, Run
from bootstrap.plan import feature_version, plan

MISSING = {"state": EnvironmentState.ABSENT, "version": None}
TO_INSTALL = {"environment": MISSING, "inspection": None, "choice": Choice("3.12", "a pin", must_install=True)}


def nothing(path):
    return None


def test_where_everything_holds_there_is_nothing_to_do(facts):
    assert plan(facts(), Answers(), nothing).is_empty


def test_python_comes_before_the_environment_and_that_before_the_files(facts):
    given = facts(**TO_INSTALL, repository={"has_bootstrapper": True})
    steps = plan(given, Answers(editors=("vscode",), devcontainer=True), nothing).steps
    assert steps[0] == Run(("uv", "python", "install", "3.12"), "install Python 3.12")
    assert isinstance(steps[1], Build)
    assert all(isinstance(step, Change) for step in steps[2:])
    assert steps[-1].path == ".devcontainer/devcontainer.json"
    assert ".vscode/settings.json" in [step.path for step in steps[2:]]


def test_no_editor_and_no_devcontainer_write_nothing(facts):
    steps = plan(facts(**TO_INSTALL), Answers(), nothing).steps
    assert [type(step) for step in steps] == [Run, Build]


def test_what_is_left_alone_is_said_with_its_reason(facts):
    (skip,) = plan(facts(), Answers(devcontainer=True), nothing).skipped
    assert "bootstrap.py" in skip.reason


def test_the_same_facts_give_the_same_plan(facts):
    answers = Answers(editors=("vscode",), devcontainer=True)
    assert plan(facts(**TO_INSTALL), answers, nothing) == plan(facts(**TO_INSTALL), answers, nothing)


def test_a_plan_whose_files_are_written_is_empty_the_next_time(facts):
    given = facts(repository={"has_bootstrapper": True})
    answers = Answers(editors=("vscode",), devcontainer=True)
    written = {change.path: change.after for change in plan(given, answers, nothing).steps}
    assert written
    assert plan(given, answers, written.get).is_empty


def test_offline_nothing_is_installed_and_what_is_there_is_named(facts):
    with pytest.raises(UsageError, match=r"Python 3\.12 is not on this machine") as caught:
        plan(facts(**TO_INSTALL), Answers(offline=True), nothing)
    assert "3.12.1" in caught.value.remedy
    with pytest.raises(UsageError) as caught:
        plan(facts(**TO_INSTALL, interpreters=()), Answers(offline=True), nothing)
    assert caught.value.remedy.endswith("none")


def test_offline_an_environment_can_be_made_of_what_is_there(facts):
    assert len(plan(facts(environment=MISSING), Answers(offline=True), nothing).steps) == 1


def test_what_is_no_environment_stops_it_before_anything_is_planned(facts):
    foreign = {"state": EnvironmentState.FOREIGN, "reason": "it is a file"}
    with pytest.raises(UnsafePathError):
        plan(facts(environment=foreign), Answers(editors=("vscode",)), nothing)


def test_an_editor_that_nobody_knows_is_refused(facts):
    with pytest.raises(UsageError, match="ed"):
        plan(facts(), Answers(editors=("ed",)), nothing)


@pytest.mark.parametrize(
    ("request_text", "feature"), [("3.12", "3.12"), ("3.12.4", "3.12"), ("3", "3"), ("3.14t", "3.14t")]
)
def test_images_go_by_the_feature_version(request_text, feature):
    assert feature_version(request_text) == feature


def test_what_brings_the_rest_comes_first_and_what_needs_it_last(facts):
    besides = Besides(
        submodules=(Submodule("lib"),),
        dotenvs=(Dotenv(".env", ".env.example", b"A=1\n", is_there=False, is_ignored=True),),
        hooks=Hooks(".pre-commit-config.yaml", "prek", is_in_environment=True, folder="/hooks", absent=("pre-commit",)),
        commands=(Command("fetch", ("fetch",), "", "", ("fetch",), ""),),
    )
    steps = plan(facts(**TO_INSTALL, besides=besides), Answers(), nothing).steps
    assert [step.argv[0] if isinstance(step, Run) else step.path for step in steps] == [
        *("git", "uv", ".venv", ".env", "prek", "fetch"),
    ]
    assert [step.turn for step in steps if isinstance(step, Run)] == ["first", "", "last", "last"]
