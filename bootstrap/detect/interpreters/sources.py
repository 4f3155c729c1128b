"""Where Pythons are looked for: PATH, and one function for everybody who installs them, listed in `SOURCES`."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from bootstrap.detect.interpreters.files import read, subfolders
from bootstrap.detect.interpreters.search import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bootstrap.detect.interpreters.search import Search

_STORE_PACKAGE = "PythonSoftwareFoundation.Python.3."


def path_directories(search: Search) -> Iterator[str]:
    """Yield the directories on PATH that are worth a look.

    Relative ones are left out: what they mean depends on where devstrap was started, and a repository could put its
    own `python` there.
    """
    for directory in search.env.get("PATH", "").split(os.pathsep):
        if search.is_windows:
            directory = directory.strip('"')  # noqa: PLW2901 - Windows allows quotes around an entry
        if not os.path.isabs(directory):
            continue
        # WSL appends Windows' PATH: hundreds of programs over a slow file system, none of which runs here as a Python.
        if search.host.is_wsl and re.match(r"/mnt/[a-z](/|$)", directory):
            continue
        yield directory


def _system(search: Search) -> Iterator[Place]:
    """Yield where distributions put Pythons, on PATH or not, and Debian's alternatives."""
    if not search.is_windows:
        yield Place(search.at("usr/bin"), "system")
        yield Place(search.at("usr/local/bin"), "path")
        yield Place(search.at("etc/alternatives"), "path")


def _uv(search: Search) -> Iterator[Place]:
    """Yield what uv installed. Its `cpython-3.12-...` are links to an exact version, and dissolve by themselves."""
    folders = search.below("UV_PYTHON_INSTALL_DIR", "")
    if not folders and search.is_windows:
        folders = search.below("APPDATA", "uv/data/python", "uv/python")
    elif not folders:
        folders = search.below("XDG_DATA_HOME", "uv/python") or search.homes(".local/share/uv/python")
    yield from _versions(search, "uv", folders)
    # Releases before 0.4 had one level more.
    for prefix, label in subfolders(folders):
        yield Place(search.binaries(os.path.join(prefix, "install")), "uv", label)


def _homebrew(search: Search) -> Iterator[Place]:
    """Yield Homebrew's kegs, first by the stable link in `opt`: an upgrade removes the folder in `Cellar`."""
    prefixes = search.below("HOMEBREW_PREFIX", "")
    prefixes += [search.at(path) for path in ("opt/homebrew", "usr/local", "home/linuxbrew/.linuxbrew")]
    for prefix in dict.fromkeys(os.path.normpath(prefix) for prefix in prefixes):
        for keg, name in subfolders([os.path.join(prefix, "opt")]):
            if _is_formula(name):
                yield Place(os.path.join(keg, "bin"), "homebrew", keeps_link=True)
        for rack, name in subfolders([os.path.join(prefix, "Cellar")]):
            if _is_formula(name):
                yield from (Place(os.path.join(keg, "bin"), "homebrew") for keg, _ in subfolders([rack]))


def _is_formula(name: str) -> bool:
    """Say whether Homebrew calls a Python so; `python3` and `python@3` are links that move to another version."""
    return re.fullmatch(r"python@3\.\d+|python-freethreading|pypy|pypy3\.\d+", name) is not None


def _framework(search: Search) -> Iterator[Place]:
    """Yield macOS's frameworks: python.org's, and those of the command line tools and Xcode."""
    if search.host.system != "darwin":
        return
    developer = ("Library/Developer/CommandLineTools", "Applications/Xcode.app/Contents/Developer")
    folders = [search.at("Library/Frameworks"), search.at("System/Library/Frameworks")]
    folders += [search.at(os.path.join(path, "Library/Frameworks")) for path in developer]
    for folder in folders:
        for name in ("Python", "PythonT", "Python3"):
            versions = os.path.join(folder, f"{name}.framework/Versions")
            yield from (Place(os.path.join(prefix, "bin"), "framework") for prefix, _ in subfolders([versions]))


def _toolcache(search: Search) -> Iterator[Place]:
    """Yield what GitHub's and Azure's runners keep: `Python/3.12.1/x64`."""
    for variable in ("RUNNER_TOOL_CACHE", "AGENT_TOOLSDIRECTORY"):
        for version, label in subfolders(search.below(variable, "Python", "PyPy", "GraalPy")):
            # PyPy's folder is named by the version of Python too, but of GraalPy's that is not known.
            is_python = os.path.basename(os.path.dirname(version)) == "Python"
            for prefix, _ in subfolders([version]):
                yield Place(search.binaries(prefix), "toolcache", label if is_python else "")


def _pymanager(search: Search) -> Iterator[Place]:
    """Yield what the Python install manager of Windows installed (PEP 773)."""
    if search.is_windows:
        for prefix, name in subfolders(search.below("LOCALAPPDATA", "Python")):
            if name.startswith(("pythoncore-", "pythontest-")):
                yield Place(prefix, "pymanager")


def _store(search: Search) -> Iterator[Place]:
    """Yield the packages of the Microsoft Store: each has a folder of its own beside the stubs."""
    if search.is_windows:
        for folder, name in subfolders(search.below("LOCALAPPDATA", "Microsoft/WindowsApps")):
            if name.startswith(_STORE_PACKAGE):
                yield Place(folder, "store")


def _registry(search: Search) -> Iterator[Place]:
    """Yield what is in the registry of Windows, where installers note themselves (PEP 514)."""
    if search.is_windows:
        from bootstrap.detect.interpreters.registry import read_registry_key, registered  # noqa: PLC0415 - Windows only

        for directory, version in registered(search.read_key or read_registry_key):
            yield Place(directory, "registry", version)


def _pyenv(search: Search) -> Iterator[Place]:
    """Yield pyenv's and pyenv-win's versions. Those that are virtual environments are left out by `scan`."""
    roots = search.below("PYENV_ROOT", "") or search.below("PYENV", "") or search.homes(".pyenv")
    folders = [os.path.join(root, path) for root in roots for path in ("versions", "pyenv-win/versions")]
    folders += [os.path.join(root, "versions") for root in search.roots("pyenv")]
    return _versions(search, "pyenv", folders)


def _asdf(search: Search) -> Iterator[Place]:
    """Yield what asdf's python plugin installed."""
    roots = (search.below("ASDF_DATA_DIR", "") or search.homes(".asdf")) + search.roots("asdf")
    return _versions(search, "asdf", [os.path.join(root, "installs/python") for root in roots])


def _mise(search: Search) -> Iterator[Place]:
    """Yield what mise installed. Its `3.12` and `latest` are links to an exact version."""
    roots = search.below("MISE_DATA_DIR", "")
    if not roots and search.is_windows:
        roots = search.below("LOCALAPPDATA", "mise")
    elif not roots:
        roots = search.below("XDG_DATA_HOME", "mise") or search.homes(".local/share/mise")
    return _versions(search, "mise", [os.path.join(root, "installs/python") for root in roots + search.roots("mise")])


def _versions(search: Search, source: str, folders: Iterable[str]) -> Iterator[Place]:
    """Yield the installations in folders that a version manager names by their version.

    Links come last: mise's `3.12` leads to `3.12.1`, whose name tells more.
    """
    for folder in dict.fromkeys(os.path.normpath(folder) for folder in folders):
        for prefix, label in sorted(subfolders([folder]), key=lambda pair: os.path.islink(pair[0])):
            yield Place(search.binaries(prefix), source, label)


def _conda(search: Search) -> Iterator[Place]:
    """Yield conda's base installations and their environments."""
    program = search.env.get("CONDA_EXE", "")
    prefixes = [os.path.dirname(os.path.dirname(program))] if os.path.isabs(program) else []
    for variable in ("CONDA_PREFIX", "CONDA_ROOT", "MAMBA_ROOT_PREFIX"):
        prefixes += search.below(variable, "")
    names = ("miniconda3", "anaconda3", "miniforge3", "mambaforge", "micromamba", "miniconda", "anaconda")
    prefixes += search.homes(*names, *(f"opt/{name}" for name in names[:2]))
    prefixes += [search.at(f"opt/{name}") for name in ("conda", *names)]
    if search.is_windows:
        prefixes += [path for variable in ("LOCALAPPDATA", "PROGRAMDATA") for path in search.below(variable, *names)]
    for path in search.homes(".conda/environments.txt"):
        listed = os.fsdecode(read(path, 1 << 20) or b"")
        prefixes += [line.strip() for line in listed.splitlines() if os.path.isabs(line.strip())]
    yield from _conda_places(search, prefixes + search.roots("conda"))


def _conda_places(search: Search, prefixes: Iterable[str]) -> Iterator[Place]:
    """Yield each conda installation among `prefixes`, the one it is an environment of, and its environments."""
    seen: set[str] = set()
    queue = [prefix.rstrip(os.sep) for prefix in prefixes]
    for prefix in queue:
        if prefix in seen or not os.path.isdir(prefix):
            continue
        seen.add(prefix)
        envs = os.path.dirname(prefix)
        if os.path.basename(envs) == "envs":
            queue.append(os.path.dirname(envs))
        if os.path.isdir(os.path.join(prefix, "conda-meta")):
            yield Place(search.binaries(prefix), "conda")
        # micromamba's root has environments and no Python of its own.
        queue.extend(path for path, _ in subfolders([os.path.join(prefix, "envs")]))


SOURCES: tuple[Callable[[Search], Iterator[Place]], ...] = (
    # First, because a shim there can give away the root of its version manager.
    _system,
    _uv,
    _homebrew,
    _framework,
    _toolcache,
    _pymanager,
    _store,
    _registry,
    _pyenv,
    _asdf,
    _mise,
    # After those that may have installed a conda, whose environments are found here.
    _conda,
)
