"""`init`: a repository that has drifted becomes one that is modern, documented and guarded, in one reviewed change."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from bootstrap import answers, process
from bootstrap.adopt import parts, phases, told
from bootstrap.adopt.draft import Adoption, draft
from bootstrap.adopt.installed import repository_of
from bootstrap.adopt.model import Phase, Tree
from bootstrap.adopt.past import keep, past
from bootstrap.adopt.record import PATH
from bootstrap.adopt.summary import summary
from bootstrap.agreement import changes, wish
from bootstrap.agreement.listing import promise, unread_files
from bootstrap.agreement.questions import interviewed, is_anybody_there
from bootstrap.agreement.view import look, reader, transition
from bootstrap.errors import UsageError
from bootstrap.model import Plan, Report, Settings, Status
from bootstrap.modernize import propose
from bootstrap.policy import spelled
from bootstrap.recovery import recover
from bootstrap.releases import RELEASES
from bootstrap.state import state_directory
from bootstrap.survey import list_files
from bootstrap.versions import OLDEST_INSTALLABLE

if TYPE_CHECKING:
    from pathlib import Path

    from bootstrap.adopt.model import Wishes
    from bootstrap.agreement.view import View
    from bootstrap.commands import Tools
    from bootstrap.console import Console
    from bootstrap.options import Options
    from bootstrap.policy import Policy, Transition


def init(options: Options, tools: Tools, console: Console) -> Report:
    """Adopt the repository at the root: interview, plan in phases, diff, agreement, one transaction, a second look.

    Raises UsageError where there is nothing to adopt, for uncommitted changes that nobody agreed to mix with, for a
    policy that contradicts itself, for a summary that cannot be written, and where nobody could be asked and nobody
    said --yes.
    """
    started = time.monotonic()
    _refuse_what_is_no_checkout(options.root, tools)
    _refuse_no_place(options.summary)
    recovered = recover(options, state_directory(options.root), console)
    past(options.root, tools)  # what is damaged is told before anything is asked
    view = look(options.root, tools)
    change, source = _asked_for(options, tools, console, view)
    wishes = _wished(options, tools, console, view, change)
    adoption = _drafted(options.root, tools, view, change, _now(wishes, options)).within(_chosen(options)).recorded()
    if not (options.is_json or options.is_verbose):
        adoption = adoption.without(told.noted(state_directory(options.root)))
    report = Report(
        "init",
        options.root,
        Status.NOTHING_TO_DO if not adoption.pieces else Status.PLANNED,
        plan=_plan(adoption),
        recovered=recovered,
        policy=promise(change.new, source),
    )
    changes.show(report.plan, options, console)
    if adoption.pieces and not options.is_dry_run:
        _refuse_to_mix(options, tools, console)
        adoption = _agreed(adoption, options, tools, console)
        report = report._replace(plan=_plan(adoption), status=Status.READY if adoption.pieces else Status.DECLINED)
        started = started if options.is_yes else time.monotonic()  # how long a person thinks is not our time
        report = _written(report, adoption, wishes, options, tools, console) if adoption.pieces else report
    if report.status is not Status.DECLINED:
        _summarise(adoption, change, options)
    has_work = bool(adoption.pieces) and options.is_dry_run and options.has_exit_code
    return report._replace(seconds=time.monotonic() - started, exit_code=report.exit_code or int(has_work))


def _plan(adoption: Adoption) -> Plan:
    return Plan(tuple(piece.change for piece in adoption.pieces), adoption.remarks)


def _written(
    report: Report, adoption: Adoption, wishes: Wishes, options: Options, tools: Tools, console: Console
) -> Report:
    """Write all files or none, note their phases, and look again: planning again must come to nothing."""
    state_dir = state_directory(options.root)
    changes.write(report.plan, options, tools, console)
    from bootstrap import transaction  # noqa: PLC0415 - only where something was written

    run_folder = answers.run_folder(state_dir, transaction.history(state_dir)[0].run)
    phases.note(run_folder, adoption.pieces)
    told.note(run_folder, adoption.remarks)
    parts.note(run_folder, wishes)
    keep(options.root, (one.alone for one in adoption.memories if one.alone is not None), adoption.past.algorithm)
    again = _asked_again(options, tools, wishes).of({piece.change.path for piece in adoption.pieces})
    if again.within(_chosen(options)).recorded().pieces:
        return report._replace(status=Status.FINDINGS, exit_code=1, next_command=f"{options.started} check")
    return report._replace(next_command=f"{options.started} --yes")


def _asked_again(options: Options, tools: Tools, wishes: Wishes) -> Adoption:
    view = look(options.root, tools)
    change = transition(wish.on_command_line(options) or view.wish, view)
    return _drafted(options.root, tools, view, change, _now(wishes, options)) if change is not None else Adoption(())


# ---- what is there -------------------------------------------------------------------------------------------------


def _refuse_what_is_no_checkout(root: Path, tools: Tools) -> None:
    """Raise UsageError for a repository without files, and for one without Python."""
    bare = process.run(("git", "rev-parse", "--is-bare-repository"), cwd=root, env=tools.env)
    if bare.ok and bare.stdout.strip() == "true":
        raise UsageError(f"{root} is a bare repository, without files", remedy="clone it, and run init in the clone")
    paths = list_files(root, dict(tools.env))
    if not any(path.endswith((".py", ".pyi", ".ipynb")) or path == "pyproject.toml" for path in paths):
        raise UsageError("there is no Python in this repository", remedy="name another folder with --root")


def _refuse_no_place(summary: Path | None) -> None:
    """Raise UsageError for a summary that cannot be written, while nothing else is; the file itself stays as it is."""
    if summary is None:
        return
    is_there = os.path.lexists(summary)
    try:
        with summary.open("ab"):
            pass
        if not is_there:
            summary.unlink()
    except OSError as error:
        raise _no_place(summary, error) from None


def _no_place(summary: Path, error: OSError) -> UsageError:
    return UsageError(f"{summary} cannot be written: {error.strerror}", remedy="name another file with --summary")


def _refuse_to_mix(options: Options, tools: Tools, console: Console) -> None:
    """Raise UsageError where there are uncommitted changes, and nobody agrees to mix them with ours."""
    changed = _uncommitted(options.root, tools)
    if not changed or options.is_dirty_allowed:
        return
    named = ", ".join(changed[:3]) + (f" and {len(changed) - 3} more" if len(changed) > 3 else "")
    if not options.is_yes and not options.is_json and is_anybody_there(tools, console):
        from bootstrap.ask import confirm  # noqa: PLC0415 - questions cost 200 ms

        if confirm(f"There are uncommitted changes ({named}). Mix them with what init changes?"):
            return
    raise UsageError(
        f"there are uncommitted changes: {named}",
        remedy="commit or stash them, so that what init changes can be reviewed alone, or say --allow-dirty",
    )


def _uncommitted(root: Path, tools: Tools) -> list[str]:
    """Return the tracked files that differ from the last commit; nothing where there is no git."""
    argv = ("git", "status", "--porcelain", "-z", "--untracked-files=no", "--ignore-submodules")
    found = process.run(argv, cwd=root, env=tools.env)
    return [entry[3:] for entry in found.stdout.split("\0") if len(entry) > 3] if found.ok else []


def _asked_for(options: Options, tools: Tools, console: Console, view: View) -> tuple[Transition, str]:
    """Return the change of policy: of the command line, else of the settings, else what is asked or declared."""
    wanted = wish.on_command_line(options) or view.wish
    if not wanted and not (options.is_yes or options.is_json):
        wanted = interviewed(options, tools, console, view.declared)
    change = transition(wanted, view)
    if change is None:
        raise UsageError(
            "nothing in this repository says which Pythons it supports",
            remedy="say it: --minimum 3.11 --default 3.12 --supported 3.11,3.12,3.13",
        )
    _refuse_what_is_too_old(change.new)
    return change, wanted.source if wanted else view.source


def _refuse_what_is_too_old(policy: Policy) -> None:
    """Raise UsageError for a Python that nobody could choose: once it is written down, no run would go on."""
    unknown = [minor for minor in policy.supported if minor not in RELEASES]
    if unknown:
        oldest = next(iter(RELEASES))
        raise UsageError(
            f"this repository supports Python {', '.join(map(spelled, unknown))}, and devstrap none before"
            f" {spelled(oldest)}",
            remedy=f"say what it shall support from now on: --minimum {spelled(max(oldest, OLDEST_INSTALLABLE))}",
        )


def _wished(options: Options, tools: Tools, console: Console, view: View, change: Transition) -> Wishes:
    """Return what is wanted beside the versions; a person is asked for what is left open and would change something."""
    repository = repository_of(_tree(options.root, tools))
    settings = repository.settings if repository is not None else Settings()
    wishes = parts.wished(options, change.new, settings, parts.noted(state_directory(options.root)))
    if options.is_yes or options.is_json or not is_anybody_there(tools, console):
        return wishes
    whole = _drafted(options.root, tools, view, change, parts.everything(wishes)).parts
    asked = parts.questions(wishes, options, parts.within(whole, _chosen(options)))
    if not asked:
        return wishes
    from bootstrap.ask import choose_parts  # noqa: PLC0415 - questions cost 200 ms

    return parts.answered(wishes, asked, choose_parts(asked))


def _drafted(root: Path, tools: Tools, view: View, change: Transition, wishes: Wishes) -> Adoption:
    """Return what the change of policy and the writers make of a repository as it stands."""
    proposal = propose(view.found, change)
    moved = {one.path: one.after for one in proposal.changes if one.after is not None}
    adoption = draft(_tree(root, tools), moved, wishes._replace(policy=change.new), past(root, tools))
    return adoption._replace(remarks=(*unread_files(view.found), *adoption.remarks))


def _tree(root: Path, tools: Tools) -> Tree:
    return Tree(tuple(list_files(root, dict(tools.env))), reader(root), root)


# ---- what somebody wants of it -------------------------------------------------------------------------------------


def _chosen(options: Options) -> tuple[Phase, ...]:
    return tuple(phase for phase in Phase if not options.phases or phase.value in options.phases)


def _now(wishes: Wishes, options: Options) -> Wishes:
    """Return what is wanted of this run: other files are not to be written as if pyproject.toml had taken them over."""
    return wishes if Phase.FOUNDATION in _chosen(options) else wishes._replace(has_gather=False)


def _agreed(adoption: Adoption, options: Options, tools: Tools, console: Console) -> Adoption:
    """Return what the person agrees to: all, some phases, some files, or nothing."""
    if options.is_yes:
        return adoption
    if options.is_json or not is_anybody_there(tools, console):
        raise UsageError(
            f"{len(adoption.pieces)} files would be changed, and nobody is here to agree",
            remedy="look at it with --dry-run, then say --yes",
        )
    from bootstrap.ask import choose_pieces  # noqa: PLC0415 - questions cost 200 ms

    # The record goes with what it speaks of, unless there is nothing else.
    pieces = [piece for piece in adoption.pieces if piece.change.path != PATH] or adoption.pieces
    paths = choose_pieces([(piece.phase.value, piece.change.path) for piece in pieces])
    return adoption.of(paths).recorded() if paths else adoption._replace(pieces=())


def _summarise(adoption: Adoption, change: Transition, options: Options) -> None:
    """Write the Markdown where `--summary` says; raise UsageError where that cannot be."""
    if options.summary is None:
        return
    old: Policy | None = change.old if change.old != change.new else None
    try:
        options.summary.write_text(summary(adoption, old, change.new), "utf-8")
    except OSError as error:
        raise _no_place(options.summary, error) from None
