"""`init`: a repository that has drifted becomes one that is modern, documented and guarded, in one reviewed change."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bootstrap import answers, process
from bootstrap.adopt import phases
from bootstrap.adopt.draft import Adoption, draft
from bootstrap.adopt.model import Phase, Wishes
from bootstrap.adopt.past import keep, past
from bootstrap.adopt.record import PATH
from bootstrap.adopt.summary import summary
from bootstrap.agreement import changes, wish
from bootstrap.agreement.listing import promise, unread_files
from bootstrap.agreement.questions import interviewed, is_anybody_there
from bootstrap.agreement.view import look, reader, transition
from bootstrap.errors import UsageError
from bootstrap.model import Plan, Report, Status
from bootstrap.modernize import propose
from bootstrap.recovery import recover
from bootstrap.state import state_directory
from bootstrap.survey import list_files

if TYPE_CHECKING:
    from pathlib import Path

    from bootstrap.agreement.view import View
    from bootstrap.commands import Tools
    from bootstrap.console import Console
    from bootstrap.options import Options
    from bootstrap.policy import Policy, Transition


def init(options: Options, tools: Tools, console: Console) -> Report:
    """Adopt the repository at the root: interview, plan in phases, diff, agreement, one transaction, a second look.

    Raises UsageError where there is nothing to adopt, for uncommitted changes that nobody agreed to mix with, for a
    policy that contradicts itself, and where nobody could be asked and nobody said --yes.
    """
    started = time.monotonic()
    _refuse_what_is_no_checkout(options.root, tools)
    recovered = recover(options, state_directory(options.root), console)
    past(options.root, tools)  # what is damaged is told before anything is asked
    view = look(options.root, tools)
    change, source = _asked_for(options, tools, console, view)
    adoption = _drafted(options.root, tools, view, change).within(_chosen(options)).recorded()
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
        report = _written(report, adoption, options, tools, console) if adoption.pieces else report
    if report.status is not Status.DECLINED:
        _summarise(adoption, change, options)
    has_work = bool(adoption.pieces) and options.is_dry_run and options.has_exit_code
    return report._replace(seconds=time.monotonic() - started, exit_code=report.exit_code or int(has_work))


def _plan(adoption: Adoption) -> Plan:
    return Plan(tuple(piece.change for piece in adoption.pieces), adoption.remarks)


def _written(report: Report, adoption: Adoption, options: Options, tools: Tools, console: Console) -> Report:
    """Write all files or none, note their phases, and look again: planning again must come to nothing."""
    state_dir = state_directory(options.root)
    changes.write(report.plan, options, tools, console)
    from bootstrap import transaction  # noqa: PLC0415 - only where something was written

    phases.note(answers.run_folder(state_dir, transaction.history(state_dir)[0].run), adoption.pieces)
    keep(options.root, (one.alone for one in adoption.memories if one.alone is not None), adoption.past.algorithm)
    again = _asked_again(options, tools).only({piece.change.path for piece in adoption.pieces})
    if again.within(_chosen(options)).recorded().pieces:
        return report._replace(status=Status.FINDINGS, exit_code=1, next_command=f"{options.started} check")
    return report._replace(next_command=f"{options.started} --yes")


def _asked_again(options: Options, tools: Tools) -> Adoption:
    view = look(options.root, tools)
    change = transition(wish.on_command_line(options) or view.wish, view)
    return _drafted(options.root, tools, view, change) if change is not None else Adoption(())


# ---- what is there -------------------------------------------------------------------------------------------------


def _refuse_what_is_no_checkout(root: Path, tools: Tools) -> None:
    """Raise UsageError for a repository without files, and for one without Python."""
    bare = process.run(("git", "rev-parse", "--is-bare-repository"), cwd=root, env=tools.env)
    if bare.ok and bare.stdout.strip() == "true":
        raise UsageError(f"{root} is a bare repository, without files", remedy="clone it, and run init in the clone")
    paths = list_files(root, dict(tools.env))
    if not any(path.endswith((".py", ".pyi", ".ipynb")) or path == "pyproject.toml" for path in paths):
        raise UsageError("there is no Python in this repository", remedy="name another folder with --root")


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
    return change, wanted.source if wanted else view.source


def _drafted(root: Path, tools: Tools, view: View, change: Transition) -> Adoption:
    """Return what the change of policy and the writers make of a repository as it stands."""
    proposal = propose(view.found, change)
    moved = {one.path: one.after for one in proposal.changes if one.after is not None}
    files = list_files(root, dict(tools.env))
    adoption = draft(files, reader(root), moved, Wishes(change.new), past(root, tools))
    return adoption._replace(remarks=(*unread_files(view.found), *adoption.remarks))


# ---- what somebody wants of it -------------------------------------------------------------------------------------


def _chosen(options: Options) -> tuple[Phase, ...]:
    return tuple(phase for phase in Phase if not options.phases or phase.value in options.phases)


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
    return adoption.only(paths).recorded() if paths else adoption._replace(pieces=())


def _summarise(adoption: Adoption, change: Transition, options: Options) -> None:
    """Write the Markdown where `--summary` says; raise UsageError where that cannot be."""
    if options.summary is None:
        return
    old: Policy | None = change.old if change.old != change.new else None
    try:
        options.summary.write_text(summary(adoption, old, change.new), "utf-8")
    except OSError as error:
        raise UsageError(
            f"{options.summary} cannot be written: {error.strerror}", remedy="name another file with --summary"
        ) from None
