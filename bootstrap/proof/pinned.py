"""A remedy for pins that contradict what other packages need: until the end of 2020 pip installed them all the same.

Files of that time were written with such pins and worked, since pip took the first requirement of a name that it met:
that of the file.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bootstrap.detect.repository import distribution_name
from bootstrap.failures.chains import facts, name_of
from bootstrap.proof.remedy import Case, Remedy

if TYPE_CHECKING:
    from collections.abc import Iterator

# pip 20.3, of November 2020, was the first to refuse.
_REFUSED_SINCE = datetime(2021, 1, 1, tzinfo=UTC)
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


def _is_new(pin: str, case: Case) -> bool:
    return all(distribution_name(one) != distribution_name(pin) for one in case.answers.loosened)
