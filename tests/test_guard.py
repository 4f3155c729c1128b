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

    def run(files, *arguments, version="3.12.1", environment="3.12.1", executable="/usr/bin/python"):
        write(files)
        if environment is not None:
            python = interpreter_of(tmp_path / ".venv")
            write({".venv/pyvenv.cfg": f"version_info = {environment}\n", str(python.relative_to(tmp_path)): ""})
        handoff = Handoff(
            uv="/uv",
            cache="/cache",
            script=str(tmp_path / "bootstrap.py"),
            executable=executable,
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


def test_a_default_beside_a_long_string_is_obeyed(answer):
    text = "[project]\ndescription = '''\nlong\n'''\n[tool.devstrap]\ndefault = '3.11'\n"
    code, _, err = answer({"pyproject.toml": text})
    assert code == 1
    assert err.count("but pyproject.toml:6 pins 3.11") == 2


CPYTHON = "implementation = CPython\n"


@pytest.mark.parametrize(
    ("pin", "executable", "settings", "complaints"),
    [
        ("pypy3.12", "/opt/bin/python3.12", CPYTHON, 2),
        ("pypy3.12", "/opt/bin/pypy3.12", "implementation = PyPy\n", 0),
        ("pypy3.12", "C:/PyPy/PyPy3.12.exe", "implementation = PyPy\n", 0),
        ("graalpy3.12", "/opt/bin/graalpy", "implementation = GraalPy\n", 0),
        ("3.12", "/opt/bin/pypy3", "implementation = PyPy\n", 2),
        ("3.12", "/opt/bin/python3.12t", CPYTHON, 1),
        ("3.12t", "/opt/bin/python3.12t", CPYTHON + "home = /uv/cpython-3.12.1+freethreaded-linux/bin\n", 0),
        ("3.12t", "/opt/bin/python3.12", CPYTHON, 2),
        ("3.12", "", CPYTHON, 0),
    ],
)
def test_the_implementation_counts_as_well_as_the_version(answer, pin, executable, settings, complaints):
    environment = f"3.12.1\n{settings}"
    _, _, err = answer({".python-version": pin}, environment=environment, executable=executable)
    assert err.count("error: ") == complaints


def test_another_implementation_is_named(answer):
    environment = "3.12.1\nimplementation = PyPy\n"
    _, _, err = answer(PINNED, environment=environment, executable="/opt/bin/pypy3")
    assert "this is pypy's Python 3.12.1 (/opt/bin/pypy3), but .python-version:1 pins 3.12" in err
    assert ".venv runs pypy's Python 3.12.1, but" in err


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such folder in an environment")
def test_a_free_threaded_environment_is_known_by_its_library(answer, tmp_path):
    (tmp_path / ".venv" / "lib" / "python3.12t").mkdir(parents=True)
    assert ".venv runs free-threaded Python 3.12.1, but" in answer(PINNED)[2]
    assert answer({".python-version": "3.12t"}, executable=str(tmp_path / ".venv" / "bin" / "python"))[0] == 0


def test_a_python_of_an_environment_is_what_that_says_it_is(answer, tmp_path):
    environment = "3.12.1\nimplementation = PyPy\n"
    own = str(interpreter_of(tmp_path / ".venv"))
    assert answer({".python-version": "pypy3.12"}, environment=environment, executable=own)[0] == 0


@pytest.mark.parametrize("name", ["elsewhere", "\xfcber \U0001f40d", 'a "quoted", name', "back\\slash", "new\nline"])
def test_an_environment_that_was_made_elsewhere_is_said(answer, tmp_path, name):
    moved = str(tmp_path / name)
    code, _, err = answer(
        {**PINNED, ".venv/devstrap.json": json.dumps({"schema": 1, "root": moved, "host": "x"}, indent=2)}
    )
    assert code == 1
    assert f".venv was made in {moved if moved.isprintable() else ascii(moved)}, and" in err
    assert "  fix: python bootstrap.py\n" in err
    assert err.count("\n") == 2


@pytest.mark.parametrize("name", ["here", "\xfcber \U0001f40d", 'a "quoted", name', "back\\slash", "new\nline"])
@pytest.mark.skipif(os.name != "posix", reason="names that Windows does not have")
def test_an_environment_that_was_made_here_is_none_of_those(tmp_path, write, name):
    root = tmp_path / name
    write({".venv/pyvenv.cfg": "version = 3.12.1\n", ".venv/bin/python": ""}, root)
    for noted in (root, tmp_path / "link"):
        write({".venv/devstrap.json": json.dumps({"root": str(noted)}, indent=2) + "\n"}, root)
        (tmp_path / "link").unlink(missing_ok=True)
        (tmp_path / "link").symlink_to(root)
        admits, wanted = guard.declared({}.get)
        assert list(guard.check(admits, wanted, "/usr/bin/python", "3.12.1", str(root / ".venv"))) == []


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        "[]",
        '{"root": 3}',
        '{"root": "',
        '{"root": "relative"}',
        '{"root": "/a", "compact": "b"}',
        '{\n"root": "/a\\"\n}',
        '{\n"root": "/\\u00"\n}',
        '{\n"root": "/\\u0000"\n}',
        '{\n"root": "/\\ud83d\\"\n',
        b"\xff\xfe",
        '{\n"root": "/\xfc"\n}',
    ],
)
def test_a_record_that_devstrap_did_not_write_says_nothing(answer, content):
    assert answer({**PINNED, ".venv/devstrap.json": content})[0] == 0


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
        ({"pyproject.toml": '[project\nrequires-python = ">=3.11"\n'}, "pyproject.toml:1:9", "not valid TOML"),
        ({"pyproject.toml": "[project]\nrequires-python = 3\n"}, "pyproject.toml:2", "must be a string"),
        ({"pyproject.toml": "[tool.devstrap]\ndefault = 3.12\n"}, "pyproject.toml:2", "must be a string"),
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
