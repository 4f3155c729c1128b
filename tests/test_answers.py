"""The command line goes before what was answered earlier, that before the settings, those before the default."""

import json
import os
from dataclasses import replace

import pytest

from bootstrap.answers import (
    by_default,
    declared_by,
    doubted,
    forget,
    is_remembered,
    remember,
    remembered,
    run_folder,
    unanswered,
)
from bootstrap.detect.repository import detect_repository
from bootstrap.model import Answers, Part
from bootstrap.options import Options

SETTINGS = "[tool.devstrap]\neditors = []\ndevcontainer = false\nprefer-managed = true\n"


@pytest.fixture
def repository(write):
    def make(pyproject="", pin=None):
        files = {"pyproject.toml": pyproject} | ({".python-version": pin} if pin else {})
        return detect_repository(write(files))

    return make


@pytest.fixture
def taken(repository):
    """Return the answers of a run with these options, in a repository with this note."""

    def take(pyproject="", *, pin=None, note=None, env=None, **options):
        found = repository(pyproject, pin)
        if note is not None:
            found.state_dir.mkdir(exist_ok=True)
            (found.state_dir / "answers.json").write_bytes(
                note if isinstance(note, bytes) else json.dumps(note).encode()
            )
        return by_default(Options("setup", found.root, **options), found, env or {})

    return take


def test_the_defaults_configure_the_editor_and_the_devcontainer(taken):
    assert taken() == Answers(editors=("vscode",), devcontainer=True)


@pytest.mark.parametrize("ci", ["true", "1", "yes"])
def test_in_ci_nobody_opens_an_editor(taken, ci):
    assert taken(env={"CI": ci}) == Answers(hooks=False)


@pytest.mark.parametrize("ci", ["", "0", "false", "False"])
def test_a_variable_that_says_no_is_not_ci(taken, ci):
    assert taken(env={"CI": ci}).editors == ("vscode",)


def test_settings_go_before_the_defaults(taken):
    assert taken(SETTINGS) == Answers(prefer_managed=True)


def test_settings_count_in_ci_too(taken):
    text = "[tool.devstrap]\neditors = ['vscode']\ndevcontainer = true\n"
    assert taken(text, env={"CI": "1"}) == Answers(editors=("vscode",), devcontainer=True, hooks=False)
    assert taken("[tool.devstrap]\nhooks = true\n", env={"CI": "1"}).hooks


def test_earlier_answers_go_before_settings(taken):
    note = {"python": "3.12.1", "prefer_managed": False, "editors": ["vscode"], "devcontainer": True}
    assert taken(SETTINGS, note=note) == Answers("3.12.1", editors=("vscode",), devcontainer=True)


@pytest.mark.parametrize("name", ["dotenv", "hooks"])
def test_what_comes_besides_packages_is_answered_in_the_same_order(taken, name):
    settings = f"[tool.devstrap]\n{name} = false\n"
    assert getattr(taken(), name)
    assert not getattr(taken(settings), name)
    assert getattr(taken(settings, note={name: True}), name)
    assert not getattr(taken(note={name: True}, **{name: False}), name)
    assert getattr(taken(note={name: "no"}), name)


def test_the_command_line_goes_before_everything(taken):
    note = {"python": "3.12.1", "prefer_managed": False, "editors": ["vscode"], "devcontainer": True}
    answers = taken(SETTINGS, note=note, python="3.11", managed=True, editors=(), devcontainer=False, is_offline=True)
    assert answers == Answers("3.11", prefer_managed=True, editors=(), devcontainer=False, offline=True)


# ---- a Python that was chosen earlier -------------------------------------------------------------------------------


def test_a_choice_within_the_pin_is_kept(taken):
    assert taken(pin="3.11\n", note={"python": "3.11.7"}).python == "3.11.7"


def test_a_choice_gives_way_when_the_pin_moves(taken):
    assert taken(pin="3.13\n", note={"python": "3.11.7"}).python is None


def test_a_choice_gives_way_when_the_range_moves(taken):
    assert taken("[project]\nrequires-python = '>=3.12'\n", note={"python": "3.11.7"}).python is None
    assert taken("[project]\nrequires-python = '>=3.10'\n", note={"python": "3.11.7"}).python == "3.11.7"


@pytest.mark.parametrize(("pin", "python"), [("pypy3.10\n", "pypy3.10.14"), ("3.14t\n", "3.14.0t")])
def test_a_choice_of_another_kind_is_kept_within_its_pin(taken, pin, python):
    assert taken(pin=pin, note={"python": python}).python == python
    assert taken(pin="3.12\n", note={"python": python}).python is None


def test_a_choice_is_kept_where_the_repository_has_no_wish_of_its_own(taken):
    assert taken(note={"python": "3.11.7"}).python == "3.11.7"
    assert taken(note={"python": "3.99"}).python is None


def test_what_is_asked_for_now_is_not_measured_by_the_pin_here(taken):
    assert taken(pin="3.13\n", python="3.11").python == "3.11"


# ---- one question: which Python ------------------------------------------------------------------------------------


def test_a_python_that_is_asked_for_goes_before_one_that_uv_keeps_by_an_earlier_answer(taken):
    note = {"python": None, "prefer_managed": True}
    assert taken(note=note, python="3.12.1") == taken(python="3.12.1")
    assert taken(note=note).prefer_managed


def test_a_python_that_is_asked_for_is_still_one_that_uv_keeps_where_the_settings_say_so(taken):
    assert taken(SETTINGS, note={"prefer_managed": False}, python="3.12.1").prefer_managed


def test_managed_or_not_is_for_the_command_line_to_say(taken):
    assert not taken(SETTINGS, note={"prefer_managed": True}, managed=False).prefer_managed
    assert taken(note={"python": "3.11.7"}, managed=True) == Answers(
        prefer_managed=True, editors=("vscode",), devcontainer=True
    )
    assert taken(note={"python": "3.11.7"}, managed=False).python == "3.11.7"


def test_what_is_remembered_is_told_from_what_is_asked_for(tmp_path):
    assert is_remembered(Options("setup", tmp_path), Answers("3.12"))
    assert not is_remembered(Options("setup", tmp_path, python="3.12"), Answers("3.12"))
    assert not is_remembered(Options("setup", tmp_path), Answers())


def test_without_an_answer_the_settings_say_whether_uv_keeps_it(repository):
    asked = Answers("3.12", prefer_managed=True, editors=("vscode",))
    assert unanswered(asked, repository()) == Answers(editors=("vscode",))
    assert unanswered(asked, repository(SETTINGS)) == Answers(prefer_managed=True, editors=("vscode",))


# ---- the note -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b"3",
        {"python": 3, "editors": "vscode", "devcontainer": "yes", "prefer_managed": 1},
        {"editors": [[]], "python": ["3.12"]},
        {"editors": ["ed"], "python": "newest", "other": 1},
    ],
)
def test_a_damaged_note_is_as_good_as_none(taken, note):
    assert taken(note=note) == Answers(editors=("vscode",), devcontainer=True)


def test_what_is_remembered_comes_back(tmp_path, write):
    state = tmp_path / ".devstrap"
    remember(Answers("3.12.1", prefer_managed=True, editors=("vscode",), devcontainer=True, offline=True), state)
    assert remembered(state) == {
        "python": "3.12.1",
        "prefer_managed": True,
        "editors": ["vscode"],
        "devcontainer": True,
        "dotenv": True,
        "hooks": True,
        "additions": [],
        "build_constraints": [],
        "without": [],
        "exempt": [],
        "loosened": [],
        "build_needs": [],
        "unisolated": [],
        "is_followed": False,
        "is_lean": False,
        "is_linked": False,
        "is_bare": False,
    }
    assert sorted(os.listdir(state)) == [".gitignore", "answers.json"]  # git never sees it


def test_the_same_answers_again_leave_the_note_as_it_is(tmp_path):
    state = tmp_path / ".devstrap"
    remember(Answers("3.12.1"), state)
    before = (state / "answers.json").stat()
    remember(Answers("3.12.1"), state)
    after = (state / "answers.json").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_what_was_typed_for_a_dotenv_is_never_remembered_or_shown(tmp_path):
    answers = Answers(values=((".env", "TOKEN", "s3cret"),))
    remember(answers, tmp_path / ".devstrap")
    assert b"s3cret" not in (tmp_path / ".devstrap" / "answers.json").read_bytes()
    assert "s3cret" not in repr(answers)


def test_nothing_is_remembered_where_nothing_was_noted(tmp_path):
    assert remembered(tmp_path) == {}


def test_a_note_that_cannot_be_written_is_none(tmp_path):
    (tmp_path / "file").write_text("")
    remember(Answers(), tmp_path / "file")
    remember(Answers(), tmp_path / "missing" / "folder")
    assert (tmp_path / "file").read_text() == ""


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
def test_a_note_is_not_written_through_a_link(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / ".devstrap").symlink_to(tmp_path / "elsewhere")
    remember(Answers(), tmp_path / ".devstrap")
    assert os.listdir(tmp_path / "elsewhere") == []


# ---- undone ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def state(tmp_path):
    """Return a state directory with the folders of two runs."""
    folder = tmp_path / ".devstrap"
    for run in (1, 2):
        run_folder(folder, run).mkdir(parents=True)
    return folder


def test_undoing_a_run_forgets_what_it_remembered_and_brings_back_what_was_known_before(state):
    remember(Answers("3.11.7"), state, 1)
    remember(Answers("3.12.1"), state, 2)
    forget(state, 2)
    assert remembered(state)["python"] == "3.11.7"
    forget(state, 1)
    assert not (state / "answers.json").exists()


def test_what_was_answered_since_is_not_forgotten(state):
    remember(Answers("3.11.7"), state, 1)
    remember(Answers("3.13.0"), state)
    forget(state, 1)
    assert remembered(state)["python"] == "3.13.0"


def test_a_run_that_remembered_nothing_forgets_nothing(state):
    remember(Answers("3.11.7"), state)
    forget(state, 1)
    assert remembered(state)["python"] == "3.11.7"


@pytest.mark.parametrize("note", [b"", b"[]", b"{}", b'{"before": 1, "after": 2}', b"3"])
def test_a_damaged_note_of_a_run_forgets_nothing(state, note):
    remember(Answers("3.11.7"), state, 1)
    (run_folder(state, 1) / "answers.json").write_bytes(note)
    forget(state, 1)
    assert remembered(state)["python"] == "3.11.7"


def test_a_run_whose_folder_is_gone_is_remembered_all_the_same(state):
    remember(Answers("3.11.7"), state, 9)
    forget(state, 9)
    assert remembered(state)["python"] == "3.11.7"


# ---- found out by trying --------------------------------------------------------------------------------------------

BARE = Answers(without=("old-tool",), loosened=("a==1",), is_bare=True, additions=("six",), python="3.11")


def declaring(facts, fingerprint, declared=""):
    there = facts()
    return replace(there, dependencies=replace(there.dependencies, fingerprint=fingerprint, declared=declared))


def test_what_was_left_out_is_tried_again_when_something_else_is_declared(facts):
    before, after = declaring(facts, "with terms", "f1"), declaring(facts, "with terms", "f2")
    remember(BARE, before.repository.state_dir, declared=declared_by(before, BARE))
    assert doubted(BARE, before) == BARE
    assert doubted(BARE, after) == replace(BARE, without=(), loosened=(), is_bare=False)
    # what an earlier version noted does not tell
    (before.repository.state_dir / "answers.json").write_text("{}")
    assert doubted(BARE, after) == BARE


def test_answers_that_come_later_leave_it_noted_what_was_declared(facts):
    before, after = declaring(facts, "f1"), declaring(facts, "f2")
    remember(BARE, before.repository.state_dir, declared=declared_by(before, BARE))
    remember(BARE, before.repository.state_dir)
    assert doubted(BARE, before) == BARE
    assert doubted(BARE, after) != BARE


def test_a_look_at_some_parts_alone_is_no_reason_for_doubt(facts):
    of_one, of_both = (declaring(facts, name) for name in ("f1", "f2"))
    whole = replace(of_one, dependencies=None, parts=(Part("a", of_one), Part("b", of_both)))
    alone = replace(whole, parts=whole.parts[:1])
    remember(BARE, whole.repository.state_dir, declared=declared_by(whole, BARE))
    some = replace(BARE, parts=("a",))
    assert doubted(some, alone) == some
    assert doubted(BARE, alone) != BARE
    shared = replace(whole, dependencies=declaring(facts, "joined").dependencies)
    assert doubted(BARE, shared) == BARE  # whether in one environment or in two, the same is declared


def test_what_was_found_out_says_nothing_of_what_nobody_answered(tmp_path):
    state = tmp_path / ".devstrap"
    remember(replace(BARE, editors=("vscode",), devcontainer=True), state, has_answered=False)
    assert not {"editors", "devcontainer", "dotenv", "hooks", "prefer_managed"} & set(remembered(state))
    assert remembered(state)["additions"] == ["six"]
    remember(Answers(editors=(), devcontainer=False), state)
    remember(replace(BARE, editors=("vscode",), devcontainer=True), state, has_answered=False)
    assert (remembered(state)["editors"], remembered(state)["python"]) == ([], "3.11")


def test_every_remedy_is_remembered_though_nobody_answered_anything(taken, repository):
    state = repository().state_dir
    found = Answers(
        build_needs=("numpy",), unisolated=("*",), loosened=("six",), is_followed=True, groups=("qa",), extras=()
    )
    remember(found, state, has_answered=False)
    again = taken()
    assert replace(again, editors=(), devcontainer=False) == found


def test_what_the_repository_says_of_an_installation_counts_where_nobody_answered(taken):
    text = "[tool.devstrap]\nadditions = ['six']\napart = true\nfollow-lock = true\n"
    given = taken(text, note={"additions": ["attrs"]})
    assert (given.additions, given.is_apart, given.is_followed) == (("six", "attrs"), True, True)
    assert taken(text, note={"is_apart": False}).is_apart is False


def test_what_the_repository_says_is_left_out_stays_so_whatever_is_declared(facts):
    settings = facts().repository.settings
    found = facts(repository={"settings": replace(settings, without=("a",), without_project=True)})
    remember(Answers(without=("b",)), found.repository.state_dir, declared="of before")
    given = doubted(Answers(without=("a", "b"), is_bare=True), found)
    assert (given.without, given.is_bare) == (("a",), True)


def test_all_that_a_remedy_found_out_holds_for_the_next_run(tmp_path, facts):
    found = Answers(
        python="3.11",
        is_apart=True,
        as_of="2020-01-31",
        additions=("six",),
        build_constraints=("setuptools<66",),
        build_needs=("cython",),
        unisolated=("*",),
        without=("old-tool",),
        loosened=("a==1",),
        exempt=("b",),
        is_followed=True,
        is_linked=True,
        is_bare=True,
    )
    repository = facts(repository={"pin": None}).repository
    remember(found, repository.state_dir, has_answered=False)
    again = by_default(Options("setup", repository.root), repository, {"CI": "1"})
    assert replace(again, hooks=True) == replace(found, devcontainer=False)
