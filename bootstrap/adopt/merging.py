"""Two changes of one text made one, and whether it is shown that neither is lost in it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bootstrap import process
from bootstrap.errors import MalformedFileError
from bootstrap.syntax import yaml
from bootstrap.syntax.tree import Series, Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bootstrap.syntax.tree import Node

# A merge of two texts of this size takes git some milliseconds.
_PATIENCE = 60.0


class Versions(NamedTuple):
    """A text as it was, as a person has changed it, and as devstrap would now write it; with line feeds."""

    base: bytes
    ours: bytes
    theirs: bytes


def merged(path: str, versions: Versions, env: Mapping[str, str]) -> bytes | None:
    """Return the text with both changes; None where they meet, or where it is not shown that the text is sound."""
    found = _by_git(versions, env)
    return found if found is not None and is_kept(versions, found) and is_readable(path, found) else None


def _by_git(versions: Versions, env: Mapping[str, str]) -> bytes | None:
    """Return what git makes of it; None where there is a conflict, or no git."""
    from tempfile import TemporaryDirectory  # noqa: PLC0415 - rarely needed

    with TemporaryDirectory(prefix="devstrap-") as folder:
        for name, content in zip(Versions._fields, versions, strict=True):
            Path(folder, name).write_bytes(content)
        # With the base in its conflicts git takes no two changes of a place for one unless they are the same.
        argv = ("git", "merge-file", "-p", "-q", "--diff3", "ours", "base", "theirs")
        done = process.run(argv, cwd=Path(folder), env=env, timeout=_PATIENCE)
    return done.stdout.encode() if done.ok else None


def meeting(versions: Versions) -> int | None:
    """Return the line, from 1, of the first change of ours that meets one of theirs; None where none does."""
    base, ours, theirs = (text.split(b"\n") for text in versions)
    new = [(start, end) for start, end, _ in _changes(base, theirs)]
    mine = _changes(base, ours)
    return next((at + 1 for i, j, at in mine if any(i <= end and start <= j for start, end in new)), None)


def _changes(base: Sequence[bytes], other: Sequence[bytes]) -> list[tuple[int, int, int]]:
    """Return which lines of the base changed, from and up to, and where they stand in the other text."""
    from difflib import SequenceMatcher  # noqa: PLC0415 - only where a merge failed

    found = SequenceMatcher(None, base, other, autojunk=False).get_opcodes()
    return [(start, end, at) for kind, start, end, at, _ in found if kind != "equal"]


def is_kept(versions: Versions, result: bytes) -> bool:
    """Say whether all that was added is in a result and all that was deleted is not, by counting each line.

    A witness that knows nothing of how texts are merged. What only one side changed has to be in the result as that
    side has it; where both added a line, or both deleted it, they may have meant the same one.
    """
    base, ours, theirs, found = (Counter(text.split(b"\n")) for text in (*versions, result))
    for line in base.keys() | ours.keys() | theirs.keys() | found.keys():
        mine, new, both = ours[line] - base[line], theirs[line] - base[line], found[line] - base[line]
        least, most = sorted((mine + new, max(mine, new, key=abs) if mine * new > 0 else mine + new))
        if not least <= both <= most:
            return False
    return True


def is_readable(path: str, content: bytes) -> bool:
    """Say whether a parser of the file's format reads it, as far as it has one."""
    try:
        if path.endswith((".yml", ".yaml")):
            yaml.load(content, path)
            return not _repeats(yaml.read(content, path))
        if path.endswith(".py"):
            compile(content, path, "exec", dont_inherit=True)
    except (MalformedFileError, SyntaxError, ValueError):
        return False
    return True


def _repeats(node: Node | None) -> bool:
    """Say whether a key stands twice in a mapping: what one side adds, the other may have added elsewhere."""
    if isinstance(node, Series):
        return any(map(_repeats, node.items))
    if not isinstance(node, Table):
        return False
    keys = [member.name for member in node.members]
    return len(keys) != len(set(keys)) or any(_repeats(member.value) for member in node.members)
