"""CI for a repository that has none: the tests on every supported Python, its linters, and `check` with annotations."""

from __future__ import annotations

import re
from string import Template
from typing import TYPE_CHECKING

from bootstrap import assets
from bootstrap.adopt.commands import obstacle, tests_of, text_of
from bootstrap.adopt.installed import has
from bootstrap.adopt.model import Draft, Remark
from bootstrap.expression import expression
from bootstrap.policy import spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bootstrap.adopt.model import Drafts, Tree, Wishes

PATH = ".github/workflows/tests.yml"
GUARD = ".github/workflows/python-versions.yml"
TEMPLATE = "templates/github/tests.yml"
_GUARDING = "templates/github/python-versions.yml"

# Actions by the commit of a release, since a tag can be moved: GitHub's "Security hardening for GitHub Actions".
ACTIONS = {
    "checkout": "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1",
    "cache": "actions/cache@55cc8345863c7cc4c66a329aec7e433d2d1c52a9 # v6.1.0",
    "upload": "actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a # v7.0.1",
}

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

_Wanted = tuple[tuple[str, str, re.Pattern[str]], ...]
# What disagrees keeps nobody from hearing of the linters.
_ANYWAY = "        if: success() || failure()\n"
# What a linter is called, how it is run (flake8 alone would look into .venv), and what shows that it is configured.
_LINTERS: _Wanted = (
    (
        "ruff",
        "ruff check .",
        re.compile(r"(?m)^\[tool\.ruff|^(?:lint|select|line-length|target-version)\b"),
    ),
    # Only where somebody says how: to be formatted by ruff is another decision than to be linted by it.
    ("ruff format", "ruff format --check .", re.compile(r"(?m)^\[tool\.ruff\.format\]|^\[format\]")),
    ("pyright", "pyright", re.compile(r"(?m)^\[tool\.pyright\]")),
    ("flake8", "flake8 --extend-exclude .venv", re.compile(r"(?m)^\[flake8\]")),
    ("black", "black --check .", re.compile(r"(?m)^\[tool\.black\]")),
    ("mypy", "mypy", re.compile(r"(?ms)^\[(?:tool\.)?mypy\][^\[]*^(?:files|packages|modules)\b")),
)
_OF_RUFF = ("ruff", "ruff format")
_SETTINGS = ("pyproject.toml", "ruff.toml", ".ruff.toml", "setup.cfg", "tox.ini", ".flake8", "mypy.ini", ".mypy.ini")


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
            guard = Template(assets.read(_GUARDING).decode()).substitute(ACTIONS)
            yield Draft(GUARD, guard.encode(), "say in pull requests where the versions disagree", is_whole=True)
        return
    others = [path for path in _OTHERS if tree.renews != PATH and path in tree.paths]
    if others:
        yield Remark(others[0], "let it guard the versions too: python3 bootstrap.py check")
    elif PATH in tree.paths:
        yield Remark(PATH, "it is there already, and runs no tests that are known here")
    elif reason := obstacle(tree):
        yield Remark(PATH, f"a workflow could not run the tests yet: {reason}")
    else:
        versions = ", ".join(map(spelled, wishes.policy.supported))
        yield Draft(PATH, _content(tree, wishes), f"run the tests on {versions}", is_whole=True)


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
        supported=", ".join(f'"{spelled(minor)}"' for minor in wishes.policy.supported),
        tests=_with_coverage(tree, tests_of(tree)),
        manifests=", ".join(f"'{path}'" for path in ("bootstrap.py", *manifests)),
    )
    if _measures(tree):
        text = text.replace("\n\n  quality:\n", f"\n{_UPLOAD.substitute(ACTIONS)}\n  quality:\n", 1)
    linters = tuple(_linters(tree))
    if linters:
        text += f"      - name: Set up\n{_ANYWAY}        run: python3 bootstrap.py --yes\n"
    for name, command in linters:
        text += f"      - name: {name}\n{_ANYWAY}        run: python3 bootstrap.py run {command}\n"
    return text.encode()


_UPLOAD = Template("""\
      - uses: $upload
        if: success() || failure()
        with:
          name: coverage-$${{ matrix.python-version }}
          path: coverage.xml
          if-no-files-found: ignore
""")


def _measures(tree: Tree) -> bool:
    """Say whether the repository measures the coverage of its tests: it is configured for that, and has pytest-cov."""
    settings = "\n".join(text_of(tree, path) for path in ("pyproject.toml", "setup.cfg") if path in tree.paths)
    is_configured = ".coveragerc" in tree.paths or bool(re.search(r"(?m)^\[(?:tool\.)?coverage", settings))
    is_pytest = tests_of(tree).startswith(("pytest", "python -m pytest"))
    return is_configured and is_pytest and bool(has(tree, "pytest-cov"))


def _with_coverage(tree: Tree, command: str) -> str:
    return f"{command} --cov --cov-report=xml" if _measures(tree) else command


def _linters(tree: Tree) -> Iterator[tuple[str, str]]:
    """Yield the linters that the repository is configured for and that setting up installs."""
    settings = {path: text_of(tree, path) for path in _SETTINGS if path in tree.paths}
    for name, command, configured in _LINTERS:
        is_configured = any(
            configured.search(text) for path, text in settings.items() if name not in _OF_RUFF or "ruff" in path + text
        )
        if is_configured and has(tree, name.partition(" ")[0]):
            yield name, command
