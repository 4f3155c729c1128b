"""Makes the timetable."""

from itertools import batched


def crossings(minutes: list[int]) -> list[tuple[int, ...]]:
    """Return the departures of a day, as many in a row as a boat makes before it has to be refuelled."""
    return list(batched(minutes, 6))
