"""What `[tool.devstrap]` says of an installation, beside what was answered or found out in this checkout alone.

A person, or a remedy, finds out once what the files do not tell. Said in the repository, nobody has to do so again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bootstrap.versions import Request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bootstrap.model import Answers, Settings

    Value = str | bool | list[str]

# The answers, and the keys that say the same.
LISTS = {
    "additions": "additions",
    "without": "without",
    "exempt": "newer",
    "loosened": "overrides",
    "build_constraints": "build-constraints",
    "build_needs": "build-requires",
    "unisolated": "no-build-isolation",
}
SWITCHES = {
    "is_followed": "follow-lock",
    "is_linked": "link-project",
    "is_bare": "without-project",
    "is_lean": "lean",
}
CHOICES = ("groups", "extras", "requirements")


def _said(settings: Settings, key: str) -> Any:
    return getattr(settings, key.replace("-", "_"))


def merged(answers: Answers, settings: Settings) -> Answers:
    """Return the answers with what the settings say; lists come together, all else is as somebody answered it."""
    lists: dict[str, Any] = {
        name: tuple(dict.fromkeys((*_said(settings, key), *getattr(answers, name)))) for name, key in LISTS.items()
    }
    switches: dict[str, Any] = {name: getattr(answers, name) or _said(settings, key) for name, key in SWITCHES.items()}
    is_apart = settings.apart if answers.is_apart is None else answers.is_apart
    return replace(answers, is_apart=is_apart, **lists, **switches)


def own(answers: Answers, settings: Settings) -> Answers:
    """Return the answers without what the settings say: that counts as it stands there, whoever changes it."""
    lists: dict[str, Any] = {
        name: tuple(one for one in getattr(answers, name) if one not in _said(settings, key))
        for name, key in LISTS.items()
    }
    switches: dict[str, Any] = {
        name: getattr(answers, name) and not _said(settings, key) for name, key in SWITCHES.items()
    }
    choices: dict[str, Any] = {
        name: None if _said(settings, name) == getattr(answers, name) else getattr(answers, name) for name in CHOICES
    }
    default = str(settings.default.request) if settings.default else ""
    is_default = bool(default) and default == _feature(answers.python or "")
    return replace(
        answers,
        is_apart=None if answers.is_apart == settings.apart else answers.is_apart,
        as_of=None if answers.as_of == settings.as_of else answers.as_of,
        python=None if is_default else answers.python,
        **lists,
        **switches,
        **choices,
    )


def rows(answers: Answers, table: Mapping[str, Any], *, is_pinned: bool) -> dict[str, Value]:
    """Return the rows of `[tool.devstrap]` that say what was answered, where `table` does not say it yet.

    `is_pinned` tells whether `.python-version` decides about the Python, which goes before what is said here.
    """
    there = {key.replace("_", "-"): value for key, value in table.items()}
    found: dict[str, Value] = {}
    python = "" if is_pinned else _default(answers, there)
    if python:
        found["default"] = python
    for name in CHOICES:
        chosen = getattr(answers, name)
        if chosen is not None and name not in there:
            found[name] = list(chosen)
    if answers.as_of is not None and there.get("as-of") != answers.as_of:
        found["as-of"] = answers.as_of
    if answers.is_apart is not None and there.get("apart") != answers.is_apart:
        found["apart"] = answers.is_apart
    for name, key in LISTS.items():
        said = list(there.get(key, ()))
        every = list(dict.fromkeys((*said, *getattr(answers, name))))
        found |= {key: every} if every != said else {}
    return found | {key: True for name, key in SWITCHES.items() if getattr(answers, name) and not there.get(key)}


def reason_against(answers: Answers, table: Mapping[str, Any], *, is_pinned: bool) -> str:
    """Return why the Python that was chosen cannot be said in `[tool.devstrap]`; empty where it can, or is."""
    feature = _feature(answers.python or "")
    if answers.python is None or table.get("default") == (feature or answers.python):
        return ""
    if is_pinned:
        return ".python-version goes before [tool.devstrap]: change it there"
    if "default" in table:
        return f'default = "{table["default"]}" stays: change it with modernize --default, which moves all with it'
    if not feature:
        return "not everybody has it: it is for --python"
    return "" if _default(answers, table) else "it is not among those that [tool.devstrap] says are supported"


def _default(answers: Answers, table: Mapping[str, Any]) -> str:
    """Return the Python to name as the default; empty where nobody chose one, or it would contradict the rest."""
    feature = _feature(answers.python or "")
    supported, minimum = table.get("supported"), table.get("minimum")
    if not feature or "default" in table or (isinstance(supported, list) and feature not in supported):
        return ""
    is_older = isinstance(minimum, str) and Request.parse(minimum).release[:2] > Request.parse(feature).release
    return "" if is_older else feature


def _feature(python: str) -> str:
    """Return `3.12` for `3.12.4`, which not everybody has; empty for what is no plain CPython."""
    try:
        release = Request.parse(python).release
    except ValueError:
        return ""
    is_plain = str(Request.parse(python)) == ".".join(map(str, release))
    return ".".join(map(str, release[:2])) if is_plain and len(release) > 1 else ""
