"""Which files are looked into, and which are somebody else's, or history."""

import os

import pytest

from bootstrap.sites import files
from bootstrap.sites.files import LARGEST, Unread, candidates, is_foreign, read, rows_for

OURS = (
    "pyproject.toml",
    "README.md",
    "backend/pyproject.toml",
    ".github/workflows/release.yml",
    ".github/actions/release/action.yml",
    "release/Dockerfile",
    "scripts/release.sh",
    "docs/release-process.md",
    "docs/installation.rst",
    "src/a/news.py",
    "history/Dockerfile",
    "tests/Dockerfile",
    "docs/migrations.py",
)
FOREIGN = (
    "CHANGELOG.md",
    "CHANGES.rst",
    "CHANGES",
    "changes/123.md",
    "NEWS.md",
    "HISTORY.rst",
    "docs/changelog.md",
    "docs/releases/1.2.rst",
    "docs/whatsnew/3.9.rst",
    "docs/release_notes/1.md",
    "RELEASE-NOTES.txt",
    "UPGRADING.md",
    "docs/migration.md",
    "docs/blog/2020-python-38.md",
    "newsfragments/1.feature.md",
    "announcement.md",
    "peps/pep-0404.rst",
    "docs/adr/0001-python.md",
    "node_modules/a/README.md",
    "vendor/x/setup.py",
    "src/a/_vendor/x/pyproject.toml",
    "third_party/x/tox.ini",
    "a.egg-info/README.md",
    ".venv/lib/x/setup.cfg",
    "venv/x/pyproject.toml",
    "tests/fixtures/setup.py",
    "tests/data/pyproject.toml",
    "test/resources/Dockerfile",
    "testdata/tox.ini",
    "tests/cassettes/a.yml",
    "tests/test-recipes/a/meta.yaml",
    "uv.lock",
    "poetry.lock",
    "conda-lock.yml",
    "docs/a.ipynb",
)


@pytest.mark.parametrize("path", OURS)
def test_the_author_s_own_files_are_looked_into(path):
    assert not is_foreign(path)


@pytest.mark.parametrize("path", FOREIGN)
def test_history_and_what_others_wrote_is_left_alone(path):
    assert is_foreign(path)


def test_only_files_with_a_row_are_candidates():
    assert list(candidates(["a.c", "x/tox.ini", "CHANGELOG.md", "b.png", "Dockerfile.dev"])) == [
        "x/tox.ini",
        "Dockerfile.dev",
    ]


@pytest.mark.parametrize(
    ("path", "row"),
    [
        ("a/b/tox.ini", "tox.envlist"),
        ("README.MD", "docs.text"),
        (".github/workflows/a.yaml", "github.matrix"),
        ("docs/a/b/c.txt", "docs.text"),
        ("x.Dockerfile", "docker.from"),
        (".azure/a/b.yml", "ci.matrix"),
        ("eng/templates/jobs/a.yml", "ci.jobs"),
    ],
)
def test_patterns_fit_in_any_folder(path, row):
    assert row in [found.id for found in rows_for(path)]


@pytest.mark.parametrize("path", ["github/workflows/a.yml", "docs.txt", "toxic.ini.bak", "a/workflows/b.yml"])
def test_what_only_looks_like_it_has_no_row(path):
    assert not rows_for(path)


def test_tests_and_examples_promise_nothing():
    assert {row.area.value for row in rows_for("tests/pyproject.toml")} == {"targeted"}
    assert not rows_for("tests/README.md")
    assert "claimed" not in {row.area.value for row in rows_for("examples/a/pyproject.toml")}
    assert [row.id for row in rows_for("examples/a/Dockerfile")]


def test_of_very_many_modules_those_nearest_to_the_root_are_looked_into(monkeypatch):
    monkeypatch.setattr(files, "MODULES", 2)
    paths = ["a/b/c.py", "a/b.py", "c.py", "a/b/noxfile.py"]
    assert sorted(candidates(paths)) == ["a/b.py", "a/b/noxfile.py", "c.py"]


@pytest.mark.parametrize(
    ("attributes", "path", "is_left_out"),
    [
        ("*.md linguist-generated", "a/b.md", True),
        ("docs/*.md linguist-generated=true", "docs/b.md", True),
        ("docs/*.md linguist-generated=true", "docs/a/b.md", False),
        ("docs/** linguist-vendored", "docs/a/b.md", True),
        ("**/gen/*.md text linguist-generated", "a/gen/b.md", True),
        ("/b.md linguist-generated", "a/b.md", False),
        ("*.md linguist-generated=false", "b.md", False),
        ("*.md -linguist-generated", "b.md", False),
        ("# *.md linguist-generated", "b.md", False),
        ("*.md text eol=lf", "b.md", False),
    ],
)
def test_what_git_calls_generated_or_vendored_is_left_alone(tmp_path, attributes, path, is_left_out):
    (tmp_path / ".gitattributes").write_text(attributes + "\n")
    assert (list(candidates([path], tmp_path)) == []) is is_left_out


def test_a_repository_without_attributes_leaves_nothing_out(tmp_path):
    assert list(candidates(["b.md"], tmp_path)) == ["b.md"]


def test_a_file_is_read(tmp_path):
    (tmp_path / "a").write_bytes(b"python 3.9\r\n")
    assert read(tmp_path, "a") == b"python 3.9\r\n"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\0\1\2", "is binary"),
        ("3.9".encode("utf-16"), "is no text in UTF-8"),
        (b" " * (LARGEST + 1), "is larger than 1 MiB"),
    ],
)
def test_what_is_no_text_is_left_alone(tmp_path, content, reason):
    (tmp_path / "a").write_bytes(content)
    assert read(tmp_path, "a") == Unread("a", reason)


def test_a_missing_file_is_left_alone(tmp_path):
    assert read(tmp_path, "a") == Unread("a", "cannot be read: No such file or directory")


def test_links_are_not_followed(tmp_path):
    (tmp_path / "b").write_text("3.9")
    for name, target in (("to-file", "b"), ("loop", "loop"), ("dangling", "nowhere"), ("outside", "/etc/hostname")):
        os.symlink(target, tmp_path / name)
        assert read(tmp_path, name) == Unread(name, "is a symbolic link")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "Dockerfile")
    assert read(tmp_path, "Dockerfile") == Unread("Dockerfile", "is no regular file")
