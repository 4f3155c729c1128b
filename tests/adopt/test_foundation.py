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


@pytest.mark.parametrize(
    ("files", "unread"),
    [
        (NESTED, "api/pytest.ini"),
        ({**NESTED, "Makefile": "test:\n\tpytest web/tests api/\n"}, "api/pytest.ini"),
        (
            {"Makefile": NESTED["Makefile"], "api/a.py": "", "web/pyproject.toml": "[tool.pytest.ini_options]\n"},
            "web/pyproject.toml",
        ),
    ],
)
def test_none_is_made_that_pytest_would_take_for_its_own(files, unread):
    left = remarks(settings, files)["pyproject.toml"]
    assert left.startswith(f"it was not made, as pytest would take it in place of {unread} ")
    assert 'minimum = "3.11"; default = "3.12"; supported = ["3.11", "3.12", "3.13"]' in left
    there = {**files, "pyproject.toml": "[tool.pytest.ini_options]\n"}
    assert written(settings, there)[1] == []


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
