"""Do the declarations of a repository agree? Each disagreement becomes a finding, in a sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.decide import Add, Drop, Move
from bootstrap.model import Finding, Severity
from bootstrap.policy import spelled
from bootstrap.releases import RELEASES, warning
from bootstrap.sites.anchors import FOLLOWS, PINNED, reference
from bootstrap.sites.locate import is_ignored
from bootstrap.sites.model import Area, Codec, Role
from bootstrap.sites.phrase import Kind
from bootstrap.survey import floors, is_matrix

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from bootstrap.decide import Decision
    from bootstrap.modernize import Choice, Proposal
    from bootstrap.policy import Minor, Policy, Transition
    from bootstrap.sites.model import Site
    from bootstrap.survey import Survey

FIX = "devstrap check --fix"

_VERBS = {
    Area.CLAIMED: "claims",
    Area.TESTED: "tests on",
    Area.SHIPPED: "ships",
    Area.TARGETED: "targets",
    Area.DEVELOPED: "develops on",
    Area.TOLD: "tells people of",
}


class Evidence(NamedTuple):
    """What the rules look at."""

    sites: tuple[Site, ...]
    """All but those whose lines ask to be ignored: what is tested is tested, whatever the person chose to hear of."""
    proposal: Proposal
    change: Transition
    choice: Choice
    contents: tuple[tuple[str, bytes], ...] = ()
    is_promised: bool = True

    @property
    def policy(self) -> Policy:
        """What is promised."""
        return self.change.new

    def in_area(self, area: Area) -> list[Site]:
        """Return the sites of an area."""
        return [site for site in self.sites if site.declaration.area is area]

    def chosen(self, area: Area) -> list[Site]:
        """Return the sites of an area that the person wants to hear of."""
        return [site for site in self.in_area(area) if self.choice.takes(site)]


def check(
    found: Survey, proposal: Proposal, change: Transition, choice: Choice, today: date, *, is_promised: bool = True
) -> tuple[Finding, ...]:
    """Return what disagrees with the policy and with each other; `proposal` is what the policy makes of the sites.

    Where nothing is promised, as in a collection of examples, all that can be said is that places differ: a warning.
    """
    sites = tuple(site for site in found.sites if not is_ignored(site))
    evidence = Evidence(sites, proposal, change, choice, found.data, is_promised)
    findings = (
        *_differences(evidence),
        *_held(evidence),
        *_narrow_claims(evidence),
        *_eager_targets(evidence),
        *_untested(evidence),
        *_unclaimed(evidence, today),
        *lives(evidence.chosen(Area.CLAIMED), evidence.policy, today),
        *_unread(found),
        *_refused(proposal),
    )
    return findings if is_promised else tuple(map(_mildly, findings))


def _mildly(finding: Finding) -> Finding:
    severity = Severity.WARNING if finding.severity is Severity.ERROR else finding.severity
    return finding._replace(severity=severity, fix=None)


# ---- one declaration and the policy --------------------------------------------------------------------------------


def _differences(evidence: Evidence) -> Iterator[Finding]:
    """Yield the declarations that name what is not supported, or leave out what is."""
    for site, decision in evidence.proposal.decisions:
        if decision.steps:
            area = site.declaration.area
            yield Finding(
                "V101",
                Severity.WARNING if area is Area.TOLD else Severity.ERROR,
                f"{_VERBS[area]} {_disagreement(site, decision, evidence)}",
                f"it should say {expected(site, decision, evidence.change)}",
                site.source.path,
                site.line,
                site.column,
                FIX,
            )


def _held(evidence: Evidence) -> Iterator[Finding]:
    """Yield what is no longer supported and cannot be moved by rewriting its version; each reason once in a file."""
    told: set[tuple[str, str]] = set()
    for site, decision in evidence.proposal.decisions:
        is_gone = any(token.is_plain and evidence.change.drops(token.minor) for token in site.group.tokens)
        key = site.source.path, site.locked
        if not is_gone or not site.locked or key in told or decision.reason != site.locked or site.locked == FOLLOWS:
            continue
        told.add(key)
        yield _held_one(site, evidence)


def _held_one(site: Site, evidence: Evidence) -> Finding:
    minors = [token.minor for token in site.group.tokens if evidence.change.drops(token.minor)]
    is_old = max(minors) < evidence.policy.minimum
    than = f"the oldest supported is {spelled(evidence.policy.minimum)}" if is_old else "it is not supported"
    said = f"{_VERBS[site.declaration.area]} {_names(minors)}, but {than}"
    hint = site.locked
    if hint == PINNED:
        wanted = reference(site, evidence.policy.default)
        hint = f"take {wanted} with its digest: docker buildx imagetools inspect {wanted}"
    return Finding("V101", Severity.ERROR, said, hint, site.source.path, site.line, site.column)


def _disagreement(site: Site, decision: Decision, evidence: Evidence) -> str:
    """Say what is wrong with the versions that a site names, after a verb."""
    change = evidence.change
    moved = {step.token.minor: step.to for step in decision.steps if isinstance(step, Move)}
    dropped = {token.minor for step in decision.steps if isinstance(step, Drop) for token in step.item.tokens}
    gone = sorted(minor for minor in {*moved, *dropped} if change.drops(minor))
    added = sorted({step.minor for step in decision.steps if isinstance(step, Add)})
    policy = change.new
    if site.group.kind in (Kind.CEILING, Kind.LAST) and moved:
        end = (
            f"nothing from {_names(moved)} on" if site.group.kind is Kind.CEILING else f"nothing after {_names(moved)}"
        )
        return f"{end}, but {spelled(policy.newest)} is supported"
    if gone and not evidence.is_promised:
        return f"{_names(gone)}, but most places name {spelled(policy.default)}"
    lacking = f", and leaves out {_names(added)}" if added else ""
    if gone and gone[-1] < policy.minimum:
        return f"{_names(gone)}, but the oldest supported is {spelled(policy.minimum)}{lacking}"
    if gone:
        return f"{_names(gone)}, which {_is_or_are(gone)} not supported{lacking}"
    if added:
        return f"{_named(site)}, {_LEFT_OUT.get(site.declaration.area, 'but not')} {_names(added)}"
    return f"{_names(moved)}, but {_goal(site, set(moved.values()), policy)} is {_names(moved.values())}"


_LEFT_OUT = {Area.TESTED: "but not on", Area.DEVELOPED: "but not on", Area.TOLD: "but not of"}


def _goal(site: Site, wanted: set[Minor], policy: Policy) -> str:
    """Say what the version is that a site should name."""
    is_floor = site.group.kind in (Kind.FLOOR, Kind.RANGE) or site.declaration.role in (Role.FLOOR, Role.TARGET)
    if wanted == {policy.minimum} and (is_floor or policy.minimum != policy.default):
        return "the oldest supported"
    return "the default" if wanted == {policy.default} else "what is supported"


def named(site: Site) -> str:
    """Return what a site names, for people: the versions of a long list, else what is written there."""
    return _named(site) if _is_long(site) else f"{_prefix(site)}{site.value}"


def expected(site: Site, decision: Decision, change: Transition) -> str:
    """Return what a site should name, in the same way."""
    if not _is_long(site):
        from bootstrap.rewrite import preview  # noqa: PLC0415 - only where something disagrees

        return _prefix(site) + " ".join(preview(site, decision, change).split())
    after = minors_after(site, decision)
    return ", ".join((*([_names(after)] if after else []), *_others(site))) or "none of them"


def minors_after(site: Site, decision: Decision) -> set[Minor]:
    """Return the releases of CPython that a site names once its decision is carried out."""
    gone = {token for step in decision.steps if isinstance(step, Drop) for token in step.item.tokens}
    moved = {step.token: step.to for step in decision.steps if isinstance(step, Move)}
    kept = {moved.get(token, token.minor) for token in site.group.tokens if token.is_plain and token not in gone}
    return kept | {step.minor for step in decision.steps if isinstance(step, Add)}


def _prefix(site: Site) -> str:
    """Return the word right before a version that does not stand alone: the `py` of `py38`."""
    token = site.group.tokens[0]
    word = site.source.text[max(0, token.start - len(token.name)) : token.start]
    is_its_own = token.form == "glued" and token.start == site.group.start and word.lower() == token.name.lower()
    return word if is_its_own else ""


def _is_long(site: Site) -> bool:
    """Say whether there is more in a site's span than its versions: classifiers, entries of a matrix."""
    return site.group.kind is Kind.LIST and (site.layout != "flow" or len(site.value) > _LONG)


_LONG = 60


def _named(site: Site) -> str:
    plain = {token.minor for token in site.group.tokens if token.is_plain}
    return ", ".join((*([_names(plain)] if plain else []), *_others(site)))


def _others(site: Site) -> Iterable[str]:
    """Return what a list names that is no plain release: `pypy3.10`, `3.15-dev`."""
    others = (token for token in site.group.tokens if not token.is_plain)
    return dict.fromkeys(
        f"{'' if token.implementation == 'cpython' else token.name}{token.text}{token.stage}" for token in others
    )


def _narrow_claims(evidence: Evidence) -> Iterator[Finding]:
    """Yield where requires-python keeps out what is supported; which of the two is meant, a person has to say."""
    policy = evidence.policy
    differing = _differing(evidence)
    for site in evidence.chosen(Area.CLAIMED):
        first = site.group.tokens[0]
        is_floor = site.declaration.role is Role.FLOOR and site.group.kind in (Kind.FLOOR, Kind.SINGLE)
        if not is_floor or not first.is_plain or "/" in site.source.path or site.id in differing:
            continue
        if first.minor > policy.minimum:
            out = [minor for minor in policy.supported if minor < first.minor]
            yield Finding(
                "V102",
                Severity.ERROR,
                f"claims {spelled(first.minor)} and newer, but {_names(out)} {_is_or_are(out)} supported",
                f"devstrap modernize --minimum {spelled(first.minor)}, or admit {spelled(policy.minimum)} there",
                site.source.path,
                site.line,
                site.column,
            )


def _differing(evidence: Evidence) -> set[str]:
    """Return the ids of the sites that are found to differ already: nothing is found twice."""
    return {site.id for site, decision in evidence.proposal.decisions if decision.steps}


# Settings of tools that write code for the version they are given, and not only judge it.
_WRITES = ("target-version", "target_version", "target-versions", "target_versions")


def _eager_targets(evidence: Evidence) -> Iterator[Finding]:
    """Yield tools that may write code that the oldest supported Python cannot run.

    A type checker may well look at the code as a newer Python; ruff, black and pyupgrade may not.
    """
    claimed = floors(evidence.in_area(Area.CLAIMED))
    for site in evidence.chosen(Area.TARGETED):
        keys = [part for part in site.path if isinstance(part, str)]
        writes = bool(keys and keys[-1] in _WRITES) or any(
            site.source.text.startswith("-plus", token.tail) for token in site.group.tokens
        )
        plain = [token.minor for token in site.group.tokens if token.is_plain]
        floor = _floor_of(site.source.path, claimed, evidence.policy.minimum)
        if writes and plain and min(plain) > floor:
            yield Finding(
                "V103",
                Severity.WARNING,
                f"targets {spelled(min(plain))}, and may write what {spelled(floor)} cannot run, which is supported",
                f"target {spelled(floor)}",
                site.source.path,
                site.line,
                site.column,
            )


def _floor_of(path: str, claimed: dict[str, Minor], otherwise: Minor) -> Minor:
    folder = path
    while folder:
        folder = folder.rpartition("/")[0]
        if folder in claimed:
            return claimed[folder]
    return otherwise


# ---- what is tested, and what is not -------------------------------------------------------------------------------

# Images that tests, examples and editors run in are no products.
_NO_PRODUCT = (
    r"(?i)(?:^|/)(?:\.?(?:ci|github|gitlab|circleci|devcontainer|gitpod)|tests?|testing|examples?|samples?|demos?|docs?|"
    r"benchmarks?|dev(?:elopment)?|hack)(?:/|$)|dev[^/]*$"
)
# A matrix that another job or a file makes up: what is tested, nobody can read.
_COMPUTED = rb"(?i)\$\{\{\s*fromjson\s*\(\s*[^'\")\s]"


def _untested(evidence: Evidence) -> Iterator[Finding]:
    """Yield what is shipped or claimed and never tested."""
    # 3.15-dev is 3.15 that is tested; PyPy's 3.11 is not
    found = (token for site in evidence.in_area(Area.TESTED) for token in site.group.tokens)
    tested = {token.minor for token in found if token.implementation == "cpython"} | _tested_by_file(evidence)
    if not tested or any(_is_workflow(path) and re.search(_COMPUTED, data) for path, data in evidence.contents):
        return
    yield from _untested_images(evidence, tested)
    # That a job for the documents runs on some Python says nothing about the tests.
    if any(is_matrix(site) for site in evidence.in_area(Area.TESTED)):
        yield from _untested_claims(evidence, tested)


# What setup-python reads its version from, instead of being told.
_BY_FILE = rb"python-version-file:[ \t]*[\"']?(?:\./)?\.python-version\b"


def _tested_by_file(evidence: Evidence) -> set[Minor]:
    """Return what the root's `.python-version` names, where a workflow takes it from there."""
    if not any(_is_workflow(path) and re.search(_BY_FILE, data) for path, data in evidence.contents):
        return set()
    pins = (site for site in evidence.sites if site.source.path == ".python-version")
    return {token.minor for site in pins for token in site.group.tokens}


def _is_workflow(path: str) -> bool:
    return path.startswith(".github/")


def _untested_images(evidence: Evidence, tested: set[Minor]) -> Iterator[Finding]:
    differing, told = _differing(evidence), set()
    for site in evidence.chosen(Area.SHIPPED):
        token = site.group.tokens[0]
        is_one = site.group.kind is Kind.SINGLE and site.declaration.role is Role.DEFAULT and token.is_plain
        path = site.source.path
        is_told = site.id in differing or (bool(site.locked) and evidence.change.drops(token.minor))
        if not is_one or token.minor in tested or is_told or re.search(_NO_PRODUCT, path):
            continue
        if (path, token.minor) not in told:
            told.add((path, token.minor))
            yield Finding(
                "V201",
                Severity.ERROR,
                f"ships {spelled(token.minor)} ({path}:{site.line}) but never tests it",
                f"test on {spelled(token.minor)} too, or ship what is tested: {_names(tested)}",
                path,
                site.line,
                site.column,
            )


def _untested_claims(evidence: Evidence, tested: set[Minor]) -> Iterator[Finding]:
    """Yield the list of claims with what is missing from the tests; whoever tests both ends knows what they do."""
    claims = min(filter(_is_claim, evidence.chosen(Area.CLAIMED)), key=_depth, default=None)
    missing = [
        minor for minor in evidence.policy.supported if claims and _names_it(claims, minor) and minor not in tested
    ]
    ends = [minor for minor in missing if not min(tested) < minor < max(tested)]
    if claims is not None and missing:
        path, line = claims.source.path, _line_of(claims, missing[0])
        yield Finding(
            "V202",
            Severity.WARNING if ends else Severity.NOTE,
            f"claims {_names(missing)} ({path}:{line}) but never tests {_it(missing)}",
            f"add {_it(missing)} to the tests, or claim {_it(missing)} no longer",
            path,
            line,
        )


def _unclaimed(evidence: Evidence, today: date) -> Iterator[Finding]:
    """Yield what is supported, or tested, and missing from the classifiers."""
    differing = _differing(evidence)
    claims = [site for site in evidence.chosen(Area.CLAIMED) if _is_claim(site) and site.id not in differing]
    for site in sorted(claims, key=_depth)[:1]:
        missing = [minor for minor in evidence.policy.supported if not _names_it(site, minor)]
        if missing:
            yield _missing_claim(site, missing, f"supports {_names(missing)}, but the classifiers do not say so")
        ahead = _tested_ahead(evidence, today)
        if ahead:
            first = next(iter(ahead.values()))
            where = f"{first.source.path}:{first.line}"
            yield _missing_claim(
                site, list(ahead), f"tests on {_names(ahead)} ({where}) but does not claim {_it(ahead)}"
            )


def _missing_claim(site: Site, missing: Sequence[Minor], message: str) -> Finding:
    hint = f"add the classifier{'s' if len(missing) > 1 else ''} for {_names(missing)}"
    return Finding("V203", Severity.WARNING, message, hint, site.source.path, site.line, site.column)


def _tested_ahead(evidence: Evidence, today: date) -> dict[Minor, Site]:
    """Return what a matrix names beyond all that is supported; a beta of course nobody claims."""
    found: dict[Minor, Site] = {}
    for site in filter(is_matrix, evidence.in_area(Area.TESTED)):
        for token in site.group.tokens:
            release = RELEASES.get(token.minor)
            is_out = release is not None and release.released <= today
            if token.is_plain and is_out and token.minor > evidence.policy.newest:
                found.setdefault(token.minor, site)
    return dict(sorted(found.items()))


def _is_claim(site: Site) -> bool:
    """Say whether a site is a list of classifiers that names versions."""
    return site.declaration.codec is Codec.CLASSIFIER and any(token.is_plain for token in site.group.tokens)


def _depth(site: Site) -> int:
    return site.source.path.count("/")


def _names_it(site: Site, minor: Minor) -> bool:
    return any(token.minor == minor for token in site.group.tokens)


def _line_of(site: Site, minor: Minor) -> int:
    """Return the line of a list on which it names a version."""
    at = next(token.start for token in site.group.tokens if token.minor == minor)
    return site.source.text.count("\n", 0, at) + 1


# ---- lives, and files ----------------------------------------------------------------------------------------------


def lives(claims: Sequence[Site], policy: Policy, today: date) -> Iterator[Finding]:
    """Yield the supported versions that are past their end or near it, or not there yet, where `claims` name them."""
    alive = [minor for minor in policy.supported if not warning(minor, today)]
    for minor in policy.supported:
        said = warning(minor, today)
        if not said:
            continue
        named_by = [site for site in claims if _names_it(site, minor)]
        site = min(named_by, key=_depth, default=None)
        is_old = bool(alive) and minor < alive[0]
        hint = f"devstrap modernize --minimum {spelled(alive[0])}" if is_old else "support what is maintained"
        path, line = (site.source.path, _line_of(site, minor)) if site else (None, None)
        yield Finding("V301", Severity.WARNING, f"supports {spelled(minor)}, but {said}", hint, path, line)


def _unread(found: Survey) -> Iterator[Finding]:
    """Yield the files that may declare something and cannot be understood."""
    for unread in found.unread:
        if unread.line is not None:
            said = f"was not read: {unread.reason}"
            yield Finding("V501", Severity.WARNING, said, unread.hint or "look at it", unread.path, unread.line)


def _refused(proposal: Proposal) -> Iterator[Finding]:
    """Yield the edits that could not be shown to be harmless."""
    for refusal in proposal.refused:
        said = f"cannot be mended safely: {refusal.reason}"
        yield Finding("V502", Severity.WARNING, said, "change it by hand", refusal.path, refusal.line)


# ---- words ---------------------------------------------------------------------------------------------------------


def _names(minors: Iterable[Minor]) -> str:
    return ", ".join(map(spelled, sorted(set(minors))))


def _is_or_are(minors: Iterable[Minor]) -> str:
    return "is" if len(list(minors)) == 1 else "are"


def _it(minors: Iterable[Minor]) -> str:
    return "it" if len(list(minors)) == 1 else "them"
