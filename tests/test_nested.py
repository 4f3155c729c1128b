"""Tables and lists where something else may stand in their place."""

import pytest

from bootstrap.nested import at, texts


@pytest.mark.parametrize(
    ("data", "found"),
    [({"a": {"b": {"c": 1}}}, {"c": 1}), ({"a": {"b": 3}}, {}), ({"a": 3}, {}), ({}, {}), ({"a": []}, {})],
)
def test_a_table_is_found_or_empty(data, found):
    assert at(data, "a", "b") == found


def test_texts_are_the_strings_of_a_list():
    assert texts(["a", 1, None, "b"]) == ("a", "b")
    assert texts("abc") == texts(None) == ()
