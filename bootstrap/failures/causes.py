"""The kinds of failure: by which words of uv's each is known, what it means in plain words, and what would help."""

from __future__ import annotations

import posixpath
import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.detect.address import is_address_of
from bootstrap.failures import chains
from bootstrap.failures.told import Told
from bootstrap.setup.dependencies.locked import MAKERS, anew, of_another_release

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bootstrap.failures.places import Places, Written
    from bootstrap.failures.words import Said

OFFLINE = ("network was disabled", "network connectivity is disabled", "set to offline mode")
NETWORK = (
    "connection refused",
    "dns error",
    "error sending request",
    "failed to fetch",
    "failed to lookup address",
    "network is unreachable",
    "operation timed out",
    "tcp connect error",
)


class Failure(NamedTuple):
    """What failed, and where its requirements are written."""

    said: Said
    places: Places
    purpose: str = ""
    """What the command was for: `install what poetry.lock says`."""

    @property
    def lock(self) -> str:
        """The lock that was to be installed; empty where it was none."""
        return next((name for name in MAKERS if name in self.purpose.split()), "")

    def spelled(self, requirement: str) -> str:
        """Return a requirement with where it is written, or with what brought it in."""
        found = self.places.of(requirement)
        if found:
            return f"{requirement} ({found[0].where})"
        name = chains.name_of(requirement)
        by = self.said.hinted(rf"`{re.escape(name)}` \(\S+\) was included because (?P<by>.+)")
        if by is None:
            return requirement
        first = re.match(r"`([^`]+)`", by["by"])
        return f"{requirement} ({_plain(by['by'])}{self._where(first[1]) if first else ''})"

    def _where(self, requirement: str) -> str:
        found = self.places.of(requirement)
        return f", {found[0].where}" if found else ""

    def first(self, requirement: str) -> Written | None:
        """Return where a requirement is written; None where nobody knows."""
        return next(iter(self.places.of(requirement)), None)


def _plain(text: str) -> str:
    """Return uv's words without its quotes, and its versions as one writes them."""
    return re.sub(r" \(v([^)]+)\)", r" \1", text.replace("`", ""))


# ---- the index ------------------------------------------------------------------------------------------------------


def _offline(failure: Failure) -> Told | None:
    if not any(sign in failure.said.lower for sign in OFFLINE):
        return None
    remedy = "leave out --offline (or UV_OFFLINE), or provide what it names on this machine, in uv's cache or a mirror"
    return Told(_cause(failure), remedy)


def _credentials(failure: Failure) -> Told | None:
    said = failure.said
    status = said.find(r"\((401|403|407) [A-Z]") or said.hinted(r"\b(401|403|407) [A-Z]")
    if status is None and not any(word in said.lower for word in ("unauthorized", "forbidden", "proxy authentication")):
        return None
    if (status and status[1] == "407") or "proxy authentication" in said.lower:
        return Told(_cause(failure), "put the login for the proxy into HTTPS_PROXY (http://NAME:PASSWORD@HOST:PORT)")
    url = said.hinted(r"\((https?://[^)\s]+)\)") or said.find(r"(https?://[^)\s`]+)")
    host = re.sub(r"^https?://(?:[^@/]*@)?([^/]+).*", r"\1", url[1]) if url else "the package index"
    wanted = _wanted(failure)
    is_unknown = not status or status[1] == "401"
    why = "lets nobody in without a login" if is_unknown else "refuses it: there is no login, or not the right one"
    code = f" ({status[1]})" if status else ""
    cause = f"{failure.spelled(wanted) if wanted else 'a package'} cannot be had: {host} {why}{code}"
    remedy = (
        f"ask its owners for a login, and put it into ~/.netrc (machine {host.partition(':')[0]} login NAME password "
        "PASSWORD), or into UV_INDEX_<NAME>_USERNAME and UV_INDEX_<NAME>_PASSWORD where the index has a name; "
        "check the credentials that are there already"
    )
    return Told(cause, remedy, failure.first(wanted) if wanted else None)


def _wanted(failure: Failure) -> str:
    """Return which requirement it was about; empty where that is not said."""
    said = failure.said
    gone = next((fact for fact in chains.facts(said.text) if fact.kind in ("unknown", "absent")), None)
    if gone is not None:
        return gone.who
    found = said.find(r"Failed to (?:download|build|prepare|download and build) `([^`]+)`")
    if found:
        return found[1]
    wheel = said.find(r"/([A-Za-z0-9][\w.]*)-[\w.!+]+(?:-[\w.-]+\.whl|\.tar\.gz|\.zip)")
    if wheel:
        return wheel[1]
    project = said.find(r"/simple/([\w.-]+)/")
    return project[1] if project else ""


def _gone(failure: Failure) -> Told | None:
    """Tell of a file that the index, or an address, no longer has."""
    found = failure.said.find(r"\((404|410) [^)]*\) for url \(([^)]+)\)")
    if found is None:
        return None
    wanted = _wanted(failure)
    if " @ " in wanted:
        name, _, address = wanted.partition(" @ ")
        where = failure.places.of_words(address)
        place = f" ({where.where})" if where else ""
        return Told(
            f"{name} @ {address}{place} cannot be had: nothing is there (any more, {found[1]})",
            "correct the address, or require a release from the index in its place",
            where,
        )
    file = found[2].rpartition("/")[2]
    if failure.lock and wanted:
        where = failure.places.in_lock(chains.name_of(wanted), failure.lock)
        place = f" ({where.where})" if where else ""
        return Told(
            f"{wanted}{place} cannot be had: its file {file} is gone from the index ({found[1]})",
            f"{of_another_release(failure.lock, chains.name_of(wanted))}; or use another index, if it is a mirror",
            where,
        )
    return Told(
        f"{failure.spelled(wanted) if wanted else file} cannot be had: its file {file} is gone from the index "
        f"({found[1]})",
        "the release was taken back, or a mirror is out of step: require another release (and lock again), or use "
        "another index",
        failure.first(wanted) if wanted else None,
    )


def _network(failure: Failure) -> Told | None:
    if not any(sign in failure.said.lower for sign in NETWORK):
        return None
    remedy = "check the network, the proxy settings and the package index, then run this again"
    wanted = _wanted(failure)
    host = failure.said.find(r"https?://(?:[^@/\s]*@)?([^/\s)]+)")
    if not wanted or host is None:
        return Told(_cause(failure), remedy)
    cause = f"{failure.spelled(wanted)} cannot be had: {host[1]} cannot be reached ({failure.said.own[-1]})"
    return Told(cause, remedy, failure.first(wanted))


def _server(failure: Failure) -> Told | None:
    found = failure.said.find(r"\((5\d\d [^)]+)\) for url \(https?://(?:[^@/]*@)?([^/)]+)")
    if found is None:
        return None
    wanted = _wanted(failure)
    return Told(
        f"{failure.spelled(wanted) if wanted else 'a package'} cannot be had: {found[2]} has a failure of its own "
        f"({found[1]})",
        "try again later, or use another index",
        failure.first(wanted) if wanted else None,
    )


def _certificate(failure: Failure) -> Told | None:
    if not any(sign in failure.said.lower for sign in ("certificate", "unknownissuer")):
        return None
    remedy = "name the file with your certificates in SSL_CERT_FILE, or set UV_SYSTEM_CERTS=1, then run this again"
    return Told(_cause(failure), remedy)


def _hash(failure: Failure) -> Told | None:
    found = failure.said.find(r"Hash mismatch for `([^`]+)`")
    if found is None:
        return None
    expected = failure.said.find(r"Expected: (\S+)")
    computed = failure.said.find(r"Computed: (\S+)")
    sums = f": it has {_shortened(computed[1])} and not {_shortened(expected[1])}" if expected and computed else ""
    return Told(
        f"the file of {failure.spelled(found[1])} is not the one whose hash is noted{sums}",
        "find out whether the file or the note was changed before you go on: lock again only if you trust the file",
        failure.first(found[1]),
    )


def _shortened(digest: str) -> str:
    return f"{digest[:19]}..." if len(digest) > 24 else digest


# ---- the machine ----------------------------------------------------------------------------------------------------


def _space(failure: Failure) -> Told | None:
    if not any(sign in failure.said.lower for sign in ("no space left", "os error 28", "disk quota")):
        return None
    return Told(_cause(failure), "free some space, then run this again")


def _permission(failure: Failure) -> Told | None:
    if not any(sign in failure.said.lower for sign in ("permission denied", "os error 13", "read-only file system")):
        return None
    return Told(_cause(failure), "give yourself write permission to what it names, then run this again")


def _install_of_python(failure: Failure) -> Told | None:
    said = failure.said
    is_install = "python" in said.argv[1:2] and "install" in said.argv
    if is_install and any(sign in said.lower for sign in (*OFFLINE, *NETWORK)):
        host = said.find(r"https?://(?:[^@/\s]*@)?([^/\s)`]+)")
        return Told(
            f"{host[1]} cannot be reached, which has it ({said.own[-1]})" if host else _cause(failure),
            "check the network and the proxy settings, name a mirror in UV_PYTHON_INSTALL_MIRROR, or choose a Python "
            "that is on this machine with --python",
        )
    return None


def _no_python(failure: Failure) -> Told | None:
    if not any(sign in failure.said.lower for sign in ("no download found", "no interpreter found")):
        return None
    return Told(_cause(failure), "choose another Python with --python, or name a mirror in UV_PYTHON_INSTALL_MIRROR")


# ---- git ------------------------------------------------------------------------------------------------------------

_NO_ACCESS = ("authentication failed", "could not read username", "permission denied", "terminal prompts disabled")
_NO_COMMIT = ("not our ref", "couldn't find remote ref", "failed to find branch", "failed to fetch commit", "reference")
_NO_REPOSITORY = ("does not appear to be a git repository", "repository not found", "does not exist", "not found")


def _git(failure: Failure) -> Told | None:
    said = failure.said
    if "git operation failed" not in said.lower and "git executable not found" not in said.lower:
        return None
    if "git executable not found" in said.lower:
        return Told(_cause(failure), "install git, then run this again")
    wanted = _wanted(failure)
    address = wanted.partition(" @ ")[2] or wanted
    bare = re.sub(r"^git\+|@[^@/]+$", "", address)
    where = failure.places.of_words(address, bare, bare.removesuffix(".git"))
    place = f" ({where.where})" if where else ""
    reason = next((line for line in said.own if line.startswith(("fatal: ", "ERROR: "))), "git could not fetch it")
    reason = reason.removeprefix("fatal: ").removeprefix("ERROR: ").removeprefix("remote error: ")
    return Told(f"{wanted}{place} cannot be fetched: {reason}", _git_remedy(said.lower, address, bare), where)


def _git_remedy(lower: str, address: str, bare: str) -> str:
    if any(sign in lower for sign in _NO_ACCESS):
        return f"give git access to {bare} (an SSH key, or a credential helper), and try git ls-remote {bare}"
    if any(sign in lower for sign in _NO_REPOSITORY[:2]):
        return f"check the address, and whether you may read it: git ls-remote {bare}"
    if any(sign in lower for sign in _NO_COMMIT):
        commit = address.rpartition("@")[2] if "@" in address else "it"
        return f"{commit} is not in that repository (any more): name a commit, tag or branch that is"
    if any(sign in lower for sign in _NO_REPOSITORY):
        return f"check the address, and whether you may read it: git ls-remote {bare}"
    return f"check the network and the proxy settings, and try git ls-remote {bare}"


# ---- the files of the repository ------------------------------------------------------------------------------------


def _newer_lock(failure: Failure) -> Told | None:
    found = failure.said.find(r"lockfile at `([^`]+)` uses an unsupported schema version \(v(\d+), but only v(\d+)")
    if found is None:
        return None
    return Told(
        f"{found[1]} was written by a newer uv: its format is version {found[2]}, and the one here reads {found[3]}",
        "take a newer devstrap, or name a newer uv in DEVSTRAP_UV",
    )


def _requirement_syntax(failure: Failure) -> Told | None:
    """Tell of a line that is no requirement, with the line in place of uv's position in bytes."""
    said = failure.said
    found = said.find(r"Couldn't parse requirement in `([^`]+)` at position (\d+)")
    if found:
        where = failure.places.at(found[1], int(found[2]))
        reason = next((line for line in said.own[1:] if line), "")
        # The lines of a lock are gone with the environment that they were written for.
        shown = where.text or next(iter(said.own[2:]), "")
        return Told(f"{where.where} is no requirement ({reason}): {shown}", "correct that line", where)
    placed = said.find(r"^(.*): ([^:\s]+):(\d+):(\d+)$")
    if placed is None or not placed[2].endswith((".txt", ".in", ".lock")):
        return None
    where = failure.places.of_line(placed[2], int(placed[3]))
    return Told(f"{where.where} cannot be understood ({placed[1]}): {where.text}", "correct that line", where)


_SYSTEMS = {"hg": "Mercurial", "svn": "Subversion", "bzr": "Bazaar"}


def _other_version_control(failure: Failure) -> Told | None:
    """Tell of a line that names a repository of another kind than git's."""
    said = failure.said
    prefix = said.find(r"Unsupported URL prefix `(hg|svn|bzr)`")
    found = said.find(r"Couldn't parse requirement in `([^`]+)` at position (\d+)")
    if prefix is None or found is None:
        return None
    where = failure.places.at(found[1], int(found[2]))
    system = _SYSTEMS[prefix[1]]
    return Told(
        f"{where.where} wants something from {system}, of which uv installs nothing: {where.text}",
        f"require a release, an archive, or a git repository of it; or install it yourself by pip and {prefix[1]}, and"
        " take the line out",
        where,
    )


def _word(failure: Failure) -> Told | None:
    """Tell of a requirement that was read somewhere and given to uv by itself, such as those of tox and Hatch."""
    found = failure.said.find(r"^Failed to parse: `([^`]+)` (.+?)(?: \^+)?$")
    if found is None:
        return None
    where = failure.places.of_words(f'"{found[1]}"', f"'{found[1]}'", found[1])
    reason = found[2].removesuffix(found[1]).strip()
    place = f" ({where.where})" if where else ""
    return Told(f"{found[1]}{place} is no requirement: {reason}", "correct that line", where)


def _included(failure: Failure) -> Told | None:
    """Tell of a file that another one includes, and that is not there."""
    said = failure.said
    places = re.findall(r"Error parsing included file in `([^`]+)` at position (\d+)", said.text)
    found = said.find(r"failed to read from file `([^`]+)`: (.+?)(?: \(os error \d+\))?$")
    if not places or not found:
        return None
    where = failure.places.at(places[-1][0], int(places[-1][1]))
    name = failure.places.relative(found[1])
    what = "which does not exist" if "No such file" in found[2] else f"which cannot be read ({found[2]})"
    return Told(f"{where.where} includes {name}, {what}", "put the file there, or take that line out", where)


def _toml(failure: Failure) -> Told | None:
    said = failure.said
    found = said.find(r"TOML parse error at line (\d+), column \d+")
    if found is None:
        return None
    named = said.find(r"(?:Failed to parse:?|Not a valid `[^`]+` file:) `?([^`\s]+\.(?:toml|lock))")
    name = named[1] if named else "pyproject.toml"
    where = failure.places.of_line(name, int(found[1]))
    # Below the marks stands what is wrong.
    marks = [number for number, line in enumerate(said.own) if re.fullmatch(r"\|\s*\^+", line)]
    reason = _plain(" ".join(said.own[marks[-1] + 1 :])) if marks else said.own[-1]
    reason = reason.removeprefix(f"{name} ")
    is_lock = where.path.rpartition("/")[2] in MAKERS
    remedy = anew(where.path.rpartition("/")[2]) if is_lock else "correct it there"
    return Told(f"{where.where} is not as it has to be: {reason}", f"{remedy}, then run this again", where)


def _group(failure: Failure) -> Told | None:
    found = failure.said.find(r"Failed to parse entry in group `([^`]+)`: `([^`]+)`")
    if found is None:
        return None
    where = failure.places.of_words(f'"{found[2]}"', f"'{found[2]}'")
    place = where.where if where else "pyproject.toml"
    reason = failure.said.own[2] if len(failure.said.own) > 2 else "it is no requirement"
    return Told(f"{place}: {found[2]} in the group {found[1]} is no requirement ({reason})", "correct that line", where)


_CLAUSE = r"(?:===|[~=!<>]=|[<>])\s*[\w.*+!-]+"
# A dependency specifier (PEP 508), as far as its shape goes.
_REQUIREMENT = re.compile(
    rf"[A-Za-z0-9][\w.-]*\s*(?:\[[^\]]*\])?\s*(?:@\s*\S+.*|\(?(?:{_CLAUSE}(?:\s*,\s*{_CLAUSE})*)?,?\s*\)?\s*(?:;.*)?)",
    re.DOTALL,
)


def _requirement_of_project(failure: Failure) -> Told | None:
    """Tell of a line of `[project]` that is no requirement: uv then leaves it to the build backend to say so."""
    if not any(word in failure.said.lower for word in ("`setup.py` build", "failed to build", "build backend")):
        return None
    for text in failure.places.project_requirements():
        if not _REQUIREMENT.fullmatch(text.strip()):
            where = failure.places.of_words(f'"{text}"', f"'{text}'")
            place = where.where if where else "pyproject.toml"
            return Told(f"{place}: {text} is no requirement", "correct that line", where)
    return None


def _no_such_path(failure: Failure) -> Told | None:
    found = failure.said.find(r"Distribution not found at: file://(\S+)")
    if found is None:
        return None
    named, where = _path(failure, found[1])
    return Told(
        f"{named} does not exist",
        "get what belongs there (a repository beside this one, a submodule), or take the requirement out",
        where,
    )


def _path(failure: Failure, path: str) -> tuple[str, Written | None]:
    """Return a path as one finds it from the root, with where it is required."""
    from urllib.parse import unquote  # noqa: PLC0415 - only where something went wrong

    path = unquote(path)
    name = failure.places.relative(path)
    here = failure.places.relative_to_cwd(path)
    where = failure.places.of_words(path, f"./{here}", here, name, posixpath.basename(path))
    shown = path if name.startswith("../..") else name
    return f"{shown} ({where.where})" if where else shown, where


def _no_project(failure: Failure) -> Told | None:
    found = failure.said.find(r"`?([^`\s]+)`? does not appear to be a Python project")
    if found is None:
        return None
    named, where = _path(failure, found[1])
    return Told(
        f"{named} is no Python project: it has neither pyproject.toml nor setup.py",
        "get what belongs there (is it a submodule that is empty?), or take the requirement out",
        where,
    )


def _other_metadata(failure: Failure) -> Told | None:
    """Tell of files that say something else of themselves than the lock or the requirement does."""
    said = failure.said
    named = said.find(r"Requested package name `([^`]+)` does not match `([^`]+)` in the distribution filename: (\S+)")
    if named:
        where = failure.places.of_words(named[3])
        place = f" ({where.where})" if where else ""
        return Told(
            f"{named[1]}{place} is required from an address at which there is {named[2]}: {named[3]}",
            "correct the name or the address",
            where,
        )
    found = said.find(r"[Pp]ackage metadata (?:name|version) `([^`]+)` does not match given (?:name|version) `([^`]+)`")
    malformed = said.find(
        r"The entry for package `([^`]+)` \(([^)]+)\) has (?:wheel|source distribution) `([^`]+)` with"
    )
    if malformed:
        return Told(
            f"the lock says {malformed[1]} {malformed[2]}, and names {malformed[3]} as its file",
            "make the lock again: it was changed by hand, or merged wrongly",
        )
    if found is None:
        return None
    wanted = _wanted(failure)
    return Told(
        f"{failure.spelled(wanted) if wanted else 'a package'} calls itself {found[1]}, where {found[2]} was expected",
        "make the lock again, or correct the requirement",
        failure.first(wanted) if wanted else None,
    )


# ---- what cannot be resolved ----------------------------------------------------------------------------------------


def wheels(said: Said) -> str:
    """Return for which Pythons there are wheels, where there is none that fits: `wheels for Python 3.8 only`."""
    found = said.hinted(r"wheels for `[^`]+` \(v[^)]+\) with the following Python (?:ABI|implementation) tags?: (.+)")
    found = found or said.hinted(r"only has wheels with the following Python (?:ABI|implementation) tags?: (.+)")
    tags = re.findall(r"`cp(\d)(\d+)m?`", found[1]) if found else []
    if not tags:
        return ""
    return f"wheels for Python {', '.join(f'{major}.{minor}' for major, minor in tags)} only"


def _gone_from_lock(failure: Failure) -> Told | None:
    """Tell of a release that a lock names, and that the index does not have."""
    found = failure.said.find(rf"there is no version of ({_PACKAGE})=={_RELEASE} and you require")
    if not failure.lock or found is None:
        return None
    name, release = chains.name_of(found[1]), found[2]
    where = failure.places.in_lock(name, failure.lock)
    place = f" ({where.where})" if where else ""
    return Told(
        f"{name}=={release}{place} cannot be had: the index has no such release, or not any more",
        of_another_release(failure.lock, name),
        where,
    )


# Conditions, as uv puts them behind the name, tell nothing here.
_PACKAGE, _RELEASE = r"[\w.-]+(?:\{[^}]*\})?", r"([\w.!+-]+)"


def _unresolvable(failure: Failure) -> Told | None:
    said = failure.said
    told = chains.condensed(said.text, failure.places, wheels(said))
    if told is None:
        return None
    if "No solution found when resolving: `" in said.text:
        built = said.find(r"Failed to (?:download and )?build `([^`]+)`")
        what = "the project itself" if built is None or is_own(failure, built[1]) else failure.spelled(built[1])
        told = told._replace(cause=f"{what} cannot be built, since what builds it is missing: {told.cause}")
    bound = _bound(said.argv)
    if bound:
        told = told._replace(
            cause=f"{told.cause} (only releases up to {bound} count)",
            remedy=f"{told.remedy}; or let newer releases count with --as-of now",
        )
    return told


def _bound(argv: tuple[str, ...]) -> str:
    """Return up to which day releases count."""
    return next((after[:10] for word, after in pairwise(argv) if word == "--exclude-newer"), "")


def _no_wheel(failure: Failure) -> Told | None:
    """Tell of a lock that has no file of a package for this Python or system."""
    said = failure.said
    found = said.find(r"Distribution `([^`@]+?) @ [^`]*` can't be installed because (.+)")
    if found is None:
        return None
    has = wheels(said) or "nothing that can be installed on this Python and system"
    return Told(
        f"{failure.spelled(found[1])} has {has}",
        "choose a Python for which there are wheels with --python, or lock another release",
        failure.first(found[1]),
    )


# ---- builds ---------------------------------------------------------------------------------------------------------


def _cause(failure: Failure) -> str:
    """Return uv's own words in one paragraph, a chain of reasons condensed."""
    told = _unresolvable(failure)
    if told is not None:
        return told.cause
    return _plain("; ".join(line.rstrip(":.") for line in failure.said.own)) or "it said nothing"


def is_own(failure: Failure, wanted: str) -> bool:
    """Say whether it is the project itself that was built: the one in the folder where the command ran."""
    root = failure.places.root
    return root is not None and any(is_at(folder, wanted) for folder in (root, root / failure.places.cwd))


def is_at(root: Path, wanted: str) -> bool:
    """Say whether a package, as uv names it, is the project in a folder."""
    address = wanted.partition(" @ ")[2]
    return address.startswith("file:") and is_address_of(root, address)


KINDS: tuple[Callable[[Failure], Told | None], ...] = (
    _install_of_python,
    _offline,
    _no_python,
    _space,
    _certificate,
    _credentials,
    _hash,
    _git,
    _gone,
    _newer_lock,
    _included,
    _word,
    _other_version_control,
    _requirement_syntax,
    _toml,
    _group,
    _no_such_path,
    _no_project,
    _other_metadata,
    _requirement_of_project,
    _server,
    _network,
    _permission,
    _gone_from_lock,
    _unresolvable,
    _no_wheel,
)
"""The first that knows the failure tells of it."""
