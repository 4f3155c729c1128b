"""Two changes of a text made one, and what is refused."""

import os

import pytest

from bootstrap.adopt.merging import Versions, is_kept, is_readable, merged

BASE = "a\nb\nc\nd\ne\nf\ng\n"


def merge(ours, theirs, base=BASE, path="notes.md", env=os.environ):
    found = merged(path, Versions(base.encode(), ours.encode(), theirs.encode()), env)
    return None if found is None else found.decode()


def test_changes_of_different_places_are_both_made():
    assert merge("a\nmine\nc\nd\ne\nf\ng\n", "a\nb\nc\nd\ne\nnew\ng\n") == "a\nmine\nc\nd\ne\nnew\ng\n"
    assert merge("b\nc\nd\ne\nf\ng\n", BASE + "h\n") == "b\nc\nd\ne\nf\ng\nh\n"


def test_the_same_change_is_made_once():
    assert merge("a\nnew\nc\nd\ne\nf\ng\n", "a\nnew\nc\nd\ne\nf\ng\n") == "a\nnew\nc\nd\ne\nf\ng\n"


def test_changes_of_one_place_are_nobodys_to_choose():
    assert merge(BASE.replace("d", "mine"), BASE.replace("d", "new")) is None
    assert merge(BASE.replace("d\n", ""), BASE.replace("d", "new")) is None


def test_without_git_nothing_is_merged(tmp_path):
    assert merge(BASE + "h\n", "0\n" + BASE, env={"PATH": str(tmp_path)}) is None


@pytest.mark.parametrize(
    ("result", "is_right"),
    [
        ("a\nmine\nc\nd\ne\nnew\ng\n", True),
        ("a\nc\nd\ne\nnew\ng\n", False),  # a line is lost
        ("a\nmine\nb\nc\nd\ne\nnew\ng\n", False),  # a deleted one is back
        ("a\nmine\nc\nd\ne\nf\ng\n", False),  # devstrap's is lost
        ("a\nmine\nc\nd\ne\nnew\ng\nz\n", False),  # nobody wrote it
    ],
)
def test_the_witness_counts_lines(result, is_right):
    versions = Versions(BASE.encode(), b"a\nmine\nc\nd\ne\nf\ng\n", b"a\nb\nc\nd\ne\nnew\ng\n")
    assert is_kept(versions, result.encode()) is is_right


def test_a_line_that_both_added_may_be_there_once_or_twice():
    versions = Versions(b"a\n", b"a\nx\n", b"a\nx\n")
    assert is_kept(versions, b"a\nx\n")
    assert is_kept(versions, b"a\nx\nx\n")
    assert not is_kept(versions, b"a\n")


@pytest.mark.parametrize(
    ("path", "text", "is_sound"),
    [
        ("a.yml", "on: push\njobs:\n  a:\n    steps: []\n", True),
        ("a.yml", "on: push\n  jobs: [\n", False),
        ("a.yml", "jobs:\n  a: 1\n  a: 2\n", False),
        ("a.yaml", "- b: 1\n- {b: 1, b: 2}\n", False),
        ("a.py", "x = 1\n", True),
        ("a.py", "x = (\n", False),
        ("a.py", "x = '\0'\n", False),
        ("a.md", "# x = (\n", True),
    ],
)
def test_a_merged_file_is_read_by_a_parser_of_its_format(path, text, is_sound):
    assert is_readable(path, text.encode()) is is_sound


def test_a_key_that_both_sides_add_in_different_places_is_not_written_twice():
    base = "jobs:\n  a:\n    name: A\n    if: x\n    env: {}\n    steps: []\n"
    ours = base.replace("    name: A\n", "    timeout: 5\n    name: A\n")
    theirs = base + "    timeout: 10\n"
    assert merge(ours, theirs, base, "a.yml") is None
    assert merge(ours, theirs, base, "a.txt") is not None
