"""Which files a requirements file includes, as pip and uv follow them."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from bootstrap.detect.declared import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Reader = Callable[[str], bytes | None]

_INCLUDE = ("-r", "--requirement", "-c", "--constraint")


def closure(name: str, read: Reader) -> list[str]:
    """Return `name` and every requirements or constraints file that it includes, each once, in that order."""
    seen: list[str] = []
    waiting = [name]
    while waiting:
        current = waiting.pop(0)
        if current in seen:
            continue
        content = read(current)
        if content is None:
            continue
        seen.append(current)
        folder = posixpath.dirname(current)
        waiting += [posixpath.normpath(posixpath.join(folder, path)) for path in _included(decode(current, content))]
    return seen


def _included(text: str) -> Iterator[str]:
    for line in text.splitlines():
        words = line.partition(" #")[0].replace("=", " ", 1).split() if line.lstrip().startswith("-") else []
        if len(words) == 2 and words[0] in _INCLUDE and "://" not in words[1]:
            yield words[1]
        elif len(words) == 1 and words[0][:2] in ("-r", "-c") and len(words[0]) > 2 and words[0][1] != "-":
            yield words[0][2:]
