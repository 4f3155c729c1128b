"""What a failed command of uv's said, taken apart: its own words, its hints, and the output of a build."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bootstrap.process import Completed

# How uv draws a chain of causes.
_FRAME = "\u00d7\u2570\u2500\u25b6\u251c\u2502 "
# How uv announces the output of a build backend, whose last lines say what went wrong.
_QUOTED = ("[stdout]", "[stderr]")
_LABELS = ("error: ", "cause: ")
_PYTHON = re.compile(r"Using (?:C?Python) (\d+\.\d+)")


class Said:
    """What a command said, and what was asked of it."""

    def __init__(self, completed: Completed) -> None:
        self.argv = completed.argv
        self.whole = completed.stderr
        self.lines = [line.rstrip() for line in completed.stderr.splitlines()]

    @cached_property
    def told(self) -> list[str]:
        """Return the lines from its error on; where it names none, its last words."""
        start = next((number for number, line in enumerate(self.lines) if line.lower().startswith("error")), None)
        return self.lines[start:] if start is not None else [line for line in self.lines if line.strip()][-6:]

    @cached_property
    def own(self) -> list[str]:
        """Return what uv itself said: the output of a build that it quotes may speak of anything."""
        return [_plain(line) for line in self.told[: self._end] if _plain(line) and not _is_hint(line)]

    @cached_property
    def quoted(self) -> list[str]:
        """Return the output of a build, as it was."""
        lines = (line.strip() for line in self.told[self._end :] if not _is_hint(line))
        return [line for line in lines if line and line not in _QUOTED]

    @cached_property
    def hints(self) -> list[str]:
        """Return what uv suggests."""
        return [line.strip()[5:].strip() for line in self.lines if _is_hint(line)]

    @cached_property
    def text(self) -> str:
        """Return uv's own words in one line."""
        return " ".join(" ".join(self.own).split())

    @cached_property
    def lower(self) -> str:
        """Return its words and hints in lower case, for signs to be looked for."""
        return "\n".join((*self.own, *self.hints)).lower()

    @cached_property
    def python(self) -> str:
        """Return the feature version of the Python that it was about; empty where it does not say."""
        found = _PYTHON.search(self.whole)
        return found[1] if found else ""

    @property
    def _end(self) -> int:
        return next((number for number, line in enumerate(self.told) if line.strip() in _QUOTED), len(self.told))

    def find(self, pattern: str) -> re.Match[str] | None:
        """Search uv's own words."""
        return re.search(pattern, self.text)

    def hinted(self, pattern: str) -> re.Match[str] | None:
        """Search the hints."""
        return next((found for hint in self.hints if (found := re.search(pattern, hint))), None)


def _plain(line: str) -> str:
    line = line.strip().lstrip(_FRAME)
    for label in _LABELS:
        line = line.removeprefix(label)
    return line


def _is_hint(line: str) -> bool:
    return line.strip().startswith("hint:")
