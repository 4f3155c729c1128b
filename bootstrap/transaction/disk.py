"""The few acts on the disk of which a transaction is made, and how they differ between systems."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

POSIX = os.name == "posix"

# fsync(2): what file systems say that cannot do it; on those there is nothing better to be had.
_CANNOT_SYNC = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EBADF}

# link(2): no links here (EPERM, ENOTSUP, ENOSYS), across a mount (EXDEV), or enough of them (EMLINK); Windows: EACCES.
_CANNOT_LINK = {errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EXDEV, errno.EMLINK, errno.EACCES, errno.EINVAL}

# IO_REPARSE_TAG_MOUNT_POINT: a junction of Windows, which lstat calls a folder although it leads elsewhere.
_JUNCTION = 0xA000_0003

# Where installers write into files instead of replacing them: the top of an environment, and its scripts.
_WRITTEN_IN_PLACE = ("", "bin", "Scripts")


def read(path: Path) -> tuple[bytes, os.stat_result] | None:
    """Return the content of a regular file and its stat, or None where nothing is; raise OSError."""
    # Without O_NONBLOCK, a pipe put here by somebody would keep us waiting.
    flags = os.O_RDONLY | _flag("O_NOFOLLOW") | _flag("O_BINARY") | _flag("O_NONBLOCK")
    try:
        descriptor = os.open(path, flags)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        info = os.fstat(descriptor)
        if not stat.S_ISREG(info.st_mode):
            raise OSError(errno.EINVAL, "it is not a regular file", str(path))
        return b"".join(iter(lambda: os.read(descriptor, 1 << 20), b"")), info
    finally:
        os.close(descriptor)


def write_new(path: Path, content: bytes, mode: int) -> None:
    """Create a file that is on the disk, all of it, when this returns. `mode` is subject to the umask."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _flag("O_NOFOLLOW") | _flag("O_BINARY")
    descriptor = os.open(path, flags, mode)
    try:
        write_all(descriptor, content)
        sync(descriptor)
    finally:
        os.close(descriptor)


def write_all(descriptor: int, content: bytes) -> None:
    """Write the whole of `content`, however little the system takes at a time."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def sync(descriptor: int) -> None:
    """Wait until the disk has it."""
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC:
            raise


def sync_folder(path: Path) -> None:
    """Wait until the disk has the names in a folder; Windows neither can nor needs to. A folder that went is fine."""
    if not POSIX:
        return
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    except (FileNotFoundError, PermissionError):
        return
    try:
        sync(descriptor)
    finally:
        os.close(descriptor)


def set_attributes(path: Path, *, mode: int, owner: tuple[int, int], mtime_ns: int | None = None) -> None:
    """Give a file the owner as far as we may, then the mode (chown clears bits of it), then the time."""
    if POSIX and owner_of(path.lstat()) != owner:
        with contextlib.suppress(PermissionError):
            os.chown(path, *owner)
    path.chmod(mode)
    if mtime_ns is not None:
        os.utime(path, ns=(mtime_ns, mtime_ns))


def owner_of(info: os.stat_result) -> tuple[int, int]:
    """Return user and group of a stat."""
    return info.st_uid, info.st_gid


def identity(path: Path) -> int | None:
    """Return what stays the same when a folder is renamed, or None where nothing is."""
    try:
        return path.lstat().st_ino
    except (FileNotFoundError, NotADirectoryError):
        return None


def is_folder(info: os.stat_result) -> bool:
    """Say whether a file's lstat is that of a folder in its own right."""
    return stat.S_ISDIR(info.st_mode) and getattr(info, "st_reparse_tag", 0) != _JUNCTION


def remove_tree(path: Path) -> None:
    """Delete whatever is at `path`, without following links; nothing there is fine."""
    try:
        info = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return
    if is_folder(info):
        remove_contents(path)
        path.rmdir()
    else:
        _unlink(path)


def remove_contents(path: Path) -> None:
    """Delete what is in a folder, and leave the folder."""
    if POSIX and path.lstat().st_mode & 0o700 != 0o700:
        path.chmod(0o700)  # packages may have folders that nobody may write to
    for entry in sorted(path.iterdir()):
        remove_tree(entry)


def _unlink(path: Path) -> None:
    """Delete a file; Windows refuses for a read-only one."""
    try:
        path.unlink()
    except PermissionError:
        if POSIX:
            raise
        path.chmod(stat.S_IWRITE)
        path.unlink()


def copy_tree(source: Path, destination: Path, inside: str = "") -> None:
    """Copy a folder with its modes and times: links as links, files as hard links where that is possible and safe.

    A hard link shares its bytes, so it is only safe where they are never written in place. uv and pip replace the
    files of packages; what they and others do write into (pyvenv.cfg, scripts) is small and is copied. `inside` is
    the folder's path within the copy. Contents are not flushed: an environment can be made again.
    """
    info = source.lstat()
    destination.mkdir(0o700)
    for old in sorted(source.iterdir()):
        new = destination / old.name
        entry = old.lstat()
        if is_folder(entry):
            copy_tree(old, new, f"{inside}/{old.name}" if inside else old.name)
        elif not stat.S_ISREG(entry.st_mode):
            _copy_special(old, new, entry)
        elif inside in _WRITTEN_IN_PLACE or not _link(old, new):
            _copy_file(old, new, entry)
    set_attributes(destination, mode=stat.S_IMODE(info.st_mode), owner=owner_of(info), mtime_ns=info.st_mtime_ns)


def _link(old: Path, new: Path) -> bool:
    """Make a hard link; say whether that was possible."""
    try:
        new.hardlink_to(old)
    except OSError as error:
        if error.errno not in _CANNOT_LINK:
            raise
        return False
    return True


def _copy_file(old: Path, new: Path, info: os.stat_result) -> None:
    """Copy a regular file with its mode, owner and time."""
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _flag("O_BINARY"), 0o600)
    try:
        with old.open("rb") as reading:
            while chunk := reading.read(1 << 20):
                write_all(descriptor, chunk)
    finally:
        os.close(descriptor)
    set_attributes(new, mode=stat.S_IMODE(info.st_mode), owner=owner_of(info), mtime_ns=info.st_mtime_ns)


def _copy_special(old: Path, new: Path, info: os.stat_result) -> None:
    """Copy a symbolic link as it is. A pipe or a socket belongs to a process, and is left out."""
    if stat.S_ISLNK(info.st_mode):
        new.symlink_to(old.readlink(), target_is_directory=old.is_dir())


def _flag(name: str) -> int:
    """Return a flag of open(2) that not every system has."""
    value: int = getattr(os, name, 0)
    return value
