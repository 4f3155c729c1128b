"""What a checkout lacks besides packages, told from real git checkouts."""

import os
import shutil
import subprocess

import pytest

from bootstrap.besides import Besides, Submodule
from bootstrap.commands import Tools
from bootstrap.detect.besides import install_kinds, look_beside, wanted_submodules
from bootstrap.detect.repository import Reader
from bootstrap.model import Part, Settings

TOOLS = Tools("/uv", {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}, None, {})
IDENTITY = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "protocol.file.allow=always")
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"


def git(folder, *words):
    subprocess.run(["git", *IDENTITY, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def look(facts):
    """Return what a folder lacks; what is given of its repository differs."""

    def at(root, *, parts=(), tools=TOOLS, **repository):
        given = {"root": root, "files": frozenset(os.listdir(root)), **repository}
        environment = {"path": root / ".venv"}
        there = facts(repository=given, environment=environment, parts=parts, inspection=None)
        return look_beside(Reader(root), there, tools)

    return at


@pytest.fixture
def cloned(write, tmp_path):
    """Return a clone with a submodule that is not checked out, and that has one of its own."""
    for name in ("inner", "outer", "project"):
        git(write({"file.txt": name}, tmp_path / name), "init", "-q")
    git(tmp_path / "inner", "add", ".")
    git(tmp_path / "inner", "commit", "-qm", "inner")
    for folder, module in (("outer", "inner"), ("project", "outer")):
        git(tmp_path / folder, "submodule", "add", str(tmp_path / module), f"vendor/{module}")
        git(tmp_path / folder, "add", ".")
        git(tmp_path / folder, "commit", "-qm", folder)
    git(tmp_path, "clone", "-q", str(tmp_path / "project"), "clone")
    return tmp_path / "clone"


def test_a_plain_folder_and_a_plain_checkout_lack_nothing(look, checkout, tmp_path):
    assert look(tmp_path) == look(checkout) == Besides()


# ---- submodules -----------------------------------------------------------------------------------------------------


def test_submodules_that_are_not_checked_out_are_found_down_to_the_innermost(look, cloned):
    assert look(cloned).submodules == (Submodule("vendor/outer"),)
    git(cloned, "submodule", "update", "--init")
    assert look(cloned).submodules == (Submodule("vendor/outer/vendor/inner"),)
    git(cloned, "submodule", "update", "--init", "--recursive")
    assert look(cloned).submodules == ()


@pytest.mark.parametrize("name", ["setup.py", "requirements-dev.txt", "CMakeLists.txt"])
def test_a_submodule_that_a_manifest_names_is_needed(look, cloned, name):
    (cloned / name).write_text("build(['vendor/outer/src/x.c'])\n")
    assert look(cloned).submodules == (Submodule("vendor/outer", name),)
    (cloned / name).write_text("build(['vendor/outerspace', 'my.vendor/outer'])\n")
    assert look(cloned).submodules == (Submodule("vendor/outer"),)


@pytest.mark.parametrize(
    ("name", "text", "is_needed"),
    [
        ("pyproject.toml", '[tool.black]\nexclude = "vendor/outer"\n[project]\nname = "x"\n', False),
        ("pyproject.toml", '[tool.poetry.dependencies]\nouter = { path = "vendor/outer" }\n', True),
        ("pyproject.toml", '[[tool.poetry.include]]\npath = "vendor/outer"\n', True),
        ("setup.cfg", "[flake8]\nexclude = vendor/outer\n", False),
        ("setup.cfg", "[options.packages.find]\nwhere = vendor/outer\n[flake8]\n", True),
    ],
)
def test_a_submodule_that_a_linter_leaves_out_is_not_needed_by_that(look, cloned, name, text, is_needed):
    (cloned / name).write_text(text)
    assert look(cloned).submodules == (Submodule("vendor/outer", name if is_needed else ""),)


@pytest.mark.parametrize("setting", ["active=false", "update=none"])
def test_a_submodule_that_somebody_switched_off_is_not_missed(look, cloned, setting):
    key, _, value = setting.partition("=")
    git(cloned, "config", f"submodule.vendor/outer.{key}", value)
    assert look(cloned).submodules == ()


def test_a_module_that_the_commit_does_not_have_is_not_missed(look, checkout):
    (checkout / ".gitmodules").write_text('[submodule "x"]\n\tpath = x\n\turl = nowhere\n')
    assert look(checkout).submodules == ()


def test_a_list_of_modules_is_read_as_git_reads_it():
    text = '[submodule "a"]\n path = "lib/a"\n url=x\n# path = no\n'
    text += '[submodule "b"]\nPATH=b\nupdate = none\n[submodule "c"]\n'
    assert wanted_submodules(text) == ["lib/a"]
    assert wanted_submodules("path = x\n") == []


# ---- git-lfs --------------------------------------------------------------------------------------------------------


@pytest.fixture
def lfs(write, checkout):
    """Return a checkout in which one file of two is only a pointer."""
    files = {
        "data/.gitattributes": "*.bin filter=lfs\n",
        "data/a.bin": POINTER,
        "data/b.bin": "whole",
        "c.bin": POINTER,
    }
    write(files, checkout)
    git(checkout, "-c", "filter.lfs.clean=cat", "add", ".")
    return checkout


def test_files_of_which_only_the_pointer_is_there_are_found(look, lfs):
    env = {**TOOLS.env, "PATH": os.environ["PATH"]}
    found = look(lfs, tools=TOOLS._replace(env=env))
    assert found.pointers == ("data/a.bin",)
    assert not found.has_lfs_filters
    git(lfs, "config", "filter.lfs.process", "git-lfs filter-process")
    assert look(lfs).has_lfs_filters


def test_why_they_cannot_be_fetched_is_said(look, lfs, tmp_path):
    git_alone = tmp_path / "bin"
    git_alone.mkdir()
    (git_alone / "git").symlink_to(shutil.which("git"))
    env = {**TOOLS.env, "PATH": str(git_alone)}
    assert look(lfs, tools=TOOLS._replace(env=env)).without_lfs == "git-lfs is not on this machine"
    (git_alone / "git-lfs").touch(0o755)
    assert look(lfs, tools=TOOLS._replace(env=env)).without_lfs == ""
    skipping = TOOLS._replace(env={**env, "GIT_LFS_SKIP_SMUDGE": "1"})
    assert look(lfs, tools=skipping).without_lfs == "GIT_LFS_SKIP_SMUDGE is set"
    (lfs / ".lfsconfig").write_text("[lfs]\n\tfetchexclude = *\n")
    assert "leaves files out" in look(lfs, tools=TOOLS._replace(env=env)).without_lfs


# ---- tags -----------------------------------------------------------------------------------------------------------

_BY_TAGS = {
    "setuptools-scm": '[build-system]\nrequires = ["setuptools-scm>=8"]\n',
    "hatch-vcs": '[tool.hatch.version]\nsource = "vcs"\n',
    "pdm": '[tool.pdm.version]\nsource = "scm"\n',
}


@pytest.mark.parametrize("kind", _BY_TAGS)
def test_a_shallow_clone_without_a_tag_cannot_tell_its_version(look, write, tmp_path, kind):
    origin = write({"pyproject.toml": _BY_TAGS[kind]}, tmp_path / "origin")
    git(origin, "init", "-q")
    git(origin, "add", ".")
    git(origin, "commit", "-qm", "first")
    git(origin, "tag", "v1")
    git(origin, "commit", "-qm", "second", "--allow-empty")
    git(tmp_path, "clone", "-q", "--depth", "1", origin.as_uri(), "shallow")
    git(tmp_path, "clone", "-q", origin.as_uri(), "whole")
    assert look(tmp_path / "shallow").is_too_shallow
    assert not look(tmp_path / "whole").is_too_shallow
    git(tmp_path / "shallow", "fetch", "-q", "--unshallow", "--tags")
    assert not look(tmp_path / "shallow").is_too_shallow


def test_a_shallow_clone_that_states_its_version_is_deep_enough(look, write, tmp_path):
    origin = write({"pyproject.toml": '[project]\nversion = "1"\n'}, tmp_path / "origin")
    git(origin, "init", "-q")
    git(origin, "add", ".")
    git(origin, "commit", "-qm", "first")
    git(origin, "commit", "-qm", "second", "--allow-empty")
    git(tmp_path, "clone", "-q", "--depth", "1", origin.as_uri(), "shallow")
    assert not look(tmp_path / "shallow").is_too_shallow


# ---- .env -----------------------------------------------------------------------------------------------------------


def test_examples_of_the_root_and_of_the_parts_are_found(look, facts, write, checkout):
    write(
        {".env.example": "A=\n", "api/.env.sample": "B=\n", "web/env.example": "", "docs/.env.example": "C=\n"},
        checkout,
    )
    (checkout / ".gitignore").write_text("/.env\n")
    parts = (Part("api", facts()), Part("web", facts()))
    found = look(checkout, parts=parts).dotenvs
    assert [(one.path, one.example, one.is_ignored) for one in found] == [
        (".env", ".env.example", True),
        ("api/.env", "api/.env.sample", False),
    ]


def test_where_there_is_no_git_nothing_can_be_committed(look, write, tmp_path):
    (one,) = look(write({".env.template": "A=1\n"}, tmp_path / "plain")).dotenvs
    assert (one.is_ignored, one.is_there) == (True, False)


def test_where_git_does_not_answer_nobody_knows(look, write, checkout):
    write({".env.example": "A=1\n"}, checkout)
    (one,) = look(checkout, tools=TOOLS._replace(env={"PATH": "/nowhere"})).dotenvs
    assert one.is_ignored is None


def test_one_that_is_there_is_compared_by_its_names_alone(look, write, checkout):
    write({".env.example": "A=\nB=2\nC=3\n", ".env": "B=mine\n"}, checkout)
    (one,) = look(checkout).dotenvs
    assert (one.is_there, one.missing, one.open) == (True, ("A", "C"), ())
    assert b"mine" not in one.content
    (checkout / ".env").write_text("A=\nB=2\nC=3\n")
    (one,) = look(checkout).dotenvs
    assert (one.missing, one.open) == ((), ("A",))
    (checkout / ".env").write_text("")
    assert look(checkout).dotenvs[0].missing == ("A", "B", "C")


def test_a_folder_of_that_name_is_somebodys(look, write, checkout):
    write({".env.example": "A=\n", ".env/pyvenv.cfg": ""}, checkout)
    (one,) = look(checkout).dotenvs
    assert (one.is_there, one.missing, one.open) == (True, (), ())


# ---- hooks ----------------------------------------------------------------------------------------------------------


def test_hooks_are_looked_for_where_git_does(look, write, checkout, tmp_path):
    config = "default_install_hook_types: [commit-msg, pre-commit, pre-commit, nonsense]\nrepos: []\n"
    write({".pre-commit-config.yaml": config}, checkout)
    found = look(checkout).hooks
    assert (found.tool, found.is_in_environment, found.redirected) == ("pre-commit", False, "")
    assert (found.folder, found.absent, found.foreign) == (
        str(checkout / ".git/hooks"),
        ("pre-commit", "commit-msg"),
        (),
    )
    (checkout / ".git/hooks/commit-msg").write_text("#!/bin/sh\n")
    (checkout / ".git/hooks/pre-commit").write_text("# File generated by pre-commit: here\n")
    found = look(checkout).hooks
    assert (found.absent, found.foreign) == ((), ("commit-msg",))
    git(checkout, "commit", "-qm", "one", "--allow-empty", "--no-verify")
    git(checkout, "worktree", "add", "-q", str(tmp_path / "tree"))
    write({".pre-commit-config.yaml": config}, tmp_path / "tree")
    assert look(tmp_path / "tree").hooks.folder == str(checkout / ".git/hooks")
    git(checkout, "config", "core.hooksPath", ".husky")
    assert look(checkout).hooks.redirected == ".husky"


def test_a_hook_that_starts_a_tool_which_is_not_there_is_installed_again(look, write, checkout):
    write({".pre-commit-config.yaml": "repos: []\n", ".venv/bin/python": ""}, checkout)
    hook = f"# File generated by pre-commit: x\nINSTALL_PYTHON={checkout}/.venv/bin/python\n"
    (checkout / ".git/hooks/pre-commit").write_text(hook)
    assert look(checkout).hooks.absent == ("pre-commit",)
    (checkout / "requirements.txt").write_text("pre-commit\n")
    assert look(checkout).hooks.absent == ()
    (checkout / ".venv/bin/python").unlink()
    assert look(checkout).hooks.absent == ("pre-commit",)


@pytest.mark.parametrize(("program", "foreign"), [("/bin/sh", ()), ("/nowhere", ("pre-commit",))])
def test_a_hook_of_the_other_tool_will_do_as_long_as_it_works(look, write, checkout, program, foreign):
    write({".pre-commit-config.yaml": "repos: []\n"}, checkout)
    (checkout / ".git/hooks/pre-commit").write_text(f'# File generated by prek: x\nPREK="{program}"\n')
    found = look(checkout).hooks
    assert (found.absent, found.foreign) == ((), foreign)


@pytest.mark.parametrize(
    ("files", "tool", "is_in_environment"),
    [
        ({".pre-commit-config.yaml": ""}, "pre-commit", False),
        ({"prek.toml": ""}, "prek", False),
        ({".pre-commit-config.yaml": "", "requirements-dev.txt": "pre-commit==4.0\n"}, "pre-commit", True),
        ({".pre-commit-config.yaml": "", "pyproject.toml": '[dependency-groups]\ndev = ["prek>=0.2"]\n'}, "prek", True),
        ({".pre-commit-config.yaml": "", "requirements.txt": "pre-commit-hooks\n"}, "pre-commit", False),
        ({"prek.toml": "", "requirements.txt": "pre-commit\n"}, "prek", False),
    ],
)
def test_the_tool_is_the_one_that_the_repository_uses(look, write, checkout, files, tool, is_in_environment):
    found = look(write(files, checkout)).hooks
    assert (found.tool, found.is_in_environment) == (tool, is_in_environment)


@pytest.mark.parametrize(
    ("config", "text", "kinds"),
    [
        (".pre-commit-config.yaml", "repos: []\n", ("pre-commit",)),
        (".pre-commit-config.yaml", "default_install_hook_types: [pre-push]\n", ("pre-push",)),
        (".pre-commit-config.yaml", "default_install_hook_types: pre-push\n", ("pre-commit",)),
        (".pre-commit-config.yaml", "- a\n", ("pre-commit",)),
        (".pre-commit-config.yaml", "{", ("pre-commit",)),
        ("prek.toml", 'default_install_hook_types = ["commit-msg"]\n', ("commit-msg",)),
        ("prek.toml", "= 3\n", ("pre-commit",)),
    ],
)
def test_the_kinds_of_hook_are_those_that_the_configuration_names(config, text, kinds):
    assert install_kinds(config, text.encode()) == kinds


# ---- post-install ---------------------------------------------------------------------------------------------------


def test_commands_run_where_there_is_an_environment_for_them(look, facts, tmp_path):
    named = {"settings": Settings(post_install=("python a.py",))}
    (own,) = look(tmp_path, **named).commands
    assert (own.text, own.argv, own.place, own.home) == ("python a.py", ("python", "a.py"), "", "")
    shared = Part("api", facts(repository=named), is_shared=True)
    assert [(one.place, one.home) for one in look(tmp_path, parts=(shared,), **named).commands] == [
        ("", ""),
        ("api", ""),
    ]


def test_a_root_without_an_environment_has_none_for_its_commands(facts, tmp_path):
    named = {"root": tmp_path, "settings": Settings(post_install=("python a.py",))}
    apart = tuple(Part(name, facts(repository={"settings": named["settings"]})) for name in ("api", "web"))
    found = look_beside(Reader(tmp_path), facts(repository=named, dependencies=None, parts=apart), TOOLS)
    assert [(one.place, one.home) for one in found.commands] == [("api", "api"), ("web", "web")]
    assert found.homeless
