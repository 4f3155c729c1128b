"""Which packages a bound in time holds back."""

import json
from datetime import UTC, datetime

import pytest

from bootstrap.commands import Tools
from bootstrap.process import Completed
from bootstrap.proof.drift import held_back
from bootstrap.setup.moment import Moment

MOMENT = Moment(datetime(2024, 1, 1, tzinfo=UTC), "")
TOOLS = Tools("/uv", {}, None, {})


@pytest.fixture
def held(facts):
    def run(rows, *, moment=MOMENT, tools=TOOLS, text=None, required=()):
        listed = [{"name": name, "version": version, "latest_version": latest} for name, version, latest in rows]
        project = {"project": {"dependencies": list(required)}}
        found = facts(moment=moment, repository={"pyproject": project})
        said = json.dumps(listed) if text is None else text
        return held_back(found, tools, lambda commands, _: [Completed(one.argv, 0, said, "") for one in commands])

    return run


ROWS = [("certifi", "2023.1", "2024.2"), ("six", "1.16", "1.17"), ("flask", "2.3", "3.1"), ("idna", "0.4", "0.5")]


def test_other_major_versions_are_named_what_the_project_requires_first(held):
    assert held(ROWS, required=["Flask>=2"]) == (
        "flask 2.3 (now 3.1), certifi 2023.1 (now 2024.2), idna 0.4 (now 0.5) and 1 more"
    )


def test_smaller_steps_alone_are_not_worth_a_word(held):
    assert held([("six", "1.16", "1.17"), ("idna", "0.4.1", "0.4.2")]) == ""


@pytest.mark.parametrize("text", ["", "{", "[3]", "[{}]", "null"])
def test_where_nobody_can_say_nothing_is_said(held, text):
    assert held([], text=text) == ""


def test_without_a_bound_and_offline_nobody_asks(held):
    assert held(ROWS, moment=None) == ""
    assert held(ROWS, tools=TOOLS._replace(is_offline=True)) == ""
