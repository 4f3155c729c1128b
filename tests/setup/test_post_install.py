"""The repository's own commands: split into words, run once, and again when something changed."""

import json

import pytest

from bootstrap.besides import Besides, Command
from bootstrap.errors import MalformedFileError
from bootstrap.model import Answers
from bootstrap.setup.post_install import note, pending, split, steps


def command(*done, place="", home="", dependencies="f1"):
    return Command(done[-1], split(done[-1], ""), place, home, done, dependencies)


def test_a_command_is_split_as_a_shell_would_but_no_shell_reads_it():
    assert split("python -c 'import shop' && echo $HOME", "") == ("python", "-c", "import shop", "&&", "echo", "$HOME")


@pytest.mark.parametrize("text", ["", "  ", "echo 'open", "echo \\", "a\0b"])
def test_what_is_no_command_is_an_error_that_says_where(text):
    with pytest.raises(MalformedFileError) as caught:
        split(text, "api")
    assert repr(text) in caught.value.message
    assert caught.value.path == "api/pyproject.toml"


def test_what_was_run_is_not_run_again(tmp_path):
    note(tmp_path, command("a"))
    record = (tmp_path / "devstrap.json").read_text()
    assert pending(["a", "b"], "", record, "f1") == ("b",)
    note(tmp_path, command("a", "b"))
    record = (tmp_path / "devstrap.json").read_text()
    assert pending(["a", "b"], "", record, "f1") == ()


def test_another_text_runs_it_again_with_all_that_follow(tmp_path):
    note(tmp_path, command("a", "b", "c"))
    record = (tmp_path / "devstrap.json").read_text()
    assert pending(["a", "B", "c"], "", record, "f1") == ("B", "c")
    assert pending(["a"], "", record, "f1") == ()


def test_other_dependencies_run_all_of_them_again(tmp_path):
    note(tmp_path, command("a", "b"))
    record = (tmp_path / "devstrap.json").read_text()
    assert pending(["a", "b"], "", record, "f2") == ("a", "b")


def test_each_part_has_a_note_of_its_own(tmp_path):
    note(tmp_path, command("a"))
    note(tmp_path, command("x", place="api"))
    record = (tmp_path / "devstrap.json").read_text()
    assert pending(["a"], "", record, "f1") == pending(["x"], "api", record, "f1") == ()
    assert pending(["a"], "web", record, "f1") == ("a",)


@pytest.mark.parametrize("record", ["", "{", "[]", '{"post_install": 3}', '{"post_install": {"": []}}'])
def test_a_damaged_note_runs_all_of_them(record):
    assert pending(["a", "b"], "", record, "f1") == ("a", "b")
    damaged = json.dumps({"post_install": {"": {"dependencies": "f1", "done": "a"}}})
    assert pending(["a"], "", damaged, "f1") == ("a",)


def test_the_note_leaves_the_rest_of_the_record_and_whose_environment_it_is(tmp_path):
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for folder in (ours, theirs):
        folder.mkdir()
        (folder / "pyvenv.cfg").touch()
    (ours / "devstrap.json").write_text('{"schema": 1, "root": "/x"}')
    note(ours, command("a"))
    note(theirs, command("a"))
    assert json.loads((ours / "devstrap.json").read_text()) == {
        "schema": 1,
        "root": "/x",
        "post_install": {"": {"dependencies": "f1", "done": ["a"]}},
    }
    assert json.loads((theirs / "devstrap.json").read_text())["adopted"] is True
    note(tmp_path / "none", command("a"))
    assert not (tmp_path / "none").exists()


def test_they_run_in_order_each_in_its_folder_and_environment(facts):
    found = (command("python a.py"), command("python b.py", place="api", home="api"))
    runs, skipped = steps(facts(besides=Besides(commands=found)), Answers())
    assert [(run.argv, run.cwd, run.home, run.turn) for run in runs] == [
        (("python", "a.py"), ".", ".", "last"),
        (("python", "b.py"), "api", "api", "last"),
    ]
    assert not any(run.is_optional for run in runs)
    assert runs[1].purpose == "run what api/pyproject.toml names as post-install: python b.py"
    assert skipped == ()
    assert steps(facts(), Answers()) == ((), ())


def test_who_did_not_agree_runs_none_and_is_told(facts):
    runs, (skip,) = steps(facts(besides=Besides(commands=(command("a b"),))), Answers(post_install=False))
    assert (runs, skip.what) == ((), "a b")


def test_commands_without_an_environment_are_told(facts):
    runs, (skip,) = steps(facts(besides=Besides(homeless=True)), Answers())
    assert runs == ()
    assert "each part has an environment of its own" in skip.reason
