"""The Windows registry, and the Pythons that are registered there (PEP 514)."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


class Key(NamedTuple):
    """A key of the Windows registry: its text values ("" for the default one) and the names of the keys below."""

    values: Mapping[str, str]
    subkeys: tuple[str, ...]


if TYPE_CHECKING:
    ReadKey = Callable[[str, str, int], Key | None]
    """Hive (`HKCU`, `HKLM`), path and view (32 or 64) to a key, or None where there is none."""


def registered(read_key: ReadKey) -> Iterator[tuple[str, str]]:
    r"""Yield (directory, version) of each Python below `Software\Python\<Company>\<Tag>`, the person's entries first.

    The version is what the entry says, and empty where it says none.
    """
    for hive, view in (("HKCU", 64), ("HKLM", 64), ("HKLM", 32)):
        companies = read_key(hive, r"Software\Python", view)
        for company in companies.subkeys if companies else ():
            # PEP 514 keeps this name for the launcher's own settings.
            tags = read_key(hive, rf"Software\Python\{company}", view) if company != "PyLauncher" else None
            for tag in tags.subkeys if tags else ():
                yield from _entry(read_key, hive, rf"Software\Python\{company}\{tag}", view)


def _entry(read_key: ReadKey, hive: str, path: str, view: int) -> Iterator[tuple[str, str]]:
    """Yield where one entry's Python is, if it says so. Without ExecutablePath it is `python.exe` in InstallPath."""
    tag = read_key(hive, path, view)
    install = read_key(hive, path + r"\InstallPath", view)
    if tag is None or install is None:
        return
    executable = install.values.get("ExecutablePath", "").strip('"')
    directory = os.path.dirname(executable) or install.values.get("", "").strip('"')
    if os.path.isabs(directory):
        yield directory, tag.values.get("Version", "")


def read_registry_key(hive: str, path: str, view: int) -> Key | None:
    """Read a key of the Windows registry; None where it does not exist, and on every other system."""
    try:
        winreg: Any = import_module("winreg")
    except ImportError:
        return None
    root = winreg.HKEY_CURRENT_USER if hive == "HKCU" else winreg.HKEY_LOCAL_MACHINE
    access = winreg.KEY_READ | (winreg.KEY_WOW64_64KEY if view == 64 else winreg.KEY_WOW64_32KEY)
    try:
        with winreg.OpenKeyEx(root, path, 0, access) as key:
            subkeys, count, _ = winreg.QueryInfoKey(key)
            values = [winreg.EnumValue(key, index) for index in range(count)]
            texts = {name: value for name, value, _ in values if isinstance(value, str)}
            return Key(texts, tuple(winreg.EnumKey(key, index) for index in range(subkeys)))
    except OSError:
        return None
