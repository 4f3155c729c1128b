"""Rows and bytes to sites: spans, precedence, what is refused, what is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rewriting import check_rewrite, found

from bootstrap.errors import MalformedFileError
from bootstrap.sites import spelling
from bootstrap.sites.locate import is_ignored, locate

CI = ".github/workflows/ci.yml"


def test_a_site_knows_its_line_column_and_value():
    text = "# größer\nname: ü\njobs:\n  a:\n    steps:\n      - with: {x: 'ü', python-version: '3.9'}\n"
    (site,) = locate(CI, text.encode())
    assert (site.line, site.column, site.value) == (6, 41, "3.9")
    assert site.id == "github.python-version:.github/workflows/ci.yml:6"


def test_the_first_row_that_fits_has_the_place():
    assert [kind for kind, _, _ in found("pyproject.toml", '[tool.poetry.dependencies]\npython = "^3.8"\n')] == [
        "poetry.python"
    ]


def test_sites_come_in_the_order_of_the_file():
    text = "on: push\n# needs Python 3.8+\njobs:\n  a:\n    container: python:3.9\n    steps:\n      - run: python3.9\n"
    assert [line for _, line, _ in found(CI, text)] == [2, 5, 7]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (CI, "jobs: {a: [3.9}\n"),
        (CI, "jobs:\n  a:\n    {% if x %}\n    container: python:3.9\n    {% endif %}\n"),
        (CI, "{{ header }}: python3.9\n\tx: [\n"),
        ("Dockerfile", "{% if x %}\nFROM python:3.9\n{% endif %}\n"),
        ("pyproject.toml", '[project]\nrequires-python = ">=3.9\n'),
        ("pyrightconfig.json", '{"pythonVersion": "3.9",,}\n'),
        ("tox.ini", "envlist = py39\n"),
        ("setup.py", "print 'Python 3.9'\n"),
        (CI, "jobs: {a: python3.9, b: größer}\n".encode("latin-1")),
        (".python-version", b"3.9\0\n"),
    ],
)
def test_what_cannot_be_understood_is_refused(path, text):
    with pytest.raises(MalformedFileError) as caught:
        locate(path, text if isinstance(text, bytes) else text.encode())
    assert caught.value.remedy


def test_what_names_no_version_is_not_even_parsed():
    assert locate("tox.ini", b"this is [no ini\n") == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".python-version", "3.9  # devstrap: ignore\n"),
        (CI, "jobs:\n  a:\n    container: python:3.9  # devstrap: ignore\n"),
        ("README.md", "Needs Python 3.8. <!-- devstrap: ignore -->\n"),
    ],
)
def test_a_line_can_ask_to_be_left_alone(path, text):
    assert all(is_ignored(site) for site in locate(path, text.encode()))
    assert not any(is_ignored(site) for site in locate(path, text.replace("devstrap: ignore", "").encode()))


def test_a_digest_locks_its_image():
    (site,) = locate("Dockerfile", b"FROM python:3.9@sha256:" + b"0" * 64 + b"\n")
    assert "digest" in site.locked


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_what_is_not_ascii_stays_as_it_is(newline):
    text = f"# žluťoučký{newline}jobs:{newline}  a:{newline}    container: python:3.9  # 日本{newline}"
    check_rewrite(CI, text.replace("\r\n", "\n"), text.replace("\r\n", "\n").replace("3.9", "3.10"))


def test_aliases_of_yaml_are_written_once():
    check_rewrite(
        CI,
        "env:\n  PYTHON: &py '3.9'\njobs:\n  a:\n    steps:\n      - with: {python-version: *py}\n",
        "env:\n  PYTHON: &py '3.10'\njobs:\n  a:\n    steps:\n      - with: {python-version: *py}\n",
    )


WORDS = (
    "python",
    "py",
    "3",
    "3.8",
    "38",
    "(3, 9)",
    "3_8",
    "-",
    " ",
    "\n",
    ".",
    "t",
    "rc1",
    "x" * 60,
    "pypy",
    "cp310",
    "=",
    "%20",
)


@given(st.lists(st.sampled_from(WORDS)).map("".join))
def test_to_look_near_a_three_finds_all_that_there_is(text):
    everywhere = [match.span() for match in spelling._TOKEN.finditer(text)]
    near = [
        match.span()
        for first, last in spelling._near_threes(text, 0, len(text))
        for match in spelling._TOKEN.finditer(text, first, last)
    ]
    assert near == everywhere


def test_a_comment_on_the_line_above_asks_as_well():
    text = "# devstrap: ignore\nFROM python:3.8\n\nFROM python:3.9\n"
    assert [is_ignored(site) for site in locate("Dockerfile", text.encode())] == [True, False]


def test_what_is_said_to_the_line_above_is_not_meant_for_the_next():
    text = "jobs:\n  a:\n    python-version: 3.8  # devstrap: ignore\n    python: 3.9\n"
    assert [is_ignored(site) for site in locate(".github/workflows/a.yml", text.encode())] == [True, False]
