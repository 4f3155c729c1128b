"""The whole way with a real uv and a real interpreter, on projects made for it; no network is needed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest
from conftest import BASE_PYTHON, MINOR, SOURCE, tree

pytestmark = pytest.mark.real

SCHEMA = json.loads((SOURCE / "bootstrap" / "reports" / "report.schema.json").read_text())
PLAIN = ("--yes", "--editor", "none", "--no-devcontainer")


def python_of(root):
    return root / ".venv" / "bin" / "python"


def imports(root, *names):
    code = "; ".join(f"import {name}" for name in names)
    return subprocess.run([python_of(root), "-I", "-c", code], check=False, capture_output=True).returncode == 0


def test_a_locked_project_is_ready_after_one_command(devstrap, locked):
    done = devstrap(locked, "--yes", "--json")
    jsonschema.validate(done.data, SCHEMA)
    assert done.data["status"] == "ready"
    assert done.data["environment"]["version"].startswith(MINOR)
    assert imports(locked, "alpha", "beta")
    assert (locked / ".vscode" / "settings.json").is_file()
    assert f"python:{MINOR}" in (locked / ".devcontainer" / "devcontainer.json").read_text()


def test_a_second_run_has_nothing_to_do_and_touches_no_file(devstrap, locked):
    devstrap(locked, "--yes")
    before = tree(locked, without=())
    for arguments in (("--yes", "--json"), ("--yes",), ("--yes",)):
        done = devstrap(locked, *arguments)
        assert "nothing-to-do" in done.stdout or "Nothing to do" in done.stdout
        assert tree(locked, without=()) == before


def test_undo_puts_every_byte_back(devstrap, locked):
    before = tree(locked)
    devstrap(locked, "--yes")
    done = devstrap(locked, "undo", "--json")
    jsonschema.validate(done.data, SCHEMA)
    assert tree(locked) == before


def test_a_dry_run_shows_diffs_and_touches_nothing(devstrap, locked):
    before = tree(locked, without=())
    done = devstrap(locked, "--dry-run")
    assert "+++ b/.vscode/settings.json" in done.stdout
    assert "run: uv sync --frozen" in done.stdout
    assert tree(locked, without=()) == before
    devstrap(locked, "--dry-run", "--exit-code", expect=1)


def test_a_stale_lock_is_a_finding_and_the_environment_is_there_all_the_same(devstrap, locked):
    manifest = locked / "pyproject.toml"
    manifest.write_text(manifest.read_text().replace('["beta"]', '["beta", "alpha"]'))
    done = devstrap(locked, *PLAIN, "--json", expect=1)
    jsonschema.validate(done.data, SCHEMA)
    assert [finding["code"] for finding in done.data["findings"]] == ["D201"]
    assert imports(locked, "beta")
    # Nothing would be done, and yet not everything holds.
    promised = devstrap(locked, *PLAIN, "--dry-run", "--json", expect=1)
    assert [finding["code"] for finding in promised.data["findings"]] == ["D201"]


def test_a_lock_that_cannot_be_checked_is_no_stale_lock(devstrap, locked):
    devstrap(locked, *PLAIN)
    manifest = locked / "pyproject.toml"
    manifest.write_text(manifest.read_text().replace('["beta"]', '["beta", "elsewhere"]'))
    env = {"UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple", "UV_HTTP_RETRIES": "0"}
    done = devstrap(locked, *PLAIN, "--json", env=env)
    assert [(finding["code"], finding["severity"]) for finding in done.data["findings"]] == [("D202", "warning")]


def test_requirements_files_are_installed(devstrap, write):
    root = write({"requirements.txt": "beta\n", ".python-version": MINOR, "parts/x/pyproject.toml": ""})
    done = devstrap(root, *PLAIN, "--json")
    assert done.data["dependencies"]["manager"] == "requirements"
    assert imports(root, "alpha", "beta")
    assert devstrap(root, *PLAIN, "--json").data["status"] == "nothing-to-do"
    (root / "requirements.txt").write_text("beta\ngamma\n")
    assert devstrap(root, *PLAIN, "--json").data["status"] == "ready"
    assert imports(root, "gamma")


def test_a_project_without_a_lock_gets_its_groups_and_no_stray_lock(devstrap, write):
    root = write(
        {
            "pyproject.toml": f'[project]\nname = "x"\nversion = "1"\nrequires-python = ">={MINOR}"\n'
            'dependencies = ["alpha<2"]\n[dependency-groups]\ndev = ["beta"]\n',
        }
    )
    before = set(os.listdir(root))
    assert devstrap(root, *PLAIN, "--json", "--python", MINOR).data["status"] == "ready"
    assert imports(root, "alpha", "beta")
    assert set(os.listdir(root)) - before <= {".venv", ".devstrap", "cache", "uv-cache"}


def _dangle(root):
    python_of(root).unlink()
    python_of(root).symlink_to("/nowhere/python")


def _lose_settings(root):
    (root / ".venv" / "pyvenv.cfg").unlink()


def _lose_a_package(root):
    library = next((root / ".venv" / "lib").iterdir()) / "site-packages"
    shutil.rmtree(library / "alpha-1.0.dist-info")
    (library / "alpha.py").unlink()


def _lose_a_module(root):
    (next((root / ".venv" / "lib").iterdir()) / "site-packages" / "alpha.py").unlink()


def _come_from_another_folder(root):
    record = json.loads((root / ".venv" / "devstrap.json").read_text())
    (root / ".venv" / "devstrap.json").write_text(json.dumps({**record, "root": "/another/place"}))


def _break_the_interpreter(root):
    python_of(root).unlink()
    python_of(root).write_text("#!/bin/sh\nexit 1\n")
    python_of(root).chmod(0o755)


@pytest.mark.parametrize(
    "damage",
    [_dangle, _lose_settings, _lose_a_package, _lose_a_module, _come_from_another_folder, _break_the_interpreter],
)
def test_a_damaged_environment_is_repaired(devstrap, locked, damage):
    devstrap(locked, *PLAIN)
    damage(locked)
    assert devstrap(locked, *PLAIN, "--json").data["status"] == "ready"
    assert imports(locked, "alpha", "beta")


@pytest.mark.parametrize("kind", ["folder", "link", "file"])
def test_what_is_no_environment_is_refused_and_left_alone(devstrap, locked, tmp_path, kind):
    if kind == "folder":
        (locked / ".venv").mkdir()
        (locked / ".venv" / "notes.txt").write_text("mine")
    elif kind == "link":
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "other"], check=True)
        (locked / ".venv").symlink_to(tmp_path / "other")
    else:
        (locked / ".venv").write_text("name-of-an-environment\n")
    before = tree(tmp_path, without=("cache", "uv-cache"))
    done = devstrap(locked, *PLAIN, "--json", expect=2)
    jsonschema.validate(done.data, SCHEMA)
    assert done.data["error"]["path"] == ".venv"
    assert tree(tmp_path, without=("cache", "uv-cache")) == before


def test_what_cannot_be_resolved_leaves_the_environment_that_was_there(devstrap, write):
    root = write({"requirements.txt": "beta\n", ".python-version": MINOR}, Path(os.path.realpath(write({}))) / "app")
    devstrap(root, *PLAIN)
    before = tree(root, without=(".devstrap",))
    (root / "requirements.txt").write_text("beta\nalpha>=2\n")
    before["requirements.txt"] = tree(root)["requirements.txt"]
    done = devstrap(root, *PLAIN, "--json", expect=4)
    jsonschema.validate(done.data, SCHEMA)
    assert "alpha" in done.data["error"]["message"]
    assert tree(root, without=(".devstrap",)) == before
    assert imports(root, "beta")


def test_packages_that_do_not_go_together_are_a_finding(devstrap, locked):
    devstrap(locked, *PLAIN)
    library = next((locked / ".venv" / "lib").iterdir()) / "site-packages"
    metadata = library / "beta-1.0.dist-info" / "METADATA"
    text = metadata.read_text()
    metadata.unlink()  # uv hard-links it to its cache
    metadata.write_text(text.replace("alpha<2", "alpha>=7"))
    os.utime(library)
    done = devstrap(locked, *PLAIN, "--json", expect=1)
    assert [finding["code"] for finding in done.data["findings"]] == ["D104"]


def test_run_sets_up_first_and_passes_words_and_exit_code_on(devstrap, locked):
    code = "import sys, alpha; print(alpha.VALUE, sys.argv[1:]); sys.exit(7)"
    done = devstrap(locked, "run", "python", "-c", code, "--json", "-x", expect=7)
    assert done.stdout == "1 ['--json', '-x']\n"
    assert "create .venv" in done.stderr
    again = devstrap(locked, "run", "python", "-c", "import os; print(os.environ['VIRTUAL_ENV'])")
    assert again.stdout == f"{locked / '.venv'}\n"
    assert again.stderr == ""


def test_an_activated_environment_and_conda_do_not_leak_in(devstrap, locked, tmp_path):
    other = tmp_path / "other"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", other], check=True)
    before = tree(other)
    env = {"VIRTUAL_ENV": str(other), "CONDA_PREFIX": str(other), "PYTHONHOME": "", "PYTHONPATH": str(other)}
    devstrap(locked, *PLAIN, env={**env, "UV_PROJECT_ENVIRONMENT": str(other), "UV_SYSTEM_PYTHON": "1"})
    assert imports(locked, "alpha")
    assert tree(other) == before


def test_two_runs_at_once_end_with_one_told_who_holds_the_lock(devstrap, locked, uv, tmp_path):
    gate, begun = tmp_path / "gate", tmp_path / "begun"
    slow = tmp_path / "uv"
    slow.write_text(f'#!/bin/sh\ntouch "{begun}"\nwhile [ ! -e "{gate}" ]; do sleep 0.05; done\nexec "{uv}" "$@"\n')
    slow.chmod(0o755)
    import threading

    first = threading.Thread(target=lambda: devstrap(locked, *PLAIN, env={"DEVSTRAP_UV": str(slow)}))
    first.start()
    try:
        while not begun.exists():
            time.sleep(0.02)
        done = devstrap(locked, *PLAIN, "--json", expect=2)
        assert done.data["error"]["code"] == "locked"
        assert "process" in done.data["error"]["message"]
    finally:
        gate.touch()
        first.join()
    assert devstrap(locked, *PLAIN, "--json").data["status"] == "nothing-to-do"


@pytest.mark.parametrize("call", [1, 2, 3, 4])  # two make the environment, the next ones check it
def test_a_run_that_is_killed_at_any_command_is_recovered_by_the_next(devstrap, locked, uv, tmp_path, call):
    before = tree(locked)
    count, killer = tmp_path / "count", tmp_path / "uv"
    killer.write_text(
        f'#!/bin/sh\necho x >> "{count}"\n'
        f'[ "$(wc -l < "{count}")" -ge {call} ] && kill -9 $PPID && exit 1\nexec "{uv}" "$@"\n'
    )
    killer.chmod(0o755)
    devstrap(locked, "--yes", env={"DEVSTRAP_UV": str(killer)}, expect=-signal.SIGKILL)
    assert devstrap(locked, "--yes", "--json").data["status"] in ("ready", "nothing-to-do")
    assert imports(locked, "beta")
    devstrap(locked, "undo")
    assert {name: found for name, found in tree(locked).items() if name in before} == before


@pytest.mark.parametrize("wait_for", ["venv", "sync"])
def test_ctrl_c_during_a_step_leaves_nothing_behind(devstrap, locked, uv, tmp_path, wait_for):
    before = tree(locked)
    stuck = tmp_path / "uv"
    stuck.write_text(f'#!/bin/sh\n"{uv}" "$@" || exit\n[ "$1" = {wait_for} ] && kill -INT $PPID && sleep 5\nexit 0\n')
    stuck.chmod(0o755)
    done = devstrap(locked, "--yes", env={"DEVSTRAP_UV": str(stuck)}, expect=130)
    assert "interrupted" in done.stderr.lower()
    assert tree(locked) == before
    assert devstrap(locked, "--yes", "--json").data["status"] == "ready"


def test_offline_without_a_suitable_python_says_what_is_there(devstrap, write):
    root = write({".python-version": "3.8.1"})
    done = devstrap(root, *PLAIN, "--offline", "--json", expect=2)
    assert MINOR in done.data["error"]["remedy"]
    assert not (root / ".venv").exists()


@pytest.mark.parametrize(
    "files",
    [
        {".vscode/settings.json": '{\n  "a": 1,\n  oops\n}\n'},
        {"pyproject.toml": "[project\n"},
        {".python-version": "three\n"},
    ],
)
def test_a_malformed_file_is_named_with_its_line_and_nothing_changes(devstrap, locked, write, files):
    write(files, locked)
    before = tree(locked, without=())
    done = devstrap(locked, "--yes", "--json", expect=4)
    jsonschema.validate(done.data, SCHEMA)
    assert done.data["error"]["path"] == next(iter(files))
    assert done.data["error"]["line"] >= 1
    assert tree(locked, without=()) == before


def test_names_with_spaces_and_letters_of_other_scripts_are_fine(devstrap, locked, tmp_path):
    odd = tmp_path / "ein größeres 仓库 with $(spaces)"
    locked.rename(odd)
    assert devstrap(odd, "--yes", "--json").data["status"] == "ready"
    assert devstrap(odd, "run", "python", "-c", "import alpha").returncode == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_repository_that_cannot_be_written_to_is_an_error(devstrap, locked):
    locked.chmod(0o555)
    try:
        devstrap(locked, *PLAIN, expect=2)
    finally:
        locked.chmod(0o755)


def test_the_base_python_is_the_one_that_these_tests_think(devstrap, locked):
    data = devstrap(locked, *PLAIN, "--dry-run", "--json").data
    assert os.path.realpath(data["python"]["executable"]) == BASE_PYTHON


def test_what_was_taken_out_is_put_back(devstrap, write, uv):
    root = write({"requirements.txt": "beta\ngamma\n", ".python-version": MINOR})
    devstrap(root, *PLAIN)
    subprocess.run([uv, "pip", "uninstall", "--quiet", "--python", python_of(root), "gamma"], check=True)
    assert not imports(root, "gamma")
    assert devstrap(root, *PLAIN, "--json").data["status"] == "ready"
    assert imports(root, "gamma")


def test_run_does_not_replace_what_somebody_made_by_hand(devstrap, write, uv):
    other = "3.12" if MINOR != "3.12" else "3.13"
    root = write({".python-version": other})
    subprocess.run([uv, "venv", "--quiet", "--python", BASE_PYTHON, root / ".venv"], check=True)
    (root / ".venv" / "notes.txt").write_text("mine")
    done = devstrap(root, "run", "python", "-V", expect=2)
    assert "made it by hand" in done.stderr
    assert (root / ".venv" / "notes.txt").read_text() == "mine"


def test_run_takes_no_tool_of_another_python(devstrap, locked, tmp_path):
    tool = tmp_path / "elsewhere" / "sometool"
    tool.parent.mkdir()
    tool.write_text(f"#!{BASE_PYTHON}\nprint('wrong')\n")
    tool.chmod(0o755)
    devstrap(locked, *PLAIN)
    env = {"PATH": f"{tool.parent}{os.pathsep}/usr/bin{os.pathsep}/bin"}
    done = devstrap(locked, "run", "sometool", env=env, expect=2)
    assert "belongs to another Python" in done.stderr
    assert devstrap(locked, "run", "sh", "-c", "echo fine", env=env).stdout == "fine\n"


def test_undo_goes_back_run_by_run_and_not_forth_again(devstrap, locked):
    before = tree(locked)
    devstrap(locked, "--yes")
    devstrap(locked, "undo")
    devstrap(locked, "undo", expect=2)
    assert tree(locked) == before


def test_a_link_out_of_the_repository_is_refused_before_anything_is_begun(devstrap, locked, tmp_path):
    (tmp_path / "outside").mkdir()
    (locked / ".vscode").symlink_to(tmp_path / "outside")
    done = devstrap(locked, "--yes", "--json", expect=2)
    assert done.data["error"]["code"] == "unsafe-path"
    assert not (locked / ".venv").exists()
    assert not any((tmp_path / "outside").iterdir())
