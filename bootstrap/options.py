"""What the command line says, understood."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path


class Options(NamedTuple):
    """What the command line says."""

    command: str
    root: Path
    here: Path | None = None
    """The current directory: `run` takes the environment of the part in which one stands."""
    words: tuple[str, ...] = ()
    """The command of `run`."""
    is_yes: bool = False
    is_dry_run: bool = False
    has_exit_code: bool = False
    is_json: bool = False
    is_quiet: bool = False
    is_verbose: bool = False
    python: str | None = None
    managed: bool | None = None
    is_offline: bool = False
    editors: tuple[str, ...] | None = None
    devcontainer: bool | None = None
    dotenv: bool | None = None
    parts: tuple[str, ...] = ()
    """Which parts of the repository are meant, relative to the root; empty: all."""
    as_of: str | None = None
    """Up to when releases count: a date, `commit` or `now`."""
    lock: Path | None = None
    """Where `setup` writes what it installed, relative to the root."""
    remember: bool | None = None
    """Whether what was answered and found out is written into `[tool.devstrap]`; None: only if somebody says yes."""
    has_smoke: bool | None = None
    """Whether the proof that the tests can be collected is made even where nothing was installed."""
    ci: bool | None = None
    """Whether `init` writes a workflow; None here and below: as is usual, or as a person answers."""
    hooks: bool | None = None
    """`init`: a hook in the configuration; `setup`: whether the configured hooks are installed."""
    guards: bool | None = None
    documents: bool | None = None
    image: bool | None = None
    gather: bool | None = None
    minimum: str | None = None
    default: str | None = None
    supported: tuple[str, ...] | None = None
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    is_fix: bool = False
    is_simplify: bool = False
    with_entries: bool = False
    """Whether `modernize` takes out and adds whole entries of several lines."""
    is_code: bool = False
    """Whether `modernize` renews the code as well."""
    is_untested: bool = False
    """Whether it may do so without tests that show that nothing broke."""
    phases: tuple[str, ...] = ()
    """Which phases `init` does, or `undo` takes back; empty: all."""
    summary: Path | None = None
    """Where `init` writes what it did, in Markdown."""
    is_dirty_allowed: bool = False
    """Whether `init` may mix its changes with uncommitted ones."""
    format: str = "text"
    """How `check` reports: a key of `reports.FORMATS`."""
    arguments: tuple[str, ...] = ()
    """The words of the command line, as they were."""
    started: str = "python bootstrap.py"
    """What the person types to start devstrap on this repository."""
