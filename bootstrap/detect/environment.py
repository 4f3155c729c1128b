"""What is at `.venv`, told from its files (PEP 405) without starting anything."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from pathlib import Path

from bootstrap.detect.pyvenv import NAME, SETTINGS, interpreter_in, read_settings, version_in
from bootstrap.model import Environment, EnvironmentState
from bootstrap.versions import Version

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from bootstrap.machine import Host

RECORD = "devstrap.json"
# What is kept in an environment that was installed from another manager's lock.
_LOCKED = ("devstrap-lock", "devstrap-lock.txt", "devstrap-build.txt")
# In the record: another tool made the environment, and devstrap only installed into it.
ADOPTED = "adopted"

# What tools put directly into a virtual environment, and people hardly ever.
_OWN = frozenset(
    "bin include lib lib64 share Scripts Include Lib .gitignore .lock CACHEDIR.TAG lost+found".split()  # noqa: SIM905
)


def detect_environment(root: Path, name: str = NAME) -> Environment:
    """Look at `root/name` and say what it is, and why."""
    path = root / name
    identity = identity_of(path)
    return replace(_detect(path), identity=identity)


def identity_of(path: Path) -> str:
    """Return what changes when something else comes to stand at `path`, or comes into it; empty where nothing is."""
    try:
        status = os.lstat(path)
    except OSError:
        return ""
    return f"{status.st_ino}:{status.st_mtime_ns}"


def _detect(path: Path) -> Environment:
    try:
        status = os.lstat(path)
    except OSError:
        return Environment(path, EnvironmentState.ABSENT)
    if stat.S_ISLNK(status.st_mode):
        return _foreign(path, f"it is a link to {_readlink(path)}")
    if not stat.S_ISDIR(status.st_mode):
        return _foreign(path, "it is a file")
    is_mount = is_mounted(path)
    try:
        entries = set(os.listdir(path))
    except OSError as error:
        return _foreign(path, f"it cannot be opened: {error.strerror}")
    if not entries - {"lost+found"}:
        return Environment(path, EnvironmentState.ABSENT, is_mount=is_mount)
    return _look_inside(path, entries, is_mount=is_mount)


def is_mounted(path: Path, table: Path = Path("/proc/self/mountinfo")) -> bool:
    """Say whether something is mounted at `path`, be it a volume of the same disk: that only proc(5) tells."""
    if os.path.ismount(path):
        return True
    try:
        lines = table.read_bytes().splitlines()
    except OSError:
        return False
    # Space, tab, line break and backslash stand there as three octal digits.
    name = os.fsencode(os.path.realpath(path))
    for character in (b"\\", b" ", b"\t", b"\n"):
        name = name.replace(character, b"\\%03o" % ord(character))
    return any(line.split(b" ", 5)[4:5] == [name] for line in lines)


def is_of_environments(entries: set[str]) -> bool:
    """Say whether a folder has nothing directly in it but what tools put into a virtual environment."""
    return entries <= _OWN | {SETTINGS, RECORD, *_LOCKED}


def _foreign(path: Path, reason: str) -> Environment:
    return Environment(path, EnvironmentState.FOREIGN, reason=reason)


def _readlink(path: Path) -> str:
    try:
        return str(path.readlink())
    except OSError:
        return "somewhere"


def _look_inside(path: Path, entries: set[str], *, is_mount: bool) -> Environment:
    python = interpreter_of(path)
    if SETTINGS not in entries:
        # Only what nobody but a virtual environment can be is taken for the rest of one; conda's look nearly alike.
        if RECORD in entries or (_library(path) is not None and is_of_environments(entries)):
            return Environment(path, EnvironmentState.BROKEN, reason="pyvenv.cfg is missing", is_mount=is_mount)
        kind = "conda's environment" if "conda-meta" in entries else "a folder, but no virtual environment"
        return _foreign(path, f"it is {kind}")
    settings = read_settings(str(path))
    version = _exact(version_in(settings), settings, python)
    record = _record(path) if RECORD in entries else ""
    reason = _defect(path, python, settings, version)
    return Environment(
        path,
        EnvironmentState.BROKEN if reason else EnvironmentState.HEALTHY,
        version=version,
        implementation=settings.get("implementation", "CPython").lower(),
        base=_base(python, settings),
        reason=reason,
        record=record,
        is_mount=is_mount,
    )


def interpreter_of(environment: Path) -> Path:
    """Return where an environment keeps its interpreter on this system."""
    return Path(interpreter_in(str(environment)))


def displaced(environment: Environment, root: Path, host: Host) -> Environment:
    """Return the environment as broken where devstrap noted that it was made in another place or on another machine."""
    noted = recorded(environment.record)
    reason = ""
    if not is_made_in(noted, root):
        reason = f"it was made in {noted['root']}"
    elif noted.get("host", platform_of(host)) != platform_of(host):
        reason = f"it was made for {noted['host']}"
    return broken(environment, reason) if reason else environment


def is_handmade(path: Path) -> bool:
    """Say whether there is something at `path` that devstrap did not make: to be kept when it is replaced."""
    try:
        entries = set(os.listdir(path))
    except OSError:
        return False
    if not entries - {"lost+found"}:
        return False
    return RECORD not in entries or bool(recorded(_record(path)).get(ADOPTED))


def is_made_in(noted: Mapping[str, Any], root: Path) -> bool:
    """Say whether what devstrap noted in an environment names `root`, by whatever links (macOS: /tmp, /private/tmp)."""
    place = str(noted.get("root", root))
    return place == str(root) or os.path.realpath(place) == os.path.realpath(root)


def broken(environment: Environment, reason: str) -> Environment:
    """Return the environment with the reason why it cannot be used."""
    return replace(environment, state=EnvironmentState.BROKEN, reason=reason)


def platform_of(host: Host) -> str:
    """Name the kind of machine that an environment's compiled packages are for."""
    return "-".join(part for part in (host.system, host.architecture, host.libc) if part)


def recorded(record: str) -> dict[str, Any]:
    """Return what devstrap noted in an environment; nothing where it noted nothing that can be read."""
    try:
        data = json.loads(record) if record else {}
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _exact(version: Version | None, settings: Mapping[str, str], python: Path) -> Version | None:
    """Fill in the micro version where pyvenv.cfg has none: uv leaves it open for a Python that it upgrades in place."""
    text = settings.get("version_info") or settings.get("version") or ""
    if version is None or text.count(".") > 1:
        return version
    # .../cpython-3.12.1-linux-x86_64-gnu/bin/python3.12
    words = os.path.realpath(python).replace(os.sep, "-").split("-")
    exact = (word for word in words if word.count(".") == 2 and word.startswith(f"{version[0]}.{version[1]}."))
    return next((Version.parse(word) for word in exact if word.replace(".", "").isdigit()), version)


def _library(path: Path) -> Path | None:
    """Return the environment's site-packages, whatever Python it is for."""
    windows = path / "Lib" / "site-packages"
    if os.name == "nt" and windows.is_dir():
        return windows
    try:
        names = sorted(os.listdir(path / "lib"))
    except OSError:
        return None
    return next(
        (path / "lib" / name / "site-packages" for name in names if name.startswith(("python3", "pypy3"))), None
    )


def library_of(environment: Path) -> Path | None:
    """Return the environment's site-packages, or None where it has none."""
    return _library(environment)


def _base(python: Path, settings: Mapping[str, str]) -> Path | None:
    home = settings.get("home")
    return Path(home) if home else Path(os.path.realpath(python)).parent


def _record(path: Path) -> str:
    try:
        return (path / RECORD).read_text("utf-8", "replace")
    except OSError:
        return ""


def _defect(path: Path, python: Path, settings: Mapping[str, str], version: Version | None) -> str:
    """Say what is wrong with an environment, or return an empty string."""
    try:
        is_there = python.exists()
    except OSError as error:
        return f"its interpreter cannot be reached: {error.strerror}"
    if not is_there:
        if os.path.lexists(python):
            return f"its interpreter {os.path.realpath(python)} is gone"
        return "it has no interpreter"
    if version is None:
        return "pyvenv.cfg does not say which Python it is for"
    home = settings.get("home", "")
    if home and not os.path.isdir(home):
        return f"it was made from {home}, which is not on this machine"
    library = _library(path)
    if library is None:
        return "it has no site-packages"
    feature = f"{version.minor[0]}.{version.minor[1]}"
    if os.name != "nt" and library.parent.name.rstrip("t") not in (f"python{feature}", f"pypy{feature}"):
        return f"pyvenv.cfg says {feature}, but its packages are for {library.parent.name}"
    return _upgraded_base(python, feature) if os.name != "nt" else ""


def _upgraded_base(python: Path, feature: str) -> str:
    """A link such as /usr/bin/python3 may lead to another feature version than when the environment was made."""
    name = os.path.basename(os.path.realpath(python)).removesuffix("t")
    digits = name.removeprefix("python").removeprefix("pypy")
    if digits.count(".") == 1 and digits.replace(".", "").isdigit() and digits != feature:
        return f"it was made for Python {feature}, but its interpreter is now {name}"
    return ""
