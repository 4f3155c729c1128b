"""The last proof is known again as long as the environment is the one that it was made of."""

from dataclasses import replace

import pytest

from bootstrap.proof.collect import Proof
from bootstrap.proof.memory import remember, remembered, sources_of, state_of
from bootstrap.versions import Version

PROOF = Proof("pytest", 3, 2, 1, ("ImportError: größe",), is_late=True)


def test_a_proof_is_known_again_by_its_place(facts, tmp_path):
    environment = facts().environment
    remember(tmp_path / "state", {"": (PROOF, environment), "part": (Proof("unittest"), environment)})
    assert remembered(tmp_path / "state", "", environment) == PROOF
    assert remembered(tmp_path / "state", "part", environment) == Proof("unittest")
    assert remembered(tmp_path / "state", "other", environment) is None


def test_a_run_about_one_part_forgets_nothing_of_the_others(facts, tmp_path):
    environment = facts().environment
    remember(tmp_path, {"a": (PROOF, environment), "b": (PROOF, environment)})
    remember(tmp_path, {"a": (Proof("unittest"), environment)})
    assert remembered(tmp_path, "a", environment) == Proof("unittest")
    assert remembered(tmp_path, "b", environment) == PROOF


def test_of_another_environment_nothing_is_known(facts, tmp_path):
    environment = facts().environment
    remember(tmp_path, {"": (PROOF, environment)})
    assert remembered(tmp_path, "", replace(environment, record="new")) is None
    assert remembered(tmp_path, "", replace(environment, version=Version.parse("3.11.1"))) is None


@pytest.mark.parametrize(
    "note", ["", "[]", "3", "{", '{"": 3}', '{"": {}}', '{"": {"environment": 1, "x": 2}}', b"\xff"]
)
def test_a_damaged_note_is_as_good_as_none(facts, tmp_path, note):
    (tmp_path / "proof.json").write_bytes(note if isinstance(note, bytes) else note.encode())
    assert remembered(tmp_path, "", facts().environment) is None


def test_a_note_that_says_more_than_is_known_here_is_none(facts, tmp_path):
    environment = facts().environment
    remember(tmp_path, {"": (PROOF, environment)})
    note = tmp_path / "proof.json"
    note.write_text(note.read_text().replace('"runner"', '"other"'))
    assert remembered(tmp_path, "", environment) is None


def test_a_note_that_cannot_be_written_is_none(facts, tmp_path):
    (tmp_path / "state").write_text("a file")
    remember(tmp_path / "state", {"": (PROOF, facts().environment)})
    assert remembered(tmp_path / "state", "", facts().environment) is None
    assert (tmp_path / "state").read_text() == "a file"


def test_the_state_of_what_was_proved_is_noted_where_the_proof_was_not_clean(facts, tmp_path):
    environment = facts().environment
    remember(tmp_path, {"": (PROOF, environment), "a": (Proof("unittest"), environment)}, "abc")
    assert (sources_of(tmp_path, ""), sources_of(tmp_path, "a"), sources_of(tmp_path, "b")) == ("abc", "", "")
    assert remembered(tmp_path, "", environment) == PROOF
    (tmp_path / "proof.json").write_text('{"": 3, "a": {"sources": 3}}')
    assert (sources_of(tmp_path, ""), sources_of(tmp_path, "a")) == ("", "")


@pytest.mark.parametrize("name", ["tests/test_b.py", "pytest.ini", "part/setup.cfg", "conftest.py"])
def test_a_file_that_has_a_say_in_the_proof_changes_the_state(write, checkout, name):
    write({"tests/test_a.py": "", "notes.txt": ""}, checkout)
    before = state_of(checkout, {})
    write({"notes.txt": "more", ".venv/lib/a.py": "", ".gitignore": ".venv"}, checkout)
    assert state_of(checkout, {}) == before
    write({name: "x = 1"}, checkout)
    changed = state_of(checkout, {})
    assert changed != before
    (checkout / name).unlink()
    assert state_of(checkout, {}) == before


def test_a_file_that_is_gone_meanwhile_is_none(monkeypatch, tmp_path):
    monkeypatch.setattr("bootstrap.survey.list_files", lambda *_: ["gone.py"])
    assert state_of(tmp_path, {}) == state_of(tmp_path / "other", {})
