"""Imports with a fallback for Pythons that are no longer supported: the one that is taken stays."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from bootstrap.code.library import has, lacks
from bootstrap.code.module import (
    block,
    blocks,
    end_of,
    indent_of,
    is_kept_by_its_author,
    is_meant,
    makes_the_function,
    meaning,
    opened,
    put,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bootstrap.code.module import Module
    from bootstrap.policy import Minor

_FAILURES = (
    "ImportError",
    "ModuleNotFoundError",
    "(ImportError, ModuleNotFoundError)",
    "(ModuleNotFoundError, ImportError)",
)


def without_dead_fallbacks(text: str, floor: Minor, own: frozenset[str] = frozenset()) -> str:
    """Return a module in which `try: import ... except ImportError: ...` is the import that every Python takes.

    That is done only where the standard library is certain to have what is tried, or certain not to. `own` are the
    names of the repository's modules: what they are called says nothing about the standard library.
    """
    module, done = opened(text), 0
    while module is not None:
        for held, statement in blocks(module.tree):
            if statement.lineno > done and isinstance(statement, ast.Try):
                edited = _edited(module, held, statement, floor, own)
                if edited is not None:
                    break
                done = statement.lineno
        else:
            return module.text
        module = opened(edited)
    return text


def taken(statement: ast.Try, floor: Minor, own: frozenset[str]) -> Sequence[ast.stmt] | None:
    """Return the block that every Python from `floor` on comes to; None where that is not certain."""
    fails = [handler.type is not None and ast.unparse(handler.type) in _FAILURES for handler in statement.handlers]
    if not fails or not all(fails) or statement.orelse or statement.finalbody:
        return None
    if all(_works(one, floor, own) for one in statement.body):
        return statement.body
    first, handler = statement.body[0], statement.handlers[0]
    if _fails(first, floor, own) and len(statement.handlers) == 1 and handler.name is None:
        return handler.body
    return None


def _works(statement: ast.stmt, floor: Minor, own: frozenset[str]) -> bool:
    return bool(_imports(statement)) and all(
        module.partition(".")[0] not in own and has(module, names, floor) for module, names in _imports(statement)
    )


def _fails(statement: ast.stmt, floor: Minor, own: frozenset[str]) -> bool:
    return any(
        module.partition(".")[0] not in own and lacks(module, names, floor) for module, names in _imports(statement)[:1]
    )


def _imports(statement: ast.stmt) -> list[tuple[str, tuple[str, ...]]]:
    """Return what a statement imports, by module; nothing where it does anything else."""
    if isinstance(statement, ast.Import):
        return [(alias.name, ()) for alias in statement.names]
    if isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
        return [(statement.module, tuple(alias.name for alias in statement.names))]
    return []


def _edited(module: Module, held: list[ast.stmt], statement: ast.Try, floor: Minor, own: frozenset[str]) -> str | None:
    body = taken(statement, floor, own)
    if body is None or is_kept_by_its_author(module.lines[statement.lineno - 1]):
        return None
    if makes_the_function([statement]) != makes_the_function(body):
        return None
    indent = indent_of(module.lines[statement.lineno - 1])
    end = end_of(module, statement.end_lineno or statement.lineno, indent)
    if body is statement.body:
        header, last = statement.lineno, _before(module, statement.handlers[0].lineno, indent)
    else:
        header, last = statement.handlers[0].lineno, end
    lines = block(module, header, body, last, indent)
    text = put(module, statement.lineno, end, lines)
    return text if is_meant(text, meaning(module.tree, held, [statement], body)) else None


def _before(module: Module, handler: int, indent: str) -> int:
    """Return the last line of the block before an `except`: comments above that stand no deeper speak of that."""
    number = handler - 1
    while number > 1:
        line = module.lines[number - 1]
        if line.strip() and not (line.lstrip().startswith("#") and len(indent_of(line)) <= len(indent)):
            break
        number -= 1
    return number
