"""bootstrap.py and coverage: where everything is measured, it would count as code that nobody tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bootstrap.adopt.commands import text_of
from bootstrap.adopt.model import Draft, Remark
from bootstrap.adopt.tables import added, loaded, table_of
from bootstrap.adopt.wrapper import PATH
from bootstrap.detect.declared import PYPROJECT
from bootstrap.expression import expression

if TYPE_CHECKING:
    from bootstrap.adopt.model import Drafts, Tree, Wishes

_TABLE, _REPORT = "coverage.run", "coverage.report"
# Where coverage reads its settings, with what its sections begin with: the first that has some, before pyproject.toml.
_FILES = {".coveragerc": "", "setup.cfg": "coverage:", "tox.ini": "coverage:"}
_ROOT = (".", "./")
_ARGUMENTS = ("pyproject.toml", "pytest.ini", ".pytest.ini", "setup.cfg", "tox.ini")
# pytest-cov's option alone, or with the root.
_MEASURES = expression(r"(?m)--cov(?:[= ]\./?)?(?=[\s\"',\]]|$)")


def measured(tree: Tree, wishes: Wishes) -> Drafts:  # noqa: ARG001 - every writer takes both
    """Leave bootstrap.py out of what coverage measures, where that is everything."""
    data = loaded(tree.read(PYPROJECT))
    if PATH not in tree.paths or data is None:
        return
    path, settings, report = _settings(tree, data)
    if not _is_measured(tree, settings, report):
        return
    before = tree.read(PYPROJECT)
    after = added(before or b"", _TABLE, {"omit": [PATH]}) if path == PYPROJECT and "omit" not in settings else None
    if after is not None:
        yield Draft(PYPROJECT, after, f"{PATH} does not count as code without tests")
    else:
        yield Remark(path, f"the tests' coverage counts {PATH} too: add it to what is omitted")


def _is_measured(tree: Tree, settings: dict[str, Any], report: dict[str, Any]) -> bool:
    """Say whether bootstrap.py counts, by these settings and by what pytest is told."""
    omitted = (*_words(settings.get("omit")), *_words(report.get("omit")))
    if "include" in settings or "include" in report or any(PATH in pattern for pattern in omitted):
        return False
    source = _words(settings.get("source"))
    if source or "source_pkgs" in settings:
        return bool(set(source) & set(_ROOT))
    return any(_MEASURES.search(text_of(tree, path)) for path in _ARGUMENTS)


def _settings(tree: Tree, data: dict[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Return the file that coverage reads, and what it says of what to measure and of what to report."""
    import configparser  # noqa: PLC0415 - few repositories need it

    for path, prefix in _FILES.items():
        parser = configparser.RawConfigParser(strict=False)
        try:
            parser.read_string(text_of(tree, path))
        except configparser.Error:
            continue
        found = {name: dict(parser[name]) for name in (f"{prefix}run", f"{prefix}report") if parser.has_section(name)}
        if found or (path == ".coveragerc" and path in tree.paths):
            return path, found.get(f"{prefix}run", {}), found.get(f"{prefix}report", {})
    return PYPROJECT, table_of(data, _TABLE) or {}, table_of(data, _REPORT) or {}


def _words(value: object) -> list[str]:
    """Return a list as TOML or as an INI file has it."""
    if isinstance(value, list):
        return [str(one) for one in value]
    return str(value or "").replace(",", " ").split()
