"""`post-install` in `[tool.devstrap]`: the commands with which a repository completes what was installed.

They run in the environment, one after the other. Which of them were run, and on which dependencies, is noted in the
environment's record: with another text, or after anything was installed anew, they run again.
"""

from __future__ import annotations

import json
import os
import shlex
from typing import TYPE_CHECKING, Any

from bootstrap.detect.declared import PYPROJECT, SETTINGS
from bootstrap.detect.environment import ADOPTED, RECORD, is_handmade, recorded
from bootstrap.errors import MalformedFileError
from bootstrap.model import Run, Skip

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bootstrap.besides import Command
    from bootstrap.model import Answers, Facts

KEY = "post_install"


def split(text: str, place: str) -> tuple[str, ...]:
    """Return the words of a command; raise MalformedFileError where it is none. No shell reads it."""
    try:
        words = tuple(shlex.split(text))
    except ValueError as error:
        words, reason = (), f": {str(error)[:1].lower()}{str(error)[1:]}"
    else:
        reason = ""
    if not words or "\0" in text:
        raise MalformedFileError(
            f"post-install in [{SETTINGS}] has {text!r}, which is no command{reason}",
            remedy="write it as it is typed, such as 'python scripts/fetch_data.py'; for a shell, sh -c '...'",
            path=f"{place}/{PYPROJECT}" if place else PYPROJECT,
        )
    return words


def pending(texts: Sequence[str], place: str, record: str, dependencies: str) -> tuple[str, ...]:
    """Return the commands that are to be run: from the first on that was not run as it stands, on what is installed."""
    noted = _noted(record).get(place)
    done = noted.get("done") if isinstance(noted, dict) and noted.get("dependencies") == dependencies else ()
    count = 0
    for text, before in zip(texts, done if isinstance(done, list) else (), strict=False):
        if text != before:
            break
        count += 1
    return tuple(texts[count:])


def steps(facts: Facts, answers: Answers) -> tuple[tuple[Run, ...], tuple[Skip, ...]]:
    """Return the commands to run, and why they are not run."""
    besides = facts.besides
    if besides is None:
        return (), ()
    skips = (Skip("post-install", _HOMELESS),) if besides.homeless else ()
    if not answers.post_install:
        return (), (*skips, *(Skip(one.text, "you did not want it run") for one in besides.commands))
    return tuple(_run(one) for one in besides.commands), skips


_HOMELESS = (
    "each part has an environment of its own: name the commands in the pyproject.toml of the part that they are for"
)


def _run(command: Command) -> Run:
    named = f"{command.place}/{PYPROJECT}" if command.place else PYPROJECT
    return Run(
        command.argv,
        f"run what {named} names as post-install: {command.text}",
        cwd=command.place or ".",
        turn="last",
        home=command.home or ".",
    )


def _noted(record: str) -> dict[str, Any]:
    """Return what an environment's record says of them, by the folder that names them."""
    noted = recorded(record).get(KEY)
    return noted if isinstance(noted, dict) else {}


def note(environment: Path, command: Command) -> None:
    """Note in an environment's record that a command was run; without a note it runs again."""
    path = environment / RECORD
    try:
        is_theirs = is_handmade(environment)
        record = path.read_text("utf-8", "replace") if path.exists() else ""
        own = {"dependencies": command.dependencies, "done": list(command.done)}
        data = {
            **recorded(record),
            KEY: {**_noted(record), command.place: own},
            **({ADOPTED: True} if is_theirs else {}),
        }
        temporary = path.with_name(f"{RECORD}.{os.getpid()}")
        temporary.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", "utf-8")
        temporary.replace(path)
    except OSError:
        return
