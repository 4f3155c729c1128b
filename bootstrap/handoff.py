"""What bootstrap.py hands over to the package: the uv to use, the cache, and who started it."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping
    from typing import Any

INDEX = "DEVSTRAP_INDEX"
"""The variable in which bootstrap.py passes the settings of the package index: they may have passwords in them."""


class Handoff:
    """One run's circumstances. All paths are absolute; texts are empty where nothing is known."""

    __slots__ = ("cache", "executable", "index_json", "no_index", "script", "uv", "version")

    def __init__(  # noqa: PLR0913 - these are seven things that bootstrap.py knows; typing's tuples cost 5 ms
        self,
        *,
        uv: str,
        cache: str,
        executable: str,
        version: str,
        script: str = "",
        index_json: str = "",
        no_index: bool = False,
    ) -> None:
        self.uv = uv
        self.cache = cache
        self.script = script
        """The bootstrap.py that was started; empty when devstrap was started as an installed command."""
        self.executable = executable
        """The Python that bootstrap.py was started with."""
        self.version = version
        self.index_json = index_json
        """The settings that make uv use the package index which pip is configured for; see `index_settings`."""
        self.no_index = no_index
        """Whether pip is configured to use no index at all; uv has no variable for that."""

    @property
    def index_settings(self) -> dict[str, str]:
        """Return the settings of the package index as environment variables for uv."""
        if not self.index_json:
            return {}
        import json  # noqa: PLC0415 - it takes longer than all that a quick command does

        settings: dict[str, str] = json.loads(self.index_json)
        return settings


def receive(environ: MutableMapping[str, str], told: dict[str, Any] | None = None) -> Handoff:
    """Return what bootstrap.py tells, its variable taken out of `environ` so that no child of ours inherits it."""
    index = environ.pop(INDEX, "")
    if told is None:
        return _Unassisted(environ)
    caller = told["caller"]
    return Handoff(
        uv=told["uv"],
        cache=told["cache"],
        script=told["script"],
        executable=caller["executable"],
        version=caller["version"].rstrip("+"),
        index_json=index,
        no_index=told["no_index"],
    )


class _Unassisted(Handoff):
    """Without stage 0: devstrap was installed as a package and started as a command.

    uv and the cache are looked for when somebody first asks, since that takes longer than most of `check`.
    """

    __slots__ = ("_environ",)

    def __init__(self, environ: Mapping[str, str]) -> None:
        version = ".".join(map(str, sys.version_info[:3]))
        super().__init__(uv="", cache="", executable=sys.executable, version=version)
        del self.uv, self.cache
        self._environ = environ

    def __getattr__(self, name: str) -> str:
        """Find what is not known yet."""
        if name not in _FINDERS:
            raise AttributeError(name)
        found = _FINDERS[name](self._environ)
        setattr(self, name, found)
        return found


def _find_uv(environ: Mapping[str, str]) -> str:
    import shutil  # noqa: PLC0415

    uv = environ.get("DEVSTRAP_UV") or shutil.which("uv", path=environ.get("PATH")) or ""
    return os.path.abspath(uv) if uv else ""


def _find_cache(environ: Mapping[str, str]) -> str:
    import platformdirs  # noqa: PLC0415

    return os.path.abspath(
        environ.get("DEVSTRAP_CACHE_DIR") or platformdirs.user_cache_dir("devstrap", appauthor=False)
    )


_FINDERS = {"uv": _find_uv, "cache": _find_cache}
