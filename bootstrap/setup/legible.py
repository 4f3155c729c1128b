"""Releases of long ago whose metadata uv cannot read, and the pip of then could: what they require, said to uv anew.

pandas asked for `pytz>=2011k` until 0.25, of July 2019, and much of that time asks for pandas. A number with a letter
in it is no version of PEP 440. Source: uv's setting `dependency-metadata`
(https://docs.astral.sh/uv/reference/settings/#dependency-metadata).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "devstrap-uv.toml"
OPTION = "--config-file"
# Whoever still went by such a release later has pinned it, and others do.
_UNTIL = datetime(2021, 7, 1, tzinfo=UTC)
_PANDAS = {
    "numpy>=1.7": ("0.17.0", "0.17.1", "0.18.0", "0.18.1", "0.19.0", "0.19.1", "0.19.2"),
    "numpy>=1.9": (
        *("0.20.0", "0.20.1", "0.20.2", "0.20.3", "0.21.0", "0.21.1", "0.22.0"),
        *("0.23.0", "0.23.1", "0.23.2", "0.23.3", "0.23.4"),
    ),
    "numpy>=1.12": ("0.24.0", "0.24.1", "0.24.2"),
}
NAMES = frozenset(("pandas",))
"""The distributions that uv cannot read where they are installed, either."""


def is_wanted(when: datetime | None) -> bool:
    """Say whether releases up to that time may be such."""
    return when is not None and when < _UNTIL


def settings() -> str:
    """Return uv's settings that say it."""
    lines = [
        f'[[dependency-metadata]]\nname = "pandas"\nversion = "{version}"\n'
        f'requires-dist = ["{numpy}", "python-dateutil>=2", "pytz>=2011"]\n'
        for numpy, versions in _PANDAS.items()
        for version in versions
    ]
    return "\n".join(lines)


def has_settings(env: Mapping[str, str]) -> bool:
    """Say whether somebody has settings for uv on this machine: a file of ours would take their place."""
    import os  # noqa: PLC0415 - only for what is of long ago

    home = env.get("HOME") or env.get("USERPROFILE") or ""
    folders = (
        env.get("XDG_CONFIG_HOME") or os.path.join(home, ".config"),
        *(env.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(os.pathsep),
        *("/etc", env.get("APPDATA") or ""),
    )
    return bool(env.get("UV_CONFIG_FILE")) or any(
        os.path.isfile(os.path.join(folder, "uv", "uv.toml")) for folder in folders if folder
    )
