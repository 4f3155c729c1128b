"""Remedies where a package, or the project itself, cannot be built from source."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bootstrap.detect.repository import distribution_name
from bootstrap.failures.builds import package
from bootstrap.failures.causes import is_at
from bootstrap.proof import names, pool
from bootstrap.proof.missing import is_own
from bootstrap.proof.remedy import Case, Remedy, minor_of
from bootstrap.setup.terms import is_of_tool, may_be_bare, may_be_unpackaged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bootstrap.errors import StepError
    from bootstrap.model import Answers, Facts


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
    ("valid project/version requirement specifiers", "setuptools<66"),
    ("wheel.vendored.packaging.requirements.InvalidRequirement", "wheel<0.40"),
    ("No module named 'pkg_resources'", "setuptools<81"),
    ("AttributeError: cython_sources", "cython<3"),
    ("No module named 'numpy.distutils'", "numpy<1.26"),
)


# What setuptools, Hatch, Poetry and uv say of an application that nobody has ever built.
_UNPACKAGED = (
    *("Multiple top-level packages discovered", "Multiple top-level modules discovered"),
    *("Unable to determine which files to ship", "No file/folder found for package", "Expected a Python module at"),
)


def build_tools(case: Case) -> Iterator[Remedy]:
    """Yield the bound within which what builds a package still has what its sources use."""
    for words, bound in _BUILD_TOOLS:
        if words in case.text and bound not in case.answers.build_constraints:
            name = re.split(r"[<>=]", bound)[0]
            kept = tuple(one for one in case.answers.build_constraints if not one.startswith(name))
            yield Remedy(
                replace(case.answers, build_constraints=(*kept, bound)),
                f"a package is built from source by what newer versions of {name} no longer have",
                f"build with {bound}",
            )


def build_misses(case: Case) -> Iterator[Remedy]:
    """Yield to install first what a build imports: a setup.py that imports its own package needs all that this does."""
    if not any(word in case.text.lower() for word in ("failed to build", "build backend")):
        return
    match = _MISSED.search(case.text) or _TOLD.search(case.text)
    known = (bound for words, bound in _BUILD_TOOLS if match and words in match[0])
    if match is None or any(known) or match[1].partition(".")[0] in names.DROPPED:
        return
    minor = minor_of(case.facts)
    found = _OF_BUILDS.get(match[1]) or pool.requirement_for(match[1], case.facts.repository, case.read)
    found = found or names.distribution_of(match[1], minor)
    name = distribution_name(package(case.text))
    if distribution_name(found) == "setuptools":
        return  # of what every build has anyway, another version is wanted, or another Python
    if found and found not in case.answers.build_needs and not is_own(case, match[1].partition(".")[0]):
        built = "the project" if not name or is_at(case.facts.repository.root, package(case.text)) else name
        alone = "*" if built == "the project" else name
        yield Remedy(
            replace(
                case.answers,
                build_needs=(*case.answers.build_needs, found),
                unisolated=tuple(dict.fromkeys((*case.answers.unisolated, alone))),
            ),
            f"the build of {built} needs {match[1]}, and does not declare it",
            f"install {found} before it",
        )


def linked(case: Case) -> Iterator[Remedy]:
    """Yield the old way to an editable project, where its build tools know no other, or the new way is in the way.

    setuptools puts a module of its own before the project; pytest warns that it cannot rewrite that where the project
    is a plugin, and the repository may have made warnings errors.
    """
    if "has no attribute 'build_editable'" in case.text:
        yield from _linking(case, "the tools that build the project cannot install it editable")
    if any("cannot be rewritten: __editable__" in reason for reason in case.reasons):
        yield from _linking(case, "pytest does not take the module by which the project was installed editable")


def copied(case: Case) -> Iterator[Remedy]:
    """Yield the old way, where only the new one may be what fails: a setup.py that goes on without its extensions.

    As a wheel such a project can be built, since nothing stands between it and its own error.
    """
    if "Support for editable installs via PEP 660" in case.text:
        yield from _linking(case, "the project itself cannot be built to be installed editable")


def _linking(case: Case, found: str) -> Iterator[Remedy]:
    if not case.answers.is_linked:
        yield Remedy(replace(case.answers, is_linked=True), found, "install a copy, and link it to its sources")


def bare(case: Case) -> Iterator[Remedy]:
    """Yield to leave the project itself out, where all that it requires is installed by itself anyway."""
    dependencies, root = case.facts.dependencies, case.facts.repository.root
    is_itself = is_at(root, package(case.text)) and _is_importable_in_place(case)
    if not is_itself or case.answers.is_bare or dependencies is None:
        return
    is_unpackaged = any(words in case.text for words in _UNPACKAGED)
    if may_be_bare(dependencies) or (is_unpackaged and may_be_unpackaged(dependencies, case.read)):
        yield Remedy(
            replace(case.answers, is_bare=True),
            "the project itself is no package that could be built"
            if is_unpackaged
            else "the project itself cannot be built",
            "install what it requires, and leave itself out: it is imported from its own folder",
        )


def _is_importable_in_place(case: Case) -> bool:
    """Say whether the project can be imported without being installed: with its sources in src/, only by a setting."""
    if not (case.facts.repository.root / "src").is_dir():
        return True
    return any(b"pythonpath" in (case.read(name) or b"") for name in ("pyproject.toml", "pytest.ini", "setup.cfg"))


def followed(error: StepError, facts: Facts, answers: Answers) -> Iterator[Remedy]:
    """Yield to read a lock here, where its own tool refuses it or cannot be had."""
    dependencies = facts.dependencies
    if error.run is None or not is_of_tool(error.run) or dependencies is None or answers.is_followed:
        return
    # A part's command is given from the root, in the part's folder: it is the same but for that.
    if dependencies.followed and any(error.run.argv == run.argv for run in dependencies.installs):
        yield Remedy(
            replace(answers, is_followed=True),
            f"{dependencies.manager.capitalize()} of today does not take {dependencies.title.partition(' ')[0]}",
            "read it without that, and install what it names",
        )


_MISSED = re.compile(r"(?:ModuleNotFoundError|ImportError): No module named ['\"]?([\w.]+)['\"]?")
# A setup.py that has pip read its requirements knows the modules of then; 20 gave what it reads another shape.
_OF_BUILDS = {"pip": "pip<20", "pip.req": "pip<10", "pip.download": "pip<10"}
# What a setup.py tells who reads it, and then gives up; that pip shall be upgraded says nothing of what is missing.
_TOLD = re.compile(
    r"(?<!uv )\bpip3? install (?:(?:-U|--upgrade|--user) )?['\"`]?(?!(?:pip|wheel)\b)([A-Za-z][\w.-]*\w)"
)
