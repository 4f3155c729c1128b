"""What a bound in time holds back: the packages of which there are newer releases by now."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bootstrap.detect.repository import Reader, distribution_name, normalise
from bootstrap.model import Run
from bootstrap.process import run_together

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bootstrap.commands import Tools
    from bootstrap.model import Facts
    from bootstrap.process import Command, Completed

    Together = Callable[[Sequence[Command], float], list[Completed]]

# The list is a courtesy: nobody waits longer for it, in seconds.
_PATIENCE = 20.0
_SHOWN = 6
_LIST = Run(("uv", "pip", "list", "--outdated", "--format", "json", "--python", "{python}"), "see what is newer by now")


def held_back(facts: Facts, tools: Tools, together: Together = run_together) -> str:
    """Name the packages of another major version than now, those first that the repository itself requires.

    Empty where nothing is bound, or nobody can say.
    """
    if facts.moment is None or facts.inspection is None or tools.is_offline:
        return ""
    (done,) = together([tools.real(_LIST, facts.repository.root, facts.environment.path)], _PATIENCE)
    try:
        keys = ("name", "version", "latest_version")
        listed = [tuple(str(one[key]) for key in keys) for one in json.loads(done.stdout)]
    except (ValueError, KeyError, TypeError):
        return ""
    from bootstrap.proof import pool  # noqa: PLC0415 - it loads every manager

    own = {
        normalise(distribution_name(line))
        for line in pool.declared(facts.repository, Reader(facts.repository.root))
        if not line.startswith("-")
    }
    major = [one for one in listed if _major(one[1]) != _major(one[2])]
    major.sort(key=lambda one: normalise(one[0]) not in own)
    shown = ", ".join(f"{name} {version} (now {latest})" for name, version, latest in major[:_SHOWN])
    more = len(listed) - len(major[:_SHOWN])
    return shown + (f" and {more} more" if shown and more else "")


def _major(version: str) -> tuple[str, ...]:
    """Return what a release that may break things changes: the first number, and the second after a zero."""
    numbers = version.split(".")
    return tuple(numbers[:2] if numbers[0] == "0" else numbers[:1])
