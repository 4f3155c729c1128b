"""Up to which time releases count: a repository without a lock was last seen working with what existed then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.errors import UsageError

if TYPE_CHECKING:
    from bootstrap.model import Answers, Dependencies, Repository

COMMIT = "commit"
NOW = "now"
# After so long without a commit, a dependency without an upper bound has likely become another one.
STALE = timedelta(days=180)


class Moment(NamedTuple):
    """A time, and why it is taken."""

    when: datetime
    reason: str
    is_asked: bool = False
    """Whether somebody said so, and not only the rule."""

    def __str__(self) -> str:
        # Midnight ends the day before it.
        return day(self.when - timedelta(microseconds=1))


def choose(
    repository: Repository,
    dependencies: Dependencies | None,
    answers: Answers,
    last: datetime | None,
    today: datetime,
) -> Moment | None:
    """Return the time up to which releases count; None for no bound. `last` is when the last commit was made.

    A lock needs none. Else `--as-of` decides, then `as-of` in `[tool.devstrap]`; where nobody says anything, it is the
    last commit's if that was long ago. Raises UsageError for what is no date, and for `commit` where there is none.
    """
    if dependencies is None or not dependencies.installs or dependencies.is_locked:
        return None
    said = answers.as_of or repository.settings.as_of
    if said == NOW:
        return None
    if said is not None and said != COMMIT:
        return Moment(parse(said), f"as of {said}, as was asked for", is_asked=True)
    if last is None:
        if said == COMMIT:
            raise UsageError("there is no commit to go by", remedy="give a date, such as --as-of 2024-01-31")
        return None
    if said is None and today - last < STALE:
        return None
    return Moment(last, f"as of {day(last)}, the last commit", is_asked=said == COMMIT)


def of_additions(repository: Repository, answers: Answers, last: datetime | None, today: datetime) -> datetime | None:
    """Return the time up to which releases count of what is added to a lock: it stands still, and they shall fit it."""
    said = answers.as_of or repository.settings.as_of
    if said == NOW or (said in (None, COMMIT) and last is None):
        return None
    if said is not None and said != COMMIT:
        return parse(said)
    return last if last is not None and (said == COMMIT or today - last >= STALE) else None


def is_long_ago(last: datetime | None) -> bool:
    """Say whether the last commit is so old that what was there then may be gone: not where nobody knows."""
    return last is not None and datetime.now(UTC) - last >= STALE


def day(when: datetime) -> str:
    """Return the day of a time, wherever in the world somebody commits."""
    return when.astimezone(UTC).date().isoformat()


def parse(text: str) -> datetime:
    """Read a date or a time (RFC 3339); the end of the day is meant by a date. Raises UsageError for anything else."""
    try:
        is_day = len(text) <= len("2024-01-31")
        when = datetime.fromisoformat(text) + (timedelta(days=1) if is_day else timedelta())
    except (ValueError, OverflowError):
        raise UsageError(
            f"{text!r} is no date", remedy="give one such as --as-of 2024-01-31, or say commit, or now"
        ) from None
    return when if when.tzinfo else when.replace(tzinfo=UTC)
