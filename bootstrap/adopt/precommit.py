"""A configuration of pre-commit, read for a person's eye and for a program's at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bootstrap.adopt.text import UNREADABLE, opened
from bootstrap.errors import MalformedFileError
from bootstrap.syntax import yaml
from bootstrap.syntax.tree import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bootstrap.adopt.text import Text
    from bootstrap.syntax.tree import Node


class Config(NamedTuple):
    """A configuration as its bytes, its lines, its tree, and what PyYAML reads in it."""

    data: bytes
    text: Text
    root: Node | None
    said: Any

    def line(self, offset: int) -> int:
        """Return the number of the line that has the byte."""
        return self.data.count(b"\n", 0, offset)

    def hooks(self) -> Iterator[dict[str, Any]]:
        """Yield all hooks."""
        for _, hooks in self.repos():
            yield from hooks

    def repos(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """Yield where hooks come from, and these."""
        repos = self.said.get("repos") if isinstance(self.said, dict) else self.said
        for repo in repos if isinstance(repos, list) else ():
            hooks = repo.get("hooks") if isinstance(repo, dict) else None
            if isinstance(repo, dict):
                listed = hooks if isinstance(hooks, list) else []
                yield str(repo.get("repo")), [hook for hook in listed if isinstance(hook, dict)]


def read(path: str, data: bytes) -> Config | str:
    """Return a configuration, or why it cannot be read."""
    text = opened(data)
    if text is None:
        return UNREADABLE
    try:
        return Config(data, text, yaml.read(data, path), yaml.load(data, path))
    except MalformedFileError as error:
        return error.message


def is_read_as(data: bytes, wanted: Any) -> bool:
    """Say whether PyYAML reads just that."""
    try:
        return repr(yaml.load(data, None)) == repr(wanted)
    except MalformedFileError:
        return False


def value(node: Node | None, name: str) -> Node | None:
    """Return what a mapping says under a name; None where it does not."""
    members = node.members if isinstance(node, Table) else ()
    return next((member.value for member in members if member.name == name), None)
