"""Signals that end a process, made into exceptions while there is something to put back."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, Any

from bootstrap.errors import InterruptedRunError

if TYPE_CHECKING:
    from types import CodeType, FrameType

_ENDING = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


class Signals:
    """Raises where a signal would end the process, until `hold`; from then on only notes it.

    `final` is the code of the function that calls `hold`: Python may run a handler at its very first instruction, where
    an exception would get past the function.
    """

    def __init__(self, final: CodeType) -> None:
        self._final = final
        self._is_held = False
        self._previous: dict[int, Any] = {}
        self.noted: int | None = None

    def install(self) -> None:
        """Take the signals over, except those that are ignored (nohup) or that something else than Python handles."""
        if threading.current_thread() is not threading.main_thread():
            return
        for name in _ENDING:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) not in {signal.SIG_IGN, None}:
                self._previous[number] = signal.signal(number, self._receive)

    def hold(self) -> None:
        """Let nothing interrupt what follows."""
        self._is_held = True

    def release(self) -> None:
        """Give the signals back to who had them."""
        while self._previous:
            number, handler = self._previous.popitem()
            signal.signal(number, handler)

    def deliver(self) -> None:
        """Raise again what was noted, for whoever handles it now."""
        if self.noted is not None:
            signal.raise_signal(self.noted)

    def _receive(self, number: int, frame: FrameType | None) -> None:
        """Be the handler."""
        if self._is_held or self._is_final(frame):
            self.noted = number
            return
        raise interruption(number)

    def _is_final(self, frame: FrameType | None) -> bool:
        """Say whether the work is over already, though `hold` has not been reached."""
        while frame is not None:
            if frame.f_code is self._final:
                return True
            frame = frame.f_back
        return False


def interruption(number: int) -> BaseException:
    """Return the exception that a signal becomes: Ctrl-C the one that everybody expects."""
    if number == signal.SIGINT:
        return KeyboardInterrupt()
    return InterruptedRunError(
        f"the system asked devstrap to end ({signal.Signals(number).name})",
        remedy="everything is as it was; run the command again",
    )
