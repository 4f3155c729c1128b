r"""pre-commit's `exclude: ^bootstrap\.py$`: for hooks that would rewrite the file, and heed no word in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bootstrap.adopt.precommit import is_read_as, value
from bootstrap.adopt.text import Splice
from bootstrap.adopt.wrapper import PATH
from bootstrap.syntax.tree import Scalar, Table

if TYPE_CHECKING:
    from bootstrap.adopt.precommit import Config

KEY = "exclude"
PATTERN = r"^bootstrap\.py$"
# What its own words, as the wrapper has them, do not keep from rewriting it or complaining of it.
UNHEEDING = frozenset(
    (
        *("add-trailing-comma", "darglint", "detect-secrets", "docformatter", "double-quote-string-fixer", "eradicate"),
        *("fix-encoding-pragma", "flynt", "insert-license", "pycodestyle", "pydocstringformatter", "pydocstyle"),
        *("pyupgrade", "reorder-python-imports", "ssort", "unify", "vulture", "xenon"),
    )
)


def without_bootstrapper(config: Config) -> bytes | str | None:
    """Return the configuration with bootstrap.py left out, or why that cannot be, or None where no hook minds it."""
    names = [name for hook in config.hooks() if (name := _name(hook)) in UNHEEDING and _reaches(config.said, hook)]
    if not names:
        return None
    splice = _splice(config)
    present = config.said.get(KEY, "") if isinstance(config.said, dict) else ""
    after = config.text.spliced([splice]) if splice is not None else b""
    wanted = f"{present}|{PATTERN}" if present else PATTERN
    if splice is None or not is_read_as(after, _with(config.said, wanted)):
        return f"{names[0]} would not leave {PATH} as it is: have {KEY} match {PATTERN} too"
    return after


def _name(hook: dict[str, Any]) -> str:
    """Return what a hook is; one of the repository's own may be called anything, and starts a program."""
    name = str(hook.get("id"))
    words = str(hook.get("entry", "")).replace("/", " ").split()
    return name if name in UNHEEDING else next((word for word in words if word in UNHEEDING), name)


def _reaches(said: Any, hook: dict[str, Any]) -> bool:
    """Say whether a hook gets bootstrap.py to see."""
    tables = (hook, said if isinstance(said, dict) else {})
    return all(_matches(table.get("files", "")) for table in tables) and not any(
        table.get(KEY) and _matches(table[KEY]) for table in tables
    )


def _matches(pattern: object) -> bool:
    """Say whether a pattern fits bootstrap.py, as pre-commit looks for it; with one that is none it refuses to run."""
    try:
        return re.search(str(pattern), PATH) is not None
    except re.error:
        return True


def _splice(config: Config) -> Splice | None:
    """Return the line that says it: one before `repos`, or the one that excludes something already."""
    present, root = value(config.root, KEY), config.root
    if present is None and isinstance(root, Table) and not root.is_flow:
        at = next((config.line(one.key.outer_start) for one in root.members if one.name == "repos"), None)
        return None if at is None else Splice(at, at, (f"{KEY}: {PATTERN}",))
    if not isinstance(present, Scalar) or present.quote not in ("", "'") or not present.text:
        return None
    number = config.line(present.start)
    start = config.data.rfind(b"\n", 0, present.start) + 1
    end = config.data.find(b"\n", present.end)
    rest = config.data[present.end : end if end >= 0 else None].decode().rstrip("\r")
    line = config.data[start : present.end].decode() + f"|{PATTERN}" + rest
    return Splice(number, number + 1, (line.removeprefix("\ufeff"),))


def _with(said: dict[str, Any], pattern: str) -> dict[str, Any]:
    """Return what is said with the pattern, which a new line says right before `repos`."""
    if KEY in said:
        return {**said, KEY: pattern}
    at = list(said).index("repos")
    items = list(said.items())
    return dict([*items[:at], (KEY, pattern), *items[at:]])
