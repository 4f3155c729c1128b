"""The parts of a repository that declares nothing at its root."""

import pytest

from bootstrap.detect.parts import among, find, repository_of
from bootstrap.detect.repository import Reader, detect_repository


@pytest.mark.parametrize(
    "name", ["pyproject.toml", "requirements.txt", "setup.py", "setup.cfg", "Pipfile", "requirements/dev.txt"]
)
def test_a_folder_with_a_manifest_is_a_part(write, name):
    assert find(write({f"backend/{name}": "", "README.md": ""})) == ("backend",)


def test_parts_are_found_some_folders_down_in_order_and_not_below_another(write):
    files = ("b/setup.py", "a/x/y/setup.py", "a/w/setup.py", "b/inner/setup.py", "a/x/y/z/deep/setup.py")
    assert find(write(dict.fromkeys(files, ""))) == ("a/w", "a/x/y", "b")


def test_what_lies_deeper_than_three_folders_is_no_part(write):
    assert find(write({"a/b/c/d/setup.py": ""})) == ()


@pytest.mark.parametrize(
    "folder",
    [".hidden", "docs", "examples", "tests", "vendor", "node_modules", "templates", "{{ cookiecutter.name }}"],
)
def test_what_is_for_something_else_is_no_part(write, folder):
    assert find(write({f"{folder}/setup.py": "", f"{folder}/x/setup.py": ""})) == ()


def test_an_environment_and_what_a_link_leads_to_are_no_parts(write, tmp_path):
    write({"env/pyvenv.cfg": "", "env/lib/setup.py": "", "elsewhere/x/setup.py": ""}, tmp_path / "all")
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "linked").symlink_to(tmp_path / "all" / "elsewhere")
    (tmp_path / "root" / "env").mkdir()
    write({"env/pyvenv.cfg": "", "env/lib/setup.py": ""}, tmp_path / "root")
    assert find(tmp_path / "root") == ()


def test_a_manifest_at_the_root_is_no_part_and_a_missing_folder_has_none(write, tmp_path):
    assert find(write({"setup.py": ""})) == ()
    assert find(tmp_path / "nowhere") == ()


@pytest.mark.parametrize(
    ("files", "found"),
    [
        (("requirements.txt", "a.py"), ()),
        (("a/requirements.txt", "b/setup.py", "c/x.py"), ("a", "b")),
        (("a/requirements/dev.txt", "b/Pipfile"), ("a", "b")),
        (
            ("libs/core/pyproject.toml", "libs/core/sub/setup.py", "libs/core-two/setup.cfg"),
            ("libs/core", "libs/core-two"),
        ),
        (("a/b/c/setup.py", "a/b/d/e/setup.py"), ("a/b/c",)),
        ((".a/setup.py", "docs/setup.py", "a/tests/setup.py", "{{ name }}/setup.py", "a/examples/b/setup.py"), ()),
    ],
)
def test_files_that_are_only_thought_of_have_the_same_parts(files, found, write):
    assert among(files) == found
    assert find(write(dict.fromkeys(files, ""))) == found


@pytest.fixture
def part(write):
    def make(files):
        root = write(files)
        return repository_of(detect_repository(root), "part", Reader(root / "part"), is_asked=False)

    return make


PINNED = {".python-version": "3.11\n"}
SET = {"pyproject.toml": '[tool.devstrap]\ndefault = "3.11"\nas-of = "2024-01-31"\n'}


def requiring(text):
    return {"part/pyproject.toml": f'[project]\nname = "part"\nrequires-python = "{text}"\n'}


def test_a_part_has_the_whole_s_pin_where_it_has_none_and_admits_it(part):
    assert str(part({**PINNED, **requiring(">=3.10")}).pin.request) == "3.11"


def test_a_part_s_own_pin_goes_first_and_one_that_it_does_not_admit_is_none(part):
    own = part({**PINNED, "part/.python-version": "3.12\n", "part/setup.py": ""})
    assert str(own.pin.request) == "3.12"


def test_a_pin_that_a_part_does_not_admit_is_not_taken(part):
    assert part({**PINNED, **requiring(">=3.12")}).pin is None


BOUNDED = {"pyproject.toml": '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.11"\n'}


@pytest.mark.parametrize(
    ("own", "admitted", "place"),
    [
        ({"part/setup.py": ""}, ">=3.11", "../pyproject.toml:4"),
        (requiring(">=3.8,<3.14"), ">=3.8,<3.14,>=3.11", "pyproject.toml:3"),
        (requiring("<3.10"), "<3.10", "pyproject.toml:3"),
    ],
)
def test_the_whole_bounds_the_pythons_of_its_parts_where_any_is_left(part, own, admitted, place):
    found = part({**BOUNDED, **own}).requires_python
    assert (found.admitted.text, str(found.place)) == (admitted, place)


def test_the_whole_s_settings_go_for_a_part_that_has_none(part):
    found = part({**SET, **requiring(">=3.10")})
    assert str(found.settings.default.request) == "3.11"
    assert found.settings.as_of == "2024-01-31"


def test_a_default_that_a_part_does_not_admit_is_not_taken(part):
    assert part({**SET, **requiring(">=3.12")}).settings.default is None


def test_a_part_is_noted_and_undone_with_the_whole(part, tmp_path):
    found = part({"part/setup.py": "", "bootstrap.py": ""})
    assert found.state_dir == detect_repository(tmp_path).state_dir
    assert found.root == tmp_path / "part"
    assert found.has_bootstrapper
