"""How the parts of a repository are installed: into one environment where they go together, else each into its own."""

from __future__ import annotations

import hashlib
import posixpath
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from bootstrap.model import Dependencies, Requirement, Run
from bootstrap.versions import Range

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from bootstrap.model import Build, Repository

# They have locks of their own, each for an environment of its own.
_APART = ("uv", "poetry", "pdm", "pipenv", "rye", "pylock")
_INSTALL = ("uv", "pip", "install", "--python", "{target}")
_FILES = ("--requirements", "--constraints")


def may_share(wanted: Mapping[str, Dependencies]) -> bool:
    """Say whether the parts could be installed into one environment, as far as their managers go."""
    return all(one.manager not in _APART for one in wanted.values())


def joined(wanted: Mapping[str, Dependencies]) -> Dependencies:
    """Return the installation of all parts at once, so that they are resolved together."""
    words: list[str] = []
    # What is for one part's documentation need not go with another part.
    wanted = {path: one.lean or one for path, one in wanted.items()}
    for path, one in wanted.items():
        for run in one.installs:
            words += _moved(run.argv[len(_INSTALL) :], posixpath.normpath(posixpath.join(path, run.cwd)), path)
    names = [path or one.title for path, one in wanted.items()]
    digest = hashlib.sha256(repr([(path, one.fingerprint) for path, one in wanted.items()]).encode())
    return Dependencies(
        manager="parts",
        title=", ".join(f"{path} ({one.title})" if path else one.title for path, one in wanted.items()),
        installs=(Run((*_INSTALL, *words), f"install {', '.join(names)} together"),),
        fingerprint=digest.hexdigest()[:16],
        installs_project=False,
        shortfalls=tuple(text for one in wanted.values() for text in one.shortfalls),
    )


def equipped(needs: Dependencies, tools: Dependencies, path: str) -> Dependencies:
    """Return what the part at `path` needs, resolved together with the tools of the root, from inside the part."""
    needs, tools = needs.lean or needs, tools.lean or tools
    both = joined({"/".join(".." for _ in path.split("/")): tools, ".": needs})
    install = both.installs[0]._replace(purpose=f"install {needs.title} and {tools.title}")
    return replace(needs, title=f"{needs.title}, {tools.title}", installs=(install,), fingerprint=both.fingerprint)


def _moved(words: tuple[str, ...], folder: str, part: str) -> Iterable[str]:
    """Return the words of an installation as they are given from the root."""
    previous = ""
    for word in words:
        if previous in _FILES:
            yield posixpath.normpath(posixpath.join(folder, word))
        elif previous == "--editable":
            yield word if folder == "." else f"./{folder}{word.removeprefix('.')}"
        elif previous == "--group":
            yield f"{posixpath.normpath(posixpath.join(part, 'pyproject.toml'))}:{word}"
        else:
            yield word
        previous = word


def compiled(shared: Dependencies, version: str, root: Path) -> Run | None:
    """Return the command that says by its exit code whether everything can be met together; None where all is unknown.

    What a setup.py requires is not looked at: for that it would have to be run.
    """
    sources: list[str] = []
    bounds: list[str] = []
    for option, word in pairwise(("", *shared.installs[0].argv[len(_INSTALL) :])):
        if option == "--requirements":
            sources.append(word)
        elif option == "--editable":
            sources += _manifest(root, word)
        elif option in ("--group", "--extra"):
            sources += (option, word)
        elif option == "--constraints":
            bounds += (option, word)
    if not sources:
        return None
    options = ("--quiet", "--no-header", "--python-version", version)
    return Run(("uv", "pip", "compile", *options, *sources, *bounds), "see whether the parts go together")


def _manifest(root: Path, word: str) -> Iterable[str]:
    """Return what is compiled of a project: `./a[test]`."""
    folder, _, extras = word.partition("[")
    try:
        manifest = (root / folder / "pyproject.toml").read_bytes()
    except OSError:
        return ()
    if b"[project" not in manifest and b"[build-system" not in manifest:
        return ()  # it is about tools alone, and beside a setup.py, which would have to be run
    names = [name for name in extras.rstrip("]").split(",") if name]
    return (f"{folder}/pyproject.toml", *(part for name in names for part in ("--extra", name)))


def whole(top: Repository, parts: Mapping[str, Repository]) -> Repository:
    """Return the repository with the range of Pythons that it admits itself, and all of its parts."""
    required = [top.requires_python] if top.requires_python is not None else []
    required += [_placed(one.requires_python, path) for path, one in parts.items() if one.requires_python is not None]
    if len(required) == (top.requires_python is not None):
        return top
    return replace(top, requires_python=Requirement(Range.meet(one.admitted for one in required), required[0].place))


def _placed(required: Requirement, path: str) -> Requirement:
    # a part that says nothing has what the whole says: ../pyproject.toml
    place = posixpath.normpath(posixpath.join(path, required.place.path))
    return replace(required, place=replace(required.place, path=place))


def placed(build: Build, path: str) -> Build:
    """Return the making of a part's environment as it is done from the root."""
    name = f"{path}/{build.path}"
    return build._replace(
        path=name,
        runs=tuple(run._replace(cwd=posixpath.normpath(posixpath.join(path, run.cwd))) for run in build.runs),
        purpose=build.purpose.replace(build.path, name),
    )
