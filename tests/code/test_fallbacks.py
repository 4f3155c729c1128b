"""Imports with a fallback in, the import that is always taken out."""

import importlib

import pytest
from editing import check_edit

from bootstrap.code.fallbacks import without_dead_fallbacks
from bootstrap.code.library import MODULES, NAMES

FLOOR = (3, 11)


def edited(text, own=frozenset()):
    return without_dead_fallbacks(text, FLOOR, own)


def tried(first, otherwise, *, but="ImportError"):
    return f"try:\n    {first}\nexcept {but}:\n    {otherwise}\n"


@pytest.mark.parametrize(
    ("first", "otherwise"),
    [
        ("import tomllib", "import tomli as tomllib"),
        ("from typing import Self, cast", "Self = cast = None"),
        ("import zoneinfo, graphlib", "zoneinfo = graphlib = None"),
        ("from importlib.metadata import version as v", "from importlib_metadata import version as v"),
    ],
)
@pytest.mark.parametrize("but", ["ImportError", "ModuleNotFoundError as e", "(ImportError, ModuleNotFoundError)"])
def test_what_the_standard_library_has_is_all_that_stays(first, otherwise, but):
    check_edit(edited, tried(first, otherwise, but=but), f"{first}\n")


@pytest.mark.parametrize(
    ("first", "otherwise"),
    [
        ("from urllib2 import urlopen", "from urllib.request import urlopen"),
        ("from collections import Mapping", "from collections.abc import Mapping"),
        ("import cPickle as pickle", "import pickle"),
    ],
)
def test_what_was_only_there_before_makes_room_for_what_follows(first, otherwise):
    check_edit(edited, tried(first, otherwise), f"{otherwise}\n")


def test_what_stands_deeper_moves_as_little_as_it_must():
    before = "".join(f"    {line}" for line in tried("import zoneinfo", "zoneinfo = None").splitlines(keepends=True))
    check_edit(edited, f"def f():\n{before}", "def f():\n    import zoneinfo\n")


def test_comments_of_the_import_that_stays_are_kept():
    check_edit(
        edited,
        "try:\n    # the new one\n    from importlib import metadata  # yes\n# for 3.7\nexcept ImportError:\n"
        "    import importlib_metadata as metadata\n# after\n",
        "# the new one\nfrom importlib import metadata  # yes\n# after\n",
    )


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    from typing import override\nexcept ImportError:\n    from typing_extensions import override\n",
        "try:\n    import simplejson as json\nexcept ImportError:\n    import json\n",
        "try:\n    import curses\nexcept ImportError:\n    curses = None\n",
        "try:\n    from typing import Unheard\nexcept ImportError:\n    Unheard = None\n",
        "try:\n    import tomllib\nexcept Exception:\n    tomllib = None\n",
        "try:\n    import tomllib\nexcept:\n    tomllib = None\n",
        "try:\n    import tomllib\nexcept ImportError:\n    tomllib = None\nelse:\n    print(1)\n",
        "try:\n    import tomllib\n    tomllib.loads('')\nexcept ImportError:\n    tomllib = None\n",
        "try:\n    import tomllib\nfinally:\n    print(1)\n",
        "try:  # noqa: UP036\n    import tomllib\nexcept ImportError:\n    tomllib = None\n",
        "try:\n    from .tomllib import loads\nexcept ImportError:\n    loads = None\n",
        "try:\n    import urllib2\nexcept ImportError as error:\n    print(error)\n",
        "def f():\n    try:\n        import tomllib\n    except ImportError:\n        yield 1\n",
        "try:\n    import numpy, tomllib\nexcept ImportError:\n    tomllib = None\n",
    ],
)
def test_what_may_fail_or_does_more_is_left_alone(text):
    assert edited(text) == text


def test_a_module_of_the_repository_s_own_is_not_taken_for_another():
    text = "try:\n    import Queue\nexcept ImportError:\n    import queue\n"
    assert edited(text, frozenset({"Queue"})) == text
    assert edited(text) == "import queue\n"


def test_the_tables_are_true_of_the_python_that_runs_this():
    import sys

    running = sys.version_info[:2]
    for name, since in MODULES.items():
        if since <= running:
            importlib.import_module(name)
    for (module, name), since in NAMES.items():
        if since <= running:
            owner = importlib.import_module(module)
            assert hasattr(owner, name) or importlib.import_module(f"{module}.{name}"), (module, name)
        elif since > running:
            assert not hasattr(importlib.import_module(module), name), (module, name)
