"""Decisions to bytes: only the versions change, in the author's spelling, and another parser has to agree.

`versions` writes single versions; `lines` and `inline` take members of lists out and put the copies of others in, as
`members` has them; `proof` reads old and new with parsers that share nothing with those that located, and refuses what
differs by more than was decided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.decide import Move
from bootstrap.rewrite.edits import Edit, RefusedEditError, splice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bootstrap.decide import Decision
    from bootstrap.policy import Transition
    from bootstrap.sites.model import Site

__all__ = ["RefusedEditError", "preview", "rewrite"]


def rewrite(data: bytes, decisions: Sequence[tuple[Site, Decision]], change: Transition) -> bytes:
    """Return the file with the decisions carried out.

    Raises RefusedEditError where the result would differ from the original by more than what was decided.
    """
    from bootstrap.rewrite.proof import prove  # noqa: PLC0415 - a check that finds nothing writes nothing

    made = [(site, decision, _edits(site, decision, change)) for site, decision in decisions if decision.steps]
    taken_out = [edit for _, _, edits in made for edit in edits if not edit.text]
    # What stands on a line that goes, such as a comment, goes along.
    made = [entry for entry in made if not all(_is_within(edit, taken_out) for edit in entry[2])]
    if not made:
        return data
    after = splice(data.decode("latin-1"), [edit for _, _, edits in made for edit in edits]).encode("latin-1")
    prove(data, after, [(site, decision) for site, decision, _ in made])
    return after


def preview(site: Site, decision: Decision, change: Transition) -> str:
    """Return what will stand in the site's place; what stands there now, if it cannot be written."""
    try:
        edits = _edits(site, decision, change)
    except RefusedEditError:
        return site.value
    start = min([site.group.start, *(edit.start for edit in edits)])
    end = max([site.group.end, *(edit.end for edit in edits)])
    moved = [Edit(edit.start - start, edit.end - start, edit.text) for edit in edits]
    return splice(site.source.text[start:end], moved).encode("latin-1").decode("utf-8", "replace")


def _edits(site: Site, decision: Decision, change: Transition) -> list[Edit]:
    from bootstrap.rewrite import inline, lines  # noqa: PLC0415 - as above
    from bootstrap.rewrite.members import arranged  # noqa: PLC0415
    from bootstrap.rewrite.versions import respelled  # noqa: PLC0415

    steps = decision.steps
    moves = [
        respelled(site, step.token, step.to, change, is_floor=step.is_floor) for step in steps if isinstance(step, Move)
    ]
    if len(moves) == len(steps):
        return moves
    layout = lines if site.layout != "text" and lines.are_alone(site) else inline
    return [*moves, *layout.edits(site, arranged(site.group.items, steps), change)]


def _is_within(edit: Edit, others: Sequence[Edit]) -> bool:
    """Say whether one of the others has all of the edit in it, and more."""
    return any(
        other.start <= edit.start and edit.end <= other.end and (other.start, other.end) != (edit.start, edit.end)
        for other in others
    )
