"""The settings that pytest takes from a part, carried to the root: there it would no longer look into the part."""

from __future__ import annotations

import posixpath
import shlex
from typing import TYPE_CHECKING, Any, NamedTuple

from bootstrap.adopt.commands import shadows, text_of
from bootstrap.adopt.installed import installation
from bootstrap.adopt.tables import loaded, table_of
from bootstrap.expression import expression

if TYPE_CHECKING:
    from bootstrap.adopt.model import Tree

TABLE = "tool.pytest.ini_options"

_SECTIONS = {"setup.cfg": "tool:pytest"}
# What is known to mean the same wherever it stands, by its kind: as it is, words, lines.
_PLAIN = ("console_output_style", "junit_family", "log_cli", "log_cli_level", "log_level", "minversion", "xfail_strict")
_WORDS = ("norecursedirs", "python_classes", "python_files", "python_functions")
_LINES = ("filterwarnings", "markers")
_OF_PLUGINS = ("asyncio_default_fixture_loop_scope", "asyncio_mode", "timeout")
"""What only a plugin knows: where each part has an environment of its own, another one may be without it."""
_FLAG = expression(
    r"-[qvl]+|-r\w+|--(?:strict|strict-markers|strict-config|showlocals|disable-warnings)"
    r"|--(?:tb|color|durations|maxfail)=[\w-]+"
)
_COMMENT = expression(r"\s[#;]")


class Carried(NamedTuple):
    """What pytest has to be told at the root."""

    origin: str
    """The file in which a part says it."""
    rows: dict[str, str | bool | list[str]]


def carried(tree: Tree) -> Carried | None:
    """Return what the root has to tell pytest, so that what tests several parts goes on; None where that is not sure.

    All such commands have to take the same settings. A conftest.py above those would be read from now on.
    """
    found = set(shadows(tree))
    if len(found) != 1:
        return None
    ((origin, folders),) = found
    above = posixpath.dirname(origin).split("/")[:-1]
    is_read_anew = any("/".join((*above[:at], "conftest.py")) in tree.paths for at in range(len(above) + 1))
    settings = _settings(tree, origin) if not is_read_anew else None
    if settings is None:
        return None
    has_one_environment = installation(tree) is not None
    rows: dict[str, str | bool | list[str]] = {}
    for key, value in settings.items():
        row = _row(key, value, posixpath.dirname(origin))
        if row is None or (key in _OF_PLUGINS and not has_one_environment):
            return None
        rows |= {key: row} if key != "testpaths" else {}
    # The folders of the command, which goes before the part's own `testpaths`: `pytest` alone does what it does.
    return Carried(origin, {**rows, "testpaths": list(folders)})


def _settings(tree: Tree, path: str) -> dict[str, str | list[str]] | None:
    """Return what a file tells pytest; None where it is in a form that is not understood here."""
    name = posixpath.basename(path)
    if not name.endswith(".toml"):
        return _of_ini(text_of(tree, path), _SECTIONS.get(name, "pytest"))
    data = loaded(tree.read(path)) if name == "pyproject.toml" else None
    table = table_of(data, "pytest") if data is not None else None
    options: Any = table.get("ini_options") if table is not None and list(table) == ["ini_options"] else None
    is_known = isinstance(options, dict) and all(isinstance(one, str | list) for one in options.values())
    return options if is_known else None


def _of_ini(text: str, section: str) -> dict[str, str | list[str]] | None:
    import configparser  # noqa: PLC0415 - few repositories need it

    parser = configparser.RawConfigParser(strict=True)
    try:
        parser.read_string(text)
    except configparser.Error:
        return None
    found = dict(parser[section]) if parser.has_section(section) else {}
    # pytest keeps a comment behind a value as a part of it, and whoever wrote it thought otherwise
    return None if any(_COMMENT.search(value) for value in found.values()) else {**found}


def _words(value: str) -> list[str]:
    """Return the words of a value as pytest parts them; where it would fail, one that is no option of this module."""
    try:
        return shlex.split(value)
    except ValueError:
        return ["/"]


def _row(key: str, value: str | list[str], folder: str) -> str | bool | list[str] | None:
    """Return a setting as it is said at the root; None for one that may mean something else there."""
    if key in (*_PLAIN, *_OF_PLUGINS) and isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower(), value)
    if key in _LINES:
        return value if isinstance(value, list) else [line.strip() for line in value.split("\n") if line.strip()]
    words = value if isinstance(value, list) else _words(value)
    if key == "pythonpath" and words != ["/"]:
        return [posixpath.normpath(posixpath.join(folder, word)) for word in words]
    if key == "addopts":
        return words if all(_FLAG.fullmatch(word) for word in words) else None
    return words if key == "testpaths" or (key in _WORDS and not any("/" in word for word in words)) else None
