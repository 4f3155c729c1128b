"""Start of the package: sends a command to the module that does it, the quick ones past everything slow."""

from __future__ import annotations

import gc
import os
import sys
import time

from bootstrap.handoff import receive

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from bootstrap.handoff import Handoff

_QUIET = ("--quiet", "-q")


def main(arguments: list[str] | None = None, told: dict[str, Any] | None = None) -> int:
    """Run devstrap with `arguments` (default: those of the process) and return the exit code.

    `told` is what bootstrap.py tells of the start; without it devstrap was started as an installed command.
    """
    if arguments is None:
        return _alone(sys.argv[1:], told)
    started = time.monotonic()
    handoff = receive(os.environ, told)
    if handoff.script and arguments[:1] == ["guard"] and set(arguments[1:]) <= {*_QUIET, "--json"}:
        from bootstrap import guard  # noqa: PLC0415 - the command line's parser takes longer than guard may

        return guard.main(arguments[1:], handoff, _root(handoff))
    if handoff.script and _is_plain_setup(arguments) and _has_nothing_to_do(arguments, handoff, started):
        return 0
    from bootstrap import cli  # noqa: PLC0415

    return cli.main(arguments, handoff)


def _alone(arguments: list[str], told: dict[str, Any] | None) -> int:
    """Run devstrap in a process of its own: short as it is, nobody has to look for what could be freed, nor at its end.

    A tenth of a check went into that.
    """
    gc.disable()
    try:
        return main(arguments, told)
    finally:
        gc.freeze()


def _root(handoff: Handoff) -> str:
    return os.path.realpath(os.path.dirname(handoff.script))


def _is_plain_setup(arguments: list[str]) -> bool:
    """Say whether this is the set-up as a person types it every day, with nothing special to show."""
    return all(word in ("setup", "--yes", "-y", "--offline", *_QUIET) for word in arguments)


def _has_nothing_to_do(arguments: list[str], handoff: Handoff, started: float) -> bool:
    """Report what the last run reported, if everything is as it was then."""
    from bootstrap import receipt  # noqa: PLC0415

    file = receipt.place(handoff.cache, _root(handoff))
    told = receipt.answer(file, receipt.circumstances(arguments, os.environ), os.environ)
    if told is None:
        return False
    before, _, after = told.partition(receipt.SPLIT)
    if not set(_QUIET) & set(arguments):
        seconds = time.monotonic() - started
        try:
            shown = f"{before}\nNothing to do, everything holds ({seconds:.1f} s).\n{after}"
            if sys.stdout.isatty():
                from bootstrap.console import columns, folded  # noqa: PLC0415 - only where a line can be too long

                shown = folded(shown, columns(sys.stdout))
            print(shown, flush=True)
        except OSError:
            from bootstrap.console import silence  # noqa: PLC0415 - only where whoever read it has gone

            silence(sys.stdout)
    return True


if __name__ == "__main__":
    sys.exit(main())
