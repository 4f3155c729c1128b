"""Findings, as whoever started this run can use them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bootstrap.model import Finding
    from bootstrap.options import Options

# How those who write findings, and do not know how devstrap was started, begin a command of its.
_COMMANDS = ("python bootstrap.py", "devstrap")


def as_started(findings: Iterable[Finding], options: Options) -> tuple[Finding, ...]:
    """Return findings whose commands can be typed as they stand, in whatever way devstrap was started."""
    return tuple(
        finding._replace(
            hint=_typed(finding.hint, options.started),
            fix=None if finding.fix is None else _typed(finding.fix, options.started),
        )
        for finding in findings
    )


def _typed(text: str, started: str) -> str:
    """Return a text that begins with a command of devstrap's, begun as the person began; any other as it is."""
    for command in _COMMANDS:
        if f"{text} ".startswith(f"{command} "):
            return started + text.removeprefix(command)
    return text
