"""Modules with branches for old Pythons in, modules without them out."""

import ast

import pytest
from editing import check_edit
from hypothesis import given, settings
from hypothesis import strategies as st

from bootstrap.code.branches import turns_away, without_dead_branches

FLOOR = (3, 11)


def edited(text):
    return without_dead_branches(text, FLOOR)


def check(before, after):
    check_edit(edited, before, after)


OLD, NEW, OPEN = "sys.version_info < (3, 8)", "sys.version_info >= (3, 8)", "sys.version_info >= (3, 13)"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"if {NEW}:\n    a = 1\nelse:\n    a = 2\n", "a = 1\n"),
        (f"if {OLD}:\n    a = 1\nelse:\n    a = 2\n", "a = 2\n"),
        (f"x = 1\nif {OLD}:\n    a = 1\ny = 2\n", "x = 1\ny = 2\n"),
        (f"if {NEW}:\n    a = 1\n    b = 2\n", "a = 1\nb = 2\n"),
        (f"if {NEW}: a = 1; b = 2\nelse: a = 2\n", "a = 1; b = 2\n"),
        (f"if {OLD}: a = 1\nelse: a = 2  # two\n", "a = 2  # two\n"),
        (f"if x:\n    a\nelif {OLD}:\n    b\nelse:\n    c\n", "if x:\n    a\nelse:\n    c\n"),
        (f"if x:\n    a\nelif {NEW}:\n    b\nelse:\n    c\n", "if x:\n    a\nelse:\n    b\n"),
        (f"if {OPEN}:\n    a\nelif {NEW}:  # x: y\n    b\n", f"if {OPEN}:\n    a\nelse:  # x: y\n    b\n"),
        (f"if {OLD}:\n    a\nelif x:\n    b\nelse:\n    c\n", "if x:\n    b\nelse:\n    c\n"),
        (f"if {OLD}:\n    a\nelif x:\n    b\n", "if x:\n    b\n"),
        (f"if {OLD}:\n    a\nelif {NEW}:\n    b\nelif x:\n    c\n", "b\n"),
        (f"if x:\n    a\nelse:\n    if {NEW}:\n        b\n", "if x:\n    a\nelse:\n    b\n"),
        (f"def f():\n    if {OLD}:\n        return 1\n", "def f():\n    pass\n"),
        (f"def f():\n    if {OLD}:\n        return 1\n\n    return 2\n", "def f():\n    return 2\n"),
        (f"def f():\n    if {NEW}:\n        if {OLD}:\n            a\n        b\n", "def f():\n    b\n"),
        (f"if (\n    {NEW}\n):\n    a = (\n        1\n    )\n", "a = (\n    1\n)\n"),
        (f"if {NEW}:\n\ta = 1\n", "a = 1\n"),
        (f"if {NEW}:\n    @d\n    def f():\n        pass\n", "@d\ndef f():\n    pass\n"),
        (f"if {NEW}:\n    class A:\n        x = 1\nelse:\n    A = None\n", "class A:\n    x = 1\n"),
    ],
)
def test_only_what_is_taken_stays(before, after):
    check(before, after)


def test_comments_of_what_stays_are_kept_and_those_of_what_goes_are_not():
    check(
        f"# why\nif {NEW}:  # the new way\n    # first\n    a = 1  # one\n\n    # last\nelse:\n    # old\n    a = 2\n"
        "    # still old\n# after\n",
        "# why\n# the new way\n# first\na = 1  # one\n\n# last\n# after\n",
    )


def test_a_comment_above_an_else_belongs_to_it():
    check(f"if {OLD}:\n    a\n# otherwise\nelse:\n    b\n", "# otherwise\nb\n")
    check(f"if {NEW}:\n    a\n# otherwise\nelse:\n    b\n", "a\n")


@pytest.mark.parametrize("comment", ["# pragma: no cover", "# type: ignore", "# Python 3.8+", "# py38 and newer"])
def test_what_only_a_tool_reads_or_repeats_the_condition_goes_with_it(comment):
    check(f"if {NEW}:  {comment}\n    a\n", "a\n")


def test_no_text_within_a_string_moves():
    check(
        f'if {NEW}:\n    a = """\n    one\n  two\n"""\n    b = f"""\n    {{a}}\n    """\n',
        'a = """\n    one\n  two\n"""\nb = f"""\n    {a}\n    """\n',
    )


def test_no_blank_lines_pile_up():
    check(f"a\n\n\nif {OLD}:\n    b\n\n\nc\n", "a\n\n\nc\n")
    check(f"a\n\nif {OLD}:\n    b\n\n\ndef c():\n    pass\n", "a\n\n\ndef c():\n    pass\n")


def test_names_that_hold_the_answer_count_too():
    check("import six\nif six.PY2:\n    a\nelse:\n    b\n", "import six\nb\n")
    check("PY3 = sys.version_info[0] == 3\nif not PY3:\n    a\n", "PY3 = sys.version_info[0] == 3\n")


@pytest.mark.parametrize(
    "text",
    [
        f"if {OPEN}:\n    a\nelse:\n    b\n",
        f"if {NEW}:  # noqa: UP036\n    a\nelse:\n    b\n",
        f"if {NEW}:  # noqa\n    a\n",
        f"if x and {NEW}:\n    a\n",
        f"a = 1 if {NEW} else 2\n",
        f"while {NEW}:\n    a\n",
        f"def f():\n    if {OLD}:\n        yield 1\n    return 2\n",
        f"def f():\n    if {OLD}:\n        global x\n    x = 2\n",
        "if x:\n    a\nelse:\n    b\n",
        "print 'two'\nif sys.version_info[0] == 2:\n    a\n",
        "",
    ],
)
def test_what_is_not_certain_or_not_wanted_is_left_alone(text):
    assert edited(text) == text


@pytest.mark.parametrize(
    "end",
    ["sys.exit('too old')", "raise RuntimeError('too old')", "print('x')\n    exit(1)", "raise SystemExit(1)"],
)
def test_a_module_that_turns_older_pythons_away_goes_on_doing_so(end):
    text = f"import sys\nif {OLD}:\n    {end}\n"
    assert edited(text) == text
    assert turns_away(ast.parse(text), FLOOR)


@pytest.mark.parametrize(
    "text",
    [
        f"if {OLD}:\n    raise unittest.SkipTest('x')\n",
        f"def f():\n    if {OLD}:\n        raise NotImplementedError\n",
        f"if {OPEN}:\n    sys.exit()\n",
        f"if {OLD}:\n    a\n",
    ],
)
def test_not_everything_that_ends_early_turns_older_pythons_away(text):
    assert not turns_away(ast.parse(text), FLOOR)


def test_what_can_never_be_reached_any_more_goes_too():
    check(
        f"def f():\n    if {NEW}:\n        # so\n        return 1\n    # else\n    x = 2\n    return x\n\n\ny = 3\n",
        "def f():\n    # so\n    return 1\n\n\ny = 3\n",
    )
    check(f"for x in y:\n    if {NEW}:\n        continue\n    z\n", "for x in y:\n    continue\n")
    generator = f"def f():\n    if {NEW}:\n        return 1\n    yield 2\n"
    assert edited(generator) == generator


TESTS = st.sampled_from([OLD, NEW, OPEN, "x", "sys.version_info[0] == 2"])


@st.composite
def programs(draw, deep=1):
    """Draw a function's body with branches of all kinds in each other, comments and blank lines between them."""
    indent, lines = "    " * deep, []
    for _ in range(draw(st.integers(1, 3))):
        if deep < 4 and draw(st.booleans()):
            for number in range(draw(st.integers(1, 3))):
                lines += [f"{indent}{'el' if number else ''}if {draw(TESTS)}:", *draw(programs(deep + 1))]
            if draw(st.booleans()):
                lines += [f"{indent}else:", *draw(programs(deep + 1))]
        else:
            lines += draw(st.sampled_from([[], [""], [f"{indent}# said"]]))
            lines.append(
                indent + draw(st.sampled_from(["done.append(1)", "done.append(2)", "return", "done.append(3)"]))
            )
    return lines


@settings(deadline=None, max_examples=100)
@given(programs(), st.booleans(), st.sampled_from([(3, 11, 4), (3, 12, 0), (3, 13, 1), (3, 14, 0)]))
def test_a_program_does_what_it_did_on_every_supported_python(lines, x, version):
    class System:
        version_info = (*version, "final", 0)

    def run(text):
        room = {"sys": System, "x": x, "done": []}
        exec(text, room)  # noqa: S102 - written above
        room["main"]()
        return room["done"]

    before = "\n".join(["def main():", *lines]) + "\n"
    after = edited(before)
    assert run(after) == run(before)
    assert OLD not in after
    assert "version_info[0]" not in after
    assert edited(after) == after
