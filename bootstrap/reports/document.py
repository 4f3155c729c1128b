"""The report as JSON, for machines. Its shape is in report.schema.json and changes only with the schema's number."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from bootstrap.apply import describe
from bootstrap.detect.environment import interpreter_of
from bootstrap.model import Change, EnvironmentState, Finding, Run, Step
from bootstrap.reports import AGREEMENT

if TYPE_CHECKING:
    from bootstrap.errors import BootstrapError
    from bootstrap.model import Facts, Report

SCHEMA = 1


def render(report: Report) -> str:
    """Return one JSON object."""
    return json.dumps(as_data(report), indent=2, ensure_ascii=True)


def as_data(report: Report) -> dict[str, Any]:
    """Return the report as plain data."""
    return {
        "schema": SCHEMA,
        "command": report.command,
        "status": report.status.value,
        "exit_code": report.exit_code,
        "root": str(report.root),
        **(_facts(report.facts) if report.facts else {}),
        "steps": [_step(step) for step in report.plan.steps],
        "left_alone": [{"what": skip.what, "reason": skip.reason} for skip in report.plan.skipped],
        "findings": [_finding(finding) for finding in report.findings],
        "recovered": list(report.recovered),
        "remedied": list(report.remedied),
        "held_back": report.held_back,
        **(_agreement(report) if report.command in AGREEMENT else {}),
        **({"tests": report.tests._asdict()} if report.tests else {}),
        "next": report.next_command,
        "seconds": round(report.seconds, 3),
    }


def error(command: str, problem: BootstrapError, exit_code: int) -> str:
    """Return the JSON object for a command that could not do its work."""
    details = {
        "code": problem.code,
        "message": problem.message,
        "remedy": problem.remedy,
        "path": str(problem.path) if problem.path is not None else None,
        "line": problem.line,
        "column": problem.column,
    }
    data = {"schema": SCHEMA, "command": command, "status": "error", "exit_code": exit_code, "error": details}
    return json.dumps(data, indent=2)


def _facts(facts: Facts) -> dict[str, Any]:
    environment, inspection = facts.environment, facts.inspection
    return {
        "python": {
            "request": facts.choice.request,
            "reason": facts.choice.reason,
            "executable": _executable(facts),
        },
        "environment": {
            "path": str(environment.path),
            "state": environment.state.value,
            "version": str(environment.version) if environment.version else None,
        },
        "dependencies": {
            "manager": facts.dependencies.manager if facts.dependencies else None,
            "title": facts.dependencies.title if facts.dependencies else None,
            "imported": list(inspection.imported) if inspection else [],
            "as_of": facts.moment.when.isoformat() if facts.moment else None,
        },
        "parts": [
            {"path": part.path, "environment": str(part.facts.environment.path), **_of_part(part.facts)}
            for part in facts.parts
        ],
        "apart": facts.apart,
        "proof": {"collected": facts.proof.collected, "broken": facts.proof.broken} if facts.proof else None,
    }


def _of_part(facts: Facts) -> dict[str, Any]:
    return {
        "version": str(facts.environment.version) if facts.environment.version else None,
        "dependencies": facts.dependencies.title if facts.dependencies else None,
        "proof": {"collected": facts.proof.collected, "broken": facts.proof.broken} if facts.proof else None,
    }


def _agreement(report: Report) -> dict[str, Any]:
    """Return the policy and every place that names a version."""
    return {
        "policy": report.policy._asdict() if report.policy else None,
        "declared": [place._asdict() for place in report.declared],
    }


def _executable(facts: Facts) -> str | None:
    """Return the interpreter that `.venv` is built on, or will be."""
    if facts.choice.interpreter is not None:
        return str(facts.choice.interpreter.executable)
    if facts.environment.state is not EnvironmentState.HEALTHY:
        return None
    return os.path.realpath(interpreter_of(facts.environment.path))


def _step(step: Step) -> dict[str, Any]:
    data: dict[str, Any] = {"what": describe(step)}
    if isinstance(step, Change):
        return {"kind": "change", "path": step.path, "purpose": step.purpose, "creates": step.before is None, **data}
    if isinstance(step, Run):
        return {"kind": "run", "argv": list(step.argv), "cwd": step.cwd, **data}
    return {"kind": "build", "path": step.path, "mode": step.mode, "runs": [_step(run) for run in step.runs], **data}


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "hint": finding.hint,
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "fix": finding.fix,
    }
