"""What the person wants: what the command line says, else what was answered before, else the repository's settings."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from bootstrap.environ import is_ci
from bootstrap.errors import BootstrapError
from bootstrap.model import Answers
from bootstrap.setup.editors import EDITORS
from bootstrap.setup.python import admits
from bootstrap.state import prepare
from bootstrap.versions import Request, Version

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from bootstrap.model import Repository
    from bootstrap.options import Options

_FILE = "answers.json"
# What a remembered answer looks like; anything else is as good as none.
_VALID: Mapping[str, Callable[[Any], bool]] = {
    "python": lambda value: isinstance(value, str),
    "prefer_managed": lambda value: isinstance(value, bool),
    "editors": lambda value: (
        isinstance(value, list) and all(isinstance(name, str) and name in EDITORS for name in value)
    ),
    "devcontainer": lambda value: isinstance(value, bool),
}


def by_default(options: Options, repository: Repository, env: Mapping[str, str]) -> Answers:
    """Return the answers that a run takes which asks nothing."""
    settings, given = repository.settings, remembered(repository.state_dir)
    if not _still_fits(given.get("python"), repository):
        del given["python"]
    # Nobody opens an editor in CI.
    editors = _first(options.editors, given.get("editors"), settings.editors, () if is_ci(env) else ("vscode",))
    devcontainer = _first(options.devcontainer, given.get("devcontainer"), settings.devcontainer, not is_ci(env))
    return Answers(
        python=_first(options.python, given.get("python"), None),
        prefer_managed=bool(_first(options.managed, given.get("prefer_managed"), settings.prefer_managed)),
        editors=tuple(editors),
        devcontainer=bool(devcontainer),
        offline=options.is_offline,
    )


def _first(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


def _still_fits(python: str | None, repository: Repository) -> bool:
    """Say whether a Python that was chosen earlier is still one that the repository wants: its pin may have moved."""
    if python is None:
        return True
    try:
        request = Request.parse(python)
        version = Version.parse(".".join(map(str, request.release)) + request.prerelease)
    except ValueError:
        return False
    return admits(repository, None)(version, request.implementation, request.is_free_threaded)


def remembered(state_dir: Path) -> dict[str, Any]:
    """Return what the person answered in an earlier run; nothing where there is no such note, or a damaged one."""
    try:
        data = json.loads((state_dir / _FILE).read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(data, dict):
        return {}
    return {name: data[name] for name, is_valid in _VALID.items() if name in data and is_valid(data[name])}


def remember(answers: Answers, state_dir: Path) -> None:
    """Note the answers for the next run, in devstrap's own folder; a note that cannot be written is none."""
    data = {
        "python": answers.python,
        "prefer_managed": answers.prefer_managed,
        "editors": list(answers.editors),
        "devcontainer": answers.devcontainer,
    }
    temporary = state_dir / f"{_FILE}.{os.getpid()}"
    try:
        prepare(state_dir)
        temporary.write_text(json.dumps(data), "utf-8")
        temporary.replace(state_dir / _FILE)
    except (OSError, BootstrapError):
        return
