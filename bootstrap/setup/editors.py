"""Editors: which ones are there, and what each is told about the repository.

A file that exists is added to, never corrected: what is in it is the repository's own decision.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from string import Template
from typing import TYPE_CHECKING, Any, NoReturn

from bootstrap import assets
from bootstrap.detect.declared import PYPROJECT, SETTINGS, decode, line_of
from bootstrap.errors import BootstrapError, MalformedFileError, UsageError
from bootstrap.model import Change, Skip
from bootstrap.syntax import jsonc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from bootstrap.model import Repository

    Reader = Callable[[str], bytes | None]
    Outcome = tuple[tuple[Change, ...], tuple[Skip, ...]]


@dataclass(frozen=True, slots=True)
class Editor:
    """An editor, how it is recognised, and what it is told."""

    title: str
    commands: tuple[str, ...]
    """Any of them on PATH means that the person has it."""
    variables: tuple[tuple[str, str], ...]
    """What its own terminals set."""
    homes: tuple[str, ...]
    """Folders below the home folder that it makes."""
    programs: tuple[str, ...]
    """Where it is installed when it is not on PATH; `~` and variables of the environment are filled in."""
    changes: Callable[[Repository, Reader], Outcome]


def present_editors(env: Mapping[str, str], home: Path) -> tuple[str, ...]:
    """Return the names of the editors that the person has, judging by the machine alone."""
    return tuple(name for name, editor in EDITORS.items() if _is_present(editor, env, home))


def editor_changes(name: str, repository: Repository, read: Reader) -> Outcome:
    """Return the files to write or add to for the editor called `name`, and what stays though it is not as wanted.

    Raises UsageError for a name that is not in the table, MalformedFileError where the repository's settings have it
    and for a file that cannot be understood.
    """
    if name not in EDITORS:
        _refuse(name, repository, read)
    return EDITORS[name].changes(repository, read)


def in_part(change: Change, path: str) -> Change:
    """Return a change to an editor's file with the environment in a part of the repository, where it names one."""
    if change.after is None:
        return change
    before, after = b"${workspaceFolder}/.venv", f"${{workspaceFolder}}/{path}/.venv".encode()
    # what was there already is the repository's own
    return (
        change
        if change.before is not None and before in change.before
        else change._replace(after=change.after.replace(before, after))
    )


def _refuse(name: str, repository: Repository, read: Reader) -> NoReturn:
    """Raise the error for an editor that is not in the table, with its place where the repository names it."""
    known = f"the editors are {', '.join(EDITORS)}"
    if name not in (repository.settings.editors or ()):
        raise UsageError(f"devstrap knows no editor called {name!r}", remedy=known)
    raise MalformedFileError(
        f"editors in [{SETTINGS}] names {name!r}, but devstrap knows no such editor",
        remedy=known,
        path=PYPROJECT,
        line=line_of(decode(PYPROJECT, read(PYPROJECT) or b""), SETTINGS, "editors"),
    )


def _is_present(editor: Editor, env: Mapping[str, str], home: Path) -> bool:
    if any(env.get(variable) == value for variable, value in editor.variables):
        return True
    if any((home / folder).is_dir() for folder in editor.homes):
        return True
    if any(os.path.exists(path) for path in _places(editor.programs, env, home)):
        return True
    return any(_is_on_path(command, env) for command in editor.commands)


def _places(programs: Iterable[str], env: Mapping[str, str], home: Path) -> Iterable[str]:
    """Yield paths with their variables filled in, leaving out those whose variables are not set."""
    for program in programs:
        try:
            path = Template(program).substitute(env)
        except KeyError:
            continue
        yield f"{home}{path[1:]}" if path.startswith("~") else path


def _is_on_path(command: str, env: Mapping[str, str]) -> bool:
    """Say whether a command is on PATH.

    shutil.which would do, and import every compression module that Python has.
    """
    names = (command, f"{command}.cmd", f"{command}.exe") if "PATHEXT" in env else (command,)
    folders = [folder for folder in env.get("PATH", "").split(os.pathsep) if folder]
    return any(os.access(os.path.join(folder, name), os.X_OK) for folder in folders for name in names)


# ---- VS Code --------------------------------------------------------------------------------------------------------

VSCODE_SETTINGS = ".vscode/settings.json"
_INTERPRETER = "python.defaultInterpreterPath"
_IN_ENVIRONMENT = re.compile(r"(?:\$\{workspaceFolder\}[/\\])?(?:\.[/\\])?\.venv(?:[/\\].*)?")
# addopts with the lines that go on below it, as configparser reads them
_ADDS_COVERAGE = re.compile(rb"^addopts[ \t]*[=:](?:[^\n]|\n[ \t])*--cov", re.MULTILINE)
_TEST_VIEW = "debug-test"
_PURPOSE = {
    "settings.json": "VS Code works with .venv and the repository's tools",
    "extensions.json": "VS Code offers the extensions for the repository's tools",
    "launch.json": "VS Code starts and debugs files, tests and the application",
    "tasks.json": "VS Code sets up and tests with a keystroke",
}
_UNIONS: jsonc.Unions = {
    # Identifiers of extensions are the same in any case.
    ("recommendations",): lambda name: name.lower() if isinstance(name, str) else None,
    ("configurations",): jsonc.by_key("name"),
    ("tasks",): jsonc.by_key("label"),
}


@dataclass(frozen=True, slots=True)
class _Part:
    """Files below templates/vscode/NAME, and when they are wanted."""

    name: str
    files: tuple[str, ...]
    values: Callable[[Repository, Reader], Mapping[str, str] | None]
    """Returns what to fill in, or None where the repository has no use for it."""


def vscode_interpreter(read: Reader) -> str | None:
    """Return the interpreter that the repository's settings tell VS Code to use; None if none or unreadable."""
    settings = _peek_json(read, VSCODE_SETTINGS)
    value = settings.get(_INTERPRETER) if isinstance(settings, dict) else None
    return value if isinstance(value, str) else None


def _vscode_changes(repository: Repository, read: Reader) -> Outcome:
    """Return what VS Code lacks in .vscode/."""
    changes, skips = [], []
    for name, wanted in wanted_files(repository, read).items():
        path = f".vscode/{name}"
        before = read(path)
        present = jsonc.parse(before, path) if before is not None else {}
        merged = jsonc.merge(before or b"", _without_rivals(wanted, present), unions=_UNIONS, path=path)
        if merged.text != (before or b""):
            changes.append(Change(path, before, merged.text, _PURPOSE[name]))
        skips += [_skip(path, kept) for kept in merged.kept if not _means_the_environment(kept)]
    return tuple(changes), tuple(skips)


def wanted_files(repository: Repository, read: Reader) -> dict[str, dict[str, Any]]:
    """Return what VS Code should find, by the name of the file in .vscode/."""
    wanted: dict[str, dict[str, Any]] = {}
    for part in _PARTS:
        values = part.values(repository, read)
        if values is None:
            continue
        for name in part.files:
            path = f"templates/vscode/{part.name}/{name}"
            filled = _filled(jsonc.parse(assets.read(path), path), values)
            wanted[name] = jsonc.combine(wanted.get(name, {}), filled, _UNIONS)
    return wanted


def _filled(value: Any, values: Mapping[str, str]) -> Any:
    """Return a template's data with `$name` filled in; VS Code's own `${workspaceFolder}` and the like stay."""
    if isinstance(value, dict):
        return {key: _filled(item, values) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, values) for item in value]
    return Template(value).safe_substitute(values) if isinstance(value, str) else value


def _without_rivals(wanted: dict[str, Any], present: Any) -> dict[str, Any]:
    """Leave out of `wanted` what the person has in another way: a second one would only be in the way."""
    if not isinstance(present, dict):
        return wanted
    unwanted = {str(name).lower() for name in _items(present, "unwantedRecommendations")}
    launches = {_aim(launch) for launch in _items(present, "configurations")}
    has_default_test = any(_is_default_test(task) for task in _items(present, "tasks"))
    tasks = _items(wanted, "tasks")
    left = {
        "recommendations": [name for name in _items(wanted, "recommendations") if name.lower() not in unwanted],
        "configurations": [launch for launch in _items(wanted, "configurations") if _aim(launch) not in launches],
        "tasks": [_among_others(task) for task in tasks] if has_default_test else tasks,
    }
    return {key: left.get(key, value) for key, value in wanted.items()}


def _among_others(task: dict[str, Any]) -> dict[str, Any]:
    """Return a task without its claim to be the one that VS Code's "Run Test Task" starts."""
    return {**task, "group": "test"} if "group" in task else task


def _items(data: dict[str, Any], key: str) -> list[Any]:
    value = data.get(key)
    return value if isinstance(value, list) else []


def _aim(launch: Any) -> object:
    """Return what a launch configuration is for, as far as two of one kind would be one too many."""
    if not isinstance(launch, dict):
        return None
    purpose = launch.get("purpose")
    if isinstance(purpose, list) and _TEST_VIEW in purpose:
        return _TEST_VIEW
    is_plain = launch.get("type") in ("debugpy", "python") and launch.get("program") == "${file}"
    return "current file" if is_plain else str(launch.get("name"))


def _is_default_test(task: Any) -> bool:
    group = task.get("group") if isinstance(task, dict) else None
    return isinstance(group, dict) and group.get("kind") == "test" and bool(group.get("isDefault"))


def _means_the_environment(kept: jsonc.Kept) -> bool:
    """Say whether it is another way to write the interpreter of .venv, as for Windows or by its folder."""
    return kept.path == (_INTERPRETER,) and _IN_ENVIRONMENT.fullmatch(str(kept.present)) is not None


def _skip(path: str, kept: jsonc.Kept) -> Skip:
    present, wanted = (json.dumps(value, ensure_ascii=False) for value in (kept.present, kept.wanted))
    return Skip(f"{path}: {' > '.join(kept.path)}", f"it is {present} there, which stays; devstrap would say {wanted}")


# ---- what a repository has a use for --------------------------------------------------------------------------------


def _always(_repository: Repository, _read: Reader) -> Mapping[str, str] | None:
    return {}


def _tool(name: str) -> Callable[[Repository, Reader], Mapping[str, str] | None]:
    return lambda repository, _read: {} if name in repository.tools else None


def _bootstrapper(repository: Repository, _read: Reader) -> Mapping[str, str] | None:
    return {} if repository.has_bootstrapper else None


def _pytest_by_bootstrapper(repository: Repository, _read: Reader) -> Mapping[str, str] | None:
    return {} if "pytest" in repository.tools and repository.has_bootstrapper else None


def _pytest_cov(repository: Repository, read: Reader) -> Mapping[str, str] | None:
    """Want coverage switched off while debugging where every run of pytest measures it."""
    tables = (("tool", "pytest", "ini_options", "addopts"), ("tool", "pytest", "addopts"))
    files = ("pytest.ini", ".pytest.ini", "setup.cfg", "tox.ini")
    measures = any("--cov" in str(_lookup(repository.pyproject, *keys)) for keys in tables) or any(
        _ADDS_COVERAGE.search(_peek(read, name)) for name in files
    )
    return {} if "pytest" in repository.tools and measures else None


def _unittest(repository: Repository, _read: Reader) -> Mapping[str, str] | None:
    """Want unittest where there are tests and no pytest."""
    has_tests = any(re.fullmatch(r"tests?|test.*\.py", name) for name in repository.files)
    return {} if has_tests and "pytest" not in repository.tools else None


def _ruff_is_formatter(repository: Repository, _read: Reader) -> Mapping[str, str] | None:
    return {} if "ruff" in repository.tools and "black" not in repository.tools else None


def _ruff_formats(repository: Repository, read: Reader) -> Mapping[str, str] | None:
    """Want formatting on save where the repository shows that it is formatted with ruff."""
    has_settings = _lookup(repository.pyproject, "tool", "ruff", "format") is not None
    shows = has_settings or b"ruff-format" in _peek(read, ".pre-commit-config.yaml")
    return {} if shows and _ruff_is_formatter(repository, read) is not None else None


def _fastapi(repository: Repository, read: Reader) -> Mapping[str, str] | None:
    declared = b"".join(_peek(read, name) for name in ("pyproject.toml", "requirements.txt"))
    has_server = b"uvicorn" in declared or b"fastapi[" in declared
    application = rb"^([A-Za-z_]\w*)[ \t]*(?::[^=\n]+)?=[ \t]*(?:fastapi\.)?FastAPI\("
    return _find(repository, read, application) if "fastapi" in repository.tools and has_server else None


def _flask(repository: Repository, read: Reader) -> Mapping[str, str] | None:
    application = rb"^(?:def (create_app|make_app)\(|([A-Za-z_]\w*)[ \t]*(?::[^=\n]+)?=[ \t]*(?:flask\.)?Flask\()"
    return _find(repository, read, application) if "flask" in repository.tools else None


def _django(repository: Repository, _read: Reader) -> Mapping[str, str] | None:
    return {} if "django" in repository.tools and "manage.py" in repository.files else None


def _streamlit(repository: Repository, read: Reader) -> Mapping[str, str] | None:
    if "streamlit" in repository.tools:
        for file in ("streamlit_app.py", "app.py", "main.py"):
            if re.search(rb"^(?:import|from) streamlit\b", _peek(read, file), re.MULTILINE):
                return {"file": file}
    return None


def _find(repository: Repository, read: Reader, application: bytes) -> Mapping[str, str] | None:
    """Return the module and the variable of the application, if it is in one of the usual places."""
    package = re.sub(r"\W", "_", repository.name).lower()
    folders = ["", "app/", f"{package}/"]
    if "project" in repository.pyproject or "build-system" in repository.pyproject:
        folders.append(f"src/{package}/")  # it can be imported, since the project itself gets installed
    for folder in folders:
        for stem in ("main", "app", "api", "server", "wsgi", "asgi", "__init__"):
            path = f"{folder}{stem}.py"
            found = re.search(application, _peek(read, path), re.MULTILINE)
            if found is not None:
                module = path.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")
                return {"module": module, "variable": found[found.lastindex or 0].decode()}
    return None


def _lookup(data: Any, *keys: str) -> Any:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _peek(read: Reader, path: str) -> bytes:
    """Return a file that may help to decide something; empty where it cannot be read."""
    try:
        return read(path) or b""
    except BootstrapError:
        return b""


def _peek_json(read: Reader, path: str) -> Any:
    try:
        return jsonc.parse(_peek(read, path))
    except BootstrapError:
        return None


# The first that says something about a setting is the one that counts, as black does before ruff.
_PARTS = (
    _Part("python", ("settings.json", "extensions.json", "launch.json"), _always),
    _Part("bootstrapper", ("tasks.json",), _bootstrapper),
    _Part("pytest-by-bootstrapper", ("tasks.json",), _pytest_by_bootstrapper),
    _Part("pytest-in-environment", ("tasks.json",), _tool("pytest")),
    _Part("pytest-cov", ("launch.json",), _pytest_cov),
    _Part("pytest", ("settings.json", "launch.json"), _tool("pytest")),
    _Part("unittest", ("settings.json",), _unittest),
    _Part("black", ("settings.json", "extensions.json"), _tool("black")),
    _Part("ruff", ("extensions.json",), _tool("ruff")),
    _Part("ruff", ("settings.json",), _ruff_is_formatter),
    _Part("ruff-format", ("settings.json",), _ruff_formats),
    _Part("mypy", ("settings.json", "extensions.json"), _tool("mypy")),
    _Part("fastapi", ("launch.json",), _fastapi),
    _Part("flask", ("launch.json",), _flask),
    _Part("django", ("launch.json",), _django),
    _Part("streamlit", ("launch.json",), _streamlit),
)

EDITORS: dict[str, Editor] = {
    # Cursor, VSCodium and the like read the same files.
    "vscode": Editor(
        title="VS Code",
        commands=("code", "code-insiders", "codium", "cursor"),
        variables=(("TERM_PROGRAM", "vscode"), ("CODESPACES", "true"), ("REMOTE_CONTAINERS", "true")),
        homes=(".vscode", ".vscode-insiders", ".vscode-oss", ".vscode-server", ".cursor"),
        programs=(
            "/Applications/Visual Studio Code.app",
            "/Applications/VSCodium.app",
            "/Applications/Cursor.app",
            "~/Applications/Visual Studio Code.app",
            "$LOCALAPPDATA/Programs/Microsoft VS Code/Code.exe",
            "$LOCALAPPDATA/Programs/cursor/Cursor.exe",
            "$ProgramFiles/Microsoft VS Code/Code.exe",
        ),
        changes=_vscode_changes,
    ),
}
