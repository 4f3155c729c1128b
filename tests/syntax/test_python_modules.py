import ast
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.errors import MalformedFileError
from bootstrap.syntax import python
from bootstrap.syntax.tree import Scalar, Series, Table, walk


def texts(text):
    """Return path and text of every scalar, and check that each is where it says it is."""
    data = text if isinstance(text, bytes) else text.encode()
    found = []
    for path, node in walk(python.read(data) or Table(0, 0, ())):
        assert 0 <= node.outer_start <= node.start <= node.end <= node.outer_end <= len(data)
        if isinstance(node, Scalar):
            assert data[node.start : node.end].decode("latin-1") == node.text
            found.append((*path, node.text))
    return found


def value(text):
    """Return the value of the only member."""
    (member,) = python.read(text.encode()).members
    return member.value


SETUP = '''\
#!/usr/bin/env python
"""Set up for 3.8."""
import sys
from setuptools import setup, find_packages

if sys.version_info < (3, 8):
    raise RuntimeError("needs 3.8")  # not 3.7

EXTRAS = {"test": ["pytest", 'tox; python_version < "3.9"']}


class Build:
    python: str = "3.8"

    def __init__(self):
        self.targets = ("py38", "py39")


setup(
    name="x",
    packages=find_packages(),
    python_requires=">=3.8",
    classifiers=[
        "Programming Language :: Python :: 3.8",
    ],
    zip_safe=False,
)
'''

FOUND = [
    ('"""', "Set up for 3.8."),
    ("sys.version_info <", "(3, 8)"),
    ("RuntimeError()", "0", "needs 3.8"),
    ("EXTRAS", "test", 0, "pytest"),
    ("EXTRAS", "test", 1, 'tox; python_version < "3.9"'),
    ("python", "3.8"),
    ("targets", 0, "py38"),
    ("targets", 1, "py39"),
    ("setup()", "name", "x"),
    ("setup()", "python_requires", ">=3.8"),
    ("setup()", "classifiers", 0, "Programming Language :: Python :: 3.8"),
]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: "\ufeff" + text,
        lambda text: text.rstrip("\n"),
        lambda text: text.replace("import sys", "ß = π  # ŝ"),
        lambda text: text.replace("    ", "\t"),
    ],
)
def test_what_a_module_says_is_found_however_it_is_stored(change):
    assert texts(change(SETUP)) == FOUND


def test_spans_are_those_of_the_file_in_any_encoding():
    text = "# coding: {}\nä = 'ö'; x = [\"3.8\", 'ü', \"3.9\"]; f('é', a='è')\n"
    for codec in ("utf-8", "latin-1", "cp1252"):
        data = text.format(codec).encode(codec)
        assert [one[-1].encode("latin-1").decode(codec) for one in texts(data)] == ["ö", "3.8", "ü", "3.9", "é", "è"]
        assert python.load(data)[:6] == ["NAME", "ä", "OP", "=", "STRING", "ö"]


def test_a_call_is_a_table_of_its_arguments():
    data = b"@nox.session(python=['3.8', \"3.9\"], *a, **{'b': '1'})\ndef f(): ...\n"
    (member,) = python.read(data).members
    assert (member.name, member.key.text) == ("nox.session()", "nox.session")
    assert data[member.start : member.end] == b"nox.session(python=['3.8', \"3.9\"], *a, **{'b': '1'})"
    assert data[member.value.start : member.value.end] == b"(python=['3.8', \"3.9\"], *a, **{'b': '1'})"
    assert member.value.is_flow
    assert [(one.name, one.key.text) for one in member.value.members] == [("python", "python"), ("**", "**")]
    versions = member.value.members[0].value
    assert (versions.is_flow, data[versions.start : versions.end]) == (True, b"['3.8', \"3.9\"]")
    assert [item.quote for item in versions.items] == ["'", '"']
    assert data[versions.items[1].outer_start : versions.items[1].outer_end] == b'"3.9"'


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("f(a, '1', k=2)", [("f()", "1", "1"), ("f()", "k", "2")]),
        ("f(g.h('1'), x)", [("f()", "0", "g.h()", "0", "1")]),
        ("f('a').g('b')", [("f()", "0", "a"), ("g()", "0", "b")]),
        ("(x)[0]('a')", [("()", "0", "a")]),
        ("(f)('a')", [("f()", "0", "a")]),
        ("x = Path('a').open('b')", [("x", 0, "Path()", "0", "a"), ("x", 1, "open()", "0", "b")]),
        ("x = y[0]('b')", [("x", 0, "0"), ("x", 1, "()", "0", "b")]),
        ("x = y[z]('b')", [("x", "()", "0", "b")]),
        ("x = '3.8 3.9'.split()", [("x", 0, "3.8 3.9")]),
        ("x = (  # a.b\n  y()  # c\n  . z)('1')", [("x", 1, "z()", "0", "1")]),
        ("with f('a') as g: pass", [("f()", "0", "a")]),
        ("x = [f('a') for a in '3']", [("x", 0, "f()", "0", "a"), ("x", 1, "3")]),
    ],
)
def test_calls_are_found_wherever_they_stand(text, found):
    assert texts(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("X = '3.8'", [("X", "3.8")]),
        ("X: str = '3.8'", [("X", "3.8")]),
        ("X: str", []),
        ("X: A('3')", [("A()", "0", "3")]),
        ("X += ['3.8']", [("X", 0, "3.8")]),
        ("a.b.X = '3.8'", [("X", "3.8")]),
        ("a['X'] = '3.8'", [("X", "3.8")]),
        ("a[X] = '3.8'", [("a[X]", "3.8")]),
        ("a, b = '1', '2'", [("a", "1"), ("b", "2")]),
        ("a, b = 3, 8", [("a", "3"), ("b", "8")]),
        ("a, *b = 3, 8", [("(a, *b)", "3, 8")]),
        ("a = b = '3.8'", [("a", "3.8")]),
        ("a, b = f('1'), c", [("a", "f()", "0", "1")]),
        ("if (x := '3.8'): pass", [("x", "3.8")]),
        ("for x in '3.8', '3.9': f(x, '1')", [("x", 0, "3.8"), ("x", 1, "3.9"), ("f()", "1", "1")]),
        ("for x in f('3.8'): pass", [("f()", "0", "3.8")]),
        ("async def f():\n async for x in ['1']: pass", [("x", 0, "1")]),
        ("print\n[g() for x in ['1']]", [("x", 0, "1")]),
        ("def f(a, /, b='1', *c, d, e='2', **g): pass", [("b", "1"), ("e", "2")]),
        ("f = lambda x='1': x", [("f", 0, "1")]),
        ("x = y", []),
        ("import x", []),
    ],
)
def test_whatever_gets_a_value_is_an_assignment(text, found):
    assert texts(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sys.version_info >= (3, 8)", [("sys.version_info >=", "(3, 8)")]),
        ("sys.version_info[:2] == (3,8)", [("sys.version_info[:2] ==", "(3,8)")]),
        ("(3, 8) <= version_info", [("version_info >=", "(3, 8)")]),
        (
            "(3, 8) <= sys.version_info < (3, 12)",
            [("sys.version_info >=", "(3, 8)"), ("sys.version_info <", "(3, 12)")],
        ),
        ("sys.version_info.minor < 8", [("sys.version_info.minor <", "8")]),
        ("sys.version_info[0] == 3 != x", [("sys.version_info[0] ==", "3")]),
        ("sys.version_info > [3, 8]", [("sys.version_info >", "[3, 8]")]),
        ("sys.version_info > (3, 8, 0, 'final')", [("sys.version_info >", "(3, 8, 0, 'final')")]),
        ("sys.version_info[:2] in ((3, 8), x)", [("sys.version_info[:2] in", 0, "(3, 8)")]),
        ("assert not (sys.version_info < MINIMUM)", []),
        (
            "platform.python_version_tuple() < ('3', '8')",
            [("platform.python_version_tuple() <", i, t) for i, t in ((0, "3"), (1, "8"))],
        ),
        ("x = sys.version_info >= (3, 8)", [("x", "sys.version_info >=", "(3, 8)")]),
        ("x = sys.version_info >= y", []),
        (
            "f(a=sys.version_info < (3, 8) and '1')",
            [("f()", "a", 0, "sys.version_info <", "(3, 8)"), ("f()", "a", 1, "1")],
        ),
        ("x < (3, 8)", []),
    ],
)
def test_what_is_demanded_of_the_running_version_is_found(text, found):
    assert texts(text) == found


def test_a_comparison_spans_both_sides():
    data = b"if (3, 8) > sys . version_info: pass"
    (member,) = python.read(data).members
    assert data[member.start : member.end] == b"(3, 8) > sys . version_info"
    assert (member.name, member.key.text) == ("sys.version_info <", "sys . version_info")
    assert (member.value.text, member.value.quote) == ("(3, 8)", "#")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("x = 3.10", [("x", "3.10")]),
        ("x = True", []),
        ("x = -1", [("x", 0, "1")]),
        ("x = (3, 8)", [("x", "(3, 8)")]),
        ("x = 3, 8", [("x", "3, 8")]),
        ("x = [3, 8]", [("x", 0, "3"), ("x", 1, "8")]),
        ("x = (3, '8')", [("x", 0, "3"), ("x", 1, "8")]),
        ("x = {'3.8', y}", [("x", 0, "3.8")]),
        ("x = {'a': '1', 2: '3', **y, **{'d': '4'}, e: f, (3, 8): '5', 'g' 'h': '6'}",
         [("x", "a", "1"), ("x", "2", "3"), ("x", "**", "d", "4"), ("x", "(3, 8)", "5"), ("x", "gh", "6")]),
        ("x = b'3.8'", [("x", "3.8")]),
        ("x = '3.8' if y else z or ['3.9']", [("x", 0, "3.8"), ("x", 1, 0, "3.9")]),
        ("x = '3' + y + '8'", [("x", 0, "3"), ("x", 1, "8")]),
        ("x = ('3'  # '4'\n '8' \\\n r'9')", [("x", 0, "3"), ("x", 1, "8"), ("x", 2, "9")]),
        ("'a'; f'b'", [('"""', "a"), ('"""', 0, "b")]),
    ],
)  # fmt: skip
def test_values_come_down_to_scalars_series_and_tables(text, found):
    assert texts(text) == found


@pytest.mark.parametrize(
    ("literal", "quote", "text"),
    [
        ("'3.8'", "'", "3.8"),
        ('R"3\\.8"', '"', "3\\.8"),
        ('"""3"8\\""""', '"""', '3"8\\"'),
        ("'''3''8\n'''", "'''", "3''8\n"),
        ("''", "'", ""),
        ("'\\''", "'", "\\'"),
    ],
)
def test_a_string_is_its_text_without_quotes(literal, quote, text):
    scalar = value(f"x = {literal}")
    assert (scalar.text, scalar.quote) == (text, quote)
    assert f"x = {literal}"[scalar.outer_start : scalar.outer_end] == literal


@pytest.mark.parametrize(
    ("literal", "parts"),
    [
        ("f'py{x}-3.8'", ["py", "-3.8"]),
        ("f'3.8'", ["3.8"]),
        ("f''", []),
        ("f'{x}'", []),
        ("f'{{3.8}}{x}'", ["{{3.8}}"]),
        ("f'{x!r:>{y}}a{z:}}}b'", ["a", "}}b"]),
        ("f'{x[\":\"]}a{(y, {1: 2})}b'", ["a", "b"]),
        ("f'\\N{BULLET}a\\'\\\\{x}\\{y}b'", ["\\N{BULLET}a\\'\\\\", "\\", "b"]),
        ("rf'\\N{x}a\\'b'", ["\\N", "a\\'b"]),
        ("f'''a'{x}\n'b'''", ["a'", "\n'b"]),
        ("'3' f'{x}8' '9'", ["3", "8", "9"]),
        ("f'{rb\"x\"}a'", ["a"]),
        ("f'{x:{y}{z}}a'", ["a"]),
        ("f'{f\"{x}\"}a'", ["a"]),
    ],
)
def test_an_f_string_is_a_series_of_its_constant_parts(literal, parts):
    node = value(f"f({literal})").members
    found = (
        [item.text for item in node[0].value.items if isinstance(item, Scalar) and item.quote != "#"] if node else []
    )
    texts(f"f({literal})")
    nested = {'"x"': "x", 'rb"x"': "x", '":"': ":"}
    assert [part for part in found if part not in nested.values()] == parts


@pytest.mark.skipif(
    sys.version_info < (3, 12), reason="Python did not know where they are, nor understand some of them"
)
@pytest.mark.parametrize(
    ("literal", "found"),
    [
        ("f'{x or '3.8'}-{f(a='3.9')}'", [(0, 0, "3.8"), (1, "-"), (2, "f()", "a", "3.9")]),
        ("f'{x  # }\n}3.8'", [(0, "3.8")]),
        ("f'{f'{'3.8'}'}'", [(0, 0, "3.8")]),
    ],
)
def test_what_stands_in_the_fields_of_an_f_string_is_found(literal, found):
    assert texts(f"x = {literal}") == [("x", *one) for one in found]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="f-strings could not be nested as deep")
def test_f_strings_within_each_other_may_not_be_too_deep():
    with pytest.raises(MalformedFileError, match="levels deep"):
        python.read(b"x = " + b"f'{" * 110 + b"y" + b"}'" * 110)


def test_only_a_display_is_in_flow():
    series = {text: value(f"x = {text}") for text in ("['a']", "('a', b)", "{'a'}", "'a' 'b'", "f'a'", "'a' + b")}
    assert all(isinstance(node, Series) for node in series.values())
    assert [node.is_flow for node in series.values()] == [True] * 3 + [False] * 3


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"# nothing\n", b"import x\n"])
def test_a_module_that_says_nothing_is_empty(data):
    assert python.read(data) is None


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b"x = 1\nprint 'x'\n", 2, "Missing parentheses"),
        (b"x = '3.8\n", 1, "unterminated"),
        (b"\n{% if x %}\n", 2, "invalid syntax"),
        (b"# coding: nothing\nx = 1\n", None, "unknown encoding"),
        (b"#\n#\n#\nx = '\xff'\n", 4, "not utf-8"),
        (b"# coding: hex\nx = 1\n", None, "not a text encoding"),
        (b"# coding: utf-7\nx = '+2AA-'\n", None, "neither UTF-8 nor"),
        ("# coding: gbk\nx = '好'\n".encode("gbk"), None, "neither UTF-8 nor"),
        (b"x = 1\0", None, "not a text file"),
        ("x = 1".encode("utf-16"), None, "not a text file"),
        (b"x = " + b"[" * 150 + b"]" * 150, 1, "more than 100 levels"),
        (b"x = " + b"-" * 20_000 + b"1", None, "nested"),
        (b"x = " + b"1" * 5000, 1, "xceeds the limit"),
    ],
)
def test_what_is_malformed_is_refused_with_its_place(data, line, reason):
    with pytest.raises(MalformedFileError) as caught:
        python.read(data, "setup.py")
    assert reason in caught.value.message
    assert (caught.value.path, caught.value.line) == ("setup.py", line)


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"x = 1\n\ny = '''\n", 3),
        (b"x = 1\0", None),
        (b"# coding: no\n", None),
        (b"# coding: hex\n", None),
        (b"#\n#\n#\xff", 3),
    ],
)
def test_the_second_reader_refuses_what_has_no_tokens(data, line):
    with pytest.raises(MalformedFileError) as caught:
        python.load(data, "setup.py")
    assert caught.value.path == "setup.py"
    assert caught.value.line in (line, None)


def test_the_second_reader_refuses_wrong_indentation():
    with pytest.raises(MalformedFileError) as caught:
        python.load(b"if x:\n    y\n  z\n", "setup.py")
    assert caught.value.line == 3


def test_a_chain_may_be_longer_than_anything_may_be_deep():
    count = 150
    assert len(texts("x = " + " + ".join(["'3.8'"] * count))) == count
    assert len(texts("x" + ".f('3.8')" * count)) == count
    assert len(texts("if x: pass\n" + "elif sys.version_info < (3, 8): pass\n" * count)) == count


def test_the_second_reader_lists_the_tokens():
    text = "if x:  # y\n\n    f(a='3' '8',\n      b=r'\\d', c=3.10, d='\\x33', e=b'\\x00')\n"
    expected = ["NAME", "if", "NAME", "x", "OP", ":", "NEWLINE", "", "NAME", "f", "OP", "(", "NAME", "a", "OP", "="]
    expected += ["STRING", "3", "STRING", "8", "OP", ",", "NAME", "b", "OP", "=", "STRING", "\\d", "OP", ","]
    expected += ["NAME", "c", "OP", "=", "NUMBER", "3.10", "OP", ",", "NAME", "d", "OP", "=", "STRING", "3", "OP", ","]
    expected += ["NAME", "e", "OP", "=", "STRING", "b'\\x00'", "OP", ")", "NEWLINE", ""]
    assert python.load(text.encode()) == expected
    assert python.load(text.replace("\n", "\r\n").encode()) == expected


def test_the_second_reader_tells_a_string_from_a_name():
    assert python.load(b"x = y") != python.load(b"x = 'y'")


LITERALS = st.text(st.sampled_from("3.8 \\'\"é{}\n")).map(repr)


@given(
    literals=st.lists(LITERALS, min_size=1, max_size=4),
    shape=st.sampled_from(["x = [{}]", "é = f({})", "@f({})\ndef g(): pass", "x = {{'é': ({}, y)}}"]),
)
def test_the_second_reader_knows_every_string_by_its_value(literals, shape):
    data = shape.format(", ".join(literals)).encode()
    found = [
        ast.literal_eval(data[node.outer_start : node.outer_end].decode())
        for _, node in walk(python.read(data))
        if isinstance(node, Scalar)
    ]
    tokens = python.load(data)
    strings = [text for kind, text in zip(tokens[::2], tokens[1::2], strict=True) if kind == "STRING"]
    assert found == [ast.literal_eval(literal) for literal in literals]
    assert strings[-len(found) :] == found


def test_before_python_3_12_an_f_string_is_a_token_as_it_is_written():
    assert python._evaluated("f'{x}'") == "f'{x}'"


def test_a_string_that_is_none_is_refused():
    with pytest.raises(MalformedFileError, match="not understood") as caught:
        list(python._Source(b"\n3.8", "utf-8", "x.py").literals(1, 4))
    assert (caught.value.path, caught.value.line) == ("x.py", 2)


# ---- script metadata ------------------------------------------------------------------------------------------------

SCRIPT = """\
#!/usr/bin/env python
# é
# /// script
# requires-python = ">=3.8"
# dependencies = [
#   "é",
# ]
#
# ///
x = '3.8'
"""


@pytest.mark.parametrize(
    "change", [lambda text: text, lambda text: text.replace("\n", "\r\n"), lambda text: "\ufeff" + text]
)
def test_script_metadata_stays_where_it_is(change):
    import tomllib

    data = change(SCRIPT).encode()
    document = python.script_block(data)
    assert len(document) == len(data)
    assert tomllib.loads(document.decode()) == {"requires-python": ">=3.8", "dependencies": ["é"]}
    at = document.index(b">=3.8")
    assert data[at : at + 5] == b">=3.8"
    assert document.split(b"\n")[3].strip() == b'requires-python = ">=3.8"'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x = 1",
        "# /// script\n# a = 1\n",
        "# /// script\n# a = 1\n\n# ///\n",
        "# /// other\n# a = 1\n# ///\n",
        " # /// script\n# ///\n",
        "# /// script\n#a = 1\n# ///\n",
    ],
)
def test_not_everything_is_script_metadata(text):
    assert python.script_block(text.encode()) is None


def test_script_metadata_ends_at_the_last_closing_line():
    document = python.script_block(b"# /// script\n# a = 1\n# ///\n# b = 2\n# ///\n# c\n")
    assert [line.strip() for line in document.split(b"\n")] == [b"", b"a = 1", b"///", b"b = 2", b"", b"", b""]


def test_script_metadata_can_be_given_only_once():
    block = b"# /// script\n# a = 1\n# ///\n\n"
    with pytest.raises(MalformedFileError, match="more than one") as caught:
        python.script_block(block * 2, "x.py")
    assert (caught.value.path, caught.value.line) == ("x.py", 5)


def test_script_metadata_that_never_ends_is_looked_for_once():
    assert python.script_block(b"# /// script\n" * 100_000) is None
