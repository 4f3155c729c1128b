"""The parts of a repository that declares nothing at its root, or only tools: folders with a manifest of their own."""

from __future__ import annotations

import contextlib
import os
import posixpath
from dataclasses import replace
from typing import TYPE_CHECKING

from bootstrap.errors import ContradictionError, MalformedFileError
from bootstrap.versions import Range

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from bootstrap.detect.repository import Reader
    from bootstrap.model import Repository, Requirement

_MANIFESTS = ("pyproject.toml", "requirements.txt", "setup.py", "setup.cfg", "Pipfile", "requirements")
# Where requirements are for something else than the code, or somebody else's.
_PASSED_OVER = frozenset(
    (
        *("benchmarks", "ci", "doc", "docs", "example", "examples", "fixtures", "node_modules", "samples"),
        *("site-packages", "templates", "test", "testdata", "tests", "third_party", "vendor", "vendored"),
    )
)
_DEPTH = 3


def find(root: Path) -> tuple[str, ...]:
    """Return the folders below `root` that have a manifest, relative to it with `/`, without looking below those."""
    return tuple(sorted(_below(root, "", _DEPTH)))


def among(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the same of files that are only thought of."""
    found: set[str] = set()
    for words in (path.split("/") for path in paths):
        inside = next((at for at, word in enumerate(words[:-1]) if _is_passed_over(word)), len(words))
        depths = (at for at in range(1, min(len(words), _DEPTH + 1)) if words[at] in _MANIFESTS and at <= inside)
        found |= {"/".join(words[:at]) for at in depths}
    return tuple(sorted(one for one in found if not any(one.startswith(f"{other}/") for other in found)))


def _is_passed_over(name: str) -> bool:
    # {{ cookiecutter.name }} is a template's
    return name.startswith(".") or name in _PASSED_OVER or "{{" in name


def _below(root: Path, folder: str, depth: int) -> Iterator[str]:
    try:
        entries = list(os.scandir(root / folder))
    except OSError:
        return
    if folder and any(entry.name in _MANIFESTS for entry in entries):
        yield folder
    elif depth:
        for entry in entries:
            if (
                not _is_passed_over(entry.name)
                and entry.is_dir(follow_symlinks=False)
                and not _is_environment(entry.path)
            ):
                yield from _below(root, f"{folder}/{entry.name}".lstrip("/"), depth - 1)


@contextlib.contextmanager
def named_from_root(path: str) -> Iterator[None]:
    """Let what is wrong with a file of the part at `path` be told by the name that the file has from the root."""
    try:
        yield
    except (MalformedFileError, ContradictionError) as error:
        error.path = posixpath.normpath(f"{path}/{error.path}") if error.path is not None else None
        raise


def _is_environment(path: str) -> bool:
    return os.path.isfile(os.path.join(path, "pyvenv.cfg"))


def repository_of(top: Repository, path: str, read: Reader, *, is_asked: bool) -> Repository:
    """Return a part as a repository of its own, with what the whole says where the part says nothing.

    The journal and the answers are the whole's: it is set up, and undone, as one.
    """
    from bootstrap.detect.repository import detect_repository  # noqa: PLC0415 - guard only looks which parts there are

    own = detect_repository(top.root / path, read, is_asked=is_asked)
    own = replace(own, requires_python=_bounded(own.requires_python, top.requires_python, path))
    settings = own.settings
    if settings.default is None and _admits(own, top):
        settings = replace(settings, default=top.settings.default)
    return replace(
        own,
        state_dir=top.state_dir,
        pin=own.pin or (top.pin if top.pin is not None and _admits_pin(own, top) else None),
        settings=replace(settings, as_of=settings.as_of or top.settings.as_of),
        has_bootstrapper=top.has_bootstrapper,
    )


def _bounded(own: Requirement | None, top: Requirement | None, path: str) -> Requirement | None:
    """Return the range of a part within that of the whole; its own where no Python is in both."""
    if top is None:
        return own
    if own is None:
        above = "../" * (path.count("/") + 1)
        return replace(top, place=replace(top.place, path=f"{above}{top.place.path}"))
    both = Range.meet((own.admitted, top.admitted))
    return replace(own, admitted=both) if both.minors() else own


def _admits(own: Repository, top: Repository) -> bool:
    default = top.settings.default
    return own.requires_python is None or default is None or own.requires_python.admitted.admits_some(default.request)


def _admits_pin(own: Repository, top: Repository) -> bool:
    return own.requires_python is None or top.pin is None or own.requires_python.admitted.admits_some(top.pin.request)
