"""The questions. The only module that imports questionary, and only where something is asked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bootstrap.errors import InterruptedRunError
from bootstrap.setup.editors import EDITORS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bootstrap.machine import Interpreter
    from bootstrap.model import Answers

MANAGED = "managed"


def ask(
    defaults: Answers,
    interpreters: Sequence[Interpreter],
    choice: str,
    *,
    asks_editors: bool,
    offers_devcontainer: bool,
) -> Answers:
    """Ask what cannot be known, with `defaults` preselected; raise InterruptedRunError on Ctrl-C.

    `interpreters` are the suitable ones, best first; `choice` is the version that would be installed.
    """
    import questionary  # noqa: PLC0415 - 200 ms that only a question is worth

    answers = defaults
    if interpreters:
        here = [
            questionary.Choice(f"{found.version} from {found.source} ({found.executable})", value=_request(found))
            for found in _distinct(interpreters)
        ]
        managed = questionary.Choice(f"{choice}, kept by uv (downloaded if it is not there)", value=MANAGED)
        picked = _put(questionary.select("Which Python shall .venv run?", choices=[*here, managed]))
        if picked == MANAGED:
            answers = replace(answers, prefer_managed=True)
        elif picked != _request(interpreters[0]):
            answers = replace(answers, python=picked)
    if asks_editors:
        options = [
            questionary.Choice(editor.title, value=name, checked=name in defaults.editors)
            for name, editor in EDITORS.items()
        ]
        picked = _put(questionary.checkbox("Which editors shall be configured?", choices=options))
        answers = replace(answers, editors=tuple(picked))
    if offers_devcontainer:
        wanted = _put(questionary.confirm("Shall there be a devcontainer?", default=defaults.devcontainer))
        answers = replace(answers, devcontainer=wanted)
    return answers


def _request(interpreter: Interpreter) -> str:
    """Return what asks for an interpreter of just this version and kind, as `--python` would."""
    name = "" if interpreter.implementation == "cpython" else interpreter.implementation
    return f"{name}{interpreter.version}{'t' if interpreter.is_free_threaded else ''}"


def _distinct(interpreters: Sequence[Interpreter]) -> list[Interpreter]:
    """Return one interpreter for each version: a second of the same changes nothing that anyone would notice."""
    first: dict[str, Interpreter] = {}
    for interpreter in interpreters:
        first.setdefault(_request(interpreter), interpreter)
    return list(first.values())[:6]


def _put(question: Any) -> Any:
    answer = question.ask()
    if answer is None:  # questionary's word for Ctrl-C
        raise InterruptedRunError("stopped before anything was done", remedy="nothing was changed; run it again")
    return answer
