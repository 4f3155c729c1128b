"""Which Python a repository is really used with, where it pins none: what it tests, claims, ships, or its time.

Newer Pythons drop modules and C functions, so the newest is a bad guess for what has never run on it.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.releases import RELEASES
from bootstrap.versions import DEFAULT, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from bootstrap.model import Repository
    from bootstrap.sites.model import Site

    Minor = tuple[int, int]

_DEFAULT = Request.parse(DEFAULT).release[:2]
# Wheels for a new Python appear in the months around its release.
_SETTLED = timedelta(days=120)
_OLDEST = (3, 6)


class Evidence(NamedTuple):
    """The feature version that a repository is used with, and what says so."""

    minor: Minor
    reason: str
    known: tuple[Minor, ...] = ()
    """All that the repository is tested or claimed on, where that is what speaks; in order."""


def gather(
    root: Path, repository: Repository, survey: Callable[[], Sequence[Site]], moment: date | None = None
) -> Evidence | None:
    """Return the Python to take instead of devstrap's default; None where nothing speaks against the default.

    What is tested and claimed goes first, then what runs anywhere: an image, a platform's setting. `survey` finds where
    the repository names Pythons, and is called only where nothing names the one. Where only releases up to a moment
    count, a Python that was not out by then is none to take: what was tested was an early version, and no package had
    wheels for it.
    """
    # What a part of a repository names for itself goes before what the whole does.
    named = _named(repository.root) or _named(root)
    if named is not None and _fits(repository, named.minor):
        return named
    sites = survey()
    for kind, found in (("tested or claimed", _sets(sites)), ("used", _used(sites))):
        known = sorted(minor for minor in found if _fits(repository, minor))
        out = [minor for minor in known if _is_out(minor, moment)]
        early = [spelled(minor) for minor in known if minor not in out and minor <= _DEFAULT] if out else []
        chosen = _of(out or known, kind) if known else None
        if chosen is not None and early:
            return chosen._replace(reason=f"{chosen.reason}; {' and '.join(early)} was not out by {moment}")
        if known:
            return chosen
    return None


def _is_out(minor: Minor, moment: date | None) -> bool:
    return moment is None or minor not in RELEASES or RELEASES[minor].released <= moment


# Where other managers and platforms name the one version that they make an environment for.
_NAMED = (
    ("Pipfile", r"""(?m)^python_(?:full_)?version\s*=\s*["'](3\.\d+)"""),
    (".tool-versions", r"(?m)^python\s+(3\.\d+)"),
    ("mise.toml", r"""(?m)^python\s*=\s*["'](3\.\d+)"""),
    ("environment.yml", r"(?m)^\s*-\s*[\"']?python\s*(?:==|=|~=)\s*(3\.\d+)"),
    ("environment.yaml", r"(?m)^\s*-\s*[\"']?python\s*(?:==|=|~=)\s*(3\.\d+)"),
    ("runtime.txt", r"^python-(3\.\d+)"),
)


def _named(root: Path) -> Evidence | None:
    for name, pattern in _NAMED:
        try:
            found = re.search(pattern, (root / name).read_text("utf-8", "replace"))
        except OSError:
            continue
        if found:
            return Evidence(Request.parse(found[1]).release[:2], f"{name} names {found[1]}")  # type: ignore[arg-type]
    return None


def of_time(repository: Repository, moment: date) -> Evidence | None:
    """Return the newest Python that was settled at a time, where that is an older one than the default."""
    known = [minor for minor, release in RELEASES.items() if release.released + _SETTLED <= moment]
    newest = max(known, default=_OLDEST)
    fitting = [minor for minor in RELEASES if minor >= newest and _fits(repository, minor)]
    if newest >= _DEFAULT or not fitting or min(fitting) >= _DEFAULT:
        return None
    return Evidence(min(fitting), f"that was the newest in use on {moment.isoformat()}")


def _of(known: list[Minor], kind: str) -> Evidence | None:
    if _DEFAULT in known:
        return None
    below = [minor for minor in known if minor < _DEFAULT]
    chosen = below[-1] if below else known[0]
    named = spelled(known[0]) + (f" to {spelled(known[-1])}" if len(known) > 1 else "")
    return Evidence(chosen, f"no version is pinned, and it is {kind} on {named}", tuple(known))


def spelled(minor: Minor) -> str:
    """Return `3.12`."""
    return f"{minor[0]}.{minor[1]}"


def _fits(repository: Repository, minor: Minor) -> bool:
    required = repository.requires_python
    return minor >= _OLDEST and (required is None or required.admitted.admits_some(Request(minor)))


def _sets(sites: Iterable[Site]) -> set[Minor]:
    """Return the CPythons in test matrices and among the classifiers."""
    from bootstrap.sites.model import Area, Role  # noqa: PLC0415 - as the survey

    return {
        token.minor
        for site in sites
        if site.declaration.role is Role.SET and site.declaration.area in (Area.TESTED, Area.CLAIMED)
        for token in site.group.tokens
        if token.is_plain
    }


def _used(sites: Iterable[Site]) -> set[Minor]:
    """Return the CPythons that something runs on; a bound, as conda's `python>=3.8`, is none."""
    from bootstrap.sites.model import Area, Role  # noqa: PLC0415 - as the survey
    from bootstrap.sites.phrase import Kind  # noqa: PLC0415

    areas = (Area.TESTED, Area.SHIPPED, Area.DEVELOPED)
    return {
        token.minor
        for site in sites
        if site.declaration.role is Role.DEFAULT
        and site.declaration.area in areas
        and site.group.kind in (Kind.SINGLE, Kind.LIST)
        for token in site.group.tokens
        if token.is_plain
    }
