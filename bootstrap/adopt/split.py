"""The parts of a repository that are tested each for itself, each on the Pythons that it supports."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bootstrap.adopt.installed import installation, parts_of
from bootstrap.detect.repository import detect_requirement
from bootstrap.errors import BootstrapError
from bootstrap.versions import OLDEST_INSTALLABLE

if TYPE_CHECKING:
    from bootstrap.adopt.model import Tree
    from bootstrap.policy import Minor, Policy


class Part(NamedTuple):
    """A folder with a manifest of its own."""

    path: str
    tree: Tree
    """What is in it, as a repository of its own."""
    supported: tuple[Minor, ...]
    """The Pythons that are supported, as far as the part itself admits them."""


def split(tree: Tree, policy: Policy) -> tuple[Part, ...]:
    """Return the parts that no one environment could be tested in; nothing where one could.

    They have locks of their own, or their requirements contradict each other, or one of them has no use for a Python
    that another one supports. What goes together is developed in one environment, and tested in that.
    """
    parts = tuple(Part(path, one, _supported(one, policy)) for path, one in parts_of(tree).items())
    is_one = installation(tree) is not None and all(part.supported == policy.supported for part in parts)
    return () if is_one else parts


def _supported(tree: Tree, policy: Policy) -> tuple[Minor, ...]:
    """Return what of the policy a part admits; where that is nothing, the oldest that it does admit."""
    try:
        required = detect_requirement(tree.read)
    except BootstrapError:
        return policy.supported  # setting up will tell
    admitted = required.admitted.minors() if required is not None else list(policy.supported)
    oldest = next(((minor,) for minor in admitted if minor >= OLDEST_INSTALLABLE), ())
    return tuple(minor for minor in policy.supported if minor in admitted) or oldest or policy.supported
