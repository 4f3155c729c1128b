"""What the person wants: what the command line says, else what was answered before, else the repository's settings."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bootstrap.environ import is_ci
from bootstrap.errors import BootstrapError
from bootstrap.model import Answers
from bootstrap.setup import shared
from bootstrap.setup.editors import EDITORS
from bootstrap.setup.python import admits, declares_any
from bootstrap.state import prepare
from bootstrap.versions import Request, Version

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from bootstrap.model import Facts, Repository
    from bootstrap.options import Options

_FILE = "answers.json"
RUNS = "runs"
# What a remembered answer looks like; anything else is as good as none.
_VALID: Mapping[str, Callable[[Any], bool]] = {
    "python": lambda value: isinstance(value, str),
    "prefer_managed": lambda value: isinstance(value, bool),
    "editors": lambda value: (
        isinstance(value, list) and all(isinstance(name, str) and name in EDITORS for name in value)
    ),
    "devcontainer": lambda value: isinstance(value, bool),
    "dotenv": lambda value: isinstance(value, bool),
    "hooks": lambda value: isinstance(value, bool),
    "is_apart": lambda value: isinstance(value, bool),
    "without": lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
    "exempt": lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
    "build_needs": lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
    "unisolated": lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
    "loosened": lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
    "is_lean": lambda value: isinstance(value, bool),
    "is_followed": lambda value: isinstance(value, bool),
    "is_linked": lambda value: isinstance(value, bool),
    "is_bare": lambda value: isinstance(value, bool),
    "as_of": lambda value: isinstance(value, str),
    "additions": lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
    "build_constraints": lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
    "groups": lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
    "extras": lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
    "requirements": lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
}

# What was found out by trying, and nobody has answered.
_FOUND_OUT = (
    *("python", "is_apart", "as_of", "additions", "build_constraints", "build_needs", "unisolated", "without"),
    *("exempt", "loosened", "is_followed", "is_linked", "is_bare", "is_lean", *shared.CHOICES),
)
# Of that, what leaves something out or takes another version: it is as good as the files that it was found out with.
_LEFT_OUT = ("without", "loosened", "is_bare", "is_lean")
_DECLARED = "declared"


def by_default(options: Options, repository: Repository, env: Mapping[str, str]) -> Answers:
    """Return the answers that a run takes which asks nothing."""
    settings, given = repository.settings, remembered(repository.state_dir)
    if not _still_fits(given.get("python"), repository):
        del given["python"]
    # Which Python it is, is one question: whoever answers it on the command line answers all of it anew.
    if options.python is not None:
        given.pop("prefer_managed", None)
    if options.managed:
        given.pop("python", None)
    # Nobody opens an editor in CI.
    editors = _first(options.editors, given.get("editors"), settings.editors, () if is_ci(env) else ("vscode",))
    devcontainer = _first(options.devcontainer, given.get("devcontainer"), settings.devcontainer, not is_ci(env))
    hooks = _first(options.hooks, given.get("hooks"), settings.hooks, not is_ci(env))
    chosen: dict[str, Any] = {name: tuple(given[name]) for name in shared.CHOICES if name in given}
    answers = Answers(
        python=_first(options.python, given.get("python"), None),
        prefer_managed=bool(_first(options.managed, given.get("prefer_managed"), settings.prefer_managed)),
        editors=tuple(editors),
        devcontainer=bool(devcontainer),
        offline=options.is_offline,
        parts=options.parts,
        is_apart=given.get("is_apart"),
        as_of=_first(options.as_of, given.get("as_of"), None),
        additions=tuple(given.get("additions", ())),
        without=tuple(given.get("without", ())),
        exempt=tuple(given.get("exempt", ())),
        build_needs=tuple(given.get("build_needs", ())),
        unisolated=tuple(given.get("unisolated", ())),
        loosened=tuple(given.get("loosened", ())),
        is_lean=bool(given.get("is_lean")),
        is_followed=bool(given.get("is_followed")),
        is_linked=bool(given.get("is_linked")),
        is_bare=bool(given.get("is_bare")),
        build_constraints=tuple(given.get("build_constraints", ())),
        dotenv=bool(_first(options.dotenv, given.get("dotenv"), settings.dotenv, True)),
        hooks=bool(hooks),
        is_shared=options.remember,
        **chosen,
    )
    return shared.merged(answers, settings)


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
    if not declares_any(repository):
        return request.exists  # our own default is no reason to forget what somebody chose
    return admits(repository, None)(version, request.implementation, request.is_free_threaded)


def remembered(state_dir: Path) -> dict[str, Any]:
    """Return what the person answered in an earlier run; nothing where there is no such note, or a damaged one."""
    data = _noted(state_dir)
    if not isinstance(data, dict):
        return {}
    return {name: data[name] for name, is_valid in _VALID.items() if name in data and is_valid(data[name])}


def is_remembered(options: Options, answers: Answers) -> bool:
    """Say whether the Python is one that was answered in an earlier run, and not asked for in this one."""
    return options.python is None and answers.python is not None


def unanswered(answers: Answers, repository: Repository) -> Answers:
    """Return the answers as they were if nobody had ever said which Python it shall be."""
    return replace(answers, python=None, prefer_managed=repository.settings.prefer_managed)


def declared_by(facts: Facts, answers: Answers) -> str:
    """Return what tells one state of what is declared from another; empty where only some parts were looked at."""
    if answers.parts:
        return ""
    every = [facts.dependencies, *(part.facts.dependencies for part in facts.parts)]
    own = [one.declared or one.fingerprint for one in every[1:] or every if one is not None]
    return " ".join(own)


def doubted(answers: Answers, facts: Facts) -> Answers:
    """Return the answers without what was once left out, where the repository declares something else by now.

    The lock that named a vanished release, pins that contradicted each other, or the project that could not be built,
    may have been mended since.
    """
    if not any(getattr(answers, name) for name in _LEFT_OUT):
        return answers
    noted = _noted(facts.repository.state_dir)
    before = noted.get(_DECLARED) if isinstance(noted, dict) else None
    declared = declared_by(facts, answers)
    if not before or not declared or before == declared:
        return answers
    whole = replace(answers, without=(), loosened=(), is_bare=False, is_lean=False)
    return shared.merged(whole, facts.repository.settings)


def remember(
    answers: Answers, state_dir: Path, run: int | None = None, *, declared: str = "", has_answered: bool = True
) -> None:
    """Note the answers for the next run, in devstrap's own folder; a note that cannot be written is none.

    `run` is the number of the run that was made with them: undoing it forgets them again. `declared` is what they were
    found out with. Where nobody has answered anything, only what was found out is noted, and all else may still change.
    """
    data = {
        "python": answers.python,
        "prefer_managed": answers.prefer_managed,
        "editors": list(answers.editors),
        "devcontainer": answers.devcontainer,
        "dotenv": answers.dotenv,
        "hooks": answers.hooks,
        "is_apart": answers.is_apart,
        "as_of": answers.as_of,
        "additions": list(answers.additions),
        "build_constraints": list(answers.build_constraints),
        "without": list(answers.without),
        "exempt": list(answers.exempt),
        "build_needs": list(answers.build_needs),
        "unisolated": list(answers.unisolated),
        "loosened": list(answers.loosened),
        "is_followed": answers.is_followed,
        "is_lean": answers.is_lean,
        "is_linked": answers.is_linked,
        "is_bare": answers.is_bare,
        **{name: getattr(answers, name) and list(getattr(answers, name)) for name in shared.CHOICES},
    }
    before = _noted(state_dir)
    known = before if isinstance(before, dict) else {}
    if not has_answered:
        data = {**known, **{name: data[name] for name in _FOUND_OUT}}
    if declared or _DECLARED in known:
        data[_DECLARED] = declared or known[_DECLARED]
    if before == data:
        return  # and the next run sees that nothing has changed
    try:
        prepare(state_dir)
    except BootstrapError:
        return
    if _write(data, state_dir / _FILE) and run is not None:
        _write({"before": before, "after": data}, run_folder(state_dir, run) / _FILE)


def forget(state_dir: Path, run: int) -> None:
    """Put back the answers from before a run that is undone, unless others were given since."""
    try:
        noted = json.loads((run_folder(state_dir, run) / _FILE).read_bytes())
        before, after = noted["before"], noted["after"]
    except (OSError, ValueError, KeyError, TypeError):
        return
    if _noted(state_dir) != after:
        return
    if isinstance(before, dict):
        _write(before, state_dir / _FILE)
        return
    with contextlib.suppress(OSError):
        (state_dir / _FILE).unlink(missing_ok=True)


def run_folder(state_dir: Path, run: int) -> Path:
    """Return the folder of a run that can be undone; what is noted there is forgotten with the run."""
    return state_dir / RUNS / str(run)


def _noted(state_dir: Path) -> Any:
    """Return the note as it is; None where there is none."""
    try:
        return json.loads((state_dir / _FILE).read_bytes())
    except (OSError, ValueError):
        return None


def _write(data: Mapping[str, Any], file: Path) -> bool:
    """Write a note, whole or not at all; say whether it is there."""
    temporary = file.with_name(f"{_FILE}.{os.getpid()}")
    try:
        temporary.write_text(json.dumps(data), "utf-8")
        temporary.replace(file)
    except OSError:
        return False
    return True
