"""The parts of a repository, installed together or each on its own."""

import pytest

from bootstrap.detect.repository import Reader, detect_repository
from bootstrap.model import Build, Dependencies, Run
from bootstrap.setup import dependencies
from bootstrap.setup.parts import compiled, joined, may_share, placed, whole


@pytest.fixture
def wanted(write):
    def recognise(parts):
        found = {}
        for path, files in parts.items():
            root = write({f"{path}/{name}": text for name, text in files.items()}) / path
            found[path] = dependencies.recognise(detect_repository(root), Reader(root))
        return found

    return recognise


PROJECT = '[project]\nname = "{}"\n[build-system]\nrequires = []\n'
TWO = {
    "backend": {"pyproject.toml": PROJECT.format("backend") + "[dependency-groups]\ndev = []\n"},
    "services/web": {
        "pyproject.toml": PROJECT.format("web") + "[project.optional-dependencies]\ntest = []\n",
    },
    "tools": {"requirements.txt": "six\n", "requirements/dev.txt": "toml\n"},
}


def test_parts_that_pip_could_install_may_share_an_environment(wanted):
    assert may_share(wanted(TWO))


@pytest.mark.parametrize(
    "files",
    [
        {"uv.lock": "", "pyproject.toml": PROJECT.format("x")},
        {"poetry.lock": "", "pyproject.toml": PROJECT.format("x")},
        {"pdm.lock": "", "pyproject.toml": PROJECT.format("x")},
        {"Pipfile": ""},
    ],
)
def test_a_lock_of_its_own_is_for_an_environment_of_its_own(wanted, files):
    assert not may_share(wanted({**TWO, "locked": files}))


def test_everything_is_named_from_the_root_in_one_command(wanted):
    shared = joined(wanted(TWO))
    (run,) = shared.installs
    assert run.cwd == "."
    assert run.argv == (
        *("uv", "pip", "install", "--python", "{target}"),
        *("--editable", "./backend", "--group", "backend/pyproject.toml:dev"),
        *("--editable", "./services/web[test]"),
        *("--requirements", "tools/requirements.txt", "--requirements", "tools/requirements/dev.txt"),
    )
    assert run.purpose == "install backend, services/web, tools together"
    assert (shared.manager, shared.installs_project) == ("parts", False)


def test_constraints_are_named_from_the_root_too():
    install = Run(("uv", "pip", "install", "--python", "{target}", "six", "--constraints", "../c.txt"), "", "sub")
    shared = joined({"a": Dependencies("requirements", "", (install,), "", shortfalls=("no libfoo",))})
    assert shared.installs[0].argv[5:] == ("six", "--constraints", "a/c.txt")
    assert shared.shortfalls == ("no libfoo",)


def test_what_decides_for_a_part_decides_for_the_whole(wanted):
    first = joined(wanted(TWO)).fingerprint
    assert joined(wanted(TWO)).fingerprint == first
    changed = {**TWO, "tools": {"requirements.txt": "six>1\n", "requirements/dev.txt": "toml\n"}}
    assert joined(wanted(changed)).fingerprint != first


def test_whether_they_go_together_is_asked_of_their_manifests(wanted, tmp_path):
    run = compiled(joined(wanted(TWO)), "3.12", tmp_path)
    assert run.argv == (
        *("uv", "pip", "compile", "--quiet", "--no-header", "--python-version", "3.12"),
        *("./backend/pyproject.toml", "--group", "backend/pyproject.toml:dev"),
        *("./services/web/pyproject.toml", "--extra", "test"),
        *("tools/requirements.txt", "tools/requirements/dev.txt"),
    )


def test_what_only_running_a_setup_script_would_tell_is_not_asked(wanted, tmp_path):
    script = {"setup.py": "from setuptools import setup\nsetup()\n"}
    mixed = {"a": script, "b": {"requirements.txt": "six\n"}}
    assert compiled(joined(wanted(mixed)), "3.12", tmp_path).argv[7:] == ("b/requirements.txt",)
    assert compiled(joined(wanted({"a": script})), "3.12", tmp_path) is None


def test_extras_of_a_part_that_is_not_built_are_asked_too(wanted, tmp_path):
    text = '[project]\nname = "x"\ndependencies = []\n[project.optional-dependencies]\ntest = []\n'
    run = compiled(joined(wanted({"a": {"pyproject.toml": text}})), "3.12", tmp_path)
    assert run.argv[7:] == ("a/pyproject.toml", "--extra", "test")


def test_constraints_bound_what_is_asked(tmp_path):
    install = Run(("uv", "pip", "install", "--python", "{target}", "--requirements", "r", "--constraints", "c"), "")
    run = compiled(joined({"a": Dependencies("requirements", "", (install,), "")}), "3.12", tmp_path)
    assert run.argv[7:] == ("a/r", "--constraints", "a/c")


def requiring(write, name, text):
    return detect_repository(
        write({f"{name}/pyproject.toml": f'[project]\nname = "x"\nrequires-python = "{text}"\n'}) / name
    )


def test_the_whole_admits_the_pythons_that_all_parts_admit(write):
    top = detect_repository(write({"README.md": ""}))
    parts = {name: requiring(write, name, text) for name, text in (("a", ">=3.9"), ("b", ">=3.11"), ("c", ">=3.9"))}
    found = whole(top, parts)
    assert found.requires_python.admitted.text == ">=3.9,>=3.11"
    assert found.requires_python.admitted.minors()[0] == (3, 11)
    assert str(found.requires_python.place) == "a/pyproject.toml:3"


def test_what_the_root_requires_bounds_what_its_parts_admit(write):
    top = requiring(write, "top", ">=3.8,<3.14")
    found = whole(top, {"a": requiring(write, "a", ">=3.11"), "b": requiring(write, "b", ">=3.8")})
    assert found.requires_python.admitted.text == ">=3.8,<3.14,>=3.11"
    assert found.requires_python.place == top.requires_python.place


def test_without_a_part_that_says_anything_the_root_stays_as_it_is(write):
    bare = detect_repository(write({"b/README.md": ""}) / "b")
    assert whole(bare, {"b": bare}) is bare
    top = requiring(write, "top", ">=3.8")
    assert whole(top, {"b": bare}) is top


def test_a_part_s_environment_is_made_from_the_root():
    build = Build(".venv", (Run(("a",), "", "."), Run(("b",), "", "requirements")), "create .venv")
    found = placed(build, "services/web")
    assert found.path == "services/web/.venv"
    assert [run.cwd for run in found.runs] == ["services/web", "services/web/requirements"]
    assert found.purpose == "create services/web/.venv"
