"""Editors: who has which, and what VS Code is told about a repository."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bootstrap.errors import MalformedFileError, UsageError
from bootstrap.model import Change, Repository, Settings, Skip
from bootstrap.setup import editors
from bootstrap.setup.editors import editor_changes, present_editors, vscode_interpreter
from bootstrap.syntax import jsonc

if TYPE_CHECKING:
    from collections.abc import Callable

FILES = ("settings.json", "extensions.json", "launch.json", "tasks.json")


def make_repository(
    *tools: str, files: tuple[str, ...] = (), has_bootstrapper: bool = True, **pyproject: Any
) -> Repository:
    return Repository(
        root=Path("/demo"),
        name="My-Demo",
        state_dir=Path("/demo/.git/devstrap"),
        pyproject=pyproject,
        pin=None,
        requires_python=None,
        settings=Settings(),
        files=frozenset(files),
        tools=frozenset(tools),
        has_bootstrapper=has_bootstrapper,
    )


def reading(files: dict[str, str]) -> Callable[[str], bytes | None]:
    return lambda name: files[name].encode() if name in files else None


def written(repository: Repository, files: dict[str, str] | None = None) -> dict[str, Any]:
    """Return the data of every file that is written, by its name in .vscode/."""
    changes, _ = editor_changes("vscode", repository, reading(files or {}))
    return {change.path.removeprefix(".vscode/"): jsonc.parse(change.after or b"") for change in changes}


def named(launch: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {item["name"]: item for item in launch["configurations"]}


def test_an_editor_that_only_the_repository_s_settings_name_is_refused_with_its_line():
    repository = replace(make_repository(), settings=Settings(editors=("vscode", "emacs")))
    text = "[project]\n[tool.devstrap]\ngroups = []\neditors = [\n  'vscode',\n  'emacs',\n]\n"
    with pytest.raises(MalformedFileError, match="'emacs', but devstrap knows no such editor") as caught:
        editor_changes("emacs", repository, reading({"pyproject.toml": text}))
    assert (caught.value.path, caught.value.line) == ("pyproject.toml", 4)
    assert "vscode" in caught.value.remedy


def test_an_unknown_editor_that_nobody_wrote_down_has_no_line():
    with pytest.raises(UsageError, match="knows no editor called 'emacs'") as caught:
        editor_changes("emacs", make_repository(), reading({}))
    assert caught.value.line is None


# ---- recognising ----------------------------------------------------------------------------------------------------


@pytest.fixture
def vscode_without_places(monkeypatch):
    """Forget where VS Code may be installed on the machine that runs the tests."""
    monkeypatch.setitem(editors.EDITORS, "vscode", replace(editors.EDITORS["vscode"], programs=()))


@pytest.mark.usefixtures("vscode_without_places")
def test_a_bare_machine_has_no_editor(tmp_path):
    assert present_editors({"PATH": f"{tmp_path}{os.pathsep}"}, tmp_path) == ()
    assert present_editors({}, tmp_path) == ()


@pytest.mark.usefixtures("vscode_without_places")
def test_a_command_on_the_path_is_an_editor(tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/codium").write_text("")
    env = {"PATH": str(tmp_path / "bin")}
    assert present_editors(env, tmp_path) == ()
    (tmp_path / "bin/codium").chmod(0o755)
    assert present_editors(env, tmp_path) == ("vscode",)


@pytest.mark.usefixtures("vscode_without_places")
def test_on_windows_the_command_has_an_ending(tmp_path):
    (tmp_path / "code.cmd").write_text("")
    (tmp_path / "code.cmd").chmod(0o755)
    assert present_editors({"PATH": str(tmp_path)}, tmp_path) == ()
    assert present_editors({"PATH": str(tmp_path), "PATHEXT": ".CMD"}, tmp_path) == ("vscode",)


@pytest.mark.usefixtures("vscode_without_places")
def test_its_own_terminal_and_its_own_folder_tell(tmp_path):
    assert present_editors({"TERM_PROGRAM": "vscode"}, tmp_path) == ("vscode",)
    assert present_editors({"TERM_PROGRAM": "other"}, tmp_path) == ()
    (tmp_path / ".vscode").mkdir()
    assert present_editors({}, tmp_path) == ("vscode",)


def test_an_installed_program_tells(tmp_path, monkeypatch):
    places = ("~/Applications/Code.app", "$LOCALAPPDATA/Code.exe")
    monkeypatch.setitem(editors.EDITORS, "vscode", replace(editors.EDITORS["vscode"], programs=places))
    home = tmp_path / "a $HOME"
    home.mkdir()
    assert present_editors({"LOCALAPPDATA": str(tmp_path)}, home) == ()
    (tmp_path / "Code.exe").write_text("")
    assert present_editors({"LOCALAPPDATA": str(tmp_path)}, home) == ("vscode",)
    assert present_editors({}, home) == ()
    (home / "Applications/Code.app").mkdir(parents=True)
    assert present_editors({}, home) == ("vscode",)


def test_an_unknown_editor_is_refused_with_the_known_ones():
    with pytest.raises(UsageError) as caught:
        editor_changes("edlin", make_repository(), reading({}))
    assert "vscode" in caught.value.remedy


# ---- what VS Code is told -------------------------------------------------------------------------------------------


def test_a_plain_repository_gets_the_interpreter_and_little_else():
    changes, skips = editor_changes("vscode", make_repository(has_bootstrapper=False), reading({}))
    assert skips == ()
    assert changes[0] == Change(
        ".vscode/settings.json",
        None,
        b'{\n    "python.defaultInterpreterPath": "${workspaceFolder}/.venv/bin/python"\n}\n',
        "VS Code works with .venv and the repository's tools",
    )
    assert [change.path for change in changes] == [f".vscode/{name}" for name in FILES[:3]]
    # Comments would be lost on the many hooks that take these files for plain JSON.
    assert json.loads(changes[1].after or b"") == {"recommendations": ["ms-python.python"]}


def test_the_tools_of_the_repository_are_set_up():
    files = written(make_repository("pytest", "ruff", "mypy"))
    assert files["settings.json"] == {
        "python.defaultInterpreterPath": "${workspaceFolder}/.venv/bin/python",
        "python.testing.pytestEnabled": True,
        "[python]": {"editor.defaultFormatter": "charliermarsh.ruff"},
        "mypy-type-checker.importStrategy": "fromEnvironment",
    }
    assert files["extensions.json"] == {
        "recommendations": ["ms-python.python", "charliermarsh.ruff", "ms-python.mypy-type-checker"]
    }
    assert named(files["launch.json"])["Python: debug a test"]["purpose"] == ["debug-test"]
    assert "env" not in named(files["launch.json"])["Python: debug a test"]
    assert [task["command"] for task in files["tasks.json"]["tasks"]] == [
        "python3 bootstrap.py",
        "python3 bootstrap.py run pytest",
    ]


def test_without_a_bootstrapper_the_environment_runs_the_tests():
    (task,) = written(make_repository("pytest", has_bootstrapper=False))["tasks.json"]["tasks"]
    assert task["command"] == "${workspaceFolder}/.venv/bin/python"
    assert task["windows"] == {"command": "${workspaceFolder}/.venv/Scripts/python.exe"}


def test_unittest_is_on_where_there_are_tests_and_no_pytest():
    key = "python.testing.unittestEnabled"
    assert written(make_repository(files=("tests",)))["settings.json"][key] is True
    assert written(make_repository(files=("test_it.py",)))["settings.json"][key] is True
    assert key not in written(make_repository(files=("attest.py",)))["settings.json"]
    assert key not in written(make_repository("pytest", files=("tests",)))["settings.json"]


def debugs_without_coverage(files: dict[str, str], **pyproject: Any) -> bool:
    launch = written(make_repository("pytest", **pyproject), files)["launch.json"]
    return named(launch)["Python: debug a test"].get("env") == {"PYTEST_ADDOPTS": "--no-cov"}


def test_breakpoints_work_where_every_run_measures_coverage():
    assert debugs_without_coverage({}, tool={"pytest": {"ini_options": {"addopts": ["--cov=demo"]}}})
    assert debugs_without_coverage({}, tool={"pytest": {"addopts": "--cov"}})
    assert debugs_without_coverage({"setup.cfg": "[tool:pytest]\naddopts =\n  -q\n  --cov=demo\n"})


def test_coverage_is_not_switched_off_where_only_another_tool_asks_for_it():
    assert not debugs_without_coverage({"tox.ini": "[pytest]\naddopts = -q\n[testenv]\ncommands = pytest --cov\n"})


def test_saving_formats_only_where_the_repository_is_formatted():
    formatting = {"editor.defaultFormatter": "charliermarsh.ruff", "editor.formatOnSave": True}
    hook = {".pre-commit-config.yaml": "- id: ruff-format\n"}
    assert written(make_repository("ruff"), hook)["settings.json"]["[python]"] == formatting
    table = make_repository("ruff", tool={"ruff": {"format": {}}})
    assert written(table)["settings.json"]["[python]"] == formatting
    assert "editor.formatOnSave" not in written(make_repository("ruff"))["settings.json"]["[python]"]


def test_black_formats_where_there_is_black():
    files = written(make_repository("ruff", "black"), {".pre-commit-config.yaml": "ruff-format"})
    assert files["settings.json"]["[python]"] == {
        "editor.defaultFormatter": "ms-python.black-formatter",
        "editor.formatOnSave": True,
    }
    assert "charliermarsh.ruff" in files["extensions.json"]["recommendations"]


@pytest.mark.parametrize(
    ("path", "text", "target"),
    [
        ("main.py", "app = FastAPI()\n", "main:app"),
        ("app/__init__.py", "import fastapi\nservice: fastapi.FastAPI = fastapi.FastAPI(title='x')\n", "app:service"),
        ("my_demo/api.py", "\r\napi = FastAPI(\r\n)\r\n", "my_demo.api:api"),
        ("src/my_demo/server.py", "app=FastAPI()", "my_demo.server:app"),
    ],
)
def test_fastapi_is_started_from_where_it_is(path, text, target):
    repository = make_repository("fastapi", project={"name": "my-demo"})
    launch = written(repository, {path: text, "pyproject.toml": "uvicorn"})["launch.json"]
    assert named(launch)["FastAPI"]["args"] == [f"{target}", "--reload"]


def test_an_application_that_is_not_found_is_not_guessed():
    hidden = {"main.py": "def make():\n    app = FastAPI()\n", "requirements.txt": "fastapi[standard]"}
    assert "FastAPI" not in named(written(make_repository("fastapi"), hidden)["launch.json"])
    no_server = {"main.py": "app = FastAPI()\n"}
    assert "FastAPI" not in named(written(make_repository("fastapi"), no_server)["launch.json"])
    not_installed = {"src/my_demo/main.py": "app = FastAPI()\n", "requirements.txt": "uvicorn"}
    assert "FastAPI" not in named(written(make_repository("fastapi"), not_installed)["launch.json"])
    assert "Flask" not in named(written(make_repository("flask"))["launch.json"])
    assert "Streamlit" not in named(written(make_repository("streamlit"))["launch.json"])
    assert "Django" not in named(written(make_repository("django"))["launch.json"])


def test_flask_streamlit_and_django_are_started_too():
    repository = make_repository("flask", "django", "streamlit", files=("manage.py",))
    sources = {"wsgi.py": "def create_app():\n    app = Flask(__name__)\n", "main.py": "import streamlit as st\n"}
    launch = named(written(repository, sources)["launch.json"])
    assert launch["Flask"]["args"][:2] == ["--app", "wsgi:create_app"]
    assert launch["Streamlit"]["args"] == ["run", "main.py"]
    assert launch["Django"]["program"] == "${workspaceFolder}/manage.py"
    launch = named(written(make_repository("flask"), {"app.py": "site = flask.Flask(__name__)"})["launch.json"])
    assert launch["Flask"]["args"][:2] == ["--app", "app:site"]


def test_a_source_that_cannot_be_read_is_passed_over():
    def read(name: str) -> bytes | None:
        if name.endswith(".py"):
            raise MalformedFileError("too large", remedy="none", path=name)
        return None

    changes, _ = editor_changes("vscode", make_repository("flask"), read)
    assert b"Flask" not in b"".join(change.after or b"" for change in changes)


# ---- files that are there -------------------------------------------------------------------------------------------


def test_a_second_time_nothing_is_left_to_do():
    repository = make_repository("pytest", "ruff", "mypy", "fastapi")
    sources = {"main.py": "app = FastAPI()", "requirements.txt": "uvicorn"}
    changes, _ = editor_changes("vscode", repository, reading(sources))
    after = {change.path: (change.after or b"").decode() for change in changes}
    assert set(after) == {f".vscode/{name}" for name in FILES}
    assert editor_changes("vscode", repository, reading({**sources, **after})) == ((), ())


def test_settings_are_added_and_none_is_lost():
    before = '{\n  // ours\n  "editor.rulers": [100], // wide\n  "python.testing.pytestEnabled": false\n}\n'
    changes, skips = editor_changes("vscode", make_repository("pytest"), reading({".vscode/settings.json": before}))
    assert (changes[0].before or b"").decode() == before
    assert (changes[0].after or b"").decode() == (
        '{\n  // ours\n  "editor.rulers": [100], // wide\n  "python.testing.pytestEnabled": false,\n'
        '  "python.defaultInterpreterPath": "${workspaceFolder}/.venv/bin/python"\n}\n'
    )
    assert skips == (
        Skip(
            ".vscode/settings.json: python.testing.pytestEnabled",
            "it is false there, which stays; devstrap would say true",
        ),
    )


@pytest.mark.parametrize(
    ("interpreter", "is_said"),
    [
        ("${workspaceFolder}/.venv", False),
        (".venv\\\\Scripts\\\\python.exe", False),
        ("./.venv/bin/python3", False),
        ("/usr/bin/python3", True),
        ("/elsewhere/.venv/bin/python", True),
        (".venv-old/bin/python", True),
    ],
)
def test_another_interpreter_stays_and_is_said_unless_it_means_the_environment(interpreter, is_said):
    settings = {".vscode/settings.json": f'{{"python.defaultInterpreterPath": "{interpreter}"}}'}
    changes, skips = editor_changes("vscode", make_repository(), reading(settings))
    assert ".vscode/settings.json" not in {change.path for change in changes}
    assert bool(skips) is is_said


def test_unwanted_extensions_are_not_recommended_and_present_ones_not_twice():
    before = (
        '{\n  "recommendations": ["Charliermarsh.Ruff", 7],\n  "unwantedRecommendations": ["MS-python.python"]\n}\n'
    )
    repository = make_repository("ruff")
    changes, _ = editor_changes("vscode", repository, reading({".vscode/extensions.json": before}))
    assert ".vscode/extensions.json" not in {change.path for change in changes}


def test_a_launch_configuration_of_the_same_kind_is_enough():
    before = json.dumps(
        {
            "version": "0.2.0",
            "configurations": [
                "odd",
                {"name": "mine", "type": "python", "program": "${file}"},
                {"name": "tests", "type": "debugpy", "program": "${file}", "purpose": ["debug-test"]},
            ],
        }
    )
    changes, _ = editor_changes("vscode", make_repository("pytest"), reading({".vscode/launch.json": before}))
    assert ".vscode/launch.json" not in {change.path for change in changes}


def test_a_second_test_task_does_not_claim_to_be_the_default():
    mine = {"label": "mine", "group": {"kind": "test", "isDefault": True}}
    before = json.dumps({"version": "2.0.0", "tasks": ["odd", mine]})
    after = written(make_repository("pytest"), {".vscode/tasks.json": before})["tasks.json"]["tasks"]
    assert after[:2] == ["odd", mine]
    assert [(task["label"], task.get("group")) for task in after[2:]] == [("Set up", None), ("Test", "test")]


@pytest.mark.parametrize(("text", "line", "column"), [('{\n  "a": 1\n  "b": 2\n}', 3, 3), ("[]", 1, 1)])
def test_a_file_that_cannot_be_understood_stops_everything_with_its_place(text, line, column):
    with pytest.raises(MalformedFileError) as caught:
        editor_changes("vscode", make_repository(), reading({".vscode/launch.json": text}))
    assert caught.value.where == f".vscode/launch.json:{line}:{column}"


def test_an_empty_file_is_filled():
    changes, _ = editor_changes("vscode", make_repository(), reading({".vscode/extensions.json": ""}))
    assert changes[1] == Change(
        ".vscode/extensions.json",
        b"",
        b'{\n    "recommendations": ["ms-python.python"]\n}\n',
        "VS Code offers the extensions for the repository's tools",
    )


@pytest.mark.parametrize(
    ("text", "interpreter"),
    [
        ('{"python.defaultInterpreterPath": "x" /* c */}', "x"),
        ('{"python.defaultInterpreterPath": 1}', None),
        ("{}", None),
        ("[]", None),
        ("{", None),
    ],
)
def test_the_interpreter_is_read_and_never_raises(text, interpreter):
    assert vscode_interpreter(reading({".vscode/settings.json": text})) == interpreter
    assert vscode_interpreter(reading({})) is None
