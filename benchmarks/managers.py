"""Set-up of a project that uses another manager, beside that manager's own command, cold with warm caches, in one run.

    python benchmarks/managers.py [--rounds N]

The same small project once for each manager, locked by itself. Needs uv on PATH (or DEVSTRAP_UV), network or a warm
cache for the first round, and an interpreter >= 3.11 (the one that runs this). The managers are installed by uv into a
temporary folder; one that does not work here is left out. What devstrap does beyond the manager, collecting the tests
and looking at everything again, is in its time.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import project

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


def compare(folder: Path, name: str, python: str, rounds: int) -> None:
    files, lock, install = PROJECTS[name]
    if name not in ("uv", "pip"):
        subprocess.run(["uv", "tool", "install", "--quiet", "--python", python, name], check=False)
    places = {key: folder / f"{name} {key}".replace(" ", "-") for key in (name, "devstrap")}
    for place in places.values():
        for path, text in ({**files} if name in ("pip", "pipenv") else {**files, **_PACKAGE}).items():
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            (place / path).write_text(text)
    try:
        if lock:
            subprocess.run(lock, cwd=places[name], check=True, capture_output=True)
        subprocess.run(install, cwd=places[name], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"\n{name} does not work here and is left out: {error}")
        return
    for lockfile in places[name].glob("*lock*"):
        shutil.copy(lockfile, places["devstrap"])
    shutil.copy(ROOT / "bootstrap.py", places["devstrap"])
    minor = f"{sys.version_info[0]}.{sys.version_info[1]}"
    ours = [python, "bootstrap.py", "--yes", "--no-devcontainer", "--editor", "none", "--python", minor]
    subprocess.run(ours, cwd=places["devstrap"], check=True, capture_output=True)

    def clear(which: str) -> None:
        shutil.rmtree(places[which] / ".venv", ignore_errors=True)

    seconds = project.in_turn({name: install, "devstrap": ours}, rounds=rounds, cwd=places, before=clear)
    project.table(f"{name}: no .venv, caches warm", seconds, name)


if __name__ == "__main__":
    main()
