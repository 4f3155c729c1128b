"""What a contributor needs besides packages, as it was found: frozen, like the types of `facts`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Submodule:
    """A git submodule that is not checked out."""

    path: str
    needed_by: str = ""
    """The manifest that names it, without which nothing can be installed; empty where none does."""


@dataclass(frozen=True, slots=True)
class Dotenv:
    """A `.env`, and the example that it is made from."""

    path: str
    example: str
    content: bytes
    """The example's."""
    is_there: bool
    """Whether anything stands at `path`."""
    is_ignored: bool | None
    """Whether git ignores it; None: git could not say. Nothing can be committed where there is no git."""
    missing: tuple[str, ...] = ()
    """The names in the example that the `.env` does not have."""
    open: tuple[str, ...] = ()
    """The names that have no value yet, where the `.env` is still the example."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """The git hooks that pre-commit or prek is configured for."""

    config: str
    tool: str
    """`pre-commit` or `prek`."""
    is_in_environment: bool
    """Whether the tool is one of the environment's packages, or will be."""
    folder: str
    """Where git looks for hooks."""
    absent: tuple[str, ...] = ()
    """The kinds of hook that are not installed: `pre-commit`, `commit-msg` ..."""
    foreign: tuple[str, ...] = ()
    """The kinds that somebody else wrote."""
    redirected: str = ""
    """What core.hooksPath says; empty where it says nothing."""


@dataclass(frozen=True, slots=True)
class Command:
    """A post-install command that was not run yet, or not since something changed that it may build on."""

    text: str
    argv: tuple[str, ...]
    place: str
    """The folder of the pyproject.toml that names it, relative to the root."""
    home: str
    """The folder whose `.venv` it runs in, relative to the root."""
    done: tuple[str, ...]
    """Which commands count as run when it was: those before it, and itself."""
    dependencies: str
    """The fingerprint of what it builds on."""


@dataclass(frozen=True, slots=True)
class Besides:
    """Everything that a checkout lacks besides packages."""

    submodules: tuple[Submodule, ...] = ()
    pointers: tuple[str, ...] = ()
    """Files of which only git-lfs' pointer is there."""
    without_lfs: str = ""
    """Why they cannot be fetched; empty where they can."""
    has_lfs_filters: bool = True
    """Whether git knows how to check such files out: after `git lfs install`."""
    is_too_shallow: bool = False
    """Whether the version comes from tags that a shallow clone does not have."""
    dotenvs: tuple[Dotenv, ...] = ()
    hooks: Hooks | None = None
    commands: tuple[Command, ...] = ()
    homeless: bool = False
    """Whether there are post-install commands, but no environment for them."""
