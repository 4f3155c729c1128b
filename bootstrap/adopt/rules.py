"""A Makefile as far as somebody who changes one rule has to understand it: rules, variables, and what hides others."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.expression import expression

if TYPE_CHECKING:
    from collections.abc import Sequence

_CONDITIONAL = expression(r"\s*(ifeq|ifneq|ifdef|ifndef|else|endif)\b")
_DEFINE = expression(r"\s*(?:override\s+|export\s+)*define\b")
_ENDEF = expression(r"\s*endef\b")
_INCLUDE = expression(r"\s*(?:-include|sinclude|include)\s+(.*)")
_WORDS = expression(r"\s*(?:export|unexport|undefine|vpath|load|-load)(?:\s|$)")
_ASSIGNMENT = expression(r"\s*(?:(?:export|override|private)\s+)*([^\s:=#?+!]+)\s*(::?:?=|\?=|\+=|!=|=)\s*(.*)")
_OF_TARGET = expression(r"\s*(?:(?:export|override|private)\s+)*[\w.-]+\s*(?::{1,3}|\?|\+|!)?=")
_SIMPLE = expression(r"\$[({]([\w.-]+)[)}]")


class Line(NamedTuple):
    """A line of a recipe with those that continue it, as the shell gets it; `start` up to `end` in the file."""

    start: int
    end: int
    text: str


@dataclass(slots=True)
class Rule:
    """A rule with its recipe."""

    targets: tuple[str, ...]
    prerequisites: tuple[str, ...]
    start: int
    end: int
    """The first line after its head."""
    outer: int
    """Where it begins with the conditions around it."""
    is_plain: bool
    """Whether it has one colon, no recipe on its head, and no condition around or in it."""
    recipe: list[Line] = field(default_factory=list)


class Variable(NamedTuple):
    """An assignment."""

    name: str
    value: str
    line: int
    end: int
    is_conditional: bool


@dataclass(slots=True)
class Makefile:
    """What a Makefile says."""

    lines: tuple[str, ...]
    rules: list[Rule] = field(default_factory=list)
    variables: list[Variable] = field(default_factory=list)
    included: list[str] = field(default_factory=list)
    strange: int | None = None
    """The first line, from 1, that was not understood."""
    is_exporting: bool = False
    """Whether all variables are handed to what recipes start."""
    is_generating: bool = False
    """Whether rules may come out of a function that is called."""

    def rules_of(self, target: str) -> list[Rule]:
        """Return the rules that name a target."""
        return [rule for rule in self.rules if target in rule.targets]

    def value(self, name: str) -> str | None:
        """Return what a variable is set to, where that does not depend on anything."""
        found = [one for one in self.variables if one.name == name]
        return found[0].value if len(found) == 1 and not found[0].is_conditional else None

    def expanded(self, text: str) -> str:
        """Return a text with the variables that are known put in."""
        for _ in range(5):
            replaced = _SIMPLE.sub(lambda found: self._known(found[1], found[0]), text)
            if replaced == text:
                break
            text = replaced
        return text

    def _known(self, name: str, otherwise: str) -> str:
        value = self.value(name)
        # What a shell says is not known, and its marks are not those of the line.
        return otherwise if value is None or len(value) > 200 or "$(shell" in value else value


def parsed(lines: Sequence[str]) -> Makefile:
    """Return what the lines say; `strange` is set where that is not known."""
    return _Parser(tuple(lines)).made()


class _Parser:
    """Goes through the lines as GNU make does."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        self.file = Makefile(lines)
        self.at = 0
        self.depth = 0
        self.condition = 0
        """Where the outermost condition began."""
        self.rule: Rule | None = None

    def made(self) -> Makefile:
        lines = self.file.lines
        while self.at < len(lines) and self.file.strange is None:
            start = self.at
            text = self.joined()
            if not self.take(start, text):
                self.file.strange = start + 1
        if self.depth or (lines and lines[-1].endswith("\\")):
            self.file.strange = self.file.strange or len(lines)
        return self.file

    def joined(self) -> str:
        """Return the next line with those that continue it, and go on."""
        parts = []
        while self.at < len(self.file.lines):
            line = self.file.lines[self.at]
            self.at += 1
            if not _is_continued(line):
                parts.append(line)
                break
            parts.append(line[:-1])
        return " ".join([parts[0], *(part.strip() for part in parts[1:])])

    def take(self, start: int, text: str) -> bool:
        """Take a line; say whether it was understood."""
        if text.startswith("\t") and self.rule is not None:
            self.rule.recipe.append(Line(start, self.at, text[1:].strip()))
            return True
        if not text.strip() or text.lstrip().startswith("#"):
            return True
        if _CONDITIONAL.match(text):
            return self.take_conditional(start, text)
        if _DEFINE.match(text):
            self.rule = None
            return self.skip_definition()
        found = _INCLUDE.match(text)
        if found:
            self.rule = None
            self.file.included += _uncommented(found[1]).split()
            return True
        if self.take_assignment(start, text):
            return True
        return not text.startswith("\t") and (self.take_words(text) or self.take_rule(start, text))

    def take_conditional(self, start: int, text: str) -> bool:
        word = text.partition("(")[0].split(maxsplit=1)[0]
        if self.depth == 0:
            self.condition = start
        self.depth += {"else": 0, "endif": -1}.get(word, 1)
        if self.rule is not None:
            self.rule.is_plain = False
        return self.depth >= 0

    def skip_definition(self) -> bool:
        depth = 1
        while self.at < len(self.file.lines) and depth:
            line = self.file.lines[self.at]
            depth += 1 if _DEFINE.match(line) else -1 if _ENDEF.match(line) else 0
            self.at += 1
        return depth == 0

    def take_assignment(self, start: int, text: str) -> bool:
        found = _ASSIGNMENT.match(text)
        if not found:
            return False
        self.rule = None
        value = _uncommented(found[3]).strip()
        self.file.variables.append(Variable(found[1], value, start, self.at, self.depth > 0))
        return found[1] != ".RECIPEPREFIX"

    def take_words(self, text: str) -> bool:
        if _WORDS.match(text):
            self.file.is_exporting |= text.strip() == "export"
            self.rule = None
            return True
        hidden, _ = _hidden(text)
        if hidden.strip(" \0") or not text.strip():
            return False
        self.rule = None
        self.file.is_generating = True  # $(eval ...), $(foreach ...)
        return True

    def take_rule(self, start: int, text: str) -> bool:
        hidden, references = _hidden(_uncommented(text))
        before, colon, after = hidden.partition(":")
        if not colon or not before.strip() or "=" in before:
            return False
        is_double = after.startswith(":")
        after = after.removeprefix(":")
        if _OF_TARGET.match(after):
            self.rule = None
            return True
        head, inline, _ = after.partition(";")
        targets = tuple(_shown(word, references) for word in before.split())
        self.file.is_exporting |= ".EXPORT_ALL_VARIABLES" in targets
        is_plain = not (is_double or inline or self.depth or ":" in head or "&" in targets)
        wanted = tuple(_shown(word, references) for word in head.split())
        outer = self.condition if self.depth else start
        self.rule = Rule(targets, wanted, start, self.at, outer, is_plain)
        self.file.rules.append(self.rule)
        return True


def _is_continued(line: str) -> bool:
    return (len(line) - len(line.rstrip("\\"))) % 2 == 1


def _uncommented(text: str) -> str:
    """Return the text without a comment at its end."""
    at = text.find("#")
    while at > 0 and text[at - 1] == "\\":
        at = text.find("#", at + 1)
    return text if at < 0 else text[:at]


def _hidden(text: str) -> tuple[str, list[str]]:
    """Return the text with a NUL for each reference such as $(call x,$(y)), and these."""
    references: list[str] = []
    out, depth, start = "", 0, 0
    for at, char in enumerate(text):
        if depth == 0 and char == "$" and text[at + 1 : at + 2] in ("(", "{"):
            depth, start = 1, at
        elif depth and char in "({" and at != start + 1:
            depth += 1
        elif depth and char in ")}":
            depth -= 1
            if depth == 0:
                references.append(text[start : at + 1])
                out += "\0"
        elif depth == 0:
            out += char
    return (text, []) if depth else (out, references)


def _shown(word: str, references: list[str]) -> str:
    """Return a word with its references put back, in the order in which they come."""
    while "\0" in word:
        word = word.replace("\0", references.pop(0), 1)
    return word
