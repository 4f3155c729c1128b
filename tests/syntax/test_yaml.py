import math
from contextlib import suppress

import pytest
import yaml as pyyaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bootstrap.errors import MalformedFileError
from bootstrap.syntax import yaml
from bootstrap.syntax.tree import Scalar, Series, Table, walk

BOM = b"\xef\xbb\xbf"


def scalars(data):
    """Return what stands at the path of every scalar, sliced from the document."""
    tree = yaml.read(data)
    return {path: data[node.start : node.end] for path, node in walk(tree) if isinstance(node, Scalar)}


def node_at(data, *path):
    return dict(walk(yaml.read(data)))[path]


def outer(data, *path):
    node = node_at(data, *path)
    return data[node.outer_start : node.outer_end]


def value_at(value, path):
    for step in path:
        value = value[step]
    return value


# ---- read -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "content", "with_quotes", "quote"),
    [
        ("3.10", "3.10", "3.10", ""),
        ("3.10 # c", "3.10", "3.10", ""),
        ("'3.10'", "3.10", "'3.10'", "'"),
        ('"3.10"  # c', "3.10", '"3.10"', '"'),
        ("'it''s'", "it''s", "'it''s'", "'"),
        ('"\\u00e9"', "\\u00e9", '"\\u00e9"', '"'),
        ('""', "", '""', '"'),
        ("&x 3.10", "3.10", "3.10", ""),
        ("!!str 3.10", "3.10", "3.10", ""),
        ("*y", "*y", "*y", ""),
        ("${{ matrix.x }}", "${{ matrix.x }}", "${{ matrix.x }}", ""),
        ("one\n  two", "one\n  two", "one\n  two", ""),
        ("|\n  one\n\n    two\n", "  one\n\n    two", "|\n  one\n\n    two", "|"),
        (">-  # c\n  one\n  # no comment\n", "  one\n  # no comment", ">-  # c\n  one\n  # no comment", ">"),
        ("|", "", "|", "|"),
        ("", "", "", ""),
        (" # c", "", "", ""),
        ("&x", "", "", ""),
    ],
)
def test_a_scalar_has_its_span(text, content, with_quotes, quote):
    before, after = "é: ü\ny: &y 1\na: ", "\nb: 1\n"
    for newline in ("\n", "\r\n"):
        for start in (b"", BOM):
            changed = [part.replace("\n", newline) for part in (before + text + after, content, with_quotes)]
            data, inner, whole = changed[0].encode(), changed[1].encode(), changed[2].encode()
            node = node_at(start + data, "a")
            assert (scalars(start + data)[("a",)], outer(start + data, "a")) == (inner, whole)
            assert (node.quote, node.text) == (quote, inner.decode("latin-1"))
            assert scalars(start + data)[("b",)] == b"1"


@pytest.mark.parametrize(
    "text", [b"a: 3.10", b"a:   3.10   ", b"---\na: 3.10\n...\n", b"{a: 3.10}", b'"a" : 3.10', b"a: 3.10\r\n"]
)
def test_the_end_of_the_document_may_be_any(text):
    assert scalars(text) == {("a",): b"3.10"}


def test_a_block_at_the_end_of_the_document_ends_with_its_text():
    assert scalars(b"a: |\n  x\n  y") == scalars(b"a: |\n  x\n  y\n") == {("a",): b"  x\n  y"}
    assert scalars(b"a: >\r\n  x\r\n  y\r\n") == {("a",): b"  x\r\n  y"}


@pytest.mark.parametrize(
    ("block", "content"),
    [
        ("|\n      x\n\n      y\n    # c", "      x\n\n      y"),
        ("|\n      x\n    # c\n      # d", "      x"),
        ("|\n      # x\n        y", "      # x\n        y"),
        ("|2\n      x\n    # y\n   # c", "      x\n    # y"),
        (">-2\n      x\n    y\n\n   # c", "      x\n    y"),
    ],
)
def test_a_comment_after_a_block_is_not_its_text(block, content):
    for end in ("", "\n", "\n\n  b: 1\n"):
        for newline in ("\n", "\r\n"):
            data = f"a:\n  run: {block}{end}".replace("\n", newline).encode()
            assert scalars(data)[("a", "run")] == content.replace("\n", newline).encode()


def test_a_mapping_in_a_list_begins_at_its_first_key():
    data = b"steps:\n  - uses: x  # c\n    with:\n      python-version: '3.9'\n  # c\n  - run: y\n"
    table = node_at(data, "steps", 0)
    assert data[table.start : table.end] == b"uses: x  # c\n    with:\n      python-version: '3.9'"
    series = node_at(data, "steps")
    assert data[series.start : series.end] == data[9:-1]
    assert not table.is_flow
    assert not series.is_flow
    assert scalars(data)[("steps", 0, "with", "python-version")] == b"3.9"
    (uses, inner) = table.members
    assert data[uses.start : uses.end] == b"uses: x"
    assert data[inner.start : inner.end] == b"with:\n      python-version: '3.9'"


def test_lists_in_brackets_have_their_brackets():
    data = b'a: ["3.8", 3.9,\n  # c\n  {b: c, d, "e": }, f: g, ]\n'
    series = node_at(data, "a")
    assert data[series.start : series.end] == data[3:-1]
    assert series.is_flow
    assert node_at(data, "a", 2).is_flow
    assert outer(data, "a", 2) == b'{b: c, d, "e": }'
    assert scalars(data) == {
        ("a", 0): b"3.8",
        ("a", 1): b"3.9",
        ("a", 2, "b"): b"c",
        ("a", 2, "d"): b"",
        ("a", 2, "e"): b"",
        ("a", 3, "f"): b"g",
    }
    assert yaml.load(data) == {"a": ["3.8", 3.9, {"b": "c", "d": None, "e": None}, {"f": "g"}]}


def test_lists_of_lists_and_empty_items_keep_their_places():
    data = b"- - a\n  - b\n-\n- # c\n  - d\n- []\n- {}\n"
    assert scalars(data) == {(0, 0): b"a", (0, 1): b"b", (1,): b"", (2, 0): b"d"}
    assert isinstance(node_at(data, 3), Series)
    assert isinstance(node_at(data, 4), Table)
    assert yaml.load(data) == [["a", "b"], None, ["d"], [], {}]


def test_an_empty_value_stands_right_after_its_colon():
    data = b"a:  # c\nb:\n"
    assert [node_at(data, key).start for key in "ab"] == [2, 10]


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("on", "on"),
        ("3.10", "3.10"),
        ("'it''s'", "it's"),
        ('"a\\tb\\x41\\u00e9\\U0001F40D\\"\\/\\_"', 'a\tbAé🐍"/\xa0'),
        ("é", "é"),
        ("&x a", "a"),
        ("!!str a", "a"),
        ("*y ", "*y"),
        ("? a\n", "a"),
        ("{{ name }}", "{{ name }}"),
        ("[a,  b]", "[a,  b]"),
        ("<<", "<<"),
        ("!!null ", ""),
    ],
)
def test_a_key_has_the_same_name_in_tree_and_data(key, name):
    data = f"y: &y k\n{key}: 1\n".encode()
    assert list(yaml.load(data)) == ["y", name]
    assert [member.name for member in yaml.read(data).members] == ["y", name]


def test_a_key_has_its_span():
    data = b"'a' : 1\n? &x b\n: 2\n&x {c: d}: 3\n"
    members = yaml.read(data).members
    assert [data[one.key.start : one.key.end] for one in members] == [b"a", b"b", b"{c: d}"]
    assert [data[one.start : one.end] for one in members] == [b"'a' : 1", b"? &x b\n: 2", b"&x {c: d}: 3"]


def test_a_tag_of_its_own_is_the_key_of_what_it_tags():
    data = (
        b'%TAG !e! tag:e,2000:\n---\na: !Sub "x"\nb: !Ref\n  k: v\n'
        b"c: !!python/name:m.f\nd: !e!f [1]\ne: !<x> 1\nf: !a%21 1\n"
    )
    expected = {
        "a": {"!Sub": "x"},
        "b": {"!Ref": {"k": "v"}},
        "c": {"!!python/name:m.f": ""},
        "d": {"tag:e,2000:f": [1]},
        "e": {"x": 1},
        "f": {"!a!": 1},
    }
    assert scalars(data) == {
        ("a", "!Sub"): b"x",
        ("b", "!Ref", "k"): b"v",
        ("c", "!!python/name:m.f"): b"",
        ("d", "tag:e,2000:f", 0): b"1",
        ("e", "x"): b"1",
        ("f", "!a!"): b"1",
    }
    loaded = yaml.load(data)
    assert loaded["c"] == {"!!python/name:m.f": None}
    assert {**loaded, "c": expected["c"]} == expected
    assert outer(data, "a") == b'!Sub "x"'


def test_several_documents_are_a_series():
    data = b"# c\n---\na: 1\n---\n# nothing\n---\n- b\n...\n"
    assert scalars(data) == {(0, "a"): b"1", (1,): b"", (2, 0): b"b"}
    assert yaml.load(data) == [{"a": 1}, None, ["b"]]
    assert not yaml.read(data).is_flow


@pytest.mark.parametrize("text", [b"", b"\n \n", b"# c\n", BOM, b"---\n", b"--- # c\n...\n...\n"])
def test_an_empty_document_is_nothing(text):
    assert yaml.read(text) is None
    assert yaml.load(text) is None


# ---- load -----------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["libyaml", "Python alone"])
def _either_loader(request, monkeypatch):
    if request.param == "Python alone":
        monkeypatch.delattr(pyyaml, "CSafeLoader", raising=False)


@pytest.mark.usefixtures("_either_loader")
def test_values_are_what_yaml_1_1_makes_of_them():
    text = """\
    a: [3.10, '3.10', 3.10.1, 010, 1_0, 0x1F, 1:30, on, No, ~, null, "", 2024-01-01, .inf, =, <<]
    b: [!!str 3.10, !!int "3", !!float 3, !!bool 'yes', !!null '', !!seq [1], !!map {a: 1}]
    c: "\\u00e9"
    d: |
      x

        y
    e: >-
      x
      y
    """
    assert yaml.load(text.encode()) == {
        "a": [
            3.1,
            "3.10",
            "3.10.1",
            8,
            10,
            31,
            90,
            True,
            False,
            None,
            None,
            "",
            "2024-01-01",
            math.inf,
            "=",
            "<<",
        ],
        "b": ["3.10", 3, 3.0, True, None, [1], {"a": 1}],
        "c": "é",
        "d": "x\n\n  y\n",
        "e": "x y",
    }


@pytest.mark.usefixtures("_either_loader")
def test_an_alias_is_what_it_stands_for_and_a_merge_key_stays():
    data = b"a: &a {x: &x 1}\nb: *a\nc:\n  <<: *a\n  y: *x\n---\na: &a 2\nb: *a\n"
    assert yaml.load(data) == [{"a": {"x": 1}, "b": {"x": 1}, "c": {"<<": {"x": 1}, "y": 1}}, {"a": 2, "b": 2}]
    assert scalars(data)[(0, "c", "<<")] == b"*a"


@pytest.mark.usefixtures("_either_loader")
def test_a_key_in_braces_is_its_own_text_after_characters_of_several_bytes():
    assert yaml.load("ü🐍: 1\n{{ é }}: {{ x }}\n".encode()) == {"ü🐍": 1, "{{ é }}": {"{ x }": None}}


def test_of_equal_keys_the_last_counts_and_the_tree_has_both():
    assert yaml.load(b"a: 1\na: 2\n") == {"a": 2}
    assert [member.name for member in yaml.read(b"a: 1\na: 2\n").members] == ["a", "a"]


def test_two_documents_with_the_same_oddities_are_equal():
    data = b"a: .nan\nb: [.NaN]\n"
    assert yaml.load(data) == yaml.load(data)


@pytest.mark.parametrize("text", ["1" * 5000, "1" + ":1" * 100_000, "1e" + "9" * 2000, "0b_", "1" + ":59" * 300 + ".5"])
def test_a_number_that_python_cannot_hold_stays_text(text):
    assert yaml.load(f"a: {text}".encode()) == {"a": text}


def test_what_a_tag_asks_for_is_not_done():
    data = b"!!python/object/apply:os.abort []"
    assert yaml.load(data) == {"!!python/object/apply:os.abort": []}
    assert scalars(data) == {}


# ---- malformed ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"a: 1\nb: [1, 2\nc: 3\n", 2),
        (b"a: b: c\n", 1),
        (b"a:\n  b: 1\n\t- c\n", 3),
        (b"a: 1\nb:\n  c: 2\n{% if x %}\n  d: 2\n{% endif %}\n", 4),
        (b"{% set x = 1 %}\na: 1\n", 1),
        ("é: {{ x }}-dev\n".encode(), 1),
        (b"a: 1\n- b\n", 2),
        (b'a: 1\n\nkey: "x\n', 3),
        (b"a: @x\n", 1),
        (BOM + b"a: 'x' y\n", 1),
    ],
)
def test_a_malformed_document_is_refused_with_its_line(text, line):
    for function in (yaml.read, yaml.load):
        with pytest.raises(MalformedFileError) as caught:
            function(text, "x/ci.yml")
        assert caught.value.path == "x/ci.yml"
        assert caught.value.remedy
    with pytest.raises(MalformedFileError) as caught:
        yaml.read(text)
    assert caught.value.line == line
    assert caught.value.column >= 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"a: \0", "not a text file"),
        ("a: 1\n".encode("utf-16"), "not a text file"),
        (b"a: 1\nb: \xff\n", "not UTF-8"),
        (b"[" * 101 + b"]" * 101, "more than 100 levels"),
        (b"- " * 101 + b"a", "more than 100 levels"),
        (b"- " * 5000 + b"a", "more than 100 levels"),
        (b"- " * 5000, "more than 100 levels"),
        (b"a:\n  " + b"- " * 5000 + b"\r\n\r\n", "more than 100 levels"),
        (b"? " * 5000 + b"a", "more than 100 levels"),
        (b"".join(b" " * level + b"a:\n" for level in range(600)), "more than 100 levels"),
        (b"\r".join(b" " * level + b"a:" for level in range(600)), "more than 100 levels"),
        (b"[" * 100 + b"a: b" + b"]" * 100, "more than 100 levels"),
        (b"[a: " * 60 + b"]" * 60, "more than 100 levels"),
    ],
)
def test_what_nobody_writes_is_refused(text, reason):
    for function in (yaml.read, yaml.load):
        with pytest.raises(MalformedFileError, match=reason):
            function(text)


def test_as_many_levels_as_allowed_are_read():
    for text in (b"[" * 100 + b"1" + b"]" * 100, b"- " * 100 + b"1", b"!t [" * 50 + b"]" * 50):
        deepest = max(len(path) for path, _ in walk(yaml.read(text)))
        assert deepest == 100 - (b"!" in text)
        assert yaml.load(text)


def test_far_indented_text_is_not_nesting():
    text = b"a: |\n" + b" " * 150 + b"x\n" + b"-" * 150 + b": 1\n"
    assert scalars(text)[("a",)] == b" " * 150 + b"x"


@pytest.mark.parametrize("text", [b"? |\n  a\n: 1\n", b"? - a\n: 1\n", b"? 'a\n  b'\n: 1\n", b"x: 1\n? a: b\n: 1\n"])
def test_a_key_of_several_lines_is_refused(text):
    assert yaml.load(text)
    with pytest.raises(MalformedFileError, match="key of several lines") as caught:
        yaml.read(text)
    assert caught.value.line in (1, 2)


def test_more_lines_than_the_grammar_can_count_are_refused():
    assert scalars(b"\n" * 32_000 + b"a: 1") == {("a",): b"1"}
    with pytest.raises(MalformedFileError, match="32,767 lines"):
        yaml.read(b"\n" * 40_000 + b"a: 1")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"a: *x\n", "nothing is named x"),
        (b"a: &x [*x]\n", "part of itself"),
        (b"a: &x 1\n---\nb: *x\n", "nothing is named x"),
        (b"a: !!int x\n", "no !!int"),
        (b"a: !!bool x\n", "no !!bool"),
        (b"a: !!int " + b"1" * 5000, "no !!int"),
        (b"a: \x01", "cannot be read"),
        (b"a: \xef\xbf\xbf", "cannot be read"),
    ],
)
@pytest.mark.usefixtures("_either_loader")
def test_what_has_no_value_is_refused(text, reason):
    with pytest.raises(MalformedFileError, match=reason):
        yaml.load(text)


def test_aliases_of_aliases_are_counted():
    lines = [b"a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [b"a%d: &a%d [%s]" % (level, level, b", ".join([b"*a%d" % (level - 1)] * 10)) for level in range(1, 9)]
    with pytest.raises(MalformedFileError, match="100,000 values"):
        yaml.load(b"\n".join(lines))
    lines = [b"a0: &a0 [x]"] + [b"a%d: &a%d [*a%d]" % (level, level, level - 1) for level in range(1, 150)]
    with pytest.raises(MalformedFileError, match="100 levels"):
        yaml.load(b"\n".join(lines))


# ---- any document ---------------------------------------------------------------------------------------------------

KEYS = st.sampled_from(["a", "b", "python-version", "on", "3.10", "é", "it's", 'q"', "<<"])
TEXTS = st.sampled_from(["3.10", "x", "it's", 'q"', "é", " x ", "a: b", "# c", "one\ntwo", "", "*a", "${{ x }}", "no"])
DOCUMENTS = st.recursive(
    TEXTS | st.integers(-9, 999) | st.booleans() | st.none() | st.sampled_from([3.1, 3.9]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def says(node, value):
    """Say whether a scalar, as it is written, has this value; escapes and folding aside."""
    text = node.text.encode("latin-1").decode()
    if isinstance(value, str):
        written = text.replace("''", "'") if node.quote == "'" else text
        return node.quote == '"' or written.split() == value.split()
    return node.quote == "" and (text in ("", "null") if value is None else text == str(value).lower())


@settings(max_examples=200, deadline=None)
@given(
    st.lists(DOCUMENTS, min_size=1, max_size=2),
    st.sampled_from([None, True, False]),
    st.sampled_from([None, "'", '"', "|", ">"]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_tree_and_data_agree_on_any_document(values, flow, style, newline, is_marked):
    text = pyyaml.safe_dump_all(
        values,
        default_flow_style=flow,
        default_style=style,
        line_break=newline,
        allow_unicode=True,
        explicit_start=True,
    )
    data = (BOM if is_marked else b"") + text.encode()
    loaded = yaml.load(data)
    tree = yaml.read(data)
    expected = values if len(values) > 1 else values[0]
    assert loaded == expected
    if tree is None:
        assert expected is None
        return
    for path, node in walk(tree):
        value = value_at(loaded, path)
        if isinstance(node, Scalar):
            assert data[node.start : node.end].decode("latin-1") == node.text
            if style is None:
                assert says(node, value)
        else:
            assert len(value) == len(node.items if isinstance(node, Series) else node.members)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=40) | st.text(st.sampled_from("ab-?:[]{},|>'\"&*!#% \n\r\t.0é"), max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(data):
    with suppress(MalformedFileError):
        yaml.load(data)
    with suppress(MalformedFileError):
        tree = yaml.read(data)
        assert tree is None or 0 <= tree.start <= tree.end <= len(data)


def test_a_large_document_is_read():
    data = b"- a: 1\n  b: [x, 'y']\n" * 15_000
    assert len(yaml.read(data).items) == len(yaml.load(data)) == 15_000
