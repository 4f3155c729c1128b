"""A folder in, a report out."""

import io
from datetime import UTC, datetime

import pytest
from shop import FILES, TOOLS

from bootstrap import ask, console
from bootstrap.agreement import day
from bootstrap.console import Console
from bootstrap.options import Options


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """Keep to a day on which all of 3.11 to 3.15 are maintained."""
    monkeypatch.setattr(day, "today", lambda: datetime(2026, 11, 1, tzinfo=UTC).date())


@pytest.fixture
def shop(write, tmp_path):
    """Make a folder with these files."""
    return lambda files=FILES: write(files, tmp_path / "shop")


@pytest.fixture
def done(tmp_path):
    """Run a command on the folder; return its report, and what was said in `.said`."""

    def run(command, **options):
        run.said = io.StringIO()
        name = command.__name__
        given = Options(name, tmp_path / "shop", started="devstrap", **options)
        return command(given, TOOLS, Console(run.said))

    return run


@pytest.fixture
def person(monkeypatch):
    """Sit somebody at the terminal who gives these answers."""

    def sit(policy=None, agrees=lambda: True):
        monkeypatch.setattr(console, "is_interactive", lambda *_streams: True)
        monkeypatch.setattr(ask, "ask_policy", lambda _old: policy)
        monkeypatch.setattr(ask, "confirm", lambda _question: agrees())

    return sit
