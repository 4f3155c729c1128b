r"""Every Python on the machine, told by what lies around it; one is started only when nothing there tells its version.

Where they are looked for is the table `SOURCES`, and PATH. What is there decides, in this order:

1. `include/python3.X/patchlevel.h`, which CPython and PyPy install beside the library and upgrade with it,
2. `conda-meta/python-3.X.Y-*.json` of a conda environment,
3. the name that uv, pyenv, asdf, mise or the Windows registry give to an exact version,
4. the interpreter itself, started without site and user settings. Its answer is kept in `interpreters.json` for as
   long as the real file keeps its size, its time and its inode, so an upgrade in place is noticed.

Nothing that is found is started for the sake of finding: shims (scripts, and links to a version manager's program),
launchers, the Microsoft Store's stubs and Apple's `/usr/bin/python3` are recognised and passed over, because the
installations that they lead to are found directly. Virtual environments are no interpreters of their own.

Order: those on PATH as PATH has them, then the others; in each the newest first, CPython before others, then by path.
"""

from __future__ import annotations

import os
import re
import stat
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from bootstrap.detect.host import HEADER_SIZE, executable_architectures
from bootstrap.model import Interpreter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from bootstrap.model import Host
    from bootstrap.process import Runner

CACHE_NAME = "interpreters.json"
_CACHE_SCHEMA = 1
_TIMEOUT = 10.0
_THREADS = 8

# PEP 440 without what no Python release has; a build between releases has a `+` that is no part of the version.
_VERSION = r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?"
# python3.12, python3.13t, python3.11-dbg, pypy3.10, python.exe: (family, major, minor, flags).
_NAME = re.compile(r"(python|pypy|graalpy)(?:(\d)(?:\.(\d{1,2})(?:\.\d+)?)?)?(t?d?m?u?|-dbg)(?:\.exe)?", re.ASCII)
_PATCHLEVEL = re.compile(rf'#\s*define\s+PY_VERSION\s+"({_VERSION})\+?"'.encode())
# cpython-3.13.0+freethreaded-linux-x86_64-gnu: how uv names what it installs.
_UV_LABEL = rf"(cpython|pypy|graalpy)-({_VERSION})(?:\+([a-z+]+))?-[a-z0-9]+-[a-z0-9_]+-[a-z0-9]+"

# Programs that act as `python` when they are called by that name.
_VERSION_MANAGERS = frozenset({"asdf", "mise", "proto", "pyenv", "rtx", "snap", "uv", "vfox"})
_GENERIC_SOURCES = frozenset({"path", "system"})
_NOT_ON_PATH = 1 << 30
_STORE_PACKAGE = "PythonSoftwareFoundation.Python.3."

# Prints one line; understood by Python 2.6 and everything since. Paths are in hexadecimal: they may hold anything.
_QUESTION = """\
import sys
def h(s):
    s = s or ''
    return ''.join('%02x' % b for b in bytearray(s if isinstance(s, bytes) else s.encode('utf-8', 'surrogateescape')))
v = sys.version_info
i = getattr(sys, 'implementation', None)
n = i.name if i else 'pypy' if hasattr(sys, 'pypy_version_info') else 'cpython'
t = int('free-threading' in sys.version)
p = h(getattr(sys, 'base_prefix', sys.prefix))
e = h(sys.executable)
sys.stdout.write('devstrap|%d.%d.%d|%s|%d|%s|%d|%s|%s|\\n' % (v[0], v[1], v[2], v[3], v[4], n, t, p, e))
"""
_ANSWER = re.compile(r"devstrap\|([\d.]+)\|([a-z]+)\|(\d+)\|(\w+)\|(\d)\|((?:[0-9a-f]{2})*)\|((?:[0-9a-f]{2})*)\|")
_RELEASE_LEVELS = {"alpha": "a", "beta": "b", "candidate": "rc"}


class Key(NamedTuple):
    """A key of the Windows registry: its text values ("" for the default one) and the names of the keys below."""

    values: Mapping[str, str]
    subkeys: tuple[str, ...]


if TYPE_CHECKING:
    ReadKey = Callable[[str, str, int], Key | None]
    """Hive (`HKCU`, `HKLM`), path and view (32 or 64) to a key, or None where there is none."""


class _Place(NamedTuple):
    """A directory that may hold interpreters, and who put them there."""

    directory: str
    source: str
    label: str = ""
    """What the source calls the installation; an exact version is believed when the files do not tell one."""
    keeps_link: bool = False
    """The directory is a stable link to a place that an upgrade removes: report the path through the link."""


class _Search(NamedTuple):
    """What the sources need to know."""

    env: Mapping[str, str]
    host: Host
    root: str
    home: str
    read_key: ReadKey
    learned: list[tuple[str, str]]
    """Installation roots that PATH gave away: (kind, path)."""

    @property
    def is_windows(self) -> bool:
        return self.host.system == "windows"

    def at(self, path: str) -> str:
        """Return an absolute path of the machine, below the root that is searched."""
        return os.path.join(self.root, path)

    def homes(self, *paths: str) -> list[str]:
        """Return paths below the person's home, or nothing where there is no home."""
        return [os.path.join(self.home, path) for path in paths] if self.home else []

    def below(self, variable: str, *paths: str) -> list[str]:
        """Return paths below the directory that an environment variable names, or nothing where it is not set."""
        value = self.env.get(variable, "")
        return [os.path.join(value, path) for path in paths] if os.path.isabs(value) else []

    def roots(self, kind: str) -> list[str]:
        """Return the roots of `kind` that PATH gave away."""
        return [path for known, path in self.learned if known == kind]

    def binaries(self, prefix: str) -> str:
        """Return where an installation at `prefix` keeps its programs."""
        return prefix if self.is_windows else os.path.join(prefix, "bin")


class _Found:
    """A program that is a Python, before its version is known."""

    __slots__ = ("architectures", "label", "path", "rank", "real", "source")

    def __init__(self, path: str, real: str, architectures: tuple[str, ...], place: _Place) -> None:
        self.path = path
        self.real = real
        self.architectures = architectures
        self.source = place.source
        self.label = place.label
        self.rank = _NOT_ON_PATH


class _Facts(NamedTuple):
    """What an installation says of itself."""

    version: str
    implementation: str
    is_free_threaded: bool
    prefix: str
    executable: str = ""
    """Only from one that was started: it may be another program than the one that was called."""


def find_interpreters(  # noqa: PLR0913 - each is an edge of the machine, which a test replaces
    env: Mapping[str, str],
    host: Host,
    *,
    cache_dir: Path | None,
    runner: Runner | None = None,
    system_root: Path = Path("/"),
    read_key: ReadKey | None = None,
    known: Sequence[Path] = (),
) -> tuple[Interpreter, ...]:
    """Return every Python on the machine, each real program once, in the order that the module describes.

    `env` stands for PATH, the home and the variables of the version managers; `system_root` for `/`. `cache_dir` keeps
    the answers of those that had to be started (None: keep nothing). `known` names further executables to consider, as
    the one that devstrap was started with. Nothing on the machine makes this raise: what cannot be read is not there.
    """
    home = env.get("USERPROFILE" if host.system == "windows" else "HOME", "")
    search = _Search(
        env, host, os.path.realpath(system_root), home if os.path.isabs(home) else "", read_key or read_registry_key, []
    )
    found = _locate(search, known)
    facts: dict[str, _Facts] = {}
    silent: list[_Found] = []
    for one in found:
        told = _read_off(one, is_windows=search.is_windows)
        if told is None:
            silent.append(one)
        else:
            facts[one.real] = told
    if silent:
        facts.update(_ask_all(silent, env=env, runner=runner, cache_dir=cache_dir, cwd=system_root))
    return _assemble(found, facts, host)


# ---- what is found, in order ----------------------------------------------------------------------------------------


def _assemble(found: Sequence[_Found], facts: Mapping[str, _Facts], host: Host) -> tuple[Interpreter, ...]:
    """Join what was found with what is known of it, and drop what is there twice."""
    chosen: dict[tuple[object, ...], tuple[_Found, _Facts]] = {}
    for one in found:
        told = facts.get(one.real)
        if told is None:
            continue
        one = _follow(one, told)  # noqa: PLW2901 - a wrapper leads to the program that it starts
        # python3.6 and python3.6m, python.exe and python3.exe, a debug build beside the usual one: one installation.
        identity = (os.path.dirname(one.real), told.implementation, told.version, told.is_free_threaded)
        first, _ = chosen.setdefault(identity, (one, told))
        first.rank = min(first.rank, one.rank)
    ordered = sorted(chosen.values(), key=lambda pair: _order(*pair))
    return tuple(_interpreter(one, told, host) for one, told in ordered)


def _order(one: _Found, told: _Facts) -> tuple[object, ...]:
    """Return the key to sort by."""
    newest_first = tuple(-number for number in _numbers(told.version))
    return (one.rank, newest_first, told.implementation != "cpython", told.is_free_threaded, one.path)


def _numbers(version: str) -> tuple[int, ...]:
    """Return a version as numbers that compare as PEP 440 says: a < b < rc < final."""
    release, stage, serial = re.fullmatch(r"([\d.]+)(a|b|rc)?(\d*)", version).groups()  # type: ignore[union-attr]
    return (*map(int, release.split(".")), ("a", "b", "rc", None).index(stage), int(serial or 0))


def _interpreter(one: _Found, told: _Facts, host: Host) -> Interpreter:
    """Return the finished description."""
    is_native = host.architecture in one.architectures or not one.architectures
    return Interpreter(
        executable=Path(one.path),
        version=told.version,
        implementation=told.implementation,
        architecture=host.architecture if is_native else one.architectures[0],
        source=one.source,
        prefix=Path(told.prefix),
        is_free_threaded=told.is_free_threaded,
    )


# ---- where they are -------------------------------------------------------------------------------------------------


def _locate(search: _Search, known: Sequence[Path]) -> list[_Found]:
    """Return the programs that are Pythons, each real file once."""
    locator = _Locator(search)
    for rank, directory in enumerate(_path_directories(search)):
        locator.scan(_Place(directory, "path"), rank)
    for source in SOURCES:
        for place in source(search):
            locator.scan(place)
    for path in known:
        locator.take(_Place(str(path.parent), "path"), str(path))
    for directory in locator.homes:
        # The bases of the virtual environments on PATH. The list grows when one of them is an environment itself.
        locator.scan(_Place(directory, "path"))
    return list(locator.found.values())


def _path_directories(search: _Search) -> Iterator[str]:
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


class _Locator:
    """Collects the Pythons among the programs in directories."""

    def __init__(self, search: _Search) -> None:
        self.found: dict[str, _Found] = {}
        self.homes: list[str] = []
        self._search = search
        self._environments: dict[str, bool] = {}
        self._seen_directories: set[tuple[int, int]] = set()

    def scan(self, place: _Place, rank: int = _NOT_ON_PATH) -> None:
        """Take every Python in `place`; `rank` is its position on PATH."""
        if place.source in _GENERIC_SOURCES and not self._is_new(place.directory):
            return
        if self._holds_shims(place.directory) or self._is_apples(place.directory):
            return
        names = _python_names(place.directory, is_windows=self._search.is_windows)
        if names and not self._is_environment(place.directory):
            seen: set[tuple[int, int]] = set()
            for name in names:
                self.take(place, os.path.join(place.directory, name), rank, seen)

    def take(
        self, place: _Place, path: str, rank: int = _NOT_ON_PATH, seen: set[tuple[int, int]] | None = None
    ) -> None:
        """Take the program at `path` if it is a Python; `seen` are the files that were taken from this directory."""
        status = _stat(path)
        if status is None or not stat.S_ISREG(status.st_mode) or not os.access(path, os.X_OK):
            return
        identity = (status.st_dev, status.st_ino)
        if seen is not None and status.st_ino:
            if identity in seen:
                return
            seen.add(identity)
        real = os.path.realpath(path)
        if real in self.found:
            self._take_again(self.found[real], place, path, rank)
            return
        architectures = self._recognise(place, path, real, status.st_size)
        if architectures is not None:
            one = _Found(self._reported(place, path, real), real, architectures, place)
            one.rank = rank
            self._attribute(one)
            self.found[real] = one

    def _is_new(self, directory: str) -> bool:
        """Say whether a directory was not looked into under this or another name: `/bin` is often `/usr/bin`."""
        status = _stat(directory)
        if status is None:
            return False
        identity = (status.st_dev, status.st_ino)
        is_new = not status.st_ino or identity not in self._seen_directories
        self._seen_directories.add(identity)
        return is_new

    def _take_again(self, one: _Found, place: _Place, path: str, rank: int) -> None:
        """Note that `one` was found once more: who installed it says more of it than how PATH leads to it."""
        one.rank = min(one.rank, rank)
        if one.source in _GENERIC_SOURCES and place.source not in _GENERIC_SOURCES:
            one.source, one.label = place.source, place.label
            one.path = self._reported(place, path, one.real)
            self._attribute(one)

    def _recognise(self, place: _Place, path: str, real: str, size: int) -> tuple[str, ...] | None:
        """Return the architectures of a program, or None when it is a shim, a launcher, a stub or no program."""
        if os.path.basename(real) in _VERSION_MANAGERS:
            return None
        if size == 0:
            # An app execution alias of Windows. The ones in a package's own folder are Pythons; `python.exe` beside
            # them opens the Store when none is installed.
            return (self._search.host.architecture,) if place.source == "store" else None
        header = _read(real, HEADER_SIZE)
        if header is None:
            # A program may be executable and not readable.
            return () if self._search.host.system != "windows" else None
        if header.startswith(b"#!"):
            self._learn_from_script(header)
            return None
        if self._search.is_windows and self._is_launcher(path):
            return None
        if self._is_environment(os.path.dirname(real)):
            return None
        return executable_architectures(header) or None

    def _reported(self, place: _Place, path: str, real: str) -> str:
        """Return the path to report: the real one, unless only the link can be started as a Python or stays."""
        is_alias = place.source == "store" or place.keeps_link or not _NAME.fullmatch(os.path.basename(real))
        return path if is_alias else real

    def _attribute(self, one: _Found) -> None:
        """Correct the source where the installation itself says who made it."""
        prefix = _prefix(one.real, is_windows=self._search.is_windows)
        if one.source != "conda" and os.path.isdir(os.path.join(prefix, "conda-meta")):
            one.source = "conda"
            self._search.learned.append(("conda", prefix))
        elif one.source == "path" and os.path.dirname(one.real) in (self._search.at("usr/bin"), self._search.at("bin")):
            one.source = "system"

    def _holds_shims(self, directory: str) -> bool:
        """Say whether a directory holds a version manager's shims, and remember the manager's root.

        pyenv, asdf and mise keep theirs in `shims` below their root.
        """
        parent, name = os.path.split(directory.rstrip(os.sep))
        if name != "shims":
            return False
        kinds = []
        if os.path.isdir(os.path.join(parent, "versions")):
            kinds.append("pyenv")
        if os.path.isdir(os.path.join(parent, "installs")):
            kinds.append("mise" if "mise" in os.path.basename(parent) else "asdf")
        self._search.learned.extend((kind, parent) for kind in kinds)
        return bool(kinds)

    def _is_apples(self, directory: str) -> bool:
        """Say whether this is macOS's own `/usr/bin`.

        Its Pythons are stubs that offer to install the command line tools; the frameworks hold the real ones.
        """
        return self._search.host.system == "darwin" and directory.rstrip(os.sep) == self._search.at("usr/bin")

    def _learn_from_script(self, header: bytes) -> None:
        """Remember pyenv's root from one of its shims, wherever that was copied to."""
        root = re.search(rb'PYENV_ROOT="(/[^"\n]+)"', header)
        if root and b" exec " in header:
            self._search.learned.append(("pyenv", os.fsdecode(root.group(1))))

    def _is_launcher(self, path: str) -> bool:
        """Say whether a small Windows program only starts another one, and remember which.

        Scoop writes `python.shim` beside it, the Python install manager `python.exe.__target__`.
        """
        target = _read(path + ".__target__", HEADER_SIZE)
        if target is not None:
            return True
        target = _read(os.path.splitext(path)[0] + ".shim", HEADER_SIZE)
        if target is None:
            return False
        written = re.search(r'path\s*=\s*"?([^"\r\n]+)', target.decode("utf-8", "replace"))
        if written and os.path.isabs(written.group(1)):
            self.homes.append(os.path.dirname(written.group(1)))
        return True

    def _is_environment(self, directory: str) -> bool:
        """Say whether a directory belongs to a virtual environment, and remember the home of its base (PEP 405)."""
        known = self._environments.get(directory)
        if known is not None:
            return known
        self._environments[directory] = True
        for marker in (os.path.dirname(directory), directory):
            text = _read(os.path.join(marker, "pyvenv.cfg"), HEADER_SIZE)
            if text is not None:
                home = re.search(r"^\s*home\s*=\s*(.+?)\s*$", text.decode("utf-8", "surrogateescape"), re.MULTILINE)
                if home and os.path.isabs(home.group(1)):
                    self.homes.append(home.group(1))
                return True
        # virtualenv before 20 left no pyvenv.cfg.
        is_old = os.path.exists(os.path.join(directory, "activate_this.py"))
        self._environments[directory] = is_old
        return is_old


def _python_names(directory: str, *, is_windows: bool) -> list[str]:
    """Return the names in a directory that a Python may have, the one to report first: `python3.12` before `python3`.

    On Windows the plain `python.exe` is the program and the others are copies of it.
    """
    ranked = []
    for name in _names_in(directory):
        # Most names fall here, and far quicker than in the expression.
        if not (name.lower() if is_windows else name).startswith(("python", "pypy", "graalpy")):
            continue
        match = _NAME.fullmatch(name.lower() if is_windows else name)
        if match and match.group(0).endswith(".exe") == is_windows:
            ranked.append((bool(match.group(4)), len(name) if is_windows else -len(name), name))
    return [name for _, _, name in sorted(ranked)]


# ---- the sources ----------------------------------------------------------------------------------------------------


def _uv(search: _Search) -> Iterator[_Place]:
    """Yield what uv installed. Its `cpython-3.12-...` are links to an exact version, and dissolve by themselves."""
    folders = search.below("UV_PYTHON_INSTALL_DIR", "")
    if not folders and search.is_windows:
        folders = search.below("APPDATA", "uv/data/python", "uv/python")
    elif not folders:
        folders = search.below("XDG_DATA_HOME", "uv/python") or search.homes(".local/share/uv/python")
    yield from _versions(search, "uv", folders)
    # Releases before 0.4 had one level more.
    for prefix, label in _subfolders(folders):
        yield _Place(search.binaries(os.path.join(prefix, "install")), "uv", label)


def _homebrew(search: _Search) -> Iterator[_Place]:
    """Yield Homebrew's kegs, first by the stable link in `opt`: an upgrade removes the folder in `Cellar`."""
    prefixes = search.below("HOMEBREW_PREFIX", "")
    prefixes += [search.at(path) for path in ("opt/homebrew", "usr/local", "home/linuxbrew/.linuxbrew")]
    for prefix in dict.fromkeys(os.path.normpath(prefix) for prefix in prefixes):
        for keg, name in _subfolders([os.path.join(prefix, "opt")]):
            if _is_formula(name):
                yield _Place(os.path.join(keg, "bin"), "homebrew", keeps_link=True)
        for rack, name in _subfolders([os.path.join(prefix, "Cellar")]):
            if _is_formula(name):
                yield from (_Place(os.path.join(keg, "bin"), "homebrew") for keg, _ in _subfolders([rack]))


def _is_formula(name: str) -> bool:
    """Say whether Homebrew calls a Python so; `python3` and `python@3` are links that move to another version."""
    return re.fullmatch(r"python@3\.\d+|python-freethreading|pypy|pypy3\.\d+", name) is not None


def _framework(search: _Search) -> Iterator[_Place]:
    """Yield macOS's frameworks: python.org's, and those of the command line tools and Xcode."""
    if search.host.system != "darwin":
        return
    developer = ("Library/Developer/CommandLineTools", "Applications/Xcode.app/Contents/Developer")
    folders = [search.at("Library/Frameworks"), search.at("System/Library/Frameworks")]
    folders += [search.at(os.path.join(path, "Library/Frameworks")) for path in developer]
    for folder in folders:
        for name in ("Python", "PythonT", "Python3"):
            versions = os.path.join(folder, f"{name}.framework/Versions")
            yield from (_Place(os.path.join(prefix, "bin"), "framework") for prefix, _ in _subfolders([versions]))


def _conda(search: _Search) -> Iterator[_Place]:
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
        listed = os.fsdecode(_read(path, 1 << 20) or b"")
        prefixes += [line.strip() for line in listed.splitlines() if os.path.isabs(line.strip())]
    yield from _conda_places(search, prefixes + search.roots("conda"))


def _conda_places(search: _Search, prefixes: Iterable[str]) -> Iterator[_Place]:
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
            yield _Place(search.binaries(prefix), "conda")
        # micromamba's root has environments and no Python of its own.
        queue.extend(path for path, _ in _subfolders([os.path.join(prefix, "envs")]))


def _toolcache(search: _Search) -> Iterator[_Place]:
    """Yield what GitHub's and Azure's runners keep: `Python/3.12.1/x64`."""
    for variable in ("RUNNER_TOOL_CACHE", "AGENT_TOOLSDIRECTORY"):
        for version, label in _subfolders(search.below(variable, "Python", "PyPy", "GraalPy")):
            # PyPy's folder is named by the version of Python too, but of GraalPy's that is not known.
            is_python = os.path.basename(os.path.dirname(version)) == "Python"
            for prefix, _ in _subfolders([version]):
                yield _Place(search.binaries(prefix), "toolcache", label if is_python else "")


def _pymanager(search: _Search) -> Iterator[_Place]:
    """Yield what the Python install manager of Windows installed (PEP 773)."""
    if search.is_windows:
        for prefix, name in _subfolders(search.below("LOCALAPPDATA", "Python")):
            if name.startswith(("pythoncore-", "pythontest-")):
                yield _Place(prefix, "pymanager")


def _store(search: _Search) -> Iterator[_Place]:
    """Yield the packages of the Microsoft Store: each has a folder of its own beside the stubs."""
    if search.is_windows:
        for folder, name in _subfolders(search.below("LOCALAPPDATA", "Microsoft/WindowsApps")):
            if name.startswith(_STORE_PACKAGE):
                yield _Place(folder, "store")


def _registry(search: _Search) -> Iterator[_Place]:
    r"""Yield what is registered below `Software\Python\<Company>\<Tag>` (PEP 514), the person's entries first."""
    if not search.is_windows:
        return
    for hive, view in (("HKCU", 64), ("HKLM", 64), ("HKLM", 32)):
        companies = search.read_key(hive, r"Software\Python", view)
        for company in companies.subkeys if companies else ():
            # PEP 514 keeps this name for the launcher's own settings.
            tags = search.read_key(hive, rf"Software\Python\{company}", view) if company != "PyLauncher" else None
            for tag in tags.subkeys if tags else ():
                yield from _registered(search, hive, rf"Software\Python\{company}\{tag}", view)


def _registered(search: _Search, hive: str, path: str, view: int) -> Iterator[_Place]:
    """Yield where a registered Python is. Without ExecutablePath it is `python.exe` in InstallPath."""
    tag = search.read_key(hive, path, view)
    install = search.read_key(hive, path + r"\InstallPath", view)
    if tag is None or install is None:
        return
    executable = install.values.get("ExecutablePath", "").strip('"')
    directory = os.path.dirname(executable) or install.values.get("", "").strip('"')
    if os.path.isabs(directory):
        yield _Place(directory, "registry", tag.values.get("Version", ""))


def _pyenv(search: _Search) -> Iterator[_Place]:
    """Yield pyenv's and pyenv-win's versions. Those that are virtual environments are left out by `scan`."""
    roots = search.below("PYENV_ROOT", "") or search.below("PYENV", "") or search.homes(".pyenv")
    folders = [os.path.join(root, path) for root in roots for path in ("versions", "pyenv-win/versions")]
    folders += [os.path.join(root, "versions") for root in search.roots("pyenv")]
    return _versions(search, "pyenv", folders)


def _asdf(search: _Search) -> Iterator[_Place]:
    """Yield what asdf's python plugin installed."""
    roots = (search.below("ASDF_DATA_DIR", "") or search.homes(".asdf")) + search.roots("asdf")
    return _versions(search, "asdf", [os.path.join(root, "installs/python") for root in roots])


def _mise(search: _Search) -> Iterator[_Place]:
    """Yield what mise installed. Its `3.12` and `latest` are links to an exact version."""
    roots = search.below("MISE_DATA_DIR", "")
    if not roots and search.is_windows:
        roots = search.below("LOCALAPPDATA", "mise")
    elif not roots:
        roots = search.below("XDG_DATA_HOME", "mise") or search.homes(".local/share/mise")
    return _versions(search, "mise", [os.path.join(root, "installs/python") for root in roots + search.roots("mise")])


def _versions(search: _Search, source: str, folders: Iterable[str]) -> Iterator[_Place]:
    """Yield the installations in folders that a version manager names by their version.

    Links come last: mise's `3.12` leads to `3.12.1`, whose name tells more.
    """
    for folder in dict.fromkeys(os.path.normpath(folder) for folder in folders):
        for prefix, label in sorted(_subfolders([folder]), key=lambda pair: os.path.islink(pair[0])):
            yield _Place(search.binaries(prefix), source, label)


def _system(search: _Search) -> Iterator[_Place]:
    """Yield where distributions put Pythons, on PATH or not, and Debian's alternatives."""
    if not search.is_windows:
        yield _Place(search.at("usr/bin"), "system")
        yield _Place(search.at("usr/local/bin"), "path")
        yield _Place(search.at("etc/alternatives"), "path")


SOURCES: tuple[Callable[[_Search], Iterator[_Place]], ...] = (
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


# ---- what their files say -------------------------------------------------------------------------------------------


def _read_off(one: _Found, *, is_windows: bool) -> _Facts | None:
    """Return what the files around a program say of it, or None when only the program itself can tell.

    The standard library must be there: a version number beside a Python that cannot start would be worth nothing.
    """
    name = _NAME.fullmatch(os.path.basename(one.real).lower() if is_windows else os.path.basename(one.real))
    if name is None:
        return None
    prefix = _prefix(one.real, is_windows=is_windows)
    library = _windows_library(prefix, name) if is_windows else _unix_library(prefix, name)
    if library is None:
        return None
    implementation, version = _headers(prefix, library) or ("", "")
    implementation = implementation or library.implementation
    series = f"{name.group(2)}.{name.group(3)}." if name.group(3) else ""
    if version.startswith(series) and version:
        return _Facts(version, implementation, library.is_free_threaded, prefix)
    return _conda_facts(prefix, series) or _label_facts(one.label, library, series, prefix)


def _prefix(real: str, *, is_windows: bool) -> str:
    directory = os.path.dirname(real)
    return directory if is_windows else os.path.dirname(directory)


class _Library(NamedTuple):
    """What the layout of an installation tells."""

    implementation: str
    is_free_threaded: bool
    headers: tuple[str, ...]
    """The folders in which patchlevel.h may be, relative to the prefix, the likeliest first."""


def _unix_library(prefix: str, name: re.Match[str]) -> _Library | None:
    """Find the standard library of `bin/python3.12`: `lib/python3.12`, `lib64` on some, `python3.13t` without GIL."""
    family, flags = name.group(1), name.group(4)
    if family == "graalpy":
        # Its patchlevel.h lags behind what it says of itself: leave it to uv's name or the interpreter.
        return _Library(family, False, ())
    stem = f"{family}{name.group(2)}.{name.group(3)}" if name.group(3) else _only_series(prefix, family)
    implementation = "cpython" if family == "python" else family
    if stem is None:
        is_old_pypy = family == "pypy" and os.path.exists(os.path.join(prefix, "lib-python"))
        return _Library(implementation, False, ("include",)) if is_old_pypy else None
    for suffix in ("t",) if flags.startswith("t") else ("", "t"):
        for folder in ("lib", "lib64"):
            if os.path.exists(os.path.join(prefix, folder, stem + suffix, "os.py")):
                suffixes = dict.fromkeys((flags.removeprefix("-dbg"), suffix, "m", "mu", "d", "td"))
                return _Library(
                    implementation, suffix == "t", (*(f"include/{stem}{each}" for each in suffixes), "include")
                )
    return None


def _only_series(prefix: str, family: str) -> str | None:
    """Return the one `python3.12` in `lib`, for a program that is called `python` or `python3`."""
    pattern = re.compile(family + r"\d\.\d+")
    names = [name for name in _names_in(os.path.join(prefix, "lib")) if pattern.fullmatch(name)]
    return names[0] if len(names) == 1 else None


def _windows_library(prefix: str, name: re.Match[str]) -> _Library | None:
    """Find the standard library beside `python.exe`. The DLLs tell whether `python.exe` itself is free-threaded."""
    if not os.path.exists(os.path.join(prefix, "Lib", "os.py")):
        return None
    is_free_threaded = name.group(4).startswith("t")
    if not is_free_threaded:
        libraries = [each.lower() for each in _names_in(prefix) if re.fullmatch(r"python3\d+t?\.dll", each.lower())]
        is_free_threaded = bool(libraries) and all(each.endswith("t.dll") for each in libraries)
    family = name.group(1)
    return _Library("cpython" if family == "python" else family, is_free_threaded, ("include",))


def _headers(prefix: str, library: _Library) -> tuple[str, str] | None:
    """Return (implementation, version) from patchlevel.h; the implementation is empty for what is not PyPy."""
    for folder in library.headers:
        text = _read(os.path.join(prefix, folder, "patchlevel.h"), 16384)
        version = _PATCHLEVEL.search(text) if text else None
        if text and version:
            return ("pypy" if b"PYPY_VERSION" in text else "", version.group(1).decode())
    return None


def _conda_facts(prefix: str, series: str) -> _Facts | None:
    """Read `conda-meta/python-3.13.0-h9a34b6e_5_cp313t.json`: conda's record of the package, by its name."""
    pattern = re.compile(rf"python-({_VERSION})-([^-]+)\.json")
    for name in _names_in(os.path.join(prefix, "conda-meta")):
        match = pattern.fullmatch(name)
        if match and match.group(1).startswith(series):
            build = match.group(2)
            implementation = "pypy" if "pypy" in build else "cpython"
            return _Facts(match.group(1), implementation, build.endswith("t") and "_cp3" in build, prefix)
    return None


def _label_facts(label: str, library: _Library, series: str, prefix: str) -> _Facts | None:
    """Believe an exact version in the name that uv, pyenv, asdf, mise or the registry gave to an installation."""
    match = re.fullmatch(_UV_LABEL, label)
    if match:
        implementation, version = match.group(1), match.group(2)
        is_free_threaded = "freethreaded" in (match.group(3) or "")
    elif library.implementation == "cpython" and re.fullmatch(rf"({_VERSION})t?", label):
        implementation, version = "cpython", label.removesuffix("t")
        is_free_threaded = library.is_free_threaded
    else:
        return None
    return _Facts(version, implementation, is_free_threaded, prefix) if version.startswith(series) else None


# ---- asking those that do not tell ----------------------------------------------------------------------------------


def _ask_all(
    silent: Sequence[_Found], *, env: Mapping[str, str], runner: Runner | None, cache_dir: Path | None, cwd: Path
) -> dict[str, _Facts]:
    """Return what `silent` say of themselves, from the cache or by starting them, several at a time."""
    remembered = _load(cache_dir)
    answers: dict[str, _Facts] = {}
    unknown = []
    for one in silent:
        entry = remembered.get(one.real)
        if entry is not None and entry[0] == _stamp(one.real):
            answers[one.real] = entry[1]
        else:
            unknown.append(one)
    if not unknown:
        return answers
    new = _start_all(unknown, env=env, runner=runner, cwd=cwd)
    answers.update(new)
    # A wrapper stays as it is when the Python behind it changes.
    new = {path: told for path, told in new.items() if os.path.realpath(told.executable or path) == path}
    if new and cache_dir is not None:
        kept = {path: entry for path, entry in remembered.items() if path not in new and os.path.exists(path)}
        _store_answers(cache_dir, kept | {path: (_stamp(path), told) for path, told in new.items()})
    return answers


def _start_all(
    unknown: Sequence[_Found], *, env: Mapping[str, str], runner: Runner | None, cwd: Path
) -> dict[str, _Facts]:
    """Start every Python in `unknown`; those that fail, hang or say something else are left out."""
    import threading  # noqa: PLC0415 - on most machines nothing has to be started

    if runner is None:
        from bootstrap.process import run  # noqa: PLC0415 - as above

        runner = run
    # What steers a Python must not steer these; Apple's launcher variable makes one take another for itself.
    clean = {name: value for name, value in env.items() if not name.startswith(("PYTHON", "__PYVENV_LAUNCHER__"))}
    ask = partial(_ask, env=clean, runner=runner, cwd=cwd)
    answers: dict[str, _Facts] = {}
    pending = list(unknown)

    def work() -> None:
        while True:
            try:
                one = pending.pop()
            except IndexError:
                return
            told = ask(one)
            if told is not None:
                answers[one.real] = told

    threads = [threading.Thread(target=work, daemon=True) for _ in range(min(_THREADS, len(pending)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _ask(one: _Found, *, env: Mapping[str, str], runner: Runner, cwd: Path) -> _Facts | None:
    """Start one Python and return what it says, or None. `-I` would say `-E -s` in one, but 2.7 does not know it."""
    completed = runner((one.path, "-E", "-s", "-S", "-c", _QUESTION), cwd=cwd, env=env, timeout=_TIMEOUT)
    answer = _ANSWER.search(completed.stdout)
    if not completed.ok or answer is None:
        return None
    release, level, serial, implementation, threaded, prefix, executable = answer.groups()
    version = release if level == "final" else f"{release}{_RELEASE_LEVELS.get(level, level)}{serial}"
    if not re.fullmatch(_VERSION, version):
        return None
    return _Facts(version, implementation, threaded == "1", _from_hex(prefix), _from_hex(executable))


def _from_hex(text: str) -> str:
    return bytes.fromhex(text).decode("utf-8", "surrogateescape")


def _follow(one: _Found, told: _Facts) -> _Found:
    """Return the program that answered, where it is another than the one that was called: a wrapper starts it."""
    executable = told.executable
    if not executable or not os.path.isabs(executable) or os.path.realpath(executable) == one.real:
        return one
    real = os.path.realpath(executable)
    architectures = executable_architectures(_read(real, HEADER_SIZE) or b"")
    if not architectures or not _NAME.fullmatch(os.path.basename(real)):
        return one
    answered = _Found(real, real, architectures, _Place("", one.source))
    answered.rank = one.rank
    return answered


# ---- the cache ------------------------------------------------------------------------------------------------------

if TYPE_CHECKING:
    _Stamp = tuple[int, int, int]


def _stamp(path: str) -> _Stamp:
    """Return what changes when a file is replaced. Some systems set every time to the same moment: hence the inode."""
    status = _stat(path)
    return (status.st_size, status.st_mtime_ns, status.st_ino) if status else (0, 0, 0)


def _load(cache_dir: Path | None) -> dict[str, tuple[_Stamp, _Facts]]:
    """Return what is remembered; a cache that is not there or not understood is empty."""
    import json  # noqa: PLC0415 - on most machines nothing is remembered

    text = _read(os.path.join(cache_dir, CACHE_NAME), 1 << 20) if cache_dir else None
    try:
        data = json.loads(text or b"{}")
        if data.get("schema") != _CACHE_SCHEMA:
            return {}
        return {path: _entry(value) for path, value in data["interpreters"].items()}
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError):
        return {}


def _entry(value: Any) -> tuple[_Stamp, _Facts]:
    """Check one remembered answer; raises TypeError or ValueError for what devstrap did not write."""
    size, mtime, inode, version, implementation, threaded, prefix = value
    is_text = all(isinstance(text, str) for text in (version, implementation, prefix))
    if not is_text or not re.fullmatch(_VERSION, version):
        raise ValueError
    return (int(size), int(mtime), int(inode)), _Facts(version, implementation, bool(threaded), prefix)


def _store_answers(cache_dir: Path, entries: Mapping[str, tuple[_Stamp, _Facts]]) -> None:
    """Remember the answers, atomically; a directory that cannot be written to is no reason to fail."""
    import json  # noqa: PLC0415 - as above

    flat = {
        path: (*stamp, told.version, told.implementation, told.is_free_threaded, told.prefix)
        for path, (stamp, told) in sorted(entries.items())
    }
    temporary = cache_dir / f".{CACHE_NAME}.{os.getpid()}"
    try:
        cache_dir.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps({"schema": _CACHE_SCHEMA, "interpreters": flat}, indent=1), "ascii")
        temporary.replace(cache_dir / CACHE_NAME)
    except OSError:
        try:
            temporary.unlink()
        except OSError:
            return


# ---- reading, without ever raising ----------------------------------------------------------------------------------


def _names_in(folder: str) -> list[str]:
    """Return what is in a folder; ValueError is for a path with a null character in somebody's settings."""
    try:
        return os.listdir(folder)
    except (OSError, ValueError):
        return []


def _subfolders(folders: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield (path, name) of what is in `folders` and not hidden, in the order of the names."""
    for folder in folders:
        yield from ((os.path.join(folder, name), name) for name in sorted(_names_in(folder)) if name[0] != ".")


def _stat(path: str) -> os.stat_result | None:
    try:
        return os.stat(path)
    except (OSError, ValueError):
        return None


def _read(path: str, size: int) -> bytes | None:
    """Return the first bytes of a file, or None when it cannot be read."""
    try:
        # Never wait for a pipe; the caller has made sure of programs, but not of what lies beside them.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError):
        return None
    try:
        return os.read(handle, size)
    except OSError:
        return None
    finally:
        os.close(handle)


def read_registry_key(hive: str, path: str, view: int) -> Key | None:
    """Read a key of the Windows registry; None where it does not exist, and on every other system."""
    from importlib import import_module  # noqa: PLC0415 - only Windows gets here

    try:
        winreg: Any = import_module("winreg")
    except ImportError:
        return None
    root = winreg.HKEY_CURRENT_USER if hive == "HKCU" else winreg.HKEY_LOCAL_MACHINE
    access = winreg.KEY_READ | (winreg.KEY_WOW64_64KEY if view == 64 else winreg.KEY_WOW64_32KEY)
    try:
        with winreg.OpenKeyEx(root, path, 0, access) as key:
            subkeys, count, _ = winreg.QueryInfoKey(key)
            values = [winreg.EnumValue(key, index) for index in range(count)]
            texts = {name: value for name, value, _ in values if isinstance(value, str)}
            return Key(texts, tuple(winreg.EnumKey(key, index) for index in range(subkeys)))
    except OSError:
        return None
