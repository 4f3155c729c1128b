import configparser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.errors import MalformedFileError
from bootstrap.syntax import ini
from bootstrap.syntax.tree import Scalar, Series, Table, walk

TOX = """\
[tox]
envlist =
    py38
    # the newest
    py39, py310  # not a comment
    ; nor the last

    lint
[gh-actions]
python =
  3.8: py38
  3.9: py39

[testenv:docs]
BasePython = python3.9
deps= sphinx
  furo
flag
empty =
"""


def texts(data):
    """Return the text of every scalar by its path, and check that each is where it says it is."""
    found = {}
    for path, node in walk(ini.read(data) or Table(0, 0, ())):
        if len(path) == 2:
            # the last of equal options counts
            found = {known: text for known, text in found.items() if known[:2] != path}
        if isinstance(node, Scalar):
            assert data[node.start : node.end].decode("latin-1") == node.text
            assert (node.outer_start, node.outer_end, node.quote) == (node.start, node.end, "")
            found[path] = node.text
    return found


def loaded(data):
    """Return the same from the other reader."""
    found = {}
    for section, options in ini.load(data).items():
        for option, value in options.items():
            if isinstance(value, list):
                found |= {(section, option, index): line for index, line in enumerate(value)}
            else:
                found[section, option] = value or ""
    return found


def as_bytes_are(found, codec="utf-8"):
    return {path: text.encode(codec).decode("latin-1") for path, text in found.items()}


def test_lines_options_and_sections_are_found():
    assert texts(TOX.encode()) == {
        ("tox", "envlist", 0): "py38",
        ("tox", "envlist", 1): "py39, py310  # not a comment",
        ("tox", "envlist", 2): "lint",
        ("gh-actions", "python", 0): "3.8: py38",
        ("gh-actions", "python", 1): "3.9: py39",
        ("testenv:docs", "basepython"): "python3.9",
        ("testenv:docs", "deps", 0): "sphinx",
        ("testenv:docs", "deps", 1): "furo",
        ("testenv:docs", "flag"): "",
        ("testenv:docs", "empty"): "",
    }


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text.rstrip("\n"),
        lambda text: "# naïve\n" + text.replace("sphinx", "sphinx-ñandú"),
        lambda text: text.replace("    py38", "\tpy38"),
    ],
)
def test_both_readers_agree_however_the_file_is_stored(change):
    data = change(TOX).encode()
    assert texts(data) == as_bytes_are(loaded(data))
    assert ini.load(data)["tox"]["envlist"][2] == "lint"
    assert ini.load(data)["testenv:docs"]["flag"] is None
    assert ini.load(data)["testenv:docs"]["empty"] == ""


def test_a_section_and_an_option_know_where_they_begin_and_end():
    data = b"\n[a b] ; c\nX Y : 1\n\n  2\n[c]\n"
    root = ini.read(data)
    section, empty = root.members
    (option,) = section.value.members
    assert (section.name, data[section.key.start : section.key.end]) == ("a b", b"a b")
    assert data[section.start : section.end] == b"[a b] ; c\nX Y : 1\n\n  2"
    assert (option.name, option.key.text) == ("x y", "X Y")
    assert data[option.start : option.end] == b"X Y : 1\n\n  2"
    assert isinstance(option.value, Series)
    assert not option.value.is_flow
    assert data[option.value.start : option.value.end] == b"1\n\n  2"
    assert data[empty.value.start : empty.value.end] == b"[c]"
    assert data[root.start : root.end] == data.strip()


def test_the_value_of_an_option_is_where_something_could_be_put():
    data = b"[a]\nx =\ny"
    members = ini.read(data).members[0].value.members
    assert [(member.value.start, member.value.end) for member in members] == [(7, 7), (9, 9)]


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\n# nothing\r\n; here\n"])
def test_a_file_without_sections_is_empty(data):
    assert ini.read(data) is None
    assert ini.load(data) == {}


def test_what_is_written_twice_is_there_twice_and_the_last_counts():
    data = b"[a]\nx = 1\nx = 2\n[b]\n[a]\ny = 3\n"
    scalars = [(path, node.text) for path, node in walk(ini.read(data)) if isinstance(node, Scalar)]
    assert scalars == [(("a", "x"), "1"), (("a", "x"), "2"), (("a", "y"), "3")]
    assert ini.load(data) == {"a": {"x": "2", "y": "3"}, "b": {}}


def test_defaults_are_a_section_like_any_other():
    data = b"[DEFAULT]\nx = 1\n[a]\ny = %(x)s\n"
    assert ini.load(data) == {"DEFAULT": {"x": "1"}, "a": {"y": "%(x)s"}}
    assert texts(data) == loaded(data)


def test_a_blank_of_another_encoding_is_no_blank():
    """In UTF-8, à ends with the byte that is a no-break space in Latin-1."""
    data = "[a]\nx = voilà\ny =\n  déjà\n".encode()
    assert ini.load(data) == {"a": {"x": "voilà", "y": ["déjà"]}}
    assert texts(data) == as_bytes_are(loaded(data))
    latin = "[a]\nx = voil\xe0\xa0 \n".encode("latin-1")
    assert texts(latin) == as_bytes_are(loaded(latin), "latin-1") == {("a", "x"): "voil\xe0"}


def test_a_header_that_is_indented_further_continues_the_option():
    data = b"[a]\nx = 1\n  [b]\n"
    assert texts(data) == loaded(data) == {("a", "x", 0): "1", ("a", "x", 1): "[b]"}


@pytest.mark.parametrize(
    ("data", "line", "column", "reason"),
    [
        (b"\n  x = 1\n[a]\n", 2, 3, "before the first section"),
        (b"[a]\n= 1\n", 2, 1, "has no name"),
        (b"[a]\nx\n  1\n", 3, 3, "no value"),
        (b"[a]\nx = 1\0\n", None, None, "not a text file"),
        ("[a]\nx = 1\n".encode("utf-16"), None, None, "not a text file"),
    ],
)
def test_what_is_malformed_is_refused_with_its_place(data, line, column, reason):
    with pytest.raises(MalformedFileError) as caught:
        ini.read(data, "tox.ini")
    assert reason in caught.value.message
    assert (caught.value.path, caught.value.line, caught.value.column) == ("tox.ini", line, column)
    with pytest.raises(MalformedFileError) as caught:
        ini.load(data, "tox.ini")
    assert caught.value.path == "tox.ini"
    assert caught.value.line in (line, None)


LINES = st.lists(
    st.sampled_from(
        [
            *("[a]", "[b ]", "  [c]", "[]", "[d]]"),
            *("x = 1", "Y:2", " z=", "x", "é = à", "= 3", "x = 1 ; 2", "'x' = \"3.9\"", "x = = :"),
            *("    3.8", "    a = b", "\u00a0\u00a0 n", "\x1f q", "  è\u00a0"),
            *("# c", "  ; c", "", "   ", "\t"),
        ]
    ),
    max_size=12,
)


@given(lines=LINES, end=st.sampled_from(["\n", "\r\n"]))
def test_both_readers_agree_on_any_lines(lines, end):
    data = end.join(lines).encode()
    try:
        expected = loaded(data)
    except MalformedFileError:
        with pytest.raises(MalformedFileError):
            ini.read(data)
    else:
        assert texts(data) == as_bytes_are(expected)


@given(lines=LINES)
def test_the_second_reader_says_what_configparser_says(lines):
    parser = configparser.RawConfigParser(strict=False, interpolation=None, allow_no_value=True, default_section="")
    text = "\n".join(lines)
    try:
        parser.read_string(text)
    except (configparser.Error, AttributeError):
        with pytest.raises(MalformedFileError):
            ini.load(text.encode())
    else:
        expected = {
            (section, option): value.split() if value else value
            for section in parser
            for option, value in parser[section].items()
        }
        found = {
            (section, option): " ".join(value).split() if value else value
            for section, options in ini.load(text.encode()).items()
            for option, value in options.items()
            for value in [[value] if isinstance(value, str) and value else value]
        }
        assert found == expected


def test_many_blanks_take_no_more_time_than_their_number():
    """A pattern that tries every way to divide them would not come to an end."""
    data = b"[a]\nx" + b" " * 1_000_000 + b"y\n" + b"z =" + b" " * 1_000_000 + b"1\n"
    assert list(texts(data).values()) == ["", "1"]
    assert texts(data) == loaded(data)
