"""What somebody says of the versions, in the settings or on the command line, and the policy that it comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bootstrap.detect.declared import PYPROJECT, SETTINGS
from bootstrap.errors import UsageError
from bootstrap.policy import make_policy, parse_minor

if TYPE_CHECKING:
    from collections.abc import Callable

    from bootstrap.model import Settings
    from bootstrap.options import Options
    from bootstrap.policy import Minor, Policy


class Wish(NamedTuple):
    """What somebody says of the versions, as far as they say it, and where."""

    minimum: Minor | None = None
    default: Minor | None = None
    supported: tuple[Minor, ...] = ()
    default_micro: str = ""
    source: str = ""

    def __bool__(self) -> bool:
        """Say whether anything is said at all."""
        return self.minimum is not None or self.default is not None or bool(self.supported)


def on_command_line(options: Options) -> Wish:
    """Return what the options say; raise UsageError for a version that does not exist, and for a list without any."""
    if options.supported == ():
        raise UsageError("--supported names no version", remedy="for example --supported 3.11,3.12,3.13")
    micro = options.default.strip().split(".")[2] if options.default and options.default.count(".") > 1 else ""
    return Wish(
        parse_minor(options.minimum, "--minimum") if options.minimum else None,
        parse_minor(options.default, "--default") if options.default else None,
        tuple(parse_minor(version, "--supported") for version in options.supported or ()),
        micro,
        "the command line",
    )


def in_settings(settings: Settings, line: Callable[[str], int | None]) -> Wish:
    """Return what `[tool.devstrap]` says; raise UsageError, with its place, for a version that does not exist."""
    default = settings.default.request.release if settings.default is not None else ()
    told = {
        "minimum": [settings.minimum] if settings.minimum is not None else [],
        "default": [".".join(map(str, default[:2]))] if len(default) > 1 else [],
        "supported": settings.supported or (),
    }
    if settings.supported == ():
        raise _misplaced(UsageError("supported is empty", remedy='for example supported = ["3.12"]'), line("supported"))
    read: dict[str, tuple[Minor, ...]] = {}
    for key, versions_told in told.items():
        try:
            read[key] = tuple(parse_minor(version, f"{key} in [{SETTINGS}]") for version in versions_told)
        except UsageError as error:
            raise _misplaced(error, line(key)) from None
    minimum, default_minor = (read[key][0] if read[key] else None for key in ("minimum", "default"))
    micro = str(default[2]) if len(default) > 2 else ""
    wish = Wish(minimum, default_minor, read["supported"], micro, f"[{SETTINGS}] in {PYPROJECT}")
    try:
        if wish.supported:
            policy_of(wish, None)
    except UsageError as error:
        raise _misplaced(error, line("supported")) from None
    return wish


def _misplaced(error: UsageError, line: int | None) -> UsageError:
    """Return an error with the place in pyproject.toml that it is about."""
    error.path, error.line = PYPROJECT, line
    return error


def policy_of(wish: Wish, base: Policy | None) -> Policy | None:
    """Return the policy that somebody wishes for, filled up with `base`; None where that comes to nothing.

    Raises UsageError for a policy that contradicts itself.
    """
    if not wish:
        return base
    supported = wish.supported
    if not supported:
        kept = (minor for minor in (base.supported if base else ()) if wish.minimum is None or minor >= wish.minimum)
        supported = tuple(sorted({*kept, *([wish.minimum] if wish.minimum else [])}))
        # who names a newer default supports it
        if wish.default is not None and (not supported or wish.default > max(supported)):
            supported = (*supported, wish.default)
    minimum = wish.minimum or min(supported)
    default = wish.default
    if default is None:
        default = base.default if base is not None and base.default in supported else minimum
    return make_policy(minimum, default, supported, default_micro=wish.default_micro)
