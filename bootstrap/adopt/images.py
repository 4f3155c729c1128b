"""What is left to a person in images that move: digests, locks that were compiled for another Python, other bases."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from bootstrap.adopt.model import Remark
from bootstrap.errors import MalformedFileError
from bootstrap.expression import expression
from bootstrap.images import IS_DOCKERFILE
from bootstrap.policy import spelled
from bootstrap.sites.anchors import FOLLOWS, PINNED, reference
from bootstrap.sites.files import candidates
from bootstrap.sites.locate import is_ignored, locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bootstrap.adopt.model import Drafts, Tree, Wishes
    from bootstrap.policy import Policy
    from bootstrap.sites.model import Site


def images(tree: Tree, wishes: Wishes) -> Drafts:
    """Tell what does not follow the images to the default by itself, each with the command that does it."""
    paths = [path for path in tree.paths if IS_DOCKERFILE.search(path)]
    if not paths:
        return
    for path in candidates(paths):
        yield from _named(path, wishes.policy)
        yield from _held(path, tree, wishes.policy)
    from bootstrap.images.findings import findings  # noqa: PLC0415 - many repositories have no Dockerfile

    for finding in findings(tree.paths, tree.read, wishes.policy):
        place = f"{finding.path}:{finding.line}" if finding.line else f"{finding.path}"
        yield Remark(place, f"it {finding.message}; {finding.hint}")


_VERSION = expression(
    r"(?i)(?:py|python)[-_.]?(3)[._]?([0-9]{1,2})(?![0-9])|(?<![0-9A-Za-z])(3)\.([0-9]{1,2})(?![0-9])"
)


def _named(path: str, policy: Policy) -> Iterator[Remark]:
    """Yield a Dockerfile that is called after a Python that is not supported: it stays, and others build it by name."""
    found = _VERSION.search(posixpath.basename(path))
    minor = (3, int(found[2] or found[4])) if found else policy.default
    if minor not in policy.supported:
        yield Remark(
            path,
            f"it is called after Python {spelled(minor)} and stays; remove it, or give it a successor for "
            f"{spelled(policy.default)}, and see that what builds it names one that is there",
        )


def _held(path: str, tree: Tree, policy: Policy) -> Iterator[Remark]:
    """Yield each reason for which a Dockerfile's versions stay where they are, at the first of them."""
    told: set[str] = set()
    for site in _sites(path, tree):
        minor = site.group.tokens[0].minor
        if minor == policy.default or not site.locked or site.locked in (FOLLOWS, *told) or is_ignored(site):
            continue
        told.add(site.locked)
        reason = site.locked
        if reason == PINNED:
            wanted = reference(site, policy.default)
            reason = f"take {wanted} with its digest: docker buildx imagetools inspect {wanted}"
        yield Remark(f"{path}:{site.line}", f"it stays on {spelled(minor)}; {reason}")


def _sites(path: str, tree: Tree) -> list[Site]:
    try:
        return locate(path, tree.read(path) or b"")
    except MalformedFileError:
        return []
