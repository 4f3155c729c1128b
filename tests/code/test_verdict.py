"""A condition in, and what it comes to from a floor on."""

import ast

import pytest

from bootstrap.code.verdict import constants, verdict


def answer(test, floor=(3, 11), known=None):
    return verdict(ast.parse(test, mode="eval").body, floor, known)


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("sys.version_info >= (3, 11)", True),
        ("sys.version_info >= (3, 12)", None),
        ("sys.version_info >= (3, 11, 0)", True),
        ("sys.version_info >= (3, 11, 2)", None),
        ("sys.version_info >= (3,)", True),
        ("sys.version_info > (3, 10)", True),
        ("sys.version_info > (3, 11)", True),
        ("sys.version_info < (3, 11)", False),
        ("sys.version_info < (3, 12)", None),
        ("sys.version_info <= (3, 10)", False),
        ("sys.version_info <= (3, 11)", False),
        ("version_info < (3,)", False),
        ("(3, 9) <= sys.version_info", True),
        ("(3, 9) > sys.version_info", False),
        ("sys.version_info[:2] >= (3, 11)", True),
        ("sys.version_info[:2] > (3, 11)", None),
        ("sys.version_info[:2] > (3, 10)", True),
        ("sys.version_info[:2] == (3, 8)", False),
        ("sys.version_info[:2] != (3, 8)", True),
        ("sys.version_info[:2] == (3, 11)", None),
        ("sys.version_info == (3, 8)", None),
        ("sys.version_info[0] == 2", False),
        ("sys.version_info[0] < 3", False),
        ("sys.version_info[0] >= 3", True),
        ("sys.version_info[0] > 3", None),
        ("sys.version_info[0] == 4", None),
        ("sys.version_info.major == 2", False),
        ("2 == sys.version_info.major", False),
        ("sys.version_info[1] >= 8", None),
        ("sys.version_info >= MINIMUM", None),
        ("sys.version_info >= (3, 'x')", None),
        ("sys.version_info in (3, 8)", None),
        ("(3, 8) < sys.version_info < (3, 12)", None),
        ("platform.python_version() >= '3.8'", None),
        ("not sys.version_info >= (3, 8)", False),
        ("not x", None),
        ("sys.version_info >= (3, 8) and sys.version_info[0] == 3", True),
        ("sys.version_info < (3, 8) and x()", False),
        ("x() and sys.version_info < (3, 8)", None),
        ("sys.version_info >= (3, 8) and x()", None),
        ("sys.version_info >= (3, 8) or x()", True),
        ("sys.version_info < (3, 8) or sys.version_info < (3, 9)", False),
        ("True", None),
    ],
)
def test_a_condition_is_decided_only_where_every_supported_python_agrees(test, expected):
    assert answer(test) is expected


def test_a_name_is_as_certain_as_what_it_was_given():
    tree = ast.parse("PY2 = sys.version_info[0] == 2\nNEW = not PY2\nOLD = sys.version_info < (3, 12)\nimport six\n")
    known = constants(tree, (3, 11))
    assert known == {"PY2": False, "NEW": True, "six.PY2": False, "six.PY3": True}
    assert answer("PY2", known=known) is False
    assert answer("six.PY3 and NEW", known=known) is True
    assert answer("OLD", known=known) is None


@pytest.mark.parametrize(
    "more", ["PY2 = True\n", "def f(PY2):\n    pass\n", "for PY2 in x:\n    pass\n", "PY2 += 1\n", "del PY2\n"]
)
def test_a_name_that_is_given_something_else_too_is_not_certain(more):
    assert constants(ast.parse("PY2 = sys.version_info[0] == 2\n" + more), (3, 11)) == {}
