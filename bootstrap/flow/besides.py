"""What a set-up does outside its transaction: what brings the rest of the checkout comes before, what needs it after.

git, the tools of hooks and a repository's own commands write where they like, and nothing of that could be put back.
"""

from __future__ import annotations

import shlex
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from bootstrap import process
from bootstrap.errors import InterruptedRunError, StepError, UnfinishedError
from bootstrap.findings import as_started
from bootstrap.model import Finding, Run, Severity
from bootstrap.setup import checkout, hooks, post_install

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bootstrap.besides import Command, Hooks
    from bootstrap.commands import Tools
    from bootstrap.console import Console
    from bootstrap.model import Facts, Plan, Step
    from bootstrap.options import Options
    from bootstrap.process import Completed

_LAST_LINES = 4
_TO_GO_ON = "what was done before it stays; run this again, and it goes on from there"
# A failure says more than the guard that finds what is missing afterwards, in whose place it stands.
_CODES: Mapping[tuple[str, ...], str] = {("git", "submodule"): "D501", ("git", "lfs"): "D502"}
# How git begins the lines that say why.
_REASONS = ("fatal: ", "error: ")


class Done(NamedTuple):
    """What was done, and what could not be, which is no reason to stop."""

    steps: tuple[Step, ...] = ()
    findings: tuple[Finding, ...] = ()


def without_doubles(findings: tuple[Finding, ...], failed: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return all findings, without those for which a failure gives the reason."""
    told = {finding.code for finding in failed}
    return (*(finding for finding in findings if finding.code not in told), *failed)


def _in_turn(plan: Plan, turn: str) -> tuple[Run, ...]:
    return tuple(step for step in plan.steps if isinstance(step, Run) and step.turn == turn)


def within(plan: Plan) -> Plan:
    """Return the part of a plan that is done in the transaction."""
    return plan._replace(steps=tuple(step for step in plan.steps if not (isinstance(step, Run) and step.turn)))


def due(plan: Plan) -> Plan:
    """Return the part of a plan without which the repository is not set up."""
    return plan._replace(steps=tuple(step for step in plan.steps if not (isinstance(step, Run) and step.is_optional)))


@contextmanager
def hinting(facts: Facts) -> Iterator[None]:
    """Let the error of an installation say too what is wrong with the checkout: that may be why."""
    try:
        yield
    except UnfinishedError:
        raise
    except StepError as error:
        error.remedy = "; ".join((*checkout.hints(facts.besides), error.remedy))
        raise


class Beside(NamedTuple):
    """Does what a plan has outside its transaction."""

    options: Options
    tools: Tools
    console: Console

    def begin(self, plan: Plan, facts: Facts) -> Done:
        """Bring what is missing of the checkout. Raises StepError where nothing can be installed without it."""
        return self._carry_out([(run, None) for run in _in_turn(plan, "first")], facts)

    def finish(self, plan: Plan, facts: Facts, run: int | None) -> Done:
        """Install the hooks and run the post-install commands; `run` is the number under which all else was done.

        Raises StepError for the first command that fails.
        """
        besides = facts.besides
        commands = iter(besides.commands if besides else ())
        work = [(one, None if one.is_optional else next(commands)) for one in _in_turn(plan, "last")]
        try:
            return self._carry_out(work, facts)
        finally:
            if work and besides and besides.hooks:
                _note_hooks(besides.hooks, facts, run)

    def _carry_out(self, work: list[tuple[Run, Command | None]], facts: Facts) -> Done:
        """Carry out commands, with the repository's lock held; those of the repository are noted as run."""
        from bootstrap.lock import Lock  # noqa: PLC0415 - only where there is something to do

        if not work:
            return Done()
        done: list[Step] = []
        findings: list[Finding] = []
        with Lock(facts.repository.state_dir, self.options.command), self.console.progress(len(work)) as progress:
            for number, (run, command) in enumerate(work):
                if command is not None and self.console.is_quiet:
                    self.console.insist(run.purpose)  # nothing of a repository's own runs unseen
                try:
                    with progress.step(run.purpose) as on_line:
                        completed = self._run(run, on_line)
                except KeyboardInterrupt:
                    raise InterruptedRunError(f"interrupted: {run.purpose}", remedy=_TO_GO_ON) from None
                if not completed.ok and not run.is_optional:
                    raise _stopped(run, completed, [later for later, _ in work[number + 1 :]])
                if not completed.ok:
                    findings.append(_failed(run, completed))
                    continue
                done.append(run)
                if command is not None:
                    post_install.note(self.options.root / command.home / ".venv", command)
        return Done(tuple(done), as_started(findings, self.options))

    def _run(self, run: Run, on_line: Callable[[str], None]) -> Completed:
        command = self.tools.real(run, self.options.root, self.options.root / ".venv")
        return process.run(command.argv, cwd=command.cwd, env=command.env, on_line=on_line)


def _failed(run: Run, completed: Completed) -> Finding:
    """Return what is said of a command without which the set-up goes on."""
    return Finding(
        _CODES.get(run.argv[:2], "D506"),
        Severity.WARNING,
        f"could not {run.purpose}: {_last_words(completed)}",
        "everything else is set up; when that is mended",
        fix="python bootstrap.py",
    )


def _stopped(run: Run, completed: Completed, later: Sequence[Run]) -> StepError:
    """Return the error of a command without which the set-up cannot go on."""
    if run.turn == "first":
        error = StepError(
            f"could not {run.purpose}, without which nothing can be installed: {_last_words(completed)}",
            remedy=f"see that you can reach it, for example with {shlex.join(run.argv)}; then run this again",
        )
    else:
        rest = f"; not run yet: {', '.join(shlex.join(one.argv) for one in later)}" if later else ""
        error = UnfinishedError(
            f"could not {run.purpose} (exit code {completed.returncode}): {_last_words(completed)}\n"
            f"  .venv is ready, and what was done before stays{rest}",
            remedy="mend what it names, then run this again: it goes on with this command",
        )
    error.said = completed.stderr
    return error


def _last_words(completed: Completed) -> str:
    """Return the end of what a command said, where its reason stands."""
    said = completed.stderr.strip() or completed.stdout.strip() or "it said nothing"
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    reasons = [
        line.partition(": ")[2] for line in lines if completed.argv[:1] == ("git",) and line.startswith(_REASONS)
    ]
    return "; ".join(dict.fromkeys(reasons)) or "\n  ".join(lines[-_LAST_LINES:])


def _note_hooks(before: Hooks, facts: Facts, run: int | None) -> None:
    """Note which of the hooks that were absent are there now, for `undo`."""
    from bootstrap.transaction.journal import RUNS, numbered  # noqa: PLC0415 - only where something was installed

    state_dir = facts.repository.state_dir
    digests = hooks.digests_of(before, before.absent)
    if digests:
        newest = max(numbered(state_dir / RUNS), default=0)
        hooks.note(state_dir, hooks.Note(digests, run, newest))
