"""A repository to its declarations: the files that may have some, read and located."""

from __future__ import annotations

import os
import stat
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from bootstrap import process
from bootstrap.errors import MalformedFileError
from bootstrap.policy import Policy
from bootstrap.sites.anchors import with_passed
from bootstrap.sites.files import Unread, candidates, read
from bootstrap.sites.locate import locate
from bootstrap.sites.model import Area, Role
from bootstrap.sites.phrase import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from bootstrap.policy import Minor
    from bootstrap.sites.model import Site

_SKIPPED_FOLDERS = frozenset(
    (".git", ".hg", ".venv", "venv", "node_modules", "__pycache__", ".tox", ".nox", "build", "dist")
)


class Survey(NamedTuple):
    """All that a repository declares, file by file."""

    sites: tuple[Site, ...]
    unread: tuple[Unread, ...] = ()
    data: tuple[tuple[str, bytes], ...] = ()
    """What was read, for rewriting; and workflows that take their Python from a file."""
    paths: tuple[str, ...] = ()
    """All files of the repository, relative to the root, with `/`."""


def survey(root: Path, env: dict[str, str]) -> Survey:
    """Read every file below `root` that may declare a Python version; nothing is written or executed."""
    sites: list[Site] = []
    unread: list[Unread] = []
    contents: list[tuple[str, bytes]] = []
    paths = list_files(root, env)
    for path in sorted(candidates(paths, root)):
        if not _is_there(root, path):
            continue
        data = read(root, path)
        if isinstance(data, Unread):
            unread.append(data)
            continue
        try:
            found = locate(path, data)
        except MalformedFileError as error:
            unread.append(Unread(path, str(error), error.line, error.remedy))
            continue
        sites += found
        if found or (path.startswith(".github/") and b"python-version-file" in data):
            contents.append((path, data))
    return Survey(with_passed(sites), tuple(unread), tuple(contents), tuple(paths))


def _is_there(root: Path, path: str) -> bool:
    """Say whether a file, or a link, is there to be looked at: git names deleted files and submodules too."""
    try:
        mode = os.lstat(os.path.join(root, path)).st_mode
    except OSError:
        return False
    return stat.S_ISREG(mode) or stat.S_ISLNK(mode)


def list_files(root: Path, env: dict[str, str]) -> list[str]:
    """Return the paths of the files below `root` that belong to the repository, with `/`."""
    if (root / ".git").exists():
        argv = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
        listed = process.run(argv, cwd=root, env=env)
        if listed.ok:
            return list(dict.fromkeys(filter(None, listed.stdout.split("\0"))))
    return list(_walk(root))


def list_tracked(root: Path, env: dict[str, str]) -> list[str]:
    """Return the paths of the files that git keeps below `root`; where there is no git, all that there are."""
    if (root / ".git").exists():
        listed = process.run(("git", "ls-files", "-z", "--cached"), cwd=root, env=env)
        if listed.ok:
            return list(dict.fromkeys(filter(None, listed.stdout.split("\0"))))
    return list(_walk(root))


def _walk(root: Path) -> Iterable[str]:
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED_FOLDERS)
        below = os.path.relpath(folder, root).replace(os.sep, "/")
        yield from (name if below == "." else f"{below}/{name}" for name in sorted(files))


# ---- the policy that a repository has today --------------------------------------------------------------------------


def derive(sites: Sequence[Site]) -> Policy | None:
    """Return the policy that a repository's declarations come to, or None where they say nothing.

    What the metadata nearest to the root claims goes first; then what is tested; then what is used.
    """
    minimum = _floor(sites)
    claimed = _claimed(sites) or _tested(sites, minimum)
    used = _used(sites)
    if not claimed:
        claimed = {found for found in (minimum, used) if found is not None}
    if not claimed:
        return None
    lowest = minimum or min(claimed)
    supported = tuple(sorted({minor for minor in claimed if minor >= lowest} | {lowest}))
    default = used if used is not None and used in supported else supported[-1]
    return Policy(lowest, default, supported)


def _depth(site: Site) -> tuple[int, str]:
    return site.source.path.count("/"), site.source.path


def _nearest(sites: Iterable[Site]) -> list[Site]:
    """Return the sites of the one file that is nearest to the root."""
    ordered = sorted(sites, key=_depth)
    return [site for site in ordered if site.source.path == ordered[0].source.path]


def _floor(sites: Sequence[Site]) -> Minor | None:
    nearest = _nearest(filter(is_bound, sites))
    excluded = {site.group.tokens[0].minor for site in nearest if _excludes_a_release(site)}
    found = [site.group.tokens[0].minor for site in nearest if site.group.kind is not Kind.EXCLUDED]
    lowest = min(found or excluded, default=None)
    # ">=2.7, !=3.4.*, !=3.5.*" begins with 3.6
    while lowest in excluded:
        lowest = (lowest[0], lowest[1] + 1)
    return lowest


def is_bound(site: Site) -> bool:
    """Say whether a site is a part of what keeps installers from other Pythons."""
    declaration = site.declaration
    is_claim = declaration.area is Area.CLAIMED and declaration.role is Role.FLOOR
    return is_claim and site.group.tokens[0].is_plain


def _excludes_a_release(site: Site) -> bool:
    """Say whether all of a feature release is excluded, `!=3.5.*`, and not one patch of it."""
    return site.group.kind is Kind.EXCLUDED and not site.group.tokens[0].micro[1:].isdigit()


def floors(sites: Sequence[Site]) -> dict[str, Minor]:
    """Return the oldest Python that each part of the repository claims, by its folder."""
    found: dict[str, Minor] = {}
    for site in sites:
        if is_bound(site) and site.group.kind in (Kind.FLOOR, Kind.SINGLE):
            folder, minor = site.source.path.rpartition("/")[0], site.group.tokens[0].minor
            found[folder] = min(minor, found.get(folder, minor))
    return found


def is_promise(sites: Iterable[Site]) -> bool:
    """Say whether any site tells which Pythons are supported, and not only which one is used."""
    return any(
        site.declaration.area is Area.CLAIMED or (site.declaration.area is Area.TESTED and is_matrix(site))
        for site in sites
    )


def is_matrix(site: Site) -> bool:
    """Say whether a site lists what is tested: at least two versions."""
    plain = {token.minor for token in site.group.tokens if token.is_plain}
    return site.declaration.role is Role.SET and site.group.kind is Kind.LIST and len(plain) > 1


def _claimed(sites: Sequence[Site]) -> set[Minor]:
    sets = [site for site in sites if site.declaration.area is Area.CLAIMED and site.declaration.role is Role.SET]
    return {token.minor for site in _nearest(sets) for token in site.group.tokens if token.is_plain}


def _tested(sites: Sequence[Site], minimum: Minor | None) -> set[Minor]:
    lists = [site for site in sites if site.declaration.area is Area.TESTED and site.group.kind is Kind.LIST]
    return {
        token.minor
        for site in lists
        for token in site.group.tokens
        if token.is_plain and (minimum is None or token.minor >= minimum)
    }


# What says on which Python something runs, as opposed to what mentions one.
_USES = frozenset(
    (
        "github.python-version",
        "github.env",
        "github.container",
        "github.matrix",
        "ci.python-version",
        "ci.image",
        "rtd.python",
        "docker.from",
        "docker.arg",
        "compose.image",
        "devcontainer.image",
        "runtime.txt",
        "serverless.runtime",
        "pin.tool-versions",
        "pin.mise",
        "pin.conda",
        "pipfile.python",
        "hooks.language-version",
        "tox.basepython",
        "hatch.python",
    )
)


def _used(sites: Sequence[Site]) -> Minor | None:
    """Return what most places name that name a single version; of several the newest."""
    pins = [site for site in sites if site.declaration.id == "pin.python-version" and site.group.tokens[0].is_plain]
    if pins:
        return min(pins, key=_depth).group.tokens[0].minor
    single = [
        site
        for site in sites
        if site.declaration.id in _USES
        and len({token.minor for token in site.group.tokens}) == 1
        and site.group.tokens[0].is_plain
    ]
    # that one job runs on some Python is chance; that one image does is what is shipped
    is_workflow_alone = all(site.declaration.area is Area.TESTED for site in single)
    counts = Counter(site.group.tokens[0].minor for site in single)
    for site in sites:
        if site.layout == "entries":
            for item in site.group.items:
                counts.update({token.minor for token in item.tokens if token.is_plain})
    most = max(counts, key=lambda minor: (counts[minor], minor), default=None)
    return most if most is not None and (counts[most] > 1 or not is_workflow_alone) else None
