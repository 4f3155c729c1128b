"""Expressions that choose by the running Python: what every supported one chooses stays."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from bootstrap.code.module import is_kept_by_its_author, is_meant, makes_the_function, opened
from bootstrap.code.verdict import constants, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bootstrap.code.module import Module
    from bootstrap.policy import Minor


def without_dead_choices(text: str, floor: Minor) -> str:
    """Return a module in which `a if sys.version_info >= (3, 8) else b` is `a`.

    One with a comment in it, or whose line says `# noqa: UP036`, is left alone, and so is what could not be shown to be
    what was meant.
    """
    module = opened(text)
    while module is not None:
        edited = next(_edits(module, floor), None)
        if edited is None:
            return module.text
        module = opened(edited)
    return text


def _edits(module: Module, floor: Minor) -> Iterator[str]:
    """Yield the texts that one edit each would make."""
    known = constants(module.tree, floor)
    for parent in ast.walk(module.tree):
        for field, value in ast.iter_fields(parent):
            for node in value if isinstance(value, list) else [value]:
                answer = verdict(node.test, floor, known) if isinstance(node, ast.IfExp) else None
                chosen = node.body if answer else node.orelse if answer is False else None
                if chosen is not None and makes_the_function([node]) == makes_the_function([chosen]):
                    edited = _edited(module, node, chosen)
                    if edited is not None and is_meant(edited, _meaning(module.tree, parent, field, node, chosen)):
                        yield edited


def _edited(module: Module, node: ast.IfExp, chosen: ast.expr) -> str | None:
    """Return the text with what is chosen in the place of the choice; None where more than that would go."""
    lines = [line.encode() for line in module.lines]
    last = (node.end_lineno or node.lineno) - 1
    before = b"".join((*lines[: node.lineno - 1], lines[node.lineno - 1][: node.col_offset])).decode()
    after = b"".join((lines[last][node.end_col_offset or 0 :], *lines[last + 1 :])).decode()
    whole = module.text[len(before) : len(module.text) - len(after)]
    segment = ast.get_source_segment(module.text, chosen)
    if segment is None or "#" in whole or is_kept_by_its_author(module.lines[node.lineno - 1]):
        return None
    return before + segment + after


def _meaning(tree: ast.Module, parent: ast.AST, field: str, old: ast.expr, new: ast.expr) -> str:
    """Return what a tree says with one expression in the place of another."""
    held = getattr(parent, field)
    setattr(parent, field, [new if one is old else one for one in held] if isinstance(held, list) else new)
    said = ast.dump(tree)
    setattr(parent, field, held)
    return said
