"""Every way to write a Python version, and to write another one in the same way."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.sites.spelling import Token, respell, tokens

MINORS = st.tuples(st.just(3), st.integers(5, 29))


def read(text):
    """Return what is read: minor, text, name, micro, stage, form."""
    return [(t.minor, t.text, t.name, t.micro, t.stage, t.form) for t in tokens(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3.8", ((3, 8), "3.8", "", "", "", "dotted")),
        ("3.10", ((3, 10), "3.10", "", "", "", "dotted")),
        ("3.8.16", ((3, 8), "3.8.16", "", ".16", "", "dotted")),
        ("3.8.x", ((3, 8), "3.8.x", "", ".x", "", "dotted")),
        ("3.8.*", ((3, 8), "3.8.*", "", ".*", "", "dotted")),
        ("v3.9", ((3, 9), "3.9", "", "", "", "dotted")),
        ("3.13t", ((3, 13), "3.13", "", "", "t", "dotted")),
        ("3.14t-dev", ((3, 14), "3.14", "", "", "t-dev", "dotted")),
        ("3.15-dev", ((3, 15), "3.15", "", "", "-dev", "dotted")),
        ("3.14rc1", ((3, 14), "3.14", "", "", "rc1", "dotted")),
        ("3.14.0b2", ((3, 14), "3.14.0", "", ".0", "b2", "dotted")),
        ("3.15.0-alpha.1", ((3, 15), "3.15.0", "", ".0", "-alpha.1", "dotted")),
        ("py38", ((3, 8), "38", "py", "", "", "glued")),
        ("cp310", ((3, 10), "310", "cp", "", "", "glued")),
        ("cp313t", ((3, 13), "313", "cp", "", "t", "glued")),
        ("pp310", ((3, 10), "310", "pp", "", "", "glued")),
        ("abi3-py39", ((3, 9), "39", "py", "", "", "glued")),
        ("Python312:", ((3, 12), "312", "Python", "", "", "glued")),
        ("PYTHON_VERSION_39", ((3, 9), "39", "PYTHON", "", "", "glued")),
        ("C:\\Python38", ((3, 8), "38", "Python", "", "", "glued")),
        ("python3.9", ((3, 9), "3.9", "python", "", "", "dotted")),
        ("Python 3.8", ((3, 8), "3.8", "Python", "", "", "dotted")),
        ("python==3.9", ((3, 9), "3.9", "python", "", "", "dotted")),
        ("python@3.10", ((3, 10), "3.10", "python", "", "", "dotted")),
        ("python:3.12-slim", ((3, 12), "3.12", "python", "", "", "dotted")),
        ("pypy-3.9", ((3, 9), "3.9", "pypy", "", "", "dotted")),
        ("lib/python3.12/site-packages", ((3, 12), "3.12", "python", "", "", "dotted")),
        ("libpython3.12", ((3, 12), "3.12", "python", "", "", "dotted")),
        ("PYTHON_3_8", ((3, 8), "3_8", "python", "", "", "apart")),
        ("python-3-8", ((3, 8), "3-8", "python", "", "", "apart")),
        ("(3, 8)", ((3, 8), "3, 8", "", "", "", "tuple")),
        ("( 3,8, 1)", ((3, 8), "3,8, 1", "", ".1", "", "tuple")),
        ("(3, 8, 'final')", ((3, 8), "3, 8", "", "", "", "tuple")),
        ("python-%3E%3D3.8-blue", ((3, 8), "3.8", "", "", "", "dotted")),
        # Debian's packages with the headers, and no builds of the branch
        ("python3.8-dev", ((3, 8), "3.8", "python", "", "", "dotted")),
    ],
)
def test_a_spelling_is_read(text, expected):
    assert read(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "3",
        "3.x", "py3", "python3", "3.2", "2.7", "13.8", "1.3.8", "3.100", "3.8.1.2", "10.3.9.1", "v23.10", "happy38",
        "numpy_3_8", "py38x", "cp37m", "3.9MB", "3.8GB", "py385.2", "(13, 8)", "(3, 4)", "3.13to", "",
    ],
)  # fmt: skip
def test_other_numbers_are_no_versions(text):
    assert read(text) == []


def test_versions_in_an_address_are_told_from_its_escapes():
    text = "badge/python-3.8%20%7C%203.9%20|%203.10%2C3.11-blue"
    assert [token.text for token in tokens(text)] == ["3.8", "3.9", "3.10", "3.11"]


def test_only_the_span_that_was_asked_for_is_read():
    assert [token.text for token in tokens("3.8 3.9 3.10", 4, 7)] == ["3.9"]


@pytest.mark.parametrize(
    ("text", "implementation", "is_plain"),
    [
        ("3.13", "cpython", True),
        ("cp313", "cpython", True),
        ("3.13t", "cpython", False),
        ("3.15-dev", "cpython", False),
        ("pypy3.10", "pypy", False),
        ("PP310", "pypy", False),
        ("graalpy-3.11", "graalpy", False),
    ],
)
def test_what_is_no_plain_release_is_known(text, implementation, is_plain):
    (token,) = tokens(text)
    assert (token.implementation, token.is_plain) == (implementation, is_plain)


@pytest.mark.parametrize(("text", "is_named"), [("3.8", False), ("py38", True), ("(3, 8)", True), ("PY_3_8", True)])
def test_what_can_only_be_a_python_is_known(text, is_named):
    (token,) = tokens(text)
    assert token.is_named is is_named


@pytest.mark.parametrize(
    ("before", "to", "after"),
    [
        ("3.8", (3, 10), "3.10"),
        ("3.8.x", (3, 10), "3.10.x"),
        ("3.8.*", (3, 10), "3.10.*"),
        ("py39", (3, 10), "py310"),
        ("cp313t", (3, 14), "cp314t"),
        ("PYTHON_3_9", (3, 10), "PYTHON_3_10"),
        ("python-3-9", (3, 10), "python-3-10"),
        ("(3, 8)", (3, 10), "(3, 10)"),
        ("(3,8)", (3, 10), "(3,10)"),
        ("(3, 8, 1)", (3, 10), "(3, 10)"),
        ("3.13-dev", (3, 14), "3.14-dev"),
    ],
)
def test_another_version_is_written_in_the_same_way(before, to, after):
    (token,) = tokens(before)
    assert before[: token.start] + respell(token, to) + before[token.end :] == after


def test_a_version_inside_of_braces_is_written_without_its_three():
    assert respell(Token(5, 6, "8", (3, 8), "py", form="minor"), (3, 12)) == "12"


@pytest.mark.parametrize(
    ("text", "options", "after"),
    [
        ("3.8.16", {"micro": "4"}, "3.12.4"),
        ("3.8.16", {"floor": True}, "3.12"),
        ("3.8.0", {"floor": True}, "3.12.0"),
        ("3.8.x", {"floor": True, "micro": "4"}, "3.12.x"),
        ("3.8", {"micro": "4"}, "3.12"),
    ],
)
def test_a_patch_level_stays_one_but_not_in_a_floor(text, options, after):
    (token,) = tokens(text)
    assert respell(token, (3, 12), **options) == after


def test_the_newest_patch_that_is_known_stands_in():
    (token,) = tokens("3.8.16")
    assert re.fullmatch(r"3\.12\.[0-9]+", respell(token, (3, 12)))
    assert respell(token, (3, 16)) == "3.16"  # nothing is released


FORMS = st.sampled_from(
    ["3.{}", "python3.{}", "Python 3.{}", "py3{}", "cp3{}t", "PYTHON_3_{}", "(3, {})", "v3.{}", "3.{}.x", "3.{}-dev"]
)


@given(FORMS, MINORS, MINORS)
def test_there_and_back_gives_the_same_bytes(form, old, new):
    before = form.format(old[1])
    (token,) = tokens(before)
    after = before[: token.start] + respell(token, new) + before[token.end :]
    (moved,) = tokens(after)
    assert moved.minor == new
    assert after[: moved.start] + respell(moved, old) + after[moved.end :] == before


@given(st.text(alphabet="3.8910pytcho -_(,)%20vx", max_size=40))
def test_tokens_stand_where_they_say_in_order_and_apart(text):
    end = 0
    for token in tokens(text):
        assert end <= token.start < token.end <= token.tail <= len(text)
        assert text[token.start : token.end] == token.text
        end = token.end
