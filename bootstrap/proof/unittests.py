"""The tests that pytest has nothing to do with: unittest's, beside a package or inside of it, and Django's.

They are imported and counted, and not run.
"""

from __future__ import annotations

import fnmatch
import os
import re
from typing import TYPE_CHECKING

from bootstrap.model import Run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bootstrap.model import Facts, Repository

FOLDERS = ("tests", "test")
_PURPOSE = "collect the tests"
# With faulthandler, as pytest has it: where it crashes it says what was being imported.
_PYTHON = ("{python}", "-B", "-X", "faulthandler", "-c")
# As unittest looks for them, as nose did, and setuptools for its `test_suite`: every module there.
_BY_UNITTEST, _BY_NOSE, _EVERY = "test*.py", "*[tT]est*.py", "[!_]*.py"
_SUITE = re.compile(rb"^\s*test_suite\s*=\s*['\"]([\w.]+)['\"]", re.MULTILINE)
_DEEP = 5
_ELSEWHERE = frozenset(("build", "dist", "docs", "doc", "examples", "scripts", "tools", "vendor", "benchmarks"))

# Both run on any Python 3, and say last: how many tests there are, what could not be imported, in how many modules.
_COUNT = """
import json, sys, unittest
sys.path.insert(0, "")
def walk(item):
    for one in item:
        if isinstance(one, unittest.TestSuite):
            for two in walk(one):
                yield two
        else:
            yield one
def is_broken(one):
    return type(one).__name__ in ("_FailedTest", "ModuleImportFailure", "LoadTestsFailure")
def tell(suites, errors):
    good = [one for suite in suites for one in walk(suite) if not is_broken(one)]
    print("\\n" + json.dumps([len(good), errors, len(set(type(one).__module__ for one in good))]))
"""
_UNITTEST = f"""{_COUNT}
suites, errors = [], []
for start in sys.argv[3:]:
    loader = unittest.TestLoader()
    suites.append(loader.discover(start, sys.argv[2], sys.argv[1] or None))
    errors += loader.errors
tell(suites, errors)
"""
# Django's own command needs settings: those that manage.py names, else those of the server, else those for tests. A
# module of them that is not there is somebody's to write.
_DJANGO = f"""{_COUNT}
import glob, os, re
for name in ["manage.py"] + sorted(glob.glob("*/[aw]sgi.py")):
    text = re.sub(r"(?m)^ *#.*", "", open(name, errors="replace").read())
    named = re.search(r"DJANGO_SETTINGS_MODULE[\\x22\\x27]\\W*[\\x22\\x27]([\\w.]+)[\\x22\\x27]", text)
    if named:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", named.group(1))
for usual in ("settings/test*.py", "settings/ci.py", "settings/dev*.py", "settings.py"):
    for name in sorted(glob.glob("*/" + usual)):
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", re.sub(r"\\W", ".", name[:-3]))
wanted = os.environ.get("DJANGO_SETTINGS_MODULE", "")
try:
    import django
    django.setup()
except ImportError as error:
    import django.core.exceptions
    name = getattr(error, "name", None) or ""
    top = name.partition(".")[0]
    if top and (os.path.isdir(top) or os.path.isfile(top + ".py") or (wanted + ".").startswith(name + ".")):
        raise django.core.exceptions.ImproperlyConfigured(str(error))
    raise
from django.conf import settings
from django.test.utils import get_runner
runner = get_runner(settings)(verbosity=0, interactive=False)
loader = getattr(runner, "test_loader", unittest.defaultTestLoader)
tell([runner.build_suite([])], list(loader.errors))
"""


def command(facts: Facts, installed: frozenset[str]) -> Run | None:
    """Return the command that counts the tests; None where there are none that could be found."""
    root, files = facts.repository.root, facts.repository.files
    if "manage.py" in files and "django" in installed:
        return Run((*_PYTHON, _DJANGO), _PURPOSE)
    beside = [name for name in FOLDERS if name in files and has_tests(root / name)]
    if beside:
        top = "." if (root / beside[0] / "__init__.py").is_file() else ""
        return _discover(beside[:1], top, _names(root, beside[:1]))
    if any(f"{name}.py" in files for name in FOLDERS):
        return _discover(["."], "", next(f"{name}.py" for name in FOLDERS if f"{name}.py" in files))
    named = _named(root)
    if named:
        return _discover([named], ".", _EVERY)
    for top in (".", "src"):
        inside = [f"{top}/{one}" for one in _inside(root / top)]
        if inside:
            return _discover(inside, top, _names(root, inside))
    beneath = sorted(_beneath(root)) if "manage.py" not in files else []
    return _discover(beneath, ".", _BY_UNITTEST) if beneath else None


def by_hand(repository: Repository) -> str:
    """Return how somebody runs these tests without pytest."""
    if "manage.py" in repository.files:
        return "python manage.py test"
    beside = next((name for name in FOLDERS if name in repository.files), "")
    is_package = (repository.root / beside / "__init__.py").is_file()
    return f"python -m unittest discover {beside}" if beside and not is_package else "python -m unittest"


def _discover(starts: list[str], top: str, names: str) -> Run:
    return Run((*_PYTHON, _UNITTEST, top, names, *starts), _PURPOSE)


def _names(root: Path, starts: list[str]) -> str:
    """Return how the modules of tests are called: as unittest looks for them, unless more are called otherwise."""
    names = [name for start in starts for _, _, files in os.walk(root / start) for name in files]
    usual = fnmatch.filter(names, _BY_UNITTEST)
    return _BY_NOSE if len(fnmatch.filter(names, _BY_NOSE)) > 2 * len(usual) else _BY_UNITTEST


def _named(root: Path) -> str:
    """Return the folder that setup.py names for `setup.py test`; empty where it names none that is there."""
    try:
        found = _SUITE.search((root / "setup.py").read_bytes())
    except OSError:
        return ""
    folder = found[1].decode().replace(".", "/") if found else ""
    return folder if folder and (root / folder / "__init__.py").is_file() else ""


def _inside(folder: Path, depth: int = 0) -> Iterator[str]:
    """Yield the folders of tests that lie inside the packages of a folder; in `src` one may have no `__init__`."""
    is_open = depth == 0 and folder.name == "src"
    for name in sorted(listed(folder)) if depth < _DEEP else ():
        inner, is_package = folder / name, (folder / name / "__init__.py").is_file()
        if name.startswith((".", "_")) or name in _ELSEWHERE or not (is_package or (is_open and inner.is_dir())):
            continue
        if depth and name in FOLDERS:
            yield from [name] if has_tests(inner) else []
        else:
            yield from (f"{name}/{one}" for one in _inside(inner, depth + 1))


def _beneath(root: Path) -> Iterator[str]:
    """Yield the packages that have modules of tests somewhere beside those that they test."""
    for name in listed(root):
        if not name.startswith((".", "_")) and name not in _ELSEWHERE and (root / name / "__init__.py").is_file():
            packages = (names for _, _, names in os.walk(root / name) if "__init__.py" in names)
            if any(fnmatch.filter(names, "test_*.py") for names in packages):
                yield name


def has_tests(folder: Path) -> bool:
    """Say whether a folder has modules that are named for tests, or folders with such."""
    names = listed(folder)
    return any(name.endswith(".py") and "test" in name.lower() for name in names) or any(
        child.startswith("test")
        for name in names
        if not name.startswith((".", "__"))
        for child in listed(folder / name)
    )


def listed(folder: Path | None) -> list[str]:
    """Return the names in a folder; nothing for what is none, or cannot be opened."""
    try:
        return os.listdir(folder) if folder else []
    except OSError:
        return []
