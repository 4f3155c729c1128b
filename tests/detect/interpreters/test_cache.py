import json
import os

import pytest
from machines import ELF, Starts, answer

from bootstrap.detect.interpreters.cache import CACHE_NAME


@pytest.fixture
def cached(machine):
    """A machine on which one Python was started, and its answer kept."""
    machine.cache_dir = machine.root / "cache/devstrap"
    machine.python("usr", "3.11.2", headers=False)
    machine.starts = Starts(python3_11=answer("3.11.2|final|0"))
    machine.find()
    machine.starts.started.clear()
    return machine


def test_an_answer_is_kept(cached):
    assert [each.version for each in cached.find()] == ["3.11.2"]
    assert cached.starts.started == []
    assert [path.name for path in cached.cache_dir.iterdir()] == [CACHE_NAME]


def test_nothing_is_written_when_nothing_changed(cached):
    cache = cached.cache_dir / CACHE_NAME
    before = cache.stat()
    cached.find()
    after = cache.stat()
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)


def test_nothing_is_written_when_nothing_had_to_be_started(machine):
    machine.cache_dir = machine.root / "cache"
    machine.python("usr", "3.11.2")
    assert len(machine.find()) == 1
    assert not machine.cache_dir.exists()


def test_an_upgrade_in_place_is_noticed(cached):
    executable = cached.root / "usr/bin/python3.11"
    status = executable.stat()
    upgraded = cached.program("usr/bin/python3.11.new")
    os.utime(upgraded, ns=(status.st_atime_ns, status.st_mtime_ns))
    upgraded.replace(executable)
    cached.starts.answers["python3_11"] = answer("3.11.9|final|0")
    assert executable.stat().st_mtime_ns == status.st_mtime_ns
    assert [each.version for each in cached.find()] == ["3.11.9"]
    assert [each.version for each in cached.find()] == ["3.11.9"]
    assert len(cached.starts.started) == 1


def test_the_answers_of_other_runs_are_kept_as_long_as_their_files(cached):
    cached.python("opt/a", "3.12.1", headers=False)
    cached.path("opt/a/bin")
    cached.starts.answers["python3_12"] = answer("3.12.1|final|0")
    assert len(cached.find()) == 2
    (cached.root / "usr/bin/python3.11").unlink()
    cached.program("opt/a/bin/python3.12", ELF + b"new")
    assert len(cached.find()) == 1
    kept = json.loads((cached.cache_dir / CACHE_NAME).read_text())["interpreters"]
    assert list(kept) == [str(cached.root / "opt/a/bin/python3.12")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"schema": 2, "interpreters": {}}',
        b'{"schema": 1}',
        b'{"schema": 1, "interpreters": []}',
        b'{"schema": 1, "interpreters": {"PATH": []}}',
        b'{"schema": 1, "interpreters": {"PATH": [1, 2, 3, 4, "cpython", false, "/"]}}',
        b'{"schema": 1, "interpreters": {"PATH": [1, 2, 3, "x", "cpython", false, "/"]}}',
        b'{"schema": 1, "interpreters": {"PATH": [1e999, 2, 3, "3.1.1", "cpython", false, "/"]}}',
        b'{"schema": 1, "interpreters": {"PATH": [1, 2, 3, "3.99.0", "cpython", false, "/"]}}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_or_outdated_cache_is_ignored_and_replaced(cached, content):
    cache = cached.cache_dir / CACHE_NAME
    cache.write_bytes(content.replace(b"PATH", str(cached.root / "usr/bin/python3.11").encode()))
    assert [each.version for each in cached.find()] == ["3.11.2"]
    assert len(cached.starts.started) == 1
    assert json.loads(cache.read_text())["schema"] == 1


@pytest.mark.parametrize("obstacle", ["a file in place of the directory", "a directory in place of the file"])
def test_a_cache_that_cannot_be_written_is_ignored(machine, obstacle):
    machine.cache_dir = machine.root / "cache"
    machine.file("cache" if "file in" in obstacle else f"cache/{CACHE_NAME}/x")
    machine.python("usr", "3.11.2", headers=False)
    machine.starts = Starts(python3_11=answer("3.11.2|final|0"))
    assert [each.version for each in machine.find()] == ["3.11.2"]
    assert not list(machine.root.glob("cache/.*"))
