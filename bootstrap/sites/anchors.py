"""What keeps a version where it is: a digest that says which image it is, and a base that has one Python alone.

A tag that moves while its digest stays tells a lie, since the digest decides; and whatever else in a Dockerfile names
the Python of an image that stays, such as the folder of its packages, has to stay with it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bootstrap.expression import expression
from bootstrap.policy import spelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bootstrap.policy import Minor
    from bootstrap.sites.model import Site

PINNED = "the digest says which image it is; take the new one with its digest"
FOLLOWS = "it goes with the image of this file whose digest says which one it is"

_DIGEST = expression(r"[\w.:/${}-]*@(?:sha(?:256|512):|\$)")
_REFERENCE_BEFORE = expression(r"[\w.:/-]*$")
_REFERENCE_AFTER = expression(r"[\w.-]*")
_FROM = expression(r"(?im)^(?:\xef\xbb\xbf)?[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*(\S+)")

# The Python that a distribution has; where there is none in the table, nothing is known.
_DISTRIBUTIONS: dict[str, Minor] = {
    **dict.fromkeys(("debian:buster", "debian:10", "distroless:10"), (3, 7)),
    **dict.fromkeys(("debian:bullseye", "debian:11", "distroless:11"), (3, 9)),
    **dict.fromkeys(("debian:bookworm", "debian:12", "distroless:12"), (3, 11)),
    **dict.fromkeys(("debian:trixie", "debian:13", "distroless:13"), (3, 13)),
    **dict.fromkeys(("ubuntu:focal", "ubuntu:20.04"), (3, 8)),
    **dict.fromkeys(("ubuntu:jammy", "ubuntu:22.04"), (3, 10)),
    **dict.fromkeys(("ubuntu:noble", "ubuntu:24.04"), (3, 12)),
}
_DISTROLESS = expression(r"(?:^|/)distroless/python3-debian([0-9]+)(?=[:@]|$)")
_DISTRIBUTION = expression(r"^(?:docker\.io/)?(?:library/)?(debian|ubuntu):([a-z]+|[0-9]+(?:\.[0-9]+)?)")
# What brings another Python than the distribution's.
_OTHER_PYTHON = expression(
    r"(?i)deadsnakes|pyenv|\buv\b|conda|python-build|python\.org|mise\b|FROM[ \t].*\bpython:|--from=.*python"
)
_IS_USED = expression(r"\bpython3\b")


def anchored(sites: Sequence[Site]) -> list[Site]:
    """Return the sites of one file, with the reason at each that has to stay."""
    made = [_pinned(site) for site in sites]
    if not sites or sites[0].source.syntax != "dockerfile":
        return made
    held = _held(made)
    return [site if site.locked else site._replace(locked=_why_held(site, held)) for site in made]


def reference(site: Site, minor: Minor) -> str:
    """Return the image that a pinned site would name for another Python, without a digest."""
    text, token = site.source.text, site.group.tokens[0]
    before = _REFERENCE_BEFORE.search(text, max(0, token.start - 200), token.start)
    after = _REFERENCE_AFTER.match(text, token.tail)
    name = f"{before[0] if before else ''}{spelled(minor)}{after[0] if after else ''}"
    return name if ":" in name else f"python:{name}"


def own_python(image: str) -> Minor | None:
    """Return the Python that a distribution's image has of itself, where that is known."""
    found = _DISTROLESS.search(image)
    if found:
        return _DISTRIBUTIONS.get(f"distroless:{found[1]}")
    found = _DISTRIBUTION.match(image)
    return _DISTRIBUTIONS.get(f"{found[1]}:{found[2]}") if found else None


def _pinned(site: Site) -> Site:
    """Return a site that a digest follows as one that stays; an argument, where an image takes it before a digest."""
    text = site.source.text
    is_pinned = _DIGEST.match(text, site.group.tokens[-1].end) is not None
    if not is_pinned and site.declaration.id == "docker.arg":
        name = re.escape(str(site.path[-1]))
        is_pinned = (
            re.search(rf"(?im)^(?:\xef\xbb\xbf)?[ \t]*FROM[ \t][^\n]*\$(?:{name}\b|\{{{name}\b)[^\n@]*@", text)
            is not None
        )
    return site._replace(locked=PINNED) if is_pinned and not site.locked else site


def _held(sites: Sequence[Site]) -> dict[Minor, str]:
    """Return the Pythons of a Dockerfile that stay, and why."""
    held: dict[Minor, str] = dict(_of_distributions(sites[0].source.text))
    for site in sites:
        if site.locked and site.declaration.id in ("docker.from", "docker.arg"):
            held.update((token.minor, FOLLOWS) for token in site.group.tokens)
    return held


def _of_distributions(text: str) -> Iterator[tuple[Minor, str]]:
    """Yield the Pythons that stages have of themselves, as far as they are used."""
    stages = list(_FROM.finditer(text))
    ends = [one.start() for one in stages[1:]] + [len(text)] * bool(stages)
    for stage, after in zip(stages, ends, strict=True):
        minor = own_python(stage[1])
        is_distroless = "distroless" in stage[1]
        is_meant = is_distroless or (_IS_USED.search(text, stage.end(), after) and not _OTHER_PYTHON.search(text))
        if minor is not None and is_meant:
            yield minor, f"{stage[1]} has Python {spelled(minor)} and no other; take another base first"


def _why_held(site: Site, held: dict[Minor, str]) -> str:
    return next((held[token.minor] for token in site.group.tokens if token.minor in held), "")


# ---- what other files pass to a Dockerfile --------------------------------------------------------------------------


def with_passed(sites: Sequence[Site]) -> tuple[Site, ...]:
    """Return the sites of a repository, of which a build argument stays where the Dockerfile's own default has to."""
    held = {str(site.path[-1]): site.source.path for site in sites if site.locked and site.declaration.id == _ARGUMENT}
    if not held:
        return tuple(sites)
    return tuple(site if site.locked else site._replace(locked=_why_passed(site, held)) for site in sites)


_ARGUMENT = "docker.arg"
_PASSED = expression(r"(\w+)[\"']?[ \t]*[:=][ \t]*[\"']?$")


def _why_passed(site: Site, held: dict[str, str]) -> str:
    text, start = site.source.text, site.group.start
    before = text[max(text.rfind("\n", 0, start) + 1, start - 120) : start]
    found = _PASSED.search(before)
    is_argument = "--build-arg" in before or bool({"args", "build-args"} & set(site.path))
    if found is None or found[1] not in held or not is_argument:
        return ""
    return f"{held[found[1]]} has to keep its {found[1]}, which this is given to"
