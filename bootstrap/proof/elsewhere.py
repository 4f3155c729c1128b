"""What is about to be built from source though another Python has wheels of it: seen before it is built, not after.

uv announces a build before it begins. Where nobody names a Python, and there is one for which everything has wheels,
the build is stopped for that one: it would take minutes, or fail for want of a compiler.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap.detect.repository import Reader, distribution_name, normalise
from bootstrap.errors import ForesightError
from bootstrap.model import Run
from bootstrap.proof.remedy import minor_of
from bootstrap.proof.wheels import Failed, candidates, on_this_machine
from bootstrap.setup.dependencies.besides import distributions
from bootstrap.setup.evidence import spelled
from bootstrap.setup.python import is_named
from bootstrap.versions import Request, Version

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bootstrap.commands import Tools
    from bootstrap.machine import Interpreter
    from bootstrap.model import Facts
    from bootstrap.proof.wheels import Minor, Probe

_PATIENCE = 20.0
# A compiler is asked for by the first of these that is on PATH.
_COMPILERS = ("cc", "gcc", "clang", "cl")


class Watch:
    """Looks at each build that is announced, once; `every` are the facts about each environment, by its folder."""

    def __init__(self, every: Mapping[str, Facts], root: Path, tools: Tools, probe: Probe | None = None) -> None:
        self.every = every
        self.root = root
        self.tools = tools
        self.probe = probe
        self.seen: set[str] = set()

    def __call__(self, wanted: str, run: Run, place: str) -> str:
        """Return what is to be said of a build, `name==version`, for the environment at `place`.

        Empty where there are no wheels of it for any Python that would do. Raises ForesightError where
        another Python is the better choice, which is none of ours where somebody named one.
        """
        facts = self.every.get(place)
        if facts is None or wanted in self.seen:
            return ""
        self.seen.add(wanted)
        probe = self.probe or on_this_machine(self.tools, facts)
        now = minor_of(facts)
        here = {
            Version.parse(one.version).minor: one for one in probe.interpreters() if one.implementation == "cpython"
        }
        possible = [minor for minor in candidates(facts, now, here) if self._may_all_run(minor)]
        minors = _with_wheels(wanted, possible, next(iter(here.values()), None), probe, self.root)
        if not minors:
            return ""
        found = f"{wanted} has no wheel for Python {spelled(now)}, but for {_listed(minors)}"
        # One Python is chosen for all parts: where it is none of ours in one of them, it is none at all.
        is_free = not any(is_named(one.repository, one.asked_python) for one in self.every.values())
        if is_free and not _is_beside(wanted, facts):
            asked = Failed(run, f"Failed to build `{wanted}`", facts, self.root)
            nearest = probe.nearest(asked, now)
            if nearest is not None and self._may_all_run(nearest):
                better = spelled(nearest)
                told = f"take Python {better}, which has wheels of everything, with --python {better}, or name the one"
                error = ForesightError(found, remedy=f"{told} that you want: with that it is built")
                error.python = better
                raise error
        return f"{found}: it is built from source{_without_compiler(self.tools.env)}"

    def _may_all_run(self, minor: Minor) -> bool:
        return all(_may_run(one, minor) for one in self.every.values())


def _may_run(facts: Facts, minor: Minor) -> bool:
    """Say whether what is set up admits a Python, and is tested on it: that goes before what would be quicker."""
    required = facts.repository.requires_python
    is_admitted = required is None or required.admitted.admits_some(Request(minor))
    return is_admitted and minor in (facts.choice.known or (minor,))


def _with_wheels(
    wanted: str, possible: Sequence[Minor], other: Interpreter | None, probe: Probe, root: Path
) -> list[Minor]:
    """Return those of some Pythons for which the index has a wheel of exactly this, in order; uv is asked for each."""
    if other is None or not possible:
        return []
    by = str(other.executable)
    with tempfile.TemporaryDirectory(prefix="devstrap-") as folder:
        into = ("--dry-run", "--target", str(Path(folder) / "nothing"))
        exactly = (*into, "--no-deps", "--only-binary", ":all:", wanted)
        questions = [
            Run(
                ("uv", "pip", "install", "--python", by, "--python-version", spelled(minor), *exactly), "see the wheels"
            )
            for minor in possible
        ]
        answers = probe.run([probe.tools.real(one, root, Path(folder)) for one in questions], _PATIENCE)
    return sorted(minor for minor, answer in zip(possible, answers, strict=True) if answer.ok)


def _is_beside(wanted: str, facts: Facts) -> bool:
    """Say whether it is asked for by documentation or linters, for which nobody chooses another Python."""
    if facts.dependencies is None or facts.dependencies.lean is None:
        return False
    repository = facts.repository
    return normalise(distribution_name(wanted)) in distributions(repository, Reader(repository.root))


def _listed(minors: Sequence[Minor]) -> str:
    """Return `3.6 to 3.9` for feature versions without a gap, else each by itself."""
    if len(minors) > 2 and minors[-1][1] - minors[0][1] == len(minors) - 1:
        return f"{spelled(minors[0])} to {spelled(minors[-1])}"
    return ", ".join(map(spelled, minors))


def _without_compiler(env: Mapping[str, str]) -> str:
    """Return how to get a compiler, by the system's own package manager; empty where there is one."""
    if any(shutil.which(name, path=env.get("PATH")) for name in _COMPILERS):
        return ""
    import os  # noqa: PLC0415 - only where there is no compiler

    from bootstrap.failures import system  # noqa: PLC0415

    needs = system.missing("error: command 'gcc' failed: No such file or directory")
    by = system.here(Path(os.sep))
    how = system.command(needs, by, is_root=system.is_root()) if by and needs else ""
    return f"; there is no compiler: {how or 'install one'}"
