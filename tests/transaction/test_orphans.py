"""What a command goes on writing whose run was killed is deleted, and nothing that could be somebody's."""

import errno
import json
import os
import time

import pytest

from bootstrap.errors import StepError
from bootstrap.transaction import ORPHANS, Transaction, disk, orphans, recover
from bootstrap.transaction.journal import token_for


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "repository"
    folder.mkdir()
    return folder


@pytest.fixture
def state_dir(tmp_path):
    return tmp_path / "state"


@pytest.fixture
def killed(root, state_dir):
    """Return the place where a run was building that was killed, and cleared up after."""
    transaction = Transaction(root, state_dir, "setup")
    place = transaction.staging(".venv")
    fill(place)
    transaction._journal.close()
    recover(root, state_dir)
    assert not place.exists()
    return place


def fill(place, *names):
    (place / "lib" / "python3.12").mkdir(parents=True)
    for name in ("pyvenv.cfg", ".lock", *names):
        (place / name).write_text("")


def test_what_comes_back_where_a_killed_run_was_building_is_deleted(root, state_dir, killed):
    assert not orphans.is_due(root, state_dir)
    fill(killed)
    assert orphans.is_due(root, state_dir)
    assert orphans.sweep(root, state_dir) == (killed.name,)
    assert list(root.iterdir()) == []
    # It may come back once more.
    fill(killed)
    assert orphans.sweep(root, state_dir) == (killed.name,)


def test_the_next_run_builds_in_another_place(root, state_dir, killed):
    with Transaction(root, state_dir, "setup") as transaction:
        assert transaction.staging(".venv") != killed


def test_a_run_that_ended_by_itself_leaves_nothing_to_watch(root, state_dir):
    with Transaction(root, state_dir, "setup") as transaction:
        transaction.staging(".venv").mkdir()
    assert not (state_dir / ORPHANS).exists()
    assert orphans.sweep(root, state_dir) == ()


def test_somebody_s_folder_of_that_name_is_left_alone(root, state_dir, killed):
    fill(killed, "thesis.txt")
    assert not orphans.is_due(root, state_dir)
    assert orphans.sweep(root, state_dir) == ()
    assert (killed / "thesis.txt").exists()


def test_folders_with_similar_names_are_left_alone(root, state_dir, killed):
    others = [killed.with_name(killed.name + "0"), killed.with_name(".venv.devstrap-new-0123abcd-0")]
    for other in others:
        fill(other)
    assert orphans.sweep(root, state_dir) == ()
    assert sorted(root.iterdir()) == sorted(others)


def test_a_link_of_that_name_is_not_followed(root, state_dir, killed, tmp_path):
    fill(tmp_path / "elsewhere")
    killed.symlink_to(tmp_path / "elsewhere")
    assert orphans.sweep(root, state_dir) == ()
    assert (tmp_path / "elsewhere" / "pyvenv.cfg").exists()


def test_the_place_of_the_run_that_is_alive_is_left_alone(root, state_dir, killed, monkeypatch):
    fill(killed)
    used = killed.name.split("-")[-2]
    monkeypatch.setattr(orphans, "token_for", lambda _: used)
    assert orphans.sweep(root, state_dir) == ()
    assert killed.exists()


def test_what_cannot_be_deleted_is_tried_again(root, state_dir, killed, monkeypatch):
    fill(killed)

    def refuse(_):
        raise OSError(errno.ENOTEMPTY, "Directory not empty")

    with monkeypatch.context() as patch:
        patch.setattr(disk, "remove_tree", refuse)
        assert orphans.sweep(root, state_dir) == ()
    assert orphans.sweep(root, state_dir) == (killed.name,)


def test_a_day_later_nothing_is_watched_any_more(root, state_dir, killed, monkeypatch):
    tomorrow = time.time() + 25 * 3600
    fill(killed)
    monkeypatch.setattr(time, "time", lambda: tomorrow)
    assert orphans.is_due(root, state_dir)
    assert orphans.sweep(root, state_dir) == (killed.name,)
    assert not (state_dir / ORPHANS).exists()
    assert not orphans.is_due(root, state_dir)


def test_recovery_does_not_fail_where_a_command_is_still_writing(root, state_dir, monkeypatch):
    transaction = Transaction(root, state_dir, "setup")
    place = transaction.staging(".venv")
    fill(place)
    transaction._journal.close()
    real = os.rmdir

    def written_to(path):
        if os.fspath(path) == os.fspath(place):
            (place / "lib").mkdir()
            (place / "lib" / "more.py").touch()
        real(path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "rmdir", written_to)
        recovery = recover(root, state_dir)
    assert not recovery.is_finished
    assert recover(root, state_dir) is None
    assert orphans.sweep(root, state_dir) == (place.name,)


def test_a_recovery_that_is_cut_short_notes_a_place_once(root, state_dir, monkeypatch):
    transaction = Transaction(root, state_dir, "setup")
    transaction.staging(".venv").mkdir()
    transaction._journal.close()

    def cut_short(*_, **__):
        raise KeyboardInterrupt

    for _ in range(2):
        with monkeypatch.context() as patch:
            patch.setattr("bootstrap.transaction.rollback.take_back", cut_short)
            with pytest.raises(KeyboardInterrupt):
                recover(root, state_dir)
    recover(root, state_dir)
    assert len((state_dir / ORPHANS).read_text().splitlines()) == 1


def test_a_note_that_cannot_be_written_keeps_nothing_from_being_cleared_up(root, state_dir):
    transaction = Transaction(root, state_dir, "setup")
    place = transaction.staging(".venv")
    place.mkdir()
    transaction._journal.close()
    (state_dir / ORPHANS).mkdir()
    assert recover(root, state_dir) is not None
    assert list(root.iterdir()) == []


@pytest.mark.parametrize(
    "change",
    [
        {"path": "../outside"},
        {"token": "../x"},
        {"token": 3},
        {"number": "0"},
        {"number": 0.5},
        {"noted": None},
        {"more": 1},
    ],
)
def test_notes_that_somebody_has_tampered_with_name_nothing_else(root, state_dir, killed, tmp_path, change):
    noted = json.loads((state_dir / ORPHANS).read_text())
    (state_dir / ORPHANS).write_text("no JSON\n[]\n" + json.dumps({**noted, **change}) + "\n")
    token = killed.name.split("-")[-2]
    for place in (killed, tmp_path / f"outside.devstrap-new-{token}-0"):
        fill(place)
    assert orphans.sweep(root, state_dir) == ()
    assert killed.exists()
    assert (tmp_path / f"outside.devstrap-new-{token}-0").exists()
    assert token_for(state_dir) != token


def test_what_the_system_does_not_let_be_deleted_stops_recovery(root, state_dir, monkeypatch):
    transaction = Transaction(root, state_dir, "setup")
    place = transaction.staging(".venv")
    fill(place)
    transaction._journal.close()

    def refuse(_):
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(os, "rmdir", refuse)
        with pytest.raises(StepError, match=r"\.venv \(Permission denied\)"):
            recover(root, state_dir)
    recover(root, state_dir)
    assert list(root.iterdir()) == []
