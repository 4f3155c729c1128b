"""The only module that starts processes."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

# What `timeout` returns when it has to end a command, and what a shell returns for a command that is not there.
TIMED_OUT = 124
NOT_STARTED = 127


@dataclass(frozen=True, slots=True)
class Completed:
    """How a process ended. `returncode` is negative for a signal, as in `subprocess`."""

    argv: tuple[str, ...]
    returncode: int
    stdout: str
    stderr: str

    @property
    def ok(self) -> bool:
        """Say whether the process returned 0."""
        return self.returncode == 0


@dataclass(frozen=True, slots=True)
class Command:
    """A process to start: what, where and with which environment."""

    argv: tuple[str, ...]
    cwd: Path
    env: Mapping[str, str]


class Runner(Protocol):
    """Starts a process and waits for it; tests pass one that only records."""

    def __call__(
        self,
        argv: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        timeout: float | None = None,
        on_line: Callable[[str], None] | None = None,
    ) -> Completed:
        """Run `argv` in `cwd` with exactly `env`; `timeout` is in seconds; `on_line` sees stderr as it comes."""


def run(
    argv: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    timeout: float | None = None,
    on_line: Callable[[str], None] | None = None,
) -> Completed:
    """Run a command to its end and return what it said; never raise for how it ended.

    A command that cannot be started returns 127 with the reason on `stderr`; one that takes longer than `timeout`
    seconds is ended and returns 124. On KeyboardInterrupt the child is ended before the exception goes on.
    """
    process = _start(Command(tuple(argv), cwd, env))
    if isinstance(process, OSError):
        return Completed(tuple(argv), NOT_STARTED, "", str(process))
    try:
        if on_line is None:
            stdout, stderr = process.communicate(timeout=timeout)
        else:
            stdout, stderr = _communicate_by_line(process, timeout, on_line)
    except subprocess.TimeoutExpired:
        process.kill()
        stdout, stderr = process.communicate()
        return Completed(tuple(argv), TIMED_OUT, stdout, stderr + f"\nended after {timeout:g} s")
    except BaseException:
        end(process)
        raise
    return Completed(tuple(argv), process.returncode, stdout, stderr)


def run_together(commands: Sequence[Command]) -> list[Completed]:
    """Run commands side by side and return what each said, in their order; like `run`, it never raises for an end."""
    started = [_start(command) for command in commands]
    return [_collect(command, process) for command, process in zip(commands, started, strict=True)]


def _start(command: Command) -> subprocess.Popen[str] | OSError:
    try:
        return subprocess.Popen(
            list(command.argv),
            cwd=command.cwd,
            env=dict(command.env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as error:
        return error


def _collect(command: Command, process: subprocess.Popen[str] | OSError) -> Completed:
    if isinstance(process, OSError):
        return Completed(tuple(command.argv), NOT_STARTED, "", str(process))
    try:
        stdout, stderr = process.communicate()
    except BaseException:
        end(process)
        raise
    return Completed(tuple(command.argv), process.returncode, stdout, stderr)


def _communicate_by_line(
    process: subprocess.Popen[str], timeout: float | None, on_line: Callable[[str], None]
) -> tuple[str, str]:
    """Wait for `process`, handing over each line of its stderr as it comes."""
    assert process.stdout is not None  # noqa: S101 - both are pipes: run() asked for them
    assert process.stderr is not None  # noqa: S101
    stdout: list[str] = []
    reader = threading.Thread(target=lambda pipe: stdout.append(pipe.read()), args=(process.stdout,), daemon=True)
    reader.start()
    stderr: list[str] = []
    for line in process.stderr:
        stderr.append(line)
        on_line(line.rstrip("\r\n"))
    process.wait(timeout)
    reader.join()
    process.stdout.close()
    process.stderr.close()
    return "".join(stdout), "".join(stderr)


def end(process: subprocess.Popen[str]) -> None:
    """End a child that nobody waits for any more: ask first, insist after two seconds."""
    process.terminate()
    try:
        process.communicate(timeout=2)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def become(argv: Sequence[str], *, env: Mapping[str, str]) -> int:
    """Turn into `argv` where the system can; elsewhere run it and return its exit code.

    Raises OSError where the command cannot be started.
    """
    if os.name == "posix":
        os.execvpe(argv[0], list(argv), dict(env))  # noqa: S606 - no shell is wanted
    # Windows has no exec that keeps the console: stay as the parent, and let the child have Ctrl-C.
    previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return subprocess.call(list(argv), env=dict(env))
    finally:
        signal.signal(signal.SIGINT, previous)
