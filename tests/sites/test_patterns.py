"""The patterns of the catalogue: names, folders and places."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.sites.patterns import DEEP, fits, is_glob, leads_to

TEXTS = st.text("ab.", max_size=6)


@given(st.text("ab.*", max_size=6), TEXTS)
def test_a_star_stands_for_anything_as_in_a_regular_expression(pattern, text):
    expression = re.escape(pattern).replace(r"\*", ".*")
    assert fits(pattern, text) is (re.fullmatch(expression, text) is not None)


PARTS = st.sampled_from(["a", "b", "a|b", "*", DEEP])


@given(st.lists(PARTS, max_size=4), st.lists(st.sampled_from("abc"), max_size=4))
def test_two_stars_stand_for_any_depth_as_in_a_regular_expression(pattern, path):
    shapes = {DEEP: "(?:[^/]+/)*", "*": "[^/]*/"}
    expression = "".join(shapes.get(part, f"(?:{part})/") for part in pattern)
    text = "".join(f"{part}/" for part in path)
    assert leads_to(pattern, path) is (re.fullmatch(expression, text) is not None)


@pytest.mark.parametrize("path", [["jobs", "test", "with", "my-python-version"], ["with", "session"]])
def test_a_bar_offers_a_choice_of_keys(path):
    assert leads_to((DEEP, "with", "*python*|session"), path)
    assert not leads_to((DEEP, "with", "*python*|session"), [*path, "x"])


def test_what_has_no_star_fits_itself_alone():
    assert not is_glob("tox.ini")
    assert is_glob("*.ini")
    assert fits("tox.ini", "tox.ini")
    assert not fits("tox.ini", "atox.ini")
