"""What cannot be installed, with a real uv and an index that refuses: the cause, exit 4, and .venv as it was."""

import json
import subprocess
from pathlib import Path

import pytest
from conftest import MINOR, tree
from indexed import Index, make_sdist
from wheels import make_wheel

pytestmark = pytest.mark.real

PLAIN = ("--yes", "--editor", "none", "--no-devcontainer")
REQUIREMENTS = "requirements.txt"
FAILING = """
import sys
def get_requires_for_build_wheel(settings=None):
    return []
def build_wheel(folder, settings=None, metadata=None):
    sys.stderr.write({said!r})
    raise SystemExit(1)
"""
NO_HEADER = "src/_ext.c:5:10: fatal error: libpq-fe.h: No such file or directory\ncompilation terminated.\n"
OTHER_SUM = "sha256:" + "1" * 64


@pytest.fixture
def index(tmp_path):
    """Return an index with packages of every kind of trouble."""
    folder = tmp_path / "index"
    for name, version, requires in (
        *(("alpha", version, ()) for version in ("1.0", "1.5")),
        ("beta", "1.0", ("alpha<1.2",)),
        ("deep", "1.0", ("gone>=1",)),
        ("yanked", "1.0", ()),
        ("lost", "1.0", ()),
        ("secret", "1.0", ()),
        ("trouble", "1.0", ()),
        ("replaced", "1.0", ()),
        ("wantspg", "1.0", ("pgthing",)),
    ):
        make_wheel(folder, name, version, requires=requires)
    old = make_wheel(folder, "oldwheel")
    old.rename(folder / "oldwheel-1.0-cp38-cp38-manylinux_2_17_x86_64.whl")
    make_sdist(folder, "pgthing", backend=FAILING.format(said=NO_HEADER))
    make_sdist(folder, "crashing", backend="raise RuntimeError('cannot even be imported')\n")
    made = Index(folder)
    made.yanked["yanked-1.0-py3-none-any.whl"] = "broken"
    made.refused |= {"secret": 401, "lost-1.0-py3-none-any.whl": 404, "trouble": 500}
    made.hashes["replaced-1.0-py3-none-any.whl"] = "0" * 64
    yield made
    made.close()


@pytest.fixture
def attempt(devstrap, index, tmp_path):
    """Return a function that makes an environment, changes files, tries again, and gives what went wrong.

    It checks that the environment is the same to the last byte, works, and that nothing else appeared.
    """

    def run(files, *arguments, expect=4, env=None):
        root = tmp_path / "project"
        root.mkdir()
        given = {"UV_DEFAULT_INDEX": index.url, "UV_FIND_LINKS": "", "UV_HTTP_RETRIES": "0", **(env or {})}
        (root / ".python-version").write_text(f"{MINOR}\n")
        (root / REQUIREMENTS).write_text("alpha==1.0\n")
        devstrap(root, *PLAIN, env=given)
        (root / REQUIREMENTS).unlink()
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        before = tree(root, without=(".devstrap",))
        done = devstrap(root, *PLAIN, "--json", *arguments, expect=expect, env=given)
        assert tree(root, without=(".devstrap",)) == before
        python = root / ".venv" / "bin" / "python"
        assert subprocess.run([python, "-I", "-c", "import alpha"], check=False).returncode == 0
        assert "\n" not in done.data["error"]["message"].strip()
        assert ".devstrap-new" not in done.stdout + done.stderr
        return done.data["error"]

    return run


@pytest.mark.parametrize(
    ("text", "line", "cause", "remedy"),
    [
        (
            "alpha\nalpha>=3\n",
            2,
            "alpha>=3 (requirements.txt:2) cannot be had: the newest alpha on the index is 1.5",
            "",
        ),
        (
            "# tools\nbeta\nalpha>=1.5\n",
            2,
            "beta (requirements.txt:2) needs alpha<1.2; alpha>=1.5 (requirements.txt:3) is required",
            "loosen one of them",
        ),
        ("alpha==9.9\n", 1, "alpha==9.9 (requirements.txt:1) cannot be had: the index has no alpha==9.9", "change"),
        (
            "alpha\nnosuchthing\n",
            2,
            "nosuchthing (requirements.txt:2) cannot be had",
            "check how nosuchthing is spelled",
        ),
        ("deep\n", 1, "deep (requirements.txt:1) needs gone>=1; gone is not on the index", "check how gone is spelled"),
        ("yanked>=1\n", 1, "yanked==1.0 was withdrawn by its authors (broken)", "only where it is pinned"),
        ("secret\n", 1, "secret (requirements.txt:1) cannot be had: 127.0.0.1", "login"),
        ("lost\n", 1, "its file lost-1.0-py3-none-any.whl is gone from the index (404)", "require another release"),
        ("trouble\n", 1, "has a failure of its own (500", "try again later"),
        (
            "replaced\n",
            1,
            "the file of replaced==1.0 (requirements.txt:1) is not the one",
            "whether the file or the note",
        ),
        (f"alpha==1.5 --hash={OTHER_SUM}\n", 1, "the file of alpha==1.5 (requirements.txt:1) is not the one", "note"),
        ("oldwheel\n", 1, "oldwheel==1.0 has wheels for Python 3.8 only", "--python"),
        ("alpha\n\nbeta ==\n", 3, "requirements.txt:3 is no requirement", "correct that line"),
        ("alpha\n==3\n", 2, "requirements.txt:2 cannot be understood", "correct that line"),
        ("alpha\n-r nowhere.txt\n", 2, "requirements.txt:2 includes nowhere.txt, which does not exist", "put the file"),
        ("alpha\n./nowhere\n", 2, "nowhere (requirements.txt:2) does not exist", "get what belongs there"),
        ("-e ./empty\n", 1, "empty (requirements.txt:1) is no Python project", "submodule"),
        ("x @ git+file:///nowhere/x.git\n", 1, "x.git (requirements.txt:1) cannot be fetched: ", "check the address"),
        ("crashing\n", 1, "crashing==1.0 (requirements.txt:1)", "--verbose shows all of it"),
    ],
)
def test_what_a_requirements_file_asks_for_in_vain_is_told_in_one_paragraph(attempt, text, line, cause, remedy):
    error = attempt({REQUIREMENTS: text, "empty/notes.txt": ""})
    assert cause in error["message"]
    assert remedy in error["remedy"]
    assert (error["path"], error["line"]) == (REQUIREMENTS, line)


def test_an_address_at_which_there_is_nothing_is_told(attempt, index):
    address = index.url.replace("/simple", "/files/x-1.0-py3-none-any.whl")
    error = attempt({REQUIREMENTS: f"x @ {address}\n"})
    assert f"x @ {address} (requirements.txt:1) cannot be had: nothing is there" in error["message"]
    assert "correct the address" in error["remedy"]


def test_a_commit_that_is_not_in_its_repository_is_told(attempt, tmp_path):
    subprocess.run(["git", "init", "-q", str(tmp_path / "there")], check=True)
    commit = "deadbeef" * 5
    error = attempt({REQUIREMENTS: f"x @ git+file://{tmp_path}/there@{commit}\n"})
    assert "(requirements.txt:1) cannot be fetched: " in error["message"]
    assert f"{commit} is not in that repository" in error["remedy"]


def test_a_network_that_is_away_is_told_with_what_was_wanted(attempt):
    error = attempt({REQUIREMENTS: "alpha\nx @ http://127.0.0.1:9/x-1.0-py3-none-any.whl\n"})
    assert "(requirements.txt:2) cannot be had: 127.0.0.1:9 cannot be reached" in error["message"]
    assert "check the network" in error["remedy"]


def test_what_a_build_misses_of_the_system_is_one_command_to_type(attempt):
    error = attempt({REQUIREMENTS: "wantspg\n"})
    assert "pgthing==1.0 (wantspg 1.0 depends on pgthing, requirements.txt:1)" in error["message"]
    assert "libpq-fe.h: No such file or directory" in error["message"]
    assert "the system lacks PostgreSQL's client library" in error["message"]
    assert "libpq" in error["remedy"] or "postgresql" in error["remedy"]


PROJECT = '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.8"\ndependencies = [{}]\n'
OWN_BACKEND = '[build-system]\nrequires = []\nbuild-backend = "{}"\nbackend-path = ["."]\n'


@pytest.mark.parametrize(
    ("files", "line", "cause", "remedy"),
    [
        (
            {"pyproject.toml": PROJECT.format('\n  "beta",\n  "alpha>=1.5",\n')},
            6,
            "beta (pyproject.toml:6) needs",
            "loosen",
        ),
        ({"pyproject.toml": PROJECT.format('"beta",\n  "alpha =="')}, 6, "pyproject.toml:6: alpha == is no", "correct"),
        (
            {"pyproject.toml": PROJECT.format("") + '[dependency-groups]\ndev = ["beta =="]\n'},
            7,
            "pyproject.toml:7: beta == in the group dev is no requirement",
            "correct that line",
        ),
        ({"pyproject.toml": '[project]\nversion = "1"\n'}, 1, "project.name field is not set", "correct it there"),
        (
            {"pyproject.toml": f'{OWN_BACKEND.format("b")}[project]\nname = "shop"\n', "b.py": ""},
            5,
            "project.version field is neither set nor present",
            "correct it there",
        ),
        ({"pyproject.toml": PROJECT.format("").replace('"1"', '"one point two"')}, 3, "pyproject.toml:3", "correct it"),
        (
            {"pyproject.toml": OWN_BACKEND.format("gone") + PROJECT.format("")},
            None,
            "the project itself, shop, could not be built: ModuleNotFoundError: No module named 'gone'",
            "mend how the project is built",
        ),
        (
            {
                "pyproject.toml": OWN_BACKEND.format("b") + PROJECT.format(""),
                "b.py": "def build_editable(*given):\n    raise RuntimeError('the backend has a bug')\n",
            },
            None,
            "the project itself, shop, could not be built: RuntimeError: the backend has a bug",
            "mend how the project is built",
        ),
        (
            {"pyproject.toml": '[build-system]\nrequires = ["gone"]\nbuild-backend = "gone"\n' + PROJECT.format("")},
            2,
            "the project itself cannot be built, since what builds it is missing: gone (pyproject.toml:2)",
            "check how gone is spelled",
        ),
        (
            {"pyproject.toml": PROJECT.format('"lib"') + '[tool.uv.sources]\nlib = {path = "../lib"}\n'},
            7,
            "../lib (pyproject.toml:7) does not exist",
            "get what belongs there",
        ),
    ],
)
def test_a_manifest_that_lies_is_told_with_the_line(attempt, files, line, cause, remedy):
    error = attempt(files)
    assert cause in error["message"]
    assert remedy in error["remedy"]
    assert error["line"] == line


LOCK = """version = {version}
requires-python = ">=3.8"

[[package]]
name = "{name}"
version = "{number}"
source = {{ registry = "{index}" }}
wheels = [{{ url = "{files}/{file}", hash = "{digest}" }}]

[[package]]
name = "shop"
version = "1"
source = {{ virtual = "." }}
dependencies = [{{ name = "{name}" }}]

[package.metadata]
requires-dist = [{{ name = "{name}" }}]
"""


def lock(index, **changes):
    """Return a project with a lock for alpha 1.0, with something in it that is not as it should be."""
    name = changes.get("name", "alpha")
    given = {
        "version": 1,
        "name": name,
        "number": "1.0",
        "index": index.url,
        "files": index.url.replace("/simple", "/files"),
        "file": f"{name}-1.0-py3-none-any.whl",
        "digest": OTHER_SUM,
        **changes,
    }
    return {"pyproject.toml": PROJECT.format(f'"{name}"'), "uv.lock": LOCK.format(**given)}


@pytest.mark.parametrize(
    ("changes", "cause", "remedy"),
    [
        ({"version": 99}, "uv.lock was written by a newer uv: its format is version 99", "take a newer devstrap"),
        (
            {"number": "1.5", "file": "alpha-1.5-py3-none-any.whl"},
            "the file of alpha==1.5 (pyproject.toml:5) is not the one whose hash is noted",
            "before you go on",
        ),
        ({"number": "1.1"}, "the lock says alpha 1.1, and names alpha-1.0-py3-none-any.whl", "make the lock again"),
        ({"name": "lost"}, "lost==1.0 (uv.lock:5) cannot be had: its file lost-1.0", "uv lock --upgrade-package lost"),
        (
            {"name": "oldwheel", "file": "oldwheel-1.0-cp38-cp38-manylinux_2_17_x86_64.whl"},
            "oldwheel==1.0 (pyproject.toml:5) has wheels for Python 3.8 only",
            "choose a Python for which there are wheels",
        ),
    ],
)
def test_a_lock_that_does_not_hold_is_told_with_the_package(attempt, index, changes, cause, remedy):
    error = attempt(lock(index, **changes))
    assert cause in error["message"]
    assert remedy in error["remedy"]


def test_a_lock_that_names_a_private_index_is_told_with_the_host(attempt, index):
    index.refused["secret-1.0-py3-none-any.whl"] = 401
    error = attempt(lock(index, name="secret"))
    assert "secret==1.0 (pyproject.toml:5) cannot be had: 127.0.0.1" in error["message"]
    assert "lets nobody in without a login (401)" in error["message"]
    assert "netrc" in error["remedy"]


def test_a_lock_with_a_broken_line_is_told_with_the_line(attempt, index):
    files = lock(index)
    error = attempt({**files, "uv.lock": files["uv.lock"].replace('">=3.8"', '">=3.8')})
    assert (error["path"], error["line"]) == ("uv.lock", 2)
    assert "make it anew with uv lock" in error["remedy"]


POETRY = '[tool.poetry]\nname = "shop"\nversion = "1"\n[tool.poetry.dependencies]\nalpha = "*"\n'
POETRY_LOCK = """[[package]]
name = "{name}"
version = "{number}"
groups = ["main"]
files = [{{file = "{name}-{number}-py3-none-any.whl", hash = "{digest}"}}]
{more}
[metadata]
lock-version = "{version}"
"""
PDM_LOCK = """[metadata]
groups = ["default"]
strategy = ["inherit_metadata"]
lock_version = "{version}"

[[package]]
name = "{name}"
version = "{number}"
groups = ["default"]
{more}files = [{{file = "{name}-{number}-py3-none-any.whl", hash = "{digest}"}}]
"""
PYLOCK = """lock-version = "{version}"
created-by = "pip"
[[packages]]
name = "{name}"
version = "{number}"
{more}
[[packages.wheels]]
url = "{files}/{name}-{number}-py3-none-any.whl"
hashes = {{sha256 = "{sum}"}}
"""
COMMIT = "a" * 40
GIT_OF = {
    "poetry.lock": f"[package.source]\ntype = 'git'\nurl = 'file:///nowhere/x.git'\nresolved_reference = '{COMMIT}'\n",
    "pdm.lock": f"git = 'file:///nowhere/x.git'\nrevision = '{COMMIT}'\n",
}


def managed(lock, index, *, text=None, **changes):
    """Return a project with a lock of some manager, in which something is not as it should be."""
    given = {"name": "alpha", "number": "1.0", "digest": OTHER_SUM, "more": "", "sum": OTHER_SUM[7:], **changes}
    given["files"] = index.url.replace("/simple", "/files")
    manifest = {"pyproject.toml": PROJECT.format('"alpha"')}
    if lock == "poetry.lock":
        manifest, made = {"pyproject.toml": POETRY}, POETRY_LOCK.format(**{"version": "2.1", **given})
    elif lock == "pdm.lock":
        made = PDM_LOCK.format(**{"version": "4.5.0", **given})
    elif lock == "pylock.toml":
        made = PYLOCK.format(**{"version": "1.0", **given})
    elif lock == "uv.lock":
        return {**manifest, lock: text} if text is not None else manifest
    else:
        manifest = {"Pipfile": '[packages]\nalpha = "*"\n'}
        entry = {"version": f"=={given['number']}", "hashes": [given["digest"]]}
        entry |= {"git": "file:///nowhere/x.git", "ref": COMMIT} if given["more"] else {}
        made = json.dumps(
            {"_meta": {"pipfile-spec": given.get("version", 6)}, "default": {given["name"]: entry}}, indent=1
        )
    return {**manifest, lock: made if text is None else text}


OTHERS = ("poetry.lock", "pdm.lock", "Pipfile.lock", "pylock.toml")


@pytest.mark.parametrize("name", ["uv.lock", *OTHERS])
@pytest.mark.parametrize("text", ["", "<<<<<<< HEAD\n", "{nope"])
def test_a_lock_that_was_emptied_or_is_none_is_told_with_what_makes_it_anew(attempt, index, name, text):
    error = attempt(managed(name, index, text=text))
    assert name in error["message"]
    assert "bring it back as it was committed, or delete it and make it anew with " in error["remedy"]


@pytest.mark.parametrize(
    ("name", "writer", "version"),
    [
        ("poetry.lock", "Poetry", "9.0"),
        ("pdm.lock", "PDM", "9.0"),
        ("Pipfile.lock", "Pipenv", 99),
        ("pylock.toml", "tool", "9.0"),
    ],
)
def test_another_manager_s_lock_that_is_too_new_is_refused_before_anything_is_begun(
    attempt, index, name, writer, version
):
    error = attempt(managed(name, index, version=version))
    assert f"{name} was written by a newer {writer}: its format is version {version}" in error["message"]
    assert "take a newer devstrap" in error["remedy"]


@pytest.mark.parametrize("name", OTHERS)
def test_a_release_that_is_not_there_is_no_reason_to_leave_it_out_of_a_lock_of_today(attempt, index, name):
    error = attempt(managed(name, index, number="9.0"))
    assert f"alpha==9.0 ({name}:" in error["message"]
    assert "lock another release of it, with " in error["remedy"]
    assert f"and commit {name}" in error["remedy"]


@pytest.mark.parametrize("name", OTHERS)
def test_a_file_that_is_not_the_locked_one_is_told(attempt, index, name):
    error = attempt(managed(name, index, number="1.5"))
    assert "is not the one" in error["message"]
    assert "before you go on" in error["remedy"]


@pytest.mark.parametrize("name", ["poetry.lock", "pdm.lock", "Pipfile.lock"])
def test_what_a_lock_has_from_git_and_git_cannot_fetch_is_told_with_its_line(attempt, index, name):
    error = attempt(managed(name, index, name="x", more=GIT_OF.get(name, "git")))
    assert f"x @ git+file:///nowhere/x.git@{COMMIT} ({name}:" in error["message"]
    assert "does not appear to be a git repository" in error["message"]
    assert "git ls-remote file:///nowhere/x.git" in error["remedy"]


@pytest.mark.parametrize("name", ["poetry.lock", "pdm.lock", "Pipfile.lock"])
def test_a_private_index_is_told_whoever_made_the_lock(attempt, index, name):
    error = attempt(managed(name, index, name="secret"))
    assert "secret (" in error["message"] or "secret==1.0 (" in error["message"]
    assert "lets nobody in without a login (401)" in error["message"]
    assert "netrc" in error["remedy"]


@pytest.mark.parametrize(
    ("files", "cause"),
    [
        ({"pyproject.toml": "", "uv.lock": "version = 1\n"}, "pyproject.toml is empty, but uv.lock was made from it"),
        ({"pyproject.toml": "", "poetry.lock": "x = 1\n"}, "pyproject.toml is empty, but poetry.lock was made from it"),
        ({"pyproject.toml": "[project\n"}, "pyproject.toml is not valid TOML"),
        ({"pyproject.toml": '{"project": 1}'}, "pyproject.toml is not valid TOML"),
        (
            {"pyproject.toml": "[tool]\npoetry = 3\n", "poetry.lock": "x = 1\n"},
            "tool.poetry in pyproject.toml has to be",
        ),
        ({"pyproject.toml": "[tool.hatch]\nenvs = 3\n"}, "tool.hatch.envs in pyproject.toml has to be a table"),
        ({"pyproject.toml": PROJECT.format("") + "[tool.devstrap]\nx = 1\n"}, "[tool.devstrap] has no key 'x'"),
        ({"Pipfile": "nope nope\n"}, "Pipfile is not valid TOML"),
        ({"Pipfile": ""}, "Pipfile is empty"),
        ({"environment.yml": ""}, "environment.yml lists no dependencies"),
        ({"environment.yml": "name: shop\n"}, "environment.yml lists no dependencies"),
        ({REQUIREMENTS: "<html></html>\n"}, "requirements.txt:1 cannot be understood"),
    ],
)
def test_a_manifest_that_was_emptied_or_is_none_is_told(attempt, files, cause):
    assert cause in attempt(files)["message"]


def test_other_commands_say_that_nothing_was_begun(devstrap, write):
    root = write({"pyproject.toml": "[project\n"})
    for command in ("check", "versions"):
        assert "pyproject.toml" in devstrap(root, command, expect=2).stderr
    assert "not valid TOML" in devstrap(root, *PLAIN, expect=4).stderr


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ("error: Failed to install: alpha-1.5\n  cause: No space left on device (os error 28)", "free some space"),
        ("error: failed to create file `x`\n  cause: Permission denied (os error 13)", "write permission"),
    ],
)
def test_what_the_system_refuses_is_told_and_taken_back(attempt, uv, tmp_path, said, remedy):
    refusing = tmp_path / "uv"
    refusing.write_text(
        f"#!/bin/sh\ncase \"$*\" in *'pip install'*--requirements*) grep -q 'alpha==1.0' requirements.txt || "
        f"{{ printf '%s\\n' '{said}' >&2; exit 2; }};; esac\nexec \"{uv}\" \"$@\"\n"
    )
    refusing.chmod(0o755)
    error = attempt({REQUIREMENTS: "alpha>=1.5\n"}, env={"DEVSTRAP_UV": str(refusing)})
    assert remedy in error["remedy"]


def test_what_uv_said_in_full_is_shown_with_verbose(devstrap, index, tmp_path):
    root = Path(tmp_path / "app")
    root.mkdir()
    (root / ".python-version").write_text(MINOR)
    (root / REQUIREMENTS).write_text("beta\nalpha>=1.5\n")
    env = {"UV_DEFAULT_INDEX": index.url, "UV_FIND_LINKS": ""}
    assert "we can conclude that" not in devstrap(root, *PLAIN, expect=4, env=env).stderr
    assert "we can conclude that" in devstrap(root, *PLAIN, "--verbose", expect=4, env=env).stdout


def test_what_uv_said_of_parts_that_are_built_side_by_side_is_shown_with_verbose(devstrap, index, tmp_path):
    root = tmp_path / "parts"
    for part, text in (("a", "alpha==1.0\n"), ("b", "alpha>=1.5\nnosuchthing\n")):
        (root / part).mkdir(parents=True)
        (root / part / REQUIREMENTS).write_text(text)
        (root / part / ".python-version").write_text(f"{MINOR}\n")
    env = {"UV_DEFAULT_INDEX": index.url, "UV_FIND_LINKS": ""}
    done = devstrap(root, *PLAIN, "--verbose", expect=4, env=env)
    assert "nosuchthing (b/requirements.txt:2) cannot be had" in done.stderr
    assert "we can conclude that" in done.stdout
    assert sorted(path.name for path in root.rglob("*")) == sorted(["a", "b", *[REQUIREMENTS, ".python-version"] * 2])


def test_what_one_part_asks_for_in_vain_is_told_with_its_file_and_the_parts_stay_as_they_were(
    devstrap, index, tmp_path
):
    root = tmp_path / "parts"
    for part, text in (("a", "alpha==1.0\n"), ("b", "alpha>=1.5\n")):
        (root / part).mkdir(parents=True)
        (root / part / REQUIREMENTS).write_text(text)
        (root / part / ".python-version").write_text(f"{MINOR}\n")
    env = {"UV_DEFAULT_INDEX": index.url, "UV_FIND_LINKS": ""}
    devstrap(root, *PLAIN, env=env)
    (root / "a" / REQUIREMENTS).write_text("alpha==1.0\nbeta\n")
    (root / "b" / REQUIREMENTS).write_text("alpha>=1.5\nnosuchthing\n")
    before = tree(root, without=(".devstrap",))
    error = devstrap(root, *PLAIN, "--json", expect=4, env=env).data["error"]
    assert "nosuchthing (b/requirements.txt:2) cannot be had" in error["message"]
    assert (error["path"], error["line"]) == ("b/requirements.txt", 2)
    assert str(root / "b" / ".venv") not in error["message"]
    assert tree(root, without=(".devstrap",)) == before


def git(root, *words):
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *words], cwd=root, check=True)


GIT_PROJECT = '[project]\nname = "{0}"\nversion = "1"\noptional-dependencies.more = ["alpha"]\n'
GIT_BACKEND = """import zipfile

METADATA = "Metadata-Version: 2.1\\nName: {0}\\nVersion: 1\\nProvides-Extra: more\\n"
METADATA += "Requires-Dist: alpha; extra == 'more'\\n"


def build_wheel(folder, settings=None, metadata=None):
    with zipfile.ZipFile(folder + "/{0}-1-py3-none-any.whl", "w") as file:
        file.writestr("{0}.py", "VALUE = 1\\n")
        file.writestr("{0}-1.dist-info/METADATA", METADATA)
        file.writestr("{0}-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        file.writestr("{0}-1.dist-info/RECORD", "")
    return "{0}-1-py3-none-any.whl"
"""


@pytest.fixture
def repository(write, tmp_path):
    """Return the address of a git repository with two projects in it, one of them in a folder, and a tag."""
    places = {"": "whole", "lib/": "inner"}
    manifests = {
        f"{place}pyproject.toml": OWN_BACKEND.format("b") + GIT_PROJECT.format(name) for place, name in places.items()
    }
    backends = {f"{place}b.py": GIT_BACKEND.format(name) for place, name in places.items()}
    root = write({**manifests, **backends}, tmp_path / "there")
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "x")
    git(root, "tag", "v1")
    return f"git+file://{root}"


def test_what_is_to_be_edited_from_git_is_installed_and_the_file_stays(devstrap, index, write, tmp_path, repository):
    text = f"-r lists/more.txt\n-e {repository}@v1#egg=whole[more]\n"
    files = {REQUIREMENTS: text, "lists/more.txt": f"# ours\n--editable={repository}#egg=inner&subdirectory=lib\n"}
    root = write({**files, ".python-version": f"{MINOR}\n"}, tmp_path / "app")
    env = {"UV_DEFAULT_INDEX": index.url, "UV_FIND_LINKS": ""}
    shown = devstrap(root, *PLAIN, "--dry-run", env=env).stdout
    assert "-e of requirements.txt:2: uv installs nothing from git to be edited: whole[more] is installed" in shown
    done = devstrap(root, *PLAIN, "--json", env=env)
    told = {one["what"] for one in done.data["left_alone"]}
    assert told == {"-e of lists/more.txt:2", "-e of requirements.txt:2"}
    python = root / ".venv" / "bin" / "python"
    assert subprocess.run([python, "-I", "-c", "import whole, inner, alpha"], check=False).returncode == 0
    assert {name: (root / name).read_text() for name in files} == files
    assert devstrap(root, *PLAIN, "--json", env=env).data["status"] == "nothing-to-do"


@pytest.mark.parametrize(
    ("line", "cause", "remedy"),
    [
        ("-e git+file:///nowhere/x.git#egg=x", "x.git (requirements.txt:2) cannot be fetched: ", "check the address"),
        ("-e {at}@v9#egg=whole", "there@v9 (requirements.txt:2) cannot be fetched: ", "v9 is not in that repository"),
        ("-e {at}#egg=other", "calls itself whole, where other was expected", "correct the requirement"),
        (
            "-e hg+https://127.0.0.1:9/x#egg=x",
            "requirements.txt:2 wants something from Mercurial, of which uv installs nothing",
            "a git repository of it",
        ),
        ("x @ svn+https://127.0.0.1:9/x", "requirements.txt:2 wants something from Subversion", "pip and svn"),
        ("-e {at}#egg=whole\nbeta ==", "requirements.txt:3 is no requirement", "correct that line"),
    ],
)
def test_what_git_cannot_fetch_to_be_edited_is_told_with_the_line(attempt, repository, line, cause, remedy):
    error = attempt({REQUIREMENTS: f"alpha\n{line.format(at=repository)}\n"})
    assert cause in error["message"]
    assert remedy in error["remedy"]


def test_git_out_of_reach_is_told_with_the_line(attempt):
    error = attempt({REQUIREMENTS: "-e git+ssh://git@127.0.0.1:9/ada/shop.git#egg=shop\n"})
    assert "shop @ git+ssh://git@127.0.0.1:9/ada/shop.git (requirements.txt:1) cannot be fetched" in error["message"]
