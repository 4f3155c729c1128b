"""What a set-up that went well notes to have looked at."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bootstrap import receipt
from bootstrap.commands import Tools
from bootstrap.detect.repository import Reader
from bootstrap.flow.receipt import leave_receipt
from bootstrap.model import Report, Status
from bootstrap.options import Options
from bootstrap.setup.moment import Moment


@pytest.fixture
def looked_at(facts, monkeypatch, tmp_path):
    """Return the paths in the receipt of a run with these options and facts, relative to the root."""

    def look(*, lock=None, **changes):
        noted = []
        monkeypatch.setattr(receipt, "write", lambda file, circumstance, paths, *_: noted.extend(paths))
        found = facts(**changes)
        found = replace(found, repository=replace(found.repository, state_dir=found.repository.root / ".git/devstrap"))
        root = found.repository.root
        report = Report("setup", root, Status.READY, found)
        options = Options("setup", root, lock=lock)
        leave_receipt(report, options, Tools("/uv", {}, tmp_path / "cache", {}), Reader(root))
        return {Path(path).relative_to(root).as_posix() for path in noted}

    return look


def test_a_workflow_that_comes_is_seen(looked_at):
    assert ".github/workflows" in looked_at()


def test_the_lock_that_was_asked_for_is_looked_at(looked_at):
    assert "locks/all.txt" in looked_at(lock=Path("locks/all.txt"))


def test_a_bound_in_time_is_looked_at_again_after_a_commit(looked_at):
    commits = {".git/HEAD", ".git/logs/HEAD"}
    assert commits <= looked_at(moment=Moment(datetime(2020, 1, 1, tzinfo=UTC), "as of the last commit"))
    assert not commits & looked_at()


def test_a_proof_that_is_made_again_is_looked_at(looked_at):
    assert ".git/devstrap/proof.json" in looked_at()
