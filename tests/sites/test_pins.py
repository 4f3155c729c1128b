"""What developers work with."""

import pytest
from rewriting import check_rewrite, found
from tables import moving, staying

MOVES = {
    "pin.python-version": (".python-version", "3.9\n", "3.10\n"),
    "pin.tool-versions": (".tool-versions", "nodejs 3.9.0\npython 3.9\n", "nodejs 3.9.0\npython 3.10\n"),
    "pin.mise": ("mise.toml", '[tools]\npython = "3.9"\nnode = "3.9"\n', '[tools]\npython = "3.10"\nnode = "3.9"\n'),
    "pipfile.python": (
        "Pipfile",
        '[packages]\nflask = "==3.9.0"\n\n[requires]\npython_version = "3.9"\n',
        '[packages]\nflask = "==3.9.0"\n\n[requires]\npython_version = "3.10"\n',
    ),
    "pin.pixi": (
        "pixi.toml",
        '[dependencies]\npython = ">=3.8,<4"\nnumpy = ">=3.8"\n',
        '[dependencies]\npython = ">=3.10,<4"\nnumpy = ">=3.8"\n',
    ),
    "pin.pixi-environments": (
        "pixi.toml",
        '[environments]\npy39 = ["py39", "test"]\npy310 = ["py310", "test"]\npy311 = ["py311", "test"]\n',
        '[environments]\npy310 = ["py310", "test"]\npy311 = ["py311", "test"]\npy312 = ["py312", "test"]\n',
    ),
    "pin.conda": (
        "environment.yml",
        "dependencies:\n  - python=3.9\n  - numpy=3.9\n",
        "dependencies:\n  - python=3.10\n  - numpy=3.9\n",
    ),
    "editor.vscode": (
        ".vscode/settings.json",
        '{\n  // ours\n  "python.defaultInterpreterPath": "/usr/bin/python3.9",\n}\n',
        '{\n  // ours\n  "python.defaultInterpreterPath": "/usr/bin/python3.10",\n}\n',
    ),
    "editor.pycharm": (
        ".idea/misc.xml",
        '<component project-jdk-name="Python 3.9 (a)" version="2" />\n',
        '<component project-jdk-name="Python 3.10 (a)" version="2" />\n',
    ),
}

STAYS = {
    "pin.python-version": (".python-version", "3.11\n"),
    "pin.tool-versions": (".tool-versions", "python pypy3.9\nruby 3.9.0\n"),
    "pin.mise": ("mise.toml", '[tools]\nruby = "3.9"\n'),
    "pipfile.python": ("Pipfile", '[requires]\npython_version = "3.11"\n'),
    "pin.pixi": ("pixi.toml", '[dependencies]\npython = "3.11.*"\n'),
    "pin.pixi-feature": ("pixi.toml", '[feature.py39.dependencies]\npython = "3.9.*"\n'),
    "pin.pixi-environments": ("pixi.toml", '[environments]\ntest = ["test"]\nlint = ["lint"]\n'),
    "pin.conda": ("environment.yml", "name: py\ndependencies:\n  - python\n  - python-dateutil=3.9\n"),
    "editor.vscode": (".vscode/settings.json", '{"cmake.version": "3.9"}\n'),
    "editor.pycharm": (".idea/a.iml", '<module version="3.9" />\n'),
}


test_what_is_declared_moves = moving(MOVES)
test_what_is_not_meant_stays = staying(STAYS)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("3.9", "3.10"),
        ("3.9.18", "3.10.22"),
        ("cpython-3.9", "cpython-3.10"),
        ("3.9  # of production", "3.10  # of production"),
        ("# pinned\n3.9", "# pinned\n3.10"),
        ("pypy3.9-7.3.9", "pypy3.9-7.3.9"),
        ("3.13t", "3.13t"),
    ],
)
def test_a_pin_keeps_its_form(before, after):
    check_rewrite(".python-version", before + "\n", after + "\n")


@pytest.mark.parametrize(
    "spec",
    ["python={}", "python=={}", "python>={}", "python >={}", "python={}.*", "python >={},<4", "conda-forge::python={}"],
)
def test_a_match_specification_keeps_its_form(spec):
    text = "dependencies:\n  - {}\n  - pip:\n      - x==3.9\n"
    check_rewrite("environment.yml", text.format(spec.format("3.8")), text.format(spec.format("3.10")))


def test_a_file_for_one_version_is_left_to_be_removed():
    text = "dependencies:\n  - python=3.9\n"
    check_rewrite("ci/envs/39-minimal.yaml", text, text)
    assert found("ci/envs/39-minimal.yaml", text)
