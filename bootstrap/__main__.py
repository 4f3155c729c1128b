"""Start of the package: sends a command to the module that does it."""

from __future__ import annotations

import os
import sys

from bootstrap.handoff import receive


def main(arguments: list[str] | None = None) -> int:
    """Run devstrap with `arguments` (default: those of the process) and return the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    handoff = receive(os.environ)
    # `guard` has 50 ms for everything, and the command line's parser takes most of that.
    if arguments[:1] == ["guard"] and handoff.script and set(arguments[1:]) <= {"--quiet", "-q", "--json"}:
        from bootstrap import guard  # noqa: PLC0415

        return guard.main(arguments[1:], handoff, os.path.dirname(handoff.script))
    from bootstrap import cli  # noqa: PLC0415

    return cli.main(arguments, handoff)


if __name__ == "__main__":
    sys.exit(main())
