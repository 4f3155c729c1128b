import pytest
from rewriting import policy

from bootstrap.modernize import ALL, Choice, propose
from bootstrap.policy import Transition
from bootstrap.sites.locate import locate
from bootstrap.survey import Survey

CHANGE = Transition(policy("3.8 3.9"), policy("3.9 3.10"), has_default=False)
PYPROJECT = """\
[project]
requires-python = ">=3.8"
classifiers = [
    "Programming Language :: Python :: 3.8",
    "Programming Language :: Python :: 3.9",
]
"""
DOCKERFILE = "FROM python:3.8-slim\n"


def surveyed(**files):
    """Return the survey of files; a double underscore in a name stands for its dot."""
    named = {name.replace("__", "."): text.encode() for name, text in files.items()}
    sites = tuple(site for path, data in named.items() for site in locate(path, data))
    return Survey(sites, (), tuple(named.items()))


FOUND = surveyed(pyproject__toml=PYPROJECT, Dockerfile=DOCKERFILE)


def written(proposal):
    return {change.path: change.after.decode() for change in proposal.changes}


def test_every_file_that_changes_is_proposed_with_what_it_was():
    proposal = propose(FOUND, CHANGE)
    after = PYPROJECT.replace("3.9", "3.10").replace("3.8", "3.9")
    assert written(proposal) == {"pyproject.toml": after, "Dockerfile": "FROM python:3.9-slim\n"}
    assert [change.before for change in proposal.changes] == [PYPROJECT.encode(), DOCKERFILE.encode()]
    assert proposal.refused == ()
    assert [site for site, _ in proposal.decisions] == list(FOUND.sites)


def test_a_policy_that_stays_proposes_nothing():
    assert propose(FOUND, Transition(policy("3.8 3.9"), policy("3.8 3.9"))).changes == ()


def test_what_is_done_is_not_proposed_again():
    again = surveyed(**{path.replace(".", "__"): text for path, text in written(propose(FOUND, CHANGE)).items()})
    assert propose(again, Transition(CHANGE.new, CHANGE.new)).changes == ()


@pytest.mark.parametrize(
    ("choice", "paths"),
    [
        (ALL, {"pyproject.toml", "Dockerfile"}),
        (Choice(only=("shipped",)), {"Dockerfile"}),
        (Choice(only=("claimed", "shipped")), {"pyproject.toml", "Dockerfile"}),
        (Choice(only=("docker.*",)), {"Dockerfile"}),
        (Choice(only=("*.toml",)), {"pyproject.toml"}),
        (Choice(only=("docker.from:Dockerfile:1",)), {"Dockerfile"}),
        (Choice(skip=("shipped",)), {"pyproject.toml"}),
        (Choice(skip=("pyproject.*",)), {"Dockerfile"}),
        (Choice(only=("claimed",), skip=("pyproject.toml",)), set()),
        (Choice(only=("nothing",)), set()),
    ],
)
def test_sites_are_chosen_by_area_kind_path_or_id(choice, paths):
    proposal = propose(FOUND, CHANGE, choice)
    assert set(written(proposal)) == paths
    left = {site.source.path for site, decision in proposal.decisions if decision.reason != "not chosen"}
    assert left == paths


def test_a_line_that_asks_for_it_is_left_alone():
    asked = PYPROJECT.replace('">=3.8"', '">=3.8"  # devstrap: ignore')
    proposal = propose(surveyed(pyproject__toml=asked, Dockerfile=DOCKERFILE), CHANGE)
    assert written(proposal)["pyproject.toml"] == asked.replace(":: 3.9", ":: 3.10").replace(":: 3.8", ":: 3.9")
    assert [one.reason for _, one in proposal.decisions if one.reason] == ["the line asks devstrap to ignore it"]


NOXFILE = """\
import nox


@nox.session(python=3.9)
def lint(session): ...


@nox.session(python="3.9")
def docs(session): ...
"""


def test_sites_of_a_file_are_refused_one_by_one():
    change = Transition(policy("3.9"), policy("3.10"), has_default=False)
    proposal = propose(surveyed(noxfile__py=NOXFILE, Dockerfile="FROM python:3.9\n"), change)
    assert written(proposal) == {"noxfile.py": NOXFILE.replace('"3.9"', '"3.10"'), "Dockerfile": "FROM python:3.10\n"}
    (refusal,) = proposal.refused
    assert (refusal.path, refusal.line, refusal.reason) == ("noxfile.py", 4, "3.10 would be the number 3.1")


def test_of_edits_that_overlap_the_first_is_made():
    found = surveyed(Dockerfile=DOCKERFILE)
    twice = Survey((*found.sites, *found.sites), (), found.data)
    proposal = propose(twice, CHANGE)
    assert written(proposal) == {"Dockerfile": "FROM python:3.9-slim\n"}
    assert [refusal.reason for refusal in proposal.refused] == ["two edits meet at one place"]


def test_a_file_whose_every_edit_is_refused_is_left_alone():
    change = Transition(policy("3.9"), policy("3.10"), has_default=False)
    proposal = propose(surveyed(noxfile__py=NOXFILE.partition('\n\n\n@nox.session(python="')[0] + "\n"), change)
    assert proposal.changes == ()
    assert len(proposal.refused) == 1
