"""What was done, in Markdown, to be pasted into a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.adopt.model import Phase
from bootstrap.policy import spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bootstrap.adopt.draft import Adoption
    from bootstrap.policy import Policy

_TITLES = {
    Phase.FOUNDATION: "Foundation: what the repository promises",
    Phase.CONTAINERS: "Containers",
    Phase.ENVIRONMENT: "Environment: CI, documents, tools",
}


_IMAGES = (
    "",
    "Images: give the one that runs today a second name before the new one is built, `docker tag NAME NAME:before`;",
    "to go back at once, run `NAME:before`; to build as before, `python bootstrap.py undo --phase containers` first.",
)


def summary(adoption: Adoption, old: Policy | None, new: Policy) -> str:
    """Return the text: the policy, each phase with its files and reasons, what is left, and the way back."""
    return "\n".join(_lines(adoption, old, new)) + "\n"


def _told(policy: Policy) -> dict[str, str]:
    return {
        "minimum": spelled(policy.minimum),
        "default": spelled(policy.default),
        "supported": ", ".join(map(spelled, policy.supported)),
    }


def _lines(adoption: Adoption, old: Policy | None, new: Policy) -> Iterator[str]:
    yield f"# Python {spelled(new.default)}, supported from {spelled(new.minimum)} on"
    yield ""
    yield "| | before | now |"
    yield "|---|---|---|"
    was = _told(old) if old else {}
    for title, versions in _told(new).items():
        yield f"| {title} | {was.get(title, 'the same')} | {versions} |"
    for phase in Phase:
        pieces = [piece for piece in adoption.pieces if piece.phase is phase]
        if pieces:
            yield f"\n## {_TITLES[phase]}\n"
            for piece in pieces:
                verb = "add" if piece.change.before is None else "remove" if piece.change.after is None else "update"
                yield f"- {verb} `{piece.change.path}`: {piece.change.purpose}"
    if adoption.remarks:
        yield "\n## Left to a person\n"
        for remark in adoption.remarks:
            yield f"- `{remark.what}`: {remark.reason}"
    yield "\n## The way back\n"
    yield "`python bootstrap.py undo` in the checkout in which this was made, or with `--phase` a part of it;"
    yield "anywhere else, revert the commit."
    if any(piece.phase is Phase.CONTAINERS and piece.change.before is not None for piece in adoption.pieces):
        yield from _IMAGES
