"""`modernize --code` with the real uv, the ruff that it fetches, and the pytest of a project."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from conftest import BASE_PYTHON, MINOR, SOURCE, tree

from bootstrap.reports import document

pytestmark = pytest.mark.real

# Seen before any test hides the home: where the package index is that this machine is configured for.
ENV = dict(os.environ)
SCHEMA = json.loads(Path(document.__file__).with_name("report.schema.json").read_bytes())
POLICY = ("--minimum", MINOR, "--default", MINOR, "--supported", MINOR)

SHOP = """\
import sys
from typing import Optional

try:
    import tomllib
except ImportError:
    import tomli as tomllib

if sys.version_info >= (3, 8):
    # asked for by every customer
    from functools import cached_property
else:
    from backports.cached_property import cached_property


class Order(object):
    def __init__(self, text: str, discount: Optional[int] = None) -> None:
        self.text = text
        self.discount = discount

    @cached_property
    def items(self) -> dict:
        return tomllib.loads(self.text)
"""
RENEWED = """\
import tomllib

# asked for by every customer
from functools import cached_property


class Order:
    def __init__(self, text: str, discount: int | None = None) -> None:
"""
TESTS = """\
import inspect
from shop import Order


def test_an_order_has_items():
    assert Order("a = 1").items == {"a": 1}


def test_what_fails_anyway_is_no_reason():
    raise AssertionError
"""
# Documents are made of the source here: what annotations look like is a part of what the project does.
PICKY = """

def test_the_manual_names_the_types():
    assert "Optional[int]" in inspect.getsource(Order)
"""
UNTIDY = """

def test_that_leaves_something():
    open("left.txt", "w").write("x")
"""


@pytest.fixture(scope="module")
def environment(uv, tmp_path_factory):
    """Return an environment with pytest in it, made once."""
    place = tmp_path_factory.mktemp("environment") / ".venv"
    subprocess.run([uv, "venv", "--quiet", "--python", BASE_PYTHON, str(place)], env=ENV, check=True)
    python = place / ("Scripts" if os.name == "nt" else "bin") / "python"
    done = subprocess.run(
        [uv, "pip", "install", "--quiet", "--python", str(python), "pytest"],
        env=ENV,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"pytest cannot be installed: {done.stderr[-300:]}")
    return place


@pytest.fixture
def project(environment, write, tmp_path):
    """Return a function that makes a checkout of a project with these tests."""

    def make(tests, *, has_environment=True):
        root = write(
            {
                "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.8"\n'
                "[tool.pytest.ini_options]\npythonpath = ['.']\n",
                "shop.py": SHOP,
                "test_shop.py": tests,
                ".gitignore": ".venv\n",
            },
            tmp_path / "shop",
        )
        if has_environment:
            shutil.copytree(environment, root / ".venv", symlinks=True)
        for words in (("init", "-q"), ("add", "-A")):
            subprocess.run(["git", *words], cwd=root, check=True)
        return root

    return make


@pytest.fixture
def modernize(uv, tmp_path):
    """Return a function that runs a command on a folder and gives its exit code, its JSON and what it said."""

    def run(root, *words):
        env = {**ENV, "DEVSTRAP_UV": uv, "DEVSTRAP_CACHE_DIR": str(tmp_path / "cache"), "NO_COLOR": "1"}
        env["PATH"] = os.pathsep.join((str(Path(uv).parent), ENV.get("PATH", os.defpath)))
        done = subprocess.run(
            [sys.executable, "-m", "bootstrap", "--root", str(root), *words, "--json"],
            cwd=SOURCE,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        data = json.loads(done.stdout)
        jsonschema.Draft202012Validator(SCHEMA).validate(data)
        return done.returncode, data, done.stderr

    return run


def files(root):
    return tree(root, without=(".git", ".venv", ".devstrap"))


def test_code_is_renewed_tested_and_can_be_put_back(project, modernize):
    root = project(TESTS)
    before = files(root)
    code, data, _ = modernize(root, "modernize", "--code", "--yes", *POLICY)
    assert (code, data["status"]) == (0, "ready")
    assert data["tests"]["before"] == data["tests"]["after"] == {"passed": 1, "failed": 1, "skipped": 0}
    assert (root / "shop.py").read_text().startswith(RENEWED)
    assert files(root).keys() == before.keys()
    assert modernize(root, "modernize", "--code", "--yes", *POLICY)[1]["status"] == "nothing-to-do"
    assert modernize(root, "undo", "--yes")[0] == 0
    assert {path: one[:2] for path, one in files(root).items()} == {path: one[:2] for path, one in before.items()}


OLD_TESTS = """\
import unittest
from shop import Order


class TestOrder(unittest.TestCase):
    def test_it_has_items(self):
        self.assertEqual(Order("a = 1").items, {"a": 1})
"""


def test_the_tests_of_a_project_without_pytest_are_run_too(project, modernize, uv):
    root = project(OLD_TESTS, has_environment=False)
    subprocess.run([uv, "venv", "--quiet", "--python", BASE_PYTHON, str(root / ".venv")], env=ENV, check=True)
    code, data, said = modernize(root, "modernize", "--code", "--yes", *POLICY)
    if "none can be had" in said:
        pytest.skip("pytest cannot be had")
    assert (code, data["tests"]["after"]) == (0, {"passed": 1, "failed": 0, "skipped": 0})
    assert (root / "shop.py").read_text().startswith(RENEWED)
    assert not list((root / ".venv").rglob("_pytest"))  # it was only lent


def test_a_test_that_reads_the_annotations_keeps_them(project, modernize):
    root = project(TESTS + PICKY)
    before = files(root)
    code, data, said = modernize(root, "modernize", "--code", "--yes", *POLICY)
    assert (code, data["error"]["code"]) == (4, "broken-tests")
    assert "1 of 2 tests that passed fail after the change: test_shop::test_the_manual" in data["error"]["message"]
    assert "1 passed, 2 failed" in said
    assert files(root) == before


def test_what_tests_leave_behind_is_told(project, modernize):
    root = project(TESTS + UNTIDY)
    code, _, said = modernize(root, "modernize", "--code", "--yes", *POLICY)
    assert code == 0
    assert "the tests changed or left left.txt" in said


def test_a_dry_run_touches_nothing_and_runs_no_test(project, modernize):
    root = project(TESTS + UNTIDY)
    before = files(root)
    code, data, said = modernize(root, "modernize", "--code", "--dry-run", "--exit-code", *POLICY)
    assert (code, data["status"]) == (1, "planned")
    assert [one["kind"] for one in data["steps"]] == ["change", "change", "run"]
    assert {one["code"] for one in data["findings"]} >= {"C101", "C102", "C103"}
    assert "passed" not in said
    assert files(root) == before
