"""A small repository, and how it stands afterwards."""

from pathlib import Path

from bootstrap.commands import Tools

PYPROJECT = """\
[project]
name = "shop"
requires-python = ">=3.11"
classifiers = [
    "Programming Language :: Python :: 3.11",
    "Programming Language :: Python :: 3.12",
]
"""
CI = 'jobs:\n  test:\n    strategy:\n      matrix:\n        python-version: ["3.11", "3.12"]\n'
FILES = {"pyproject.toml": PYPROJECT, ".github/workflows/ci.yml": CI, "README.md": "Needs Python 3.11 or newer.\n"}
TOOLS = Tools("", {}, None, {})
STALE = {**FILES, "ruff.toml": 'target-version = "py39"\n'}


def contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".devstrap" not in path.parts
    }


def as_bytes(files):
    return {name: text.encode() for name, text in files.items()}
