"""What a newcomer meets in a fresh clone, with a real uv: answers, undo, and commands that have to be typeable."""

import json
import subprocess
import sys

import pytest
from conftest import BASE_PYTHON, MINOR, SOURCE, tree

from bootstrap.lock import Lock
from bootstrap.state import state_directory

pytestmark = pytest.mark.real

PLAIN = ("--yes", "--editor", "none", "--no-devcontainer")
# A backend in the source tree that leaves a folder there, as setuptools does.
BACKEND = """
import os, zipfile
def build_editable(folder, settings=None, metadata=None):
    os.makedirs("shop.egg-info", exist_ok=True)
    open("shop.egg-info/PKG-INFO", "w").close()
    if os.path.exists("fail"):
        raise SystemExit("no")
    name = "shop-1-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
        wheel.writestr("shop.pth", os.getcwd())
        wheel.writestr("shop-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: shop\\nVersion: 1\\n")
        wheel.writestr("shop-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("shop-1.dist-info/RECORD", "")
    return name
def get_requires_for_build_editable(settings=None):
    return []
"""


@pytest.fixture
def built(write, tmp_path):
    """Return a project whose build leaves a folder in the source tree."""
    return write(
        {
            "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
            f'[project]\nname = "shop"\nversion = "1"\nrequires-python = "=={MINOR}.*"\n',
            "backend.py": BACKEND,
            "shop.py": "",
        },
        tmp_path / "built",
    )


def test_nothing_of_a_build_is_left_in_the_source_tree(devstrap, built):
    before = set(tree(built))
    devstrap(built, "--yes", "--no-devcontainer")
    assert not (built / "shop.egg-info").exists()
    devstrap(built, "undo")
    left = {name for name in set(tree(built)) - before if not name.startswith((".devstrap", "__pycache__"))}
    assert left == set()


def test_a_build_that_fails_leaves_nothing_in_the_source_tree(devstrap, built):
    (built / "fail").touch()
    devstrap(built, *PLAIN, expect=4)
    assert not (built / "shop.egg-info").exists()


def test_a_run_that_fails_remembers_nothing_and_one_that_is_undone_is_forgotten(devstrap, locked):
    note = state_directory(locked) / "answers.json"
    lock = (locked / "uv.lock").read_bytes()
    (locked / "uv.lock").write_bytes(lock.replace(b'name = "beta"\nversion = "1.0"', b'name = "beta"\nversion = "9"'))
    devstrap(locked, *PLAIN, "--python", MINOR, expect=4)
    assert not note.exists()
    (locked / "uv.lock").write_bytes(lock)
    done = devstrap(locked, *PLAIN, "--python", MINOR)
    assert "was asked for" in done.stdout
    assert json.loads(note.read_bytes())["python"] == MINOR
    told = devstrap(locked, "--yes").stdout
    assert f"Python {MINOR} is remembered from an earlier answer; --python chooses another" in told
    devstrap(locked, "undo")
    assert not note.exists()


def test_what_comes_next_begins_as_it_was_started(devstrap, locked):
    assert f"devstrap --root {locked} run python" in devstrap(locked, *PLAIN).stdout


def test_a_stale_lock_is_renewed_by_devstrap_s_own_uv(devstrap, locked):
    devstrap(locked, *PLAIN)
    text = (locked / "pyproject.toml").read_text()
    (locked / "pyproject.toml").write_text(text.replace('["beta"]', '["beta", "gamma"]'))
    done = devstrap(locked, *PLAIN, "--json", expect=1)
    assert [one["fix"] for one in done.data["findings"]] == [f"devstrap --root {locked} run uv lock"]
    devstrap(locked, "run", "uv", "lock")
    assert devstrap(locked, *PLAIN).returncode == 0


def test_uv_installs_into_the_environment_that_is_there(devstrap, locked):
    assert "alpha" in devstrap(locked, "run", "uv", "pip", "list").stdout  # it was set up for that
    devstrap(locked, "run", "uv", "pip", "install", "gamma")
    assert "gamma" in devstrap(locked, "run", "uv", "pip", "list").stdout


def test_uv_itself_needs_no_environment(devstrap, locked):
    assert devstrap(locked, "run", "uv", "--version").stdout.startswith("uv ")
    assert not (locked / ".venv").exists()


def test_a_command_waits_for_the_run_that_is_at_work(locked, uv, home, tmp_path, wheels):
    env = {
        "HOME": str(home),
        "PATH": f"{BASE_PYTHON.rpartition('/')[0]}:/usr/bin:/bin",
        "DEVSTRAP_UV": uv,
        "DEVSTRAP_CACHE_DIR": str(tmp_path / "cache"),
        "UV_CACHE_DIR": str(tmp_path / "uv-cache"),
        "UV_FIND_LINKS": str(wheels),
        "UV_DEFAULT_INDEX": (wheels / "no-index").as_uri(),
    }
    argv = [
        sys.executable,
        "-m",
        "bootstrap",
        "--root",
        str(locked),
        "run",
        "python",
        "-c",
        "import alpha; print('ran')",
    ]
    with Lock(state_directory(locked), "setup"):
        process = subprocess.Popen(argv, cwd=SOURCE, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert process.stderr is not None
        said = next(line for line in process.stderr if line.startswith("waiting: "))
        assert "another run of devstrap is at work" in said
    out, _ = process.communicate()
    assert (process.returncode, out) == (0, "ran\n")
