"""How a report is shown: a module for each format, and the table of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.reports import document, github, sarif, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bootstrap.model import Report

FORMATS: Mapping[str, Callable[[Report], str]] = {
    "text": text.render,
    "json": document.render,
    "github": github.render,
    "sarif": sarif.render,
}
