"""CI for a repository that has none: the tests on every supported Python, its linters, and `check` with annotations.

Where parts need an environment each, `part_jobs` says what is tested.
"""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING

from bootstrap import assets
from bootstrap.adopt import part_jobs
from bootstrap.adopt.checkout import main_branches
from bootstrap.adopt.commands import is_untested, obstacle, tests_of, text_of
from bootstrap.adopt.model import Draft, Remark
from bootstrap.adopt.quality import ACTIONS, ANYWAY, is_measured, linters, upload, with_coverage
from bootstrap.adopt.split import split
from bootstrap.expression import expression
from bootstrap.policy import spelled

if TYPE_CHECKING:
    from bootstrap.adopt.model import Drafts, Tree, Wishes

PATH = ".github/workflows/tests.yml"
GUARD = ".github/workflows/python-versions.yml"
TEMPLATE = "templates/github/tests.yml"
_GUARDING = "templates/github/python-versions.yml"

_WORKFLOW = expression(r"^\.github/workflows/[^/]+\.ya?ml$")
_TESTS = expression(
    r"\b(?:py\.?test|tox|nox|unittest|hatch (?:test|run \S*(?:test|cov)\S*)|manage\.py test|make (?:\S+ )*test\w*)\b"
)
# Every workflow that publishes or documents sets up a Python; one that does so for several of them tests.
_MATRIX = expression(r"(?s)^(?=.*\bsetup-python\b)(?=.*\bmatrix:)")
_COMMENT = expression(r"(?m)(?:^|\s)#.*$")
# What can stand in hashFiles() as it is, in a plain scalar of YAML.
_PLAIN = expression(r"^[\w./+-]+$")
_CHECKS = expression(r"(?:devstrap|bootstrap\.py) check")
_OTHERS = (
    *(".gitlab-ci.yml", "azure-pipelines.yml", ".circleci/config.yml", ".travis.yml", "Jenkinsfile"),
    *("bitbucket-pipelines.yml", ".drone.yml", ".cirrus.yml", "appveyor.yml", ".appveyor.yml", ".woodpecker.yml"),
)
_MANIFESTS = expression(
    r"(?:^|/)(?:pyproject\.toml|setup\.(?:py|cfg)|uv\.lock|[\w-]*requirements[\w-]*\.(?:txt|in|lock))$"
)


def workflow(tree: Tree, wishes: Wishes) -> Drafts:
    """Write a workflow where nothing tests the repository yet; where one does, another beside it guards the versions.

    What is there stays as it is: the guard is a file of its own.
    """
    if not wishes.has_ci:
        return
    present = [path for path in tree.paths if _WORKFLOW.search(path)]
    testing = [path for path in present if tree.renews != PATH and _is_testing(_said(tree, path))]
    if testing:
        if not any(_CHECKS.search(text_of(tree, path)) for path in present if path != tree.renews):
            branches = ", ".join(main_branches(tree))
            guard = Template(assets.read(_GUARDING).decode()).substitute(ACTIONS, branches=branches)
            yield Draft(GUARD, guard.encode(), "say in pull requests where the versions disagree", is_whole=True)
        return
    others = [path for path in _OTHERS if tree.renews != PATH and path in tree.paths]
    if others:
        yield Remark(others[0], "let it guard the versions too: python3 bootstrap.py check")
    elif PATH in tree.paths:
        yield Remark(PATH, "it is there already, and runs no tests that are known here")
    elif parts := split(tree, wishes.policy):
        yield from part_jobs.workflow(PATH, tree, parts)
    elif reason := obstacle(tree):
        yield Remark(PATH, f"a workflow could not run the tests yet: {reason}")
    else:
        versions = ", ".join(map(spelled, wishes.policy.supported))
        what = "set it up" if is_untested(tree) else "run the tests"
        yield Draft(PATH, _content(tree, wishes), f"{what} on {versions}", is_whole=True)


def _is_testing(text: str) -> bool:
    return _TESTS.search(text) is not None or _MATRIX.search(text) is not None


def _said(tree: Tree, path: str) -> str:
    """Return what a file says without its comments: they name tools that it does not use."""
    return _COMMENT.sub("", text_of(tree, path))


def _content(tree: Tree, wishes: Wishes) -> bytes:
    manifests = sorted(path for path in tree.paths if _MANIFESTS.search(path) and path.count("/") < 2)
    manifests = [path for path in manifests if _PLAIN.search(path)]
    text = Template(assets.read(TEMPLATE).decode()).substitute(
        ACTIONS,
        branches=", ".join(main_branches(tree)),
        supported=", ".join(f'"{spelled(minor)}"' for minor in wishes.policy.supported),
        tests=with_coverage(tree, tests_of(tree)),
        manifests=", ".join(f"'{path}'" for path in ("bootstrap.py", *manifests)),
    )
    if is_untested(tree):
        head, _, rest = text.partition("      - name: Run the tests\n")
        text = "\n".join((head, rest.partition("\n\n")[2]))
    if is_measured(tree):
        text = text.replace("\n\n  quality:\n", f"\n{upload()}\n  quality:\n", 1)
    wanted = tuple(linters(tree))
    if wanted:
        text += f"      - name: Set up\n{ANYWAY}        run: python3 bootstrap.py --yes\n"
    for name, command in wanted:
        text += f"      - name: {name}\n{ANYWAY}        run: python3 bootstrap.py run {command}\n"
    return text.encode()
