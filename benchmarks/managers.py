"""Set-up of a project that uses another manager, beside that manager's own command, cold with warm caches, in one run.

    python benchmarks/managers.py [--rounds N] [--cold]

The same small project once for each manager, locked by itself. Needs uv on PATH (or DEVSTRAP_UV), network or a warm
cache for the first round, and an interpreter >= 3.11 (the one that runs this). The managers are installed by uv into a
temporary folder; one that does not work here is left out. What devstrap does beyond the manager is in its time: it
collects the tests, which `--no-smoke` leaves out, and looks at everything again. With --cold, uv's own project is set
up with an empty cache too, as on a machine where nobody has installed anything yet.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import project

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ROOT = Path(__file__).resolve().parent.parent

_TEST = "def test_it():\n    pass\n"
_PACKAGE = {"src/small/__init__.py": "", "tests/test_small.py": _TEST}
_HEAD = '[project]\nname = "small"\nversion = "1"\nrequires-python = ">=3.11,<4"\n'
_NEEDS = ("rich", "click", "packaging", "platformdirs")
_LIST = ", ".join(f'"{name}"' for name in _NEEDS)
_BUILT = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
_GROUP = '[dependency-groups]\ndev = ["pytest"]\n'

# What each project is written as, how it is locked, and what its people type.
PROJECTS = {
    "uv": ({"pyproject.toml": f"{_BUILT}{_HEAD}dependencies = [{_LIST}]\n{_GROUP}"}, ["uv", "lock"], ["uv", "sync"]),
    "poetry": (
        {
            "pyproject.toml": f"{_BUILT}{_HEAD}dependencies = [{_LIST}]\n"
            '[tool.poetry.group.dev.dependencies]\npytest = "*"\n'
        },
        ["poetry", "lock"],
        ["poetry", "install"],
    ),
    "pdm": (
        {"pyproject.toml": f"{_BUILT}{_HEAD}dependencies = [{_LIST}]\n{_GROUP}"},
        ["pdm", "lock"],
        ["pdm", "install"],
    ),
    "pipenv": (
        {
            "Pipfile": '[[source]]\nname = "pypi"\nurl = "https://pypi.org/simple"\nverify_ssl = true\n[packages]\n'
            + "".join(f'{name} = "*"\n' for name in _NEEDS)
            + '[dev-packages]\npytest = "*"\n'
        },
        ["pipenv", "lock"],
        ["pipenv", "sync", "--dev"],
    ),
    "pip": (
        {"requirements.txt": "\n".join((*_NEEDS, "pytest", ""))},
        [],
        ["sh", "-c", '"$PYTHON" -m venv .venv && .venv/bin/pip install --quiet -r requirements.txt'],
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cold", action="store_true", help="uv's project with an empty cache too")
    options = parser.parse_args()
    uv = (
        os.environ.get("DEVSTRAP_UV")
        or shutil.which("uv")
        or sys.exit("there is no uv on PATH; name one in DEVSTRAP_UV")
    )
    python = os.path.realpath(sys.executable)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            DEVSTRAP_UV=uv,
            DEVSTRAP_SOURCE=str(ROOT),
            PYTHON=python,
            UV_PYTHON=python,
            UV_TOOL_DIR=f"{folder}/tools",
            UV_TOOL_BIN_DIR=f"{folder}/bin",
            PATH=os.pathsep.join((f"{folder}/bin", str(Path(uv).parent), os.environ["PATH"])),
            PDM_CHECK_UPDATE="0",
            POETRY_VIRTUALENVS_IN_PROJECT="1",
            PIPENV_VENV_IN_PROJECT="1",
        )
        for name in PROJECTS:
            compare(Path(folder), name, python, options.rounds)
        if options.cold:
            os.environ["UV_CACHE_DIR"] = f"{folder}/uv-cache"
            compare(Path(folder) / "cold", "uv", python, options.rounds)


def write(places: Iterable[Path], files: Mapping[str, str]) -> None:
    for place in places:
        for path, text in files.items():
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            (place / path).write_text(text)


def compare(folder: Path, name: str, python: str, rounds: int) -> None:
    files, lock, install = PROJECTS[name]
    if name not in ("uv", "pip"):
        subprocess.run(["uv", "tool", "install", "--quiet", "--python", python, name], check=False)
    proving, plain = "devstrap", "devstrap --no-smoke"
    places = {key: folder / f"{name} {key}".replace(" ", "-") for key in (name, proving, plain)}
    write(places.values(), files if name in ("pip", "pipenv") else {**files, **_PACKAGE})
    try:
        if lock:
            subprocess.run(lock, cwd=places[name], check=True, capture_output=True)
        subprocess.run(install, cwd=places[name], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"\n{name} does not work here and is left out: {error}")
        return
    for place in (places[proving], places[plain]):
        for lockfile in places[name].glob("*lock*"):
            shutil.copy(lockfile, place)
        shutil.copy(ROOT / "bootstrap.py", place)
    minor = f"{sys.version_info[0]}.{sys.version_info[1]}"
    ours = [python, "bootstrap.py", "--yes", "--no-devcontainer", "--editor", "none", "--python", minor]
    for place in (places[proving], places[plain]):
        subprocess.run(ours, cwd=place, check=True, capture_output=True)
    cache = Path(os.environ.get("UV_CACHE_DIR", ""))
    is_cold = folder.name == "cold"

    def clear(which: str) -> None:
        shutil.rmtree(places[which] / ".venv", ignore_errors=True)
        if is_cold:
            shutil.rmtree(cache, ignore_errors=True)

    commands = {name: install, proving: ours, plain: [*ours, "--no-smoke"]}
    seconds = project.in_turn(commands, rounds=rounds, cwd=places, before=clear)
    project.table(f"{name}: no .venv, caches {'empty' if is_cold else 'warm'}", seconds, name)


if __name__ == "__main__":
    main()
