"""Python modules: setup.py, noxfile.py, docs/conf.py and any other. Nothing of them is ever executed.

The standard library's ast says where things are, its tokenize gives the second opinion. `script_block` takes a script's
metadata (PEP 723) out, so that it can be read as TOML.
"""

from __future__ import annotations

import ast
import re
import sys
import warnings
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

from bootstrap.syntax.reading import BOM, malformed, refuse_binary
from bootstrap.syntax.tree import Member, Scalar, Series, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bootstrap.errors import MalformedFileError
    from bootstrap.syntax.tree import Node

KIND = "a Python module"
# Far more than anybody writes, and far less than what exhausts Python's stack.
DEEPEST = 100
DOCSTRING = '"""'

# The rest is mirrored to itself: == != in
MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
OPERATORS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}
RUNNING_VERSIONS = ("sys.version_info", "version_info", "platform.python_version_tuple", "python_version_tuple")

ASCII = bytes(range(128))
LINE_BREAK = re.compile(rb"\r\n|\r|\n")
LITERAL = re.compile(r"([A-Za-z]{0,2})('''|\"\"\"|'|\")")
BETWEEN_LITERALS = re.compile(r"(?:[ \t\f\r\n()\\]|#[^\r\n]*)+")
PLAIN_LITERAL = re.compile(r"('''|\"\"\"|'|\")([^\\]*)\1", re.DOTALL)
NAME = re.compile(r"[^\s.,:=()\[\]{}#\\]+", re.ASCII)
# Repeated without going back, so that a long string is read once.
BODIES = {
    "'": re.compile(r"(?:[^\\']+|\\.)*+", re.DOTALL),
    '"': re.compile(r'(?:[^\\"]+|\\.)*+', re.DOTALL),
    "'''": re.compile(r"(?:[^\\']+|\\.|'(?!''))*+", re.DOTALL),
    '"""': re.compile(r'(?:[^\\"]+|\\.|"(?!""))*+', re.DOTALL),
}
# In an f-string the backslash leaves braces alone, but for the name of a character.
RAW_EVENTS = {quote: re.compile(rf"\\[^{{}}]|{{{{|}}}}|{{|{quote}", re.DOTALL) for quote in BODIES}
EVENTS = {quote: re.compile(rf"\\N{{[^}}]*}}|{events.pattern}", re.DOTALL) for quote, events in RAW_EVENTS.items()}
# What an expression within an f-string can hold that matters to where it ends.
IN_EXPRESSION = re.compile(r"(?<![A-Za-z0-9_\x80-\xff])[A-Za-z]{1,2}(?=['\"])|['\"#(\[{:)\]}]")

END_OF_LINE = re.compile(r"[\r\n]")
BRACE = re.compile(r"[{}]")

# https://packaging.python.org/en/latest/specifications/inline-script-metadata/
COMMENT_SIGN = re.compile(rb"# ?")
BLOCK_START = b"# /// script"
BLOCK_LINE = re.compile(rb"#(?: .*)?")
BLOCK_END = b"# ///"
NOT_A_LINE_FEED = re.compile(rb"[^\n]")


def read(data: bytes, path: str | None = None) -> Table | None:
    """Return what a module assigns, calls and demands of the running Python, in the order in which it stands there.

    The members of the table, wherever in the module they stand:
    - `NAME`, an assignment of it, or of `x.NAME` or `x["NAME"]`; a loop over it and a parameter's default are such too;
    - `nox.session()`, a call as it is written, with a table of its arguments: "0", "1" and the keywords;
    - `sys.version_info <`, a comparison as if that stood on the left;
    - three double quotes, a string that stands for itself, as a docstring does.
    Strings and numbers are Scalars, and so is a tuple of numbers alone, (3, 8), or what is compared with a version.
    Lists, other tuples and sets are Series, dicts are Tables; a call within a value is a Table with one member. Any
    other expression, and any f-string or literals side by side, is a Series, not in flow, of the strings, numbers,
    lists and calls in it; what has none is left out.
    Raises MalformedFileError, also for Python 2 and for what is newer than the Python that runs this.
    """
    tree, source = _parsed(data, path)
    members = sorted(_Reader(source).members(tree), key=lambda member: member.start)
    if not members:
        return None
    return Table(members[0].start, max(member.end for member in members), tuple(members))


def load(data: bytes, path: str | None = None) -> list[str]:
    """Return the tokens without comments, blank lines and indentation, strings evaluated, as one flat list.

    A token takes two items, its type and its text: `["NAME", "x", "OP", "=", "STRING", "3.8", "NEWLINE", ""]`. So a
    path is one number, and does not agree with a path of `read`. Raises MalformedFileError.
    """
    import tokenize  # noqa: PLC0415

    ignored = {tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    tokens: list[str] = []
    try:
        text = StringIO(_decoded(_text(data, path))[0], newline=None)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for token in tokenize.generate_tokens(text.readline):
                if token.type == tokenize.STRING:
                    tokens += ("STRING", _evaluated(token.string))
                elif token.type not in ignored:
                    tokens += (tokenize.tok_name[token.type], token.string.strip("\n"))
    except tokenize.TokenError as error:
        raise malformed(KIND, error.args[0], path, error.args[1][0]) from None
    except SyntaxError as error:
        raise malformed(KIND, error.msg, path, error.lineno) from None
    except UnicodeDecodeError as error:
        raise _undecodable(data, path, error) from None
    except (LookupError, ValueError) as error:
        raise malformed(KIND, str(error), path) from None
    return tokens


def script_block(data: bytes, path: str | None = None) -> bytes | None:
    """Return the metadata of a script (PEP 723) as a TOML document in which every byte is where it is in the script.

    Blanks stand for the comment signs and for everything around the block, so that the spans, and the lines of errors,
    are those of the script. None when it has no such block. Raises MalformedFileError when it has more than one.
    """
    lines = data.split(b"\n")
    blocks = list(_blocks([line.removesuffix(b"\r") for line in lines]))
    if not blocks:
        return None
    if len(blocks) > 1:
        raise malformed(KIND, "it has more than one block of script metadata", path, blocks[1].start)
    (block,) = blocks
    return b"\n".join(
        COMMENT_SIGN.sub(_blanks, line, count=1) if number in block else NOT_A_LINE_FEED.sub(b" ", line)
        for number, line in enumerate(lines)
    )


def _blocks(lines: list[bytes]) -> Iterator[range]:
    """Yield the lines within each block: up to the last closing one of the comments that follow without a gap."""
    at = 0
    while at < len(lines):
        start, at = at, at + 1
        if lines[start] != BLOCK_START:
            continue
        end = None
        while at < len(lines) and BLOCK_LINE.fullmatch(lines[at]):
            end = at if lines[at] == BLOCK_END else end
            at += 1
        if end is not None:
            at = end + 1
            yield range(start + 1, end)


def _blanks(match: re.Match[bytes]) -> bytes:
    return b" " * len(match[0])


def _text(data: bytes, path: str | None) -> bytes:
    """Return what may be text, or raise MalformedFileError."""
    refuse_binary(KIND, data, path, "it is not a text file in an encoding like UTF-8")
    return data


def _evaluated(literal: str) -> str:
    """Return the text of a string literal; before Python 3.12 that of an f-string as it is written."""
    plain = PLAIN_LITERAL.fullmatch(literal)
    if plain:
        return plain[2]
    try:
        value = ast.literal_eval(literal)
    except (SyntaxError, ValueError):
        return literal
    return value if isinstance(value, str) else repr(value)


def _parsed(data: bytes, path: str | None) -> tuple[ast.Module, _Source]:
    """Return the module's tree and its text, or raise MalformedFileError."""
    try:
        text, codec = _decoded(_text(data, path))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text), _Source(data, codec, path)
    except SyntaxError as error:
        raise malformed(KIND, error.msg, path, error.lineno, error.offset) from None
    except UnicodeDecodeError as error:
        raise _undecodable(data, path, error) from None
    except (RecursionError, MemoryError):
        raise _too_deep(path) from None
    except (LookupError, ValueError) as error:
        raise malformed(KIND, str(error), path) from None


def _decoded(data: bytes) -> tuple[str, str]:
    """Return the text, and its encoding as the module declares it (PEP 263).

    Raises SyntaxError, LookupError, UnicodeDecodeError, and ValueError for what would make signs of Python out of parts
    of other characters.
    """
    import tokenize  # noqa: PLC0415

    codec = tokenize.detect_encoding(BytesIO(data).readline)[0]
    text = data.decode(codec)
    if not codec.startswith("utf-8") and (len(text) != len(data) or ASCII.decode(codec) != ASCII.decode()):
        raise ValueError(f"{codec} is neither UTF-8 nor an encoding of one byte for a character")
    return text, codec


def _undecodable(data: bytes, path: str | None, error: UnicodeDecodeError) -> MalformedFileError:
    return malformed(KIND, f"it is not {error.encoding}", path, data.count(b"\n", 0, error.start) + 1)


def _too_deep(path: str | None, line: int | None = None) -> MalformedFileError:
    return malformed(KIND, f"it is nested more than {DEEPEST} levels deep", path, line)


# ---- where things are -----------------------------------------------------------------------------------------------

STRINGS = tuple(getattr(ast, name) for name in ("JoinedStr", "TemplateStr") if hasattr(ast, name))
Located = ast.expr | ast.arg | ast.keyword


class _Source:
    """The text of a module, one character for every byte, and where its lines begin."""

    def __init__(self, data: bytes, codec: str, path: str | None) -> None:
        self.text = data.decode("latin-1")
        self.path = path
        # ast counts bytes of UTF-8, whatever the module is written in
        self._codec = None if codec.startswith("utf-8") or data.isascii() else codec
        self._lines = [len(BOM) if data.startswith(BOM) else 0, *(match.end() for match in LINE_BREAK.finditer(data))]

    def start(self, node: Located) -> int:
        """Return where a node begins."""
        return self._offset(node.lineno, node.col_offset)

    def end(self, node: Located) -> int:
        """Return where a node ends."""
        assert node.end_lineno is not None  # noqa: S101 - only trees that are made by hand have none
        assert node.end_col_offset is not None  # noqa: S101
        return self._offset(node.end_lineno, node.end_col_offset)

    def scalar(self, start: int, end: int, quote: str = "") -> Scalar:
        """Return what stands between two offsets, which has no quotes."""
        return Scalar(start, end, start, end, self.text[start:end], quote)

    def whole(self, node: Located, quote: str = "") -> Scalar:
        """Return a node as one piece of text."""
        return self.scalar(self.start(node), self.end(node), quote)

    def _offset(self, line: int, column: int) -> int:
        start = self._lines[line - 1]
        if self._codec is None:
            return start + column
        end = self._lines[line] if line < len(self._lines) else len(self.text)
        written = self.text[start:end].encode("latin-1").decode(self._codec).encode()
        return start + len(written[:column].decode())

    # ---- string literals

    def literals(self, start: int, end: int) -> Iterator[Scalar]:
        """Yield the constant parts of the string literals that stand there side by side."""
        at = start
        while True:
            between = BETWEEN_LITERALS.match(self.text, at, end)
            at = between.end() if between else at
            if at >= end:
                return
            parts, at = self._literal(at, 0)
            yield from parts

    def _literal(self, start: int, depth: int) -> tuple[list[Scalar], int]:
        """Return the constant parts of the literal that begins there, and where it ends."""
        opening = self._found(LITERAL.match(self.text, start), start)
        prefix, quote = opening[1].lower(), opening[2]
        if "f" in prefix or "t" in prefix:
            return self._parts(opening.end(), quote, depth, is_raw="r" in prefix)
        end = self._found(BODIES[quote].match(self.text, opening.end()), start).end()
        outer_end = end + len(quote)
        return [Scalar(opening.end(), end, start, outer_end, self.text[opening.end() : end], quote)], outer_end

    def _parts(self, start: int, quote: str, depth: int, *, is_raw: bool) -> tuple[list[Scalar], int]:
        """Return the parts of an f-string around its fields, and where the literal ends (PEP 701)."""
        parts: list[Scalar] = []
        at = start
        while True:
            event = self._found((RAW_EVENTS if is_raw else EVENTS)[quote].search(self.text, at), start)
            at = event.end()
            if event[0] not in (quote, "{"):
                continue
            if event.start() > start:
                parts.append(self.scalar(start, event.start(), quote))
            if event[0] == quote:
                return parts, at
            start = at = self._field(at, depth + 1)

    def _field(self, start: int, depth: int) -> int:
        """Return where the field of an f-string ends that begins there, behind its brace."""
        if depth > DEEPEST:
            raise _too_deep(self.path, self._line(start))
        at, level = start, 0
        while True:
            event = self._found(IN_EXPRESSION.search(self.text, at), start)
            what, at = event[0], event.end()
            if what == "#":
                at = self._found(END_OF_LINE.search(self.text, at), start).end()
            elif what == "}" and level == 0:
                return at
            elif what == ":" and level == 0:
                return self._format(at, depth)
            elif what in "([{":
                level += 1
            elif what in ")]}":
                level -= 1
            elif what != ":":
                at = self._literal(event.start(), depth)[1]

    def _format(self, start: int, depth: int) -> int:
        """Return where a field ends whose format begins there."""
        at = start
        while True:
            brace = self._found(BRACE.search(self.text, at), start)
            at = brace.end()
            if brace[0] == "}":
                return at
            at = self._field(at, depth + 1)

    def _found(self, match: re.Match[str] | None, at: int) -> re.Match[str]:
        """Return a match that a module without mistakes always has."""
        if match is None:
            raise malformed(KIND, "the string is not understood", self.path, self._line(at))
        return match

    def _line(self, offset: int) -> int:
        return sum(start <= offset for start in self._lines)


# ---- what they are --------------------------------------------------------------------------------------------------


class _Reader:
    """Takes a module's tree apart; only what is nested in values is gone into by recursion."""

    def __init__(self, source: _Source) -> None:
        self.source = source

    def members(self, root: ast.AST) -> Iterator[Member]:
        """Yield what the module says, in no particular order."""
        waiting = [root]
        while waiting:
            members, rest = self._step(waiting.pop())
            yield from members
            waiting += rest

    def _step(self, node: ast.AST) -> tuple[list[Member], Iterable[ast.AST]]:
        """Return what a node says, and the nodes in which there may be more."""
        match node:
            case ast.Call():
                return [self._call(node, 0)], _func_to_look_into(node)
            case ast.Compare() if _is_about_version(node):
                return self._comparisons(node, 0), ()
            case ast.Expr(value=value) if _is_string(value):
                start = self.source.start(value)
                return self._member(self.source.scalar(start, start), DOCSTRING, value, 0), ()
        members: list[Member] = []
        # of `a, b = x, y` each value is used
        used = [node.value] if isinstance(node, ast.Assign) else []
        for target, value in _assignments(node):
            members += self._member(*self._target(target), value, 0)
            used.append(value)
        return members, [child for child in ast.iter_child_nodes(node) if not any(child is value for value in used)]

    def _member(self, key: Scalar, name: str, value: ast.expr, depth: int) -> list[Member]:
        """Return the member of that name, or nothing when there is nothing to be seen in its value."""
        node = self._value(value, depth)
        return [] if node is None else [Member(key, name, node, key.outer_start, self.source.end(value))]

    def _target(self, target: ast.expr | ast.arg) -> tuple[Scalar, str]:
        """Return the key for what is assigned to, and its name."""
        match target:
            case ast.arg():
                start = self.source.start(target)
                return self.source.scalar(start, start + len(target.arg.encode())), target.arg
            case ast.Name():
                return self.source.whole(target), target.id
            case ast.Attribute():
                return self._attribute(target), target.attr
            case ast.Subscript(slice=ast.Constant(value=str(name)) as key):
                return self._key(key), name
        return self.source.whole(target), ast.unparse(target)

    def _attribute(self, node: ast.Attribute) -> Scalar:
        """Return the last name of `x.y.z`."""
        start, end = self.source.end(node.value), self.source.end(node)
        # there may be a bracket, a line break or a comment before it
        names = list(NAME.finditer(self.source.text, start, end))
        return self.source.scalar(names[-1].start(), end)

    def _key(self, node: ast.expr) -> Scalar:
        """Return a key of a dict, without its quotes if it has a single pair of them."""
        if _is_string(node):
            parts = list(self.source.literals(self.source.start(node), self.source.end(node)))
            if len(parts) == 1:
                return parts[0]
        return self.source.whole(node)

    def _value(self, node: ast.AST, depth: int) -> Node | None:
        """Return what a value comes down to, or None when there is nothing to be seen in it."""
        if depth > DEEPEST:
            raise _too_deep(self.source.path, getattr(node, "lineno", None))
        first, rest = self._direct(node, depth)
        found = [] if first is None else [first]
        waiting = list(rest)
        while waiting:
            one, rest = self._direct(waiting.pop(), depth)
            found += [] if one is None else [one]
            waiting += rest
        if first is not None and len(found) == 1:
            return first
        return self._series(node, found) if found else None

    def _series(self, node: ast.AST, found: list[Node]) -> Series:
        """Return the parts of an expression in the order of the text."""
        assert isinstance(node, ast.expr)  # noqa: S101 - nothing else is a value
        found.sort(key=lambda one: one.start)
        return Series(self.source.start(node), self.source.end(node), tuple(found), is_flow=False)

    def _direct(self, node: ast.AST, depth: int) -> tuple[Node | None, Iterable[ast.AST]]:
        """Return what a node is by itself, if anything, and the nodes in which there may be more."""
        match node:
            case ast.Constant() | ast.Tuple() if _is_number(node) or _is_version(node):
                return self.source.whole(node, "#"), ()
            case ast.expr() if _is_string(node):
                return self._string(node, depth), ()
            case ast.List() | ast.Tuple() | ast.Set():
                items = [self._value(item, depth + 1) for item in node.elts]
                start, end = self.source.start(node), self.source.end(node)
                return Series(start, end, tuple(item for item in items if item is not None)), ()
            case ast.Dict():
                return self._dict(node, depth), ()
            case ast.Call():
                call = self._call(node, depth)
                return Table(call.start, call.end, (call,)), _func_to_look_into(node)
            case ast.Compare() if _is_about_version(node):
                members = self._comparisons(node, depth)
                return Table(self.source.start(node), self.source.end(node), tuple(members)) if members else None, ()
        return None, ast.iter_child_nodes(node)

    def _string(self, node: ast.expr, depth: int) -> Node:
        found: list[Node] = list(self.source.literals(self.source.start(node), self.source.end(node)))
        if len(found) == 1 and isinstance(node, ast.Constant):
            return found[0]
        # Before Python 3.12, ast does not say where in an f-string its expressions are.
        if sys.version_info >= (3, 12):  # pragma: no branch
            for field in getattr(node, "values", ()):
                value = None if isinstance(field, ast.Constant) else self._value(field.value, depth + 1)
                found += [] if value is None else [value]
        return self._series(node, found)

    def _dict(self, node: ast.Dict, depth: int) -> Table:
        members: list[Member] = []
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                start = self.source.start(value)
                members += self._member(self.source.scalar(start, start), "**", value, depth + 1)
            else:
                scalar = self._key(key)
                name = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else scalar.text
                members += self._member(scalar, name, value, depth + 1)
        return Table(self.source.start(node), self.source.end(node), tuple(members), is_flow=True)

    def _call(self, node: ast.Call, depth: int) -> Member:
        """Return a call with the table of its arguments."""
        func_end, end = self.source.end(node.func), self.source.end(node)
        dotted = _dotted(node.func)
        if dotted:
            key, name = self.source.whole(node.func), dotted
        elif isinstance(node.func, ast.Attribute):
            key, name = self._attribute(node.func), node.func.attr
        else:
            key, name = self.source.scalar(func_end, func_end), ""
        members: list[Member] = []
        for index, argument in enumerate(node.args):
            start = self.source.start(argument)
            members += self._member(self.source.scalar(start, start), str(index), argument, depth + 1)
        for keyword in node.keywords:
            start = self.source.start(keyword)
            written = NAME.match(self.source.text, start)
            # of **keywords nothing but the stars is a name
            length = 2 if keyword.arg is None or written is None else len(written[0])
            members += self._member(
                self.source.scalar(start, start + length), keyword.arg or "**", keyword.value, depth + 1
            )
        members.sort(key=lambda member: member.start)
        table = Table(self.source.text.index("(", func_end), end, tuple(members), is_flow=True)
        return Member(key, f"{name}()", table, key.start, end)

    def _comparisons(self, node: ast.Compare, depth: int) -> list[Member]:
        """Return what a comparison demands of the running version, as if that stood on the left."""
        members = []
        operands = [node.left, *node.comparators]
        for left, operator, right in zip(operands, node.ops, operands[1:], strict=False):
            sign = OPERATORS[type(operator)]
            subject, other = left, right
            if not _is_running_version(left):
                subject, other, sign = right, left, MIRRORED.get(sign, sign)
            value = self._demanded(other, depth)
            if value is not None and _is_running_version(subject):
                ends = self.source.end(subject), self.source.end(other)
                starts = self.source.start(subject), self.source.start(other)
                name = f"{ast.unparse(subject)} {sign}"
                members.append(Member(self.source.whole(subject), name, value, min(starts), max(ends)))
        return members

    def _demanded(self, node: ast.expr, depth: int) -> Node | None:
        """Return what the running version is compared with: a version is one piece of text, in whatever brackets."""
        if isinstance(node, ast.List | ast.Tuple) and node.elts and _is_number(node.elts[0]):
            return self.source.whole(node, "#")
        return self._value(node, depth + 1)


def _assignments(node: ast.AST) -> Iterable[tuple[ast.expr | ast.arg, ast.expr]]:
    """Return what a node gives a value, with that value."""
    match node:
        case ast.Assign():
            return _paired(node.targets[0], node.value)
        case ast.AnnAssign(value=ast.expr() as value):
            return [(node.target, value)]
        case ast.AugAssign() | ast.NamedExpr():
            return [(node.target, node.value)]
        case ast.For() | ast.AsyncFor() | ast.comprehension() if not isinstance(node.iter, ast.Call):
            return [(node.target, node.iter)]
        case ast.arguments():
            positional = [*node.posonlyargs, *node.args]
            pairs = [
                *zip(positional[len(positional) - len(node.defaults) :], node.defaults, strict=True),
                *zip(node.kwonlyargs, node.kw_defaults, strict=True),
            ]
            return [(argument, default) for argument, default in pairs if default is not None]
    return ()


def _paired(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """Take `a, b = 1, 2` apart."""
    match target, value:
        case (ast.Tuple() | ast.List(), ast.Tuple() | ast.List()) if len(target.elts) == len(value.elts) and not any(
            isinstance(one, ast.Starred) for one in (*target.elts, *value.elts)
        ):
            return list(zip(target.elts, value.elts, strict=True))
    return [(target, value)]


def _func_to_look_into(node: ast.Call) -> tuple[ast.AST, ...]:
    """Return what is called, unless it is a mere name: `"3.8".split()`, `Path("x").open()`."""
    return () if _dotted(node.func) else (node.func,)


def _dotted(node: ast.AST) -> str:
    """Return `a.b.c`, or nothing if the node is not such a name."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return ".".join((node.id, *reversed(names))) if isinstance(node, ast.Name) else ""


def _is_about_version(node: ast.Compare) -> bool:
    return any(_is_running_version(operand) for operand in (node.left, *node.comparators))


def _is_running_version(node: ast.expr) -> bool:
    """Say whether it is the version of the running Python, or a part of it: `sys.version_info[:2]`."""
    while isinstance(node, ast.Subscript | ast.Attribute | ast.Call):
        if _dotted(node) in RUNNING_VERSIONS:
            return True
        node = node.func if isinstance(node, ast.Call) else node.value
    return _dotted(node) in RUNNING_VERSIONS


def _is_string(node: ast.AST) -> bool:
    """Say whether it is a string of any kind."""
    return isinstance(node, STRINGS) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))


def _is_number(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) in (int, float, complex)


def _is_version(node: ast.AST) -> bool:
    """Say whether it is a tuple of numbers alone, which is how code writes versions."""
    return isinstance(node, ast.Tuple) and bool(node.elts) and all(_is_number(item) for item in node.elts)
