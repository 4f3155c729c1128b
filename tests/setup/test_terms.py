"""What goes for an installation beyond what is declared."""

from datetime import UTC, datetime

import pytest

from bootstrap.model import Answers, Dependencies, Run
from bootstrap.setup.moment import Moment
from bootstrap.setup.terms import on_terms

PLAIN = Run(("uv", "pip", "install", "--python", "{target}", "six"), "install")
EXACT = Run(("uv", "pip", "install", "--no-deps", "x"), "install")
TOOL = Run(("uv", "tool", "run", "x"), "read")
MOMENT = Moment(datetime(2020, 1, 1, tzinfo=UTC), "")
BOUND = ("--exclude-newer", "2020-01-01T00:00:00+00:00")


@pytest.fixture
def needs():
    return Dependencies("requirements", "", (PLAIN, EXACT, TOOL), "f1", files=(("a.txt", "a"),))


def test_without_terms_nothing_changes(needs):
    assert on_terms(needs, None, Answers()) is needs
    assert on_terms(None, MOMENT, Answers(additions=("six",))) is None


def test_a_bound_in_time_goes_to_what_is_resolved_and_to_nothing_else(needs):
    found = on_terms(needs, MOMENT, Answers())
    assert [run.argv for run in found.installs] == [(*PLAIN.argv, *BOUND), EXACT.argv, TOOL.argv]
    assert (found.fingerprint, found.files) == ("f1", needs.files)


def test_bounds_of_build_tools_are_a_file_that_every_installation_reads(needs):
    found = on_terms(needs, None, Answers(build_constraints=("setuptools<58", "cython<3")))
    limits = ("--build-constraints", "{target}/devstrap-build.txt")
    assert [run.argv for run in found.installs] == [(*PLAIN.argv, *limits), (*EXACT.argv, *limits), TOOL.argv]
    assert found.files == (*needs.files, ("devstrap-build.txt", "setuptools<58\ncython<3\n"))


def test_additions_are_installed_last_on_the_same_terms_and_anew(needs):
    found = on_terms(needs, MOMENT, Answers(additions=("six>=1", "toml")))
    assert found.installs[-1].argv == (*PLAIN.argv[:5], "six>=1", "toml", *BOUND)
    assert found.installs[-1].purpose == "install six>=1, toml in addition"
    other = on_terms(needs, MOMENT, Answers(additions=("six>=1",)))
    assert len({found.fingerprint, other.fingerprint, needs.fingerprint}) == 3
