"""What goes for an installation beyond what is declared: a bound in time, bounded build tools, additions."""

from __future__ import annotations

import hashlib
import posixpath
import re
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from bootstrap import assets
from bootstrap.detect.declared import decode
from bootstrap.detect.repository import distribution_name, parse_toml
from bootstrap.errors import MalformedFileError
from bootstrap.model import Run
from bootstrap.setup import legible
from bootstrap.setup.dependencies import copies, inclusion, uv_lock

if TYPE_CHECKING:
    from bootstrap.detect.repository import Reader
    from bootstrap.model import Answers, Dependencies
    from bootstrap.setup.moment import Moment

_INSTALL = ("uv", "pip", "install")
_INSTALL_INTO = (*_INSTALL, "--python", "{target}")
_FILE = "devstrap-build.txt"
OVERRIDES = "devstrap-overrides.txt"
_CONSTRAINTS = "devstrap-constraints.txt"
_LOCKED = "devstrap-locked.txt"
_PLAIN = "devstrap-requirements-{}.txt"


# What builds packages from source.
_BUILD_TOOLS = ("setuptools", "wheel", "flit-core", "hatchling", "pdm-backend", "poetry-core", "setuptools-scm")
# Before it, nothing could be installed editable by PEP 660; of the releases that can, the one that still has most.
# For old packages that import it themselves, too: newer ones bring others with them, as plugins that pytest finds.
_EDITABLE_SINCE = datetime(2022, 9, 1, tzinfo=UTC)
_OF_THEIR_TIME = ("setuptools<67",)
# With these nothing can be installed editable.
OLD_TOOLS = ("setuptools<46", "setuptools<58")
# uv itself asks for a setuptools that did not exist then.
ALWAYS = "2200-01-01"


def on_terms(
    dependencies: Dependencies | None, moment: Moment | None, committed: datetime | None, answers: Answers, read: Reader
) -> Dependencies | None:
    """Return how the dependencies are installed on these terms; a change of the terms installs anew.

    `committed` bounds what is added to a lock of long ago; `read` reads from the folder of the project.
    """
    if dependencies is not None and answers.is_lean:
        dependencies = dependencies.lean or dependencies
    if dependencies is not None and answers.is_followed:
        dependencies = _followed(dependencies)
    is_plain = not any(
        (
            *(answers.additions, answers.build_constraints, answers.without, answers.build_needs, answers.loosened),
            *(answers.is_bare, answers.is_linked),
        )
    )
    if dependencies is None or (moment is None and is_plain):
        return dependencies
    bound, of_then = _bound(moment.when if moment else None, answers.exempt)
    later, _ = _bound(committed, answers.exempt) if dependencies.is_locked else (bound, ())
    build = _of_both(answers.build_constraints, of_then)
    limits: tuple[str, ...] = ("--build-constraints", f"{{target}}/{_FILE}") if build else ()
    limits += ("--constraints", f"{{target}}/{_CONSTRAINTS}") if of_then else ()
    limits += ("--overrides", f"{{target}}/{OVERRIDES}") if answers.loosened else ()
    is_told = legible.is_wanted(committed if dependencies.is_locked else moment.when if moment else None)
    limits += (legible.OPTION, f"{{target}}/{legible.FILE}") if is_told else ()
    is_linked = answers.is_linked or bool(set(build) & set(OLD_TOOLS))
    installs = [_without_some(run, answers.without) for run in dependencies.installs]
    checks = [_without_some(run, answers.without) for run in dependencies.checks]
    if answers.is_bare:
        installs, checks = ([_without_itself(run, read) for run in runs] for runs in (installs, checks))
    installs = [run for run in installs if run.argv != _INSTALL_INTO]  # nothing is left of it
    plain: dict[str, str] = {}
    remarks: dict[str, str] = {}
    if is_linked:
        installs = [_in_plain(run, read, plain, remarks) for run in installs]
    runs = [_with(run, later, limits) for run in _before(answers, build)]
    runs += [
        _with(run, bound, (*limits, *_unisolated(run, answers)))
        for run in installs
        if not answers.is_bare or not _is_alone(run)
    ]
    # What is added shall leave alone what the lock says; uv itself would take it for an environment that is outdated.
    is_added = bool(answers.additions) and dependencies.manager == "uv"
    locked = uv_lock.pins(dependencies.title.split()[0], read) if is_added else ()
    as_locked = ("--constraints", f"{{target}}/{_LOCKED}") if locked else ()
    runs += [_with(run, later, (*limits, *as_locked)) for run in _additions(answers)]
    every = ((_FILE, build), (_CONSTRAINTS, of_then), (OVERRIDES, answers.loosened), (_LOCKED, locked))
    written = {name: lines for name, lines in every if lines}
    return replace(
        dependencies,
        installs=tuple(part for run in runs for part in (_in_two(run, read) if is_linked else (run,))),
        files=(
            *plain.items(),
            *_without(dependencies.files, answers.without),
            *((name, "\n".join((*lines, ""))) for name, lines in written.items()),
            *(((legible.FILE, legible.settings()),) if is_told else ()),
        ),
        checks=tuple(checks),
        fingerprint=_fingerprint(dependencies.fingerprint, answers),
        declared=dependencies.fingerprint,
        installs_project=dependencies.installs_project and not answers.is_bare,
        remarks=(*dependencies.remarks, *remarks.items()),
    )


def _followed(dependencies: Dependencies) -> Dependencies:
    """Return how a lock is installed as it is read here, and not by its own tool."""
    if not dependencies.followed:
        return dependencies
    installs = tuple(run for run in dependencies.installs if not is_of_tool(run))
    return replace(dependencies, installs=installs, files=dependencies.followed)


def is_of_tool(run: Run) -> bool:
    """Say whether a command has a lock's own tool read it."""
    return run.argv[:3] == ("uv", "tool", "run")


def _without(files: tuple[tuple[str, str], ...], names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return the locks without the lines of some distributions."""
    if not names:
        return files
    return tuple(
        (name, "".join(line for line in text.splitlines(keepends=True) if distribution_name(line) not in names))
        for name, text in files
    )


def _without_some(run: Run, names: tuple[str, ...]) -> Run:
    """Return an installation without some distributions of uv's lock, or some files, named relative to the root."""
    if run.argv[:2] == ("uv", "sync"):
        return run._replace(argv=(*run.argv, *(part for name in names for part in ("--no-install-package", name))))
    words: list[str] = []
    for word in run.argv:
        if words[-1:] == ["--requirements"] and posixpath.normpath(posixpath.join(run.cwd, word)) in names:
            words.pop()
        else:
            words.append(word)
    return run._replace(argv=tuple(words))


def may_be_bare(dependencies: Dependencies) -> bool:
    """Say whether the project itself is installed by a command of its own, which can be left out."""
    return any(map(_is_alone, dependencies.installs))


def may_be_unpackaged(dependencies: Dependencies, read: Reader) -> bool:
    """Say whether what the project requires can be installed without the project, which is no package."""
    return may_be_bare(dependencies) or any(run != _without_itself(run, read) for run in dependencies.installs)


def _without_itself(run: Run, read: Reader) -> Run:
    """Return an installation of what the project requires in place of the project, where pyproject.toml has it all."""
    if run.argv[:2] == ("uv", "sync"):
        return run._replace(argv=(*run.argv, "--no-install-project"))
    own = next((at for at, word in enumerate(run.argv) if re.fullmatch(r"\.(?:\[[^\]]*\])?", word)), 0)
    if _is_alone(run) or run.argv[own - 1] != "--editable" or not _is_written_out(read):
        return run
    extras = [name for name in run.argv[own][1:].strip("[]").split(",") if name]
    words = ("--requirements", "pyproject.toml", *(part for name in extras for part in ("--extra", name)))
    return run._replace(argv=(*run.argv[: own - 1], *words, *run.argv[own + 1 :]))


def _is_written_out(read: Reader) -> bool:
    """Say whether pyproject.toml names what the project requires, so that nothing has to be built to know it."""
    try:
        project = parse_toml("pyproject.toml", read("pyproject.toml") or b"").get("project")
    except MalformedFileError:
        return False
    dynamic = project.get("dynamic") or () if isinstance(project, dict) else ("dependencies",)
    return not {"dependencies", "optional-dependencies"} & set(dynamic)


def _is_alone(run: Run) -> bool:
    """Say whether a command installs the project alone, editable or, where it is linked, as a copy."""
    return run.argv[:3] == _INSTALL and "--no-deps" in run.argv and _has_itself(run)


def _bound(when: datetime | None, exempt: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the options that bound an installation in time, and what bounds its build tools then."""
    if when is None:
        return (), ()
    is_early = when < _EDITABLE_SINCE
    names = dict.fromkeys((*exempt, *(_BUILD_TOOLS if is_early else ())))
    newer = tuple(part for name in names for part in ("--exclude-newer-package", f"{name}={ALWAYS}"))
    return ("--exclude-newer", when.isoformat(), *newer), _OF_THEIR_TIME if is_early else ()


def _of_both(asked: tuple[str, ...], of_then: tuple[str, ...]) -> tuple[str, ...]:
    """Return the bounds of the build tools that were asked for, and of the others those of then."""
    names = {distribution_name(one) for one in asked}
    return (*asked, *(one for one in of_then if distribution_name(one) not in names))


def _in_plain(run: Run, read: Reader, files: dict[str, str], remarks: dict[str, str]) -> Run:
    """Return an installation with the requirements files rewritten that name projects as editable.

    `files` gets what stands in for them, and `remarks` what of that is not as it is written.
    """
    given = [word for option, word in pairwise(run.argv) if option == "--requirements"]
    names = [posixpath.normpath(posixpath.join(run.cwd, word)) for word in given]
    if not any(inclusion.has_editable(name, read) for name in names):
        return run
    plain = inclusion.plain(names, read)
    file = _PLAIN.format(len(files) + 1)
    files[file] = "\n".join((*map(copies.plain, plain.text.splitlines()), ""))
    for one in dict.fromkeys(one for name in names for one in inclusion.closure(name, read)):
        remarks |= copies.remarks_on(one, decode(one, read(one) or b""))
    bounds = (part for name in plain.constraints for part in ("--constraints", posixpath.relpath(name, run.cwd)))
    words = _without_some(run, tuple(names)).argv
    return run._replace(argv=(*words, "--requirements", f"{{target}}/{file}", *bounds))


def _in_two(run: Run, read: Reader) -> tuple[Run, ...]:
    """Return an editable installation as it is done where the build tools know none: copied, then linked.

    One command may install several projects, the parts of a repository; requirements files may name some more.
    """
    if run.argv[:3] != _INSTALL:
        return (run,)
    own = [at for at, (option, word) in enumerate(pairwise(run.argv)) if option == "--editable" and word[:1] == "."]
    has_more = any(word.startswith(f"{{target}}/{_PLAIN.partition('{')[0]}") for word in run.argv)
    if not own and not has_more:
        return (run,)
    copied = run._replace(argv=tuple(word for at, word in enumerate(run.argv) if at not in own))
    script = ("{devstrap}", "-I", "-B", str(assets.place("setup/linked.py")), "{target}")
    if has_more:
        return copied, Run(script, "link the projects to their sources")
    root = str(read.root)
    folders = [posixpath.normpath(posixpath.join(root, run.cwd, run.argv[at + 1].partition("[")[0])) for at in own]
    return copied, *(Run((*script, folder), "link the project to its sources") for folder in folders)


def _before(answers: Answers, build: tuple[str, ...]) -> tuple[Run, ...]:
    """Return what installs the tools of a build that is not isolated, and what it misses."""
    if not answers.build_needs:
        return ()
    bounds = ("--constraints", f"{{target}}/{_FILE}") if build else ()
    words = (*_INSTALL_INTO, "setuptools", "wheel", *answers.build_needs, *bounds)
    return (Run(words, f"install {', '.join(answers.build_needs)} for the build"),)


def _unisolated(run: Run, answers: Answers) -> tuple[str, ...]:
    """Return the options by which a build uses what is installed; the project's own name may not be known before."""
    if "*" in answers.unisolated and _has_itself(run):
        return ("--no-build-isolation",)
    return tuple(part for name in answers.unisolated if name != "*" for part in ("--no-build-isolation-package", name))


def _has_itself(run: Run) -> bool:
    return "--editable" in run.argv or any(word == "." or word.startswith(".[") for word in run.argv)


def _additions(answers: Answers) -> tuple[Run, ...]:
    if not answers.additions:
        return ()
    words = (*_INSTALL, "--python", "{target}", *answers.additions)
    return (Run(words, addition(answers)),)


def addition(answers: Answers) -> str:
    """Return the purpose of the command that installs what nothing declares."""
    return f"install {', '.join(answers.additions)} in addition"


def _with(run: Run, bound: tuple[str, ...], limits: tuple[str, ...]) -> Run:
    """Return an installation with its options: what names every version exactly needs no bound in time."""
    if run.argv[:3] != _INSTALL:
        return run
    return run._replace(argv=(*run.argv, *(() if "--no-deps" in run.argv else bound), *limits))


def _fingerprint(fingerprint: str, answers: Answers) -> str:
    linked = ("linked",) if answers.is_linked else ()
    changed = (answers.additions, answers.without, answers.build_needs, answers.loosened, linked)
    if not any(changed):
        return fingerprint
    terms = (fingerprint, *answers.additions, "-", *answers.without, *answers.build_needs, *answers.loosened, *linked)
    return hashlib.sha256("\n".join(terms).encode()).hexdigest()[:16]
