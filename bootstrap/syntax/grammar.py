"""tree-sitter's parsers, without what the packages of its grammars load beside them.

Each package imports importlib.resources for the queries of editors, and that imports inspect and tempfile: more than
the rest of a check loads. The compiled module in it is all that a parser needs.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

    from tree_sitter import Parser


@cache
def parser(package: str) -> Parser:
    """Return the one parser for the grammar in a package; imported when there is something to parse."""
    import tree_sitter  # noqa: PLC0415

    return tree_sitter.Parser(tree_sitter.Language(_binding(package).language()))


def _binding(package: str) -> ModuleType:
    """Return the compiled module of a grammar; the package as a whole where it is built in another way."""
    found = PathFinder.find_spec(package)
    places = found.submodule_search_locations if found else None
    spec = PathFinder.find_spec(f"{package}._binding", places) if places else None
    if spec is None or spec.loader is None:
        return import_module(package)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
