"""What stands around a version, and says that it is not for us to move: history, examples, names, other pythons."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from bootstrap.expression import expression
from bootstrap.sites.model import Area, Codec
from bootstrap.sites.phrase import Kind

if TYPE_CHECKING:
    from bootstrap.policy import Minor, Policy, Transition
    from bootstrap.sites.model import Site
    from bootstrap.sites.spelling import Token


# Where a version that was gone long ago is a mistake, and not a story or a relic.
_PROMISES = (Area.CLAIMED, Area.TARGETED, Area.SHIPPED)


# Documents that say what somebody needs, as opposed to what something once needed.
_INSTRUCTIONS = expression(
    r"(?i)(?:^|/)(?:readme|contributing|install|setup|develop|hacking|getting[-_]?started|quick[-_]?start|_?index|agents|claude|[^/]*instructions)[^/]*$|install|contribut|self[-_]?host"
)


def is_aside(site: Site, change: Transition) -> bool:
    """Say whether versions in prose may well be examples, or facts about these versions alone.

    Where one Python is supported, every mention means it. Where several are, a floor in a document that instructs
    people is a requirement, and a list that names all of them says what is supported; all else may be anything.
    """
    kind = site.group.kind
    if len(change.old.supported) == 1 or not _is_prose(site):
        return False
    if kind is Kind.SINGLE:
        return True
    if kind is Kind.LIST:
        return not _is_complete({token.minor for token in site.group.tokens if token.is_plain}, change)
    is_told_to_act = _INSTRUCTIONS.search(site.source.path) is not None or _is_official(site)
    return site.declaration.id == "docs.text" and not is_told_to_act


_OFFICIAL = expression(r"(?i)\bofficial(?:ly)? support[^.\n]*$")


def _is_official(site: Site) -> bool:
    """Say whether a sentence says what is officially supported: nobody says that of others."""
    text, start = site.source.text, site.group.start
    return _OFFICIAL.search(text, max(0, start - 100), start) is not None


def _is_prose(site: Site) -> bool:
    """Say whether people are spoken to: in a document, or in a comment of a script."""
    if site.declaration.codec is Codec.PROSE:
        return True
    text = site.source.text
    line = text[text.rfind("\n", 0, site.group.start) + 1 : site.group.start]
    is_script = site.source.syntax in ("plain", "dockerfile")
    return is_script and site.group.kind is Kind.SINGLE and line.lstrip().startswith("#")


def _is_complete(minors: set[Minor], change: Transition) -> bool:
    """Say whether a list names all that is supported, but for its oldest or its newest, which somebody forgot."""
    supported = change.old.supported
    if len(minors) < 2:
        return False
    has_newest = len(minors) > 2 and minors >= set(supported[-len(minors) :])
    return has_newest or (minors >= set(supported[:-1]) and min(minors) == change.old.minimum)


def is_drift(site: Site, minor: Minor, change: Transition) -> bool:
    """Say whether a version is older than all that is supported today: a story, a relic, or an oversight.

    A change of policy moves what followed the old one. Drift is for `check` to find: half of it is deliberate.
    """
    if minor >= change.old.minimum:
        return False
    if not change.mends:
        return True
    codec = site.declaration.codec
    if codec in (Codec.PROSE, Codec.COMMENT):
        is_requirement = site.group.kind is Kind.FLOOR and _INSTRUCTIONS.search(site.source.path) is not None
        return not is_requirement or _speaks_of_a_release(site)
    is_plain_value = codec in (Codec.VERSION, Codec.IMAGE, Codec.LINES) and site.group.kind is not Kind.LIST
    return site.declaration.area not in _PROMISES and not is_plain_value


def _speaks_of_a_release(site: Site) -> bool:
    """Say whether a sentence tells what some release of the project needed: "Example 7.10+ requires Python 3.6"."""
    text = site.source.text
    line = text[text.rfind("\n", 0, site.group.start) + 1 : site.group.start]
    return re.search(r"(?<!ython )(?<!ython >= )\b\d+\.(?:\d+|x)", line) is not None


def is_named_after(site: Site, minor: Minor) -> bool:
    """Say whether the key or the file is called after the version: `PYTHON_39: "3.9"`, `envs/39-minimal.yaml`."""
    if site.declaration.codec is Codec.PROSE:
        return False
    names = [os.path.basename(site.source.path), *(str(part) for part in site.path[-1:])]
    return any(re.search(rf"(?<!\d)3[._]?{minor[1]}(?!\d)", name) for name in names)


def is_in_one_of_several(site: Site, minor: Minor) -> bool:
    """Say whether what holds the site is called after the version, and has siblings that are called after others.

    In `test-py38:` beside `test-py39:` each job is about its version: it goes as a whole, or stays.
    """
    return any(isinstance(part, str) and _has_siblings(site.source.text, part, minor) for part in site.path[:-1])


def _has_siblings(text: str, key: str, minor: Minor) -> bool:
    named = re.search(rf"(?<!\d)3[._-]?{minor[1]}(?!\d)", key)
    if named is None:
        return False
    mask = rf"{re.escape(key[: named.start()])}3[._-]?([0-9]+){re.escape(key[named.end() :])}"
    others = re.findall(rf"(?m)^[ \t]*[\"']?{mask}[\"']?[ \t]*:", text)
    return any(int(other) != minor[1] for other in others)


_LOW = expression(r">=?\s*3\.([0-9]+)(?:\.[0-9]+)?")
_HIGH = expression(r"<\s*3\.([0-9]+)(?:\.0)?(?![.0-9])")


def pinned_by_range(site: Site) -> Minor | None:
    """Return the version that a part of a repository allows and no other, by `>=3.9,<3.10`: it goes on allowing one."""
    if (
        site.scalar is None
        or "/" not in site.source.path
        or site.group.kind not in (Kind.FLOOR, Kind.CEILING)
        or _is_prose(site)
    ):
        return None
    low, high = _LOW.findall(site.scalar.text), _HIGH.findall(site.scalar.text)
    is_pin = len(low) == len(high) == 1 and int(high[0]) == int(low[0]) + 1
    return (3, int(low[0])) if is_pin else None


def is_end_of_a_part(site: Site, change: Transition) -> bool:
    """Say whether a part of the repository ends before the whole does, and did so before: what it needs may end there.

    A bound that followed the newest goes on doing so.
    """
    kind, minor = site.group.kind, site.group.tokens[0].minor
    is_claim = site.declaration.area is Area.CLAIMED and "/" in site.source.path
    if not is_claim or kind not in (Kind.CEILING, Kind.LAST) or pinned_by_range(site) is not None:
        return False
    newest = (minor[0], minor[1] - 1) if kind is Kind.CEILING else minor
    return change.new.minimum <= newest < change.new.newest and newest != change.old.newest


_NEXT_JOB = expression(r"\n {1,2}\S")
_PART = expression(r"/set-up-part\b[^\n]*\n\s+with:\s*\n(?:\s+[\w-]+:[^\n]*\n)*?\s+part:[ \t]*[\"']?([^\s\"'#]+)")


def of_part(site: Site, change: Transition) -> Transition:
    """Return the change of policy as far as it concerns a part that is tested by a job of its own.

    What the part itself does not admit is not missing from its matrix, and what comes or goes above that does. Where
    what disagrees is mended, what the part admits no longer is a thing of the past, and goes.
    """
    if site.declaration.id != "github.matrix":
        return change
    text, start = site.source.text, site.group.end
    end = _NEXT_JOB.search(text, start)
    found = _PART.search(text, start, end.start() if end else len(text))
    floor = dict(change.floors).get(found[1]) if found is not None else None
    if floor is None or floor <= min(change.old.minimum, change.new.minimum):
        return change
    old = change.old if change.mends else _from(floor, change.old)
    return change._replace(old=old, new=_from(floor, change.new))


def _from(floor: Minor, policy: Policy) -> Policy:
    """Return what is supported from a floor on; the floor itself, where that is nothing."""
    supported = tuple(minor for minor in policy.supported if minor >= floor) or (floor,)
    default = policy.default if policy.default in supported else supported[0]
    return policy._replace(minimum=supported[0], default=default, supported=supported)


def is_only_one_of_its_kind(site: Site, change: Transition) -> bool:
    """Say whether the environment of a section is named in the file for no version that goes on being supported.

    Then the list of environments moves it, and its settings have to go along.
    """
    text, token = site.source.text, site.group.tokens[0]
    name = text[site.group.start : site.group.end].rpartition(":")[2].strip()
    rest = name.partition("-")[2]
    named = re.findall(rf"(?<![\w-])py3([0-9]+)-{re.escape(rest)}(?![\w-])", text)
    versions = {(3, int(minor)) for minor in named}
    going = sorted(minor for minor in versions if change.drops(minor))
    return bool(going) and going == sorted(versions) and token.minor == going[-1]


_OLDEST = expression(r"(?i)(?:^|[-_. /])(?:min(?:imum|imal)?|oldest|lowest|legacy|mindeps|floor)(?:[-_. /]|$|deps)")


def is_for_the_oldest(site: Site) -> bool:
    """Say whether the job or the file is called after the oldest that is supported, as one for minimum dependencies."""
    names = (os.path.basename(site.source.path), *(part for part in site.path if isinstance(part, str)))
    return site.declaration.area is Area.TESTED and any(_OLDEST.search(name) for name in names)


def why_not_plain(token: Token) -> str:
    """Say why something other than a final release of CPython is left alone."""
    if token.implementation != "cpython":
        return f"{token.name} {token.text} keeps its own pace"
    return f"{token.text}{token.stage} is no plain release of CPython"
