"""A survey and a change of policy to new file contents: what `modernize` writes and `check --fix` mends."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.decide import Decision, decide
from bootstrap.errors import BootstrapError
from bootstrap.model import Change
from bootstrap.sites.locate import is_ignored
from bootstrap.survey import floors, is_promise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bootstrap.policy import Transition
    from bootstrap.sites.model import Site
    from bootstrap.survey import Survey


class Choice(NamedTuple):
    """Which sites to change: areas, kinds or single sites by their ids; empty: all."""

    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()

    def takes(self, site: Site) -> bool:
        """Say whether the site is chosen."""
        return self.admits(site.declaration.area.value, site.declaration.id, site.id, site.source.path)

    def admits(self, *names: str) -> bool:
        """Say whether what has these names is chosen."""
        fits = [any(fnmatchcase(name, pattern) for name in names) for pattern in self.only]
        return (not self.only or any(fits)) and not any(
            fnmatchcase(name, pattern) for name in names for pattern in self.skip
        )


ALL = Choice()
NOTHING = Choice(skip=("*",))


class Refusal(NamedTuple):
    """A site that should change and was left alone, and why."""

    path: str
    line: int
    reason: str


class Proposal(NamedTuple):
    """The new contents of files, and what was decided about every site."""

    changes: tuple[Change, ...]
    decisions: tuple[tuple[Site, Decision], ...]
    refused: tuple[Refusal, ...] = ()


def propose(found: Survey, change: Transition, choice: Choice = ALL) -> Proposal:
    """Return what the change of policy makes of the files; nothing is written.

    A file whose edit cannot be shown to be harmless is left out, and told.
    """
    change = change._replace(is_promised=is_promise(found.sites), floors=tuple(floors(found.sites).items()))
    decisions = tuple((site, _decide(site, change, choice)) for site in found.sites)
    by_file: dict[str, list[tuple[Site, Decision]]] = {}
    for site, decision in decisions:
        if decision.steps:
            by_file.setdefault(site.source.path, []).append((site, decision))
    changes, refused = [], []
    for path, data in found.data:
        after, failed = _rewritten(data, by_file.get(path, ()), change)
        refused += failed
        if after != data:
            changes.append(Change(path, data, after, "keep its Python versions in agreement"))
    return Proposal(tuple(changes), decisions, tuple(refused))


def _decide(site: Site, change: Transition, choice: Choice) -> Decision:
    if not choice.takes(site):
        return Decision(reason="not chosen")
    if is_ignored(site):
        return Decision(reason="the line asks devstrap to ignore it")
    return decide(site, change)


def _rewritten(
    data: bytes, decisions: Sequence[tuple[Site, Decision]], change: Transition
) -> tuple[bytes, list[Refusal]]:
    """Carry out all decisions of a file; where that cannot be verified, those that can be, one after the other."""
    if not decisions:
        return data, []
    from bootstrap.rewrite import rewrite  # noqa: PLC0415 - only where something is to be changed

    try:
        return rewrite(data, decisions, change), []
    except BootstrapError:
        pass
    after = data
    good: list[tuple[Site, Decision]] = []
    refused: list[Refusal] = []
    for one in decisions:
        try:
            after = rewrite(data, [*good, one], change)
        except BootstrapError as error:
            refused.append(Refusal(one[0].source.path, one[0].line, error.message))
        else:
            good.append(one)
    return after, refused
