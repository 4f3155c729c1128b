"""A small project with a lock, made anew for each benchmark, and the measuring of whole commands in turn."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

_PYPROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "small"
version = "1"
requires-python = ">=3.11"
dependencies = ["rich", "click", "packaging", "platformdirs"]

[dependency-groups]
dev = ["pytest", "pytest-cov"]
"""


def make(folder: Path, uv: str, python: str) -> Path:
    """Write the project into `folder`, lock it with `uv`, and return the folder."""
    (folder / "src" / "small").mkdir(parents=True)
    (folder / "src" / "small" / "__init__.py").write_text("")
    (folder / "pyproject.toml").write_text(_PYPROJECT)
    subprocess.run([uv, "lock", "--quiet", "--python", python], cwd=folder, check=True)
    return folder


def in_turn(
    commands: Mapping[str, Sequence[str]],
    *,
    rounds: int,
    cwd: Mapping[str, Path],
    env: Mapping[str, str] | None = None,
    before: Callable[[str], None] = lambda _: None,
) -> dict[str, list[float]]:
    """Run the commands one after another, `rounds` times, and return the seconds that each run took."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, argv in commands.items():
            before(name)
            started = time.perf_counter()
            subprocess.run(
                argv,
                cwd=cwd[name],
                env=env or dict(os.environ),
                check=True,
                capture_output=True,
                stdin=subprocess.DEVNULL,
            )
            seconds[name].append(time.perf_counter() - started)
    return seconds


def table(title: str, seconds: Mapping[str, Sequence[float]], reference: str) -> None:
    """Print medians, fastest runs, and ratios of the medians to the reference's."""
    base = statistics.median(seconds[reference])
    print(f"\n{title}\n{'command':34} {'median':>9} {'fastest':>9} {'ratio':>7}")
    for name, runs in seconds.items():
        median = statistics.median(runs)
        print(f"{name:34} {median:8.3f}s {min(runs):8.3f}s {median / base:6.2f}x")
