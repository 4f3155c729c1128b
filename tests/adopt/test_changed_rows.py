"""Rows of a table of pyproject.toml that change: only their values do, in the author's own style."""

import pytest

from bootstrap.adopt.tables import added, changed, spelled_out


def told(before, **rows):
    after = changed(before.encode(), "devstrap", rows)
    return None if after is None else after.decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '[tool.devstrap]\nnewer = ["a", "b"]\n'),
        (
            "[tool.devstrap] # ours\nnewer = ['a'] # why\nx = 1",
            "[tool.devstrap] # ours\nnewer = ['a', \"b\"] # why\nx = 1",
        ),
        ("[tool.devstrap]\nnewer = []\n", '[tool.devstrap]\nnewer = ["a", "b"]\n'),
        ("[tool.devstrap]\nnewer = [\n  'a', # first\n]\n", "[tool.devstrap]\nnewer = [\n  'a', \"b\", # first\n]\n"),
        ("tool.devstrap.newer = ['a']\n", "tool.devstrap.newer = ['a', \"b\"]\n"),
        ("tool = {devstrap = {newer = ['c']}}\n", 'tool = {devstrap = {newer = ["a", "b"]}}\n'),
        ("[tool.devstrap]\nnewer = 'a'\n", '[tool.devstrap]\nnewer = ["a", "b"]\n'),
    ],
)
def test_a_list_grows_where_it_stands(before, after):
    assert told(before, newer=["a", "b"]) == after


def test_a_list_of_several_lines_keeps_its_layout():
    before = "[tool.devstrap]\nnewer = [\n  'a',\n  'b',  # why\n]\n"
    assert told(before, newer=["a", "b", "c"]) == "[tool.devstrap]\nnewer = [\n  'a',\n  'b',\n  \"c\",  # why\n]\n"


def test_values_change_and_rows_come_in_one_go_with_the_line_ends_that_are_there():
    before = "[project]\r\nname = 'é'\r\n[tool.devstrap]\r\nas-of = 'now' # x\r\napart = false\r\n"
    assert told(before, **{"as-of": "2020-01-31", "apart": True, "groups": ["qa"]}) == (
        "[project]\r\nname = 'é'\r\n[tool.devstrap]\r\ngroups = [\"qa\"]\r\n"
        'as-of = "2020-01-31" # x\r\napart = true\r\n'
    )


@pytest.mark.parametrize(
    "before", ["[tool.devstrap\n", "tool = {devstrap = {}}\n", "[tool]\ndevstrap = 3\n", "tool = 3\n"]
)
def test_where_there_is_no_place_nothing_is_written(before):
    assert told(before, newer=["a"]) is None


def test_what_needs_an_escape_gets_one():
    rows = {"additions": ['a; python_version < "3.9"', "b\\c"]}
    assert spelled_out(rows["additions"][0]) == '"a; python_version < \\"3.9\\""'
    assert added(b"", "devstrap", rows) == b'[tool.devstrap]\nadditions = ["a; python_version < \\"3.9\\"", "b\\\\c"]\n'
