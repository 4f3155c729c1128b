"""The walls of the house: who may import what, and that nobody imports in a circle."""

import ast
import sys
import tomllib
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import bootstrap

PACKAGE = Path(bootstrap.__file__).parent
# The only modules that may import these, however late they do.
ROOMS = {
    "rich": ("bootstrap.console",),
    "questionary": ("bootstrap.ask",),
    "prompt_toolkit": ("bootstrap.ask",),
    "subprocess": ("bootstrap.process",),
    "multiprocessing": (),
    "platformdirs": ("bootstrap.handoff",),
    "tree_sitter": ("bootstrap.syntax",),
    "argparse": ("bootstrap.cli",),
}
# They would make every start slower.
NEVER_AT_ONCE = {"rich", "questionary", "packaging", "tomllib", "logging", "concurrent", "urllib", "hashlib"}


def _name(path):
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}
DEPENDENCIES = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
TREES = {name: ast.parse(path.read_bytes()) for name, path in MODULES.items()}


def _is_package(name):
    return MODULES[name].name == "__init__.py"


def _is_for_types(node):
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def _imports(node, *, at_once):
    """Yield the nodes that import something, those in functions only where not just what is imported at once counts."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif _is_for_types(child):
            for other in child.orelse:
                yield from _imports(other, at_once=at_once)
        elif not (at_once and isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)):
            yield from _imports(child, at_once=at_once)


def _imported(name, *, at_once=False):
    """Return the modules that a module imports when it runs, by the most exact name that is known of ours."""
    found = set()
    for node in _imports(TREES[name], at_once=at_once):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        else:
            assert node.level == 0, f"{name} imports relatively"
            full = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {one if one in MODULES else node.module for one in full}
    return found


def test_there_are_modules_to_look_at():
    assert {"bootstrap", "bootstrap.cli", "bootstrap.guards.environment"} <= set(MODULES)


def test_no_module_imports_itself_through_others():
    # A package may hand its own modules on when they are asked for: they may use what it says at once.
    graph = {name: _imported(name, at_once=_is_package(name)) & set(MODULES) - {name} for name in MODULES}
    order = list(TopologicalSorter(graph).static_order())  # raises CycleError with the circle
    assert set(order) == set(MODULES)


@pytest.mark.parametrize("library", ROOMS)
def test_a_library_is_imported_in_its_own_room_only(library):
    # tree_sitter stands for its grammars too
    users = {name for name in MODULES if any(one.startswith(library) for one in _imported(name))}
    assert [name for name in users if not name.startswith(ROOMS[library])] == []


@pytest.mark.parametrize("name", MODULES)
def test_nothing_slow_is_imported_before_it_is_needed(name):
    at_once = {one.partition(".")[0] for one in _imported(name, at_once=True)}
    assert at_once & NEVER_AT_ONCE <= ALLOWED.get(name, set())


# Modules that need them for what every run does, or that are themselves imported late.
ALLOWED = {
    "bootstrap.detect.repository": {"tomllib"},
    "bootstrap.proof.memory": {"hashlib"},
    "bootstrap.setup.dependencies.conda": {"hashlib"},
    "bootstrap.setup.dependencies.pdm": {"hashlib"},
    "bootstrap.setup.dependencies.pipenv": {"hashlib"},
    "bootstrap.setup.dependencies.poetry": {"hashlib"},
    "bootstrap.setup.dependencies.pyproject": {"hashlib"},
    "bootstrap.setup.dependencies.requirements": {"hashlib"},
    "bootstrap.setup.dependencies.rye": {"hashlib"},
    "bootstrap.setup.dependencies.tooling": {"hashlib"},
    "bootstrap.setup.parts": {"hashlib"},
    "bootstrap.setup.terms": {"hashlib"},
}


def test_every_exception_is_still_needed():
    for name, libraries in ALLOWED.items():
        assert libraries <= {one.partition(".")[0] for one in _imported(name, at_once=True)}, name


@pytest.mark.parametrize("name", MODULES)
def test_only_the_command_line_knows_the_current_directory(name):
    reads = {
        node.attr
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.Attribute)
        and node.attr in ("getcwd", "getcwdb", "cwd", "chdir")
        # completed.cwd and run.cwd are fields; Path.cwd is not
        and ast.unparse(node.value) in ("os", "Path", "pathlib.Path")
    }
    assert reads == (set() if name != "bootstrap.cli" else {"cwd"})


# Distributions that are imported by another name than their own.
IMPORTED_AS = {"pyyaml": "yaml"}


def _declared():
    names = [requirement.partition(">=")[0].replace("-", "_") for requirement in DEPENDENCIES]
    return {IMPORTED_AS.get(name, name) for name in names}


@pytest.mark.parametrize("name", MODULES)
def test_what_is_not_of_the_standard_library_is_a_dependency(name):
    used = {one.partition(".")[0] for one in _imported(name)}
    assert used <= {"bootstrap", *_declared()} | sys.stdlib_module_names


def test_every_dependency_is_used():
    used = {one.partition(".")[0] for name in MODULES for one in _imported(name)}
    # bootstrap.syntax.grammar imports those by their names
    texts = (node.value for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.Constant))
    grammars = {text for text in texts if isinstance(text, str) and text.startswith("tree_sitter_")}
    assert _declared() <= used | grammars


def test_no_two_files_of_tests_have_one_name():
    """They are in no packages, so that pytest could not tell one from the other (its rootdir/conftest import mode)."""
    names = [path.name for path in Path(__file__).parent.rglob("test_*.py")]
    assert sorted(set(names)) == sorted(names)
