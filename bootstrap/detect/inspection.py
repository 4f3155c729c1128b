"""A closer look into a healthy environment: uv's word on it, and its own interpreter's."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from bootstrap.detect.address import is_address_below, is_address_of
from bootstrap.detect.environment import library_of, recorded
from bootstrap.detect.repository import distribution_name, normalise
from bootstrap.detect.wholeness import distributions
from bootstrap.model import Inspection, Run
from bootstrap.nested import at, texts
from bootstrap.process import Completed, run_together
from bootstrap.setup.legible import NAMES
from bootstrap.setup.terms import OVERRIDES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from bootstrap.commands import Tools
    from bootstrap.model import Dependencies, Environment, Repository
    from bootstrap.process import Command

    RunTogether = Callable[[Sequence[Command]], list[Completed]]

# Runs in the environment's own interpreter, of any version: it tells its version and what cannot be imported. The
# version comes first, since a package may take the interpreter down with it.
_MARK = "devstrap: "
_PROBE = """
import json, sys
version = "%d.%d.%d" % sys.version_info[:3]
sys.stdout.write("\\n" + sys.argv.pop(1) + version + "\\n")
sys.stdout.flush()
broken = []
for name in sys.argv[1:]:
    try:
        __import__(name)
    except BaseException as error:
        broken.append([name, "%s: %s" % (type(error).__name__, error)])
sys.stdout.write("\\n" + json.dumps([version, broken]))
sys.stdout.flush()
import os
os._exit(0)
"""


CONSISTENCY = Run(("uv", "pip", "check", "--python", "{python}"), "check that what is installed goes together")


def inspect(
    repository: Repository,
    environment: Environment,
    dependencies: Dependencies | None,
    tools: Tools,
    together: RunTogether = run_together,
    *,
    is_consistent: bool = False,
) -> Inspection:
    """Ask uv and the environment's interpreter, side by side, whether everything is as it should be.

    That what is installed goes together is not asked where `is_consistent` says that it is looked at elsewhere.
    """
    names = importable_names(repository, dependencies, library_of(environment.path))
    runs = [
        Run(("{python}", "-I", "-B", "-c", _PROBE, _MARK, *names), "start the environment's interpreter"),
        *(() if is_consistent else (CONSISTENCY,)),
    ]
    if dependencies is not None:
        runs += [*dependencies.checks, *([dependencies.lock_check] if dependencies.lock_check else [])]
    commands = [tools.real(run, repository.root, environment.path) for run in runs]
    probe, *rest = together(commands)
    consistency = None if is_consistent else rest.pop(0)
    checks = rest[: len(dependencies.checks)] if dependencies else []
    stale, unchecked = _told_of_lock(rest[len(checks) :])
    version, broken = _read_probe(probe, names)
    return Inspection(
        missing=_what_is_missing(dependencies, environment, checks, repository.root),
        stale_lock=stale,
        unchecked_lock=unchecked,
        conflicts=()
        if consistency is None or consistency.ok
        else _conflicts(consistency, _overridden(repository, dependencies)),
        running=version,
        broken_imports=broken,
        imported=tuple(names),
    )


def _told_of_lock(checked: Sequence[Completed]) -> tuple[str, str]:
    """Return what is wrong with the lock, and why nobody can say; each empty where it is not so."""
    if all(one.ok for one in checked):
        return "", ""
    from bootstrap.failures import is_out_of_reach  # noqa: PLC0415 - all that can fail is known there

    reason = _reason(checked[0])
    return ("", reason) if is_out_of_reach(checked[0].stderr) else (reason, "")


def importable_names(
    repository: Repository, dependencies: Dependencies | None, library: Path | None = None
) -> list[str]:
    """Return the project's own top-level packages, as far as its layout or what is installed gives them away."""
    if dependencies is None or not dependencies.installs_project:
        return []
    named = _declared_packages(at(repository.pyproject, "tool"))
    guessed = repository.name.lower().replace("-", "_").replace(".", "_")
    folders = (repository.root / "src", repository.root)
    found = [name for name in (*named, guessed) if any(_is_importable(folder, name) for folder in folders)]
    if found:
        return sorted(set(found))
    if folders[0].is_dir():
        return sorted(child.name for child in folders[0].iterdir() if (child / "__init__.py").is_file())
    return _noted_by_setuptools(repository, library) if library else []


def _noted_by_setuptools(repository: Repository, library: Path) -> list[str]:
    """Return the packages that setuptools lists in the top_level.txt of what it installed from this repository."""
    for info in library.glob("*.dist-info"):
        try:
            origin = json.loads((info / "direct_url.json").read_bytes())["url"]
            names = (info / "top_level.txt").read_text("utf-8").split()
        except (OSError, ValueError, LookupError, TypeError):
            continue
        if is_address_of(repository.root, str(origin)):
            # some releases list subpackages there, as folders
            return sorted(name for name in names if name.isidentifier())
    return []


def _is_importable(folder: Path, name: str) -> bool:
    return (folder / name / "__init__.py").is_file() or (folder / f"{name}.py").is_file()


def _declared_packages(tools: Mapping[str, Any]) -> list[str]:
    """Return the top-level packages that the build backend's own settings name; the commonest spellings only."""
    wheel = at(tools, "hatch", "build", "targets", "wheel")
    setuptools = at(tools, "setuptools")
    named = [*texts(wheel.get("packages")), *texts(setuptools.get("packages")), *texts(setuptools.get("py-modules"))]
    listed = at(tools, "poetry").get("packages")
    named += texts([one.get("include") for one in listed if isinstance(one, dict)]) if isinstance(listed, list) else []
    named += texts([at(tools, "flit", "module").get("name"), at(tools, "uv", "build-backend").get("module-name")])
    # hatch names folders, setuptools subpackages too
    names = (text.rstrip("/").rpartition("/")[2].partition(".")[0] for text in named)
    return [name for name in names if name]


# ~ shop==1.2 (from file:///home/me/shop): what would be installed anew
_CHANGE = re.compile(r"(?m)^\s*([-+~]) [\w.-]+==\S+(?: \(from (file:[^)]*)\))?$")


def _is_of_sources_alone(check: Completed, root: Path) -> bool:
    """Say whether uv would do no more than install the repository's own packages again as they are.

    A release that raised the version in pyproject.toml and not in the lock is never right for it.
    """
    changes = _CHANGE.findall(check.stderr)
    return bool(changes) and all(sign == "~" and is_address_below(root, address) for sign, address in changes)


def _what_is_missing(
    dependencies: Dependencies | None, environment: Environment, checks: list[Completed], root: Path
) -> str:
    """Say why the dependencies have to be installed; empty when they are there."""
    if dependencies is None:
        return ""
    failed = next((check for check in checks if not check.ok and not _is_of_sources_alone(check, root)), None)
    if failed is not None:
        return _reason(failed)
    if dependencies.checks and not dependencies.fingerprint:
        return ""
    noted = recorded(environment.record)
    if noted.get("dependencies") != dependencies.fingerprint:
        declared = noted.get("declared") or noted.get("dependencies")
        is_same = bool(declared) and declared == (dependencies.declared or dependencies.fingerprint)
        # By the word of the checks, too, all that is declared is there.
        if is_same or (dependencies.checks and environment.record):
            return f"what is needed beyond {dependencies.title} has changed"
        return f"{dependencies.title} changed since they were installed" if environment.record else "nobody noted them"
    library = library_of(environment.path)
    installed = noted.get("installed")
    gone = set(texts(installed)) - (distributions(library) if library else frozenset())
    return f"{', '.join(sorted(gone))} was taken out" if gone else ""


def _read_probe(probe: Completed, names: Sequence[str]) -> tuple[str, tuple[tuple[str, str], ...]]:
    # What the imports print comes before it; ours is the last line.
    first, _, last = probe.stdout.rpartition("\n")
    try:
        version, broken = json.loads(last)
        return str(version), tuple((str(name), str(reason)) for name, reason in broken)
    except (ValueError, TypeError):
        started = next((line for line in first.splitlines() if line.startswith(_MARK)), "").removeprefix(_MARK)
        return started, ((" or ".join(names) if started else "python", _reason(probe)),)


def _reason(completed: Completed) -> str:
    """Return the sentence of uv's that says what is wrong, without its label."""
    lines = [line.strip() for line in completed.stderr.splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith("error:")]
    return (errors or lines or [f"exit code {completed.returncode}"])[-1].removeprefix("error: ")


def _overridden(repository: Repository, dependencies: Dependencies | None) -> frozenset[str]:
    """Return the distributions of which another version is meant to be there than some package requires.

    The repository says so to uv, or pins it itself, and it was taken as pip took it then.
    """
    uv = at(repository.pyproject, "tool", "uv")
    taken = dict(dependencies.files).get(OVERRIDES, "") if dependencies is not None else ""
    every = (*texts(uv.get("override-dependencies")), *taken.splitlines())
    return frozenset(normalise(distribution_name(text)) for text in every)


def _conflicts(completed: Completed, overridden: frozenset[str]) -> tuple[str, ...]:
    """Return `uv pip check`'s findings, one a line, without its counts and without what is meant to be so."""
    lines = (line.strip() for line in completed.stderr.splitlines())
    every = tuple(line for line in lines if line.startswith(("The package", "the package")))
    if not every:
        return (_reason(completed),)
    found = tuple(line for line in every if not any(_is_illegible(line, name) for name in NAMES))
    required = ((line, distribution_name(line.rpartition("requires `")[2])) for line in found)
    return tuple(line for line, name in required if normalise(name) not in overridden)


def _is_illegible(line: str, name: str) -> bool:
    """Say whether uv complains of a package that is whole, but says what it requires in words of long ago."""
    return line.lower().startswith(f"the package `{name}` is broken") and "`METADATA`" in line
