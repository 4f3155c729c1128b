"""The last proof, kept beside the journal: a run that has nothing to do knows of it, and repeats one that failed.

One that was not clean is repeated too, once the tests, or how they are collected, have been changed since.
"""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any

from bootstrap.proof.collect import Proof

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bootstrap.model import Environment

PROOF = "proof.json"
# What pytest takes its settings from, beside conftest.py.
_SETTINGS = ("pyproject.toml", "pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg")


def remember(state_dir: Path, proofs: dict[str, tuple[Proof, Environment]], sources: str = "") -> None:
    """Note the proofs, by the part of the repository that each is about; a note that cannot be written is none.

    What is known of other parts stays: a run may be about one of them alone. `sources` is the state of what was proved.
    """
    data = _kept(state_dir) | {
        place: {
            "environment": _stamp(environment),
            "runner": proof.runner,
            "collected": proof.collected,
            "files": proof.files,
            "broken": proof.broken,
            "reasons": list(proof.reasons),
            "is_late": proof.is_late,
            "sources": "" if proof.is_clean else sources,
        }
        for place, (proof, environment) in proofs.items()
    }
    try:
        state_dir.mkdir(parents=True, exist_ok=True)
        (state_dir / PROOF).write_text(json.dumps(data), "utf-8")
    except OSError:
        return


def _kept(state_dir: Path) -> dict[str, Any]:
    """Return what was noted before; nothing where that cannot be read."""
    try:
        data = json.loads((state_dir / PROOF).read_bytes())
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def state_of(root: Path, env: Mapping[str, str]) -> str:
    """Return what changes when a Python file of the repository, or a setting of pytest, does, comes or goes."""
    from bootstrap.survey import list_files  # noqa: PLC0415 - only where a proof was not clean

    digest = hashlib.sha256()
    for path in sorted(list_files(root, dict(env))):
        name = path.rpartition("/")[2]
        if not name.endswith(".py") and name not in _SETTINGS:
            continue
        try:
            status = os.stat(root / path)
        except OSError:
            continue
        digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:16]


def sources_of(state_dir: Path, place: str) -> str:
    """Return the state of what was proved, of a proof that was not clean; empty where nobody noted it."""
    noted = _kept(state_dir).get(place)
    found = noted.get("sources") if isinstance(noted, dict) else None
    return found if isinstance(found, str) else ""


def remembered(state_dir: Path, place: str, environment: Environment) -> Proof | None:
    """Return what was proved of this environment as it is; None where nothing was, or it is another one by now."""
    try:
        data = json.loads((state_dir / PROOF).read_bytes())
        found: dict[str, Any] = data[place]
        if found.pop("environment") != _stamp(environment):
            return None
        found.pop("sources", None)
        return Proof(**{**found, "reasons": tuple(found["reasons"])})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _stamp(environment: Environment) -> str:
    return hashlib.sha256(f"{environment.version} {environment.record}".encode()).hexdigest()[:16]
