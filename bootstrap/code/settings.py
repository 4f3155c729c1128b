"""What a repository's settings of ruff leave out, read by ourselves: they may be for a much older ruff than ours."""

from __future__ import annotations

import json
import posixpath
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Any, NamedTuple

from bootstrap.expression import expression

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_OURS = expression(r"ALL|UP\d*")
# In one folder the first of them counts.
_FILES = (".ruff.toml", "ruff.toml", "pyproject.toml")
# How often one file may lead to the next.
_DEEPEST = 8


class Chosen(NamedTuple):
    """What holds below a folder."""

    exclude: tuple[str, ...] | None = None
    """None: what ruff excludes by itself."""
    extend_exclude: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    """Rules that are wanted nowhere, or are not to be fixed."""
    per_file: tuple[tuple[str, tuple[str, ...]], ...] = ()
    line_length: int | None = None


def choices(settings: Mapping[str, bytes]) -> dict[str, Chosen]:
    """Return what the settings of each folder leave out, by the folder; `settings` are TOML files by their paths."""
    found = {}
    for path in settings:
        folder, _, name = path.rpartition("/")
        rivals = [f"{folder}/{one}" if folder else one for one in _FILES]
        tables = [(rival, _table(settings, rival)) for rival in rivals if name in _FILES]
        first = next(((rival, table) for rival, table in tables if table is not None), None)
        if first is not None:
            found[folder] = _chosen(settings, first[0], first[1], _DEEPEST)
    return found


def _table(settings: Mapping[str, bytes], path: str) -> dict[str, Any] | None:
    """Return ruff's table in a file; None where there is none, or it cannot be read."""
    import tomllib  # noqa: PLC0415 - only where code is renewed

    try:
        read = tomllib.loads(settings[path].decode("utf-8-sig"))
    except (KeyError, ValueError):
        return None
    if path.rpartition("/")[2] != "pyproject.toml":
        return read
    tool = read.get("tool")
    table = tool.get("ruff") if isinstance(tool, dict) else None
    return table if isinstance(table, dict) else None


def _chosen(settings: Mapping[str, bytes], path: str, table: Mapping[str, Any], deep: int) -> Chosen:
    base = Chosen()
    if isinstance(table.get("extend"), str) and deep:
        other = posixpath.normpath(posixpath.join(posixpath.dirname(path), table["extend"]))
        further = _table(settings, other)
        base = base if further is None else _chosen(settings, other, further, deep - 1)
    lint = table["lint"] if isinstance(table.get("lint"), dict) else {}
    both = (table, lint)
    ignored = [code for one in both for key in ("ignore", "extend-ignore", "unfixable") for code in _ours(one.get(key))]
    per_file = [
        (pattern, _ours(codes))
        for one in both
        for key in ("per-file-ignores", "extend-per-file-ignores")
        if isinstance(one.get(key), dict)
        for pattern, codes in one[key].items()
    ]
    length = table.get("line-length")
    return Chosen(
        _words(table["exclude"]) if "exclude" in table else base.exclude,
        (*base.extend_exclude, *_words(table.get("extend-exclude")), *_words(lint.get("exclude"))),
        (*base.ignored, *ignored),
        (*base.per_file, *((pattern, codes) for pattern, codes in per_file if codes)),
        length if isinstance(length, int) else base.line_length,
    )


def _words(value: object) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def _ours(value: object) -> tuple[str, ...]:
    """Return the rules among some that are pyupgrade's, and the word for all."""
    return tuple(code for code in _words(value) if _OURS.fullmatch(code))


def is_spared(path: str, chosen: Mapping[str, Chosen], rule: str) -> bool:
    """Say whether the settings nearest to a file want a rule not to hold there."""
    folder = path
    while folder:
        folder = folder.rpartition("/")[0]
        if folder in chosen:
            below = path[len(folder) + 1 :] if folder else path
            names = (below, below.rpartition("/")[2])
            hits = [codes for pattern, codes in chosen[folder].per_file if any(fnmatch(n, pattern) for n in names)]
            return any(_covers(code, rule) for codes in (chosen[folder].ignored, *hits) for code in codes)
    return False


def _covers(code: str, rule: str) -> bool:
    return code == "ALL" or rule.startswith(code)


def as_toml(chosen: Chosen, ignored: Iterable[str]) -> bytes:
    """Return settings for ruff: pyupgrade's rules alone, without what was chosen to be left out.

    Annotations are rewritten only where the floor itself can evaluate them: pydantic, FastAPI and the like do so.
    """
    per_file: dict[str, list[str]] = {}
    for pattern, codes in chosen.per_file:
        per_file.setdefault(pattern, []).extend(codes)
    lines = [
        *([] if chosen.exclude is None else [f"exclude = {_listed(chosen.exclude)}"]),
        f"extend-exclude = {_listed(chosen.extend_exclude)}",
        *([] if chosen.line_length is None else [f"line-length = {chosen.line_length}"]),
        "[lint]",
        'select = ["UP"]',
        f"ignore = {_listed((*chosen.ignored, *ignored))}",
        "pyupgrade.keep-runtime-typing = true",
        "[lint.per-file-ignores]",
        *(f"{json.dumps(pattern)} = {_listed(codes)}" for pattern, codes in per_file.items()),
    ]
    return ("\n".join(lines) + "\n").encode()


def _listed(words: Iterable[str]) -> str:
    return json.dumps(list(words))
