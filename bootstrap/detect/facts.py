"""Everything that planning needs to know of the machine and the repository, gathered without changing either."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap.detect.environment import broken, detect_environment, displaced, library_of
from bootstrap.detect.host import detect_host
from bootstrap.detect.inspection import inspect
from bootstrap.detect.repository import Reader, detect_repository
from bootstrap.detect.wholeness import first_gap
from bootstrap.model import Facts
from bootstrap.setup import dependencies
from bootstrap.setup.editors import present_editors
from bootstrap.setup.python import choose, is_settled

if TYPE_CHECKING:
    from bootstrap.commands import Tools
    from bootstrap.machine import Interpreter
    from bootstrap.model import Answers


# uv's settings for where Pythons come from.
_MIRRORS = ("UV_PYTHON_DOWNLOADS_JSON_URL", "UV_PYTHON_INSTALL_MIRROR")


def detect(read: Reader, answers: Answers, tools: Tools) -> Facts:
    """Look at the machine and the repository below `read`; raise a BootstrapError for what cannot be understood.

    Interpreters are looked for only where `.venv` does not run a suitable one, and the environment is inspected only
    where it does.
    """
    root = read.root
    host = detect_host(tools.env)
    repository = detect_repository(root, read, is_asked=answers.python is not None)
    wanted = dependencies.recognise(repository, read)
    environment = displaced(detect_environment(root), root, host)
    inspection = None
    if is_settled(environment, repository, answers):
        inspection = inspect(repository, environment, wanted, tools)
        library = library_of(environment.path)
        gap = first_gap(library) if library else None
        if gap is not None:
            environment, inspection = broken(environment, f"{gap[0]} is not whole, {gap[1]} is missing"), None
        elif not inspection.running:
            environment = broken(environment, f"its interpreter does not start: {inspection.broken_imports[0][1]}")
            inspection = None
    seen: list[Interpreter] = []

    def interpreters() -> tuple[Interpreter, ...]:
        from bootstrap.detect.interpreters import find_interpreters  # noqa: PLC0415 - not needed by a run without work

        seen.extend(find_interpreters(tools.env, host, cache_dir=tools.cache))
        return tuple(seen)

    choice = choose(repository, environment, host, answers, interpreters)
    home = Path(tools.env.get("HOME") or tools.env.get("USERPROFILE") or root)
    return Facts(
        host=host,
        repository=repository,
        interpreters=tuple(seen),
        environment=environment,
        choice=choice,
        dependencies=wanted,
        inspection=inspection,
        has_local_mirror=any(tools.env.get(name, "").startswith(("file:", "/")) for name in _MIRRORS),
        asked_python=answers.python,
        present_editors=present_editors(tools.env, home),
    )
