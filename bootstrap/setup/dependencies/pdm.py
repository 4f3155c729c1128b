"""PDM's `pdm.lock`: what every package is locked to, with the groups that it belongs to.

Source: PDM's documentation of its lock (https://pdm-project.org/latest/usage/lockfile/). A lock that does not say which
group a package is for (before PDM 2.11, or without `inherit_metadata`) is read by PDM itself.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from bootstrap.detect.repository import parse_toml
from bootstrap.model import Dependencies, Run
from bootstrap.setup.dependencies import groups, locked, tool
from bootstrap.setup.dependencies.locked import Package, at, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bootstrap.model import Repository

    Reader = Callable[[str], bytes | None]

LOCK = "pdm.lock"
_PYPROJECT = "pyproject.toml"
_NEWEST = 4  # the first number of `lock_version`


def recognise(repository: Repository, read: Reader) -> Dependencies | None:
    """Return how PDM's lock is installed; None where there is none."""
    if not {LOCK, _PYPROJECT} <= repository.files or repository.settings.requirements is not None:
        return None
    content = read(LOCK) or b""
    lock = parse_toml(LOCK, content)
    locked.refuse_newer(LOCK, at(lock, "metadata").get("lock_version"), _NEWEST, "PDM")
    named = _groups(repository, lock)
    installs_project = at(repository.pyproject, "tool", "pdm").get("distribution") is not False and (
        "build-system" in repository.pyproject
    )
    is_told = "inherit_metadata" in texts(at(lock, "metadata").get("strategy"))
    prepared: tuple[Run, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    if is_told:
        packages = tuple(_packages(lock, named))
        files = ((locked.FILE, locked.text(packages, _indexes(repository), str(repository.root))),)
    else:
        files, prepared = tool.pdm(content, read(_PYPROJECT) or b"", named)
    return Dependencies(
        manager="pdm",
        title=f"{LOCK} with {', '.join(named)}" if named else LOCK,
        installs=(*prepared, tool.install(LOCK), *((tool.ITSELF,) if installs_project else ())),
        fingerprint=hashlib.sha256(content + repr(named).encode() + tool.deciding(repository)).hexdigest()[:16],
        installs_project=installs_project,
        files=files,
        is_locked=True,
    )


def _groups(repository: Repository, lock: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the locked groups to install: those that the settings name, else all of them.

    They were resolved together, and the tests of a library often need its optional features.
    """
    known = tuple(name for name in texts(at(lock, "metadata").get("groups")) if name not in ("default", ":all"))
    chosen = (repository.settings.groups or ()) + (repository.settings.extras or ())
    if not groups.is_named(repository):
        return known
    return tuple(name for name in known if name in chosen)


def _packages(lock: Mapping[str, Any], named: tuple[str, ...]) -> Iterator[Package]:
    wanted = {"default", *named}
    listed = lock.get("package")
    for entry in listed if isinstance(listed, list) else ():
        if not wanted & set(texts(entry.get("groups", ["default"]))):
            continue
        git, reference = entry.get("git"), entry.get("revision") or entry.get("ref")
        url = f"git+{str(git).removeprefix('git+')}@{reference}" if git else str(entry.get("url", ""))
        if "extras" in entry and "files" not in entry:
            continue  # the same package again, for its extras' dependencies, which are locked beside it
        yield Package(
            str(entry.get("name", "")),
            str(entry.get("version", "")),
            marker=str(entry.get("marker", "")),
            hashes=tuple(str(one["hash"]) for one in entry.get("files", ()) if isinstance(one, dict) and "hash" in one),
            url=url,
            path=str(entry.get("path", "")),
            is_editable=bool(entry.get("editable")),
        )


def _indexes(repository: Repository) -> list[str]:
    sources = at(repository.pyproject, "tool", "pdm").get("source")
    urls = [str(one.get("url", "")) for one in sources if isinstance(one, dict)] if isinstance(sources, list) else []
    return [url for url in urls if url and "$" not in url and not locked.is_public(url)]
