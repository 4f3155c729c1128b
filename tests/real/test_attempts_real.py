"""Several attempts in one set-up, with a real uv: what is there when the last one fails, is stopped, or is killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import BASE_PYTHON, MINOR, tree
from indexed import Index, make_sdist
from wheels import make_wheel

pytestmark = pytest.mark.real

PLAIN = ("--yes", "--editor", "none", "--no-devcontainer")
# requests is among what tests commonly need: it is installed in addition where a test imports it.
TEST = "import unittest\nimport requests\n\n\nclass T(unittest.TestCase):\n    def test_it(self):\n        pass\n"


@pytest.fixture
def index(tmp_path):
    """Return an index on which alpha can be had, and requests cannot be built."""
    folder = tmp_path / "index"
    make_wheel(folder, "alpha")
    make_sdist(folder, "requests", backend="raise RuntimeError('it cannot be built')\n")
    made = Index(folder)
    yield made
    made.close()


@pytest.fixture
def shop(tmp_path, index):
    """Return a project whose tests import what nothing declares."""
    root = tmp_path / "shop"
    (root / "tests").mkdir(parents=True)
    (root / ".python-version").write_text(f"{MINOR}\n")
    (root / "requirements.txt").write_text("alpha\n")
    (root / "tests" / "test_it.py").write_text(TEST)
    return root


@pytest.fixture
def env(index):
    """Return the settings that lead to that index and no other."""
    return {"UV_DEFAULT_INDEX": index.url, "UV_FIND_LINKS": "", "UV_HTTP_RETRIES": "0"}


def imports(root, name):
    python = root / ".venv" / "bin" / "python"
    return (
        subprocess.run([python, "-I", "-B", "-c", f"import {name}"], check=False, capture_output=True).returncode == 0
    )


def kept(root):
    return tree(root / ".venv")


def test_an_attempt_that_fails_leaves_what_the_one_before_it_made(devstrap, shop, env, tmp_path, uv):
    # What the first attempt leaves is noted by the first command of the second.
    copying = tmp_path / "uv"
    copying.write_text(
        f'#!/bin/sh\ncase "$*" in *requests*) [ -e "{tmp_path}/first" ] || cp -a "{shop}/.venv" "{tmp_path}/first";; '
        f'esac\nexec "{uv}" "$@"\n'
    )
    copying.chmod(0o755)
    done = devstrap(shop, *PLAIN, "--json", expect=1, env={**env, "DEVSTRAP_UV": str(copying)})
    assert "install requests in addition" in done.stderr
    assert any("requests" in finding["message"] for finding in done.data["findings"])
    assert done.data["remedied"] == []  # it did not come to pass
    assert kept(shop).keys() == tree(tmp_path / "first").keys()
    assert {name: found[:2] for name, found in kept(shop).items()} == {
        name: found[:2] for name, found in tree(tmp_path / "first").items()
    }
    assert imports(shop, "alpha")


def test_where_every_attempt_fails_an_environment_of_before_is_the_same(devstrap, shop, env):
    (shop / "tests" / "test_it.py").write_text(TEST.replace("import requests\n", ""))
    devstrap(shop, *PLAIN, env=env)
    (shop / ".python-version").unlink()  # so that other Pythons are tried
    (shop / "requirements.txt").write_text("alpha\nrequests\n")
    before = kept(shop)
    error = devstrap(shop, *PLAIN, "--json", expect=4, env=env).data["error"]
    assert "requests==1.0 (requirements.txt:2)" in error["message"]
    assert kept(shop) == before
    assert imports(shop, "alpha")


@pytest.fixture
def stopping(tmp_path, uv):
    """Return a function that makes a uv which ends devstrap when the second attempt begins to install what it adds."""

    def make(name):
        path = tmp_path / "uv"
        path.write_text(
            f'#!/bin/sh\ncase "$*" in *requests*) kill -{name} $PPID; sleep 5; exit 1;; esac\nexec "{uv}" "$@"\n'
        )
        path.chmod(0o755)
        return str(path)

    return make


@pytest.mark.parametrize(("name", "code"), [("INT", 130), ("KILL", -signal.SIGKILL)])
def test_a_second_attempt_that_is_stopped_leaves_what_the_first_one_made(devstrap, shop, env, stopping, name, code):
    devstrap(shop, *PLAIN, expect=code, env={**env, "DEVSTRAP_UV": stopping(name)})
    if name == "INT":
        assert imports(shop, "alpha")
    # The next run recovers, and ends as one does that nobody stopped.
    folder = shop.parent / "index"
    (folder / "requests-1.0.tar.gz").unlink()
    make_wheel(folder, "requests")
    done = devstrap(shop, *PLAIN, "--json", env={**env, "UV_NO_CACHE": "1"})
    assert done.data["status"] in ("ready", "nothing-to-do")
    assert imports(shop, "alpha")
    assert imports(shop, "requests")
    left = {path.name for path in shop.iterdir()}
    assert left <= {".venv", ".devstrap", ".python-version", "requirements.txt", "tests"}


@pytest.mark.parametrize(("name", "code"), [("INT", 130), ("KILL", -signal.SIGKILL)])
def test_between_two_attempts_the_environment_stays_and_works(devstrap, shop, env, tmp_path, name, code):
    # Collecting the tests is what is done between them.
    (shop / "tests" / "test_it.py").write_text(
        f"import os, signal\nif not os.path.exists({str(tmp_path / 'once')!r}):\n"
        f"    open({str(tmp_path / 'once')!r}, 'w').close()\n    os.kill(os.getppid(), signal.SIG{name})\n"
        "import unittest\n\n\nclass T(unittest.TestCase):\n    def test_it(self):\n        pass\n"
    )
    devstrap(shop, *PLAIN, expect=code, env=env)
    made = kept(shop)
    assert imports(shop, "alpha")
    done = devstrap(shop, *PLAIN, "--json", env=env)
    assert done.data["status"] in ("ready", "nothing-to-do")
    assert kept(shop) == made


def test_one_undo_takes_back_every_attempt_and_brings_back_what_was_there(devstrap, shop, env, index, uv):
    subprocess.run([uv, "venv", "--quiet", "--python", BASE_PYTHON, shop / ".venv"], check=True)
    settings = shop / ".venv" / "pyvenv.cfg"
    settings.write_text(settings.read_text().replace(MINOR, "3.5"))  # as if it were of another Python
    (shop / ".venv" / "notes.txt").write_text("mine")
    (index.folder / "requests-1.0.tar.gz").unlink()
    make_wheel(index.folder, "requests")
    before = tree(shop / ".venv")
    done = devstrap(shop, *PLAIN, "--json", env={**env, "UV_NO_CACHE": "1"})
    assert len(done.data["remedied"]) == 1
    assert imports(shop, "requests")
    devstrap(shop, "undo")
    assert tree(shop / ".venv") == before
    devstrap(shop, "undo", expect=2)


def _other_pythons():
    """Return pyenv's other Pythons, nearest first: feature version and folder."""
    roots = [os.environ.get("PYENV_ROOT", ""), os.path.expanduser("~/.pyenv")]
    found = [
        (minor, path.parent)
        for minor in ("3.11", "3.10", "3.9", "3.8")
        for root in filter(None, roots)
        for path in Path(root, "versions").glob(f"{minor}.*/bin/python")
    ]
    return found if MINOR == "3.12" and sys.platform == "linux" else []


OTHERS = _other_pythons()
# Builds a wheel with an empty module in it.
GOOD_BACKEND = """
import zipfile

def build_wheel(directory, config_settings=None, metadata_directory=None):
    name = "requests-1.1-py3-none-any.whl"
    with zipfile.ZipFile(f"{directory}/{name}", "w") as wheel:
        info = "requests-1.1.dist-info"
        wheel.writestr("requests.py", "")
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.2\\nName: requests\\nVersion: 1.1\\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/RECORD", f"requests.py,,\\n{info}/METADATA,,\\n{info}/WHEEL,,\\n{info}/RECORD,,\\n")
    return name
"""


@pytest.mark.skipif(not OTHERS, reason="there is no Python older than 3.12 beside it")
def test_a_python_for_which_there_are_wheels_is_found_and_used(devstrap, shop, env, index):
    minor = OTHERS[-1][0]
    tag = f"cp{minor.replace('.', '')}"
    wheel = make_wheel(index.folder, "requests")
    wheel.rename(index.folder / f"requests-1.0-{tag}-{tag}-manylinux_2_17_x86_64.whl")
    (shop / ".python-version").unlink()
    (shop / "requirements.txt").write_text("alpha\nrequests\n")
    places = os.pathsep.join((os.path.dirname(BASE_PYTHON), *(str(path) for _, path in OTHERS), "/usr/bin", "/bin"))
    done = devstrap(shop, *PLAIN, "--json", env={**env, "PATH": places})
    assert done.data["environment"]["version"].startswith(minor)
    assert len(done.data["remedied"]) == 1
    assert f"requests==1.0 has no wheel for Python 3.12, but for {minor}" in done.data["remedied"][0]
    assert f"use {minor}, for which there are wheels" in done.data["remedied"][0]
    assert "could not" not in done.stderr  # it is seen before the build, which would fail


@pytest.mark.skipif(not OTHERS, reason="there is no Python older than 3.12 beside it")
def test_with_a_python_that_is_named_it_is_told_which_have_wheels_and_built(devstrap, shop, env, index):
    minor = OTHERS[-1][0]
    tag = f"cp{minor.replace('.', '')}"
    wheel = make_wheel(index.folder, "requests", "1.1")
    wheel.rename(index.folder / f"requests-1.1-{tag}-{tag}-manylinux_2_17_x86_64.whl")
    make_sdist(index.folder, "requests", "1.1", backend=GOOD_BACKEND)
    (shop / "requirements.txt").write_text("requests==1.1\n")
    places = os.pathsep.join((os.path.dirname(BASE_PYTHON), *(str(path) for _, path in OTHERS), "/usr/bin", "/bin"))
    done = devstrap(shop, *PLAIN, env={**env, "PATH": places})
    assert f"requests==1.1 has no wheel for Python {MINOR}, but for {minor}: it is built from source" in done.stdout
