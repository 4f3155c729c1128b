"""A `poetry.lock` from before Poetry 2, followed from what the project requires: for where Poetry itself refuses it.

Poetry of today stops at a lock that does not fit its manifest to the letter, and at words that it took once; the Poetry
that wrote the lock went on. Source: Poetry's documentation of dependencies and their constraints
(https://python-poetry.org/docs/dependency-specification/).
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

from bootstrap.detect.repository import normalise
from bootstrap.nested import at, texts
from bootstrap.setup.dependencies import groups
from bootstrap.setup.dependencies.locked import any_of
from bootstrap.setup.dependencies.reached import conditions
from bootstrap.versions import NEWEST_MINOR, Range

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bootstrap.model import Repository

_EVERY = frozenset(range(NEWEST_MINOR + 1))
_HASH = re.compile(r"^(?:(\w+):)?([0-9a-f]{32,})$")


def told(
    repository: Repository, lock: Mapping[str, Any], named: tuple[str, ...], extras: tuple[str, ...]
) -> list[dict[str, Any]]:
    """Return the packages that the project comes to with these groups and extras, in the words of a lock of Poetry 2.

    Each is in the group `main`, under the condition on which it is needed.
    """
    listed = [entry for entry in lock.get("package") or () if isinstance(entry, dict)]
    edges: dict[str, list[str]] = {}
    for entry in listed:
        edges.setdefault(_name(entry), []).extend(_required(at(entry, "dependencies")))
    found = conditions(_roots(repository, named, extras), edges)
    left: dict[str, frozenset[int]] = {}
    every: list[dict[str, Any]] = []
    for entry in sorted(listed, key=_release, reverse=True):
        name = _name(entry)
        pythons = _minors(str(entry.get("python-versions", "*")))
        is_alone = sum(_name(other) == name for other in listed) == 1
        here = _EVERY if is_alone else pythons & left.get(name, _EVERY)
        left[name] = left.get(name, _EVERY) - pythons
        if name in found and here:
            marker = _all_of((found[name], str(entry.get("marker", "")), _on(here)))
            every.append({**entry, "files": _files(lock, entry), "groups": ["main"], "markers": marker})
    return sorted(every, key=_name)


def _name(entry: Mapping[str, Any]) -> str:
    return normalise(str(entry.get("name", "")))


def _release(entry: Mapping[str, Any]) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", str(entry.get("version", "")))))


def _roots(repository: Repository, named: tuple[str, ...], extras: tuple[str, ...]) -> Iterator[str]:
    poetry = at(repository.pyproject, "tool", "poetry")
    yield from groups.required(repository, named, extras, {})
    wanted = {normalise(text.partition(" ")[0]) for name in extras for text in texts(at(poetry, "extras").get(name))}
    main = at(poetry, "dependencies")
    yield from _required({name: value for name, value in main.items() if _is_wanted(name, value, wanted)})
    tables = {"dev": at(poetry, "dev-dependencies")} if "dev" in named else {}
    for table in (*tables.values(), *(at(poetry, "group", name, "dependencies") for name in named)):
        yield from _required(table)


def _is_wanted(name: str, value: object, wanted: set[str]) -> bool:
    return not (isinstance(value, dict) and value.get("optional") is True) or normalise(name) in wanted


def _required(table: Mapping[str, Any]) -> Iterator[str]:
    """Yield each dependency of a table as a requirement: of what the lock has only the names and conditions matter."""
    for name, value in table.items():
        for one in value if isinstance(value, list) else [value]:
            if name != "python":
                marker = _condition(one) if isinstance(one, dict) else ""
                yield f"{name} ; {marker}" if marker else name


def _condition(entry: Mapping[str, Any]) -> str:
    """Return the marker of a dependency: `python`, `platform` and `markers`, all of which have to hold."""
    python, platform = entry.get("python"), entry.get("platform")
    return _all_of(
        (
            # What is for an extra is locked only where somebody wants that extra.
            "" if "extra" in str(entry.get("markers", "")) else str(entry.get("markers", "")),
            _on(_minors(python)) if isinstance(python, str) else "",
            f'sys_platform == "{platform}"' if isinstance(platform, str) else "",
        )
    )


def _all_of(markers: Iterable[str]) -> str:
    every = [marker for marker in dict.fromkeys(markers) if marker]
    return every[0] if len(every) == 1 else " and ".join(f"({marker})" for marker in every)


# ---- Pythons, as Poetry words them ----------------------------------------------------------------------------------


def _minors(constraint: str) -> frozenset[int]:
    """Return the Pythons 3 that a constraint admits: `^3.6`, `~2.7 || >=3.5,<4.0`; all where it cannot be read."""
    found: set[int] = set()
    for alternative in re.split(r"\s*\|\|?\s*", constraint):
        try:
            clauses = [_clause(word) for word in re.split(r"\s*,\s*|(?<=[\w*])\s+(?=[<>=!~^\d])", alternative.strip())]
            found |= {minor for _, minor in Range.parse(",".join(filter(None, clauses))).minors()}
        except ValueError:
            return _EVERY
    return frozenset(found)


def _clause(word: str) -> str:
    text = word.strip().replace(" ", "")
    if text in ("*", ""):
        return ""
    match = re.fullmatch(r"([\^~])(\d+)(?:\.(\d+))?(?:\.\d+)*", text)
    if match is not None:
        above = f"<{int(match[2]) + 1}" if match[1] == "^" or match[3] is None else f"<{match[2]}.{int(match[3]) + 1}"
        return f">={text[1:]},{above}"
    return f"=={text}{'' if text.count('.') > 1 or text.endswith('*') else '.*'}" if text[0].isdigit() else text


def _on(minors: frozenset[int]) -> str:
    """Return the marker for some Pythons 3; empty for all of them."""
    if minors >= _EVERY:
        return ""
    rows = groupby(enumerate(sorted(minors)), key=lambda pair: pair[1] - pair[0])
    runs = [[minor for _, minor in row] for _, row in rows]
    found = [_between(run[0], run[-1]) for run in runs]
    return any_of(found) if found else 'python_version < "3"'


def _between(first: int, last: int) -> str:
    parts = [f'python_version >= "3.{first}"'] if first else []
    parts += [f'python_version < "3.{last + 1}"'] if last < NEWEST_MINOR else []
    return " and ".join(parts)


# ---- hashes, wherever a lock of that time has them ------------------------------------------------------------------


def _files(lock: Mapping[str, Any], entry: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the files of a package with their hashes; before Poetry 1.3 they stood in a table for all."""
    if isinstance(entry.get("files"), list):
        return list(entry["files"])
    listed = at(lock, "metadata", "files").get(str(entry.get("name"))) or []
    only = at(lock, "metadata", "hashes").get(str(entry.get("name"))) or []
    hashes = [one.get("hash", "") for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    found = [_HASH.match(str(one)) for one in (*hashes, *texts(only))]
    return [{"hash": f"{match[1] or 'sha256'}:{match[2]}"} for match in found if match is not None]
