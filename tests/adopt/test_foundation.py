"""The pin, the policy and the wrapper: text in, text out."""

import tomllib

import pytest
from adopting import BOM, adopted, check, remarks, written

from bootstrap import assets
from bootstrap.adopt.foundation import pin, settings, wrapper

ROWS = 'minimum = "3.11"\ndefault = "3.12"\nsupported = ["3.11", "3.12", "3.13"]\n'
TABLE = f"[tool.devstrap]\n{ROWS}"


def test_the_default_is_pinned_where_nothing_pins_one():
    assert written(pin, {}) == ({".python-version": b"3.12\n"}, [])
    assert written(pin, {".python-version": "3.10\n"}) == ({}, [])


def test_the_policy_is_written_down_at_the_end():
    check(settings, "pyproject.toml", '[project]\nname = "a"\n', f'[project]\nname = "a"\n\n{TABLE}')


def test_a_pyproject_is_made_for_it():
    assert written(settings, {}) == ({"pyproject.toml": TABLE.encode()}, [])


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


def test_the_wrapper_is_the_file_that_devstrap_is_started_by():
    assert written(wrapper, {})[0] == {"bootstrap.py": assets.read("bootstrap.py")}


@pytest.mark.parametrize(
    ("text", "said"), [("print('mine')\n", "is not devstrap's"), ("# devstrap 0.0.1\n", "another version of devstrap")]
)
def test_another_file_of_that_name_stays(text, said):
    assert said in remarks(wrapper, {"bootstrap.py": text})["bootstrap.py"]


def test_the_wrapper_may_have_the_line_ends_of_windows():
    assert written(wrapper, {"bootstrap.py": assets.read("bootstrap.py").replace(b"\n", b"\r\n")}) == ({}, [])
