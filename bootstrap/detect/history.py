"""What git tells of a repository's past; nothing where there is no git, or no commit."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from bootstrap import process

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def last_commit(root: Path, env: Mapping[str, str]) -> datetime | None:
    """Return when the checked out commit was made."""
    found = process.run(("git", "log", "-1", "--format=%cI"), cwd=root, env=env)
    try:
        return datetime.fromisoformat(found.stdout.strip()) if found.ok else None
    except ValueError:
        return None
