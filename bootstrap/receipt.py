"""A run with nothing to do, answered in a blink.

A run that ends well leaves a receipt in the cache: everything that it looked at, with size, time and inode, the
commands by which uv says that the environment fits, and what it reported. While all of that is as it was, and uv says
so again, the next run has the same to report. Anything else, however small, and it looks at everything anew.

Only the full run can find something wrong; this one can only find that nothing has changed. It imports next to nothing,
since what it saves is mostly the time that imports take.
"""

from __future__ import annotations

import os
import zlib

from bootstrap.environ import CI_VARIABLES, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


SPLIT = "\x1e"
"""Stands in a report between what comes before the headline and what comes after it."""

_TITLE = "devstrap receipt 2"
_ABSENT = "-"
_UNIT = "\x1f"
# A tree larger than this costs more to look through than it is worth.
_MOST_FILES = 5000
_PREFIXES = ("DEVSTRAP_", "PIP_", "UV_")


class Check:
    """A command of uv's that has to return 0."""

    __slots__ = ("argv", "cwd", "env")

    def __init__(self, argv: tuple[str, ...], cwd: str, env: tuple[tuple[str, str], ...]) -> None:
        self.argv = argv
        self.cwd = cwd
        self.env = env


def place(cache: str, root: str) -> str:
    """Return the file of the receipt for `root`; two sums of 32 bits keep the roots of one person apart."""
    path = os.fsencode(root)
    return os.path.join(cache, "receipts", f"{zlib.crc32(path):08x}{zlib.crc32(path[::-1]):08x}")


def stamp(path: str) -> str:
    """Return what changes when a file or folder does: size, time, inode; links are followed."""
    try:
        status = os.stat(path)
    except OSError:
        return _ABSENT
    return f"{status.st_size}:{status.st_mtime_ns}:{status.st_ino}"


def stamp_tree(path: str) -> str:
    """Return what changes when a Python file below `path` does, comes, goes or gets another name."""
    count, total = 0, 0
    waiting = [path]
    while waiting:
        try:
            entries = list(os.scandir(waiting.pop()))
        except OSError:
            continue
        for entry in entries:
            if entry.name.endswith(".py"):
                count += 1
                total += zlib.crc32(os.fsencode(f"{stamp(entry.path)} {entry.path}"))
            elif entry.name != "__pycache__" and entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
        if count > _MOST_FILES:
            return _ABSENT
    return f"{count}:{total}"


def circumstances(arguments: Iterable[str], env: Mapping[str, str]) -> str:
    """Return the command line and a checksum of the variables that could change what a run does."""
    named = (name for name in env if name.startswith(_PREFIXES) or name in CI_VARIABLES)
    relevant = sorted(f"{name}={env[name]}" for name in named)
    return _UNIT.join((*arguments, f"{zlib.crc32(_UNIT.join(relevant).encode('utf-8', 'surrogateescape')):08x}"))


def write(
    file: str,
    circumstance: str,
    paths: Iterable[str],
    trees: Iterable[str],
    checks: Iterable[Check],
    report: str,
) -> None:
    """Write a receipt atomically, its report in what a terminal can take.

    A receipt that cannot be written does no harm: the next run looks at everything.
    """
    lines = [_TITLE, circumstance]
    lines += [f"P{stamp(path)} {path}" for path in sorted(set(paths))]
    lines += [f"T{stamp_tree(path)} {path}" for path in sorted(set(trees))]
    for check in checks:
        words = (check.cwd, *check.argv, "", *(f"{name}={value}" for name, value in check.env))
        if words.count("") > 1 or any(_UNIT in word for word in words):
            return  # it could not be read back as it is
        lines.append("C" + _UNIT.join(words))
    if any("\n" in line for line in lines) or report.count(SPLIT) > 1:
        return  # a path with a line break in it, or a name with our mark
    shown = "".join(c if c.isprintable() or c in ("\n", "\t", SPLIT) else "?" for c in report)
    _write_whole(file, "\n".join((*lines, "", shown)))


def _write_whole(file: str, text: str) -> None:
    """Write a file that nobody ever sees half of; leave nothing where that fails."""
    temporary = f"{file}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(file), exist_ok=True)
        with open(temporary, "w", encoding="utf-8", errors="surrogateescape", newline="\n") as stream:
            stream.write(text)
        os.replace(temporary, file)
    except (OSError, UnicodeError):
        try:
            os.unlink(temporary)
        except OSError:
            return


def answer(file: str, circumstance: str, env: Mapping[str, str]) -> str | None:
    """Return the report of the run that left the receipt, if everything is as it was then; else None."""
    if os.name != "posix":
        return None
    try:
        with open(file, encoding="utf-8", errors="surrogateescape", newline="\n") as stream:
            head, is_whole, report = stream.read().partition("\n\n")
    except (OSError, ValueError):
        return None
    title, noted, *lines = (*head.split("\n"), "", "")
    if not is_whole or title != _TITLE or noted != circumstance:
        return None
    # uv takes as long as all the rest together: it starts first, and is asked last.
    running = [_start(line[1:], env) for line in lines if line.startswith("C")]
    unchanged = all(_is_unchanged(line) for line in lines if line[:1] in ("P", "T"))
    codes = [_wait(process) for process in running]
    return report if unchanged and not any(codes) else None


def _is_unchanged(line: str) -> bool:
    noted, _, path = line[1:].partition(" ")
    return noted == (stamp(path) if line[0] == "P" else stamp_tree(path)) and (line[0] == "P" or noted != _ABSENT)


def _start(line: str, env: Mapping[str, str]) -> int:
    """Start a check without a word; return its process, or 0 where it cannot be started."""
    parts = line.split(_UNIT)
    end = parts.index("") if "" in parts else 0
    if end < 2:
        return 0  # damaged
    cwd, *argv = parts[:end]
    extra = dict(part.partition("=")[::2] for part in parts[end + 1 :])
    silent = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
    try:
        # uv takes its folder as an option, so that ours need not change
        return os.posix_spawn(argv[0], [argv[0], "--directory", cwd, *argv[1:]], clean(env, extra), file_actions=silent)
    except OSError:
        return 0


def _wait(process: int) -> int:
    if not process:
        return 127
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
