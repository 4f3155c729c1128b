"""The hook of .pre-commit-hooks.yaml under the real pre-commit and prek, from a git repository of this working tree."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from conftest import SOURCE

from bootstrap.sites.catalogue import CATALOGUE

pytestmark = pytest.mark.real

HOOKS = yaml.safe_load((SOURCE / ".pre-commit-hooks.yaml").read_bytes())
# Seen before any test hides the home: where the package index is that this machine is configured for.
ENV = dict(os.environ)
IDENTITY = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")

PYPROJECT = """\
[project]
name = "shop"
version = "1"
requires-python = ">=3.12"

[tool.ruff]
target-version = "py312"
"""


def git(folder, *arguments):
    subprocess.run(["git", *IDENTITY, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def hooks(tmp_path_factory):
    """Return a bare repository with what is in this working tree, committed or not."""
    folder = tmp_path_factory.mktemp("devstrap")
    listed = subprocess.run(
        ["git", "ls-files", "-coz", "--exclude-standard"], cwd=SOURCE, check=True, capture_output=True, text=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (SOURCE / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(SOURCE / name, folder / name)
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "as it stands")
    bare = tmp_path_factory.mktemp("hooks") / "devstrap.git"
    git(folder, "clone", "-q", "--bare", ".", str(bare))
    return bare


@pytest.fixture(scope="module", params=["pre-commit", "prek"])
def runner(request, tmp_path_factory):
    """Return a function that runs the tool's hooks in a repository; its caches are the module's own."""
    folder = tmp_path_factory.mktemp(request.param)
    uv = os.environ.get("DEVSTRAP_UV") or shutil.which("uv", path=str(Path(sys.executable).parent)) or "uv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    python = folder / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    installed = subprocess.run(
        [uv, "pip", "install", "--quiet", "--python", python, request.param],
        env=ENV,
        capture_output=True,
        text=True,
        check=False,
    )
    if installed.returncode:
        pytest.skip(f"{request.param} cannot be installed: {installed.stderr[-300:]}")
    env = {
        **ENV,
        "PATH": os.pathsep.join((str(python.parent), str(Path(uv).parent), ENV.get("PATH", ""))),
        "PRE_COMMIT_HOME": str(folder / "home"),
        "PREK_HOME": str(folder / "home"),
        "VIRTUALENV_OVERRIDE_APP_DATA": str(folder / "virtualenv"),
        "PREK_COLOR": "never",
    }

    def run(root):
        argv = [str(python.parent / request.param), "run", "--verbose"]
        return subprocess.run(argv, cwd=root, env=env, capture_output=True, text=True, check=False)

    return run


@pytest.fixture
def project(write, hooks, tmp_path):
    """Return a repository that uses the hook, with everything staged."""
    revision = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=hooks, check=True, capture_output=True, text=True
    ).stdout.strip()
    config = {"repos": [{"repo": str(hooks), "rev": revision, "hooks": [{"id": "devstrap-check"}]}]}
    root = write({"pyproject.toml": PYPROJECT, ".pre-commit-config.yaml": yaml.safe_dump(config)}, tmp_path / "shop")
    git(root, "init", "-q")
    git(root, "add", "-A")
    return root


def test_the_hook_passes_fails_and_is_skipped_as_it_should(runner, project):
    passed = runner(project)
    assert (passed.returncode, "Passed" in passed.stdout) == (0, True), passed.stdout + passed.stderr

    (project / "pyproject.toml").write_text(PYPROJECT.replace("py312", "py39"))
    git(project, "add", "-A")
    failed = runner(project)
    assert failed.returncode == 1
    assert "targets 3.9, but the oldest supported is 3.12 [V101]" in failed.stdout

    git(project, "commit", "-qm", "all of it")
    (project / "shop.js").write_text("const version = 1\n")
    git(project, "add", "-A")
    skipped = runner(project)
    assert skipped.returncode == 0
    assert "no files to check" in skipped.stdout


def test_the_hook_runs_for_every_file_that_may_declare_a_version():
    (hook,) = HOOKS
    excluded = re.compile(hook["exclude"])
    samples = {re.sub(r"\[(.)[^]]*\]", r"\1", pattern.lstrip("/")) for row in CATALOGUE for pattern in row.files}
    assert [name for name in samples if excluded.search(re.sub(r"[*?]", "x", name))] == []


@pytest.mark.parametrize("name", ["web/app.ts", "uv.lock", "logo.svg"])
def test_the_hook_does_not_run_for_what_declares_nothing(name):
    assert re.search(HOOKS[0]["exclude"], name)
