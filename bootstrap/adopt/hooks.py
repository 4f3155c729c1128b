"""The hook of pre-commit: `devstrap check`, beside the hooks that a repository has already."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, NamedTuple

from bootstrap.adopt.model import Draft, Remark
from bootstrap.adopt.text import UNREADABLE, Splice, opened
from bootstrap.errors import MalformedFileError
from bootstrap.syntax import yaml
from bootstrap.syntax.reading import BOM
from bootstrap.syntax.tree import Scalar, Series, Table

if TYPE_CHECKING:
    from bootstrap.adopt.model import Drafts, Tree, Wishes
    from bootstrap.adopt.text import Text
    from bootstrap.syntax.tree import Node

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
    """Have pre-commit say which versions disagree, where it is used."""
    if not wishes.has_hooks:
        return
    for path in PATHS:
        data = tree.read(path) if path in tree.paths else None
        if data is not None:
            yield from _one(path, data)


def _one(path: str, data: bytes) -> Drafts:
    text = opened(data)
    if text is None:
        yield Remark(path, UNREADABLE)
        return
    try:
        old, root = yaml.load(data, path), yaml.read(data, path)
    except MalformedFileError as error:
        yield Remark(path, f"{error.message}; {_BY_HAND}")
        return
    if _has_devstrap(old):
        return
    found = _place(data, text, root)
    if found is None:
        yield Remark(path, f"its repos are not a list of one entry below the other; {_BY_HAND}")
        return
    place, repo = found
    after = text.spliced([place])
    if not _is_proven(old, after, repo):
        yield Remark(path, f"the hook could not be added without changing something else; {_BY_HAND}")
        return
    yield Draft(path, after, "say in each commit which Python versions disagree")
    if isinstance(old, dict) and "ci" in old:
        yield Remark(path, "pre-commit.ci has no network, so it cannot run devstrap-check: name it in ci.skip")


def _has_devstrap(config: Any) -> bool:
    repos = config.get("repos") if isinstance(config, dict) else config
    for repo in repos if isinstance(repos, list) else ():
        if not isinstance(repo, dict):
            continue
        listed = repo.get("hooks")
        found = [hook for hook in listed if isinstance(hook, dict)] if isinstance(listed, list) else []
        if "devstrap" in str(repo.get("repo")) or any(
            "devstrap" in str(hook.get("id")) or "bootstrap.py" in str(hook.get("entry")) for hook in found
        ):
            return True
    return False


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
    data: bytes
    text: Text

    def line(self, offset: int) -> int:
        """Return the number of the line that has the byte."""
        return self.data.count(b"\n", 0, offset)

    def dash(self, node: Node) -> _Dash | None:
        """Return the dash that an item follows on its line; None where something else stands there."""
        start = self.data.rfind(b"\n", 0, node.outer_start) + 1
        before = self.data[start : node.outer_start].removeprefix(BOM).decode("latin-1")
        column = len(before) - len(before.lstrip(" "))
        gap = before[column + 1 :]
        is_plain = before[column : column + 1] == "-" and gap and not gap.strip(" ")
        return _Dash(column, gap) if is_plain else None

    def after(self, node: Node, dash: _Dash) -> int:
        """Return the line after an item, and after the comments in it."""
        lines = self.text.lines
        end = self.line(node.outer_end)
        if self.data[: node.outer_end].endswith(b"\n"):  # a block scalar ends with its line
            end -= 1
        while end > 0 and not lines[end].strip():
            end -= 1
        end += 1
        while end < len(lines) and lines[end].lstrip().startswith("#") and _indent(lines[end]) > dash.column:
            end += 1
        return end


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _place(data: bytes, text: Text, root: Node | None) -> tuple[Splice, int | None] | None:
    """Return the lines to add, and the index of the repo that gets the hook; None for the index where that is new."""
    layout = _Layout(data, text)
    repos = _repos(layout, root)
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
    if len(repos) > 1 and not text.lines[layout.line(last.node.outer_start) - 1].strip():
        lines.insert(0, "")
    return Splice(at, at, tuple(lines)), None


def _repos(layout: _Layout, root: Node | None) -> list[_Repo]:
    """Return the entries of `repos`; none where they are written in a way that nothing can be added to."""
    series = _value(root, "repos")
    if not isinstance(series, Series) or series.is_flow:
        return []
    found = []
    for item in series.items:
        dash = layout.dash(item)
        if not isinstance(item, Table) or item.is_flow or dash is None:
            return []
        repo, listed = _value(item, "repo"), _value(item, "hooks")
        is_listed = isinstance(listed, Series) and not listed.is_flow and bool(listed.items)
        is_local = isinstance(repo, Scalar) and repo.text == "local"
        found.append(_Repo(item, dash, is_local, listed if is_listed and isinstance(listed, Series) else None))
    return found


def _value(node: Node | None, name: str) -> Node | None:
    members = node.members if isinstance(node, Table) else ()
    return next((member.value for member in members if member.name == name), None)


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


# ---- whether it is as meant -----------------------------------------------------------------------------------------


def _is_proven(old: Any, after: bytes, repo: int | None) -> bool:
    """Say whether PyYAML reads what was there, and the hook."""
    try:
        new = yaml.load(after, None)
    except MalformedFileError:
        return False
    wanted = deepcopy(old)
    if repo is None:
        wanted["repos"].append({"repo": "local", "hooks": [HOOK]})
    else:
        wanted["repos"][repo]["hooks"].append(HOOK)
    return repr(wanted) == repr(new)
