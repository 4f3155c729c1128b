"""What a noxfile installs for the tests, as far as it writes that out. It is parsed, and never run.

Source: nox's documentation of `session.install` (https://nox.thea.codes/en/stable/config.html).
"""

from __future__ import annotations

import ast
import re
import warnings
from typing import TYPE_CHECKING

from bootstrap.setup.dependencies import needs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bootstrap.model import Repository
    from bootstrap.setup.dependencies.needs import Needs

    Reader = Callable[[str], bytes | None]

FILE = "noxfile.py"
_TESTING = re.compile(r"^_?(?:run_)?(?:tests?|unit|pytest|cover(?:age)?|default|suite)(?:_|$|s$)", re.IGNORECASE)


def needs_of(repository: Repository, read: Reader) -> Needs:
    """Return what the first session that runs the tests installs; nothing where there is none."""
    if FILE not in repository.files:
        return needs.NOTHING
    try:
        with warnings.catch_warnings(action="ignore"):  # what Python thinks of its escapes is no matter of ours
            tree = ast.parse((read(FILE) or b"").decode("utf-8-sig", "replace"))
    except (SyntaxError, ValueError, RecursionError):
        return needs.NOTHING
    constants = _constants(tree)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    for function in sorted(functions, key=lambda node: not _TESTING.match(node.name)):
        if _TESTING.match(function.name) or _runs_tests(function):
            found = [needs.of_words(words) for words in _installed(function, constants)]
            whole = needs.together(found, FILE)
            if not whole.is_empty:
                return whole
    return needs.NOTHING


def _runs_tests(function: ast.FunctionDef) -> bool:
    words = {node.value for node in ast.walk(function) if isinstance(node, ast.Constant)}
    return "pytest" in words


def _installed(function: ast.FunctionDef, constants: dict[str, list[str]]) -> Iterator[list[str]]:
    """Yield the words that each `session.install(...)` gives, and the groups of `session.run("uv", "sync", ...)`."""
    for node in ast.walk(function):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        words = [word for argument in node.args for word in _written(argument, constants)]
        if node.func.attr == "install":
            yield words
        elif node.func.attr in ("run", "run_install", "run_always") and words[:2] == ["uv", "sync"]:
            yield list(_synced(words[2:]))


def _synced(words: list[str]) -> Iterator[str]:
    """Yield the groups and extras of `uv sync`, as pip's command line has them."""
    for word, value in zip(words, [*words[1:], ""], strict=True):
        if word in ("--group", "--only-group", "--extra"):
            yield from (word.replace("--only-", "--"), value)
        elif word.startswith(("--group=", "--extra=")) or word == "--all-extras":
            yield word


def _written(argument: ast.expr, constants: dict[str, list[str]]) -> list[str]:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return [argument.value]
    if isinstance(argument, ast.Starred):
        return _written(argument.value, constants)
    if isinstance(argument, ast.Name):
        return constants.get(argument.id, [])
    if isinstance(argument, ast.List | ast.Tuple):
        return [word for item in argument.elts for word in _written(item, constants)]
    return []


def _constants(tree: ast.Module) -> dict[str, list[str]]:
    """Return the strings and lists of strings that have a name at the top of the file."""
    found: dict[str, list[str]] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = _written(node.value, found)
    return found
