"""How versions are found in what is more than one value: lists, mappings, lines of factors, the parts of an image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.expression import expression
from bootstrap.sites.anchors import PINNED
from bootstrap.sites.codecs import CODECS
from bootstrap.sites.model import Codec, Role, Site
from bootstrap.sites.phrase import Group, Item, Kind, groups, items
from bootstrap.sites.spelling import tokens
from bootstrap.syntax.tree import Scalar, Series, Table, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bootstrap.sites.model import Declaration, Source
    from bootstrap.sites.spelling import Token
    from bootstrap.syntax.tree import Member, Node, Path

_BY_LINES = (Codec.COMMAND, Codec.MAKE, Codec.PROSE, Codec.CLASSIFIER, Codec.LINES)
_PYTHON_IMAGE = expression(r"(?i)python|pypy|(?:^|/)uv$")
_COMPARISON = expression(r"version_info(?:\[:\d\])? ?(?:[<>]=?|[!=]=) ?(\(3, ?[0-9]+[^)\n]{0,40}\))")
_PYTHON_KEY = expression(r"(?i)python|^py$|py[-_.]?ver|^py[-_]|[-_]py$|tox|nox|interpreter")


def sites_in(source: Source, row: Declaration, path: Path, node: Node) -> Iterator[Site]:
    """Yield what `row` finds in a node that its patterns fit."""
    if isinstance(node, Table):
        if row.codec in _OF_TABLES:
            yield from _OF_TABLES[row.codec](source, row, path, node)
    elif row.codec is Codec.MAPPING:
        yield from _mapping(source, row, path, node.items if isinstance(node, Series) else (node,))
    elif isinstance(node, Scalar):
        yield from _scalar(source, row, path, node)
    elif row.codec is Codec.ITEMS:
        spans = [item for item in node.items if isinstance(item, Scalar)]
        for group in items(source.text, spans[0].outer_start, spans[-1].outer_end) if spans else ():
            yield Site(row, source, group, "text", None, path)
    elif row.codec in CODECS and (row.role is not Role.DEFAULT or row.codec is Codec.VERSION):
        yield from _series(source, row, path, node)


def _scalar(source: Source, row: Declaration, path: Path, node: Scalar) -> Iterator[Site]:
    if row.codec is Codec.CONDITION:
        yield from _conditions(source, row, path, node)
    elif row.codec in CODECS:
        for group in CODECS[row.codec](source.text, node.start, node.end):
            # lists of whole lines, as of commands that differ by their version
            layout = "lines" if "\n" in source.text[group.start : group.end] and row.codec in _BY_LINES else "text"
            yield Site(row, source, group, layout, node, path)


def _image(source: Source, row: Declaration, path: Path, node: Table) -> Iterator[Site]:
    """Read the parts of a FROM line together: the image's name says what its tag means."""
    if source.syntax != "dockerfile":
        return  # elsewhere a mapping with a key `image` has the whole reference in one scalar
    parts = {member.name: member.value for member in node.members}
    name, tag = parts.get("image"), parts.get("tag")
    locked = PINNED if "digest" in parts else ""
    for part in (name, tag):
        if isinstance(part, Scalar):
            is_python = part is tag and isinstance(name, Scalar) and _PYTHON_IMAGE.search(name.text) is not None
            found = [token for token in tokens(source.text, part.start, part.end) if token.is_named or is_python]
            if isinstance(name, Scalar) and "pypy" in name.text.lower():
                found = [token._replace(name="pypy") for token in found]
            for group in groups(source.text, part.start, part.end, found):
                yield Site(row, source, group, "text", part, path, locked)


def _conditions(source: Source, row: Declaration, path: Path, node: Scalar) -> Iterator[Site]:
    """Find comparisons by their looks: they are only told, and to parse every module would take too long."""
    for match in _COMPARISON.finditer(source.text, node.start, node.end):
        for group in groups(source.text, *match.span(1)):
            yield Site(row, source, group, "text", node, path)


# ---- mappings -------------------------------------------------------------------------------------------------------
def _mapping(source: Source, row: Declaration, path: Path, lines: Sequence[Node]) -> Iterator[Site]:
    """Read lines of `factor: value`: a line for one version is a member, several before the colon are a list."""
    scalars = [line for line in lines if isinstance(line, Scalar)]
    members = [Item(line.start, line.end, _of_one_version(source.text, line)) for line in scalars]
    every = tuple(token for member in members for token in member.tokens)
    if every:
        yield Site(row, source, _list(members, every), "lines", None, path)
    is_python = row.role is Role.DEFAULT  # of a requirement only what is named as Python counts
    for line, member in zip(scalars, members, strict=True):
        for start, end, is_factor in () if member.tokens else _sides(line):
            for group in items(source.text, start, end):
                if is_python or is_factor or all(token.is_named for token in group.tokens):
                    yield Site(row, source, group, "text", line, path)


_FACTORS = expression(r"[\w.,{}!\s-]+")


def _factors(line: Scalar) -> str:
    """Return what stands before a colon, if it is an expression of factors."""
    factors, colon, _ = line.text.partition(":")
    return factors if colon and _FACTORS.fullmatch(factors) else ""


def _of_one_version(text: str, line: Scalar) -> tuple[Token, ...]:
    """Return the versions of a line such as `3.9: py39, lint`, if they are all the same one."""
    factors = _factors(line)
    before = list(tokens(text, line.start, line.start + len(factors)))
    minors = {token.minor for token in before}
    rest = tokens(text, line.start + len(factors), line.end)
    after = [token for token in rest if token.is_named or (token.minor in minors and not token.micro)]
    is_for_others = len(before) < len(factors.split(","))
    is_one = bool(before) and not is_for_others and len({token.minor for token in (*before, *after)}) == 1
    return (*before, *after) if is_one else ()


def _sides(line: Scalar) -> Iterator[tuple[int, int, bool]]:
    """Yield the spans before and after the factors' colon, or a line without one, and whether it is of factors."""
    middle = line.start + len(_factors(line))
    if middle > line.start:
        yield line.start, middle, True
        yield middle + 1, line.end, False
    else:
        yield line.start, line.end, False


def _sections(source: Source, row: Declaration, path: Path, node: Table) -> Iterator[Site]:
    """Read the lists in the names of sections, and names that say more than a version: `py38-freeze`.

    What is for one version and says nothing else may well be about that version.
    """
    for member in node.members:
        for group in items(source.text, member.key.start, member.key.end):
            if group.kind is not Kind.SINGLE or _MORE_THAN_A_VERSION.search(member.key.text):
                yield Site(row, source, group, "text", member.key, path)


_MORE_THAN_A_VERSION = expression(r":py3[0-9]+(?:-[\w.]+)+$")


def _keyed(source: Source, row: Declaration, path: Path, node: Table) -> Iterator[Site]:
    """Read the members of a table as a list, if their keys tell them apart by the version."""
    members = [_keyed_item(source.text, member) for member in node.members]
    every = tuple(token for item in members for token in item.tokens)
    if every:
        yield Site(row, source, _list(members, every), "members", None, path)


def _keyed_item(text: str, member: Member) -> Item:
    """Return a member with its versions, or with none where it speaks of several or does not name its own."""
    end = _end(text, max(member.end, member.value.outer_end))
    keys = list(tokens(text, member.key.start, member.key.end))
    found = tuple(tokens(text, member.key.start, end))
    is_one = len(keys) == 1 and len({token.minor for token in found}) == 1 and all(token.is_plain for token in found)
    return Item(member.key.outer_start, end, found if is_one else ())


def _list(members: Sequence[Item], every: tuple[Token, ...]) -> Group:
    return Group(Kind.LIST, members[0].start, members[-1].end, every, tuple(members))


# ---- lists ----------------------------------------------------------------------------------------------------------
def _series(source: Source, row: Declaration, path: Path, node: Series) -> Iterator[Site]:
    """Read a list; a mapping that stands alone in its list is a list all the same."""
    text = source.text
    if node.items and all(isinstance(item, Table) for item in node.items):
        made = [Item(item.start, _end(text, item.end), _in_entry(text, item)) for item in node.items]
        layout = "entries"
    else:
        made = [_item(text, row.codec, item) for item in node.items]
        layout = "flow" if node.is_flow else "lines"
    found = tuple(token for item in made for token in item.tokens)
    if found:
        yield Site(row, source, _list(made, found), layout, None, path)


def _item(text: str, codec: Codec, node: Node) -> Item:
    if not isinstance(node, Scalar):
        return Item(node.outer_start, node.outer_end)
    found = tuple(token for group in CODECS[codec](text, node.start, node.end) for token in group.tokens)
    return Item(node.outer_start, node.outer_end, found)


def _in_entry(text: str, entry: Node) -> tuple[Token, ...]:
    """Return the versions in one mapping of a list.

    A key that speaks of Python tells which; elsewhere what is named as Python counts, and the same version once more.
    """
    scalars = [(path, node) for path, node in walk(entry) if isinstance(node, Scalar)]
    found: list[Token] = []
    for path, node in scalars:
        is_python = any(isinstance(part, str) and _PYTHON_KEY.search(part) for part in path)
        found += [token for token in tokens(text, node.start, node.end) if token.is_named or is_python]
    meant = {token.minor for token in found if token.is_plain}
    known = {token.start for token in found}
    for _, node in scalars:
        found += [
            token for token in tokens(text, node.start, node.end) if token.minor in meant and token.start not in known
        ]
    return tuple(sorted(found, key=lambda token: token.start))


def _end(text: str, end: int) -> int:
    """Return where a mapping really ends: parsers count the blank lines after it in."""
    while end and text[end - 1] in " \t\r\n":
        end -= 1
    return end


_OF_TABLES: dict[Codec, Callable[[Source, Declaration, Path, Table], Iterator[Site]]] = {
    Codec.IMAGE: _image,
    Codec.KEYED: _keyed,
    Codec.SECTIONS: _sections,
}
