"""What goes for an installation beyond what is declared: a bound in time, bounded build tools, additions."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from bootstrap.model import Run

if TYPE_CHECKING:
    from bootstrap.model import Answers, Dependencies
    from bootstrap.setup.moment import Moment

_INSTALL = ("uv", "pip", "install")
_FILE = "devstrap-build.txt"


def on_terms(dependencies: Dependencies | None, moment: Moment | None, answers: Answers) -> Dependencies | None:
    """Return how the dependencies are installed on these terms; a change of the terms installs anew."""
    if dependencies is None or not (moment or answers.additions or answers.build_constraints):
        return dependencies
    bound = moment.argument if moment else ()
    limits = ("--build-constraints", f"{{target}}/{_FILE}") if answers.build_constraints else ()
    runs = (*dependencies.installs, *_additions(answers))
    text = "\n".join((*answers.build_constraints, ""))
    return replace(
        dependencies,
        installs=tuple(_with(run, bound, limits) for run in runs),
        files=(*dependencies.files, *(((_FILE, text),) if limits else ())),
        fingerprint=_fingerprint(dependencies.fingerprint, answers),
    )


def _additions(answers: Answers) -> tuple[Run, ...]:
    if not answers.additions:
        return ()
    words = (*_INSTALL, "--python", "{target}", *answers.additions)
    return (Run(words, f"install {', '.join(answers.additions)} in addition"),)


def _with(run: Run, bound: tuple[str, ...], limits: tuple[str, ...]) -> Run:
    """Return an installation with its options: what names every version exactly needs no bound in time."""
    if run.argv[:3] != _INSTALL:
        return run
    return run._replace(argv=(*run.argv, *(() if "--no-deps" in run.argv else bound), *limits))


def _fingerprint(fingerprint: str, answers: Answers) -> str:
    if not answers.additions:
        return fingerprint
    return hashlib.sha256("\n".join((fingerprint, *answers.additions)).encode()).hexdigest()[:16]
