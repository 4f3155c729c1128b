"""Why requirements cannot be met together: the chain of reasons that uv gives, as what a person has to know of it.

uv proves step by step (PubGrub): every sentence has one or two reasons and a conclusion from them. Only the reasons
that are facts say something about the files and the index, and they make one short paragraph.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.detect.repository import normalise
from bootstrap.failures.told import Told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bootstrap.failures.places import Places

_SPEC = r"(?:[<>=!~]=?=?[\w.*+!<>=,~]+)?"
_RELEASE = rf"[A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?{_SPEC}"
# Between two reasons stands "and", and also between two requirements of one reason: what follows decides.
_NEXT = re.compile(
    r"\s+and (?=you require|only |there (?:is|are) no |all versions of |all of: |we know from|the \w+ Python |your "
    rf"|the index|{_RELEASE} (?:depends? on|was |were |has |have |needs? |is |are |can))"
)
_BECAUSE = re.compile(r"(?:Because|because) (.*?),? we can conclude that", re.DOTALL)
_DERIVED = ("we know from",)
_WHO = rf"(?:all versions of )?(?:all of: )?(?P<who>{_RELEASE})(?: \([^)]*\))?(?: {_RELEASE})*?"

_PATTERNS = (
    ("required", re.compile(r"you require (?:one of: )?(?P<what>.+)")),
    (
        "python",
        re.compile(r"the \w+ Python version \((?P<what>[^)]*)\) does not satisfy (?P<who>.+)"),
    ),
    ("needs", re.compile(rf"{_WHO} depends? on (?:one of: )?(?P<what>.+)")),
    ("newest", re.compile(r"only (?P<who>[\w.-]+)<=?=?(?P<what>[\w.!+]+) is available")),
    ("only", re.compile(rf"only (?P<who>{_RELEASE}) (?:is|are) available")),
    ("only", re.compile(r"only the following versions of (?P<who>\S+) are available: (?P<what>.+)")),
    ("absent", re.compile(rf"there (?:is|are) no versions? of (?P<who>{_RELEASE})")),
    ("unknown", re.compile(rf"(?P<who>{_RELEASE}) (?:was|were) not found in (?P<what>.+)")),
    ("yanked", re.compile(rf"{_WHO} (?:was|were) yanked(?: \(reason: (?P<what>[^)]*)\))?")),
    ("wheels", re.compile(rf"{_WHO} (?:has|have) no (?P<what>(?:usable )?wheels.*)")),
)


class Fact(NamedTuple):
    """One reason that is no conclusion of others."""

    kind: str
    who: str
    what: str
    text: str

    @property
    def name(self) -> str:
        """Return which distribution it is about."""
        return name_of(self.who or self.what)


def name_of(requirement: str) -> str:
    """Return the name in a requirement."""
    found = re.match(r"[A-Za-z0-9][\w.-]*", requirement)
    return normalise(found[0].rstrip(".-")) if found else ""


def facts(text: str) -> list[Fact]:
    """Return the facts of a chain, each once, in its order."""
    reasons = (part for found in _BECAUSE.findall(text) for part in _NEXT.split(" ".join(found.split())))
    found = (fact for reason in reasons if not reason.startswith(_DERIVED) for fact in _read(reason))
    return list(dict.fromkeys(found))


def _read(reason: str) -> Iterator[Fact]:
    for kind, pattern in _PATTERNS:
        match = pattern.fullmatch(reason.strip())
        if match is None:
            continue
        given = match.groupdict()
        who, what = given.get("who") or "", (given.get("what") or "").strip()
        if kind == "required" and "one of:" not in reason:
            yield from (Fact(kind, "", part, reason) for part in re.split(r" and ", what))
        else:
            yield Fact(kind, who, what, reason)
        return
    yield Fact("else", "", "", reason)


class Chain(NamedTuple):
    """The facts of a chain, and what is known of the places and the wheels beside it."""

    facts: list[Fact]
    places: Places
    wheels: str = ""
    """What uv found where there was no wheel that fits: `wheels for Python 3.8 only`."""

    @property
    def roots(self) -> list[Fact]:
        """Return what the repository itself requires."""
        return [fact for fact in self.facts if fact.kind == "required" or self._is_of_a_project(fact)]

    @property
    def gone(self) -> list[Fact]:
        """Return what cannot be had."""
        return [fact for fact in self.facts if fact.kind in _UNAVAILABLE]

    def _is_of_a_project(self, fact: Fact) -> bool:
        """Say whether it is a project of the repository that needs something: uv names no version of it."""
        is_bare = fact.kind == "needs" and not re.search(r"[<>=!~]", fact.who)
        needed = {name_of(other.what) for other in self.facts if other.kind in ("needs", "required")}
        return is_bare and not fact.text.startswith("all versions") and name_of(fact.who) not in needed

    def needs_of(self, root: Fact) -> list[Fact]:
        """Return what a requirement needs, step by step."""
        found: list[Fact] = []
        name = name_of(root.what)
        while True:
            following = next((one for one in self._needs if one not in (root, *found) and one.name == name), None)
            if following is None:
                return found
            found.append(following)
            name = name_of(following.what)

    @property
    def _needs(self) -> list[Fact]:
        return [fact for fact in self.facts if fact.kind == "needs" and name_of(fact.what) != "python"]


_UNAVAILABLE = ("newest", "absent", "unknown", "yanked", "wheels", "only")


def condensed(text: str, places: Places, wheels: str = "") -> Told | None:
    """Return a chain as one paragraph: what cannot be had, or what does not go together, and where that is written."""
    chain = Chain(facts(text), places, wheels)
    if not chain.facts:
        return None
    roots = chain.roots
    is_python = any(fact.kind == "python" for fact in chain.facts)
    wanted = "" if is_python else _cannot_be_had(chain)
    if is_python:
        lead = "another Python is needed"
    elif wanted:
        lead = f"{_spelled(wanted, places)} cannot be had"
    else:
        lead = "the requirements cannot be met together"
    told = [_told_root(root, chain) for root in roots if root.what != wanted]
    loose = [_needs(fact) for fact in chain.facts if fact.kind == "needs" and not _is_told(fact, chain)]
    rest = [words for fact in chain.facts if fact not in roots and (words := _availability(fact, chain))]
    where = next((one for root in roots for one in places.of(root.what)), None)
    cause = f"{lead}: {'; '.join(dict.fromkeys((*told, *loose, *rest)))}".removesuffix(": ")
    return Told(cause, _remedy(chain), where)


def _cannot_be_had(chain: Chain) -> str:
    """Return the requirement that nothing meets; empty where it is several that do not go together."""
    gone = chain.gone
    if not gone or (len(chain.roots) > 1 and len({fact.name for fact in gone}) > 1):
        return ""
    names = {fact.name for fact in gone}
    if any(fact.name in names for fact in chain.facts if fact.kind == "needs"):
        return ""  # there are releases of it, but they do not go with the rest
    wanted = [fact.what for fact in chain.facts if fact.kind in ("required", "needs") and name_of(fact.what) in names]
    return wanted[0] if len(set(wanted)) == 1 else gone[0].who if not wanted else ""


def _spelled(requirement: str, places: Places, by: str = "") -> str:
    """Return a requirement with where it is written: as it is worded there, unless several lines make it up."""
    found = places.of(requirement)
    if not found:
        return f"{requirement} (required by {by})" if by else requirement
    text = found[0].text if len(found) == 1 else requirement
    return f"{text} ({', '.join(one.where for one in found)})"


def _told_root(root: Fact, chain: Chain) -> str:
    """Return what is required, and what it needs in its turn."""
    first = _spelled(root.what, chain.places, root.who)
    needs = chain.needs_of(root)
    if not needs:
        return f"{first} is required"
    words = [f"{first} needs {_of_all(needs[0], chain)}{_place_of(needs[0].what, chain)}"]
    words += [f"and {fact.who} needs {_of_all(fact, chain)}" for fact in needs[1:]]
    return " ".join(words)


def _place_of(requirement: str, chain: Chain) -> str:
    """Return where what a project of this repository needs is written, in just these words."""
    found = chain.places.exactly(requirement)
    return f" ({found.where})" if found else ""


def _of_all(fact: Fact, chain: Chain) -> str:
    """Return what a package needs, with what other releases of it need in its place."""
    others = dict.fromkeys(other.what for other in chain.facts if other is not fact and _is_alike(other, fact))
    return f"{fact.what} (in other releases {', '.join(others)})" if others else fact.what


def _is_alike(one: Fact, other: Fact) -> bool:
    """Say whether two facts are about what releases of one package need of another."""
    is_need = one.kind == other.kind == "needs"
    return is_need and one.name == other.name and name_of(one.what) == name_of(other.what)


def _is_told(fact: Fact, chain: Chain) -> bool:
    told = [need for root in chain.roots for need in chain.needs_of(root)]
    return fact in chain.roots or any(_is_alike(fact, need) for need in told)


def _needs(fact: Fact) -> str:
    if name_of(fact.what) == "python":
        return f"{fact.who} runs on {fact.what} only"
    return f"{fact.who} needs {fact.what}"


def _availability(fact: Fact, chain: Chain) -> str:
    """Return what a fact about the index or the Python says, in our words where they are shorter."""
    if fact.kind in ("newest", "only") and fact.name in _explained(chain):
        return ""
    words = {
        "newest": f"the newest {fact.who} on the index is {fact.what}",
        "only": f"the index has only {_listed(fact)}",
        "absent": f"the index has no {fact.who}",
        "unknown": f"{fact.who} is not {'in the cache' if 'cache' in fact.what else 'on the index'}",
        "yanked": f"{fact.who} was withdrawn by its authors" + (f" ({fact.what})" if fact.what else ""),
        "python": f"the Python here is {fact.what}",
        "wheels": f"{fact.who} has {chain.wheels or 'no ' + fact.what}",
        "required": "",
        "needs": "",
    }
    return words.get(fact.kind, fact.text)


def _explained(chain: Chain) -> set[str]:
    """Return the names of which it is said why their releases cannot be used."""
    return {fact.name for fact in chain.facts if fact.kind in ("yanked", "wheels", "needs")}


def _listed(fact: Fact) -> str:
    """Return some releases, shortened where there are many."""
    words = (fact.what or fact.who).split()
    return ", ".join(words) if len(words) <= 4 else f"{words[0]} to {words[-1]}"


def _remedy(chain: Chain) -> str:
    """Return what would help, for what is in the way."""
    kinds = {fact.kind: fact for fact in chain.facts}
    if "python" in kinds:
        return "choose a Python that it runs on with --python, or require a release that runs on this one"
    if "unknown" in kinds:
        return (
            f"check how {kinds['unknown'].who} is spelled; if it is on an index of its own, name that one in UV_INDEX "
            "or where the repository names its indexes"
        )
    if "wheels" in kinds:
        return "choose a Python for which there are wheels with --python, or require another release"
    if "yanked" in kinds:
        return f"require another release; a withdrawn one is taken only where it is pinned ({kinds['yanked'].who})"
    named = [_spelled(fact.what, chain.places, fact.who) for fact in chain.roots]
    needed = {name_of(fact.what): fact.what for fact in chain.facts if fact.kind == "needs"}
    gone = next((needed[fact.name] for fact in chain.gone if fact.name in needed), "")
    if len(named) == 1 and gone and _place_of(gone, chain):
        return f"change {gone}{_place_of(gone, chain)} to what there is"
    if chain.gone and len(named) == 1:
        return f"change {named[0]} to what there is"
    return f"loosen one of them: {' or '.join(named)}" if named else "change one of these requirements"
