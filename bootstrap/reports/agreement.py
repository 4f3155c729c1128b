"""Policy and declarations as a person reads them: a table by area, and what disagrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.model import Change, Severity, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bootstrap.model import Declared, Finding, Report, Tests

_AREAS = {
    "claimed": "claimed, in metadata",
    "tested": "tested, in CI and locally",
    "shipped": "shipped, in images and on platforms",
    "targeted": "targeted, by tools that read the code",
    "developed": "used by developers",
    "told": "told, in documents and names",
}
_HEADLINES = {
    ("check", Status.AGREED): "Everything that must agree does",
    ("check", Status.FINDINGS): "Not everything agrees",
    ("check", Status.PLANNED): "This is what would be mended; nothing was touched",
    ("versions", Status.AGREED): "This is what names a Python version",
    ("modernize", Status.NOTHING_TO_DO): "Nothing to do, everything says so already",
    ("modernize", Status.PLANNED): "This is what would be changed; nothing was touched",
    ("modernize", Status.READY): "Modernized",
    ("modernize", Status.FINDINGS): "Modernized, but not everything agrees yet",
    ("modernize", Status.DECLINED): "Nothing was changed",
    ("init", Status.NOTHING_TO_DO): "Nothing to do, devstrap is at home here already",
    ("init", Status.PLANNED): "This is what would be done; nothing was touched",
    ("init", Status.READY): "devstrap is at home here",
    ("init", Status.FINDINGS): "Done, but doing it again would change something more",
    ("init", Status.DECLINED): "Nothing was changed",
}
_MARKS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_WIDEST = 48

_Place = tuple[str | None, int | None, int | None]


def render(report: Report, *, is_verbose: bool = False) -> str:
    """Return the report of `check`, `versions` or `modernize`; verbose, with the places that are fine too."""
    return "\n".join(_lines(report, is_verbose=is_verbose))


def _lines(report: Report, *, is_verbose: bool) -> Iterator[str]:
    for line in report.recovered:
        yield f"  recovered   {line}"
    if report.policy is not None:
        least, usual = report.policy.minimum, report.policy.default
        yield f"  policy      at least {least}, {usual} by default, supported {', '.join(report.policy.supported)}"
        yield f"              from {report.policy.source}"
    # A place that is wrong is told in its table, with the reason.
    at = {(finding.path, finding.line, finding.column): finding for finding in reversed(report.findings)}
    in_tables: set[int] = set()
    for area, title in _AREAS.items():
        places = [place for place in report.declared if place.area == area]
        if places:
            yield f"{title}: {_count(report, places)}"
            rows = places if is_verbose or report.command == "versions" else _wrong(report, places)
            yield from _table(rows, {} if report.command == "modernize" else at)
            in_tables |= {id(at[_key(place)]) for place in rows if place.expected is not None and _key(place) in at}
    if report.command == "modernize":
        yield from _left_to_people(report)
    for finding in report.findings:
        if report.command == "modernize" or id(finding) not in in_tables:
            yield from _finding(finding)
    yield from _ending(report)


def _ending(report: Report) -> Iterator[str]:
    changed = [step.path for step in report.plan.steps if isinstance(step, Change)]
    if report.command == "init" and report.status is not Status.DECLINED:
        yield from _phases(report)
    elif changed and report.status is not Status.DECLINED:
        yield f"  {'would' if report.status is Status.PLANNED else 'changed':<10}  {', '.join(changed)}"
    # What a finding speaks of need not be said to be left alone too.
    found = {finding.path if finding.line is None else f"{finding.path}:{finding.line}" for finding in report.findings}
    for skip in report.plan.skipped:
        if skip.what not in found:
            yield f"  left alone  {skip.what}: {skip.reason}"
    if report.tests is not None:
        yield f"  tests       {_counted(report.tests)}"
    yield f"{_headline(report)} ({report.seconds:.1f} s)."
    if report.next_command:
        yield f"  next        {report.next_command}"


def _counted(tests: Tests) -> str:
    """Say how many tests passed before and after."""
    before, after = tests.before, tests.after
    if after is None:
        return f"{before['passed']} passed before, {before['failed']} failed"
    return (
        f"{before['passed']} passed before and {after['passed']} after; {before['failed']} and {after['failed']} failed"
    )


def _phases(report: Report) -> Iterator[str]:
    """Yield the files of each phase of an adoption, each with what was done to it."""
    from bootstrap.adopt.draft import phase_of_change  # noqa: PLC0415 - only init has phases

    last = None
    for step in report.plan.steps:
        if isinstance(step, Change):
            phase = phase_of_change(step).value
            verb = "add" if step.before is None else "remove" if step.after is None else "update"
            yield f"  {phase if phase != last else '':<11} {verb} {step.path}: {step.purpose}"
            last = phase


def _headline(report: Report) -> str:
    is_empty = not report.declared and not report.plan.steps and not report.findings
    if is_empty and report.command != "init" and report.status in (Status.AGREED, Status.NOTHING_TO_DO):
        return "Nothing names a Python version"
    return _HEADLINES[report.command, report.status]


def _count(report: Report, places: Sequence[Declared]) -> str:
    """Say how many places there are, and how many of them disagree or change."""
    total = f"{len(places)} place{'s' if len(places) > 1 else ''}"
    wrong = sum(place.expected is not None for place in places)
    if report.command == "versions":
        return total
    if report.command == "modernize":
        word = "would change" if report.status in (Status.PLANNED, Status.DECLINED) else "changed"
        return f"{total}, {wrong or 'none'} {word}"
    return f"{total}, {wrong or 'none'} disagree{'s' if wrong == 1 else ''}" if wrong else f"{total}, in agreement"


def _wrong(report: Report, places: Sequence[Declared]) -> list[Declared]:
    """Return the places that disagree; those that `modernize` changes are in its diff."""
    return [place for place in places if place.expected is not None and report.command == "check"]


def _key(place: Declared) -> _Place:
    return place.path, place.line, place.column


def _table(places: Sequence[Declared], findings: Mapping[_Place, Finding]) -> Iterator[str]:
    """Yield a row for each place: where, what it says, what it should say and why, or what it is."""
    rows = [
        (f"{place.path}:{place.line}:{place.column}", _short(place.value), _remark(place, findings)) for place in places
    ]
    first, second = (min(max((len(row[column]) for row in rows), default=0), _WIDEST) for column in (0, 1))
    for where, value, remark in rows:
        yield f"  {where:<{first}}  {value:<{second}}  {remark}"


def _remark(place: Declared, findings: Mapping[_Place, Finding]) -> str:
    finding = findings.get(_key(place))
    wanted = f"-> {_short(place.expected)}" if place.expected is not None else ""
    if wanted and finding is not None:
        return f"{wanted}  {_MARKS[finding.severity]}: {finding.message} [{finding.code}]"
    return wanted or ": ".join(filter(None, (place.kind, place.reason or place.why)))


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _WIDEST else flat[: _WIDEST - 1] + "…"


_WORTH_A_LOOK = ("may be", "may speak", "look", "digest", "own pace")


def _left_to_people(report: Report) -> Iterator[str]:
    """Yield what names a version and was left alone for a reason that a maintainer wants to look at."""
    for place in report.declared:
        if place.expected is None and any(words in place.reason for words in _WORTH_A_LOOK):
            yield f"  look at     {place.path}:{place.line}: {_short(place.value)} ({place.reason})"


def _finding(finding: Finding) -> Iterator[str]:
    """Yield a finding: what is wrong, and where if the sentence does not say so itself; then what to do."""
    place = f"{finding.path}:{finding.line}" if finding.path and finding.line else finding.path or ""
    where = "" if not place or place in finding.message else f"{place}: "
    yield f"  {_MARKS[finding.severity]:<10}  {where}{finding.message} [{finding.code}]"
    yield f"              {finding.hint}"
