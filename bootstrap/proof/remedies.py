"""What to try when an installation failed, or left something that cannot be used: one change of the answers at a time.

A remedy is tried once. Each says what was found and what is done about it, so that it can be refused, and is remembered
for this checkout. Nothing here is for a network, a disk or rights: those a person has to mend.
"""

from __future__ import annotations

import os
import posixpath
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.detect.repository import Reader, distribution_name, normalise
from bootstrap.failures import is_out_of_reach, system
from bootstrap.failures.builds import package
from bootstrap.failures.causes import is_at
from bootstrap.nested import at
from bootstrap.proof import names, plugins, pool
from bootstrap.proof.collect import is_of_installation
from bootstrap.proof.wheels import Failed
from bootstrap.setup.evidence import spelled
from bootstrap.setup.moment import NOW
from bootstrap.setup.python import freed, install, is_named, suitable
from bootstrap.setup.terms import addition, is_of_tool, may_be_bare
from bootstrap.versions import OLDEST_INSTALLABLE, Request, Version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bootstrap.errors import StepError
    from bootstrap.model import Answers, Dependencies, Facts
    from bootstrap.proof.wheels import Probe

    Minor = tuple[int, int]

_RECENT = timedelta(days=14)
"""A commit so young was made with what there is now."""


class Remedy(NamedTuple):
    """Other answers, and why."""

    answers: Answers
    found: str
    """What is in the way: `pytest needs pytest-timeout, which nothing declares`."""
    done: str
    """What is done about it: `install it in addition`."""


class Case(NamedTuple):
    """What remedies are looked for."""

    facts: Facts
    answers: Answers
    read: Reader
    text: str
    """What was said by the command that failed."""
    reasons: tuple[str, ...] = ()


def after_failure(error: StepError, facts: Facts, answers: Answers, probe: Probe | None = None) -> Iterator[Remedy]:
    """Yield what may help after a failed command, the likeliest first; `probe` finds the Python that would do."""
    said = error.said or error.message
    for one in (facts, *(part.facts for part in facts.parts)):
        yield from _at_hand(error, one, answers)
        yield from _followed(error, one, answers)
        yield from _unfetched(said, one, answers)
    yield from _unbounded(error, answers)
    if is_out_of_reach(said) or _is_the_machine(said):
        return
    is_unsolvable = "no solution found" in said.lower() or "unsatisfiable" in said.lower()
    if is_unsolvable and any(part.is_shared for part in facts.parts):
        yield Remedy(
            replace(answers, is_apart=True),
            "the parts of the repository do not go together",
            "make an environment for each",
        )
    for one in (facts, *(part.facts for part in facts.parts)):
        if one.dependencies is not None:
            case = Case(one, answers, Reader(one.repository.root), said)
            asked = Failed(error.run, said, one, facts.repository.root) if probe and error.run else None
            yield from _after_failure(case, is_unsolvable=is_unsolvable, python=_Python(case, probe, asked))


def _after_failure(case: Case, python: _Python, *, is_unsolvable: bool) -> Iterator[Remedy]:
    said = case.text
    yield from _linked(case)
    yield from _bare(case)
    yield from _build_tools(case)
    yield from _build_misses(case)
    yield from _outgrown(case)
    yield from _vanished(case)
    yield from _unreadable(case)
    if package(said) and system.missing(said):
        yield from python.with_wheels()
        return  # no other answers bring what the system lacks: the person has to install it
    yield from _too_old(case)
    yield from _withdrawn(case)
    yield from _spoiled(case)
    # The question takes longer than another attempt that is likely to help.
    yield from python.with_wheels()
    if is_unsolvable and _is_unheard_of(said):
        return
    if is_unsolvable:
        yield from _another_time(case, "the requirements cannot be met together")
        yield from python.that_fits("the requirements cannot be met together")
    elif _NO_WHEEL in said:
        yield from python.that_installs()
    elif "failed to build" in said.lower() or "build backend" in said.lower():
        found = f"{package(said).partition(' @ ')[0] or 'a package'} cannot be built"
        yield from _another_time(case, found)
        # What has no wheels anywhere may still be built by an older one.
        yield from _older_python(case, None, found)


def after_proof(facts: Facts, answers: Answers) -> Iterator[Remedy]:
    """Yield what may help where the project cannot be imported or its tests not be collected, the likeliest first."""
    broken = tuple(reason for _, reason in facts.inspection.broken_imports) if facts.inspection else ()
    proof = facts.proof
    reasons = (*broken, *(proof.reasons if proof else ()))
    if facts.dependencies is None:
        return
    yield from _missing_requirements(facts, answers)
    if not reasons:
        return
    text = "\n".join((proof.output if proof else "", *reasons))
    case = Case(facts, answers, Reader(facts.repository.root), text, reasons)
    if not any(map(is_of_installation, reasons)):
        return
    yield from _missing_plugins(case)
    yield from _missing_modules(case)
    if not broken and not (proof and proof.is_failed):
        return  # a few files of many are no reason for another Python, or another time
    yield from _outgrown(case)
    if any(_is_of_others(reason) for reason in reasons):
        yield from _another_time(case, f"what is installed does not fit the code ({reasons[0]})")


# What uv says where a lock has neither a wheel that fits nor a source distribution.
_NO_WHEEL = "can't be installed because it doesn't have a source distribution or wheel"


def _is_unheard_of(said: str) -> bool:
    """Say whether a name is on no index: then neither another time nor another Python has it."""
    return "was not found in the package registry" in said


def _is_the_machine(said: str) -> bool:
    words = (
        "no space left",
        "os error 28",
        "disk quota",
        "permission denied",
        "read-only file system",
        "hash mismatch",
        "401 unauthorized",
        "403 forbidden",
        "authentication credentials",
        "certificate",
    )
    return any(word in said.lower() for word in words)


# ---- what builds packages from source -------------------------------------------------------------------------------

# Words of a build that failed, and the bound within which it still works.
_BUILD_TOOLS = (
    ("cannot import name 'Feature'", "setuptools<46"),
    ("use_2to3 is invalid", "setuptools<58"),
    ("No module named 'setuptools.command.test'", "setuptools<72"),
    ("cannot import name 'convert_path'", "setuptools<72"),
    ("has no attribute 'Feature'", "setuptools<46"),
    ("Invalid dash-separated key", "setuptools<78"),
    ("Invalid uppercase key", "setuptools<78"),
    ("install_layout", "setuptools<60"),
    ("InvalidVersion: Invalid version", "setuptools<66"),
    ("No module named 'pkg_resources'", "setuptools<81"),
    ("AttributeError: cython_sources", "cython<3"),
    ("No module named 'numpy.distutils'", "numpy<1.26"),
)


def _build_tools(case: Case) -> Iterator[Remedy]:
    for words, bound in _BUILD_TOOLS:
        if words in case.text and bound not in case.answers.build_constraints:
            name = re.split(r"[<>=]", bound)[0]
            kept = tuple(one for one in case.answers.build_constraints if not one.startswith(name))
            yield Remedy(
                replace(case.answers, build_constraints=(*kept, bound)),
                f"a package is built from source by what newer versions of {name} no longer have",
                f"build with {bound}",
            )


def _build_misses(case: Case) -> Iterator[Remedy]:
    """Yield to install first what a build imports: a setup.py that imports its own package needs all that this does."""
    if not any(word in case.text.lower() for word in ("failed to build", "build backend")):
        return
    match = _MISSED.search(case.text)
    known = (bound for words, bound in _BUILD_TOOLS if match and words in match[0])
    if match is None or any(known) or match[1].partition(".")[0] in names.DROPPED:
        return
    minor = _minor(case.facts)
    found = pool.requirement_for(match[1], case.facts.repository, case.read) or names.distribution_of(match[1], minor)
    name = distribution_name(package(case.text))
    if distribution_name(found) == "setuptools":
        return  # of what every build has anyway, another version is wanted, or another Python
    if found and found not in case.answers.build_needs and not _is_own(case, match[1].partition(".")[0]):
        built = "the project" if not name or is_at(case.facts.repository.root, package(case.text)) else name
        alone = "*" if built == "the project" else name
        yield Remedy(
            replace(
                case.answers,
                build_needs=(*case.answers.build_needs, found),
                unisolated=tuple(dict.fromkeys((*case.answers.unisolated, alone))),
            ),
            f"the build of {built} imports {match[1]}, and does not say that it needs it",
            f"install {found} before it",
        )


def _linked(case: Case) -> Iterator[Remedy]:
    """Yield the old way to an editable project, where its build tools know no other."""
    if "has no attribute 'build_editable'" in case.text and not case.answers.is_linked:
        yield Remedy(
            replace(case.answers, is_linked=True),
            "the tools that build the project cannot install it editable",
            "install a copy, and link it to its sources",
        )


def _bare(case: Case) -> Iterator[Remedy]:
    """Yield to leave the project itself out, where all that it requires is installed by itself anyway."""
    dependencies, root = case.facts.dependencies, case.facts.repository.root
    is_itself = is_at(root, package(case.text))
    if is_itself and not case.answers.is_bare and dependencies and may_be_bare(dependencies):
        yield Remedy(
            replace(case.answers, is_bare=True),
            "the project itself cannot be built",
            "install what it requires, and leave itself out: it is imported from its own folder",
        )


def _followed(error: StepError, facts: Facts, answers: Answers) -> Iterator[Remedy]:
    """Yield to read a lock here, where its own tool refuses it or cannot be had."""
    dependencies = facts.dependencies
    if error.run is None or not is_of_tool(error.run) or dependencies is None or answers.is_followed:
        return
    if dependencies.followed and error.run in dependencies.installs:
        yield Remedy(
            replace(answers, is_followed=True),
            f"{dependencies.manager.capitalize()} of today does not take {dependencies.title.partition(' ')[0]}",
            "read it without that, and install what it names",
        )


_MISSED = re.compile(r"(?:ModuleNotFoundError|ImportError): No module named ['\"]?([\w.]+)['\"]?")
_VANISHED = re.compile(r"there is no version of ([\w.-]+)(?:\{[^}\n]*\})?==([\w.!+-]+) and you require")


def _vanished(case: Case) -> Iterator[Remedy]:
    """Yield to leave out of a lock what the index no longer has: often a tool that nothing of the code needs."""
    dependencies, match = case.facts.dependencies, _VANISHED.search(case.text)
    if match is None or dependencies is None or not dependencies.is_locked:
        return
    left = _left_out(case.answers, dependencies, distribution_name(match[1]))
    if left is not None:
        found = f"{match[1]} {match[2]}, which {dependencies.title} names, is not on the index"
        yield Remedy(left, found, "leave it out")


def _left_out(answers: Answers, dependencies: Dependencies, name: str) -> Answers | None:
    """Return the answers without a package of a lock; what its own tool writes cannot be had without a line of it."""
    if name in answers.without or not (dependencies.files or dependencies.followed):
        return None
    is_followed = answers.is_followed or not dependencies.files
    return replace(answers, without=(*answers.without, name), is_followed=is_followed)


_UNFETCHED = re.compile(r"`([\w.-]+) @ git\+[^`]*`\n.*git operation failed", re.IGNORECASE)


def _unfetched(said: str, facts: Facts, answers: Answers) -> Iterator[Remedy]:
    """Yield to leave out of a lock what git cannot fetch, where only developing asks for it: a theme of documents."""
    dependencies, match = facts.dependencies, _UNFETCHED.search(said)
    if match is None or dependencies is None or not dependencies.is_locked:
        return
    name = distribution_name(match[1])
    pyproject = facts.repository.pyproject
    own = [normalise(distribution_name(text)) for text in at(pyproject, "project").get("dependencies") or ()]
    own += map(normalise, at(pyproject, "tool", "poetry", "dependencies"))
    left = _left_out(answers, dependencies, name) if normalise(name) not in own else None
    if left is not None:
        yield Remedy(left, f"{name}, which only developing asks for, cannot be fetched by git", "leave it out")


_PARSE = re.compile(r"(?:parse|requirement)[^\n]* in `?([\w./-]+\.(?:txt|in))`?(?: at position|:\d)")


def _unreadable(case: Case) -> Iterator[Remedy]:
    """Yield to do without a requirements file that uv cannot read, where there are others."""
    dependencies, match = case.facts.dependencies, _PARSE.search(case.text)
    if match is None or dependencies is None:
        return
    files = [
        posixpath.normpath(posixpath.join(run.cwd, word))
        for run in dependencies.installs
        for previous, word in pairwise(run.argv)
        if previous == "--requirements"
    ]
    name = next((one for one in files if posixpath.basename(one) == posixpath.basename(match[1])), "")
    if name and len(files) > 1 and name not in case.answers.without:
        yield Remedy(
            replace(case.answers, without=(*case.answers.without, name)),
            f"uv cannot read {name}",
            f"install {', '.join(one for one in files if one != name)} without it",
        )


# ---- what is missing ------------------------------------------------------------------------------------------------

_NO_MODULE = re.compile(r"No module named ['\"]?([\w.]+)['\"]?")


def _missing_plugins(case: Case) -> Iterator[Remedy]:
    demanded = tuple(name for name in plugins.demanded("\n".join(case.reasons)) if name not in case.answers.additions)
    if demanded:
        wanted = tuple(pool.requirement_for(name, case.facts.repository, case.read) or name for name in demanded)
        yield _adding(case, wanted, f"pytest is configured for {', '.join(demanded)}, which was not installed")


def _missing_modules(case: Case) -> Iterator[Remedy]:
    """Yield one remedy for all the modules that are missing and known."""
    modules = dict.fromkeys(module for reason in case.reasons for module in _NO_MODULE.findall(reason))
    found: dict[str, str] = {}
    for module in modules:
        top = module.partition(".")[0]
        if top in names.DROPPED or _is_own(case, top):
            continue
        requirement = pool.requirement_for(module, case.facts.repository, case.read) or names.distribution_of(
            module, _minor(case.facts)
        )
        if requirement and requirement not in case.answers.additions:
            found[top] = requirement
    if found:
        yield _adding(case, tuple(found.values()), f"{', '.join(found)} cannot be imported, since it was not installed")


_NOT_INSTALLED = re.compile(r"requires `([^`;]+?)\s*(?:;[^`]*)?`, but it's not installed")


def _missing_requirements(facts: Facts, answers: Answers) -> Iterator[Remedy]:
    """Yield what installed packages require and a lock forgot: often it was made for another Python."""
    conflicts = facts.inspection.conflicts if facts.inspection else ()
    found = tuple(dict.fromkeys(name for text in conflicts for name in _NOT_INSTALLED.findall(text)))
    bounded = {distribution_name(name) for name in found if distribution_name(name) != name.lower()}
    own = normalise(facts.repository.name)
    told = (name for name in found if name.lower() not in bounded and normalise(distribution_name(name)) != own)
    minor = _minor(facts)
    missing = tuple(
        name for name in dict.fromkeys(names.bounded(one, minor) for one in told) if name not in answers.additions
    )
    if missing:
        every = (*answers.additions, *missing)
        yield Remedy(
            replace(answers, additions=every),
            f"{', '.join(missing)} is required by what is installed, and was not installed",
            f"install {', '.join(missing)} in addition",
        )


def _is_own(case: Case, name: str) -> bool:
    """Say whether a module is one of the repository's own: then installing another one of that name helps nobody."""
    root = case.facts.repository.root
    return any((root / folder / name).is_dir() or (root / folder / f"{name}.py").is_file() for folder in ("", "src"))


def _adding(case: Case, requirements: tuple[str, ...], found: str) -> Remedy:
    every = dict.fromkeys((*case.answers.additions, *requirements))
    return Remedy(
        replace(case.answers, additions=tuple(every)), found, f"install {', '.join(requirements)} in addition"
    )


# ---- another time, another Python -----------------------------------------------------------------------------------


def _is_of_others(reason: str) -> bool:
    """Say whether an error is one of packages that do not fit each other."""
    return is_of_installation(reason) and reason.startswith(
        ("ImportError", "AttributeError", "TypeError", "SyntaxError", "NameError", "RuntimeError")
    )


def _another_time(case: Case, found: str) -> Iterator[Remedy]:
    """Yield the releases of the last commit's time, or, where that was tried, those of now."""
    if case.facts.dependencies is None or case.facts.dependencies.is_locked or case.answers.as_of == NOW:
        return
    if case.facts.moment is None:
        committed = case.facts.committed
        if committed is not None and case.answers.as_of is None and datetime.now(UTC) - committed > _RECENT:
            # The day, and not `commit`: that would go with every commit which somebody makes from now on.
            when = committed.astimezone(UTC).date().isoformat()
            yield Remedy(
                replace(case.answers, as_of=when), found, f"install what had been released by the last commit, {when}"
            )
    elif not case.facts.moment.is_asked:
        yield Remedy(replace(case.answers, as_of=NOW), f"{found}, {case.facts.moment.reason}", "install the newest")


_NOT_OF_THEN = (
    re.compile(r"`([A-Za-z][\w.-]*)` was filtered by `exclude-newer`"),
    re.compile(r"there (?:are no versions|is no version) of ([A-Za-z][\w.-]*)[ ,]"),
    re.compile(r"\b([A-Za-z][\w.-]*)(?:[<>=!~]\S*)? has a non-PEP 625-compliant"),
    re.compile(r"Failed to (?:download and )?build `([A-Za-z][\w.-]*)=="),
)


def _too_old(case: Case) -> Iterator[Remedy]:
    """Yield to take newer releases of those that cannot be had as they were: deleted, renamed, or not to be built."""
    moment = case.facts.moment
    if moment is None:
        return
    found = dict.fromkeys(normalise(name) for pattern in _NOT_OF_THEN for name in pattern.findall(case.text))
    new = tuple(name for name in found if name not in case.answers.exempt)
    if new:
        yield Remedy(
            replace(case.answers, exempt=(*case.answers.exempt, *new)),
            f"{', '.join(new)} cannot be had as of {moment}",
            f"take {'newer releases of these' if len(new) > 1 else 'a newer release of it'}",
        )


_REQUIRED = re.compile(r"you require ([A-Za-z][\w.-]*)")


def _unbounded(error: StepError, answers: Answers) -> Iterator[Remedy]:
    """Yield to add by its name alone what cannot be had within the bounds that some file of old gives it."""
    if error.run is None or not answers.additions or error.run.purpose != addition(answers):
        return
    required = set(map(normalise, _REQUIRED.findall(error.said or error.message)))
    bound = [one for one in answers.additions if normalise(distribution_name(one)) in required]
    loose = tuple(distribution_name(one) if one in bound else one for one in answers.additions)
    if loose != answers.additions:
        yield Remedy(
            replace(answers, additions=loose),
            f"{', '.join(one for one in bound if one not in loose)} cannot be had",
            "take any version of that",
        )


_PINNED = re.compile(r"there is no version of ([A-Za-z][\w.-]*)(?:\{[^}\n]*\})?==([\w.!+-]+)")


def _withdrawn(case: Case) -> Iterator[Remedy]:
    """Yield to take another version of what was pinned long ago to one that was deleted since, as tools for CI were.

    A pin of today that the index does not have is a mistake, and for a person to mend.
    """
    match, dependencies = _PINNED.search(case.text), case.facts.dependencies
    if match is None or dependencies is None or dependencies.is_locked:
        return
    name, exempt = normalise(match[1]), case.answers.exempt
    if name in case.answers.loosened or case.facts.moment is None:
        return
    if name not in exempt:
        yield Remedy(
            replace(case.answers, exempt=(*exempt, name)),
            f"{name} {match[2]} cannot be had as of {case.facts.moment}",
            "take it although it is newer",
        )
    else:
        left = tuple(one for one in exempt if one != name)
        yield Remedy(
            replace(case.answers, loosened=(*case.answers.loosened, name), exempt=left),
            f"{name} {match[2]} is not on the index any more",
            "take another version of it",
        )


# What no Python and no tool mends: an archive that uv does not unpack, a wheel whose name is none.
_SPOILED = ("has an invalid filename", "failed to extract archive")


def _spoiled(case: Case) -> Iterator[Remedy]:
    """Yield to take another version of what cannot be unpacked or installed as it was uploaded."""
    wanted, dependencies = package(case.text), case.facts.dependencies
    name, exactly, release = wanted.partition("==")
    is_free = exactly and dependencies is not None and not dependencies.is_locked
    other = f"{name}!={release}"  # the newest may be the same one
    of_then = tuple(one for one in case.answers.exempt if one != normalise(name))
    if is_free and other not in case.answers.loosened and any(words in case.text.lower() for words in _SPOILED):
        yield Remedy(
            replace(case.answers, loosened=(*case.answers.loosened, other), exempt=of_then),
            f"{name} {release} cannot be installed as it was uploaded",
            "take another version of it",
        )


def _outgrown(case: Case) -> Iterator[Remedy]:
    """Yield an older Python, where an error tells since which one something is gone."""
    bounds = [
        names.DROPPED[top]
        for module in _NO_MODULE.findall(case.text)
        if (top := module.partition(".")[0]) in names.DROPPED
    ]
    bounds += [bound for words, bound in names.OUTGROWN if words in case.text]
    if bounds:
        bound = min(bounds)
        yield from _older_python(case, bound, f"it uses what Python {spelled(bound)} no longer has")


# Those to try one after another where nothing tells which: each was the usual one for a while.
_STEPS = ((3, 11), (3, 9), (3, 7), (3, 6))


def _older_python(case: Case, below: Minor | None, found: str) -> Iterator[Remedy]:
    if is_named(case.facts.repository, None):
        return
    now = _minor(case.facts)
    required = case.facts.repository.requires_python
    every = [(3, minor) for minor in range(now[1] - 1, 5, -1)] if below else list(_STEPS)
    for minor in every:
        fits = required is None or required.admitted.admits_some(Request(minor))
        if minor < min(now, below or now) and fits and (minor >= OLDEST_INSTALLABLE or _is_here(case.facts, minor)):
            yield Remedy(
                replace(case.answers, python=spelled(minor)),
                f"{found} (Python {spelled(now)})",
                f"use {spelled(minor)}",
            )
            return


def _at_hand(error: StepError, facts: Facts, answers: Answers) -> Iterator[Remedy]:
    """Yield the nearest Python of this machine, where one that nobody named cannot be installed."""
    choice, repository = facts.choice, facts.repository
    failed = f"could not {install(choice).purpose}:"
    if not choice.must_install or is_named(repository, answers.python) or not error.message.startswith(failed):
        return
    wanted = _minor(facts)
    every = suitable(freed(repository), facts.interpreters, facts.host, answers)
    minors = {Version.parse(one.version).minor for one in every}
    nearest = min(minors, key=lambda minor: abs(minor[1] - wanted[1]), default=None)
    if nearest is not None:
        yield Remedy(
            replace(answers, python=spelled(nearest)),
            f"Python {choice.request} is not on this machine, and cannot be installed",
            f"use {spelled(nearest)}, which is",
        )


class _Python:
    """The choice of another Python for an installation that failed: uv is asked once, and only if somebody wants it."""

    def __init__(self, case: Case, probe: Probe | None, failed: Failed | None) -> None:
        self.case = case
        self.probe = probe
        self.failed = failed
        self.now = _minor(case.facts)

    @cached_property
    def nearest(self) -> Minor | None:
        """The nearest Python with which the command would succeed; None where there is none, or somebody named one."""
        if self.probe is None or self.failed is None or is_named(self.case.facts.repository, None):
            return None
        return self.probe.nearest(self.failed, self.now)

    def with_wheels(self) -> Iterator[Remedy]:
        """Yield the Python for which there are wheels of a package from the index that could not be built."""
        name = package(self.case.text)
        if "==" in name:
            yield from self._nearest(f"{name} cannot be built", "there are wheels")

    def that_installs(self) -> Iterator[Remedy]:
        """Yield the Python for which a lock has a file of everything."""
        yield from self._nearest("the lock has no wheel of a package", "there is one of each")

    def that_fits(self, found: str) -> Iterator[Remedy]:
        """Yield the Python with which the requirements go together; where uv cannot be asked, an older one."""
        yield from self._nearest(found, "they go together")
        if self.probe is None or self.failed is None:
            yield from _older_python(self.case, None, found)

    def _nearest(self, found: str, good: str) -> Iterator[Remedy]:
        if self.nearest is not None:
            yield Remedy(
                replace(self.case.answers, python=spelled(self.nearest)),
                f"{found} (Python {spelled(self.now)})",
                f"use {spelled(self.nearest)}, the nearest Python for which {good}",
            )


def _minor(facts: Facts) -> Minor:
    if facts.choice.interpreter is not None:
        return Version.parse(facts.choice.interpreter.version).minor
    release = Request.parse(facts.choice.request).release
    return release[0], release[1] if len(release) > 1 else 12


def _is_here(facts: Facts, minor: Minor) -> bool:
    from bootstrap.detect.interpreters import find_interpreters  # noqa: PLC0415 - hardly ever needed

    found = facts.interpreters or find_interpreters(dict(os.environ), facts.host, cache_dir=None)
    return any(Version.parse(one.version).minor == minor for one in found)
