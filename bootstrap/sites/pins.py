"""What developers work with: pins of version managers, editors, environments of conda."""

from __future__ import annotations

from bootstrap.sites.model import Area, Codec, Declaration, Role

_MISE = (
    "mise.toml",
    ".mise.toml",
    "mise.*.toml",
    ".mise.*.toml",
    "mise/config.toml",
    ".mise/config.toml",
    ".config/mise.toml",
)
_PIXI = ("pixi.toml", "pyproject.toml")
_CONDA = (
    "*environment*.yml",
    "*environment*.yaml",
    "*env*.yml",
    "*env*.yaml",
    "conda*.yml",
    "conda*.yaml",
    "envs/*.yml",
    "envs/*.yaml",
)

ROWS = (
    Declaration(
        "pin.python-version",
        "uv and pyenv take it",
        Area.DEVELOPED,
        Role.DEFAULT,
        files=(".python-version", ".python-versions", ".python-version-*"),
        codec=Codec.LINES,
    ),
    Declaration(
        "pin.tool-versions",
        "asdf and mise take it",
        Area.DEVELOPED,
        Role.DEFAULT,
        files=(".tool-versions",),
        codec=Codec.NAMED,
    ),
    Declaration(
        "pin.mise",
        "mise takes it",
        Area.DEVELOPED,
        Role.DEFAULT,
        files=_MISE,
        at=("tools/python", "tools/python/version", "env/*python*"),
        syntax="toml",
    ),
    Declaration(
        "pipfile.python",
        "pipenv makes its environment with it",
        Area.DEVELOPED,
        Role.DEFAULT,
        files=("Pipfile",),
        at=("requires/python_version|python_full_version",),
        syntax="toml",
    ),
    Declaration(
        "pin.pixi-feature",
        "pixi takes it for the environments of this feature",
        Area.DEVELOPED,
        Role.MARKER,
        files=_PIXI,
        at=("**/feature/*py3*/*dependencies/python", "**/feature/*py3*/*dependencies/python/version"),
        syntax="toml",
    ),
    Declaration(
        "pin.pixi",
        "pixi takes it",
        Area.DEVELOPED,
        Role.FLOOR,
        files=_PIXI,
        at=("tool/pixi/**/*dependencies/python", "**/*dependencies/python", "**/*dependencies/python/version"),
        syntax="toml",
    ),
    Declaration(
        "pin.pixi-environments",
        "pixi makes an environment for each of these",
        Area.TESTED,
        Role.SET,
        files=_PIXI,
        at=("environments", "tool/pixi/environments"),
        codec=Codec.KEYED,
        syntax="toml",
    ),
    Declaration(
        "pin.conda",
        "conda makes its environment with it",
        Area.DEVELOPED,
        Role.DEFAULT,
        files=_CONDA,
        at=("dependencies/[]",),
        codec=Codec.CONDA,
        syntax="yaml",
    ),
    Declaration(
        "editor.vscode",
        "VS Code uses it",
        Area.DEVELOPED,
        Role.DEFAULT,
        files=(".vscode/*.json", "*.code-workspace"),
        at=("**",),
        codec=Codec.NAMED,
        syntax="jsonc",
    ),
    Declaration(
        "editor.pycharm",
        "PyCharm uses it",
        Area.DEVELOPED,
        Role.DEFAULT,
        files=(".idea/*.xml", ".idea/*.iml", ".idea/runConfigurations/*.xml"),
        codec=Codec.NAMED,
    ),
)
