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
    r"^(?:docker\.io/)?(?:library/)?python:3\.([0-9]+)(?:\.([0-9]+))?-(?:slim-)?(stretch|buster|bullseye|alpine3\.[0-9]+)$"
)
# The last Python that Docker's official image was made of on each suite of Debian.
_LAST = {"stretch": 9, "buster": 11, "bullseye": 13}
# And surely none of the patch releases after these, which are of the summer in which the suite was given up.
_LAST_PATCH = {
    "stretch": {6: 15, 7: 12, 8: 12, 9: 7},
    "buster": {7: 17, 8: 18, 9: 18, 10: 13, 11: 5},
    "bullseye": {9: 24, 10: 19, 11: 14, 12: 12, 13: 8},
}
# The first Alpine that the image of each Python was made on.
_FIRST_ALPINE = {10: 13, 11: 14, 12: 17, 13: 19, 14: 21}


# Its successor is mcr.microsoft.com/devcontainers/python, whose tags begin with 1 or with the Python.
_OLD_DEVCONTAINER = expression(r"/vscode/devcontainers/python:0-3\.(1[2-9])(?![0-9])")


def unmade(path: str, made: tuple[Stage, ...]) -> Iterator[Finding]:
    """Yield the images that were never made: a suite or a series that was over before the Python came out."""
    for stage in made:
        reason, hint = _suite(stage.image) or _series(stage.image) or ("", "")
        if reason:
            said = f"names {stage.image}, which was never made: {reason}"
            yield Finding("V207", Severity.ERROR, said, hint, path, stage.line)


def _suite(image: str) -> tuple[str, str] | None:
    """Say which suite was over, and what to do."""
    found = _OFFICIAL.match(image)
    if found is None:
        return None
    minor, patch, suite = int(found[1]), found[2], found[3]
    is_alpine = suite.startswith("alpine")
    is_after = patch is not None and int(patch) > _LAST_PATCH.get(suite, {}).get(minor, int(patch))
    is_late = minor > _LAST.get(suite, minor) or is_after
    if not is_late and not (is_alpine and int(suite.partition(".")[2]) < _FIRST_ALPINE.get(minor, 0)):
        return None
    python = spelled((3, minor))
    instead = f"python:{python}-{'alpine' if is_alpine else 'slim'}"
    return (
        f"{_told(suite)} was over before Python {python}{f'.{patch}' * is_after}",
        f"take a newer suite, as {instead} does",
    )


def _series(image: str) -> tuple[str, str] | None:
    found = _OLD_DEVCONTAINER.search(image)
    if found is None:
        return None
    python = spelled((3, int(found[1])))
    return f"its series ended before Python {python}", f"take mcr.microsoft.com/devcontainers/python:{python}"


def _told(suite: str) -> str:
    return f"Alpine {suite.removeprefix('alpine')}" if suite.startswith("alpine") else f"Debian {suite}"
