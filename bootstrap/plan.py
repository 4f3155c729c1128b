"""Facts and answers in, plan out: pure, so that a dry run shows what a real one does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bootstrap.errors import UsageError
from bootstrap.model import Change, Plan, Skip, Step
from bootstrap.setup import checkout, dotenv, hooks, post_install, python, venv
from bootstrap.setup.devcontainer import devcontainer_changes
from bootstrap.setup.editors import EDITORS, editor_changes, in_part
from bootstrap.setup.parts import placed
from bootstrap.versions import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from bootstrap.model import Answers, Facts, Part

    Reader = Callable[[str], bytes | None]


def plan(facts: Facts, answers: Answers, read: Reader) -> Plan:
    """Return what has to be done so that the repository is ready; an empty plan where it is.

    Raises a BootstrapError where something stands in the way, before anything is touched.
    """
    steps: list[Step] = [*checkout.steps(facts)]
    skipped: list[Skip] = []
    for place, one in facts.every():
        if one.choice.must_install:
            _refuse_offline(one, answers)
            get = python.install(one.choice)
            steps += [] if get in steps else [get]
        build = venv.step(one, answers)
        remarks = one.dependencies.remarks if one.dependencies else ()
        skipped += [Skip(f"{place}: {what}" if place else what, reason) for what, reason in remarks]
        if build is not None:
            steps.append(placed(build, place) if place else build)
    for name in answers.editors:
        changes, skips = _editor(name, facts, answers, read)
        steps += changes
        skipped += skips
    if answers.devcontainer:
        changes, skips = devcontainer_changes(facts.repository, feature_version(facts.choice.request), read)
        steps += changes
        skipped += skips
    written, skips = dotenv.changes(facts, answers, read)
    install, left = hooks.step(facts, answers)
    commands, unwanted = post_install.steps(facts, answers)
    steps += [*written, *([install] if install else []), *commands]
    return Plan(tuple(steps), (*skipped, *skips, *left, *unwanted))


def _editor(name: str, facts: Facts, answers: Answers, read: Reader) -> tuple[tuple[Change, ...], tuple[Skip, ...]]:
    """Return what an editor is told: of the one environment that there is, be it in a part of the repository.

    Where a part is set up by itself it is the part's own folder that is told: another part may come, and has another.
    """
    if facts.needs_environment:
        return editor_changes(name, facts.repository, read)
    if answers.parts:
        every = [_editor_of_part(name, part, read) for part in facts.parts]
        return tuple(one for changes, _ in every for one in changes), tuple(one for _, skips in every for one in skips)
    own = [part.path for part in facts.parts]
    if len(own) > 1:
        told = f"each part has an environment of its own: open {', '.join(own)} as a folder each"
        return (), (Skip(EDITORS[name].title if name in EDITORS else name, told),)
    changes, skips = editor_changes(name, facts.repository, read)
    return tuple(in_part(change, own[0]) for change in changes), skips


def _editor_of_part(name: str, part: Part, read: Reader) -> tuple[tuple[Change, ...], tuple[Skip, ...]]:
    """Return what an editor is told that opens a part's folder, in which there is no bootstrap.py to call."""
    repository = replace(part.facts.repository, has_bootstrapper=False)
    changes, skips = editor_changes(name, repository, lambda path: read(f"{part.path}/{path}"))
    return (
        tuple(change._replace(path=f"{part.path}/{change.path}") for change in changes),
        tuple(skip._replace(what=f"{part.path}/{skip.what}") for skip in skips),
    )


def feature_version(request: str) -> str:
    """Return `3.12` for a request such as `3.12.4`, `pypy3.10` for PyPy's; container images go by it."""
    asked = Request.parse(request)
    return str(Request(asked.release[:2], asked.implementation, is_free_threaded=asked.is_free_threaded))


def _refuse_offline(facts: Facts, answers: Answers) -> None:
    if not answers.offline or facts.has_local_mirror:
        return
    kept = " among those that uv keeps" if answers.prefer_managed else ""
    there = ", ".join(f"{found.version} ({found.executable})" for found in facts.interpreters) or "none"
    raise UsageError(
        f"Python {facts.choice.request} is not on this machine{kept}, and --offline forbids to get it; "
        f"{facts.choice.reason}",
        remedy=f"leave out --offline, or choose one of those that are here with --python: {there}",
    )
