"""The environments of Hatch: `dependencies`, `extra-dependencies`, `features` and `dependency-groups`.

Source: Hatch's documentation of environments (https://hatch.pypa.io/latest/config/environment/overview/).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bootstrap.detect.repository import parse_toml
from bootstrap.errors import MalformedFileError
from bootstrap.nested import at, texts
from bootstrap.setup.dependencies import groups, needs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bootstrap.model import Repository
    from bootstrap.setup.dependencies.needs import Needs

    Reader = Callable[[str], bytes | None]

FILE = "hatch.toml"
# The one that `hatch test` uses, and what Hatch itself puts into it; pytest-randomly is left out, it is off by default.
_INTERNAL = "hatch-test"
_ITS_OWN = ("coverage[toml]", "pytest", "pytest-mock", "pytest-rerunfailures", "pytest-xdist[psutil]")
_DEFAULT = "default"


def needs_of(repository: Repository, read: Reader) -> Needs:
    """Return what the environments for developing and testing have; nothing where the project does not use them."""
    environments = _environments(repository, read)
    chosen = [
        name
        for name in environments
        if name in (_DEFAULT, _INTERNAL) or name in groups.for_developers([name]) or name.split("-")[0] in groups.TEST
    ]
    return needs.together([_of(name, environments, repository) for name in chosen], "Hatch's environments")


def _environments(repository: Repository, read: Reader) -> dict[str, Any]:
    if FILE in repository.files:
        try:
            return at(parse_toml(FILE, read(FILE)), "envs")
        except MalformedFileError:
            return {}
    return at(repository.pyproject, "tool", "hatch", "envs")


def _of(name: str, environments: Mapping[str, Any], repository: Repository) -> Needs:
    table = _merged(name, environments)
    own = _ITS_OWN if name == _INTERNAL and "dependencies" not in at(environments, name) else ()
    written = [*own, *texts(table.get("dependencies")), *texts(table.get("extra-dependencies"))]
    root = repository.root.as_uri()
    filled = (text.replace("{root:uri}", root).replace("{root}", str(repository.root)) for text in written)
    return needs.Needs(
        # another placeholder is one of Hatch's, which nobody else fills in
        requirements=tuple(text for text in filled if "{" not in text),
        extras=texts(table.get("features")),
        groups=texts(table.get("dependency-groups")),
    )


def _merged(name: str, environments: Mapping[str, Any], depth: int = 0) -> dict[str, Any]:
    """Return an environment with what it inherits: from `default`, unless it names another template or itself."""
    table = at(environments, name)
    template = table.get("template", name if name == _INTERNAL else _DEFAULT)
    if not isinstance(template, str) or template == name or template not in environments or depth > 5:
        return table
    return {**_merged(template, environments, depth + 1), **table}
