"""Which Python is chosen, and why."""

from pathlib import Path

import pytest

from bootstrap.detect.repository import detect_repository
from bootstrap.errors import ContradictionError, UsageError
from bootstrap.machine import Host, Interpreter
from bootstrap.model import Answers, Environment, EnvironmentState
from bootstrap.setup.evidence import Evidence
from bootstrap.setup.python import choose, managed_version
from bootstrap.versions import Version

HOST = Host("linux", "x86_64", "gnu", is_container=False, is_wsl=False, is_ci=False)
ABSENT = Environment(Path("/r/.venv"), EnvironmentState.ABSENT)


def python(version, source="path", architecture="x86_64", implementation="cpython", *, free=False):
    folder = Path(f"/{source}/{version}")
    return Interpreter(folder / "bin/python", version, implementation, architecture, source, folder, free)


def chosen(repository, *interpreters, answers=None, environment=ABSENT):
    return choose(repository, environment, HOST, answers or Answers(), lambda: interpreters)


@pytest.fixture
def repository(write):
    def make(**files):
        names = {"pin": ".python-version", "pyproject": "pyproject.toml"}
        return detect_repository(write({names[name]: content for name, content in files.items()}))

    return make


def test_the_pin_file_decides(repository):
    found = chosen(repository(pin="3.11\n"), python("3.12.1"), python("3.11.7"))
    assert found.interpreter.version == "3.11.7"
    assert found.reason == ".python-version:1 pins 3.11"


def test_an_exact_pin_takes_that_very_version(repository):
    found = chosen(repository(pin="3.12.4\n"), python("3.12.1"))
    assert (found.request, found.must_install) == ("3.12.4", True)


def test_a_range_takes_the_default_where_it_is_there(repository):
    project = repository(pyproject="[project]\nrequires-python = '>=3.9'\n")
    found = chosen(project, python("3.13.0"), python("3.12.1"), python("3.12.3"), python("3.10.2"))
    assert found.interpreter.version == "3.12.3"
    assert "pyproject.toml:2 requires >=3.9" in found.reason


def test_a_range_takes_what_is_there_before_it_installs(repository):
    project = repository(pyproject="[project]\nrequires-python = '>=3.9'\n")
    assert chosen(project, python("3.10.2"), python("3.14.0"), python("3.11.9")).interpreter.version == "3.11.9"


def test_a_range_never_takes_a_pre_release_or_another_implementation(repository):
    project = repository(pyproject="[project]\nrequires-python = '>=3.10'\n")
    found = chosen(project, python("3.15.0a2"), python("3.10.14", implementation="pypy"), python("3.13.0", free=True))
    assert (found.interpreter, found.must_install, found.request) == (None, True, "3.12")


@pytest.mark.parametrize(("bound", "request_text"), [(">=3.13", "3.13"), (">=3.9,<3.11", "3.10"), ("~=3.8", "3.12")])
def test_what_is_installed_for_a_range_is_the_nearest_to_the_default(repository, bound, request_text):
    found = chosen(repository(pyproject=f"[project]\nrequires-python = '{bound}'\n"))
    assert (found.request, found.must_install) == (request_text, True)


def test_a_range_that_nobody_distributes_any_more_is_an_error(repository):
    with pytest.raises(ContradictionError, match="nobody distributes"):
        chosen(repository(pyproject="[project]\nrequires-python = '<3.7'\n"))


def test_without_any_word_it_is_the_default(repository):
    found = chosen(repository(), python("3.11.7"))
    assert (found.request, found.must_install) == ("3.12", True)


def test_settings_have_the_say_where_there_is_no_pin(repository):
    project = repository(pyproject="[project]\nrequires-python = '>=3.9'\n[tool.devstrap]\ndefault = '3.13'\n")
    assert chosen(project, python("3.12.1"), python("3.13.0")).interpreter.version == "3.13.0"


def test_the_command_line_goes_before_the_pin(repository):
    found = chosen(repository(pin="3.11\n"), python("3.11.7"), python("3.13.0"), answers=Answers(python="3.13"))
    assert found.interpreter.version == "3.13.0"


@pytest.mark.parametrize("asked", ["3.9", "3.99", "newest"])
def test_a_python_that_does_not_fit_is_refused(repository, asked):
    project = repository(pyproject="[project]\nrequires-python = '>=3.11'\n")
    with pytest.raises((UsageError, ContradictionError)):
        chosen(project, python("3.12.1"), answers=Answers(python=asked))


def test_a_preference_for_managed_pythons_passes_others_over(repository):
    there = (python("3.12.9"), python("3.12.1", "uv"))
    assert chosen(repository(pin="3.12\n"), *there, answers=Answers(prefer_managed=True)).interpreter.source == "uv"
    assert chosen(repository(pin="3.12\n"), there[0], answers=Answers(prefer_managed=True)).must_install


def test_native_comes_before_emulated_and_conda_comes_last(repository):
    there = (python("3.12.9", architecture="aarch64"), python("3.12.8", "conda"), python("3.12.1"))
    assert chosen(repository(pin="3.12\n"), *there).interpreter.version == "3.12.1"


def test_a_default_of_our_own_is_no_reason_to_replace_an_environment(repository):
    environment = Environment(Path("/r/.venv"), EnvironmentState.HEALTHY, Version.parse("3.13.1"), "cpython")
    assert chosen(repository(), python("3.12.1"), environment=environment).interpreter is None
    assert chosen(repository(pin="3.12\n"), python("3.12.1"), environment=environment).interpreter is not None


def test_a_python_2_is_never_taken_for_the_nearest(repository):
    project = repository(pyproject="[project]\nrequires-python = '>=2.7,<3.8'\n")
    assert chosen(project, python("2.7.18"), python("3.7.16")).interpreter.version == "3.7.16"


def test_an_environment_on_another_python_is_replaced_where_a_managed_one_is_wanted(repository):
    base = Path("/home/a/.pyenv/versions/3.12.1/bin")
    environment = Environment(Path("/r/.venv"), EnvironmentState.HEALTHY, Version.parse("3.12.1"), "cpython", base)
    managed = python("3.12.1", "uv")
    answers = Answers(prefer_managed=True)
    assert chosen(repository(pin="3.12\n"), managed, answers=answers, environment=environment).interpreter is managed
    kept = Environment(
        environment.path,
        environment.state,
        environment.version,
        "cpython",
        Path("/d/cpython-3.12.1-linux-x86_64-gnu/bin"),
    )
    assert chosen(repository(pin="3.12\n"), managed, answers=answers, environment=kept).interpreter is None


def test_a_suitable_environment_settles_it_without_looking_further(repository):
    def never():
        raise AssertionError("the machine was searched")

    environment = Environment(Path("/r/.venv"), EnvironmentState.HEALTHY, Version.parse("3.12.1"), "cpython")
    found = choose(repository(pin="3.12\n"), environment, HOST, Answers(), never)
    assert (found.request, found.interpreter, found.must_install) == ("3.12.1", None, False)


# ---- the one that uv would keep -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "there", "version"),
    [
        ({}, ("3.12.1",), "3.12"),
        ({"pin": "3.12.1\n"}, ("3.12.1",), "3.12.1"),
        ({"pyproject": "[project]\nrequires-python = '>=3.13'\n"}, ("3.13.0",), "3.13"),
        ({"pyproject": "[project]\nrequires-python = '==3.6.*'\n"}, ("3.6.15",), ""),
        ({"pin": "3.6\n"}, ("3.6.15",), ""),
    ],
)
def test_what_uv_would_install_is_what_is_offered(repository, files, there, version):
    interpreters = [python(one) for one in there]
    assert managed_version(repository(**files), interpreters, HOST, Answers()) == version


def test_one_that_uv_keeps_already_is_offered_with_its_version(repository):
    interpreters = [python("3.12.9"), python("3.12.4", "uv")]
    assert managed_version(repository(pin="3.12\n"), interpreters, HOST, Answers()) == "3.12.4"


# ---- what the repository is used with -------------------------------------------------------------------------------

USED = Evidence((3, 9), "it is tested on 3.9")


def by_evidence(repository, *interpreters, told=USED, answers=None, environment=ABSENT):
    return choose(repository, environment, HOST, answers or Answers(), lambda: interpreters, lambda: told)


def test_the_python_that_it_is_used_with_is_taken_where_it_is_here(repository):
    found = by_evidence(repository(), python("3.12.1"), python("3.9.18"), python("3.9.2"))
    assert (found.request, found.reason, found.must_install) == ("3.9.18", "it is tested on 3.9", False)


def test_where_it_is_not_here_it_is_installed(repository):
    found = by_evidence(repository(), python("3.12.1"), python("3.10.1"))
    assert (found.request, found.interpreter, found.must_install) == ("3.9", None, True)


def test_one_that_nobody_distributes_gives_way_to_the_nearest_here(repository):
    told = Evidence((3, 6), "it is old")
    here = (python("3.12.1"), python("3.7.9"), python("3.8.1", architecture="aarch64"))
    found = by_evidence(repository(), *here, told=told)
    assert (found.request, found.reason) == ("3.7.9", "it is old")
    assert by_evidence(repository(), told=told).request == "3.8"


def test_what_is_required_bounds_the_nearest(repository):
    project = repository(pyproject="[project]\nrequires-python = '>=3.6,<3.8'\n")
    found = by_evidence(project, python("3.8.1"), python("3.7.9"), told=Evidence((3, 6), ""))
    assert found.request == "3.7.9"


@pytest.mark.parametrize(
    ("files", "answers"),
    [
        ({"pin": "3.12\n"}, Answers()),
        ({"pyproject": "[tool.devstrap]\ndefault = '3.12'\n"}, Answers()),
        ({}, Answers(python="3.12")),
    ],
)
def test_a_version_that_somebody_names_goes_before_what_it_is_used_with(repository, files, answers):
    found = by_evidence(repository(**files), python("3.12.1"), python("3.9.18"), answers=answers)
    assert found.interpreter.version == "3.12.1"


def test_an_environment_that_suits_needs_no_evidence(repository):
    healthy = Environment(Path("/r/.venv"), EnvironmentState.HEALTHY, Version.parse("3.12.1"), "cpython")

    def told():
        pytest.fail("nobody has to look")

    assert choose(repository(), healthy, HOST, Answers(), tuple, told).request == "3.12.1"
