"""The hook that an adoption adds, before the real pre-commit: it is valid, and runs the wrapper."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from adopting import adopted

from bootstrap.adopt.hooks import hooks

pytestmark = pytest.mark.real

ENV = dict(os.environ)
PATH = ".pre-commit-config.yaml"
CONFIGURATIONS = {
    "another": "repos:\n- repo: meta\n  hooks:\n  - id: identity\n",
    "dashes": "repos:\n-   repo: meta\n    hooks:\n    -   id: identity\n",
    "local": "repos:\n  - repo: local\n    hooks:\n      - {id: x, name: x, entry: git, language: system}\n",
}


@pytest.fixture(scope="module")
def pre_commit(tmp_path_factory):
    """Return the program, in an environment of its own."""
    folder = tmp_path_factory.mktemp("pre-commit")
    uv = os.environ.get("DEVSTRAP_UV") or shutil.which("uv", path=str(Path(sys.executable).parent)) or "uv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    scripts = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    argv = [uv, "pip", "install", "--quiet", "--python", scripts / "python", "pre-commit"]
    installed = subprocess.run(argv, env=ENV, capture_output=True, text=True, check=False)
    if installed.returncode:
        pytest.skip(f"pre-commit cannot be installed: {installed.stderr[-300:]}")
    return scripts / "pre-commit"


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_the_configuration_is_valid_and_the_hook_runs_the_wrapper(pre_commit, name, tmp_path):
    (tmp_path / PATH).write_text(adopted(hooks, PATH, CONFIGURATIONS[name]))
    (tmp_path / "bootstrap.py").write_text("import sys\nprint('was told to', *sys.argv[1:])\n")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", "-A"], cwd=tmp_path, check=True)
    env = {
        **ENV,
        "PRE_COMMIT_HOME": str(tmp_path / "home"),
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), ENV.get("PATH", ""))),
    }
    for argv in (("validate-config", PATH), ("run", "--verbose", "devstrap-check")):
        done = subprocess.run([pre_commit, *argv], cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    assert "was told to check" in done.stdout
