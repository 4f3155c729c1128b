"""A source for `uv python install` on this disk, made from an interpreter that is here."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import tarfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# What an environment does not need, and what would make the archive five times as large.
_LEFT_OUT = shutil.ignore_patterns(
    "__pycache__", "*.a", "test", "tests", "idlelib", "tkinter", "turtledemo", "lib2to3", "site-packages", "pkgconfig",
    "ensurepip",
)  # fmt: skip


def make_mirror(prefix: Path, version: str, folder: Path) -> str:
    """Pack the CPython `version` at `prefix`, a self-contained tree, and return the URL of an index of downloads.

    The archive is laid out as uv expects it (python-build-standalone's `install_only`), and the index has the format
    of UV_PYTHON_DOWNLOADS_JSON_URL.
    """
    minor = version.rpartition(".")[0]
    tree = folder / "python"
    shutil.copytree(prefix / "lib", tree / "lib", symlinks=True, ignore=_LEFT_OUT)
    (tree / "lib" / f"python{minor}" / "site-packages").mkdir()
    (tree / "bin").mkdir()
    program = tree / "bin" / f"python{minor}"
    shutil.copy2(os.path.realpath(prefix / "bin" / f"python{minor}"), program)
    _relocate(program, prefix)
    for name in ("python3", "python"):
        (tree / "bin" / name).symlink_to(program.name)
    machine = platform.machine().lower()
    archive = folder / f"cpython-{version}-{machine}-unknown-linux-gnu-install_only.tar.gz"
    with tarfile.open(archive, "w:gz", compresslevel=1) as packed:
        packed.add(tree, "python")
    shutil.rmtree(tree)
    numbers = dict(zip(("major", "minor", "patch"), map(int, version.split(".")), strict=True))
    entry = {
        "name": "cpython",
        "arch": {"family": machine, "variant": None},
        "os": "linux",
        "libc": "gnu",
        **numbers,
        "prerelease": "",
        "url": archive.as_uri(),
        "sha256": hashlib.sha256(archive.read_bytes()).hexdigest(),
        "variant": None,
    }
    index = folder / "downloads.json"
    index.write_text(json.dumps({f"cpython-{version}-linux-{machine}-gnu": entry}))
    return index.as_uri()


def _relocate(program: Path, prefix: Path) -> None:
    """Have a program that looks for its library at an absolute path look beside itself instead.

    The new path is shorter, so it fits where the old one stood in the string table (ELF, DT_RUNPATH).
    """
    old, new = os.fsencode(prefix / "lib"), b"$ORIGIN/../lib"
    data = program.read_bytes()
    if old + b"\0" in data:
        program.write_bytes(data.replace(old + b"\0", new.ljust(len(old) + 1, b"\0")))
