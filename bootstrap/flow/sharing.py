"""How what was answered, or found out, for one checkout is said in the repository, for everybody who clones it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from bootstrap.detect.declared import PIN_FILE, PYPROJECT, SETTINGS
from bootstrap.model import Change, Finding, Severity, Skip
from bootstrap.nested import at
from bootstrap.setup import shared
from bootstrap.setup.moment import day, of_additions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bootstrap.commands import Tools
    from bootstrap.detect.repository import Reader
    from bootstrap.flow.attempts import Outcome
    from bootstrap.model import Answers, Facts, Plan, Settings
    from bootstrap.setup.shared import Value

_TITLE = b"# What devstrap sets this repository up with; for other tools this is no project, and says nothing.\n"
_WHY = "what was answered and found out, for everybody"
REMEMBER = "python bootstrap.py --yes --remember"


class Said(NamedTuple):
    """What comes into the files of the repository, and what has no place there."""

    changes: tuple[Change, ...] = ()
    skipped: tuple[Skip, ...] = ()


def say(facts: Facts, answers: Answers, read: Reader, tools: Tools) -> Said:
    """Return the changes by which `[tool.devstrap]` says what was answered and found out.

    Where only some parts are set up, it is said in each of theirs; else in the root's, for all of them.
    """
    if not answers.is_shared:
        return Said()
    found = [_said_in(place, facts, answers, read, tools) for place in _places(answers)]
    return Said(
        tuple(one for said in found for one in said.changes), tuple(one for said in found for one in said.skipped)
    )


def asked(facts: Facts, answers: Answers, read: Reader) -> Answers:
    """Ask, once, whether the repository shall say what was answered; nothing is asked where it says all of it."""
    unsaid = {_in(place): rows for place in _places(answers) if (rows := _rows(place, facts, answers, read)[1])}
    if answers.is_shared is not None or not unsaid:
        return answers
    from bootstrap import ask  # noqa: PLC0415 - questions cost 200 ms
    from bootstrap.adopt.tables import spelled_out  # noqa: PLC0415 - the grammars take a while to load

    told = dict.fromkeys(f"  {key} = {spelled_out(value)}" for rows in unsaid.values() for key, value in rows.items())
    named = "\n".join((f"Remember these in [{SETTINGS}] of {' and '.join(unsaid)}, for everyone who clones?", *told))
    return replace(answers, is_shared=ask.agree(f"{named}\n ", default=False))


def _places(answers: Answers) -> tuple[str, ...]:
    return answers.parts or ("",)


def _in(place: str, name: str = PYPROJECT) -> str:
    return f"{place}/{name}" if place else name


def _rows(place: str, facts: Facts, answers: Answers, read: Reader) -> tuple[dict[str, Any], dict[str, Value]]:
    """Return the table that is there, and the rows that are missing in it."""
    answers = _with_its_time(place, facts, answers)
    own = shared.own(answers, facts.repository.settings) if place else answers
    table = _table(read(_in(place)))
    return table, shared.rows(own, table, is_pinned=_is_pinned(place, read))


def _with_its_time(place: str, facts: Facts, answers: Answers) -> Answers:
    """Return the answers with the time up to which releases count: the last commit's will not be that one any more."""
    if answers.as_of is not None:
        return answers
    every = [one for path, one in facts.every() if path == place or not place]
    moments = [one.moment.when for one in every if one.moment is not None and not one.moment.is_asked]
    now = datetime.now(UTC)
    if answers.additions:
        later = (of_additions(one.repository, answers, one.committed, now) for one in every if _is_locked(one))
        moments += [when for when in later if when is not None]
    is_said = any(one.repository.settings.as_of is not None for one in every)
    return replace(answers, as_of=day(max(moments))) if moments and not is_said else answers


def _is_locked(facts: Facts) -> bool:
    return facts.dependencies is not None and facts.dependencies.is_locked


def _table(content: bytes | None) -> dict[str, Any]:
    from bootstrap.detect.repository import parse_toml  # noqa: PLC0415 - where nothing is to be said, nobody asks

    return at(parse_toml(PYPROJECT, content), "tool", "devstrap")


def _is_pinned(place: str, read: Callable[[str], bytes | None]) -> bool:
    """Say whether a file names the Python, in the part or for the whole."""
    return any(read(name) is not None for name in {_in(place, PIN_FILE), PIN_FILE})


def _said_in(place: str, facts: Facts, answers: Answers, read: Reader, tools: Tools) -> Said:
    from bootstrap.adopt.tables import changed, spelled_out  # noqa: PLC0415 - the grammars take a while to load

    name, before = _in(place), read(_in(place))
    table, rows = _rows(place, facts, answers, read)
    reason = shared.reason_against(answers, table, is_pinned=_is_pinned(place, read))
    skipped = (Skip(f"Python {answers.python}", f"it is not said in {name}: {reason}"),) if reason else ()
    if not rows:
        return Said((), skipped)
    told = "; ".join(f"{key} = {spelled_out(value)}" for key, value in rows.items())
    against = _reason_against_new(place, answers, read, tools) if before is None else ""
    after = changed(_TITLE if before is None else before, "devstrap", rows) if not against else None
    if after is None:
        why = against or f"[{SETTINGS}] is written there in a way that cannot be added to"
        return Said((), (*skipped, Skip(name, f"{why}; say there yourself: {told}")))
    return Said((Change(name, before, after, _WHY),), skipped)


def _reason_against_new(place: str, answers: Answers, read: Reader, tools: Tools) -> str:
    """Return why a pyproject.toml is not made: what would read it in place of what it reads today.

    pip builds a setup.py beside a pyproject.toml in isolation, as uv always does (PEP 517), and pytest takes it for its
    own where it is told several folders.
    """
    if answers.unisolated or answers.build_needs:
        return "there is none, and with one pip would build the project in isolation, which it cannot be"
    from bootstrap.adopt.commands import shadows  # noqa: PLC0415 - only where the file is made
    from bootstrap.adopt.model import Tree  # noqa: PLC0415
    from bootstrap.survey import list_files  # noqa: PLC0415

    if place:
        return ""
    tree = Tree(tuple(list_files(read.root, dict(tools.env))), read, read.root)
    unread = next((path for path, _ in shadows(tree)), "")
    return f"there is none, and pytest would take one in place of {unread}" if unread else ""


def advice(done: Outcome, plan: Plan) -> Iterator[Finding]:
    """Yield a note on what the repository could say itself, or, where it is said by now, that it is to be committed."""
    if done.answers.is_shared:
        yield from _told(plan)
    elif done.remedied and shared.rows(shared.own(done.answers, done.facts.repository.settings), {}, is_pinned=False):
        ways = "; ".join((*_ways(done.answers), f"or have it said in [{SETTINGS}]"))
        yield Finding(
            "D113",
            Severity.NOTE,
            "what was tried is remembered for this checkout alone",
            f"to spare everybody else {done.facts.repository.name}'s riddles: {ways.removeprefix('or ')}",
            fix=REMEMBER,
        )


def announced(plan: Plan) -> Iterator[str]:
    """Yield a line for each file that is made for this: a repository may have had reasons to have none."""
    for step in _of(plan):
        if step.before is None:
            yield f"{step.path} is made, with [{SETTINGS}] and nothing that another tool reads"


def _told(plan: Plan) -> Iterator[Finding]:
    """Yield a note for each file in which something is said by now: nobody else has it before it is committed."""
    for path in dict.fromkeys(step.path for step in _of(plan)):
        yield Finding(
            "D115",
            Severity.NOTE,
            f"what was answered and found out is in [{SETTINGS}]",
            "for everyone who clones",
            path=path,
            fix=f"git add {path}, and commit it",
        )


def _of(plan: Plan) -> Iterator[Change]:
    return (step for step in plan.steps if isinstance(step, Change) and step.purpose == _WHY)


def left_out(answers: Answers, settings: Settings) -> Iterator[Finding]:
    """Yield a note on what is left out, in every run: nothing else tells of it any more."""
    own = shared.own(answers, settings)
    if own.without or own.is_bare or own.is_lean:
        yield Finding(
            "D114",
            Severity.NOTE,
            f"left out, as was found out earlier: {_what(own.without, is_bare=own.is_bare, is_lean=own.is_lean)}",
            "it is tried again when what is declared changes, or, to try it now, after",
            fix="python bootstrap.py undo",
        )
    if settings.without or settings.without_project or settings.lean:
        yield Finding(
            "D114",
            Severity.NOTE,
            f"left out, as [{SETTINGS}] says: "
            f"{_what(settings.without, is_bare=settings.without_project, is_lean=settings.lean)}",
            f"to try it again, take it out of [{SETTINGS}]",
            path=PYPROJECT,
        )


def _what(without: Iterable[str], *, is_bare: bool, is_lean: bool) -> str:
    what = [f"{name}, which could not be had" for name in without]
    what += ["the project itself, which could not be built"] if is_bare else []
    what += ["what documentation, types and linters need, which could not be had with the rest"] if is_lean else []
    return "; ".join(what)


def _ways(answers: Answers) -> Iterator[str]:
    if answers.additions:
        names = ", ".join(f'"{name}"' for name in answers.additions)
        yield f"declare {names} where the tests' requirements are"
    if answers.python is not None:
        yield f"write {answers.python} into .python-version"
    if answers.as_of is not None:
        yield f'say as-of = "{answers.as_of}" in [tool.devstrap], or commit a lock'
    if answers.build_constraints:
        names = ", ".join(f'"{name}"' for name in answers.build_constraints)
        yield f"name {names} as build-constraint-dependencies in [tool.uv]"
