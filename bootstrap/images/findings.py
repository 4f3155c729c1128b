"""Everything that can be said of a repository's Dockerfiles without building them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.errors import MalformedFileError
from bootstrap.images import IS_DOCKERFILE
from bootstrap.images.arguments import overridden
from bootstrap.images.disagreements import disagreements
from bootstrap.images.locks import compiled_for_others, excluding
from bootstrap.images.stages import stages
from bootstrap.images.tags import unmade
from bootstrap.sites.files import is_foreign
from bootstrap.sites.locate import IGNORE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bootstrap.model import Finding
    from bootstrap.policy import Policy

    Read = Callable[[str], bytes | None]


def findings(paths: Sequence[str], read: Read, policy: Policy) -> Iterator[Finding]:
    """Yield what does not fit: stages, locks, names of images, arguments of builds.

    `read` returns a file's content, or None; one that cannot be read is nobody's evidence.
    """

    def readable(path: str) -> bytes | None:
        try:
            return read(path)
        except MalformedFileError:
            return None

    found = [(path, readable(path)) for path in paths if IS_DOCKERFILE.search(path) and not is_foreign(path)]
    files = [(path, data) for path, data in found if data and b"\0" not in data[:8192]]
    for path, data in files:
        made = stages(path, data)
        lines = data.decode("latin-1").split("\n")
        for one in (*disagreements(path, made, policy), *unmade(path, made)):
            if one.line is None or not _is_ignored(lines, one.line):
                yield one
        yield from compiled_for_others(path, made, paths, readable)
        yield from excluding(path, made, paths, readable)
    yield from overridden(files, paths, readable)


def _is_ignored(lines: Sequence[str], line: int) -> bool:
    """Say whether the comment above asks to leave a line alone: a Dockerfile takes none after an instruction."""
    return line > 1 and IGNORE in lines[line - 2] and lines[line - 2].lstrip().startswith("#")
