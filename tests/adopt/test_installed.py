"""What setting up installs, as the writers see it in files that are only thought of."""

import pytest
from adopting import remarks, tree, written

from bootstrap.adopt.commands import obstacle
from bootstrap.adopt.documents import documents
from bootstrap.adopt.installed import apart, has, installation, parts_of, repository_of
from bootstrap.adopt.workflow import PATH, workflow

PROJECT = '[project]\nname = "shop"\nversion = "1"\ndependencies = ["rich"]\n'
BUILT = f'[build-system]\nrequires = ["hatchling"]\n{PROJECT}'
LOCKED = {"uv.lock": "version = 1\n"}


@pytest.mark.parametrize(
    ("files", "name", "is_there"),
    [
        ({"pyproject.toml": PROJECT}, "rich", True),
        ({"pyproject.toml": PROJECT}, "pytest", False),
        ({"pyproject.toml": f'{PROJECT}[dependency-groups]\ndev = ["ruff>=1", "pytest_cov"]\n'}, "ruff", True),
        ({"pyproject.toml": f'{PROJECT}[dependency-groups]\ndev = ["pytest_cov"]\n'}, "pytest", True),
        ({"pyproject.toml": f'{PROJECT}[dependency-groups]\nlint = ["ruff"]\n'}, "ruff", True),
        ({"pyproject.toml": f'{PROJECT}[dependency-groups]\nqa = ["ruff"]\n'}, "ruff", False),
        ({"pyproject.toml": f'{BUILT}[project.optional-dependencies]\ntest = ["pytest"]\n'}, "pytest", True),
        ({"pyproject.toml": f'{BUILT}[project.optional-dependencies]\nfast = ["pytest"]\n'}, "pytest", True),
        ({"pyproject.toml": f'{BUILT}[project.optional-dependencies]\nfast = ["numpy"]\n'}, "numpy", False),
        (
            {"pyproject.toml": f'{PROJECT}[tool.devstrap]\ngroups = ["qa"]\n[dependency-groups]\nqa = ["mypy"]\n'},
            "mypy",
            True,
        ),
        (
            {"pyproject.toml": BUILT, "requirements/dev.txt": "-r base.txt\n", "requirements/base.txt": "black\n"},
            "black",
            True,
        ),
        ({"requirements.txt": "flask\n", "tests/requirements.txt": "pytest\n", "pytest.ini": ""}, "pytest", True),
        ({"requirements.txt": "flask\n", "tox.ini": "[testenv]\ndeps = pytest\n"}, "pytest", True),
        ({"requirements.txt": "flask\n", "tox.ini": "[testenv:lint]\ndeps = ruff\n"}, "ruff", False),
        ({"README.md": "pytest"}, "pytest", False),
        (
            {**LOCKED, "pyproject.toml": f'{PROJECT}[dependency-groups]\ndev = ["pytest"]\nlint = ["ruff"]\n'},
            "pytest",
            True,
        ),
        (
            {**LOCKED, "pyproject.toml": f'{PROJECT}[dependency-groups]\ndev = ["pytest"]\nlint = ["ruff"]\n'},
            "ruff",
            True,
        ),
        (
            {
                **LOCKED,
                "pyproject.toml": f'{PROJECT}[tool.uv]\ndefault-groups = "all"\n[dependency-groups]\nlint = ["ruff"]\n',
            },
            "ruff",
            True,
        ),
        ({**LOCKED, "pyproject.toml": f'{PROJECT}[tool.uv]\ndev-dependencies = ["pytest"]\n'}, "pytest", True),
        (
            {**LOCKED, "pyproject.toml": '[tool.uv.workspace]\nmembers = ["a"]\n', "a/pyproject.toml": PROJECT},
            "pytest",
            None,
        ),
        (
            {"setup.py": "from setuptools import setup\nsetup(extras_require={'test': read('test.txt')})\n"},
            "pytest",
            None,
        ),
        ({"setup.py": "from setuptools import setup\nsetup(extras_require={'test': ['pytest']})\n"}, "pytest", True),
    ],
)
def test_it_is_what_setting_up_takes_and_not_what_some_file_names(files, name, is_there):
    assert has(tree(files), name) is is_there


@pytest.mark.parametrize("text", ["[project\n", '[tool]\ndevstrap = "x"\n', "[tool.devstrap]\nnone = 1\n", "a = \xff"])
def test_nothing_is_known_of_what_setting_up_would_refuse(text):
    files = tree({"pyproject.toml": text.encode("latin-1"), "requirements.txt": "pytest\n"})
    assert (repository_of(files), installation(files), has(files, "pytest")) == (None, None, False)


def test_requirements_that_are_no_text_are_nothing_to_go_by():
    assert installation(tree({"requirements.txt": b"\xff\xfea\x00"})) is None


# ---- other managers -------------------------------------------------------------------------------------------------

POETRY = '[tool.poetry]\nname = "shop"\n[tool.poetry.dependencies]\nrich = "*"\n'
POETRY += '[tool.poetry.group.dev.dependencies]\npytest = "*"\n'
PACKAGES = '[[package]]\nname = "rich"\nversion = "1"\n{}[[package]]\nname = "Pytest"\nversion = "8"\n{}'
PACKAGES += '[[package]]\nname = "pluggy"\nversion = "1"\n{}'
TOLD = PACKAGES.format('groups = ["main"]\n', 'groups = ["dev"]\n', 'groups = ["docs"]\n')
PDM = '[project]\nname = "shop"\ndependencies = ["rich"]\n[tool.pdm.dev-dependencies]\ntest = ["pytest"]\n'
PIPFILE_LOCK = (
    '{"_meta": {"pipfile-spec": 6}, "default": {"rich": {"version": "==1"}}, "develop": {"pytest": {"version": "==8"}}}'
)


@pytest.mark.parametrize(
    ("files", "known"),
    [
        (
            {"pyproject.toml": POETRY, "poetry.lock": TOLD},
            {"rich": True, "pytest": True, "pluggy": False, "ruff": False},
        ),
        # which Poetry reads itself: what is locked may be for a group that is not installed
        (
            {"pyproject.toml": POETRY, "poetry.lock": PACKAGES.format("", "", "")},
            {"rich": True, "pytest": True, "pluggy": None, "ruff": False},
        ),
        (
            {
                "pyproject.toml": PDM,
                "pdm.lock": f'[metadata]\ngroups = ["default", "test"]\n{PACKAGES.format("", "", "")}',
            },
            {"rich": True, "pytest": True, "pluggy": False, "ruff": False},
        ),
        ({"Pipfile": "[packages]\n", "Pipfile.lock": PIPFILE_LOCK}, {"rich": True, "pytest": True, "ruff": False}),
        (
            {"Pipfile": '[packages]\nrich = "*"\n[dev-packages]\npytest = ">=8"\n'},
            {"rich": True, "pytest": True, "ruff": False},
        ),
        (
            {"environment.yml": "dependencies:\n- python=3.11\n- rich=1\n- pip:\n  - pytest>=8\n"},
            {"rich": True, "pytest": True, "ruff": False},
        ),
    ],
)
def test_what_other_managers_lock_is_known_as_far_as_it_can_be(files, known):
    assert {name: has(tree(files), name) for name in known} == known


# ---- parts ----------------------------------------------------------------------------------------------------------

PARTS = {
    "web/requirements.txt": "flask\n",
    "web/requirements-dev.txt": "ruff\n",
    "web/vendored/requirements.txt": "black\n",
    "libs/core/pyproject.toml": BUILT,
    "docs/requirements.txt": "sphinx\n",
    ".hidden/requirements.txt": "isort\n",
}


def test_parts_are_installed_together_where_the_root_declares_nothing():
    files = tree({**PARTS, "pyproject.toml": '[tool.devstrap]\ndefault = "3.12"\n'})
    assert installation(files).title == "libs/core (pyproject.toml), web (requirements.txt, requirements-dev.txt)"
    known = {"rich": True, "flask": True, "ruff": True, "black": False, "sphinx": False, "isort": False}
    assert {name: has(files, name) for name in known} == known
    assert apart(files) == ()


def test_what_the_root_declares_or_names_stands_for_all():
    assert installation(tree({**PARTS, "requirements.txt": "flask\n"})).title == "requirements.txt"
    named = {**PARTS, "pyproject.toml": "[tool.devstrap]\nrequirements = []\n"}
    assert (installation(tree(named)), apart(tree(named)), has(tree(named), "flask")) == (None, (), False)


def test_a_part_with_a_lock_of_its_own_keeps_to_itself():
    files = tree({**PARTS, "libs/core/uv.lock": "version = 1\n"})
    assert (installation(files), apart(files), has(files, "rich")) == (None, ("libs/core", "web"), True)


def test_nothing_is_known_where_setting_up_would_refuse_a_part():
    files = tree({**PARTS, "web/Pipfile.lock": "{"})
    assert (installation(files), apart(files)) == (None, ())


def test_pytest_comes_to_tests_that_are_for_it():
    files = {"requirements.txt": "flask\n", "pytest.ini": ""}
    for path in ("tests/test_a.py", "test/shop_tests.py", "tests/unit/test_a.py"):
        assert has(tree({**files, path: ""}), "pytest") is True
    for path in ("tests/data.txt", "spec/test_a.py", "tests/.cache/test_a.py", "tests/test_a.txt"):
        assert has(tree({**files, path: ""}), "pytest") is False


# ---- what comes of it -----------------------------------------------------------------------------------------------

SCRAPING = {
    "pyproject.toml": BUILT,
    "pytest.ini": "",
    "qa/requirements.in": "pytest\n",
}


def test_no_workflow_is_written_whose_tests_nothing_would_install():
    assert "nothing that bootstrap.py installs brings pytest" in remarks(workflow, SCRAPING)[PATH]
    named = BUILT + '[tool.devstrap]\nrequirements = ["qa/requirements.in"]\n'
    assert obstacle(tree({**SCRAPING, "pyproject.toml": named})) == ""


def test_a_document_that_says_how_to_test_comes_with_the_word_that_it_is_not_enough():
    drafts, left = written(documents, {**SCRAPING, "bootstrap.py": ""})
    assert "run pytest" in drafts["CONTRIBUTING.md"].decode()
    assert ["brings pytest" in one.reason for one in left] == [True]


def test_a_linter_that_is_configured_and_not_installed_is_not_run():
    dev = '[dependency-groups]\ndev = ["pytest"]\nqa = ["ruff"]\n[tool.ruff]\n'
    files = {"pyproject.toml": PROJECT + dev, "conftest.py": ""}
    assert b"ruff" not in written(workflow, files)[0][PATH]
    files["pyproject.toml"] = files["pyproject.toml"].replace("qa = [", "test = [")
    assert b"bootstrap.py run ruff check ." in written(workflow, files)[0][PATH]


DESCRIBED = '[project]\nname = "shop"\nversion = "0.0.0"\nrequires-python = ">=3.11"\n'


def test_a_root_that_only_describes_the_repository_installs_its_parts():
    files = {"pyproject.toml": DESCRIBED, "api/requirements.txt": "flask\n", "web/requirements.txt": "pytest\n"}
    found = installation(tree(files))
    assert (found.manager, found.title) == ("parts", "api (requirements.txt), web (requirements.txt)")
    assert has(tree(files), "pytest")
    assert installation(tree({"pyproject.toml": DESCRIBED})).title == "pyproject.toml"
    assert installation(tree({"pyproject.toml": DESCRIBED, "requirements.txt": "flask\n"})).manager == "requirements"


# ---- tools at the root, above the code of parts ---------------------------------------------------------------------

TOOLS = {"requirements-dev.txt": "pytest\nruff\n"}


def test_tools_of_the_root_are_installed_with_parts_that_go_together():
    found = installation(tree({**TOOLS, "api/requirements.txt": "flask\n", "web/requirements.txt": "flask>2\n"}))
    assert found.title == "requirements-dev.txt, api (requirements.txt), web (requirements.txt)"


def test_parts_that_contradict_each_other_are_lent_the_tools_of_the_root():
    there = tree({**TOOLS, "api/requirements.txt": "flask==3.0\n", "web/requirements.txt": "flask==2.0\n"})
    assert apart(there) == ("api", "web")
    assert [has(part, "pytest") for part in parts_of(there).values()] == [True, True]
    assert [has(part, "mypy") for part in parts_of(there).values()] == [False, False]


def test_each_part_is_tested_with_the_pytest_of_the_root():
    files = {
        **TOOLS,
        "api/requirements.txt": "flask==3.0\n",
        "web/requirements.txt": "flask==2.0\n",
        "api/tests/test_a.py": "def test_a(): pass\n",
        "web/tests/test_a.py": "def test_a(): pass\n",
    }
    text = written(workflow, files)[0][PATH].decode()
    assert "--part api" in text
    assert "run pytest" in text
    assert "unittest" not in text


def test_a_package_at_the_root_is_no_root_of_tools_alone():
    found = installation(tree({**TOOLS, "shop/__init__.py": "", "api/requirements.txt": "flask\n"}))
    assert found.title == "requirements-dev.txt"
