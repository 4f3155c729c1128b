"""Whether reading takes time in proportion to the length of what is read: no limit in seconds, one in growth."""

import time


def is_linear(read, piece):
    """Say whether eight times as much of `piece` takes about eight times as long; a square would take sixty-four."""
    return any(_grows_slowly(read, piece) for _ in range(3))  # whoever else computes at the time may disturb one


def _grows_slowly(read, piece):
    small, large = _spent(read, piece, 1 << 11), _spent(read, piece, 1 << 14)
    return large <= 8 * 4 * small + 0.02


def _spent(read, piece, size):
    text = piece * (size // len(piece))
    times = []
    for _ in range(3):
        start = time.process_time()
        list(read(text, 0, len(text)))
        times.append(time.process_time() - start)
    return min(times)
