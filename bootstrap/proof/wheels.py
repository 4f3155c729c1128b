"""Which other Python an installation would succeed with: asked of uv, which resolves for each and installs nothing.

Trying one Python after another costs an installation and a failed build each, often a minute. Resolving for all of them
side by side takes seconds, and reads no more than the index.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.detect.repository import distribution_name
from bootstrap.failures.builds import package
from bootstrap.failures.causes import is_at
from bootstrap.process import Command, run_together
from bootstrap.setup.evidence import spelled
from bootstrap.versions import DEFAULT, OLDEST_INSTALLABLE, Request, Version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bootstrap.commands import Tools
    from bootstrap.machine import Interpreter
    from bootstrap.model import Dependencies, Facts, Run
    from bootstrap.process import Completed

    Minor = tuple[int, int]
    Runner = Callable[[Sequence[Command], float], list[Completed]]

_INSTALL = ("uv", "pip", "install")
_SYNC = ("uv", "sync")
_DEFAULT = Request.parse(DEFAULT).release[:2]
_OLDEST = (3, 6)
# Where metadata have to be built to be known, that may take long, and the answer is not worth it.
_PATIENCE = 60.0
_CANDIDATES = 3


class Failed(NamedTuple):
    """The command that failed, what it said, and what it was part of."""

    run: Run
    said: str
    facts: Facts
    """About the repository or the part in question."""
    root: Path


class Probe(NamedTuple):
    """What is needed to ask uv."""

    tools: Tools
    interpreters: Callable[[], Sequence[Interpreter]]
    run: Runner = run_together

    def nearest(self, failed: Failed, now: Minor) -> Minor | None:
        """Return the Python nearest to `now` with which the command would succeed without the build that failed.

        Asked are those that the repository admits and that are here or can be installed: first for wheels of
        everything, which starts no build, then for wheels of what failed alone. None where none is found.
        """
        if failed.run.argv[:3] != _INSTALL and failed.run.argv[:2] != _SYNC:
            return None
        here = {Version.parse(one.version).minor: one for one in self.interpreters() if one.implementation == "cpython"}
        every = candidates(failed.facts, now, here)
        if not every or not here:
            return None
        with tempfile.TemporaryDirectory(prefix="devstrap-") as folder:
            for options in _rounds(failed):
                asked = [_Asked(minor, here.get(minor), failed, Path(folder) / spelled(minor)) for minor in every]
                possible = [one for one in asked if one.is_possible]
                commands = [one.command(self.tools, options, next(iter(here.values()))) for one in possible]
                answers = self.run(commands, _PATIENCE)
                found = [(one, answer) for one, answer in zip(possible, answers, strict=True) if answer.ok]
                good = self._holding(found, failed, next(iter(here.values())))
                if good is not None:
                    return good
        return None

    def _holding(self, found: Sequence[tuple[_Asked, Completed]], failed: Failed, other: Interpreter) -> Minor | None:
        """Return the nearest for which the command takes the same release of its own accord.

        Where only wheels are admitted, uv goes back to releases that it would never take without that.
        """
        name = package(failed.said)
        if "==" not in name or failed.run.argv[:3] != _INSTALL:
            return next((one.minor for one, _ in found), None)
        nearest = found[:_CANDIDATES]
        commands = [one.command(self.tools, (), other) for one, _ in nearest]
        plain = self.run(commands, _PATIENCE) if commands else []
        for (one, answer), said in zip(nearest, plain, strict=True):
            if _taken(said, name) == _taken(answer, name) if said.ok else package(said.stderr) != name:
                return one.minor
        return None


def _taken(answer: Completed, name: str) -> str:
    """Return which release of a package would be installed; empty for none."""
    taken = re.search(rf"(?m)^\s*\+ {re.escape(name.partition('==')[0])}==(\S+)", answer.stdout + answer.stderr)
    return taken[1] if taken else ""


def candidates(facts: Facts, now: Minor, here: dict[Minor, Interpreter]) -> list[Minor]:
    """Return the other Pythons that can be had and that the repository admits, the nearest first, of two the older."""
    required = facts.repository.requires_python
    newest = max(now, _DEFAULT)
    every = [(3, minor) for minor in range(_OLDEST[1], newest[1] + 1) if (3, minor) != now]
    can_be_had = [minor for minor in every if minor >= OLDEST_INSTALLABLE or minor in here]
    fitting = [minor for minor in can_be_had if required is None or required.admitted.admits_some(Request(minor))]
    return sorted(fitting, key=lambda minor: (abs(minor[1] - now[1]), minor[1]))


def _rounds(failed: Failed) -> Iterator[tuple[str, ...]]:
    """Yield the options for each round of questions."""
    name = distribution_name(package(failed.said).partition(" @ ")[0])
    is_own = is_at(failed.facts.repository.root, package(failed.said))
    if not package(failed.said):
        yield ()
    elif name and not is_own:
        if failed.run.argv[:3] == _INSTALL:
            own = _own_name(failed.facts)
            yield ("--only-binary", ":all:", *(("--no-binary", own) if own else ()))
        yield ("--no-build-package", name) if failed.run.argv[:2] == _SYNC else ("--only-binary", name)


def _own_name(facts: Facts) -> str:
    """Return what the project is called, which has no wheel anywhere; empty where the files do not tell."""
    name = facts.repository.pyproject.get("project", {}).get("name")
    return name if isinstance(name, str) else ""


class _Asked(NamedTuple):
    """One Python that uv is asked about."""

    minor: Minor
    interpreter: Interpreter | None
    failed: Failed
    folder: Path

    @property
    def is_possible(self) -> bool:
        """Say whether uv can answer: a lock is only held against an interpreter that is here."""
        return self.interpreter is not None or self.failed.run.argv[:2] != _SYNC

    def command(self, tools: Tools, options: tuple[str, ...], other: Interpreter) -> Command:
        """Return the command that failed as a question: for this Python, into nothing, and with the options."""
        self._provide(self.failed.facts.dependencies)
        run, by = self.failed.run, str((self.interpreter or other).executable)
        if run.argv[:2] == _SYNC:
            env = tuple((name, by if value == "{python}" else value) for name, value in run.env)
            asking = run._replace(argv=(*run.argv, "--dry-run", *options), env=env)
        else:
            version = () if self.interpreter else ("--python-version", spelled(self.minor))
            words = [by if word == "{target}" else word for word in run.argv]
            into = ("--dry-run", "--target", str(self.folder / "nothing"))
            asking = run._replace(argv=(*words, *version, *into, *options))
        return tools.real(asking, self.failed.root, self.folder)

    def _provide(self, dependencies: Dependencies | None) -> None:
        """Write what the command reads from the environment, of which there is none."""
        for name, text in dependencies.files if dependencies else ():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8", "surrogatepass"))


def on_this_machine(tools: Tools, facts: Facts) -> Probe:
    """Return the probe for the Pythons of this machine, which are looked for once and only if somebody asks."""
    seen: list[Interpreter] = []

    def interpreters() -> Sequence[Interpreter]:
        from bootstrap.detect.interpreters import find_interpreters  # noqa: PLC0415 - hardly ever needed

        if not seen:
            seen.extend(facts.interpreters or find_interpreters(tools.env, facts.host, cache_dir=tools.cache))
        return seen

    return Probe(tools, interpreters)
