"""What becomes of a repository's own code under a floor: new texts, what was left alone, and what is dead."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bootstrap.code import ruff
from bootstrap.code.branches import without_dead_branches
from bootstrap.code.fallbacks import without_dead_fallbacks
from bootstrap.code.files import floor_of, own_names, readable, sources
from bootstrap.code.module import is_left_to_its_author, parsed
from bootstrap.code.remains import compared, in_requirements, is_requirements, remains, requirements
from bootstrap.code.ternaries import without_dead_choices
from bootstrap.expression import expression
from bootstrap.model import Change, Skip
from bootstrap.policy import spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bootstrap.code.files import Code
    from bootstrap.commands import Tools
    from bootstrap.model import Finding
    from bootstrap.modernize import Proposal
    from bootstrap.policy import Minor
    from bootstrap.survey import Survey

# What stays behind at the top when an encoding or an import goes.
_BLANK = expression(r"\A(?:[ \t]*(?:\r\n|\r|\n))+")
# One rule's work makes room for another's, hardly ever more than twice.
_ROUNDS = 5


class Renewal(NamedTuple):
    """What becomes of the code."""

    changes: tuple[Change, ...]
    skipped: tuple[Skip, ...]
    findings: tuple[Finding, ...]
    """What is dead, each with what becomes of it."""


class Repository(NamedTuple):
    """What is known of the repository."""

    paths: Sequence[str]
    read: Callable[[str], bytes | None]
    found: Survey
    proposal: Proposal
    minimum: Minor


def draft(repository: Repository, tools: Tools, takes: Callable[[str], bool] = lambda _: True) -> Renewal:
    """Return what becomes of the code once the proposal is carried out; `takes` says which files are wanted."""
    moved = {one.path: one.after for one in repository.proposal.changes if one.after is not None}
    floor = floor_of(repository.found, repository.proposal, repository.minimum)
    wanted = [path for path in repository.paths if takes(path)]
    codes, left = sources(wanted, repository.read, moved, floor)
    own = own_names(repository.paths)
    settings = _settings(repository.paths, repository.read)
    after: dict[str, str] = {}
    for oldest in sorted({code.floor for code in codes}):
        texts = {code.path: code.text for code in codes if code.floor == oldest}
        after |= renewed(texts, settings, oldest, tools, own)
    broken = {path for path, text in after.items() if parsed(text) is None}
    left += [Skip(path, "what would become of it cannot be parsed") for path in sorted(broken)]
    after = {path: text for path, text in after.items() if path not in broken}
    dead = [one for code in codes for one in remains(code.text, code.path, code.floor, own)]
    rest = [one for code in codes for one in remains(after.get(code.path, code.text), code.path, code.floor, own)]
    findings = (*compared(dead, rest), *_dependencies(repository, wanted, floor))
    return Renewal(
        tuple(_change(code, after[code.path]) for code in codes if code.path in after), tuple(left), findings
    )


def _dependencies(repository: Repository, wanted: Sequence[str], floor: Callable[[str], Minor]) -> Iterator[Finding]:
    yield from requirements(repository.found.sites, floor)
    for path in filter(is_requirements, wanted):
        data = readable(repository.read, path)
        yield from in_requirements(data or b"", path, floor(path))


def _settings(paths: Sequence[str], read: Callable[[str], bytes | None]) -> dict[str, bytes]:
    found = {path: readable(read, path) for path in paths if path.endswith(".toml")}
    return {path: data for path, data in found.items() if data is not None}


def _change(code: Code, text: str) -> Change:
    return Change(code.path, code.data, code.written(text), f"written for Python {spelled(code.floor)} and newer")


def renewed(
    texts: Mapping[str, str], settings: Mapping[str, bytes], floor: Minor, tools: Tools, own: frozenset[str]
) -> dict[str, str]:
    """Return the modules that become others, renewed until there is nothing left to do."""
    now = dict(texts)
    included = ruff.included(texts, settings, tools)
    left = {path: text for path, text in texts.items() if path in included}
    for _ in range(_ROUNDS):
        step = {path: _without_dead(text, floor, own) for path, text in left.items()}
        step |= ruff.renewed(step, settings, floor, tools)
        left = {path: text for path, text in step.items() if text != left[path]}
        if not left:
            break
        now |= left
    changed = {path: text for path, text in now.items() if text != texts[path]}
    if changed:
        changed |= ruff.without_new_unused({path: texts[path] for path in changed}, changed, tools)
    return {path: text if _BLANK.match(texts[path]) else _BLANK.sub("", text) for path, text in changed.items()}


def _without_dead(text: str, floor: Minor, own: frozenset[str]) -> str:
    if is_left_to_its_author(text):
        return text
    if "version_info" in text or "six." in text:
        text = without_dead_choices(without_dead_branches(text, floor), floor)
    if "ImportError" in text or "ModuleNotFoundError" in text:
        text = without_dead_fallbacks(text, floor, own)
    return text
