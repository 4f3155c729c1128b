"""What nobody can tell a contributor needs is asked; what a name or a file tells is not."""

from dataclasses import replace

import pytest

from bootstrap.detect.repository import Reader, detect_repository
from bootstrap.setup.dependencies import recognise
from bootstrap.setup.dependencies.unclear import candidates

PROJECT = '[project]\nname = "shop"\nversion = "1"\n'
BUILD = '[build-system]\nrequires = ["setuptools"]\n'


@pytest.fixture
def unclear(write):
    def ask(files):
        root = write(files)
        repository, read = detect_repository(root), Reader(root)
        return candidates(repository, recognise(repository, read), read)

    return ask


@pytest.mark.parametrize(
    ("files", "found"),
    [
        (
            {"pyproject.toml": PROJECT + BUILD + "[dependency-groups]\nqa = []\n"},
            {"groups": ("qa",)},
        ),
        (
            {"pyproject.toml": PROJECT + BUILD + "[project.optional-dependencies]\nfull = []\n"},
            {"extras": ("full",)},
        ),
        (
            {"requirements.txt": "six\n", "requirements_all.txt": "six\n"},
            {"requirements": ("requirements.txt", "requirements_all.txt")},
        ),
        (
            {"requirements/ci.txt": "six\n", "requirements/doc.txt": "six\n", "requirements/notes.md": ""},
            {"requirements": ("requirements/ci.txt", "requirements/doc.txt")},
        ),
    ],
)
def test_what_no_name_tells_is_offered(unclear, files, found):
    assert unclear(files) == found


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"requirements.txt": "six\n"},
        {"requirements.txt": "six\n", "requirements-dev.txt": "six\n", "requirements_all.txt": ""},
        {"pyproject.toml": PROJECT + BUILD},
        {"pyproject.toml": PROJECT + BUILD + "[dependency-groups]\nqa = []\ndev = []\n"},
        {"pyproject.toml": PROJECT + BUILD + "[dependency-groups]\nqa = []\n[tool.devstrap]\ngroups = []\n"},
        {
            "pyproject.toml": PROJECT + BUILD + "[dependency-groups]\nqa = []\n[tool.pytest.ini_options]\n",
            "tox.ini": "[testenv]\ndeps = pytest\n",
        },
    ],
)
def test_what_is_clear_is_not_asked(unclear, files):
    assert unclear(files) == {}


def test_a_folder_that_cannot_be_listed_offers_nothing(write):
    root = write({"requirements.txt": "six\n", "requirements": "no folder"})
    repository = replace(detect_repository(root), files=frozenset(("requirements.txt", "requirements")))
    assert candidates(repository, None, Reader(root)) == {}
