"""The questions. The only module that imports questionary, and only where something is asked."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bootstrap.errors import InterruptedRunError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bootstrap.machine import Interpreter
    from bootstrap.model import Answers
    from bootstrap.policy import Minor, Policy

MANAGED = "managed"
_SHOWN = 6


def ask(
    defaults: Answers,
    interpreters: Sequence[Interpreter],
    managed: str,
    preselected: str = "",
    *,
    asks_editors: bool,
    offers_devcontainer: bool,
) -> Answers:
    """Ask what cannot be known, with `defaults` preselected; raise InterruptedRunError on Ctrl-C.

    `interpreters` are the suitable ones, best first; `managed` is the version that it would be if uv kept it, empty
    where there is none. `preselected` is what was answered in an earlier run: a version, or MANAGED.
    """
    import questionary  # noqa: PLC0415 - 200 ms that only a question is worth

    from bootstrap.setup.editors import EDITORS  # noqa: PLC0415 - not where a policy is asked for

    answers = defaults
    if interpreters:
        choices = [
            questionary.Choice(f"{found.version} from {found.source} ({found.executable})", value=request_of(found))
            for found in _distinct(interpreters, preselected)
        ]
        if managed:
            title = f"{managed}, kept by uv (downloaded if it is not there)"
            choices.append(questionary.Choice(title, value=MANAGED))
        first = next((choice.value for choice in choices if choice.value == preselected), None)
        picked = _put(questionary.select("Which Python shall .venv run?", choices=choices, default=first))
        if picked == MANAGED:
            answers = replace(answers, prefer_managed=True)
        elif picked != request_of(interpreters[0]):
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


def ask_policy(old: Policy | None) -> tuple[Minor, Minor, tuple[Minor, ...]]:
    """Ask which Pythons shall be supported, with those of `old` that are still maintained preselected.

    Returns the minimum, the default and all of them, in ascending order; raises InterruptedRunError on Ctrl-C.
    """
    import questionary  # noqa: PLC0415

    from bootstrap.policy import spelled  # noqa: PLC0415
    from bootstrap.releases import RELEASES, warning  # noqa: PLC0415

    today = datetime.now(UTC).date()
    known = [minor for minor, release in RELEASES.items() if release.newest_micro is not None]
    alive = [minor for minor in known if today < RELEASES[minor].end_of_life]
    kept = [minor for minor in alive if old is None or minor >= old.minimum] or alive

    def choice(minor: Minor, *, is_checked: bool = False) -> questionary.Choice:
        said = warning(minor, today).removeprefix(f"Python {spelled(minor)} ")
        return questionary.Choice(f"{spelled(minor)}{f' ({said})' if said else ''}", value=minor, checked=is_checked)

    def select(question: str, minors: Sequence[Minor], first: Minor) -> Minor:
        choices = [choice(minor) for minor in minors]
        picked: Minor = _put(questionary.select(question, choices=choices, default=choices[minors.index(first)]))
        return picked

    offered = [minor for minor in known if minor >= min(kept[0], old.minimum if old else kept[0])]
    minimum = select("What is the oldest Python that is supported?", offered, kept[0])
    newer = [choice(minor, is_checked=minor in alive) for minor in known if minor > minimum]
    picked = _put(questionary.checkbox(f"Which others, beside {spelled(minimum)}?", choices=newer)) if newer else []
    supported = tuple(sorted({minimum, *picked}))
    usual = old.default if old is not None and old.default in supported else supported[-1]
    if len(supported) > 1:
        usual = select("Which do developers and images use?", supported, usual)
    return minimum, usual, supported


def choose_parts(parts: Sequence[tuple[str, str, bool]]) -> frozenset[str]:
    """Ask which parts are wanted, each given by its name, what a person reads, and whether it is preselected.

    Returns the names; raises InterruptedRunError on Ctrl-C.
    """
    import questionary  # noqa: PLC0415

    choices = [questionary.Choice(title, value=name, checked=is_usual) for name, title, is_usual in parts]
    return frozenset(_put(questionary.checkbox("What shall be added?", choices=choices)))


_KINDS = {"groups": "the group", "extras": "the extra", "requirements": "the file"}


def choose_needs(offered: Sequence[tuple[str, str, bool]]) -> frozenset[tuple[str, str]]:
    """Ask what a contributor needs, each given by its kind, its name, and whether it is preselected.

    Returns kinds and names; raises InterruptedRunError on Ctrl-C.
    """
    import questionary  # noqa: PLC0415

    choices = [
        questionary.Choice(f"{_KINDS[kind]} {name}", value=(kind, name), checked=is_usual)
        for kind, name, is_usual in offered
    ]
    return frozenset(_put(questionary.checkbox("What of this does a contributor need?", choices=choices)))


def choose_pieces(pieces: Sequence[tuple[str, str]]) -> frozenset[str]:
    """Ask which of the files to change, each given with its phase: all, phase by phase, or file by file.

    Returns their paths; raises InterruptedRunError on Ctrl-C.
    """
    import questionary  # noqa: PLC0415

    everything = frozenset(path for _, path in pieces)
    how = _put(
        questionary.select(
            f"Change {len(everything)} file{'s' if len(everything) > 1 else ''}?",
            choices=[
                questionary.Choice("no, nothing", value="nothing"),
                questionary.Choice("all of them", value="all"),
                questionary.Choice("choose phases", value="phases"),
                questionary.Choice("choose files", value="files"),
            ],
        )
    )
    if how == "phases":
        counts = Counter(phase for phase, _ in pieces)
        choices = [questionary.Choice(f"{one} ({n})", value=one, checked=True) for one, n in counts.items()]
        picked = _put(questionary.checkbox("Which phases?", choices=choices))
        return frozenset(path for phase, path in pieces if phase in picked)
    if how == "files":
        choices = [questionary.Choice(f"{phase}: {path}", value=path, checked=True) for phase, path in pieces]
        return frozenset(_put(questionary.checkbox("Which files?", choices=choices)))
    return everything if how == "all" else frozenset()


def confirm(question: str) -> bool:
    """Ask whether to go on; no is what is answered by Enter alone. Raises InterruptedRunError on Ctrl-C."""
    import questionary  # noqa: PLC0415

    return bool(_put(questionary.confirm(question, default=False)))


def agree(question: str, *, default: bool = True) -> bool:
    """Ask whether to do what is usually wanted; Enter alone answers `default`. Raises InterruptedRunError on Ctrl-C."""
    import questionary  # noqa: PLC0415

    return bool(_put(questionary.confirm(question, default=default)))


def ask_values(path: str, wanted: Sequence[tuple[str, bool]]) -> dict[str, str]:
    """Ask for the values of a `.env`, each given by its name and whether it is secret; Enter alone leaves one open.

    What is secret is not shown while it is typed. Raises InterruptedRunError on Ctrl-C.
    """
    import questionary  # noqa: PLC0415

    typed = {}
    for name, is_secret in wanted:
        question = f"{path}: {name} (Enter leaves it as it is)"
        answer = str(_put(questionary.password(question) if is_secret else questionary.text(question)))
        if answer:
            typed[name] = answer
    return typed


def request_of(interpreter: Interpreter) -> str:
    """Return what asks for an interpreter of just this version and kind, as `--python` would."""
    name = "" if interpreter.implementation == "cpython" else interpreter.implementation
    return f"{name}{interpreter.version}{'t' if interpreter.is_free_threaded else ''}"


def _distinct(interpreters: Sequence[Interpreter], preselected: str) -> list[Interpreter]:
    """Return one interpreter for each version: a second of the same changes nothing that anyone would notice.

    What is preselected is among them, however many there are.
    """
    first: dict[str, Interpreter] = {}
    for interpreter in interpreters:
        first.setdefault(request_of(interpreter), interpreter)
    return [found for place, (request, found) in enumerate(first.items()) if place < _SHOWN or request == preselected]


def _put(question: Any) -> Any:
    answer = question.ask()
    if answer is None:  # questionary's word for Ctrl-C
        raise InterruptedRunError("stopped before anything was done", remedy="nothing was changed; run it again")
    return answer
