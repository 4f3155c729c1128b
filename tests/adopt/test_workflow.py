"""The workflow for a repository that has none, as the linters of workflows see it."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from adopting import WISHES, remarks, tree, written

from bootstrap.adopt.checkout import main_branches
from bootstrap.adopt.model import Wishes
from bootstrap.adopt.quality import ACTIONS
from bootstrap.adopt.workflow import GUARD, PATH, workflow
from bootstrap.policy import Policy

PYPROJECT = '[project]\nname = "a"\nversion = "1"\n\n[dependency-groups]\ndev = ["pytest", "ruff", "mypy"]\n'
LIBRARY = {"pyproject.toml": PYPROJECT + "\n[tool.ruff]\n\n[tool.mypy]\nfiles = ['src']\n", "tests/test_a.py": ""}
SCRIPTS = {"requirements.txt": "rich\n", "a.py": "", "tests/test_a.py": "import unittest\n"}
SERVICE = {"requirements.txt": "flask\n", "requirements-dev.txt": "pytest\nflake8\nblack\n", ".flake8": "[flake8]\n"}
MEASURED = {"pyproject.toml": PYPROJECT.replace('"pytest"', '"pytest", "pytest-cov", "pyright"')}
MEASURED["pyproject.toml"] += "\n[tool.coverage.run]\nbranch = true\n\n[tool.ruff.format]\n\n[tool.pyright]\n"
TESTED = {".github/workflows/ci.yml": "jobs:\n  a:\n    steps:\n    - run: pytest\n"}
CASES = {"measured": MEASURED, "library": LIBRARY, "scripts": SCRIPTS, "service": SERVICE}


def made(files, wishes=WISHES):
    drafts, left = written(workflow, files, wishes)
    assert left == []
    return drafts[PATH].decode()


@pytest.fixture(params=CASES)
def checkout(request, tmp_path):
    """A folder with the workflow in it."""
    file = tmp_path / PATH
    file.parent.mkdir(parents=True)
    file.write_text(made(CASES[request.param]))
    return tmp_path


def linted(checkout, *argv):
    program = str(Path(sys.executable).with_name(argv[0]))
    done = subprocess.run([program, *argv[1:]], cwd=checkout, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_actionlint_finds_nothing(checkout):
    linted(checkout, "actionlint", PATH)


def test_zizmor_finds_nothing(checkout):
    linted(checkout, "zizmor", "--offline", "--no-progress", "--persona=pedantic", PATH)


def test_it_is_valid_by_the_published_schema(checkout):
    linted(checkout, "check-jsonschema", "--builtin-schema", "vendor.github-workflows", PATH)


def test_the_tests_run_on_every_supported_python_as_text():
    jobs = yaml.safe_load(made(LIBRARY))["jobs"]
    assert jobs["tests"]["strategy"]["matrix"]["python-version"] == ["3.11", "3.12", "3.13"]
    one = Wishes(Policy((3, 10), (3, 10), ((3, 10),)))
    assert yaml.safe_load(made(LIBRARY, one))["jobs"]["tests"]["strategy"]["matrix"]["python-version"] == ["3.10"]


# A pin says which Python it is without that, and there is one in every repository that was adopted.
RUN = 'python3 bootstrap.py --python "$PYTHON" run'


def steps(files, job):
    return [step["run"] for step in yaml.safe_load(made(files))["jobs"][job]["steps"] if "run" in step]


def test_each_repository_gets_its_own_tests_and_linters():
    assert steps(LIBRARY, "tests")[-1] == f"{RUN} pytest"
    assert steps(SCRIPTS, "tests")[-1] == f"{RUN} python -m unittest"
    check = "python3 bootstrap.py check --format github"
    set_up = "python3 bootstrap.py --yes"
    assert steps(LIBRARY, "quality") == [
        check,
        set_up,
        "python3 bootstrap.py run ruff check .",
        "python3 bootstrap.py run mypy",
    ]
    assert steps(SCRIPTS, "quality") == [check]
    assert steps(SERVICE, "quality") == [check, set_up, "python3 bootstrap.py run flake8 --extend-exclude .venv"]


def test_actions_are_pinned_to_commits():
    uses = [line.split("uses: ")[1] for line in made(MEASURED).splitlines() if "uses: " in line]
    assert set(uses) == set(ACTIONS.values())


def test_where_coverage_is_measured_it_is_kept_for_every_python():
    assert steps(MEASURED, "tests")[-1] == f"{RUN} pytest --cov --cov-report=xml"
    uploads = yaml.safe_load(made(MEASURED))["jobs"]["tests"]["steps"][-1]
    assert uploads["with"]["name"] == "coverage-${{ matrix.python-version }}"
    assert steps(MEASURED, "quality")[2:] == [f"python3 bootstrap.py run {name}" for name in (*FORMATTED, "pyright")]


FORMATTED = ("ruff check .", "ruff format --check .")


def test_a_workflow_that_tests_is_kept_and_another_guards_the_versions(tmp_path):
    drafts, left = written(workflow, {**LIBRARY, **TESTED})
    assert (set(drafts), left) == ({GUARD}, [])
    file = tmp_path / GUARD
    file.parent.mkdir(parents=True)
    file.write_bytes(drafts[GUARD])
    linted(tmp_path, "actionlint", GUARD)
    linted(tmp_path, "zizmor", "--offline", "--no-progress", "--persona=pedantic", GUARD)
    linted(tmp_path, "check-jsonschema", "--builtin-schema", "vendor.github-workflows", GUARD)


def test_who_guards_the_versions_already_gets_no_other():
    guarded = {".github/workflows/ci.yml": "jobs:\n  a:\n    steps:\n    - run: tox\n    - run: devstrap check\n"}
    assert remarks(workflow, {**LIBRARY, **guarded}) == {}


def test_another_ci_is_not_doubled():
    assert "guard the versions too" in remarks(workflow, {**LIBRARY, ".gitlab-ci.yml": "a: b\n"})[".gitlab-ci.yml"]


def test_a_workflow_that_could_not_run_is_not_written():
    assert "nothing is declared" in remarks(workflow, {"docs/requirements.txt": "flask\n", "web/a.py": ""})[PATH]
    assert "already" in remarks(workflow, {**LIBRARY, PATH: "jobs: {}\n"})[PATH]


def test_the_tests_of_parts_are_run_in_the_environment_that_they_share():
    parts = {"web/requirements.txt": "flask\n", "web/pytest.ini": "", "web/tests/test_a.py": "", "api/setup.py": ""}
    text = written(workflow, parts)[0][PATH].decode()
    assert f"run: {RUN} pytest\n" in text
    assert "'api/setup.py', 'web/requirements.txt'" in text


def test_nobody_gets_what_they_do_not_want():
    assert list(workflow(tree(LIBRARY), WISHES._replace(has_ci=False))) == []


SET_UP = "    - uses: actions/setup-python@v6\n"


@pytest.mark.parametrize(
    "steps",
    [
        f"{SET_UP}    - run: python -m build\n",
        "    - run: hatch run docs:build\n",
        "    # pytest runs elsewhere\n    - run: mkdocs build\n",
    ],
)
def test_a_workflow_that_only_publishes_or_documents_does_not_test(steps):
    other = {".github/workflows/publish.yml": f"jobs:\n  a:\n    steps:\n{steps}"}
    assert f"{RUN} pytest" in made({**LIBRARY, **other})


def test_a_workflow_that_sets_up_several_pythons_tests():
    matrix = f"    strategy:\n      matrix:\n        python: ['3.12']\n    steps:\n{SET_UP}    - run: scripts/test\n"
    ci = {".github/workflows/ci.yml": f"jobs:\n  a:\n{matrix}"}
    assert set(written(workflow, {**LIBRARY, **ci})[0]) == {GUARD}


def test_a_linter_that_only_a_comment_names_is_not_run():
    project = LIBRARY["pyproject.toml"].replace('"ruff", ', "").replace("[tool.ruff]", "# as ruff has it\n[tool.ruff]")
    assert not any("ruff" in step for step in steps({"pyproject.toml": project}, "quality"))


def test_what_disagrees_does_not_hide_the_linters():
    quality = yaml.safe_load(made(LIBRARY))["jobs"]["quality"]["steps"]
    assert [step.get("if") for step in quality[3:]] == ["success() || failure()"] * 3


def test_a_path_that_cannot_stand_in_an_expression_is_not_hashed():
    assert "it's" not in made({**LIBRARY, "it's/pyproject.toml": PYPROJECT})


@pytest.mark.parametrize(
    ("git", "branches"),
    [
        ({}, "[main, master]"),
        ({"refs/remotes/origin/HEAD": "ref: refs/remotes/origin/master\n"}, "[main, master]"),
        ({"refs/remotes/origin/HEAD": "ref: refs/remotes/origin/trunk\n", "HEAD": "ref: refs/heads/a\n"}, "[trunk]"),
        ({"packed-refs": "# pack-refs\n0a refs/heads/fix\n0b refs/remotes/origin/develop\n"}, "[develop]"),
        ({"refs/heads/dev": "0a\n", "refs/heads/main": "0b\n", "HEAD": "ref: refs/heads/dev\n"}, "[main, master]"),
        ({"HEAD": "ref: refs/heads/stable\n"}, "[stable]"),
        (
            {"HEAD": "ref: refs/heads/fix-1\n", "packed-refs": "0a refs/heads/fix-1\n0b refs/heads/b\n"},
            "[main, master]",
        ),
        ({"refs/remotes/origin/HEAD": "ref: refs/remotes/origin/a*b\n"}, "[main, master]"),
    ],
)
def test_what_is_pushed_is_tested_on_the_branch_that_all_others_go_into(git, branches):
    noted = {f".git/{name}": text for name, text in git.items()}
    kept = tree({**LIBRARY, **noted})
    seen = kept._replace(paths=tuple(path for path in kept.paths if not path.startswith(".git/")))
    (draft,) = workflow(seen, WISHES)
    assert f"    branches: {branches}\n" in draft.after.decode()
    (guard,) = workflow(seen._replace(paths=(*seen.paths, *TESTED), read=tree({**noted, **TESTED}).read), WISHES)
    assert f"    branches: {branches}\n" in guard.after.decode()


def test_a_worktree_has_the_branches_of_the_checkout_that_it_belongs_to():
    noted = {".git": "gitdir: /a/.git/worktrees/b\n", "/a/.git/worktrees/b/HEAD": "ref: refs/heads/fix\n"}
    noted["/a/.git/worktrees/b/../../refs/remotes/origin/HEAD"] = "ref: refs/remotes/origin/trunk\n"
    assert main_branches(tree(noted)) == ("trunk",)


def test_a_repository_without_tests_is_only_set_up():
    made_of = {"requirements.txt": "rich\n", "a.py": ""}
    assert steps(made_of, "tests") == ['python3 bootstrap.py --yes --python "$PYTHON"']
    assert list(yaml.safe_load(made(made_of))["jobs"]) == ["tests", "quality"]
    (draft,) = workflow(tree(made_of), WISHES)
    assert draft.why == "set it up on 3.11, 3.12, 3.13"
