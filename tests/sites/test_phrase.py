"""Strings in, groups out: floors, ceilings, ranges, lists, braces and brackets."""

import pytest
from growth import is_linear
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.sites import phrase
from bootstrap.sites.spelling import tokens


def utf8(text):
    """Return the text as the engine sees files: one byte, one character."""
    return text.encode().decode("latin-1")


def said(text):
    """Return (kind, versions) of each group."""
    text = utf8(text)
    return [(group.kind.value, " ".join(t.text for t in group.tokens)) for group in phrase.groups(text, 0, len(text))]


def listed(text):
    """Return (kind, what stands there, its members) of each group that items() yields."""
    found = phrase.items(text, 0, len(text))
    return [(g.kind.value, text[g.start : g.end], [text[i.start : i.end] for i in g.items]) for g in found]


@pytest.mark.parametrize(
    "text",
    [
        ">=3.8", ">= 3.8", ">3.8", "=>3.8", "~=3.8", "^3.8", "~3.8", '>="3.8"', "≥ 3.8", "&gt;=3.8",
        "python-%3E%3D3.8", ">=py38", "3.8+", "Python 3.8+", "**3.8**+", "`3.8`+", "3.8 or later", "3.8 or newer",
        "3.8 and above", "3.8 or\nhigher", "3.8 (or higher)", "3.8 and up", "3.8 & up", "3.8.x or later",
        "3.6(!) or newer", "at least 3.8", "at least Python 3.8", "minimum version: 3.8", "starting with Python 3.8",
        "newer than 3.8", "older than Python 3.8", "lower versions than Python 3.8", "3.8%2B", "3.8 oder neuer",
        "3.8 oder höher", "3.8 ou plus récent", "3.8 ou supérieur", "3.8 o posterior", "3.8 o superiore",
        "3.8 eller senare", "3.8 veya sonra", "3.8 及以上", "3.8以上", "3.8 и выше", "3.8 或更高版本",
    ],
)  # fmt: skip
def test_a_floor_is_read(text):
    ((kind, versions),) = said(text)
    assert kind == "floor"
    assert versions in ("3.8", "3.8.x", "3.6", "38")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<3.13", "ceiling"),
        ("&lt;3.13", "ceiling"),
        ("<=3.12", "last"),
        ("≤ 3.12", "last"),
        ("up to 3.12", "last"),
        ("up to and including Python 3.12", "last"),
        ("3.12 or older", "last"),
        ("3.12 and below", "last"),
        ("!=3.12", "excluded"),
        ("==3.12", "single"),
        ("===3.12", "single"),
        ("3.12", "single"),
        ("Python 3.12.", "single"),
    ],
)
def test_other_bounds_and_single_versions_are_read(text, kind):
    assert [found for found, _ in said(text)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "3.8-3.12",
        "3.8 - 3.12", "3.8 \N{EN DASH} 3.12", "3.8—3.12", "3.8 to 3.12", "3.8 through 3.12", "Python 3.8 thru 3.12",
        "3.8 → 3.12", "3.8 -> 3.12", "3.8..3.12", "3.8...3.12", "3.8 … 3.12", "3.8 up to 3.12",
        "Python 3.8 to Python 3.12", "`3.8` to `3.12`", "py3.8-py3.12", "3.8\nto 3.12",
        "3.8 or later, up to Python 3.12",
    ],
)  # fmt: skip
def test_a_range_is_read(text):
    ((kind, versions),) = said(text)
    assert (kind, versions.replace("py", "")) == ("range", "3.8 3.12")


def test_a_tag_that_is_named_twice_is_no_range():
    assert said("cp38-cp38-linux") == [("single", "38"), ("single", "38")]


@pytest.mark.parametrize(
    "text",
    [
        "3.8, 3.9, 3.10", "3.8 3.9 3.10", "3.8,3.9,3.10", "3.8, 3.9 and 3.10", "3.8, 3.9, and 3.10",
        "3.8, 3.9 or 3.10", "3.8/3.9/3.10", "3.8 | 3.9 | 3.10", "3.8|3.9|3.10", "3.8; 3.9; 3.10", "3.8 & 3.9 & 3.10",
        "3.8 · 3.9 · 3.10", "Python 3.8, Python 3.9, Python 3.10", '"3.8", "3.9", "3.10"', "'3.8' '3.9' '3.10'",
        "`3.8`, `3.9`, `3.10`", "**3.8**, **3.9**, **3.10**", "(3.8), (3.9), (3.10)", "3.8,\n3.9,\n3.10",
        "3.8%20%7C%203.9%20%7C%203.10", "3.8%20|%203.9%20|%203.10", "3.8|%203.9|%203.10", "3.8%2C%203.9%2C%203.10",
        "python3.8 python3.9 python3.10", "v3.8, v3.9, v3.10",
    ],
)  # fmt: skip
def test_a_list_is_read(text):
    assert said(text) == [("list", "3.8 3.9 3.10")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (">=3.8,<3.13", [("floor", "3.8"), ("ceiling", "3.13")]),
        (">=3.8 <4", [("floor", "3.8")]),
        (">= 3.8, < 3.13", [("floor", "3.8"), ("ceiling", "3.13")]),
        (">=3.8,!=3.9.7,<3.13", [("floor", "3.8"), ("excluded", "3.9.7"), ("ceiling", "3.13")]),
        ("3.8, 3.9 or older", [("single", "3.8"), ("last", "3.9")]),
        ("3.8, 3.9, <3.12", [("list", "3.8 3.9"), ("ceiling", "3.12")]),
        ("3.8" + " " * 40 + "3.9", [("single", "3.8"), ("single", "3.9")]),
        ("3.8\n\n3.9", [("single", "3.8"), ("single", "3.9")]),
        ("3.8 with Django, 3.9", [("single", "3.8"), ("single", "3.9")]),
        ("3.8, 3.9 - 3.12", [("list", "3.8 3.9"), ("single", "3.12")]),
        ("Python 3.8+ (3.8, 3.9)", [("floor", "3.8"), ("list", "3.8 3.9")]),
    ],
)
def test_what_is_said_in_one_breath_is_told_apart(text, expected):
    assert said(text) == expected


def test_a_name_belongs_to_a_member_where_it_is_tight():
    text = "py38, py39"
    (group,) = phrase.groups(text, 0, len(text))
    assert [text[item.start : item.end] for item in group.items] == ["py38", "py39"]
    text = "Python 3.8, 3.9"
    (group,) = phrase.groups(text, 0, len(text))
    assert [text[item.start : item.end] for item in group.items] == ["3.8", "3.9"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("py38,py39,lint", [("list", "py38,py39,lint", ["py38", "py39", "lint"])]),
        ("py38", [("single", "py38", ["py38"])]),
        ("lint", []),
        ("cp38-* cp39-*", [("list", "cp38-* cp39-*", ["cp38-*", "cp39-*"])]),
        ("py{38,39}", [("list", "38,39", ["38", "39"])]),
        ("py3{8,9,10}", [("list", "8,9,10", ["8", "9", "10"])]),
        ("cp3{8,9,10}-*", [("list", "8,9,10", ["8", "9", "10"])]),
        ("py3.{8,9}", [("list", "8,9", ["8", "9"])]),
        ("{py38,py39}-django{32,42}", [("list", "py38,py39", ["py38", "py39"])]),
        ("py{38}", [("single", "38", ["38"])]),
        ("py3{9-13}", [("range", "9-13", [])]),
        ("py{39-313}", [("range", "39-313", [])]),
        ("cp3[89]-*", [("list", "89", ["8", "9"])]),
        ("cp3[8]-*", [("single", "8", ["8"])]),
        ("cp3[6-9]-*", [("range", "6-9", [])]),
        ("django{32,42}", []),
        ("3{8,9}", []),
        ("{a-b}", []),
    ],
)
def test_lists_of_items_are_read(text, expected):
    assert listed(text) == expected


def test_braces_keep_their_surroundings_and_the_list_keeps_the_others():
    assert listed("py{38,39}-x, py310, lint") == [
        ("list", "38,39", ["38", "39"]),
        ("list", "py{38,39}-x, py310, lint", ["py{38,39}-x", "py310", "lint"]),
    ]


def test_brackets_keep_their_surroundings():
    text = "cp3[89]* cp310* cp311*"
    assert listed(text)[1] == ("list", text, ["cp3[89]*", "cp310*", "cp311*"])
    every = [token.minor for group in phrase.items(text, 0, len(text)) for token in group.tokens]
    assert every == [(3, 8), (3, 9), (3, 10), (3, 11)]


VERSIONS = st.lists(st.integers(5, 19).map("3.{}".format), min_size=2, max_size=6)


@given(
    VERSIONS, st.sampled_from([", ", " ", " | ", "/", "; ", '", "', "`, `"]), st.sampled_from(["", " and ", ", or "])
)
def test_a_list_is_a_list_whatever_joins_it(versions, gap, last):
    text = gap.join(versions[:-1]) + (last or gap) + versions[-1]
    assert said(text) == [("list", " ".join(versions))]


@given(st.text(alphabet="3.89 10,-<>=+|ortand\n(`", max_size=60))
def test_every_version_is_in_exactly_one_group(text):
    grouped = [token for group in phrase.groups(text, 0, len(text)) for token in group.tokens]
    assert grouped == list(tokens(text))


@given(st.text(alphabet="py3cp.89{}[]-, 10*", max_size=40))
def test_items_stand_where_they_say(text):
    for group in phrase.items(text, 0, len(text)):
        for token in group.tokens:
            assert text[token.start : token.end] == token.text
            assert group.start <= token.start < token.end <= group.end


HOSTILE = [
    "3.8 ", "3.8, ", "py38,", "py{38,", "{" * 8, "cp3[8", "py3{8-", " " * 39 + "3.8", "3.8" + " " * 38, ">= ",
    "3.8 or ", "python ", "%20%7C", "((((", "3.8-", "3.8 to ", "{3.8} ",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("read", [phrase.groups, phrase.items])
def test_reading_takes_time_in_proportion_to_the_length(read, piece):
    assert is_linear(read, piece)
