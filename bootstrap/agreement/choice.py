"""What `--only` and `--skip` choose."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from bootstrap.agreement.renewal import is_choice
from bootstrap.errors import UsageError
from bootstrap.expression import expression
from bootstrap.modernize import Choice
from bootstrap.sites.catalogue import CATALOGUE
from bootstrap.sites.model import Area

if TYPE_CHECKING:
    from bootstrap.options import Options
    from bootstrap.survey import Survey

# Declares nothing, and is held against the images all the same.
_LOCK = expression(r"(?i)(?:\.lock|requirements[^/]*\.txt|(?:^|/)requirements/[^/]+\.txt|(?:docker|container)file)$")


def chosen(options: Options, found: Survey, env: dict[str, str]) -> Choice:
    """Return what `--only` and `--skip` choose; raise UsageError for a word that can mean nothing at all."""
    kinds = {area.value for area in Area} | {row.id for row in CATALOGUE}
    for option, patterns in (("--only", options.only), ("--skip", options.skip)):
        for pattern in patterns:
            one = Choice((pattern,))
            is_kind = any(fnmatchcase(kind, pattern) for kind in kinds)
            is_lock = any(map(one.admits, filter(_LOCK.search, found.paths)))
            if not is_kind and not is_lock and not any(map(one.takes, found.sites)):
                if is_choice(options, pattern, env):
                    continue
                raise UsageError(
                    f"{option} {pattern!r} fits no area, kind, file or site",
                    remedy=f"devstrap versions lists them; the areas are {', '.join(area.value for area in Area)}",
                )
    return Choice(options.only, options.skip)
