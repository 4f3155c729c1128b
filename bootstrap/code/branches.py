"""Branches that no supported Python takes any more: out they go, and what remains moves to their place."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, NamedTuple

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
from bootstrap.code.verdict import constants, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bootstrap.code.module import Module
    from bootstrap.policy import Minor

_COLON = re.compile(r":[ \t]*(?:#[^\r\n]*)?[\r\n]*$")
_ELSE = re.compile(r"[ \t\f]*else[ \t]*:")
_ENDS = ("sys.exit", "exit", "quit", "os._exit")
_SKIPS = ("SkipTest", "Skipped", "skip")


class Segment(NamedTuple):
    """One branch of an `if`: its condition, None for `else`; its header's line; its body; its first and last line."""

    test: ast.expr | None
    header: int
    body: list[ast.stmt]
    first: int
    last: int


def without_dead_branches(text: str, floor: Minor) -> str:
    """Return a module without the branches that no Python from `floor` on takes.

    Comments of what is left stay. An `if` is left alone where its line says `# noqa: UP036`, and where the result could
    not be shown to be what was meant.
    """
    module, done = opened(text), 0
    while module is not None:
        known = constants(module.tree, floor)
        for held, statement in blocks(module.tree):
            if statement.lineno > done and isinstance(statement, ast.If) and not _is_elif(module, statement):
                edited = _edited(module, held, statement, floor, known)
                if edited is not None:
                    break
                done = statement.lineno
        else:
            return module.text
        module = opened(edited)
    return text


def is_guard(statement: ast.If, floor: Minor) -> bool:
    """Say whether an `if` turns older Pythons away: its branch is never taken any more, and that is its purpose."""
    last = statement.body[-1]
    if verdict(statement.test, floor) is not False or statement.orelse:
        return False
    if isinstance(last, ast.Raise):
        return last.exc is not None and not any(word in ast.unparse(last.exc) for word in _SKIPS)
    is_call = isinstance(last, ast.Expr) and isinstance(last.value, ast.Call)
    return is_call and ast.unparse(last).partition("(")[0] in _ENDS


def turns_away(tree: ast.Module, floor: Minor) -> bool:
    """Say whether a module refuses older Pythons: then they have to be able to read it."""
    return any(isinstance(node, ast.If) and is_guard(node, floor) for node in tree.body)


def _is_elif(module: Module, statement: ast.If) -> bool:
    return module.lines[statement.lineno - 1][len(indent_of(module.lines[statement.lineno - 1])) :].startswith("elif")


def _edited(
    module: Module, held: list[ast.stmt], statement: ast.If, floor: Minor, known: Mapping[str, bool]
) -> str | None:
    """Return the text without the dead branches of one `if`, or None where there are none, or it is not certain."""
    segments = list(_segments(module, statement))
    answers = [True if one.test is None else verdict(one.test, floor, known) for one in segments]
    if all(answer is None for answer, one in zip(answers, segments, strict=True) if one.test is not None):
        return None
    is_asked_to_stay = any(one.header < 1 or is_kept_by_its_author(module.lines[one.header - 1]) for one in segments)
    if is_asked_to_stay or (held is module.tree.body and is_guard(statement, floor)):
        return None
    alive = _alive(segments, answers)
    meant = _meant(alive)
    old = [statement, *_never_reached(module, held, statement, meant)]
    if makes_the_function(old) != makes_the_function(meant):
        return None
    indent = indent_of(module.lines[statement.lineno - 1])
    lines = _lines(module, alive, indent)
    if not alive and len(held) == 1 and held is not module.tree.body:
        lines = [f"{indent}pass{module.newline}"]
    last = segments[-1].last if len(old) == 1 else end_of(module, old[-1].end_lineno or old[-1].lineno, indent)
    text = put(module, statement.lineno, last, lines)
    return text if is_meant(text, meaning(module.tree, held, old, meant)) else None


def _never_reached(module: Module, held: list[ast.stmt], statement: ast.If, meant: list[ast.stmt]) -> list[ast.stmt]:
    """Return what follows in a block that is now left before: `if NEW: return a` makes what stood for others dead."""
    is_end = bool(meant) and isinstance(meant[-1], (ast.Return, ast.Raise, ast.Continue, ast.Break))
    return held[held.index(statement) + 1 :] if is_end and held is not module.tree.body else []


def _alive(segments: list[Segment], answers: list[bool | None]) -> list[Segment]:
    """Return the branches that may be taken; the first that always is takes the place of what follows."""
    kept: list[Segment] = []
    for one, answer in zip(segments, answers, strict=True):
        if answer is None:
            kept.append(one)
        elif answer:
            kept.append(one._replace(test=None))
            break
    return kept


def _meant(alive: list[Segment]) -> list[ast.stmt]:
    """Return the statements that the branches come to."""
    rest: list[ast.stmt] = []
    for one in reversed(alive):
        rest = list(one.body) if one.test is None else [ast.If(one.test, list(one.body), rest)]
    return rest


def _lines(module: Module, alive: list[Segment], indent: str) -> list[str]:
    if alive and alive[0].test is None:
        one = alive[0]
        return [*_above(module, one, indent), *block(module, one.header, one.body, one.last, indent)]
    lines: list[str] = []
    for number, one in enumerate(alive):
        own = list(module.lines[one.first - 1 : one.last])
        at = one.header - one.first
        own[at] = _renamed(own[at], one, is_first=number == 0)
        lines += own
    return lines


def _above(module: Module, one: Segment, indent: str) -> list[str]:
    """Return the comments above an `else`, which speak of it."""
    return [indent + line.lstrip(" \t") for line in module.lines[one.first - 1 : one.header - 1] if line.strip()]


def _renamed(line: str, one: Segment, *, is_first: bool) -> str:
    """Return the line of a branch that became the first, or the last."""
    indent, rest = indent_of(line), line.lstrip(" \t\f")
    if one.test is None and not rest.startswith("else"):
        colon = _COLON.search(line)
        return line if colon is None else f"{indent}else{colon[0]}"
    return indent + rest.removeprefix("el") if is_first and rest.startswith("elif") else line


def _segments(module: Module, statement: ast.If) -> Iterator[Segment]:
    """Yield the branches of an `if`, each with its lines; a header that cannot be found is 0."""
    indent = indent_of(module.lines[statement.lineno - 1])
    end = end_of(module, statement.end_lineno or statement.lineno, indent)
    heads = list(_heads(module, statement))
    starts = [heads[0][0], *(_start(module, head, indent) for head, *_ in heads[1:])]
    for number, (head, test, body) in enumerate(heads):
        last = starts[number + 1] - 1 if number + 1 < len(heads) else end
        yield Segment(test, head, body, starts[number], last)


def _heads(module: Module, statement: ast.If) -> Iterator[tuple[int, ast.expr | None, list[ast.stmt]]]:
    yield statement.lineno, statement.test, statement.body
    rest = statement.orelse
    if len(rest) == 1 and isinstance(rest[0], ast.If) and _is_elif(module, rest[0]):
        yield from _heads(module, rest[0])
    elif rest:
        numbers = range(statement.body[-1].end_lineno or 0, rest[0].lineno + 1)
        found = [number for number in numbers if _ELSE.match(module.lines[number - 1])]
        yield (found[-1] if found else 0), None, rest


def _start(module: Module, header: int, indent: str) -> int:
    """Return the first line of what belongs to a branch: comments right above that stand no deeper than it."""
    number = header
    while number > 1:
        line = module.lines[number - 2]
        if not line.lstrip().startswith("#") or len(indent_of(line)) > len(indent):
            break
        number -= 1
    return number
