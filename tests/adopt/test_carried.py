"""The settings of pytest that are carried to the root: a real pytest has to collect there what it did before."""

import subprocess
import sys

import pytest
from adopting import tree

from bootstrap.adopt.carried import carried
from bootstrap.adopt.foundation import settings
from bootstrap.adopt.model import Tree, Wishes
from bootstrap.policy import Policy

WISHES = Wishes(Policy((3, 11), (3, 12), ((3, 11), (3, 12), (3, 13))))
MAKEFILE = {"Makefile": "test:\n\t.venv/bin/python -m pytest api web\n"}


def rows(text, path="api/pytest.ini", **others):
    found = carried(tree({**MAKEFILE, "api/x.py": "", "web/x.py": "", path: text, **others}))
    return found and found.rows


PATHS = {"testpaths": ["api", "web"]}


def test_paths_are_named_from_the_root_and_all_that_is_tested_is_tested_there():
    text = "[pytest]\npythonpath = . src ../common\ntestpaths = tests\n"
    assert rows(text) == {"pythonpath": ["api", "api/src", "common"], **PATHS}


def test_values_have_the_types_of_toml():
    text = (
        "[pytest]\nxfail_strict = True\nlog_cli = false\nminversion = 7.0\npython_files = test_*.py *_test.py\n"
        "norecursedirs = build .*\naddopts = -ra --strict-markers --tb=short\n"
        "markers =\n    slow: takes long\n    db\nfilterwarnings =\n    error\n    ignore:a\\.b\n"
    )
    assert rows(text) == {
        "xfail_strict": True,
        "log_cli": False,
        "minversion": "7.0",
        "python_files": ["test_*.py", "*_test.py"],
        "norecursedirs": ["build", ".*"],
        "addopts": ["-ra", "--strict-markers", "--tb=short"],
        "markers": ["slow: takes long", "db"],
        "filterwarnings": ["error", "ignore:a\\.b"],
        **PATHS,
    }


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("api/.pytest.ini", "[pytest]\npython_classes = Check\n"),
        ("api/tox.ini", "[tox]\n[pytest]\npython_classes = Check\n"),
        ("api/setup.cfg", "[tool:pytest]\npython_classes = Check\n"),
        ("api/pyproject.toml", '[tool.pytest.ini_options]\npython_classes = ["Check"]\n'),
    ],
)
def test_they_are_found_wherever_pytest_finds_them(path, text):
    assert rows(text, path) == {"python_classes": ["Check"], **PATHS}


@pytest.mark.parametrize(
    "text",
    [
        "[pytest]\naddopts = --cov=app\n",
        "[pytest]\naddopts = -c other.ini\n",
        '[pytest]\naddopts = "-q\n',
        "[pytest]\npythonpath = 'a\n",
        "[pytest]\nnorecursedirs = a/b\n",
        "[pytest]\ncache_dir = .cache\n",
        "[pytest]\nDJANGO_SETTINGS_MODULE = shop.settings\n",
        "[pytest]\nminversion = 7.0  # for pythonpath\n",
        "[pytest\n",
        "[pytest]\na = 1\na = 2\n",
    ],
)
def test_what_may_mean_something_else_at_the_root_stays_where_it_is(text):
    assert rows(text) is None


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("api/pytest.toml", "[pytest]\n"),
        ("api/pyproject.toml", "[tool.pytest]\n"),
        ("api/pyproject.toml", "[tool.pytest.ini_options]\nxfail_strict = true\n"),
    ],
)
def test_forms_that_are_not_read_here_stay_where_they_are(path, text):
    assert rows(text, path) is None


def test_a_conftest_that_would_be_read_anew_keeps_them_where_they_are():
    text = "[pytest]\n"
    assert rows(text, **{"api/conftest.py": ""}) == PATHS
    assert rows(text, **{"conftest.py": ""}) is None


def test_commands_that_differ_keep_them_where_they_are():
    assert rows("[pytest]\n", Makefile="test:\n\tpytest api web\nquick:\n\tpytest web api\n") is None


def test_what_a_plugin_reads_is_carried_where_all_parts_have_that_plugin():
    text = "[pytest]\nasyncio_mode = auto\n"
    needs = {"api/requirements.txt": "pytest-asyncio\n", "web/requirements.txt": "flask\n"}
    assert rows(text, **needs) == {"asyncio_mode": "auto", **PATHS}
    assert rows(text, **needs, **{"web/Pipfile": "", "web/Pipfile.lock": "{}"}) is None


def test_a_real_pytest_collects_what_it_collected_before(tmp_path):
    files = {
        **MAKEFILE,
        "api/pytest.ini": "[pytest]\npythonpath = src\ntestpaths = tests\npython_files = check_*.py\n",
        "api/src/shop.py": "",
        "api/tests/check_shop.py": "import shop\ndef test_shop(): assert shop\n",
        "web/tests/check_page.py": "def test_page(): pass\n",
        "web/tests/test_other.py": "def test_other(): pass\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    before = collected(tmp_path, "api", "web")
    assert before == {"test_shop", "test_page"}
    there = Tree(tuple(files), lambda name: files[name].encode() if name in files else None)
    (made,) = settings(there, WISHES)
    (tmp_path / made.path).write_bytes(made.after)
    assert collected(tmp_path, "api", "web") == before
    assert collected(tmp_path) == before
    (tmp_path / made.path).write_text("[tool.devstrap]\n")
    assert "test_shop" not in collected(tmp_path, "api", "web")


def collected(root, *folders):
    done = subprocess.run(
        (sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *folders),
        cwd=root,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return {line.rpartition("::")[2] for line in done.stdout.splitlines() if "::" in line}
