"""A package whose build failed: which one and who wants it, why it is built at all, what stopped it, what it misses."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap.failures import system
from bootstrap.failures.causes import Failure, is_own
from bootstrap.failures.told import Told
from bootstrap.proof import names

if TYPE_CHECKING:
    from bootstrap.failures.words import Said

_FAILED = r"Failed to (?:download and )?build `([^`]+)`"
_OLD_SETUPTOOLS = (
    "it builds with an older setuptools only: put setuptools<81 into build-constraint-dependencies of [tool.uv], "
    "or into a file that UV_BUILD_CONSTRAINT names"
)
# What says why, in the output of compilers, build tools and Python; the first kind that is found.
_REASONS = (
    r"fatal error: .*",
    r"(?:[A-Z]\w*(?:Error|Exception)|SystemExit)\b.*",
    r"(?:\S+: )?error: (?!command |subprocess-exited|.*exited with code|metadata-generation).+",
    r"CMake Error.*",
    r".*(?:not found|No such file or directory).*",
    r"error: .*",
)


def package(text: str) -> str:
    """Return which package could not be built, as uv names it; empty where it was no build that failed."""
    found = re.search(_FAILED, text)
    return found[1] if found else ""


def told(failure: Failure) -> Told | None:
    """Tell of a build that failed; None where it was none."""
    said = failure.said
    wanted = package(said.text)
    if not wanted and "build backend" not in said.lower:
        return None
    needs = system.missing("\n".join(said.quoted))
    reason = reason_in(said.quoted) or said.text
    where = None if is_own(failure, wanted) else failure.first(wanted)
    cause = f"{_what(failure, wanted)} could not be built: {reason}"
    titles = ", ".join(need.title for need in needs)
    return Told(f"{cause} (the system lacks {titles})" if needs else cause, _remedy(failure, wanted, needs), where)


def _what(failure: Failure, wanted: str) -> str:
    if is_own(failure, wanted):
        return f"the project itself, {wanted.partition(' @ ')[0]},"
    named = failure.spelled(wanted) if wanted else "a package"
    has_release = "==" in wanted and failure.said.python
    return named + (f", of which there is no wheel for Python {failure.said.python}," if has_release else "")


def reason_in(output: list[str]) -> str:
    """Return the line of a build's output that says why; the last one where none can be told."""
    for pattern in _REASONS:
        found = [line for line in output if re.fullmatch(rf"(?:\S+:\d+(?::\d+)?: )?{pattern}", line)]
        if found:
            # A compiler's first complaint is the cause of the others; of Python's errors it is the last.
            return found[0] if pattern.startswith("fatal") else found[-1]
    # Python's tracebacks point with ~~~^ at what they speak of
    words = [line for line in output if line.strip(" ~^")]
    return words[-1] if words else ""


def _is_outgrown(said: Said) -> bool:
    """Say whether a build uses what newer Pythons no longer have."""
    text = "\n".join(said.quoted)
    missing = re.findall(r"No module named ['\"]?(\w+)", text)
    return bool({*names.DROPPED, "distutils"} & set(missing)) or any(words in text for words, _ in names.OUTGROWN)


def _remedy(failure: Failure, wanted: str, needs: list[system.Need]) -> str:
    if "No module named 'pkg_resources'" in failure.said.whole:
        return _OLD_SETUPTOOLS
    if is_own(failure, wanted) and not needs:
        return "mend how the project is built ([build-system] of pyproject.toml, setup.py); --verbose shows all of it"
    if not needs and _is_outgrown(failure.said):
        return "it is older than this Python: choose an older one with --python, or require a later release"
    other = "choose with --python a Python for which there are wheels"
    if not needs:
        return f"install what the build misses, or {other}; --verbose shows all of it"
    by = system.here(Path(os.sep))
    command = system.command(needs, by, is_root=system.is_root()) if by else ""
    titles = ", ".join(need.title for need in needs)
    return f"{command or f'install {titles}, with the headers'}\n  then run this again"
