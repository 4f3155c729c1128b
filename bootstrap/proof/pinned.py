"""Remedies for pins that contradict what other packages need, or each other.

Until the end of 2020 pip installed the former all the same. Files of that time were written with such pins and worked,
since pip took the first requirement of a name that it met: that of the file. Of two files that were compiled each for
itself, and are installed one after the other, the pins of one go before those of the other.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bootstrap.detect.declared import decode
from bootstrap.detect.repository import distribution_name, normalise
from bootstrap.failures.chains import facts, name_of
from bootstrap.proof.remedy import Case, Remedy, files_of
from bootstrap.setup.dependencies.inclusion import closure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bootstrap.detect.repository import Reader

# pip 20.3, of November 2020, was the first to refuse.
_REFUSED_SINCE = datetime(2021, 1, 1, tzinfo=UTC)
_LINE = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*==\s*([\w.!+-]+)\s*(?:\\|#.*|--hash.*)?$", re.MULTILINE)
_PIN = re.compile(r"([A-Za-z0-9][\w.-]*)==([\w.!+-]+)")


def pinned_anyway(case: Case) -> Iterator[Remedy]:
    """Yield to install what the repository itself pins, though other packages need another version of it."""
    committed, dependencies = case.facts.committed, case.facts.dependencies
    if committed is None or committed >= _REFUSED_SINCE or dependencies is None or dependencies.is_locked:
        return
    known = facts(case.text)
    needed = {name_of(fact.what): fact for fact in known if fact.kind == "needs"}
    pins = [
        fact.what
        for fact in known
        if fact.kind == "required" and _PIN.fullmatch(fact.what) and fact.name in needed and _is_new(fact.what, case)
    ]
    if pins:
        needs = "; ".join(f"{needed[name_of(pin)].who} needs {needed[name_of(pin)].what}" for pin in pins)
        yield Remedy(
            replace(case.answers, loosened=(*case.answers.loosened, *dict.fromkeys(pins))),
            f"{', '.join(pins)} is required, and {needs}",
            "install what is pinned, as pip did at that time",
        )


def pinned_twice(case: Case) -> Iterator[Remedy]:
    """Yield to install what the first of several requirements files pins, where another one pins another version.

    What contradicts itself today is a mistake, and for a person to mend.
    """
    dependencies = case.facts.dependencies
    if dependencies is None or dependencies.is_locked or case.facts.moment is None:
        return
    first: dict[str, str] = {}
    others: dict[str, str] = {}
    for file in files_of(dependencies):
        pins = {distribution_name(pin): pin for pin in _pins(file, case.read)}
        others |= {name: pin for name, pin in pins.items() if first.get(name, pin) != pin and _is_new(pin, case)}
        first = {**pins, **first}
    refused = {fact.name for fact in facts(case.text) if fact.kind == "required"}
    if refused & set(others):
        pairs = ", ".join(f"{first[name]} and {pin}" for name, pin in others.items())
        yield Remedy(
            replace(case.answers, loosened=(*case.answers.loosened, *(first[name] for name in others))),
            f"requirements files pin different versions ({pairs})",
            "install those of the first file",
        )


def _pins(file: str, read: Reader) -> list[str]:
    """Return what a file and those that it includes pin, without markers: what holds here alone is no contradiction."""
    texts = [decode(name, read(name) or b"") for name in closure(file, read)]
    return [f"{normalise(name)}=={release}" for text in texts for name, release in _LINE.findall(text)]


def _is_new(pin: str, case: Case) -> bool:
    return all(distribution_name(one) != distribution_name(pin) for one in case.answers.loosened)
