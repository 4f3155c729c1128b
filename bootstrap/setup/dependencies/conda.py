"""A conda `environment.yml`: what pip installs, and what of the rest the package index has by the same name."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.errors import MalformedFileError
from bootstrap.model import Dependencies, Run
from bootstrap.setup.dependencies import needs
from bootstrap.setup.dependencies.groups import is_named
from bootstrap.setup.dependencies.shortfall import is_complete

if TYPE_CHECKING:
    from collections.abc import Callable

    from bootstrap.model import Repository

    Reader = Callable[[str], bytes | None]

FILES = ("environment.yml", "environment.yaml", "environment-dev.yml", "dev-environment.yml", "conda/environment.yml")
# Not for Python at all, or what conda itself needs.
_SYSTEM = re.compile(
    r"^(?:python|pip|conda.*|mamba|.*compilers?|gcc.*|gxx.*|clang.*|make|cmake|ninja|git|nodejs|cudatoolkit|cuda.*|"
    r"openmpi|mpich|libgdal|gdal|proj|geos|hdf5|libnetcdf|mkl.*|openblas|r-.*|lib.*|pkg-config|pandoc|graphviz|"
    r"postgresql|redis-server|ffmpeg|openjdk)$"
)
_ENTRY = re.compile(r"^\s*-\s*(?:[\w-]+::)?([A-Za-z0-9][\w.-]*)\s*([<>=!~][^\s#\"']*)?")

# A version that pip understands, too; others, as OpenSSL's 1.1.1t, are of what it does not install.
_CLAUSE = re.compile(r"([<>=!~]=?)(\d+(?:\.\d+)*(?:(?:a|b|rc|\.?post|\.?dev)\d+)?)(\.?\*)?(=[^=]+)?")

# What conda knows at the top of such a file.
_KEY = {name: re.compile(rf"(?m)^{name}\s*:") for name in ("dependencies", "channels", "name", "prefix")}


class Environment(NamedTuple):
    """What an environment file asks for."""

    python: str = ""
    """A version such as `3.10`; empty where it names none."""
    pip: tuple[str, ...] = ()
    """Words for pip's command line."""
    packages: tuple[str, ...] = ()
    """conda's packages that are Python's, as dependency specifiers."""
    others: tuple[str, ...] = ()
    """What only conda, or the system, can install."""


def recognise(repository: Repository, read: Reader) -> Dependencies | None:
    """Return how what the package index may have is installed, or None where there is no environment file.

    What only conda has is not installed: `beside` names it.
    """
    if is_named(repository):
        return None
    found = needs_of(repository, read)
    if found.is_empty and not _is_environment(repository, read):
        return None
    words = [*found.requirements, *(part for name in found.files for part in ("--requirements", name))]
    words += [part for name in found.constraints for part in ("--constraints", name)]
    words += ["--editable", "." + (f"[{','.join(found.extras)}]" if found.extras else "")] if found.is_editable else []
    content = read(file_of(repository)) or b""
    return Dependencies(
        manager="conda",
        title=f"what {found.origin} has that is Python's",
        installs=(
            Run(("uv", "pip", "install", "--python", "{target}", *words), f"install what {found.origin} asks for"),
        )
        if words
        else (),
        fingerprint=hashlib.sha256(content).hexdigest()[:16],
        installs_project=found.is_editable,
    )


def _is_environment(repository: Repository, read: Reader) -> bool:
    """Say whether there is an environment file; raise MalformedFileError for one that lists nothing."""
    name = file_of(repository)
    text = (read(name) or b"").decode("utf-8", "replace") if name else ""
    if not name or _KEY["dependencies"].search(text):
        return bool(name)
    if text.strip() and not any(pattern.search(text) for pattern in _KEY.values()):
        return False  # another tool's, which has a file of this name too
    raise MalformedFileError(
        f"{name} lists no dependencies", remedy="bring it back as it was committed, or delete it", path=name
    )


def beside(repository: Repository, read: Reader) -> tuple[str, ...]:
    """Return what the environment file asks for and only conda, or the system, installs."""
    return () if is_complete(repository) else read_environment(repository, read).others


def file_of(repository: Repository) -> str:
    """Return the environment file of the repository; empty where there is none."""
    return next((name for name in FILES if name in repository.files), "")


def read_environment(repository: Repository, read: Reader) -> Environment:
    """Read the environment file line by line: it may be a template, and order and comments do not matter."""
    name = file_of(repository)
    text = (read(name) or b"").decode("utf-8", "replace") if name else ""
    python, pip, packages, others = "", [], [], []
    inside, depth = False, -1
    for raw in text.splitlines():
        line = raw.partition(" #")[0].rstrip()
        indent = len(line) - len(line.lstrip())
        if line.lstrip().startswith("#") or not line:
            continue
        if not line.startswith((" ", "-")):
            inside = line.startswith("dependencies:")
            depth = -1
        elif inside and re.match(r"^\s*-\s*pip:\s*$", line):
            depth = indent
        elif inside and depth >= 0 and indent > depth:
            pip.append(_unquoted(line.strip().removeprefix("-").strip()))
        elif inside and (entry := _ENTRY.match(line.replace('"', "").replace("'", ""))):
            depth = -1
            version = _specifier(entry[2] or "")
            if entry[1] == "python":
                python = (re.search(r"\d+\.\d+", version) or [""])[0] if version.startswith(("==", "~=")) else ""
            elif _SYSTEM.match(entry[1]):
                others += [] if entry[1] in ("pip", "conda", "mamba") else [entry[1]]
            else:
                packages.append(entry[1] + version)
    return Environment(python, tuple(pip), tuple(packages), tuple(others))


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


def _specifier(written: str) -> str:
    """Return conda's version as pip writes it; empty for alternatives, which pip has none of."""
    return "" if "|" in written else ",".join(filter(None, map(_clause, written.split(","))))


def _clause(written: str) -> str:
    """Return conda's `=1.2` as pip's `==1.2.*`; with a build string behind a second `=` it is that very version."""
    found = _CLAUSE.fullmatch(written)
    if found is None:
        return ""
    operator, version, build = found[1], found[2], found[4]
    is_prefix = bool(found[3]) or (operator == "=" and not build)
    if operator in ("=", "=="):
        return f"=={version}{'.*' if is_prefix else ''}"
    return f"{operator}{version}{'.*' if is_prefix and operator == '!=' else ''}"


def needs_of(repository: Repository, read: Reader) -> needs.Needs:
    """Return what of the environment file the package index may have: the part for pip, and conda's by name."""
    found = read_environment(repository, read)
    words = [word for line in found.pip for word in (line.split() if line.startswith("-") else [line])]
    return needs.together([needs.of_words(words), needs.Needs(requirements=found.packages)], file_of(repository))
