"""Remedies that add what nothing declares in a way that could be read: plugins, modules, requirements."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bootstrap.detect.environment import library_of
from bootstrap.detect.repository import distribution_name, normalise
from bootstrap.detect.wholeness import distributions
from bootstrap.proof import names, plugins, pool
from bootstrap.proof.remedy import Case, Remedy, minor_of
from bootstrap.setup.dependencies import groups, setuptools

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bootstrap.model import Answers, Facts


NO_MODULE = re.compile(r"No module named ['\"]?([\w.]+)['\"]?")


def missing_plugins(case: Case) -> Iterator[Remedy]:
    """Yield the plugins that pytest complains of, as the repository requires them elsewhere, else by name."""
    demanded = tuple(name for name in plugins.demanded("\n".join(case.reasons)) if name not in case.answers.additions)
    if demanded:
        wanted = tuple(pool.requirement_for(name, case.facts.repository, case.read) or name for name in demanded)
        yield _adding(case, wanted, f"pytest is configured for {', '.join(demanded)}, which was not installed")


def missing_modules(case: Case) -> Iterator[Remedy]:
    """Yield one remedy for all the modules that are missing and known."""
    modules = dict.fromkeys(module for reason in case.reasons for module in NO_MODULE.findall(reason))
    found: dict[str, str] = {}
    for module in modules:
        top = module.partition(".")[0]
        if top in names.DROPPED or is_own(case, top):
            continue
        requirement = (
            pool.requirement_for(module, case.facts.repository, case.read)
            or names.distribution_of(module, minor_of(case.facts))
            or pool.of_installed(module, library_of(case.facts.environment.path))
        )
        if requirement and requirement not in case.answers.additions:
            found[module if names.is_below(module, distribution_name(requirement)) else top] = requirement
    if found:
        told = f"{', '.join(found)} cannot be imported, since it was not installed"
        yield _adding(case, tuple(dict.fromkeys(found.values())), told)


# What an error says to type: pip install 'dask[dataframe]'; pytest puts an E before each line of it.
_TOLD = re.compile(
    r"(?m)^(?:E\s|\w*(?:Error|Exception)\b)[^\n]*?\bpip3? install (?:(?:-U|--upgrade|--user) )?"
    r"['\"`]*([A-Za-z][\w.-]*\w)(?:\[([^\]\n]*)\])?"
)


def told_to_install(case: Case) -> Iterator[Remedy]:
    """Yield what the errors themselves tell to install; of the project, what its extras ask for."""
    wanted: dict[str, str] = {}
    for match in _TOLD.finditer("\n".join((case.text, *case.reasons))):
        extras = tuple(name for name in re.findall(r"[\w.-]*\w", match[2] or "") if name.strip("."))
        for one in _meant(case, match[1], extras):
            wanted[one] = match[1] + (f"[{','.join(extras)}]" if extras else "")
    lines = tuple(one for one in wanted if one not in case.answers.additions)
    if lines:
        yield _adding(case, lines, f"an error says to install {', '.join(dict.fromkeys(wanted.values()))}")


def _meant(case: Case, name: str, extras: tuple[str, ...]) -> tuple[str, ...]:
    """Return the requirements that are meant by what an error says."""
    if normalise(name) == normalise(case.facts.repository.name):
        others = setuptools.extras(case.facts.repository, case.read).known
        plain = set(groups.required(case.facts.repository, (), (), others))
        return tuple(one for one in groups.required(case.facts.repository, (), extras, others) if one not in plain)
    library = library_of(case.facts.environment.path)
    is_there = library is not None and normalise(name) in {normalise(one) for one in distributions(library)}
    return () if is_there and not extras else (f"{name}[{','.join(extras)}]" if extras else name,)


def silent(case: Case) -> Iterator[Remedy]:
    """Yield a setuptools that does not warn of what the code uses, where the repository takes warnings for errors."""
    text = "\n".join(case.reasons)
    wanted = next(
        (one for words in names.WARNINGS if words in text and (one := names.silent(words, minor_of(case.facts)))), ""
    )
    has_it = any(distribution_name(one) == "setuptools" for one in case.answers.additions)
    if wanted and not has_it:
        yield _adding(case, (wanted,), "the setuptools that was installed warns, and warnings are errors here")


_NOT_INSTALLED = re.compile(r"requires `([^`;]+?)\s*(?:;[^`]*)?`, but it's not installed")


def missing_requirements(facts: Facts, answers: Answers) -> Iterator[Remedy]:
    """Yield what installed packages require and a lock forgot: often it was made for another Python."""
    conflicts = facts.inspection.conflicts if facts.inspection else ()
    found = tuple(dict.fromkeys(name for text in conflicts for name in _NOT_INSTALLED.findall(text)))
    bounded = {distribution_name(name) for name in found if distribution_name(name) != name.lower()}
    own = normalise(facts.repository.name)
    told = (name for name in found if name.lower() not in bounded and normalise(distribution_name(name)) != own)
    minor = minor_of(facts)
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


def is_own(case: Case, name: str) -> bool:
    """Say whether a module is one of the repository's own: then installing another one of that name helps nobody."""
    root = case.facts.repository.root
    return any((root / folder / name).is_dir() or (root / folder / f"{name}.py").is_file() for folder in ("", "src"))


def _adding(case: Case, requirements: tuple[str, ...], found: str) -> Remedy:
    every = dict.fromkeys((*case.answers.additions, *requirements))
    return Remedy(
        replace(case.answers, additions=tuple(every)), found, f"install {', '.join(requirements)} in addition"
    )
