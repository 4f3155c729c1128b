"""What was answered and found out is said in the repository, with a real uv: everybody else then has it at once."""

import subprocess

import pytest
from conftest import MINOR, tree
from indexed import Index
from wheels import make_wheel

pytestmark = pytest.mark.real

PLAIN = ("--yes", "--editor", "none", "--no-devcontainer", "--json")
# requests is among what tests commonly need: it is installed in addition where a test imports it.
TEST = "import unittest\nimport requests\n\n\nclass T(unittest.TestCase):\n    def test_it(self):\n        pass\n"
MADE = (
    "# What devstrap sets this repository up with; for other tools this is no project, and says nothing.\n\n"
    '[tool.devstrap]\nadditions = ["requests"]\n'
)
GIT = ("git", "-c", "user.name=a", "-c", "user.email=a@b")


@pytest.fixture
def env(tmp_path):
    """Return the settings that lead to an index with alpha and requests, and to no other."""
    folder = tmp_path / "index"
    make_wheel(folder, "alpha")
    make_wheel(folder, "requests")
    made = Index(folder)
    yield {"UV_DEFAULT_INDEX": made.url, "UV_FIND_LINKS": "", "UV_HTTP_RETRIES": "0"}
    made.close()


@pytest.fixture
def shop(tmp_path, write):
    """Return a checkout whose tests import what nothing declares."""
    root = write(
        {
            ".python-version": f"{MINOR}\n",
            ".gitignore": ".venv\n",
            "requirements.txt": "alpha\n",
            "tests/test_it.py": TEST,
        },
        tmp_path / "shop",
    )
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    commit(root)
    return root


def commit(root):
    subprocess.run([*GIT, "add", "-A"], cwd=root, check=True)
    subprocess.run([*GIT, "commit", "-qm", "x"], cwd=root, check=True)


def changed(root):
    words = ("git", "status", "--porcelain", "--untracked-files=all")
    return subprocess.run(words, cwd=root, check=True, capture_output=True, text=True).stdout.split("\n")[:-1]


def imports(root, name):
    python = root / ".venv" / "bin" / "python"
    return subprocess.run([python, "-I", "-B", "-c", f"import {name}"], check=False).returncode == 0


def test_what_was_found_out_is_said_and_another_clone_has_it_at_once(devstrap, shop, env, tmp_path):
    done = devstrap(shop, *PLAIN, "--remember", env=env)
    assert len(done.data["remedied"]) == 1
    assert (shop / "pyproject.toml").read_text() == MADE
    assert [finding["code"] for finding in done.data["findings"]] == ["D115"]
    assert changed(shop) == ["?? pyproject.toml"]
    for words in ((), ("--remember",)):
        again = devstrap(shop, *PLAIN, *words, env=env).data
        assert (again["status"], again["remedied"]) == ("nothing-to-do", [])
    commit(shop)
    subprocess.run(["git", "clone", "-q", shop, tmp_path / "other"], check=True)
    other = devstrap(tmp_path / "other", *PLAIN, env=env).data
    assert (other["status"], other["remedied"], changed(tmp_path / "other")) == ("ready", [], [])
    assert imports(tmp_path / "other", "requests")


def test_nothing_is_said_that_nobody_asked_for_and_later_it_is_said_alone(devstrap, shop, env):
    done = devstrap(shop, *PLAIN, env=env)
    assert changed(shop) == []
    (advice,) = [finding for finding in done.data["findings"] if finding["code"] == "D113"]
    assert advice["fix"].endswith("--yes --remember")
    before = tree(shop / ".venv")
    later = devstrap(shop, *PLAIN, "--remember", env=env).data
    assert [step["what"] for step in later["steps"]] == ["write pyproject.toml"]
    assert ((shop / "pyproject.toml").read_text(), tree(shop / ".venv")) == (MADE, before)
    # Taken back, it is remembered for this checkout again, and nothing is found out anew.
    devstrap(shop, "undo")
    assert changed(shop) == []
    assert devstrap(shop, *PLAIN, env=env).data["status"] == "nothing-to-do"
    assert imports(shop, "requests")


def test_one_undo_takes_back_all_of_it(devstrap, shop, env):
    before = tree(shop, without=(".git",))
    devstrap(shop, *PLAIN, "--remember", env=env)
    devstrap(shop, "undo")
    assert tree(shop, without=(".git",)).keys() == before.keys()
    assert devstrap(shop, *PLAIN, "--dry-run", env=env).data["status"] == "planned"


def test_what_the_command_line_says_is_in_the_plan_and_the_dry_run_touches_nothing(devstrap, shop, env):
    (shop / "pyproject.toml").write_bytes(b"[tool.ruff]\r\n# ours\r\nline-length = 99")
    (shop / "tests" / "test_it.py").write_text(TEST.replace("import requests\n", ""))
    before = tree(shop)
    shown = devstrap(shop, *PLAIN[:-1], "--as-of", "now", "--remember", "--dry-run", env=env).stdout
    assert '+as-of = "now"' in shown
    assert tree(shop) == before
    done = devstrap(shop, *PLAIN, "--as-of", "now", "--remember", env=env).data
    assert [step["what"] for step in done["steps"]] == ["create .venv", "update pyproject.toml"]
    written = b'[tool.ruff]\r\n# ours\r\nline-length = 99\r\n\r\n[tool.devstrap]\r\nas-of = "now"'
    assert (shop / "pyproject.toml").read_bytes() == written
    assert devstrap(shop, *PLAIN, env=env).data["status"] == "nothing-to-do"
    devstrap(shop, "undo")
    assert {name: found[:2] for name, found in tree(shop).items() if found[0] is not None} == {
        name: found[:2] for name, found in before.items() if found[0] is not None
    }


def test_a_run_that_fails_says_nothing_in_the_repository(devstrap, shop, env):
    (shop / "tests" / "test_it.py").write_text(TEST.replace("import requests", "import nosuchthing"))
    devstrap(shop, *PLAIN, "--remember", expect=1, env=env)
    assert changed(shop) == [" M tests/test_it.py"]
    (shop / "requirements.txt").write_text("nosuchthing\n")
    devstrap(shop, *PLAIN, "--as-of", "now", "--remember", expect=4, env=env)
    assert "?? pyproject.toml" not in changed(shop)


SETUP = "from setuptools import setup\nsetup(name='old', version='1', py_modules=['old'])\n"


@pytest.mark.parametrize(
    "files",
    [
        {"requirements.txt": "alpha\n"},
        {"requirements.txt": "alpha\n", "requirements-dev.txt": "requests\n"},
        {"setup.py": SETUP, "old.py": ""},
        {"setup.py": SETUP, "old.py": "", "requirements.txt": "alpha\n"},
        {"a/requirements.txt": "alpha\n", "b/requirements.txt": "requests\n"},
        {"a/pyproject.toml": '[project]\nname = "a"\nversion = "1"\ndependencies = ["alpha"]\n'},
    ],
)
def test_a_pyproject_toml_with_nothing_else_changes_nothing_of_how_a_repository_is_set_up(devstrap, write, env, files):
    root = write({**files, ".python-version": f"{MINOR}\n"})
    plan = devstrap(root, *PLAIN, "--dry-run", env=env).data["steps"]
    (root / "pyproject.toml").write_text(MADE.replace("requests", "alpha").replace("additions", "newer"))
    assert devstrap(root, *PLAIN, "--dry-run", env=env).data["steps"] == plan
