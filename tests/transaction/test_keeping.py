"""What somebody made and a run displaced is kept, brought back whole, and goes when its time is over."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bootstrap.errors import StepError
from bootstrap.transaction import Transaction, disk, history, recover, undo

TESTS = Path(__file__).parents[1]


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "repository"
    furnish(folder)
    return folder


def furnish(root):
    """Put an environment there that somebody has made."""
    (root / ".venv" / "lib").mkdir(parents=True)
    (root / ".venv" / "pyvenv.cfg").write_text("version = 3.11\n")
    (root / ".venv" / "lib" / "notes.txt").write_text("mine")
    (root / ".venv" / "python").symlink_to("/nowhere/python3")
    os.utime(root / ".venv" / "lib" / "notes.txt", ns=(7, 7))


@pytest.fixture
def state_dir(tmp_path):
    return tmp_path / "state"


@pytest.fixture
def replace(root, state_dir):
    """Return a function that replaces `.venv`; `keep` as in `Transaction.swap`."""

    return lambda *, keep: make(root, state_dir, keep=keep)


def make(root, state_dir, *, keep, continues=0):
    with Transaction(root, state_dir, "setup", continues) as transaction:
        built = transaction.staging(".venv")
        built.mkdir()
        (built / "pyvenv.cfg").write_text("version = 3.12\n")
        (built / "devstrap.json").write_text("{}")
        transaction.swap(".venv", keep=keep)
    return transaction


@pytest.fixture
def elsewhere(monkeypatch, state_dir):
    """Let the state directory be on another file system than the repository."""
    real = os.rename

    def rename(source, target):
        if (state_dir in Path(source).parents) != (state_dir in Path(target).parents):
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        real(source, target)

    monkeypatch.setattr(os, "rename", rename)


def content(root):
    return {
        str(path.relative_to(root)): os.readlink(path) if path.is_symlink() else path.is_file() and path.read_text()
        for path in root.rglob("*")
    }


def notes(folder):
    """Return where the notes are that somebody had in the environment, below `folder`."""
    return [path.parent.parent for path in folder.rglob("notes.txt")]


def test_what_was_displaced_is_kept_with_the_run_and_undo_brings_it_back(root, state_dir, replace):
    before = content(root)
    assert replace(keep=True).kept == (".venv",)
    assert [path.name for path in root.iterdir()] == [".venv"]
    assert [path.parent for path in notes(state_dir)] == [state_dir / "runs" / "1"]
    assert undo(root, state_dir, dry_run=True).restored == (".venv",)
    undone = undo(root, state_dir)
    assert (undone.restored, undone.removed, undone.left) == ((".venv",), (), ())
    assert content(root) == before
    assert (root / ".venv" / "lib" / "notes.txt").stat().st_mtime_ns == 7
    assert notes(state_dir) == []


def test_what_was_displaced_is_kept_beside_where_the_state_is_on_another_disk(root, state_dir, replace, elsewhere):
    before = content(root)
    replace(keep=True)
    assert [path.name.startswith(".venv.devstrap-kept1-") for path in notes(root)] == [True]
    assert notes(state_dir) == []
    undo(root, state_dir)
    assert content(root) == before


def test_what_devstrap_made_itself_is_not_kept(root, state_dir, replace):
    assert replace(keep=False).kept == ()
    assert notes(root) == notes(state_dir) == []
    assert undo(root, state_dir).left[0].reason == "its former state was not kept; setup makes it again"


def test_the_next_run_that_replaces_the_folder_lets_it_go(root, state_dir, replace, elsewhere):
    replace(keep=True)
    replace(keep=False)
    assert notes(root) == notes(state_dir) == []
    assert [path.name for path in root.iterdir()] == [".venv"]


def test_runs_that_leave_the_folder_alone_do_not(root, state_dir, replace):
    replace(keep=True)
    for number in range(12):
        with Transaction(root, state_dir, "setup") as transaction:
            transaction.drop_empty(".venv")
            transaction.staging(f"part{number}")
    assert len(history(state_dir)) == 11
    assert undo(root, state_dir, 1).restored == (".venv",)
    assert len(notes(root)) == 1


def test_undo_brings_it_back_where_nothing_is_any_more(root, state_dir, replace):
    before = content(root)
    replace(keep=True)
    disk.remove_tree(root / ".venv")
    assert undo(root, state_dir).restored == (".venv",)
    assert content(root) == before
    assert notes(state_dir) == []


@pytest.mark.parametrize("keep", [True, False])
def test_undo_leaves_what_somebody_has_put_there_since(root, state_dir, replace, keep):
    if not keep:
        disk.remove_tree(root / ".venv")
    replace(keep=keep)
    (root / ".venv").rename(root / "away")
    (root / ".venv").mkdir()
    (root / ".venv" / "pyvenv.cfg").write_text("theirs")
    undone = undo(root, state_dir)
    assert [(left.path, left.reason) for left in undone.left] == [(".venv", "somebody has made it anew since")]
    assert (root / ".venv" / "pyvenv.cfg").read_text() == "theirs"
    assert (undone.left[0].original is not None) is keep
    assert len(notes(state_dir)) == keep


def test_undo_that_is_cut_short_leaves_it_kept(root, state_dir, replace, monkeypatch):
    replace(keep=True)
    after = content(root)

    def refuse(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "symlink_to", refuse)
        with pytest.raises(StepError, match="no space"):
            undo(root, state_dir)
    assert content(root) == after
    assert len(notes(state_dir)) == 1
    assert undo(root, state_dir).restored == (".venv",)


def test_what_cannot_be_put_away_is_not_deleted_and_tried_again(root, state_dir, replace, monkeypatch):
    before = content(root)
    real = os.rename

    def refuse(source, target):
        if "devstrap-old" in Path(source).name:
            raise PermissionError(errno.EACCES, "Permission denied")
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", refuse)
        left = replace(keep=True).left
    assert [item.reason.partition(":")[0] for item in left] == ["it could not be put away to be kept"]
    assert len(notes(root)) == 1
    assert recover(root, state_dir).left == ()
    undo(root, state_dir)
    assert content(root) == before


def test_what_will_not_go_when_its_time_is_over_is_named(root, state_dir, replace, monkeypatch):
    replace(keep=True)
    real = disk.remove_tree

    def refuse(path):
        if path.parent == state_dir / "runs" / "1":
            raise PermissionError(errno.EACCES, "Permission denied")
        real(path)

    monkeypatch.setattr(disk, "remove_tree", refuse)
    assert "no longer needed" in replace(keep=False).left[0].reason


def test_a_damaged_journal_of_an_earlier_run_is_no_obstacle(root, state_dir, replace):
    replace(keep=True)
    (state_dir / "runs" / "1" / "journal").write_text("x\ny\nz\n")
    assert replace(keep=False).left == ()
    assert len(notes(state_dir)) == 1


def die_everywhere(folder):
    """Kill undo at every act; print how often, and how often it had done its work. It is always one or the other."""
    from test_transaction import in_child

    furnish(folder / "expected")
    before = content(folder / "expected")
    make(folder / "expected", folder / "expected-state", keep=True)
    after = content(folder / "expected")
    kill_at, undone, ended = 0, 0, False
    while not ended:
        kill_at += 1
        root, state_dir = folder / str(kill_at), folder / f"{kill_at}-state"
        furnish(root)
        make(root, state_dir, keep=True)
        ended = in_child(lambda r=root, s=state_dir: undo(r, s), kill_at)
        recover(root, state_dir)
        is_undone = content(root) == before
        assert is_undone or content(root) == after, kill_at
        # What is not back in its place is kept whole, and comes back when undo is tried again.
        if not is_undone:
            undo(root, state_dir, 1)
        assert content(root) == before, kill_at
        undone += is_undone
    print(kill_at, undone)  # noqa: T201 - the test reads it


def test_undo_that_is_killed_at_any_act_leaves_all_or_nothing(tmp_path):
    # A process of its own: pytest may have threads by now, and then may not fork.
    script = "import sys, pathlib, test_keeping as t; t.die_everywhere(pathlib.Path(sys.argv[1]))"
    path = os.pathsep.join(map(str, (TESTS.parent, TESTS, TESTS / "transaction")))
    argv = [sys.executable, "-c", script, str(tmp_path)]
    done = subprocess.run(argv, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    deaths, undone = map(int, done.stdout.split())
    assert 1 < undone < deaths - 10


def test_what_the_first_attempt_of_a_set_up_displaced_is_kept_through_the_others(root, state_dir):
    before = content(root)
    make(root, state_dir, keep=True)
    first = history(state_dir)[0].run
    make(root, state_dir, keep=False, continues=first)
    make(root, state_dir, keep=False, continues=first)
    assert notes(state_dir)
    assert [past.continues for past in history(state_dir)] == [first, first, 0]
    for past in history(state_dir):
        undo(root, state_dir, past.run)
    assert content(root) == before
