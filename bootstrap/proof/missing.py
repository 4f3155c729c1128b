"""Remedies that add what nothing declares in a way that could be read: plugins, modules, requirements."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bootstrap.detect.environment import library_of
from bootstrap.detect.repository import distribution_name, normalise
from bootstrap.proof import names, plugins, pool
from bootstrap.proof.remedy import Case, Remedy, minor_of

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
            found[top] = requirement
    if found:
        yield _adding(case, tuple(found.values()), f"{', '.join(found)} cannot be imported, since it was not installed")


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
