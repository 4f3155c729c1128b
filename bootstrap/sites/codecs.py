"""How versions are found in a value, by the kind of value; each takes text and a span and yields groups."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bootstrap.expression import expression
from bootstrap.sites import phrase, prose, rules
from bootstrap.sites.model import Codec
from bootstrap.sites.phrase import Group, Item, Kind
from bootstrap.sites.spelling import between, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bootstrap.sites.spelling import Token

    Reading = Callable[[str, int, int], Iterator[Group]]

_WORDS_OF_A_VERSION = expression(
    r"(?i)python|cpython|pypy|graalpy|pyenv|py|cp|pp|version|release|final|\bx\b|\bor\b|\band\b|dev|alpha|beta|rc|latest"
    r"|[\s\d.,;:<>=~^!*|\"'\[\]{}()$&+_/-]"
)
_CLASSIFIER = expression(r"Programming Language :: Python :: (3\.[0-9]+)(?![0-9.])")


def is_version_like(text: str) -> bool:
    """Say whether a value speaks of versions alone: `3.12`, `>=3.8,<4`, `${{ matrix.python || '3.12' }}`."""
    bare = re.sub(r"\$\{\{.*?\}\}", _quoted_only, text)
    return not _WORDS_OF_A_VERSION.sub("", bare)


def _quoted_only(match: re.Match[str]) -> str:
    return " ".join(re.findall(r"[\"'][^\"']*[\"']", match[0]))


def version(text: str, start: int, end: int) -> Iterator[Group]:
    """The value is a version, some of them, or a specifier."""
    if end - start > _LONGEST_VALUE or not is_version_like(text[start:end]):
        return iter(())
    return phrase.groups(text, start, end)


_LONGEST_VALUE = 2000
"""In characters: nobody lists more versions than that."""


def named(text: str, start: int, end: int) -> Iterator[Group]:
    """Only what can be nothing but a Python counts."""
    return phrase.groups(text, start, end, [token for token in tokens(text, start, end) if _is_named(text, token)])


_COMPARED = expression(r"(?i)version|python|py_?min|min_?py")
_FILE = expression(r"-[0-9][\w.]*-(?:(?:cp|py|pp)[0-9]+-)?(?:cp|py|pp)$")


# python-3.8.10-macos11.pkg, and where it is downloaded: another name than the version goes with them.
_INSTALLER = expression(r"[\w.-]*\.(?:pkg|exe|msi|tgz|tar\.\w+|zip|deb)\b")
_FTP = expression(r"python\.org/ftp/\S*$|/Applications/Python $")


def _is_named(text: str, token: Token) -> bool:
    """Say whether a version can only be a Python: (3, 8) may be anything, and a wheel's name is no choice."""
    if token.form == "tuple":
        return _COMPARED.search(text, max(0, token.start - 60), token.start) is not None
    if _INSTALLER.match(text, token.tail) or _FTP.search(text, max(0, token.start - 60), token.start):
        return False
    if token.form == "glued" and _FILE.search(text, max(0, token.start - 60), token.start):
        return ".whl" not in text[token.end : token.end + 80].split("\n", 1)[0]
    return token.is_named


def classifier(text: str, start: int, end: int) -> Iterator[Group]:
    """One trove classifier on each line."""
    spans = list(prose.lines(text, start, end))
    found = [Item(*_stripped(text, first, last), _of_classifier(text, first, last)) for first, last in spans]
    members = tuple(item for item in found if item.end > item.start)
    every = tuple(token for item in members for token in item.tokens)
    if every:
        kind = Kind.LIST if len(members) > 1 else Kind.SINGLE
        yield Group(kind, members[0].start, members[-1].end, every, members)


def _of_classifier(text: str, start: int, end: int) -> tuple[Token, ...]:
    match = _CLASSIFIER.search(text, start, end)
    return tuple(tokens(text, match.start(1), match.end(1))) if match else ()


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def lines(text: str, start: int, end: int) -> Iterator[Group]:
    """One version on each line, and comments, as in `.python-version`."""
    spans = [_stripped(text, first, _code_end(text, first, last)) for first, last in prose.lines(text, start, end)]
    members = tuple(Item(first, last, tuple(tokens(text, first, last))) for first, last in spans if last > first)
    found = tuple(token for item in members for token in item.tokens)
    if len(members) == 1 and found:
        yield Group(Kind.SINGLE, found[0].start, found[0].tail, found[:1])
    elif found:
        yield Group(Kind.LIST, members[0].start, members[-1].end, found, members)


def _code_end(text: str, start: int, end: int) -> int:
    """Return where a line's comment begins, or its end."""
    comment_start = text.find("#", start, end)
    return end if comment_start < 0 else comment_start


# What tells that the value of an option or a variable is a Python: --python 3.12, PYTHON_VERSION ?= 3.12, python: 3.12.
_GIVEN = expression(
    r"(?i)(?:(?<![a-z])(?:c?python|py)[\w.-]*[\"']?\s{0,2}(?:[?:+!]?=|:|\s|==|@)\s{0,2}[\"']?|(?<!\S)-p[ =]?[\"']?"
    r"|\buv python (?:install|pin) |\bpython versions?:? "
    r"|\bpyenv (?:install|local|global|shell|virtualenv) (?:-\S+ )*)$"
)
# variable "PYTHON_VERSION" { default = "3.12" }, as docker buildx bake has them
_BAKED = expression(r"(?i)\bvariable\s+\"[^\"\n]*py[^\"\n]*\"\s*\{\s*default\s*=\s*\"$")
_SOURCES = expression(r"(?:raw\.githubusercontent|github)\.com/\S+$")


def command(text: str, start: int, end: int) -> Iterator[Group]:
    """Shell: what is named as Python, and what options and variables for it are given."""
    found: list[Token] = []
    for token in tokens(text, start, end):
        gap = text[found[-1].tail : min(token.start, found[-1].tail + 40)] if found else ""
        goes_on = bool(gap) and not token.name and _CONTINUES.fullmatch(gap) is not None
        if goes_on or _is_given(text, start, token):
            found.append(token)
    return _with_repeated_lines(text, start, end, found)


# "Python version 3.7 - 3.10" in a message, `uv python install 3.8 3.9`
_CONTINUES = expression(r" |\s-\s|\sto\s|, | (?:and|or) |, (?:and|or) ")


def _is_given(text: str, start: int, token: Token) -> bool:
    first = max(start, token.start - 80)
    if _SOURCES.search(text, first, token.start):
        return False
    if _GIVEN.search(text, max(first, token.start - 40), token.start) or _BAKED.search(text, first, token.start):
        return True
    return _is_named(text, token)


def _with_repeated_lines(text: str, start: int, end: int, found: Sequence[Token]) -> Iterator[Group]:
    """Yield lines that follow each other and differ by their version alone as one list, the rest as phrases."""
    taken: set[int] = set()
    for group in _repeated_lines(text, start, end, found):
        taken |= {token.start for token in group.tokens}
        yield group
    yield from phrase.groups(text, start, end, [token for token in found if token.start not in taken])


def _repeated_lines(text: str, start: int, end: int, found: Sequence[Token]) -> Iterator[Group]:
    run: list[Item] = []
    last_mask = ""
    at = 0
    for first, last in prose.lines(text, start, end):
        begin = at
        while at < len(found) and found[at].start < last:
            at += 1
        inside = tuple(found[begin:at])
        is_one = len({token.minor for token in inside}) == 1
        mask = "".join(between(text, first, last, inside)).strip().rstrip(",") if is_one else ""
        if not is_one or mask != last_mask:
            yield from _as_list(run)
            run = []
        if is_one:
            run.append(Item(*_stripped(text, first, last), inside))
        last_mask = mask
    yield from _as_list(run)


def _as_list(run: list[Item]) -> Iterator[Group]:
    if len({item.tokens[0].minor for item in run}) > 1:
        every = tuple(token for item in run for token in item.tokens)
        yield Group(Kind.LIST, run[0].start, run[-1].end, every, tuple(run))


_TARGET = expression(
    r"(?i)--(?:py|target[-_]version[= ][\"']?(?:py)?|python[-_]version[= ][\"']?|py[-_]version[= ][\"']?"
    r"|min(?:imum)?(?:[-_]py\w*)?[-_]version[= ][\"']?|min[-_]py\w*[= ])$"
)


def target_args(text: str, start: int, end: int) -> Iterator[Group]:
    """Options that say how to read code: `--py39-plus`, `--target-version=py39`, `--python-version 3.9`."""
    whole = text[start:end].strip("\"'") if end - start <= _LONGEST_VALUE else ""
    found = [
        token
        for token in tokens(text, start, end)
        if _TARGET.search(text, max(start, token.start - 40), token.start)
        or (token.is_named and whole == text[token.start - len(token.name) : token.end])
    ]
    return phrase.groups(text, start, end, found)


def image(text: str, start: int, end: int) -> Iterator[Group]:
    """A container image: any version in the tag of one that is called python, what is named as Python in others."""
    name, colon, _ = text[start:end].partition(":")
    is_python = re.search(r"(?i)python|pypy|/uv$|^uv$", name) is not None and bool(colon)
    digest = text.find("@", start, end)
    last = digest if digest >= 0 else end
    tag = start + len(name)
    found = [token for token in tokens(text, start, last) if token.is_named or (is_python and token.start > tag)]
    return phrase.groups(text, start, last, found)


_MATCH_SPEC = expression(r"\s*(?:-\s+)?[\"']?(?:conda-forge::)?python(?:_abi)?(?=[\s<>=!~])\s*([^\n#]*)")


def conda(text: str, start: int, end: int) -> Iterator[Group]:
    """Match specifications of conda, one on each line: `python >=3.9`, `python=3.9`."""
    for first, last in prose.lines(text, start, end):
        match = _MATCH_SPEC.match(text, first, last)
        if match:
            yield from phrase.groups(text, *match.span(1))


def docs_url(text: str, start: int, end: int) -> Iterator[Group]:
    """Addresses of Python's own documentation."""
    for match in re.compile(r"docs\.python\.org/(?:[a-z]{2}(?:-[a-z]+)?/)?(3\.\d+)").finditer(text, start, end):
        yield from phrase.groups(text, *match.span(1))


_COMMENT = expression(r"(?m)(?:^|(?<=\s))#[^\n]*")


def comment(text: str, start: int, end: int) -> Iterator[Group]:
    """The comments of a file, read as prose."""
    for match in _COMMENT.finditer(text, start, end):
        yield from prose.groups(text, *match.span())


def document(text: str, start: int, end: int) -> Iterator[Group]:
    """Prose, with the lists of it that have a version on each line, classifiers among them."""
    classifiers = _classifiers(text, start, end)
    said = list(prose.groups(text, start, end))
    found = sorted((*classifiers, *(token for group in said for token in group.tokens)), key=lambda token: token.start)
    taken: set[int] = set()
    for group in _repeated_lines(text, start, end, found):
        taken |= {token.start for token in group.tokens}
        yield group
    for group in said:
        if not taken & {token.start for token in group.tokens}:
            yield group
    if len(classifiers) == 1 and "\n" in text[start:end]:
        yield Group(Kind.SINGLE, classifiers[0].start, classifiers[0].end, (classifiers[0],))


def _classifiers(text: str, start: int, end: int) -> list[Token]:
    found = [token for match in _CLASSIFIER.finditer(text, start, end) for token in tokens(text, *match.span(1))]
    quoted = prose.Quotations(text, start, end) if found else None
    return [token for token in found if quoted is None or not quoted.hold(token.start)]


_TAG = expression(r"(?=[a-z])[a-z]*-?(?:py|cp)?3\.?[0-9]+")


def session(text: str, start: int, end: int) -> Iterator[Group]:
    """The name of a session or a tag: `unit-3.9`, `cp39`, `3.12`; sentences are none."""
    return phrase.groups(text, start, end) if _TAG.fullmatch(text[start:end]) else iter(())


def make(text: str, start: int, end: int) -> Iterator[Group]:
    """Shell in rules; those that are told apart by the version in their targets are one list."""
    spans = rules.spans(text, start, end)
    taken: set[int] = set()
    for group in rules.rules(text, start, end):
        taken |= {token.start for token in group.tokens}
        yield group
    for group in command(text, start, end):
        if not any(token.start in taken or _is_within(token, spans) for token in group.tokens):
            yield group


def _is_within(token: Token, spans: Sequence[tuple[int, int]]) -> bool:
    return any(first <= token.start < last for first, last in spans)


CODECS: Mapping[Codec, Reading] = {
    Codec.VERSION: version,
    Codec.NAMED: named,
    Codec.CLASSIFIER: classifier,
    Codec.ITEMS: phrase.items,
    Codec.ANY: phrase.groups,
    Codec.COMMAND: command,
    Codec.MAKE: make,
    Codec.TARGET_ARGS: target_args,
    Codec.IMAGE: image,
    Codec.CONDA: conda,
    Codec.MARKER: phrase.groups,
    Codec.LINES: lines,
    Codec.DOCS_URL: docs_url,
    Codec.COMMENT: comment,
    Codec.PROSE: document,
    Codec.SESSION: session,
}
