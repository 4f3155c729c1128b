import pytest
import yaml
from adopting import WISHES, adopted, check, remarks, tree, written
from hypothesis import given, settings
from hypothesis import strategies as st

from bootstrap.adopt.hooks import HOOK, hooks

PATH = ".pre-commit-config.yaml"


def test_a_repository_without_hooks_gets_none():
    assert list(hooks(tree({"README.md": "# shop\n"}), WISHES)) == []


def test_nothing_is_done_for_who_wants_no_hook():
    files = {PATH: "repos:\n- repo: meta\n  hooks:\n  - id: identity\n"}
    assert list(hooks(tree(files), WISHES._replace(has_hooks=False))) == []


def test_a_repo_is_added_as_the_last_one_with_indented_sequences():
    check(
        hooks,
        PATH,
        """\
# what runs before a commit
repos:
  - repo: https://github.com/astral-sh/ruff-pre-commit
    rev: v0.11.0  # frozen
    hooks:
      - id: ruff
        # the formatter is another one
        args: [--fix]

  - repo: https://github.com/pre-commit/pre-commit-hooks
    rev: v5.0.0
    hooks:
      - id: end-of-file-fixer
""",
        """\
# what runs before a commit
repos:
  - repo: https://github.com/astral-sh/ruff-pre-commit
    rev: v0.11.0  # frozen
    hooks:
      - id: ruff
        # the formatter is another one
        args: [--fix]

  - repo: https://github.com/pre-commit/pre-commit-hooks
    rev: v5.0.0
    hooks:
      - id: end-of-file-fixer

  - repo: local
    hooks:
      - id: devstrap-check
        name: Python versions agree
        entry: python bootstrap.py check
        language: system
        pass_filenames: false
        always_run: true
""",
    )


def test_the_dashes_stand_where_the_author_puts_them():
    check(
        hooks,
        PATH,
        """\
repos:
-   repo: https://github.com/asottile/pyupgrade
    rev: v3.19.0
    hooks:
    -   id: pyupgrade
        args: [--py311-plus]
""",
        """\
repos:
-   repo: https://github.com/asottile/pyupgrade
    rev: v3.19.0
    hooks:
    -   id: pyupgrade
        args: [--py311-plus]
-   repo: local
    hooks:
    -   id: devstrap-check
        name: Python versions agree
        entry: python bootstrap.py check
        language: system
        pass_filenames: false
        always_run: true
""",
    )


def test_the_hook_joins_those_of_the_repository_itself():
    check(
        hooks,
        PATH,
        """\
repos:
- repo: local
  hooks:
  - id: types
    name: types
    entry: >-
      mypy
      --strict
    language: system
    # - id: more
- repo: meta
  hooks:
  - id: identity
""",
        """\
repos:
- repo: local
  hooks:
  - id: types
    name: types
    entry: >-
      mypy
      --strict
    language: system
    # - id: more
  - id: devstrap-check
    name: Python versions agree
    entry: python bootstrap.py check
    language: system
    pass_filenames: false
    always_run: true
- repo: meta
  hooks:
  - id: identity
""",
    )


def test_what_comes_after_the_repos_stays_after_them():
    before = "repos:\n- repo: meta\n  hooks:\n  - id: identity\n\n# about commits\nfail_fast: true\n"
    after = adopted(hooks, PATH, before)
    assert after.endswith("    always_run: true\n\n# about commits\nfail_fast: true\n")


def test_who_checks_with_the_service_is_told_that_it_has_no_network():
    files = {PATH: "ci:\n  skip: [mypy]\nrepos:\n- repo: meta\n  hooks:\n  - id: identity\n"}
    drafts, left = written(hooks, files)
    assert set(drafts) == {PATH}
    assert "ci.skip" in left[0].reason


@pytest.mark.parametrize(
    "hook",
    [
        "- repo: https://example.org/devstrap\n  rev: v1\n  hooks:\n  - id: check\n",
        "- repo: https://example.org/ours\n  rev: v1\n  hooks:\n  - id: devstrap-check\n",
        "- repo: local\n  hooks:\n  - {id: v, name: v, entry: python3 bootstrap.py check, language: system}\n",
    ],
)
def test_a_repository_that_has_the_hook_is_left_alone(hook):
    assert list(hooks(tree({PATH: "repos:\n" + hook}), WISHES)) == []


@pytest.mark.parametrize(
    "text",
    [
        "repos: []\n",
        "repos: [{repo: meta, hooks: [{id: identity}]}]\n",
        "repos:\n- {repo: meta, hooks: [{id: identity}]}\n",
        "repos:\n-\n  repo: meta\n  hooks:\n  - id: identity\n",
        "{% if hooks %}\nrepos:\n{% endif %}\n",
        "repos:\n- repo: meta\n  hooks:\n  - id: identity\n---\nrepos: []\n",
        "exclude: x\n",
        "",
        "name: \xe9\n".encode("latin-1"),
        "repos:\r- repo: meta\r",
    ],
)
def test_what_is_not_understood_is_left_and_told(text):
    assert set(remarks(hooks, {PATH: text})) == {PATH}


_NAMES = st.sampled_from(["ruff", "mypy", "black"])
_GAPS = st.sampled_from(["", "\n", "# a comment\n", "\n# a comment\n\n"])
_REPOS = st.lists(st.tuples(st.sampled_from(["meta", "local", "https://example.org/x"]), st.lists(_NAMES, min_size=1)))


@settings(deadline=None)
@given(_REPOS, st.sampled_from([0, 2, 4]), st.integers(1, 3), st.sampled_from([0, 2]), _GAPS, st.sampled_from("\n\r"))
def test_the_data_differ_in_the_hook_alone(repos, column, gap, inner, between, end):
    lines = "repos:\n"
    dash, other = " " * column + "-" + " " * gap, " " * (column + 1 + gap)
    for repo, names in repos:
        lines += f"{dash}repo: {repo}\n{other}hooks:\n"
        for name in names:
            lines += f"{other}{' ' * inner}- id: {name}\n{other}{' ' * inner}  name: {name}\n"
        lines += between
    text = lines.replace("\n", "\r\n" if end == "\r" else "\n")
    after = adopted(hooks, PATH, text)
    old, new = yaml.safe_load(text), yaml.safe_load(after)
    if not repos:
        assert after == text
        return
    added = [hook for repo in new["repos"] for hook in repo["hooks"] if hook["id"] == HOOK["id"]]
    assert added == [HOOK]
    for repo in new["repos"]:
        repo["hooks"] = [hook for hook in repo["hooks"] if hook != HOOK]
    assert [repo for repo in new["repos"] if repo["hooks"]] == old["repos"]
    assert ("\r\n" in after) == (end == "\r")
    assert after.count("\n") == after.count("\r\n" if end == "\r" else "\n")
