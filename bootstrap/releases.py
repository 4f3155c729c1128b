"""When each Python was released and until when it is maintained, as data.

The dates are those of the release schedules (PEP 494 to PEP 826; `release_management/python-releases.toml` of the PEPs'
repository), the newest patch releases those that uv could install when `release/pin.py` was last run.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Release(NamedTuple):
    """A feature version's life."""

    pep: int
    """The number of its release schedule."""
    released: date
    end_of_life: date
    """From this day on nothing is mended any more, not even security holes."""
    newest_micro: int | None
    """The newest patch release known; None while there is none."""


RELEASES: dict[tuple[int, int], Release] = {
    (3, 6): Release(494, date(2016, 12, 23), date(2021, 12, 23), 15),
    (3, 7): Release(537, date(2018, 6, 27), date(2023, 6, 27), 17),
    (3, 8): Release(569, date(2019, 10, 14), date(2024, 10, 7), 20),
    (3, 9): Release(596, date(2020, 10, 5), date(2025, 10, 31), 25),
    (3, 10): Release(619, date(2021, 10, 4), date(2026, 10, 31), 22),
    (3, 11): Release(664, date(2022, 10, 24), date(2027, 10, 31), 18),
    (3, 12): Release(693, date(2023, 10, 2), date(2028, 10, 31), 16),
    (3, 13): Release(719, date(2024, 10, 7), date(2029, 10, 31), 18),
    (3, 14): Release(745, date(2025, 10, 7), date(2030, 10, 31), 10),
    (3, 15): Release(790, date(2026, 10, 1), date(2031, 10, 31), 2),
    (3, 16): Release(826, date(2027, 10, 6), date(2032, 10, 31), None),
}
"""Python 3 from 3.6 on. A schedule that gives a month alone is taken to mean its last day."""

_NEAR = 183  # days: half a year is what a maintainer needs to know beforehand


def newest_micro(minor: tuple[int, int]) -> int | None:
    """Return the newest patch release of `minor` that is known, or None."""
    release = RELEASES.get(minor)
    return release.newest_micro if release else None


def warning(minor: tuple[int, int], today: date) -> str:
    """Say in a sentence what is worth knowing of `minor`'s life today; nothing where all is well."""
    release = RELEASES.get(minor)
    name = f"Python {minor[0]}.{minor[1]}"
    if release is None:
        return f"{name} has been at the end of its life for years" if minor < min(RELEASES) else f"there is no {name}"
    if today < release.released:
        return f"{name} is not released before {release.released} (PEP {release.pep})"
    if today >= release.end_of_life:
        return f"{name} has been without security fixes since {release.end_of_life} (PEP {release.pep})"
    if (release.end_of_life - today).days <= _NEAR:
        return f"{name} gets no security fixes after {release.end_of_life} (PEP {release.pep})"
    return ""
