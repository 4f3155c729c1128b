"""The second job's way through: look at what is declared, compare, propose, ask, write, look again."""

from __future__ import annotations

import os
import re
import time
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.check import check as find
from bootstrap.check import expected, lives, minors_after, named
from bootstrap.detect.declared import PYPROJECT, SETTINGS, decode, line_of
from bootstrap.errors import MalformedFileError, UsageError
from bootstrap.model import Change, Declared, Plan, Promise, Report, Severity, Skip, Status
from bootstrap.modernize import NOTHING, Choice, propose
from bootstrap.policy import Transition, make_policy, parse_minor, spelled
from bootstrap.simplify import PURPOSE, notes, simplify
from bootstrap.sites.catalogue import CATALOGUE
from bootstrap.sites.model import Area
from bootstrap.state import state_directory
from bootstrap.survey import derive, is_promise, survey
from bootstrap.transaction import CURRENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date
    from pathlib import Path

    from bootstrap.commands import Tools
    from bootstrap.console import Console
    from bootstrap.decide import Decision
    from bootstrap.model import Finding, Settings
    from bootstrap.modernize import Proposal
    from bootstrap.options import Options
    from bootstrap.policy import Minor, Policy
    from bootstrap.sites.files import Unread
    from bootstrap.sites.model import Site
    from bootstrap.survey import Survey


class Wish(NamedTuple):
    """What somebody says of the versions, as far as they say it, and where."""

    minimum: Minor | None = None
    default: Minor | None = None
    supported: tuple[Minor, ...] = ()
    default_micro: str = ""
    source: str = ""

    def __bool__(self) -> bool:
        """Say whether anything is said at all."""
        return self.minimum is not None or self.default is not None or bool(self.supported)


class View(NamedTuple):
    """A repository as it stands, and what it says it wants."""

    found: Survey
    declared: Policy | None
    """The policy that the declarations come to."""
    wish: Wish
    """What `[tool.devstrap]` says."""

    @property
    def wanted(self) -> Policy | None:
        """The policy that the repository stands for: its settings, filled up with its declarations."""
        return _policy(self.wish, self.declared)

    @property
    def source(self) -> str:
        """Where that comes from."""
        if self.wish:
            return self.wish.source
        return "what the repository declares" if self.is_promised else "what most places use; nothing is promised"

    @property
    def is_promised(self) -> bool:
        """Say whether anything says what is supported, and not only what happens to be used."""
        return bool(self.wish) or is_promise(self.found.sites)


def versions(options: Options, tools: Tools, console: Console) -> Report:
    """Report every place that names a Python version."""
    started = time.monotonic()
    _recovered(options._replace(is_dry_run=True), console)
    view = _look(options.root, tools)
    choice = _chosen(options, view.found)
    policy = view.wanted
    return Report(
        "versions",
        options.root,
        Status.AGREED,
        plan=Plan(skipped=_unread(view.found)),
        declared=tuple(_declared(site) for site in view.found.sites if choice.takes(site)),
        policy=_promise(policy, view.source) if policy else None,
        seconds=time.monotonic() - started,
    )


def check(options: Options, tools: Tools, console: Console) -> Report:
    """Report what disagrees; with `--fix` mend it first, as far as it can be mended safely.

    Raises UsageError where the repository declares nothing, or a policy that contradicts itself.
    """
    started = time.monotonic()
    recovered = _recovered(options if options.is_fix else options._replace(is_dry_run=True), console)
    view, change, choice, proposal = _compared(options, tools)
    is_fixable = view.is_promised and bool(proposal.changes)
    plan = Plan(proposal.changes) if options.is_fix and is_fixable else Plan()
    is_planned = options.is_dry_run and not plan.is_empty
    if is_planned and not options.is_json:
        from bootstrap.reports import text  # noqa: PLC0415 - only where a diff is shown

        console.say(text.diff(plan))
    elif not plan.is_empty and not options.is_dry_run:
        _write(plan, options, tools, console)
        view, change, choice, proposal = _compared(options, tools)
    findings = find(view.found, proposal, change, choice, _today(), is_promised=view.is_promised)
    findings = _as_started((*findings, *notes(view.found, proposal, choice, _reader(options.root))), options)
    failed = any(finding.severity is Severity.ERROR for finding in findings)
    return Report(
        "check",
        options.root,
        Status.PLANNED if is_planned else Status.FINDINGS if failed else Status.AGREED,
        plan=plan._replace(skipped=_unread(view.found)),
        findings=findings,
        recovered=recovered,
        declared=_declarations(proposal, change, choice),
        policy=_promise(change.new, view.source),
        next_command=f"{options.started} check --fix" if is_fixable and not plan.steps else "",
        seconds=time.monotonic() - started,
        exit_code=1 if failed else 0,
    )


def modernize(options: Options, tools: Tools, console: Console) -> Report:
    """Move every declaration to a new policy, in one transaction that can be undone.

    With `--simplify` what merely repeats another declaration goes; where no policy is named, that is all that is done.

    Raises UsageError for a policy that contradicts itself, and where nobody could be asked and nobody said --yes.
    """
    started = time.monotonic()
    recovered = _recovered(options, console)
    view = _look(options.root, tools)
    choice = _chosen(options, view.found)
    is_alone = options.is_simplify and not (_wish_on_command_line(options) or view.wish)
    change, source = _as_declared(view) if is_alone else _asked_for(options, tools, console, view)
    change = Transition(change.old, change.new, change.has_default, options.with_entries)
    proposal = propose(view.found, change, NOTHING if is_alone else choice)
    if options.is_simplify:
        proposal = simplify(view.found, proposal, choice, _reader(options.root))
    plan = Plan(proposal.changes, (*_unread(view.found), *_refused(proposal), *_outdated(proposal, change.new)))
    claims = [site for site in view.found.sites if site.declaration.area is Area.CLAIMED]
    report = Report(
        "modernize",
        options.root,
        Status.NOTHING_TO_DO if plan.is_empty else Status.PLANNED,
        plan=plan,
        findings=_as_started(lives(claims, change.new, _today()), options),
        recovered=recovered,
        declared=_declarations(proposal, change, choice),
        policy=_promise(change.new, source),
    )
    if not plan.is_empty and not options.is_json:
        from bootstrap.reports import text  # noqa: PLC0415 - only where a diff is shown

        console.say(text.diff(plan))
    if plan.is_empty or options.is_dry_run:
        wanted = options.has_exit_code and not plan.is_empty
        return report._replace(seconds=time.monotonic() - started, exit_code=1 if wanted else 0)
    if not options.is_yes:
        if not _agrees(options, tools, console, report):
            return report._replace(status=Status.DECLINED, seconds=time.monotonic() - started)
        started = time.monotonic()  # how long a person thinks is not our time
    _write(plan, options, tools, console)
    return _looked_again(report, options, tools, change)._replace(seconds=time.monotonic() - started)


def _looked_again(report: Report, options: Options, tools: Tools, change: Transition) -> Report:
    """Verify: what was written is what the policy wants, so that doing it again changes nothing."""
    after = survey(options.root, dict(tools.env))
    settled = Transition(change.new, change.new, change.has_default, mends=True)
    choice = Choice(options.only, options.skip)
    findings = _as_started(find(after, propose(after, settled, choice), settled, choice, _today()), options)
    failed = any(finding.severity is Severity.ERROR for finding in findings)
    return report._replace(
        status=Status.FINDINGS if failed else Status.READY,
        findings=findings,
        exit_code=1 if failed else 0,
        next_command="" if failed else _next(report, options),
    )


# What notes down requires-python, and has to be made anew.
_LOCKS = {"uv.lock": "uv lock", "poetry.lock": "poetry lock", "pdm.lock": "pdm lock", "Pipfile.lock": "pipenv lock"}


def _next(report: Report, options: Options) -> str:
    changed = {step.path for step in report.plan.steps if isinstance(step, Change) and step.purpose != PURPOSE}
    for lock, command in _LOCKS.items():
        source = "Pipfile" if lock.startswith("Pipfile") else PYPROJECT
        if source in changed and (options.root / lock).is_file():
            return command
    return options.started if (options.root / "bootstrap.py").is_file() else ""


# ---- what there is -------------------------------------------------------------------------------------------------


def _look(root: Path, tools: Tools) -> View:
    """Read the settings and every declaration; a pyproject.toml that is broken has no settings, and is found wanting.

    Raises MalformedFileError for settings that do not exist, and for a broken pyproject.toml that is all there is.
    """
    found = survey(root, dict(tools.env))
    found = found._replace(unread=tuple(unread for unread in found.unread if _is_worth_telling(root, unread)))
    declared = derive([site for site in found.sites if site.declaration.id not in _SETTINGS])
    return View(found, declared, _wish(root, is_all=not found.sites))


def _reader(root: Path) -> Callable[[str], bytes | None]:
    """Return what reads files below `root`, and is loaded when the first one is wanted: most runs want none."""

    def read(name: str) -> bytes | None:
        from bootstrap.detect.repository import Reader  # noqa: PLC0415

        return Reader(root)(name)

    return read


def _wish(root: Path, *, is_all: bool) -> Wish:
    """Return what `[tool.devstrap]` says; the file is not even parsed where it does not speak of devstrap.

    Raises MalformedFileError for settings that do not exist, and for a broken file where that `is_all` there is.
    """
    if not (is_all or _speaks_of_devstrap(root / PYPROJECT)):
        return Wish()
    from bootstrap.detect.repository import detect_settings, parse_toml  # noqa: PLC0415 - hooks want to be quick

    read = _reader(root)
    try:
        pyproject = parse_toml(PYPROJECT, read(PYPROJECT))
    except MalformedFileError:
        if is_all:
            raise
        pyproject = {}

    def line(key: str) -> int | None:
        return line_of(decode(PYPROJECT, read(PYPROJECT) or b""), SETTINGS, key)

    return _wish_of(detect_settings(pyproject, line), line)


def _speaks_of_devstrap(file: Path) -> bool:
    """Say whether the word is there; what cannot be read is for somebody else to complain about."""
    try:
        return b"devstrap" in file.read_bytes()
    except OSError:
        return file.exists()


# The kinds of the settings themselves: they are moved like all others, but they are no evidence of what is declared.
_SETTINGS = ("devstrap.minimum", "devstrap.default", "devstrap.supported")

# What makes a file that cannot be read worth a word: a Helm template without any Python is none of our business.
_PYTHON = rb"(?i)py(?:thon)?[^\n]{0,24}3[._]?\d"


def _is_worth_telling(root: Path, unread: Unread) -> bool:
    """Say whether a person has to know that a file was not read; a link's target within the repository was."""
    full = os.path.join(root, unread.path)
    if os.path.islink(full):
        return not os.path.realpath(full).startswith(os.path.join(os.path.realpath(root), ""))
    if unread.line is None:
        return True
    try:
        with open(full, "rb") as file:
            return re.search(_PYTHON, file.read()) is not None
    except OSError:
        return True


def _chosen(options: Options, found: Survey) -> Choice:
    """Return what `--only` and `--skip` choose; raise UsageError for a word that can mean nothing at all."""
    kinds = {area.value for area in Area} | {row.id for row in CATALOGUE}
    for option, patterns in (("--only", options.only), ("--skip", options.skip)):
        for pattern in patterns:
            one = Choice((pattern,))
            if not any(fnmatchcase(kind, pattern) for kind in kinds) and not any(map(one.takes, found.sites)):
                raise UsageError(
                    f"{option} {pattern!r} fits no area, kind, file or site",
                    remedy=f"devstrap versions lists them; the areas are {', '.join(area.value for area in Area)}",
                )
    return Choice(options.only, options.skip)


# ---- policies ------------------------------------------------------------------------------------------------------


def _wish_of(settings: Settings, line: Callable[[str], int | None]) -> Wish:
    """Return what `[tool.devstrap]` says; raise UsageError, with its place, for a version that does not exist."""
    default = settings.default.request.release if settings.default is not None else ()
    told = {
        "minimum": [settings.minimum] if settings.minimum is not None else [],
        "default": [".".join(map(str, default[:2]))] if len(default) > 1 else [],
        "supported": settings.supported or (),
    }
    if settings.supported == ():
        raise _misplaced(UsageError("supported is empty", remedy='for example supported = ["3.12"]'), line("supported"))
    read: dict[str, tuple[Minor, ...]] = {}
    for key, versions_told in told.items():
        try:
            read[key] = tuple(parse_minor(version, f"{key} in [{SETTINGS}]") for version in versions_told)
        except UsageError as error:
            raise _misplaced(error, line(key)) from None
    minimum, default_minor = (read[key][0] if read[key] else None for key in ("minimum", "default"))
    micro = str(default[2]) if len(default) > 2 else ""
    wish = Wish(minimum, default_minor, read["supported"], micro, f"[{SETTINGS}] in {PYPROJECT}")
    try:
        if wish.supported:
            _policy(wish, None)
    except UsageError as error:
        raise _misplaced(error, line("supported")) from None
    return wish


def _misplaced(error: UsageError, line: int | None) -> UsageError:
    """Return an error with the place in pyproject.toml that it is about."""
    error.path, error.line = PYPROJECT, line
    return error


def _policy(wish: Wish, base: Policy | None) -> Policy | None:
    """Return the policy that somebody wishes for, filled up with `base`; None where that comes to nothing.

    Raises UsageError for a policy that contradicts itself.
    """
    if not wish:
        return base
    supported = wish.supported
    if not supported:
        kept = (minor for minor in (base.supported if base else ()) if wish.minimum is None or minor >= wish.minimum)
        supported = tuple(sorted({*kept, *([wish.minimum] if wish.minimum else [])}))
        # who names a newer default supports it
        if wish.default is not None and (not supported or wish.default > max(supported)):
            supported = (*supported, wish.default)
    minimum = wish.minimum or min(supported)
    default = wish.default
    if default is None:
        default = base.default if base is not None and base.default in supported else minimum
    return make_policy(minimum, default, supported, default_micro=wish.default_micro)


def _transition(wish: Wish, view: View) -> Transition | None:
    """Return the way from what is declared to what somebody wishes; None where neither says anything."""
    new = _policy(wish, view.wanted)
    if new is None:
        return None
    return Transition(view.declared or new, new, has_default=wish.default is not None or not wish)


def _compared(options: Options, tools: Tools) -> tuple[View, Transition, Choice, Proposal]:
    """Return what `check` compares: what is declared, with what was promised."""
    view = _look(options.root, tools)
    change = _transition(view.wish, view)
    if change is None:
        raise _silence()
    change = Transition(change.old, change.new, change.has_default, mends=True)
    choice = _chosen(options, view.found)
    return view, change, choice, propose(view.found, change, choice)


def _silence() -> UsageError:
    return UsageError(
        "nothing in this repository says which Pythons it supports",
        remedy='add requires-python to pyproject.toml, or supported = ["3.11", "3.12", "3.13"] to [tool.devstrap]',
    )


def _as_declared(view: View) -> tuple[Transition, str]:
    """Return the change that changes nothing."""
    policy = view.wanted
    if policy is None:
        raise _silence()
    return Transition(policy, policy), view.source


def _asked_for(options: Options, tools: Tools, console: Console, view: View) -> tuple[Transition, str]:
    """Return the change of policy that the command line, else `[tool.devstrap]`, else the person asks for."""
    wish = _wish_on_command_line(options) or view.wish or _interviewed(options, tools, console, view.declared)
    change = _transition(wish, view)
    if change is None:  # no question leaves all of it open, but a type checker cannot know
        raise UsageError("no version is supported", remedy="name some: --supported 3.11,3.12,3.13")
    return change, wish.source


def _wish_on_command_line(options: Options) -> Wish:
    if options.supported == ():
        raise UsageError("--supported names no version", remedy="for example --supported 3.11,3.12,3.13")
    micro = options.default.strip().split(".")[2] if options.default and options.default.count(".") > 1 else ""
    return Wish(
        parse_minor(options.minimum, "--minimum") if options.minimum else None,
        parse_minor(options.default, "--default") if options.default else None,
        tuple(parse_minor(version, "--supported") for version in options.supported or ()),
        micro,
        "the command line",
    )


def _interviewed(options: Options, tools: Tools, console: Console, declared: Policy | None) -> Wish:
    """Ask the person; raise UsageError where nobody could answer."""
    if options.is_yes or options.is_json or not _is_anybody_there(tools, console):
        raise UsageError(
            "nobody said which Pythons shall be supported",
            remedy="for example: devstrap modernize --minimum 3.11 --default 3.12 --supported 3.11,3.12,3.13",
        )
    from bootstrap.ask import ask_policy  # noqa: PLC0415 - questions cost 200 ms

    minimum, default, supported = ask_policy(declared)
    return Wish(minimum, default, supported, source="your answers")


def _agrees(options: Options, tools: Tools, console: Console, report: Report) -> bool:
    """Ask whether to go on; raise UsageError where nobody could answer."""
    count = len(report.plan.steps)
    files = f"{count} file{'s' if count > 1 else ''}"
    if options.is_json or not _is_anybody_there(tools, console):
        raise UsageError(
            f"{files} would be changed, and nobody is here to agree",
            remedy="look at it with --dry-run, then say --yes",
        )
    from bootstrap.ask import confirm  # noqa: PLC0415 - questions cost 200 ms

    for finding in report.findings:
        console.say(f"note: {finding.message}")
    return confirm(f"Change {files}?")


def _is_anybody_there(tools: Tools, console: Console) -> bool:
    import sys  # noqa: PLC0415 - only where somebody is asked

    from bootstrap.console import is_interactive  # noqa: PLC0415

    return is_interactive(tools.env, sys.stdin, console.stream)


# ---- what is reported ----------------------------------------------------------------------------------------------


def _today() -> date:
    return datetime.now(UTC).date()


def _promise(policy: Policy, source: str) -> Promise:
    return Promise(spelled(policy.minimum), spelled(policy.default), tuple(map(spelled, policy.supported)), source)


def _declarations(proposal: Proposal, change: Transition, choice: Choice) -> tuple[Declared, ...]:
    return tuple(
        _declared(site, decision, expected(site, decision, change) if decision.steps else None)
        for site, decision in proposal.decisions
        if choice.takes(site)
    )


def _declared(site: Site, decision: Decision | None = None, wanted: str | None = None) -> Declared:
    declaration = site.declaration
    return Declared(
        site.id,
        declaration.area.value,
        declaration.id,
        declaration.role.value,
        site.source.path,
        site.line,
        site.column,
        named(site),
        wanted,
        decision.reason or decision.note if decision is not None else "",
        declaration.why,
    )


def _as_started(findings: Iterable[Finding], options: Options) -> tuple[Finding, ...]:
    """Return findings whose commands begin as the person started this one."""

    def typed(text: str) -> str:
        return f"{options.started} {text.removeprefix('devstrap ')}" if text.startswith("devstrap ") else text

    return tuple(
        finding._replace(hint=typed(finding.hint), fix=typed(finding.fix) if finding.fix else None)
        for finding in findings
    )


def _unread(found: Survey) -> tuple[Skip, ...]:
    return tuple(Skip(_place(unread.path, unread.line), unread.reason) for unread in found.unread)


def _refused(proposal: Proposal) -> tuple[Skip, ...]:
    return tuple(Skip(_place(refusal.path, refusal.line), refusal.reason) for refusal in proposal.refused)


def _outdated(proposal: Proposal, new: Policy) -> Iterator[Skip]:
    """Yield the settings that go on to ask for something else than this change: `check` would go by them."""
    wanted = dict(zip(_SETTINGS, ({new.minimum}, {new.default}, set(new.supported)), strict=True))
    for site, decision in proposal.decisions:
        right = wanted.get(site.declaration.id)
        if right is not None and minors_after(site, decision) != right:
            told = ", ".join(map(spelled, sorted(right)))
            yield Skip(_place(site.source.path, site.line), f"goes on to say {named(site)}; put {told} there too")


def _place(path: str, line: int | None) -> str:
    return f"{path}:{line}" if line else path


# ---- what is written -----------------------------------------------------------------------------------------------


def _write(plan: Plan, options: Options, tools: Tools, console: Console) -> None:
    """Write all files in one transaction, or none."""
    from bootstrap.execute import execute  # noqa: PLC0415 - only where there is something to write

    execute(plan, options.root, state_directory(options.root), options.command, tools, console)


def _recovered(options: Options, console: Console) -> tuple[str, ...]:
    """Put back what a run that was killed left half done, before anything is looked at."""
    state = state_directory(options.root)
    if not os.path.lexists(state / CURRENT):
        return ()
    from bootstrap.flow import recover  # noqa: PLC0415 - hardly ever needed

    return recover(options, state, console)
