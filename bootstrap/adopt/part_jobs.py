"""The workflow of parts that need an environment each: a job for each part, and one action that sets a part up.

What all jobs have in common is a composite action, and not a reusable workflow. It is a step of a job, and the job
stays the maintainer's: a part that needs a database, a secret, another system or a step before its tests gets it where
its job stands, while a reusable workflow would need an input for each of these, and cannot be given services at all.
The Pythons of a part stand in its matrix, which the checks of versions read as they read any other. The action is
called by its path in the checkout: `$/`, which zizmor would rather have, is known to github.com alone, and not to
others that read the same workflows (GitHub Enterprise Server, Gitea, Forgejo).

No job looks at which paths a change touches. A job that is required and left out counts as passed, a workflow that is
left out counts as never finished, and what a part imports from another one is in neither's folder.
"""

from __future__ import annotations

import re
from string import Template
from typing import TYPE_CHECKING, NamedTuple

from bootstrap import assets
from bootstrap.adopt.checkout import main_branches
from bootstrap.adopt.commands import can_be_tested, has_tests, obstacle, tests_of, text_of
from bootstrap.adopt.model import Draft, Remark
from bootstrap.adopt.quality import ACTIONS, ANYWAY, is_measured, linters, upload, with_coverage
from bootstrap.expression import expression
from bootstrap.policy import spelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bootstrap.adopt.model import Drafts, Tree, Wishes
    from bootstrap.adopt.split import Part

ACTION = ".github/actions/set-up-part/action.yml"
TEMPLATE = "templates/github/parts.yml"
_OF_ACTION = "templates/github/set-up-part.yml"
_USES = "uses: ./.github/actions/set-up-part"
_IGNORE = "# zizmor: ignore[self-repository]"

# Nobody reads a workflow of more, and each change would start hundreds of jobs.
_MOST_PARTS = 20
# What can stand in YAML and in a shell as it is, and what YAML would take for something else than text.
_PLAIN = expression(r"\w[\w./+-]*")
_NO_TEXT = expression(r"(?i)[\d._+-]+(?:e[\d+-]*)?|0[xo][\da-f]+|y|n|yes|no|on|off|true|false|null")
_NO_ID = expression(r"[^A-Za-z0-9_-]+")


class Job(NamedTuple):
    """A part, and what its job is called."""

    id: str
    part: Part
    tests: str
    """The command that runs its tests; empty where it has none that could be run."""


def workflow(path: str, tree: Tree, parts: Sequence[Part]) -> Drafts:
    """Draft the workflow; the action comes once that is there."""
    fit = [part for part in parts if _PLAIN.fullmatch(part.path)]
    for part in parts if len(fit) <= _MOST_PARTS else ():
        if part not in fit:
            yield Remark(path, f"a name such as {part.path!r} is for no shell: add a job for that part by hand")
        elif reason := _why_untested(part):
            yield Remark(path, f"{part.path} is set up there, and not tested: {reason}")
    if len(fit) > _MOST_PARTS:
        yield Remark(path, f"{len(fit)} parts are too many for a job each: test those that a change touches")
    elif ACTION in tree.paths and not tree.renews and text_of(tree, ACTION).encode() != _action():
        yield Remark(path, f"it was not written, since {ACTION} is somebody's already: call that another name")
    elif any(can_be_tested(part.tree) for part in fit):
        versions = ", ".join(map(spelled, sorted({minor for part in fit for minor in part.supported})))
        yield Draft(path, _content(tree, _jobs(fit)), f"run the tests of each part, on {versions}", is_whole=True)
    elif fit:
        yield Remark(path, "a workflow could not run the tests yet: no part has tests that could be run")


def action(tree: Tree, wishes: Wishes) -> Drafts:
    """Write what the workflow's jobs have in common, where they call it."""
    if not wishes.has_ci or ACTION in tree.paths:
        return
    callers = [path for path in tree.paths if path.startswith(".github/workflows/") and _USES in text_of(tree, path)]
    if callers:
        yield Draft(ACTION, _action(), f"set a part up, for the jobs of {callers[0]}", is_whole=True)


def _action() -> bytes:
    return Template(assets.read(_OF_ACTION).decode()).substitute(ACTIONS).encode()


# ---- a part ---------------------------------------------------------------------------------------------------------


def _why_untested(part: Part) -> str:
    """Return why the tests of a part cannot be run; nothing where they can, or where it has none."""
    return obstacle(part.tree) if has_tests(part.tree) else ""


def _jobs(parts: Iterable[Part]) -> list[Job]:
    jobs: list[Job] = []
    for part in parts:
        taken = {"quality", "green", *(job.id for job in jobs)}
        name = _NO_ID.sub("-", part.path).strip("-")
        name = name if name[:1].isalpha() and not _NO_TEXT.fullmatch(name) else f"part-{name}".rstrip("-")
        numbered = (f"{name}-{number}" for number in range(2, len(taken) + 3))
        free = next(one for one in (name, *numbered) if one not in taken)
        jobs.append(Job(free, part, tests_of(part.tree) if can_be_tested(part.tree) else ""))
    return jobs


def _from_part(job: Job) -> str:
    """Return how bootstrap.py is called from the part's own folder."""
    return f"python3 {'../' * (job.part.path.count('/') + 1)}bootstrap.py --part {job.part.path}"


def _as_text(path: str) -> str:
    return f'"{path}"' if _NO_TEXT.fullmatch(path) else path


# ---- the file -------------------------------------------------------------------------------------------------------


def _content(tree: Tree, jobs: Sequence[Job]) -> bytes:
    """Return the template with its one job for each part, and with the linters of all parts."""
    head, job, quality, gate = re.split(r"\n\n(?=  (?:\$job:|quality:|#))", _template())
    made = [Template(job).substitute(ACTIONS, **_words(one)) + "".join(_steps(one)) for one in jobs]
    checks = Template(quality).substitute(ACTIONS) + "".join(_checks(tree, jobs))
    names = ", ".join((*(one.id for one in jobs), "quality"))
    first = Template(head).substitute(branches=", ".join(main_branches(tree)))
    made[0] = f"{first}\n\njobs:\n{made[0]}"
    return "\n\n".join((*made, checks, Template(gate).substitute(jobs=names))).encode()


def _template() -> str:
    return assets.read(TEMPLATE).decode().replace("\njobs:\n  $job:", "\n  $job:", 1)


def _words(job: Job) -> dict[str, str]:
    supported = ", ".join(f'"{spelled(minor)}"' for minor in job.part.supported)
    return {"job": job.id, "path": job.part.path, "part": _as_text(job.part.path), "supported": supported}


def _steps(job: Job) -> Iterator[str]:
    """Yield what a part's job does once the part is set up; each begins with the end of the line before."""
    if not job.tests:
        return
    tree = job.part.tree
    yield f"\n      - name: Run the tests\n        working-directory: {_as_text(job.part.path)}\n"
    yield "        env:\n          PYTHON: ${{ matrix.python-version }}\n"
    yield f'        run: {_from_part(job)} --python "$PYTHON" run {with_coverage(tree, job.tests)}'
    if is_measured(tree):
        yield "\n" + upload(job.id, job.part.path).rstrip("\n")


def _checks(tree: Tree, jobs: Iterable[Job]) -> Iterator[str]:
    """Yield what the linters of each part need and do."""
    for job in jobs:
        wanted = tuple(linters(job.part.tree, tree))
        folder = _as_text(job.part.path)
        if wanted:
            yield f"\n      - {_USES} {_IGNORE}\n{ANYWAY}        with:\n          part: {folder}"
        for name, command in wanted:
            yield f"\n      - name: {name} in {job.part.path}\n{ANYWAY}        working-directory: {folder}\n"
            yield f"        run: {_from_part(job)} run {command}"
