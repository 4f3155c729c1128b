"""What tests run on, as tox, nox, hatch, asv and cibuildwheel are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.expression import expression
from bootstrap.sites.model import Area, Codec, Declaration, Role
from bootstrap.syntax.tree import Scalar, Series, Table

if TYPE_CHECKING:
    from bootstrap.sites.model import Source
    from bootstrap.syntax.tree import Node, Path

_TOX_INI = ("tox.ini", "tox*.ini", "setup.cfg")
_TOX_TOML = ("tox.toml", "pyproject.toml")
_NOX = ("noxfile.py", "*noxfile.py")
_HATCH = ("pyproject.toml", "hatch.toml")
_WHEELS = ("pyproject.toml", "cibuildwheel.toml")

_TOX_RUNS = "tox runs these"
_TOX_MAPS = "maps a job's Python to environments"
_TOX_SETS = "settings for some environments"
_RUNS_ON = "the environment runs on it"
_NOX_RUNS = "nox runs these"

_FILE = expression(r"[\w./{}-]*3[0-9.]+[\w.-]*\.(?:txt|in|lock|toml|ya?ml|json|cfg|ini|py|whl|rst|md)")


def _is_no_file(source: Source, path: Path, node: Node) -> bool:  # noqa: ARG001 - every closer look takes all three
    """Say whether a string is no file's name, which stays as long as the file is called so."""
    return not isinstance(node, Scalar) or _FILE.fullmatch(node.text) is None


def _is_of_words(source: Source, path: Path, node: Node) -> bool:  # noqa: ARG001 - every closer look takes all three
    """Say whether a list has more in it than products of other lists."""
    return isinstance(node, Series) and not all(isinstance(item, Table) for item in node.items)


ROWS = (
    Declaration(
        "tox.envlist",
        _TOX_RUNS,
        Area.TESTED,
        Role.SET,
        files=_TOX_INI,
        at=("tox/envlist|env_list", "tox:tox/envlist|env_list"),
        codec=Codec.ITEMS,
        syntax="ini",
    ),
    Declaration(
        "tox.gh-actions",
        _TOX_MAPS,
        Area.TESTED,
        Role.SET,
        files=_TOX_INI,
        at=("gh-actions/python", "gh/python"),
        codec=Codec.MAPPING,
        syntax="ini",
    ),
    Declaration(
        "tox.basepython",
        _RUNS_ON,
        Area.TESTED,
        Role.DEFAULT,
        files=_TOX_INI,
        at=("*/basepython|base_python", "*/basepython|base_python/[]"),
        codec=Codec.MAPPING,
        syntax="ini",
    ),
    Declaration(
        "tox.conditional",
        _TOX_SETS,
        Area.TESTED,
        Role.SET,
        files=_TOX_INI,
        at=("testenv*/*", "testenv*/*/[]", "tox/*"),
        codec=Codec.MAPPING,
        syntax="ini",
    ),
    Declaration(
        "tox.section",
        _TOX_SETS,
        Area.TESTED,
        Role.SET,
        files=_TOX_INI,
        codec=Codec.SECTIONS,
        syntax="ini",
        needs=r"\[testenv:[^\]\n]*(?:\{|3[0-9]+-)",
    ),
    Declaration(
        "tox.embedded-envlist",
        _TOX_RUNS,
        Area.TESTED,
        Role.SET,
        files=("pyproject.toml",),
        at=("tox/envlist|env_list",),
        codec=Codec.ITEMS,
        syntax="toxini",
        needs="legacy_tox_ini",
    ),
    Declaration(
        "tox.embedded-gh-actions",
        _TOX_MAPS,
        Area.TESTED,
        Role.SET,
        files=("pyproject.toml",),
        at=("gh-actions/python", "gh/python"),
        codec=Codec.MAPPING,
        syntax="toxini",
        needs="legacy_tox_ini",
    ),
    Declaration(
        "tox.embedded-basepython",
        _RUNS_ON,
        Area.TESTED,
        Role.DEFAULT,
        files=("pyproject.toml",),
        at=("*/basepython|base_python", "*/basepython|base_python/[]"),
        codec=Codec.MAPPING,
        syntax="toxini",
        needs="legacy_tox_ini",
    ),
    Declaration(
        "tox.embedded-conditional",
        _TOX_SETS,
        Area.TESTED,
        Role.SET,
        files=("pyproject.toml",),
        at=("testenv*/*", "testenv*/*/[]", "tox/*"),
        codec=Codec.MAPPING,
        syntax="toxini",
        needs="legacy_tox_ini",
    ),
    Declaration(
        "tox.toml-envlist",
        _TOX_RUNS,
        Area.TESTED,
        Role.SET,
        files=_TOX_TOML,
        at=("env_list", "tool/tox/env_list"),
        codec=Codec.NAMED,
        syntax="toml",
        holds=_is_of_words,
    ),
    Declaration(
        "tox.toml-gh",
        _TOX_MAPS,
        Area.TESTED,
        Role.SET,
        files=_TOX_TOML,
        at=("gh/python", "tool/tox/gh/python"),
        codec=Codec.KEYED,
        syntax="toml",
    ),
    Declaration(
        "tox.toml-factors",
        _TOX_RUNS,
        Area.TESTED,
        Role.SET,
        files=_TOX_TOML,
        at=("**/env_list/[]/**", "**/gh/python/*", "**/prefix", "**/factors"),
        codec=Codec.NAMED,
        syntax="toml",
    ),
    Declaration(
        "tox.toml-python",
        _RUNS_ON,
        Area.TESTED,
        Role.DEFAULT,
        files=_TOX_TOML,
        at=("**/base_python|default_base_python", "**/base_python|default_base_python/[]"),
        codec=Codec.NAMED,
        syntax="toml",
    ),
    Declaration(
        "nox.python",
        _NOX_RUNS,
        Area.TESTED,
        Role.SET,
        files=_NOX,
        at=("**/*python*|*version*",),
        syntax="python",
    ),
    Declaration(
        "nox.other",
        _NOX_RUNS,
        Area.TESTED,
        Role.SET,
        files=_NOX,
        at=("**/*py*|*version*|*session*|*interpreter*|*support*", "**/nox.parametrize()/**"),
        syntax="python",
    ),
    Declaration(
        "nox.session",
        _NOX_RUNS,
        Area.TESTED,
        Role.SET,
        files=_NOX,
        at=("**",),
        codec=Codec.SESSION,
        syntax="python",
    ),
    Declaration(
        "nox.named",
        "nox uses it",
        Area.TESTED,
        Role.DEFAULT,
        files=_NOX,
        at=("**",),
        codec=Codec.NAMED,
        syntax="python",
        holds=_is_no_file,
    ),
    Declaration(
        "hatch.matrix",
        "hatch runs these",
        Area.TESTED,
        Role.SET,
        files=_HATCH,
        at=("tool/hatch/envs/**/matrix/[]/py*|*python*|version*", "envs/**/matrix/[]/py*|*python*|version*"),
        syntax="toml",
    ),
    Declaration(
        "hatch.python",
        _RUNS_ON,
        Area.TESTED,
        Role.DEFAULT,
        files=_HATCH,
        at=("tool/hatch/envs/**/python", "envs/**/python"),
        syntax="toml",
    ),
    Declaration(
        "cibuildwheel.build",
        "wheels are built for these",
        Area.SHIPPED,
        Role.SET,
        files=_WHEELS,
        at=("tool/cibuildwheel/**/build",),
        codec=Codec.ITEMS,
        syntax="toml",
    ),
    Declaration(
        "cibuildwheel.skip",
        "no wheels are built for these",
        Area.SHIPPED,
        Role.MARKER,
        files=_WHEELS,
        at=("tool/cibuildwheel/**/skip|test-skip|select",),
        codec=Codec.ITEMS,
        syntax="toml",
    ),
    Declaration(
        "cibuildwheel.floor",
        "wheels are built from it on",
        Area.SHIPPED,
        Role.FLOOR,
        files=_WHEELS,
        at=("tool/cibuildwheel/**/project-requires-python",),
        syntax="toml",
    ),
    Declaration(
        "cibuildwheel.other",
        "wheels are built with it",
        Area.SHIPPED,
        Role.DEFAULT,
        files=_WHEELS,
        at=("tool/cibuildwheel/**",),
        codec=Codec.NAMED,
        syntax="toml",
    ),
    Declaration(
        "asv.pythons",
        "benchmarks run on these",
        Area.TESTED,
        Role.SET,
        files=("asv.conf.json", "asv*.json"),
        at=("pythons",),
        syntax="jsonc",
    ),
    Declaration(
        "asv.matrix",
        "benchmarks run on it",
        Area.TESTED,
        Role.DEFAULT,
        files=("asv.conf.json", "asv*.json"),
        at=("include", "exclude", "**/*python*"),
        syntax="jsonc",
    ),
)
