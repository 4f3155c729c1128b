"""Up to which time releases count."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.errors import UsageError
from bootstrap.model import Answers, Settings
from bootstrap.setup.moment import Moment, choose, day, of_additions, parse

TODAY = datetime(2026, 6, 1, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def chosen(facts):
    def choice(as_of=None, committed=LONG_AGO, setting=None, **dependencies):
        found = facts(repository={"settings": Settings(as_of=setting)})
        wanted = replace(found.dependencies, **dependencies)
        return choose(found.repository, wanted, Answers(as_of=as_of), committed, TODAY)

    return choice


def test_without_a_lock_an_old_commit_s_time_counts(chosen):
    assert chosen() == Moment(LONG_AGO, "as of 2020-01-31, the last commit")


@pytest.mark.parametrize("committed", [TODAY, TODAY - timedelta(days=179), None])
def test_where_the_last_commit_is_young_or_unknown_there_is_no_bound(chosen, committed):
    assert chosen(committed=committed) is None


def test_the_bound_begins_half_a_year_after_the_commit(chosen):
    assert chosen(committed=TODAY - timedelta(days=180)) is not None


@pytest.mark.parametrize("dependencies", [{"is_locked": True}, {"installs": ()}])
def test_a_lock_or_nothing_to_install_needs_no_bound(chosen, dependencies):
    assert chosen(as_of="2020-01-01", **dependencies) is None


def test_no_dependencies_need_no_bound(facts):
    assert choose(facts().repository, None, Answers(), LONG_AGO, TODAY) is None


def test_what_is_asked_for_goes_before_what_the_settings_say(chosen):
    assert chosen(as_of="2024-05-06", setting="2020-01-01").reason == "as of 2024-05-06, as was asked for"
    assert chosen(setting="2024-05-06").is_asked
    assert chosen(as_of="now", setting="2020-01-01") is None
    assert chosen(setting="now") is None


def test_the_commit_may_be_asked_for_however_young_it_is(chosen):
    found = chosen(as_of="commit", committed=TODAY)
    assert (found.when, found.is_asked) == (TODAY, True)


def test_the_commit_cannot_be_asked_for_where_there_is_none(chosen):
    with pytest.raises(UsageError) as caught:
        chosen(as_of="commit", committed=None)
    assert "--as-of 2024-01-31" in caught.value.remedy


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2024-01-31", "2024-02-01T00:00:00+00:00"),
        ("2024-02-29", "2024-03-01T00:00:00+00:00"),
        ("20240131", "2024-02-01T00:00:00+00:00"),
        ("2024-01-31T10:00:00", "2024-01-31T10:00:00+00:00"),
        ("2024-01-31T10:00:00Z", "2024-01-31T10:00:00+00:00"),
        ("2024-01-31 10:00+02:00", "2024-01-31T10:00:00+02:00"),
    ],
)
def test_a_day_is_meant_to_its_end_and_a_time_to_itself(text, when):
    assert parse(text).isoformat() == when


@pytest.mark.parametrize("text", ["", "yesterday", "2024-13-01", "31.01.2024", "2023-02-29", "9999-12-31", "2024"])
def test_what_is_no_date_is_refused_with_an_example(text):
    with pytest.raises(UsageError) as caught:
        parse(text)
    assert repr(text) in caught.value.message
    assert "2024-01-31" in caught.value.remedy


@given(st.dates(max_value=datetime(9999, 12, 30, tzinfo=UTC).date()))
def test_a_day_is_told_as_it_was_given(day):
    assert str(Moment(parse(day.isoformat()), "")) == day.isoformat()


@pytest.mark.parametrize(
    ("said", "committed", "when"),
    [
        (None, LONG_AGO, LONG_AGO),
        (None, TODAY, None),
        (None, None, None),
        ("commit", TODAY, TODAY),
        ("commit", None, None),
        ("now", LONG_AGO, None),
        ("2024-01-31", TODAY, datetime(2024, 2, 1, tzinfo=UTC)),
    ],
)
def test_what_is_added_to_a_lock_is_of_its_time_or_of_the_one_that_is_said(facts, said, committed, when):
    asked = facts().repository
    assert of_additions(asked, Answers(as_of=said), committed, TODAY) == when
    settings = Settings(as_of=said)
    assert of_additions(replace(asked, settings=settings), Answers(), committed, TODAY) == when


def test_the_day_of_a_commit_is_the_same_for_everybody():
    late = datetime(2026, 2, 8, 19, 57, tzinfo=timezone(timedelta(hours=-8)))
    assert day(late) == "2026-02-09"
    assert str(Moment(late, "")) == "2026-02-09"
    assert str(Moment(parse("2026-02-09"), "")) == "2026-02-09"
