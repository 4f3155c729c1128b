"""What has to be done about .venv, from what is found there."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bootstrap.detect.environment import interpreter_of
from bootstrap.errors import UnsafePathError
from bootstrap.machine import Host
from bootstrap.model import Answers, Choice, EnvironmentState, Inspection, Settings
from bootstrap.setup.moment import Moment
from bootstrap.setup.venv import record_of, step
from bootstrap.versions import Version

ABSENT = {"state": EnvironmentState.ABSENT, "version": None}


def words(build):
    return [" ".join(run.argv) for run in build.runs]


def test_an_environment_that_holds_needs_nothing(facts):
    assert step(facts(), Answers()) is None


def test_one_that_was_never_inspected_is_left_alone(facts):
    assert step(facts(inspection=None), Answers()) is None


def test_none_is_created_and_filled(facts):
    build = step(facts(environment=ABSENT, inspection=None), Answers())
    assert (build.path, build.mode, build.purpose) == (".venv", "replace", "create .venv")
    assert words(build) == [
        "uv venv --relocatable --no-project --prompt project --python /opt/python/bin/python3.12 {target}",
        "uv pip install",
    ]


def test_a_repository_without_dependencies_gets_an_empty_one(facts):
    assert len(step(facts(environment=ABSENT, dependencies=None), Answers()).runs) == 1


def test_a_broken_one_is_made_again_with_the_reason(facts):
    broken = {"state": EnvironmentState.BROKEN, "reason": "its interpreter is gone"}
    assert step(facts(environment=broken), Answers()).purpose == "repair (its interpreter is gone) .venv"


def test_one_of_another_version_is_replaced(facts):
    old = facts(environment={"version": Version.parse("3.11.7")})
    assert step(old, Answers()).purpose == "replace (it runs 3.11.7) .venv"


def test_the_python_that_is_asked_for_decides(facts):
    assert step(facts(), Answers(python="3.13")).mode == "replace"
    assert step(facts(), Answers(python="3.12.1")) is None


def test_missing_dependencies_are_installed_into_what_is_there(facts):
    build = step(facts(inspection=Inspection(missing="requirements.txt changed", running="3.12.1")), Answers())
    assert (build.mode, build.purpose) == ("update", "update .venv: requirements.txt changed")
    assert words(build) == ["uv pip install"]


def test_a_volume_is_filled_where_it_is(facts):
    build = step(facts(environment={**ABSENT, "is_mount": True}), Answers())
    assert build.mode == "fill"
    assert "--allow-existing" in build.runs[0].argv


def test_what_is_no_environment_is_never_touched(facts):
    foreign = {"state": EnvironmentState.FOREIGN, "reason": "it is a link to /home/else"}
    with pytest.raises(UnsafePathError, match="it is a link to /home/else") as caught:
        step(facts(environment=foreign), Answers())
    assert caught.value.path == ".venv"


def test_a_python_that_has_to_be_installed_is_named_by_version(facts):
    build = step(facts(environment=ABSENT, choice=Choice("3.12", "", must_install=True)), Answers())
    assert "--managed-python --python 3.12 {target}" in words(build)[0]


@pytest.mark.parametrize(
    ("name", "prompt"),
    [
        ("my-project", "my-project"),
        ("größe.2", "größe.2"),
        ("--clear", "clear"),
        ("a'$(touch x)`b`\"", "a___touch_x__b__"),
        ("a\0\n\x1b", "a___"),
        ("--", ".venv"),
    ],
)
def test_a_hostile_name_does_not_get_into_the_shell(facts, name, prompt):
    argv = step(facts(environment=ABSENT, repository={"name": name}), Answers()).runs[0].argv
    assert argv[argv.index("--prompt") + 1] == prompt


def test_what_it_was_made_from_is_noted(facts):
    given = facts(environment=ABSENT)
    noted = json.loads(step(given, Answers()).record)
    assert noted == {
        "schema": 1,
        "root": str(given.repository.root),
        "host": "linux-x86_64-gnu",
        "dependencies": "f1",
    }


def test_the_note_differs_by_machine_and_is_the_same_for_the_same(facts):
    given = facts()
    mac = Host("darwin", "aarch64", "", is_container=False, is_wsl=False, is_ci=False)
    assert record_of(given) == record_of(facts())
    assert json.loads(record_of(replace(given, host=mac)))["host"] == "darwin-aarch64"
    on_terms = replace(given, dependencies=replace(given.dependencies, fingerprint="f2", declared="f1"))
    noted = json.loads(record_of(on_terms))
    assert (noted["dependencies"], noted["declared"]) == ("f2", "f1")


def test_an_environment_that_is_made_anew_for_another_time_keeps_its_interpreter(facts, write, tmp_path):
    moment = Moment(datetime(2024, 1, 1, tzinfo=UTC), "", is_asked=True)
    record = json.dumps({"as_of": "2020-01-01"})
    settled = facts(choice=Choice("3.12.1", "it runs it already"), moment=moment, environment={"record": record})
    write({"python3.12": ""}, tmp_path)
    interpreter = interpreter_of(settled.environment.path)
    interpreter.parent.mkdir(parents=True)
    interpreter.symlink_to(tmp_path / "python3.12")
    build = step(settled, Answers())
    assert build.purpose == "replace (it has releases up to 2020-01-01, not 2023-12-31) .venv"
    argv = build.runs[0].argv
    assert argv[argv.index("--python") + 1] == str(tmp_path / "python3.12")
    assert "--managed-python" not in argv


def test_settings_that_ask_for_the_newest_bring_an_environment_of_before_up_to_date(facts):
    record = json.dumps({"dependencies": "f1", "as_of": "2020-01-01"})
    said = facts(repository={"settings": Settings(as_of="now")}, environment={"record": record})
    assert step(said, Answers()).purpose == "replace (it has releases up to 2020-01-01, not now) .venv"
    assert step(facts(environment={"record": record}), Answers()) is None
