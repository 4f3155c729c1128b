"""Which Python has the wheels, asked of a real uv over an index of its own."""

import os
import subprocess
from pathlib import Path

import pytest
from conftest import BASE_PYTHON, MINOR
from indexed import Index, make_sdist
from wheels import make_wheel

from bootstrap.commands import Tools
from bootstrap.machine import Interpreter
from bootstrap.model import Place, Requirement, Run
from bootstrap.proof.wheels import Failed, Probe
from bootstrap.versions import Range

INSTALL = ("uv", "pip", "install", "--python", "{target}")
NOW = (3, int(MINOR.partition(".")[2]))
HERE = Interpreter(Path(BASE_PYTHON), f"{MINOR}.0", "cpython", "x86_64", "path", Path(BASE_PYTHON).parents[1])


def tagged(folder, name, version, *tags):
    """Write a wheel of a package for some Pythons only, and a source archive that cannot be built."""
    for tag in tags:
        made = make_wheel(folder, name, version)
        made.rename(folder / f"{name}-{version}-{tag}-{tag}-manylinux_2_17_x86_64.whl")
    make_sdist(folder, name, version, backend="raise RuntimeError('it cannot be built')\n")


@pytest.fixture
def nearest(facts, uv, tmp_path):
    """Return what is found nearest to the Python of the tests for an installation in which a package failed."""
    folder = tmp_path / "index"
    tagged(folder, "alpha", "1.0", "cp39", "cp310")
    tagged(folder, "beta", "1.0", "cp310", "cp311")
    make_wheel(folder, "gamma", requires=("alpha",))
    make_sdist(folder, "plain", backend="import os\n")
    index = Index(folder)
    env = {**os.environ, "UV_CACHE_DIR": str(tmp_path / "uv-cache"), "UV_HTTP_RETRIES": "0"}

    def find(text, failed, required=None, argv=(*INSTALL, "--requirements", "requirements.txt")):
        bounds = Requirement(Range.parse(required), Place("pyproject.toml", 1)) if required else None
        found = facts(repository={"pin": None, "requires_python": bounds})
        root = found.repository.root
        (root / "requirements.txt").write_text(text)
        tools = Tools(uv, env, None, {"UV_DEFAULT_INDEX": index.url})
        before = sorted(root.rglob("*"))
        said = f"error: Failed to build `{failed}`\n" if failed else "error: No solution found\n"
        got = Probe(tools, lambda: [HERE]).nearest(Failed(Run(argv, "install it"), said, found, root), NOW)
        assert sorted(root.rglob("*")) == before
        return got

    yield find
    index.close()


pytestmark = [pytest.mark.real, pytest.mark.skipif(NOW < (3, 11), reason="the wheels are for Pythons before it")]


def test_the_nearest_python_that_has_wheels_of_everything_is_found(nearest):
    assert nearest("alpha\n", "alpha==1.0") == (3, 10)
    assert nearest("gamma\n", "alpha==1.0") == (3, 10)


def test_all_packages_have_to_have_wheels_for_it(nearest):
    assert nearest("alpha\nbeta\n", "beta==1.0") == (3, 10)


def test_what_has_wheels_nowhere_is_no_reason_against_a_python(nearest):
    assert nearest("alpha\nplain\n", "alpha==1.0") == (3, 10)


def test_a_python_that_the_repository_does_not_admit_is_not_found(nearest):
    assert nearest("alpha\n", "alpha==1.0", "<3.10") == (3, 9)
    assert nearest("alpha\n", "alpha==1.0", ">=3.11") is None


def test_there_may_be_none(nearest):
    assert nearest("plain\n", "plain==1.0") is None


def test_requirements_are_held_against_each_python(nearest):
    assert nearest("alpha ; python_version >= '3.10'\nnowhere ; python_version >= '3.10'\n", "") == (3, 9)


def test_the_index_is_the_only_one_that_was_asked(nearest, tmp_path):
    assert nearest("alpha\n", "alpha==1.0") == (3, 10)
    listed = subprocess.run(["find", str(tmp_path / "uv-cache"), "-name", "*.whl"], check=True, capture_output=True)
    assert listed.stdout == b""  # nothing was downloaded to be installed
