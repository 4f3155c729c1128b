"""What `[tool.devstrap]` says of an installation, and what of the answers it does not say yet."""

import pytest

from bootstrap.detect.repository import detect_repository
from bootstrap.model import Answers, Settings
from bootstrap.setup.shared import merged, own, reason_against, rows

EVERYTHING = Answers(
    python="3.11.7",
    is_apart=True,
    as_of="2020-01-31",
    groups=("qa",),
    additions=("pytest-timeout>=2",),
    without=("old-tool",),
    exempt=("attrs",),
    loosened=("six!=1.2",),
    build_constraints=("setuptools<58",),
    build_needs=("numpy",),
    unisolated=("*",),
    is_followed=True,
    is_linked=True,
    is_bare=True,
    is_lean=True,
)
SAID = {
    "default": "3.11",
    "groups": ["qa"],
    "as-of": "2020-01-31",
    "apart": True,
    "additions": ["pytest-timeout>=2"],
    "without": ["old-tool"],
    "newer": ["attrs"],
    "overrides": ["six!=1.2"],
    "build-constraints": ["setuptools<58"],
    "build-requires": ["numpy"],
    "no-build-isolation": ["*"],
    "follow-lock": True,
    "link-project": True,
    "without-project": True,
    "lean": True,
}


def settings_of(write, text):
    return detect_repository(write({"pyproject.toml": text})).settings


def as_toml(table):
    values = {key: str(value).lower() if isinstance(value, bool) else repr(value) for key, value in table.items()}
    return "[dependency-groups]\nqa = []\n[tool.devstrap]\n" + "\n".join(f"{k} = {v}" for k, v in values.items())


def test_every_answer_that_an_installation_goes_by_has_a_row():
    assert rows(EVERYTHING, {}, is_pinned=False) == SAID


def test_what_is_said_is_read_back_as_the_same_answers(write):
    settings = settings_of(write, as_toml(SAID))
    # as-of, the groups and the Python are read where they are needed, and not by way of the answers
    found = merged(Answers(python="3.11.7", as_of="2020-01-31", groups=("qa",)), settings)
    assert found == EVERYTHING
    assert own(EVERYTHING, settings) == Answers()
    assert rows(EVERYTHING, SAID, is_pinned=False) == {}


def test_a_list_that_is_there_is_added_to_and_another_spelling_of_a_key_is_the_same_key():
    found = rows(Answers(exempt=("attrs", "six"), as_of="now"), {"newer": ["attrs"], "as_of": "now"}, is_pinned=False)
    assert found == {"newer": ["attrs", "six"]}


def test_what_is_found_out_later_comes_to_what_is_said():
    settings = Settings(additions=("a",), apart=False)
    assert merged(Answers(additions=("b",)), settings) == Answers(additions=("a", "b"), is_apart=False)
    assert merged(Answers(is_apart=True), settings).is_apart
    assert own(Answers(additions=("a", "b"), is_apart=True), settings) == Answers(additions=("b",), is_apart=True)


def test_another_default_than_the_one_that_was_answered_leaves_the_answer(write):
    settings = settings_of(write, '[tool.devstrap]\ndefault = "3.12"\n')
    assert own(Answers(python="3.12.1"), settings).python is None
    assert own(Answers(python="3.11.1"), settings).python == "3.11.1"


@pytest.mark.parametrize(
    ("python", "table", "is_pinned", "reason"),
    [
        ("3.11", {}, True, ".python-version goes before"),
        ("3.11", {"default": "3.12"}, False, 'default = "3.12" stays'),
        ("pypy3.10", {}, False, "not everybody has it"),
        ("3.14t", {}, False, "not everybody has it"),
        ("3", {}, False, "not everybody has it"),
        ("rubbish", {}, False, "not everybody has it"),
        ("3.9", {"supported": ["3.11", "3.12"]}, False, "not among those"),
        ("3.9", {"minimum": "3.10"}, False, "not among those"),
    ],
)
def test_a_python_that_would_contradict_the_rest_is_not_said_and_that_is_told(python, table, is_pinned, reason):
    assert rows(Answers(python), table, is_pinned=is_pinned) == {}
    assert reason in reason_against(Answers(python), table, is_pinned=is_pinned)


@pytest.mark.parametrize("table", [{}, {"default": "3.11"}, {"supported": ["3.11"]}, {"minimum": "3.9"}])
def test_a_python_that_is_said_or_can_be_has_no_reason_against_it(table):
    assert reason_against(Answers("3.11.7"), table, is_pinned=False) == ""
    assert reason_against(Answers(), table, is_pinned=True) == ""
