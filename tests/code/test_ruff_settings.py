"""A repository's settings of ruff in, what they leave out."""

import tomllib

import pytest

from bootstrap.code.settings import Chosen, as_toml, choices, is_spared


def chosen(**files):
    return choices({name.replace("__", "/").replace("_", "."): text.encode() for name, text in files.items()})


OUT = 'exclude = ["old"]\nextend-exclude = ["gen"]\nline-length = 99\n'


@pytest.mark.parametrize(
    "text",
    [
        f'{OUT}ignore = ["E501", "UP007"]\n',
        f'{OUT}show-source = true\n[lint]\nextend-ignore = ["UP007", "ANN101"]\nselect = ["X"]\n',
        f'{OUT}required-version = "==0.1"\n[lint]\nunfixable = ["UP007"]\n',
        'exclude = ["old"]\nline-length = 99\n[lint]\nexclude = ["gen"]\nignore = ["UP007"]\n',
    ],
)
def test_what_is_left_out_is_read_whatever_ruff_it_is_for(text):
    assert chosen(ruff_toml=text) == {"": Chosen(("old",), ("gen",), ("UP007",), (), 99)}


def test_rules_can_be_left_out_file_by_file():
    text = '[tool.ruff.lint.per-file-ignores]\n"a.py" = ["UP006", "E402"]\n"b.py" = ["S101"]\n"c/*" = ["ALL"]\n'
    assert chosen(pyproject_toml=text)[""].per_file == (("a.py", ("UP006",)), ("c/*", ("ALL",)))


def test_each_folder_goes_by_its_own_settings_and_the_more_special_file():
    found = chosen(
        ruff_toml='ignore = ["UP001"]',
        pyproject_toml='[tool.ruff]\nignore = ["UP002"]',
        part__pyproject_toml='[tool.ruff]\nignore = ["UP003"]',
        other__pyproject_toml="[project]\n",
        more__ruff_toml="= broken",
    )
    assert {folder: one.ignored for folder, one in found.items()} == {"": ("UP001",), "part": ("UP003",)}


def test_what_a_file_extends_holds_too():
    found = chosen(
        ruff_toml='line-length = 100\nexclude = ["x"]\nignore = ["UP001"]\n',
        part__ruff_toml='extend = "../ruff.toml"\nignore = ["UP002"]\n',
        loop__ruff_toml='extend = "ruff.toml"\n',
        gone__ruff_toml='extend = "../nowhere.toml"\nignore = ["UP003"]\n',
    )
    assert found["part"] == Chosen(("x",), (), ("UP001", "UP002"), (), 100)
    assert found["loop"] == Chosen()
    assert found["gone"].ignored == ("UP003",)


@pytest.mark.parametrize("text", ["ignore = 1\n", 'lint = "x"\n', "per-file-ignores = []\n", 'line-length = "x"\n'])
def test_settings_that_make_no_sense_leave_nothing_out(text):
    assert chosen(ruff_toml=text)[""] == Chosen()


@pytest.mark.parametrize("text", ['[tool]\nruff = "x"\n', 'tool = "x"\n'])
def test_a_table_that_is_none_is_no_setting(text):
    assert chosen(pyproject_toml=text) == {}


def test_ruff_is_given_pyupgrade_without_what_was_left_out():
    one = Chosen(("a",), ("b",), ("UP001",), (("t/*", ("UP002",)), ("t/*", ("ALL",))), 88)
    assert tomllib.loads(as_toml(one, ("UP036",)).decode()) == {
        "exclude": ["a"],
        "extend-exclude": ["b"],
        "line-length": 88,
        "lint": {
            "select": ["UP"],
            "ignore": ["UP001", "UP036"],
            "pyupgrade": {"keep-runtime-typing": True},
            "per-file-ignores": {"t/*": ["UP002", "ALL"]},
        },
    }
    assert "exclude" not in tomllib.loads(as_toml(Chosen(), ()).decode())


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.py", False),
        ("gen/a.py", True),
        ("part/a.py", True),
        ("part/sub/x.py", True),
        ("b.py", True),
        ("d/b.py", True),
    ],
)
def test_dead_branches_stay_where_their_rule_is_left_out(path, expected):
    found = {
        "": Chosen(per_file=(("gen/*", ("UP",)), ("b.py", ("UP036",)), ("a.py", ("UP007",)))),
        "part": Chosen(ignored=("UP03",)),
    }
    assert is_spared(path, found, "UP036") is expected


def test_without_settings_nothing_is_spared():
    assert not is_spared("a.py", {}, "UP036")
