"""Python versions, requests for one, and ranges of them: read and compared here, written nowhere.

`guard` answers in a blink with the help of this module, so it imports nothing: `packaging.specifiers` alone takes
longer than the whole answer may. Its tests hold it against `packaging`, version by version.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

DEFAULT = "3.12"
"""What a repository gets that asks for nothing."""
NEWEST_MINOR = 16
"""No `3.x` beyond this one exists yet, not even as an alpha (PEP 826 schedules 3.16)."""
OLDEST_INSTALLABLE = (3, 8)
"""What uv can still install of CPython."""

_PRERELEASES = ("a", "b", "rc")
_OPERATORS = ("===", "~=", "==", "!=", "<=", ">=", "<", ">")


class Version(tuple[int, int, int, str, int]):
    """An exact Python version in PEP 440 order: three numbers, then `a`, `b`, `rc` or `~` for final, and its number."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Version:
        """Read `3.12.1` or `3.15.0a2` (a development build's trailing `+` is dropped); raise ValueError otherwise."""
        release, stage, number = _split_prerelease(text.strip().rstrip("+"))
        parts = [_number(part) for part in release.split(".")]
        if not 1 <= len(parts) <= 3:
            raise ValueError(f"not a Python version: {text!r}")
        major, minor, micro = (*parts, 0, 0)[:3]
        return cls((major, minor, micro, stage or "~", number))

    @property
    def minor(self) -> tuple[int, int]:
        """The feature version: (3, 12)."""
        return self[0], self[1]

    @property
    def is_prerelease(self) -> bool:
        """Say whether it is an alpha, a beta or a release candidate."""
        return self[3] != "~"

    def __str__(self) -> str:
        release = f"{self[0]}.{self[1]}.{self[2]}"
        return release if self[3] == "~" else f"{release}{self[3]}{self[4]}"


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"not a number: {text!r}")
    return int(text)


def _split_prerelease(text: str) -> tuple[str, str, int]:
    """Split `3.15.0rc1` into `3.15.0`, `rc` and 1; a final release gives an empty stage."""
    lowered = text.lower()
    for stage in _PRERELEASES:
        release, found, number = lowered.partition(stage)
        if found:
            return release.rstrip("."), stage, _number(number)
    return lowered, "", 0


class Request:
    """A Python that somebody asks for: `3.12`, `3.12.4`, `pypy3.10`, `3.14t`, as uv and pyenv write them.

    `implementation` is `cpython` where none is named; `release` has one to three numbers.
    """

    __slots__ = ("implementation", "is_free_threaded", "prerelease", "release")

    def __init__(
        self,
        release: tuple[int, ...],
        implementation: str = "cpython",
        *,
        is_free_threaded: bool = False,
        prerelease: str = "",
    ) -> None:
        self.release = release
        self.implementation = implementation
        self.is_free_threaded = is_free_threaded
        self.prerelease = prerelease

    @classmethod
    def parse(cls, text: str) -> Request:
        """Read a request; raise ValueError for what is none (`system`, a name, a range)."""
        implementation, rest = _split_implementation(text.strip().lower())
        # uv writes cpython-3.12.1-linux-x86_64-gnu, pyenv 3.14-dev and pypy3.10-7.3.15: the version comes first
        version = rest.split("-", 1)[0]
        is_free_threaded = version.endswith("t")
        version = version.removesuffix("t").removesuffix(".*").removesuffix(".x").removesuffix("+freethreaded")
        release, stage, number = _split_prerelease(version)
        parts = tuple(_number(part) for part in release.split("."))
        if len(parts) > 3 or parts[0] not in (2, 3):
            raise ValueError(f"not a Python version: {text!r}")
        prerelease = f"{stage}{number}" if stage else ""
        free = is_free_threaded or rest.endswith("freethreaded")
        return cls(parts, implementation, is_free_threaded=free, prerelease=prerelease)

    @property
    def exists(self) -> bool:
        """Say whether a Python of this feature version is released or being made."""
        if len(self.release) == 1:
            return self.release[0] in (2, 3)
        return self.release[:2] == (2, 7) or (self.release[0] == 3 and self.release[1] <= NEWEST_MINOR)

    def admits(self, version: Version, implementation: str = "cpython", *, is_free_threaded: bool = False) -> bool:
        """Say whether an interpreter is what was asked for."""
        if implementation != self.implementation or is_free_threaded != self.is_free_threaded:
            return False
        if self.prerelease:
            return str(version).removeprefix(".".join(map(str, (*self.release, 0)[:3]))) == self.prerelease
        return version[: len(self.release)] == self.release

    def __str__(self) -> str:
        name = "" if self.implementation == "cpython" else self.implementation
        return name + ".".join(map(str, self.release)) + self.prerelease + ("t" if self.is_free_threaded else "")


def _split_implementation(text: str) -> tuple[str, str]:
    for name, implementation in (
        ("cpython", "cpython"),
        ("python", "cpython"),
        ("pypy", "pypy"),
        ("graalpy", "graalpy"),
    ):
        if text.startswith(name):
            return implementation, text[len(name) :].lstrip("@-")
    return "cpython", text


class Range:
    """The Pythons that `requires-python` admits: PEP 440 version specifiers, as far as they concern Python itself.

    Pre-releases count as PEP 440 orders them; whether one is wanted is for the caller to decide.
    """

    __slots__ = ("clauses", "text")

    def __init__(self, clauses: tuple[tuple[str, tuple[int, ...], Version, bool], ...], text: str) -> None:
        self.clauses = clauses
        self.text = text

    @classmethod
    def parse(cls, text: str) -> Range:
        """Read `>=3.11,<4`, `~=3.10`, `==3.12.*`; raise ValueError for what is no specifier set."""
        return cls(tuple(_clause(part.strip()) for part in text.split(",") if part.strip()), text)

    @classmethod
    def meet(cls, ranges: Iterable[Range]) -> Range:
        """Return what several ranges admit in common, each clause of theirs once."""
        clauses = (part.strip() for one in ranges for part in one.text.split(","))
        return cls.parse(",".join(dict.fromkeys(filter(None, clauses))))

    def admits(self, version: Version) -> bool:
        """Say whether every clause holds for `version`."""
        return all(
            _holds(operator, release, bound, wildcard, version) for operator, release, bound, wildcard in self.clauses
        )

    def admits_some(self, request: Request) -> bool:
        """Say whether any version that `request` could mean is in the range."""
        return any(self.admits(version) for version in _candidates(request))

    def minors(self) -> list[tuple[int, int]]:
        """Return the feature versions of Python 3 with at least one version in the range, oldest first."""
        return [(3, minor) for minor in range(NEWEST_MINOR + 1) if self.admits_some(Request((3, minor)))]

    def __str__(self) -> str:
        return self.text


def _candidates(request: Request) -> Iterable[Version]:
    """Return versions enough to tell whether a range and a request meet."""
    if request.prerelease or len(request.release) == 3:
        return [Version.parse(".".join(map(str, (*request.release, 0)[:3])) + request.prerelease)]
    if len(request.release) == 2:
        return [Version((*request.release, micro, "~", 0)) for micro in range(50)]
    major = request.release[0]
    return [Version((major, minor, micro, "~", 0)) for minor in range(NEWEST_MINOR + 1) for micro in (0, 30)]


def _clause(text: str) -> tuple[str, tuple[int, ...], Version, bool]:
    operator = next((operator for operator in _OPERATORS if text.startswith(operator)), None)
    if operator is None:
        raise ValueError(f"not a version specifier: {text!r}")
    version = text[len(operator) :].strip()
    wildcard = version.endswith(".*")
    if wildcard and operator not in ("==", "!="):
        raise ValueError(f"{operator} takes no wildcard: {text!r}")
    version = version.removesuffix(".*").removeprefix("v")
    release = tuple(_number(part) for part in _split_prerelease(version)[0].split("."))
    if operator == "~=" and len(release) < 2:
        raise ValueError(f"~= needs at least two numbers: {text!r}")
    # 3.8.0.0 is how some write 3.8; PEP 440 compares with zeros filled in
    while len(release) > 3 and release[-1] == 0:
        release = release[:-1]
        version = version.rpartition(".")[0]
    return operator, release, Version.parse(version), wildcard


def _holds(operator: str, release: tuple[int, ...], bound: Version, wildcard: bool, version: Version) -> bool:
    """Apply one clause (PEP 440, "Version specifiers")."""
    if operator in ("==", "===", "!="):
        same = version[: len(release)] == release if wildcard else version == bound
        return same is not (operator == "!=")
    if operator == "~=":
        return version >= bound and version[: len(release) - 1] == release[:-1]
    if operator == ">=":
        return version >= bound
    if operator == "<=":
        return version <= bound
    if operator == ">":
        return version > bound
    # "<3.13" does not mean 3.13.0a1, unless the bound is itself a pre-release
    before_release = bound.is_prerelease or version[:3] != bound[:3]
    return version < bound and before_release
