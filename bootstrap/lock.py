"""One run of devstrap at a time in each repository."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import sys
import time
from typing import TYPE_CHECKING, Any

from bootstrap.errors import LockedError, StepError
from bootstrap.state import LOCK, clear_away, prepare

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self

# Windows denies everybody else the bytes that are locked; one far behind the end leaves the holder readable.
_FAR_BEHIND = 0x7FFF_0000

# How often a lock file may be deleted under our hands; some file systems give a file another identity each time.
_ATTEMPTS = 10

# flock(2) says EWOULDBLOCK; Windows and some network file systems say EACCES or EDEADLK.
_HELD = (errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK)


class Lock:
    """Hold the repository while the block runs; the system frees it with the process, however that ends.

    The file says who holds it, for people and for the message of the next run. It is only deleted by who holds it, with
    the state directory, where that was created for this run and there is nothing in it in the end. Two processes could
    then each lock a file of their own, so whoever gets the lock looks whether its file is still the one that is there.
    """

    def __init__(self, state_dir: Path, command: str) -> None:
        self._state_dir = state_dir
        self._path = state_dir / LOCK
        self._command = command
        self._descriptor: int | None = None
        self._has_created = False

    def __enter__(self) -> Self:
        """Take the lock or raise at once: LockedError when it is held, StepError when locking is impossible."""
        descriptor = self._take()
        for _ in range(_ATTEMPTS):
            if _is_at(descriptor, self._path):
                break
            os.close(descriptor)  # somebody has deleted it between our opening and our locking
            descriptor = self._take()
        self._descriptor = descriptor
        _describe(descriptor, self._command)
        return self

    def _take(self) -> int:
        """Open the file and lock it."""
        self._has_created |= prepare(self._state_dir)
        descriptor = self._open()
        try:
            _seize(descriptor)
        except OSError as error:
            holder = _read_holder(descriptor) if error.errno in _HELD else {}
            os.close(descriptor)
            if error.errno in _HELD:
                raise _locked(self._path, holder) from error
            raise StepError(
                f"the file system of {self._path} has no locks: {error.strerror}",
                remedy="put the repository on a file system of this machine",
                path=self._path,
            ) from error
        return descriptor

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None:
            return
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, 0)
        if self._has_created and sys.platform != "win32":  # Windows deletes no file that is open
            with contextlib.suppress(OSError):
                clear_away(self._state_dir)
        _release(descriptor)
        os.close(descriptor)

    def _open(self) -> int:
        """Open the file without following a link, and without handing it down to the commands we start."""
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        try:
            return os.open(self._path, flags, 0o666)
        except OSError as error:
            raise StepError(
                f"devstrap cannot open its lock {self._path}: {error.strerror}",
                remedy="give yourself write permission to that file and its folder",
                path=self._path,
            ) from error


def wait_until_free(state_dir: Path, pause: float = 0.2) -> None:
    """Return when nobody holds the repository; who comes next may hold it again at once."""
    while True:
        try:
            descriptor = os.open(state_dir / LOCK, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
        except OSError:
            return  # nobody can hold what is not there; what else is wrong, whoever takes the lock will say
        is_held = _is_held(descriptor)
        os.close(descriptor)
        if not is_held:
            return
        time.sleep(pause)


def _is_held(descriptor: int) -> bool:
    try:
        _seize(descriptor)
    except OSError as error:
        return error.errno in _HELD
    _release(descriptor)
    return False


def _is_at(descriptor: int, path: Path) -> bool:
    """Say whether an open file is the one that `path` names."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except FileNotFoundError:
        return False


def _seize(descriptor: int) -> None:
    """Lock without waiting; raise OSError when that is not possible."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - only there

        os.lseek(descriptor, _FAR_BEHIND, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # noqa: PLC0415 - not on Windows

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _release(descriptor: int) -> None:
    """Unlock before closing.

    Windows frees the lock of a closed file late, and a command that is just being started has a copy of the descriptor
    until it runs.
    """
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - only there

        os.lseek(descriptor, _FAR_BEHIND, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
    else:
        import fcntl  # noqa: PLC0415 - not on Windows

        fcntl.flock(descriptor, fcntl.LOCK_UN)


def _describe(descriptor: int, command: str) -> None:
    """Write down who holds the lock. A full disk must not stop a run that may need no space at all."""
    holder = {
        "pid": os.getpid(),
        "host": _host(),
        "user": _user(),
        "since": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),  # ISO 8601
        "command": command,
    }
    with contextlib.suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, json.dumps(holder).encode("ascii") + b"\n")


def _read_holder(descriptor: int) -> dict[str, Any]:
    """Return what the holder wrote, or nothing when it has not come to that, or could not."""
    try:
        os.lseek(descriptor, 0, os.SEEK_SET)
        holder = json.loads(os.read(descriptor, 1 << 16))
    except (OSError, ValueError):
        return {}
    return holder if isinstance(holder, dict) else {}


def _locked(path: Path, holder: dict[str, Any]) -> LockedError:
    """Say who is at work here."""
    if not holder:
        return LockedError(
            "another run of devstrap is at work in this repository",
            remedy="wait until it has ended, then run the command again",
            path=path,
        )
    pid, host = _plain(holder.get("pid")), _plain(holder.get("host"))
    stop = f"taskkill /PID {pid}" if sys.platform == "win32" else f"kill {pid}"
    where = "" if host == _plain(_host()) else f" on {host}"
    return LockedError(
        f"another run of devstrap is at work in this repository: process {pid} of {_plain(holder.get('user'))} "
        f"on {host}, since {_plain(holder.get('since'))} ({_plain(holder.get('command'))})",
        remedy=f"wait until it has ended, or end it with `{stop}`{where}, then run the command again",
        path=path,
    )


def _plain(value: object) -> str:
    """Return a value from the file in printable characters only: it goes to a terminal."""
    return "".join(character if character.isprintable() else "?" for character in str(value))


def _host() -> str:
    """Return the name of this machine, without asking a name server."""
    return os.environ.get("COMPUTERNAME", "") if sys.platform == "win32" else os.uname().nodename


def _user() -> str:
    """Return the name of the user, without asking a directory server; failing that, the number."""
    named = next((os.environ[name] for name in ("LOGNAME", "USER", "USERNAME") if os.environ.get(name)), None)
    if named:
        return named
    return _user_by_number(os.getuid()) if hasattr(os, "getuid") else "unknown"


def _user_by_number(number: int, table: str = "/etc/passwd") -> str:
    """Return the name that passwd(5) has for a user of this machine, else `user 1000`."""
    with contextlib.suppress(OSError), open(table, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            name, _, uid, *_ = (*line.split(":"), "", "", "")
            if uid == str(number) and name:
                return name
    return f"user {number}"
