"""The report as a person reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.apply import describe
from bootstrap.console import Diff
from bootstrap.model import Build, Change, EnvironmentState, Run, Severity, Status
from bootstrap.reports import AGREEMENT, agreement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bootstrap.errors import BootstrapError
    from bootstrap.model import Facts, Finding, Plan, Report
    from bootstrap.transaction import Left, Recovery, Undone

_HEADLINES = {
    Status.READY: "Ready",
    Status.NOTHING_TO_DO: "Nothing to do, everything holds",
    Status.PLANNED: "This is what would be done; nothing was touched",
    Status.FINDINGS: "Not ready",
    Status.UNDONE: "Undone",
    Status.AGREED: "Everything that must agree does",
    Status.DECLINED: "Nothing was changed",
}
# Between a path and why nobody could put it back.
_LEFT = " is left as it is: "
_MANY = 6
"""Parts of which each has a line of its own; of more, only the sum is told."""


def header(facts: Facts, version: str) -> str:
    """Say what devstrap is about to work on: the repository, the Python and why."""
    found = facts.choice.interpreter
    origin = f" from {'PATH' if found.source == 'path' else found.source}, {found.executable}" if found else ""
    if facts.choice.must_install:
        origin = ", to be installed"
    python = found.version if found else facts.choice.request
    return "\n".join(
        (
            f"devstrap {version}",
            f"  repository  {facts.repository.name} ({facts.repository.root})",
            f"  Python      {python}{origin}",
            f"  because     {facts.choice.reason}",
            *((f"  apart       {facts.apart}",) if facts.apart else ()),
            *((f"  releases    {facts.moment.reason}; --as-of now takes the newest",) if facts.moment else ()),
        )
    )


def render(report: Report, *, is_verbose: bool = False) -> str:
    """Return the summary: what is ready, what changed, what was left alone and why, and what to type next."""
    if report.command in AGREEMENT:
        return agreement.render(report, is_verbose=is_verbose)
    return "\n".join((f"{_HEADLINES[report.status]} ({report.seconds:.1f} s).", *body(report)))


def body(report: Report) -> Iterator[str]:
    """Yield the lines below the headline."""
    done = "recovered" if report.command != "undo" else "would undo" if report.status is Status.PLANNED else "undone"
    for line in report.recovered:
        yield f"  {'left alone' if _LEFT in line else done:<10}  {line}"
    if report.facts and report.status is not Status.PLANNED:
        yield from _environments(report.facts)
    if report.held_back:
        yield f"  held back   {report.held_back}"
    for line in report.remedied:
        yield f"  remedied    {line}"
    yield from _changes(report.plan, is_done=report.status is not Status.PLANNED)
    # What a finding speaks of need not be said to be left alone too.
    found = {finding.path for finding in report.findings}
    for skip in report.plan.skipped:
        if skip.what not in found:
            yield f"  left alone  {skip.what}: {skip.reason}"
    for finding in report.findings:
        yield from findings_lines(finding)
    if report.next_command:
        yield f"  next        {report.next_command}"


def _environments(facts: Facts) -> Iterator[str]:
    for place, one in facts.every():
        if one.environment.state is EnvironmentState.HEALTHY:
            yield f"  {f'{place}/.venv' if place else '.venv':<10}  {_environment(one)}"
    yield from _tests([("", facts), *((part.path, part.facts) for part in facts.parts)])


def _tests(every: list[tuple[str, Facts]]) -> Iterator[str]:
    counts = [(place, one.proof.collected) for place, one in every if one.proof and one.proof.collected]
    if len(counts) > _MANY:
        yield f"  tests       {sum(count for _, count in counts)} can be collected in {len(counts)} parts"
        return
    for place, count in counts:
        yield f"  tests       {count} can be collected{f' in {place}' if place else ''}"


def _environment(facts: Facts) -> str:
    what = facts.dependencies.title if facts.dependencies else "no dependencies declared"
    imported = ", ".join(facts.inspection.imported) if facts.inspection else ""
    proof = f"; imports {imported}" if imported and facts.inspection and not facts.inspection.broken_imports else ""
    return f"Python {facts.environment.version}, {what}{proof}"


def _changes(plan: Plan, *, is_done: bool) -> Iterator[str]:
    """Yield what was made and what was changed, or each step that would be done."""
    if not is_done:
        for step in plan.steps:
            yield f"  {'would':<10}  {describe(step)}"
        return
    ran = [step.purpose for step in plan.steps if isinstance(step, Run)]
    created = [step.path for step in plan.steps if isinstance(step, Change) and step.before is None]
    updated = [step.path for step in plan.steps if isinstance(step, Change) and step.before is not None]
    built = list(dict.fromkeys(step.path for step in plan.steps if isinstance(step, Build)))
    for word, what in (("did", ran), ("built", built), ("created", created), ("updated", updated)):
        if what:
            yield f"  {word:<10}  {', '.join(what)}"


def findings_lines(finding: Finding) -> Iterator[str]:
    """Yield a finding as two or three lines: what is wrong and where, and what to do."""
    where = f" ({finding.path}{f':{finding.line}' if finding.line else ''})" if finding.path else ""
    mark = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}[finding.severity]
    yield f"  {mark:<10}  {finding.message}{where} [{finding.code}]"
    yield f"              {finding.hint}{f': {finding.fix}' if finding.fix else ''}"


def recovery_lines(recovery: Recovery) -> Iterator[str]:
    """Say what was cleared up after a run that had been killed."""
    end = "its leftovers were removed" if recovery.is_finished else "what it had done was taken back"
    yield f"{recovery.command} of {recovery.started} had been cut off: {end}"
    yield from (f"{path} is as it was" for path in recovery.restored)
    yield from left_lines(recovery.left)


def undone_lines(undone: Undone) -> Iterator[str]:
    """Say what undoing a run put back, removed and left, in words that a dry run can say too."""
    yield f"{undone.command} of {undone.started}"
    yield from (f"{path}: back to what it was" for path in undone.restored)
    yield from (f"{path}: removed" for path in undone.removed)
    yield from left_lines(undone.left)


def left_lines(left: Iterable[Left]) -> Iterator[str]:
    """Say what could not be put back or cleared away, why, and where the original is."""
    for item in left:
        kept = f"; the original is {item.original}" if item.original else ""
        yield f"{item.path}{_LEFT}{item.reason}{kept}"


def problem(error: BootstrapError) -> str:
    """Return an error as a person reads it: what, where and what to do."""
    where = f"{error.where}: " if error.where and error.where not in error.message else ""
    return f"error: {where}{error.message}\n  fix: {error.remedy}"


def diff(plan: Plan) -> Diff:
    """Return the changes to files as a unified diff, and the commands that would be run."""
    import difflib  # noqa: PLC0415 - only a dry run needs it
    import posixpath  # noqa: PLC0415
    import shlex  # noqa: PLC0415

    lines: list[str] = []
    for step in plan.steps:
        if isinstance(step, Change):
            before, after = (_lines(_shown(step, content)) for content in (step.before, step.after))
            names = (
                f"a/{step.path}" if step.before is not None else "/dev/null",
                f"b/{step.path}" if step.after is not None else "/dev/null",
            )
            lines += [line.rstrip("\r\n") for line in difflib.unified_diff(before, after, *names)]
        else:
            place = step.path if isinstance(step, Build) else "."
            for run in step.runs if isinstance(step, Build) else (step,):
                where = "" if run.cwd == "." else f" in {run.cwd}"
                target = posixpath.relpath(place, run.cwd)
                words = [target if word == "{target}" else word for word in run.argv]
                # what is given as one line is shown as one that can be typed
                lines.append(f"run{where}: " + (" ".join(words) if run.home is None else shlex.join(words)))
    return Diff("\n".join(lines))


def _shown(step: Change, content: bytes | None) -> bytes | None:
    """Return what may be shown of a file."""
    if not step.is_secret or content is None:
        return content
    from bootstrap.setup.dotenv import masked  # noqa: PLC0415 - as above

    return masked(content)


def _lines(content: bytes | None) -> list[str]:
    return (content or b"").decode("utf-8", "replace").splitlines(keepends=True)
