import os
import subprocess

import pytest

from bootstrap import survey as module
from bootstrap.policy import Policy, spelled
from bootstrap.process import Completed
from bootstrap.sites.locate import locate
from bootstrap.survey import derive, floors, list_files, survey

ENV = dict(os.environ)
DOCKERFILE = "FROM python:3.11-slim\n"


def git(root, *argv):
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "protocol.file.allow=always")
    subprocess.run(["git", *who, *argv], cwd=root, check=True, capture_output=True)


def values(root):
    return [(site.source.path, site.value) for site in survey(root, ENV).sites]


# ---- which files -----------------------------------------------------------------------------------------------------


def test_untracked_files_count_and_ignored_ones_do_not(checkout, write):
    write({"a.txt": "", "b/c.txt": "", "d.log": "", ".gitignore": "*.log\nout/\n", "out/e.txt": ""}, checkout)
    git(checkout, "add", "a.txt")
    assert sorted(list_files(checkout, ENV)) == [".gitignore", "a.txt", "b/c.txt"]


def test_a_folder_that_is_no_checkout_is_walked(tmp_path, write):
    write({"a/Dockerfile": DOCKERFILE, "b.txt": "", ".venv/x.py": "", "node_modules/a/b.js": "", ".git/config": ""})
    (tmp_path / ".git" / "config").unlink()
    (tmp_path / ".git").rmdir()
    assert list_files(tmp_path, ENV) == ["b.txt", "a/Dockerfile"]
    assert values(tmp_path) == [("a/Dockerfile", "3.11")]


def test_where_git_refuses_the_folder_is_walked(checkout, write, monkeypatch):
    write({"Dockerfile": DOCKERFILE}, checkout)

    def refusing(argv, **_):
        return Completed(tuple(argv), 128, "", "fatal: detected dubious ownership in repository")

    monkeypatch.setattr(module.process, "run", refusing)
    assert list_files(checkout, ENV) == ["Dockerfile"]


def test_where_there_is_no_git_the_folder_is_walked(checkout, write):
    write({"Dockerfile": DOCKERFILE}, checkout)
    assert list_files(checkout, {**ENV, "PATH": ""}) == ["Dockerfile"]


def test_a_file_in_conflict_is_listed_once(checkout, write):
    write({"Dockerfile": DOCKERFILE}, checkout)
    git(checkout, "add", ".")
    git(checkout, "commit", "-m", "one")
    git(checkout, "branch", "other")
    write({"Dockerfile": "FROM python:3.12\n"}, checkout)
    git(checkout, "commit", "-am", "two")
    git(checkout, "checkout", "-q", "other")
    write({"Dockerfile": "FROM python:3.13\n"}, checkout)
    git(checkout, "commit", "-am", "three")
    branches = subprocess.run(["git", "branch"], cwd=checkout, check=True, capture_output=True, text=True).stdout
    (first,) = [name for name in branches.replace("*", " ").split() if name != "other"]
    with pytest.raises(subprocess.CalledProcessError):
        git(checkout, "merge", first)
    assert list_files(checkout, ENV) == ["Dockerfile"]


def test_a_worktree_is_a_checkout(checkout, write, tmp_path):
    write({".gitignore": "x\n", "Dockerfile": DOCKERFILE}, checkout)
    git(checkout, "add", ".")
    git(checkout, "commit", "-m", "one")
    git(checkout, "worktree", "add", str(tmp_path / "tree"))
    write({"x": ""}, tmp_path / "tree")
    assert sorted(list_files(tmp_path / "tree", ENV)) == [".gitignore", "Dockerfile"]


def test_submodules_are_somebody_elses(checkout, write, tmp_path):
    other = tmp_path / "other"
    subprocess.run(["git", "init", "-q", str(other)], check=True)
    write({"Dockerfile": DOCKERFILE}, other)
    git(other, "add", ".")
    git(other, "commit", "-m", "one")
    git(checkout, "submodule", "add", str(other), "Dockerfile")
    git(checkout, "submodule", "add", str(other), "lib")
    found = survey(checkout, ENV)
    assert (found.sites, found.unread) == ((), ())


def test_a_file_that_is_deleted_but_tracked_is_not_missed(checkout, write):
    write({"Dockerfile": DOCKERFILE, "a.dockerfile": DOCKERFILE}, checkout)
    git(checkout, "add", ".")
    (checkout / "Dockerfile").unlink()
    found = survey(checkout, ENV)
    assert [site.source.path for site in found.sites] == ["a.dockerfile"]
    assert found.unread == ()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize("is_checkout", [True, False])
def test_a_name_that_is_no_utf_8_is_passed_over(checkout, write, is_checkout):
    root = checkout if is_checkout else write({"plain/b.txt": ""}) / "plain"
    try:
        with open(os.fsencode(root) + b"/a\xff.dockerfile", "wb") as file:
            file.write(DOCKERFILE.encode())
    except OSError:
        pytest.skip("the file system takes no such names")
    write({"Dockerfile": DOCKERFILE, "é.dockerfile": DOCKERFILE}, root)
    paths = {site.source.path for site in survey(root, ENV).sites}
    assert {"Dockerfile", "é.dockerfile"} <= paths


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
@pytest.mark.parametrize("is_checkout", [True, False])
def test_links_are_never_followed(checkout, write, tmp_path, is_checkout):
    root = checkout if is_checkout else write({"plain/b.txt": ""}) / "plain"
    write({"outside/Dockerfile": DOCKERFILE, "outside/a.dockerfile": DOCKERFILE})
    (root / "Dockerfile").symlink_to(tmp_path / "outside" / "Dockerfile")
    (root / "folder").symlink_to(tmp_path / "outside")
    (root / "loop").symlink_to(root)
    (root / "self.dockerfile").symlink_to("self.dockerfile")
    (root / "gone.dockerfile").symlink_to("nowhere")
    found = survey(root, ENV)
    assert found.sites == ()
    assert {(one.path, one.reason) for one in found.unread} == {
        (name, "is a symbolic link") for name in ("Dockerfile", "self.dockerfile", "gone.dockerfile")
    }


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes in folders")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "Dockerfile")
    assert survey(tmp_path, ENV).sites == ()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nothing is unreadable here")
def test_what_cannot_be_read_is_told(tmp_path, write):
    write({"Dockerfile": DOCKERFILE, "a.dockerfile": DOCKERFILE, "locked/Dockerfile": DOCKERFILE})
    (tmp_path / "Dockerfile").chmod(0)
    (tmp_path / "locked").chmod(0)
    try:
        found = survey(tmp_path, ENV)
    finally:
        (tmp_path / "locked").chmod(0o755)
    assert [site.source.path for site in found.sites] == ["a.dockerfile"]
    assert [(one.path, one.reason) for one in found.unread] == [("Dockerfile", "cannot be read: Permission denied")]


def test_what_cannot_be_understood_is_told_with_its_line_and_the_rest_goes_on(write):
    root = write(
        {
            "pyproject.toml": '[project]\nrequires-python = ">=3.9\n',
            "Dockerfile": DOCKERFILE,
            "a.dockerfile": b"FROM python:3.11\n\0",
            "runtime.txt": b"x" * (1024 * 1024 + 1),
        }
    )
    found = survey(root, ENV)
    assert [site.source.path for site in found.sites] == ["Dockerfile"]
    assert found.data == (("Dockerfile", DOCKERFILE.encode()),)
    told = {one.path: (one.reason, one.line) for one in found.unread}
    assert told["a.dockerfile"] == ("is binary", None)
    assert told["runtime.txt"] == ("is larger than 1 MiB", None)
    reason, line = told["pyproject.toml"]
    assert "TOML" in reason
    assert line == 2


def test_a_file_that_vanishes_in_between_is_told(tmp_path, write, monkeypatch):
    write({"Dockerfile": DOCKERFILE})
    monkeypatch.setattr(module, "_is_there", lambda *_: (tmp_path / "Dockerfile").unlink() is None)
    assert [one.reason for one in survey(tmp_path, ENV).unread] == ["cannot be read: No such file or directory"]


# ---- the policy of today ---------------------------------------------------------------------------------------------


def derived(**files):
    named = {name.replace("__", ".").replace("_SL_", "/"): text.encode() for name, text in files.items()}
    return derive([site for path, data in named.items() for site in locate(path, data)])


def policy(text, default):
    supported = tuple(tuple(map(int, version.split("."))) for version in text.split())
    return Policy(supported[0], tuple(map(int, default.split("."))), supported)


def test_nothing_declared_is_no_policy():
    assert derive([]) is None


def test_classifiers_say_what_is_supported():
    rows = "".join(f'"Programming Language :: Python :: {one}",\n' for one in ("3.8", "3.9", "3.10"))
    text = f"[project]\nrequires-python = '>=3.9'\nclassifiers = [\n{rows}]\n"
    assert derived(pyproject__toml=text) == policy("3.9 3.10", "3.10")


def test_the_floor_alone_is_all_that_is_known():
    assert derived(pyproject__toml="[project]\nrequires-python = '>=3.9'\n") == policy("3.9", "3.9")


def test_the_pin_says_what_is_used():
    text = "[project]\nrequires-python = '>=3.9'\n"
    tox = "[tox]\nenvlist = py39,py310,py311\n"
    assert derived(pyproject__toml=text, tox__ini=tox, __python_version="") == policy("3.9 3.10 3.11", "3.11")
    found = {"pyproject.toml": text, "tox.ini": tox, ".python-version": "3.10.2\n"}
    sites = [site for path, data in found.items() for site in locate(path, data.encode())]
    assert derive(sites) == policy("3.9 3.10 3.11", "3.10")


def test_what_most_places_use_is_the_default():
    tox = "[tox]\nenvlist = py39,py310,py311\n"
    assert derived(tox__ini=tox, Dockerfile="FROM python:3.10\n") == policy("3.9 3.10 3.11", "3.10")


def test_what_is_excluded_raises_the_floor():
    text = "from setuptools import setup\nsetup(python_requires={!r})\n"
    for bound, lowest in (
        (">=2.7, !=3.4.*, !=3.5.*", "3.6"),
        (">=3.6, !=3.6.*, !=3.7.*, !=3.9.*", "3.8"),
        (">=3.6, !=3.6.0", "3.6"),
    ):
        assert spelled(derived(setup__py=text.format(bound)).minimum) == lowest


def test_one_job_is_no_default_and_one_image_is():
    tox = "[tox]\nenvlist = py39,py310,py311\n"
    job = "jobs:\n  a:\n    steps:\n    - uses: actions/setup-python@v5\n      with: {python-version: '3.10'}\n"
    found = {"tox.ini": tox, ".github/workflows/a.yml": job}
    assert derive([site for path, text in found.items() for site in locate(path, text.encode())]) == policy(
        "3.9 3.10 3.11", "3.11"
    )
    found[".github/workflows/b.yml"] = job
    assert derive([site for path, text in found.items() for site in locate(path, text.encode())]) == policy(
        "3.9 3.10 3.11", "3.10"
    )


def test_each_part_has_its_floor():
    found = {
        "pyproject.toml": "[project]\nrequires-python = '>=3.9'\n",
        "web/pyproject.toml": "[project]\nrequires-python = '>=3.11,<3.13'\n",
        "web/setup.cfg": "[options]\npython_requires = >=3.10\n",
    }
    sites = [site for path, text in found.items() for site in locate(path, text.encode())]
    assert {folder: spelled(minor) for folder, minor in floors(sites).items()} == {"": "3.9", "web": "3.10"}
