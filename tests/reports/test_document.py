"""The JSON report keeps to its schema, whatever is in it."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from bootstrap import errors
from bootstrap.errors import BootstrapError
from bootstrap.model import (
    Build,
    Change,
    Choice,
    Declared,
    EnvironmentState,
    Finding,
    Part,
    Plan,
    Promise,
    Report,
    Run,
    Severity,
    Skip,
    Status,
)
from bootstrap.reports import FORMATS, document
from bootstrap.sites.model import Area, Role

SCHEMA = json.loads(Path(document.__file__).with_name("report.schema.json").read_bytes())
HOSTILE = "a\x1b[2J\u202e\udcff\ud800\n\0"

INSTALL = Run(("uv", "sync"), "install", cwd="sub")
PLAN = Plan(
    (
        Change("a", None, b"1", "why"),
        Change("b", b"1", None),
        Run(("uv", "python", "install", "3.12"), "install Python"),
        *(Build(".venv", (INSTALL,), "create .venv", "{}", mode) for mode in ("replace", "update", "fill")),
    ),
    (Skip("a", "it is there"),),
)
FINDINGS = tuple(
    Finding("D101", severity, HOSTILE, "do", path, line, line, fix)
    for severity in Severity
    for path, line, fix in ((None, None, None), (HOSTILE, 1, "python bootstrap.py"))
)


def shown(report):
    """Return the report as read back by a machine, after checking it against the schema."""
    text = document.render(report)
    assert text.isascii()
    assert text.isprintable() or "\n" in text
    data = json.loads(text)
    jsonschema.Draft202012Validator(SCHEMA).validate(data)
    return data


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("command", ["setup", "undo", "guard"])
def test_every_status_fits_the_schema(facts, status, command):
    told = {"recovered": ("a is as it was",), "next_command": "next", "seconds": 1.23456, "exit_code": 1}
    report = Report(command, Path("/r"), status, facts(), PLAN, FINDINGS, **told)
    data = shown(report)
    assert (data["schema"], data["command"], data["status"], data["exit_code"]) == (1, command, status.value, 1)
    assert (data["seconds"], data["next"], data["recovered"]) == (1.235, "next", ["a is as it was"])


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("area", Area)
@pytest.mark.parametrize("command", ["check", "versions", "modernize"])
def test_every_declaration_fits_the_schema(command, area, role):
    place = Declared("a:b:1", area.value, "a", role.value, HOSTILE, 1, 1, HOSTILE, None, HOSTILE, "")
    promise = Promise("3.11", "3.12", ("3.11", "3.12"), HOSTILE)
    places = (place, place._replace(expected="3.12"))
    data = shown(Report(command, Path("/r"), Status.AGREED, declared=places, policy=promise))
    assert [one["expected"] for one in data["declared"]] == [None, "3.12"]
    assert data["policy"]["supported"] == ["3.11", "3.12"]


@pytest.mark.parametrize("command", ["check", "versions", "modernize"])
def test_without_a_policy_there_are_declarations_all_the_same(command):
    data = shown(Report(command, Path("/r"), Status.AGREED))
    assert (data["policy"], data["declared"]) == (None, [])


@pytest.mark.parametrize("status", Status)
def test_every_status_fits_the_schema_with_nothing_to_tell(status):
    data = shown(Report("setup", Path("/r"), status))
    assert (data["steps"], data["left_alone"], data["findings"], data["recovered"]) == ([], [], [], [])


def test_every_kind_of_environment_fits(facts):
    for state in EnvironmentState:
        given = facts(environment={"state": state, "version": None}, inspection=None, dependencies=None)
        data = shown(Report("setup", Path("/r"), Status.READY, given))
        assert data["environment"]["state"] == state.value
        assert data["dependencies"] == {"manager": None, "title": None, "imported": [], "as_of": None}


def test_what_is_known_is_told(facts):
    data = shown(Report("setup", Path("/r"), Status.READY, facts()))
    assert data["python"] == {
        "request": "3.12",
        "reason": ".python-version:1 pins 3.12",
        "executable": str(Path("/opt/python/bin/python3.12")),
    }
    assert data["environment"]["version"] == "3.12.1"
    assert data["dependencies"]["imported"] == ["project"]


def test_parts_are_told_with_why_they_have_environments_of_their_own(facts):
    apart = facts(parts=(Part("web", facts()),), apart="six==1.15.0 and six==1.16.0 are required")
    data = shown(Report("setup", Path("/r"), Status.READY, apart))
    assert [part["path"] for part in data["parts"]] == ["web"]
    assert data["apart"] == "six==1.15.0 and six==1.16.0 are required"


def test_a_python_that_has_to_be_installed_has_no_path_yet(facts):
    absent = {"state": EnvironmentState.ABSENT, "version": None}
    given = facts(choice=Choice("3.12", "", must_install=True), environment=absent)
    assert shown(Report("setup", Path("/r"), Status.PLANNED, given))["python"]["executable"] is None


def test_steps_are_told_by_kind():
    steps = shown(Report("setup", Path("/r"), Status.PLANNED, plan=PLAN))["steps"]
    assert steps[0] == {"kind": "change", "path": "a", "purpose": "why", "creates": True, "what": "write a"}
    assert steps[1]["creates"] is False
    assert steps[2]["argv"] == ["uv", "python", "install", "3.12"]
    assert [step.get("mode") for step in steps[3:]] == ["replace", "update", "fill"]
    assert steps[3]["runs"] == [{"kind": "run", "argv": ["uv", "sync"], "cwd": "sub", "what": "install"}]


def test_hostile_names_fit(facts):
    given = facts(repository={"name": HOSTILE})
    given = replace(given, dependencies=replace(given.dependencies, title=HOSTILE))
    plan = Plan((Change(HOSTILE, None, b""),), (Skip(HOSTILE, HOSTILE),))
    data = shown(Report("setup", Path("/" + HOSTILE.replace("\0", "")), Status.READY, given, plan))
    assert data["left_alone"][0]["what"] == HOSTILE


def _kinds():
    return [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, BootstrapError)]


@pytest.mark.parametrize("kind", _kinds())
@pytest.mark.parametrize("where", [{}, {"path": Path("a.toml")}, {"path": HOSTILE, "line": 3, "column": 7}])
def test_every_error_fits_the_schema(kind, where):
    error = kind(HOSTILE, remedy="do", **where)
    data = json.loads(document.error("setup", error, error.exit_code))
    jsonschema.validate(data, SCHEMA)
    assert (data["status"], data["exit_code"]) == ("error", kind.exit_code)
    assert data["error"]["line"] == where.get("line")


@pytest.mark.parametrize(
    "wrong",
    [
        {"schema": 2},
        {"status": "fine"},
        {"exit_code": 5},
        {"extra": 1},
        {"findings": [{"code": "X1", "severity": "error", "message": "", "hint": ""}]},
    ],
)
def test_the_schema_refuses_what_is_something_else(wrong):
    data = json.loads(document.render(Report("setup", Path("/r"), Status.READY)))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data | wrong, SCHEMA)


def test_every_format_has_a_row():
    report = Report("setup", Path("/r"), Status.READY)
    told = {name: bool(render(report)) for name, render in FORMATS.items()}
    assert told == {"text": True, "json": True, "github": False, "sarif": True}
