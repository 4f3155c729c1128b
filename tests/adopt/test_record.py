"""What is remembered of an adoption: read, written, and good for finding a text again."""

import json
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.adopt import record
from bootstrap.adopt.record import Entry
from bootstrap.errors import MalformedFileError

ONE = record.entry(b"one\n", b"one\n")
TEXTS = st.lists(st.sampled_from(["a", "b", "", "  c", "d e", "ä"]), max_size=12).map("\n".join)


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_an_id_is_the_one_that_git_gives(tmp_path, algorithm):
    root = tmp_path / algorithm
    subprocess.run(["git", "init", "-q", f"--object-format={algorithm}", str(root)], check=True)
    (root / "a").write_bytes(b"text\n\n")
    told = subprocess.run(["git", "hash-object", "a"], cwd=root, check=True, capture_output=True, text=True)
    assert record.blob(b"text\n\n", algorithm) == told.stdout.strip()
    assert record.names(told.stdout.strip(), b"text\n\n")
    assert not record.names(told.stdout.strip(), b"text\n")


def test_line_ends_of_a_checkout_make_no_difference():
    assert record.entry(b"a\nb\n", b"a\r\nb\r\n") == record.entry(b"a\nb\n", b"a\nb\n")


@given(TEXTS, TEXTS)
def test_what_devstrap_alone_wrote_is_regained_from_what_was_committed(alone, written):
    alone, written = alone.encode(), written.encode()
    found = record.read(record.renewed(None, {"a": record.entry(alone, written)}))["a"]
    assert found == record.entry(alone, written)
    assert record.applied(found.edits, written) == alone
    assert record.names(found.blob, alone)


def test_entries_stand_one_on_a_line_and_those_of_others_stay():
    first = record.renewed(None, {"b": ONE, "a": ONE})
    second = record.renewed(first, {"c": ONE})
    rows = [line.strip() for line in second.decode().splitlines() if '"blob"' in line]
    assert [row[:3] for row in rows] == ['"a"', '"b"', '"c"']
    assert record.read(second) == {"a": ONE, "b": ONE, "c": ONE}


def test_nothing_new_is_not_written():
    data = record.renewed(None, {"a": ONE})
    assert record.renewed(data, {}) is None
    assert record.renewed(data, {"a": ONE._replace(version="9")}) is None
    assert record.renewed(None, {}) is None
    other = record.entry(b"two\n", b"two\n")
    assert record.read(record.renewed(data, {"a": other})) == {"a": other}


def test_line_ends_of_windows_stay():
    data = record.renewed(None, {"a": ONE}).replace(b"\n", b"\r\n")
    after = record.renewed(data, {"b": ONE})
    assert after.count(b"\r\n") == after.count(b"\n")
    assert record.read(after) == {"a": ONE, "b": ONE}


def test_a_person_may_say_null_and_it_stays():
    data = b'{"format": 1, "written": {"a": null}}'
    assert record.read(data) == {"a": None}
    assert record.read(record.renewed(data, {"b": ONE})) == {"a": None, "b": ONE}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"[]",
        b"<<<<<<< ours\n",
        b'{"format": 1}',
        b'{"format": "1", "written": {}}',
        b'{"format": 1, "written": []}',
        b'{"format": 1, "written": {"a": "x"}}',
        b'{"format": 1, "written": {"a": {"devstrap": "1", "blob": "../../etc"}}}',
        b'{"format": 1, "written": {"a": {"devstrap": "1", "blob": 5}}}',
        json.dumps({"format": 1, "written": {"a": {"devstrap": "1", "blob": ONE.blob, "merged": "-p"}}}).encode(),
        json.dumps({"format": 1, "written": {"a": {"devstrap": "1", "blob": ONE.blob, "edits": [[1]]}}}).encode(),
        json.dumps({"format": 1, "written": {"a": {"devstrap": "1", "parts": [[0, ONE.blob]]}}}).encode(),
        json.dumps({"format": 1, "written": {"a": {"devstrap": "1", "parts": [[1, "HEAD"]]}}}).encode(),
        json.dumps({"format": 1, "written": {"a": {"devstrap": "1", "parts": [1]}}}).encode(),
    ],
)
def test_a_damaged_record_is_an_error_with_a_way_out(data):
    with pytest.raises(MalformedFileError) as caught:
        record.read(data)
    assert caught.value.path == record.PATH
    assert "bring it back from git, or delete it" in caught.value.remedy


def test_the_record_of_a_newer_devstrap_is_not_guessed_at():
    with pytest.raises(MalformedFileError, match="newer devstrap"):
        record.read(b'{"format": 2}')


def test_an_entry_knows_who_wrote_it():
    assert Entry("1.0", ONE.blob) != ONE
    assert ONE.version
