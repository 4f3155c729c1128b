"""What a setup.py gives to setup() for extras and tests, as far as it writes it out. It is parsed, and never run."""

from __future__ import annotations

import ast
import warnings
from typing import TYPE_CHECKING

from bootstrap.setup.dependencies import needs
from bootstrap.setup.dependencies.extras import KEYWORD, NOTHING, Extras

if TYPE_CHECKING:
    from collections.abc import Callable

    from bootstrap.model import Repository
    from bootstrap.setup.dependencies.needs import Needs

    Reader = Callable[[str], bytes | None]

_SCRIPT = "setup.py"


def written_out(text: str) -> Extras:
    """Read what setup() is given as `extras_require`, as far as it is written out."""
    try:
        with warnings.catch_warnings(action="ignore"):  # what Python thinks of its escapes is no matter of ours
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return Extras({}, is_computed=True)
    given = _given(tree)
    if given is None:
        return Extras({}, is_computed=True)  # setup(**everything)
    if isinstance(given, ast.Name):
        return _assembled(tree, given.id)
    return _literal(given)


def needs_of(repository: Repository, read: Reader) -> Needs:
    """Return what setup() is given as `tests_require`, by which `setup.py test` once installed it."""
    return _listed(repository, read, "tests_require")


def required(repository: Repository, read: Reader) -> tuple[str, ...]:
    """Return what setup() is given as `install_requires`, as far as it is written out."""
    return _listed(repository, read, "install_requires").requirements


def _listed(repository: Repository, read: Reader, keyword: str) -> Needs:
    content = (read(_SCRIPT) or b"") if _SCRIPT in repository.files else b""
    if keyword.encode() not in content:
        return needs.NOTHING
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(content)
    except (SyntaxError, ValueError, RecursionError):
        return needs.NOTHING
    value = _given(tree, keyword)
    if isinstance(value, ast.Name):
        stored = [node for node in tree.body if isinstance(node, ast.Assign)]
        value = next((one.value for one in reversed(stored) if ast.unparse(one.targets[0]) == value.id), None)
    found = (_strings(value) if value is not None else None) or ()
    return needs.together([needs.of_words([line.strip()]) for line in found], _SCRIPT)


def _given(tree: ast.Module, name: str = KEYWORD) -> ast.expr | None:
    """Return what setup() is given, by name or in a dict: `setup(**settings)`."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _called(node.func) == "setup"]
    keywords = [keyword for call in calls for keyword in call.keywords]
    named = [keyword.value for keyword in keywords if keyword.arg == name]
    dicts = [keyword.value.id for keyword in keywords if keyword.arg is None and isinstance(keyword.value, ast.Name)]
    return next((one for one in (*named, *(_kept(tree, one, name) for one in dicts)) if one is not None), None)


def _kept(tree: ast.Module, name: str, keyword: str) -> ast.expr | None:
    """Return what a dict at the top of the module has under the keyword, as far as it is written out."""
    found: ast.expr | None = None
    assignments = [node for node in tree.body if isinstance(node, ast.Assign)]
    for node in assignments:
        for target in node.targets:
            if isinstance(target, ast.Name) and target.id == name:
                found = _under_keyword(node.value, keyword)
            elif isinstance(target, ast.Subscript) and _called(target.value) == name:
                is_it = isinstance(target.slice, ast.Constant) and target.slice.value == keyword
                found = node.value if is_it else found
    return found


def _under_keyword(value: ast.expr, keyword: str) -> ast.expr | None:
    pairs = zip(value.keys, value.values, strict=True) if isinstance(value, ast.Dict) else ()
    return next((item for key, item in pairs if isinstance(key, ast.Constant) and key.value == keyword), None)


def _called(function: ast.expr) -> str:
    """Return the last part of a function's name: `setuptools.setup` is `setup`."""
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _assembled(tree: ast.Module, name: str) -> Extras:
    """Read a dict that stands at the top of the module, with what is added to it there, key by key."""
    found: Extras | None = None
    for node in tree.body:
        found = _followed(node, name, found)
    return found or Extras({}, is_computed=True)


def _followed(node: ast.stmt, name: str, found: Extras | None) -> Extras | None:
    """Return what is known of the dict `name` after a statement."""
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Name) and target.id == name:
                return _literal(node.value)
            if isinstance(target, ast.Subscript) and _called(target.value) == name:
                return _joined(found or NOTHING, _entry(target.slice, node.value))
        return found
    call = node.value if isinstance(node, ast.Expr) else None
    if isinstance(call, ast.Call) and ast.unparse(call.func) == f"{name}.update" and len(call.args) == 1:
        return _joined(found or NOTHING, _literal(call.args[0]))
    return Extras((found or NOTHING).known, is_computed=True) if _may_alter(node, name) else found


def _may_alter(node: ast.stmt, name: str) -> bool:
    """Say whether a statement may change the dict `name`, and not only hand it on."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return False
    for child in ast.walk(node):
        if isinstance(child, ast.Attribute) and _called(child.value) == name:
            return True
        stored = child.value if isinstance(child, ast.Subscript) else child
        is_stored = isinstance(child, ast.Subscript | ast.Name) and isinstance(child.ctx, ast.Store)
        if is_stored and isinstance(stored, ast.Name) and stored.id == name:
            return True
    return False


def _joined(one: Extras, other: Extras) -> Extras:
    return Extras({**one.known, **other.known}, one.is_computed or other.is_computed)


def _entry(key: ast.expr | None, value: ast.expr) -> Extras:
    """Read one key with its value; `test:python_version<"3"` is the extra `test` under a condition."""
    if not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
        return Extras({}, is_computed=True)
    name = key.value.partition(":")[0].strip()
    return Extras({name: _strings(value)} if name else {})


def _literal(value: ast.expr) -> Extras:
    """Read `{...}` or `dict(name=...)`."""
    if isinstance(value, ast.Dict):
        entries = [_entry(key, item) for key, item in zip(value.keys, value.values, strict=True)]
    elif isinstance(value, ast.Call) and _called(value.func) == "dict" and not value.args:
        entries = [_entry(ast.Constant(keyword.arg), keyword.value) for keyword in value.keywords]
    else:
        return Extras({}, is_computed=True)
    found = NOTHING
    for entry in entries:
        found = _joined(found, entry)
    return found


def _strings(value: ast.expr) -> tuple[str, ...] | None:
    try:
        found = ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    items = found.splitlines() if isinstance(found, str) else found
    return tuple(map(str, items)) if isinstance(items, list | tuple | set) else None
