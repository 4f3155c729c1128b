"""What a workflow runs beside the tests: the linters that are configured, and what measures coverage."""

from __future__ import annotations

import re
from string import Template
from typing import TYPE_CHECKING

from bootstrap.adopt.commands import tests_of, text_of
from bootstrap.adopt.installed import has

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bootstrap.adopt.model import Tree

# Actions by the commit of a release, since a tag can be moved: GitHub's "Security hardening for GitHub Actions".
ACTIONS = {
    "checkout": "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1",
    "cache": "actions/cache@55cc8345863c7cc4c66a329aec7e433d2d1c52a9 # v6.1.0",
    "upload": "actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a # v7.0.1",
}

_Wanted = tuple[tuple[str, str, re.Pattern[str]], ...]
# What disagrees keeps nobody from hearing of the linters.
ANYWAY = "        if: success() || failure()\n"
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
_RUFF = ("pyproject.toml", "ruff.toml", ".ruff.toml")
_SETTINGS = (*_RUFF, "setup.cfg", "tox.ini", ".flake8", "mypy.ini", ".mypy.ini")

_UPLOAD = Template("""\
      - uses: $upload
        if: success() || failure()
        with:
          name: coverage-$part$${{ matrix.python-version }}
          path: ${folder}coverage.xml
          if-no-files-found: ignore
""")


def is_measured(tree: Tree) -> bool:
    """Say whether the repository measures the coverage of its tests: it is configured for that, and has pytest-cov."""
    settings = "\n".join(text_of(tree, path) for path in ("pyproject.toml", "setup.cfg") if path in tree.paths)
    is_configured = ".coveragerc" in tree.paths or bool(re.search(r"(?m)^\[(?:tool\.)?coverage", settings))
    is_pytest = tests_of(tree).startswith(("pytest", "python -m pytest"))
    return is_configured and is_pytest and bool(has(tree, "pytest-cov"))


def upload(part: str = "", folder: str = "") -> str:
    """Return the step that keeps what was measured, by the name of a part where there are several."""
    return _UPLOAD.substitute(ACTIONS, part=f"{part}-" if part else "", folder=f"{folder}/" if folder else "")


def with_coverage(tree: Tree, command: str) -> str:
    """Return the command that runs the tests, and measures where that is wanted."""
    return f"{command} --cov --cov-report=xml" if is_measured(tree) else command


def linters(tree: Tree, above: Tree | None = None) -> Iterator[tuple[str, str]]:
    """Yield the linters that the repository is configured for and that setting up installs.

    `above` is what a part lies in: of those here, only ruff looks there for its settings.
    """
    own = _settings(tree, _SETTINGS)
    of_ruff = {**own, **({f"../{path}": text for path, text in _settings(above, _RUFF).items()} if above else {})}
    of_ruff = {path: text for path, text in of_ruff.items() if "ruff" in path + text}
    for name, command, configured in _LINTERS:
        settings = of_ruff if name in _OF_RUFF else own
        if any(map(configured.search, settings.values())) and has(tree, name.partition(" ")[0]):
            yield name, command


def _settings(tree: Tree, names: Iterable[str]) -> dict[str, str]:
    return {path: text_of(tree, path) for path in names if path in tree.paths}
