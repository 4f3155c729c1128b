"""What is known of a machine. Apart from the other types: the inventory needs none of them, and they take time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Host:
    """The machine and the circumstances under which devstrap runs on it."""

    system: str
    """`linux`, `darwin` or `windows`."""
    architecture: str
    """As in wheel tags, one spelling on every system: `x86_64`, `aarch64`, `x86` ..."""
    libc: str
    """`gnu`, `musl`, or empty where the question does not arise."""
    is_container: bool
    is_wsl: bool
    is_ci: bool


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python on this machine that can be started as it is: never a shim, never a stub."""

    executable: Path
    """Absolute; links below the installation are followed only as far as the version stays the same."""
    version: str
    """Exact, as PEP 440 writes it: `3.12.1`, `3.15.0a2`."""
    implementation: str
    """`sys.implementation.name`: `cpython`, `pypy`, `graalpy` ..."""
    architecture: str
    """As in `Host.architecture`; an arm64 machine may have x86_64 Pythons."""
    source: str
    """Who put it there, as far as its place tells.

    A version manager: `uv`, `pyenv`, `asdf`, `mise`, `conda`, `homebrew`. The system: `system` (the distribution),
    `framework` (macOS), `registry`, `store`, `pymanager` (Windows). `toolcache` (a CI runner). Else `path`: PATH
    led to it, `/usr/local/bin`, an alternative of Debian's, an environment on PATH, or the caller.
    """
    prefix: Path
    is_free_threaded: bool = False
