"""Whether the tests can be collected, read from what pytest and unittest say."""

import json
import os
from pathlib import Path

import pytest

from bootstrap.commands import Tools
from bootstrap.model import Part
from bootstrap.process import Completed
from bootstrap.proof.collect import PATIENCE, Proof, has_own_tests, is_of_installation, prove, shortened

TOOLS = Tools("/uv", {}, None, {})


@pytest.fixture
def proved(facts, write):
    """Prove a repository of these files with an installation that ends like this; the call is in `proved.calls`."""
    calls = []

    def run(files, stdout="", code=0, *, stderr="", installed=("pytest",), tools=("pytest",), pyproject=None):
        found = facts()
        root = write(files, found.repository.root)
        library = found.environment.path / "lib" / "python3.12" / "site-packages"
        versions = {name: f"{name}{'' if '-' in name else '-9.0'}.dist-info/METADATA" for name in installed}
        write(dict.fromkeys(versions.values(), ""), library)
        library.mkdir(parents=True, exist_ok=True)
        names = frozenset(path.name for path in root.iterdir())
        found = facts(repository={"files": names, "tools": frozenset(tools), "pyproject": pyproject or {}})

        def together(commands, timeout):
            calls.extend((one.argv, {"cwd": one.cwd, "env": one.env, "timeout": timeout}) for one in commands)
            return [Completed(command.argv, code, stdout, stderr) for command in commands]

        (proof,) = prove([found], TOOLS, together)
        return proof

    run.calls = calls
    return run


TESTS = {"tests/test_a.py": ""}
FINE = "tests/test_a.py::test_one\ntests/test_a.py::test_two\ntests/test_b.py::test_one\n\n3 tests collected in 0.01s\n"
BROKEN = """\
tests/test_a.py::test_one

==================================== ERRORS ====================================
________________________ ERROR collecting tests/test_b.py ________________________
ImportError while importing test module '/x/tests/test_b.py'.
Traceback:
tests/test_b.py:1: in <module>
    import numpy
E   ModuleNotFoundError: No module named 'numpy'
________________________ ERROR collecting tests/test_c.py ________________________
tests/test_c.py:1: in <module>
    import numpy
E   ModuleNotFoundError: No module named 'numpy'
=========================== short test summary info ============================
ERROR tests/test_b.py
ERROR tests/test_c.py
!!!!!!!!!!!!!!!!!!! Interrupted: 2 errors during collection !!!!!!!!!!!!!!!!!!!!
1 test collected, 2 errors in 0.10s
"""


def test_tests_that_are_collected_are_counted_with_their_files(proved):
    found = proved(TESTS, FINE)
    assert found == Proof("pytest", 3, 2, output=found.output)
    assert not found.is_failed
    ((argv, options),) = proved.calls
    assert argv[1:7] == ("-B", "-m", "pytest", "--collect-only", "-q", "--assert=plain")
    assert argv[7].startswith("--override-ini=cache_dir=")
    assert argv[8:] == ("tests",)
    assert options["timeout"] == PATIENCE
    left = {options["env"][name] for name in ("COVERAGE_FILE", "HYPOTHESIS_STORAGE_DIRECTORY")}
    assert {Path(path).parent.name for path in left} == {".devstrap"}


@pytest.mark.parametrize(
    ("stdout", "count"),
    [
        ("3/5 tests collected (2 deselected) in 0.1s\n", 3),
        ("1 test collected in 0.1s\n", 1),
        ("collected 7 items\n", 7),
        ("tests/test_a.py::test_one\ntests/test_a.py::test_two\n", 2),
        ("tests/test_a.py: 4\ntests/b/test_c.py: 38\n", 42),
        ("\x1b[32m3 tests collected\x1b[0m in 0.1s\n", 3),
        ("no tests collected in 0.1s\n", 0),
    ],
)
def test_every_pytest_says_in_its_own_words_how_many_there_are(proved, stdout, count):
    found = proved(TESTS, stdout, 5 if not count else 0)
    assert (found.collected, found.broken, found.reasons) == (count, 0, ())


def test_files_that_cannot_be_imported_are_counted_with_their_reason_once(proved):
    found = proved(TESTS, BROKEN, 2)
    assert (found.collected, found.files, found.broken) == (1, 1, 2)
    assert found.reasons == ("ModuleNotFoundError: No module named 'numpy'",)
    assert found.is_failed  # more is broken than not


def test_two_files_that_are_the_same_module_are_no_matter_of_the_installation(proved):
    said = (
        "____ ERROR collecting tests/unit/test_a.py ____\nimport file mismatch:\n"
        "imported module 'test_a' has this __file__ attribute:\n  /x/tests/slow/test_a.py\n1 error in 0.1s\n"
    )
    found = proved(TESTS, said, 2)
    assert found.reasons == ("two files of tests are both the module test_a",)
    assert (found.broken, found.is_failed) == (1, False)


def test_an_error_of_collecting_counts_although_pytest_returns_no_error(proved):
    assert proved(TESTS, BROKEN, 0).broken == 2


CONFTEST = """\
ImportError while loading conftest '/x/tests/conftest.py'.
tests/conftest.py:3: in <module>
    import flask
E   ModuleNotFoundError: No module named 'flask'
"""
TRACEBACK = """\
Traceback (most recent call last):
  File "/x/pytest/__main__.py", line 5, in <module>
ModuleNotFoundError: No module named 'pluggy'
"""


CHAIN = """\
Traceback (most recent call last):
  File "/x/_pytest/config.py", line 334, in _getconftestmodules
KeyError: local('/x/tests')

During handling of the above exception, another exception occurred:
Traceback (most recent call last):
  File "/x/tests/conftest.py", line 7, in <module>

    import flask
flask.NotConfigured: say how
ERROR: could not load /x/tests/conftest.py
"""


@pytest.mark.parametrize(
    ("code", "stderr", "reason"),
    [
        (4, CONFTEST, "ModuleNotFoundError: No module named 'flask'"),
        (1, TRACEBACK, "ModuleNotFoundError: No module named 'pluggy'"),
        (
            4,
            "ERROR: usage: pytest [options]\npytest: error: unrecognized arguments: --cov\n",
            "unrecognized arguments: --cov",
        ),
        (4, "ERROR: file or directory not found: tests\n", "file or directory not found: tests"),
        (4, CHAIN, "flask.NotConfigured: say how"),
        (3, "something\nINTERNALERROR> gone\n\n", "gone"),
        (3, "INTERNALERROR> AttributeError: no 'obj'\n\nno tests collected in 0.1s\n", "AttributeError: no 'obj'"),
        (-11, "", "the interpreter crashed (SIGSEGV) while it collected the tests"),
    ],
)
def test_the_reason_is_told_in_the_words_of_python_or_pytest(proved, code, stderr, reason):
    found = proved(TESTS, "", code, stderr=stderr)
    assert (found.collected, found.broken) == (0, 1)
    assert any(reason in one for one in found.reasons)


def test_one_that_crashes_at_its_end_has_collected_the_tests(proved):
    assert proved(TESTS, FINE, -11).reasons == ()


CHAIN_OF_PYTEST = """\
ERROR collecting tests/test_a.py
E   KeyError: PosixPath('/x/tests/conftest.py')

During handling of the above exception, another exception occurred:
tests/conftest.py:7: in <module>
E   django.core.exceptions.ImproperlyConfigured: Requested setting A, but settings are not configured.
"""


def test_what_was_raised_first_is_not_told_where_more_came_of_it(proved):
    assert proved(TESTS, "", 4, stderr=CHAIN).reasons == ("flask.NotConfigured: say how",)
    (reason,) = proved(TESTS, CHAIN_OF_PYTEST, 2).reasons
    assert reason.startswith("django.core.exceptions.ImproperlyConfigured: Requested")


def test_tests_that_are_collected_count_although_pytest_returns_an_error(proved):
    assert proved(TESTS, FINE, 1).reasons == ()


def test_a_configuration_in_a_folder_of_them_is_named_to_pytest(proved):
    aside = {**TESTS, "config/pytest.ini": "[pytest]\ntestpaths = packages/*/tests\n"}
    proved(aside, FINE)
    assert proved.calls[-1][0][-4:] == ("-c", "config/pytest.ini", "--rootdir", ".")
    proved({**aside, "pytest.ini": "[pytest]\n"}, FINE)
    assert proved.calls[-1][0][-1] == "tests"


@pytest.mark.parametrize(("version", "is_told"), [("7.0.0", True), ("2.10.1", True), ("2.3.1", False), ("1.8", False)])
def test_coverage_is_not_measured_where_that_can_be_said(proved, version, is_told):
    proved(TESTS, FINE, installed=("pytest", f"pytest_cov-{version}"))
    assert ("--no-cov" in proved.calls[0][0]) == is_told


@pytest.mark.parametrize(("version", "is_old"), [("8.3.1", False), ("3.0.0", False), ("2.9.2", True)])
def test_a_pytest_that_knows_no_override_remembers_nothing(proved, version, is_old):
    proved(TESTS, FINE, installed=("pytest", f"pytest-{version}"))
    words = proved.calls[0][0]
    overrides = any(word.startswith("--override-ini=") for word in words)
    assert ("no:cacheprovider" in words, overrides) == (is_old, not is_old)


def test_what_takes_too_long_is_not_proved(proved):
    found = proved(TESTS, "", 124, stderr="killed")
    assert (found.runner, found.is_late, found.is_failed) == ("pytest", True, False)


def test_pytest_that_the_repository_is_tested_with_and_that_is_not_there_is_a_failure(proved):
    found = proved(TESTS, installed=())
    assert found == Proof("pytest", reasons=("No module named 'pytest'",))
    assert found.is_failed
    assert proved.calls == []


@pytest.mark.parametrize("files", [{"README.md": ""}, {"tests/data.json": ""}, {"tests/.hidden/test_x.py": ""}])
def test_where_there_are_no_tests_there_is_nothing_to_prove(proved, files):
    assert proved(files, installed=(), tools=()) == Proof()
    assert proved.calls == []


@pytest.mark.parametrize(
    ("files", "pyproject"),
    [
        ({}, {"tool": {"pytest": {"ini_options": {"testpaths": ["checks"]}}}}),
        ({"pytest.ini": "[pytest]\ntestpaths = checks\n"}, {}),
        ({"setup.cfg": "[tool:pytest]\ntestpaths=checks\n"}, {}),
        ({"tox.ini": "[pytest]\ntestpaths =\n  checks\n"}, {}),
    ],
)
def test_a_repository_that_names_its_tests_to_pytest_is_taken_at_its_word(proved, files, pyproject):
    proved({**TESTS, **files}, FINE, pyproject=pyproject)
    assert proved.calls[0][0][-1].startswith("--override-ini=cache_dir=")


@pytest.mark.parametrize(
    ("files", "folders"),
    [
        ({"pytest.ini": "[pytest]\n# testpaths = x\n"}, ("tests",)),
        ({"test/unit/test_x.py": ""}, ("tests", "test")),
        ({"test/README": ""}, ("tests",)),
    ],
)
def test_else_the_usual_folders_are_looked_into(proved, files, folders):
    proved({**TESTS, **files}, FINE)
    assert proved.calls[0][0][8:] == folders


@pytest.mark.parametrize(
    ("reason", "is_of_it"),
    [
        ("ModuleNotFoundError: No module named 'x'", True),
        ("ImportError: cannot import name 'x'", True),
        ("AttributeError: module 'x' has no attribute 'y'", True),
        ("SyntaxError", True),
        ("pkg_resources.DistributionNotFound: The 'x' distribution was not found", True),
        ("unrecognized arguments: --cov", True),
        ("pytest.PytestDeprecationWarning: old", True),
        ("AssertionError: /usr/lib/python3.8/distutils/core.py", True),
        ("AssertionError: assert 1 == 2", False),
        ("KeyError: 'TOKEN'", False),
        ("django.core.exceptions.ImproperlyConfigured: no settings", False),
        ("sqlalchemy.exc.OperationalError: no database", False),
        ("FileNotFoundError: data.csv", False),
        ("_pytest.outcomes.Exit: no database", False),
        ("pydantic_core._pydantic_core.ValidationError: 1 validation error", False),
    ],
)
def test_what_an_installation_may_mend_is_told_from_settings_and_services(reason, is_of_it):
    assert is_of_installation(reason) == is_of_it
    assert Proof("pytest", reasons=(reason,), broken=1).is_failed == is_of_it


def test_a_part_that_is_broken_is_no_failure_of_all():
    reasons = ("ModuleNotFoundError: No module named 'x'",)
    assert not Proof("pytest", 9, 3, 2, reasons).is_failed
    assert Proof("pytest", 9, 1, 2, reasons).is_failed


def test_the_first_reasons_are_told_in_one_line():
    assert shortened(Proof(reasons=("a", "b"))) == "a; b"
    assert shortened(Proof(reasons=("a", "b", "c", "d", "e"))) == "a; b; c; and 2 more"


# ---- unittest -------------------------------------------------------------------------------------------------------


def test_tests_of_unittest_are_counted(proved):
    found = proved(TESTS, "noise\n\n[3, [], 2]\n", installed=(), tools=())
    assert found == Proof("unittest", 3, 2)
    assert proved.calls[0][0][-1] == "tests"


def test_what_unittest_cannot_import_is_told(proved):
    errors = ["Failed to import test module: a\nTraceback\nModuleNotFoundError: No module named 'six'\n"]
    found = proved(TESTS, f"\n{json.dumps([0, errors, 0])}\n", installed=(), tools=())
    assert (found.collected, found.broken, found.reasons) == (0, 1, ("ModuleNotFoundError: No module named 'six'",))
    assert found.is_failed


@pytest.mark.parametrize("stdout", ["", "nothing\n", "[1]\n", "3\n", '"ab"\n'])
def test_unittest_that_ends_otherwise_is_told_in_its_last_words(proved, stdout):
    found = proved(TESTS, stdout, 1, stderr="Traceback\nImportError: no\n  at the end\n", installed=(), tools=())
    assert (found.runner, found.reasons, found.broken) == ("unittest", ("ImportError: no",), 1)
    assert not proved(TESTS, stdout, 1, installed=(), tools=()).is_failed


def test_a_folder_among_the_tests_that_cannot_be_opened_is_passed_over(proved, monkeypatch):
    def listdir(path):
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied")
        return os_listdir(path)

    os_listdir = os.listdir
    monkeypatch.setattr(os, "listdir", listdir)
    files = {"tests/locked/test_a.py": "", "tests/unit/test_b.py": ""}
    assert proved(files, FINE).collected == 3
    assert proved.calls[0][0][-1] == "tests"


@pytest.mark.parametrize(
    ("files", "parts", "has_own"),
    [
        ({"tests/test_a.py": "", "web/x.py": ""}, ("web",), True),
        ({"web/tests/test_a.py": ""}, ("web",), False),
        ({"tests/helpers/tests/test_a.py": ""}, ("tests/helpers",), False),
        ({"tests/data.json": ""}, ("web",), False),
    ],
)
def test_a_root_of_parts_has_tests_of_its_own_where_they_are_in_no_part(facts, write, files, parts, has_own):
    found = facts()
    root = write(files, found.repository.root)
    names = frozenset(path.name for path in root.iterdir())
    found = facts(repository={"files": names}, parts=tuple(Part(path, found) for path in parts))
    assert has_own_tests(found) == has_own
