"""How versions are found in a value, by the kind of value."""

import pytest
from growth import is_linear

from bootstrap.sites import codecs


def said(read, text):
    """Return (kind, versions) of each group."""
    text = text.encode().decode("latin-1")
    return [(group.kind.value, " ".join(t.text for t in group.tokens)) for group in read(text, 0, len(text))]


def test_every_codec_has_a_reading_but_those_for_more_than_a_value():
    assert {codec.value for codec in codecs.Codec} - {codec.value for codec in codecs.CODECS} == {
        "condition",
        "keyed",
        "mapping",
        "sections",
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3.8", [("single", "3.8")]),
        ("3.8.x", [("single", "3.8.x")]),
        ("python-3.8.16", [("single", "3.8.16")]),
        (">=3.8,<4", [("floor", "3.8")]),
        (">=3.8 <3.13", [("floor", "3.8"), ("ceiling", "3.13")]),
        ("3.8 || 3.9", [("list", "3.8 3.9")]),
        ("3.8, 3.9", [("list", "3.8 3.9")]),
        ("${{ matrix.python || '3.12' }}", [("single", "3.12")]),
        ("${{ matrix.python }}", []),
        ("ubuntu-3.8", []),
        ("postgres 3.8", []),
        ("3.8\n" * 600, []),
    ],
)
def test_a_value_is_versions_or_nothing(text, expected):
    assert said(codecs.version, text) == expected


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("py312", ["312"]),
        ("python:3.12-slim", ["3.12"]),
        ("tests-3.12", []),
        ("sys.version_info >= (3, 8)", ["3, 8"]),
        ("figsize=(3, 8)", []),
        ("pip install TA_Lib-0.4.24-cp38-cp38-win_amd64.whl", []),
        ("cp38-manylinux_x86_64", ["38"]),
    ],
)
def test_only_what_can_be_nothing_but_a_python_counts(text, versions):
    found = [token.text for group in codecs.named(text, 0, len(text)) for token in group.tokens]
    assert found == versions


def test_classifiers_are_a_list_with_a_line_each():
    text = "  Programming Language :: Python\n  Programming Language :: Python :: 3.8\n  Framework :: Django :: 3.9\n\n"
    (group,) = codecs.classifier(text, 0, len(text))
    assert [text[item.start : item.end] for item in group.items] == [line.strip() for line in text.splitlines()[:3]]
    assert [token.text for token in group.tokens] == ["3.8"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Programming Language :: Python :: 3.8", [("single", "3.8")]),
        ("Programming Language :: Python :: 3", []),
        ("Programming Language :: Python :: 3.8.1", []),
        ("Framework :: Django :: 3.8", []),
    ],
)
def test_a_classifier_alone_is_read(text, expected):
    assert said(codecs.classifier, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3.8\n", [("single", "3.8")]),
        ("3.8.16  # as deployed, not 3.9\n", [("single", "3.8.16")]),
        ("3.8\n3.9\npypy3.10\n", [("list", "3.8 3.9 3.10")]),
        ("# 3.8\n", []),
    ],
)
def test_lines_are_versions_and_comments(text, expected):
    assert said(codecs.lines, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("python3.8 -m venv .venv", [("single", "3.8")]),
        ("uv run --python 3.8 pytest", [("single", "3.8")]),
        ("uv run --python=3.8 pytest", [("single", "3.8")]),
        ("uv venv -p 3.8", [("single", "3.8")]),
        ("PYTHON_VERSION ?= 3.8", [("single", "3.8")]),
        ('PYTHON_VERSION="3.8"', [("single", "3.8")]),
        ("python: 3.8", [("single", "3.8")]),
        ("pyenv install 3.8.1", [("single", "3.8.1")]),
        ("pyenv install -s 3.8.1", [("single", "3.8.1")]),
        ("uv python install 3.8 3.9", [("list", "3.8 3.9")]),
        ("conda create -n x python=3.8", [("single", "3.8")]),
        ("apt-get install python3.8-dev python3.8-venv", [("single", "3.8"), ("single", "3.8")]),
        ('echo "If you have Python version 3.8 - 3.12, go on."', [("range", "3.8 3.12")]),
        ('echo "Please have python3.8 or newer installed."', [("floor", "3.8")]),
        ("# Exit on lower versions than Python 3.8", [("floor", "3.8")]),
        ("C:\\Python38\\python.exe", [("single", "38")]),
        ("echo 3.8", []),
        ("pip install django==3.8", []),
        ("curl https://raw.githubusercontent.com/python/cpython/3.8/PC/launcher.c", []),
        ("pip install x-0.4.24-cp38-cp38-linux.whl", []),
    ],
)
def test_a_command_says_which_python_it_takes(text, expected):
    assert said(codecs.command, text) == expected


def test_lines_that_differ_by_their_version_are_a_list():
    text = 'A="python3.8" pyenv install 3.8.1\nA="python3.9" pyenv install 3.9.2\nmake\n'
    (group,) = codecs.command(text, 0, len(text))
    assert [text[item.start : item.end] for item in group.items] == text.splitlines()[:2]
    assert [token.minor for token in group.tokens] == [(3, 8), (3, 8), (3, 9), (3, 9)]


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("--py38-plus", ["38"]),
        ("--target-version=py38", ["38"]),
        ("--target-version py38", ["38"]),
        ("--python-version 3.8", ["3.8"]),
        ("--min-py38-version 3.8", ["3.8"]),
        ("py38", ["38"]),
        ("'py38'", ["38"]),
        ("--line-length 3.8", []),
        ("tests/py38", []),
    ],
)
def test_targets_are_read(text, versions):
    assert [token.text for group in codecs.target_args(text, 0, len(text)) for token in group.tokens] == versions


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("python:3.8-slim", ["3.8"]),
        ("ghcr.io/x/base-python:3.8", ["3.8"]),
        ("ghcr.io/astral-sh/uv:python3.8-alpine", ["3.8"]),
        ("ghcr.io/astral-sh/uv:0.4-python3.8", ["3.8"]),
        ("alpine:3.8", []),
        ("postgres:3.9", []),
        ("python:3.8@sha256:3.9", ["3.8"]),
    ],
)
def test_the_tag_of_an_image_is_read(text, versions):
    assert [token.text for group in codecs.image(text, 0, len(text)) for token in group.tokens] == versions


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("python >=3.8", [("floor", "3.8")]),
        ("- python=3.8", [("single", "3.8")]),
        ("python=3.8|3.9", [("list", "3.8 3.9")]),
        ("conda-forge::python >=3.8,<3.13", [("floor", "3.8"), ("ceiling", "3.13")]),
        ("python_abi 3.8", [("single", "3.8")]),
        ("numpy >=3.8", []),
        ("pythonnet 3.8", []),
    ],
)
def test_match_specifications_are_read(text, expected):
    assert said(codecs.conda, text) == expected


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("https://docs.python.org/3.8/", ["3.8"]),
        ("https://docs.python.org/pt-br/3.8/", ["3.8"]),
        ("https://docs.python.org/3/", []),
        ("https://docs.djangoproject.com/en/3.8/", []),
    ],
)
def test_addresses_of_the_documentation_are_read(text, versions):
    assert [token.text for group in codecs.docs_url(text, 0, len(text)) for token in group.tokens] == versions


def test_comments_are_read_as_prose():
    text = "x: 1  # needs Python 3.8+\n# dropped Python 3.7\npython: 3.9\n"
    assert said(codecs.comment, text) == [("floor", "3.8")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("unit-3.9", [("single", "3.9")]),
        ("cp39", [("single", "39")]),
        ("3.12", []),
        ("needs 3.12", []),
        ("alpine:3.12", []),
    ],
)
def test_a_session_is_a_tag(text, expected):
    assert said(codecs.session, text) == expected


CLASSIFIER = "Programming Language :: Python"


def test_classifiers_in_a_document_are_a_list_of_lines():
    text = "\n".join(["```toml", "classifiers = [", *(f"  '{CLASSIFIER} :: 3.{n}'," for n in (8, 9)), "]", "```", ""])
    assert said(codecs.document, text) == [("list", "3.8 3.9")]


def test_a_classifier_that_is_left_in_a_document_is_still_read():
    assert said(codecs.document, "'Programming Language :: Python :: 3.9'\n") == [("single", "3.9")]


def test_a_document_is_prose_for_the_rest():
    assert said(codecs.document, "Needs Python 3.8+.\n") == [("floor", "3.8")]


def test_classifiers_that_stand_apart_are_left_alone():
    apart = "Programming Language :: Python :: 3.8\nand\nProgramming Language :: Python :: 3.9\n"
    assert said(codecs.document, apart) == []
    assert said(codecs.document, "Programming Language :: Python :: 3.8") == []


def test_links_to_the_documentation_go_with_their_names():
    text = "-  `Python 3.8`_\n-  `Python 3.9`_\n\n.. _Python 3.8: https://docs.python.org/3.8/\n.. _Python 3.9: https://docs.python.org/3.9/\n"
    assert said(codecs.document, text) == [("list", "3.8 3.9"), ("list", "3.8 3.8 3.9 3.9")]


@pytest.mark.parametrize(
    "text",
    [
        "```diff\n-    Programming Language :: Python :: 3.6\n-    Programming Language :: Python :: 3.7\n```\n",
        "## Changelog\n\nProgramming Language :: Python :: 3.7\n",
    ],
)
def test_classifiers_that_are_quoted_are_left_alone(text):
    assert said(codecs.document, text) == []


HOSTILE = [
    "python3.8 ", "python3.8\n", "3.8\n", "Programming Language :: Python :: 3.8\n", "${{ ", "${{}} ",
    "--py38-plus ", "# 3.8\n", "# Python 3.8 ", "Python 3.8\n", "docs.python.org/3.8/ ", "python=3.8\n", "a:3.8 ",
    "py" * 16, "pyenv install ", " " * 32, "-p 3.8 ", "'\"", "python:" * 4, "cp38-", "- Python 3.8\n\n", "(3, 8) ",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("codec", sorted(codecs.CODECS, key=lambda codec: codec.value))
def test_reading_takes_time_in_proportion_to_the_length(codec, piece):
    assert is_linear(codecs.CODECS[codec], piece)
