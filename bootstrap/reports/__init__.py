"""How a report is shown: a module for each format, imported when somebody asks for it, and the table of them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bootstrap.model import Report


def _by(module: str) -> Callable[[Report], str]:
    def render(report: Report) -> str:
        shown: str = import_module(f"bootstrap.reports.{module}").render(report)
        return shown

    return render


AGREEMENT = ("check", "versions", "modernize", "init")
"""The commands whose report has a policy and declarations."""

FORMATS: Mapping[str, Callable[[Report], str]] = {
    "text": _by("text"),
    "json": _by("document"),
    "github": _by("github"),
    "sarif": _by("sarif"),
}
