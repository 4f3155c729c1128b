"""bootstrap.py beside the only module of a project, and setuptools, which takes every module that it finds."""

import pytest
from adopting import adopted, check, remarks, tree, written

from bootstrap.adopt.commands import undeclared
from bootstrap.adopt.modules import modules

PROJECT = '[project]\nname = "shop"\nversion = "1"\n'
BUILD = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n\n'
ONE = {"bootstrap.py": "", "shop.py": "", "setup.py": "", "conftest.py": "", "tests/test_shop.py": "", "docs/a.md": ""}
NAMED = '\n[tool.setuptools]\npy-modules = ["shop"]\n'


@pytest.mark.parametrize("head", ["", BUILD])
def test_the_only_module_is_named(head):
    check(modules, "pyproject.toml", head + PROJECT, head + PROJECT + NAMED, ONE)


def test_what_is_said_to_setuptools_already_is_added_to():
    before = f"{PROJECT}[tool.setuptools]\nzip-safe = false\n"
    after = f'{PROJECT}[tool.setuptools]\npy-modules = ["shop"]\nzip-safe = false\n'
    check(modules, "pyproject.toml", before, after, ONE)


def test_where_there_is_none_bootstrap_py_is_none_either():
    files = {name: text for name, text in ONE.items() if name != "shop.py"}
    assert adopted(modules, "pyproject.toml", PROJECT, files).endswith("[tool.setuptools]\npy-modules = []\n")


@pytest.mark.parametrize(
    ("text", "others"),
    [
        (PROJECT, {"src/shop.py": ""}),
        (PROJECT, {"shop/__init__.py": ""}),
        (PROJECT, {"data/a.csv": ""}),
        (PROJECT, {"other.py": ""}),
        (PROJECT, {"setup.py": "setup(py_modules=['shop'])\n"}),
        (PROJECT, {"setup.cfg": "[options]\npackages = find:\n"}),
        (PROJECT + "[tool.setuptools]\npackages = []\n", {}),
        (PROJECT + "[tool.setuptools.packages.find]\nwhere = ['lib']\n", {}),
        ('[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n' + PROJECT, {}),
        ("[tool.ruff]\n", {"setup.py": "setup(name='shop', packages=['shop'])\n"}),
    ],
)
def test_what_does_not_look_for_modules_is_left(text, others):
    assert adopted(modules, "pyproject.toml", text, {**ONE, **others}) == text


def test_what_nobody_builds_is_left():
    files = {name: text for name, text in ONE.items() if name != "setup.py"}
    assert adopted(modules, "pyproject.toml", PROJECT, files) == PROJECT
    assert adopted(modules, "pyproject.toml", BUILD + PROJECT, files) == BUILD + PROJECT + NAMED
    assert adopted(modules, "pyproject.toml", "[project\n", files) == "[project\n"


def test_nothing_is_said_where_bootstrap_py_is_not():
    files = {name: text for name, text in ONE.items() if name != "bootstrap.py"}
    assert written(modules, {**files, "pyproject.toml": PROJECT}) == ({}, [])


def test_a_project_of_setup_py_alone_is_left_to_a_person():
    files = {**ONE, "setup.py": "from setuptools import setup\nsetup(name='shop')\n"}
    assert not undeclared(tree(files))
    assert 'py-modules = ["shop"]' in remarks(modules, files)["pyproject.toml"]
