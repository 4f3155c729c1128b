"""What was found and what is known of it, joined into one list in the order of preference."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap.detect.host import HEADER_SIZE, executable_architectures
from bootstrap.detect.interpreters.files import read
from bootstrap.detect.interpreters.installation import PROGRAM_NAME
from bootstrap.detect.interpreters.programs import Found
from bootstrap.detect.interpreters.search import Place
from bootstrap.machine import Interpreter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bootstrap.detect.interpreters.installation import Details
    from bootstrap.machine import Host


def assemble(found: Sequence[Found], details: Mapping[str, Details], host: Host) -> tuple[Interpreter, ...]:
    """Join what was found with what is known of it, and drop what is there twice."""
    chosen: dict[tuple[object, ...], tuple[Found, Details]] = {}
    for one in found:
        told = details.get(one.real)
        if told is None:
            continue
        one = _follow(one, told)  # noqa: PLW2901 - a wrapper leads to the program that it starts
        # python3.6 and python3.6m, python.exe and python3.exe, a debug build beside the usual one: one installation.
        identity = (os.path.dirname(one.real), told.implementation, told.version, told.is_free_threaded)
        first, _ = chosen.setdefault(identity, (one, told))
        first.rank = min(first.rank, one.rank)
    ordered = sorted(chosen.values(), key=lambda pair: _order(*pair))
    return tuple(_interpreter(one, told, host) for one, told in ordered)


def _order(one: Found, told: Details) -> tuple[object, ...]:
    """Return the key to sort by."""
    newest_first = tuple(-number for number in _numbers(told.version))
    return (one.rank, newest_first, told.implementation != "cpython", told.is_free_threaded, one.path)


def _numbers(version: str) -> tuple[int, ...]:
    """Return a version as numbers that compare as PEP 440 says: a < b < rc < final."""
    release, stage, serial = re.fullmatch(r"([\d.]+)(a|b|rc)?(\d*)", version).groups()  # type: ignore[union-attr]
    return (*map(int, release.split(".")), ("a", "b", "rc", None).index(stage), int(serial or 0))


def _interpreter(one: Found, told: Details, host: Host) -> Interpreter:
    """Return the finished description."""
    is_native = host.architecture in one.architectures or not one.architectures
    return Interpreter(
        executable=Path(one.path),
        version=told.version,
        implementation=told.implementation,
        architecture=host.architecture if is_native else one.architectures[0],
        source=one.source,
        prefix=Path(told.prefix),
        is_free_threaded=told.is_free_threaded,
    )


def _follow(one: Found, told: Details) -> Found:
    """Return the program that answered, where it is another than the one that was called: a wrapper starts it."""
    executable = told.executable
    if not executable or not os.path.isabs(executable) or os.path.realpath(executable) == one.real:
        return one
    real = os.path.realpath(executable)
    architectures = executable_architectures(read(real, HEADER_SIZE) or b"")
    if not architectures or not PROGRAM_NAME.fullmatch(os.path.basename(real)):
        return one
    answered = Found(real, real, architectures, Place("", one.source))
    answered.rank = one.rank
    return answered
