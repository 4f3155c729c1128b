"""Tools that read the code as some version of Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.expression import expression
from bootstrap.sites.model import Area, Codec, Declaration, Role
from bootstrap.syntax.tree import Scalar

if TYPE_CHECKING:
    from bootstrap.sites.model import Source
    from bootstrap.syntax.tree import Node, Path

_READS = "the tool reads the code as this Python"
_KEYS = (
    "target-version|target_version|target-versions|target_versions|python_version|python-version|pythonVersion"
    "|py-version|py_version|min_python_version|min-python-version|python_min_version|min_py_version"
)
_TOML = (
    "pyproject.toml",
    "pyproject*.toml",
    "ruff.toml",
    ".ruff.toml",
    "ruff*.toml",
    "pylintrc.toml",
    ".pylintrc.toml",
    "ty.toml",
    "pyrefly.toml",
)
_INI = (
    "setup.cfg",
    "mypy.ini",
    ".mypy.ini",
    "mypy*.ini",
    ".flake8",
    ".pylintrc",
    "pylintrc",
    ".isort.cfg",
    ".style.yapf",
    "pytest.ini",
    "pytype.cfg",
    "tox.ini",
    ".bandit",
    ".vermin",
    "vermin.ini",
)
_HOOKS = (".pre-commit-config.yaml", ".pre-commit-config.yml", ".pre-commit-hooks.yaml", "prek.yaml")
_DEPENDENCIES = expression(r"(?i)dependenc|^extras$|^packages?$|requires|^sources?$")


def _is_setting(source: Source, path: Path, node: Node) -> bool:  # noqa: ARG001 - every closer look takes all three
    """Say whether a key belongs to a tool, and not to a dependency of that name."""
    return not any(isinstance(part, str) and _DEPENDENCIES.search(part) for part in path)


def _is_option(source: Source, path: Path, node: Node) -> bool:
    """Say whether a setting has an option of the command line in it."""
    return _is_setting(source, path, node) and isinstance(node, Scalar) and "--" in node.text


_NAME = expression(r"(?i)(?:^|\b)(?:mypy|pyright|vermin|python|py)\W{0,3}(?:on |for |with |python |py)?\(?3\.")


def _names_a_target(source: Source, path: Path, node: Node) -> bool:  # noqa: ARG001 - all closer looks take three
    """Say whether a hook is called after the Python that it reads the code as, and not after its own version."""
    return isinstance(node, Scalar) and _NAME.search(node.text) is not None


ROWS = (
    Declaration(
        "tool.target",
        _READS,
        Area.TARGETED,
        Role.TARGET,
        files=_TOML,
        at=(f"**/{_KEYS}", "**/per-file-target-version/*"),
        syntax="toml",
        holds=_is_setting,
    ),
    Declaration(
        "tool.python",
        _READS,
        Area.TARGETED,
        Role.FLOOR,
        files=_TOML,
        at=("tool/**/*python*|*py*ver*",),
        syntax="toml",
        holds=_is_setting,
    ),
    Declaration(
        "tool.args",
        _READS,
        Area.TARGETED,
        Role.FLOOR,
        files=_TOML,
        at=("tool/**",),
        codec=Codec.TARGET_ARGS,
        syntax="toml",
        holds=_is_option,
    ),
    Declaration(
        "tool.ini",
        _READS,
        Area.TARGETED,
        Role.FLOOR,
        files=_INI,
        at=(f"*/{_KEYS}|targets",),
        syntax="ini",
    ),
    Declaration(
        "tool.pyright",
        _READS,
        Area.TARGETED,
        Role.FLOOR,
        files=("pyrightconfig*.json", "basedpyrightconfig.json"),
        at=("**/pythonVersion",),
        syntax="jsonc",
    ),
    Declaration(
        "tool.sonar",
        "the tool reads the code as these Pythons",
        Area.TARGETED,
        Role.SET,
        files=("sonar-project.properties", ".sonarcloud.properties"),
        codec=Codec.COMMAND,
    ),
    Declaration(
        "hooks.language-version",
        "hooks run on it",
        Area.DEVELOPED,
        Role.DEFAULT,
        files=_HOOKS,
        at=("default_language_version/python", "**/language_version"),
        syntax="yaml",
    ),
    Declaration(
        "hooks.args",
        "the hook reads the code as this Python",
        Area.TARGETED,
        Role.FLOOR,
        files=_HOOKS,
        at=("**/args|entry", "**/args/[]"),
        codec=Codec.TARGET_ARGS,
        syntax="yaml",
    ),
    Declaration(
        "hooks.name",
        "people read it",
        Area.TOLD,
        Role.FLOOR,
        files=_HOOKS,
        at=("**/name",),
        codec=Codec.ANY,
        syntax="yaml",
        holds=_names_a_target,
    ),
)
