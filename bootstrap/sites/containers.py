"""Images and runtimes: what is shipped."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bootstrap.sites.ci import is_value_of_python
from bootstrap.sites.model import Area, Codec, Declaration, Role

if TYPE_CHECKING:
    from bootstrap.sites.model import Source
    from bootstrap.syntax.tree import Node, Path

_DOCKERFILES = ("*Dockerfile*", "*Containerfile*")
_COMPOSE = ("compose*.yml", "compose*.yaml", "docker-compose*.yml", "docker-compose*.yaml", "docker-bake.json")
# A template's own file offers Pythons to repositories of others, which is no promise of this one.
_DEVCONTAINER = ("devcontainer.json", ".devcontainer.json")
_FUNCTIONS = (
    "serverless*.yml",
    "serverless*.yaml",
    "template*.yml",
    "template*.yaml",
    "sam*.yaml",
    "*stack*.yaml",
    "function.yaml",
    "app*.yaml",
    "app.yml",
)
_PLATFORMS = ("render.yaml", "render.yml", "heroku.yml", ".platform.app.yaml", ".upsun/config.yaml", "apprunner.yaml")
_RUNS_ON = "the image runs on it"
_PLATFORM = "the platform runs on it"
_SERVICE = "the service runs on it"
_CONTAINER = "the container of developers runs on it"


def _is_of_python(source: Source, path: Path, node: Node) -> bool:  # noqa: ARG001 - every closer look takes all three
    """Say whether an argument's name speaks of Python, or an image of Python takes it for its tag."""
    name = str(path[-1])
    if "py" in name.lower():
        return True
    return (
        re.search(rf"(?im)^\s*FROM\s[^\n]*python[^\s:]*:(?:[0-9]+-)?\$\{{?{re.escape(name)}\b", source.text) is not None
    )


ROWS = (
    Declaration(
        "docker.from",
        _RUNS_ON,
        Area.SHIPPED,
        Role.DEFAULT,
        files=_DOCKERFILES,
        at=("FROM",),
        codec=Codec.IMAGE,
        syntax="dockerfile",
    ),
    Declaration(
        "docker.arg",
        _RUNS_ON,
        Area.SHIPPED,
        Role.DEFAULT,
        files=_DOCKERFILES,
        at=("ARG|ENV/*",),
        codec=Codec.ANY,
        syntax="dockerfile",
        holds=_is_of_python,
    ),
    Declaration(
        "docker.run",
        "the image uses it",
        Area.SHIPPED,
        Role.DEFAULT,
        files=_DOCKERFILES,
        at=("**",),
        codec=Codec.COMMAND,
        syntax="dockerfile",
    ),
    Declaration(
        "compose.arg",
        _SERVICE,
        Area.SHIPPED,
        Role.DEFAULT,
        files=_COMPOSE,
        at=("**/args|environment/*py*",),
        codec=Codec.ANY,
        syntax="yaml",
    ),
    Declaration(
        "compose.image",
        _SERVICE,
        Area.SHIPPED,
        Role.DEFAULT,
        files=_COMPOSE,
        at=("**",),
        codec=Codec.COMMAND,
        syntax="yaml",
    ),
    Declaration(
        "bake.value",
        _SERVICE,
        Area.SHIPPED,
        Role.DEFAULT,
        files=("docker-bake*.hcl",),
        codec=Codec.COMMAND,
    ),
    Declaration(
        "devcontainer.option",
        _CONTAINER,
        Area.DEVELOPED,
        Role.DEFAULT,
        files=_DEVCONTAINER,
        at=("features/*python*/version", "build/args/variant|*py*"),
        codec=Codec.ANY,
        syntax="jsonc",
    ),
    Declaration(
        "devcontainer.image",
        _CONTAINER,
        Area.DEVELOPED,
        Role.DEFAULT,
        files=_DEVCONTAINER,
        at=("**",),
        codec=Codec.IMAGE,
        syntax="jsonc",
    ),
    Declaration("runtime.txt", _PLATFORM, Area.SHIPPED, Role.DEFAULT, files=("runtime.txt",), codec=Codec.LINES),
    Declaration(
        "serverless.runtimes",
        "the layer is for these",
        Area.SHIPPED,
        Role.SET,
        files=_FUNCTIONS,
        at=("**/compatibleRuntimes",),
        codec=Codec.NAMED,
        syntax="yaml",
        needs="python",
    ),
    Declaration(
        "serverless.runtime",
        _PLATFORM,
        Area.SHIPPED,
        Role.DEFAULT,
        files=_FUNCTIONS,
        at=("**",),
        codec=Codec.NAMED,
        syntax="yaml",
        needs="python",
    ),
    Declaration(
        "serverless.json",
        _PLATFORM,
        Area.SHIPPED,
        Role.DEFAULT,
        files=("template*.json", "serverless.json", "vercel.json", "now.json", "app.json", "cdk.json"),
        at=("**",),
        codec=Codec.NAMED,
        syntax="jsonc",
        needs="python",
    ),
    Declaration(
        "platform.key",
        _PLATFORM,
        Area.SHIPPED,
        Role.DEFAULT,
        files=_PLATFORMS,
        at=("**/*python*", "**/runtime-version"),
        syntax="yaml",
    ),
    Declaration(
        "platform.variable",
        _PLATFORM,
        Area.SHIPPED,
        Role.DEFAULT,
        files=_PLATFORMS,
        at=("**/value",),
        syntax="yaml",
        holds=is_value_of_python,
    ),
    Declaration(
        "platform.other",
        _PLATFORM,
        Area.SHIPPED,
        Role.DEFAULT,
        files=_PLATFORMS,
        at=("**",),
        codec=Codec.NAMED,
        syntax="yaml",
    ),
    Declaration(
        "platform.toml",
        _PLATFORM,
        Area.SHIPPED,
        Role.DEFAULT,
        files=("netlify.toml", "fly.toml", "nixpacks.toml", "railway.toml", "samconfig.toml"),
        at=("**/*python*",),
        syntax="toml",
    ),
    Declaration(
        "snap.python",
        "the snap runs on it",
        Area.SHIPPED,
        Role.DEFAULT,
        files=("snapcraft.yaml", "snapcraft.yml"),
        at=("**",),
        codec=Codec.NAMED,
        syntax="yaml",
    ),
)
