"""The repository's tests, before and after a change: what passed has to pass still."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bootstrap import process
from bootstrap.detect.environment import detect_environment, interpreter_of, library_of
from bootstrap.detect.pyvenv import NAME
from bootstrap.environ import activated, clean
from bootstrap.errors import BrokenTestsError, UsageError
from bootstrap.model import EnvironmentState, Run, Tests
from bootstrap.policy import spelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bootstrap.commands import Tools
    from bootstrap.console import Console
    from bootstrap.model import Change
    from bootstrap.policy import Minor

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
# Nothing is left behind by pytest itself, and neither the first failure nor a module that cannot
# be imported keeps the other tests from running.
_QUIETLY = ("-q", "--tb=no", "--maxfail=0", "--continue-on-collection-errors")
# How much longer than before the tests may take before they count as hanging.
_PATIENCE = 5
_AT_LEAST = 120.0
_NAMED = 8
# What the environment has itself goes before what comes with a pytest that is lent to it.
_LENT = "import sys; sys.path.append(sys.argv.pop(1)); import pytest; sys.exit(pytest.main(sys.argv[1:]))"
_REMEDY = "say --no-tests to write it untested"


class Outcome(NamedTuple):
    """How every test ended."""

    results: Mapping[str, str]
    reasons: Mapping[str, str]
    """Why a test failed, in a line."""
    said: str = ""

    def count(self, result: str) -> int:
        """Return how many tests ended so."""
        return sum(one == result for one in self.results.values())

    @property
    def counts(self) -> dict[str, int]:
        """Return how many tests ended in each way."""
        return {result: self.count(result) for result in (PASSED, FAILED, SKIPPED)}


def places(root: Path) -> tuple[str, ...]:
    """Return the folders with an environment to run tests in, relative to `root`: its own, and those of its parts."""
    from bootstrap.detect import parts  # noqa: PLC0415 - only where tests are run

    every = ("", *parts.find(root))
    return tuple(place for place in every if detect_environment(root / place).state is EnvironmentState.HEALTHY)


def why_not(root: Path, oldest: Minor) -> str:
    """Say why the tests cannot be run; nothing where each environment has a Python that stays supported."""
    found = places(root)
    if not found:
        return "there is no environment in .venv to run the tests in"
    for place in found:
        version = detect_environment(root / place).version
        if version is None or version.minor < oldest:
            name = f"{place}/{NAME}".lstrip("/")
            return f"{name} runs Python {version}, and the code would be for {spelled(oldest)} and newer"
    return ""


def commands(root: Path) -> tuple[Run, ...]:
    """Return the commands that run the tests, one for each environment."""
    return tuple(_command(root / place, place or ".") for place in places(root))


def _command(home: Path, cwd: str) -> Run:
    python = os.path.relpath(interpreter_of(home / NAME), home)
    return Run((python, "-m", "pytest", *_QUIETLY), "run the tests, before and after the change", cwd=cwd)


def _has_pytest(environment: Path) -> bool:
    library = library_of(environment)
    return library is not None and ((library / "pytest").is_dir() or (library / "pytest.py").is_file())


class Trial:
    """Runs the tests of a repository before its files are changed, and once more when they are."""

    def __init__(self, root: Path, tools: Tools, console: Console) -> None:
        self._root = root
        self._tools = tools
        self._console = console
        self._status = self._changed()
        self._patience: dict[str, float] = {}
        self.before = self._run("as they are")
        self.after: Outcome | None = None
        if not self.before.count(PASSED):
            self._tell_of_traces(())
            said = self.before.said.strip().splitlines()[-1:] or ["pytest said nothing"]
            raise UsageError(
                f"no test passes before the change, so none can tell whether it does harm: {said[0]}",
                remedy=f"mend the tests, or {_REMEDY}",
            )

    @property
    def report(self) -> Tests:
        """What the tests said."""
        after = self.after.counts if self.after is not None else None
        return Tests(commands(self._root)[0].argv, self.before.counts, after)

    def prove(self, changes: Sequence[Change]) -> None:
        """Run the tests on the changed files; raise BrokenTestsError where one that passed does so no more.

        What fails is tried a second time: a test that fails now and then is no reason to take everything back.
        """
        try:
            self.after = self._run("after the change")
            lost = broken(self.before, self.after)
            if lost:
                self._console.say(f"  again       {_listed(lost)}")
                self.after = self._run("after the change, once more")
                lost = [name for name in lost if name in broken(self.before, self.after)]
        finally:
            self._tell_of_traces(changes)
        if lost:
            raise BrokenTestsError(
                f"{len(lost)} of {self.before.count(PASSED)} tests that passed fail after the change: {_listed(lost)}"
                + _because(self.after.reasons.get(lost[0], "")),
                remedy="leave out what breaks them with --skip FILE, or leave out --code; nothing was changed",
            )
        for change in changes:
            path = self._root / change.path
            if change.after is not None and (not path.is_file() or path.read_bytes() != change.after):
                raise BrokenTestsError(
                    f"the tests themselves change {change.path}", remedy=f"leave it out with --skip, or {_REMEDY}"
                )

    def _run(self, when: str) -> Outcome:
        found = [self._run_in(place, when) for place in places(self._root)]
        results = {name: result for one in found for name, result in one.results.items()}
        reasons = {name: reason for one in found for name, reason in one.reasons.items()}
        return Outcome(results, reasons, "\n".join(one.said for one in found))

    def _run_in(self, place: str, when: str) -> Outcome:
        """Run the tests from one folder in its environment; the names of a part's begin with where it is."""
        import shlex  # noqa: PLC0415 - only where tests are run
        import time  # noqa: PLC0415
        from tempfile import TemporaryDirectory  # noqa: PLC0415

        home = self._root / place
        environment = home / NAME
        run = _command(home, place or ".")
        self._console.say(f"  tests       {shlex.join(run.argv)} ({f'in {place}, ' if place else ''}{when})")
        with TemporaryDirectory(prefix="devstrap-") as folder:
            report = Path(folder) / "report.xml"
            words = (*_QUIETLY, f"--junitxml={report}", f"--override-ini=cache_dir={folder}/cache")
            start = self._started(environment, Path(folder))
            env = activated(clean(self._tools.env), str(environment))
            env |= {"PYTHONDONTWRITEBYTECODE": "1", "COVERAGE_FILE": f"{folder}/coverage"}
            begun = time.monotonic()
            done = process.run((*start, *words), cwd=home, env=env, timeout=self._patience.get(place))
            self._patience.setdefault(place, max(_AT_LEAST, _PATIENCE * (time.monotonic() - begun)))
            found = read(report)
        counts = ", ".join(f"{number} {result}" for result, number in found.counts.items())
        self._console.say(f"              {counts}")
        inside = f"{place}/" if place else ""
        return Outcome(
            {f"{inside}{name}": result for name, result in found.results.items()},
            {f"{inside}{name}": reason for name, reason in found.reasons.items()},
            f"{done.stdout}\n{done.stderr}",
        )

    def _started(self, environment: Path, folder: Path) -> tuple[str, ...]:
        """Return the words that start pytest in an environment; where it has none, one that is lent to it.

        pytest runs the tests of unittest too. Raises UsageError where none can be had.
        """
        python = str(interpreter_of(environment))
        if _has_pytest(environment):
            return (python, "-m", "pytest")
        lent = str(folder / "lent")
        install = ("uv", "pip", "install", "--quiet", "--python", python, "--target", lent, "pytest")
        command = self._tools.real(Run(install, "lend it pytest"), self._root, environment)
        done = process.run(command.argv, cwd=command.cwd, env=command.env)
        if not done.ok:
            raise UsageError(
                f"there is no pytest in {environment.relative_to(self._root)}, and none can be had: "
                f"{(done.stderr.strip().splitlines() or ['uv said nothing'])[0]}",
                remedy=f"install it there, or {_REMEDY}",
            )
        return (python, "-c", _LENT, lent)

    def _changed(self) -> frozenset[tuple[str, int]]:
        """Return what differs from the last commit, or is new, and as of when; nothing where there is no git."""
        argv = ("git", "status", "--porcelain", "-z", "--untracked-files=all", "--ignore-submodules", "--no-renames")
        found = process.run(argv, cwd=self._root, env=self._tools.env)
        paths = [entry[3:] for entry in found.stdout.split("\0") if len(entry) > 3] if found.ok else []
        return frozenset((path, _time_of(self._root / path)) for path in paths)

    def _tell_of_traces(self, changes: Iterable[Change]) -> None:
        """Say what the tests changed or left besides: it is theirs, and a person has to look at it."""
        planned = {change.path for change in changes}
        traces = sorted({path for path, _ in self._changed() - self._status} - planned)
        if traces:
            self._console.insist(f"  look at     the tests changed or left {_listed(traces)}")


def _time_of(path: Path) -> int:
    try:
        return path.lstat().st_mtime_ns
    except OSError:
        return 0


def broken(before: Outcome, after: Outcome) -> list[str]:
    """Return the tests that passed before and do so no more.

    One whose name is gone counts where its class or module passes fewer than before: a name may well be made of an
    annotation that reads differently now.
    """
    then, now = _homes(before), _homes(after)
    lost = []
    for name in (name for name, result in before.results.items() if result == PASSED):
        home = name.partition("::")[0]
        is_gone = name not in after.results and now.get(home, 0) < then[home]
        if is_gone or after.results.get(name, PASSED) != PASSED:
            lost.append(name)
    return lost


def _homes(outcome: Outcome) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, result in outcome.results.items():
        if result == PASSED:
            home = name.partition("::")[0]
            found[home] = found.get(home, 0) + 1
    return found


def read(report: Path) -> Outcome:
    """Read what pytest notes down for JUnit; a report that is not there or is cut off holds no results."""
    from xml.etree import ElementTree as ET  # noqa: PLC0415 - written by pytest, a moment ago

    try:
        root = ET.fromstring(report.read_bytes())  # noqa: S314 - as above
    except (OSError, ET.ParseError):
        return Outcome({}, {})
    results: dict[str, str] = {}
    reasons: dict[str, str] = {}
    for case in root.iter("testcase"):
        name = f"{case.get('classname', '')}::{case.get('name', '')}"
        failures = [child for child in case if child.tag in ("failure", "error")]
        result = FAILED if failures else SKIPPED if case.find("skipped") is not None else PASSED
        # one that fails in its teardown is there twice
        results[name] = result if results.get(name, PASSED) == PASSED else results[name]
        if failures:
            reasons[name] = (failures[0].get("message") or "").partition("\n")[0]
    return Outcome(results, reasons)


def _because(reason: str) -> str:
    return f"\n  the first says {reason}" if reason else ""


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
