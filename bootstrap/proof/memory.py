"""The last proof, kept beside the journal: a run that has nothing to do knows of it, and repeats one that failed."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from bootstrap.proof.collect import Proof

if TYPE_CHECKING:
    from pathlib import Path

    from bootstrap.model import Environment

PROOF = "proof.json"


def remember(state_dir: Path, proofs: dict[str, tuple[Proof, Environment]]) -> None:
    """Note the proofs, by the part of the repository that each is about; a note that cannot be written is none.

    What is known of other parts stays: a run may be about one of them alone.
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


def remembered(state_dir: Path, place: str, environment: Environment) -> Proof | None:
    """Return what was proved of this environment as it is; None where nothing was, or it is another one by now."""
    try:
        data = json.loads((state_dir / PROOF).read_bytes())
        found: dict[str, Any] = data[place]
        if found.pop("environment") != _stamp(environment):
            return None
        return Proof(**{**found, "reasons": tuple(found["reasons"])})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _stamp(environment: Environment) -> str:
    return hashlib.sha256(f"{environment.version} {environment.record}".encode()).hexdigest()[:16]
