"""The parts of an adoption that somebody may not want: as an option says, else as last time, else as is usual."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

from bootstrap.adopt.model import Phase, Wishes
from bootstrap.answers import RUNS
from bootstrap.setup.editors import EDITORS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from bootstrap.model import Settings
    from bootstrap.options import Options
    from bootstrap.policy import Policy

PARTS = {
    "ci": "CI: a workflow that tests it on every supported Python",
    "hooks": "pre-commit: a hook that says which versions disagree",
    "guards": "Makefile: install with bootstrap.py, and refuse a wrong Python",
    "documents": "documents: say how to set up",
    "devcontainer": "a devcontainer",
    "image": "a Dockerfile for what runs",
    "gather": "pyproject.toml: take over what tools are told in pytest.ini, mypy.ini and the like, which go",
}
"""What a person is asked, by the name of the option and of the writer."""
EDITORS_PART = "editors"
_PHASES = {"image": Phase.CONTAINERS, "gather": Phase.FOUNDATION}
_NOTE = "wishes.json"


def wished(options: Options, policy: Policy, settings: Settings, noted: Mapping[str, Any]) -> Wishes:
    """Return what is wanted before anybody is asked."""
    wishes = Wishes(policy)
    for name in PARTS:
        said = (getattr(options, name), noted.get(name), getattr(settings, name, None))
        given = [value for value in said if isinstance(value, bool)]
        wishes = _with(wishes, {name: given[0]}) if given else wishes
    editors = [value for value in (options.editors, noted.get(EDITORS_PART), settings.editors) if value is not None]
    return wishes._replace(editors=tuple(editors[0])) if editors else wishes


def everything(wishes: Wishes) -> Wishes:
    """Return the wish for all that there is."""
    return _with(wishes, dict.fromkeys(PARTS, True))._replace(editors=tuple(EDITORS))


def within(names: Iterable[str], phases: Collection[Phase]) -> list[str]:
    """Return the parts that belong to some phases."""
    return [name for name in names if _PHASES.get(name, Phase.ENVIRONMENT) in phases]


def questions(wishes: Wishes, options: Options, offered: Collection[str]) -> list[tuple[str, str, bool]]:
    """Return what there is to ask: name, title, and whether it is wanted so far.

    `offered` are the parts that would change something; what an option has decided is not asked.
    """
    open_parts = [name for name in PARTS if name in offered and getattr(options, name) is None]
    asked = [(name, PARTS[name], bool(getattr(wishes, f"has_{name}"))) for name in open_parts]
    if EDITORS_PART in offered and options.editors is None:
        asked += [(name, f"settings for {editor.title}", name in wishes.editors) for name, editor in EDITORS.items()]
    return asked


def answered(wishes: Wishes, asked: Iterable[tuple[str, str, bool]], picked: Collection[str]) -> Wishes:
    """Return what is wanted once somebody was asked."""
    editors = set(wishes.editors)
    for name, _, _ in asked:
        if name in PARTS:
            wishes = _with(wishes, {name: name in picked})
        else:
            editors = editors | {name} if name in picked else editors - {name}
    return wishes._replace(editors=tuple(name for name in EDITORS if name in editors))


def _with(wishes: Wishes, parts: Mapping[str, bool]) -> Wishes:
    changed: dict[str, Any] = {f"has_{name}": is_wanted for name, is_wanted in parts.items()}
    return wishes._replace(**changed)


# ---- remembered in the checkout, and not in the repository: a colleague may want something else ---------------------


def note(folder: Path, wishes: Wishes) -> None:
    """Note what was wanted of a run; a note that cannot be written is none."""
    found = {name: getattr(wishes, f"has_{name}") for name in PARTS}
    with contextlib.suppress(OSError):
        (folder / _NOTE).write_text(json.dumps({**found, EDITORS_PART: wishes.editors}), "utf-8")


def noted(state_dir: Path) -> Mapping[str, Any]:
    """Return what was wanted of the last run that was not undone; nothing where there is no such note."""
    files = [file for file in (state_dir / RUNS).glob(f"*/{_NOTE}") if file.parent.name.isdecimal()]
    for file in sorted(files, key=lambda file: int(file.parent.name), reverse=True):
        with contextlib.suppress(OSError, ValueError):
            found = json.loads(file.read_bytes())
            editors = found.pop(EDITORS_PART, None) if isinstance(found, dict) else None
            is_list = isinstance(editors, list) and all(isinstance(name, str) and name in EDITORS for name in editors)
            return {**found, **({EDITORS_PART: editors} if is_list else {})} if isinstance(found, dict) else {}
    return {}


def forget(folder: Path) -> None:
    """Forget what was wanted of a run that is undone."""
    with contextlib.suppress(OSError):
        (folder / _NOTE).unlink(missing_ok=True)
