"""A planned command made real: where uv is, which environment it is about, and what it may see of ours."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.environ import activated, clean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bootstrap.model import Run
    from bootstrap.process import Command


# What asks an index for packages; the last two know no --no-index.
_FROM_INDEX = (("uv", "pip", "install"), ("uv", "pip", "compile"), ("uv", "tool", "run"), ("uv", "pip", "list"))


class Tools(NamedTuple):
    """What commands are run with."""

    uv: str
    env: Mapping[str, str]
    """The environment variables that devstrap was started with."""
    cache: Path | None
    """Where devstrap may keep what it can make again."""
    index_settings: Mapping[str, str]
    """Settings that point `uv pip` to the package index that pip is configured for."""
    is_offline: bool = False
    no_index: bool = False
    """Whether `uv pip` shall use no index, but only the places named in `index`."""

    def real(self, run: Run, root: Path, target: Path) -> Command:
        """Return the command for `run` on the environment at `target` in the repository at `root`."""
        from bootstrap.process import Command  # noqa: PLC0415 - most commands of devstrap start no process by it

        if run.home is not None:
            target = root / run.home / ".venv"
        argv, extra = self.filled_in(run, target)
        env = clean(self.env, extra)
        if run.home is not None:
            env = {**activated(env, str(target)), **extra}
            # Windows looks on the PATH of whoever starts a command, not on the one that the command gets
            argv = (shutil.which(argv[0], path=env["PATH"]) or argv[0], *argv[1:])
        return Command(argv, root / run.cwd, env)

    def filled_in(self, run: Run, target: Path) -> tuple[tuple[str, ...], dict[str, str]]:
        """Return the words of a command and the variables that it gets on top of the clean ones."""
        from bootstrap.detect.environment import interpreter_of  # noqa: PLC0415 - check and versions run no command

        places = {"{target}": str(target), "{python}": str(interpreter_of(target)), "{devstrap}": sys.executable}
        argv = tuple(
            f"{target}{part.removeprefix('{target}')}" if part.startswith("{target}/") else places.get(part, part)
            for part in run.argv
        )
        # A lock names its own index: there pip's settings would only make uv call the lock stale. They may have
        # passwords in them, too, so only what needs them gets them.
        extra = dict(self.index_settings) if argv[:3] in _FROM_INDEX else {}
        extra |= {name: places.get(value, value) for name, value in run.env}
        if self.is_offline:
            extra["UV_OFFLINE"] = "1"
        if self.no_index and argv[:3] in _FROM_INDEX[:2]:
            argv = (*argv, "--no-index")
        if "--config-file" in argv:
            argv = _without_our_settings(argv, self.env)
        if argv[0] == "uv":
            argv = (self.uv, *argv[1:])
        return argv, extra


def _without_our_settings(argv: tuple[str, ...], env: Mapping[str, str]) -> tuple[str, ...]:
    """Return uv's command without a file of settings, where somebody's own would go unread for it."""
    from bootstrap.setup import legible  # noqa: PLC0415 - only for what is of long ago

    at = argv.index(legible.OPTION)
    return (*argv[:at], *argv[at + 2 :]) if legible.has_settings(env) else argv
