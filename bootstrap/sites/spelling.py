"""How people write a Python version, and how to write another one in the same way.

`3.8`, `3.8.16`, `3.8.x`, `3.13t`, `3.15-dev`, `py38`, `cp310`, `python3.9`, `PYTHON_3_8`, `(3, 8)`: a token is the
version alone, without the word before it, so that nothing else is ever replaced.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.expression import expression
from bootstrap.releases import newest_micro

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Minor = tuple[int, int]
"""A feature version: (3, 12)."""

_NAME = r"pypy|graalpy|cpython|python|cp|pp|py"
# a 3.2 alone is a Django or a Bootstrap; nobody has named a Python older than 3.5 for years
_MINOR = r"[5-9]|[12][0-9]"
_BEGIN = r"(?:(?<![A-Za-z])|(?<=lib)|(?<=bin))"
_MICRO = r"\.(?:[0-9]+|[xX*])"
# py38, cp310, python39, PYTHON_VERSION_39; not py3, which names no feature version
_GLUED = (
    rf"{_BEGIN}(?P<glued>{_NAME})(?P<glue>[-_]?|[-_]version[-_])3(?P<m1>{_MINOR})(?P<t1>t)?"
    r"(?![0-9]|\.[0-9]|(?-i:[a-z]))"
)
# python3.8, python-3.8, py3.8, pypy-3.9, python:3.8, python@3.10, "Python 3.8", "CPython 3.8"
_NAMED = rf"{_BEGIN}(?P<named>{_NAME})(?P<sep>[-_:/=@ ]v?|==|-v?)?(?P<v2>3\.(?P<m2>{_MINOR})(?P<micro2>{_MICRO})?)"
# in a URL, as of a badge, the sign before it may be an escape: 3.8%20%7C%203.9
_BARE = (
    rf"(?:(?<![\w.])|(?<=\.\.)|(?<=%[0-9A-Fa-f]{{2}})|(?<=%[0-9A-Fa-f]{{2}}v))v?"
    rf"(?P<v3>3\.(?P<m3>{_MINOR})(?P<micro3>{_MICRO})?)"
)
_STAGE = (
    r"(?P<stage>-dev|-alpha[-.0-9]*|-beta[-.0-9]*|-rc[-.0-9]*|[-.]?(?:a|b|rc)[0-9]+|t-dev|t(?![A-Za-z]))?"
    r"(?![0-9]|\.[0-9])"
)
_TUPLE = rf"\(\s*3\s*,\s*(?P<m4>{_MINOR})(?:\s*,\s*(?P<micro4>[0-9]+))?\s*[,)]"
_APART = rf"(?<![A-Za-z])(?i:python|py)[-_](?:version[-_])?(?P<v5>3[-_](?P<m5>{_MINOR}))(?![0-9])"

# 3.8GB is no version; python3.8m was one
_END = r"(?(v3)(?![A-Za-z]))"
_TOKEN = expression(rf"{_TUPLE}|{_APART}|(?:(?i:{_NAMED})|{_BARE}){_STAGE}{_END}|(?i:{_GLUED})")

_THREE = expression(r"3(?:[._-]?[0-9]|\s*,)")
# More than any name before a version, and any patch level and stage behind it, is long.
_BEFORE, _AFTER = 48, 96

_IMPLEMENTATIONS = {"pypy": "pypy", "pp": "pypy", "graalpy": "graalpy"}


class Token(NamedTuple):
    """A version as it stands in a text."""

    start: int
    end: int
    text: str
    minor: Minor
    name: str = ""
    """The word right before it: `py`, `python`, `pypy`; empty where the version stands alone."""
    micro: str = ""
    """`.16`, `.x`, `.*`, or nothing."""
    stage: str = ""
    """`-dev`, `rc1`, `t`: what sets it apart from a final release of CPython."""
    form: str = "dotted"
    """`dotted` 3.8, `glued` 38, `tuple` 3, 8, `apart` 3_8, `minor` 8, as in py3{8,9}."""

    @property
    def tail(self) -> int:
        """Where what belongs to the version ends, its stage included."""
        return self.end + len(self.stage)

    @property
    def implementation(self) -> str:
        """`cpython` unless the name says something else."""
        return _IMPLEMENTATIONS.get(self.name.lower(), "cpython")

    @property
    def is_plain(self) -> bool:
        """Say whether it means a final release of CPython, with the GIL."""
        return self.implementation == "cpython" and not self.stage

    @property
    def is_named(self) -> bool:
        """Say whether it can only be a Python, even out of context."""
        return bool(self.name) or self.form == "tuple"


def tokens(text: str, start: int = 0, end: int | None = None) -> Iterator[Token]:
    """Yield the Python 3 versions that are written in `text[start:end]`, in order."""
    for first, last in _near_threes(text, start, len(text) if end is None else end):
        for match in _TOKEN.finditer(text, first, last):
            yield _token(text, match)


def _near_threes(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of a text in which there may be versions: to look for a 3 first is ten times as fast."""
    first = last = start
    for match in _THREE.finditer(text, start, end):
        if match.start() - _BEFORE > last:
            yield first, last
            first = match.start() - _BEFORE
        last = min(end, match.start() + _AFTER)
    yield first, last


def _token(text: str, match: re.Match[str]) -> Token:
    group = match.groupdict()
    if group["m4"]:
        first, last = match.start("m4"), match.end("micro4" if group["micro4"] else "m4")
        start = text.index("3", match.start())
        micro = f".{group['micro4']}" if group["micro4"] else ""
        return Token(start, last, text[start:last], (3, int(text[first : match.end("m4")])), "", micro, "", "tuple")
    if group["m5"]:
        start, end = match.span("v5")
        return Token(start, end, text[start:end], (3, int(group["m5"])), "python", "", "", "apart")
    if group["m1"]:
        start, end = match.start("m1") - 1, match.end("m1")
        return Token(start, end, text[start:end], (3, int(group["m1"])), group["glued"], "", group["t1"] or "", "glued")
    which = "2" if group["m2"] else "3"
    start, end = match.span(f"v{which}")
    name, stage = group["named"] or "", group["stage"] or ""
    if stage == "-dev" and name and not group["sep"]:
        stage = ""  # python3.8-dev is a package of Debian's, with the headers
    return Token(start, end, text[start:end], (3, int(group[f"m{which}"])), name, group[f"micro{which}"] or "", stage)


def between(text: str, start: int, end: int, found: Iterable[Token]) -> list[str]:
    """Return the pieces of `text[start:end]` between the versions in it: what is alike when only versions differ."""
    pieces, at = [], start
    for token in found:
        pieces.append(text[at : token.start])
        at = token.end
    return [*pieces, text[at:end]]


def respell(token: Token, minor: Minor, *, micro: str = "", floor: bool = False) -> str:
    """Return `minor` written as `token` is.

    A patch level stays one: `micro` where it is given, else the newest that is known; in a floor it goes back to the
    beginning, since 3.9 does not start at the patch where 3.8 had to.
    """
    if token.form == "minor":
        return f"{minor[1]}"
    if token.form == "glued":
        return f"{minor[0]}{minor[1]}"
    if token.form == "apart":
        return f"{minor[0]}{token.text[1]}{minor[1]}"
    if token.form == "tuple":
        head = re.sub(r"[0-9]+(\s*,\s*[0-9]+)?$", "", token.text[1:])
        return f"{minor[0]}{head}{minor[1]}"
    return f"{minor[0]}.{minor[1]}{_micro(token, minor, micro, floor=floor)}"


def _micro(token: Token, minor: Minor, micro: str, *, floor: bool) -> str:
    if not token.micro or not token.micro[1:].isdigit():
        return token.micro
    if floor:
        return ".0" if token.micro == ".0" else ""
    known = micro or newest_micro(minor)
    return f".{known}" if known else ""
