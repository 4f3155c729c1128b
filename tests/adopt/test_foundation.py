"""The pin and the policy: text in, text out."""

import tomllib

import pytest
from adopting import BOM, adopted, check, remarks, written

from bootstrap.adopt.foundation import pin, settings

ROWS = 'minimum = "3.11"\ndefault = "3.12"\nsupported = ["3.11", "3.12", "3.13"]\n'
TABLE = f"[tool.devstrap]\n{ROWS}"


def test_the_default_is_pinned_where_nothing_pins_one():
    assert written(pin, {}) == ({".python-version": b"3.12\n"}, [])
    assert written(pin, {".python-version": "3.10\n"}) == ({}, [])


def test_the_policy_is_written_down_at_the_end():
    check(settings, "pyproject.toml", '[project]\nname = "a"\n', f'[project]\nname = "a"\n\n{TABLE}')


def test_a_pyproject_is_made_for_it():
    assert written(settings, {}) == ({"pyproject.toml": TABLE.encode()}, [])


NESTED = {"Makefile": "test:\n\tpytest api web\n", "api/pytest.ini": "[pytest]\n", "web/tests/test_a.py": ""}


def test_none_is_made_that_pytest_would_take_for_its_own():
    files = {**NESTED, "api/pytest.ini": "[pytest]\naddopts = --cov=api\n"}
    left = remarks(settings, files)["pyproject.toml"]
    assert left.startswith("it was not made, as pytest would take it in place of api/pytest.ini ")
    assert 'minimum = "3.11"; default = "3.12"; supported = ["3.11", "3.12", "3.13"]' in left
    there = {**files, "pyproject.toml": "[tool.pytest.ini_options]\n"}
    assert written(settings, there)[1] == []


def test_settings_of_a_part_that_mean_the_same_at_the_root_are_carried_there():
    comment = "# As in api/pytest.ini, which pytest no longer looks for when it is given several folders.\n"
    text = f'[tool.pytest.ini_options]\n{comment}testpaths = ["api", "web"]\n\n{TABLE}'
    assert written(settings, NESTED) == ({"pyproject.toml": text.encode()}, [])


PROJECT = """\
# The repository as a whole: what it requires is declared elsewhere, and nothing is built from here.
[project]
name = "shop"
version = "0.0.0"
requires-python = ">=3.11"
classifiers = [
    "Programming Language :: Python :: 3",
    "Programming Language :: Python :: 3.11",
    "Programming Language :: Python :: 3.12",
    "Programming Language :: Python :: 3.13",
]

"""
SHOP = {".git/config": '[remote "origin"]\n\turl = git@example.org:acme/Shop.git\n'}


def test_a_new_one_says_what_the_repository_is():
    parts = {**SHOP, "api/requirements.txt": "flask\n", "web/requirements.txt": "flask\n"}
    assert written(settings, parts) == ({"pyproject.toml": f"{PROJECT}{TABLE}".encode()}, [])
    assert written(settings, {**SHOP, "requirements.txt": ""})[0] == {"pyproject.toml": f"{PROJECT}{TABLE}".encode()}


def test_one_that_is_there_is_not_made_a_project():
    files = {**SHOP, "requirements.txt": "", "pyproject.toml": "[tool.black]\n"}
    assert written(settings, files)[0] == {"pyproject.toml": f"[tool.black]\n\n{TABLE}".encode()}


@pytest.mark.parametrize(
    "others",
    [
        {"Makefile": "test:\n\tpytest api\n"},
        {"Makefile": "test:\n\tcd api && pytest\n"},
        {"api/pytest.ini": "", "Makefile": "test:\n\tpytest api/a api/b\n", "api/a/x.py": "", "api/b/x.py": ""},
        {"pytest.ini": ""},
        {"setup.py": ""},
        {"tox.ini": "[pytest]\n"},
    ],
)
def test_one_is_made_where_pytest_finds_what_it_found_before(others):
    assert set(written(settings, {**NESTED, **others})[0]) == {"pyproject.toml"}


def test_what_is_missing_comes_below_the_header_and_what_is_there_stays():
    before = '[tool.devstrap] # ours\ndefault = "3.13"  # on purpose\neditors = []\n\n[tool.ruff]\n'
    after = adopted(settings, "pyproject.toml", before)
    rows = 'minimum = "3.11"\nsupported = ["3.11", "3.12", "3.13"]\n'
    assert after == before.replace("# ours\n", f"# ours\n{rows}")
    assert tomllib.loads(after)["tool"]["devstrap"]["default"] == "3.13"


@pytest.mark.parametrize(
    "text", ["[project\n", '[tool]\ndevstrap = "x"\n', "tool.devstrap.default = '3.12'\n", "a = \xff"]
)
def test_a_file_without_a_place_for_it_is_left_to_a_person(text):
    data = text.encode("latin-1")
    assert "pyproject.toml" in remarks(settings, {"pyproject.toml": data})


def test_a_mark_at_the_beginning_stays_there():
    after = written(settings, {"pyproject.toml": BOM + b"[tool.ruff]\r\n"})[0]["pyproject.toml"]
    assert after == BOM + b"[tool.ruff]\r\n\r\n" + TABLE.replace("\n", "\r\n").encode()
