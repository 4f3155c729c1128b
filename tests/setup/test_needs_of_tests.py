"""What the tests need where the project itself does not say."""

import pytest

from bootstrap.detect.repository import Reader, detect_repository
from bootstrap.setup.dependencies import testing


@pytest.fixture
def more(write):
    def find(files, brought=(), extras=None):
        root = write({"pytest.ini": "[pytest]\n", **files})
        return testing.more(detect_repository(root), Reader(root), brought, extras or {})

    return find


@pytest.mark.parametrize("line", ["pytest", "pytest>=7", "PyTest", "pytest-cov", "pytest_asyncio==1", " pytest [x]"])
def test_pytest_comes_by_itself_or_with_a_plugin(line):
    assert testing.brings_pytest(["six", line])


@pytest.mark.parametrize("line", ["", "six", "# pytest", "-r pytest.txt", "my-pytest"])
def test_other_lines_do_not_bring_it(line):
    assert not testing.brings_pytest([line])


@pytest.mark.parametrize(
    "name",
    ["tests/requirements.txt", "requirements/pytest.txt", "ci/requirements-ci.txt", "test/requirements_test.txt"],
)
def test_a_file_beside_the_tests_that_brings_pytest_is_needed(more, name):
    found = more({name: "pytest\n"})
    assert (found.files, found.origin) == ((name,), name)


def test_what_a_file_includes_counts_for_it(more):
    assert more({"tests/requirements.txt": "-r more.in\n", "tests/more.in": "pytest\n"}).files


@pytest.mark.parametrize("text", ["six\n", "", "python\npytest\n", "conda-forge::pytest\npytest\n"])
def test_a_file_without_pytest_or_for_conda_is_passed_over(more, text):
    assert more({"ci/requirements.txt": text}).is_empty


def test_only_the_first_file_is_taken(more):
    assert more({"ci/requirements.txt": "pytest\n", "ci/ci.txt": "pytest\n"}).files == ("ci/requirements.txt",)


TOX = "[testenv]\ndeps = pytest\n"


def test_nothing_more_is_needed_where_pytest_is_there_already_or_the_settings_say_what_is_installed(more):
    assert more({"tox.ini": TOX}).requirements == ("pytest",)
    assert more({"tox.ini": TOX}, brought=["pytest-cov"]).is_empty
    assert more({"tox.ini": TOX, "pyproject.toml": "[tool.devstrap]\nextras = []\n"}).is_empty


def test_a_repository_that_is_not_tested_with_pytest_needs_nothing(write):
    root = write({"tox.ini": "[testenv]\ndeps = six\n"})
    assert testing.more(detect_repository(root), Reader(root), (), {}).is_empty


def test_the_first_source_that_brings_pytest_is_taken(more):
    files = {
        "hatch.toml": "[envs.default]\ndependencies = ['six']\n",
        "tox.ini": TOX.replace("pytest", "pytest<9"),
        "Makefile": "dev:\n\tpip install pytest\n",
    }
    found = more(files)
    assert (found.requirements, found.origin) == (("pytest<9",), "tox.ini")


def test_where_no_source_brings_it_nothing_is_taken(more):
    assert more({"tox.ini": "[testenv]\ndeps = six\n", "Makefile": "dev:\n\tpip install toml\n"}).is_empty


@pytest.mark.parametrize(("extras", "is_taken"), [({"test": ("pytest",)}, True), ({"test": ("six",)}, False)])
def test_an_extra_that_a_source_names_is_looked_into(more, extras, is_taken):
    assert more({"tox.ini": "[testenv]\nextras = test\n"}, extras=extras).is_empty != is_taken


def test_an_extra_that_nobody_can_look_into_is_believed(more):
    assert more({"tox.ini": "[testenv]\nextras = test\n"}, extras={"test": None}).extras == ("test",)


def test_a_group_that_a_source_names_is_looked_into_by_its_own_spelling(more):
    groups = '[dependency-groups]\nTest_Suite = ["pytest"]\n'
    found = more({"tox.ini": "[testenv]\ndependency_groups = test-suite\n", "pyproject.toml": groups})
    assert found.groups == ("Test_Suite",)


def test_what_does_not_exist_is_left_out(more):
    text = "[testenv]\nextras = gone, test\ndependency_groups = gone\n"
    text += "deps =\n    pytest\n    -r gone.txt\n    -r ../outside.txt\n    -c gone.txt\n    -c bounds.txt\n"
    found = more({"tox.ini": text, "bounds.txt": ""}, extras={"test": ()})
    assert (found.extras, found.groups, found.files, found.constraints) == (("test",), (), (), ("bounds.txt",))


def test_all_extras_are_those_that_there_are(more):
    project = '[project]\nname = "x"\n[project.optional-dependencies]\na = ["pytest"]\nb = []\n'
    found = more(
        {"pyproject.toml": project, "Makefile": "dev:\n\tuv pip install --all-extras -e .\n"},
        extras={"a": ("pytest",), "b": ()},
    )
    assert (found.extras, found.is_editable) == (("a", "b"), True)
