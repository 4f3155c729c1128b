"""What a module does for Pythons that are no longer supported: each place, and why it is dead."""

from __future__ import annotations

import ast
import re
from collections import Counter
from typing import TYPE_CHECKING

from bootstrap.code.fallbacks import taken
from bootstrap.code.library import ALWAYS, BACKPORTS
from bootstrap.code.module import is_kept_by_its_author, parsed
from bootstrap.code.verdict import verdict
from bootstrap.model import Finding, Severity
from bootstrap.policy import spelled
from bootstrap.sites.model import Codec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bootstrap.policy import Minor
    from bootstrap.sites.model import Site

_Told = tuple[str, "ast.expr | ast.stmt", str]

GOES = "this change takes it out"
STAYS = "take it out by hand: what it is worth, only a person can tell"
_MARKER = re.compile(r"python_(?:full_)?version\s*(<|>=)\s*[\"'](\d+)\.(\d+)(?:\.0)?[\"']")


def remains(text: str, path: str, floor: Minor, own: frozenset[str] = frozenset()) -> list[Finding]:
    """Return what a module still does for Pythons older than its floor."""
    tree = parsed(text)
    if tree is None:
        return []
    lines = text.splitlines()
    told: list[_Told] = [*_conditions(tree, floor), *_fallbacks(tree, floor, own), *_backports(tree, floor, own)]
    return [
        Finding(code, Severity.NOTE, message, STAYS, path, node.lineno, node.col_offset + 1)
        for code, node, message in sorted(told, key=lambda one: (one[1].lineno, one[1].col_offset))
        if not is_kept_by_its_author(lines[node.lineno - 1] if node.lineno <= len(lines) else "")
    ]


def compared(before: Iterable[Finding], after: Iterable[Finding]) -> list[Finding]:
    """Return what was found before, each with what becomes of it: it goes where it is not found any more."""
    left = Counter((finding.path, finding.message) for finding in after)
    found = []
    for finding in before:
        key = finding.path, finding.message
        is_left = left[key] > 0
        left[key] -= is_left
        found.append(finding if is_left else finding._replace(hint=GOES))
    return found


def _conditions(tree: ast.Module, floor: Minor) -> Iterator[_Told]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            answer = verdict(node, floor)
            if answer is not None:
                yield "C101", node, f"{ast.unparse(node)} is always {str(answer).lower()} from {spelled(floor)} on"


def _fallbacks(tree: ast.Module, floor: Minor, own: frozenset[str]) -> Iterator[_Told]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Try):
            body = taken(node, floor, own)
            if body is not None:
                what = "always works" if body is node.body else "never works"
                yield "C102", node, f"{ast.unparse(node.body[0])} {what} from {spelled(floor)} on"


def _backports(tree: ast.Module, floor: Minor, own: frozenset[str]) -> Iterator[_Told]:
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        for name in names:
            known = next((one for one in (name, name.partition(".")[0]) if one in BACKPORTS), "")
            if isinstance(node, ast.stmt) and known and known not in own and BACKPORTS[known][1] <= floor:
                yield "C103", node, _stands_in(known)


def _stands_in(name: str) -> str:
    what, since = BACKPORTS[name]
    return f"{name} stands in for {what}" + ("" if since == ALWAYS else f", which Python has from {spelled(since)} on")


def requirements(sites: Iterable[Site], floor: Callable[[str], Minor]) -> Iterator[Finding]:
    """Yield the dependencies whose condition on Python never holds any more, or always does."""
    seen = set()
    for site in sites:
        if site.declaration.codec is not Codec.MARKER or (site.source.path, site.line) in seen:
            continue
        seen.add((site.source.path, site.line))
        line = site.scalar.text if site.scalar else site.source.text.splitlines()[site.line - 1].strip()
        found = _MARKER.findall(line)
        oldest = floor(site.source.path)
        if len(found) != 1 or " or " in line or (int(found[0][1]), int(found[0][2])) > oldest:
            continue
        is_never = found[0][0] == "<"
        what = "is never installed" if is_never else "needs no condition"
        hint = "take it out of the dependencies" if is_never else "take out the condition, and keep the dependency"
        yield Finding(
            "C104",
            Severity.NOTE,
            f"{line.strip(',')} {what} from {spelled(oldest)} on",
            hint,
            site.source.path,
            site.line,
            site.column,
        )
