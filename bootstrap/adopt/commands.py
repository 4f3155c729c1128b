"""What comes of the two commands in a repository: what there is to install, and how the tests are run."""

from __future__ import annotations

import posixpath
import shlex
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.adopt.installed import apart, has, installation
from bootstrap.adopt.split import split
from bootstrap.expression import expression
from bootstrap.setup.dependencies import testing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bootstrap.adopt.model import Tree
    from bootstrap.policy import Policy

# In a Makefile or a workflow, with whatever stands before it: `.venv/bin/python -m pytest backend shared`.
_PYTEST_LINE = expression(r"(?:^|[\s/])((?:python3? -m )?pytest)(?=\s|$)([^#&|;<>\n]*)", 8)  # re.MULTILINE
_VARIABLE = expression(r"(?m)^(?:export )?(\w+)[ \t]*[?:]?=(?!=)[ \t]*([^#\n$]*)$")
_USE = expression(r"\$[({](\w+)[)}]")
# What nobody runs at each change, where there is something else.
_SLOW = expression(r"(?i)(?:^|[ /_-])(?:integration|e2e|end[-_]to[-_]end|functional|acceptance|slow|smoke|bench\w*)")
# pip install pytest runs no tests.
_BROUGHT = expression(r"\b(?:install|add|name:|with)\b")
_NAMES_PYTEST = expression(r"(?im)(?:^|[\[,])[\s\"'-]*pytest\b")
_SECTION = expression(r"(?m)^\[(?:tool\.pytest|tool:pytest|pytest\])")
_CONFIGURATIONS = ("pyproject.toml", "setup.cfg", "tox.ini")
_OWN = ("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini")
_MOST_FILES = 200
_UNITTEST = "python -m unittest"
_TEST_OF_UNITTEST = expression(r"(?:^|/)test[^/]*\.py$")
_TEST = expression(r"(?:^|/)(?:test_[^/]*|[^/]*_tests?|tests?)\.py$")


def tests_of(tree: Tree) -> str:
    """Return `pytest` with the folders that the repository always gives it, or how it runs its tests without pytest."""
    if "manage.py" in tree.paths and not _uses_pytest(tree, is_root_only=True):
        return "python manage.py test"
    if _uses_pytest(tree):
        named = set(_with_folders(tree))
        is_alone = len(named) == 1 and not _runs_all(tree)
        quick = named if is_alone else {command for command in named if not _SLOW.search(command)}
        return quick.pop() if len(quick) == 1 else "pytest"
    return _UNITTEST


class Trial(NamedTuple):
    """How somebody runs the tests by hand."""

    command: str
    """Empty where no part has tests that could be run."""
    part: str = ""
    """The part to stand in for that, where they may have an environment each."""


def trial_of(tree: Tree, policy: Policy) -> Trial:
    """Return how the tests are run by hand: those of the first part that has some, where parts are tested apart."""
    parts = split(tree, policy)
    if not parts:
        return Trial(tests_of(tree))
    tested = next((one for one in parts if can_be_tested(one.tree)), None)
    return Trial(tests_of(tested.tree), tested.path) if tested is not None else Trial("", parts[0].path)


def has_tests(tree: Tree) -> bool:
    """Say whether there are files that are called as tests are."""
    return any(map(_TEST.search, tree.paths))


def can_be_tested(tree: Tree) -> bool:
    """Say whether there are tests, and setting up brings what runs them."""
    return has_tests(tree) and not obstacle(tree)


def is_untested(tree: Tree) -> bool:
    """Say whether the standard library's runner would find nothing to run, which it counts as failed."""
    return tests_of(tree) == _UNITTEST and not any(map(_TEST_OF_UNITTEST.search, tree.paths))


def undeclared(tree: Tree) -> str:
    """Return why bootstrap.py makes no `.venv` at the root, and what helps; nothing where it makes one."""
    if installation(tree) is not None:
        return ""
    names = apart(tree)
    if names:
        return (
            f"each part has an environment of its own ({', '.join(names)}): run its commands by"
            f" python bootstrap.py --part {shlex.quote(names[0])} run"
        )
    return "nothing is declared at the root to install: name files under requirements in [tool.devstrap]"


def obstacle(tree: Tree) -> str:
    """Return why the tests cannot be run once bootstrap.py has set up, and what helps; nothing where they can."""
    reason = undeclared(tree)
    if reason:
        return reason
    if "pytest" in tests_of(tree) and has(tree, "pytest") is False:
        return (
            "nothing that bootstrap.py installs brings pytest: put it into a group called dev, or name its file under"
            " requirements in [tool.devstrap]"
        )
    return ""


def shadows(tree: Tree) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the settings that pytest would leave unread if the root had a pyproject.toml, with what it is told to test.

    For several folders pytest looks at what they have in common and above that, from 8.1 on takes a pyproject.toml
    there whatever is in it, and only without one looks into the folders
    (https://docs.pytest.org/en/stable/reference/customize.html).
    """
    for command in _with_folders(tree):
        folders = [word.rstrip("/") for word in shlex.split(command.partition("pytest")[2])]
        shared = posixpath.commonpath(folders)
        if any(_settings_in(tree, base) or posixpath.join(base, "setup.py") in tree.paths for base in _up_from(shared)):
            continue
        inside = (base for folder in folders for base in _up_from(folder) if base not in _up_from(shared))
        found = next(filter(None, (_settings_in(tree, base) for base in inside)), "")
        if found:
            yield found, tuple(folders)


def _up_from(folder: str) -> list[str]:
    """Return a folder and all above it, up to the root."""
    return [folder, *_up_from(posixpath.dirname(folder))] if folder else [""]


def _settings_in(tree: Tree, folder: str) -> str:
    """Return the file in a folder that pytest takes its settings from; nothing where there is none."""
    own = (posixpath.join(folder, name) for name in _OWN)
    shared = (posixpath.join(folder, name) for name in _CONFIGURATIONS)
    return next(
        (path for path in own if path in tree.paths),
        next((path for path in shared if path in tree.paths and _SECTION.search(text_of(tree, path))), ""),
    )


def text_of(tree: Tree, path: str) -> str:
    """Return what a file says, as far as it is text."""
    return (tree.read(path) or b"").decode("utf-8", "replace")


def _uses_pytest(tree: Tree, *, is_root_only: bool = False) -> bool:
    if not is_root_only and testing.brings_pytest(tree.lent):
        return True
    paths = [path for path in tree.paths if "/" not in path] if is_root_only else tree.paths
    named = [path.rpartition("/")[2] for path in paths]
    if {*_OWN, "conftest.py"} & set(named):
        return True
    told = [path for path, name in zip(paths, named, strict=True) if _may_require(path, name)]
    texts = [text_of(tree, path) for path in told[:_MOST_FILES]]
    return any(_SECTION.search(text) or _NAMES_PYTEST.search(text) for text in texts)


def _may_require(path: str, name: str) -> bool:
    if name in _CONFIGURATIONS or name == "Pipfile":
        return True
    is_list = name.endswith((".txt", ".in", ".lock"))
    return is_list and ("requirements" in path or name.startswith(("dev", "test")))


def _expanded(text: str) -> str:
    """Return a Makefile with the variables of its commands replaced, as far as it says once what they are."""
    values: dict[str, set[str]] = {}
    for name, value in _VARIABLE.findall(text):
        values.setdefault(name, set()).add(value.strip())
    return _USE.sub(
        lambda found: next(iter(values[found[1]])) if len(values.get(found[1], ())) == 1 else found[0], text
    )


def _runs_all(tree: Tree) -> bool:
    """Say whether a recipe or a workflow runs the tests without saying which."""
    lines = (
        line for path in tree.paths if _is_of_commands(path) for line in _expanded(text_of(tree, path)).splitlines()
    )
    return any(
        all(word.startswith("-") for word in found[2].split())
        for line in lines
        for found in _PYTEST_LINE.finditer(line)
        if not _BROUGHT.search(line[: found.start()])
    )


def _is_of_commands(path: str) -> bool:
    return path in ("Makefile", "makefile", "GNUmakefile") or path.startswith(".github/workflows/")


def _with_folders(tree: Tree) -> Iterator[str]:
    """Yield the commands that name what to test, if all that they name exists."""
    folders = {path.rpartition("/")[0] for path in tree.paths}
    known = {"/".join(folder.split("/")[: depth + 1]) for folder in folders for depth in range(folder.count("/") + 1)}
    for path in tree.paths:
        if not _is_of_commands(path):
            continue
        for found in _PYTEST_LINE.finditer(_expanded(text_of(tree, path))):
            try:
                words = [word for word in shlex.split(found[2]) if not word.startswith("-")]
            except ValueError:
                continue
            if words and all(word.rstrip("/") in known and word.rstrip("/") for word in words):
                yield " ".join([found[1].replace("python3", "python"), *words])
