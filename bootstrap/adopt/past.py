"""Where what devstrap wrote before is found again: in git's objects, else in devstrap's own state."""

from __future__ import annotations

import contextlib
from functools import partial
from typing import TYPE_CHECKING

from bootstrap import process
from bootstrap.adopt import record
from bootstrap.adopt.merging import merged
from bootstrap.adopt.renewal import Past
from bootstrap.agreement.view import reader
from bootstrap.state import state_directory

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from bootstrap.commands import Tools

FOLDER = "written"
# A clone without blobs fetches what it is asked for.
_PATIENCE = 60.0


def past(root: Path, tools: Tools) -> Past:
    """Return what is remembered in a repository; raise MalformedFileError where that is damaged."""
    data = reader(root)(record.PATH)
    env = {**tools.env, "GIT_TERMINAL_PROMPT": "0"}
    return Past(
        record.read(data),
        partial(_found, root, env),
        partial(merged, env=env),
        partial(_is_taken_back, state_directory(root)),
        _algorithm(root, env),
        data,
    )


def keep(root: Path, texts: Iterable[bytes], algorithm: str) -> None:
    """Keep what was written, for as long as nobody has committed it; a copy that cannot be kept is none."""
    folder = state_directory(root) / FOLDER
    with contextlib.suppress(OSError):
        folder.mkdir(exist_ok=True)
        for text in map(record.plain, texts):
            (folder / record.blob(text, algorithm)).write_bytes(text)


def _found(root: Path, env: Mapping[str, str], identity: str) -> bytes | None:
    """Return the content that an id names, from wherever it is to be had."""
    done = process.run(("git", "cat-file", "blob", identity), cwd=root, env=env, timeout=_PATIENCE)
    if done.ok and record.names(identity, done.stdout.encode()):
        return done.stdout.encode()
    try:
        kept = (state_directory(root) / FOLDER / identity).read_bytes()
    except OSError:
        return None
    return kept if record.names(identity, kept) else None


def _algorithm(root: Path, env: Mapping[str, str]) -> str:
    """Return what a repository makes its ids with; git before 2.25 knows one way only."""
    done = process.run(("git", "rev-parse", "--show-object-format"), cwd=root, env=env)
    return "sha256" if done.ok and done.stdout.strip() == "sha256" else "sha1"


def _is_taken_back(state_dir: Path, path: str) -> bool:
    """Say whether the last run that had to do with a file undid another one."""
    from bootstrap import transaction  # noqa: PLC0415 - only where a file is missing

    last = next((run for run in transaction.history(state_dir) if path in run.paths), None)
    return last is not None and last.command.startswith("undo")
