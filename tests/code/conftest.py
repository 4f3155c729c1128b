"""ruff as the development dependencies have it, in the place of the one that uv would fetch."""

import sys

import pytest

from bootstrap import process
from bootstrap.code import ruff


@pytest.fixture(autouse=True)
def local_ruff(monkeypatch):
    """Run the ruff beside this Python; return the command lines that were given to uv."""
    given = []

    def run(argv, **options):
        given.append(tuple(argv))
        return process.run((sys.executable, "-m", "ruff", *argv[argv.index("ruff") + 1 :]), **options)

    monkeypatch.setattr(ruff, "run", run)
    return given
