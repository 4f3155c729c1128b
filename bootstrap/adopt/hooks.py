"""pre-commit: the hook `devstrap check` beside those that a repository has, and none of them on bootstrap.py."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, NamedTuple

from bootstrap.adopt import precommit, wrapper
from bootstrap.adopt.exclusion import without_bootstrapper
from bootstrap.adopt.model import Draft, Remark
from bootstrap.adopt.precommit import value
from bootstrap.adopt.text import UNREADABLE, Splice
from bootstrap.syntax.reading import BOM
from bootstrap.syntax.tree import Scalar, Series, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bootstrap.adopt.model import Drafts, Tree, Wishes
    from bootstrap.adopt.precommit import Config
    from bootstrap.syntax.tree import Node

    Edit = Callable[[Config], bytes | str | None]
    """Returns a configuration as it shall be, or why it cannot be that, or None where there is nothing to do."""

PATHS = (".pre-commit-config.yaml", ".pre-commit-config.yml")
HOOK: dict[str, Any] = {
    "id": "devstrap-check",
    "name": "Python versions agree",
    "entry": "python bootstrap.py check",
    "language": "system",
    "pass_filenames": False,
    # A matrix can disagree with a file that the commit does not have.
    "always_run": True,
}
_BY_HAND = "add the hook devstrap-check by hand"


def hooks(tree: Tree, wishes: Wishes) -> Drafts:
    """Have pre-commit say which versions disagree, where it is used, and keep it from rewriting bootstrap.py."""
    edits = tuple(_edits(tree, wishes))
    for path in PATHS if edits else ():
        data = tree.read(path) if path in tree.paths else None
        if data is not None:
            yield from _one(path, data, edits)


def _edits(tree: Tree, wishes: Wishes) -> Iterator[tuple[Edit, str]]:
    """Yield what is done to a configuration, and why."""
    if b"devstrap" in (tree.read(wrapper.PATH) or b""):
        yield without_bootstrapper, "let no hook rewrite bootstrap.py"
    if wishes.has_hooks:
        yield _with_hook, "say in each commit which Python versions disagree"


def _one(path: str, data: bytes, edits: tuple[tuple[Edit, str], ...]) -> Drafts:
    config = precommit.read(path, data)
    if isinstance(config, str):
        yield Remark(path, config if config == UNREADABLE else f"{config}; {_BY_HAND}")
        return
    whys = []
    for edit, why in edits:
        after = edit(config)
        again = precommit.read(path, after) if isinstance(after, bytes) else after
        if isinstance(again, str):
            yield Remark(path, again)
        elif again is not None:
            config = again
            whys.append(why)
            if edit is _with_hook and isinstance(config.said, dict) and "ci" in config.said:
                yield Remark(path, "pre-commit.ci has no network, so it cannot run devstrap-check: name it in ci.skip")
    if whys:
        yield Draft(path, config.data, "; ".join(whys))


def _with_hook(config: Config) -> bytes | str | None:
    """Return the configuration with `devstrap check`, or why that cannot be, or None where it has that."""
    if _has_devstrap(config):
        return None
    found = _place(config)
    if found is None:
        return f"its repos are not a list of one entry below the other; {_BY_HAND}"
    place, repo = found
    after = config.text.spliced([place])
    if not precommit.is_read_as(after, _wanted(config.said, repo)):
        return f"the hook could not be added without changing something else; {_BY_HAND}"
    return after


def _has_devstrap(config: Config) -> bool:
    return any("devstrap" in repo for repo, _ in config.repos()) or any(
        "devstrap" in str(hook.get("id")) or wrapper.PATH in str(hook.get("entry")) for hook in config.hooks()
    )


def _wanted(said: Any, repo: int | None) -> Any:
    """Return what is said with the hook, in a repo that is there or in a new one."""
    wanted = deepcopy(said)
    if repo is None:
        wanted["repos"].append({"repo": "local", "hooks": [HOOK]})
    else:
        wanted["repos"][repo]["hooks"].append(HOOK)
    return wanted


# ---- where ----------------------------------------------------------------------------------------------------------


class _Dash(NamedTuple):
    """How an item of a list begins."""

    column: int
    gap: str
    """What stands between the dash and the item."""

    @property
    def first(self) -> str:
        """What the first line of such an item begins with."""
        return " " * self.column + "-" + self.gap

    @property
    def other(self) -> str:
        """What its other lines begin with."""
        return " " * (self.column + 1 + len(self.gap))


class _Repo(NamedTuple):
    """An entry of `repos`."""

    node: Table
    dash: _Dash
    is_local: bool
    hooks: Series | None
    """Its hooks, where they are written one below the other."""


class _Layout(NamedTuple):
    config: Config

    def dash(self, node: Node) -> _Dash | None:
        """Return the dash that an item follows on its line; None where something else stands there."""
        start = self.config.data.rfind(b"\n", 0, node.outer_start) + 1
        before = self.config.data[start : node.outer_start].removeprefix(BOM).decode("latin-1")
        column = len(before) - len(before.lstrip(" "))
        gap = before[column + 1 :]
        is_plain = before[column : column + 1] == "-" and gap and not gap.strip(" ")
        return _Dash(column, gap) if is_plain else None

    def after(self, node: Node, dash: _Dash) -> int:
        """Return the line after an item, and after the comments in it."""
        lines = self.config.text.lines
        end = self.config.line(node.outer_end)
        if self.config.data[: node.outer_end].endswith(b"\n"):  # a block scalar ends with its line
            end -= 1
        while end > 0 and not lines[end].strip():
            end -= 1
        end += 1
        while end < len(lines) and lines[end].lstrip().startswith("#") and _indent(lines[end]) > dash.column:
            end += 1
        return end


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _place(config: Config) -> tuple[Splice, int | None] | None:
    """Return the lines to add, and the index of the repo that gets the hook; None for the index where that is new."""
    layout = _Layout(config)
    repos = _repos(layout)
    if not repos:
        return None
    for index, repo in enumerate(repos):
        if repo.is_local and repo.hooks is not None:
            dash = layout.dash(repo.hooks.items[-1])
            if dash is not None:
                at = layout.after(repo.hooks.items[-1], dash)
                return Splice(at, at, tuple(_hook(dash))), index
    last = repos[-1]
    at = layout.after(last.node, last.dash)
    lines = [f"{last.dash.first}repo: local", f"{last.dash.other}hooks:", *_hook(_hook_dash(layout, repos))]
    if len(repos) > 1 and not config.text.lines[config.line(last.node.outer_start) - 1].strip():
        lines.insert(0, "")
    return Splice(at, at, tuple(lines)), None


def _repos(layout: _Layout) -> list[_Repo]:
    """Return the entries of `repos`; none where they are written in a way that nothing can be added to."""
    series = value(layout.config.root, "repos")
    if not isinstance(series, Series) or series.is_flow:
        return []
    found = []
    for item in series.items:
        dash = layout.dash(item)
        if not isinstance(item, Table) or item.is_flow or dash is None:
            return []
        repo, listed = value(item, "repo"), value(item, "hooks")
        is_listed = isinstance(listed, Series) and not listed.is_flow and bool(listed.items)
        is_local = isinstance(repo, Scalar) and repo.text == "local"
        found.append(_Repo(item, dash, is_local, listed if is_listed and isinstance(listed, Series) else None))
    return found


def _hook_dash(layout: _Layout, repos: list[_Repo]) -> _Dash:
    """Return the dash for a hook of a new entry, as the last one that has hooks writes it."""
    last = repos[-1].dash
    for repo in reversed(repos):
        dash = layout.dash(repo.hooks.items[-1]) if repo.hooks is not None else None
        if dash is not None:
            return _Dash(last.column + dash.column - repo.dash.column, dash.gap)
    return _Dash(last.column + 1 + len(last.gap), last.gap)


def _hook(dash: _Dash) -> list[str]:
    said = [f"{key}: {str(value).lower() if isinstance(value, bool) else value}" for key, value in HOOK.items()]
    return [dash.first + said[0], *(dash.other + line for line in said[1:])]
