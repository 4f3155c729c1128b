r"""Every Python on the machine, told by what lies around it; one is started only when nothing there tells its version.

Where they are looked for is the table `sources.SOURCES`, and PATH. What is there decides, in this order:

1. `include/python3.X/patchlevel.h`, which CPython and PyPy install beside the library and upgrade with it,
2. `conda-meta/python-3.X.Y-*.json` of a conda environment,
3. the name that uv, pyenv, asdf, mise or the Windows registry give to an exact version,
4. the interpreter itself, started without site and user settings. Its answer is kept in `interpreters.json` for as
   long as the real file keeps its size, its time and its inode, so an upgrade in place is noticed.

Nothing that is found is started for the sake of finding: shims (scripts, and links to a version manager's program),
launchers, the Microsoft Store's stubs and Apple's `/usr/bin/python3` are recognised and passed over, because the
installations that they lead to are found directly. Virtual environments are no interpreters of their own.

Order: those on PATH as PATH has them, then the others; in each the newest first, CPython before others, then by path.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap.detect.interpreters.installation import read_off
from bootstrap.detect.interpreters.inventory import assemble
from bootstrap.detect.interpreters.programs import locate
from bootstrap.detect.interpreters.search import Search

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bootstrap.detect.interpreters.installation import Details
    from bootstrap.detect.interpreters.programs import Found
    from bootstrap.detect.interpreters.registry import ReadKey
    from bootstrap.machine import Host, Interpreter
    from bootstrap.process import Runner


def find_interpreters(  # noqa: PLR0913 - each is an edge of the machine, which a test replaces
    env: Mapping[str, str],
    host: Host,
    *,
    cache_dir: Path | None,
    runner: Runner | None = None,
    system_root: Path = Path("/"),
    read_key: ReadKey | None = None,
    known: Sequence[Path] = (),
) -> tuple[Interpreter, ...]:
    """Return every Python on the machine, each real program once, in the order that the module describes.

    `env` stands for PATH, the home and the variables of the version managers; `system_root` for `/`. `cache_dir` keeps
    the answers of those that had to be started (None: keep nothing). `known` names further executables to consider, as
    the one that devstrap was started with. Nothing on the machine makes this raise: what cannot be read is not there.
    """
    search = Search(env, host, system_root, read_key)
    found = locate(search, known)
    details: dict[str, Details] = {}
    silent: list[Found] = []
    for one in found:
        told = read_off(one.real, one.label, is_windows=search.is_windows)
        if told is None:
            silent.append(one)
        else:
            details[one.real] = told
    if silent:
        from bootstrap.detect.interpreters.probe import ask_all  # noqa: PLC0415 - on most machines the files tell all

        details |= ask_all(silent, env=env, runner=runner, cache_dir=cache_dir, cwd=system_root)
    return assemble(found, details, host)
