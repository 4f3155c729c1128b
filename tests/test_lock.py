import errno
import json
import os
import signal
import subprocess
import sys
import types
from pathlib import Path

import pytest

from bootstrap import lock
from bootstrap.errors import LockedError, StepError, UnsafePathError
from bootstrap.lock import Lock
from bootstrap.state import prepare, state_directory

REPOSITORY = Path(__file__).parents[1]


@pytest.fixture
def state_dir(tmp_path):
    return tmp_path / "state"


def git_directory(path):
    path.mkdir(parents=True)
    (path / "HEAD").write_text("ref: refs/heads/main\n")
    return path


# ---- where the state is ---------------------------------------------------------------------------------------------


def test_state_of_a_checkout_is_in_its_git_directory(tmp_path):
    git_directory(tmp_path / ".git")
    assert state_directory(tmp_path) == tmp_path / ".git" / "devstrap"


def test_state_of_a_worktree_is_in_the_git_directory_its_file_points_to(tmp_path):
    git = git_directory(tmp_path / "main" / ".git" / "worktrees" / "side")
    side = tmp_path / "side"
    side.mkdir()
    (side / ".git").write_bytes(b"gitdir: " + os.fsencode(git) + b"\n")
    assert state_directory(side) == git / "devstrap"


def test_state_of_a_submodule_is_found_by_a_relative_pointer(tmp_path):
    git = git_directory(tmp_path / ".git" / "modules" / "part")
    part = tmp_path / "part"
    part.mkdir()
    (part / ".git").write_text("gitdir: ../.git/modules/part\r\n")
    found = state_directory(part)
    assert found.name == "devstrap"
    assert found.parent.samefile(git)


@pytest.mark.parametrize("content", [b"gitdir: nowhere\n", b"gitdir: a\0b\n", b"something else", b"gitdir:x", b""])
def test_state_is_beside_the_files_when_the_pointer_leads_nowhere(tmp_path, content):
    (tmp_path / ".git").write_bytes(content)
    assert state_directory(tmp_path) == tmp_path / ".devstrap"


def test_state_is_beside_the_files_without_git(tmp_path):
    (tmp_path / "below").mkdir()
    git_directory(tmp_path / ".git")
    assert state_directory(tmp_path / "below") == tmp_path / "below" / ".devstrap"


def test_asking_for_the_state_directory_creates_nothing(tmp_path):
    state_directory(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_beside_the_files_hides_itself_from_git(tmp_path):
    prepare(tmp_path / ".devstrap")
    (tmp_path / ".devstrap" / ".gitignore").unlink()
    prepare(tmp_path / ".devstrap")
    prepare(tmp_path / ".devstrap")
    assert (tmp_path / ".devstrap" / ".gitignore").read_bytes() == b"*\n"


def test_a_link_in_place_of_the_state_directory_is_refused(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / ".devstrap").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UnsafePathError, match="symbolic link"):
        prepare(tmp_path / ".devstrap")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_state_directory_that_cannot_be_created_says_why(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StepError, match="cannot keep its state") as caught:
        prepare(tmp_path / "file" / ".devstrap")
    assert caught.value.path == tmp_path / "file" / ".devstrap"


# ---- the lock -------------------------------------------------------------------------------------------------------


def test_the_file_says_who_holds_the_lock(state_dir, monkeypatch):
    monkeypatch.setenv("LOGNAME", "ann")
    with Lock(state_dir, "setup --yes"):
        holder = json.loads((state_dir / "lock").read_bytes())
    assert holder.pop("since").endswith("Z")
    assert holder == {"pid": os.getpid(), "host": os.uname().nodename, "user": "ann", "command": "setup --yes"}


def test_a_second_lock_is_refused_at_once_and_told_who_holds_the_first(state_dir):
    with Lock(state_dir, "setup"), pytest.raises(LockedError) as caught, Lock(state_dir, "undo"):
        pass
    assert f"process {os.getpid()} of " in caught.value.message
    assert "(setup)" in caught.value.message
    assert f"`kill {os.getpid()}`, then" in caught.value.remedy


def test_the_remedy_names_the_host_when_it_is_another(state_dir, monkeypatch):
    with Lock(state_dir, "setup"):
        monkeypatch.setattr(lock, "_host", lambda: "elsewhere")
        with pytest.raises(LockedError) as caught, Lock(state_dir, "undo"):
            pass
    assert f"on {os.uname().nodename}, then" in caught.value.remedy


def test_the_lock_is_free_again_after_the_block_and_its_file_empty(state_dir):
    with Lock(state_dir, "setup"):
        pass
    assert (state_dir / "lock").read_bytes() == b""
    with Lock(state_dir, "setup"):
        pass


def test_a_holder_that_says_nothing_is_still_respected(state_dir):
    for content in (b"", b"[1]", b"\xff"):
        with Lock(state_dir, "setup"):
            (state_dir / "lock").write_bytes(content)
            with pytest.raises(LockedError, match="another run"), Lock(state_dir, "undo"):
                pass


def test_a_holder_cannot_send_control_characters_to_the_terminal(state_dir):
    with Lock(state_dir, "\x1b[2Jsetup"), pytest.raises(LockedError) as caught, Lock(state_dir, "undo"):
        pass
    assert caught.value.message.isprintable()


def test_a_full_disk_does_not_stop_the_lock(state_dir, monkeypatch):
    def refuse(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", refuse)
    monkeypatch.setattr(os, "ftruncate", refuse)
    with Lock(state_dir, "setup"), pytest.raises(LockedError), Lock(state_dir, "undo"):
        pass


def test_a_file_system_without_locks_is_named(state_dir, monkeypatch):
    def refuse(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", refuse)
    with pytest.raises(StepError, match="has no locks"), Lock(state_dir, "setup"):
        pass


def test_a_link_in_place_of_the_lock_is_not_followed(state_dir, tmp_path):
    state_dir.mkdir()
    (state_dir / "lock").symlink_to(tmp_path / "victim")
    with pytest.raises(StepError, match="cannot open its lock"), Lock(state_dir, "setup"):
        pass
    assert not (tmp_path / "victim").exists()


def test_a_file_in_place_of_the_state_directory_is_refused_and_stays(tmp_path):
    (tmp_path / ".devstrap").write_text("mine")
    with pytest.raises(StepError, match="cannot keep its state"), Lock(tmp_path / ".devstrap", "setup"):
        pass
    assert (tmp_path / ".devstrap").read_text() == "mine"


def test_a_folder_that_was_made_for_the_lock_alone_goes_with_it(tmp_path):
    with Lock(tmp_path / ".devstrap", "setup"):
        assert (tmp_path / ".devstrap" / "lock").is_file()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["answers.json", "runs", ".gitignore"])
def test_a_folder_with_something_worth_keeping_stays(tmp_path, name):
    with Lock(tmp_path / ".devstrap", "setup"):
        (tmp_path / ".devstrap" / name).write_text("kept")
    assert (tmp_path / ".devstrap" / name).read_text() == "kept"


def test_a_folder_that_was_there_before_stays(tmp_path):
    (tmp_path / ".devstrap").mkdir()
    with Lock(tmp_path / ".devstrap", "setup"):
        pass
    assert (tmp_path / ".devstrap" / "lock").is_file()


def test_a_lock_whose_file_was_deleted_before_it_was_locked_is_taken_anew(tmp_path, monkeypatch):
    state_dir = tmp_path / ".devstrap"
    lock = Lock(state_dir, "setup")
    real, opened = lock._open, []

    def open_late():
        opened.append(real())
        if len(opened) == 1:  # the holder ends, and takes the folder with it, just before we lock
            (state_dir / "lock").unlink()
            (state_dir / ".gitignore").unlink()
            state_dir.rmdir()
        return opened[-1]

    monkeypatch.setattr(lock, "_open", open_late)
    with lock:
        assert len(opened) == 2
        with pytest.raises(LockedError), Lock(state_dir, "setup"):
            pass


def test_a_file_system_on_which_files_are_hard_to_know_again_has_locks_all_the_same(state_dir, monkeypatch):
    monkeypatch.setattr("bootstrap.lock._is_at", lambda *_: False)
    with Lock(state_dir, "setup"), pytest.raises(LockedError), Lock(state_dir, "setup"):
        pass


def test_leaving_a_lock_that_was_never_taken_does_nothing(state_dir):
    Lock(state_dir, "setup").__exit__(None, None, None)
    assert not state_dir.exists()


def test_the_user_has_a_number_where_the_name_is_unknown(monkeypatch):
    for name in ("LOGNAME", "USER", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(lock, "_user_by_number", lambda number: f"number {number}")
    assert lock._user() == f"number {os.getuid()}"


def test_the_name_is_looked_up_among_this_machine_s_users(tmp_path):
    table = tmp_path / "passwd"
    table.write_bytes(b"root:x:0:0:root:/root:/bin/sh\n\nann:x:1000:1000:\xff:/home/ann:/bin/sh\n:x:7:7::/:\n")
    assert lock._user_by_number(1000, str(table)) == "ann"
    assert lock._user_by_number(0, str(table)) == "root"
    assert lock._user_by_number(7, str(table)) == "user 7"
    assert lock._user_by_number(3, str(tmp_path / "missing")) == "user 3"


def test_who_waits_goes_on_when_the_lock_is_free(state_dir, monkeypatch):
    held = Lock(state_dir, "setup")
    held.__enter__()
    waited = []

    def sleep(pause):
        waited.append(pause)
        if len(waited) == 3:
            held.__exit__(None, None, None)

    monkeypatch.setattr(lock.time, "sleep", sleep)
    lock.wait_until_free(state_dir, 0.5)
    assert waited == [0.5] * 3
    lock.wait_until_free(state_dir)
    assert len(waited) == 3


def test_nobody_waits_for_a_lock_that_is_not_there(state_dir, monkeypatch):
    monkeypatch.setattr(lock.time, "sleep", lambda _: pytest.fail("it waited"))
    lock.wait_until_free(state_dir)
    assert not state_dir.exists()


def test_nobody_waits_where_locking_is_impossible(state_dir, monkeypatch):
    with Lock(state_dir, "setup"):
        pass

    def refuse(_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(lock, "_seize", refuse)
    lock.wait_until_free(state_dir)
    assert (state_dir / "lock").exists()


def test_two_processes_exclude_each_other_until_the_first_is_killed_though_its_commands_live_on(state_dir):
    command = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
    script = (
        "import subprocess, sys, time; from pathlib import Path; from bootstrap.lock import Lock\n"
        "with Lock(Path(sys.argv[1]), 'setup'):\n"
        f"    subprocess.call([sys.executable, '-c', {command!r}], close_fds=False)\n"
    )
    first = subprocess.Popen(
        [sys.executable, "-c", script, str(state_dir)], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    )
    with first:
        below = int(first.stdout.readline())
        try:
            with pytest.raises(LockedError, match=f"process {first.pid} of "), Lock(state_dir, "setup"):
                pass
            first.kill()
            first.wait()
            with Lock(state_dir, "setup"):
                pass
        finally:
            first.kill()
            os.kill(below, signal.SIGKILL)


def test_windows_locks_one_byte_far_behind_the_holder(state_dir, monkeypatch):
    calls = []

    def locking(descriptor, mode, length):
        calls.append((os.lseek(descriptor, 0, os.SEEK_CUR), mode, length))
        if calls.count(calls[-1]) > 1:
            raise PermissionError(errno.EACCES, "Permission denied")

    fake = types.SimpleNamespace(LK_NBLCK="lock", LK_UNLCK="unlock", locking=locking)
    monkeypatch.setitem(sys.modules, "msvcrt", fake)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("COMPUTERNAME", "BOX")
    with Lock(state_dir, "setup"):
        with pytest.raises(LockedError, match="on BOX") as caught, Lock(state_dir, "undo"):
            pass
        assert "taskkill /PID" in caught.value.remedy
    far = lock._FAR_BEHIND
    assert calls == [(far, "lock", 1), (far, "lock", 1), (far, "unlock", 1)]
