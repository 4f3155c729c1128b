"""Whether the tests can be collected: they import the project, what they need themselves, and every plugin.

Nothing is tested. pytest's exit codes are those of its reference (https://docs.pytest.org/en/stable/reference/
exit-codes.html).
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from bootstrap.detect.environment import library_of
from bootstrap.detect.wholeness import distributions
from bootstrap.model import Run
from bootstrap.process import TIMED_OUT, run_together
from bootstrap.proof import crash, unittests
from bootstrap.proof.unittests import FOLDERS, has_tests, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from bootstrap.commands import Tools
    from bootstrap.model import Facts
    from bootstrap.process import Command, Completed

    Together = Callable[[Sequence[Command], float], list[Completed]]

PATIENCE = 180.0
"""Seconds that the collection may take; what takes longer is not proved, and that is said."""
_NOTHING_COLLECTED, _USAGE = 5, 4
_ASIDE = "config/pytest.ini"
_SOME = 3

_COLLECTED = re.compile(r"(\d+)(?:/\d+)? tests? collected|collected (\d+) items?")
# Something else that was raised because of it is what matters.
_NO_CONTEXT = r"(?!\n+(?:During handling of|The above exception was))"
_REASON = re.compile(
    r"^E\s+((?:\w+\.)*\w*(?:Error|Exception|Warning|Exit|ImproperlyConfigured)\b:.*|SyntaxError.*)$" + _NO_CONTEXT,
    re.MULTILINE,
)
_LAST_WORDS = re.compile(r"^((?:\w+\.)*\w*(?:Error|Exception)\b(?::.*)?)$", re.MULTILINE)
# In few words (-qq), as where the repository asks for -q already: no total, and each file with its number alone.
_EACH = re.compile(r"^\S+\.py: (\d+)$", re.MULTILINE)
_TWICE = "two files of tests are both the module"
_MISMATCH = re.compile(r"^imported module '([\w.]+)' has this __file__ attribute:$", re.MULTILINE)
# What a traceback ends with, whatever it is called.
_RAISED = re.compile(
    r"^Traceback \(most recent call last\):\n(?:[ \t].*\n|\n)*([A-Za-z_][\w.]*(?::.*)?)$" + _NO_CONTEXT,
    re.MULTILINE,
)
_FILE = re.compile(r"^(\S+\.py)(?:::|: \d+$)", re.MULTILINE)
# Without --no-cov, which came with 2.4.
_OLD_COV = re.compile(r"pytest_cov-(?:[01]\.|2\.[0-3]\.)")
# Without --override-ini, which came with 3.0; what it keeps in the work tree for the next time can only be turned off.
_OLD_PYTEST = re.compile(r"pytest-[12]\.")
# Before each line of the traceback, where pytest itself or a plugin of it raised.
_INTERNAL = re.compile(r"^INTERNALERROR> ?", re.MULTILINE)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


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
    if "NoneType" in reason or reason.startswith(_TWICE):
        return False  # a setting that is not there; files that can be collected, but not together
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
    """Collect the tests of repositories, or parts of one, each in its environment, side by side.

    Where pytest is there for something else and finds no test, those that it does not look for are counted.
    """

    def tried(begun: list[Run | Proof]) -> list[Proof]:
        runs = [(facts, run) for facts, run in zip(every, begun, strict=True) if isinstance(run, Run)]
        commands = [tools.real(run, facts.repository.root, facts.environment.path) for facts, run in runs]
        done = iter(together(commands, PATIENCE) if commands else ())
        return [
            one if isinstance(one, Proof) else _read(next(done), one, facts.repository.root)
            for facts, one in zip(every, begun, strict=True)
        ]

    first = tried([_command(facts) for facts in every])
    second = tried([_other(facts, proof) or proof for facts, proof in zip(every, first, strict=True)])
    return [other if other.collected else one for one, other in zip(first, second, strict=True)]


def _other(facts: Facts, proof: Proof) -> Run | None:
    """Return the command that counts other tests than pytest's, where that found none and nothing is wrong with it."""
    if proof.runner != "pytest" or proof.collected or proof.reasons or proof.is_late:
        return None
    return unittests.command(facts, _installed(facts))


def _installed(facts: Facts) -> frozenset[str]:
    library = library_of(facts.environment.path)
    return distributions(library) if library else frozenset()


def has_own_tests(facts: Facts) -> bool:
    """Say whether a root that has parts has tests besides theirs: all that is below it is not its own."""
    root, files = facts.repository.root, facts.repository.files
    paths = {part.path.partition("/")[0] for part in facts.parts}
    return any(name in files and name not in paths and has_tests(root / name) for name in FOLDERS)


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
    library, installed = library_of(facts.environment.path), _installed(facts)
    folders = [name for name in FOLDERS if name in facts.repository.files and has_tests(root / name)]
    if "pytest" in installed:
        where = _configured(root) or (() if _names_paths(facts) else tuple(folders))
        return _pytest((*_cache(library, facts), *_unmeasured(library), *where), facts)
    if "pytest" in facts.repository.tools:
        return Proof("pytest", reasons=("No module named 'pytest'",)) if folders else Proof()
    return unittests.command(facts, installed) or Proof()


def _cache(library: Path | None, facts: Facts) -> tuple[str, ...]:
    """Return the options that keep what pytest remembers out of the work tree."""
    if any(_OLD_PYTEST.match(name) for name in listed(library)):
        return ("-p", "no:cacheprovider")
    # Plugins may want the cache, so it is not turned off. In one word: -o of pytest 3 takes all words that follow.
    return (f"--override-ini=cache_dir={facts.repository.state_dir / 'pytest'}",)


def _unmeasured(library: Path | None) -> tuple[str, ...]:
    """Return the option that keeps pytest-cov from writing reports, where one is installed that knows it."""
    names = listed(library)
    has_it = any(name.startswith("pytest_cov-") and not _OLD_COV.match(name) for name in names)
    return ("--no-cov",) if has_it else ()


def _pytest(words_after: tuple[str, ...], facts: Facts) -> Run:
    # What plugins keep, as coverage in addopts does, is left outside of the work tree.
    state = facts.repository.state_dir
    kept = (("COVERAGE_FILE", str(state / "coverage")), ("HYPOTHESIS_STORAGE_DIRECTORY", str(state / "hypothesis")))
    # What no test runs need not be rewritten, which takes a third of the time.
    words = ("{python}", "-B", "-m", "pytest", "--collect-only", "-q", "--assert=plain", *words_after)
    return Run(words, "collect the tests", env=(*kept, ("PYTHONDONTWRITEBYTECODE", "1")))


def _configured(root: Path) -> tuple[str, ...]:
    """Return the options that name pytest's configuration where it is kept in a folder with those of other tools."""
    is_there = (root / _ASIDE).is_file() and not any((root / name).is_file() for name in ("pytest.ini", "tox.ini"))
    return ("-c", _ASIDE, "--rootdir", ".") if is_there else ()


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


def _read_pytest(done: Completed) -> Proof:
    output = _INTERNAL.sub("", _COLOUR.sub("", done.stdout + "\n" + done.stderr))
    counts = [int(first or second) for first, second in _COLLECTED.findall(output)]
    files = set(_FILE.findall(output))
    each = [int(number) for number in _EACH.findall(output)]
    collected = counts[-1] if counts else sum(each) or len(re.findall(r"(?m)^\S+\.py::", output))
    has_failed = done.returncode not in (0, _NOTHING_COLLECTED) and not collected
    if not has_failed and "ERROR collecting" not in output:
        return Proof("pytest", collected, len(files), output=output)
    broken = len(set(re.findall(r"(?m)^_+ ERROR collecting (\S+)", output))) or 1
    return Proof("pytest", collected, len(files), broken, tuple(_reasons(output, done)), output)


def _reasons(output: str, done: Completed) -> Iterator[str]:
    """Yield why it failed, each reason once: the exceptions, or what pytest says of its command line."""
    found = list(dict.fromkeys(_REASON.findall(output)))
    found += [f"{_TWICE} {name}" for name in dict.fromkeys(_MISMATCH.findall(output))]
    if not found and done.returncode == _USAGE:
        found = re.findall(r"(?m)^(?:ERROR: |.*?: error: |pytest: error: )(?!usage|could not load )(.+)$", output)
    if not found:
        found = list(dict.fromkeys(reversed(_RAISED.findall(output) or _LAST_WORDS.findall(output))))
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
    collected, errors, files = counted
    reasons = [reason for error in errors for reason in _LAST_WORDS.findall(str(error))[-1:]]
    return Proof(
        "unittest",
        collected,
        files,
        len(errors),
        tuple(dict.fromkeys(reasons)),
        "\n".join(map(str, errors)),
    )


def _counted(output: str) -> tuple[int, list[Any], int] | None:
    """Return how many tests there are, what could not be imported, and in how many modules; None for anything else."""
    try:
        data = json.loads((output.splitlines() or [""])[-1])
    except ValueError:
        return None
    match data:
        case [int(collected), list(errors), int(files)]:
            return collected, errors, files
        case _:
            return None


def shortened(proof: Proof) -> str:
    """Return the reasons in one line, the first few."""
    more = len(proof.reasons) - _SOME
    return "; ".join(proof.reasons[:_SOME]) + (f"; and {more} more" if more > 0 else "")
