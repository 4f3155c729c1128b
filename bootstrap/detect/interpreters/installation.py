"""What the files of an installation say of it, so that it need not be started."""

from __future__ import annotations

import os
import re

from bootstrap.detect.interpreters.files import names_in, read

# PEP 440 without what no Python release has; a build between releases has a `+` that is no part of the version.
VERSION = r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?"
# python3.12, python3.13t, python3.11-dbg, pypy3.10, python.exe: (family, major, minor, flags).
PROGRAM_NAME = re.compile(
    r"(python|pypy|graalpy)(?:(\d)(?:\.(\d{1,2})(?:\.\d+)?)?)?(t?d?m?u?|-dbg)(?:\.exe)?", re.ASCII
)
_PATCHLEVEL = re.compile(rf'#\s*define\s+PY_VERSION\s+"({VERSION})\+?"'.encode())
# cpython-3.13.0+freethreaded-linux-x86_64-gnu: how uv names what it installs.
_UV_LABEL = rf"(cpython|pypy|graalpy)-({VERSION})(?:\+([a-z+]+))?-[a-z0-9]+-[a-z0-9_]+-[a-z0-9]+"


class Details:
    """What an installation says of itself.

    `executable` comes only from one that was started: it may be another program than the one that was called.
    """

    __slots__ = ("executable", "implementation", "is_free_threaded", "prefix", "version")

    def __init__(
        self, version: str, implementation: str, prefix: str, *, is_free_threaded: bool, executable: str = ""
    ) -> None:
        self.version = version
        self.implementation = implementation
        self.prefix = prefix
        self.is_free_threaded = is_free_threaded
        self.executable = executable


def read_off(real: str, label: str, *, is_windows: bool) -> Details | None:
    """Return what the files around a program say of it, or None when only the program itself can tell.

    `real` is the program without links, `label` what the source calls its installation. The standard library must be
    there: a version number beside a Python that cannot start would be worth nothing.
    """
    name = PROGRAM_NAME.fullmatch(os.path.basename(real).lower() if is_windows else os.path.basename(real))
    if name is None:
        return None
    prefix = prefix_of(real, is_windows=is_windows)
    library = _windows_library(prefix, name) if is_windows else _unix_library(prefix, name)
    if library is None:
        return None
    implementation, version = _headers(prefix, library) or ("", "")
    implementation = implementation or library.implementation
    series = f"{name.group(2)}.{name.group(3)}." if name.group(3) else ""
    if version.startswith(series) and version:
        return Details(version, implementation, prefix, is_free_threaded=library.is_free_threaded)
    return _conda_details(prefix, series) or _label_details(label, library, series, prefix)


def prefix_of(real: str, *, is_windows: bool) -> str:
    """Return the folder of the installation that a program belongs to."""
    directory = os.path.dirname(real)
    return directory if is_windows else os.path.dirname(directory)


class _Library:
    """What the layout of an installation tells.

    `headers` are the folders in which patchlevel.h may be, relative to the prefix, the likeliest first.
    """

    __slots__ = ("headers", "implementation", "is_free_threaded")

    def __init__(self, implementation: str, is_free_threaded: bool, headers: tuple[str, ...]) -> None:
        self.implementation = implementation
        self.is_free_threaded = is_free_threaded
        self.headers = headers


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
    names = [name for name in names_in(os.path.join(prefix, "lib")) if pattern.fullmatch(name)]
    return names[0] if len(names) == 1 else None


def _windows_library(prefix: str, name: re.Match[str]) -> _Library | None:
    """Find the standard library beside `python.exe`. The DLLs tell whether `python.exe` itself is free-threaded."""
    if not os.path.exists(os.path.join(prefix, "Lib", "os.py")):
        return None
    is_free_threaded = name.group(4).startswith("t")
    if not is_free_threaded:
        libraries = [each.lower() for each in names_in(prefix) if re.fullmatch(r"python3\d+t?\.dll", each.lower())]
        is_free_threaded = bool(libraries) and all(each.endswith("t.dll") for each in libraries)
    family = name.group(1)
    return _Library("cpython" if family == "python" else family, is_free_threaded, ("include",))


def _headers(prefix: str, library: _Library) -> tuple[str, str] | None:
    """Return (implementation, version) from patchlevel.h; the implementation is empty for what is not PyPy."""
    for folder in library.headers:
        text = read(os.path.join(prefix, folder, "patchlevel.h"), 16384)
        version = _PATCHLEVEL.search(text) if text else None
        if text and version:
            return ("pypy" if b"PYPY_VERSION" in text else "", version.group(1).decode())
    return None


def _conda_details(prefix: str, series: str) -> Details | None:
    """Read `conda-meta/python-3.13.0-h9a34b6e_5_cp313t.json`: conda's record of the package, by its name."""
    pattern = re.compile(rf"python-({VERSION})-([^-]+)\.json")
    for name in names_in(os.path.join(prefix, "conda-meta")):
        match = pattern.fullmatch(name)
        if match and match.group(1).startswith(series):
            build = match.group(2)
            implementation = "pypy" if "pypy" in build else "cpython"
            return Details(
                match.group(1), implementation, prefix, is_free_threaded=build.endswith("t") and "_cp3" in build
            )
    return None


def _label_details(label: str, library: _Library, series: str, prefix: str) -> Details | None:
    """Believe an exact version in the name that uv, pyenv, asdf, mise or the registry gave to an installation."""
    match = re.fullmatch(_UV_LABEL, label)
    if match:
        implementation, version = match.group(1), match.group(2)
        is_free_threaded = "freethreaded" in (match.group(3) or "")
    elif library.implementation == "cpython" and re.fullmatch(rf"({VERSION})t?", label):
        implementation, version = "cpython", label.removesuffix("t")
        is_free_threaded = library.is_free_threaded
    else:
        return None
    if not version.startswith(series):
        return None
    return Details(version, implementation, prefix, is_free_threaded=is_free_threaded)
