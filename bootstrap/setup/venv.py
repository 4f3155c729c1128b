"""The step that makes, mends or updates `.venv`."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from bootstrap.detect.environment import platform_of, recorded
from bootstrap.detect.pyvenv import NAME
from bootstrap.errors import UnsafePathError
from bootstrap.model import Build, EnvironmentState, Run
from bootstrap.setup.python import interpreter_argument, is_settled

if TYPE_CHECKING:
    from bootstrap.model import Answers, Facts


def step(facts: Facts, answers: Answers) -> Build | None:
    """Return what has to be done about `.venv`, or None where it is as it should be.

    Raises UnsafePathError where something is there that is no environment.
    """
    environment = facts.environment
    if environment.state is EnvironmentState.FOREIGN:
        raise UnsafePathError(
            f"{NAME} is not touched: {environment.reason}",
            remedy=f"move {NAME} away, then run this again",
            path=NAME,
        )
    reason = reason_to_rebuild(facts, answers)
    installs = facts.dependencies.installs if facts.dependencies else ()
    files = facts.dependencies.files if facts.dependencies else ()
    record = record_of(facts)
    if reason:
        mode = "fill" if environment.is_mount else "replace"
        runs = (_create(facts, mode), *installs)
        return Build(NAME, runs, f"{reason} {NAME}", record, mode, environment.identity, files)
    if facts.inspection is not None and facts.inspection.missing:
        why = f"update {NAME}: {facts.inspection.missing}"
        return Build(NAME, installs, why, record, "update", environment.identity, files)
    return None


def reason_to_rebuild(facts: Facts, answers: Answers) -> str:
    """Say in a verb what has to happen when the environment cannot be used as it is, else nothing."""
    environment, repository = facts.environment, facts.repository
    if environment.state is EnvironmentState.ABSENT:
        return "create"
    if environment.state is EnvironmentState.BROKEN:
        return f"repair ({environment.reason})"
    if not is_settled(environment, repository, answers):
        return f"replace (it runs {environment.version})"
    noted = recorded(environment.record).get("as_of", "")
    is_said = facts.moment.is_asked if facts.moment else (answers.as_of or repository.settings.as_of) is not None
    if environment.record and is_said and noted != str(facts.moment or ""):
        return f"replace (it has releases up to {noted or 'now'}, not {facts.moment or 'now'})"
    return ""


def record_of(facts: Facts) -> str:
    """Return what is noted in an environment, so that a later run can tell whether it still fits."""
    wanted = facts.dependencies
    noted = {
        "schema": 1,
        "root": os.path.realpath(facts.repository.root),
        "host": platform_of(facts.host),
        "dependencies": wanted.fingerprint if wanted else "",
        # What was declared stays the same where it is only installed on other terms the next time.
        **({"declared": wanted.declared} if wanted and wanted.declared not in ("", wanted.fingerprint) else {}),
        **({"as_of": str(facts.moment)} if facts.moment else {}),
    }
    return json.dumps(noted, indent=2) + "\n"


def _prompt(name: str) -> str:
    """Return a repository's name for the prompt, without what an option or a shell would take for something else."""
    return "".join(c if c.isalnum() or c in "._-" else "_" for c in name).lstrip("-") or NAME


def _create(facts: Facts, mode: str) -> Run:
    # Relocatable: it is built beside its place and moved there, and its commands must not remember where that was.
    options = ("--relocatable", "--no-project", "--prompt", _prompt(facts.repository.name))
    existing = ("--allow-existing",) if mode == "fill" else ()
    interpreter = interpreter_argument(facts.choice, facts.environment)
    return Run(("uv", "venv", *options, *existing, *interpreter, "{target}"), f"create {NAME}")
