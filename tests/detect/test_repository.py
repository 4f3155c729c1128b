"""A repository is read without running it, and what does not fit together is said with file and line."""

import os

import pytest

from bootstrap.detect.repository import Reader, detect_repository
from bootstrap.detect.root import find_root
from bootstrap.errors import ContradictionError, MalformedFileError, UsageError


def test_a_repository_is_known_by_its_metadata(write):
    root = write(
        {
            ".python-version": "3.12\n",
            "pyproject.toml": '[project]\nname = "shop"\nrequires-python = ">=3.11"\ndependencies = ["FastAPI>=0.1"]\n'
            '[dependency-groups]\ndev = ["pytest", {include-group = "x"}]\n[tool.ruff]\n',
            "bootstrap.py": "",
        }
    )
    repository = detect_repository(root)
    assert repository.name == "shop"
    assert str(repository.pin.request) == "3.12"
    assert str(repository.pin.place) == ".python-version:1"
    assert repository.requires_python.admitted.text == ">=3.11"
    assert repository.requires_python.place.line == 3
    assert repository.tools == {"fastapi", "pytest", "ruff"}
    assert repository.has_bootstrapper


def test_a_folder_with_nothing_in_it_is_a_repository_too(tmp_path):
    repository = detect_repository(tmp_path)
    assert repository.name == tmp_path.name
    assert repository.pin is None
    assert repository.requires_python is None
    assert not repository.has_bootstrapper


@pytest.mark.parametrize(
    ("files", "path", "line"),
    [
        ({"pyproject.toml": "[project]\nname = \n"}, "pyproject.toml", 2),
        ({"pyproject.toml": "[project]\nrequires-python = '3.11 or so'\n"}, "pyproject.toml", 2),
        ({"pyproject.toml": b"[project]\nname = '\xff'\n"}, "pyproject.toml", 2),
        ({".python-version": "my-env\n"}, ".python-version", 1),
        ({".python-version": "\n3.99\n"}, ".python-version", 2),
        ({"pyproject.toml": "[tool.devstrap]\ndefault = 'latest'\n"}, "pyproject.toml", 2),
        ({"pyproject.toml": "[tool.devstrap]\neditor = ['vscode']\n"}, "pyproject.toml", 2),
        ({"pyproject.toml": "[tool.devstrap]\neditors = 'vscode'\n"}, "pyproject.toml", 2),
        ({"pyproject.toml": "[tool.devstrap]\neditors = []\ngroups = [3]\n"}, "pyproject.toml", 3),
        ({"pyproject.toml": "[tool.devstrap]\ndevcontainer = 'no'\n"}, "pyproject.toml", 2),
        ({"pyproject.toml": "[tool.devstrap]\nprefer-managed = 1\n"}, "pyproject.toml", 2),
        ({"pyproject.toml": "[tool.devstrap]\n\ndefault = 3.12\n"}, "pyproject.toml", 3),
        ({"pyproject.toml": "[project]\nname = 'x'\nrequires-python = 3\n"}, "pyproject.toml", 3),
        ({"pyproject.toml": "[tool.devstrap]\n\nrequirements = ['nope.txt']\n"}, "pyproject.toml", 3),
        ({"pyproject.toml": "[tool.devstrap]\nrequirements = ['\\u0000']\n"}, "pyproject.toml", 2),
        ({"pyproject.toml": "[tool.devstrap]\ngroups = ['nope']\n[dependency-groups]\ndev = []"}, "pyproject.toml", 2),
        ({"pyproject.toml": "[project]\ndynamic = 3\n[tool.devstrap]\nextras = ['nope']\n"}, "pyproject.toml", 4),
    ],
)
def test_a_file_that_cannot_be_understood_is_refused_with_its_place(write, files, path, line):
    with pytest.raises(MalformedFileError) as caught:
        detect_repository(write(files))
    assert (caught.value.path, caught.value.line) == (path, line)
    assert caught.value.remedy


@pytest.mark.parametrize(
    "files",
    [
        {"pyproject.toml": "[project]\nrequires-python = '>=3.13,<3.12'\n"},
        {".python-version": "3.8\n", "pyproject.toml": "[project]\nrequires-python = '>=3.11'\n"},
        {"pyproject.toml": "[project]\nrequires-python = '>=3.11'\n[tool.devstrap]\ndefault = '3.9'\n"},
    ],
)
def test_declarations_that_exclude_each_other_are_refused(write, files):
    with pytest.raises(ContradictionError) as caught:
        detect_repository(write(files))
    assert caught.value.path
    assert caught.value.line


def test_settings_are_read(write):
    text = "[tool.devstrap]\ndefault='3.13'\ngroups=['x']\neditors=[]\ndevcontainer=false\nprefer-managed=true\n"
    text += "[dependency-groups]\nx = []\n"
    settings = detect_repository(write({"pyproject.toml": text})).settings
    assert str(settings.default.request) == "3.13"
    assert str(settings.default.place) == "pyproject.toml:2"
    assert settings.groups == ("x",)
    assert settings.editors == ()
    assert settings.devcontainer is False
    assert settings.prefer_managed is True


def test_a_folder_in_place_of_a_file_is_said_to_be_one(tmp_path):
    (tmp_path / "pyproject.toml").mkdir()
    with pytest.raises(MalformedFileError, match=r"pyproject.toml cannot be read"):
        detect_repository(tmp_path)


def test_a_file_that_is_far_too_large_is_not_read(tmp_path):
    with (tmp_path / "pyproject.toml").open("wb") as stream:
        stream.truncate(5 * 1024 * 1024)
    with pytest.raises(MalformedFileError, match="larger than"):
        detect_repository(tmp_path)


def test_a_root_that_does_not_exist_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="cannot be opened"):
        detect_repository(tmp_path / "nowhere")


def test_the_root_is_the_nearest_checkout_or_project(checkout):
    below = checkout / "a" / "b"
    below.mkdir(parents=True)
    assert find_root(below) == checkout
    (checkout / "a" / "pyproject.toml").write_text("")
    assert find_root(below) == checkout / "a"


def test_names_that_are_hostile_do_no_harm(tmp_path):
    os.mkdir(os.fsencode(tmp_path) + b"/new\nline\xff")
    assert detect_repository(tmp_path).files


@pytest.mark.parametrize(
    ("text", "name", "line"),
    [
        ("tool = 1", "tool", 1),
        ("\nproject = []", "project", 2),
        ("[[project]]\nname = 'x'\n", "project", 1),
        ("[tool]\nuv = 1", "tool.uv", 2),
        ("a = 1\ntool.uv = 1", "tool.uv", 2),
        ("[tool.x]\n[[tool.devstrap]]\n", "tool.devstrap", 2),
        ("[project]\nname = 'x'\noptional-dependencies = 3", "project.optional-dependencies", 3),
        ("[tool.uv]\n# none\ndefault-groups = 3", "tool.uv.default-groups", 3),
        ("dependency-groups = 'dev'", "dependency-groups", 1),
    ],
)
def test_a_value_in_place_of_a_table_is_refused_by_its_name_and_its_line(write, text, name, line):
    with pytest.raises(MalformedFileError, match=rf"^{name} in pyproject.toml has to be") as caught:
        detect_repository(write({"pyproject.toml": text}))
    assert (caught.value.path, caught.value.line) == ("pyproject.toml", line)


def test_a_wrong_value_is_told_otherwise_than_a_wrong_key(write):
    with pytest.raises(MalformedFileError, match="has no key 'editor'") as caught:
        detect_repository(write({"pyproject.toml": "[tool.devstrap]\neditor = []\n"}))
    assert "the keys are minimum, default, supported, groups" in caught.value.remedy
    with pytest.raises(MalformedFileError, match=r"editors in .* must be a list of strings") as caught:
        detect_repository(write({"pyproject.toml": "[tool.devstrap]\neditors = 'vscode'\n"}))
    assert "correct it there" in caught.value.remedy


@pytest.mark.parametrize("key", ["requirements", "groups", "extras"])
def test_a_setting_that_names_what_does_not_exist_says_what(write, key):
    with pytest.raises(MalformedFileError, match=rf"{key} in \[tool.devstrap\] names 'nope'"):
        detect_repository(write({"pyproject.toml": f"[project]\n[tool.devstrap]\n{key} = ['nope']\n"}))


@pytest.mark.parametrize(
    "files",
    [
        {"a/b.txt": "", "pyproject.toml": "[tool.devstrap]\nrequirements = ['a/b.txt']\n"},
        {"pyproject.toml": "[tool.devstrap]\ngroups = ['My_Docs']\n[dependency-groups]\nmy-docs = []\n"},
        {"pyproject.toml": "[tool.devstrap]\ngroups = ['dev']\n[tool.uv]\ndev-dependencies = []\n"},
        {"pyproject.toml": "[tool.devstrap]\ngroups = ['x']\n[tool.uv.workspace]\nmembers = ['a']\n"},
        {"pyproject.toml": "[tool.devstrap]\nextras = ['x']\n[project.optional-dependencies]\nX = []\n"},
        {"pyproject.toml": "[project]\ndynamic = ['optional-dependencies']\n[tool.devstrap]\nextras = ['x']\n"},
        {"setup.cfg": "", "pyproject.toml": "[tool.devstrap]\nextras = ['x']\n"},
        {"pyproject.toml": "[tool.devstrap]\nextras = ['x']\n[tool.poetry.extras]\nx = []\n"},
    ],
)
def test_what_is_declared_or_may_be_declared_elsewhere_is_not_refused(write, files):
    settings = detect_repository(write(files)).settings
    assert settings.requirements or settings.groups or settings.extras


def test_a_formatter_that_is_only_required_is_not_taken_for_the_repository_s(write):
    text = '[dependency-groups]\ndev = ["black", "ruff"]\n'
    assert detect_repository(write({"pyproject.toml": text})).tools == {"ruff"}
    assert "black" in detect_repository(write({"pyproject.toml": text + "[tool.black]\n"})).tools


def test_tools_are_found_in_requirements_files_too(write):
    assert "django" in detect_repository(write({"requirements.txt": "Django==5.1\n-r more.txt\n"})).tools


def test_whoever_asks_for_a_python_is_not_stopped_by_the_pin(write):
    root = write({".python-version": "no-such-environment\n"})
    assert detect_repository(root, is_asked=True).pin is None


def test_what_is_never_closed_is_told_at_the_end_of_the_file(write):
    with pytest.raises(MalformedFileError) as caught:
        detect_repository(write({"pyproject.toml": '[project]\nname = "x"\ndependencies = [\n'}))
    assert caught.value.line == 3


@pytest.mark.parametrize(
    "files",
    [
        {"tox.ini": "[tox]\nenvlist = py312\n[pytest]\naddopts = -q\n"},
        {"setup.cfg": "[metadata]\nname = x\n\n[tool:pytest]\n"},
        {"tox.ini": "[testenv]\ndeps =\n    coverage\n    pytest>=7,<9 ; python_version > '3.8'\n"},
        {"tox.ini": "[testenv]\r\ndeps=pytest\r\n"},
        {"tox.ini": "[testenv:unit]\ncommands =\n\n  # first\n  {envpython} -m pytest {posargs}\n"},
        {"tox.ini": "[testenv]\ncommands = {envbindir}/pytest tests\n"},
        {"tox.ini": "[testenv]\ncommands: py.test\n"},
        {"tox.ini": "[testenv]\ndeps =\n    py39: pytest[testing]==7.1.2\n"},
    ],
)
def test_pytest_is_known_by_what_tox_and_setup_cfg_say(write, files):
    assert detect_repository(write(files)).tools == {"pytest"}


@pytest.mark.parametrize(
    "files",
    [
        {"tox.ini": "[testenv]\ndescription = not with pytest\ncommands = python -m unittest\n"},
        {"tox.ini": "[flake8]\nper-file-ignores =\n    pytest: E501\n"},
        {"tox.ini": "[testenv]\n# deps = pytest\n; pytest\ndeps = pytest-cov\n"},
        {"tox.ini": "[tool:pytest]\n"},
        {"setup.cfg": "[pytest]\n"},
        {"setup.cfg": b"\xff\xfe pytest\n"},
        {"tox.ini": "deps = pytest\n[\n pytest\n"},
    ],
)
def test_the_mere_word_is_no_pytest(write, files):
    assert detect_repository(write(files)).tools == set()


def test_other_files_are_not_read_for_pytest_where_something_has_said_so(write):
    read = Reader(write({"tox.ini": "[pytest]\n", "setup.cfg": "", "requirements.txt": "pytest\n"}))
    assert detect_repository(read.root, read).tools == {"pytest"}
    assert "tox.ini" not in read.seen


def test_a_project_of_old_poetry_is_called_as_poetry_calls_it(write):
    assert detect_repository(write({"pyproject.toml": '[tool.poetry]\nname = "shop"\n'})).name == "shop"
    both = '[project]\nname = "stall"\n[tool.poetry]\nname = "shop"\n'
    assert detect_repository(write({"pyproject.toml": both})).name == "stall"
