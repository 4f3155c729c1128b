"""Scripts and code: Makefiles, shell, scripts with their metadata in them, and conditions on the version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.expression import expression
from bootstrap.sites.model import Area, Codec, Declaration, Role

if TYPE_CHECKING:
    from bootstrap.sites.model import Source
    from bootstrap.syntax.tree import Node, Path

_MAKE = (
    "Makefile",
    "Makefile.*",
    "GNUmakefile",
    "*.mk",
    "justfile",
    ".justfile",
    "*.just",
    "Taskfile.yml",
    "Taskfile.yaml",
)
_SHELL = ("*.sh", "*.bash", "*.zsh", "*.fish", "*.ps1", "*.bat", "*.cmd", "*.githook", "Vagrantfile", "*.nix")
_MODULES = ("*.py",)

_REFUSES = expression(r"(?:raise\b(?!.*\bSkip)|(?:sys\.)?exit\(|os\._exit\(|quit\()")
# Statements that may come before the end: an explanation.
_EXPLAINS = expression(r"print\(|sys\.std(?:err|out)\.write\(|(?:msg|message|error)\s*=|warnings\.warn\(|#|[\"')\]]")


def _refuses(source: Source, path: Path, node: Node) -> bool:  # noqa: ARG001 - every closer look takes all three
    """Say whether a condition stands at a module's beginning of a line and leads to its end.

    What stands deeper is about a feature, and what does not end is about another way to do it: neither follows the
    oldest Python that is supported.
    """
    text = source.text
    start = text.rfind("\n", 0, node.start) + 1
    if not text.startswith(("if sys.version_info", "if version_info"), start) and not text.startswith(
        ("if (sys.version_info", "if (version_info"), start
    ):
        return False
    end = text.find("\n", node.end)
    for line in text[end + 1 :].splitlines() if end >= 0 else ():
        statement = line.strip()
        if statement and not line[0].isspace() and statement[0] != "#":
            return False
        if _REFUSES.match(statement):
            return True
        if statement and not _EXPLAINS.match(statement):
            return False
    return False


ROWS = (
    Declaration(
        "make.python",
        "the target uses it",
        Area.DEVELOPED,
        Role.DEFAULT,
        files=_MAKE,
        codec=Codec.MAKE,
    ),
    Declaration(
        "shell.python",
        "the script uses it",
        Area.DEVELOPED,
        Role.DEFAULT,
        files=_SHELL,
        codec=Codec.COMMAND,
    ),
    Declaration(
        "python.script-block",
        "uv and pipx run the script on these",
        Area.DEVELOPED,
        Role.FLOOR,
        files=_MODULES,
        at=("requires-python",),
        codec=Codec.ANY,
        syntax="script",
        needs=r"(?m)^# /// script",
    ),
    Declaration(
        "python.script-marker",
        "decides whether a dependency is installed",
        Area.DEVELOPED,
        Role.MARKER,
        files=_MODULES,
        at=("dependencies/[]",),
        codec=Codec.MARKER,
        syntax="script",
        needs=r"(?m)^# /// script[^$]*python_(?:full_)?version",
    ),
    Declaration(
        "docs.conf",
        "links go to its documentation",
        Area.TOLD,
        Role.DEFAULT,
        files=("conf.py",),
        at=("**",),
        codec=Codec.DOCS_URL,
        syntax="python",
        needs=r"docs\.python\.org",
    ),
    Declaration(
        "python.guard",
        "the module refuses older Pythons",
        Area.TOLD,
        Role.FLOOR,
        files=_MODULES,
        at=("sys.version_info*<", "version_info*<"),
        codec=Codec.NAMED,
        syntax="python",
        holds=_refuses,
        needs=r"(?m)^if \(?(?:sys\.)?version_info[^\n]*<",
    ),
    Declaration(
        "python.condition",
        "the code does something else there",
        Area.TARGETED,
        Role.MARKER,
        files=_MODULES,
        codec=Codec.CONDITION,
        needs="version_info",
    ),
)
