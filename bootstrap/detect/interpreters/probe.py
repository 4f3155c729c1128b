"""Asking the Pythons whose files do not tell their version, each once: they are started, and their answers kept."""

from __future__ import annotations

import os
import re
from functools import partial
from typing import TYPE_CHECKING

from bootstrap.detect.interpreters.cache import load, stamp, store
from bootstrap.detect.interpreters.installation import VERSION, Details

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from bootstrap.detect.interpreters.programs import Found
    from bootstrap.process import Runner

_TIMEOUT = 10.0
_THREADS = 8

# Prints one line; understood by Python 2.6 and everything since. Paths are in hexadecimal: they may hold anything.
_QUESTION = """\
import sys
def h(s):
    s = s or ''
    return ''.join('%02x' % b for b in bytearray(s if isinstance(s, bytes) else s.encode('utf-8', 'surrogateescape')))
v = sys.version_info
i = getattr(sys, 'implementation', None)
n = i.name if i else 'pypy' if hasattr(sys, 'pypy_version_info') else 'cpython'
t = int('free-threading' in sys.version)
p = h(getattr(sys, 'base_prefix', sys.prefix))
e = h(sys.executable)
sys.stdout.write('devstrap|%d.%d.%d|%s|%d|%s|%d|%s|%s|\\n' % (v[0], v[1], v[2], v[3], v[4], n, t, p, e))
"""
_ANSWER = r"devstrap\|([\d.]+)\|([a-z]+)\|(\d+)\|(\w+)\|(\d)\|((?:[0-9a-f]{2})*)\|((?:[0-9a-f]{2})*)\|"
_RELEASE_LEVELS = {"alpha": "a", "beta": "b", "candidate": "rc"}


def ask_all(
    silent: Sequence[Found], *, env: Mapping[str, str], runner: Runner | None, cache_dir: Path | None, cwd: Path
) -> dict[str, Details]:
    """Return what `silent` say of themselves, from the cache or by starting them, several at a time."""
    remembered = load(cache_dir)
    answers: dict[str, Details] = {}
    unknown = []
    for one in silent:
        entry = remembered.get(one.real)
        if entry is not None and entry[0] == stamp(one.real):
            answers[one.real] = entry[1]
        else:
            unknown.append(one)
    if not unknown:
        return answers
    new = _start_all(unknown, env=env, runner=runner, cwd=cwd)
    answers.update(new)
    # A wrapper stays as it is when the Python behind it changes.
    new = {path: told for path, told in new.items() if os.path.realpath(told.executable or path) == path}
    if new and cache_dir is not None:
        kept = {path: entry for path, entry in remembered.items() if path not in new and os.path.exists(path)}
        store(cache_dir, kept | {path: (stamp(path), told) for path, told in new.items()})
    return answers


def _start_all(
    unknown: Sequence[Found], *, env: Mapping[str, str], runner: Runner | None, cwd: Path
) -> dict[str, Details]:
    """Start every Python in `unknown`; those that fail, hang or say something else are left out."""
    import threading  # noqa: PLC0415 - a kept answer starts nothing

    if runner is None:
        from bootstrap.process import run  # noqa: PLC0415 - as above

        runner = run
    # What steers a Python must not steer these; Apple's launcher variable makes one take another for itself.
    clean = {name: value for name, value in env.items() if not name.startswith(("PYTHON", "__PYVENV_LAUNCHER__"))}
    ask = partial(_ask, env=clean, runner=runner, cwd=cwd)
    answers: dict[str, Details] = {}
    pending = list(unknown)

    def work() -> None:
        while True:
            try:
                one = pending.pop()
            except IndexError:
                return
            told = ask(one)
            if told is not None:
                answers[one.real] = told

    threads = [threading.Thread(target=work, daemon=True) for _ in range(min(_THREADS, len(pending)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _ask(one: Found, *, env: Mapping[str, str], runner: Runner, cwd: Path) -> Details | None:
    """Start one Python and return what it says, or None. `-I` would say `-E -s` in one, but 2.7 does not know it."""
    completed = runner((one.path, "-E", "-s", "-S", "-c", _QUESTION), cwd=cwd, env=env, timeout=_TIMEOUT)
    answer = re.search(_ANSWER, completed.stdout)
    if not completed.ok or answer is None:
        return None
    release, level, serial, implementation, threaded, prefix, executable = answer.groups()
    version = release if level == "final" else f"{release}{_RELEASE_LEVELS.get(level, level)}{serial}"
    if not re.fullmatch(VERSION, version):
        return None
    return Details(
        version,
        implementation,
        _from_hex(prefix),
        is_free_threaded=threaded == "1",
        executable=_from_hex(executable),
    )


def _from_hex(text: str) -> str:
    return bytes.fromhex(text).decode("utf-8", "surrogateescape")
