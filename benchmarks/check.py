"""`check` beside check-python-versions on a small repository, and beside `git ls-files` on a large one, in one run.

    python benchmarks/check.py [--rounds N] [--files N] [--uv PATH] [--require]

devstrap, as this checkout has it, and check-python-versions are installed by uv into two environments of the Python
that runs this script, both with compiled bytecode, and started by the commands that the installation makes.

- The small repository is what a small project has: metadata, two workflows, tox, pre-commit, an image and documents,
  once in agreement and once with a workflow that tests an unsupported Python. check-python-versions reads the metadata,
  the workflows and tox.ini; devstrap reads all of it.
- The large one has 100,000 files that git tracks, most of them Python modules; 500 are workflows, TOML and Dockerfiles.

With `--require` the exit code is 1 unless `check` on the small repository in agreement is faster than
check-python-versions and takes less than 0.3 s, and on the large one at most twice as long as
`git ls-files -co --exclude-standard` and half a second more.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

import project

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
SMALL_LIMIT = 0.3
LARGE_FACTOR, LARGE_EXTRA = 2, 0.5
# Whatever shall be looked into on the large repository: a third each.
DECLARING = 500
# What else there is, out of ten files.
OTHERS = ("py", "py", "py", "py", "py", "py", "js", "json", "png", "txt")

PYPROJECT = """\
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[project]
name = "small{number}"
version = "1"
requires-python = ">=3.11"
classifiers = [
    "Programming Language :: Python :: 3",
    "Programming Language :: Python :: 3.11",
    "Programming Language :: Python :: 3.12",
    "Programming Language :: Python :: 3.13",
]
dependencies = ["rich>=13.9", "click"]

[tool.ruff]
line-length = 120

[tool.mypy]
python_version = "3.11"
strict = true
"""
WORKFLOW = """\
name: test {number}
on: [push, pull_request]
jobs:
  lint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.13"
      - run: pip install ruff && ruff check .
  test:
    runs-on: ${{{{ matrix.os }}}}
    strategy:
      fail-fast: false
      matrix:
        os: [ubuntu-latest, windows-latest]
        python-version: {versions}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: ${{{{ matrix.python-version }}}}
          cache: pip
      - run: pip install -e .[test]
      - run: pytest --cov
"""
DOCKERFILE = """\
FROM python:3.13-slim AS build
WORKDIR /app
COPY . .
RUN pip install --no-cache-dir .
CMD ["python", "-m", "small{number}"]
"""
AGREED = '["3.11", "3.12", "3.13"]'
SMALL = {
    "tox.ini": "[tox]\nenvlist = py311, py312, py313, lint\n\n[testenv]\ncommands = pytest\n",
    ".pre-commit-config.yaml": "repos:\n  - repo: https://github.com/astral-sh/ruff-pre-commit\n    rev: v0.11.0\n"
    "    hooks:\n      - id: ruff\n        language_version: python3.13\n",
    "README.md": "# small\n\nIt needs Python 3.11 or newer.\n\n## Install\n\n    pip install small\n",
    "docs/index.md": "# small\n\nTested on Python 3.11, 3.12 and 3.13.\n",
    "LICENSE": "MIT\n",
    "src/small/__init__.py": '"""Small."""\n',
    "src/small/main.py": "import sys\n\n\ndef main() -> None:\n    print(sys.version)\n",
    "tests/test_main.py": "from small.main import main\n\n\ndef test_main():\n    main()\n",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; return 1 when `--require` is not reached."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15, help="how often each is run (default: 15)")
    parser.add_argument("--files", type=int, default=100_000, help="size of the large repository (default: 100000)")
    parser.add_argument("--uv", default=shutil.which("uv"), help="the uv to use (default: the one on PATH)")
    parser.add_argument("--require", action="store_true", help="fail unless the limits are kept")
    options = parser.parse_args(arguments)
    if not options.uv:
        parser.error("no uv on PATH: name one with --uv")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        devstrap = install(folder / "devstrap", os.path.abspath(options.uv), str(ROOT), "devstrap")
        peer = install(folder / "peer", os.path.abspath(options.uv), "check-python-versions", "check-python-versions")
        is_quick = small(folder, devstrap, peer, options.rounds)
        is_quick &= large(folder, devstrap, max(3, options.rounds // 3), options.files)
    return 1 if options.require and not is_quick else 0


def install(folder: Path, uv: str, requirement: str, command: str) -> str:
    """Install a distribution into an environment of its own and return the path of its command."""
    binaries = folder / ("Scripts" if os.name == "nt" else "bin")
    python = str(binaries / "python")
    for argv in (
        (uv, "venv", "--quiet", "--python", os.path.realpath(sys.executable), str(folder)),
        (uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", python, requirement),
    ):
        subprocess.run(argv, check=True)
    return str(binaries / command)


def write(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def track(root: Path) -> Path:
    for argv in (("git", "init", "--quiet"), ("git", "add", "--all")):
        subprocess.run(argv, cwd=root, check=True)
    return root


# ---- small -----------------------------------------------------------------------------------------------------------


def make_small(root: Path, tested: str) -> Path:
    write(root, SMALL)
    write(
        root,
        {
            "pyproject.toml": PYPROJECT.format(number=""),
            "Dockerfile": DOCKERFILE.format(number=""),
            ".github/workflows/test.yml": WORKFLOW.format(number=1, versions=tested),
            ".github/workflows/nightly.yml": WORKFLOW.format(number=2, versions=AGREED),
        },
    )
    return track(root)


def small(folder: Path, devstrap: str, peer: str, rounds: int) -> bool:
    agreed = make_small(folder / "agreed", AGREED)
    differing = make_small(folder / "differing", '["3.9", "3.11", "3.12", "3.13"]')
    ours, theirs = "devstrap check", "check-python-versions"
    commands = {
        theirs: (peer, "."),
        ours: (devstrap, "check"),
        f"{theirs}, differing": accepting(peer, "."),
        f"{ours}, differing": accepting(devstrap, "check"),
        "devstrap versions": (devstrap, "versions"),
    }
    cwd = {name: differing if name.endswith("differing") else agreed for name in commands}
    for _ in range(2):  # fills whatever is cached
        seconds = project.in_turn(commands, rounds=rounds, cwd=cwd)
    project.table(f"a small repository (reference: {theirs})", seconds, theirs)
    took = statistics.median(seconds[ours])
    is_quick = took < min(statistics.median(seconds[theirs]), SMALL_LIMIT)
    print(f"faster than {theirs}, and below {SMALL_LIMIT} s: {'yes' if is_quick else 'no'}")
    return is_quick


def accepting(*argv: str) -> tuple[str, ...]:
    """Return a command that succeeds where `argv` says by its exit code that it has found something."""
    script = "import subprocess, sys; sys.exit(subprocess.call(sys.argv[1:]) not in (0, 1))"
    return (sys.executable, "-I", "-S", "-c", script, *argv)


# ---- large -----------------------------------------------------------------------------------------------------------


def make_large(root: Path, count: int) -> Path:
    """Write the repository: a thousand packages of a hundred files, and what declares versions spread over them."""
    kind = cycle(OTHERS)
    declaring = range(DECLARING)
    write(
        root,
        {
            **{
                f".github/workflows/test-{number}.yml": WORKFLOW.format(number=number, versions=AGREED)
                for number in declaring[::3]
            },
            **{f"packages/p{number}/pyproject.toml": PYPROJECT.format(number=number) for number in declaring[1::3]},
            **{f"packages/p{number}/Dockerfile": DOCKERFILE.format(number=number) for number in declaring[2::3]},
        },
    )
    for number in range(count - DECLARING):
        file = root / "packages" / f"p{number // 100}" / "src" / f"part{number % 10}" / f"file{number}.{next(kind)}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"number = {number}\n")
    return track(root)


def large(folder: Path, devstrap: str, rounds: int, count: int) -> bool:
    root = make_large(folder / "large", count)
    git, ours = "git ls-files", "devstrap check"
    commands = {
        git: ("git", "ls-files", "-co", "--exclude-standard"),
        ours: (devstrap, "check"),
        "devstrap versions": (devstrap, "versions"),
    }
    cwd = dict.fromkeys(commands, root)
    project.in_turn(commands, rounds=1, cwd=cwd)
    seconds = project.in_turn(commands, rounds=rounds, cwd=cwd)
    project.table(f"{count:,} files, {DECLARING} of which declare versions (reference: {git})", seconds, git)
    limit = LARGE_FACTOR * statistics.median(seconds[git]) + LARGE_EXTRA
    took = statistics.median(seconds[ours])
    is_quick = took <= limit
    print(f"at most {limit:.3f} s, twice {git} and {LARGE_EXTRA} s: {'yes' if is_quick else 'no'}, {took:.3f} s")
    return is_quick


if __name__ == "__main__":
    sys.exit(main())
