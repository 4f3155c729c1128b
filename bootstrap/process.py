"""The only module that starts processes."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from typing import IO, TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

# What `timeout` returns when it has to end a command, and what a shell returns for a command that is not there.
TIMED_OUT = 124
NOT_STARTED = 127
_PATIENCE = 300.0
# How long a child may take to end once it is asked to, in seconds.
_GRACE = 2


class Completed(NamedTuple):
    """How a process ended. `returncode` is negative for a signal, as in `subprocess`."""

    argv: tuple[str, ...]
    returncode: int
    stdout: str
    stderr: str

    @property
    def ok(self) -> bool:
        """Say whether the process returned 0."""
        return self.returncode == 0


class Command(NamedTuple):
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
    if isinstance(process, Exception):
        return Completed(tuple(argv), NOT_STARTED, "", str(process))
    if on_line is not None:
        return _run_by_line(process, tuple(argv), timeout, on_line)
    try:
        stdout, stderr = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        stdout, stderr = end(process)
        return Completed(tuple(argv), TIMED_OUT, stdout, stderr + _ended_after(timeout))
    except BaseException:
        end(process)
        raise
    return Completed(tuple(argv), process.returncode, stdout, stderr)


def run_together(commands: Sequence[Command], patience: float | None = _PATIENCE) -> list[Completed]:
    """Run commands side by side and return what each said, in their order; like `run`, it never raises for an end.

    Whatever takes longer than `patience` (in seconds; None: as long as it takes) is ended: an import that waits for
    something must not hold up a report.
    """
    started: list[subprocess.Popen[str] | Exception] = []
    try:
        started += map(_start, commands)
        until = time.monotonic() + (patience or 0)
        return [
            _collect(command, process, patience and max(0.0, until - time.monotonic()), patience)
            for command, process in zip(commands, started, strict=True)
        ]
    except BaseException:
        for process in started:
            if not isinstance(process, Exception):
                end(process)
        raise


def _start(command: Command) -> subprocess.Popen[str] | Exception:
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
    except (OSError, ValueError) as error:  # ValueError: a word that no command line can hold, with a NUL in it
        return error


def _collect(
    command: Command, process: subprocess.Popen[str] | Exception, left: float | None, patience: float | None
) -> Completed:
    if isinstance(process, Exception):
        return Completed(tuple(command.argv), NOT_STARTED, "", str(process))
    try:
        stdout, stderr = process.communicate(timeout=left)
    except subprocess.TimeoutExpired:
        end(process)
        return Completed(tuple(command.argv), TIMED_OUT, "", f"ended after {patience:g} s")
    return Completed(tuple(command.argv), process.returncode, stdout, stderr)


def _run_by_line(
    process: subprocess.Popen[str], argv: tuple[str, ...], timeout: float | None, on_line: Callable[[str], None]
) -> Completed:
    """Wait for `process`, handing over each line of its stderr as it comes."""
    stdout: list[str] = []
    stderr: list[str] = []
    is_late = threading.Event()
    reader = threading.Thread(target=lambda: stdout.append(_pipe(process.stdout).read()), daemon=True)

    def interrupt() -> None:
        is_late.set()
        process.kill()

    timer = threading.Timer(timeout or 0, interrupt)
    timer.daemon = True
    reader.start()
    if timeout is not None:
        timer.start()
    try:
        for line in _pipe(process.stderr):
            stderr.append(line)
            on_line(line.rstrip("\r\n"))
        process.wait()
    except BaseException:
        _stop(process)
        raise
    finally:
        timer.cancel()
        # What the child started may outlive it and keep its pipes: nobody waits for that after a failure.
        reader.join(None if process.returncode == 0 else _GRACE)
        if not reader.is_alive():
            _close(process)
    told = "".join(stderr) + (_ended_after(timeout) if is_late.is_set() else "")
    return Completed(argv, TIMED_OUT if is_late.is_set() else process.returncode, "".join(stdout), told)


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None  # noqa: S101 - both are pipes: _start() asked for them
    return pipe


def _ended_after(timeout: float | None) -> str:
    return f"\nended after {timeout:g} s"


def end(process: subprocess.Popen[str]) -> tuple[str, str]:
    """End a child that nobody waits for any more, and return what it said: ask first, insist after two seconds."""
    if process.poll() is None:
        process.terminate()
    try:
        return process.communicate(timeout=_GRACE)
    except subprocess.TimeoutExpired as error:
        # It will not end, or what it started keeps its pipes open.
        process.kill()
        process.wait()
        _close(process)
        return _decoded(error.stdout), _decoded(error.stderr)


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _close(process: subprocess.Popen[str]) -> None:
    _pipe(process.stdout).close()
    _pipe(process.stderr).close()


def _decoded(output: bytes | str | None) -> str:
    return output.decode("utf-8", "replace") if isinstance(output, bytes) else output or ""


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
