"""What `modernize --code` adds to a change of policy: the code for the new floor, and the tests that answer for it."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from bootstrap.agreement import changes
from bootstrap.agreement.view import reader
from bootstrap.errors import UsageError
from bootstrap.model import Change, Plan, Skip
from bootstrap.survey import list_files, list_tracked

if TYPE_CHECKING:
    from collections.abc import Callable

    from bootstrap.code.draft import Renewal
    from bootstrap.commands import Tools
    from bootstrap.console import Console
    from bootstrap.model import Tests
    from bootstrap.modernize import Proposal
    from bootstrap.options import Options
    from bootstrap.policy import Policy
    from bootstrap.survey import Survey

WORD = "code"
"""What `--only` and `--skip` call all of it."""


def renewal(options: Options, tools: Tools, found: Survey, proposal: Proposal, new: Policy) -> Renewal:
    """Return what becomes of the code once the proposal is carried out.

    Raises StepError where there is no ruff to be had.
    """
    from bootstrap.code.draft import Repository, draft  # noqa: PLC0415 - only with --code

    paths = [path for path in list_tracked(options.root, dict(tools.env)) if not (options.root / path).is_symlink()]
    return draft(Repository(paths, reader(options.root), found, proposal, new.minimum), tools, taker(options))


def taker(options: Options) -> Callable[[str], bool]:
    """Return what says whether a file is among those that `--only` and `--skip` leave for `--code`."""

    def takes(path: str) -> bool:
        def fits(patterns: tuple[str, ...]) -> bool:
            return any(fnmatchcase(name, pattern) for name in (WORD, path) for pattern in patterns)

        return (not options.only or fits(options.only)) and not fits(options.skip)

    return takes


def is_choice(options: Options, pattern: str, env: dict[str, str]) -> bool:
    """Say whether a pattern of `--only` or `--skip` speaks of code."""
    if not options.is_code:
        return False
    names = (WORD, *(path for path in list_files(options.root, env) if path.endswith((".py", ".pyi"))))
    return any(fnmatchcase(name, pattern) for name in names)


def merged(planned: tuple[Change, ...], code: Renewal) -> tuple[Change, ...]:
    """Return all changes, each file once: code was renewed as the others leave it."""
    by_path = {change.path: change for change in planned}
    for change in code.changes:
        other = by_path.get(change.path)
        by_path[change.path] = change if other is None else change._replace(purpose=other.purpose or change.purpose)
    return tuple(by_path.values())


def untestable(options: Options, code: Renewal, new: Policy) -> str:
    """Say why nothing would answer for the new code; nothing where the tests do, or where nobody asks them to."""
    if not code.changes or options.is_untested:
        return ""
    from bootstrap.code.trial import why_not  # noqa: PLC0415 - only with --code

    return why_not(options.root, new.minimum)


def shown(plan: Plan, options: Options, code: Renewal, new: Policy) -> Plan:
    """Return a plan with the tests that would be run, or why none can be."""
    if not code.changes or options.is_untested:
        return plan
    reason = untestable(options, code, new)
    if reason:
        return plan._replace(skipped=(*plan.skipped, Skip("the tests", reason)))
    from bootstrap.code.trial import commands  # noqa: PLC0415 - only with --code

    return plan._replace(steps=(*plan.steps, *commands(options.root)))


def refuse_untested(options: Options, code: Renewal, new: Policy) -> None:
    """Raise UsageError where new code would be written that no test answers for."""
    reason = untestable(options, code, new)
    if reason:
        raise UsageError(
            f"the new code cannot be tested: {reason}",
            remedy=f"set it up with {options.started}, so that its tests run on a Python that stays supported; or say "
            "--no-tests to write the code untested",
        )


def write(plan: Plan, options: Options, tools: Tools, console: Console, code: Renewal) -> Tests | None:
    """Write all files in one transaction, as long as the tests that passed before still do; return what they said.

    Raises BrokenTestsError where they do not, and everything is as it was; UsageError where none passed before.
    """
    written = Plan(tuple(step for step in plan.steps if isinstance(step, Change)))
    if not code.changes or options.is_untested:
        changes.write(written, options, tools, console)
        return None
    from bootstrap.code.trial import Trial  # noqa: PLC0415 - only with --code

    trial = Trial(options.root, tools, console)
    changed = [step for step in written.steps if isinstance(step, Change)]
    changes.write(written, options, tools, console, proof=lambda: trial.prove(changed))
    return trial.report
