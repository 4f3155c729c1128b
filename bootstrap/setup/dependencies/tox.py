"""What tox installs for the tests: `deps`, `extras` and `dependency_groups` of the environments that run them.

Source: tox's configuration reference (https://tox.wiki/en/latest/config.html).
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any

from bootstrap.detect.repository import parse_toml
from bootstrap.errors import MalformedFileError
from bootstrap.nested import at, texts
from bootstrap.setup.dependencies import needs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from bootstrap.model import Repository
    from bootstrap.setup.dependencies.needs import Needs

    Reader = Callable[[str], bytes | None]
    Sections = Mapping[str, Mapping[str, str]]

_BASE = "testenv"
_IN_SETUP_CFG = "[tox:tox]"
_FACTOR = re.compile(r"^([!\w.,{}\- ]+?)\s*:(?!//)\s*(.*)$")
_REFERENCE = re.compile(r"\{\[([^\]]+)\](\w+)\}")
_ROOT = re.compile(r"\{(?:toxinidir|tox_root|changedir)\}/?")
_TESTING = re.compile(r"^(?:py(?:thon)?3?[.\d]*|3\.\d+|tests?|unit(?:tests?)?|pytest|cov(?:erage)?)$")


def needs_of(repository: Repository, read: Reader) -> Needs:
    """Return what the environment that runs the tests installs; nothing where tox is not used."""
    if "tox.ini" in repository.files:
        return _of_sections(_sections((read("tox.ini") or b"").decode("utf-8-sig", "replace")), "tox.ini")
    # tox looks there second, where [tox:tox] is for [tox]
    beside = (read("setup.cfg") or b"").decode("utf-8-sig", "replace") if "setup.cfg" in repository.files else ""
    if _IN_SETUP_CFG in beside:
        sections = _sections(beside)
        return _of_sections({**sections, "tox": sections.get("tox:tox", {})}, "tox in setup.cfg")
    legacy = at(repository.pyproject, "tool", "tox").get("legacy_tox_ini")
    if isinstance(legacy, str):
        return _of_sections(_sections(legacy), "tox in pyproject.toml")
    if "tox.toml" in repository.files:
        try:
            return _of_tables(parse_toml("tox.toml", read("tox.toml")), "tox.toml")
        except MalformedFileError:
            return needs.NOTHING
    return _of_tables(at(repository.pyproject, "tool", "tox"), "tox in pyproject.toml")


# ---- tox.ini --------------------------------------------------------------------------------------------------------


def _sections(text: str) -> Sections:
    import configparser  # noqa: PLC0415 - few repositories need it

    parser = configparser.RawConfigParser(strict=False, interpolation=None, inline_comment_prefixes=("#",))
    try:
        parser.read_string(text)
    except configparser.Error:
        return {}
    # A section may be for several environments: [testenv:py{311,312}-django]
    return {name: dict(parser.items(section)) for section in parser.sections() for name in _expanded(section)}


def _of_sections(sections: Sections, origin: str) -> Needs:
    factors = _chosen_factors(sections)
    names = [_BASE, *(f"{_BASE}:{'-'.join(factors)}" for _ in factors[:1])]
    names += [name for name in sections if name.startswith(f"{_BASE}:") and _TESTING.match(name.partition(":")[2])][:1]
    # What an environment says goes before what all of them have.
    own = [name for name in dict.fromkeys(reversed(names)) if "deps" in sections.get(name, {})]
    found: list[Needs] = []
    for name in own[:1]:
        found += [needs.of_words(_words(line)) for line in _lines(sections[name]["deps"], sections, factors)]
    for name in dict.fromkeys(names):
        section = sections.get(name, {})
        found.append(
            needs.Needs(
                extras=_named(section.get("extras", ""), factors),
                groups=_named(section.get("dependency_groups", ""), factors),
            )
        )
    return needs.together(found, origin)


def _named(text: str, factors: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.strip() for line in _lines(text, {}, factors) for name in line.split(",") if name.strip())


def _chosen_factors(sections: Sections) -> tuple[str, ...]:
    """Return the factors of the environment that is most likely the tests' on a plain Python."""
    tox = sections.get("tox", {})
    names = list(_expanded(tox.get("envlist") or tox.get("env_list") or ""))
    running = [name for name in names if _TESTING.match(name.partition("-")[0])]
    plain = [name for name in running if name.startswith(("py3", "3.")) or name == "py"] or running
    # The first factor set is the usual one; of those the newest Python.
    rest = plain[0].split("-")[1:] if plain else []
    same = [name for name in plain if name.split("-")[1:] == rest]
    return tuple(same[-1].split("-")) if same else ()


def _expanded(text: str) -> Iterator[str]:
    """Yield the names of a generative list: `py{39,310}-django{42,50}`."""
    for name in re.split(r"[\s,]+(?![^{]*\})", text.strip()):
        waiting = [name.strip(", ")]
        while waiting:
            current = waiting.pop(0)
            braces = re.search(r"\{([^{}]*)\}", current)
            if braces is None:
                yield from [current] if current else []
            else:
                options = _range(braces[1])
                waiting += [current[: braces.start()] + option.strip() + current[braces.end() :] for option in options]


def _range(text: str) -> list[str]:
    ends = re.fullmatch(r"(\d+)-(\d+)", text.strip())
    return [str(number) for number in range(int(ends[1]), int(ends[2]) + 1)] if ends else text.split(",")


def _lines(text: str, sections: Sections, factors: tuple[str, ...], depth: int = 0) -> Iterator[str]:
    """Yield the lines that hold for these factors, with what they refer to in other sections."""
    for raw in text.splitlines():
        line = raw.strip()
        condition = _FACTOR.match(line)
        if condition is not None and not line.startswith("-"):
            if not _holds(condition[1], factors):
                continue
            line = condition[2].strip()
        reference = _REFERENCE.fullmatch(line)
        if reference is not None and depth < 5:
            yield from _lines(sections.get(reference[1], {}).get(reference[2], ""), sections, factors, depth + 1)
        elif line and not line.startswith("#"):
            yield _ROOT.sub("./", line)


def _holds(condition: str, factors: tuple[str, ...]) -> bool:
    """Say whether one of the alternatives of `py39-django42,!lint` holds."""
    return any(
        all((part[1:] not in factors) if part.startswith("!") else (part in factors) for part in one.split("-"))
        for one in _expanded(condition)
    )


def _words(line: str) -> list[str]:
    """Return the words of a line of `deps`: an option with its value, or one requirement with its spaces."""
    if line.startswith("-"):
        try:
            return shlex.split(line)
        except ValueError:
            return []
    return [line]


# ---- tox.toml, and [tool.tox] of pyproject.toml ---------------------------------------------------------------------


def _of_tables(tox: Mapping[str, Any], origin: str) -> Needs:
    base, environments = at(tox, "env_run_base"), at(tox, "env")
    named = next((at(environments, name) for name in environments if _TESTING.match(name)), {})
    merged = {**base, **named}
    found = [needs.of_words(_words(_ROOT.sub("./", line))) for line in _listed(merged.get("deps"))]
    found.append(
        needs.Needs(extras=tuple(_listed(merged.get("extras"))), groups=tuple(_listed(merged.get("dependency_groups"))))
    )
    return needs.together(found, origin)


def _listed(value: object) -> Iterable[str]:
    """Return the strings of a list, or the lines of a text."""
    return [line.strip() for line in value.splitlines() if line.strip()] if isinstance(value, str) else texts(value)
