"""What a checkout says of itself: its root, its policy, its settings and the tools that it is configured for."""

from __future__ import annotations

import os
import tomllib
from typing import TYPE_CHECKING, Any

from bootstrap.detect.declared import PIN_FILE, PYPROJECT, decode, read_pin, read_requires_python
from bootstrap.errors import ContradictionError, MalformedFileError, UsageError
from bootstrap.model import Pin, Place, Repository, Requirement, Settings
from bootstrap.state import state_directory
from bootstrap.versions import NEWEST_MINOR, Range, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

BOOTSTRAPPER = "bootstrap.py"
_LARGEST = 4 * 1024 * 1024

# A tool is configured for where its table, its file or its name among the requirements says so.
_FILES_OF = {
    "ruff": ("ruff.toml", ".ruff.toml"),
    "mypy": ("mypy.ini", ".mypy.ini"),
    "pytest": ("pytest.ini", "conftest.py"),
}
_TOOLS = ("black", "django", "fastapi", "flask", "mypy", "pyright", "pytest", "ruff", "streamlit")


def find_root(start: Path) -> Path:
    """Return the nearest folder at or above `start` that is a checkout or has a pyproject.toml, else `start`."""
    for folder in (start, *start.parents):
        if (folder / ".git").exists() or (folder / PYPROJECT).is_file():
            return folder
    return start


class Reader:
    """Reads files below a root, and remembers which it was asked for."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.seen: set[str] = set()

    def __call__(self, name: str) -> bytes | None:
        """Return the content of the file, or None where there is none.

        Raises MalformedFileError for what is there but is no readable file of a sensible size.
        """
        self.seen.add(name)
        path = self.root / name
        try:
            if path.stat().st_size > _LARGEST:
                raise MalformedFileError(f"{name} is larger than 4 MiB", remedy="is it the right file?", path=name)
            return path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise MalformedFileError(
                f"{name} cannot be read: {error.strerror}", remedy="check what it is and its permissions", path=name
            ) from None


def detect_repository(root: Path, read: Reader | None = None) -> Repository:
    """Read the repository at `root`.

    Raises UsageError where `root` is no folder, MalformedFileError for a file that cannot be understood, and
    ContradictionError where no Python version satisfies everything that is declared.
    """
    try:
        files = frozenset(os.listdir(root))
    except OSError as error:
        raise UsageError(
            f"{root} cannot be opened: {error.strerror}", remedy="name the repository's folder with --root"
        ) from None
    read = read or Reader(root)
    pyproject = parse_toml(PYPROJECT, read(PYPROJECT)) if PYPROJECT in files else {}
    refuse_wrong_shapes(pyproject)
    project = _table(pyproject, "project")
    pin = detect_pin(read)
    requirement = detect_requirement(read)
    settings = detect_settings(pyproject)
    refuse_contradictions(pin, requirement, settings)
    name = project.get("name")
    return Repository(
        root=root,
        name=name if isinstance(name, str) else root.name,
        state_dir=state_directory(root),
        pyproject=pyproject,
        pin=pin,
        requires_python=requirement,
        settings=settings,
        files=files,
        tools=detect_tools(pyproject, files),
        has_bootstrapper=BOOTSTRAPPER in files,
    )


def parse_toml(name: str, content: bytes | None) -> dict[str, Any]:
    """Parse TOML, or raise MalformedFileError with the line and column of the first mistake."""
    try:
        return tomllib.loads(decode(name, content or b""))
    except tomllib.TOMLDecodeError as error:
        message, _, place = str(error).rpartition(" (at ")
        numbers = [int(word.rstrip(",)")) for word in place.split() if word.rstrip(",)").isdigit()]
        line, column = (*numbers, None, None)[:2]
        raise MalformedFileError(
            f"{name} is not valid TOML: {message or error}",
            remedy="mend it there, then run this again",
            path=name,
            line=line,
            column=column,
        ) from None


# What has to be a table for anything below it to make sense (PEP 621, PEP 735, PEP 518).
_TABLES = (
    ("build-system",),
    ("dependency-groups",),
    ("project",),
    ("project", "optional-dependencies"),
    ("tool",),
    ("tool", "devstrap"),
    ("tool", "uv"),
    ("tool", "uv", "workspace"),
)
_LISTS = (("tool", "uv", "default-groups"),)


def refuse_wrong_shapes(pyproject: dict[str, Any]) -> None:
    """Raise MalformedFileError where something else stands in place of a table or a list that everybody reads."""
    for keys in (*_TABLES, *_LISTS):
        kind, name = (dict, "a table") if keys in _TABLES else ((list, str), "a list")
        data: Any = pyproject
        for key in keys:
            data = data.get(key) if isinstance(data, dict) else None
        if data is not None and not isinstance(data, kind):
            raise MalformedFileError(
                f"{'.'.join(keys)} in {PYPROJECT} has to be {name}",
                remedy="mend it there, then run this again",
                path=PYPROJECT,
            )


def detect_pin(read: Callable[[str], bytes | None]) -> Pin | None:
    """Return what `.python-version` asks for."""
    declared = read_pin(read)
    if declared is None:
        return None
    text, path, line = declared
    return Pin(parse_request(text, path, line), Place(path, line))


def parse_request(text: str, path: str, line: int) -> Request:
    """Understand a version that a file asks for, or raise MalformedFileError."""
    try:
        request = Request.parse(text)
    except ValueError:
        raise MalformedFileError(
            f"{text!r} in {path} is not a Python version",
            remedy="write a version there, for example 3.12, or choose one with --python",
            path=path,
            line=line,
        ) from None
    if not request.exists:
        raise MalformedFileError(
            f"there is no Python {request}: the newest in the making is 3.{NEWEST_MINOR}",
            remedy=f"write a version that exists into {path}, for example 3.12",
            path=path,
            line=line,
        )
    return request


def detect_requirement(read: Callable[[str], bytes | None]) -> Requirement | None:
    """Return the range that requires-python admits."""
    declared = read_requires_python(read)
    if declared is None:
        return None
    text, path, line = declared
    try:
        admitted = Range.parse(text)
    except ValueError:
        raise MalformedFileError(
            f"{text!r} in {path} is not a range of Python versions",
            remedy="write it as the packaging specification has it, for example >=3.11",
            path=path,
            line=line,
        ) from None
    return Requirement(admitted, Place(path, line))


def detect_settings(pyproject: dict[str, Any]) -> Settings:
    """Read `[tool.devstrap]`; raise MalformedFileError for a key or a value that it does not have."""
    table = _table(_table(pyproject, "tool"), "devstrap")
    known: dict[str, Any] = {}
    for key, value in table.items():
        name = key.replace("-", "_")
        if name == "default":
            known[name] = Pin(parse_request(_string(key, value), PYPROJECT, 1), Place(PYPROJECT, 1))
        elif name in ("groups", "extras", "requirements", "editors"):
            known[name] = _strings(key, value)
        elif name in ("devcontainer", "prefer_managed"):
            known[name] = _boolean(key, value)
        else:
            raise _wrong_setting(f"[tool.devstrap] has no key {key!r}")
    return Settings(**known)


def _string(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise _wrong_setting(f"{key} in [tool.devstrap] must be a string, such as '3.12'")
    return value


def _strings(key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _wrong_setting(f"{key} in [tool.devstrap] must be a list of strings")
    return tuple(value)


def _boolean(key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise _wrong_setting(f"{key} in [tool.devstrap] must be true or false")
    return value


def _wrong_setting(message: str) -> MalformedFileError:
    return MalformedFileError(
        message,
        remedy="the keys are default, groups, extras, requirements, editors, devcontainer and prefer-managed",
        path=PYPROJECT,
    )


def refuse_contradictions(pin: Pin | None, requirement: Requirement | None, settings: Settings) -> None:
    """Raise ContradictionError where no Python satisfies everything that the repository declares."""
    if requirement is None:
        return
    admitted, place = requirement.admitted, requirement.place
    if not admitted.minors() and not admitted.admits_some(Request((2, 7))):
        raise ContradictionError(
            f"no Python satisfies requires-python {admitted.text!r}",
            remedy="widen the range, for example to >=3.11",
            path=place.path,
            line=place.line,
        )
    for name, declared in ((PIN_FILE, pin), ("default in [tool.devstrap]", settings.default)):
        if declared is not None and not admitted.admits_some(declared.request):
            raise ContradictionError(
                f"{name} asks for Python {declared.request}, but {place} requires {admitted.text}",
                remedy=f"change {declared.place} or {place}, or choose another Python with --python",
                path=declared.place.path,
                line=declared.place.line,
            )


def detect_tools(pyproject: dict[str, Any], files: frozenset[str]) -> frozenset[str]:
    """Return the tools that the repository is configured for or requires."""
    tables = _table(pyproject, "tool")
    required = set(required_names(pyproject))
    return frozenset(
        tool
        for tool in _TOOLS
        if tool in tables or tool in required or any(name in files for name in _FILES_OF.get(tool, ()))
    )


def required_names(pyproject: dict[str, Any]) -> Iterable[str]:
    """Yield the lower-case names of the distributions that a pyproject requires anywhere (PEP 508, PEP 735)."""
    project = _table(pyproject, "project")
    lists = [project.get("dependencies"), *_table(project, "optional-dependencies").values()]
    lists += _table(pyproject, "dependency-groups").values()
    for requirements in lists:
        for requirement in requirements if isinstance(requirements, list) else ():
            if isinstance(requirement, str):
                yield distribution_name(requirement)


def distribution_name(requirement: str) -> str:
    """Return the lower-case distribution name at the start of a requirement (PEP 508)."""
    end = next((i for i, c in enumerate(requirement) if not (c.isalnum() or c in "-_.")), len(requirement))
    return requirement[:end].lower()


def _table(data: dict[str, Any], key: str) -> dict[str, Any]:
    value = data.get(key)
    return value if isinstance(value, dict) else {}
