"""What set-up says of the Python that it chose."""

import pytest

from bootstrap.commands import Tools
from bootstrap.detect.repository import Reader
from bootstrap.flow import setup
from bootstrap.model import Answers, Change, Plan, Report, Status
from bootstrap.options import Options

TOOLS = Tools("/uv", {}, None, {})


def test_a_run_that_wrote_a_lock_does_not_say_that_there_was_nothing_to_do(tmp_path):
    report = Report("setup", tmp_path, Status.NOTHING_TO_DO)
    lock = Change("locked.txt", None, b"six==1.17.0\n")
    assert setup._with_files(report, (lock,)) == Report("setup", tmp_path, Status.READY, plan=Plan((lock,)))
    assert setup._with_files(report, ()) == report


@pytest.mark.parametrize(
    ("options", "wanted", "word"),
    [
        ({}, Answers("3.12.1"), "3.12.1 is remembered from an earlier answer; --python chooses another"),
        ({}, Answers(prefer_managed=True), "remembered from an earlier answer, --no-managed chooses another"),
        ({"python": "3.12.1"}, Answers("3.12.1"), ".python-version:1 pins 3.12"),
        ({"managed": True}, Answers(prefer_managed=True), ".python-version:1 pins 3.12"),
        ({}, Answers(), ".python-version:1 pins 3.12"),
    ],
)
def test_the_reason_says_what_an_earlier_answer_decided(facts, monkeypatch, options, wanted, word):
    there = facts()
    monkeypatch.setattr(setup, "detect", lambda *_: there)
    root = there.repository.root
    found = setup._look(Options("setup", root, **options), TOOLS, there.repository, wanted, Reader(root))
    assert found.choice.reason.endswith(word)
