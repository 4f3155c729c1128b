"""Findings as annotations of a GitHub workflow run (GitHub's "workflow commands")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.model import Severity

if TYPE_CHECKING:
    from bootstrap.model import Finding, Report

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(report: Report) -> str:
    """Return one command on each line; nothing where there are no findings."""
    return "\n".join(map(_annotation, report.findings))


def _annotation(finding: Finding) -> str:
    places = {"file": finding.path, "line": finding.line, "col": finding.column, "title": f"devstrap {finding.code}"}
    told = ",".join(f"{name}={_property(str(value))}" for name, value in places.items() if value is not None)
    return f"::{_LEVELS[finding.severity]} {told}::{_data(f'{finding.message}: {finding.hint}')}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
