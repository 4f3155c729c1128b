"""What is reached in a lock from what a project requires."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.setup.dependencies.reached import conditions


@pytest.mark.parametrize(
    ("required", "packages", "found"),
    [
        ([], {"a": []}, {}),
        (["a"], {}, {}),
        (["a>=1"], {"a": ["B_b<2"], "b-b": [], "c": []}, {"a": "", "b-b": ""}),
        (["a[x,y]>=1"], {"a": []}, {"a": ""}),
        (["a; x"], {"a": ["b"], "b": []}, {"a": "x", "b": "x"}),
        (["a; x", "b; y"], {"a": ["b"], "b": []}, {"a": "x", "b": "(x) or (y)"}),
        (["a; x", "b"], {"a": ["b"], "b": []}, {"a": "x", "b": ""}),
        (["b", "a; x"], {"a": ["b"], "b": []}, {"a": "x", "b": ""}),
        (["a; x"], {"a": ["b; y"], "b": ["c"], "c": []}, {"a": "x", "b": "y", "c": "y"}),
        (["a"], {"a": ["b"], "b": ["a", "c; x"], "c": ["b"]}, {"a": "", "b": "", "c": "x"}),
        (["a; x", "a; y"], {"a": ["b"], "b": ["a"]}, {"a": "(x) or (y)", "b": "(x) or (y)"}),
        (["a @ https://example.com/a.zip ; x"], {"a": []}, {"a": "x"}),
    ],
)
def test_a_package_is_needed_where_a_way_leads_to_it(required, packages, found):
    assert conditions(required, packages) == found


NAMES = st.sampled_from("abcdef")
GRAPHS = st.dictionaries(
    NAMES, st.lists(st.tuples(NAMES, st.sampled_from(["", "; x", "; y"])).map("".join), max_size=4)
)


@given(st.lists(NAMES, max_size=2), GRAPHS)
def test_any_lock_is_followed_to_its_end_and_what_is_always_needed_has_no_condition(required, packages):
    found = conditions(required, packages)
    assert set(found) <= set(packages)
    always = {name for name in required if name in packages}
    while more := {child for name in always for child in packages[name] if child in packages} - always:
        always |= more
    assert {name for name, marker in found.items() if not marker} == always
