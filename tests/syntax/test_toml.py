import json
import math
import tomllib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bootstrap.errors import MalformedFileError
from bootstrap.syntax import toml
from bootstrap.syntax.tree import Scalar, Series, walk

BOM = b"\xef\xbb\xbf"


def scalars(data):
    """Return what stands at the path of every scalar, sliced from the document."""
    tree = toml.read(data)
    return {path: data[node.start : node.end] for path, node in walk(tree) if isinstance(node, Scalar)}


def node_at(data, *path):
    return dict(walk(toml.read(data)))[path]


def span(data, *path):
    node = node_at(data, *path)
    return data[node.start : node.end]


def value_at(value, path):
    for step in path:
        value = value[step]
    return value


# ---- read -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "content", "quote"),
    [
        ("3.10", "3.10", "#"),
        ("-1_0  # c", "-1_0", "#"),
        ("inf", "inf", "#"),
        ("true", "true", ""),
        ("1979-05-27T07:32:00Z", "1979-05-27T07:32:00Z", ""),
        ('">=3.10" # c', ">=3.10", '"'),
        ("'3.10'", "3.10", "'"),
        ('""', "", '"'),
        ("''", "", "'"),
        ('"\\u00e9\\""', '\\u00e9\\"', '"'),
        ('"""\nx\n"y"\n"""', '\nx\n"y"\n', '"""'),
        ("'''x'''", "x", "'''"),
        ('""""x"""""', '"x""', '"""'),
        ('""""""', "", '"""'),
    ],
)
def test_a_scalar_has_its_span(text, content, quote):
    for newline in ("\n", "\r\n"):
        for start in (b"", BOM):
            for end in ("\nb = 1\n", "\nb = 1", ""):
                data = start + f'"é" = "ü"\na = {text}{end}'.replace("\n", newline).encode()
                inner = content.replace("\n", newline).encode()
                node = node_at(data, "a")
                assert (data[node.start : node.end], node.text, node.quote) == (inner, inner.decode("latin-1"), quote)
                marks = "" if quote == "#" else quote
                assert data[node.outer_start : node.outer_end] == f"{marks}{inner.decode()}{marks}".encode()
                assert scalars(data).get(("b",)) == (b"1" if end else None)


def test_tables_dotted_keys_and_lists_of_tables_are_one_tree():
    data = b"""\
top = 1
a.b."c d" = "x"
a.e = 2

[tool.one]  # c
k = true

[[list]]
n = 1
[[list]]
n = 2
[list.sub]
q = 3
[[list.deep]]
z = 4
[[list.deep]]

[tool]
two.x = 5
[ "a.b" . y ]
"""
    assert scalars(data) == {
        ("top",): b"1",
        ("a", "b", "c d"): b"x",
        ("a", "e"): b"2",
        ("tool", "one", "k"): b"true",
        ("tool", "two", "x"): b"5",
        ("list", 0, "n"): b"1",
        ("list", 1, "n"): b"2",
        ("list", 1, "sub", "q"): b"3",
        ("list", 1, "deep", 0, "z"): b"4",
    }
    assert span(data, "tool", "one") == b"[tool.one]  # c\nk = true"
    assert span(data, "tool") == b"[tool]\ntwo.x = 5"
    assert span(data, "list", 1) == b"[[list]]\nn = 2"
    assert span(data, "list") == b"[[list]]\nn = 1\n[[list]]\nn = 2"
    assert span(data, "a", "b") == b'a.b."c d" = "x"'
    assert span(data, "a.b", "y") == b'[ "a.b" . y ]'
    assert not node_at(data, "list").is_flow
    assert toml.load(data) == tomllib.loads(data.decode())


def test_lists_and_inline_tables_have_their_brackets():
    data = b'a = [ "3.8", [1], # c\n  {x = 1, y.z = "s"},\n]\nb = {}\nc = []\n'
    assert scalars(data) == {("a", 0): b"3.8", ("a", 1, 0): b"1", ("a", 2, "x"): b"1", ("a", 2, "y", "z"): b"s"}
    assert span(data, "a") == b'[ "3.8", [1], # c\n  {x = 1, y.z = "s"},\n]'
    assert span(data, "a", 2) == b'{x = 1, y.z = "s"}'
    assert span(data, "a", 2, "y") == b'y.z = "s"'
    assert [node_at(data, *path).is_flow for path in (("a",), ("a", 2), ("a", 2, "y"), ("b",))] == [
        True,
        True,
        False,
        True,
    ]
    assert toml.load(data) == {"a": ["3.8", [1], {"x": 1, "y": {"z": "s"}}], "b": {}, "c": []}


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("a-b", "a-b"),
        ("3", "3"),
        ('"é"', "é"),
        ("'a\\b'", "a\\b"),
        ('"a\\tb\\u00e9\\U0001F40D\\"\\\\"', 'a\tbé🐍"\\'),
        ('""', ""),
    ],
)
def test_a_key_has_the_same_name_in_tree_and_data(key, name):
    for text in (f"{key} = 1\n", f"[{key}]\n", f"[[{key}]]\n"):
        assert list(toml.load(text.encode())) == [name]
        (member,) = toml.read(text.encode()).members
        assert member.name == name
        assert text.encode()[member.key.outer_start : member.key.outer_end] == key.encode()


def test_a_member_is_its_key_with_its_value():
    data = b"\xef\xbb\xbf'a' . b = 1 # c\r\n[c] # d\r\ne = 'x'\r\n"
    (first, table) = toml.read(data).members
    assert data[first.start : first.end] == b"'a' . b = 1"
    assert data[first.value.members[0].start : first.value.members[0].end] == b"'a' . b = 1"
    assert data[first.key.start : first.key.end] == b"a"
    assert data[table.start : table.end] == b"[c] # d\r\ne = 'x'"
    assert data[table.key.start : table.key.end] == b"c"
    assert toml.read(data).start == 3


@pytest.mark.parametrize("text", [b"", b"\n\n", b"# c", BOM, BOM + b"# c\r\n"])
def test_an_empty_document_is_nothing(text):
    assert toml.read(text) is None
    assert toml.load(text) is None


# ---- load -----------------------------------------------------------------------------------------------------------


def test_values_are_plain_data():
    data = b"a = [3.10, 0x1F, inf, true]\nb = 1979-05-27T07:32:00Z\nc = 07:32:00\nd = 1979-05-27\ne = '''\nx'''\n"
    assert toml.load(data) == {
        "a": [3.1, 31, math.inf, True],
        "b": "1979-05-27T07:32:00+00:00",
        "c": "07:32:00",
        "d": "1979-05-27",
        "e": "x",
    }


def test_two_documents_with_what_is_no_number_are_equal():
    data = b"a = nan\nb = [-nan]\n"
    assert toml.load(data) == toml.load(data)


# ---- malformed ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"a = 1\nb = \nc = 2\n", 2),
        (b"a = 1\n\n[b c]\n", 3),
        (b"a = 1\n{% if x %}\nb = 2\n{% endif %}\n", 2),
        (b"a = 'x'\n{{ y }} = 3\n", 2),
        (b"a = 1\nb = 'x\n", 2),
        (b"a = 1 b = 2\n", 1),
        (b"a = 1\r\na = 2\r\n", 2),
        (b"a = 1\n[a]\n", 2),
        (b"a = 1\n[a.b]\n", 2),
        (b"a = {b = 1}\na.c = 2\n", 2),
        (b"[a]\n[a]\n", 2),
        (b"[a]\n[[a]]\n", 2),
        (b"[[a]]\n[a]\n", 2),
        (b"a = [1]\n[[a]]\n", 2),
        (b"a = {b = 1, b = 2}\n", 1),
    ],
)
def test_a_malformed_document_is_refused_with_its_line(text, line):
    for function in (toml.read, toml.load):
        with pytest.raises(MalformedFileError) as caught:
            function(text, "x/pyproject.toml")
        assert caught.value.path == "x/pyproject.toml"
        assert caught.value.remedy
    with pytest.raises(MalformedFileError) as caught:
        toml.read(text)
    assert caught.value.line == line
    assert caught.value.column >= 1


def test_the_other_reader_says_its_reason_and_place():
    with pytest.raises(MalformedFileError, match=r"invalid value$") as caught:
        toml.load(b"a = 1\nb = x\n")
    assert (caught.value.line, caught.value.column) == (2, 5)
    with pytest.raises(MalformedFileError, match=r"invalid value$") as caught:
        toml.load(b"a =")
    assert caught.value.line is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"a = '\0'", "not a text file"),
        ("a = 1\n".encode("utf-16"), "not a text file"),
        (b"a = 1\nb = '\xff'\n", "not UTF-8"),
        (b"a = " + b"[" * 102 + b"]" * 102, "more than 100 levels"),
        (b"a = " + b"[" * 5000 + b"]" * 5000, "more than 100 levels"),
        (b"a = " + b"{b = " * 102 + b"1" + b"}" * 102, "more than 100 levels"),
        (b"[" + b".".join([b"a"] * 102) + b"]\nb = 1", "more than 100 levels"),
        (b'b = 1\na.\'x\'."y\\"" . ' + b".".join([b"a"] * 100_000) + b" = 1", "more than 100 levels"),
    ],
)
def test_what_nobody_writes_is_refused(text, reason):
    for function in (toml.read, toml.load):
        with pytest.raises(MalformedFileError, match=reason):
            function(text)


def test_a_number_of_thousands_of_digits_is_refused():
    with pytest.raises(MalformedFileError, match="too many digits"):
        toml.load(b"a = " + b"1" * 5000)


def test_many_levels_are_read():
    for text in (b"a = " + b"[" * 98 + b"1" + b"]" * 98, b".".join([b"a"] * 99) + b" = 1"):
        assert max(len(path) for path, _ in walk(toml.read(text))) == 99
        assert toml.load(text)


def test_a_large_document_is_read():
    data = b"".join(b"[[a]]\nb = ['x', %d]\n" % number for number in range(20_000))
    assert len(node_at(data, "a").items) == len(toml.load(data)["a"]) == 20_000


# ---- any document ---------------------------------------------------------------------------------------------------

KEYS = st.sampled_from(["a", "b", "requires-python", "3", "é", "a.b", 'q"', ""])
TEXTS = st.sampled_from(["3.10", ">=3.9", "it's", 'q"', "é", " x ", "# c", "one\ntwo", "", "\\"])
VALUES = st.recursive(
    TEXTS | st.integers(-9, 999) | st.booleans() | st.sampled_from([3.1, -0.5, 1e20]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def documents(draw):
    """Write random tables with random headers, comments and quotes; return the data and the text."""

    def quoted(text, *, is_key):
        bare = is_key and text.replace("-", "").isalnum() and text.isascii()
        if bare and draw(st.booleans()):
            return text
        if not set("'\n") & set(text) and draw(st.booleans()):
            return f"'{text}'"
        return json.dumps(text, ensure_ascii=draw(st.booleans()))

    def inline(value):
        space = draw(st.sampled_from(["", " "]))
        if isinstance(value, dict):
            return (
                f"{{{space}{', '.join(f'{quoted(key, is_key=True)} = {inline(one)}' for key, one in value.items())}}}"
            )
        if isinstance(value, list):
            comma, end = draw(st.sampled_from([(", ", ""), (",\n  # c\n  ", ",\n")]))
            return f"[{space}{comma.join(inline(one) for one in value)}{end if value else ''}]"
        return quoted(value, is_key=False) if isinstance(value, str) else json.dumps(value)

    def table(value, keys, lines):
        plain = {key: one for key, one in value.items() if not (isinstance(one, dict) and draw(st.booleans()))}
        comment = draw(st.sampled_from(["", "  # é"]))
        lines += [f"{quoted(key, is_key=True)} = {inline(one)}{comment}" for key, one in plain.items()]
        for key, one in value.items():
            if key not in plain:
                header = ".".join(quoted(part, is_key=True) for part in (*keys, key))
                lines.append(f"[{header}]{comment}")
                table(one, (*keys, key), lines)
        return lines

    value = draw(st.dictionaries(KEYS, VALUES, max_size=4))
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    return value, newline.join(table(value, (), []) + draw(st.sampled_from([[], [""]])))


def says(node, value):
    """Say whether a scalar, as it is written, has this value; escapes aside."""
    text = node.text.encode("latin-1").decode()
    if isinstance(value, str):
        return node.quote == '"' or (node.quote == "'" and text == value)
    if isinstance(value, bool):
        return node.quote == "" and text == str(value).lower()
    return node.quote == "#" and float(text) == value


@settings(max_examples=200, deadline=None)
@given(documents(), st.booleans())
def test_tree_and_data_agree_on_any_document(document, is_marked):
    expected, text = document
    data = (BOM if is_marked else b"") + text.encode()
    tree, loaded = toml.read(data), toml.load(data)
    assert (loaded or {}) == expected
    if tree is None:
        assert loaded is None
        return
    for path, node in walk(tree):
        value = value_at(loaded, path)
        if isinstance(node, Scalar):
            assert data[node.start : node.end].decode("latin-1") == node.text
            assert says(node, value)
        else:
            assert len(value) == len(node.items if isinstance(node, Series) else node.members)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=40) | st.text(st.sampled_from("ab=.[]{},\"'# \n\r\t10é-"), max_size=40).map(str.encode))
def test_any_bytes_are_read_or_refused(data):
    with suppress(MalformedFileError):
        toml.load(data)
    with suppress(MalformedFileError):
        tree = toml.read(data)
        assert tree is None or 0 <= tree.start <= tree.end <= len(data)
