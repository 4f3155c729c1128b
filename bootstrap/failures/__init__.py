"""What a failed command of uv's means to the person, and what would help.

One paragraph says which requirement it is, where that is written or who needs it, and what is wrong with it. What uv
said in full is shown with --verbose, as it comes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bootstrap.errors import StepError
from bootstrap.failures import builds, project
from bootstrap.failures.causes import KINDS, NETWORK, OFFLINE, Failure
from bootstrap.failures.places import Places
from bootstrap.failures.told import Told
from bootstrap.failures.words import Said

if TYPE_CHECKING:
    from bootstrap.process import Completed

# Where a command says nothing that is known here: as much of it as one reads.
_FIRST, _LAST = 4, 8
_LOGIN = re.compile(r"(\b[a-z][a-z0-9+.-]*://)(?!git@)[^/@\s]+@")


def explain(completed: Completed, purpose: str, places: Places | None = None) -> StepError:
    """Turn a failed command into an error with its cause in plain words, a remedy, and the place to look at."""
    failure = Failure(Said(completed), places or Places(), purpose)
    told = next((told for kind in (*KINDS, project.told, builds.told) if (told := kind(failure)) is not None), None)
    told = told or _unknown(failure)
    error = StepError(
        f"could not {purpose}: {_without_passwords(told.cause)}",
        remedy=_without_passwords(told.remedy),
        path=told.where.path if told.where else None,
        line=told.where.line if told.where else None,
    )
    error.said = completed.stderr
    return error


def _without_passwords(text: str) -> str:
    """Return a text in which no address tells how one logs in: uv hides that, and the lines of files do not."""
    return _LOGIN.sub(r"\1****@", text)


def _unknown(failure: Failure) -> Told:
    """Return what uv said, and its hint, for what nobody has met before."""
    import shlex  # noqa: PLC0415 - only where something went wrong

    kept = [*failure.said.own, *failure.said.quoted]
    if len(kept) > _FIRST + _LAST:
        kept = [*kept[:_FIRST], "...", *kept[-_LAST:]]
    hint = next(iter(failure.said.hints), "")
    remedy = hint or "run it by hand to see more: " + shlex.join(failure.said.argv)
    return Told("\n  ".join(kept) or "it said nothing", remedy)


def is_out_of_reach(said: str) -> bool:
    """Say whether uv could not do its work because it reached no index, and not because something is wrong."""
    from bootstrap.process import Completed  # noqa: PLC0415 - only where something went wrong

    lower = Said(Completed((), 1, "", said)).lower
    return any(sign in lower for sign in (*OFFLINE, *NETWORK))
