"""Measure how long it takes to list every Python of this machine, beside the tools that do the same.

    python benchmarks/inventory.py [--runs N] [--uv PATH] [--require RATIO]

Each contender is a whole process, started as it would be in use, and runs in turn with the others so that a busy
moment hits all of them alike:

- devstrap, in isolated mode and without site as the installer starts it, with its cache empty and with it filled;
- `uv python list --only-installed`, with uv's cache filled (its best case);
- findpython's `find_all()` and python-discovery's `iter_interpreters()` with its disk cache filled, both installed by
  uv into a temporary environment of the Python that runs this script.

All run in an empty folder: a `.python-version` would change what pyenv's shims answer.

What is printed: the median time, the fastest run, how many times longer than devstrap with a filled cache, and how many
installations it listed, after links and shims are resolved to what they start. With `--require 10` the exit code
is 1 unless every other tool takes at least ten times as long.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
# What is listed is counted by installation, so that links, shims and second names of a program do not count twice.
WHO = "import sys; sys.stdout.write(getattr(sys, 'base_prefix', sys.prefix) + sys.version)"

DEVSTRAP = """
import os, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from bootstrap.detect.host import detect_host
from bootstrap.detect.interpreters import find_interpreters
for each in find_interpreters(os.environ, detect_host(os.environ), cache_dir=Path(sys.argv[2])):
    print(each.executable)
"""
FINDPYTHON = """
import findpython
for each in findpython.find_all():
    print(each.executable)
"""
PYTHON_DISCOVERY = """
import sys
from pathlib import Path
from python_discovery import DiskCache, iter_interpreters
for each in iter_interpreters(cache=DiskCache(Path(sys.argv[1]))):
    print(each.system_executable or each.executable)
"""


class Contender(NamedTuple):
    """A way of listing interpreters: the command, and a folder to empty before each run."""

    name: str
    argv: tuple[str, ...]
    to_empty: Path | None = None
    is_peer: bool = True


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; return 1 when `--require` is not reached."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=7, help="how often each is run (default: 7)")
    parser.add_argument("--uv", default=shutil.which("uv"), help="the uv to use (default: the one on PATH)")
    parser.add_argument("--require", type=float, default=0.0, help="fail unless every other takes so many times longer")
    options = parser.parse_args(arguments)
    if not options.uv:
        parser.error("no uv on PATH: name one with --uv")
    # Windows cannot remove the folder that a process is in, hence the order.
    with tempfile.TemporaryDirectory() as folder:
        contenders = prepare(Path(folder), os.path.abspath(options.uv))
        with contextlib.chdir(folder):
            counts = {each.name: count(each) for each in contenders}
            times = measure(contenders, options.runs)
    return report(contenders, times, counts, options.require)


def prepare(folder: Path, uv: str) -> tuple[Contender, ...]:
    """Install the peers below `folder` and return what to measure."""
    python = str(folder / "peers" / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    base = os.path.realpath(sys.executable)
    for argv in (
        (uv, "venv", "--quiet", "--python", base, str(folder / "peers")),
        (uv, "pip", "install", "--quiet", "--python", python, "findpython", "python-discovery"),
    ):
        subprocess.run(argv, check=True)
    cold, warm, discovered = (folder / name for name in ("cold", "warm", "discovered"))
    devstrap = (base, "-I", "-S", "-c", DEVSTRAP, str(ROOT))
    return (
        Contender("devstrap, cache filled", (*devstrap, str(warm)), is_peer=False),
        Contender("devstrap, cache empty", (*devstrap, str(cold)), cold, is_peer=False),
        Contender("uv python list", (uv, "python", "list", "--only-installed", "--output-format", "json")),
        Contender("findpython", (python, "-I", "-c", FINDPYTHON)),
        Contender("python-discovery", (python, "-I", "-c", PYTHON_DISCOVERY, str(discovered))),
    )


def count(contender: Contender) -> int:
    """Run a contender once, which fills its cache, and return how many installations it lists."""
    output = subprocess.run(contender.argv, capture_output=True, text=True, check=True).stdout
    listed = [each["path"] for each in json.loads(output)] if output.startswith("[") else output.splitlines()
    installations = set()
    for path in listed:
        completed = subprocess.run((path, "-E", "-s", "-S", "-c", WHO), capture_output=True, text=True, check=False)
        if completed.returncode == 0:
            installations.add(completed.stdout)
    return len(installations)


def measure(contenders: Sequence[Contender], runs: int) -> dict[str, list[float]]:
    """Return the seconds that each run of each contender took, in turn."""
    times: dict[str, list[float]] = {each.name: [] for each in contenders}
    for _ in range(runs):
        for each in contenders:
            if each.to_empty is not None:
                shutil.rmtree(each.to_empty, ignore_errors=True)
            started = time.perf_counter()
            subprocess.run(each.argv, capture_output=True, check=True)
            times[each.name].append(time.perf_counter() - started)
    return times


def report(
    contenders: Sequence[Contender], times: dict[str, list[float]], counts: dict[str, int], required: float
) -> int:
    """Print the table; return 1 when a peer takes less than `required` times as long as devstrap."""
    ours = statistics.median(times[contenders[0].name])
    print(f"{'':24}{'median':>10}{'fastest':>10}{'ratio':>8}{'found':>7}")
    ratios = []
    for each in contenders:
        median = statistics.median(times[each.name])
        print(f"{each.name:24}{median:9.3f}s{min(times[each.name]):9.3f}s{median / ours:8.1f}{counts[each.name]:7}")
        if each.is_peer:
            ratios.append(median / ours)
    print(f"The fastest of the others takes {min(ratios):.1f} times as long.")
    return 1 if min(ratios) < required else 0


if __name__ == "__main__":
    sys.exit(main())
