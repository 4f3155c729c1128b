"""Documents, and instructions for programs that write code."""

import pytest
from rewriting import check_rewrite
from tables import moving, staying

MOVES = {
    "docs.text": ("README.md", "# a\n\nNeeds Python 3.8 or newer.\n", "# a\n\nNeeds Python 3.10 or newer.\n"),
    "docs.instructions": (".cursorrules", "Write for Python 3.8+.\n", "Write for Python 3.10+.\n"),
}

STAYS = {
    "docs.text": ("README.md", "Spark 3.8 and Django 3.9 are fine. Python 3.8 was dropped in 2.0.\n"),
    "docs.instructions": (".cursorrules", "Use CMake 3.9.\n"),
}


test_what_is_declared_moves = moving(MOVES)
test_what_is_not_meant_stays = staying(STAYS)


@pytest.mark.parametrize(
    "path",
    [
        "README.rst",
        "README",
        "CONTRIBUTING.md",
        "docs/install.rst",
        "docs/usage/setup.txt",
        "AGENTS.md",
        "CLAUDE.md",
        ".github/copilot-instructions.md",
        ".cursor/rules/python.mdc",
    ],
)
def test_documents_have_many_names(path):
    check_rewrite(path, "Needs Python 3.8 or newer.\n", "Needs Python 3.10 or newer.\n")
