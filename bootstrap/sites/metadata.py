"""What a distribution claims: its metadata, in whatever file they are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.expression import expression
from bootstrap.sites.model import Area, Codec, Declaration, Role
from bootstrap.syntax.tree import Scalar

if TYPE_CHECKING:
    from bootstrap.sites.model import Source
    from bootstrap.syntax.tree import Node, Path

_PYPROJECT = ("pyproject.toml", "pyproject*.toml")
_SETUP_PY = ("setup.py",)
_SETUP_CFG = ("setup.cfg",)
_REFUSES = "installers refuse other Pythons"
_TELLS = "the index tells people"
_NEEDED = "says what is needed"

_TAGS = expression(r"[a-z]{0,8}-?(?:py|cp)3[0-9]+")


def _is_tag(source: Source, path: Path, node: Node) -> bool:  # noqa: ARG001 - every closer look takes all three
    """Say whether a string is the tag of a wheel or of an ABI, and no file's name or sentence."""
    return isinstance(node, Scalar) and _TAGS.fullmatch(node.text) is not None


def _is_marker(source: Source, path: Path, node: Node) -> bool:  # noqa: ARG001 - every closer look takes all three
    """Say whether a requirement has a condition on the version, or is one."""
    return isinstance(node, Scalar) and (path[-1] == "python" or "python_" in node.text)


ROWS = (
    Declaration(
        "pyproject.requires-python",
        _REFUSES,
        Area.CLAIMED,
        Role.FLOOR,
        files=_PYPROJECT,
        at=("project/requires-python", "tool/flit/metadata/requires-python", "tool/pdm/python_requires"),
        syntax="toml",
    ),
    Declaration(
        "pyproject.classifiers",
        _TELLS,
        Area.CLAIMED,
        Role.SET,
        files=_PYPROJECT,
        at=("project/classifiers", "tool/poetry/classifiers", "tool/flit/metadata/classifiers"),
        codec=Codec.CLASSIFIER,
        syntax="toml",
    ),
    Declaration(
        "poetry.python",
        _REFUSES,
        Area.CLAIMED,
        Role.FLOOR,
        files=_PYPROJECT,
        at=("tool/poetry/dependencies/python", "tool/poetry/dependencies/python/version"),
        syntax="toml",
    ),
    Declaration(
        "pyproject.marker",
        "decides whether a dependency is installed",
        Area.CLAIMED,
        Role.MARKER,
        files=_PYPROJECT,
        at=(
            "project/dependencies/[]",
            "project/optional-dependencies/*/[]",
            "dependency-groups/*/[]",
            "build-system/requires/[]",
            "tool/poetry/**/dependencies/*/python|markers",
            "tool/poetry/**/dependencies/*/[]/python|markers",
            "tool/uv/**/marker",
            "tool/uv/environments/[]",
            "tool/uv/required-environments/[]",
        ),
        codec=Codec.MARKER,
        syntax="toml",
        holds=_is_marker,
    ),
    Declaration(
        "devstrap.minimum",
        "devstrap holds everything against it",
        Area.CLAIMED,
        Role.FLOOR,
        files=("pyproject.toml",),
        at=("tool/devstrap/minimum",),
        syntax="toml",
    ),
    Declaration(
        "devstrap.default",
        "devstrap sets the repository up with it",
        Area.DEVELOPED,
        Role.DEFAULT,
        files=("pyproject.toml",),
        at=("tool/devstrap/default",),
        syntax="toml",
    ),
    Declaration(
        "devstrap.supported",
        "devstrap holds everything against them",
        Area.CLAIMED,
        Role.SET,
        files=("pyproject.toml",),
        at=("tool/devstrap/supported",),
        syntax="toml",
    ),
    Declaration(
        "setup-cfg.python-requires",
        _REFUSES,
        Area.CLAIMED,
        Role.FLOOR,
        files=_SETUP_CFG,
        at=("options/python_requires", "metadata/requires_python|requires-python"),
        syntax="ini",
    ),
    Declaration(
        "setup-cfg.classifiers",
        _TELLS,
        Area.CLAIMED,
        Role.SET,
        files=_SETUP_CFG,
        at=("metadata/classifiers|classifier",),
        codec=Codec.CLASSIFIER,
        syntax="ini",
    ),
    Declaration(
        "setup-cfg.marker",
        "decides whether a dependency is installed",
        Area.CLAIMED,
        Role.MARKER,
        files=_SETUP_CFG,
        at=("options/*_requires", "options/*_requires/[]", "options.extras_require/*", "options.extras_require/*/[]"),
        codec=Codec.MARKER,
        syntax="ini",
        holds=_is_marker,
    ),
    Declaration(
        "setup-py.python-requires",
        _REFUSES,
        Area.CLAIMED,
        Role.FLOOR,
        files=_SETUP_PY,
        at=("**/python_requires", "**/python_requires/[]"),
        syntax="python",
    ),
    Declaration(
        "setup-py.classifiers",
        _TELLS,
        Area.CLAIMED,
        Role.SET,
        files=_SETUP_PY,
        at=("**/*classifiers*", "**/classifiers/[]"),
        codec=Codec.CLASSIFIER,
        syntax="python",
    ),
    Declaration(
        "setup-py.guard",
        "refuses other Pythons",
        Area.CLAIMED,
        Role.FLOOR,
        files=_SETUP_PY,
        at=(
            "**/sys.version_info*<|sys.version_info*<=|version_info <",
            "**/*min*py*|*py*min*|*required_python*|*minimum*version*",
        ),
        syntax="python",
    ),
    Declaration(
        "setup-py.tag",
        "names the oldest Python of the stable ABI",
        Area.CLAIMED,
        Role.FLOOR,
        files=_SETUP_PY,
        at=("**",),
        codec=Codec.SESSION,
        syntax="python",
        holds=_is_tag,
    ),
    Declaration(
        "setup-py.text",
        _NEEDED,
        Area.CLAIMED,
        Role.DEFAULT,
        files=_SETUP_PY,
        at=("**",),
        codec=Codec.PROSE,
        syntax="python",
    ),
    Declaration("setup-py.comment", _NEEDED, Area.CLAIMED, Role.DEFAULT, files=_SETUP_PY, codec=Codec.COMMENT),
    Declaration(
        "setup-cfg.text",
        _NEEDED,
        Area.TOLD,
        Role.DEFAULT,
        files=_SETUP_CFG,
        at=("metadata/description|long_description|summary",),
        codec=Codec.PROSE,
        syntax="ini",
    ),
    Declaration(
        "pyproject.text",
        _NEEDED,
        Area.TOLD,
        Role.DEFAULT,
        files=_PYPROJECT,
        at=("project/description", "tool/poetry/description", "tool/hatch/metadata/**/text", "tool/**/readme/text"),
        codec=Codec.PROSE,
        syntax="toml",
    ),
    Declaration(
        "conda.recipe",
        "conda installs it beside these",
        Area.CLAIMED,
        Role.FLOOR,
        files=("meta.yaml", "recipe.yaml"),
        codec=Codec.CONDA,
    ),
    Declaration(
        "conda.variants",
        "conda builds it for these",
        Area.TESTED,
        Role.SET,
        files=("conda_build_config.yaml", "variants.yaml"),
        at=("python",),
        syntax="yaml",
    ),
    Declaration(
        "rust.abi3",
        "names the oldest Python that the extension runs on",
        Area.CLAIMED,
        Role.FLOOR,
        files=("Cargo.toml",),
        at=("**/dependencies/pyo3*/**", "**/features/**", "features"),
        codec=Codec.NAMED,
        syntax="toml",
    ),
    Declaration(
        "rust.requires-python",
        _REFUSES,
        Area.CLAIMED,
        Role.FLOOR,
        files=("Cargo.toml",),
        at=("package/metadata/maturin/requires-python",),
        syntax="toml",
    ),
)
