"""What is installed of a Pipfile.lock, and of a Pipfile that has none."""

import json

import pytest

from bootstrap.detect.repository import Reader, detect_repository
from bootstrap.errors import MalformedFileError
from bootstrap.setup.dependencies import locked, pipenv


@pytest.fixture
def recognised(write):
    def recognise(files):
        root = write(files)
        return pipenv.recognise(detect_repository(root), Reader(root))

    return recognise


@pytest.fixture
def lines(recognised):
    def read(default, develop=None, sources=()):
        meta = {"pipfile-spec": 6, "sources": list(sources)}
        lock = json.dumps({"_meta": meta, "default": default, "develop": develop or {}})
        ((name, text),) = recognised({"Pipfile.lock": lock}).files
        assert name == locked.FILE
        return text.splitlines()

    return read


def test_what_is_locked_is_installed_exactly(recognised):
    lock = '{"_meta": {"pipfile-spec": 6}, "default": {"a": {"version": "==1"}}, "develop": {"b": {"version": "==2"}}}'
    found = recognised({"Pipfile.lock": lock, "Pipfile": "[packages]\n"})
    assert found.files == ((locked.FILE, "a==1\nb==2\n"),)
    assert [run.argv[-1] for run in found.installs] == ["{target}/devstrap-lock.txt"]
    assert (found.is_locked, found.installs_project, found.title) == (True, False, "Pipfile.lock with develop")


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        ({"version": "==1.0", "hashes": ["sha256:a", "sha256:b"]}, "a==1.0 --hash=sha256:a --hash=sha256:b"),
        ({"version": "==1.0", "markers": "os_name == 'nt'"}, "a==1.0 ; os_name == 'nt'"),
        ({"version": "==1.0", "extras": ["x", "y"]}, "a[x,y]==1.0"),
        ({"version": "*"}, "a"),
        ({"git": "https://example.com/a.git", "ref": "abc"}, "a @ git+https://example.com/a.git@abc"),
        ({"git": "git+https://example.com/a.git", "ref": "abc", "subdirectory": "s"},
         "a @ git+https://example.com/a.git@abc#subdirectory=s"),
        ({"file": "https://example.com/a.zip"}, "a @ https://example.com/a.zip"),
        ({"path": "parts/a"}, "{root}/parts/a"),
        ({"path": "parts/a", "editable": True, "extras": ["test"]}, "-e {root}/parts/a[test]"),
    ],
)  # fmt: skip
def test_an_entry_is_one_line(lines, tmp_path, entry, line):
    assert lines({"a": entry}) == [line.format(root=tmp_path)]


def test_what_both_sections_lock_is_one_line_and_other_indexes_are_looked_at_too(lines):
    sources = [{"url": "https://example.com/simple"}, {"url": "https://pypi.org/simple"}, 3, {}]
    assert lines({"a": {"version": "==1"}}, {"a": {"version": "==1"}}, sources) == [
        "--extra-index-url https://example.com/simple",
        "a==1",
    ]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "3", "{}", '{"_meta": {}}', '{"_meta": {"pipfile-spec": "6"}}', "<<<<<<< HEAD\n{}", b"\xff\xfe"],
)
def test_a_lock_that_is_broken_or_of_another_kind_is_an_error_that_names_it(recognised, text):
    with pytest.raises(MalformedFileError) as caught:
        recognised({"Pipfile.lock": text})
    assert caught.value.path == "Pipfile.lock"
    assert caught.value.remedy.endswith("delete it and make it anew with pipenv lock")


def test_a_lock_of_a_later_kind_is_not_guessed_at(recognised):
    with pytest.raises(MalformedFileError, match="written by a newer Pipenv: its format is version 7") as caught:
        recognised({"Pipfile.lock": '{"_meta": {"pipfile-spec": 7}}'})
    assert caught.value.path == "Pipfile.lock"
    assert "take a newer devstrap" in caught.value.remedy


def test_the_line_of_a_mistake_is_told(recognised):
    with pytest.raises(MalformedFileError) as caught:
        recognised({"Pipfile.lock": '{\n"a": }'})
    assert caught.value.line == 2


# ---- a Pipfile alone ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ('"*"', ["a"]),
        ('">=1,<2"', ["a>=1,<2"]),
        ('"1.2"', ["a==1.2"]),
        ('{ version = "==1", extras = ["x", "y"] }', ["a[x,y]==1"]),
        ('{ version = "*", markers = "os_name == \'nt\'" }', ["a ; os_name == 'nt'"]),
        ('{ version = "*", sys_platform = "== \'win32\'" }', ["a ; sys_platform == 'win32'"]),
        ('{ version = "*", markers = "x", python_version = "< \'3\'" }', ["a ; (x) and (python_version < '3')"]),
        ('{ git = "https://example.com/a.git", ref = "abc" }', ["a @ git+https://example.com/a.git@abc"]),
        ('{ git = "git+https://example.com/a.git" }', ["a @ git+https://example.com/a.git"]),
        ('{ file = "https://example.com/a.zip" }', ["a @ https://example.com/a.zip"]),
        ('{ path = "parts/a" }', ["{root}/parts/a"]),
        ('{ path = ".", editable = true, extras = ["test"] }', ["--editable", "{root}/.[test]"]),
        ("{}", ["a"]),
    ],
)
def test_an_entry_of_a_pipfile_is_words_for_pip(recognised, tmp_path, entry, words):
    found = recognised({"Pipfile": f"[packages]\na = {entry}\n"})
    (run,) = found.installs
    assert list(run.argv[5:]) == [word.format(root=tmp_path) for word in words]
    assert (found.is_locked, found.title) == (False, "Pipfile")


def test_both_sections_of_a_pipfile_are_installed(recognised):
    found = recognised({"Pipfile": '[packages]\na = "*"\n[dev-packages]\nb = "*"\n'})
    assert found.installs[0].argv[5:] == ("a", "b")
    assert found.title == "Pipfile with dev-packages"


def test_a_pipfile_without_packages_installs_nothing(recognised):
    assert recognised({"Pipfile": "[packages]\n"}).installs == ()


def test_a_pipfile_that_was_emptied_or_broken_is_told_though_there_is_a_lock(recognised):
    with pytest.raises(MalformedFileError, match="Pipfile is empty"):
        recognised({"Pipfile": "\n"})
    with pytest.raises(MalformedFileError, match="Pipfile is not valid TOML"):
        recognised({"Pipfile": "[packages\n", "Pipfile.lock": '{"_meta": {"pipfile-spec": 6}}'})


@pytest.mark.parametrize("other", ["setup.py", "requirements.txt", "requirements/dev.txt"])
def test_a_pipfile_that_asks_for_nothing_gives_way_to_what_declares_something(recognised, other):
    empty = '[packages]\n[dev-packages]\n[requires]\npython_version = "3.7"\n'
    assert recognised({"Pipfile": empty, other: ""}) is None
    assert recognised({"Pipfile": empty.replace("[dev-packages]", '[dev-packages]\nsix = "*"'), other: ""}) is not None


def test_a_broken_pipfile_is_an_error_that_names_it(recognised):
    with pytest.raises(MalformedFileError) as caught:
        recognised({"Pipfile": "[packages\n"})
    assert caught.value.path == "Pipfile"


def test_without_a_pipfile_or_beside_named_files_there_is_nothing(recognised):
    assert recognised({"README.md": ""}) is None
    assert recognised({"Pipfile": "", "pyproject.toml": "[tool.devstrap]\nrequirements = []\n"}) is None


def test_the_project_itself_is_installed_by_a_command_of_its_own(recognised):
    lock = {"_meta": {"pipfile-spec": 6}, "default": {"shop": {"path": ".", "editable": True, "extras": ["x"]}}}
    found = recognised({"Pipfile.lock": json.dumps(lock)})
    assert found.installs_project
    assert found.installs[-1].argv[-3:] == ("--no-deps", "--editable", ".")
    assert dict(found.files)["devstrap-lock.txt"].strip() == ""
