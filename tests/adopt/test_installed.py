"""What setting up installs, as the writers see it in files that are only thought of."""

import pytest
from adopting import remarks, tree, written

from bootstrap.adopt.commands import obstacle
from bootstrap.adopt.documents import documents
from bootstrap.adopt.installed import has, installation, repository_of
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
        ({"pyproject.toml": f'{PROJECT}[dependency-groups]\nlint = ["ruff"]\n'}, "ruff", False),
        ({"pyproject.toml": f'{BUILT}[project.optional-dependencies]\ntest = ["pytest"]\n'}, "pytest", True),
        ({"pyproject.toml": f'{BUILT}[project.optional-dependencies]\ndocs = ["pytest"]\n'}, "pytest", False),
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
        ({"requirements.txt": "flask\n", "tox.ini": "[testenv]\ndeps = pytest\n"}, "pytest", False),
        ({"README.md": "pytest"}, "pytest", False),
        (
            {**LOCKED, "pyproject.toml": f'{PROJECT}[dependency-groups]\ndev = ["pytest"]\nlint = ["ruff"]\n'},
            "pytest",
            True,
        ),
        (
            {**LOCKED, "pyproject.toml": f'{PROJECT}[dependency-groups]\ndev = ["pytest"]\nlint = ["ruff"]\n'},
            "ruff",
            False,
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
    dev = '[dependency-groups]\ndev = ["pytest"]\nlint = ["ruff"]\n[tool.ruff]\n'
    files = {"pyproject.toml": PROJECT + dev, "conftest.py": ""}
    assert b"ruff" not in written(workflow, files)[0][PATH]
    files["pyproject.toml"] = files["pyproject.toml"].replace("lint = [", "test = [")
    assert b"bootstrap.py run ruff check ." in written(workflow, files)[0][PATH]
