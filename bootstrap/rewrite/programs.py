"""Python's and Docker's files, and text, as flat sequences of words, which know nothing of where a site is."""

from __future__ import annotations

import keyword
from typing import TYPE_CHECKING, Any

from bootstrap.decide import Move
from bootstrap.rewrite import masks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bootstrap.decide import Decision
    from bootstrap.policy import Minor
    from bootstrap.sites.model import Site


def are_alike(old: list[Any], new: list[Any], decided: Sequence[tuple[Site, Decision]]) -> bool:
    """Say whether `new` is `old` with the decisions carried out, as far as that can be told without places."""
    steps = [step for _, decision in decided for step in decision.steps]
    if decided[0][0].source.syntax == "dockerfile":
        return _are_instructions_alike(old, new, decided)
    if all(isinstance(step, Move) for step in steps) and len(old) == len(new):
        changed = sum(left != right for left, right in zip(old, new, strict=True))
        minors = masks.involved(steps)
        return changed <= len(steps) and _masked(old, minors) == _masked(new, minors)
    # what is left of a list is not involved, but has to be known as a member of it
    minors = masks.involved(steps) | {token.minor for site, _ in decided for token in site.group.tokens}
    return _collapsed(_masked(old, minors)) == _collapsed(_masked(new, minors))


def are_texts_alike(old: list[str], new: list[str], decided: Sequence[tuple[Site, Decision]]) -> bool:
    """Say whether the lines of a text have the same words, but for those that the steps are about."""
    left, right = (masks.decoded("\n".join(lines)) for lines in (old, new))
    return masks.are_alike(left, right, [(site, decision.steps) for site, decision in decided])


def _are_instructions_alike(old: list[Any], new: list[Any], decided: Sequence[tuple[Site, Decision]]) -> bool:
    """Say whether the instructions are the same, and those that differ do so by the steps."""
    if [one[0] for one in old] != [one[0] for one in new]:
        return False
    left, right = (
        "\n".join(one[1] for one, other in zip(*pair, strict=True) if one != other) for pair in ((old, new), (new, old))
    )
    return masks.are_alike(left, right, [(site, decision.steps) for site, decision in decided])


def _masked(tokens: list[Any], minors: frozenset[Minor]) -> list[str]:
    """Return `KIND text` for each token, with `#` for versions; one that is written as numbers is one token."""
    told: list[str] = []
    for kind, word in zip(tokens[::2], tokens[1::2], strict=True):
        told.append(f"{kind} {masks.masked(str(word), minors) if kind in _VALUES else word}")
        # (3, 8, 1) may become (3, 9)
        if told[-3:] == ["NUMBER 3", "OP ,", "NUMBER #"]:
            told[-3:] = ["NUMBER 3.#"]
        elif told[-3:-1] == ["NUMBER 3.#", "OP ,"] and kind == "NUMBER":
            told[-3:] = ["NUMBER 3.#.#"]
    return ["NUMBER 3.#" if entry == "NUMBER 3.#.#" else entry for entry in told]


_VALUES = ("STRING", "NUMBER", "FSTRING_MIDDLE")


def _collapsed(told: list[str]) -> list[str]:
    """Return a program's tokens with members of a list that are alike said once.

    The comma after them stays, but where it says nothing: before a bracket, and at the end of a call. Without it a
    tuple of one would be nothing else than its member.
    """
    kept: list[str] = []
    calls: list[bool] = []
    for entry in told:
        if entry in ("OP (", "OP [", "OP {"):
            calls.append(entry != "OP (" or _is_callee(kept[-1] if kept else ""))
        elif entry in ("OP )", "OP ]", "OP }") and calls.pop() and kept[-1] == "OP ,":
            kept.pop()
        if kept[-1:] == ["OP ,"] and entry in ("OP ,", *kept[-2:-1]):
            continue
        kept.append(entry)
    return kept


def _is_callee(before: str) -> bool:
    kind, _, word = before.partition(" ")
    return word in (")", "]") or (kind == "NAME" and not keyword.iskeyword(word))
