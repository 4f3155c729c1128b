"""What was added to somebody's file: renewed as long as nobody touches it, and never added twice."""

import pytest
from adopting import WISHES, tree
from hypothesis import given, settings
from hypothesis import strategies as st
from test_init_command import adopted, contents, git, run
from test_renewal import past

from bootstrap.adopt import documents, hooks, makefile, record
from bootstrap.adopt.additions import adding
from bootstrap.adopt.command import init
from bootstrap.adopt.model import Draft, Remark
from bootstrap.adopt.record import Addition, Part
from bootstrap.adopt.renewal import RENEWED
from bootstrap.adopt.text import Splice, opened
from bootstrap.flow.undo import undo
from bootstrap.model import Status

HOOKS = "repos:\n- repo: https://example.org/hooks\n  rev: v1\n  hooks:\n  - id: one\n"
MAKEFILE = "VERSION = 1\n\ntest:\n\tpytest\n\nclean:\n\trm -rf build\n"
CONTRIBUTING = "# Contributing\n\nBe kind.\n\n## Pull requests\n\nOpen one.\n"
FILES = {
    ".pre-commit-config.yaml": HOOKS,
    "Makefile": MAKEFILE,
    "CONTRIBUTING.md": CONTRIBUTING,
    "AGENTS.md": "# For programs\n\nSay what you did.\n",
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.11"\n',
    "tests/test_shop.py": "import pytest\n",
}
ADDED = (".pre-commit-config.yaml", "AGENTS.md", "CONTRIBUTING.md", "Makefile")


def appending(*blocks, above=(), path="notes"):
    """Return a writer that adds blocks of lines at the end of a file, and others above it, those that are not there."""

    def write(files, _wishes):
        text = opened(files.read(path))
        said = "".join(f"{line}\n" for line in text.lines)
        more, first = (
            "".join(block for block in some if block not in said).split("\n")[:-1] for some in (blocks, above)
        )
        end = len(text.lines)
        if more or first:
            yield Draft(path, text.spliced([Splice(0, 0, tuple(first)), Splice(end, end, tuple(more))]), "added")
            yield Remark(path, "beside that")

    return write


def added(writer, text, entries=None, *, is_taken_back=False, path="notes"):
    """Return the file and what is remembered of it; None where nothing is done."""
    before = past(entries or {}, is_taken_back=is_taken_back)
    items = list(adding(writer, lambda one: one == path, before)(tree({path: text}), WISHES))
    drafts = [item for item in items if isinstance(item, Draft)]
    assert len(drafts) < 2
    assert [item for item in items if isinstance(item, Remark)] == [] or drafts
    return (drafts[0].after.decode(), drafts[0].added, drafts[0].why) if drafts else None


def test_what_is_added_is_remembered_without_the_blank_lines_around_it():
    after, found, why = added(appending("\nours:\n\trun\n\n"), "theirs:\n")
    assert (after, why) == ("theirs:\n\nours:\n\trun\n\n", "added")
    assert found.parts == (Part(2, record.blob(b"ours:\n\trun\n")),)
    assert not found.is_mixed


OLD, NEW = appending("old 1\nold 2\n"), appending("new 1\nnew 2\nnew 3\n")
FIRST = added(OLD, "theirs\n")


def test_it_is_renewed_where_it_stands_by_then():
    text = FIRST[0].replace("theirs\n", "theirs\nmore\n") + "and more\n"
    after, found, why = added(NEW, text, {"notes": FIRST[1]})
    assert (after, why) == ("theirs\nmore\nnew 1\nnew 2\nnew 3\nand more\n", RENEWED)
    assert added(NEW, after, {"notes": found}) is None


def test_line_ends_and_a_missing_last_one_stay():
    text = FIRST[0].replace("\n", "\r\n").removesuffix("\r\n")
    after, _, _ = added(NEW, text, {"notes": FIRST[1]})
    assert after == "theirs\r\nnew 1\r\nnew 2\r\nnew 3"


@pytest.mark.parametrize("text", ["theirs\n", "theirs\nold 1\nold 2, mine\n", "theirs\nold 2\nold 1\n"])
def test_what_was_deleted_or_changed_is_neither_added_again_nor_renewed(text):
    assert added(OLD, text, {"notes": FIRST[1]}) is None
    assert added(NEW, text, {"notes": FIRST[1]}) is None


def test_what_is_there_twice_is_left():
    assert added(appending("new\n"), FIRST[0] + "\nold 1\nold 2\nnew\n", {"notes": FIRST[1]}) is None


def test_what_undo_took_away_is_offered_again():
    assert added(OLD, "theirs\n", {"notes": FIRST[1]}, is_taken_back=True)[0] == FIRST[0]


def test_null_leaves_a_file_alone():
    assert added(OLD, "theirs\n", {"notes": None}) is None


def test_something_else_is_added_beside_what_is_there():
    text, before, _ = added(OLD, "theirs\n")
    after, found, why = added(appending("old 1\nold 2\n", above=["more\n"]), text, {"notes": before})
    assert (after, why) == ("more\n" + text, "added")
    assert found.parts == (Part(1, record.blob(b"more\n")), *before.parts)


def test_what_would_not_count_as_done_is_not_taken_for_a_renewal():
    def never_done(word):
        return lambda files, _wishes: [Draft("notes", files.read("notes") + word, "added")]

    text, first, _ = added(never_done(b"old\n"), "theirs\n")
    files = tree({"notes": text})
    (item,) = adding(never_done(b"new\n"), lambda _path: True, past({"notes": first}))(files, WISHES)
    assert (item.after, item.why) == (b"theirs\nold\nnew\n", "added")


def test_a_file_that_is_no_text_any_more_is_left():
    assert added(lambda _files, _wishes: [Draft("notes", b"\xff", "broken")], "theirs\n", {"notes": FIRST[1]}) is None
    broken = tree({"notes": b"\xff"})
    again = lambda _files, _wishes: [Draft("notes", b"\xfe", "again")]  # noqa: E731 - a writer of one line
    assert list(adding(again, lambda _path: True, past({"notes": FIRST[1]}))(broken, WISHES)) == []
    assert list(adding(again, lambda _path: True, past({}))(broken, WISHES)) == again(broken, WISHES)


def test_where_a_line_of_theirs_was_changed_nothing_is_renewed_but_nothing_added_twice():
    def write(files, _wishes):
        text = files.read("notes").decode()
        if "ours" not in text:
            yield Draft("notes", text.replace("all: a\n", "all: a ours\n").encode() + b"ours\n", "added")

    after, found, _ = added(write, "all: a\nb\n")
    assert after == "all: a ours\nb\nours\n"
    assert found == Addition(found.version, (Part(1, record.blob(b"ours\n")),), is_mixed=True)
    assert added(write, "all: a\nb\n", {"notes": found}) is None
    assert record.read(record.renewed(None, {"notes": found})) == {"notes": found}


LINES = st.sampled_from(["x", "", "old 1", "# y", "\tz"])


@settings(deadline=None)
@given(st.lists(LINES, max_size=6), st.lists(LINES, max_size=6), st.lists(st.integers(0, 12), max_size=3))
def test_no_line_of_a_persons_is_lost_or_moved(above, below, deleted):
    lines = [*above, "old 1", "old 2", *below]
    kept = [line for at, line in enumerate(lines) if at not in deleted]
    found = added(NEW, "".join(f"{line}\n" for line in kept), {"notes": FIRST[1]})
    if found is None:
        return
    rest = found[0].removesuffix("\n").split("\n")
    at = rest.index("new 1")
    assert rest[at : at + 3] == ["new 1", "new 2", "new 3"]
    assert [*rest[:at], "old 1", "old 2", *rest[at + 3 :]] == kept


# ---- the real writers, on a real checkout ----------------------------------------------------------------------------


@pytest.fixture
def workshop(write, tmp_path):
    root = write(FILES, tmp_path / "workshop")
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "as it was")
    adopted(root)
    git(root, "add", ".")
    git(root, "commit", "-qm", "adopted")
    return root


@pytest.fixture
def newer(monkeypatch):
    monkeypatch.setitem(hooks.HOOK, "name", "All versions agree")
    monkeypatch.setattr(makefile, "WRAPPER", "bootstrap.py --newer")
    section = documents._Said.section
    told = lambda said, outline: [*section(said, outline), "", "That is all."]  # noqa: E731 - a newer text
    monkeypatch.setattr(documents._Said, "section", told)


def update(root):
    return run(init, root, is_yes=True, is_dirty_allowed=True)


def test_an_update_renews_what_was_added_and_undo_takes_that_back(workshop, newer):
    before = contents(workshop)
    assert set(ADDED) < set(record.read(before[record.PATH]))
    report = update(workshop)
    purposes = {step.path: step.purpose for step in report.plan.steps}
    assert {path: purposes.get(path) for path in ADDED} == dict.fromkeys(ADDED, RENEWED)
    after = contents(workshop)
    assert b"name: All versions agree" in after[".pre-commit-config.yaml"]
    assert b"\t$(PYTHON) bootstrap.py --newer --yes\n" in after["Makefile"]
    assert after["CONTRIBUTING.md"].count(b"## Set up") == after["CONTRIBUTING.md"].count(b"That is all.") == 1
    assert after["AGENTS.md"].count(b"That is all.") == 1
    assert update(workshop).status is Status.NOTHING_TO_DO
    run(undo, workshop)
    assert contents(workshop) == before


def test_what_a_person_deleted_or_changed_stays_so(workshop, newer):
    for path in ADDED:
        (workshop / path).write_bytes(FILES[path].encode())
    (workshop / "Makefile").write_text(MAKEFILE + "\nguard:\n\techo mine\n")
    before = contents(workshop)
    assert update(workshop).status is Status.NOTHING_TO_DO
    assert contents(workshop) == before


def test_what_is_changed_around_it_stays_and_keeps_nobody_from_renewing(workshop, newer):
    for path, line in (("Makefile", "# ours\n"), (".pre-commit-config.yaml", "# ours\n"), ("AGENTS.md", "Ours.\n")):
        text = (workshop / path).read_text("utf-8")
        (workshop / path).write_text(line + text + line, "utf-8")
    update(workshop)
    assert "All versions agree" in (workshop / ".pre-commit-config.yaml").read_text("utf-8")
    assert "--newer" in (workshop / "Makefile").read_text("utf-8")
    assert (workshop / "AGENTS.md").read_text("utf-8").count("Ours.\n") == 2


def test_a_document_that_was_told_and_then_deleted_is_not_made_anew(workshop):
    (workshop / "CONTRIBUTING.md").unlink()
    assert update(workshop).status is Status.NOTHING_TO_DO
