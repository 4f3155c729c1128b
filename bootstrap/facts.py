"""What set-up knows of a repository and its machine, and what the person wants: frozen, like the types of `model`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from bootstrap.besides import Besides
    from bootstrap.machine import Host, Interpreter
    from bootstrap.model import Run
    from bootstrap.proof.collect import Proof
    from bootstrap.setup.moment import Moment
    from bootstrap.versions import Range, Request, Version


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was read: a path relative to the root and a line, from 1."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Pin:
    """A Python version that the repository asks for by name, as in `.python-version`."""

    request: Request
    place: Place


@dataclass(frozen=True, slots=True)
class Requirement:
    """The versions that `requires-python` admits (PEP 440 specifiers, PEP 621 metadata)."""

    admitted: Range
    place: Place


@dataclass(frozen=True, slots=True)
class Settings:
    """`[tool.devstrap]` of pyproject.toml; see the README for the keys."""

    default: Pin | None = None
    minimum: str | None = None
    supported: tuple[str, ...] | None = None
    groups: tuple[str, ...] | None = None
    extras: tuple[str, ...] | None = None
    requirements: tuple[str, ...] | None = None
    editors: tuple[str, ...] | None = None
    devcontainer: bool | None = None
    prefer_managed: bool = False
    as_of: str | None = None
    dotenv: bool | None = None
    hooks: bool | None = None
    post_install: tuple[str, ...] = ()
    apart: bool | None = None
    """Whether each part has an environment of its own. This and what follows: see `setup.shared`."""
    additions: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    newer: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    build_constraints: tuple[str, ...] = ()
    build_requires: tuple[str, ...] = ()
    no_build_isolation: tuple[str, ...] = ()
    follow_lock: bool = False
    link_project: bool = False
    without_project: bool = False
    lean: bool = False


@dataclass(frozen=True, slots=True)
class Repository:
    """What a checkout says of itself. Reading it runs nothing that is in it."""

    root: Path
    name: str
    state_dir: Path
    """Where devstrap keeps its journal and lock: never among the tracked files."""
    pyproject: dict[str, Any]
    """pyproject.toml as data; empty where there is none."""
    pin: Pin | None
    requires_python: Requirement | None
    settings: Settings
    files: frozenset[str]
    """The names of files and folders directly below the root."""
    tools: frozenset[str]
    """Tools that the repository is configured for: `ruff`, `mypy`, `pytest`, `fastapi` ..."""
    has_bootstrapper: bool
    """Whether `bootstrap.py` is there for a new contributor to start."""


class EnvironmentState(Enum):
    """What is found at `.venv`."""

    ABSENT = "absent"
    HEALTHY = "healthy"
    BROKEN = "broken"
    """An environment whose interpreter is gone, is another than it says, or that was made elsewhere."""
    FOREIGN = "foreign"
    """Something that is no environment: never touched."""


@dataclass(frozen=True, slots=True)
class Environment:
    """What is at `.venv` (PEP 405), and why it is taken for that."""

    path: Path
    state: EnvironmentState
    version: Version | None = None
    implementation: str = ""
    base: Path | None = None
    reason: str = ""
    record: str = ""
    """What devstrap noted in it: empty where another tool made it."""
    identity: str = ""
    """By which `apply` knows that it is still the one that the plan was made for."""
    is_mount: bool = False
    """A volume mounted there (a devcontainer's): it can be filled but not moved."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The Python that the environment shall run, and why."""

    request: str
    """For uv and for the person: `3.12`, `3.12.4`, `pypy3.10`."""
    reason: str
    interpreter: Interpreter | None = None
    """The one to build on; None when `.venv` runs a suitable one already, or when it has to be installed."""
    must_install: bool = False
    known: tuple[tuple[int, int], ...] = ()
    """The feature versions that the repository is tested or claimed on, where the choice was made by those."""


@dataclass(frozen=True, slots=True)
class Dependencies:
    """How the repository's dependencies get into an environment, by the manager that it uses."""

    manager: str
    """`uv`, `pyproject`, `requirements` ..."""
    title: str
    """For the person: `uv.lock`, `pyproject.toml with the group dev`."""
    installs: tuple[Run, ...]
    """The commands, with `{target}` for the environment's path."""
    fingerprint: str
    """A hash of the files and choices that decide what gets installed."""
    installs_project: bool = False
    """Whether the project itself gets installed, and can be imported then."""
    checks: tuple[Run, ...] = ()
    """Commands that say by their exit code whether the environment has it all; none: the fingerprint tells."""
    lock_check: Run | None = None
    """The command that says whether the lock still fits its manifest."""
    shortfalls: tuple[str, ...] = ()
    """What the repository declares and this cannot install, in sentences."""
    files: tuple[tuple[str, str], ...] = ()
    """Files that the commands read: where they are written, relative to the environment, and what is in them."""
    followed: tuple[tuple[str, str], ...] = ()
    """Such files in place of what the lock's own tool writes, as far as the lock can be read without it."""
    lean: Dependencies | None = None
    """The same without what is for documentation, types and linters; None where there is none of it."""
    members: tuple[str, ...] = ()
    """The folders of a workspace's members that have tests of their own, relative to the root, with `/`."""
    remarks: tuple[tuple[str, str], ...] = ()
    """What is not installed as it is written, each place with what is done instead."""
    is_locked: bool = False
    """Whether exact versions are named for everything, so that no later release changes what gets installed."""
    declared: str = ""
    """The fingerprint without what was found out beyond the files; empty where nothing was."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a closer look into a healthy environment gave: uv's word and its interpreter's."""

    missing: str = ""
    """Why the dependencies have to be installed; empty when they are all there."""
    stale_lock: str = ""
    """What is wrong with the lock; empty when it fits, or where there is none."""
    unchecked_lock: str = ""
    """Why nobody can say whether the lock fits; empty where somebody could."""
    conflicts: tuple[str, ...] = ()
    """Installed distributions that do not go together (`uv pip check`)."""
    running: str = ""
    """The version that the environment's interpreter gives when it is started."""
    broken_imports: tuple[tuple[str, str], ...] = ()
    """Packages of the project that cannot be imported, each with the reason."""
    imported: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that planning needs to know."""

    host: Host
    repository: Repository
    interpreters: tuple[Interpreter, ...]
    environment: Environment
    choice: Choice
    dependencies: Dependencies | None = None
    inspection: Inspection | None = None
    """None where there is no environment that could be inspected."""
    has_local_mirror: bool = False
    """Whether uv is told to take Pythons from a folder of this machine."""
    committed: datetime | None = None
    """When the checked out commit was made; None where that was not looked for, or there is none."""
    proof: Proof | None = None
    """What collecting the tests gave; None where that was not tried."""
    moment: Moment | None = None
    """Up to when releases count; None: no bound."""
    asked_python: str | None = None
    """`--python`, which goes before everything that the repository says."""
    present_editors: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    """What is installed and tested by parts: those that declare something, where the root declares nothing or only
    tools, and the members with tests of a workspace of uv's."""
    apart: str = ""
    """Why these have environments of their own, where that was found out now."""
    besides: Besides | None = None
    """What a contributor needs besides packages; None where nobody looked, as for a part."""

    @property
    def needs_environment(self) -> bool:
        """Say whether there has to be an environment at the root: not where each part has its own."""
        return self.dependencies is not None or not self.parts

    def every(self) -> Iterator[tuple[str, Facts]]:
        """Yield where each environment is, relative to the root, and the facts about it: the root's first."""
        if self.needs_environment:
            yield "", self
        yield from ((part.path, part.facts) for part in self.parts if not part.is_shared)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a repository with a manifest of its own."""

    path: str
    """Relative to the root, with `/`."""
    facts: Facts
    is_shared: bool = False
    """Whether it has no environment of its own, and its facts are about the whole's."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the person wants, asked or by default."""

    python: str | None = None
    prefer_managed: bool = False
    editors: tuple[str, ...] = ()
    devcontainer: bool = False
    offline: bool = False
    parts: tuple[str, ...] = ()
    """Which parts of the repository are set up; empty: all."""
    is_apart: bool | None = None
    """Whether each part gets an environment of its own; None: only where they do not go together."""
    as_of: str | None = None
    """Up to when releases count: a date, `commit` or `now`; None: by the rule of `setup.moment`."""
    groups: tuple[str, ...] | None = None
    """The dependency groups, the extras and the requirements files that were chosen where nothing tells; None: as the
    settings say, or by their names."""
    extras: tuple[str, ...] | None = None
    requirements: tuple[str, ...] | None = None
    additions: tuple[str, ...] = ()
    """Requirements that nothing declares in a way that this could read, and without which nothing works."""
    build_constraints: tuple[str, ...] = ()
    """What bounds the tools that build packages from source."""
    build_needs: tuple[str, ...] = ()
    """What is installed before all else, since a build imports it and does not say so."""
    unisolated: tuple[str, ...] = ()
    """The distributions that are built with what is installed; `*`: all, since the project's own has no name yet."""
    without: tuple[str, ...] = ()
    """Distributions that are left out of a lock, since the index no longer has them as it names them."""
    loosened: tuple[str, ...] = ()
    """What of some distributions is taken in place of what is required: that is on no index any more, or is spoiled, or
    does not go with what the repository pins itself."""
    exempt: tuple[str, ...] = ()
    """Distributions that may be newer than all else: of that time they cannot be had any more, or not be built."""
    is_lean: bool = False
    """Whether what is for documentation, types and linters is left out, since it cannot be had with the rest."""
    is_followed: bool = False
    """Whether a lock is read without the tool that it is of, since that one refuses it."""
    is_linked: bool = False
    """Whether the project is installed as a copy and then linked: its build tools know nothing of PEP 660, or pytest
    does not take what they make of it."""
    is_bare: bool = False
    """Whether the project itself is left out, since it cannot be built: only what it requires is installed."""
    dotenv: bool = True
    """Whether `.env` is written from its example where there is none."""
    values: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)
    """What was typed for it: its path, the name, the value. Never noted anywhere but there."""
    ignores_dotenv: bool = False
    """Whether `.env` may be added to .gitignore."""
    hooks: bool = True
    """Whether the git hooks that the repository is configured for are installed."""
    post_install: bool = True
    """Whether the repository's post-install commands are run."""
    is_shared: bool | None = None
    """Whether what was answered and found out is said in `[tool.devstrap]`, for everybody; None: nobody was asked."""
