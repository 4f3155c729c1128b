"""What `[project]` of a new pyproject.toml says: the name, and the description where the README gives one."""

import tomllib
from pathlib import Path

import pytest
from adopting import WISHES, fault, tree

from bootstrap.adopt.metadata import described, is_fit, project, table

LISTED = {"requirements.txt": "flask\n"}


def said(files, folder="/srv/Some_Shop.py"):
    return tomllib.loads(project(tree(files)._replace(root=Path(folder)), WISHES))["project"]


CONFIG = '[core]\n\tbare = false\n[remote "up"]\n\turl = https://example.org/Up/Stream\n'
ORIGIN = f'{CONFIG}[remote "origin"]\n\tfetch = x\n\turl = ssh://git@example.org/acme/Acme_Shop.git/\n'


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({}, "some-shop-py"),
        ({".git/config": "[core]\n"}, "some-shop-py"),
        ({".git/config": CONFIG}, "stream"),
        ({".git/config": ORIGIN}, "acme-shop"),
        ({".git/config": '[remote "origin"]\n\turl = host:shop.git\n'}, "shop"),
        ({".git/config": '[remote "origin"]\n\turl = /srv/магазин.git\n'}, "some-shop-py"),
        ({".git": "gitdir: /home/a/.git/worktrees/b\n", "/home/a/.git/worktrees/b/../../config": ORIGIN}, "acme-shop"),
        ({".git": "gitdir: ../.git/modules/b\n", "../.git/modules/b/config": ORIGIN}, "acme-shop"),
    ],
)
def test_it_is_called_as_where_it_is_kept_else_as_its_folder(files, name):
    assert said(files)["name"] == name


def test_what_no_name_can_be_made_of_is_no_project():
    assert is_fit(tree(LISTED))
    assert not is_fit(tree(LISTED)._replace(root=Path("/работа")))


@pytest.mark.parametrize(
    "others",
    [
        {"setup.py": ""},
        {"setup.cfg": "[metadata]\nname = shop\n"},
        {"setup.cfg": "[options]\npackages = shop\n"},
        {"flit.ini": ""},
    ],
)
def test_a_package_that_is_described_elsewhere_is_not_described_twice(others):
    assert not is_fit(tree({**LISTED, **others}))


def test_settings_of_tools_describe_no_package():
    assert is_fit(tree({**LISTED, "setup.cfg": "[flake8]\nmax-line-length = 120\n"}))


def test_where_nobody_can_tell_what_is_installed_it_is_not_said_to_be_nothing():
    assert not is_fit(tree({"Makefile": "install:\n\tpip install -r conf/needed.txt\n", "a.py": ""}))


def test_the_readme_is_named_and_its_first_sentence_taken():
    found = said({"README.md": "# Shop\n\nA backend for orchards. It is fast.\n"})
    assert (found["readme"], found["description"]) == ("README.md", "A backend for orchards.")
    bare = said({"README.rst": "Shop\n====\n\nRun make.\n"})
    assert bare["readme"] == "README.rst"
    assert "description" not in bare
    assert "readme" not in said({"README": "# Shop\n\nA backend for orchards.\n"})


@pytest.mark.parametrize(
    ("readme", "sentence"),
    [
        ("# Shop\n\nA backend\nfor orchards.\n", "A backend for orchards."),
        ("\ufeff# Shop #\r\n\r\nA backend for orchards.\r\n", "A backend for orchards."),
        ("Shop\n====\n\n.. image:: a.svg\n   :alt: b\n\nAn API for orchards.\n", "An API for orchards."),
        (
            "# Shop\n[![CI](a.svg)](b)\n[![c](d)](e)\n\n<!-- x -->\n\nA backend for Python 3.8 apples. Fast.",
            "A backend for Python 3.8 apples.",
        ),
        ("# Shop\n\nShop is a backend for orchards.\n\nMore.", "Shop is a backend for orchards."),
        ("# Shop\n\nShop is no longer maintained.\n", ""),
        ("# Shop\n\nThe project has moved to another place.\n", ""),
        ("# Shop\n\nA *fast* backend for orchards.\n", ""),
        ("# Shop\n\nA [backend](a.md) for orchards.\n", ""),
        ("# Shop\n\nA backend for fruit, e.g. Apples and pears.\n", ""),
        ("# Shop\n\nA backend at https://example.org for all.\n", ""),
        ("# Shop\n\nA backend for orchards\n", ""),
        ("# Shop\n\nA shop.\n", ""),
        ("# Shop\n\n## Install\n\nA backend for orchards.\n", ""),
        ("# Shop\n\n- A backend for orchards.\n", ""),
        ("A backend for orchards.\n", ""),
        ("", ""),
    ],
)
def test_only_a_sentence_that_surely_says_what_it_is_is_taken(readme, sentence):
    assert described(readme) == sentence


def test_whatever_a_value_has_in_it_is_read_back():
    rows = {"a": 'quoted "\\" here\t', "b": True, "c": ["ä\\d+", "x" * 100], "d": ["y"]}
    text = table("tool.x", rows, "why")
    assert text.startswith("[tool.x]\n# why\n")
    assert tomllib.loads(text) == {"tool": {"x": rows}}
    assert 'd = ["y"]' in text.splitlines()
    assert f'    "{"x" * 100}",' in text.splitlines()


def test_all_of_it_is_valid():
    files = {**LISTED, "README.md": "# Shop\n\nA backend for orchards.\n"}
    assert fault(project(tree(files)._replace(root=Path("/shop")), WISHES).encode()) == ""
