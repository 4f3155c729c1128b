"""Remedies that take releases of another time, or another Python."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from bootstrap.detect.repository import distribution_name, normalise
from bootstrap.failures.builds import package
from bootstrap.proof import names
from bootstrap.proof.collect import is_of_installation
from bootstrap.proof.missing import NO_MODULE
from bootstrap.proof.remedy import Case, Remedy, minor_of
from bootstrap.setup.evidence import spelled
from bootstrap.setup.moment import NOW, day
from bootstrap.setup.python import freed, install, is_named, suitable
from bootstrap.setup.terms import addition
from bootstrap.versions import OLDEST_INSTALLABLE, Request, Version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bootstrap.errors import StepError
    from bootstrap.model import Answers, Facts
    from bootstrap.proof.wheels import Failed, Probe

    Minor = tuple[int, int]


_RECENT = timedelta(days=14)
"""A commit so young was made with what there is now."""


def is_of_others(reason: str) -> bool:
    """Say whether an error is one of packages that do not fit each other."""
    return is_of_installation(reason) and reason.startswith(
        ("ImportError", "AttributeError", "TypeError", "SyntaxError", "NameError", "RuntimeError")
    )


def another_time(case: Case, found: str) -> Iterator[Remedy]:
    """Yield the releases of the last commit's time, or, where that was tried, those of now."""
    if case.facts.dependencies is None or case.facts.dependencies.is_locked or case.answers.as_of == NOW:
        return
    if case.facts.moment is None:
        committed = case.facts.committed
        if committed is not None and case.answers.as_of is None and datetime.now(UTC) - committed > _RECENT:
            # The day, and not `commit`: that would go with every commit which somebody makes from now on.
            when = day(committed)
            yield Remedy(
                replace(case.answers, as_of=when), found, f"install what had been released by the last commit, {when}"
            )
    elif not case.facts.moment.is_asked:
        yield Remedy(replace(case.answers, as_of=NOW), f"{found}, {case.facts.moment.reason}", "install the newest")


_NOT_OF_THEN = (
    re.compile(r"`([A-Za-z][\w.-]*)` was filtered by `exclude-newer`"),
    re.compile(r"there (?:are no versions|is no version) of ([A-Za-z][\w.-]*)[ ,]"),
    re.compile(r"\b([A-Za-z][\w.-]*)(?:[<>=!~]\S*)? (?:has|have) a non-PEP 625-compliant"),
    re.compile(r"\b([A-Za-z][\w.-]*)(?:[<>=!~]\S*)? (?:was|were) yanked"),
    re.compile(r"Failed to (?:download and )?build `([A-Za-z][\w.-]*)=="),
)


def too_old(case: Case) -> Iterator[Remedy]:
    """Yield to take newer releases of those that cannot be had as they were: deleted, renamed, or not to be built."""
    moment = case.facts.moment
    if moment is None:
        return
    found = dict.fromkeys(normalise(name) for pattern in _NOT_OF_THEN for name in pattern.findall(case.text))
    new = tuple(name for name in found if name not in case.answers.exempt)
    if new:
        yield Remedy(
            replace(case.answers, exempt=(*case.answers.exempt, *new)),
            f"{', '.join(new)} cannot be had as of {moment}",
            f"take {'newer releases of these' if len(new) > 1 else 'a newer release of it'}",
        )


_REQUIRED = re.compile(r"you require ([A-Za-z][\w.-]*)")


def unbounded(error: StepError, answers: Answers) -> Iterator[Remedy]:
    """Yield to add by its name alone what cannot be had within the bounds that some file of old gives it."""
    if error.run is None or not answers.additions or error.run.purpose != addition(answers):
        return
    required = set(map(normalise, _REQUIRED.findall(error.said or error.message)))
    bound = [one for one in answers.additions if normalise(distribution_name(one)) in required]
    loose = tuple(distribution_name(one) if one in bound else one for one in answers.additions)
    if loose != answers.additions:
        yield Remedy(
            replace(answers, additions=loose),
            f"{', '.join(one for one in bound if one not in loose)} cannot be had",
            "take any version of that",
        )


_PINNED = re.compile(r"there is no version of ([A-Za-z][\w.-]*)(?:\{[^}\n]*\})?==([\w.!+-]+)")


def withdrawn(case: Case) -> Iterator[Remedy]:
    """Yield to take another version of what was pinned long ago to one that was deleted since, as tools for CI were.

    A pin of today that the index does not have is a mistake, and for a person to mend.
    """
    match, dependencies = _PINNED.search(case.text), case.facts.dependencies
    if match is None or dependencies is None or dependencies.is_locked:
        return
    name, exempt = normalise(match[1]), case.answers.exempt
    if name in case.answers.loosened or case.facts.moment is None:
        return
    if name not in exempt:
        yield Remedy(
            replace(case.answers, exempt=(*exempt, name)),
            f"{name} {match[2]} cannot be had as of {case.facts.moment}",
            "take it although it is newer",
        )
    else:
        left = tuple(one for one in exempt if one != name)
        yield Remedy(
            replace(case.answers, loosened=(*case.answers.loosened, name), exempt=left),
            f"{name} {match[2]} is not on the index any more",
            "take another version of it",
        )


# What no Python and no tool mends: an archive that uv does not unpack, a wheel whose name is none.
_SPOILED = ("has an invalid filename", "failed to extract archive")


def spoiled(case: Case) -> Iterator[Remedy]:
    """Yield to take another version of what cannot be unpacked or installed as it was uploaded."""
    wanted, dependencies = package(case.text), case.facts.dependencies
    name, exactly, release = wanted.partition("==")
    is_free = exactly and dependencies is not None and not dependencies.is_locked
    other = f"{name}!={release}"  # the newest may be the same one
    of_then = tuple(one for one in case.answers.exempt if one != normalise(name))
    if is_free and other not in case.answers.loosened and any(words in case.text.lower() for words in _SPOILED):
        yield Remedy(
            replace(case.answers, loosened=(*case.answers.loosened, other), exempt=of_then),
            f"{name} {release} cannot be installed as it was uploaded",
            "take another version of it",
        )


# Because twisted==18.7.0 has a non-PEP 625-compliant source distribution filename
_ARCHAIC = re.compile(
    r"\b([A-Za-z][\w.-]*\w)(?:\{[^}\s]*\})?(?:==([\w.]+)|[<>]\S*)? ha(?:s|ve) a non-PEP 625-compliant source"
)
# The first release of what was published as .tar.bz2 alone before it, of July 2019.
_FIRST_TAKEN = {"twisted": "twisted==19.7.0"}


def archaic(case: Case) -> Iterator[Remedy]:
    """Yield to take a newer release of what was published in no archive that uv unpacks: the pip of then took more."""
    match, dependencies = _ARCHAIC.search(case.text), case.facts.dependencies
    if match is None or dependencies is None or dependencies.is_locked:
        return
    name = normalise(match[1])
    wanted = _FIRST_TAKEN.get(name) or (f"{name}>{match[2]}" if match[2] else name)
    if wanted not in case.answers.loosened:
        exempt = tuple(dict.fromkeys((*case.answers.exempt, name)))
        yield Remedy(
            replace(case.answers, loosened=(*case.answers.loosened, wanted), exempt=exempt),
            f"{name} of that time is in no archive that can be unpacked here",
            f"take {wanted}",
        )


def outgrown(case: Case) -> Iterator[Remedy]:
    """Yield an older Python, where an error tells since which one something is gone."""
    bounds = [
        names.DROPPED[top]
        for module in NO_MODULE.findall(case.text)
        if (top := module.partition(".")[0]) in names.DROPPED
    ]
    bounds += [bound for words, bound in names.OUTGROWN if words in case.text]
    if bounds:
        bound = min(bounds)
        yield from older_python(case, bound, f"it uses what Python {spelled(bound)} no longer has")


# Those to try one after another where nothing tells which: each was the usual one for a while.
_STEPS = ((3, 11), (3, 9), (3, 7), (3, 6))


def older_python(case: Case, below: Minor | None, found: str) -> Iterator[Remedy]:
    """Yield an older Python, below the one that dropped something where that is known; none where one is named."""
    if is_named(case.facts.repository, None):
        return
    now = minor_of(case.facts)
    required = case.facts.repository.requires_python
    every = [(3, minor) for minor in range(now[1] - 1, 5, -1)] if below else list(_STEPS)
    for minor in every:
        fits = required is None or required.admitted.admits_some(Request(minor))
        if minor < min(now, below or now) and fits and (minor >= OLDEST_INSTALLABLE or _is_here(case, minor)):
            yield Remedy(
                replace(case.answers, python=spelled(minor)),
                f"{found} (Python {spelled(now)})",
                f"use {spelled(minor)}",
            )
            return


def at_hand(error: StepError, facts: Facts, answers: Answers) -> Iterator[Remedy]:
    """Yield the nearest Python of this machine, where one that nobody named cannot be installed."""
    choice, repository = facts.choice, facts.repository
    failed = f"could not {install(choice).purpose}:"
    if not choice.must_install or is_named(repository, answers.python) or not error.message.startswith(failed):
        return
    wanted = minor_of(facts)
    every = suitable(freed(repository), facts.interpreters, facts.host, answers)
    minors = {Version.parse(one.version).minor for one in every}
    nearest = min(minors, key=lambda minor: abs(minor[1] - wanted[1]), default=None)
    if nearest is not None:
        yield Remedy(
            replace(answers, python=spelled(nearest)),
            f"Python {choice.request} is not on this machine, and cannot be installed",
            f"use {spelled(nearest)}, which is",
        )


class Python:
    """The choice of another Python for an installation that failed: uv is asked once, and only if somebody wants it."""

    def __init__(self, case: Case, probe: Probe | None, failed: Failed | None) -> None:
        self.case = case
        self.probe = probe
        self.failed = failed
        self.now = minor_of(case.facts)

    @cached_property
    def nearest(self) -> Minor | None:
        """The nearest Python with which the command would succeed; None where there is none, or somebody named one."""
        if self.probe is None or self.failed is None or is_named(self.case.facts.repository, None):
            return None
        return self.probe.nearest(self.failed, self.now)

    def with_wheels(self) -> Iterator[Remedy]:
        """Yield the Python for which there are wheels of a package from the index that could not be built."""
        name = package(self.case.text)
        if "==" in name:
            yield from self._nearest(f"{name} cannot be built", "there are wheels")

    def that_installs(self) -> Iterator[Remedy]:
        """Yield the Python for which a lock has a file of everything."""
        yield from self._nearest("the lock has no wheel of a package", "there is one of each")

    def that_fits(self, found: str) -> Iterator[Remedy]:
        """Yield the Python with which the requirements go together; where uv cannot be asked, an older one."""
        yield from self._nearest(found, "they go together")
        if self.probe is None or self.failed is None:
            yield from older_python(self.case, None, found)

    def _nearest(self, found: str, good: str) -> Iterator[Remedy]:
        if self.nearest is not None:
            yield Remedy(
                replace(self.case.answers, python=spelled(self.nearest)),
                f"{found} (Python {spelled(self.now)})",
                f"use {spelled(self.nearest)}, the nearest Python for which {good}",
            )


def _is_here(case: Case, minor: Minor) -> bool:
    return any(Version.parse(one.version).minor == minor for one in case.facts.interpreters or case.pythons())
