"""What a failed command of uv's means to the person, and what would help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.errors import StepError

if TYPE_CHECKING:
    from bootstrap.process import Completed

_NETWORK = (
    "connection refused",
    "dns error",
    "error sending request",
    "failed to fetch",
    "failed to lookup address",
    "network is unreachable",
    "operation timed out",
    "tcp connect error",
)

_OFFLINE = ("network was disabled", "network connectivity is disabled", "set to offline mode")

# What uv says (in lower case), and the remedy that goes with it; the first that fits.
_REMEDIES = (
    (
        _OFFLINE,
        "leave out --offline (or UV_OFFLINE), or provide what it names on this machine, in uv's cache or a mirror",
    ),
    (("no space left", "os error 28", "disk quota"), "free some space, then run this again"),
    (
        ("certificate", "unknownissuer"),
        "name the file with your certificates in SSL_CERT_FILE, or set UV_SYSTEM_CERTS=1, then run this again",
    ),
    (
        ("unauthorized", "forbidden", "proxy authentication"),
        "check the credentials of the package index, then run this again",
    ),
    (
        ("hash mismatch",),
        "the file is not the one whose hash is noted: find out whether it or the hash was changed before you go on",
    ),
    (_NETWORK, "check the network, the proxy settings and the package index, then run this again"),
    (
        ("permission denied", "os error 13", "read-only file system"),
        "give yourself write permission to what it names, then run this again",
    ),
    (
        ("no download found", "no interpreter found"),
        "choose another Python with --python, or name a mirror in UV_PYTHON_INSTALL_MIRROR",
    ),
    (
        ("no solution found", "unsatisfiable"),
        "change the requirement that it names, or choose another Python with --python",
    ),
    (
        ("failed to build", "build backend"),
        "install what the build misses, or choose with --python a Python for which there are wheels",
    ),
)

_OLD_SETUPTOOLS = (
    "it builds with an older setuptools only: put setuptools<81 into build-constraint-dependencies of [tool.uv], "
    "or into a file that UV_BUILD_CONSTRAINT names"
)
_NO_PYTHON = (
    "check the network and the proxy settings, name a mirror in UV_PYTHON_INSTALL_MIRROR, or choose a Python that is "
    "on this machine with --python"
)

# How uv draws a chain of causes.
_FRAME = "\u00d7\u2570\u2500\u25b6\u251c\u2502 "
# How uv announces the output of a build backend, whose last lines say what went wrong.
_QUOTED = ("[stdout]", "[stderr]")
_FIRST, _LAST = 4, 8


def explain(completed: Completed, purpose: str) -> StepError:
    """Turn a failed command into an error with its cause in uv's words, and a remedy."""
    lines = [line.rstrip() for line in completed.stderr.splitlines()]
    error = StepError(f"could not {purpose}: {_cause(lines)}", remedy=_remedy(completed, lines))
    error.said = completed.stderr
    return error


def _remedy(completed: Completed, lines: list[str]) -> str:
    import shlex  # noqa: PLC0415 - only where something went wrong

    said = "\n".join(_own_words(lines)).lower()
    if "install" in completed.argv and "python" in completed.argv[1:2] and is_out_of_reach(completed.stderr):
        return _NO_PYTHON
    if "No module named 'pkg_resources'" in completed.stderr:
        return _OLD_SETUPTOOLS
    remedy = next((remedy for words, remedy in _REMEDIES if any(word in said for word in words)), "")
    hint = next((line.strip()[5:].strip() for line in lines if line.strip().startswith("hint:")), "")
    return remedy or hint or "run it by hand to see more: " + shlex.join(completed.argv)


def is_out_of_reach(said: str) -> bool:
    """Say whether uv could not do its work because it reached no index, and not because something is wrong."""
    words = "\n".join(_own_words(said.splitlines())).lower()
    return any(sign in words for sign in (*_OFFLINE, *_NETWORK))


def _told(lines: list[str]) -> list[str]:
    """Return what uv said from its error on; where it names none, its last words."""
    start = next((number for number, line in enumerate(lines) if line.lower().startswith("error")), None)
    return lines[start:] if start is not None else [line for line in lines if line.strip()][-6:]


def _own_words(lines: list[str]) -> list[str]:
    """Return what uv itself said: the output of a build that it quotes may speak of anything."""
    told = _told(lines)
    quoted = next((number for number, line in enumerate(told) if line.strip() in _QUOTED), len(told))
    return told[:quoted] + [line for line in told[quoted:] if line.startswith("hint:")]


def _cause(lines: list[str]) -> str:
    """Return uv's error and what it was caused by, without labels and frames: the start, and the end of a long one."""
    cleaned = (line.strip().lstrip(_FRAME).removeprefix("error: ").removeprefix("cause: ") for line in _told(lines))
    kept = [line for line in cleaned if line and not line.startswith("hint:")]
    if len(kept) > _FIRST + _LAST:
        kept = [*kept[:_FIRST], "...", *kept[-_LAST:]]
    return "\n  ".join(kept) or "it said nothing"
