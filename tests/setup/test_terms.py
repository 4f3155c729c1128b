"""What goes for an installation beyond what is declared."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bootstrap.model import Answers, Dependencies, Run
from bootstrap.setup.moment import Moment
from bootstrap.setup.terms import may_be_bare, on_terms

INSTALL = ("uv", "pip", "install", "--python", "{target}")
PLAIN = Run((*INSTALL, "six"), "install")
EXACT = Run((*INSTALL, "--no-deps", "--requirements", "{target}/lock.txt"), "install")
ITSELF = Run((*INSTALL, "--no-deps", "--editable", "."), "install")
TOOL = Run(("uv", "tool", "run", "x"), "read")
MOMENT = Moment(datetime(2024, 1, 1, tzinfo=UTC), "")
BOUND = ("--exclude-newer", "2024-01-01T00:00:00+00:00")


@pytest.fixture
def needs():
    return Dependencies("requirements", "", (PLAIN, EXACT, TOOL), "f1", files=(("a.txt", "a==1\nb==2\n"),))


def on(dependencies, answers=None, *, moment=None, committed=None):
    return on_terms(dependencies, moment, committed, answers or Answers(), "/root/shop")


def test_without_terms_nothing_changes(needs):
    assert on(needs) is needs
    assert on(needs, committed=MOMENT.when) is needs
    assert on(None, Answers(additions=("six",)), moment=MOMENT) is None


def test_a_bound_in_time_goes_to_what_is_resolved_and_to_nothing_else(needs):
    found = on(needs, moment=MOMENT)
    assert [run.argv for run in found.installs] == [(*PLAIN.argv, *BOUND), EXACT.argv, TOOL.argv]
    assert (found.fingerprint, found.files) == ("f1", needs.files)


LIMITS = ("--build-constraints", "{target}/devstrap-build.txt")


def test_bounds_of_build_tools_are_a_file_that_every_installation_reads(needs):
    found = on(needs, Answers(build_constraints=("setuptools<72", "cython<3")))
    assert [run.argv for run in found.installs] == [(*PLAIN.argv, *LIMITS), (*EXACT.argv, *LIMITS), TOOL.argv]
    assert found.files == (*needs.files, ("devstrap-build.txt", "setuptools<72\ncython<3\n"))


def test_additions_are_installed_last_on_the_same_terms_and_anew(needs):
    found = on(needs, Answers(additions=("six>=1", "toml")), moment=MOMENT)
    assert found.installs[-1].argv == (*INSTALL, "six>=1", "toml", *BOUND)
    assert found.installs[-1].purpose == "install six>=1, toml in addition"
    other = on(needs, Answers(additions=("six>=1",)))
    assert len({found.fingerprint, other.fingerprint, needs.fingerprint}) == 3


def test_what_is_added_to_a_lock_of_long_ago_is_of_its_time(needs):
    locked = replace(needs, is_locked=True)
    found = on(locked, Answers(additions=("six",)), committed=MOMENT.when)
    assert found.installs[-1].argv == (*INSTALL, "six", *BOUND)
    assert on(locked, Answers(additions=("six",))).installs[-1].argv == (*INSTALL, "six")


@pytest.mark.parametrize(
    ("when", "bound"),
    [
        (datetime(2019, 1, 1, tzinfo=UTC), "setuptools<46"),
        (datetime(2021, 1, 1, tzinfo=UTC), "setuptools<58"),
        (datetime(2022, 1, 1, tzinfo=UTC), "setuptools<64"),
    ],
)
def test_a_time_before_editable_wheels_gets_the_build_tools_of_then_of_any_day(needs, when, bound):
    found = on(needs, moment=Moment(when, ""))
    words = found.installs[0].argv
    assert words[len(PLAIN.argv) :][:2] == ("--exclude-newer", when.isoformat())
    assert "setuptools=2200-01-01" in words
    assert words[-2:] == LIMITS
    assert found.files[-1] == ("devstrap-build.txt", f"{bound}\n")


def test_what_somebody_bounds_goes_before_the_tools_of_then(needs):
    found = on(
        needs, Answers(build_constraints=("setuptools<40",)), moment=Moment(datetime(2019, 1, 1, tzinfo=UTC), "")
    )
    assert found.files[-1] == ("devstrap-build.txt", "setuptools<40\n")


@pytest.mark.parametrize("answers", [Answers(is_linked=True), Answers(build_constraints=("setuptools<58",))])
def test_where_nothing_installs_editable_it_is_copied_and_linked(needs, answers):
    dependencies = replace(needs, installs=(PLAIN, ITSELF._replace(cwd="sub"), Run((*INSTALL, "--editable", "/x"), "")))
    found = on(dependencies, answers)
    _, copied, link, elsewhere = found.installs
    assert copied.argv[:7] == (*INSTALL, "--no-deps", ".")
    assert link.argv[:3] == ("{devstrap}", "-I", "-B")
    assert link.argv[-2:] == ("{target}", "/root/shop/sub")
    assert elsewhere.argv[5:7] == ("--editable", "/x")
    assert on(replace(needs, installs=(ITSELF,)), answers).installs[1].argv[-1] == "/root/shop"


def test_a_distribution_can_be_left_out_of_a_lock(needs):
    found = on(needs, Answers(without=("a",)))
    assert found.files == (("a.txt", "b==2\n"),)
    assert found.fingerprint != needs.fingerprint


def test_the_project_itself_can_be_left_out_where_it_is_installed_by_itself(needs):
    dependencies = replace(needs, installs=(EXACT, ITSELF), installs_project=True)
    assert may_be_bare(dependencies)
    assert not may_be_bare(needs)
    found = on(dependencies, Answers(is_bare=True))
    assert [run.argv for run in found.installs] == [EXACT.argv]
    assert not found.installs_project
