"""Every row of the table: a case in which it is content, and one in which it speaks up with something to do."""

import json
from dataclasses import replace

import pytest

from bootstrap import guards
from bootstrap.besides import Besides, Dotenv, Submodule
from bootstrap.guards import GUARDS
from bootstrap.model import Dependencies, EnvironmentState, Inspection, Part, Settings, Severity
from bootstrap.proof.collect import Proof
from bootstrap.setup.dependencies.shortfall import Shortfall
from bootstrap.setup.devcontainer import PATH
from bootstrap.versions import Version


def devcontainer(**settings):
    return {PATH: json.dumps(settings).encode()}


IMAGE = "mcr.microsoft.com/devcontainers/python:1-{}-bookworm"
SETTINGS = ".vscode/settings.json"
BOOTSTRAPPED = {"repository": {"has_bootstrapper": True}}

PROJECT = Dependencies("pyproject", "", (), "", installs_project=True)

DOTENV = Dotenv(".env", ".env.example", b"A=\nB=\n", is_there=True, is_ignored=None)

# For each code: what differs from facts where everything holds, and the files that are read.
PASSING = {
    "D101": ({}, {}),
    "D102": ({"inspection": Inspection(running="3.12.7")}, {}),  # a base that was upgraded to another micro version
    "D103": ({"inspection": None}, {}),
    "D104": ({"inspection": Inspection(conflicts=())}, {}),
    "D105": ({"inspection": Inspection(imported=("project",))}, {}),
    "D106": ({"dependencies": None}, {}),
    "D107": ({"dependencies": PROJECT, "inspection": Inspection(imported=("project",))}, {}),
    "D108": ({"repository": {"tools": frozenset(("ruff",))}}, {}),
    "D109": ({"repository": {"files": frozenset(("environment.yml",))}}, {"environment.yml": b"dependencies: [pip]"}),
    "D110": ({"proof": Proof("pytest", 3, 1)}, {}),
    "D111": ({"proof": Proof("pytest")}, {}),
    "D112": ({"proof": Proof("pytest", 3, 1)}, {}),
    "D201": ({"inspection": Inspection()}, {}),
    "D202": ({"inspection": Inspection()}, {}),
    "D301": ({}, {SETTINGS: b'{"python.defaultInterpreterPath": "${workspaceFolder}\\\\.venv\\\\Scripts\\\\python"}'}),
    "D302": ({}, devcontainer(image=IMAGE.format("3.12"))),
    "D303": (BOOTSTRAPPED, devcontainer(updateContentCommand="python3 bootstrap.py --yes", mounts=[".venv"])),
    "D501": ({"besides": Besides()}, {}),
    "D502": ({"besides": Besides()}, {}),
    "D503": ({"besides": Besides()}, {}),
    "D504": (
        {"besides": Besides(dotenvs=(Dotenv(".env", ".env.example", b"A=\n", is_there=False, is_ignored=True),))},
        {},
    ),
    "D505": ({"besides": Besides(dotenvs=(DOTENV,))}, {}),
}
FAILING = {
    "D101": ({"environment": {"state": EnvironmentState.BROKEN, "reason": "it has no interpreter"}}, {}),
    "D102": ({"environment": {"version": Version.parse("3.11.7")}}, {}),
    "D103": ({"inspection": Inspection(missing="the environment is outdated")}, {}),
    "D104": ({"inspection": Inspection(conflicts=("The package `a` requires `b<2`, but `2.0` is installed",))}, {}),
    "D105": ({"inspection": Inspection(broken_imports=(("project", "ImportError: no libfoo"),))}, {}),
    "D106": ({"dependencies": Dependencies("pyproject", "", (), "", shortfalls=("Pipfile is Pipenv's",))}, {}),
    "D107": ({"dependencies": PROJECT, "inspection": Inspection()}, {}),
    "D108": ({"repository": {"tools": frozenset(("pytest",))}}, {}),
    "D109": (
        {"repository": {"files": frozenset(("environment.yml",)), "pyproject": {"project": {"dependencies": []}}}},
        {},
    ),
    "D110": ({"proof": Proof("pytest", broken=1, reasons=("ModuleNotFoundError: No module named 'shop'",))}, {}),
    "D111": ({"proof": Proof("pytest", 7, 2, 1, ("ModuleNotFoundError: No module named 'numpy'",))}, {}),
    "D112": ({"proof": Proof("pytest", is_late=True)}, {}),
    "D201": ({"inspection": Inspection(stale_lock="The lockfile at `uv.lock` needs to be updated")}, {}),
    "D202": ({"inspection": Inspection(unchecked_lock="the index cannot be reached")}, {}),
    "D301": ({}, {SETTINGS: b'{"python.defaultInterpreterPath": "/usr/bin/python3"} // mine'}),
    "D302": ({}, devcontainer(image=IMAGE.format("3.11"))),
    "D303": (BOOTSTRAPPED, devcontainer(image="debian")),
    "D501": ({"besides": Besides(submodules=(Submodule("vendor/lib"),))}, {}),
    "D502": ({"besides": Besides(pointers=("model.bin",), without_lfs="git-lfs is not on this machine")}, {}),
    "D503": ({"besides": Besides(is_too_shallow=True)}, {}),
    "D504": ({"besides": Besides(dotenvs=(replace(DOTENV, missing=("B",)),))}, {}),
    "D505": ({"besides": Besides(dotenvs=(replace(DOTENV, open=("A", "B")),))}, {}),
}


def codes(facts, files):
    return [finding.code for finding in guards.run(facts, files.get)]


def test_every_guard_has_a_passing_and_a_failing_case():
    assert set(PASSING) == set(FAILING) == set(GUARDS)


@pytest.mark.parametrize("code", GUARDS)
def test_it_is_content_where_all_is_well(facts, code):
    changes, files = PASSING[code]
    assert codes(facts(**changes), files) == []


@pytest.mark.parametrize("code", GUARDS)
def test_it_alone_speaks_up_where_something_is_wrong(facts, code):
    changes, files = FAILING[code]
    (facts().environment.path / "lib" / "python3.12" / "site-packages").mkdir(parents=True)
    (finding,) = guards.run(facts(**changes), files.get)
    assert (finding.code, finding.severity) == (code, GUARDS[code][1])
    assert finding.message
    assert finding.hint
    assert "None" not in finding.message


@pytest.mark.parametrize("code", GUARDS)
def test_its_docstring_says_why_anyone_should_care(code):
    guard, severity = GUARDS[code]
    assert (guard.__doc__ or "").strip().endswith(".")
    assert isinstance(severity, Severity)


def test_findings_come_in_the_order_of_the_table(facts):
    inspection = Inspection(missing="a", stale_lock="b", conflicts=("c", "d"), broken_imports=(("e", "f"),))
    assert codes(facts(inspection=inspection), {}) == ["D103", "D104", "D104", "D105", "D201"]


# ---- .venv ----------------------------------------------------------------------------------------------------------


def test_an_absent_environment_is_said_to_be_absent(facts):
    (finding,) = guards.run(facts(environment={"state": EnvironmentState.ABSENT}, inspection=None), {}.get)
    assert finding.message == ".venv cannot be used: there is none"
    assert finding.fix == "devstrap"


@pytest.mark.parametrize(("has_bootstrapper", "command"), [(True, "python bootstrap.py"), (False, "devstrap")])
def test_the_command_that_is_given_is_one_that_is_there(facts, has_bootstrapper, command):
    inspection = Inspection(missing="the environment is outdated")
    complete = facts(repository={"has_bootstrapper": has_bootstrapper}, inspection=inspection)
    assert [finding.fix for finding in guards.run(complete, {}.get)] == [command]


def test_an_import_that_fails_is_not_told_as_a_path(facts):
    (finding,) = guards.run(facts(inspection=Inspection(broken_imports=(("shop", "no libfoo"),))), {}.get)
    assert (finding.path, finding.message) == (None, "import shop fails: no libfoo")


def test_an_interpreter_of_another_feature_version_than_noted_is_a_finding(facts):
    (finding,) = guards.run(facts(inspection=Inspection(running="3.13.0")), {}.get)
    assert (finding.code, finding.path) == ("D102", ".venv/pyvenv.cfg")
    assert "3.13.0" in finding.message


def test_the_python_that_was_asked_for_goes_before_the_pin(facts):
    assert codes(facts(asked_python="3.13"), {}) == ["D102"]
    environment = {"version": Version.parse("3.13.1")}
    assert codes(facts(asked_python="3.13", environment=environment, inspection=None), {}) == []


# ---- configuration --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "settings", [b"", b"{", b"[]", b"{}", b'{"python.defaultInterpreterPath": 3}', b'{"a": "/usr/bin/python"}']
)
def test_settings_that_name_no_interpreter_are_no_finding(facts, settings):
    assert codes(facts(), {SETTINGS: settings}) == []


@pytest.mark.parametrize("image", ["debian", "python:latest", "python:3.12-slim", "", None, 7])
def test_an_image_that_names_no_other_python_is_no_finding(facts, image):
    assert codes(facts(), devcontainer(image=image)) == []


def test_an_image_outside_of_requires_python_is_a_finding_where_there_is_no_pin(facts, write):
    from bootstrap.detect.repository import detect_repository

    root = write({"pyproject.toml": "[project]\nrequires-python = '>=3.12'\n"})
    repository = {"requires_python": detect_repository(root).requires_python, "pin": None}
    found = guards.run(facts(repository=repository), devcontainer(image="python:3.11").get)
    assert [finding.code for finding in found] == ["D302"]
    assert "pyproject.toml:2 requires >=3.12" in found[0].message
    assert codes(facts(repository=repository), devcontainer(image="python:3.13")) == []


@pytest.mark.parametrize("path", [".devcontainer.json", ".devcontainer/api/devcontainer.json"])
def test_a_dev_container_in_another_place_is_looked_at_too(facts, path):
    complete = facts(repository={"has_bootstrapper": True, "files": frozenset({".devcontainer"})})
    (complete.repository.root / ".devcontainer" / "api").mkdir(parents=True)
    wrong = {path: json.dumps({"image": "python:3.11"}).encode()}
    assert [(finding.code, finding.path) for finding in guards.run(complete, wrong.get)] == [
        ("D302", path),
        ("D303", path),
    ]
    right = {"image": "python:3.12", "updateContentCommand": {"a": "python3 bootstrap.py --yes"}, "mounts": [".venv"]}
    assert codes(complete, {path: json.dumps(right).encode()}) == []


def test_all_that_a_dev_container_lacks_is_one_finding_with_what_to_do_about_each(facts):
    complete = facts(repository={"has_bootstrapper": True})
    (finding,) = guards.run(complete, devcontainer(image="debian").get)
    assert finding.message == (
        "the devcontainer that is there is left alone, but it shares .venv with the machine around it, where neither "
        "can use the other's, and it does not run bootstrap.py when it is made"
    )
    assert finding.hint.startswith("mount a volume at ${containerWorkspaceFolder}/.venv that")
    assert finding.hint.endswith(', and add this to it: "updateContentCommand": "python3 bootstrap.py --yes"')
    (finding,) = guards.run(complete, {PATH: b"{"}.get)
    assert "could not be understood" in finding.message
    assert finding.hint == "correct the file"


def test_a_repository_without_a_bootstrapper_need_not_run_it(facts):
    assert codes(facts(), devcontainer(image="debian")) == []


# ---- dependencies ---------------------------------------------------------------------------------------------------


def test_pytest_in_the_environment_is_enough_for_the_tests(facts):
    library = facts().environment.path / "lib" / "python3.12" / "site-packages"
    (library / "pytest-9.0.dist-info").mkdir(parents=True)
    assert codes(facts(repository={"tools": frozenset(("pytest",))}), {}) == []


def test_a_shortfall_comes_with_its_own_remedy(facts):
    missing = Shortfall("poetry.lock is Poetry's", "write it to a requirements file")
    (finding,) = guards.run(facts(dependencies=Dependencies("x", "", (), "", shortfalls=(missing,))), {}.get)
    assert (finding.message, finding.hint) == ("poetry.lock is Poetry's", "write it to a requirements file")


def test_conda_beside_a_project_is_no_note_where_the_settings_say_what_is_needed(facts):
    project = {"files": frozenset(("environment.yml",)), "pyproject": {"project": {"dependencies": []}}}
    assert codes(facts(repository=project), {}) == ["D109"]
    assert codes(facts(repository={**project, "settings": Settings(extras=())}), {}) == []


@pytest.mark.parametrize(("has_bootstrapper", "command"), [(True, "python bootstrap.py"), (False, "devstrap")])
def test_a_stale_lock_is_renewed_by_a_command_that_can_be_typed(facts, has_bootstrapper, command):
    stale = facts(repository={"has_bootstrapper": has_bootstrapper}, inspection=Inspection(stale_lock="it is old"))
    (finding,) = guards.run(stale, {}.get)
    assert finding.fix == f"{command} run uv lock"


# ---- parts ----------------------------------------------------------------------------------------------------------


def test_each_part_with_an_environment_of_its_own_is_asked_for_itself(facts):
    broken = facts(environment={"state": EnvironmentState.BROKEN, "reason": "it is cut off"})
    whole = facts(dependencies=None, inspection=None, environment={"state": EnvironmentState.ABSENT})
    found = guards.run(replace(whole, parts=(Part("a", facts()), Part("b/c", broken))), {}.get)
    assert [(one.code, one.path, one.message.partition(":")[0]) for one in found] == [("D101", "b/c/.venv", "b/c")]


def test_a_part_that_shares_the_environment_is_asked_for_its_code_alone(facts):
    inspection = Inspection(running="3.12.1", broken_imports=(("shop", "no libfoo"),), missing="outdated")
    found = guards.run(facts(parts=(Part("a", facts(inspection=inspection), is_shared=True),)), {}.get)
    assert [(one.code, one.path, one.message) for one in found] == [("D105", "a", "a: import shop fails: no libfoo")]


@pytest.mark.parametrize(
    ("proof", "severity"),
    [
        (Proof("pytest", 3, 1), Severity.WARNING),
        (Proof("pytest"), Severity.ERROR),
        (None, Severity.ERROR),
    ],
)
def test_conflicts_are_no_more_than_a_fear_where_the_tests_could_be_collected(facts, proof, severity):
    complete = facts(inspection=Inspection(running="3.12.1", imported=("a",), conflicts=("a and b",)), proof=proof)
    (finding,) = guards.run(complete, {}.get)
    assert (finding.code, finding.severity) == ("D104", severity)


@pytest.mark.parametrize(("proof", "severity"), [(Proof("pytest", 3, 1), Severity.WARNING), (None, Severity.ERROR)])
def test_a_stale_lock_whose_environment_does_for_the_tests_is_for_who_keeps_it(facts, proof, severity):
    stale = facts(inspection=Inspection(running="3.12.1", imported=("a",), stale_lock="it is old"), proof=proof)
    (finding,) = guards.run(stale, {}.get)
    assert (finding.code, finding.severity) == ("D201", severity)
