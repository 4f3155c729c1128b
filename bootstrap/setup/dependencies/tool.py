"""Another manager's own tool, through uv and pinned, for the locks that only it can read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bootstrap import assets
from bootstrap.model import Run
from bootstrap.setup.dependencies import locked

if TYPE_CHECKING:
    from bootstrap.model import Repository

_PINS = "exporters.lock"
_TARGET = f"{{target}}/{locked.FILE}"

ITSELF = Run(
    ("uv", "pip", "install", "--python", "{target}", "--no-deps", "--editable", "."), "install the project itself"
)
"""The project, upon all that was locked for it."""


def install(lock: str) -> Run:
    """Return the command that installs exactly what was locked, without resolving anything."""
    return Run(
        ("uv", "pip", "install", "--python", "{target}", "--no-deps", "--requirements", _TARGET),
        f"install what {lock} says",
    )


def poetry(groups: tuple[str, ...], extras: tuple[str, ...]) -> Run:
    """Return the command by which Poetry writes its lock as a requirements file; it changes nothing else."""
    wanted = [word for name in groups for word in ("--with", name)] + [word for name in extras for word in ("-E", name)]
    return Run(
        (
            *_tool("poetry"),
            *("--with", "poetry-plugin-export", "poetry", "--no-interaction", "export", "--output", _TARGET),
            *wanted,
        ),
        "read poetry.lock by Poetry",
    )


def _tool(name: str) -> tuple[str, ...]:
    """Return how uv starts a tool on devstrap's own Python, with every package of it pinned."""
    pins = str(assets.place(_PINS))
    return ("uv", "tool", "run", "--python", "{devstrap}", "--constraints", pins, "--from", name)


def deciding(repository: Repository) -> bytes:
    """Return what of pyproject.toml decides about how the project itself is installed."""
    project = repository.pyproject.get("project", {})
    scripts = {key: project.get(key) for key in ("name", "version", "scripts", "entry-points")}
    tools = repository.pyproject.get("tool", {})
    own = {key: tools.get("poetry", {}).get(key) for key in ("name", "packages", "scripts", "plugins")}
    return json.dumps([repository.pyproject.get("build-system"), scripts, own], sort_keys=True, default=str).encode()
