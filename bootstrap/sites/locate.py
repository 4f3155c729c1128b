"""Rows of the catalogue and a file's bytes to sites: what is declared where, with exact spans."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from bootstrap.expression import expression
from bootstrap.sites.anchors import anchored
from bootstrap.sites.files import rows_for
from bootstrap.sites.model import Source
from bootstrap.sites.patterns import leads_to
from bootstrap.sites.shapes import sites_in
from bootstrap.syntax.tree import Scalar, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bootstrap.sites.model import Declaration, Site
    from bootstrap.syntax.tree import Node

IGNORE = "devstrap: ignore"
"""On a line, in whatever kind of comment, or in one on the line above: what is declared there is left alone."""
_COMMENT_SIGNS = ("#", "//", ";", "<!--", "..", "/*", "REM ")

# However a version is spelled, a 3 comes before its digits; what has none is not even parsed.
_VERSION = expression(rb"3[ \t._,{\[(-]{0,4}[0-9]")


def locate(path: str, data: bytes, rows: Sequence[Declaration] | None = None) -> list[Site]:
    """Return the sites in a file, in the order in which they stand there.

    Raises MalformedFileError, with its line, for a file that cannot be understood.
    """
    if not _VERSION.search(data):
        return []
    chosen = [row for row in (rows_for(path) if rows is None else rows) if _is_there(row.needs, data)]
    text = data.decode("latin-1")
    found: list[Site] = []
    for syntax in dict.fromkeys(row.syntax for row in chosen):
        tree = reader(syntax)(data, path)
        if tree is not None:
            found += _in_tree(Source(path, text, syntax), tree, [row for row in chosen if row.syntax == syntax])
    return anchored(_without_overlaps(found))


def reader(syntax: str) -> Callable[[bytes, str | None], Node | None]:
    """Return what locates in a syntax; imported where a file of the kind turns up."""
    read: Callable[[bytes, str | None], Node | None] = import_module(f"bootstrap.syntax.{syntax}").read
    return read


def _is_there(needs: str, data: bytes) -> bool:
    return not needs or re.search(needs.encode(), data) is not None


def _in_tree(source: Source, tree: Node, rows: Sequence[Declaration]) -> Iterator[Site]:
    """Yield what the rows find; of a document's places each belongs to the first row that finds something there."""
    is_document = source.syntax == "plain"  # one place, which all rows share
    fitting = _FITTING.setdefault(tuple((row.id, row.at) for row in rows), {})
    for path, node in walk(tree):
        if isinstance(node, Scalar) and not is_document and "3" not in node.text:
            continue
        place = tuple("[]" if isinstance(part, int) else part for part in path)
        if place not in fitting:
            fitting[place] = [row for row in rows if _is_at(row.at, place)]
        for row in fitting[place]:
            sites = (
                list(sites_in(source, row, path, node)) if row.holds is None or row.holds(source, path, node) else []
            )
            yield from sites
            if sites and not is_document:
                break


# For the rows of each kind of file, which of them belong to a place: files of a kind have most places in common.
_FITTING: dict[tuple[tuple[str, tuple[str, ...]], ...], dict[tuple[str, ...], list[Declaration]]] = {}


def _is_at(patterns: Sequence[str], place: Sequence[str]) -> bool:
    """Say whether a row's patterns lead to a place; keys are compared without regard to case."""
    keys = [key.lower() for key in place]
    return any(leads_to(_parts(pattern), keys) for pattern in patterns)


@cache
def _parts(pattern: str) -> tuple[str, ...]:
    return tuple(pattern.lower().split("/")) if pattern else ()


def _without_overlaps(sites: list[Site]) -> list[Site]:
    """Return the sites in order; what one row has claimed, another one does not see."""
    claimed: set[int] = set()
    kept = []
    for site in sites:
        starts = {token.start for token in site.group.tokens}
        if starts & claimed:
            continue
        claimed |= starts
        kept.append(site)
    return sorted(kept, key=lambda site: site.group.start)


def is_ignored(site: Site) -> bool:
    """Say whether the site's line asks to be left alone, or a comment of its own on the line above.

    A Dockerfile takes no comment after an instruction.
    """
    text = site.source.text
    start = text.rfind("\n", 0, site.group.start) + 1
    end = text.find("\n", site.group.end)
    above = text[text.rfind("\n", 0, max(0, start - 1)) + 1 : start].strip()
    is_asked_above = IGNORE in above and above.startswith(_COMMENT_SIGNS)
    return is_asked_above or IGNORE in text[start : end if end >= 0 else len(text)]
