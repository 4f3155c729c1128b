"""Tests that pytest has nothing to do with are found where they lie, imported, and counted by the real unittest."""

import json
import re
import subprocess
import sys

import pytest

from bootstrap.detect.repository import detect_repository
from bootstrap.proof import unittests
from bootstrap.proof.unittests import by_hand

ONE = "import unittest\nclass A(unittest.TestCase):\n    def test_one(self):\n        1 / 0\n"


@pytest.fixture
def counted(facts, write):
    """Return what the command for these files says, run by the Python here; None where there is no command."""

    def run(files, installed=()):
        found = facts()
        root = write(files, found.repository.root)
        found = facts(repository={"files": frozenset(path.name for path in root.iterdir())})
        command = unittests.command(found, frozenset(installed))
        if command is None:
            return None
        done = subprocess.run(
            [sys.executable, *command.argv[1:]], cwd=root, capture_output=True, text=True, check=False
        )
        return json.loads(done.stdout.splitlines()[-1]) if done.stdout else done.stderr

    return run


@pytest.mark.parametrize("files", [{}, {"tests/__init__.py": ""}])
def test_those_beside_the_package_are_counted_and_what_cannot_be_imported_is_told(counted, files):
    broken = {"tests/test_b.py": "import nowhere_at_all\n"}
    collected, errors, modules = counted({"tests/test_a.py": ONE, **broken, **files})
    assert (collected, len(errors), modules) == (1, 1, 1)
    assert "No module named 'nowhere_at_all'" in errors[0]


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_where_an_import_crashes_the_interpreter_it_says_where(counted):
    said = counted({"tests/test_a.py": "import os\nos.abort()\n"})
    assert "Fatal Python error: Aborted" in said
    assert re.search(r'File ".*test_a\.py", line 2 in <module>', said)


@pytest.mark.parametrize("top", ["", "src/"])
@pytest.mark.parametrize("folder", ["tests", "test"])
def test_those_inside_of_packages_are_counted(counted, top, folder):
    files = {
        f"{top}{name}/{path}": text
        for name in ("shop", "store")
        for path, text in {
            "__init__.py": "",
            f"{folder}/__init__.py": "",
            f"{folder}/test_a.py": f"import {name}\n{ONE}",
        }.items()
    }
    assert counted(files) == [2, [], 2]


def test_those_deep_inside_are_counted_and_a_namespace_needs_no_file(counted):
    deep = {
        "src/shop/core/__init__.py": "",
        "src/shop/core/tests/__init__.py": "",
        "src/shop/core/tests/test_a.py": ONE,
    }
    assert counted(deep) == [1, [], 1]
    more = {"src/shop/core/tests/test/__init__.py": "", "src/shop/core/tests/test/test_b.py": ONE}
    assert counted({**deep, **more}) == [2, [], 2]


def test_a_folder_in_a_package_that_is_no_package_or_has_no_tests_is_none(counted):
    assert counted({"shop/__init__.py": "", "shop/tests/test_a.py": ONE, "store/__init__.py": ""}) is None
    assert counted({"shop/test/__init__.py": "", "shop/test/data.py": ONE}) is None
    assert (
        counted({"examples/__init__.py": "", "examples/tests/__init__.py": "", "examples/tests/test_a.py": ""}) is None
    )


def test_where_most_modules_are_called_as_nose_finds_them_those_are_taken(counted):
    assert counted({"tests/main_tests.py": ONE, "tests/data.py": "raise SystemExit(3)\n"}) == [1, [], 1]
    assert counted({"tests/main_tests.py": ONE, "tests/b_test.py": ONE, "tests/testing.py": ""}) == [2, [], 2]
    assert counted({"tests/main_tests.py": ONE, "tests/test_a.py": ONE}) == [1, [], 1]


def test_what_setup_py_names_as_its_suite_is_every_module_of_that_folder(counted):
    script = "from setuptools import setup\nsetup(\n    name='shop',\n    test_suite='checks.all',\n)\n"
    files = {"checks/__init__.py": "", "checks/all/__init__.py": ONE, "checks/all/numbers.py": ONE}
    assert counted({"setup.py": script, **files}) == [2, [], 2]
    assert counted({"setup.py": script.replace("checks.all", "nose.collector"), "x/__init__.py": ""}) is None


def test_those_that_lie_beside_the_modules_that_they_test_are_found_last(counted):
    files = {
        "shop/__init__.py": "",
        "shop/core/__init__.py": "",
        "shop/core/test_block.py": ONE,
        "tools/test_x.py": ONE,
    }
    assert counted({"shop/core/latest.py": ONE, "shop/__init__.py": ""}) is None
    assert counted(files) == [1, [], 1]


DJANGO = {
    "manage.py": 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "site.settings")\n',
    "django/__init__.py": "import os\ndef setup():\n    __import__(os.environ['DJANGO_SETTINGS_MODULE'])\n",
    "django/core/__init__.py": "",
    "django/core/exceptions.py": "class ImproperlyConfigured(Exception): pass\n",
    "django/conf.py": "settings = None\n",
    "django/test/__init__.py": "",
    "django/test/utils.py": """
import unittest
class Runner:
    def __init__(self, verbosity, interactive):
        self.test_loader = unittest.TestLoader()
    def build_suite(self, labels):
        return self.test_loader.discover(".")
def get_runner(settings):
    return Runner
""",
    "shop/__init__.py": "",
    "shop/tests.py": "",
    "shop/test_a.py": ONE,
}


def test_those_of_django_are_found_by_its_own_runner_with_the_settings_of_manage_py(counted):
    files = {name: text.replace("site.settings", "shop.settings") for name, text in DJANGO.items()}
    assert counted({**files, "shop/settings.py": "import django.core.exceptions\n"}, ["django"]) == [1, [], 1]


def test_settings_that_somebody_has_to_write_are_no_matter_of_the_installation(counted):
    files = {name: text.replace("site.settings", "shop.settings") for name, text in DJANGO.items()}
    said = counted({**files, "shop/settings.py": "import django.core.exceptions, shop.local\n"}, ["django"])
    assert said.splitlines()[-1] == "django.core.exceptions.ImproperlyConfigured: No module named 'shop.local'"
    other = counted({**files, "shop/settings.py": "import nowhere_at_all\n"}, ["django"])
    assert other.splitlines()[-1] == "ModuleNotFoundError: No module named 'nowhere_at_all'"


@pytest.mark.parametrize(
    "place", ["manage.py", "shop/wsgi.py"], ids=["named by manage.py", "named by the server, and above in a comment"]
)
def test_settings_that_somebody_has_yet_to_write_are_no_matter_of_the_installation(counted, place):
    comment = '# os.environ.setdefault("DJANGO_SETTINGS_MODULE", "other")\n'
    said = counted({**DJANGO, "manage.py": comment, place: DJANGO["manage.py"].replace("site.", "")}, ["django"])
    assert said.splitlines()[-1] == "django.core.exceptions.ImproperlyConfigured: No module named 'settings'"


@pytest.mark.parametrize("name", ["shop/settings/test.py", "shop/settings.py"])
def test_settings_that_nothing_names_are_those_for_tests(counted, name):
    files = {**DJANGO, "manage.py": "import sys\n", name: "import django.core.exceptions\n"}
    assert counted(files, ["django"]) == [1, [], 1]


def test_without_django_manage_py_is_just_a_script(counted):
    assert counted(DJANGO) is None


def test_one_module_of_tests_at_the_root_is_counted(counted):
    assert counted({"tests.py": ONE, "shop.py": "raise SystemExit(3)\n"}) == [1, [], 1]


@pytest.mark.parametrize(
    ("files", "command"),
    [
        ({"tests/test_a.py": ""}, "python -m unittest discover tests"),
        ({"tests/test_a.py": "", "tests/__init__.py": ""}, "python -m unittest"),
        ({"shop/tests/test_a.py": ""}, "python -m unittest"),
        ({"manage.py": "", "tests/test_a.py": ""}, "python manage.py test"),
    ],
)
def test_how_they_are_run_by_hand_is_told(write, files, command):
    assert by_hand(detect_repository(write(files))) == command
