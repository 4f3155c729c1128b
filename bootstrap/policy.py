"""What a repository promises about Python: the oldest, the usual and all supported versions."""

from __future__ import annotations

from typing import NamedTuple

from bootstrap.errors import UsageError
from bootstrap.releases import RELEASES

Minor = tuple[int, int]


class Policy(NamedTuple):
    """One promise; `supported` is in ascending order and begins with `minimum`."""

    minimum: Minor
    default: Minor
    """What developers and deployments use."""
    supported: tuple[Minor, ...]
    default_micro: str = ""
    """The patch release of the default, where somebody asks for one: `3` of 3.11.3."""

    @property
    def newest(self) -> Minor:
        """The newest supported version."""
        return self.supported[-1]


class Transition(NamedTuple):
    """From one policy to the next."""

    old: Policy
    new: Policy
    has_default: bool = True
    """Whether somebody chose the new default; if not, what named a version that is gone takes the new minimum."""
    with_entries: bool = False
    """Whether mappings of several lines come and go as a whole: then lines change that name no version."""
    mends: bool = False
    """Whether what did not follow the old policy either is looked for, as `check` does."""
    is_promised: bool = True
    """Whether the old policy is what the repository says of itself, and not only what most places happen to use."""
    floors: tuple[tuple[str, Minor], ...] = ()
    """The oldest Python that each part of the repository claims, by its folder."""

    def drops(self, minor: Minor) -> bool:
        """Say whether `minor` is no longer to be named anywhere."""
        return minor < self.new.minimum or (minor in self.old.supported and minor not in self.new.supported)

    @property
    def added(self) -> tuple[Minor, ...]:
        """What is supported from now on."""
        return tuple(minor for minor in self.new.supported if minor not in self.old.supported)

    @property
    def replacement(self) -> Minor:
        """What stands from now on where a version stood alone that is gone."""
        return self.new.default if self.has_default else self.new.minimum

    @property
    def moves_default(self) -> bool:
        """Say whether the default is another one from now on; it goes back only where the whole policy does."""
        goes_back = self.new.minimum < self.old.minimum
        return self.has_default and (
            self.new.default > self.old.default or (goes_back and self.new.default != self.old.default)
        )


def spelled(minor: Minor) -> str:
    """Return `3.12`."""
    return f"{minor[0]}.{minor[1]}"


def parse_minor(text: str, option: str) -> Minor:
    """Read `3.12` (a patch level is dropped), or raise UsageError, naming the option, for what is no such version."""
    parts = text.strip().split(".")
    known = ", ".join(spelled(minor) for minor in list(RELEASES)[-7:])
    if len(parts) < 2 or not all(part.isascii() and part.isdigit() for part in parts) or len(parts) > 3:
        raise UsageError(f"{option} {text!r} is not a feature version of Python", remedy=f"for example {known}")
    minor = int(parts[0]), int(parts[1])
    if minor not in RELEASES:
        raise UsageError(f"{option}: there is no Python {spelled(minor)} to choose", remedy=f"the latest are {known}")
    return minor


def make_policy(minimum: Minor, default: Minor, supported: tuple[Minor, ...], *, default_micro: str = "") -> Policy:
    """Return the policy, or raise UsageError where it contradicts itself."""
    ordered = tuple(sorted(set(supported)))
    names = ", ".join(map(spelled, ordered))
    if not ordered:
        raise UsageError("no version is supported", remedy="name some: --supported 3.11,3.12,3.13")
    if ordered[0] != minimum:
        raise UsageError(
            f"the minimum is {spelled(minimum)}, but the supported versions are {names}",
            remedy="the minimum has to be the oldest supported version",
        )
    if default not in ordered:
        raise UsageError(
            f"the default {spelled(default)} is not among the supported versions {names}",
            remedy="support it, or choose another default",
        )
    return Policy(minimum, default, ordered, default_micro)
