"""Do the stages of one Dockerfile agree? What was installed for one Python does not work on another."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from bootstrap.expression import expression
from bootstrap.images.stages import find, lineage, python_of
from bootstrap.model import Finding, Severity
from bootstrap.policy import spelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bootstrap.images.stages import Stage, Step
    from bootstrap.policy import Minor, Policy

_FROM = expression(r"--from=(\S+)")
# Where environments, packages and wheels lie, wherever that is.
_ENVIRONMENT = expression(
    r"(?i)(?:^|/)(?:\.?venvs?|\.?env|\.?virtualenvs?|(?:site|dist|pip)-packages|python3(?:\.[0-9]+)?|wheels?|wheelhouse"
    r"|\.local|dependencies|installe?d?)(?:/|$)|^/usr/local(?:/lib|/bin)?/?$"
)
_INTO = expression(
    r"(?:--prefix|--target|--root|-m (?:venv|virtualenv)|\bvirtualenv|\buv venv|UV_PROJECT_ENVIRONMENT)[= ]"
    r"([^\s\"'-]\S*)"
)
_IN_PROJECT = expression(r"\buv sync\b|\bpdm (?:sync|install)\b|(?i:in[-_]project)|-m venv \.?venv\b")
_PACKAGES = expression(r"\bpython3\.([0-9]+)/(?:site|dist)-packages")


def disagreements(path: str, made: tuple[Stage, ...], policy: Policy) -> Iterator[Finding]:
    """Yield the lines that take what is installed from a stage with one Python into a stage with another."""
    for number, stage in enumerate(made):
        for step in stage.steps:
            said = _said(made, number, step) if step.name == "COPY" else ""
            if said:
                hint = f"let all stages run one Python, such as {spelled(policy.default)}"
                yield Finding("V204", Severity.ERROR, said, hint, path, step.line)


def _said(made: tuple[Stage, ...], number: int, step: Step) -> str:
    """Say what is wrong with a COPY; nothing where nothing is."""
    stage, origin = made[number], _FROM.search(step.text)
    *sources, target = places(step.text) or ("",)
    if origin is None:
        return ""
    at = find(made[:number], origin[1])
    at = int(origin[1]) if at is None and origin[1].isdigit() and int(origin[1]) < number else at
    theirs = python_of(origin[1]) if at is None else made[at].python
    own = stage.python
    for source in sources:
        if theirs and own and theirs != own and _is_installed(source, made, at):
            return f"runs {spelled(own)}, but takes {source} from {origin[1]}, which runs {spelled(theirs)}"
        if theirs and _names_other(source, theirs):
            return f"takes {source} from {origin[1]}, which runs {spelled(theirs)}"
    if own and _names_other(target, own):
        return f"puts packages into {target}, but runs {spelled(own)}"
    return ""


def places(text: str) -> Sequence[str]:
    """Return what a COPY takes, and where it puts that; nothing where that cannot be told."""
    try:
        words = [word for word in shlex.split(text.replace("[", " ").replace("]", " ").replace('",', '" ')) if word]
    except ValueError:
        return ()
    return [word for word in words if not word.startswith("--")]


def _names_other(place: str, minor: Minor) -> bool:
    found = _PACKAGES.search(place)
    return found is not None and int(found[1]) != minor[1]


def _is_installed(place: str, made: tuple[Stage, ...], at: int | None) -> bool:
    """Say whether what lies there was made for one Python: by its name, or since a stage installs into it."""
    if _ENVIRONMENT.search(place):
        return True
    bare = place.rstrip("/")
    return at is not None and any(bare == one or one.startswith(f"{bare}/") for one in _filled(made, at) if bare)


def _filled(made: tuple[Stage, ...], at: int) -> Iterator[str]:
    """Yield the folders that a stage installs packages into."""
    folder = ""
    for stage in reversed(list(lineage(made, at))):
        for step in stage.steps:
            if step.name == "WORKDIR":
                folder = step.text.strip().rstrip("/")
            elif step.name in ("RUN", "ENV"):
                yield from (one.strip("\"'").rstrip("/") for one in _INTO.findall(step.text))
                if folder and _IN_PROJECT.search(step.text):
                    yield folder
