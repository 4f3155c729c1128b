"""What the tests with a real uv share: the tool, a project to set up, and a way to start devstrap on it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from wheels import make_wheel

SOURCE = Path(__file__).resolve().parents[2]
# The interpreter itself, not this test run's environment.
BASE_PYTHON = os.path.realpath(sys.executable)
MINOR = f"{sys.version_info[0]}.{sys.version_info[1]}"


@pytest.fixture(scope="session")
def uv():
    """Return the path of a real uv, which is among the development dependencies."""
    found = (
        os.environ.get("DEVSTRAP_UV") or shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    )
    if found is None:
        pytest.fail("there is no uv: install the group dev")
    return found


@pytest.fixture(scope="session")
def wheels(tmp_path_factory):
    """Return a folder with the wheels `alpha` in two versions, `beta`, which needs the first, and `gamma`."""
    folder = tmp_path_factory.mktemp("wheels")
    make_wheel(folder, "alpha", code="VALUE = 1\n")
    make_wheel(folder, "alpha", "2.0", code="VALUE = 2\n")
    make_wheel(folder, "beta", requires=("alpha<2",))
    make_wheel(folder, "gamma")
    (folder / "no-index").mkdir()  # an index without a single project, in place of the one on the network
    return folder


@pytest.fixture
def devstrap(uv, home, tmp_path, wheels):
    """Return a function that runs devstrap on a folder and gives how it ended; `--json` is parsed into `.data`."""

    def run(root, *arguments, env=None, expect=0, **options):
        given = {
            **os.environ,
            "DEVSTRAP_UV": uv,
            "DEVSTRAP_CACHE_DIR": str(tmp_path / "cache"),
            "UV_CACHE_DIR": str(tmp_path / "uv-cache"),
            "UV_FIND_LINKS": str(wheels),
            "UV_DEFAULT_INDEX": (wheels / "no-index").as_uri(),
            "PATH": f"{Path(BASE_PYTHON).parent}{os.pathsep}/usr/bin{os.pathsep}/bin",
            "NO_COLOR": "1",
            **(env or {}),
        }
        given.pop("CI", None)
        argv = [sys.executable, "-m", "bootstrap", "--root", str(root), *arguments]
        done = subprocess.run(
            argv,
            env=given,
            cwd=SOURCE,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
            **options,
        )
        assert done.returncode == expect, done.stdout + done.stderr
        done.data = json.loads(done.stdout) if "--json" in arguments and "run" not in arguments else None
        return done

    return run


@pytest.fixture
def locked(write, uv, wheels, tmp_path):
    """Return a git checkout of a project with a uv.lock and a dependency, for the Python that runs the tests."""
    root = write(
        {
            "pyproject.toml": f'[project]\nname = "shop"\nversion = "1"\nrequires-python = "=={MINOR}.*"\n'
            'dependencies = ["beta"]\n',
            ".gitignore": ".venv\n",
            "bootstrap.py": "# stands for the real one\n",
        },
        tmp_path / "shop",
    )
    env = {**os.environ, "UV_FIND_LINKS": str(wheels), "UV_CACHE_DIR": str(tmp_path / "uv-cache")}
    env["UV_DEFAULT_INDEX"] = (wheels / "no-index").as_uri()
    subprocess.run([uv, "lock", "--quiet", "--python", BASE_PYTHON], cwd=root, env=env, check=True)
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    return root


def tree(root: Path, *, without: tuple[str, ...] = (".git",)) -> dict[str, tuple]:
    """Return everything below `root` with content, mode, link target and modification time."""
    found = {}
    for folder, names, files in os.walk(root):
        names[:] = [name for name in names if name not in without]
        for name in (*names, *files):
            path = Path(folder) / name
            status = path.lstat()
            content = os.readlink(path) if path.is_symlink() else path.read_bytes() if path.is_file() else None
            found[str(path.relative_to(root))] = (
                content,
                status.st_mode,
                0 if content is None or path.is_symlink() else status.st_mtime_ns,
            )
    return found
