"""`guard` answers in a blink whether the running Python and .venv suit the repository."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bootstrap import guard
from bootstrap.detect.environment import interpreter_of
from bootstrap.handoff import Handoff

PACKAGE = Path(guard.__file__).parents[1]


@pytest.fixture
def answer(tmp_path, write, capsys):
    """Run guard on files, as Python 3.12.1; return the code and both outputs."""

    def run(files, *arguments, version="3.12.1", environment="3.12.1"):
        write(files)
        if environment is not None:
            python = interpreter_of(tmp_path / ".venv")
            write({".venv/pyvenv.cfg": f"version_info = {environment}\n", str(python.relative_to(tmp_path)): ""})
        handoff = Handoff(
            uv="/uv",
            cache="/cache",
            script=str(tmp_path / "bootstrap.py"),
            executable="/usr/bin/python",
            version=version,
        )
        code = guard.main(list(arguments), handoff, str(tmp_path))
        return code, *capsys.readouterr()

    return run


PINNED = {".python-version": "3.12\n"}


def test_what_suits_is_said_in_one_line(answer):
    code, out, err = answer(PINNED)
    assert (code, err) == (0, "")
    assert out == "Python 3.12.1 suits this repository (.python-version:1 pins 3.12).\n"


@pytest.mark.parametrize("flag", ["--quiet", "-q"])
def test_quiet_says_nothing_when_all_suits(answer, flag):
    assert answer(PINNED, flag) == (0, "", "")


def test_a_repository_that_names_no_python_takes_any(answer):
    assert "it names no Python" in answer({})[1]


def test_a_running_python_that_does_not_fit_is_said_with_the_fix(answer):
    code, out, err = answer(PINNED, "--quiet", version="3.11.7")
    assert (code, out) == (1, "")
    assert err == (
        "error: this is Python 3.11.7 (/usr/bin/python), but .python-version:1 pins 3.12\n"
        "  fix: python bootstrap.py run YOUR COMMAND\n"
    )


@pytest.mark.parametrize(
    ("range_", "version", "code"),
    [(">=3.12", "3.11.9", 1), (">=3.12", "3.12.0", 0), (">=3.12,<3.13", "3.13.0", 1), ("~=3.11", "3.14.0", 0)],
)
def test_requires_python_is_obeyed(answer, range_, version, code):
    files = {"pyproject.toml": f'[project]\nrequires-python = "{range_}"\n'}
    assert answer(files, version=version)[0] == code


def test_pin_and_range_are_both_named(answer):
    files = {**PINNED, "pyproject.toml": '[project]\nrequires-python = ">=3.11"\n'}
    assert "(.python-version:1 pins 3.12 and pyproject.toml:2 requires >=3.11)" in answer(files)[1]


def test_a_missing_environment_is_said(answer, tmp_path):
    code, _, err = answer(PINNED, environment=None)
    assert code == 1
    assert f"there is no environment at {tmp_path / '.venv'}" in err


def test_an_environment_whose_interpreter_is_gone_is_said(answer, tmp_path):
    answer(PINNED)
    interpreter_of(tmp_path / ".venv").unlink()
    assert "is gone" in answer({}, environment=None)[2]


def test_an_environment_of_another_version_is_said(answer):
    code, _, err = answer(PINNED, environment="3.11.7")
    assert code == 1
    assert "runs Python 3.11.7, but .python-version:1 pins 3.12" in err


def test_an_environment_that_does_not_say_its_version_is_said(answer):
    assert "does not say which Python it is for" in answer(PINNED, environment="")[2]


def test_both_problems_are_named_together(answer):
    assert answer(PINNED, version="3.10.1", environment="3.11.7")[2].count("error: ") == 2


def test_json_is_one_object_with_findings(answer):
    code, out, err = answer(PINNED, "--json", version="3.11.7")
    data = json.loads(out)
    assert (code, data["exit_code"], data["status"], data["command"]) == (1, 1, "findings", "guard")
    assert data["findings"][0]["fix"] == "python bootstrap.py run YOUR COMMAND"
    assert "3.11.7" in err
    assert json.loads(answer(PINNED, "--json")[1])["status"] == "nothing-to-do"


@pytest.mark.parametrize(
    ("files", "where", "what"),
    [
        ({".python-version": "# none\n"}, ".python-version", "names no version"),
        ({".python-version": "\nsystem\n"}, ".python-version:2", "'system' is not a Python version"),
        ({".python-version": b"\xff"}, ".python-version:1", "not UTF-8"),
        (
            {**PINNED, "pyproject.toml": '[project]\nrequires-python = "newest"\n'},
            "pyproject.toml:2",
            "'newest' is not a range of Python versions",
        ),
        ({".python-version": "3.12\x1b[2J\n"}, ".python-version:1", "'3.12\\x1b[2j' is not"),
    ],
)
def test_a_file_that_cannot_be_understood_is_named_with_its_line(answer, files, where, what):
    code, out, err = answer(files)
    assert (code, out) == (2, "")
    assert err.startswith(f"error: {where}: ")
    assert what.lower() in err.lower()
    assert "  fix: " in err
    assert "\x1b" not in err


def test_an_error_is_an_object_too_where_one_is_asked_for(answer):
    code, out, err = answer({".python-version": "newest\n"}, "--json")
    data = json.loads(out)
    assert (code, data["exit_code"], data["status"]) == (2, 2, "error")
    assert (data["error"]["path"], data["error"]["line"]) == (".python-version", 1)
    assert "newest" in err


@pytest.mark.parametrize("name", [".python-version", "pyproject.toml", ".venv/pyvenv.cfg"])
def test_a_folder_where_a_file_should_be_does_no_harm(answer, tmp_path, name):
    (tmp_path / name).mkdir(parents=True)
    assert answer({}, environment=None)[0] == 1


@pytest.mark.parametrize("module", ["bootstrap.guard", "bootstrap.receipt"])
def test_it_imports_next_to_nothing(module):
    code = f"import sys; sys.path.insert(0, {str(PACKAGE)!r}); import {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True)
    slow = {"dataclasses", "re", "json", "pathlib", "typing", "enum", "subprocess", "tomllib", "argparse", "logging"}
    assert slow & set(done.stdout.split()) == set()


@pytest.mark.skipif(os.name != "posix", reason="file modes of POSIX")
def test_it_writes_nothing(answer, tmp_path):
    answer(PINNED)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    tmp_path.chmod(0o500)
    try:
        assert answer({}, environment=None)[0] == 0
    finally:
        tmp_path.chmod(0o700)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before
