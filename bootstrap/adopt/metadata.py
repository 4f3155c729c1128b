"""What a new pyproject.toml says of the repository in `[project]`, as far as its own files tell it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bootstrap.adopt.checkout import in_git
from bootstrap.adopt.commands import text_of
from bootstrap.adopt.installed import apart, installation
from bootstrap.expression import expression
from bootstrap.policy import spelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bootstrap.adopt.model import Tree, Wishes
    from bootstrap.policy import Policy

    Value = str | bool | float | list[str]
    Values = Mapping[str, Value]

VERSION = "0.0.0"
"""Nothing is released from a root that declares nothing: a real number would be one more place to keep true."""

_ABOUT = "# The repository as a whole: what it requires is declared elsewhere, and nothing is built from here."
_READMES = ("README.md", "README.rst", "README.txt")
# What makes a package of the root: setuptools would take [project] in place of what is said there.
_PACKAGES = ("setup.py", "flit.ini")
_PACKAGE_SECTION = expression(r"(?m)^\[(?:metadata|options)\b")

_REMOTE = expression(r'(?m)^\[remote "([^"\n]+)"\]\s*\n((?:(?!\[).*\n?)*)')
_URL = expression(r"(?m)^\s*url\s*=\s*(\S+)")
_NO_NAME = expression(r"[^a-z0-9]+")

_BARE = expression(r"[A-Za-z0-9_-]+")
_NO_LITERAL = expression(r"'''|'\Z|[\0-\x08\x0b-\x1f\x7f]")

# A README's first lines: a title (of either kind), what is only badges or comments, and plain words.
_TITLE = expression(r"(?:\A|\n)\s*(?:#[ \t]+(?P<md>[^\n]+?)[ \t#]*|(?P<rst>\w[^\n]*)\n(?:={3,}|-{3,})[ \t]*)(?=\n|\Z)")
_BADGES = expression(r"(?:[ \t]*(?:\[?!\[|<|\.\. |:\w+:|  +:)[^\n]*(?:\n|\Z))+")
_FIRST_SENTENCE = expression(r"[^.!?]+(?:\.(?=\S)[^.!?]+)*\.(?=\s|\Z)")
_PLAIN = expression(r"[^\[\]<>|{}*_`\\]{20,200}")
_ABBREVIATION = expression(r"(?i)\b(?:e\.g|i\.e|etc|vs|cf|approx|inc|ltd|no)\.$")


def is_fit(tree: Tree) -> bool:
    """Say whether a `[project]` without dependencies is true of the root, and changes nothing for what is there.

    It is not where the root is a package already, which setup.py or setup.cfg describes, nor where nobody can tell
    what is installed: then it would look as if nothing were.
    """
    is_package = any(name in tree.paths for name in _PACKAGES) or _PACKAGE_SECTION.search(text_of(tree, "setup.cfg"))
    return not is_package and (installation(tree) is not None or bool(apart(tree))) and bool(_name(tree))


def project(tree: Tree, wishes: Wishes) -> str:
    """Return the table, as it is written."""
    return f"{_ABOUT}\n{table('project', dict(_rows(tree, wishes.policy)))}"


def table(name: str, rows: Values, comment: str = "") -> str:
    """Return a table as TOML writes it, a list that is long with a line for each of its members."""
    lines = [f"[{name}]", *([f"# {comment}"] if comment else [])]
    return "\n".join([*lines, *(row(key, value) for key, value in rows.items())]) + "\n"


def row(key: str, value: Value) -> str:
    """Return a key with its value as TOML writes them."""
    name = key if _BARE.fullmatch(key) else json.dumps(key, ensure_ascii=False)
    return f"{name} = {_spelled(name, value)}"


def _spelled(key: str, value: Value) -> str:
    if isinstance(value, str) and "\n" in value and not _NO_LITERAL.search(value):
        return f"'''\n{value}'''"
    if not isinstance(value, list):
        return _text(value)
    members = [_text(one) for one in value]
    line = f"[{', '.join(members)}]"
    if len(key) + len(line) <= 100:
        return line
    return "\n".join(["[", *(f"    {member}," for member in members), "]"])


def _text(value: str | bool | float) -> str:
    """Return what is no list as TOML writes it, without backslashes where that can be."""
    text = json.dumps(value, ensure_ascii=False)
    is_literal = isinstance(value, str) and "\\" in text and "'" not in value and not _NO_LITERAL.search(value)
    return f"'{value}'" if is_literal and "\n" not in str(value) else text


def _rows(tree: Tree, policy: Policy) -> Iterator[tuple[str, str | list[str]]]:
    readme = next((name for name in _READMES if name in tree.paths), "")
    description = described(text_of(tree, readme)) if readme else ""
    yield "name", _name(tree)
    yield "version", VERSION
    if description:
        yield "description", description
    if readme:
        yield "readme", readme
    yield "requires-python", f">={spelled(policy.minimum)}"
    yield "classifiers", [f"Programming Language :: Python :: {one}" for one in ("3", *map(spelled, policy.supported))]


# ---- its name -------------------------------------------------------------------------------------------------------


def _name(tree: Tree) -> str:
    """Return the name that the repository has where it is kept, else that of its folder, as packaging compares names.

    It is empty for a name without a letter or digit that packaging knows.
    """
    return next(filter(None, map(_normalised, (*_remotes(tree), tree.root.name))), "")


def _normalised(name: str) -> str:
    return _NO_NAME.sub("-", name.lower()).strip("-")


def _remotes(tree: Tree) -> Iterable[str]:
    """Return the names under which the repository is kept elsewhere, that of `origin` first."""
    text = in_git(tree, "config")
    found = {match[1]: url[1] for match in _REMOTE.finditer(text) if (url := _URL.search(match[2]))}
    urls = sorted(found, key=lambda name: name != "origin")
    return [found[one].rstrip("/").removesuffix(".git").replace(":", "/").rpartition("/")[2] for one in urls]


# ---- its description ------------------------------------------------------------------------------------------------


def described(readme: str) -> str:
    """Return the first sentence below the title of a README, if it says what this is; nothing where that is not sure.

    It is sure of `A backend for orchards.` and of `Orchard is a backend.`, in words without markup.
    """
    text = readme.replace("\r\n", "\n").removeprefix("\ufeff")
    title = _TITLE.match(text)
    if title is None:
        return ""
    rest = text[title.end() :].lstrip("\n")
    while badges := _BADGES.match(rest):
        rest = rest[badges.end() :].lstrip("\n")
    words = " ".join(rest.partition("\n\n")[0].split())
    found = _FIRST_SENTENCE.match(words)
    sentence = found[0] if found is not None else ""
    if _ABBREVIATION.search(sentence) or "://" in sentence or not _PLAIN.fullmatch(sentence):
        return ""
    name = (title["md"] or title["rst"]).strip()
    beginnings = ("A ", "An ", *(f"{name} is {article} " for article in ("a", "an", "the")))
    return sentence if sentence.startswith(beginnings) else ""
