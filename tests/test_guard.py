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


RANGE = {"pyproject.toml": '[project]\nrequires-python = ">=3.10"\n'}
DEFAULT = {"pyproject.toml": "[tool.devstrap]\ndefault = '3.12'\n"}
UV_S = "cpython-3.12.4-linux-x86_64-gnu"


@pytest.mark.skipif(os.name != "posix", reason="the layout of POSIX")
@pytest.mark.parametrize(
    ("files", "settings", "library", "base", "suits"),
    [
        (PINNED, "version_info = 3.12.1", "python3.12", UV_S, True),
        (PINNED, "version = 3.11.9", "python3.11", "cpython", False),
        (PINNED, "version_info = 3.12.1\nimplementation = PyPy", "pypy3.12", "pypy3.12", False),
        (PINNED, "version_info = 3.12.1\nimplementation = CPython", "python3.12t", "cpython", False),
        (PINNED, "version_info = 3.12.0rc1", "python3.12", "cpython", True),
        ({".python-version": "3.12.4"}, "version_info = 3.12", "python3.12", UV_S, True),
        ({".python-version": "3.12.3"}, "version_info = 3.12", "python3.12", UV_S, False),
        ({".python-version": "3.12.4"}, "version_info = 3.12", "python3.12", "cpython", False),
        ({".python-version": "3.12"}, "version_info = 3.12", "python3.12", "cpython", True),
        ({".python-version": "3.12.4"}, "version_info = 3.12.4.final.0", "python3.12", "cpython", True),
        ({".python-version": "pypy3.12"}, "version_info = 3.12.1\nimplementation = PyPy", "pypy3.12", "pypy", True),
        ({".python-version": "3.12t"}, "version_info = 3.12.1", "python3.12t", "cpython", True),
        (RANGE, "version_info = 3.12.1", "python3.12", "cpython", True),
        (RANGE, "version_info = 3.9.1", "python3.9", "cpython", False),
        (RANGE, "version_info = 3.12.1\nimplementation = PyPy", "pypy3.12", "pypy3.12", False),
        (RANGE, "version_info = 3.15.0a2", "python3.15", "cpython", False),
        (RANGE, "version_info = 3.13.1", "python3.13t", "cpython", False),
        (DEFAULT, "version_info = 3.12.1", "python3.12", "cpython", True),
        (DEFAULT, "version_info = 3.13.1", "python3.13", "cpython", False),
        ({**DEFAULT, **PINNED}, "version_info = 3.12.1", "python3.12", "cpython", True),
        ({}, "version_info = 3.8.1", "python3.8", "cpython", True),
        ({}, "version_info = 3.15.0a2", "python3.15", "cpython", True),
        ({}, "version_info = 3.13.1", "python3.13t", "cpython", True),
        ({}, "version_info = 3.12.1\nimplementation = PyPy", "pypy3.12", "pypy3.12", False),
    ],
)
def test_guard_and_setup_agree_on_which_environment_suits(  # noqa: PLR0917 - a table
    tmp_path, write, files, settings, library, base, suits
):
    from bootstrap.detect.environment import detect_environment
    from bootstrap.detect.repository import detect_repository
    from bootstrap.model import EnvironmentState
    from bootstrap.setup import python

    write({**files, f"{base}/bin/python": "", f".venv/lib/{library}/site-packages/a.py": "", ".venv/bin/pip": ""})
    write({".venv/pyvenv.cfg": f"home = {tmp_path / base / 'bin'}\n{settings}\n"})
    (tmp_path / ".venv/bin/python").symlink_to(tmp_path / base / "bin/python")
    environment = detect_environment(tmp_path)
    assert environment.state is EnvironmentState.HEALTHY, environment.reason
    assert python.suits(environment, detect_repository(tmp_path), None) is suits
    admits, wanted = guard.declared(guard._reader(str(tmp_path)))
    problems = list(guard.check(admits, wanted, "", "3.12.4", str(tmp_path / ".venv")))
    assert any(".venv runs " in message for message, _ in problems) is not suits


@pytest.mark.parametrize(
    ("version", "executable", "said"),
    [
        ("3.15.0a2", "/opt/bin/python3", "this is Python 3.15.0a2 (/opt/bin/python3), but pyproject.toml:2 requires"),
        ("3.12.1", "/opt/bin/pypy3", "this is pypy's Python 3.12.1 (/opt/bin/pypy3), but pyproject.toml:2 requires"),
        ("3.13.1", "/opt/bin/python3.13t", "this is free-threaded Python 3.13.1 (/opt/bin/python3.13t), but"),
    ],
)
def test_a_range_alone_means_released_versions_of_cpython_and_says_so(answer, version, executable, said):
    code, _, err = answer(RANGE, version=version, executable=executable)
    assert code == 1
    assert err.startswith(f"error: {said}")
    assert "requires >=3.10, and a range alone means released versions of plain CPython\n" in err


def test_without_any_word_another_implementation_is_not_taken_and_the_reason_is_said(answer):
    code, _, err = answer({}, executable="/opt/bin/pypy3")
    assert code == 1
    assert "this is pypy's Python 3.12.1 (/opt/bin/pypy3), but the repository names none, and then CPython is" in err


def test_a_version_that_nothing_tells_exactly_is_not_taken_for_an_exact_pin(answer):
    code, _, err = answer({".python-version": "3.12.4"}, version="3.12.4", environment="3.12")
    assert code == 1
    assert ".venv runs Python 3.12 (its files do not say which), but .python-version:1 pins 3.12.4" in err


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


def test_an_installed_devstrap_names_itself_as_the_fix(tmp_path, capsys):
    handoff = Handoff(uv="", cache="", executable="/usr/bin/python", version="3.12.1")
    assert guard.main([], handoff, str(tmp_path)) == 1
    assert capsys.readouterr().err.endswith("  fix: devstrap\n")


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals of POSIX")
def test_in_a_narrow_terminal_it_breaks_lines_at_spaces(answer, monkeypatch):
    import fcntl
    import struct
    import termios

    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 40, 0, 0))
    with open(theirs, "w", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        assert answer(PINNED, version="3.11.7")[0] == 1
        stream.flush()
        shown = os.read(ours, 65536).decode().splitlines()
    os.close(ours)
    assert shown == [
        "error: this is Python 3.11.7",
        "       (/usr/bin/python), but",
        "       .python-version:1 pins 3.12",
        "  fix:",
        "    python bootstrap.py run YOUR COMMAND",
    ]


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


def test_parts_with_environments_of_their_own_are_looked_at_each(answer, tmp_path, write):
    files = {".python-version": "3.12\n"}
    for part, version, required in (("backend", "3.12.1", ">=3.11"), ("frontend", "3.10.2", ">=3.12")):
        python = interpreter_of(tmp_path / part / ".venv")
        files |= {
            f"{part}/pyproject.toml": f'[project]\nname = "x"\nrequires-python = "{required}"\n',
            f"{part}/.venv/pyvenv.cfg": f"version_info = {version}\n",
            str(python.relative_to(tmp_path)): "",
        }
    code, out, err = answer(files, environment=None)
    assert (code, out) == (1, "")
    assert "frontend/.venv runs Python 3.10.2" in err
    assert "backend" not in err
