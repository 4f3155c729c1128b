"""A command while another run is at work."""

import sys

import pytest

from bootstrap.commands import Tools
from bootstrap.console import Console
from bootstrap.errors import ChangedError, LockedError
from bootstrap.flow import run
from bootstrap.model import Report, Status
from bootstrap.options import Options
from bootstrap.state import state_directory

TOOLS = Tools("/uv", {}, None, {})


@pytest.fixture
def ready(monkeypatch, tmp_path, capsys):
    """Let `setup` end in these ways, one after the other, and say before each whether the environment is ready."""

    def make(readiness, endings):
        states, ways = iter(readiness), iter(endings)

        def setup(*_):
            way = next(ways)
            if isinstance(way, Exception):
                raise way
            return way

        monkeypatch.setattr(run, "_is_ready", lambda _: next(states))
        monkeypatch.setattr(run, "_refuse_to_replace", lambda _: None)
        monkeypatch.setattr(run, "setup", setup)
        console = Console(sys.stderr)
        return run._made_ready(Options("run", tmp_path, ("x",)), TOOLS, console), capsys.readouterr().err

    return make


HELD = LockedError("another run of devstrap is at work", remedy="wait")
CHANGED = ChangedError(".venv was changed", remedy="run it again")


def test_a_command_waits_for_another_run_and_says_so_once(ready, tmp_path):
    report, said = ready([False, False, True], [HELD, HELD])
    assert report is None
    assert said == "waiting: another run of devstrap is at work\n"
    assert not state_directory(tmp_path).exists()


def test_what_another_run_has_left_to_do_is_done_after_it(ready, tmp_path):
    done = Report("setup", tmp_path, Status.READY)
    assert ready([False, False], [HELD, done])[0] == done


def test_another_run_that_was_done_just_before_is_as_good(ready):
    assert ready([False, True, True], [CHANGED]) == (None, "")


def test_what_somebody_else_changed_is_an_error_where_nothing_is_ready(ready):
    with pytest.raises(ChangedError):
        ready([False, False], [CHANGED])
