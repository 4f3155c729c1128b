"""A plan is executed with the lock held, whole or not at all, and what could not be put back is told."""

import io
import json
import os
import sys

import pytest

from bootstrap.commands import Tools
from bootstrap.console import Console
from bootstrap.errors import ChangedError, LockedError, StepError, UnsafePathError
from bootstrap.execute import execute
from bootstrap.lock import Lock
from bootstrap.model import Change, Plan, Run
from bootstrap.state import state_directory
from bootstrap.transaction import CURRENT

TOOLS = Tools("", {"PATH": os.environ["PATH"]}, None, {})
A, B = Change("a.txt", b"1\r\n", b"2\r\n"), Change("sub/b.txt", None, b"new\n")
FAIL = Run((sys.executable, "-c", "import sys; sys.exit('no luck')"), "try it")


@pytest.fixture
def shop(tmp_path):
    root = tmp_path / "shop"
    root.mkdir()
    (root / "a.txt").write_bytes(b"1\r\n")
    return root


@pytest.fixture
def run(shop):
    """Execute these steps; what was said is in `.said`."""

    def executed(*steps):
        executed.said = io.StringIO()
        return execute(Plan(steps), shop, state_directory(shop), "modernize", TOOLS, Console(executed.said))

    return executed


def test_every_step_is_done_and_the_run_is_kept_for_undo(run, shop):
    assert run(A, B) == ()
    assert ((shop / "a.txt").read_bytes(), (shop / "sub/b.txt").read_bytes()) == (b"2\r\n", b"new\n")
    assert not (state_directory(shop) / CURRENT).exists()
    journals = list((state_directory(shop) / "runs").rglob("journal*"))
    assert any("modernize" in json.dumps(journal.read_text("utf-8")) for journal in journals)


def test_a_step_that_fails_takes_back_those_before_it(run, shop):
    with pytest.raises(StepError) as caught:
        run(A, B, FAIL)
    assert caught.value.exit_code == 4
    assert ((shop / "a.txt").read_bytes(), (shop / "sub").exists()) == (b"1\r\n", False)


def test_a_file_that_is_not_as_it_was_seen_stays_and_all_others_too(run, shop):
    (shop / "sub").mkdir()
    (shop / "sub/b.txt").write_bytes(b"mine\n")
    with pytest.raises(ChangedError) as caught:
        run(A, B)
    assert caught.value.exit_code == 4
    assert ((shop / "a.txt").read_bytes(), (shop / "sub/b.txt").read_bytes()) == (b"1\r\n", b"mine\n")


def test_nothing_is_written_through_a_link_that_leads_out(run, shop, tmp_path):
    (tmp_path / "outside").mkdir()
    (shop / "sub").symlink_to(tmp_path / "outside")
    with pytest.raises(UnsafePathError) as caught:
        run(A, B)
    assert caught.value.exit_code == 4
    assert (shop / "a.txt").read_bytes() == b"1\r\n"
    assert list((tmp_path / "outside").iterdir()) == []


def test_two_at_once_are_one_after_the_other(run, shop):
    with Lock(state_directory(shop), "setup"), pytest.raises(LockedError):
        run(A)
    assert (shop / "a.txt").read_bytes() == b"1\r\n"
    run(A)
    assert (shop / "a.txt").read_bytes() == b"2\r\n"


def test_what_cannot_be_put_back_is_told(run, shop):
    spoil = Run((sys.executable, "-c", "open('a.txt', 'wb').write(b'3'); raise SystemExit('no luck')"), "spoil it")
    with pytest.raises(StepError):
        run(A, spoil)
    assert "a.txt is left as it is: " in run.said.getvalue()
    assert (shop / "a.txt").read_bytes() == b"3"
