"""Makefiles, scripts, and conditions on the version in modules."""

import pytest
from rewriting import check_rewrite, found
from tables import moving, staying

SCRIPT = (
    '#!/usr/bin/env python\n# /// script\n# requires-python = ">={}"\n# dependencies = ["x>=3.8"]\n# ///\nprint(3.8)\n'
)
GUARD = "import sys\n\nif sys.version_info < (3, {}):\n    {}\n"

MOVES = {
    "make.python": ("Makefile", "venv:\n\tpython3.9 -m venv .venv\n", "venv:\n\tpython3.10 -m venv .venv\n"),
    "shell.python": ("scripts/setup.sh", "uv venv --python 3.9\n", "uv venv --python 3.10\n"),
    "python.script-block": ("scripts/a.py", SCRIPT.format("3.8"), SCRIPT.format("3.10")),
    "docs.conf": (
        "docs/conf.py",
        'intersphinx_mapping = {"python": ("https://docs.python.org/3.9/", None)}\nversion = "3.9"\n',
        'intersphinx_mapping = {"python": ("https://docs.python.org/3.10/", None)}\nversion = "3.9"\n',
    ),
    "python.guard": (
        "a/__init__.py",
        GUARD.format(8, 'raise RuntimeError("too old")'),
        GUARD.format(10, 'raise RuntimeError("too old")'),
    ),
}

STAYS = {
    "make.python": ("Makefile", "x:\n\tpip install django==3.9 black==3.8\n"),
    "shell.python": ("x.sh", "kafka_2.13-3.9/bin/start && pip install a==3.8\n"),
    "python.script-block": ("a.py", '# requires-python = ">=3.8"\nx = ">=3.8"\n'),
    "python.script-marker": (
        "a.py",
        "# /// script\n# dependencies = [\"x; python_version < '3.9'\"]\n# ///\n",
    ),
    "docs.conf": ("docs/conf.py", 'release = "3.9"\nhtml_title = "3.9"\n'),
    "python.guard": ("a/__init__.py", GUARD.format(8, "import tomli as tomllib")),
    "python.condition": ("a/b.py", "import sys\n\nx = 1 if sys.version_info >= (3, 8) else 2\n"),
}


test_what_is_declared_moves = moving(MOVES)
test_what_is_not_meant_stays = staying(STAYS)


@pytest.mark.parametrize(
    "body",
    [
        "sys.exit(1)",
        'sys.exit("Python 3 is too old")',
        'print("too old")\n    sys.exit(1)',
        '# explained\n    sys.stderr.write("too old")\n    exit(1)',
        'raise ImportError(\n        "too old"\n    )',
    ],
)
def test_a_guard_that_ends_the_module_moves(body):
    check_rewrite("a/__main__.py", GUARD.format(8, body), GUARD.format(10, body))


@pytest.mark.parametrize(
    "text",
    [
        GUARD.format(8, "x = 1"),
        GUARD.format(8, "x = 1\nraise SystemExit"),
        GUARD.format(8, 'raise unittest.SkipTest("later")').replace("raise unittest.", "raise unittest."),
        GUARD.format(6, "sys.exit(1)"),  # an old story, or a script that runs on more than the package
        "import sys\n\ndef f():\n    if sys.version_info < (3, 8):\n        raise NotImplementedError\n",
        "import sys\n\nif sys.version_info >= (3, 8):\n    sys.exit(0)\n",
        "import sys\n\nif x and sys.version_info < (3, 8):\n    sys.exit(0)\n",
        "x = '''\nif sys.version_info < (3, 8):\n    sys.exit(1)\n'''\n",
    ],
)
def test_any_other_condition_is_told_and_left_alone(text):
    check_rewrite("a/b.py", text, text)
    assert found("a/b.py", text)


def test_conditions_in_tests_are_not_even_told():
    assert not [
        kind for kind, _, _ in found("tests/test_a.py", GUARD.format(8, "sys.exit(1)")) if kind == "python.guard"
    ]


@pytest.mark.parametrize(
    "path", ["GNUmakefile", "x.mk", "justfile", "Taskfile.yml", "a.ps1", "a.bat", "Vagrantfile", "b.just"]
)
def test_scripts_of_every_kind_are_read(path):
    check_rewrite(path, "run: python3.9 -m a\n", "run: python3.10 -m a\n")


def test_a_script_that_runs_on_more_than_the_package_goes_on_doing_so():
    text = SCRIPT.format("3.6")
    check_rewrite("scripts/a.py", text, text)
    assert found("scripts/a.py", text)
