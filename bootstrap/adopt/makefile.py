"""An existing Makefile installs by `bootstrap.py`, and can refuse a wrong Python; all else in it stays as it is."""

from __future__ import annotations

import contextlib
import re
import shlex
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.adopt.commands import text_of, undeclared
from bootstrap.adopt.installed import has
from bootstrap.adopt.model import Draft, Remark
from bootstrap.adopt.rules import Line, parsed
from bootstrap.adopt.text import UNREADABLE, Splice, opened
from bootstrap.detect.repository import distribution_name, normalise
from bootstrap.expression import expression

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bootstrap.adopt.model import Drafts, Tree, Wishes
    from bootstrap.adopt.rules import Makefile, Rule

# The first that is there is the one that make reads.
PATHS = ("GNUmakefile", "makefile", "Makefile")
SCRIPTS = (
    "scripts/setup.sh",
    "scripts/setup",
    "scripts/bootstrap.sh",
    "scripts/bootstrap",
    "script/setup",
    "script/bootstrap",
    "bin/setup",
    "setup.sh",
)
WRAPPER = "bootstrap.py"
_TARGETS = ("install", "setup")
_INSTALL_HELP = "Set everything up with bootstrap.py"
_GUARD_HELP = "Refuse a Python that the repository does not declare"

_PY = r"(?:\S*/)?(?:python[\d.]*|py)(?:\.exe)?|\$[({]\w*(?:PYTHON|PY|PYTHON3)\w*[)}]|\$\$?[({]?\w*python\w*[)}]?"
_MAKES_VENV = expression(rf"(?:(?:{_PY})\s+-m\s+(?:venv|virtualenv)|(?:\S*/)?virtualenv|uv\s+venv)\b(.*)")
_INSTALLS = expression(
    rf"(?:(?:{_PY})\s+-m\s+pip|(?:\S*/)?pip[\d.]*|\$[({{]\w*PIP\w*[)}}]|uv\s+pip)\s+(?:install|sync)\b.*"
    r"|uv\s+sync\b.*|(?:poetry|pipenv|pdm)\s+(?:install|sync)\b.*|(?:\S*/)?pip-sync\b.*"
)
_SCRIPT = expression(
    r"(?:(?:ba|z|da)?sh\s+|\.\s+|source\s+)?(?:\./)?(?:scripts?/(?:setup|bootstrap)(?:\.sh)?|bin/setup|setup\.sh)(?:\s.*)?"
)
_AROUND = expression(
    r"(?:\.|source)\s+\S*activate|cd\s+\S+|rm\s+-rf?\s+\S*venv\S*|test\s+-[dfx]\s+\S*venv\S*|\[\s+!?\s*-[dfx]\s+\S*venv\S*\s+\]"
    r"|for\s+\w+\s+in\s.*|do|done|true|:|\}"
)
# A line that looks for Python, and ends where there is none.
_LOOKS_FOR_PYTHON = expression(
    r"(?s)(?:test|\[|command -v|which|if|type)\b.*(?:PYTHON|python|\bpip|\buv\b).*\bexit 1.*"
)
_ELSEWHERE = expression(
    r"--system\b|--user\b|--target\b|--root\b|--prefix\b|--break-system-packages|\bsudo\b|\bdocker\b"
)
_INDEPENDENT = expression(
    r"#|(?:npm|npx|yarn|pnpm|bun|git|cp|echo|printf|mkdir|touch|docker|make|uv\s+run|\.venv/)\b|\./?\.venv/|\$[({]MAKE[)}]"
    r"|\.venv/"
)
_PRE_COMMIT = expression(r"pre-commit\s+install\b[^;&|]*")
_VENV_FOLDER = expression(r"^\s*(?:-\S+\s+|\S*=\S*\s+)*([^\s-]\S*)")
_BARE_TOOL = expression(
    r"(?:^|[;&|]\s*)(?:\w+=\S+\s+)*(?:python3?|pytest|ruff|mypy|black|flake8|isort|tox|nox|coverage|pylint|sphinx-build)\s"
)
# A tool from the environment itself, by its command or as a module.
_TOOL_IN_VENV = expression(
    r"(?:^|[\s;&|@(])(?:\./)?\.venv/bin/(?:python[\d.]*\s+-m\s+)?"
    r"(pytest|ruff|mypy|black|flake8|isort|pylint|pyright|tox|nox|coverage|bandit|pre[-_]commit)(?![\w-])"
)
# What pip installs by its name, in words without variables.
_REQUIREMENT = expression(r"[A-Za-z0-9][\w.-]*(?:\[[\w,.-]*\])?(?:[<>=!~]=?[^$/\\]*)?")
_WITH_VALUE = (
    "-r",
    "--requirement",
    "-c",
    "--constraint",
    "-e",
    "--editable",
    "-i",
    "--index-url",
    "-f",
    "--find-links",
)
_CALLED = expression(r"\bmake (?:-\S+ )*(?:install|setup)\b")
_VENV_IN_SCRIPT = expression(r"-m venv\b|\bvirtualenv\b|\buv venv\b")
_HELP = expression(r"(?!\.PHONY)[\w./-]+:(?!=).*?(\s+##\s*)\S")
_PHONY_HELP = expression(r"\.PHONY:.*?(\s+##\s*)\S")


def makefile(tree: Tree, wishes: Wishes) -> Drafts:
    """Have `make install` call bootstrap.py, and `make guard` say whether the Python is the right one."""
    if not wishes.has_guards:
        return
    for path in [path for path in PATHS if path in tree.paths][:1]:
        yield from _one(path, tree)
    for path in SCRIPTS:
        said = text_of(tree, path) if path in tree.paths else ""
        if WRAPPER not in said and _VENV_IN_SCRIPT.search(said):
            yield Remark(path, f"`python {WRAPPER}` does its work now: have it call that, or take it out")


def _one(path: str, tree: Tree) -> Drafts:
    text = opened(tree.read(path) or b"")
    if text is None:
        yield Remark(path, UNREADABLE)
        return
    file = parsed(text.lines)
    reason = _not_understood(file, tree)
    if reason:
        yield Remark(path, f"{reason}: have `make install` run `python3 {WRAPPER} --yes` by hand")
        return
    work = _Work(file, tree)
    work.plan()
    if work.splices:
        yield Draft(path, text.spliced(work.splices), "install with bootstrap.py, and guard the Python")
    for remark in work.remarks:
        yield Remark(path, remark)


def _not_understood(file: Makefile, tree: Tree) -> str:
    """Return why nothing can be said about the rules of a Makefile; nothing where it can."""
    if file.strange is not None:
        return f"line {file.strange} is not understood"
    if not any(not rule.targets[0].startswith(".") for rule in file.rules):
        return "it has no rules of its own"
    for name in file.included:
        if name.rpartition("/")[2].startswith(".env") or name.endswith(".env"):
            continue  # variables, for a program
        inner = opened(tree.read(name) or b"") if name in tree.paths else None
        other = parsed(inner.lines) if inner is not None else None
        if other is None or other.strange is not None or other.included or other.is_generating:
            return f"it includes {name}, which is not known"
        if any(other.rules_of(target) for target in (*_TARGETS, "guard")) or other.value("PYTHON") is not None:
            return f"it includes {name}, which says how to install"
    return ""


class _Refusal(NamedTuple):
    reason: str


class _Work:
    """What is to be done to one Makefile."""

    def __init__(self, file: Makefile, tree: Tree) -> None:
        self.file = file
        self.tree = tree
        self.splices: list[Splice] = []
        self.remarks: list[str] = []
        self.added: list[str] = []
        self.kept: set[str] = set()
        self.keeper = ""
        self.python, self.is_defined = self.launcher()
        self.has_used = False

    # ---- the Python that starts it

    def launcher(self) -> tuple[str, bool]:
        """Return how a recipe names the Python to start with, and whether that is there already."""
        told = [one for one in self.file.variables if one.name == "PYTHON"]
        if told:
            values = [self.file.expanded(one.value) for one in told]
            is_own = any(word in value for value in values for word in ("venv", "env/", " run", "docker", "conda"))
            return ("python3", True) if is_own else ("$(PYTHON)", True)
        is_used = any("$(PYTHON)" in line or "${PYTHON}" in line for line in self.file.lines)
        if is_used or self.file.is_exporting:
            return "python3", True
        return "$(PYTHON)", False

    # ---- what to do

    def plan(self) -> None:
        """Say what to change, and what is left to a person."""
        known = [name for name in _TARGETS if self.file.rules_of(name)]
        is_called = any(
            WRAPPER in line.text for name in known for rule in self.file.rules_of(name) for line in rule.recipe
        )
        if not known:
            self.add_install()
        elif not is_called:
            self.replace(known)
        self.add_guard()
        self.define_python()
        if self.added:
            self.append()

    def add_install(self) -> None:
        """Add a rule, unless `make install` may do something already."""
        if self.file.is_generating or any("%" in rule.targets for rule in self.file.rules):
            self.remarks.append(f"what `make install` does is not known: let it run `python3 {WRAPPER} --yes`")
            return
        self.add("install", f"{self.python} {WRAPPER} --yes", _INSTALL_HELP)

    def add_guard(self) -> None:
        rules = self.file.rules_of("guard")
        if not rules:
            self.add("guard", f"@{self.python} {WRAPPER} guard --quiet", _GUARD_HELP)
        elif not any(WRAPPER in line.text for rule in rules for line in rule.recipe):
            self.remarks.append(f"`make guard` is taken: let another target run `{WRAPPER} guard --quiet`")

    def replace(self, known: list[str]) -> None:
        """Have the recipes that build an environment call bootstrap.py instead."""
        reason = undeclared(self.tree)
        if reason:
            # There would be no .venv, and the targets that use it would be without what they need.
            self.remarks.append(f"`make {known[0]}` was left, as {reason}; then let it run `python3 {WRAPPER} --yes`")
            return
        reasons = []
        for name in known:
            rules = self.file.rules_of(name)
            with_recipe = [rule for rule in rules if rule.recipe]
            if len(rules) != 1 or not rules[0].is_plain or rules[0].targets != (name,):
                reasons.append(f"`{name}` is a rule of a kind that is left alone")
            elif not with_recipe:
                reasons.append(f"`make {name}` does what others do")
            else:
                made = self.recipe(rules[0])
                if isinstance(made, _Refusal):
                    reasons.append(f"`make {name}` {made.reason}")
                else:
                    self.splices += made
        if self.splices:
            self.has_used = True
            self.tell_what_is_missing()
        else:
            self.remarks.append(f"{'; '.join(reasons)}: let it run `python3 {WRAPPER} --yes` by hand")

    def lacking(self) -> dict[str, list[str]]:
        """Return the tools that recipes take from .venv and that setting up installs none of, with their targets."""
        users: dict[str, list[str]] = {}
        for rule in self.file.rules:
            for line in rule.recipe:
                for name in _TOOL_IN_VENV.findall(self.file.expanded(line.text)):
                    users.setdefault(name.replace("_", "-"), []).append(rule.targets[0])
        return {name: targets for name, targets in users.items() if has(self.tree, name) is False}

    def installed_beside(self, rule: Rule) -> dict[str, str]:
        """Return what of that a recipe installs by name, itself or by the script that it calls, as it is written there.

        It is declared nowhere, and would be gone.
        """
        lines = [self.file.expanded(line.text) for line in rule.recipe]
        scripts = [path for path in SCRIPTS if path in self.tree.paths and any(path in line for line in lines)]
        lines += [line for path in scripts for line in text_of(self.tree, path).splitlines()]
        words = [word for line in lines for word in _named(line)]
        named = {normalise(distribution_name(word)): word for word in words}
        return {name: named[name] for name in self.lacking() if name in named}

    def tell_what_is_missing(self) -> None:
        """Tell the tools that a recipe may have installed beside what is declared, and that others use."""
        found = self.lacking()
        kept = [name for name in found if name in self.kept]
        if kept:
            it = "it" if len(kept) == 1 else "them"
            self.remarks.append(
                f"`make {self.keeper}` goes on to install {', '.join(kept)} beside what is declared, for"
                f" {_targets(found, kept)}: declare {it} for development, and take that line out"
            )
        missing = [name for name in found if name not in self.kept]
        if missing:
            self.remarks.append(
                f"{_targets(found, missing)} will miss {', '.join(missing)} in .venv, unless you declare"
                f" {'it' if len(missing) == 1 else 'them'} for development: {WRAPPER} installs what is declared"
            )

    # ---- one recipe

    def recipe(self, rule: Rule) -> list[Splice] | _Refusal:
        """Return the edits of a recipe; why not, where it does something else too."""
        kinds = [self.kind(line) for line in rule.recipe]
        if "strange" in kinds:
            line = rule.recipe[kinds.index("strange")]
            return _Refusal(f"runs `{line.text[:60].strip()}`")
        if "makes" not in kinds:
            return _Refusal("makes no environment")
        reason = self.elsewhere(rule)
        if reason:
            return _Refusal(reason)
        edits, is_called = self.head(rule), False
        for line, kind in zip(rule.recipe, kinds, strict=True):
            if kind == "makes" and not is_called:
                edits.append(Splice(line.start, line.end, (f"\t{self.python} {WRAPPER} --yes", *self.keep(rule))))
                is_called = True
            elif kind in ("makes", "prepares"):
                edits.append(Splice(line.start, line.end, ()))
            elif kind == "pre-commit":
                command = line.text.lstrip("@-+ ")
                edits.append(Splice(line.start, line.end, (f"\t{self.python} {WRAPPER} run {command}",)))
        return edits

    def head(self, rule: Rule) -> list[Splice]:
        """Return the edit that takes out what a rule waits for and what does nothing but make an environment."""
        needless = [name for name in rule.prerequisites if self.is_needless(name)]
        line = self.file.lines[rule.start]
        if not needless or rule.end != rule.start + 1 or "|" in line:
            return []
        target, colon, rest = line.partition(":")
        for name in needless:
            rest = re.sub(rf"[ \t]+{re.escape(name)}(?=[ \t]|$)", "", rest, count=1)
        return [Splice(rule.start, rule.end, (f"{target}{colon}{rest}",))]

    def is_needless(self, target: str, seen: tuple[str, ...] = ()) -> bool:
        """Say whether a target only makes the environment that bootstrap.py makes, be it by others."""
        rules = self.file.rules_of(target)
        if len(rules) != 1 or not rules[0].is_plain or target in seen or rules[0].targets != (target,):
            return False
        kinds = {self.kind(line) for line in rules[0].recipe}
        others = all(self.is_needless(name, (*seen, target)) for name in rules[0].prerequisites)
        return others and kinds <= {"makes", "prepares"} and bool(kinds or rules[0].prerequisites)

    def keep(self, rule: Rule) -> tuple[str, ...]:
        """Return the line that goes on to install what no file declares and others need; none where that is nothing."""
        found = {name: word for name, word in self.installed_beside(rule).items() if name not in self.kept}
        if not found:
            return ()
        self.kept |= set(found)
        self.keeper = rule.targets[0]
        words = " ".join(map(shlex.quote, found.values()))
        return (f"\t{self.python} {WRAPPER} run uv pip install {words}",)

    def kind(self, line: Line) -> str:
        """Say what a line does: `makes` the environment, `prepares` that, or something else that stays."""
        command = self.file.expanded(line.text).lstrip("@-+ \t")
        if not command or _INDEPENDENT.match(command):
            return "makes" if _installs_into_venv(command) else "stays"
        if _LOOKS_FOR_PYTHON.fullmatch(command):
            return "prepares"
        if _PRE_COMMIT.fullmatch(command):
            return "pre-commit" if self.names_pre_commit() else "strange"
        parts = [part.strip().removeprefix("do ").strip() for part in _split(command)]
        kinds = {_part_kind(part) for part in parts if part}
        if "strange" in kinds or _ELSEWHERE.search(command):
            return "strange"
        return "makes" if "makes" in kinds else "prepares"

    def elsewhere(self, rule: Rule) -> str:
        """Return what of an environment that is not `.venv`; nothing where it is, or may be."""
        commands = [self.file.expanded(line.text).lstrip("@-+ \t") for line in rule.recipe]
        found = [_MAKES_VENV.search(command) for command in commands]
        folders = [_VENV_FOLDER.match(_split(one[1])[0]) for one in found if one and _split(one[1])]
        names = [folder[1].strip("\"'").rstrip("/").removeprefix("./") for folder in folders if folder]
        other = next((name for name in names if name != ".venv"), None)
        if other is not None:
            return f"makes {other}, and not .venv"
        is_active = not any(".venv" in command or "uv sync" in command or "uv venv" in command for command in commands)
        is_script = any(_SCRIPT.fullmatch(command) for command in commands)
        if not is_active or is_script:
            return ""
        callers = [path for path in self.tree.paths if _is_automatic(path) and _CALLED.search(text_of(self.tree, path))]
        if callers:
            return f"installs into the active environment, which {callers[0]} goes on to use"
        bare = self.bare_targets(rule)
        if bare:
            self.remarks.append(
                f"{', '.join(bare)} take their tools from PATH: activate .venv for them, or let them run by"
                f" `{self.python} {WRAPPER} run`"
            )
        return ""

    def bare_targets(self, rule: Rule) -> list[str]:
        """Return the targets that use what was installed into the active environment."""
        return [
            other.targets[0]
            for other in self.file.rules
            if other is not rule and any(_BARE_TOOL.search(line.text.lstrip("@-+ ") + " ") for line in other.recipe)
        ]

    def names_pre_commit(self) -> bool:
        """Say whether the environment will have pre-commit."""
        paths = [path for path in self.tree.paths if path == "pyproject.toml" or "requirements" in path]
        return any(
            "pre-commit" in text_of(self.tree, path) for path in paths[:50] if path.endswith((".toml", ".txt", ".in"))
        )

    # ---- new rules

    def add(self, target: str, command: str, told: str) -> None:
        """Add a rule at the end, where it cannot become the default."""
        self.has_used = True
        lines = self.file.lines
        phony = self.phony()
        in_phony, in_head = _help_marks(lines)
        head = f"{target}:{in_head}{told}" if in_head else f"{target}:"
        if phony is None or in_phony:
            self.added += ["", f".PHONY: {target}" + (f"{in_phony}{told}" if in_phony else ""), head, f"\t{command}"]
        else:
            self.added += ["", head, f"\t{command}"]
            at = phony.end - 1
            before = next((one for one in self.splices if one.start == at), None)
            if before is not None:
                self.splices.remove(before)
            said = before.lines[0] if before is not None else lines[at]
            self.splices.append(Splice(at, at + 1, (f"{said.rstrip()} {target}",)))

    def phony(self) -> Rule | None:
        """Return the line that lists the phony targets; None where each has its own, or there is none."""
        found = self.file.rules_of(".PHONY")
        if len(found) != 1 or not found[0].is_plain or len(found[0].prerequisites) < 2 or found[0].recipe:
            return None
        has_comment = any("#" in line for line in self.file.lines[found[0].start : found[0].end])
        return None if has_comment or "$" in "".join(found[0].prerequisites) else found[0]

    def append(self) -> None:
        """Put the new rules at the end."""
        at = len(self.file.lines)
        while at and not self.file.lines[at - 1].strip():
            at -= 1
        self.splices.append(Splice(at, at, tuple(self.added if at else self.added[1:])))

    def define_python(self) -> None:
        """Say which Python starts it, after the other variables at the top, before the first rule."""
        if self.is_defined or not self.has_used:
            return
        lines = self.file.lines
        first = self.file.rules[0].outer
        making = next(rule.outer for rule in self.file.rules if not rule.targets[0].startswith("."))
        above = [one for one in self.file.variables if one.line < making and not one.is_conditional]
        if above:
            self.splices.append(Splice(above[-1].end, above[-1].end, ("PYTHON ?= python3",)))
            return
        at = first
        while at and lines[at - 1].startswith("#"):
            at -= 1
        # A comment at the very top is about the file.
        is_header = at == 0 < first
        new = ("", "PYTHON ?= python3", "") if is_header else ("PYTHON ?= python3", "")
        self.splices.append(Splice(*((first, first) if is_header else (at, at)), new))


# ---- shell ----------------------------------------------------------------------------------------------------------


def _split(command: str) -> list[str]:
    """Return the commands of a line."""
    parts = [command]
    for mark in ("&&", "||", ";"):
        parts = [piece for part in parts for piece in part.split(mark)]
    return [part.strip() for part in parts]


def _named(command: str) -> Iterator[str]:
    """Yield the requirements that a line of shell has installed by name."""
    for part in _split(command):
        if _INSTALLS.search(part):
            with contextlib.suppress(ValueError):
                words = shlex.split(part.partition("install")[2], comments=True)
                before = ("", *words)
                yield from (
                    word
                    for previous, word in zip(before, words, strict=False)
                    if _REQUIREMENT.fullmatch(word) and previous not in _WITH_VALUE
                )


def _targets(users: Mapping[str, list[str]], names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(target for name in names for target in users[name]))


def _part_kind(part: str) -> str:
    if _MAKES_VENV.fullmatch(part) or _INSTALLS.fullmatch(part) or _SCRIPT.fullmatch(part):
        return "makes"
    return "prepares" if _AROUND.fullmatch(part) else "strange"


def _installs_into_venv(command: str) -> bool:
    return all(_part_kind(part) != "strange" for part in _split(command)) and bool(_INSTALLS.match(command))


def _is_automatic(path: str) -> bool:
    name = path.rpartition("/")[2]
    return path.startswith((".github/", ".circleci/")) or name.startswith((".gitlab-ci", "Dockerfile", ".travis"))


def _help_marks(lines: tuple[str, ...]) -> tuple[str, str]:
    """Return what stands before help texts on lines of phony targets, or on those of rules, whichever has more."""
    on_phony, on_heads = ([found[1] for found in map(one.match, lines) if found] for one in (_PHONY_HELP, _HELP))
    if len(on_phony) > len(on_heads):
        return on_phony[0], ""
    return "", on_heads[0] if on_heads else ""
