"""All or nothing, whatever happens: exceptions, signals, refusals of the system, and death at any moment."""

# ruff: noqa: PT012 - what is to raise is the transaction, with all that is in it

import contextlib
import errno
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import bootstrap.transaction as transaction_package
from bootstrap.errors import (
    ChangedError,
    InterruptedRunError,
    MalformedFileError,
    StepError,
    UnsafePathError,
    UsageError,
)
from bootstrap.model import Change
from bootstrap.transaction import Transaction, disk, history, recover, rollback, state_directory, undo
from bootstrap.transaction.signals import Signals

REPOSITORY = Path(__file__).parents[1]
HOSTILE = "line\nbreak\x1b[2J \udcff.cfg"


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "repository"
    folder.mkdir()
    return folder


@pytest.fixture
def state_dir(tmp_path):
    return tmp_path / "state"


@pytest.fixture
def begin(root, state_dir):
    return lambda command="setup": Transaction(root, state_dir, command)


# ---- the package ----------------------------------------------------------------------------------------------------


def test_a_run_that_writes_nothing_loads_nothing():
    script = (
        "import sys, pathlib; from bootstrap.transaction import recover\n"
        "recover(pathlib.Path('.'), pathlib.Path('nowhere'))\n"
        "print(*sorted(name for name in sys.modules if name.startswith('bootstrap.')))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [
        "bootstrap.errors",
        "bootstrap.state",
        "bootstrap.transaction",
        "bootstrap.transaction.disk",
    ]


def test_the_package_offers_what_it_says_and_nothing_else():
    assert all(getattr(transaction_package, name) for name in transaction_package.__all__)
    with pytest.raises(AttributeError, match="no attribute 'redo'"):
        transaction_package.redo  # noqa: B018 - asking is the point


# ---- seeing everything ----------------------------------------------------------------------------------------------


def snapshot(folder, *, times=True):
    """Return every path below `folder` with its kind, mode and content, and for files the time."""
    seen = {}
    for path in sorted(folder.rglob("*")):
        info = path.lstat()
        name = os.fsencode(path.relative_to(folder))
        if stat.S_ISLNK(info.st_mode):
            seen[name] = ("link", os.readlink(path))
        elif stat.S_ISDIR(info.st_mode):
            seen[name] = ("folder", stat.S_IMODE(info.st_mode))
        else:
            seen[name] = ("file", stat.S_IMODE(info.st_mode), path.read_bytes(), times and info.st_mtime_ns)
    return seen


ACTS = (
    "chmod",
    "fsync",
    "ftruncate",
    "link",
    "mkdir",
    "open",
    "rename",
    "replace",
    "rmdir",
    "symlink",
    "unlink",
    "utime",
    "write",
)


@contextlib.contextmanager
def watched_acts(after):
    """Call `after(name)` after each act on the disk, and also half-way through each write."""
    originals = {name: getattr(os, name) for name in ACTS}

    def wrap(name):
        def act(*args, **options):
            if name == "write":
                descriptor, content = args
                done = originals["write"](descriptor, content[: len(content) // 2])
                after("half a write")
                done += originals["write"](descriptor, content[done:])
                after("write")
                return done
            result = originals[name](*args, **options)
            if name != "open" or args[1] & os.O_CREAT:
                try:
                    after(name)
                except BaseException:
                    if name == "open":
                        os.close(result)
                    raise
            return result

        return act

    for name in ACTS:
        setattr(os, name, wrap(name))
    try:
        yield
    finally:
        for name, original in originals.items():
            setattr(os, name, original)


# ---- one transaction in which everything happens --------------------------------------------------------------------


def furnish(root):
    """Make a repository with something of every kind in it."""
    root.mkdir(parents=True)
    files = {
        "a.txt": (b"one\r\ntwo\r\n", 0o644),
        "script.sh": (b"#!/bin/sh\n", 0o750),
        "doomed.txt": (b"last words", 0o600),
        "plain.sh": (b"#!/bin/sh\n", 0o644),
        "sub/keep.ini": (b"\xef\xbb\xbf[a]\n", 0o664),
        HOSTILE: (b"hostile", 0o640),
        ".venv/pyvenv.cfg": (b"version = 3.11\n", 0o644),
        ".venv/lib/x.py": (b"x = 1\n", 0o444),
        "env/pyvenv.cfg": (b"version = 3.12\n", 0o644),
        "env/lib/y.py": (b"y = 1\n", 0o644),
        "env/lib/z.py": (b"z = 1\n", 0o755),
        "old/pyvenv.cfg": (b"version = 2.7\n", 0o644),
    }
    for number, (name, (content, mode)) in enumerate(files.items()):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(mode)
        os.utime(path, ns=(1_000_000_007, 1_000_000_007 + number))
    (root / "alias").symlink_to("sub/keep.ini")
    (root / ".venv" / "python").symlink_to("/nowhere/python3")
    (root / ".venv" / "lib").chmod(0o555)
    (root / "env" / "lib64").symlink_to("lib")
    (root / "mount").mkdir()
    (root / "empty").mkdir(0o750)


def rearrange(root, state_dir):
    """Do everything that a transaction can."""
    with Transaction(root, state_dir, "setup") as transaction:
        transaction.write(
            Change("a.txt", b"one\r\ntwo\r\n", b"one\r\n2\r\n"),
            Change("new/deep/file.json", None, b"{}"),
            Change("new/run.sh", None, b"#!/bin/sh\n"),
            executable={"new/run.sh"},
        )
        transaction.write(Change("doomed.txt", b"last words", None))
        transaction.write(Change(HOSTILE, b"hostile", b""))
        transaction.write(Change("alias", b"\xef\xbb\xbf[a]\n", b"\xef\xbb\xbf[b]\n"))
        transaction.write(Change("a.txt", b"one\r\n2\r\n", b"one\r\n"))
        transaction.write(Change("plain.sh", b"#!/bin/sh\n", b"#!/bin/sh\n"), executable={"plain.sh"})
        built = transaction.staging(".venv")
        built.mkdir()
        (built / "pyvenv.cfg").write_bytes(b"version = 3.12\n")
        (built / "lib").mkdir()
        transaction.swap(".venv", keep=True)
        built = transaction.staging("tools/.venv")
        built.mkdir()
        (built / "pyvenv.cfg").write_bytes(b"version = 3.12\n")
        transaction.swap("tools/.venv")
        transaction.staging("env").mkdir()
        transaction.snapshot("env")
        (root / "env" / "pyvenv.cfg").write_bytes(b"version = 3.13\n")
        (root / "env" / "lib" / "y.py").unlink()
        (root / "env" / "lib" / "w.py").write_bytes(b"w = 1\n")
        transaction.fill("mount")
        (root / "mount" / "pyvenv.cfg").write_bytes(b"")
        transaction.remove("old")
        transaction.drop_empty("empty")


def expected(folder):
    """Return a furnished repository as it is before and after it is rearranged."""
    furnish(folder / "expected")
    before = snapshot(folder / "expected")
    rearrange(folder / "expected", folder / "expected-state")
    return before, snapshot(folder / "expected", times=False)


def in_child(work, kill_at):
    """Do `work` in a process that dies at its act number `kill_at`; say whether it got to the end before that."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    count = 0

    def after(_):
        nonlocal count
        count += 1
        if count == kill_at:
            os._exit(9)

    try:
        with watched_acts(after):
            work()
    except BaseException as error:  # noqa: BLE001 - a child of a test must not become a second test run
        os.write(2, f"act {kill_at}: {error!r}\n".encode())
        os._exit(1)
    os._exit(0)


def check_cleared(root, state_dir, before, after):
    """Check that nothing is half done; return whether it is all done."""
    is_committed = (state_dir / "runs" / "1" / "journal").exists()
    assert not (state_dir / "current").exists()
    if is_committed:
        assert snapshot(root, times=False) == after
        assert [path.parent.name for path in state_dir.glob("runs/1/*/pyvenv.cfg")] != []
    else:
        assert snapshot(root) == before
    return is_committed


def die_everywhere(folder):
    """Kill the transaction at every act, and then its recovery at every act, and see what is there in the end."""
    before, after = expected(folder)
    outcomes = []
    kill_at, ended = 0, False
    while not ended:
        kill_at += 1
        root, state_dir = folder / str(kill_at), folder / f"{kill_at}-state"
        furnish(root)
        ended = in_child(lambda r=root, s=state_dir: rearrange(r, s), kill_at)
        attempt = 1
        while not in_child(lambda r=root, s=state_dir: recover(r, s), attempt):
            # Each attempt goes on from where the one before was killed; all distances occur.
            attempt += 1 + kill_at % 4
        assert recover(root, state_dir) is None
        outcomes.append(check_cleared(root, state_dir, before, after))
        disk.remove_tree(root)
        disk.remove_tree(state_dir)
    return len(outcomes), sum(outcomes)


def test_death_at_any_act_and_at_any_act_of_every_recovery_leaves_all_or_nothing(tmp_path):
    # A process of its own: pytest may have threads by now, and then may not fork.
    script = "import sys, pathlib, test_transaction as t; print(*t.die_everywhere(pathlib.Path(sys.argv[1])))"
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "tests")])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    deaths, committed = map(int, done.stdout.split())
    # Both ends were seen, and far more than one act each.
    assert 10 < committed < deaths - 100


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), OSError(errno.EIO, "Input/output error")], ids=repr)
def test_a_failure_at_any_act_leaves_all_or_nothing(tmp_path, failure):
    before, after = expected(tmp_path)
    fail_at, ended, committed = 0, False, 0
    while not ended:
        fail_at += 1
        root, state_dir = tmp_path / str(fail_at), tmp_path / f"{fail_at}-state"
        furnish(root)
        count = 0

        def fail(_, fail_at=fail_at):
            nonlocal count
            count += 1
            if count == fail_at:
                raise failure

        try:
            with watched_acts(fail):
                rearrange(root, state_dir)
        except (StepError, OSError, KeyboardInterrupt):
            pass
        else:
            ended = count < fail_at
        recover(root, state_dir)
        committed += check_cleared(root, state_dir, before, after)
        disk.remove_tree(root)
        disk.remove_tree(state_dir)
    assert committed > 1
    assert fail_at > 100


# ---- writing --------------------------------------------------------------------------------------------------------


def test_a_new_file_gets_what_the_umask_leaves(root, begin):
    previous = os.umask(0o027)
    try:
        with begin() as transaction:
            transaction.write(Change("a/b/c.txt", None, b"new\n"), Change("run", None, b"#!\n"), executable={"run"})
    finally:
        os.umask(previous)
    assert snapshot(root, times=False) == {
        b"a": ("folder", 0o750),
        b"a/b": ("folder", 0o750),
        b"a/b/c.txt": ("file", 0o640, b"new\n", False),
        b"run": ("file", 0o750, b"#!\n", False),
    }


def test_an_existing_file_keeps_its_mode(root, begin):
    (root / "a").write_bytes(b"1")
    (root / "a").chmod(0o604)
    with begin() as transaction:
        transaction.write(Change("a", b"1", b"2"))
    assert snapshot(root, times=False) == {b"a": ("file", 0o604, b"2", False)}


def test_executable_means_by_those_who_may_read(root, begin):
    (root / "a").write_bytes(b"1")
    (root / "a").chmod(0o640)
    with begin() as transaction:
        transaction.write(Change("a", b"1", b"2"), executable={"a"})
    assert stat.S_IMODE((root / "a").stat().st_mode) == 0o750


def test_nothing_to_write_leaves_no_trace(root, state_dir, begin):
    (root / "a").write_bytes(b"1")
    os.utime(root / "a", ns=(5, 5))
    with begin() as transaction:
        transaction.write(Change("a", b"1", b"1"), Change("b", None, None))
        transaction.write()
        transaction.drop_empty("c")
        assert transaction.run is None
    assert (root / "a").stat().st_mtime_ns == 5
    assert not state_dir.exists()


def test_a_file_that_is_not_as_expected_is_not_touched(root, begin):
    (root / "a").write_bytes(b"theirs")
    for change in (Change("a", b"1", b"2"), Change("a", None, b"2"), Change("b", b"1", None)):
        with pytest.raises(ChangedError) as caught, begin() as transaction:
            transaction.write(change)
        assert caught.value.path == change.path
    assert snapshot(root, times=False) == {b"a": ("file", 0o644, b"theirs", False)}


def test_a_caller_may_leave_out_a_file_that_is_not_as_expected(root, begin):
    (root / "a").write_bytes(b"theirs")
    with begin() as transaction:
        with pytest.raises(ChangedError):
            transaction.write(Change("a", b"1", b"2"))
        transaction.write(Change("b", None, b"1"))
    assert (root / "b").read_bytes() == b"1"


@pytest.mark.parametrize("after", [b"2", None])
def test_a_file_that_changes_at_the_last_moment_is_not_overwritten(root, begin, monkeypatch, after):
    (root / "a").write_bytes(b"1")
    real = disk.sync_folder

    def meanwhile(path):
        (root / "a").write_bytes(b"theirs")
        real(path)

    monkeypatch.setattr(disk, "sync_folder", meanwhile)
    transaction = begin()
    with pytest.raises(ChangedError, match="changed while"), transaction:
        transaction.write(Change("a", b"1", after))
    assert (root / "a").read_bytes() == b"theirs"
    assert [left.path for left in transaction.left] == ["a"]
    assert transaction.left[0].original.read_bytes() == b"1"


def test_a_file_that_appears_at_the_last_moment_is_not_overwritten(root, begin, monkeypatch):
    real = disk.sync_folder

    def meanwhile(path):
        (root / "a").write_bytes(b"theirs")
        real(path)

    monkeypatch.setattr(disk, "sync_folder", meanwhile)
    with pytest.raises(ChangedError, match="changed while"), begin() as transaction:
        transaction.write(Change("a", None, b"ours"))
    assert (root / "a").read_bytes() == b"theirs"


def test_a_step_that_failed_cannot_be_passed_over(root, begin):
    (root / "a").write_bytes(b"1")
    with pytest.raises(StepError, match="was not built"), begin() as transaction:
        transaction.write(Change("a", b"1", b"2"))
        transaction.staging(".venv")
        with contextlib.suppress(StepError):
            transaction.swap(".venv")
    assert snapshot(root, times=False) == {b"a": ("file", 0o644, b"1", False)}


def test_an_owner_is_kept_where_we_may(root, begin):
    if os.getuid():
        pytest.skip("only root may give files away")
    (root / "a").write_bytes(b"1")
    os.chown(root / "a", 1234, 4321)
    with begin() as transaction:
        transaction.write(Change("a", b"1", b"2"))
    assert disk.owner_of((root / "a").stat()) == (1234, 4321)


def test_an_owner_that_we_may_not_set_is_let_go(root, begin, monkeypatch):
    (root / "a").write_bytes(b"1")

    def refuse(*_):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "chown", refuse)
    monkeypatch.setattr(disk, "owner_of", lambda info: (info.st_ino, 0))
    with begin() as transaction:
        transaction.write(Change("a", b"1", b"2"))
    assert (root / "a").read_bytes() == b"2"


# ---- paths ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "../out",
        "a/../../out",
        "a//b",
        "./a",
        "a/",
        ".git/hooks/pre-commit",
        "sub/.git/config",
        ".GIT/config",
        ".git. /config",
        "git~1/config",
        ".devstrap/current/journal",
        "nul\0",
        "unpaired\ud800",
        "out/file",
        "gitlink/config",
        "folder",
        "pipe",
        "loop",
        "outlink",
    ],
)
def test_an_unsafe_path_is_refused(root, tmp_path, begin, path):
    (tmp_path / "elsewhere").mkdir()
    (root / ".git").mkdir()
    (root / "folder").mkdir()
    (root / "out").symlink_to(tmp_path / "elsewhere")
    (root / "outlink").symlink_to(tmp_path / "elsewhere" / "file")
    (root / "gitlink").symlink_to(".git")
    (root / "loop").symlink_to("loop")
    os.mkfifo(root / "pipe")
    with pytest.raises(UnsafePathError) as caught, begin() as transaction:
        transaction.write(Change(path, None, b"x"))
    assert caught.value.message.isprintable()
    assert list((tmp_path / "elsewhere").iterdir()) == list((root / ".git").iterdir()) == []


@pytest.mark.parametrize("path", ["../.venv", ".git/x", "out/.venv", "link", "file", "out"])
def test_an_unsafe_folder_is_refused(root, tmp_path, begin, path):
    (root / "folder").mkdir()
    (root / "file").touch()
    (root / "link").symlink_to("folder")
    (root / "out").symlink_to(tmp_path)
    for method in ("staging", "snapshot", "fill", "remove", "drop_empty"):
        with pytest.raises(UnsafePathError), begin() as transaction:
            getattr(transaction, method)(path)


def test_what_stands_where_a_folder_has_to_be_built_is_refused_and_left_alone(root, state_dir, begin):
    with begin() as transaction:
        place = transaction.staging(".venv")
    place.mkdir()
    (place / "mine").write_text("keep")
    with pytest.raises(UnsafePathError, match=r"stands where \.venv has to be built"), begin() as transaction:
        transaction.staging(".venv")
    assert (place / "mine").read_text() == "keep"
    assert recover(root, state_dir) is None


def test_a_folder_that_is_not_there_can_be_neither_copied_nor_filled(begin):
    for method in ("snapshot", "fill"):
        with pytest.raises(UnsafePathError, match="is not there"), begin() as transaction:
            getattr(transaction, method)(".venv")


def test_windows_knows_more_ways_out(root, begin, monkeypatch):
    monkeypatch.setattr(disk, "POSIX", False)
    guarded = begin()._tree
    for path in ("a\\b", "C:x"):
        with pytest.raises(UnsafePathError, match="cannot be a name"):
            guarded._refuse_foreign_parts(path, path)


def test_a_link_inside_the_repository_is_written_through_and_stays(root, begin):
    (root / "real").mkdir()
    (root / "real" / "a").write_bytes(b"1")
    (root / "a").symlink_to("real/a")
    (root / "b").symlink_to("real/b")
    with begin() as transaction:
        transaction.write(Change("a", b"1", b"2"), Change("b", None, b"3"))
    assert (root / "a").is_symlink()
    assert (root / "b").is_symlink()
    assert (root / "real" / "a").read_bytes() == b"2"
    assert (root / "real" / "b").read_bytes() == b"3"


def test_a_link_is_not_deleted(root, begin):
    (root / "real").write_bytes(b"1")
    (root / "a").symlink_to("real")
    with pytest.raises(UnsafePathError, match="deletes only files"), begin() as transaction:
        transaction.write(Change("a", b"1", None))


def test_the_root_may_itself_be_a_link(root, tmp_path, state_dir):
    (tmp_path / "link").symlink_to(root)
    with Transaction(tmp_path / "link", state_dir, "setup") as transaction:
        transaction.write(Change("a", None, b"1"))
    assert (root / "a").read_bytes() == b"1"


def test_a_state_directory_beside_the_files_works(root):
    with Transaction(root, state_directory(root), "setup") as transaction:
        transaction.write(Change("a", None, b"1"))
    undo(root, state_directory(root))
    assert [path.name for path in root.iterdir()] == [".devstrap"]


# ---- refusals of the system -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (errno.ENOSPC, "no space left"),
        (errno.EDQUOT, "no space left"),
        (errno.EACCES, "does not permit"),
        (errno.EROFS, "read-only file system"),
        (errno.EBUSY, "in use"),
        (errno.EIO, "could not be written: Input/output error"),
    ],
)
def test_a_refusal_is_explained_and_everything_put_back(root, begin, monkeypatch, number, message):
    (root / "a").write_bytes(b"1")
    before = snapshot(root)
    real = os.replace

    def refuse(source, target):
        if ".devstrap-" in str(source):
            raise OSError(number, os.strerror(number))
        real(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(StepError, match=message) as caught, begin() as transaction:
        transaction.write(Change("new", None, b"1"), Change("a", b"1", b"2"))
    assert caught.value.path == "new"
    assert caught.value.remedy.endswith("then run the command again")
    assert snapshot(root) == before


def test_a_file_that_its_owner_has_made_read_only_is_not_replaced(root, begin, monkeypatch):
    (root / "a").write_bytes(b"1")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(StepError, match="does not permit writing a"), begin() as transaction:
        transaction.write(Change("a", b"1", b"2"))


@pytest.fixture
def small_disk(tmp_path):
    """Mount a disk of 256 KiB."""
    if os.name != "posix" or os.getuid():
        pytest.skip("only root may mount a small disk")
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "devstrap-test", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("mounting is not permitted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("pages", range(12))
def test_a_disk_that_is_really_full_is_left_as_it_was(small_disk, pages):
    root = small_disk / "repository"
    furnish(root)
    (root / "big").write_bytes(b"1" * 20_000)
    with (small_disk / "ballast").open("wb", buffering=0) as ballast, contextlib.suppress(OSError):
        while True:
            ballast.write(b"\0" * 4096)
    os.truncate(small_disk / "ballast", (small_disk / "ballast").stat().st_size - 4096 * pages)
    before = snapshot(root)
    with pytest.raises(StepError, match=r"(?i)no space left") as caught:  # noqa: SIM117 - as in real use
        with Transaction(root, state_directory(root), "setup") as transaction:
            transaction.write(Change("big", b"1" * 20_000, b"2" * 20_000))
            transaction.write(Change("doomed.txt", b"last words", None))
            transaction.write(Change("new", None, b"3" * 60_000))
    assert "free some space" in caught.value.remedy
    disk.remove_tree(root / ".devstrap")
    assert snapshot(root) == before


def test_what_cannot_be_put_back_stays_with_the_journal_until_it_can(root, state_dir, begin, monkeypatch):
    (root / "a").write_bytes(b"1")
    before = snapshot(root)
    real = os.replace

    def refuse(source, target):
        if state_dir in Path(source).parents:
            raise PermissionError(errno.EACCES, "Permission denied")
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", refuse)
        with pytest.raises(StepError, match=r"could not be put back: a \(Permission denied; the original is") as caught:  # noqa: SIM117 - too long for one line
            with begin() as transaction:
                transaction.write(Change("a", b"1", b"2"), Change("new", None, b"1"))
                raise KeyboardInterrupt
        assert isinstance(caught.value.__cause__, KeyboardInterrupt)
        with pytest.raises(StepError, match="could not be put back"):
            recover(root, state_dir)
        with pytest.raises(StepError, match="ended half-way"), begin() as transaction:
            transaction.write(Change("b", None, b"2"))
    recovery = recover(root, state_dir)
    assert recovery.restored == ("a",)
    assert snapshot(root) == before


def test_a_missing_original_is_reported(root, state_dir, begin):
    (root / "a").write_bytes(b"1")
    with pytest.raises(StepError, match="its original is missing"), begin() as transaction:
        transaction.write(Change("a", b"1", b"2"))
        (state_dir / "current" / "0").unlink()
        raise KeyboardInterrupt
    assert (root / "a").read_bytes() == b"2"


def test_originals_on_another_file_system_are_copied_back(root, state_dir, begin, monkeypatch):
    (root / "a").write_bytes(b"1")
    (root / "a").chmod(0o604)
    before = snapshot(root)
    real = os.replace

    def across(source, target):
        if state_dir in Path(source).parents:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        real(source, target)

    monkeypatch.setattr(os, "replace", across)
    with pytest.raises(KeyboardInterrupt), begin() as transaction:
        transaction.write(Change("a", b"1", b"2"))
        raise KeyboardInterrupt
    assert snapshot(root) == before


def test_the_state_directory_being_unusable_is_explained_before_anything_happens(root, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StepError, match="cannot keep its state"), Transaction(root, tmp_path / "file" / "x", "") as it:
        it.write(Change("a", None, b"1"))
    assert list(root.iterdir()) == []


def test_a_commit_that_does_not_reach_the_disk_is_taken_back(root, state_dir, begin, monkeypatch):
    (root / "a").write_bytes(b"1")
    before = snapshot(root)
    calls = []
    real = os.fsync

    def fail_last(descriptor):
        real(descriptor)
        journal = state_dir / "current" / "journal"
        if journal.exists() and b"commit" in journal.read_bytes():
            calls.append(descriptor)
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", fail_last)
    with pytest.raises(StepError, match="Input/output error"), begin() as transaction:
        transaction.write(Change("a", b"1", b"2"))
    assert len(calls) == 1
    assert snapshot(root) == before
    assert history(state_dir) == ()


# ---- signals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "error"),
    [
        (signal.SIGINT, KeyboardInterrupt),
        (signal.SIGTERM, InterruptedRunError),
        (signal.SIGHUP, InterruptedRunError),
    ],
)
def test_a_signal_puts_everything_back(root, begin, request, number, error):
    if signal.getsignal(number) is signal.SIG_IGN:  # the tests themselves may run under nohup
        request.addfinalizer(lambda: signal.signal(number, signal.SIG_IGN))
        signal.signal(number, signal.SIG_DFL)
    handlers = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    with pytest.raises(error), begin() as transaction:
        transaction.write(Change("a", None, b"1"))
        signal.raise_signal(number)
    assert list(root.iterdir()) == []
    assert handlers == [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]


def test_further_signals_do_not_disturb_putting_back(root, begin, monkeypatch):
    (root / "a").write_bytes(b"1")
    before = snapshot(root)
    real = rollback.take_back

    def disturbed(*args):
        signal.raise_signal(signal.SIGINT)
        outcome = real(*args)
        signal.raise_signal(signal.SIGTERM)
        return outcome

    monkeypatch.setattr("bootstrap.transaction.run.take_back", disturbed)
    with pytest.raises(KeyboardInterrupt), begin() as transaction:
        transaction.write(Change("a", b"1", b"2"))
        signal.raise_signal(signal.SIGINT)
    assert snapshot(root) == before


def test_a_signal_while_the_work_is_made_final_is_passed_on_afterwards(root, state_dir, begin, monkeypatch):
    received = []
    previous = signal.signal(signal.SIGTERM, lambda number, _: received.append((number, len(history(state_dir)))))
    real = disk.sync_folder
    try:
        with begin() as transaction:
            transaction.write(Change("a", None, b"1"))

            def disturbed(path):
                signal.raise_signal(signal.SIGTERM)
                real(path)

            monkeypatch.setattr(disk, "sync_folder", disturbed)
    finally:
        signal.signal(signal.SIGTERM, previous)
    assert received == [(signal.SIGTERM, 1)]
    assert (root / "a").exists()


def test_a_signal_just_before_the_work_is_made_final_takes_it_back(root, begin):
    with pytest.raises(InterruptedRunError, match="SIGTERM"), begin() as transaction:
        transaction.write(Change("a", None, b"1"))
        transaction._signals.hold()
        signal.raise_signal(signal.SIGTERM)
    assert list(root.iterdir()) == []


def test_a_signal_at_the_very_first_instruction_of_the_end_is_only_noted():
    def end():
        inner()

    def inner():
        signals._receive(signal.SIGINT, sys._getframe())

    signals = Signals(end.__code__)
    with pytest.raises(KeyboardInterrupt):
        inner()
    assert signals.noted is None
    end()
    assert signals.noted == signal.SIGINT


def test_a_signal_that_is_ignored_stays_ignored(root, begin):
    previous = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with begin() as transaction:
            transaction.write(Change("a", None, b"1"))
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, previous)
    assert (root / "a").exists()


def test_another_thread_leaves_the_signals_alone(root, begin):
    def work():
        with begin() as transaction:
            transaction.write(Change("a", None, b"1"))
            seen.append(signal.getsignal(signal.SIGTERM))

    seen = []
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [signal.getsignal(signal.SIGTERM)]
    assert (root / "a").exists()


# ---- recovery -------------------------------------------------------------------------------------------------------


def die(root, state_dir, *steps):
    """Run a transaction that is killed after its steps."""
    transaction = Transaction(root, state_dir, "setup")
    for step in steps:
        step(transaction)
    transaction._journal.close()


def test_recovery_tells_which_run_it_cleared_up(root, state_dir):
    (root / "a").write_bytes(b"1")
    die(root, state_dir, lambda run: run.write(Change("a", b"1", b"2"), Change("b", None, b"3")))
    recovery = recover(root, state_dir)
    assert (recovery.command, recovery.is_finished, recovery.restored) == ("setup", False, ("b", "a"))
    assert recovery.started.endswith("Z")
    assert recover(root, state_dir) is None


def test_recovery_names_hostile_files_so_that_they_can_be_printed(root, state_dir):
    die(root, state_dir, lambda run: run.write(Change(HOSTILE, None, b"1")))
    assert recover(root, state_dir).restored == (ascii(HOSTILE),)


def test_recovery_without_anything_to_clear_up_creates_nothing(root, state_dir):
    assert recover(root, state_dir) is None
    assert not state_dir.exists()


def test_recovery_leaves_a_file_that_somebody_has_changed_since(root, state_dir):
    (root / "a").write_bytes(b"1")
    (root / "c").write_bytes(b"1")
    die(
        root,
        state_dir,
        lambda run: run.write(Change("a", b"1", b"2"), Change("b", None, b"3"), Change("c", b"1", None)),
    )
    (root / "a").write_bytes(b"theirs")
    (root / "b").write_bytes(b"theirs")
    (root / "c").write_bytes(b"theirs")
    recovery = recover(root, state_dir)
    assert {path.read_bytes() for path in root.iterdir()} == {b"theirs"}
    originals = {left.path: left.original and left.original.read_bytes() for left in recovery.left}
    assert originals == {"a": b"1", "b": None, "c": b"1"}
    assert all(left.reason == "it has been changed since" for left in recovery.left)
    assert recover(root, state_dir) is None
    # The number of what is kept is not given to another run.
    with Transaction(root, state_dir, "setup") as transaction:
        transaction.write(Change("d", None, b"1"))
        assert transaction.run == 2


def test_recovery_leaves_a_file_whose_place_leads_elsewhere_by_now(root, state_dir, tmp_path):
    (root / "sub").mkdir()
    (root / "sub" / "a").write_bytes(b"1")
    (root / "sub" / "b").write_bytes(b"1")
    die(root, state_dir, lambda run: run.write(Change("sub/a", b"1", b"2"), Change("sub/c", None, b"2")))
    (root / "sub").rename(tmp_path / "sub")
    (root / "sub").symlink_to(tmp_path / "sub")
    recovery = recover(root, state_dir)
    assert (tmp_path / "sub" / "a").read_bytes() == b"2"
    assert {left.path: left.original and left.original.read_bytes() for left in recovery.left} == {
        "sub/a": b"1",
        "sub/c": None,
    }


def test_recovery_brings_a_deleted_file_back_into_a_folder_that_has_gone_too(root, state_dir):
    (root / "sub").mkdir()
    (root / "sub" / "a").write_bytes(b"1")
    die(root, state_dir, lambda run: run.write(Change("sub/a", b"1", None)))
    (root / "sub").rmdir()
    recover(root, state_dir)
    assert (root / "sub" / "a").read_bytes() == b"1"


def test_recovery_keeps_what_somebody_has_put_into_a_new_folder(root, state_dir):
    die(root, state_dir, lambda run: run.write(Change("new/a", None, b"1")))
    (root / "new" / "b").write_bytes(b"theirs")
    recover(root, state_dir)
    assert [path.name for path in (root / "new").iterdir()] == ["b"]


def test_recovery_leaves_an_environment_that_somebody_has_made_since(root, state_dir):
    def build(run):
        run.staging(".venv").mkdir()
        run.swap(".venv")

    for is_replaced in (False, True):
        if is_replaced:
            disk.remove_tree(root / ".venv")
            (root / ".venv").mkdir()
            (root / ".venv" / "ours").touch()
        die(root, state_dir, build)
        (root / ".venv").rename(root / "away")
        (root / ".venv").mkdir()
        (root / ".venv" / "theirs").touch()
        (root / "away").rmdir()
        recovery = recover(root, state_dir)
        assert (root / ".venv" / "theirs").exists()
        assert [left.path for left in recovery.left] == [".venv"]
        assert recover(root, state_dir) is None
    assert (recovery.left[0].original / "ours").exists()


def test_recovery_does_not_touch_an_environment_that_is_a_link_by_now(root, state_dir, tmp_path):
    (root / ".venv").mkdir()
    die(root, state_dir, lambda run: run.snapshot(".venv"))
    (root / ".venv").rmdir()
    (root / ".venv").symlink_to(tmp_path)
    recovery = recover(root, state_dir)
    assert (root / ".venv").is_symlink()
    assert recovery.left[0].original.is_dir()


def test_recovery_can_do_without_a_volume_that_has_gone(root, state_dir):
    (root / ".venv").mkdir()
    die(root, state_dir, lambda run: run.fill(".venv"))
    (root / ".venv").rmdir()
    assert recover(root, state_dir).restored == ()


def test_recovery_does_not_mistake_a_file_that_it_has_put_back_already(root, state_dir):
    (root / "a").write_bytes(b"1")
    die(root, state_dir, lambda run: run.write(Change("a", b"1", b"2")))
    # As if killed right after this, and then somebody goes on working.
    (state_dir / "current" / "0").replace(root / "a")
    (root / "a").write_bytes(b"theirs")
    assert recover(root, state_dir).left == ()
    assert (root / "a").read_bytes() == b"theirs"


@pytest.mark.parametrize("kept", [0, 1, 30])
def test_a_journal_that_is_cut_off_before_its_first_intention_is_forgotten(root, state_dir, kept):
    die(root, state_dir, lambda run: run.write(Change("a", None, b"1")))
    (root / "a").unlink()
    journal = state_dir / "current" / "journal"
    journal.write_bytes(journal.read_bytes()[:kept])
    assert recover(root, state_dir) is None
    assert not (state_dir / "current").exists()


@pytest.mark.parametrize("tail", [b'[{"op": "wri', b"\0" * 100, b"\0" * 100 + b"\n", b'{"op"}\n', b"[5]\n", b'["x"]\n'])
def test_a_journal_that_is_cut_off_later_is_read_as_far_as_it_goes(root, state_dir, tail):
    (root / "a").write_bytes(b"1")
    before = snapshot(root)
    die(root, state_dir, lambda run: run.write(Change("a", b"1", b"2")))
    with (state_dir / "current" / "journal").open("ab") as journal:
        journal.write(tail)
    assert recover(root, state_dir).restored == ("a",)
    assert snapshot(root) == before


def damage(state_dir, line, change):
    """Rewrite one line of the journal."""
    journal = state_dir / "current" / "journal"
    lines = journal.read_bytes().split(b"\n")
    lines[line] = change(lines[line])
    journal.write_bytes(b"\n".join(lines))


@pytest.mark.parametrize(
    ("line", "change"),
    [
        (0, lambda _: b"nonsense"),
        (0, lambda header: header.replace(b'"token"', b'"taken"')),
        (0, lambda header: json.dumps({**json.loads(header), "token": "../x"}).encode()),
        (0, lambda header: json.dumps({**json.loads(header), "token": 5}).encode()),
        (1, lambda _: b"nonsense"),
        (1, lambda line: line.replace(b'"write"', b'"wipe"')),
        (1, lambda line: line.replace(b'"path": "a"', b'"path": 5')),
        (1, lambda _: b'[{"op": "swap", "path": "a", "built": "../x", "old": null, "new": null}]'),
    ],
)
def test_a_damaged_journal_is_never_guessed_at(root, state_dir, line, change):
    die(root, state_dir, lambda run: run.write(Change("a", None, b"1")), lambda run: run.write(Change("b", None, b"1")))
    damage(state_dir, line, change)
    with pytest.raises(MalformedFileError, match="damaged") as caught:
        recover(root, state_dir)
    assert caught.value.where == f"{state_dir / 'current' / 'journal'}:{line + 1}"
    assert (root / "a").exists()


def test_a_journal_of_another_format_is_not_touched(root, state_dir):
    die(root, state_dir, lambda run: run.write(Change("a", None, b"1")))
    damage(state_dir, 0, lambda header: header.replace(b'"format": 1', b'"format": 2'))
    with pytest.raises(MalformedFileError, match="another version"):
        recover(root, state_dir)


def test_a_journal_cannot_be_a_link(root, state_dir, tmp_path):
    state_dir.mkdir()
    (state_dir / "current").symlink_to(tmp_path)
    with pytest.raises(UnsafePathError, match="symbolic link"):
        recover(root, state_dir)
    (state_dir / "current").unlink()
    (state_dir / "current").mkdir()
    (state_dir / "current" / "journal").mkdir()
    with pytest.raises(StepError, match="cannot be read"):
        recover(root, state_dir)


def test_a_journal_cannot_lead_out_of_the_repository(root, state_dir, tmp_path):
    (tmp_path / "victim").write_bytes(b"1")
    die(root, state_dir, lambda run: run.write(Change("a", None, b"1")))
    damage(state_dir, 1, lambda line: line.replace(b'"path": "a"', b'"path": "../victim"'))
    recovery = recover(root, state_dir)
    assert [left.path for left in recovery.left] == ["../victim"]
    assert (tmp_path / "victim").exists()


# ---- folders --------------------------------------------------------------------------------------------------------


def test_a_folder_is_swapped_in_and_the_former_one_goes(root, begin):
    (root / ".venv").mkdir()
    (root / ".venv" / "old").touch()
    with begin() as transaction:
        built = transaction.staging(".venv")
        assert built.parent == root
        built.mkdir()
        (built / "new").touch()
        transaction.swap(".venv")
        assert len(list(root.iterdir())) == 2
    assert list(snapshot(root)) == [b".venv", b".venv/new"]


def test_what_was_built_and_never_swapped_in_goes(root, begin):
    with begin() as transaction:
        transaction.staging(".venv").mkdir()
    assert list(root.iterdir()) == []


def overlay(monkeypatch, *names):
    """Refuse to rename the folders of these names, as overlayfs does for those of a lower layer."""
    real = os.rename

    def rename(source, target):
        if Path(source).name in names and not Path(target).name.endswith("-away"):
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        real(source, target)

    monkeypatch.setattr(os, "rename", rename)


@pytest.mark.parametrize("is_taken_back", [False, True])
def test_a_folder_that_cannot_be_renamed_is_copied(root, begin, monkeypatch, is_taken_back):
    (root / ".venv").mkdir()
    (root / ".venv" / "old").write_bytes(b"1")
    before = snapshot(root)
    overlay(monkeypatch, ".venv")
    with contextlib.suppress(KeyboardInterrupt), begin() as transaction:
        built = transaction.staging(".venv")
        built.mkdir()
        (built / "new").touch()
        transaction.swap(".venv")
        if is_taken_back:
            raise KeyboardInterrupt
    if is_taken_back:
        assert snapshot(root) == before
    else:
        assert list(snapshot(root)) == [b".venv", b".venv/new"]


def test_a_folder_that_was_copied_and_half_removed_comes_back_whole(root, begin, monkeypatch):
    (root / ".venv").mkdir()
    for name in ("a", "b"):
        (root / ".venv" / name).write_bytes(b"1")
    before = snapshot(root)
    overlay(monkeypatch, ".venv")

    def half_removed(place, gone):
        (place / "a").unlink()
        raise KeyboardInterrupt

    monkeypatch.setattr("bootstrap.transaction.run.discard", half_removed)
    with pytest.raises(KeyboardInterrupt), begin() as transaction:
        transaction.remove(".venv")
    assert snapshot(root) == before


def test_a_folder_that_refuses_to_be_renamed_is_not_copied(root, begin, monkeypatch):
    (root / ".venv").mkdir()

    def busy(*_):
        raise OSError(errno.EBUSY, "Device or resource busy")

    monkeypatch.setattr(os, "rename", busy)
    with pytest.raises(StepError, match="in use"), begin() as transaction:
        transaction.remove(".venv")
    with pytest.raises(OSError, match="busy"):
        rollback.discard(root / ".venv", root / "gone")
    assert (root / ".venv").is_dir()


def test_taking_away_what_is_not_there_does_nothing(root):
    rollback.discard(root / ".venv", root / "gone")
    assert list(root.iterdir()) == []


def test_a_snapshot_shares_the_files_of_packages_and_copies_what_is_written_in_place(root, state_dir):
    furnish(root / "project")
    (root / "project" / "env" / "lib" / "z.py").write_bytes(b"z" * 3_000_000)
    before = snapshot(root / "project" / "env")
    lib = (root / "project" / "env" / "lib").stat()
    os.mkfifo(root / "project" / "env" / "lib" / "pipe")
    os.utime(root / "project" / "env" / "lib", ns=(lib.st_mtime_ns, lib.st_mtime_ns))
    die(root / "project", state_dir, lambda run: run.snapshot("env"))
    copy = next(path for path in (root / "project").iterdir() if path.name.startswith("env.devstrap-old-"))
    assert (copy / "lib" / "y.py").samefile(root / "project" / "env" / "lib" / "y.py")
    assert not (copy / "pyvenv.cfg").samefile(root / "project" / "env" / "pyvenv.cfg")
    assert os.readlink(copy / "lib64") == "lib"
    assert snapshot(copy) == before
    # The times of folders, which `snapshot` does not compare.
    assert (copy / "lib").stat().st_mtime_ns == lib.st_mtime_ns


@pytest.mark.parametrize("number", [errno.EPERM, errno.EXDEV, errno.ENOTSUP, errno.EMLINK])
def test_a_snapshot_copies_where_hard_links_are_impossible(root, begin, monkeypatch, number):
    furnish(root / "project")
    (root / "project" / "env" / "lib" / "y.py").write_bytes(b"y" * 3_000_000)
    before = snapshot(root / "project")

    def refuse(*_, **__):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", refuse)
    with pytest.raises(KeyboardInterrupt), Transaction(root / "project", root / "state", "setup") as transaction:
        transaction.snapshot("env")
        (root / "project" / "env" / "lib" / "y.py").write_bytes(b"written in place")
        raise KeyboardInterrupt
    assert snapshot(root / "project") == before


def test_a_snapshot_that_cannot_be_made_is_explained(root, begin, monkeypatch):
    furnish(root / "project")

    def refuse(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "link", refuse)
    with pytest.raises(StepError, match="no space left to write project/env"), begin() as transaction:
        transaction.snapshot("project/env")


def test_a_folder_is_emptied_before_it_is_filled(root, begin):
    (root / ".venv" / "old").mkdir(parents=True)
    with begin() as transaction:
        transaction.fill(".venv")
        assert list((root / ".venv").iterdir()) == []
        (root / ".venv" / "new").touch()
    assert [path.name for path in (root / ".venv").iterdir()] == ["new"]


def test_a_folder_that_is_not_empty_is_not_dropped(root, begin):
    (root / "a" / "b").mkdir(parents=True)
    with begin() as transaction:
        transaction.drop_empty("a")
    assert (root / "a" / "b").is_dir()


def test_leftovers_that_cannot_be_deleted_are_tried_once_more_and_then_named(root, state_dir, begin, monkeypatch):
    (root / ".venv").mkdir()
    real = disk.remove_tree

    def refuse(path):
        if "devstrap-old" in path.name:
            raise PermissionError(errno.EACCES, "Permission denied")
        real(path)

    monkeypatch.setattr(disk, "remove_tree", refuse)
    with begin() as transaction:
        transaction.remove(".venv")
    assert len(transaction.left) == 1
    assert history(state_dir) == ()
    recovery = recover(root, state_dir)
    assert recovery.is_finished
    assert "no longer needed" in recovery.left[0].reason
    assert [past.run for past in history(state_dir)] == [1]
    assert recover(root, state_dir) is None


def test_a_finished_run_whose_leftovers_remain_is_tidied_up_by_the_next(root, state_dir, begin, monkeypatch):
    (root / ".venv").mkdir()

    def refuse(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr("bootstrap.transaction.run.finish", refuse)
        with begin() as transaction:
            transaction.remove(".venv")
    assert len(list(root.iterdir())) == 1
    assert recover(root, state_dir).is_finished
    assert list(root.iterdir()) == []


# ---- undo -----------------------------------------------------------------------------------------------------------


def test_undo_puts_back_what_the_last_run_wrote_and_undoing_that_is_a_redo(root, state_dir):
    disk.remove_tree(root)
    furnish(root)
    before = snapshot(root, times=False)
    rearrange(root, state_dir)
    after = snapshot(root, times=False)

    preview = undo(root, state_dir, dry_run=True)
    assert snapshot(root, times=False) == after
    undone = undo(root, state_dir)
    assert undone == preview
    assert (undone.run, undone.command) == (1, "setup")
    shown = ascii(HOSTILE)
    assert set(undone.restored) == {"a.txt", "doomed.txt", shown, "sub/keep.ini", "plain.sh", ".venv"}
    assert set(undone.removed) == {"new/deep/file.json", "new/run.sh", "tools/.venv"}
    # These can be made again, and were not kept.
    assert {left.path for left in undone.left} == {"env", "mount", "old"}
    assert {name: entry for name, entry in snapshot(root, times=False).items() if name.startswith(b".venv")} == {
        name: entry for name, entry in before.items() if name.startswith(b".venv")
    }

    def without_environments(seen):
        kept = (b".venv", b"env", b"mount", b"old", b"tools", b"empty")
        return {name: entry for name, entry in seen.items() if name.split(b"/")[0] not in kept}

    assert without_environments(snapshot(root, times=False)) == without_environments(before)
    assert not (root / "tools").exists()

    undo(root, state_dir)
    assert without_environments(snapshot(root, times=False)) == without_environments(after)
    assert [(past.run, past.command) for past in history(state_dir)] == [(3, "undo 2"), (2, "undo 1"), (1, "setup")]
    assert "sub/keep.ini" in history(state_dir)[-1].paths


def test_undo_refuses_when_a_file_has_changed_since_and_then_changes_nothing(root, state_dir, begin, tmp_path):
    for name in "abcdef":
        (root / name).write_bytes(b"1")
    with begin() as transaction:
        transaction.write(*(Change(name, b"1", b"2") for name in "abcde"), Change("f", b"1", None))
    (root / "b").write_bytes(b"theirs")
    (root / "c").unlink()
    (root / "d").unlink()
    (root / "d").symlink_to("a")
    (root / "e").unlink()
    (root / "e").mkdir()
    (root / "f").write_bytes(b"theirs")
    before = snapshot(root)
    with pytest.raises(ChangedError, match="changed since run 1, so nothing was undone: b, c, d, e, f") as caught:
        undo(root, state_dir)
    assert caught.value.path == "b"
    assert snapshot(root) == before


def test_undo_leaves_what_a_person_goes_on_with_and_takes_back_the_rest(root, state_dir, begin):
    (root / "old").write_bytes(b"1")
    with begin() as transaction:
        transaction.write(*(Change(name, None, b"2") for name in ("a", "b", "c")), Change("old", b"1", b"2"))
    (root / "a").write_bytes(b"theirs")
    undone = undo(root, state_dir, theirs=lambda path: path in ("a", "b"))
    assert (undone.removed, undone.restored) == (("b", "c"), ("old",))
    assert [(left.path, left.reason) for left in undone.left] == [("a", "it was changed since it was written")]
    assert sorted(path.name for path in root.iterdir() if path != state_dir) == ["a", "old"]


def test_undo_refuses_for_a_file_of_before_whoever_goes_on_with_it(root, state_dir, begin):
    (root / "old").write_bytes(b"1")
    with begin() as transaction:
        transaction.write(Change("old", b"1", b"2"), Change("a", None, b"2"))
    (root / "old").write_bytes(b"theirs")
    with pytest.raises(ChangedError, match="old"):
        undo(root, state_dir, theirs=lambda _: True)
    assert (root / "a").exists()


def test_undo_has_nothing_to_do_where_somebody_has_undone_it_already(root, state_dir, begin):
    (root / "a").write_bytes(b"1")
    with begin() as transaction:
        transaction.write(Change("a", b"1", b"2"), Change("b", None, b"2"))
    (root / "a").write_bytes(b"1")
    (root / "b").unlink()
    undone = undo(root, state_dir)
    assert undone.restored == undone.removed == ()


def test_undo_leaves_a_mode_alone_that_the_run_has_not_touched(root, state_dir, begin):
    (root / "a").write_bytes(b"1")
    (root / "b").write_bytes(b"1")
    with begin() as transaction:
        transaction.write(Change("a", b"1", b"2"), Change("b", b"1", b"2"), executable={"b"})
    (root / "a").chmod(0o600)
    undo(root, state_dir)
    assert stat.S_IMODE((root / "a").stat().st_mode) == 0o600
    assert stat.S_IMODE((root / "b").stat().st_mode) == 0o644


def test_undo_removes_a_new_environment_only_if_it_is_one(root, state_dir, begin):
    def build():
        with begin() as transaction:
            built = transaction.staging(".venv")
            built.mkdir()
            (built / "pyvenv.cfg").touch()
            transaction.swap(".venv")

    build()
    (root / ".venv" / "pyvenv.cfg").rename(root / ".venv" / "precious")
    assert undo(root, state_dir).left[0].reason == "it is not an environment any more"
    assert (root / ".venv" / "precious").exists()
    disk.remove_tree(root / ".venv")
    assert undo(root, state_dir).removed == ()
    build()
    assert undo(root, state_dir).removed == (".venv",)
    assert list(root.iterdir()) == []


def test_undo_reports_an_original_that_is_gone(root, state_dir, begin):
    (root / "a").write_bytes(b"1")
    with begin() as transaction:
        transaction.write(Change("a", b"1", b"2"))
    (state_dir / "runs" / "1" / "0").unlink()
    assert undo(root, state_dir).left[0].reason == "its original is gone"
    assert (root / "a").read_bytes() == b"2"


def test_undo_keeps_a_folder_that_somebody_uses_by_now(root, state_dir, begin):
    with begin() as transaction:
        transaction.write(Change("new/a", None, b"1"))
    (root / "new" / "b").touch()
    undo(root, state_dir)
    assert [path.name for path in (root / "new").iterdir()] == ["b"]


def test_undo_takes_back_an_earlier_run_by_its_number(root, state_dir, begin):
    for name in "ab":
        with begin() as transaction:
            transaction.write(Change(name, None, b"1"))
    undo(root, state_dir, 1)
    assert [path.name for path in root.iterdir()] == ["b"]


def test_undo_says_so_when_there_is_nothing_to_undo(root, state_dir, begin):
    with pytest.raises(UsageError, match="nothing that devstrap did here to undo") as caught:
        undo(root, state_dir)
    assert caught.value.remedy == "there is nothing to do"
    with begin() as transaction:
        transaction.write(Change("a", None, b"1"))
    with pytest.raises(UsageError, match="no run 7 of devstrap here") as caught:
        undo(root, state_dir, 7)
    assert caught.value.remedy == "these runs can be undone: 1"


def test_only_the_last_ten_runs_are_remembered(root, state_dir, begin):
    for number in range(12):
        with begin() as transaction:
            transaction.write(Change(f"file{number}", None, b"1"))
    assert [past.run for past in history(state_dir)] == list(range(12, 2, -1))


def test_a_run_that_was_half_forgotten_or_is_damaged_is_no_run(root, state_dir, begin):
    for name in "abc":
        with begin() as transaction:
            transaction.write(Change(name, None, b"1"))
    (state_dir / "runs" / "3" / "journal").unlink()
    (state_dir / "runs" / "2" / "journal").write_bytes(b"x\ny\nz\n")
    (state_dir / "runs" / "notes").mkdir()
    assert [past.run for past in history(state_dir)] == [1]
    assert undo(root, state_dir).run == 1


# ---- the disk -------------------------------------------------------------------------------------------------------


def test_a_file_system_that_cannot_flush_is_used_all_the_same(root, begin, monkeypatch):
    def refuse(_):
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(os, "fsync", refuse)
    with begin() as transaction:
        transaction.write(Change("a", None, b"1"))
    assert (root / "a").read_bytes() == b"1"


def test_flushing_a_folder_that_has_gone_is_no_failure(root):
    disk.sync_folder(root / "gone")
    assert disk.identity(root / "gone") is None


def test_windows_flushes_no_folders_and_deletes_read_only_files(root, monkeypatch):
    monkeypatch.setattr(disk, "POSIX", False)
    monkeypatch.setattr(disk, "sync", None)
    disk.sync_folder(root)
    (root / "a").touch(0o444)
    real = os.unlink

    def unlink(path):
        if not Path(path).stat().st_mode & stat.S_IWRITE:
            raise PermissionError(errno.EACCES, "Access is denied")
        real(path)

    monkeypatch.setattr(os, "unlink", unlink)
    disk.set_attributes(root / "a", mode=0o444, owner=(-1, -1))
    disk.remove_tree(root / "a")
    assert list(root.iterdir()) == []


def test_a_file_that_cannot_be_deleted_says_so(root, monkeypatch):
    (root / "a").touch()

    def refuse(_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "unlink", refuse)
    with pytest.raises(PermissionError):
        disk.remove_tree(root)


def test_a_junction_of_windows_is_no_folder(root):
    info = type("info", (), {"st_mode": stat.S_IFDIR | 0o777, "st_reparse_tag": disk._JUNCTION})
    assert not disk.is_folder(info)
    assert disk.is_folder(root.lstat())


# ---- any sequence ---------------------------------------------------------------------------------------------------

NAMES = ("a", "b", "d/a", "d/e/b", HOSTILE)
contents = st.none() | st.sampled_from([b"", b"1", b"2\r\n"]) | st.binary(max_size=20)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    start=st.dictionaries(st.sampled_from(NAMES), contents.filter(lambda content: content is not None)),
    batches=st.lists(st.dictionaries(st.sampled_from(NAMES), contents, min_size=1), min_size=1, max_size=4),
    interrupt_at=st.none() | st.integers(1, 120),
)
def test_any_changes_are_made_or_not_made_and_can_be_undone_and_redone(start, batches, interrupt_at):
    with tempfile.TemporaryDirectory() as folder:
        root, state_dir = Path(folder) / "repository", Path(folder) / "state"
        root.mkdir()
        for name, content in start.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(content)
        before = snapshot(root)
        model = dict(start)
        count = 0

        def interrupt(_):
            nonlocal count
            count += 1
            if count == interrupt_at:
                raise KeyboardInterrupt

        try:
            with watched_acts(interrupt), Transaction(root, state_dir, "setup") as transaction:
                for batch in batches:
                    transaction.write(*(Change(name, model.get(name), content) for name, content in batch.items()))
                    model.update(batch)
        except KeyboardInterrupt:
            recover(root, state_dir)
            if not history(state_dir):
                assert snapshot(root) == before
                return
        after = snapshot(root, times=False)
        present = {name: content for name, content in model.items() if content is not None}
        assert {name: (root / name).read_bytes() for name in NAMES if (root / name).exists()} == present
        if not history(state_dir):
            return
        undo(root, state_dir)
        restored = snapshot(root, times=False)
        assert restored == {
            name: (*entry[:3], False) if entry[0] == "file" else entry for name, entry in before.items()
        }
        if len(history(state_dir)) > 1:
            undo(root, state_dir)
            assert {name: entry for name, entry in snapshot(root, times=False).items() if entry[0] == "file"} == {
                name: entry for name, entry in after.items() if entry[0] == "file"
            }
