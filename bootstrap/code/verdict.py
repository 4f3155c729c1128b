"""What a condition on the running Python comes to, where nothing older than a floor is supported."""

from __future__ import annotations

import ast
import operator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bootstrap.policy import Minor

_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_MIRRORED: dict[type[ast.cmpop], ast.cmpop] = {
    ast.Lt: ast.Gt(),
    ast.LtE: ast.GtE(),
    ast.Gt: ast.Lt(),
    ast.GtE: ast.LtE(),
    ast.Eq: ast.Eq(),
    ast.NotEq: ast.NotEq(),
}
_VERSION = ("sys.version_info", "version_info")
_MAJOR = tuple(f"{name}{end}" for name in _VERSION for end in ("[0]", ".major"))
_MINOR = tuple(f"{name}[:2]" for name in _VERSION)
# Far above every release there will be of Python 3.
_NEWEST = (3, 99)


def verdict(test: ast.expr, floor: Minor, known: Mapping[str, bool] | None = None) -> bool | None:
    """Say what a test is on every Python from `floor` on; None where that depends on anything else.

    `known` are names whose values are certain, as those of `constants`.
    """
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = verdict(test.operand, floor, known)
        return None if inner is None else not inner
    if isinstance(test, ast.BoolOp):
        return _joined([verdict(value, floor, known) for value in test.values], is_and=isinstance(test.op, ast.And))
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        return _compared(test.left, test.ops[0], test.comparators[0], floor)
    if isinstance(test, (ast.Name, ast.Attribute)):
        return (known or {}).get(ast.unparse(test))
    return None


def constants(tree: ast.Module, floor: Minor) -> dict[str, bool]:
    """Return the names of a module that hold a certain answer: `PY2 = sys.version_info[0] == 2`, and six's own."""
    found: dict[str, bool] = {}
    stored = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)]
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name, value = node.targets[0].id, verdict(node.value, floor, found)
            if value is not None and stored.count(name) == 1 and not _is_argument(tree, name):
                found[name] = value
    if any(isinstance(node, ast.Import) and any(alias.name == "six" for alias in node.names) for node in tree.body):
        found |= {"six.PY2": False, "six.PY3": True}
    return found


def _is_argument(tree: ast.Module, name: str) -> bool:
    return any(isinstance(node, ast.arg) and node.arg == name for node in ast.walk(tree))


def _joined(values: list[bool | None], *, is_and: bool) -> bool | None:
    """Return what `and` or `or` makes of its parts, as long as nothing uncertain is evaluated before it is decided."""
    for value in values:
        if value is None:
            return None
        if value is not is_and:
            return value
    return is_and


def _compared(left: ast.expr, sign: ast.cmpop, right: ast.expr, floor: Minor) -> bool | None:
    if type(sign) not in _COMPARE:
        return None
    if isinstance(left, (ast.Tuple, ast.Constant)):
        left, sign, right = right, _MIRRORED[type(sign)], left
    name = ast.unparse(left)
    try:
        bound = ast.literal_eval(right)
    except ValueError:
        return None
    if name in _MAJOR and isinstance(bound, int) and bound <= 3 and not isinstance(sign, ast.Gt):
        return _COMPARE[type(sign)](3, bound)
    if not isinstance(bound, tuple) or not all(isinstance(part, int) for part in bound):
        return None
    if name in _MINOR:
        return _on_all(sign, bound, floor, _NEWEST)
    if name in _VERSION and not isinstance(sign, (ast.Eq, ast.NotEq)):
        # a full version is longer than what it is compared with: 3.11.0 is more than (3, 11)
        return _on_all(sign, bound, (*floor, 0, "alpha"), (*_NEWEST, 0, "alpha"))
    return None


def _on_all(sign: ast.cmpop, bound: tuple[int, ...], oldest: tuple[Any, ...], newest: tuple[Any, ...]) -> bool | None:
    """Return what the comparison says of every version in between; None where it tells some of them apart."""
    if bound[:2] > oldest[:2]:
        return None
    if len(bound) > 2 and bound[:2] == oldest[:2] and any(bound[2:]):
        return None
    first, last = (_COMPARE[type(sign)](version, bound) for version in (oldest, newest))
    return first if first is last else None
