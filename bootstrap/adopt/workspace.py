"""What editors and dev containers find in the repository, where somebody wants that committed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bootstrap.adopt.installed import repository_of
from bootstrap.adopt.model import Draft, Remark
from bootstrap.errors import MalformedFileError
from bootstrap.policy import spelled
from bootstrap.setup.devcontainer import PATH, devcontainer_changes
from bootstrap.setup.editors import editor_changes

if TYPE_CHECKING:
    from collections.abc import Callable

    from bootstrap.adopt.model import Drafts, Tree, Wishes
    from bootstrap.model import Change, Repository, Skip

    Reader = Callable[[str], bytes | None]
    Planned = tuple[tuple[Change, ...], tuple[Skip, ...]]


def editors(tree: Tree, wishes: Wishes) -> Drafts:
    """Tell the editors that somebody named; each as setting up would tell it."""
    for name in wishes.editors:
        yield from _planned(tree, partial(editor_changes, name))


def devcontainer(tree: Tree, wishes: Wishes) -> Drafts:
    """Write a dev container where there is none; as setting up would."""
    if wishes.has_devcontainer:
        yield from _planned(tree, partial(_contained, spelled(wishes.policy.default)))


def _contained(python: str, repository: Repository, read: Reader) -> Planned:
    return devcontainer_changes(repository, python, read)


def _planned(tree: Tree, plan: Callable[[Repository, Reader], Planned]) -> Drafts:
    """Draft what a step of setting up plans; a file that it cannot understand is left to a person."""
    repository = repository_of(tree)
    if repository is None:
        return  # whoever sets up will be told why
    try:
        changes, skips = plan(repository, tree.read)
    except MalformedFileError as error:
        yield Remark(str(error.path or PATH), f"{error.message}: {error.remedy}")
        return
    for change in changes:
        if change.after is not None:
            yield Draft(change.path, change.after, change.purpose)
    for skip in skips:
        yield Remark(skip.what, skip.reason)
