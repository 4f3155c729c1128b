"""What stays of a run, with a real uv: when it was killed, when it failed, when it replaced what somebody had made."""

import json
import os
import shutil
import signal
import subprocess
import time

import jsonschema
import pytest
from conftest import BASE_PYTHON, MINOR, SOURCE, tree

pytestmark = pytest.mark.real

SCHEMA = json.loads((SOURCE / "bootstrap" / "reports" / "report.schema.json").read_text())
PLAIN = ("--yes", "--editor", "none", "--no-devcontainer")


def names(root):
    return sorted(path.name for path in root.iterdir())


def test_a_command_that_outlives_a_killed_run_leaves_nothing_in_the_end(devstrap, locked, uv, tmp_path):
    before = names(locked)
    gate, place, ended, outliving = (tmp_path / name for name in ("gate", "place", "ended", "uv"))
    # The command is told where to build, sees its parent die, and goes on when everything has been cleared up.
    outliving.write_text(
        f'#!/bin/sh\n[ "$1" = sync ] || exec "{uv}" "$@"\necho "$UV_PROJECT_ENVIRONMENT" > "{place}"\nkill -9 $PPID\n'
        f'exec >/dev/null 2>&1\nwhile [ ! -e "{gate}" ]; do sleep 0.05; done\n'
        f'"{uv}" venv --python "{BASE_PYTHON}" "$UV_PROJECT_ENVIRONMENT"\ntouch "{ended}"\n'
    )
    outliving.chmod(0o755)
    devstrap(locked, *PLAIN, env={"DEVSTRAP_UV": str(outliving)}, expect=-signal.SIGKILL)
    assert devstrap(locked, *PLAIN, "--json").data["status"] == "ready"
    assert names(locked) == sorted([*before, ".venv"])
    gate.touch()
    while not ended.exists():
        time.sleep(0.02)
    orphan = place.read_text().strip()
    assert os.path.isdir(orphan)
    done = devstrap(locked, *PLAIN)
    assert os.path.basename(orphan) in done.stdout + done.stderr
    assert names(locked) == sorted([*before, ".venv"])
    assert "Nothing to do" in devstrap(locked, *PLAIN).stdout


@pytest.mark.parametrize("is_broken", [False, True])
def test_an_environment_that_somebody_made_comes_back_with_undo(devstrap, locked, uv, is_broken):
    subprocess.run([uv, "venv", "--quiet", "--python", BASE_PYTHON, locked / ".venv"], check=True)
    settings = locked / ".venv" / "pyvenv.cfg"
    if is_broken:
        (locked / ".venv" / "bin" / "python").unlink()
    else:  # as if it were of another Python
        settings.write_text(settings.read_text().replace(MINOR, "3.8"))
        (locked / ".venv" / "lib" / f"python{MINOR}").rename(locked / ".venv" / "lib" / "python3.8")
    (locked / ".venv" / "notes.txt").write_text("mine")
    before = tree(locked)
    done = devstrap(locked, "--yes", "--json")
    jsonschema.validate(done.data, SCHEMA)
    assert done.data["status"] == "ready"
    assert [(one["code"], one["fix"]) for one in done.data["findings"]] == [("D402", f"devstrap --root {locked} undo")]
    assert not (locked / ".venv" / "notes.txt").exists()
    # It was so then, and is no news for the next run.
    assert "D402" not in devstrap(locked, "--yes").stdout
    devstrap(locked, "undo")
    assert tree(locked) == before


def test_a_run_that_fails_leaves_no_folder_of_its_own(devstrap, write):
    root = write({"app/requirements.txt": "beta\nalpha>=2\n", "app/.python-version": MINOR}) / "app"
    before = tree(root, without=())
    devstrap(root, *PLAIN, expect=4)
    assert tree(root, without=()) == before


def test_a_checkout_is_the_same_by_whatever_link_it_is_reached(devstrap, locked, tmp_path):
    devstrap(locked, *PLAIN)
    (tmp_path / "alias").symlink_to(locked)
    assert devstrap(tmp_path / "alias", *PLAIN, "--json").data["status"] == "nothing-to-do"
    assert devstrap(tmp_path / "alias", "run", "python", "-c", "import alpha").returncode == 0


@pytest.fixture
def workspace(write, uv, wheels, tmp_path):
    """Return a locked workspace with the member `packages/part`, which needs another one and an older alpha."""
    project = '[project]\nname = "{name}"\nversion = "1"\nrequires-python = "=={minor}.*"\ndependencies = [{needs}]\n'
    root = write(
        {
            "pyproject.toml": project.format(name="whole", minor=MINOR, needs='"gamma"')
            + '[tool.uv.workspace]\nmembers = ["packages/*"]\n',
            "packages/part/pyproject.toml": project.format(name="part", minor=MINOR, needs='"alpha"')
            + '[dependency-groups]\ndev = ["beta"]\n',
            "packages/part/bootstrap.py": "# stands for the real one\n",
        },
        tmp_path / "workspace",
    )
    env = {**os.environ, "UV_FIND_LINKS": str(wheels), "UV_CACHE_DIR": str(tmp_path / "uv-cache")}
    env["UV_DEFAULT_INDEX"] = (wheels / "no-index").as_uri()
    subprocess.run([uv, "lock", "--quiet", "--python", BASE_PYTHON], cwd=root, env=env, check=True)
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    return root


def installed(root):
    return {path.name for path in root.glob(".venv/lib/python*/site-packages/*.dist-info")}


def test_a_member_of_a_workspace_gets_what_its_lock_says_and_the_workspace_stays_as_it_is(devstrap, workspace):
    before = tree(workspace)
    member = workspace / "packages" / "part"
    done = devstrap(member, *PLAIN, "--json")
    jsonschema.validate(done.data, SCHEMA)
    assert (done.data["status"], done.data["dependencies"]["title"]) == ("ready", "../../uv.lock")
    # Without the lock, alpha would be the newer one; gamma is only the workspace's.
    assert installed(member) == {"alpha-1.0.dist-info", "beta-1.0.dist-info"}
    assert {
        name: found for name, found in tree(workspace).items() if "/.venv" not in name and "/.dev" not in name
    } == before
    assert devstrap(member, *PLAIN, "--json").data["status"] == "nothing-to-do"
    # Where there is nothing to do by the receipt, a changed lock is noticed all the same.
    assert "Nothing to do" in devstrap(member, *PLAIN).stdout
    manifest = workspace / "packages" / "part" / "pyproject.toml"
    manifest.write_text(manifest.read_text().replace('"alpha"', '"alpha", "gamma"'))
    assert [one["code"] for one in devstrap(member, *PLAIN, "--json", expect=1).data["findings"]] == ["D201"]


def test_a_member_is_what_uv_takes_for_one(devstrap, workspace):
    member = workspace / "packages" / "part"
    for line, title in (
        ('members = ["packages/*"]\nexclude = ["packages/part"]', "pyproject.toml with group dev"),
        ('members = ["packages/**"]', "../../uv.lock"),
    ):
        manifest = workspace / "pyproject.toml"
        head, _, _ = manifest.read_text().partition("members")
        manifest.write_text(head + line + "\n")
        shutil.rmtree(member / ".venv", ignore_errors=True)
        done = devstrap(member, *PLAIN, "--json")
        assert (done.data["status"], done.data["dependencies"]["title"]) == ("ready", title)
