"""Findings as SARIF 2.1.0: the part of its schema that we write, held against what we write."""

import json
from pathlib import Path

import jsonschema
import pytest

from bootstrap import __version__
from bootstrap.model import Finding, Report, Severity, Status
from bootstrap.reports import sarif

# From sarif-schema-2.1.0.json (OASIS), cut down to what occurs; the original refuses other properties too.
POSITIVE = {"type": "integer", "minimum": 1}
TEXT = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}


def closed(required, **properties):
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


RULE = closed(["id"], id={"type": "string"}, shortDescription=TEXT)
DRIVER = closed(
    ["name"],
    name={"type": "string"},
    version={"type": "string"},
    rules={"type": "array", "uniqueItems": True, "items": RULE},
)
REGION = closed([], startLine=POSITIVE, startColumn=POSITIVE)
ARTIFACT = closed([], uri={"type": "string", "pattern": r"^[!-~]+$"})
PHYSICAL = closed([], artifactLocation=ARTIFACT, region=REGION)
RESULT = closed(
    ["message"],
    ruleId={"type": "string"},
    level={"enum": ["none", "note", "warning", "error"]},
    message=TEXT,
    locations={"type": "array", "items": closed([], physicalLocation=PHYSICAL)},
)
RUN = closed(
    ["tool"],
    tool=closed(["driver"], driver=DRIVER),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    results={"type": "array", "items": RESULT},
)
SCHEMA = closed(
    ["version", "runs"],
    **{"$schema": {"type": "string", "format": "uri"}, "version": {"enum": ["2.1.0"]}},
    runs={"type": "array", "items": RUN},
)


def run(*findings):
    log = json.loads(sarif.render(Report("check", Path("/r"), Status.FINDINGS, findings=findings)))
    jsonschema.Draft202012Validator(SCHEMA).validate(log)
    return log["runs"][0]


def test_a_run_without_findings_names_the_tool_and_its_rules():
    found = run()
    assert found["results"] == []
    driver = found["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("devstrap", __version__)
    assert [rule["id"] for rule in driver["rules"]] == list(sarif.RULES)


@pytest.mark.parametrize(
    ("severity", "level"), [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.NOTE, "note")]
)
def test_a_finding_has_its_rule_its_level_its_place_and_what_to_do(severity, level):
    (result,) = run(Finding("V101", severity, "targets 3.9", "say 3.10", "a/ruff.toml", 3, 7))["results"]
    assert (result["ruleId"], result["level"]) == ("V101", level)
    assert result["message"]["text"] == "targets 3.9. say 3.10"
    assert result["locations"] == [
        {"physicalLocation": {"artifactLocation": {"uri": "a/ruff.toml"}, "region": {"startLine": 3, "startColumn": 7}}}
    ]


def test_what_is_not_known_of_a_place_is_left_out():
    nowhere, file, line = run(
        Finding("V301", Severity.WARNING, "a", "b"),
        Finding("V301", Severity.WARNING, "a", "b", "f"),
        Finding("V301", Severity.WARNING, "a", "b", "f", 2),
    )["results"]
    assert "locations" not in nowhere
    assert file["locations"] == [{"physicalLocation": {"artifactLocation": {"uri": "f"}}}]
    assert line["locations"][0]["physicalLocation"]["region"] == {"startLine": 2}


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a b/ü.toml", "a%20b/%C3%BC.toml"),
        ("50%.toml", "50%25.toml"),
        ("c:d#e?f", "c%3Ad%23e%3Ff"),
        ("\udcff", "%FF"),
    ],
)
def test_a_path_becomes_a_relative_reference(path, uri):
    (result,) = run(Finding("V501", Severity.WARNING, "a", "b", path))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri
