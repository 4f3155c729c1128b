"""Findings in the Static Analysis Results Interchange Format (SARIF 2.1.0, OASIS), for code scanning services."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bootstrap import __version__
from bootstrap.model import Severity

if TYPE_CHECKING:
    from bootstrap.model import Finding, Report

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
RULES = {
    "V101": "A declaration names a Python that is not supported, or leaves out one that is",
    "V102": "requires-python keeps out a supported Python",
    "V103": "A tool writes code that the oldest supported Python may not run",
    "V201": "A Python is shipped that is never tested",
    "V202": "A Python is claimed that is never tested",
    "V203": "A Python that is supported or tested is missing from the classifiers",
    "V204": "The stages of a Dockerfile run different Pythons, and one uses what another one installed",
    "V205": "A lock file was compiled for another Python than the image that installs it runs",
    "V206": "A lock file excludes the Python of the image that installs it",
    "V207": "An image is named that was never made",
    "V208": "A build is given another Python than its Dockerfile means",
    "V301": "A supported Python is at or near the end of its life",
    "V401": "A setting repeats what another one says, and could be derived from it",
    "V501": "A file could not be understood",
    "V502": "A declaration cannot be mended safely",
}


def render(report: Report) -> str:
    """Return one log with one run."""
    rules = [{"id": code, "shortDescription": {"text": text}} for code, text in RULES.items()]
    driver = {"name": "devstrap", "version": __version__, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding) for finding in report.findings],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _result(finding: Finding) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message}. {finding.hint}"},
    }
    if finding.path is not None:
        from urllib.parse import quote  # noqa: PLC0415 - no other report needs it

        # a file's name need not be UTF-8
        uri = quote(finding.path.encode("utf-8", "surrogateescape"))
        place: dict[str, Any] = {"artifactLocation": {"uri": uri}}
        if finding.line is not None:
            place["region"] = {"startLine": finding.line, **({"startColumn": finding.column} if finding.column else {})}
        result["locations"] = [{"physicalLocation": place}]
    return result
