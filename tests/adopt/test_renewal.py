"""What becomes of a file that devstrap wrote once, by what a person and devstrap made of it since."""

import os
from functools import partial
from typing import NamedTuple

import pytest
from adopting import BOM, WISHES, tree, written
from hypothesis import event, given, settings
from hypothesis import strategies as st

from bootstrap import assets
from bootstrap.adopt import record, renewal
from bootstrap.adopt.merging import merged
from bootstrap.adopt.model import Draft, Remark
from bootstrap.adopt.renewal import MERGED, RENEWED, Past, Site, renewing
from bootstrap.adopt.workflow import PATH as WORKFLOW
from bootstrap.adopt.workflow import workflow

NOTES = "notes.md"
OLD = "title\n\nfirst\nsecond\nthird\nfourth\nfifth\n"
NEW = OLD.replace("fifth", "fifth, renewed")
WORKFLOW_NOW = written(workflow, {"pyproject.toml": "[project]\n"})[0][WORKFLOW].decode()


def making(path, text):
    """Return a writer that makes a file whole where there is none, and else has something to say about it."""

    def write(files, _wishes):
        if files.read(path) is None:
            yield Draft(path, text.encode(), "made", is_whole=True)
        else:
            yield Remark(path, "it is there")
        yield Remark("other", "said anyway")

    return write


class Known(NamedTuple):
    """Contents by their ids."""

    texts: tuple[bytes, ...]

    def __call__(self, identity):
        return next((text for text in self.texts if record.names(identity, text)), None)


def past(entries, *texts, is_taken_back=False):
    merge = partial(merged, env=os.environ)
    known = Known(tuple(map(record.plain, texts)))
    return Past(entries, known, merge, lambda _path: is_taken_back)


def wrote(text, path=NOTES):
    """Return the past in which devstrap wrote a text, and it was committed."""
    return past({path: record.entry(text.encode(), text.encode())}, text.encode())


def renewed(present, before, new=NEW, path=NOTES):
    """Return what becomes of a file: the draft or the reason for which it is left, or None."""
    data = present.encode() if isinstance(present, str) else present
    files = tree({} if data is None else {path: data})
    items = list(renewing(making(path, new), Site(path, data, before))(files, WISHES))
    assert Remark("other", "said anyway") in items
    mine = [item for item in items if item.path == path]
    assert len(mine) < 2
    return mine[0] if mine else None


def test_a_file_that_was_never_written_is_made_and_a_strangers_stays():
    assert renewed(None, past({})) == Draft(NOTES, NEW.encode(), "made", is_whole=True)
    assert renewed("mine\n", past({})) == Remark(NOTES, "it is there")


def test_one_that_is_as_devstrap_would_write_it_is_remembered_from_now_on():
    assert renewed(NEW, past({})) == Draft(NOTES, NEW.encode(), "made", is_whole=True, alone=NEW.encode())


def test_what_nobody_touched_is_renewed():
    assert renewed(OLD, wrote(OLD)) == Draft(NOTES, NEW.encode(), RENEWED, is_whole=True, alone=NEW.encode())


def test_line_ends_of_windows_are_no_change_and_stay():
    found = renewed(OLD.replace("\n", "\r\n"), wrote(OLD))
    assert (found.after, found.why) == (NEW.replace("\n", "\r\n").encode(), RENEWED)
    assert found.alone == NEW.encode()


def test_what_a_person_changed_is_merged():
    found = renewed(OLD.replace("first", "mine"), wrote(OLD))
    assert (found.after, found.why) == (NEW.replace("first", "mine").encode(), MERGED)
    assert found.alone == NEW.encode()


def test_a_mark_and_line_ends_of_windows_come_through_a_merge():
    mine = OLD.replace("first", "mine").replace("\n", "\r\n").encode()
    assert renewed(BOM + mine, wrote(OLD)).after == BOM + NEW.replace("first", "mine").replace("\n", "\r\n").encode()


def test_where_devstrap_has_nothing_new_a_changed_file_is_not_spoken_of():
    assert renewed(OLD.replace("first", "mine"), wrote(OLD), OLD) is None


def test_where_both_changed_the_same_it_is_left_with_what_to_do():
    found = renewed(OLD.replace("fifth", "mine"), wrote(OLD))
    assert found == Remark(NOTES, renewal.CONFLICT.format(7))
    assert record.PATH in found.reason


def test_where_the_merged_file_would_not_be_sound_it_is_left():
    present, new = WORKFLOW_NOW.replace("  tests:\n", "  new: {}\n  tests:\n"), WORKFLOW_NOW + "\n  new: {}\n"
    assert renewed(present, wrote(WORKFLOW_NOW, WORKFLOW), new, WORKFLOW) == Remark(WORKFLOW, renewal.UNSOUND)


def test_where_the_first_text_is_lost_it_is_left():
    entry = record.entry(OLD.encode(), OLD.encode())
    assert renewed(OLD + "mine\n", past({NOTES: entry})) == Remark(NOTES, renewal.NO_BASE)


@pytest.mark.parametrize(
    "present", [b"title\r\nfirst\n", b"\xff\xfe\n", b"a\0b\n", OLD.replace("\n", "\r").encode(), b"\xe4\n"]
)
def test_what_is_no_text_of_one_kind_is_left(present):
    assert renewed(present, wrote(OLD)) == Remark(NOTES, renewal.STRANGE)


def test_what_was_deleted_stays_deleted():
    assert renewed(None, wrote(OLD)) is None


def test_what_undo_took_away_is_offered_again():
    entry = record.entry(OLD.encode(), OLD.encode())
    assert renewed(None, past({NOTES: entry}, is_taken_back=True)).after == NEW.encode()


def test_null_leaves_a_file_alone_for_good():
    assert renewed(OLD, past({NOTES: None}, is_taken_back=True)) is None
    assert renewed(None, past({NOTES: None}, is_taken_back=True)) is None


def test_what_devstrap_would_not_write_any_more_stays_as_it_is():
    def silent(_files, _wishes):
        yield Draft(NOTES, b"added to somebody's file\n", "added")

    data = OLD.encode()
    assert list(renewing(silent, Site(NOTES, data, wrote(OLD)))(tree({NOTES: data}), WISHES)) == []


def test_versions_that_move_are_no_change_of_a_persons():
    data, moved = OLD.encode(), OLD.replace("third", "moved")
    items = renewing(making(NOTES, NEW), Site(NOTES, data, wrote(OLD)))(tree({NOTES: moved}), WISHES)
    assert next(item.after for item in items if item.path == NOTES) == NEW.encode()


def test_a_merged_file_is_merged_again_from_what_was_committed():
    mine = OLD.replace("first", "mine")
    first = renewed(mine, wrote(OLD))
    entry = record.entry(first.alone, first.after)
    later = past({NOTES: entry}, OLD.encode(), first.after)
    assert renewed(first.after.decode(), later) is None
    newest = NEW.replace("third", "third, too")
    again = renewed(first.after.decode() + "more of mine\n", later, newest.replace("title", "Title"))
    assert again.after.decode() == newest.replace("first", "mine").replace("title", "Title") + "more of mine\n"


def test_a_merged_file_that_cannot_be_found_is_not_merged_from_an_older_one():
    first = renewed(OLD.replace("first", "mine"), wrote(OLD))
    later = past({NOTES: record.entry(first.alone, first.after)}, OLD.encode())
    assert renewed("mine\n", later, OLD + "x\n") == Remark(NOTES, renewal.NO_BASE)


def test_a_writer_may_make_several_files():
    def write(files, _wishes):
        for path in ("a", "b"):
            if files.read(path) is None:
                yield Draft(path, b"new\n", "made", is_whole=True)

    files = {"a": b"old\n", "b": b"old\n"}
    both = past({path: record.entry(data, data) for path, data in files.items()})
    writer = write
    for path, data in files.items():
        writer = renewing(writer, Site(path, data, both))
    made = {item.path: (item.after, item.why) for item in writer(tree(files), WISHES)}
    assert made == dict.fromkeys(files, (b"new\n", RENEWED))


# ---- whatever a person does to it ------------------------------------------------------------------------------------

TEMPLATES = {
    NOTES: "\n".join(f"{'#' * (n % 5 == 0)}line {n}" * (n % 5 != 4) for n in range(60)) + "\n",
    WORKFLOW: WORKFLOW_NOW,
    "bootstrap.py": assets.read("bootstrap.py").decode(),
}
# Most of them are comments in every format, so that what is merged can be read.
WORDS = st.sampled_from(["", "", "#", "    ", "# ä ö", "x", "  z: 1", "    - run: make", "pass"])
PLACES = st.integers(0, 9_999)
STEPS = st.lists(
    st.tuples(st.sampled_from(["insert", "insert", "insert", "delete", "replace"]), PLACES, WORDS), max_size=4
)


class Edited(NamedTuple):
    """A text with random edits: what it is then, and the lines that came and went."""

    text: str
    added: frozenset[str]
    deleted: frozenset[str]


def _indent(line=""):
    return line[: len(line) - len(line.lstrip())]


def edited(text, steps, who):
    lines = text.split("\n")
    added, deleted = set(), set()
    for number, (kind, where, word) in enumerate(steps):
        at = where * len(lines) // 10_000
        line = f"{_indent(*lines[at : at + 1])}{word}# {who} {number}"  # no two lines are the same
        if kind != "insert":
            deleted |= set(lines[at : at + 1])
        if kind != "delete":
            added.add(line)
        lines[at : at + (kind != "insert")] = [] if kind == "delete" else [line]
    gone = {line for line in deleted if text.split("\n").count(line) == 1 and line not in lines}
    return Edited("\n".join(lines), frozenset(added & set(lines)), frozenset(gone))


@pytest.mark.parametrize("path", TEMPLATES)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@settings(deadline=None, max_examples=60)
@given(mine=STEPS, new=STEPS, more=STEPS, newest=STEPS)
def test_no_edit_of_a_person_is_ever_lost(path, end, mine, new, more, newest):
    template = TEMPLATES[path]
    person, devstrap = edited(template, mine, "person"), edited(template, new, "devstrap")
    after, entry = _updated(path, person, devstrap, wrote(template, path), end)
    if entry is None:
        return
    # another clone, which has nothing but what was committed
    again, latest = edited(after, more, "again"), edited(devstrap.text, newest, "latest")
    _updated(path, again, latest, past({path: entry}, after.encode()), end)


def _updated(path, person, devstrap, before, end):
    present = person.text.replace("\n", end).encode()
    found = renewed(present, before, devstrap.text, path)
    event(f"{path}: {found.why if isinstance(found, Draft) else 'left' if found else 'nothing new'}")
    if not isinstance(found, Draft):
        reasons = (renewal.CONFLICT.partition("{}")[0], renewal.UNSOUND, renewal.NO_BASE, renewal.STRANGE)
        assert found is None or found.reason.startswith(reasons)
        return person.text, None
    after = found.after.decode()
    assert after.count("\n") == after.count(end)
    after = after.replace(end, "\n")
    lines = set(after.split("\n"))
    assert person.added <= lines
    assert not person.deleted & lines
    assert devstrap.added <= lines
    assert not devstrap.deleted & lines
    assert found.alone == devstrap.text.encode() or (found.alone is None and found.after == present)
    entry = record.entry(devstrap.text.encode(), found.after)
    later = past({path: entry}, after.encode())
    second = renewed(found.after, later, devstrap.text, path)
    assert second is None or second.after == found.after
    return after, entry


@pytest.mark.parametrize("path", TEMPLATES)
@settings(deadline=None, max_examples=30)
@given(whose=st.lists(st.sampled_from(["person", "devstrap", None]), max_size=30), start=PLACES)
def test_what_is_changed_in_different_places_is_always_merged(path, whose, start):
    lines = TEMPLATES[path].split("\n")
    sides = {"person": [], "devstrap": [], "both": []}
    for number, line in enumerate(lines):
        turn = number - start * len(lines) // 10_000
        who = whose[turn // 2] if turn % 2 == 0 and 0 <= turn < 2 * len(whose) else None
        note = [f"{_indent(line)}# of {who} {number}"] * (who is not None)
        for side, text in sides.items():
            text += [*(note if side in (who, "both") else []), line]
    person, devstrap, both = ("\n".join(text) for text in sides.values())
    found = renewed(person, wrote(TEMPLATES[path], path), devstrap, path)
    assert (found.after.decode() if found else person) == both
