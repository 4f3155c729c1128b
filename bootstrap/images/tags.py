"""Does an image of that name exist? The official images of a Python are made for the suites of its time alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.expression import expression
from bootstrap.model import Finding, Severity
from bootstrap.policy import spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bootstrap.images.stages import Stage

_OFFICIAL = expression(
    r"^(?:docker\.io/)?(?:library/)?python:3\.([0-9]+)(?:\.[0-9]+)?-(?:slim-)?(stretch|buster|bullseye|alpine3\.[0-9]+)$"
)
# The last Python that Docker's official image was made of on each suite of Debian.
_LAST = {"stretch": 9, "buster": 11, "bullseye": 13}
# The first Alpine that the image of each Python was made on.
_FIRST_ALPINE = {10: 13, 11: 14, 12: 17, 13: 19, 14: 21}


def unmade(path: str, made: tuple[Stage, ...]) -> Iterator[Finding]:
    """Yield the images that were never made: a suite that was over before the Python came out."""
    for stage in made:
        found = _OFFICIAL.match(stage.image)
        if found is None:
            continue
        minor, suite = int(found[1]), found[2]
        is_late = minor > _LAST.get(suite, minor)
        is_early = suite.startswith("alpine") and int(suite.partition(".")[2]) < _FIRST_ALPINE.get(minor, 0)
        if is_late or is_early:
            python = spelled((3, minor))
            said = f"names {stage.image}, which was never made: {_told(suite)} was over before Python {python}"
            instead = f"python:{python}-{'alpine' if is_early else 'slim'}"
            yield Finding("V207", Severity.ERROR, said, f"take a newer suite, as {instead} does", path, stage.line)


def _told(suite: str) -> str:
    return f"Alpine {suite.removeprefix('alpine')}" if suite.startswith("alpine") else f"Debian {suite}"
