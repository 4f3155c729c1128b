"""Documents: what people, and the programs that write code for them, are told."""

from __future__ import annotations

from bootstrap.sites.model import Area, Codec, Declaration, Role

_DOCUMENTS = (
    "*.md",
    "*.mdx",
    "*.markdown",
    "*.rst",
    "*.adoc",
    "README",
    "README.*",
    "INSTALL",
    "INSTALL.*",
    "CONTRIBUTING",
    "CONTRIBUTING.*",
    "HACKING",
    "docs/**/*.txt",
    "doc/**/*.txt",
    "docs/**/*.html-fragment",
)
_INSTRUCTIONS = ("*.mdc", ".cursorrules", ".windsurfrules", ".clinerules", "llms.txt", "llms-full.txt")

ROWS = (
    Declaration(
        "docs.text",
        "people read it",
        Area.TOLD,
        Role.DEFAULT,
        files=_DOCUMENTS,
        codec=Codec.PROSE,
        needs="(?i)python",
    ),
    Declaration(
        "docs.instructions",
        "programs that write code read it",
        Area.TOLD,
        Role.DEFAULT,
        files=_INSTRUCTIONS,
        codec=Codec.PROSE,
        needs="(?i)python",
    ),
)
