"""Pipenv's `Pipfile.lock`, or the `Pipfile` alone where nobody committed a lock.

Source: the Pipfile specification (https://github.com/pypa/pipfile) and Pipenv's documentation of its lock.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from bootstrap.detect.repository import parse_toml
from bootstrap.errors import MalformedFileError
from bootstrap.model import Dependencies, Run
from bootstrap.nested import at, texts
from bootstrap.setup.dependencies import locked, tool
from bootstrap.setup.dependencies.locked import Package

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bootstrap.model import Repository

    Reader = Callable[[str], bytes | None]

MANIFEST = "Pipfile"
LOCK = "Pipfile.lock"
_SECTIONS = {"default": "packages", "develop": "dev-packages"}
# Of a lock as Pipenv writes it.
_SPEC = 6
# Conditions that stand in a Pipfile as keys of their own: sys_platform = "== 'win32'"
_CONDITIONS = (
    *("os_name", "sys_platform", "platform_machine", "platform_python_implementation", "platform_release"),
    *("platform_system", "platform_version", "python_version", "python_full_version", "implementation_name"),
    "implementation_version",
)


_OTHERS = frozenset(("pyproject.toml", "requirements", "requirements.txt", "setup.cfg", "setup.py"))


def recognise(repository: Repository, read: Reader) -> Dependencies | None:
    """Return how the lock is installed, and without one the Pipfile; None where there is neither.

    A Pipfile that asks for nothing was left behind where something else declares what there is to install.

    Raises MalformedFileError for a lock or a Pipfile that cannot be read.
    """
    if repository.settings.requirements is not None:
        return None
    if MANIFEST in repository.files:
        _manifest(read)
    if LOCK in repository.files:
        return _locked(repository, read)
    found = _unlocked(repository, read) if MANIFEST in repository.files else None
    is_left_behind = found is not None and not found.installs and bool(_OTHERS & repository.files)
    return None if is_left_behind else found


def _manifest(read: Reader) -> dict[str, Any]:
    """Return what the Pipfile says, which Pipenv reads in any case."""
    content = read(MANIFEST) or b""
    if not content.strip():
        raise MalformedFileError(f"{MANIFEST} is empty", remedy="bring it back, or delete it", path=MANIFEST)
    return parse_toml(MANIFEST, content)


def _locked(repository: Repository, read: Reader) -> Dependencies:
    content = read(LOCK) or b""
    data = _loaded(content)
    meta = at(data, "_meta")
    if isinstance(meta.get("pipfile-spec"), int):
        locked.refuse_newer(LOCK, meta["pipfile-spec"], _SPEC, "Pipenv")
    else:
        raise MalformedFileError(f"{LOCK} is of a kind that is not known here", remedy=locked.anew(LOCK), path=LOCK)
    every = [one for section in _SECTIONS for one in _packages(at(data, section))]
    packages = [one for one in every if not _is_itself(one)]
    installs_project = len(packages) < len(every)
    return Dependencies(
        manager="pipenv",
        title=f"{LOCK} with develop" if data.get("develop") else LOCK,
        installs=(
            Run(
                (
                    "uv",
                    "pip",
                    "install",
                    "--python",
                    "{target}",
                    "--no-deps",
                    "--requirements",
                    f"{{target}}/{locked.FILE}",
                ),
                f"install what {LOCK} says",
            ),
            *((tool.ITSELF,) if installs_project else ()),
        ),
        installs_project=installs_project,
        fingerprint=hashlib.sha256(content).hexdigest()[:16],
        files=((locked.FILE, locked.text(packages, _indexes(meta), str(repository.root))),),
        is_locked=True,
    )


def _is_itself(package: Package) -> bool:
    return package.is_editable and package.path in (".", "./")


def _loaded(content: bytes) -> dict[str, Any]:
    if not content.strip():
        raise MalformedFileError(f"{LOCK} is empty", remedy=locked.anew(LOCK), path=LOCK)
    try:
        data = json.loads(content)
    except ValueError as error:
        line = getattr(error, "lineno", None)
        raise MalformedFileError(
            f"{LOCK} is not valid JSON: {error}", remedy=locked.anew(LOCK), path=LOCK, line=line
        ) from None
    return data if isinstance(data, dict) else {}


def _packages(section: Mapping[str, Any]) -> Iterator[Package]:
    for name, entry in section.items():
        table = entry if isinstance(entry, dict) else {}
        version = str(table.get("version", "")).removeprefix("==")
        git = table.get("git")
        if git:
            commit = f"@{table['ref']}" if table.get("ref") else ""
            folder = f"#subdirectory={table['subdirectory']}" if table.get("subdirectory") else ""
            url = f"git+{str(git).removeprefix('git+')}{commit}{folder}"
        else:
            url = str(table.get("file", ""))
        yield Package(
            name,
            version,
            marker=str(table.get("markers", "")),
            hashes=texts(table.get("hashes")),
            extras=texts(table.get("extras")),
            url=url,
            path=str(table.get("path", "")),
            is_editable=bool(table.get("editable")),
        )


def _indexes(meta: Mapping[str, Any]) -> list[str]:
    sources = meta.get("sources")
    urls = [str(one.get("url", "")) for one in sources if isinstance(one, dict)] if isinstance(sources, list) else []
    return [url for url in urls if url and not locked.is_public(url)]


# ---- a Pipfile alone ------------------------------------------------------------------------------------------------


def _unlocked(repository: Repository, read: Reader) -> Dependencies:
    content = read(MANIFEST) or b""
    data = _manifest(read)
    written = [one for section in _SECTIONS.values() for one in _requirements(at(data, section), str(repository.root))]
    return Dependencies(
        manager="pipenv",
        title=f"{MANIFEST} with dev-packages" if data.get("dev-packages") else MANIFEST,
        installs=(Run(("uv", "pip", "install", "--python", "{target}", *written), f"install what {MANIFEST} asks for"),)
        if written
        else (),
        fingerprint=hashlib.sha256(content).hexdigest()[:16],
    )


def _requirements(section: Mapping[str, Any], root: str) -> Iterator[str]:
    """Yield the entries of a section as words for pip's command line."""
    for name, entry in section.items():
        table = entry if isinstance(entry, dict) else {"version": entry}
        version = str(table.get("version", "*"))
        bracket = f"[{','.join(texts(table.get('extras')))}]" if table.get("extras") else ""
        marker = _marker(table)
        if table.get("path"):
            place = f"{root}/{table['path']}{bracket}"
            yield from ("--editable", place) if table.get("editable") else (place,)
        elif table.get("git"):
            commit = f"@{table['ref']}" if table.get("ref") else ""
            yield f"{name}{bracket} @ git+{str(table['git']).removeprefix('git+')}{commit}{marker}"
        elif table.get("file"):
            yield f"{name}{bracket} @ {table['file']}{marker}"
        else:
            exactly = "==" if version[:1].isdigit() else ""
            yield f"{name}{bracket}{'' if version == '*' else exactly + version}{marker}"


def _marker(table: Mapping[str, Any]) -> str:
    """Return all the conditions of an entry as one that follows a requirement."""
    written = [str(table["markers"])] if table.get("markers") else []
    written += [f"{name} {table[name]}" for name in _CONDITIONS if isinstance(table.get(name), str)]
    return f" ; {' and '.join(f'({one})' if len(written) > 1 else one for one in written)}" if written else ""
