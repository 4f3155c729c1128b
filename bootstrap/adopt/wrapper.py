"""The copy of bootstrap.py that a repository commits: as it is here, but for what its own linters read first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bootstrap.adopt.model import Draft, Remark

if TYPE_CHECKING:
    from bootstrap.adopt.model import Drafts, Tree, Wishes

PATH = "bootstrap.py"

# It takes the place of the shebang, which would want a file that may be executed (pre-commit's hook
# check-shebang-scripts-are-executable), while people type `python bootstrap.py`. What is peculiar about it:
# - yapf goes by a line that comes first, and takes black's; so black's and ruff's formatter goes there
# - ruff takes flake8's line for its own, and has a rule against just that (PGH004), and another one (RUF105, in
#   preview) against all that is called noqa
# - pyright has no word for a whole file but `type: ignore`, which the hook python-check-blanket-type-ignore forbids; so
#   its rules are those of `basic`, without the ones that bootstrap.py, which has no annotations, cannot satisfy
HEADER = """\
# fmt: off
# This file is devstrap's, and is replaced as a whole: the linters and formatters of this repository pass over it.
# autopep8: off
# flake8: noqa
# isort: skip_file
# mypy: ignore-errors
# pylint: skip-file
# pyrefly: ignore-errors
# pyright: basic, reportArgumentType=false, reportAttributeAccessIssue=false
# pyright: reportGeneralTypeIssues=false, reportMissingImports=false, reportOptionalMemberAccess=false
# ruff: noqa: PGH004, RUF105
# ty: ignore
"""

_DOCSTRING = b'"""'
_SUM = re.compile(rb'(?m)^WHEEL_SHA256 = "[0-9a-f]*"')


def for_repositories(script: bytes) -> bytes:
    """Return bootstrap.py as repositories get it: it is devstrap's to lint, and the repository's to have."""
    shebang, _, rest = script.partition(b"\n")
    return HEADER.encode() + (rest if shebang.startswith(b"#!") else script)


def wrapper(tree: Tree, wishes: Wishes) -> Drafts:  # noqa: ARG001 - every writer takes both
    """Copy bootstrap.py to the root: what people type first. Another file of that name is somebody else's."""
    from bootstrap import assets  # noqa: PLC0415 - release/pin.py wants no more than the copy

    present, ours = tree.read(PATH), assets.read(PATH)
    if present is None:
        yield Draft(PATH, for_repositories(ours), "what a newcomer runs: python bootstrap.py", is_whole=True)
    elif b"devstrap" not in present:
        yield Remark(PATH, "it is there already, and is not devstrap's; rename one of the two")
    elif _program(present) != _program(ours):
        yield Remark(PATH, "it is of another version of devstrap, and stays; copy the new one over it")


def _program(script: bytes) -> bytes:
    """Return what two copies of one version have in common, whatever they say to linters and whichever wheel they pin.

    That is everything from the docstring on, with the line ends of here and without the sum of a wheel.
    """
    found = script.replace(b"\r\n", b"\n").partition(_DOCSTRING)[2]
    return _SUM.sub(b'WHEEL_SHA256 = ""', found)
