"""The text of a module and its tree, and how a block takes the place of the statement around it."""

from __future__ import annotations

import ast
import re
import tokenize
import warnings
from io import StringIO
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
# What a comment says to a tool about the line that goes, and not to people; and what only repeats the condition.
_DIRECTIVE = re.compile(
    r"#\s*(?:type:|noqa|pragma|pylint|pyright|mypy|fmt:|isort|ruff|nosec)|(?i:.*\bpy(?:thon)?\W*\d)"
)
_NOQA = re.compile(r"(?i)#\s*noqa(?!\s*:)|#\s*noqa\s*:[^#]*\bUP036\b|#\s*devstrap:\s*ignore")
# https://docs.astral.sh/ruff/linter/#error-suppression
_WHOLE = re.compile(r"(?im)^[ \t]*#\s*(?:ruff|flake8)\s*:\s*noqa\s*(?:$|:[^#\n]*\bUP(?:036)?\b)")


class Module(NamedTuple):
    """A module that can be parsed."""

    text: str
    lines: tuple[str, ...]
    """With their ends; line 1 is the first."""
    tree: ast.Module
    quoted: frozenset[int]
    """The lines, from 1, that begin within a string: their indentation is part of it."""

    @property
    def newline(self) -> str:
        """How lines end here."""
        return next((line[len(line.rstrip("\r\n")) :] for line in self.lines if line.rstrip("\r\n") != line), "\n")


def parsed(text: str) -> ast.Module | None:
    """Return the tree of a text, or None where this Python cannot parse it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def opened(text: str) -> Module | None:
    """Return a module with what is needed to edit it; None where it cannot be parsed."""
    tree = parsed(text)
    if tree is None:
        return None
    try:
        return Module(text, tuple(_LINES.findall(text)), tree, frozenset(_within_strings(text)))
    except (tokenize.TokenError, SyntaxError):
        return None


def _within_strings(text: str) -> Iterator[int]:
    for token in tokenize.generate_tokens(StringIO(text, newline=None).readline):
        if tokenize.tok_name[token.type].endswith(("STRING", "STRING_MIDDLE")):
            yield from range(token.start[0] + 1, token.end[0] + 1)


def indent_of(line: str) -> str:
    """Return what a line begins with."""
    return line[: len(line) - len(line.lstrip(" \t\f"))]


def is_kept_by_its_author(line: str) -> bool:
    """Say whether a line asks that nobody takes its condition out: `# noqa: UP036`, `# devstrap: ignore`."""
    return _NOQA.search(line) is not None


def is_left_to_its_author(text: str) -> bool:
    """Say whether a whole module asks for that."""
    return _WHOLE.search(text) is not None


def end_of(module: Module, last: int, indent: str) -> int:
    """Return the line with which a statement ends that ends on `last`: comments that stand deeper belong to it."""
    end = last
    for number in range(last + 1, len(module.lines) + 1):
        line = module.lines[number - 1]
        if not line.strip():
            continue
        if not line.lstrip().startswith("#") or len(indent_of(line)) <= len(indent):
            break
        end = number
    return end


def block(module: Module, header: int, body: Sequence[ast.stmt], end: int, indent: str) -> list[str]:
    """Return the lines of a body, which end at `end`, as they stand where the statement around them stood."""
    first = body[0]
    heading = _heading(module, header, first, indent)
    if first.lineno <= header or _shares_a_line(module, first):
        line = module.lines[first.lineno - 1].encode()
        opening = indent + line[first.col_offset :].decode()
        return [opening, *module.lines[first.lineno : end]]
    start = _after_header(module, header, first)
    deep = indent_of(module.lines[first.lineno - 1])
    moved = [_dedented(module, number, deep, indent) for number in range(start, end + 1) if number <= len(module.lines)]
    while moved and not moved[0].strip():
        del moved[0]
    return [*heading, *moved]


def _shares_a_line(module: Module, first: ast.stmt) -> bool:
    """Say whether a statement stands behind the colon that opens its block."""
    line = module.lines[first.lineno - 1].encode()
    return bool(line[: first.col_offset].strip())


def _after_header(module: Module, header: int, first: ast.stmt) -> int:
    """Return the line after the colon; a condition may take several."""
    decorators: list[ast.expr] = getattr(first, "decorator_list", [])
    top = min([first.lineno, *(one.lineno for one in decorators)])
    number = top - 1
    while number > header and (not module.lines[number - 1].strip() or _is_comment(module, number)):
        number -= 1
    return number + 1


def _is_comment(module: Module, number: int) -> bool:
    return number not in module.quoted and module.lines[number - 1].lstrip().startswith("#")


def _heading(module: Module, header: int, first: ast.stmt, indent: str) -> list[str]:
    """Return what is said behind the colon to people, as a line of its own."""
    number = _after_header(module, header, first) - 1
    if first.lineno <= number or number < 1:
        return []
    comment = re.search(r":\s*(#.*)", module.lines[number - 1].rstrip("\r\n"))
    if comment is None or _DIRECTIVE.match(comment[1]):
        return []
    return [indent + comment[1] + module.newline]


def _dedented(module: Module, number: int, deep: str, indent: str) -> str:
    line = module.lines[number - 1]
    if number in module.quoted or not line.strip():
        return line
    if line.startswith(deep):
        return indent + line[len(deep) :]
    return indent + line.lstrip(" \t") if _is_comment(module, number) else line


def put(module: Module, first: int, last: int, lines: Sequence[str]) -> str:
    """Return the text with other lines from `first` to `last`; where nothing is left, no blank lines pile up."""
    before, after = list(module.lines[: first - 1]), list(module.lines[last:])
    if not lines:
        after = _closed_up(before, after)
    inner = list(lines)
    while inner and not inner[-1].strip():
        inner.pop()
    if inner and after and not inner[-1].endswith(("\n", "\r")):
        inner[-1] += module.newline
    return "".join((*before, *inner, *after))


def _closed_up(before: list[str], after: list[str]) -> list[str]:
    """Return the lines after a gap without the blank ones that would pile up there: none where a block begins."""
    spare = blank(reversed(before)) if before and not before[-1].rstrip().endswith(":") else len(after)
    return after[min(spare, blank(after)) :]


def blank(lines: Iterable[str]) -> int:
    """Return with how many blank lines some lines begin."""
    count = 0
    for line in lines:
        if line.strip():
            break
        count += 1
    return count


def meaning(tree: ast.Module, held: list[ast.stmt], old: Sequence[ast.stmt], new: Sequence[ast.stmt]) -> str:
    """Return what a tree says once other statements stand in the place of some in its block."""
    saved = list(held)
    at = held.index(old[0])
    held[at : at + len(old)] = new
    if not held and held is not tree.body:
        held.append(ast.Pass())
    said = ast.dump(tree)
    held[:] = saved
    return said


def makes_the_function(nodes: Iterable[ast.AST]) -> int:
    """Return how often something occurs that counts although it is never reached: `yield`, `global`, `nonlocal`."""
    kinds = (ast.Yield, ast.YieldFrom, ast.Global, ast.Nonlocal)
    return sum(isinstance(node, kinds) for one in nodes for node in ast.walk(one))


def is_meant(text: str, said: str) -> bool:
    """Say whether a text says that, and nothing else."""
    tree = parsed(text)
    return tree is not None and ast.dump(tree) == said


def blocks(tree: ast.Module) -> Iterator[tuple[list[ast.stmt], ast.stmt]]:
    """Yield every statement with the block that it stands in, from the top to the bottom."""
    pairs = [
        (held, statement)
        for node in ast.walk(tree)
        for _, held in ast.iter_fields(node)
        if isinstance(held, list)
        for statement in held
        if isinstance(statement, ast.stmt)
    ]
    yield from sorted(pairs, key=lambda pair: (pair[1].lineno, pair[1].col_offset))
