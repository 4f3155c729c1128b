"""The frozen types that the parts of devstrap hand to each other.

Those of set-up are in `facts`, and are loaded when one of them is first asked for (PEP 562): `check` needs none.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bootstrap.facts import (
        Answers,
        Choice,
        Dependencies,
        Environment,
        EnvironmentState,
        Facts,
        Inspection,
        Part,
        Pin,
        Place,
        Repository,
        Requirement,
        Settings,
    )

__all__ = [
    "Answers",
    "Build",
    "Change",
    "Choice",
    "Declared",
    "Dependencies",
    "Environment",
    "EnvironmentState",
    "Facts",
    "Finding",
    "Inspection",
    "Part",
    "Pin",
    "Place",
    "Plan",
    "Promise",
    "Report",
    "Repository",
    "Requirement",
    "Run",
    "Settings",
    "Severity",
    "Skip",
    "Status",
    "Step",
    "Tests",
]


class Severity(Enum):
    """How much a finding matters: errors make the exit code 1, the others do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Status(Enum):
    """How a command ended."""

    READY = "ready"
    """Work was done, and everything holds."""
    NOTHING_TO_DO = "nothing-to-do"
    """Everything held already; nothing was touched."""
    PLANNED = "planned"
    """A dry run that found work."""
    FINDINGS = "findings"
    """Something does not hold."""
    UNDONE = "undone"
    AGREED = "agreed"
    """Nothing that is declared disagrees."""
    DECLINED = "declined"
    """The person saw what would be changed and did not want it."""


# ---- the work -------------------------------------------------------------------------------------------------------


class Change(NamedTuple):
    """A file as it is and as it shall be, in bytes; None where it is absent."""

    path: str
    """Relative to the root, with `/`."""
    before: bytes | None
    after: bytes | None
    purpose: str = ""
    mode: int | None = None
    """The mode of a file that is new; None: what the umask leaves."""
    is_secret: bool = False
    """Whether there may be secrets in it, which no diff shows."""


class Run(NamedTuple):
    """A command to run, and in a few words what for."""

    argv: tuple[str, ...]
    purpose: str
    cwd: str = "."
    """Relative to the root."""
    env: tuple[tuple[str, str], ...] = ()
    """On top of the clean environment that every command gets."""
    turn: str = ""
    """`first`: before all else is looked at, since it brings what the rest is about; `last`: once the environment is
    there. Both stand outside the transaction: what they do cannot be taken back."""
    is_optional: bool = False
    """Whether the set-up goes on without it: that it failed is a finding then, and no error."""
    home: str | None = None
    """The folder, relative to the root, in whose activated environment it runs; None: in none."""


class Build(NamedTuple):
    """A folder that commands make: beside its place, and swapped in when all went well.

    `runs` name it by `{target}` wherever they need the path at which it is being built.
    """

    path: str
    """Relative to the root: `.venv`."""
    runs: tuple[Run, ...]
    purpose: str
    record: str = ""
    """What to note in the built folder's `devstrap.json`: what it was made from."""
    mode: str = "replace"
    """`replace`: build anew and swap in; `update`: work on what is there, keeping a copy to go back to;
    `fill`: a mounted volume, which is emptied and filled where it is."""
    identity: str | None = None
    """What must stand at `path` for this to be done; None: anything."""
    files: tuple[tuple[str, str], ...] = ()
    """Files that the commands read, relative to the folder, with their text; there before the first that needs one."""


Step = Change | Run | Build


class Skip(NamedTuple):
    """Something that was left alone, and why."""

    what: str
    reason: str


class Plan(NamedTuple):
    """What will be done, in order. Pure data: `--dry-run` shows it, `apply` executes it."""

    steps: tuple[Step, ...] = ()
    skipped: tuple[Skip, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to do."""
        return not self.steps


class Finding(NamedTuple):
    """Something that does not hold, and what to do about it. Lines and columns count from 1."""

    code: str
    severity: Severity
    message: str
    hint: str
    path: str | None = None
    line: int | None = None
    column: int | None = None
    fix: str | None = None
    """A command that mends it."""

    @property
    def is_error(self) -> bool:
        """Say whether it lets the command fail."""
        return self.severity is Severity.ERROR


class Declared(NamedTuple):
    """A place that names a Python version, as it is reported. Lines and columns count from 1."""

    id: str
    """What `--only` and `--skip` call it."""
    area: str
    kind: str
    role: str
    path: str
    line: int
    column: int
    value: str
    expected: str | None
    """What it should say; None where it is fine as it is."""
    reason: str
    why: str
    """What the declaration does."""


class Promise(NamedTuple):
    """The policy as it is reported: versions such as `3.12`, and where they come from."""

    minimum: str
    default: str
    supported: tuple[str, ...]
    source: str


class Tests(NamedTuple):
    """What the repository's tests said: how many passed, failed and were skipped."""

    command: tuple[str, ...]
    before: Mapping[str, int]
    after: Mapping[str, int] | None = None
    """None where they were not run again."""


class Report(NamedTuple):
    """What a command did and found; one renderer each for people and machines."""

    command: str
    root: Path
    status: Status
    facts: Facts | None = None
    plan: Plan = Plan()
    findings: tuple[Finding, ...] = ()
    recovered: tuple[str, ...] = ()
    """What was put back of a run that had been killed."""
    held_back: str = ""
    """Which packages are older than they could be, for a bound in time."""
    remedied: tuple[str, ...] = ()
    """What was in the way, and what was done about it."""
    declared: tuple[Declared, ...] = ()
    policy: Promise | None = None
    tests: Tests | None = None
    next_command: str = ""
    seconds: float = 0.0
    exit_code: int = 0


def __getattr__(name: str) -> object:
    """Load a type of set-up when it is first asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from bootstrap import facts  # noqa: PLC0415 - most runs of a hook need none of them

    return getattr(facts, name)
