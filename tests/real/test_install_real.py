"""A real `uv python install` through devstrap, from a mirror made of an interpreter that is on this machine."""

import os
import shutil
import sys
from pathlib import Path

import pytest
from conftest import tree
from mirror import make_mirror

from bootstrap.detect.host import detect_host
from bootstrap.detect.interpreters import find_interpreters

pytestmark = [pytest.mark.real, pytest.mark.skipif(sys.platform != "linux", reason="the mirror's layout is Linux's")]

PLAIN = ("--yes", "--editor", "none", "--no-devcontainer")
# Seen before any test hides the home.
THERE = find_interpreters(os.environ, detect_host(os.environ), cache_dir=None)


@pytest.fixture(scope="module")
def mirror(tmp_path_factory):
    """Return the version that the mirror has, and its URL."""
    suitable = [
        found
        for found in THERE
        if found.implementation == "cpython" and found.version.startswith("3.12.") and found.source in ("pyenv", "uv")
    ]
    if not suitable:
        pytest.skip("there is no self-contained Python 3.12 to make a mirror of")
    found = suitable[0]
    return found.version, make_mirror(found.prefix, found.version, tmp_path_factory.mktemp("mirror"))


@pytest.fixture
def bare(tmp_path):
    """Return a PATH on which there is git but no Python at all."""
    folder = tmp_path / "bare"
    folder.mkdir()
    for name in ("git", "sh"):
        (folder / name).symlink_to(shutil.which(name))
    return {
        "PATH": str(folder),
        "PYENV_ROOT": str(tmp_path / "no-pyenv"),
        "UV_PYTHON_INSTALL_DIR": str(tmp_path / "managed"),
    }


def test_a_python_that_is_nowhere_is_installed_and_used(devstrap, write, mirror, bare, tmp_path):
    version, url = mirror
    root = write({".python-version": "3.12\n", "requirements.txt": "alpha\n"}, tmp_path / "app")
    # The machine's own Pythons are hidden by asking for one kept by uv, of which there is none yet.
    arguments = (*PLAIN, "--managed", "--json")
    data = devstrap(root, *arguments, env={**bare, "UV_PYTHON_DOWNLOADS_JSON_URL": url}).data
    assert data["status"] == "ready"
    assert data["environment"]["version"] == version
    assert data["steps"][0]["argv"][:3] == ["uv", "python", "install"]
    home = (root / ".venv" / "bin" / "python").resolve()
    assert home.is_relative_to(tmp_path / "managed")
    assert devstrap(root, *arguments, env=bare).data["status"] == "nothing-to-do"


def test_a_mirror_without_that_python_is_an_error_and_nothing_is_left(devstrap, write, mirror, bare, tmp_path):
    root = write({".python-version": "3.14\n"}, tmp_path / "app")
    before = tree(root)
    env = {**bare, "UV_PYTHON_DOWNLOADS_JSON_URL": mirror[1]}
    error = devstrap(root, *PLAIN, "--managed", "--json", env=env, expect=4).data["error"]
    assert "3.14" in error["message"]
    assert error["remedy"]
    assert tree(root, without=(".devstrap",)) == before


def test_an_archive_with_the_wrong_checksum_is_refused(devstrap, write, mirror, bare, tmp_path):
    index = Path(mirror[1].removeprefix("file://"))
    forged = tmp_path / "forged.json"
    text = index.read_text()
    start = text.index('"sha256": "') + len('"sha256": "')
    forged.write_text(text[:start] + "0" * 64 + text[start + 64 :])
    root = write({".python-version": "3.12\n"}, tmp_path / "app")
    env = {**bare, "UV_PYTHON_DOWNLOADS_JSON_URL": forged.as_uri()}
    error = devstrap(root, *PLAIN, "--managed", "--json", env=env, expect=4).data["error"]
    assert "hash" in (error["message"] + error["remedy"]).lower()
    assert not (root / ".venv").exists()


def test_a_mirror_on_file_counts_as_offline(devstrap, write, mirror, bare, tmp_path):
    root = write({".python-version": "3.12\n"}, tmp_path / "app")
    env = {**bare, "UV_PYTHON_DOWNLOADS_JSON_URL": mirror[1]}
    assert devstrap(root, *PLAIN, "--managed", "--offline", "--json", env=env).data["status"] == "ready"
