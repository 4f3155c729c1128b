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


# ---- what the tests themselves show ---------------------------------------------------------------------------------


@pytest.fixture
def bare(write):
    """Return what is needed by a repository without settings for pytest."""

    def find(files):
        root = write(files)
        return testing.more(detect_repository(root), Reader(root), (), {})

    return find


@pytest.mark.parametrize(
    ("name", "text", "is_needed"),
    [
        ("tests/test_a.py", "import pytest\n", True),
        ("shop/deep/tests/conftest.py", "from pytest import fixture\n", True),
        ("tests/test_a.py", "import unittest\nasync def test_it():\n    pass\n", True),
        ("tests/test_a.py", "class A(unittest.TestCase):\n    def test_it(self): pass\n", False),
        ("shop/tools.py", "import pytest\n", False),
        (".hidden/test_a.py", "import pytest\n", False),
        ("docs/test_a.py", "import pytest\n", False),
    ],
)
def test_tests_that_only_pytest_runs_need_it(bare, name, text, is_needed):
    found = bare({name: text})
    assert found.requirements == (("pytest",) if is_needed else ())
    assert found.origin == (name if is_needed else "")


def test_tests_of_a_part_are_for_the_part_to_run(bare):
    assert bare({"backend/pyproject.toml": "", "backend/tests/test_a.py": "import pytest\n"}).is_empty


def test_tests_of_an_environment_are_none_of_the_repository(bare):
    assert bare({"env/pyvenv.cfg": "", "env/lib/test_a.py": "import pytest\n"}).is_empty


def test_what_lies_beside_the_tests_is_needed_for_unittest_as_well(bare):
    files = {"tests/test_a.py": "import unittest\n", "tests/requirements.txt": "mock\n"}
    found = bare(files)
    assert (found.files, found.requirements, found.origin) == (
        ("tests/requirements.txt",),
        (),
        "tests/requirements.txt",
    )


def test_a_guide_is_followed_where_there_are_tests_and_no_settings(bare):
    files = {"Makefile": "dev:\n\tpip install -r development.txt\n", "development.txt": "pytest\n"}
    assert bare(files).is_empty
    assert bare({**files, "tests/test_a.py": ""}).files == ("development.txt",)


@pytest.mark.parametrize(
    ("script", "requirements"),
    [
        ("setup(tests_require=['pytest>=3', 'mock'])", ("pytest>=3", "mock")),
        ("NEEDED = ['pytest']\nsetup(tests_require=NEEDED)", ("pytest",)),
        ("settings = dict(name='shop')\nsettings['tests_require'] = ['pytest']\nsetup(**settings)", ("pytest",)),
        ("setup(tests_require='pytest\\nmock')", ("pytest", "mock")),
        ("setup(tests_require=read('tests.txt'))", ()),
        ("setup(tests_require=['mock'])", ()),
        ("setup(tests_require=[", ()),
    ],
)
def test_what_setup_py_requires_for_tests_is_installed_where_it_brings_pytest(more, script, requirements):
    assert more({"setup.py": f"from setuptools import setup\n{script}\n"}).requirements == requirements


# ---- nose, and tests inside of a package ----------------------------------------------------------------------------

NOSE = "[testenv]\ndeps =\n    nose\n    coverage\n"


@pytest.mark.parametrize("files", [{"tests/test_a.py": ""}, {"shop/__init__.py": "", "shop/tests/tests_a.py": ""}])
def test_what_brings_nose_is_needed_where_nothing_brings_pytest(more, files):
    found = more({"pytest.ini": "", "tox.ini": NOSE, **files})
    assert (found.requirements, found.origin) == (("nose", "coverage"), "tox.ini")


def test_what_brings_pytest_goes_before_what_brings_nose(more):
    found = more({"tox.ini": NOSE, "noxfile.py": '@session\ndef tests(session):\n    session.install("pytest")\n'})
    assert found.requirements == ("pytest",)


def test_without_tests_nothing_is_needed_for_them(write):
    root = write({"tox.ini": NOSE, "shop/__init__.py": ""})
    assert testing.more(detect_repository(root), Reader(root), (), {}).is_empty
