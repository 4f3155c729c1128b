"""The extras that setuptools takes from setup.cfg and setup.py. They are read, and nothing is run for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.detect.declared import decode
from bootstrap.errors import MalformedFileError
from bootstrap.setup.dependencies.extras import KEYWORD, NOTHING, Extras

if TYPE_CHECKING:
    from collections.abc import Callable

    from bootstrap.model import Repository

    Reader = Callable[[str], bytes | None]

_CONFIGURATION, _SCRIPT = "setup.cfg", "setup.py"
_SECTION = f"options.{KEYWORD}"
_BY_PBR = "extras"  # what pbr reads of setup.cfg (https://docs.openstack.org/pbr/latest/user/using.html)


def extras(repository: Repository, read: Reader) -> Extras:
    """Return the extras that a build with setuptools takes from its own files.

    Those of `[project]` are not among them: where it has a say, and does not call them dynamic, they are all there are
    (PEP 621). setup.cfg goes before what setup.py says, as in setuptools.
    """
    if not _decides(repository):
        return NOTHING
    script = _text(repository, _SCRIPT, read)
    said = NOTHING
    if KEYWORD in script:
        from bootstrap.setup.dependencies.setup_script import written_out  # noqa: PLC0415 - few have extras there

        said = written_out(script)
    configured = _configured(_text(repository, _CONFIGURATION, read), _BY_PBR if "pbr" in script else _SECTION)
    return Extras({**said.known, **configured.known}, said.is_computed or configured.is_computed)


def _decides(repository: Repository) -> bool:
    """Say whether it is setuptools that builds, and whether it looks into its own files for extras."""
    if not {_CONFIGURATION, _SCRIPT} & repository.files:
        return False
    backend = repository.pyproject.get("build-system", {}).get("build-backend", "setuptools")
    project = repository.pyproject.get("project")
    dynamic = project.get("dynamic") if isinstance(project, dict) else ["optional-dependencies"]
    is_open = isinstance(dynamic, list) and "optional-dependencies" in dynamic
    return is_open and str(backend).startswith("setuptools")


def _text(repository: Repository, name: str, read: Reader) -> str:
    """Return a file's text; empty where there is none, or where it cannot be read: the build will say that better."""
    if name not in repository.files:
        return ""
    try:
        return decode(name, read(name) or b"")
    except MalformedFileError:
        return ""


# ---- setup.cfg ------------------------------------------------------------------------------------------------------


def _configured(text: str, section: str) -> Extras:
    """Read `[options.extras_require]` as setuptools does: by configparser, names with their capitals."""
    if f"[{section}]" not in text:
        return NOTHING
    import configparser  # noqa: PLC0415 - few repositories need it

    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # as the documentation has it
    try:
        parser.read_string(text)
    except configparser.Error:
        return Extras({}, is_computed=True)
    items = parser.items(section) if parser.has_section(section) else ()
    known: dict[str, tuple[str, ...] | None] = {}
    for name, value in items:
        # file: and %(other)s name requirements that stand elsewhere
        lines = tuple(line.strip() for line in value.replace(";", "\n").splitlines() if line.strip())
        known[name] = None if value.lstrip().startswith("file:") or "%(" in value else lines
    return Extras(known)
