"""Expressions that choose by the running Python in, what is chosen out."""

import pytest
from editing import check_edit

from bootstrap.code.ternaries import without_dead_choices

NEW, OLD = "sys.version_info >= (3, 8)", "sys.version_info < (3, 8)"


def edited(text):
    return without_dead_choices(text, (3, 11))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"x = 1 if {NEW} else 2\n", "x = 1\n"),
        (f"x = 1 if {OLD} else 2  # why\n", "x = 2  # why\n"),
        (f"x = f(a, 'é' if {NEW} else b, c)\n", "x = f(a, 'é', c)\n"),
        (f"x = (\n    long\n    if {NEW}\n    else short\n)\n", "x = (\n    long\n)\n"),
        (f"x = {{'slots': True}} if {NEW} else {{}}\n", "x = {'slots': True}\n"),
        (f"x = (1, 2) if {NEW} else 3\n", "x = (1, 2)\n"),
        (f"x = 1 if {OLD} else 2 if {NEW} else 3\n", "x = 2\n"),
        (f"x = [1 if {NEW} else 2, 3 if {OLD} else 4]\n", "x = [1, 4]\n"),
        ("PY3 = sys.version_info[0] == 3\nx = 'a' if PY3 else 'b'\n", "PY3 = sys.version_info[0] == 3\nx = 'a'\n"),
        (f"x = y * (a + b if {NEW} else c)\n", "x = y * (a + b)\n"),
        (f"def f(x=1 if {NEW} else 2, *, y: int = 3 if {OLD} else 4): ...\n", "def f(x=1, *, y: int = 4): ...\n"),
    ],
)
def test_what_is_chosen_stays(before, after):
    check_edit(edited, before, after)


@pytest.mark.parametrize(
    "text",
    [
        "x = 1 if sys.version_info >= (3, 13) else 2\n",
        f"x = 1 if {NEW} else 2  # noqa: UP036\n",
        f"x = (\n    1  # one\n    if {NEW}\n    else 2\n)\n",
        f"x = (a\n    + b) if {NEW} else 2\n",
        "x = 1 if\n",
        f"def f():\n    return (yield 1) if {OLD} else 2\n",
    ],
)
def test_what_is_not_certain_or_would_lose_something_is_left_alone(text):
    assert edited(text) == text
