"""A repository that declares nothing at its root, while its parts do: said, and not taken for one without needs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bootstrap.model import Dependencies
from bootstrap.setup.dependencies import groups, shortfall

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bootstrap.model import Repository

_MANIFESTS = ("pyproject.toml", "requirements.txt", "setup.py", "Pipfile")
# Where requirements are for something else than the code, or somebody else's.
_PASSED_OVER = frozenset(
    ("doc", "docs", "examples", "node_modules", "site-packages", "templates", "test", "tests", "vendor")
)
_DEPTH = 3
_SHOWN = 3


def recognise(repository: Repository, read: Callable[[str], bytes | None]) -> Dependencies | None:  # noqa: ARG001
    """Return nothing to install, and the word that parts of the repository want something; None where none does."""
    if groups.is_named(repository):
        return None
    missing = shortfall.of_other_managers(repository, has_developers=False)
    parts = sorted(set(_parts(repository.root, "", _DEPTH)))
    if parts:
        import shlex  # noqa: PLC0415 - hardly any repository needs it

        named = ", ".join(parts[:_SHOWN]) + (" and others" if len(parts) > _SHOWN else "")
        first = shlex.quote(parts[0])
        started = "python bootstrap.py" if repository.has_bootstrapper else "devstrap"
        missing += (
            shortfall.Shortfall(
                f"dependencies are declared in {named}, not at the root: they are not installed",
                f"set a part up with {started} --root {first}, or name files for the root under requirements in "
                "[tool.devstrap] of pyproject.toml",
            ),
        )
    if not missing:
        return None
    return Dependencies(
        manager="none",
        title="nothing declared at the root",
        installs=(),
        fingerprint="",
        shortfalls=missing,
    )


def _parts(root: Path, folder: str, depth: int) -> Iterator[str]:
    """Yield the folders below `folder` that have a manifest, without looking below those."""
    try:
        entries = list(os.scandir(root / folder))
    except OSError:
        return
    if folder and any(entry.name in _MANIFESTS for entry in entries):
        yield folder
    elif depth:
        for entry in entries:
            if (
                not entry.name.startswith(".")
                and entry.name not in _PASSED_OVER
                and entry.is_dir(follow_symlinks=False)
            ):
                yield from _parts(root, f"{folder}/{entry.name}".lstrip("/"), depth - 1)
