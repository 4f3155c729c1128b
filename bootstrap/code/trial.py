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


def why_not(root: Path, oldest: Minor) -> str:
    """Say why the tests cannot be run; nothing where pytest is there to run them."""
    environment = detect_environment(root)
    if environment.state is not EnvironmentState.HEALTHY or environment.version is None:
        return "there is no environment in .venv to run the tests in"
    if environment.version.minor < oldest:
        return f".venv runs Python {environment.version}, and the code would be for {spelled(oldest)} and newer"
    library = library_of(environment.path)
    if library is None or not ((library / "pytest").is_dir() or (library / "pytest.py").is_file()):
        return "there is no pytest in .venv"
    return ""


def command(root: Path) -> Run:
    """Return the command that runs the tests."""
    python = os.path.relpath(interpreter_of(root / NAME), root)
    return Run((python, "-m", "pytest", *_QUIETLY), "run the tests, before and after the change")


class Trial:
    """Runs the tests of a repository before its files are changed, and once more when they are."""

    def __init__(self, root: Path, tools: Tools, console: Console) -> None:
        self._root = root
        self._tools = tools
        self._console = console
        self._status = self._changed()
        self._patience: float | None = None
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
        return Tests(command(self._root).argv, self.before.counts, after)

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
        import shlex  # noqa: PLC0415 - only where tests are run
        import time  # noqa: PLC0415
        from tempfile import TemporaryDirectory  # noqa: PLC0415

        argv = command(self._root).argv
        self._console.say(f"  tests       {shlex.join(argv)} ({when})")
        environment = self._root / NAME
        with TemporaryDirectory(prefix="devstrap-") as place:
            report = Path(place) / "report.xml"
            words = (f"--junitxml={report}", f"--override-ini=cache_dir={place}/cache")
            env = activated(clean(self._tools.env), str(environment))
            env |= {"PYTHONDONTWRITEBYTECODE": "1", "COVERAGE_FILE": f"{place}/coverage"}
            start = time.monotonic()
            given = (str(interpreter_of(environment)), *argv[1:], *words)
            done = process.run(given, cwd=self._root, env=env, timeout=self._patience)
            self._patience = self._patience or max(_AT_LEAST, _PATIENCE * (time.monotonic() - start))
            found = read(report)._replace(said=f"{done.stdout}\n{done.stderr}")
        counts = ", ".join(f"{number} {result}" for result, number in found.counts.items())
        self._console.say(f"              {counts}")
        return found

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
