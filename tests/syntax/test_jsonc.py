"""JSON with comments: strings in, strings out, and a property over random documents."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bootstrap.errors import MalformedFileError
from bootstrap.syntax import jsonc
from bootstrap.syntax.tree import Scalar, Series, walk

BOM = b"\xef\xbb\xbf"
UNIONS = {("list",): lambda item: item, ("named",): jsonc.by_key("name")}


def check_merge(before: str, wanted: dict[str, Any], after: str) -> None:
    """Merge as it is written, with CRLF, with a byte order mark, without a final newline, and a second time."""
    for old, new in (
        (before.encode(), after.encode()),
        (before.replace("\n", "\r\n").encode(), after.replace("\n", "\r\n").encode()),
        (BOM + before.encode(), BOM + after.encode()),
        (before.removesuffix("\n").encode(), after.removesuffix("\n").encode()),
    ):
        assert jsonc.merge(old, wanted, unions=UNIONS).text == new
        assert jsonc.merge(new, wanted, unions=UNIONS).text == new


# ---- reading --------------------------------------------------------------------------------------------------------


def test_comments_and_last_commas_are_read_over():
    text = (
        b'\xef\xbb\xbf// first\n{"a": [1, 2,], /* "b": 0 */ "b\\u00e9": {"c": null,}, "d": "http://x/*y*/",}\n// last'
    )
    assert jsonc.parse(text) == {"a": [1, 2], "bé": {"c": None}, "d": "http://x/*y*/"}


@pytest.mark.parametrize("after", ["", " ", "\n", "/**/", "/*],}*/", "// ]\n", " // a,\n\n  /* b,\n] */\n// c\n"])
@pytest.mark.parametrize("before", ["", " ", "\n", "/* , */", "// ,]\n"])
@pytest.mark.parametrize("members", ["1", "1, 2", "1, 2, 3", '"a,]", {}, []', "null, [1, 2]"])
def test_one_last_comma_is_read_over_wherever_it_stands(members, before, after):
    """To the grammar a comma after two numbers is another mistake than one after a single number."""
    text = f'{{"a": [{members}{before},{after}], "é": [{members}]{before},{after}}}'
    value = json.loads(f"[{members}]")
    for written in (text, text.replace("\n", "\r\n"), f"\ufeff{text}"):
        assert jsonc.parse(written.encode()) == {"a": value, "é": value}


def test_comments_are_read_over_wherever_they_stand():
    tokens = ["{", '"a"', ":", "[", "1", ",", '"//"', ",", "{", "}", ",", "]", ",", '"/*"', ":", "-2e-3", ",", "}"]
    for comment in ("/* [,] */", "/***/", '// {"x": 1,}\n', "/**/ //\r\n"):
        text = comment + comment.join(tokens) + comment
        assert jsonc.parse(text.encode()) == {"a": [1, "//", {}], "/*": -0.002}


def test_a_plus_in_an_exponent_is_read():
    text = b'{"a": [1e+5, -1.5E+007, 0e+0,], "1e+5,]": "1e+5"}'
    assert jsonc.parse(text) == {"a": [1e5, -1.5e7, 0.0], "1e+5,]": "1e+5"}
    assert jsonc.merge(text, {"a": 1, "b": 1e20}).text == text[:-1] + b', "b": 1e+20}'


def test_a_large_document_is_read():
    count = 3000
    text = "[" + "".join(f'{{"a": [{number}, {number},], /* , */ }}, // ]\n' for number in range(count)) + "]"
    assert jsonc.parse(text.encode()) == [{"a": [number, number]} for number in range(count)]


def test_a_document_as_deep_as_allowed_is_read():
    assert json.dumps(jsonc.parse(b"[" * 100 + b"1" + b",]" * 100)) == "[" * 100 + "1" + "]" * 100


@pytest.mark.parametrize("text", ["/* " * 50_000, '{"a": 1, ' + "/* " * 50_000, '["' + '\\"' * 50_000])
def test_what_is_not_closed_is_refused_without_trying_every_byte_of_it(text):
    """Following every opening to the end of the document would take a minute each."""
    with pytest.raises(MalformedFileError):
        jsonc.parse(text.encode())


def test_an_empty_document_is_an_empty_object():
    assert jsonc.parse(b"") == {}
    assert jsonc.parse(b"\xef\xbb\xbf // nothing yet\n") == {}


def test_the_last_of_equal_keys_counts():
    assert jsonc.parse(b'{"a": 1, "a": 2}') == {"a": 2}


@pytest.mark.parametrize(
    ("text", "line", "column", "reason"),
    [
        (b'{\n  "a": 1\n  "b": 2\n}', 3, 3, "',' delimiter"),
        (b'\xef\xbb\xbf{"a" 1}', 1, 6, "':' delimiter"),
        ('{"é": tru}'.encode(), 1, 7, "expecting value"),
        (b'{"a": NaN}', 1, 7, "unexpected text"),
        (b'\xef\xbb\xbf{"a": NaN}', 1, 7, "unexpected text"),
        (b'{\r\n  // one\r\n  "a": [1, -Infinity,],\r\n}', 3, 12, "unexpected text"),
        (b"{,}", 1, 2, "expecting property name"),
        (b"[,]", 1, 2, "expecting value"),
        (b"{ /* nothing */\n , // nothing\n}", 2, 2, "expecting property name"),
        (b'{"a": 1,,}', 1, 9, "expecting property name"),
        (b"[1,/**/,]", 1, 8, "expecting value"),
        (b"[1,\r\n,2]", 2, 1, "expecting value"),
        (b"[,1]", 1, 2, "expecting value"),
        (b'{"a":,}', 1, 6, "expecting value"),
        (b'{"a",}', 1, 6, "':' delimiter"),
        (b"{},", 1, 3, "extra data"),
        (b'{"a": 1} b', 1, 10, "extra data"),
        (b"1 // one\n2", 2, 1, "extra data"),
        (b"{'a': 1}", 1, 2, "property name"),
        (b"[1, 'a']", 1, 5, "expecting value"),
        (b"{a: 1}", 1, 2, "property name"),
        (b"[1.]", 1, 3, "',' delimiter"),
        (b"[1e+]", 1, 3, "',' delimiter"),
        (b"[1e++5]", 1, 3, "',' delimiter"),
        (b"[+1]", 1, 2, "expecting value"),
        (b'["\\u12"]', 1, 4, "escape"),
        (b'["\t"]', 1, 3, "control character"),
        (b'["\\', 1, 2, "unterminated string"),
        (b"[1, 2", 1, 6, "',' delimiter"),
        (b"{} {}", 1, 4, "extra data"),
        (b"{}\n/* open", 2, 1, "extra data"),
        (b"/* open", 1, 1, "expecting value"),
        (b'{"a": 01}', 1, 8, "',' delimiter"),
        (b'{"a": "b\\x"}', 1, 9, "escape"),
        (b'{\n"a": "\xff"}', 2, None, "UTF-8"),
        (b'{\n// c\r"a": 1}', 2, None, "carriage return"),
        (b"[" * 200 + b"]" * 200, None, None, "more than 100 levels"),
        (b"[" + b"1" * 5000 + b"]", None, None, "too many digits"),
    ],
)
def test_a_malformed_document_is_refused_with_its_place(text, line, column, reason):
    with pytest.raises(MalformedFileError) as caught:
        jsonc.parse(text, path="x/settings.json")
    assert reason in caught.value.message
    assert (caught.value.path, caught.value.line, caught.value.column) == ("x/settings.json", line, column)
    with pytest.raises(MalformedFileError):
        jsonc.merge(text, {"z": 1})


def test_a_bracket_in_a_string_opens_nothing():
    assert jsonc.parse(b'["' + b"[" * 200 + b'"]') == ["[" * 200]


@pytest.mark.parametrize("text", [b"[1]", b'"text"', b"\n  7"])
def test_only_an_object_can_be_added_to(text):
    with pytest.raises(MalformedFileError, match="object") as caught:
        jsonc.merge(text, {"a": 1})
    assert caught.value.line == text.count(b"\n") + 1


# ---- locating -------------------------------------------------------------------------------------------------------


def value_at(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def test_every_value_has_its_span():
    text = '// é\n{ "é\\u00e9" : "3.10" , /* c */ "n": [ -1e+5, true, null, "", ], "o": {"in": "a\\"b",}, }\n'
    for data in (text.encode(), BOM + text.replace("\n", "\r\n").encode(), text.strip().encode()):
        tree = jsonc.read(data)
        found = {path: (data[one.start : one.end], one.quote) for path, one in walk(tree) if isinstance(one, Scalar)}
        assert found == {
            ("éé",): (b"3.10", '"'),
            ("n", 0): (b"-1e+5", "#"),
            ("n", 1): (b"true", ""),
            ("n", 2): (b"null", ""),
            ("n", 3): (b"", '"'),
            ("o", "in"): (b'a\\"b', '"'),
        }
        (first, second, third) = tree.members
        assert data[first.start : first.end] == '"é\\u00e9" : "3.10"'.encode()
        assert data[first.key.start : first.key.end] == "é\\u00e9".encode()
        assert data[second.value.start : second.value.end] == b'[ -1e+5, true, null, "", ]'
        assert data[third.value.start : third.value.end] == b'{"in": "a\\"b",}'
        assert (tree.is_flow, second.value.is_flow) == (True, True)
        assert jsonc.load(data) == {"éé": "3.10", "n": [-1e5, True, None, ""], "o": {"in": 'a"b'}}


@pytest.mark.parametrize("text", [b"", BOM, b"// nothing\n", b" \r\n"])
def test_an_empty_document_has_no_tree_and_no_data(text):
    assert jsonc.read(text) is None
    assert jsonc.load(text) is None


@pytest.mark.parametrize("text", ["{}".encode("utf-16"), b'{"a": "\0"}', b'{"a": 1\n"b": 2}', b"[" * 200 + b"]" * 200])
def test_what_cannot_be_read_has_no_tree_and_no_data(text):
    for function in (jsonc.read, jsonc.load):
        with pytest.raises(MalformedFileError) as caught:
            function(text, "x.json")
        assert caught.value.path == "x.json"


# ---- adding ---------------------------------------------------------------------------------------------------------


def test_a_new_document_has_its_members_on_lines_of_their_own():
    wanted = {"a": {"b": True}, "list": ["-m", "pytest"], "named": [{"name": "é"}], "empty": {}, "none": []}
    expected = (
        "{\n"
        '    "a": {\n        "b": true\n    },\n'
        '    "list": ["-m", "pytest"],\n'
        '    "named": [\n        {\n            "name": "é"\n        }\n    ],\n'
        '    "empty": {},\n'
        '    "none": []\n'
        "}\n"
    )
    assert jsonc.merge(b"", wanted).text.decode() == expected
    assert jsonc.merge(BOM, wanted).text == BOM + expected.encode()


def test_a_list_that_is_too_wide_has_its_items_on_lines_of_their_own():
    long = "x" * 40
    assert jsonc.merge(b"", {"a": [long, long]}).text.decode() == (
        f'{{\n    "a": [\n        "{long}",\n        "{long}"\n    ]\n}}\n'
    )


def test_nothing_wanted_changes_nothing():
    for text in (b"", b"// c", b"{}", b'{"a": 1}'):
        assert jsonc.merge(text, {}) == jsonc.Merge(text)


def test_a_document_of_comments_gets_its_object_after_them():
    assert jsonc.merge(b"// mine", {"a": 1}).text == b'// mine\n{\n    "a": 1\n}'
    assert jsonc.merge(b"// mine\r\n", {"a": 1}).text == b'// mine\r\n{\r\n    "a": 1\r\n}\r\n'


def test_members_are_added_after_the_last_with_its_indent():
    check_merge('{\n  "a": 1\n}\n', {"b": 2, "c": [1]}, '{\n  "a": 1,\n  "b": 2,\n  "c": [1]\n}\n')


def test_tabs_stay_tabs():
    check_merge('{\n\t"a": 1\n}\n', {"b": {"c": 2}}, '{\n\t"a": 1,\n\t"b": {\n\t\t"c": 2\n\t}\n}\n')


def test_the_habit_of_a_last_comma_is_kept():
    check_merge(
        '{\n  "a": 1,\n}\n', {"b": {"c": [{"d": 1}]}},
        '{\n  "a": 1,\n  "b": {\n    "c": [\n      {\n        "d": 1,\n      },\n    ],\n  },\n}\n',
    )  # fmt: skip


def test_the_comment_beside_the_last_member_stays_beside_it():
    check_merge(
        '{\n  "a": 1 // about a\n  // "z": 0\n}\n', {"b": 2},
        '{\n  "a": 1, // about a\n  "b": 2\n  // "z": 0\n}\n',
    )  # fmt: skip
    check_merge(
        '{\n  "a": 1 /* a,\n  long */ // and more\n\n  // end\n}\n', {"b": 2},
        '{\n  "a": 1, /* a,\n  long */ // and more\n  "b": 2\n\n  // end\n}\n',
    )  # fmt: skip


def test_a_comment_before_the_last_comma_stays_there():
    check_merge('{\n  "a": 1\n  // c\n  , // d\n}\n', {"b": 2}, '{\n  "a": 1\n  // c\n  , // d\n  "b": 2,\n}\n')


def test_a_last_comma_is_seen_between_comments():
    check_merge('{"a": 1 /* b */, /* c */}', {"b": 2}, '{"a": 1 /* b */, /* c */ "b": 2,}')
    check_merge('{"a": [1, 2,],}', {"b": 2}, '{"a": [1, 2,], "b": 2,}')
    check_merge(
        '{\n  "list": [\n    1,\n    2, // two,\n    // end,\n  ],\n}\n', {"list": [3]},
        '{\n  "list": [\n    1,\n    2, // two,\n    3,\n    // end,\n  ],\n}\n',
    )  # fmt: skip
    check_merge('{\n  "a": 1 // one,\n}\n', {"b": 2}, '{\n  "a": 1, // one,\n  "b": 2\n}\n')


def test_one_line_stays_one_line():
    check_merge('{"a": 1}', {"b": 2, "c": {"d": [1, {"e": 2}]}}, '{"a": 1, "b": 2, "c": {"d": [1, {"e": 2}]}}')
    check_merge('{ "a": 1 }\n', {"b": 2}, '{ "a": 1, "b": 2 }\n')
    check_merge('{"a":1}', {"b": 2, "list": [3, 4]}, '{"a":1,"b":2,"list":[3,4]}')
    check_merge('{"a" :1,"b" :2}', {"c": 3}, '{"a" :1,"b" :2,"c" :3}')
    check_merge('{"a" :1}', {"c": 3, "d": 4}, '{"a" :1,"c" :3,"d" :4}')
    check_merge('{"a": 1, "b": 2,}', {"c": 3}, '{"a": 1, "b": 2, "c": 3,}')
    check_merge('{"a": 1 /* c */}', {"b": 2}, '{"a": 1, /* c */ "b": 2}')
    check_merge('{"a": /* c */ 1}', {"b": 2}, '{"a": /* c */ 1, "b": 2}')


def test_a_line_comment_ends_the_one_line():
    check_merge('{"a": 1 // c\n}\n', {"b": 2}, '{"a": 1, // c\n    "b": 2\n}\n')
    check_merge('{"a": {// c\n}}\n', {"a": {"b": 2}}, '{"a": {// c\n    "b": 2\n}}\n')


def test_the_last_line_decides_where_the_lines_are_mixed():
    check_merge('{ "a": 1,\n  "b": 2 }\n', {"c": 3}, '{ "a": 1,\n  "b": 2,\n  "c": 3 }\n')
    check_merge('{\n  /* b */ "b": 2\n}\n', {"c": 3}, '{\n  /* b */ "b": 2,\n  "c": 3\n}\n')
    check_merge('{"b": 2,\n"c": 3\n}\n', {"d": {"e": 4}}, '{"b": 2,\n"c": 3,\n"d": {\n    "e": 4\n}\n}\n')


def test_an_empty_object_is_filled():
    check_merge("{}\n", {"a": 1}, '{\n    "a": 1\n}\n')
    check_merge("{\n}\n", {"a": 1}, '{\n    "a": 1\n}\n')
    check_merge('{\n  "a": {}\n}\n', {"a": {"b": 1}}, '{\n  "a": {\n    "b": 1\n  }\n}\n')
    check_merge('{"a": {}}', {"a": {"b": 1}}, '{"a": {"b": 1}}')


def test_an_empty_object_keeps_its_heading():
    check_merge("{\n  // mine\n}\n", {"a": 1}, '{\n  // mine\n  "a": 1\n}\n')
    check_merge("{ // mine\n}\n", {"a": 1}, '{ // mine\n    "a": 1\n}\n')
    check_merge("{ /* mine */ }\n", {"a": 1}, '{ /* mine */\n    "a": 1\n }\n')


def test_lists_that_grow_get_what_they_lack():
    check_merge(
        '{\n  "list": [\n    "a", // first\n    "b"\n  ]\n}\n', {"list": ["b", "c", "c"]},
        '{\n  "list": [\n    "a", // first\n    "b",\n    "c"\n  ]\n}\n',
    )  # fmt: skip
    check_merge('{\n  "list": []\n}\n', {"list": ["c"]}, '{\n  "list": [\n    "c"\n  ]\n}\n')
    check_merge('{"list": [1, 2]}', {"list": [3]}, '{"list": [1, 2, 3]}')
    check_merge('{"list": [1,2]}', {"list": [3]}, '{"list": [1,2,3]}')


def test_an_object_in_a_list_is_recognised_by_its_name_and_left_alone():
    check_merge(
        '{\n  "named": [\n    7,\n    {"name": "a", "x": 1}\n  ]\n}\n',
        {"named": [{"name": "a", "y": 2}, {"name": "b"}]},
        '{\n  "named": [\n    7,\n    {"name": "a", "x": 1},\n    {\n      "name": "b"\n    }\n  ]\n}\n',
    )  # fmt: skip


def test_of_equal_keys_the_last_is_added_to():
    check_merge('{"a": {"x": 1}, "a": {"y": 2}}', {"a": {"x": 3}}, '{"a": {"x": 1}, "a": {"y": 2, "x": 3}}')


def test_a_value_that_is_there_is_kept_and_named():
    text = b'{"a": 1, "b": {"c": false, "d": {}}, "e": [1], "list": {}, "f": {"g": 1}}'
    wanted = {"a": True, "b": {"c": False, "d": 5}, "e": [2], "list": [1], "f": {"g": 1}}
    assert jsonc.merge(text, wanted, unions=UNIONS) == jsonc.Merge(
        text,
        (
            jsonc.Kept(("a",), 1, True),
            jsonc.Kept(("b", "d"), {}, 5),
            jsonc.Kept(("e",), [1], [2]),
            jsonc.Kept(("list",), {}, [1]),
        ),
    )


def test_a_missing_member_is_added_and_a_present_one_stays():
    assert jsonc.merge(b'{"a": {}}', {"a": {"b": {"c": 1}}}).text == b'{"a": {"b": {"c": 1}}}'
    assert jsonc.merge(b'{"a": {"b": 0}}', {"a": {"b": 1}}).text == b'{"a": {"b": 0}}'


def test_a_lone_surrogate_stays_escaped():
    assert jsonc.merge(b'{"a": 1}', {"b": "\ud800"}).text == b'{"a": 1, "b": "\\ud800"}'


@pytest.mark.parametrize("spoiled", ['{"a": 1}', '{"a": 1, "b": 3}', "{", '{"a": 1, "b": 2} // new'])
def test_an_edit_that_is_not_the_wanted_one_is_refused(monkeypatch, spoiled):
    monkeypatch.setattr(jsonc._Additions, "splice", lambda _: spoiled.encode())
    with pytest.raises(MalformedFileError, match="without changing what is there") as caught:
        jsonc.merge(b'{"a": 1}', {"b": 2}, path="s.json")
    assert caught.value.path == "s.json"


# ---- any document ---------------------------------------------------------------------------------------------------

KEYS = st.sampled_from(["a", "b", "c", "list", "named", 'q"\\', "é//", "/*"])
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-99, 99)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=4)
COMMENTS = st.text(st.characters(exclude_characters="*/\r\n", exclude_categories=["Cs", "Cc"]), max_size=5)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Write a random object with random blanks, comments, last commas and repeated keys."""

    def space() -> str:
        def piece() -> str:
            kind = draw(st.integers(0, 9))
            if kind == 8:
                return f"//{draw(COMMENTS)}\n"
            if kind == 9:
                return "/*" + draw(COMMENTS) + draw(st.sampled_from(["", "\n"])) + "*/"
            return draw(st.sampled_from(["", " ", "\n", "\n\t", "\n    "]))

        return "".join(piece() for _ in range(draw(st.integers(0, 2))))

    def members(written: list[str], opening: str, closing: str) -> str:
        last = draw(st.sampled_from(["", ","])) if written else ""
        return opening + ",".join(space() + member + space() for member in written) + last + space() + closing

    def write(value: Any) -> str:
        if isinstance(value, dict):
            pairs = [f"{json.dumps(key)}{space()}:{space()}{write(item)}" for key, item in value.items()]
            if pairs and draw(st.integers(0, 5)) == 0:
                pairs.insert(0, pairs[-1])
            return members(pairs, "{", "}")
        if isinstance(value, list):
            return members([write(item) for item in value], "[", "]")
        return json.dumps(value, ensure_ascii=draw(st.booleans()))

    text = space() + write(draw(OBJECTS)) + space()
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


def holds(new: Any, old: Any) -> bool:
    """Say whether everything of `old` is in `new`."""
    if isinstance(old, dict):
        return isinstance(new, dict) and all(key in new and holds(new[key], value) for key, value in old.items())
    if isinstance(old, list):
        return isinstance(new, list) and len(new) >= len(old) and all(map(holds, new, old))
    return json.dumps(new) == json.dumps(old)


def is_subsequence(old: bytes, new: bytes) -> bool:
    remaining = iter(new)
    return all(byte in remaining for byte in old)


@settings(max_examples=150, deadline=None)
@given(documents(), OBJECTS)
def test_any_document_keeps_everything_it_has(text, wanted):
    old = text.encode()
    merged = jsonc.merge(old, wanted, unions=UNIONS).text
    before, after = jsonc.parse(old), jsonc.parse(merged)
    assert holds(after, before)
    assert set(after) == set(before) | set(wanted)
    assert jsonc._comments(merged.decode()) == jsonc._comments(text)
    assert is_subsequence(old, merged)
    assert jsonc.merge(merged, wanted, unions=UNIONS).text == merged
    if b"\r\n" in old:
        assert merged.count(b"\n") == merged.count(b"\r\n")


@settings(max_examples=150, deadline=None)
@given(documents(), st.booleans())
def test_tree_and_data_agree_on_any_document(text, is_marked):
    data = (BOM if is_marked else b"") + text.encode()
    tree, loaded = jsonc.read(data), jsonc.load(data)
    # of equal keys the last counts, in the tree as in the data
    nodes = dict(walk(tree))
    for path, node in nodes.items():
        value = value_at(loaded, path)
        if isinstance(node, Scalar):
            assert data[node.start : node.end].decode("latin-1") == node.text
            assert json.dumps(json.loads(data[node.outer_start : node.outer_end])) == json.dumps(value)
        elif isinstance(node, Series):
            assert len(node.items) == len(value)
        else:
            assert {member.name for member in node.members} == set(value)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=30) | st.text(max_size=30).map(str.encode) | documents().map(lambda text: text[:-2].encode()))
def test_any_bytes_are_read_or_refused(text):
    with suppress(MalformedFileError):
        assert json.dumps(jsonc.parse(text))
