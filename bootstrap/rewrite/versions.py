"""One version in the place of another, as the author wrote it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from bootstrap.rewrite.edits import Edit, RefusedEditError
from bootstrap.sites.locate import reader
from bootstrap.sites.spelling import respell
from bootstrap.syntax.tree import Scalar, walk

if TYPE_CHECKING:
    from bootstrap.policy import Minor, Transition
    from bootstrap.sites.model import Site, Source
    from bootstrap.sites.spelling import Token

# A number that loses its last digit: 3.10 is 3.1 to whoever reads it as one.
_LOSES_A_ZERO = re.compile(r"3\.\d*0")


def respelled(site: Site, token: Token, minor: Minor, change: Transition, *, is_floor: bool = False) -> Edit:
    """Return the edit that puts `minor` where `token` stands; a number that would lose its zero becomes text.

    Raises RefusedEditError for such a number where text in its place would mean something else.
    """
    micro = change.new.default_micro if minor == change.new.default else ""
    written = respell(token, minor, micro=micro, floor=is_floor)
    if _LOSES_A_ZERO.fullmatch(written) and _numbers(site.source).get(token.start) == token.end:
        if site.source.syntax != "yaml":
            raise RefusedEditError(f"{written} would be the number 3.1", remedy="put the version in quotes first")
        mark = _usual_quote(site.source.text)
        written = f"{mark}{written}{mark}"
    return Edit(token.start, token.end, written)


@lru_cache(maxsize=8)
def _numbers(source: Source) -> dict[int, int]:
    """Return where the scalars begin, and end, that a program may read as numbers: those without quotes."""
    tree = reader(source.syntax)(source.text.encode("latin-1"), source.path)
    scalars = [node for _, node in walk(tree) if isinstance(node, Scalar)] if tree is not None else []
    bare = ("",) if source.syntax == "yaml" else ("#",)
    return {one.start: one.end for one in scalars if one.quote in bare}


def _usual_quote(text: str) -> str:
    """Return the quote that the file puts around versions, or around anything."""
    double, single = (len(re.findall(rf"{mark}3\.\d+{mark}", text)) for mark in "\"'")
    if double == single:
        double, single = text.count('"'), text.count("'")
    return '"' if double >= single else "'"
