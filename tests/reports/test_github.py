"""Findings as workflow commands, whatever is in them."""

from pathlib import Path

import pytest

from bootstrap.model import Finding, Report, Severity, Status
from bootstrap.reports import github


def annotations(*findings):
    return github.render(Report("check", Path("/r"), Status.FINDINGS, findings=findings)).splitlines()


def test_nothing_found_is_nothing_said():
    assert annotations() == []


@pytest.mark.parametrize(
    ("severity", "level"), [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.NOTE, "notice")]
)
def test_every_finding_is_a_command_with_its_place(severity, level):
    finding = Finding("V101", severity, "targets 3.9", "say 3.10", "a/ruff.toml", 3, 7)
    assert annotations(finding) == [
        f"::{level} file=a/ruff.toml,line=3,col=7,title=devstrap V101::targets 3.9: say 3.10"
    ]


def test_what_has_no_place_is_told_all_the_same():
    assert annotations(Finding("V301", Severity.WARNING, "old", "new")) == ["::warning title=devstrap V301::old: new"]


def test_nothing_in_a_finding_can_end_its_command_or_begin_another():
    finding = Finding("V101", Severity.ERROR, "50%\r\n::set-env::x", "do", "a,b:c%.toml", 1, None)
    assert annotations(finding) == [
        "::error file=a%2Cb%3Ac%25.toml,line=1,title=devstrap V101::50%25%0D%0A::set-env::x: do"
    ]


def test_every_finding_has_a_line_of_its_own():
    assert len(annotations(*[Finding("V101", Severity.ERROR, "a\nb", "c\nd", "p\nq", 1)] * 3)) == 3
