"""PDM's `pdm.lock`: what every package is locked to, with the groups that it belongs to.

Source: PDM's documentation of its lock (https://pdm-project.org/latest/usage/lockfile/). A lock that does not say which
group a package is for (before PDM 2.11, or without `inherit_metadata`) is followed from what the project requires: PDM
itself can only install from such a lock, and not tell what is in it.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from bootstrap.detect.repository import normalise
from bootstrap.model import Dependencies
from bootstrap.nested import at, texts
from bootstrap.setup.dependencies import groups, locked, tool
from bootstrap.setup.dependencies.locked import Package
from bootstrap.setup.dependencies.reached import conditions

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
    lock = locked.load(LOCK, content, "package")
    locked.refuse_newer(LOCK, at(lock, "metadata").get("lock_version"), _NEWEST, "PDM")
    named = _groups(repository, lock)
    installs_project = at(repository.pyproject, "tool", "pdm").get("distribution") is not False and (
        "build-system" in repository.pyproject
    )
    is_told = "inherit_metadata" in texts(at(lock, "metadata").get("strategy"))
    packages = tuple(_packages(lock, named) if is_told else _reached(repository, lock, named))
    return Dependencies(
        manager="pdm",
        title=f"{LOCK} with {', '.join(named)}" if named else LOCK,
        installs=(tool.install(LOCK), *((tool.ITSELF,) if installs_project else ())),
        fingerprint=hashlib.sha256(content + repr(named).encode() + tool.deciding(repository)).hexdigest()[:16],
        installs_project=installs_project,
        files=((locked.FILE, locked.text(packages, _indexes(repository), str(repository.root))),),
        is_locked=True,
    )


def _groups(repository: Repository, lock: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the locked groups to install: those that the settings name, else all of them.

    They were resolved together, and the tests of a library often need its optional features. A lock of old does not
    name them: it has all.
    """
    every = at(lock, "metadata").get("groups", list(_declared(repository)))
    known = tuple(name for name in texts(every) if name not in ("default", ":all"))
    chosen = (repository.settings.groups or ()) + (repository.settings.extras or ())
    if not groups.is_named(repository):
        return known
    return tuple(name for name in known if name in chosen)


def _declared(repository: Repository) -> Iterator[str]:
    pyproject = repository.pyproject
    yield from at(pyproject, "project", "optional-dependencies")
    yield from at(pyproject, "dependency-groups")
    yield from at(pyproject, "tool", "pdm", "dev-dependencies")


def _reached(repository: Repository, lock: Mapping[str, Any], named: tuple[str, ...]) -> Iterator[Package]:
    """Yield the packages that the project and these groups come to."""
    own = at(repository.pyproject, "tool", "pdm", "dev-dependencies")
    required = [*groups.required(repository, named, named, {})]
    required += [text for name in named for text in texts(own.get(name)) if not text.startswith("-")]
    every = tuple(_packages({**lock, "package": _told(lock)}, ()))
    requirements: dict[str, list[str]] = {}
    for entry in _listed(lock):
        requirements.setdefault(normalise(str(entry.get("name", ""))), []).extend(texts(entry.get("dependencies")))
    found = conditions(required, requirements)
    for one in every:
        # -e file:///${PROJECT_ROOT}/sub has no name
        condition = found.get(normalise(one.name), "" if one.path else None)
        if condition is not None:
            yield one._replace(marker=condition)


def _listed(lock: Mapping[str, Any]) -> list[dict[str, Any]]:
    listed = lock.get("package")
    return [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []


def _told(lock: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the packages as if each were for everybody; before PDM 2.8 their hashes stood in one table."""
    hashes = at(lock, "metadata", "files")
    return [
        {"files": hashes.get(f"{entry.get('name')} {entry.get('version')}", ()), **entry, "groups": ["default"]}
        for entry in _listed(lock)
    ]


def _packages(lock: Mapping[str, Any], named: tuple[str, ...]) -> Iterator[Package]:
    wanted = {"default", *named}
    for entry in _listed(lock):
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
            hashes=locked.hashes(entry.get("files")),
            url=url,
            path=str(entry.get("path", "")),
            is_editable=bool(entry.get("editable")),
        )


def _indexes(repository: Repository) -> list[str]:
    sources = at(repository.pyproject, "tool", "pdm").get("source")
    urls = [str(one.get("url", "")) for one in sources if isinstance(one, dict)] if isinstance(sources, list) else []
    return [url for url in urls if url and "$" not in url and not locked.is_public(url)]
