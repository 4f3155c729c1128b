"""Packages of another manager's lock, as lines of a requirements file, which uv installs exactly and alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from bootstrap.detect.repository import normalise, parse_toml
from bootstrap.errors import MalformedFileError

if TYPE_CHECKING:
    from collections.abc import Iterable

FILE = "devstrap-lock.txt"
"""Where the lines are kept, in the environment that they were installed into."""

# Conditions on extras have no meaning outside the lock: the ones that are wanted hold, the others do not.
_EXTRA = re.compile(r"""extra\s*==\s*(["'])([^"']+)\1|(["'])([^"']+)\3\s*==\s*extra""")
_TRUE, _FALSE = 'python_version >= "3"', 'python_version < "3"'


# Who makes a lock, and how it is made anew: all of it, and with another release of one package.
MAKERS = {
    "uv.lock": ("uv lock", "uv lock --upgrade-package {}"),
    "poetry.lock": ("poetry lock", "poetry update --lock {}"),
    "pdm.lock": ("pdm lock", "pdm update --no-sync {}"),
    "Pipfile.lock": ("pipenv lock", "pipenv upgrade {}"),
    "requirements-dev.lock": ("rye lock", "rye lock --update {}"),
    "requirements.lock": ("rye lock", "rye lock --update {}"),
    "pylock.dev.toml": ("the tool that its created-by names", ""),
    "pylock.toml": ("the tool that its created-by names", ""),
}


def anew(name: str) -> str:
    """Return what to do about a lock that nobody can read."""
    return f"bring it back as it was committed, or delete it and make it anew with {MAKERS[name][0]}"


def of_another_release(name: str, package: str) -> str:
    """Return what to do about a lock that names a release which cannot be had."""
    whole, one = MAKERS[name]
    how = one.format(package) if one else whole
    return f"lock another release of it, with {how}, and commit {name}"


def load(name: str, content: bytes | None, listed: str) -> dict[str, Any]:
    """Read a lock in TOML, whose packages are in the list `listed`; raise MalformedFileError for what is none."""
    if not (content or b"").strip():
        raise MalformedFileError(f"{name} is empty", remedy=anew(name), path=name)
    try:
        lock = parse_toml(name, content)
    except MalformedFileError as error:
        error.remedy = anew(name)
        raise
    if not isinstance(lock.get(listed, []), list):
        raise MalformedFileError(f"{listed} in {name} has to be a list of tables", remedy=anew(name), path=name)
    return lock


def hashes(files: object) -> tuple[str, ...]:
    """Return the hashes of a package's files; of what is no list of tables there are none."""
    listed = files if isinstance(files, list) else ()
    return tuple(str(one["hash"]) for one in listed if isinstance(one, dict) and "hash" in one)


class Package(NamedTuple):
    """One package as it was locked."""

    name: str
    version: str
    marker: str = ""
    hashes: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    url: str = ""
    """Where it comes from when that is no index: `git+https://...@commit`, or an archive."""
    path: str = ""
    """A folder or file of this machine, relative to the root."""
    is_editable: bool = False


def line(package: Package, root: str) -> str:
    """Return the package as a requirement, with its hashes, as pip and uv read it."""
    bracket = f"[{','.join(package.extras)}]" if package.extras else ""
    condition = f" ; {package.marker}" if package.marker else ""
    if package.path:
        place = package.path if package.path.startswith("/") else f"{root.rstrip('/')}/{package.path}"
        return f"-e {place}{bracket}{condition}" if package.is_editable else f"{place}{bracket}{condition}"
    if package.url:
        return f"{package.name}{bracket} @ {package.url}{condition}"
    hashes = "".join(f" --hash={one}" for one in package.hashes)
    # Pipenv locks what it found no version of for its own machine as "*".
    exactly = f"=={package.version}" if package.version not in ("", "*") else ""
    return f"{package.name}{bracket}{exactly}{condition}{hashes}"


def text(packages: Iterable[Package], indexes: Iterable[str], root: str) -> str:
    """Return the whole requirements file; `indexes` are others than the public one, looked at too."""
    head = [f"--extra-index-url {url}" for url in dict.fromkeys(indexes)]
    # A package may be locked twice, for different Pythons: each line has its condition.
    return "\n".join((*head, *dict.fromkeys(line(package, root) for package in _newest(packages)), ""))


def _newest(packages: Iterable[Package]) -> Iterable[Package]:
    """Return each package once for a condition, the newest version of it.

    What a lock has once more for another group, or with an extra, need not be of the same version.
    """
    found: dict[object, Package] = {}
    for one in packages:
        key = one if one.url or one.path else (normalise(one.name), one.marker)
        other = found.get(key, one)
        extras = tuple(dict.fromkeys((*other.extras, *one.extras)))
        found[key] = max(other, one, key=_release)._replace(extras=extras)
    return found.values()


def _release(package: Package) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", package.version)))


def without_extras(marker: str, wanted: Iterable[str]) -> str:
    """Return a marker in which every `extra == "name"` is replaced by whether that extra is wanted."""
    names = {name.lower().replace("_", "-") for name in wanted}
    return _EXTRA.sub(lambda m: _TRUE if (m[2] or m[4]).lower().replace("_", "-") in names else _FALSE, marker)


def any_of(markers: Iterable[str]) -> str:
    """Return a marker that holds where one of them does; empty where one holds always."""
    every = list(dict.fromkeys(markers))
    if not all(every):
        return ""
    return every[0] if len(every) == 1 else " or ".join(f"({marker})" for marker in every)


def refuse_newer(name: str, version: object, known: int, writer: str) -> None:
    """Raise MalformedFileError for a lock of a later kind than is known: what it means by its words nobody can say yet.

    `known` is the newest first number of its version that can be read; a file that tells none is as old as can be.
    """
    first = str(version).partition(".")[0]
    if first.isdigit() and int(first) > known:
        raise MalformedFileError(
            f"{name} was written by a newer {writer}: its format is version {version}, and the newest that is "
            f"understood here is version {known}",
            remedy=f"take a newer devstrap, or make the lock again with a {writer} that writes version {known}",
            path=name,
        )


def is_public(url: str) -> bool:
    """Say whether an index is the public one, for which this machine may have another name."""
    return "pypi.org" in url or "pypi.python.org" in url
