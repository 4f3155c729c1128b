"""The catalogue: every kind of place in which a Python version is declared, area by area.

Within a file, the first row that finds something at a place has it; so what is more exact stands before what is less.
"""

from __future__ import annotations

from bootstrap.sites import ci, code, containers, documents, github, metadata, pins, testing, tools

CATALOGUE = (
    *metadata.ROWS,
    *testing.ROWS,
    *pins.ROWS,
    *github.ROWS,
    *ci.ROWS,
    *containers.ROWS,
    *tools.ROWS,
    *code.ROWS,
    *documents.ROWS,
)
