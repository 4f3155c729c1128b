"""bootstrap.py and the hooks that would rewrite it: left out where there is one, and only then."""

import re

import pytest
import yaml
from adopting import WISHES, adopted, check, remarks, written

from bootstrap import assets
from bootstrap.adopt.exclusion import PATTERN
from bootstrap.adopt.hooks import hooks
from bootstrap.adopt.wrapper import for_repositories

PATH = ".pre-commit-config.yaml"
OURS = {"bootstrap.py": for_repositories(assets.read("bootstrap.py"))}
REPOS = """\
repos:
- repo: https://example.org/pyupgrade
  rev: v1
  hooks:
  - id: pyupgrade
- repo: local
  hooks:
  - id: devstrap
    entry: devstrap check
    language: system
    name: devstrap
"""


def test_a_hook_that_would_rewrite_it_does_not_get_to_see_it():
    check(hooks, PATH, f"# ours\n{REPOS}", f"# ours\nexclude: {PATTERN}\n{REPOS}", OURS)
    check(hooks, PATH, REPOS, f"exclude: {PATTERN}\n{REPOS}", OURS)


def test_it_comes_after_what_is_said_first_and_with_the_hook_in_one_draft():
    before = "ci:\n  autofix_prs: false\n\nrepos:\n- repo: x\n  hooks:\n  - id: pyupgrade\n"
    drafts, left = written(hooks, {**OURS, PATH: before})
    after = drafts[PATH].decode()
    assert after.startswith(f"ci:\n  autofix_prs: false\n\nexclude: {PATTERN}\nrepos:\n- repo: x\n")
    assert "id: devstrap-check" in after
    assert ["ci.skip" in remark.reason for remark in left] == [True]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("exclude: ^docs/", rf"exclude: ^docs/|{PATTERN}"),
        ("exclude: ^docs/  # generated", rf"exclude: ^docs/|{PATTERN}  # generated"),
        ("exclude: '^docs/'", rf"exclude: '^docs/|{PATTERN}'"),
    ],
)
def test_what_is_left_out_already_goes_on_to_be(before, after):
    check(hooks, PATH, f"{before}\n{REPOS}", f"{after}\n{REPOS}", OURS)
    pattern = yaml.safe_load(after)["exclude"]
    assert [re.search(pattern, name) is not None for name in ("docs/a.py", "bootstrap.py", "x/bootstrap.py")] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("exclude", ["exclude: |\n  (?x)^(\n    docs/.*\n  )$", 'exclude: "^docs\\\\."', "exclude:"])
def test_a_pattern_that_nothing_can_be_added_to_is_left_and_told(exclude):
    text = f"{exclude}\n{REPOS}"
    assert "pyupgrade would not leave bootstrap.py as it is" in remarks(hooks, {**OURS, PATH: text})[PATH]


@pytest.mark.parametrize(
    "text",
    [
        REPOS.replace("id: pyupgrade", "id: ruff"),
        REPOS.replace("id: pyupgrade", "id: pyupgrade\n    files: ^src/"),
        REPOS.replace("id: pyupgrade", r"id: pyupgrade\n    exclude: ^boot".replace(r"\n", "\n")),
        f"files: ^src/\n{REPOS}",
        f"exclude: (?x)^(docs/.*|bootstrap.py)$\n{REPOS}",
    ],
)
def test_where_no_hook_minds_it_nothing_is_left_out(text):
    assert adopted(hooks, PATH, text, OURS) == text


def test_a_hook_of_the_repository_itself_is_known_by_the_program_that_it_starts():
    own = "- repo: local\n  hooks:\n  - id: up\n    name: up\n    entry: uv run pyupgrade --py311-plus\n"
    text = REPOS.replace("id: pyupgrade", "id: ruff") + own
    assert adopted(hooks, PATH, text, OURS).startswith(f"exclude: {PATTERN}\n")


def test_it_is_left_out_for_those_too_who_want_no_hook_of_ours_and_only_where_the_file_is_ours():
    text = "repos:\n- repo: x\n  hooks:\n  - id: pyupgrade\n"
    wishes = WISHES._replace(has_hooks=False)
    assert written(hooks, {**OURS, PATH: text}, wishes)[0] == {PATH: f"exclude: {PATTERN}\n{text}".encode()}
    assert written(hooks, {"bootstrap.py": "print(1)\n", PATH: text}, wishes) == ({}, [])


def test_a_pattern_with_which_nothing_runs_is_for_pre_commit_to_tell():
    text = f"exclude: '['\n{REPOS}"
    assert adopted(hooks, PATH, text, OURS) == text
