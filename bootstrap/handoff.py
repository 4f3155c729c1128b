"""What bootstrap.py hands over to the package: the uv to use, the cache, and who started it."""

from __future__ import annotations

import os
import sys
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

VARIABLE = "DEVSTRAP_HANDOFF"


class Handoff(NamedTuple):
    """One run's circumstances. All paths are absolute; texts are empty where nothing is known."""

    uv: str
    cache: str
    script: str
    """The bootstrap.py that was started; empty when devstrap was started as an installed command."""
    executable: str
    """The Python that bootstrap.py was started with."""
    version: str
    prefix: str
    index_settings: Mapping[str, str]
    """The settings that make uv use the package index which pip is configured for."""


def receive(environ: MutableMapping[str, str]) -> Handoff:
    """Take the hand-over out of the environment, so that no child of ours inherits it."""
    text = environ.pop(VARIABLE, "")
    if not text:
        return _unassisted(environ)
    import json  # noqa: PLC0415 - only where there is something to read

    data = json.loads(text)
    caller = data.get("caller", {})
    return Handoff(
        uv=data["uv"],
        cache=data["cache"],
        script=data.get("script", ""),
        executable=caller.get("executable", sys.executable),
        version=caller.get("version", ""),
        prefix=caller.get("prefix", sys.prefix),
        index_settings=data.get("index", {}),
    )


def _unassisted(environ: Mapping[str, str]) -> Handoff:
    """Make do without stage 0: devstrap was installed as a package and started as a command."""
    import shutil  # noqa: PLC0415

    import platformdirs  # noqa: PLC0415

    uv = environ.get("DEVSTRAP_UV") or shutil.which("uv", path=environ.get("PATH")) or ""
    cache = environ.get("DEVSTRAP_CACHE_DIR") or platformdirs.user_cache_dir("devstrap", appauthor=False)
    version = ".".join(map(str, sys.version_info[:3]))
    return Handoff(os.path.abspath(uv) if uv else "", cache, "", sys.executable, version, sys.prefix, {})
