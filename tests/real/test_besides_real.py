"""What comes besides packages, with a real git, a real pre-commit and real commands."""

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from conftest import BASE_PYTHON, MINOR, SOURCE, tree

pytestmark = pytest.mark.real

# Seen before any test hides the home: where the package index is that this machine is configured for.
ENV = dict(os.environ)
SCHEMA = json.loads((SOURCE / "bootstrap" / "reports" / "report.schema.json").read_text())
PLAIN = ("--yes", "--editor", "none", "--no-devcontainer")
IDENTITY = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "protocol.file.allow=always")
# Other than by its own switch, git takes no submodule from a folder.
ALLOWED = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "protocol.file.allow", "GIT_CONFIG_VALUE_0": "always"}


def git(folder, *words, **options):
    return subprocess.run(["git", *IDENTITY, *words], cwd=folder, check=True, capture_output=True, text=True, **options)


@pytest.fixture
def shop(write, tmp_path):
    """Return a git checkout with these files, committed, that needs nothing but a Python."""

    def make(files, name="shop"):
        given = {"requirements.txt": "", ".python-version": MINOR, ".gitignore": ".venv\n.env\n", **files}
        root = write(given, tmp_path / name)
        git(root, "init", "-q")
        git(root, "add", "-A")
        git(root, "commit", "-qm", "as it stands")
        return root

    return make


def findings(done):
    jsonschema.validate(done.data, SCHEMA)
    return [finding["code"] for finding in done.data["findings"]]


def steps(done):
    return [step["what"] for step in done.data["steps"]]


# ---- the checkout ---------------------------------------------------------------------------------------------------


@pytest.fixture
def cloned(shop, tmp_path):
    """Return a clone of a repository that keeps what it requires in a submodule, which is not checked out."""
    inner = shop({"needs.txt": "gamma\n"}, "inner")
    outer = shop({"pyproject.toml": '[tool.devstrap]\nrequirements = ["requirements.txt"]\n'}, "outer")
    git(outer, "submodule", "add", str(inner), "vendor/inner")
    git(outer, "commit", "-qam", "with it")
    git(tmp_path, "clone", "-q", str(outer), "clone")
    return tmp_path / "clone"


def test_submodules_are_checked_out_before_anything_is_installed(devstrap, cloned):
    (cloned / "requirements.txt").write_text("-r vendor/inner/needs.txt\n")
    assert "run: git submodule update --init --recursive -- vendor/inner" in devstrap(cloned, "--dry-run").stdout
    assert not (cloned / "vendor/inner/.git").exists()
    done = devstrap(cloned, *PLAIN, "--json", env=ALLOWED)
    assert steps(done) == ["check out the submodule vendor/inner", "create .venv"]
    assert findings(done) == []
    assert subprocess.run([cloned / ".venv/bin/python", "-c", "import gamma"], check=False).returncode == 0
    assert devstrap(cloned, *PLAIN, "--json", env=ALLOWED).data["status"] == "nothing-to-do"


def test_a_submodule_that_nothing_needs_may_be_out_of_reach(devstrap, cloned):
    for _ in range(2):  # which no receipt hides
        done = devstrap(cloned, *PLAIN, "--json")
        (finding,) = done.data["findings"]
        assert (finding["code"], finding["severity"]) == ("D501", "warning")
        assert "transport 'file' not allowed" in finding["message"]
    assert (cloned / ".venv").is_dir()
    done = devstrap(cloned, *PLAIN, "--json", env=ALLOWED)
    assert steps(done) == ["check out the submodule vendor/inner"]
    assert findings(done) == []


def test_without_a_submodule_that_is_needed_nothing_is_begun(devstrap, cloned):
    (cloned / "requirements.txt").write_text("-r vendor/inner/needs.txt\n")
    before = tree(cloned)
    done = devstrap(cloned, *PLAIN, expect=4)
    assert "without which nothing can be installed: transport 'file' not allowed" in done.stderr
    assert {name for name in tree(cloned) if not name.startswith(".venv")} == set(before)
    assert not (cloned / ".venv").exists()


def test_files_of_git_lfs_are_fetched(devstrap, shop, tmp_path):
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
    root = shop({".gitattributes": "*.bin filter=lfs\n", "a.bin": pointer})
    done = devstrap(root, *PLAIN, "--json", env={"PATH": _without_lfs(tmp_path)})
    assert findings(done) == ["D502"]
    assert "install git-lfs" in done.data["findings"][0]["hint"]
    program = tmp_path / "bin" / "git-lfs"
    program.write_text(f'#!/bin/sh\necho "$1" >> {tmp_path}/log\n[ "$1" = pull ] && echo whole > a.bin || true\n')
    program.chmod(0o755)
    done = devstrap(root, *PLAIN, "--json", env={"PATH": str(tmp_path / "bin")})
    assert steps(done) == ["set up git-lfs in this clone", "fetch 1 file from git-lfs"]
    assert findings(done) == []
    assert (tmp_path / "log").read_text().split() == ["install", "pull"]


def _without_lfs(folder):
    """Return a PATH on which there is git, and a shell, and nothing else."""
    (folder / "bin").mkdir()
    for name in ("git", "sh"):
        (folder / "bin" / name).symlink_to(shutil.which(name))
    return str(folder / "bin")


def test_a_build_that_fails_in_a_shallow_clone_says_how_to_get_the_tags(devstrap, shop, tmp_path):
    manifest = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    manifest += '[project]\nname = "shop"\ndynamic = ["version"]\n[tool.setuptools_scm]\n'
    backend = "def build_editable(*_):\n    raise SystemExit('no tag')\n"
    backend += "def get_requires_for_build_editable(*_):\n    return []\n"
    origin = shop({"pyproject.toml": manifest, "backend.py": backend}, "origin")
    git(origin, "rm", "-q", "requirements.txt")
    git(origin, "commit", "-qm", "without it")
    git(tmp_path, "clone", "-q", "--depth", "1", origin.as_uri(), "clone")
    done = devstrap(tmp_path / "clone", *PLAIN, expect=4)
    assert "git fetch --unshallow --tags" in done.stderr


# ---- .env -----------------------------------------------------------------------------------------------------------

EXAMPLE = "DEBUG=1\nAPI_KEY=\nDATABASE_URL=postgres://ada:hush@db/shop\n"


def test_dotenv_is_written_once_for_its_owner_alone(devstrap, shop):
    root = shop({".env.example": EXAMPLE})
    done = devstrap(root, *PLAIN, "--json")
    assert "write .env" in steps(done)
    assert (root / ".env").read_text() == EXAMPLE
    assert stat.S_IMODE((root / ".env").stat().st_mode) == 0o600
    assert findings(done) == ["D505"]
    assert done.data["findings"][0]["message"].endswith("which leaves open: API_KEY")
    assert devstrap(root, *PLAIN, "--json").data["status"] == "nothing-to-do"
    assert git(root, "status", "--short").stdout == ""
    (root / ".env").write_text("API_KEY=mine\n")
    done = devstrap(root, *PLAIN, "--json")
    assert findings(done) == ["D504"]
    assert (root / ".env").read_text() == "API_KEY=mine\n"


def test_what_is_secret_is_neither_shown_nor_noted(devstrap, shop):
    root = shop({".env.example": EXAMPLE})
    shown = devstrap(root, "--dry-run").stdout
    assert "+DATABASE_URL=***" in shown
    assert "hush" not in shown
    assert "hush" not in devstrap(root, *PLAIN, "--json").stdout
    noted = b"".join(path.read_bytes() for path in (root / ".git/devstrap").rglob("*") if path.is_file())
    assert b"hush" not in noted


def test_undo_takes_one_back_that_nobody_touched_and_leaves_one_that_somebody_filled_in(devstrap, shop):
    root = shop({".env.example": EXAMPLE})
    before = tree(root)
    devstrap(root, *PLAIN)
    assert ".env: removed" in devstrap(root, "undo").stdout
    assert tree(root) == before
    devstrap(root, *PLAIN)
    (root / ".env").write_text("API_KEY=mine\n")
    assert ".env is left as it is: it was changed since it was written" in devstrap(root, "undo").stdout
    assert ((root / ".env").read_text(), (root / ".venv").exists()) == ("API_KEY=mine\n", False)


def test_one_that_git_does_not_ignore_is_not_written(devstrap, shop):
    root = shop({".env.example": EXAMPLE, ".gitignore": ".venv\n"})
    done = devstrap(root, *PLAIN, "--json")
    assert not (root / ".env").exists()
    assert [(one["what"], "git does not ignore it" in one["reason"]) for one in done.data["left_alone"]] == [
        (".env", True)
    ]
    (root / ".gitignore").write_text(".venv\n.env\n")
    assert steps(devstrap(root, *PLAIN, "--json")) == ["write .env"]


def test_who_wants_none_gets_none_and_need_not_say_so_twice(devstrap, shop):
    root = shop({".env.example": EXAMPLE})
    devstrap(root, *PLAIN, "--no-dotenv")
    devstrap(root, *PLAIN)
    assert not (root / ".env").exists()
    devstrap(root, *PLAIN, "--dotenv")
    assert (root / ".env").exists()


# ---- hooks ----------------------------------------------------------------------------------------------------------

HOOKS = """\
default_install_hook_types: [pre-commit, commit-msg]
repos:
- repo: local
  hooks:
  - id: look
    name: look
    entry: git --version
    language: system
    stages: [pre-commit, commit-msg]
    always_run: true
    pass_filenames: false
    verbose: true
"""


@pytest.fixture
def online(uv, tmp_path):
    """Return a function that runs devstrap with the package index of this machine; skip where it has none."""
    asked = [uv, "tool", "run", "--python", BASE_PYTHON, "--from", "pre-commit", "pre-commit", "--version"]
    reached = subprocess.run(asked, env=ENV, capture_output=True, text=True, check=False)
    if reached.returncode:
        pytest.skip(f"pre-commit cannot be installed: {reached.stderr[-300:]}")

    def run(root, *arguments, expect=0):
        env = {**ENV, "DEVSTRAP_UV": uv, "DEVSTRAP_CACHE_DIR": str(tmp_path / "cache"), "NO_COLOR": "1"}
        env["PATH"] = f"{Path(BASE_PYTHON).parent}{os.pathsep}/usr/bin{os.pathsep}/bin"
        env.pop("CI", None)
        argv = [sys.executable, "-m", "bootstrap", "--root", str(root), *arguments]
        done = subprocess.run(argv, env=env, cwd=SOURCE, capture_output=True, text=True, check=False)
        assert done.returncode == expect, done.stdout + done.stderr
        done.data = json.loads(done.stdout) if "--json" in arguments else None
        return done

    return run


@pytest.mark.parametrize("requirements", ["pre-commit\n", ""])
def test_hooks_are_installed_run_at_a_commit_and_go_with_undo(online, shop, requirements):
    root = shop({".pre-commit-config.yaml": HOOKS, "requirements.txt": requirements})
    before = set(os.listdir(root / ".git/hooks"))
    done = online(root, *PLAIN, "--json")
    assert steps(done)[-1] == "install the git hooks of .pre-commit-config.yaml"
    assert set(os.listdir(root / ".git/hooks")) - before == {"pre-commit", "commit-msg"}
    assert (str(root / ".venv") in (root / ".git/hooks/pre-commit").read_text()) == bool(requirements)
    said = git(root, "commit", "--allow-empty", "-m", "one", env=ENV)
    assert (said.stdout + said.stderr).count("git version") == 2
    assert online(root, *PLAIN, "--json").data["status"] == "nothing-to-do"
    assert ".git/hooks/pre-commit: removed" in online(root, "undo").stdout
    assert set(os.listdir(root / ".git/hooks")) == before
    assert not (root / ".venv").exists()


def test_hooks_that_came_alone_go_alone(online, shop):
    root = shop({".pre-commit-config.yaml": HOOKS})
    online(root, *PLAIN, "--no-hooks")
    assert not (root / ".git/hooks/pre-commit").exists()
    done = online(root, *PLAIN, "--hooks", "--json")
    assert steps(done) == ["install the git hooks of .pre-commit-config.yaml"]
    assert ".git/hooks/pre-commit: removed" in online(root, "undo", "--dry-run").stdout
    (root / ".env.example").write_text("A=1\n")
    online(root, *PLAIN)
    for gone in (".env", ".git/hooks/pre-commit", ".venv"):
        assert (root / gone).exists()
        assert f"{gone}: removed" in online(root, "undo").stdout
        assert not (root / gone).exists()
    assert "nothing left to undo" in online(root, "undo", expect=2).stderr


def test_a_hook_of_somebody_else_stays_to_the_byte(online, shop):
    root = shop({".pre-commit-config.yaml": HOOKS})
    (root / ".git/hooks/pre-commit").write_text("#!/bin/sh\nmake lint\n")
    done = online(root, *PLAIN, "--json")
    assert [one["what"] for one in done.data["left_alone"]] == [".git/hooks/pre-commit"]
    assert (root / ".git/hooks/pre-commit").read_text() == "#!/bin/sh\nmake lint\n"
    assert (root / ".git/hooks/commit-msg").exists()
    online(root, "undo")
    assert ((root / ".git/hooks/pre-commit").exists(), (root / ".git/hooks/commit-msg").exists()) == (True, False)


def test_hooks_that_cannot_be_installed_are_a_warning(devstrap, shop):
    root = shop({".pre-commit-config.yaml": HOOKS})
    done = devstrap(root, *PLAIN, "--offline", "--json")
    assert [(one["code"], one["severity"]) for one in done.data["findings"]] == [("D506", "warning")]
    assert (root / ".venv").is_dir()


def test_in_ci_no_hook_is_installed(devstrap, shop):
    root = shop({".pre-commit-config.yaml": HOOKS})
    assert steps(devstrap(root, *PLAIN, "--json", env={"TF_BUILD": "True"})) == ["create .venv"]


# ---- post-install ---------------------------------------------------------------------------------------------------


def named(*commands):
    return f"[tool.devstrap]\nrequirements = ['requirements.txt']\npost-install = {json.dumps(commands)}\n"


LOG = "python -c \"import os; open('log', 'a').write(os.environ['VIRTUAL_ENV'] + chr(10))\""
FETCH = "python -c \"open('data.txt', 'w').write('whole')\""


def test_the_repositorys_commands_run_in_its_environment_in_order_and_once(devstrap, shop):
    root = shop({"pyproject.toml": named(LOG, FETCH), ".gitignore": ".venv\nlog\ndata.txt\n"})
    shown = devstrap(root, "--dry-run").stdout
    assert "run: python -c 'import os; open" in shown
    done = devstrap(root, *PLAIN)
    assert [line for line in done.stdout.splitlines() if line.startswith("[") and "post-install" in line] == [
        f"[1/2] run what pyproject.toml names as post-install: {LOG}",
        f"[2/2] run what pyproject.toml names as post-install: {FETCH}",
    ]
    assert ((root / "log").read_text(), (root / "data.txt").read_text()) == (f"{root / '.venv'}\n", "whole")
    assert devstrap(root, *PLAIN, "--json").data["status"] == "nothing-to-do"
    (root / "requirements.txt").write_text("alpha\n")
    devstrap(root, *PLAIN)
    assert len((root / "log").read_text().splitlines()) == 2
    (root / "pyproject.toml").write_text(named(LOG, FETCH, "python --version"))
    assert steps(devstrap(root, *PLAIN, "--json")) == [
        "run what pyproject.toml names as post-install: python --version"
    ]


def test_nothing_runs_unseen_even_where_little_is_said(devstrap, shop):
    root = shop({"pyproject.toml": named(LOG), ".gitignore": ".venv\nlog\n"})
    assert LOG in devstrap(root, *PLAIN, "--quiet").stdout


def test_one_that_fails_ends_with_4_and_the_next_run_goes_on_with_it(devstrap, shop):
    fails = "python -c \"import pathlib; pathlib.Path('key').read_text()\""
    root = shop({"pyproject.toml": named(LOG, fails, FETCH), ".gitignore": ".venv\nlog\ndata.txt\nkey\n"})
    done = devstrap(root, *PLAIN, expect=4)
    assert "FileNotFoundError" in done.stderr
    assert ".venv is ready, and what was done before stays; not run yet: python -c" in done.stderr
    assert ((root / ".venv").is_dir(), (root / "data.txt").exists()) == (True, False)
    (root / "key").touch()
    done = devstrap(root, *PLAIN, "--json")
    assert len(steps(done)) == 2
    assert (len((root / "log").read_text().splitlines()), (root / "data.txt").exists()) == (1, True)


def test_a_command_that_is_not_there_is_named(devstrap, shop):
    root = shop({"pyproject.toml": named("fetch-all-data --now")})
    assert "fetch-all-data" in devstrap(root, *PLAIN, expect=4).stderr


def test_one_that_is_no_command_is_refused_before_anything_is_done(devstrap, shop):
    root = shop({"pyproject.toml": named('echo "open')})
    assert "post-install in [tool.devstrap]" in devstrap(root, *PLAIN, expect=4).stderr
    assert not (root / ".venv").exists()


def test_the_tests_are_collected_with_what_the_commands_brought(devstrap, shop):
    test = "import unittest\nDATA = open('data.txt').read()\n"
    test += "class Tests(unittest.TestCase):\n    def test_it(self): pass\n"
    root = shop({"pyproject.toml": named(FETCH), "tests/test_x.py": test, ".gitignore": ".venv\ndata.txt\n"})
    done = devstrap(root, *PLAIN, "--json")
    assert (findings(done), done.data["proof"]) == ([], {"collected": 1, "broken": 0})
