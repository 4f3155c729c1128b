"""What a checkout says of itself: its root, its policy, its settings and the tools that it is configured for."""

from __future__ import annotations

import os
import tomllib
from typing import TYPE_CHECKING, Any

from bootstrap.detect.declared import (
    PIN_FILE,
    PYPROJECT,
    SETTINGS,
    decode,
    line_of,
    malformed_toml,
    read_pin,
    read_requires_python,
)
from bootstrap.errors import ContradictionError, MalformedFileError, UsageError
from bootstrap.model import Pin, Place, Repository, Requirement, Settings
from bootstrap.nested import at
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
# Many projects require it only to test against it, and format with something else.
_BY_SETTINGS = frozenset(("black",))
_TOOLS = ("black", "django", "fastapi", "flask", "mypy", "pyright", "pytest", "ruff", "streamlit")


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
                raise MalformedFileError(
                    f"{name} is larger than 4 MiB", remedy="check that it is the right file", path=name
                )
            return path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise MalformedFileError(
                f"{name} cannot be read: {error.strerror}", remedy="make it a file that you may read", path=name
            ) from None


def detect_repository(root: Path, read: Reader | None = None, *, is_asked: bool = False) -> Repository:
    """Read the repository at `root`; with `is_asked` without its pin, since the person chooses the Python.

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
    refuse_wrong_shapes(pyproject, read)
    project = at(pyproject, "project")
    pin = None if is_asked else detect_pin(read)
    requirement = detect_requirement(read)
    settings = detect_settings(pyproject, _line_of_setting(read))
    refuse_missing(settings, pyproject, files, read)
    refuse_contradictions(pin, requirement, settings)
    poetry = at(pyproject, "tool", "poetry")
    name = project.get("name") or poetry.get("name")
    return Repository(
        root=root,
        name=name if isinstance(name, str) else root.name,
        state_dir=state_directory(root),
        pyproject=pyproject,
        pin=pin,
        requires_python=requirement,
        settings=settings,
        files=files,
        tools=detect_tools(pyproject, files, read),
        has_bootstrapper=BOOTSTRAPPER in files,
    )


def parse_toml(name: str, content: bytes | None) -> dict[str, Any]:
    """Parse TOML, or raise MalformedFileError with the line and column of the first mistake."""
    text = decode(name, content or b"")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise malformed_toml(name, error, text) from None


# What has to be a table for anything below it to make sense (PEP 621, PEP 735, PEP 518).
_TABLES = (
    ("build-system",),
    ("dependency-groups",),
    ("project",),
    ("project", "optional-dependencies"),
    ("tool",),
    ("tool", "devstrap"),
    ("tool", "hatch"),
    ("tool", "hatch", "envs"),
    ("tool", "pdm"),
    ("tool", "poetry"),
    ("tool", "poetry", "dependencies"),
    ("tool", "poetry", "group"),
    ("tool", "rye"),
    ("tool", "setuptools"),
    ("tool", "uv"),
    ("tool", "uv", "workspace"),
)
_LISTS = (("tool", "uv", "default-groups"),)


def refuse_wrong_shapes(pyproject: dict[str, Any], read: Callable[[str], bytes | None]) -> None:
    """Raise MalformedFileError where something else stands in place of a table or a list that everybody reads.

    The file is read a second time, for the line, only where something is wrong.
    """
    for keys in (*_TABLES, *_LISTS):
        kind, name = (dict, "a table") if keys in _TABLES else ((list, str), "a list")
        data: Any = pyproject
        for key in keys:
            data = data.get(key) if isinstance(data, dict) else None
        if data is not None and not isinstance(data, kind):
            raise MalformedFileError(
                f"{'.'.join(keys)} in {PYPROJECT} has to be {name}",
                remedy="correct it there, then run this again",
                path=PYPROJECT,
                line=line_of(decode(PYPROJECT, read(PYPROJECT) or b""), ".".join(keys[:-1]), keys[-1]),
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


def _line_of_setting(read: Callable[[str], bytes | None]) -> Callable[[str], int | None]:
    """Return what finds the line of a key in `[tool.devstrap]`; only where something asks is the file read for it."""
    return lambda key: line_of(decode(PYPROJECT, read(PYPROJECT) or b""), SETTINGS, key)


def detect_settings(pyproject: dict[str, Any], line_of_key: Callable[[str], int | None]) -> Settings:
    """Read `[tool.devstrap]`; raise MalformedFileError, with its line, for a key or a value that it does not have."""
    known: dict[str, Any] = {}
    for key, value in at(pyproject, "tool", "devstrap").items():
        name = key.replace("-", "_")
        wrong = _wrong_value(name, value)
        if wrong:
            raise MalformedFileError(
                f"[{SETTINGS}] has no key {key!r}" if name not in _SHAPES else f"{key} in [{SETTINGS}] must be {wrong}",
                remedy=_KEYS if name not in _SHAPES else "correct it there, then run this again",
                path=PYPROJECT,
                line=line_of_key(key),
            )
        if name == "default":
            line = line_of_key(key) or 1
            known[name] = Pin(parse_request(value, PYPROJECT, line), Place(PYPROJECT, line))
        else:
            known[name] = tuple(value) if isinstance(value, list) else value
    return Settings(**known)


_KEYS = (
    "the keys are minimum, default, supported, groups, extras, requirements, as-of, editors, devcontainer, "
    "prefer-managed, dotenv, hooks, post-install, additions, apart, without, without-project, newer, overrides, "
    "build-constraints, build-requires, no-build-isolation, follow-lock, link-project and lean"
)
# What a value of `[tool.devstrap]` has to be, in words.
_STRING, _STRINGS, _BOOLEAN = "a string, such as '3.12'", "a list of strings", "true or false"
_SHAPES = {
    "default": _STRING,
    "minimum": _STRING,
    "supported": _STRINGS,
    "groups": _STRINGS,
    "extras": _STRINGS,
    "requirements": _STRINGS,
    "as_of": _STRING,
    "editors": _STRINGS,
    "devcontainer": _BOOLEAN,
    "prefer_managed": _BOOLEAN,
    "dotenv": _BOOLEAN,
    "hooks": _BOOLEAN,
    "post_install": _STRINGS,
    "additions": _STRINGS,
    "apart": _BOOLEAN,
    "without": _STRINGS,
    "without_project": _BOOLEAN,
    "newer": _STRINGS,
    "overrides": _STRINGS,
    "build_constraints": _STRINGS,
    "build_requires": _STRINGS,
    "no_build_isolation": _STRINGS,
    "follow_lock": _BOOLEAN,
    "link_project": _BOOLEAN,
    "lean": _BOOLEAN,
}


def _wrong_value(name: str, value: object) -> str:
    """Say what a setting has to be, or that there is none of that name; nothing where it is right."""
    fits = {
        _STRING: isinstance(value, str),
        _STRINGS: isinstance(value, list) and all(isinstance(item, str) for item in value),
        _BOOLEAN: isinstance(value, bool),
    }
    shape = _SHAPES.get(name, "absent")
    return "" if fits.get(shape, False) else shape


def refuse_missing(
    settings: Settings, pyproject: dict[str, Any], files: frozenset[str], read: Callable[[str], bytes | None]
) -> None:
    """Raise MalformedFileError where `[tool.devstrap]` names a group, an extra or a file that does not exist."""
    for key, named, is_there, what in (
        ("requirements", settings.requirements, lambda name: "\0" not in name and read(name) is not None, "file"),
        ("groups", settings.groups, _declares(_groups(pyproject, files)), "dependency group"),
        ("extras", settings.extras, _declares(_extras(pyproject, files)), "extra"),
    ):
        missing = next((name for name in named or () if not is_there(name)), None)
        if missing is not None:
            raise MalformedFileError(
                f"{key} in [{SETTINGS}] names {missing!r}, but there is no such {what}",
                remedy=f"correct the name, or add the {what}",
                path=PYPROJECT,
                line=_line_of_setting(read)(key),
            )


def _declares(names: Iterable[str] | None) -> Callable[[str], bool]:
    """Return the test whether a name is among `names`, compared as PEP 735 and PEP 685 do; None: nobody can tell."""
    normalised = None if names is None else {normalise(name) for name in names}
    return lambda name: normalised is None or normalise(name) in normalised


def normalise(name: str) -> str:
    """Return a group's or extra's name as PEP 685 compares it: lower case, runs of -, _ and . alike."""
    return "-".join(part for part in name.lower().replace("_", "-").replace(".", "-").split("-") if part)


def _groups(pyproject: dict[str, Any], files: frozenset[str]) -> list[str] | None:
    """Return the names of the dependency groups (PEP 735), or None where a workspace's members may have more."""
    uv = at(pyproject, "tool", "uv")
    if "workspace" in uv:
        return None
    # uv's own table from before PEP 735 is its group dev
    found = [*at(pyproject, "dependency-groups"), *(["dev"] if "dev-dependencies" in uv else [])]
    if "poetry.lock" in files:
        poetry = at(pyproject, "tool", "poetry")
        found += [*at(poetry, "group"), *(["dev"] if "dev-dependencies" in poetry else [])]
    if "pdm.lock" in files:
        found += at(pyproject, "tool", "pdm", "dev-dependencies")
    return found


def _extras(pyproject: dict[str, Any], files: frozenset[str]) -> list[str] | None:
    """Return the names of the extras (PEP 621), or None where something else than `[project]` may have more."""
    tools, project = at(pyproject, "tool"), at(pyproject, "project")
    is_elsewhere = not project and ("poetry" in tools or {"setup.py", "setup.cfg"} & files)
    dynamic = project.get("dynamic")
    is_dynamic = isinstance(dynamic, list) and "optional-dependencies" in dynamic
    if is_elsewhere or is_dynamic or "workspace" in at(tools, "uv"):
        return None
    return list(at(project, "optional-dependencies"))


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


def detect_tools(
    pyproject: dict[str, Any], files: frozenset[str], read: Callable[[str], bytes | None]
) -> frozenset[str]:
    """Return the tools that the repository is configured for or requires."""
    tables = at(pyproject, "tool")
    required = set(required_names(pyproject)) - _BY_SETTINGS
    requirements = (read("requirements.txt") or b"").decode("utf-8", "replace")
    required |= {distribution_name(line.strip()) for line in requirements.splitlines()} - _BY_SETTINGS
    tools = {
        tool
        for tool in _TOOLS
        if tool in tables or tool in required or any(name in files for name in _FILES_OF.get(tool, ()))
    }
    # Asked last, since most repositories have said so by then.
    if "pytest" not in tools and any(_tests_with_pytest(name, files, read) for name in _TEST_SETTINGS):
        tools.add("pytest")
    return frozenset(tools)


# The files that pytest reads settings from beside its own and pyproject.toml, and the section that is its own there.
_TEST_SETTINGS = {"tox.ini": "pytest", "setup.cfg": "tool:pytest"}
# tox's own environments (tox 4, "testenv" and "testenv:NAME") and where they say what is installed and what is run.
_TEST_KEYS = frozenset(("deps", "commands", "commands_pre"))


def _tests_with_pytest(name: str, files: frozenset[str], read: Callable[[str], bytes | None]) -> bool:
    """Say whether an INI file has settings for pytest, or has tox install it or run it."""
    content = (read(name) or b"") if name in files else b""
    if b"pytest" not in content and b"py.test" not in content:
        return False
    for section, key, value in _ini_values(content.decode("utf-8", "replace")):
        if section == _TEST_SETTINGS[name]:
            return True
        # py39: pytest>=7, python -m pytest, {envbindir}/pytest; not pytest-cov, which may be there for something else
        words = value.replace("/", " ").split()
        is_named = any(distribution_name(word) in ("pytest", "py.test") for word in words)
        if section.startswith("testenv") and key in _TEST_KEYS and is_named:
            return True
    return False


def _ini_values(text: str) -> Iterable[tuple[str, str, str]]:
    """Yield section, key and value for each line of an INI file; a key's further lines are indented (configparser)."""
    section = key = ""
    for line in text.splitlines():
        if not line.strip() or line.lstrip()[:1] in ("#", ";"):
            continue
        if line[:1].isspace():
            yield section, key, line.strip()
        elif line.startswith("["):
            section, key = line[1:].partition("]")[0], ""
            yield section, "", ""
        else:
            found, _, value = line.partition("=") if "=" in line else line.partition(":")
            key = found.strip().lower()
            yield section, key, value.strip()


def required_names(pyproject: dict[str, Any]) -> Iterable[str]:
    """Yield the lower-case names of the distributions that a pyproject requires anywhere (PEP 508, PEP 735)."""
    project = at(pyproject, "project")
    lists = [project.get("dependencies"), *at(project, "optional-dependencies").values()]
    lists += at(pyproject, "dependency-groups").values()
    for requirements in lists:
        for requirement in requirements if isinstance(requirements, list) else ():
            if isinstance(requirement, str):
                yield distribution_name(requirement)


def distribution_name(requirement: str) -> str:
    """Return the lower-case distribution name at the start of a requirement (PEP 508)."""
    end = next((i for i, c in enumerate(requirement) if not (c.isalnum() or c in "-_.")), len(requirement))
    return requirement[:end].lower()
