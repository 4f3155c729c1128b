"""The project's own modules, named where setuptools would take bootstrap.py for one of them and refuse to build."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from bootstrap.adopt.commands import text_of
from bootstrap.adopt.installed import repository_of
from bootstrap.adopt.model import Draft, Remark
from bootstrap.adopt.tables import added, loaded, spelled_out, table_of
from bootstrap.adopt.wrapper import PATH
from bootstrap.detect.declared import PYPROJECT
from bootstrap.setup.dependencies.pyproject import is_installable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bootstrap.adopt.model import Drafts, Tree, Wishes

# What setuptools passes over when it looks for packages and modules at the root (its documentation, "Package
# Discovery", flat-layout). A folder is a package there even without an __init__.py.
_NO_PACKAGES = (
    *("ci", "bin", "debian", "doc", "docs", "documentation", "manpages", "news", "newsfragments", "changelog", "test"),
    *(
        "tests",
        "unit_test",
        "unit_tests",
        "example",
        "examples",
        "scripts",
        "tools",
        "util",
        "utils",
        "python",
        "build",
    ),
    *("dist", "venv", "env", "requirements", "tasks", "fabfile", "site_scons", "benchmark", "benchmarks", "exercise"),
    *("exercises", "htmlcov", "[._]*"),
)
_NO_MODULES = (
    *("setup", "conftest", "test", "tests", "example", "examples", "build", "toxfile", "noxfile", "pavement", "dodo"),
    *(
        "tasks",
        "fabfile",
        "[Ss][Cc]onstruct",
        "conanfile",
        "manage",
        "benchmark",
        "benchmarks",
        "exercise",
        "exercises",
    ),
    "[._]*",
)
# What tells setuptools what to take, so that it does not look.
_TELLING = ("packages", "py-modules", "ext-modules")
_TELLING_OLD = ("packages", "py_modules", "ext_modules")
_MOST = 1
"""Where there are more modules than that, setuptools has refused to build before."""


def modules(tree: Tree, wishes: Wishes) -> Drafts:  # noqa: ARG001 - every writer takes both
    """Name the modules of a project whose setuptools finds them by itself: then it does not find bootstrap.py too."""
    own = _own(tree)
    data = loaded(tree.read(PYPROJECT))
    if PATH not in tree.paths or len(own) > _MOST or data is None or not _looks(tree, data):
        return
    rows = {"py-modules": own}
    told = f"py-modules = {spelled_out(own)} in [tool.setuptools]"
    after = added(tree.read(PYPROJECT) or b"", "setuptools", rows) if "project" in data else None
    if after is not None:
        yield Draft(PYPROJECT, after, f"setuptools does not take {PATH} for one of the project's modules")
    else:
        yield Remark(PYPROJECT, f"setuptools would take {PATH} for one of the project's modules: say {told}")


def _own(tree: Tree) -> list[str]:
    """Return the modules at the root, without bootstrap.py."""
    names = [
        path.removesuffix(".py") for path in tree.paths if "/" not in path and path.endswith(".py") and path != PATH
    ]
    return [name for name in names if not _fits(name, _NO_MODULES)]


def _looks(tree: Tree, data: dict[str, Any]) -> bool:
    """Say whether setuptools builds the project, and looks for its modules at the root."""
    repository = repository_of(tree)
    backend = data.get("build-system", {}).get("build-backend", "setuptools") if repository is not None else ""
    # Without a [build-system] pip would build it too, but a pyproject.toml like that is a script's, or a list.
    if repository is None or not is_installable(repository) or not str(backend).startswith("setuptools"):
        return False
    settings = table_of(data, "setuptools") or {}
    said = text_of(tree, "setup.py") + text_of(tree, "setup.cfg")
    if any(key in settings for key in _TELLING) or any(word in said for word in _TELLING_OLD):
        return False
    folders = {path.partition("/")[0] for path in tree.paths if "/" in path}
    return not any(name == "src" or (name.isidentifier() and not _fits(name, _NO_PACKAGES)) for name in folders)


def _fits(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
