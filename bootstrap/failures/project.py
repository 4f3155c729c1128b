"""A project that cannot be built because of what its own setup.py or setup.cfg says: which line, and what is wrong."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from bootstrap.failures.builds import package, reason_in
from bootstrap.failures.told import Told

if TYPE_CHECKING:
    from bootstrap.failures.causes import Failure
    from bootstrap.failures.places import Written

_SCRIPT, _CONFIGURATION = "setup.py", "setup.cfg"
# setuptools runs setup.py as a text without a name; so does uv what starts setuptools, which comes first.
_FRAME = re.compile(r'^File "<string>", line (\d+)')
_SYNTAX = re.compile(r"^(?:SyntaxError|IndentationError|TabError): (.+)$")
_INI = re.compile(r"^(?:configparser\.\w+|configparser\.Error): (.+)$")
_INI_PLACE = re.compile(r"^(?:file: |.*?)'([^']*setup\.cfg)',? ?(?:\[?line:? *(\d+))?")
_COMMAND = re.compile(r"^error in .* setup command: (.+)$")
_MEND = "correct it there, then run this again"


def told(failure: Failure) -> Told | None:
    """Tell of the project itself, of which uv does not give the name while nobody knows it; None for anything else."""
    said = failure.said
    is_nameless = "metadata field name not found" in said.lower
    if package(said.text) or not (is_nameless or "build backend" in said.lower) or not _is_alone(said.argv):
        return None
    if is_nameless or any("Exactly one .egg-info should have been produced" in line for line in said.quoted):
        cause = "nothing tells what the project is called: neither [metadata] of setup.cfg nor a call of setup()"
        return Told(cause, "say name and version there, and see that setup.py calls setup()")
    found = next((one for kind in _KINDS if (one := kind(failure)) is not None), None)
    if found is not None:
        return found
    where = _line_of_script(failure)
    place = f" ({where.where})" if where else ""
    return Told(
        f"the project itself could not be built: {reason_in(said.quoted) or said.text}{place}",
        "mend how the project is built ([build-system] of pyproject.toml, setup.py); --verbose shows all of it",
        where,
    )


def _is_alone(argv: tuple[str, ...]) -> bool:
    """Say whether the command installs the project, and no other folder."""
    edited = [word for option, word in pairwise(argv) if option == "--editable"]
    return edited != [] and all(word.partition("[")[0] == "." for word in edited)


def _line_of_script(failure: Failure) -> Written | None:
    """Return the line of setup.py that was run last, or at which it could not be read."""
    lines = [int(found[1]) for line in failure.said.quoted if (found := _FRAME.match(line))]
    has_script = any(file.rpartition("/")[2] == _SCRIPT for file in failure.places.files())
    return failure.places.of_line(_SCRIPT, lines[-1]) if has_script and len(lines) > 1 else None


def _syntax(failure: Failure) -> Told | None:
    reason = next((found[1] for line in failure.said.quoted if (found := _SYNTAX.match(line))), "")
    where = _line_of_script(failure) if reason else None
    return Told(f"{where.where} is no Python that can be read: {reason}", _MEND, where) if where else None


def _ini(failure: Failure) -> Told | None:
    quoted = failure.said.quoted
    at = next((number for number, line in enumerate(quoted) if _INI.match(line)), None)
    if at is None:
        return None
    found = next((match for line in quoted[at:] if (match := _INI_PLACE.match(line))), None)
    number = re.search(r"line:? *(\d+)", " ".join(quoted[at:]))
    where = failure.places.of_line(_CONFIGURATION, int(number[1])) if found and number else None
    reason = (_INI.match(quoted[at]) or [""] * 2)[1].rstrip(".")
    return Told(f"{where.where if where else _CONFIGURATION} is not as it has to be: {reason}", _MEND, where)


def _command(failure: Failure) -> Told | None:
    """Tell of what setuptools does not take of the arguments of setup(), with what it points at below."""
    quoted = failure.said.quoted
    at = next((number for number, line in enumerate(quoted) if _COMMAND.match(line)), None)
    if at is None:
        return None
    reason = (_COMMAND.match(quoted[at]) or [""] * 2)[1]
    text = next((line for line in quoted[at + 1 :] if line.strip(" ~^")), "")
    where = failure.places.of_words(f'"{text}"', f"'{text}'", text) if text else None
    shown = f"{text}{f' ({where.where})' if where else ''}: " if text else ""
    return Told(f"the project itself could not be built: {shown}{reason}", _MEND, where)


_KINDS = (_syntax, _ini, _command)
