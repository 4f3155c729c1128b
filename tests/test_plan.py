"""Facts and answers in, plan out."""

from dataclasses import replace

import pytest

from bootstrap.besides import Besides, Command, Dotenv, Hooks, Submodule
from bootstrap.errors import UnsafePathError, UsageError
from bootstrap.model import Answers, Build, Change, Choice, EnvironmentState, Part, Run
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


def test_a_part_that_is_set_up_by_itself_has_its_editor_s_settings_in_its_own_folder(facts):
    there = facts(repository={"has_bootstrapper": True})
    parts = tuple(Part(name, there) for name in ("backend", "web"))
    whole = replace(there, dependencies=None, parts=parts)
    one = plan(replace(whole, parts=parts[:1]), Answers(editors=("vscode",), parts=("backend",)), nothing)
    assert {step.path for step in one.steps} == {
        f"backend/.vscode/{name}.json" for name in ("settings", "extensions", "launch")
    }
    assert all(b"${workspaceFolder}/.venv" in step.after for step in one.steps if "settings" in step.path)
    # What another part's run writes is somewhere else, and what is there already stays.
    written = {step.path: step.after for step in one.steps}
    both = plan(whole, Answers(editors=("vscode",), parts=("backend", "web")), written.get)
    assert {step.path.partition("/")[0] for step in both.steps} == {"web"}


def test_what_stays_in_a_part_s_settings_is_named_with_the_part(facts):
    there = facts()
    whole = replace(there, dependencies=None, parts=(Part("backend", there),))
    content = {"backend/.vscode/settings.json": b'{"python.defaultInterpreterPath": "/usr/bin/python"}'}
    found = plan(whole, Answers(editors=("vscode",), parts=("backend",)), content.get)
    assert found.skipped[0].what == "backend/.vscode/settings.json: python.defaultInterpreterPath"


def test_the_only_part_is_what_the_root_s_editor_works_with(facts):
    there = facts()
    whole = replace(there, dependencies=None, parts=(Part("backend", there),))
    steps = plan(whole, Answers(editors=("vscode",)), nothing).steps
    settings = next(step for step in steps if step.path == ".vscode/settings.json")
    assert b"${workspaceFolder}/backend/.venv" in settings.after


def test_what_is_not_installed_as_it_is_written_is_told_with_its_part(facts):
    there = facts()
    there = replace(there, dependencies=replace(there.dependencies, remarks=(("-e of a.txt:1", "why"),)))
    assert [skip.what for skip in plan(there, Answers(), nothing).skipped] == ["-e of a.txt:1"]
    whole = replace(facts(), dependencies=None, parts=(Part("backend", there),))
    assert [skip.what for skip in plan(whole, Answers(), nothing).skipped] == ["backend: -e of a.txt:1"]
