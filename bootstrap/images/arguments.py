"""What builds are given for a Dockerfile's arguments, where no name tells that it is a Python: `TAG=3.11-slim`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bootstrap.expression import expression
from bootstrap.images import IS_DOCKERFILE
from bootstrap.model import Finding, Severity
from bootstrap.policy import spelled
from bootstrap.sites.locate import IGNORE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bootstrap.policy import Minor

    Read = Callable[[str], bytes | None]

# An argument with a default that is a Python, or the tag of one, and that an image takes.
_DEFAULT = expression(
    r"(?im)^[ \t]*ARG[ \t]+(\w+)=[\"']?(?:python:)?3\.([0-9]+)(?:\.[0-9]+)?(?:-[\w.-]+)?[\"']?[ \t]*\r?$"
)
_BUILDS = expression(
    r"(?i)(?:^|/)(?:(?:docker-)?compose[^/]*\.ya?ml|docker-bake[^/]*\.(?:hcl|json)|(?:gnu)?makefile|[^/]*\.mk|justfile"
    r"|taskfile\.ya?ml|[^/]*\.sh|\.gitlab-ci\.yml)$|^\.github/workflows/[^/]+\.ya?ml$"
)
_MOST_FILES = 200


def overridden(dockerfiles: Iterable[tuple[str, bytes]], paths: Sequence[str], read: Read) -> Iterator[Finding]:
    """Yield where all builds agree on another Python for an argument than the Dockerfile's own default.

    Several values are several images, on purpose.
    """
    defaults = dict(_defaults(dockerfiles))
    if not defaults:
        return
    passed: dict[str, list[tuple[Minor, str, int]]] = {}
    names = "|".join(map(re.escape, defaults))
    value = rf"\b({names})[\"']?[ \t]*[:=][ \t]*[\"']?(?:python:)?3\.([0-9]+)(?![0-9])"
    for path in [path for path in paths if _BUILDS.search(path) and not IS_DOCKERFILE.search(path)][:_MOST_FILES]:
        text = (read(path) or b"").decode("latin-1")
        for found in re.finditer(value, text):
            if _is_argument(text, found.start()):
                line = text.count("\n", 0, found.start()) + 1
                passed.setdefault(found[1], []).append(((3, int(found[2])), path, line))
    for name, ones in passed.items():
        minor, path, line = ones[0]
        default, place = defaults[name]
        if minor != default and len({one[0] for one in ones}) == 1:
            said = f"builds with {name}={spelled(minor)}, but {place} means {spelled(default)}"
            yield Finding("V208", Severity.WARNING, said, f"give it {spelled(default)} too", path, line)


def _defaults(dockerfiles: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, tuple[Minor, str]]]:
    for path, data in dockerfiles:
        text = data.decode("latin-1")
        for found in _DEFAULT.finditer(text):
            if re.search(rf"(?im)^[ \t]*FROM[ \t][^\n]*\$\{{?{found[1]}\b", text):
                yield found[1], ((3, int(found[2])), f"{path}:{text.count(chr(10), 0, found.start()) + 1}")


_IN_ARGS = expression(r"(?i)(?:\bargs[\"']?\s*[:={]|build-args\s*:)(?:(?!\n\s*\n).){0,400}$", re.DOTALL)


def _is_argument(text: str, at: int) -> bool:
    """Say whether a value is given to a build, and is no variable of something else."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    if IGNORE in text[at : text.find("\n", at) if "\n" in text[at:] else len(text)]:
        return False
    return "--build-arg" in line or _IN_ARGS.search(text, max(0, at - 500), at) is not None
