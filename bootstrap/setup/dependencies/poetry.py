"""Poetry's `poetry.lock`: what every package is locked to, with the groups that it belongs to.

Source: Poetry's documentation of dependency groups and extras (https://python-poetry.org/docs/managing-dependencies/).
A lock that does not say which group a package is for (before Poetry 2) is read by Poetry itself.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from bootstrap.detect.repository import normalise
from bootstrap.model import Dependencies
from bootstrap.nested import at, texts
from bootstrap.setup.dependencies import groups, locked, poetry_followed, tool
from bootstrap.setup.dependencies.locked import Package

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bootstrap.model import Repository, Run

    Reader = Callable[[str], bytes | None]

LOCK = "poetry.lock"
_MAIN = "main"
_NEWEST = 2  # the first number of `lock-version`
# Optional groups (`poetry install --with`) are for what not everybody does; these everybody who contributes may.
_USEFUL = (*groups.DEVELOPMENT, *groups.TEST, *groups.SOME_TESTS, *groups.DOCUMENTATION, *groups.CHECKING)


def recognise(repository: Repository, read: Reader) -> Dependencies | None:
    """Return how Poetry's lock is installed; None where there is none."""
    if LOCK not in repository.files or not repository.pyproject or repository.settings.requirements is not None:
        return None
    content = read(LOCK) or b""
    lock = locked.load(LOCK, content, "package")
    locked.refuse_newer(LOCK, at(lock, "metadata").get("lock-version"), _NEWEST, "Poetry")
    listed = [entry for entry in lock.get("package") or () if isinstance(entry, dict)]
    named, extras = _groups(repository), _extras(repository, lock)
    installs_project = at(repository.pyproject, "tool", "poetry").get("package-mode") is not False
    prepared: tuple[Run, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    followed: tuple[tuple[str, str], ...] = ()
    if all("groups" in entry for entry in listed):
        files = _file(repository, listed, named, extras)
    else:
        prepared = (tool.poetry(named, extras),)
        followed = _file(repository, poetry_followed.told(repository, lock, named, extras), named, extras)
    return Dependencies(
        manager="poetry",
        title=_title(named, extras),
        installs=(*prepared, tool.install(LOCK), *((tool.ITSELF,) if installs_project else ())),
        fingerprint=hashlib.sha256(content + repr((named, extras)).encode() + tool.deciding(repository)).hexdigest()[
            :16
        ],
        installs_project=installs_project,
        files=files,
        followed=followed,
        is_locked=True,
    )


def _file(
    repository: Repository, listed: list[dict[str, Any]], named: tuple[str, ...], extras: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    packages = tuple(_packages(listed, (_MAIN, *named), extras))
    return ((locked.FILE, locked.text(packages, _indexes(listed), str(repository.root))),)


def _title(named: tuple[str, ...], extras: tuple[str, ...]) -> str:
    parts = [f"group {name}" for name in named] + [f"extra {name}" for name in extras]
    return f"{LOCK} with {', '.join(parts)}" if parts else LOCK


def _groups(repository: Repository) -> tuple[str, ...]:
    """Return the groups to install: those that the settings name, else all that are not optional, and useful ones."""
    if repository.settings.groups is not None:
        return repository.settings.groups
    poetry = at(repository.pyproject, "tool", "poetry")
    own = at(poetry, "group")
    names = [*own, *at(repository.pyproject, "dependency-groups"), *(["dev"] if "dev-dependencies" in poetry else [])]
    return tuple(
        name
        for name in dict.fromkeys(names)
        if name != _MAIN and (at(own, name).get("optional") is not True or normalise(name) in _USEFUL)
    )


def _extras(repository: Repository, lock: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the extras to install: those that the settings name, else all that are locked.

    They were resolved together, and the tests of a library often need its optional features.
    """
    if repository.settings.extras is not None:
        return repository.settings.extras
    return tuple(at(lock, "extras"))


def _packages(listed: list[dict[str, Any]], named: tuple[str, ...], extras: tuple[str, ...]) -> Iterator[Package]:
    for entry in listed:
        mine = [name for name in texts(entry.get("groups")) if name in named]
        if not mine:
            continue
        markers = entry.get("markers", "")
        marker = locked.any_of(str(markers.get(name, "")) for name in mine) if isinstance(markers, dict) else markers
        source = at(entry, "source")
        kind, url = str(source.get("type", "")), str(source.get("url", ""))
        is_local = kind in ("directory", "file")
        yield Package(
            str(entry.get("name", "")),
            str(entry.get("version", "")),
            marker=locked.without_extras(str(marker), extras),
            hashes=locked.hashes(entry.get("files")),
            url=_url(source, url) if kind in ("git", "url") else "",
            path=url if is_local else "",
            is_editable=kind == "directory" and entry.get("develop") is True,
        )


def _url(source: Mapping[str, Any], url: str) -> str:
    if source.get("type") == "url":
        return url
    commit = source.get("resolved_reference") or source.get("reference") or "HEAD"
    folder = f"#subdirectory={source['subdirectory']}" if source.get("subdirectory") else ""
    return f"git+{url}@{commit}{folder}"


def _indexes(listed: list[dict[str, Any]]) -> list[str]:
    urls = [str(at(entry, "source").get("url", "")) for entry in listed if at(entry, "source").get("type") == "legacy"]
    return [url for url in urls if not locked.is_public(url)]
