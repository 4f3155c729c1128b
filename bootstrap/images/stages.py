"""A Dockerfile as its stages, each with the Python that it runs, as far as that can be told without building it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bootstrap.errors import MalformedFileError
from bootstrap.expression import expression
from bootstrap.sites.anchors import own_python
from bootstrap.syntax import dockerfile
from bootstrap.syntax.tree import Scalar, Table

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Mapping

    from bootstrap.policy import Minor
    from bootstrap.syntax.tree import Member

_VARIABLE = expression(r"\$(?:\{(\w+)(?::?-([^}]*))?\}|(\w+))")
_COMMENTS = expression(r"(?m)^[ \t]*#[^\n]*\n")
_CONTINUED = expression(r"\\[ \t]*\r?\n")
# python:3.12-slim, devcontainers/python:1-3.12, lambda/python:3.12
_TAG = expression(r"(?:^|/)python:(?:[0-9]+-)?(3\.[0-9]+)(?![0-9])")
# uv:python3.12-bookworm, ubi9/python-312, azure-functions/python:4-python3.12
_NAMED = expression(r"(?:^|[/:.-])python-?3\.?([0-9]{1,2})(?![0-9.])")
_INSTALLED = expression(
    r"\b(?:apt|apt-get|apk|dnf|yum|microdnf|zypper)\b[^&|;]*\b(?:install|add)\b[^&|;]*\bpython3\.?([0-9]{1,2})\b"
)
_MANAGED = expression(
    r"\bUV_PYTHON=[\"']?(?:python)?(3\.[0-9]+)|\buv (?:python install|(?:venv|sync) .*?--python)[ =](3\.[0-9]+)"
)
# What may bring any Python along.
_UNKNOWN = expression(r"(?i)\buv python install\b|\bpyenv\b|\bconda\b|\bmamba\b|\bUV_PYTHON=")
_IS_USED = expression(r"\b(?:install|add)\b[^&|;]*\bpython3\b")


class Step(NamedTuple):
    """An instruction of a stage, on one line, and where it stands."""

    name: str
    text: str
    line: int


class Stage(NamedTuple):
    """What one FROM makes."""

    name: str
    """What it is called, else its number."""
    image: str
    """What it is made from, with the defaults of its arguments."""
    line: int
    steps: tuple[Step, ...]
    base: int | None = None
    """Which stage it goes on from."""
    python: Minor | None = None
    """None where it cannot be told."""


def stages(path: str, data: bytes) -> tuple[Stage, ...]:
    """Return the stages of a Dockerfile in order; none of what cannot be understood, which others tell."""
    try:
        tree = dockerfile.read(data, path)
    except MalformedFileError:
        return ()
    if tree is None:
        return ()
    text = data.decode("latin-1")
    made: list[Stage] = []
    given: dict[str, str] = {}
    for image, name, line, members in _parts(text, tree):
        if line == 0:
            given = dict(_variables(members, {}))
            continue
        expanded = _expanded(image, given)
        known = {**given, **dict(_variables(members, given))}
        steps = tuple(_step(text, member, known) for member in members if member.name != "#")
        base = find(made, expanded)
        stage = Stage(name or str(len(made)), expanded, line, steps, base)
        made.append(stage._replace(python=_python(stage, None if base is None else made[base].python)))
    return tuple(made)


def find(made: tuple[Stage, ...] | list[Stage], name: str) -> int | None:
    """Return which stage is called so; the last one, as a later one takes the name over."""
    names = [stage.name.lower() for stage in made]
    return len(names) - 1 - names[::-1].index(name.lower()) if name.lower() in names else None


def lineage(made: tuple[Stage, ...], number: int) -> Iterator[Stage]:
    """Yield a stage and those that it goes on from."""
    at: int | None = number
    while at is not None:
        yield made[at]
        at = made[at].base


def python_of(image: str) -> Minor | None:
    """Return the Python that an image's name promises."""
    if "pypy" in image or "graalpy" in image:
        return None
    found = _TAG.search(image)
    if found:
        return 3, int(found[1].partition(".")[2])
    found = _NAMED.search(image)
    if found:
        return 3, int(found[1])
    return own_python(image) if "distroless" in image else None


def _python(stage: Stage, inherited: Minor | None) -> Minor | None:
    """Return the Python of a stage: the one that is brought along, else the image's."""
    said = "\n".join(f"{step.name} {step.text}" for step in stage.steps if step.name in ("RUN", "ENV"))
    brought = {_minor(one) for one in _MANAGED.findall(said)} or {(3, int(one)) for one in _INSTALLED.findall(said)}
    if len(brought) == 1:
        return brought.pop()
    if brought or _UNKNOWN.search(said):
        return None
    found = python_of(stage.image) or inherited
    return own_python(stage.image) if found is None and _IS_USED.search(said) else found


def _minor(found: tuple[str, str]) -> Minor:
    return 3, int((found[0] or found[1]).partition(".")[2])


def _parts(text: str, tree: Table) -> Iterator[tuple[str, str, int, list[Member]]]:
    """Yield what stands before the first FROM, on line 0, and then each FROM: image, name, line and what follows."""
    image, name, line = "", "", 0
    members: list[Member] = []
    for member in tree.members:
        if member.name != "FROM" or not isinstance(member.value, Table):
            members.append(member)
            continue
        yield image, name, line, members
        parts = {one.name: one.value.text for one in member.value.members if isinstance(one.value, Scalar)}
        image = parts["image"] + "".join(sign + parts[part] for part, sign in _PARTS if part in parts)
        name, line, members = parts.get("as", ""), text.count("\n", 0, member.start) + 1, []
    yield image, name, line, members


_PARTS = (("tag", ":"), ("digest", "@"))


def _variables(members: list[Member], given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield arguments with their defaults, and what is put into the environment."""
    known = dict(given)
    for member in members:
        if member.name not in ("ARG", "ENV") or not isinstance(member.value, Table):
            continue
        for one in member.value.members:
            value = one.value.text if isinstance(one.value, Scalar) else ""
            if value:
                known[one.name] = _expanded(value, known)
                yield one.name, known[one.name]


def _step(text: str, member: Member, known: Mapping[str, str]) -> Step:
    line = text.count("\n", 0, member.start) + 1
    said = text[member.value.outer_start : member.value.outer_end]
    joined = " ".join(_CONTINUED.sub(" ", _COMMENTS.sub("", said)).split())
    return Step(member.name, _expanded(joined, known) if member.name != "RUN" else joined, line)


def _expanded(text: str, known: Mapping[str, str]) -> str:
    """Return a text with what is known in the place of variables."""

    def value(found: re.Match[str]) -> str:
        return known.get(found[1] or found[3], found[2] or found[0])

    return _VARIABLE.sub(value, text)
