"""The matrix of a part that admits less than the whole: it follows the policy from the part's own oldest Python on."""

import pytest
from adopting import tree
from rewriting import policy

from bootstrap.adopt.part_jobs import workflow
from bootstrap.adopt.split import Part
from bootstrap.decide import decide
from bootstrap.policy import Transition
from bootstrap.rewrite import rewrite
from bootstrap.sites.locate import locate

PATH = ".github/workflows/tests.yml"
WHOLE, NEW = policy("3.11 3.12 3.13"), policy("3.12 3.13 3.14")


def written(supported):
    """Return the workflow of a part `api` that admits all, and of `web`, which is tested on some."""
    files = tree({"tests/test_a.py": ""})
    parts = (Part("api", files, WHOLE.supported), Part("web", files, policy(supported).supported))
    files = tree({f"{path}/tests/test_a.py": "" for path in ("api", "web")})
    (draft,) = workflow(PATH, files, parts)
    return draft.after


def moved(data, old, new, floor="3.11", **change):
    """Return the matrices of both parts after a change of policy."""
    floors = (("", (3, 11)), ("api", (3, 11)), ("web", policy(floor).minimum))
    change = Transition(old, new, floors=floors, **change)
    decisions = [(site, decide(site, change)) for site in locate(PATH, data)]
    after = rewrite(data, [one for one in decisions if one[1].steps], change).decode()
    return [line.partition("[")[2].rstrip("]") for line in after.splitlines() if "python-version: [" in line]


@pytest.fixture(autouse=True)
def _tests_can_be_run(monkeypatch):
    for room in ("part_jobs", "commands"):
        monkeypatch.setattr(f"bootstrap.adopt.{room}.obstacle", lambda _tree: "")


@pytest.mark.parametrize(
    ("before", "floor", "new", "after"),
    [
        ("3.12 3.13", "3.12", NEW, '"3.12", "3.13", "3.14"'),
        ("3.13", "3.13", NEW, '"3.13", "3.14"'),
        ("3.13", "3.13", policy("3.11 3.12"), '"3.13"'),
        ("3.12 3.13", "3.12", policy("3.10 3.11 3.12 3.13"), '"3.12", "3.13"'),
        ("3.12 3.13", "3.12", policy("3.13 3.14"), '"3.13", "3.14"'),
    ],
)
def test_it_goes_along_from_its_own_oldest_on(before, floor, new, after):
    assert moved(written(before), WHOLE, new, floor)[1] == after


def test_a_part_that_admits_all_has_the_matrix_of_the_whole():
    assert moved(written("3.11 3.12 3.13"), WHOLE, NEW) == ['"3.12", "3.13", "3.14"'] * 2


def test_what_a_part_admits_no_longer_goes_from_its_matrix_only():
    whole = '"3.11", "3.12", "3.13"'
    assert moved(written("3.11 3.12 3.13"), WHOLE, WHOLE, "3.12", mends=True) == [whole, '"3.12", "3.13"']


def test_what_a_part_lacks_below_its_own_oldest_is_not_missing():
    assert moved(written("3.12 3.13"), WHOLE, WHOLE, "3.12", mends=True)[1] == '"3.12", "3.13"'


def test_a_job_that_names_no_part_follows_the_policy():
    data = written("3.12 3.13").replace(b"set-up-part", b"set-up")
    assert moved(data, WHOLE, policy("3.13 3.14"), "3.12")[1] == '"3.13", "3.14"'


def test_a_default_of_the_action_is_seen_and_moves():
    data = b'inputs:\n  python-version:\n    default: "3.11"\n'
    path = ".github/actions/set-up-part/action.yml"
    change = Transition(policy("3.11 3.12", "3.11"), policy("3.12 3.13", "3.12"))
    ((site, decision),) = [(one, decide(one, change)) for one in locate(path, data)]
    assert rewrite(data, [(site, decision)], change) == data.replace(b"3.11", b"3.12")


@pytest.mark.parametrize(
    ("range_", "new", "after"),
    [
        (">=3.11,<3.13", WHOLE, ">=3.11,<3.13"),
        (">=3.11,<3.13", NEW, ">=3.12,<3.13"),
        (">=3.11,<=3.12", WHOLE, ">=3.11,<=3.12"),
        (">=3.11,<3.14", NEW, ">=3.12,<3.15"),  # it followed the newest
        (">=3.11,<3.12", NEW, ">=3.12,<3.13"),  # it admits one
        (">=3.11,<3.13", policy("3.13 3.14"), ">=3.13,<3.15"),  # nothing would be left
    ],
)
@pytest.mark.parametrize("mends", [False, True])
def test_where_a_part_ends_of_its_own_is_left_to_its_authors(range_, new, after, mends):
    data = f'[project]\nname = "a"\nrequires-python = "{range_}"\n'.encode()
    change = Transition(WHOLE, new, mends=mends)
    decided = [(site, decide(site, change)) for site in locate("web/pyproject.toml", data)]
    assert rewrite(data, [one for one in decided if one[1].steps], change) == data.replace(
        range_.encode(), after.encode()
    )


def test_where_the_root_ends_is_what_is_supported():
    data = b'[project]\nname = "a"\nrequires-python = ">=3.11,<3.13"\n'
    change = Transition(WHOLE, WHOLE, mends=True)
    decided = [(site, decide(site, change)) for site in locate("pyproject.toml", data)]
    assert b'">=3.11,<3.14"' in rewrite(data, [one for one in decided if one[1].steps], change)
