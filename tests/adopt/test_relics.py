"""Pythons that are too old for anything to move them are told, where somebody claims or tests them."""

import pytest
from adopting import remarks

from bootstrap.adopt.relics import relics


@pytest.mark.parametrize(
    ("path", "text", "place", "named"),
    [
        (
            "setup.py",
            "classifiers=[\n 'Programming Language :: Python :: 2.7',\n 'Programming Language :: Python :: 3.4']",
            "setup.py:2",
            "2.7, 3.4,",
        ),
        ("pyproject.toml", 'classifiers = ["Programming Language :: Python :: 3.4"]\n', "pyproject.toml:1", "3.4,"),
        ("tox.ini", "[tox]\nenvlist = py26, py34, py39\n", "tox.ini:2", "2.6, 3.4,"),
        ("tox.ini", "[tox]\nenv_list =\n    py{27,33,310}-{a,b}\n    lint\n", "tox.ini:3", "2.7, 3.3,"),
        (
            "pyproject.toml",
            '[tool.tox]\nlegacy_tox_ini = """\n[tox]\nenvlist = py27\n"""\n',
            "pyproject.toml:4",
            "2.7,",
        ),
        (".travis.yml", "language: python\npython:\n  - 2.7\n  - '3.4'\n  - 3.10\n", ".travis.yml:3", "2.7, 3.4,"),
        (".travis.yml", "python:\n- 3.3\ninstall: pip install a==2.7\n", ".travis.yml:2", "3.3,"),
        (
            ".github/workflows/ci.yml",
            "jobs:\n  a:\n    strategy:\n      matrix:\n        python-version: [2.7, 3.4, 3.11]\n",
            ".github/workflows/ci.yml:5",
            "2.7, 3.4,",
        ),
    ],
)
def test_the_first_place_in_a_file_is_told_with_all_that_it_names(path, text, place, named):
    ((where, reason),) = remarks(relics, {path: text}).items()
    assert where == place
    assert reason.startswith(f"it names Python {named} which is left to you: take ")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("setup.py", "'Programming Language :: Python :: 3.11', 'Programming Language :: Python :: 3'"),
        ("tox.ini", "[tox]\nenvlist = py310, py3.11, flake8\n[testenv:py27]\ndeps = a==2.7\n"),
        (".travis.yml", "ruby:\n  - 2.7\npython:\n  - 3.10\n  - 3.6\n"),
        ("docs/history.md", "python:\n  - 2.7\n"),
        ("vendor/setup.py", "'Programming Language :: Python :: 2.7'"),
    ],
)
def test_what_is_no_claim_or_no_relic_is_not_told(path, text):
    assert remarks(relics, {path: text}) == {}
