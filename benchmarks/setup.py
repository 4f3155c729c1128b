"""Set-up against bare uv and its peers, in one run: a no-op, a cold one with warm caches, guard, and memory.

    python benchmarks/setup.py [--rounds N] [--peers]

Needs uv on PATH (or DEVSTRAP_UV), network or a warm cache for the first round, and an interpreter >= 3.11 (the one that
runs this). `--peers` also installs nox, hatch and poetry into a temporary folder and measures what each does when there
is nothing to do.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import project

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--peers", action="store_true")
    options = parser.parse_args()
    uv = (
        os.environ.get("DEVSTRAP_UV")
        or shutil.which("uv")
        or sys.exit("there is no uv on PATH; name one in DEVSTRAP_UV")
    )
    python = os.path.realpath(sys.executable)
    os.environ.update(DEVSTRAP_UV=uv, DEVSTRAP_SOURCE=str(ROOT), UV_PYTHON=python)
    with tempfile.TemporaryDirectory() as folder:
        compare(Path(folder), uv, python, options.rounds, with_peers=options.peers)


def compare(folder: Path, uv: str, python: str, rounds: int, *, with_peers: bool) -> None:
    places = {name: project.make(folder / name, uv, python) for name in ("devstrap", "uv sync")}
    shutil.copy(ROOT / "bootstrap.py", places["devstrap"])
    minor = f"{sys.version_info[0]}.{sys.version_info[1]}"
    ours = [python, "bootstrap.py", "--yes", "--no-devcontainer", "--editor", "none", "--python", minor]
    plain = [python, "bootstrap.py", "--yes"]
    subprocess.run(ours, cwd=places["devstrap"], check=True)
    cold(places, ours, uv, python, rounds)
    for argv in (plain, plain):
        subprocess.run(argv, cwd=places["devstrap"], check=True, capture_output=True)
    noop(folder, places, plain, uv, rounds, with_peers=with_peers)
    guard(places["devstrap"], python, rounds)
    memory(places["devstrap"], ours)


def cold(places: dict[str, Path], ours: list[str], uv: str, python: str, rounds: int) -> None:
    """Nothing but the caches is there."""

    def clear(name: str) -> None:
        shutil.rmtree(places[name] / ".venv", ignore_errors=True)

    bare = ["sh", "-c", f'"{uv}" venv --quiet --python "{python}" && "{uv}" sync --quiet --frozen']
    names = {"uv sync": bare, "devstrap": ours}
    seconds = project.in_turn(names, rounds=max(3, rounds // 3), cwd=places, before=clear)
    project.table("cold: no .venv, caches warm (reference: uv venv + uv sync)", seconds, "uv sync")


def noop(folder: Path, places: dict[str, Path], ours: list[str], uv: str, rounds: int, *, with_peers: bool) -> None:
    """Everything is there already."""
    commands = {"uv sync": [uv, "sync", "--frozen"], "devstrap": ours}
    subprocess.run(commands["uv sync"], cwd=places["uv sync"], check=True, capture_output=True)
    cwd = dict(places)
    if with_peers:
        for name, argv in peers(folder, uv).items():
            cwd[name] = project.make(folder / f"peer-{name}", uv, os.environ["UV_PYTHON"])
            (cwd[name] / "noxfile.py").write_text(_NOXFILE)
            if subprocess.run(argv, cwd=cwd[name], check=False, capture_output=True).returncode == 0:
                commands[name] = argv
            else:
                print(f"{name} does not work here and is left out")
    project.table("no-op: everything is there", project.in_turn(commands, rounds=rounds, cwd=cwd), "uv sync")


_NOXFILE = """\
import nox
nox.options.reuse_venv = "yes"
nox.options.default_venv_backend = "uv"
@nox.session
def dev(session):
    session.install("-e", ".", "--group", "dev")
"""


def peers(folder: Path, uv: str) -> dict[str, list[str]]:
    """Install the peers and return what a person types to have the environment brought up to date."""
    env = {**os.environ, "UV_TOOL_DIR": str(folder / "tools"), "UV_TOOL_BIN_DIR": str(folder / "bin"),
           "PATH": f"{Path(uv).parent}{os.pathsep}{os.environ['PATH']}"}  # fmt: skip
    os.environ["PATH"] = env["PATH"]
    found = {}
    commands = {"nox": ["nox", "-s", "dev"], "hatch": ["hatch", "run", "true"], "poetry": ["poetry", "install"]}
    for name, argv in commands.items():
        done = subprocess.run([uv, "tool", "install", "--quiet", name], env=env, check=False, capture_output=True)
        if done.returncode == 0:
            found[name] = [str(folder / "bin" / argv[0]), *argv[1:]]
    return found


def guard(place: Path, python: str, rounds: int) -> None:
    """What guard takes above the bare start of the interpreter."""
    commands = {"python -c pass": [python, "-c", "pass"], "guard": [python, "bootstrap.py", "guard"]}
    seconds = project.in_turn(commands, rounds=rounds, cwd=dict.fromkeys(commands, place))
    project.table("guard", seconds, "python -c pass")


def memory(place: Path, ours: list[str]) -> None:
    """The largest process of a cold run, uv's and the environment's interpreter among them."""
    shutil.rmtree(place / ".venv")
    subprocess.run(ours, cwd=place, check=True, capture_output=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (1 if sys.platform == "darwin" else 1024)
    print(f"\npeak memory of any process so far: {peak:.0f} MiB")


if __name__ == "__main__":
    main()
