"""How dependencies are recognised and installed, manager by manager."""

import pytest

from bootstrap.detect.repository import Reader, detect_repository
from bootstrap.setup import dependencies
from bootstrap.setup.dependencies.requirements import closure


@pytest.fixture
def recognised(write):
    def recognise(files):
        root = write(files)
        return dependencies.recognise(detect_repository(root), Reader(root))

    return recognise


def commands(found):
    return [(run.cwd, " ".join(run.argv)) for run in found.installs]


PROJECT = '[build-system]\nrequires = ["hatchling"]\n[project]\nname = "x"\n'


def test_nothing_declared_is_nothing_to_install(recognised):
    assert recognised({"README.md": ""}) is None


def test_a_lock_of_uv_s_is_synced_as_it_is(recognised):
    found = recognised({"uv.lock": "", "pyproject.toml": PROJECT})
    assert commands(found) == [(".", "uv sync --frozen --inexact")]
    assert " ".join(found.lock_check.argv) == "uv lock --check"


def test_groups_and_extras_that_developers_need_are_added_to_uv_s_defaults(recognised):
    text = PROJECT + (
        "[project.optional-dependencies]\ntests = []\nfast = []\n"
        "[dependency-groups]\ndev = []\nTesting = []\ndocs = []\n"
    )
    found = recognised({"uv.lock": "", "pyproject.toml": text})
    assert commands(found) == [(".", "uv sync --frozen --inexact --group Testing --extra tests")]


def test_groups_that_uv_must_keep_apart_are_left_to_its_defaults(recognised):
    text = PROJECT + "[dependency-groups]\ntest = []\n[tool.uv]\nconflicts = []\n"
    assert commands(recognised({"uv.lock": "", "pyproject.toml": text})) == [(".", "uv sync --frozen --inexact")]


def test_a_workspace_without_a_project_of_its_own_is_installed_whole(recognised):
    text = "[tool.uv.workspace]\nmembers = ['a']\n"
    found = recognised({"uv.lock": "", "pyproject.toml": text})
    assert commands(found) == [(".", "uv sync --frozen --inexact --all-packages")]
    found = recognised({"uv.lock": "", "pyproject.toml": PROJECT + text})
    assert commands(found) == [(".", "uv sync --frozen --inexact")]


def test_a_project_without_a_lock_is_installed_editable_with_groups_and_extras(recognised):
    text = PROJECT + "[project.optional-dependencies]\ntest = []\n[dependency-groups]\ndev = []\n"
    found = recognised({"pyproject.toml": text})
    assert commands(found) == [(".", "uv pip install --python {target} --editable .[test] --group dev")]
    assert found.title == "pyproject.toml with group dev, extra test"


def test_a_list_of_dependencies_is_no_project_to_install(recognised):
    found = recognised({"pyproject.toml": '[project]\nname = "x"\ndependencies = ["rich"]\n'})
    assert commands(found) == [(".", "uv pip install --python {target} --requirements pyproject.toml")]


def test_settings_choose_groups_extras_and_files(recognised):
    text = PROJECT + "[tool.devstrap]\ngroups = ['lint']\nextras = ['fast']\n[dependency-groups]\ndev = []\nlint = []\n"
    text += "[project.optional-dependencies]\nfast = []\n"
    found = recognised({"pyproject.toml": text})
    assert commands(found) == [(".", "uv pip install --python {target} --editable .[fast] --group lint")]


def test_requirements_files_are_installed_from_their_own_folder(recognised):
    found = recognised({"requirements.txt": "a\n", "requirements/dev.txt": "b\n", "requirements/tests.txt": "c\n"})
    assert commands(found) == [
        (".", "uv pip install --python {target} --requirements requirements.txt"),
        ("requirements", "uv pip install --python {target} --requirements dev.txt --requirements tests.txt"),
    ]


def test_a_file_that_another_includes_is_left_to_that_one(recognised):
    found = recognised({"requirements.txt": "a\n", "requirements-dev.txt": "-r requirements.txt\nb\n"})
    assert commands(found) == [(".", "uv pip install --python {target} --requirements requirements-dev.txt")]


def test_a_project_s_requirements_files_come_before_itself(recognised):
    found = recognised({"setup.py": "", "requirements-dev.txt": "pytest\n"})
    assert commands(found) == [
        (".", "uv pip install --python {target} --requirements requirements-dev.txt"),
        (".", "uv pip install --python {target} --editable ."),
    ]


@pytest.mark.parametrize(("name", "manager"), [("poetry.lock", "Poetry"), ("pdm.lock", "PDM"), ("Pipfile", "Pipenv")])
def test_what_cannot_be_installed_yet_is_said(recognised, name, manager):
    found = recognised({"pyproject.toml": PROJECT, name: ""})
    assert any(manager in shortfall for shortfall in found.shortfalls)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[tool.poetry.group.dev.dependencies]\npytest = '*'\n", "tool.poetry"),
        ("[tool.pdm.dev-dependencies]\ntest = ['pytest']\n", "PDM"),
        ("[tool.hatch.envs.default]\ndependencies = ['pytest']\n", "Hatch"),
    ],
)
def test_groups_of_other_managers_are_said_not_to_be_installed(recognised, text, word):
    assert any(word in shortfall for shortfall in recognised({"pyproject.toml": PROJECT + text}).shortfalls)


def test_environments_of_hatch_beside_groups_are_no_shortfall(recognised):
    text = PROJECT + "[tool.hatch.envs.docs]\ndependencies = ['sphinx']\n[dependency-groups]\ndev = ['pytest']\n"
    assert recognised({"pyproject.toml": text}).shortfalls == ()


def test_parts_with_needs_of_their_own_are_named(recognised):
    found = recognised({"services/users/requirements.txt": "flask\n", "web/package.json": "{}", "docs/setup.py": ""})
    assert found.installs == ()
    assert found.shortfalls == ("dependencies are declared in services/users, not at the root: they are not installed",)


def test_included_files_are_followed_once_even_in_a_circle():
    files = {
        "requirements/a.txt": b"-r b.txt\n-c ../c.txt  # bounds\n",
        "requirements/b.txt": b"--requirement=a.txt\n-ra.txt\n-r ../../outside.txt\n",
        "c.txt": b"x<2\n",
    }
    assert closure("requirements/a.txt", files.get) == ["requirements/a.txt", "requirements/b.txt", "c.txt"]


def test_a_file_outside_the_repository_is_followed_too():
    files = {"requirements.txt": b"-r ../common.txt\n", "../common.txt": b"x\n"}
    assert closure("requirements.txt", files.get) == ["requirements.txt", "../common.txt"]


def test_the_fingerprint_changes_with_what_decides_and_with_nothing_else(recognised):
    first = recognised({"pyproject.toml": PROJECT}).fingerprint
    assert recognised({"pyproject.toml": PROJECT + "[tool.ruff]\n"}).fingerprint == first
    assert recognised({"pyproject.toml": PROJECT + "dependencies = ['x']\n"}).fingerprint != first


@pytest.mark.parametrize(
    ("before", "after", "others"),
    [
        ("[tool.uv]\nconstraint-dependencies = ['a<2']\n", "[tool.uv]\nconstraint-dependencies = ['a<3']\n", {}),
        ("[tool.setuptools.dynamic]\ndependencies = {file = ['deps.in']}\n",) * 2 + ({"deps.in": "changed\n"},),
    ],
)
def test_the_fingerprint_covers_what_build_backends_and_uv_go_by(recognised, before, after, others):
    first = recognised({"pyproject.toml": PROJECT + before, "deps.in": "a\n"}).fingerprint
    assert recognised({"pyproject.toml": PROJECT + after, **others}).fingerprint != first


def test_the_fingerprint_of_requirements_covers_what_they_include(recognised):
    first = recognised({"requirements.txt": "-r more.txt\n", "more.txt": "a\n"}).fingerprint
    assert recognised({"requirements.txt": "-r more.txt\n", "more.txt": "b\n"}).fingerprint != first
