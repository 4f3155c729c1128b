"""Whether the tests can be collected: they import the project, what they need themselves, and every plugin.

Nothing is tested. pytest's exit codes are those of its reference (https://docs.pytest.org/en/stable/reference/
exit-codes.html).
"""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from bootstrap.detect.environment import library_of
from bootstrap.detect.wholeness import distributions
from bootstrap.model import Run
from bootstrap.process import TIMED_OUT, run_together
from bootstrap.proof import crash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from bootstrap.commands import Tools
    from bootstrap.model import Facts
    from bootstrap.process import Command, Completed

    Together = Callable[[Sequence[Command], float], list[Completed]]

PATIENCE = 180.0
"""Seconds that the collection may take; what takes longer is not proved, and that is said."""
_FOLDERS = ("tests", "test")
_NOTHING_COLLECTED, _USAGE = 5, 4
_SOME = 3

_COLLECTED = re.compile(r"(\d+)(?:/\d+)? tests? collected|collected (\d+) items?")
_REASON = re.compile(r"^E\s+((?:\w+\.)*\w*(?:Error|Exception|Warning|Exit)\b:.*|SyntaxError.*)$", re.MULTILINE)
_LAST_WORDS = re.compile(r"^((?:\w+\.)*\w*(?:Error|Exception)\b(?::.*)?)$", re.MULTILINE)
_FILE = re.compile(r"^(\S+\.py)(?:::|: \d+$)", re.MULTILINE)
# Without --no-cov, which came with 2.4.
_OLD_COV = re.compile(r"pytest_cov-(?:[01]\.|2\.[0-3]\.)")
# Without --override-ini, which came with 3.0; what it keeps in the work tree for the next time can only be turned off.
_OLD_PYTEST = re.compile(r"pytest-[12]\.")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")

# For projects that test with the standard library alone. It runs on any Python 3.
_UNITTEST = """
import json, sys, unittest
sys.path.insert(0, "")
loader = unittest.TestLoader()
suite = loader.discover(sys.argv[1], top_level_dir=None if len(sys.argv) < 3 else sys.argv[2])
def walk(item):
    for one in item:
        if isinstance(one, unittest.TestSuite):
            for two in walk(one):
                yield two
        else:
            yield one
every = list(walk(suite))
broken = [one for one in every if type(one).__name__ in ("_FailedTest", "ModuleImportFailure", "LoadTestsFailure")]
print("\\n" + json.dumps([len(every) - len(broken), list(loader.errors)]))
"""


class Proof(NamedTuple):
    """What collecting the tests gave."""

    runner: str = ""
    """`pytest` or `unittest`; empty where there is nothing to collect."""
    collected: int = 0
    files: int = 0
    """In how many files."""
    broken: int = 0
    """How many files could not be collected."""
    reasons: tuple[str, ...] = ()
    """Why, in the words of Python or pytest, each once."""
    output: str = ""
    is_late: bool = False
    """Whether it was given up after `PATIENCE`."""

    @property
    def is_failed(self) -> bool:
        """Say whether nothing could be collected, or less than what could not, for want of something installed."""
        return (not self.collected or self.broken > self.files) and any(map(is_of_installation, self.reasons))

    @property
    def is_clean(self) -> bool:
        """Say whether all of it could be collected, or there was nothing to collect."""
        return not (self.broken or self.reasons or self.is_late)


# What Python says where a package is missing, or is of a version that does not fit.
_OF_INSTALLATION = (
    *("ImportError", "ModuleNotFoundError", "AttributeError", "SyntaxError", "TypeError", "NameError", "RuntimeError"),
    *("DistributionNotFound", "pkg_resources", "PackageNotFoundError", "DeprecationWarning", "pytest"),
)
_OF_CIRCUMSTANCES = ("KeyError", "ImproperlyConfigured", "ConnectionError", "OperationalError", "ValidationError")


def is_of_installation(reason: str) -> bool:
    """Say whether an error is one that another installation may mend: not a setting, a service or a file that misses.

    pytest's own complaints, of its command line and its plugins, have no name before a colon, and are such.
    """
    if "NoneType" in reason:
        return False  # a setting that is not there
    if "distutils" in reason:
        return True  # setuptools, where another one was imported before it
    name = reason.partition(":")[0].strip()
    if not re.fullmatch(r"[\w.]+", name):
        return True
    last = name.rpartition(".")[2]
    if last in _OF_CIRCUMSTANCES:
        return False
    return not last.endswith(("Error", "Exception", "Exit")) or last in _OF_INSTALLATION


def prove(every: Sequence[Facts], tools: Tools, together: Together = run_together) -> list[Proof]:
    """Collect the tests of repositories, or parts of one, each in its environment, side by side."""
    begun = [_command(facts) for facts in every]
    runs = [(facts, run) for facts, run in zip(every, begun, strict=True) if isinstance(run, Run)]
    commands = [tools.real(run, facts.repository.root, facts.environment.path) for facts, run in runs]
    done = iter(together(commands, PATIENCE) if commands else ())
    return [
        one if isinstance(one, Proof) else _read(next(done), one, facts.repository.root)
        for facts, one in zip(every, begun, strict=True)
    ]


def _read(done: Completed, run: Run, root: Path) -> Proof:
    is_pytest = "pytest" in run.argv
    if done.returncode == TIMED_OUT:
        return Proof("pytest" if is_pytest else "unittest", is_late=True, output=done.stderr)
    # One that crashed at its very end has done what it was for.
    if done.returncode < 0 and not (_COLLECTED.search(done.stdout) or _counted(done.stdout)):
        reason = crash.told(-done.returncode, done.stderr, root)
        return Proof("pytest" if is_pytest else "unittest", broken=1, reasons=(reason,), output=done.stderr)
    return _read_pytest(done) if is_pytest else _read_unittest(done)


def _command(facts: Facts) -> Run | Proof:
    """Return the command that collects the tests, or what is known without one."""
    root = facts.repository.root
    library = library_of(facts.environment.path)
    installed = distributions(library) if library else frozenset()
    folders = [name for name in _FOLDERS if name in facts.repository.files and _has_tests(root / name)]
    if "pytest" in installed:
        where = () if _names_paths(facts) else tuple(folders)
        return _pytest((*_cache(library, facts), *_unmeasured(library), *where), facts)
    if folders and "pytest" in facts.repository.tools:
        return Proof("pytest", reasons=("No module named 'pytest'",))
    if folders:
        return Run(("{python}", "-B", "-c", _UNITTEST, folders[0], *_top(root / folders[0])), "collect the tests")
    return Proof()


def _cache(library: Path | None, facts: Facts) -> tuple[str, ...]:
    """Return the options that keep what pytest remembers out of the work tree."""
    if any(_OLD_PYTEST.match(name) for name in _listed(library)):
        return ("-p", "no:cacheprovider")
    # Plugins may want the cache, so it is not turned off. In one word: -o of pytest 3 takes all words that follow.
    return (f"--override-ini=cache_dir={facts.repository.state_dir / 'pytest'}",)


def _unmeasured(library: Path | None) -> tuple[str, ...]:
    """Return the option that keeps pytest-cov from writing reports, where one is installed that knows it."""
    names = _listed(library)
    has_it = any(name.startswith("pytest_cov-") and not _OLD_COV.match(name) for name in names)
    return ("--no-cov",) if has_it else ()


def _pytest(words_after: tuple[str, ...], facts: Facts) -> Run:
    # What plugins keep, as coverage in addopts does, is left outside of the work tree.
    state = facts.repository.state_dir
    kept = (("COVERAGE_FILE", str(state / "coverage")), ("HYPOTHESIS_STORAGE_DIRECTORY", str(state / "hypothesis")))
    words = ("{python}", "-B", "-m", "pytest", "--collect-only", "-q", *words_after)
    return Run(words, "collect the tests", env=(*kept, ("PYTHONDONTWRITEBYTECODE", "1")))


def _names_paths(facts: Facts) -> bool:
    """Say whether the repository tells pytest itself where its tests are."""
    options = facts.repository.pyproject.get("tool", {}).get("pytest", {})
    options = options.get("ini_options", {}) if isinstance(options, dict) else {}
    if isinstance(options, dict) and "testpaths" in options:
        return True
    for name in ("pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg"):
        try:
            text = (
                (facts.repository.root / name).read_text("utf-8", "replace") if name in facts.repository.files else ""
            )
        except OSError:
            continue
        if re.search(r"(?m)^testpaths\s*=", text):
            return True
    return False


def _has_tests(folder: Path) -> bool:
    names = _listed(folder)
    return any(name.endswith(".py") and "test" in name.lower() for name in names) or any(
        child.startswith("test")
        for name in names
        if not name.startswith((".", "__"))
        for child in _listed(folder / name)
    )


def _listed(folder: Path | None) -> list[str]:
    """Return the names in a folder; nothing for what is none, or cannot be opened."""
    try:
        return os.listdir(folder) if folder else []
    except OSError:
        return []


def _top(folder: Path) -> tuple[str, ...]:
    """Return the folder from which the tests are imported: the root where they are a package."""
    return (".",) if (folder / "__init__.py").is_file() else ()


def _read_pytest(done: Completed) -> Proof:
    output = _COLOUR.sub("", done.stdout + "\n" + done.stderr)
    counts = [int(first or second) for first, second in _COLLECTED.findall(output)]
    files = set(_FILE.findall(output))
    collected = counts[-1] if counts else len(re.findall(r"(?m)^\S+\.py::", output))
    has_failed = done.returncode not in (0, _NOTHING_COLLECTED) and not collected
    if not has_failed and "ERROR collecting" not in output:
        return Proof("pytest", collected, len(files), output=output)
    broken = len(set(re.findall(r"(?m)^_+ ERROR collecting (\S+)", output))) or 1
    return Proof("pytest", collected, len(files), broken, tuple(_reasons(output, done)), output)


def _reasons(output: str, done: Completed) -> Iterator[str]:
    """Yield why it failed, each reason once: the exceptions, or what pytest says of its command line."""
    found = list(dict.fromkeys(_REASON.findall(output)))
    if not found and done.returncode == _USAGE:
        found = re.findall(r"(?m)^(?:ERROR: |.*?: error: |pytest: error: )(?!usage)(.+)$", output)
    if not found:
        found = list(dict.fromkeys(reversed(_LAST_WORDS.findall(output))))
    if not found:
        found = [line for line in output.splitlines() if line.strip()][-1:] or [f"pytest ended with {done.returncode}"]
    yield from (reason.strip() for reason in found)


def _read_unittest(done: Completed) -> Proof:
    counted = _counted(done.stdout)
    if counted is None:
        lines = [line for line in done.stderr.splitlines() if re.match(r"[\w.]+(?::|$)", line)]
        return Proof(
            "unittest", reasons=tuple(lines[-1:]) or ("KeyError: nothing was said",), broken=1, output=done.stderr
        )
    collected, errors = counted
    reasons = [reason for error in errors for reason in _LAST_WORDS.findall(str(error))[-1:]]
    return Proof(
        "unittest",
        collected,
        int(bool(collected)),
        len(errors),
        tuple(dict.fromkeys(reasons)),
        "\n".join(map(str, errors)),
    )


def _counted(output: str) -> tuple[int, list[Any]] | None:
    """Return how many tests there are and what could not be imported; None where something else was said last."""
    try:
        data = json.loads((output.splitlines() or [""])[-1])
    except ValueError:
        return None
    match data:
        case [int(collected), list(errors)]:
            return collected, errors
        case _:
            return None


def shortened(proof: Proof) -> str:
    """Return the reasons in one line, the first few."""
    more = len(proof.reasons) - _SOME
    return "; ".join(proof.reasons[:_SOME]) + (f"; and {more} more" if more > 0 else "")
