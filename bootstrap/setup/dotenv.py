"""`.env`: written once from its example, filled in by whoever answers, and from then on the person's own.

What the lines mean is what python-dotenv and Docker Compose agree on: `NAME=value`, `export` before it or not, quotes
around the value or not, a comment behind it, and a quoted value over several lines.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.model import Change, Skip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bootstrap.besides import Dotenv
    from bootstrap.model import Answers, Facts

    Reader = Callable[[str], bytes | None]

NAME = ".env"
# In the order in which they are looked for; the first that is there is the one.
EXAMPLES = (
    *(".env.example", ".env.sample", ".env.template", ".env.dist"),
    *(".env-example", ".env-sample", ".env-dist", "env.example", "env.sample"),
)
MODE = 0o600
_IGNORE = ".gitignore"
_BOM = "\ufeff"
_LINE = re.compile(
    r"(?P<head>[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_][A-Za-z0-9_.]*)[ \t]*=[ \t]*)(?P<rest>.*)", re.DOTALL
)
_PLAIN = re.compile(r"[A-Za-z0-9_./:@%+,=?&~-]*")
_SECRET = re.compile(r"KEY|SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL", re.IGNORECASE)
# An address with somebody's password in it.
_ADDRESS = re.compile(r"://[^/\s:@]*:[^/\s@]+@")
# What stands in an example for a value that everybody has to find for himself.
_STAND_IN = re.compile(
    r"<[^<>]*>|change[-_ ]?(?:me|this|it)!*|(?:your|insert|enter|put)[-_ ].*|xxx+|todo|\.\.\.", re.IGNORECASE
)


class Entry(NamedTuple):
    """A line that gives a name a value."""

    number: int
    """The line's, from 0."""
    name: str
    value: str
    """Without its quotes."""
    start: int
    """Where the value, quotes included, begins and ends in its line."""
    end: int

    @property
    def is_open(self) -> bool:
        """Say whether the value is still to be found."""
        return not self.value or _STAND_IN.fullmatch(self.value) is not None


def entries(text: str) -> list[Entry]:
    """Return the lines that give a name a value; one that begins a quoted value goes on to its end."""
    return list(_entries(text))


def _entries(text: str) -> Iterator[Entry]:
    until = ""
    for number, line in enumerate(text.splitlines(keepends=True)):
        if until:
            until = "" if _closing(line, until) >= 0 else until
            continue
        found = _LINE.match(line.removeprefix(_BOM))
        if found is None:
            continue
        start = found.end("head") + len(line) - len(line.removeprefix(_BOM))
        end, value = _value(line, start)
        if end < 0:
            until = line[start]
            end, value = len(line.rstrip("\r\n")), line[start + 1 :].rstrip("\r\n")
        yield Entry(number, found["name"], value, start, end)


def _value(line: str, start: int) -> tuple[int, str]:
    """Return where a value ends, -1 for a quoted one that this line does not end, and the value."""
    quote = line[start : start + 1]
    if quote and quote in "\"'`":
        end = _closing(line, quote, start + 1)
        return (end + 1, line[start + 1 : end]) if end >= 0 else (-1, "")
    rest = line[start:].rstrip("\r\n")
    # A comment begins behind a space, or where the value would.
    comment = re.search(r"(?:^|[ \t])#", rest)
    value = (rest[: comment.start()] if comment else rest).rstrip()
    return start + len(value), value


def _closing(line: str, quote: str, start: int = 0) -> int:
    """Return where the quote closes, or -1."""
    place = line.find(quote, start)
    while place > 0 and quote == '"' and line[place - 1] == "\\":
        place = line.find(quote, place + 1)
    return place


def decoded(content: bytes) -> str | None:
    """Return the text of a `.env`; None for what is no text, and is only copied."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None


def names(content: bytes) -> tuple[str, ...]:
    """Return the names that are given a value, each once."""
    return tuple(dict.fromkeys(entry.name for entry in entries(decoded(content) or "")))


def open_names(content: bytes) -> tuple[str, ...]:
    """Return the names whose value is still to be found."""
    return tuple(dict.fromkeys(entry.name for entry in entries(decoded(content) or "") if entry.is_open))


def is_secret(name: str) -> bool:
    """Say whether a value is one that nobody else shall see, by its name."""
    return _SECRET.search(name) is not None


def filled(content: bytes, values: Mapping[str, str]) -> bytes:
    """Return the example with these values in the place of its own; everything else stays, to the byte."""
    text = decoded(content)
    if text is None or not values:
        return content
    lines = text.splitlines(keepends=True)
    for entry in reversed(entries(text)):
        if entry.name in values:
            line = lines[entry.number]
            lines[entry.number] = line[: entry.start] + quoted(values[entry.name]) + line[entry.end :]
    return "".join(lines).encode()


def quoted(value: str) -> str:
    """Return a value as it is written: in quotes where something in it would be taken for something else."""
    if _PLAIN.fullmatch(value):
        return value
    if "'" not in value and "\\" not in value:
        return f"'{value}'"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def masked(content: bytes) -> bytes:
    """Return what may be shown of a `.env`: what is secret by its name, or an address with a password, is not."""
    text = decoded(content)
    if text is None:
        return b"(no text)\n"
    lines = text.splitlines(keepends=True)
    found = entries(text)
    for entry in found:
        following = next((one.number for one in found if one.number > entry.number), entry.number + 1)
        line = lines[entry.number]
        if entry.value and (is_secret(entry.name) or _ADDRESS.search(line)):
            lines[entry.number] = line[: entry.start] + "***" + line[entry.end :]
            if _is_unclosed(line, entry):
                lines[entry.number + 1 : following] = [""] * (following - entry.number - 1)
    return "".join(lines).encode()


def _is_unclosed(line: str, entry: Entry) -> bool:
    quote = line[entry.start : entry.start + 1]
    return quote in ("'", '"', "`") and _closing(line, quote, entry.start + 1) < 0


def changes(facts: Facts, answers: Answers, read: Reader) -> tuple[tuple[Change, ...], tuple[Skip, ...]]:
    """Return each `.env` to write, and why one is not written; one that is there is never touched."""
    made: list[Change] = []
    skipped: list[Skip] = []
    is_added = False
    for one in facts.besides.dotenvs if facts.besides and answers.dotenv else ():
        if one.is_there:
            continue
        if not one.is_ignored and not (one.is_ignored is False and answers.ignores_dotenv):
            skipped.append(Skip(one.path, _why_not(one)))
            continue
        if not one.is_ignored and not is_added:
            is_added = True
            made.append(_ignoring(read(_IGNORE)))
        values = {name: value for path, name, value in answers.values if path == one.path}
        content = filled(one.content, values)
        made.append(Change(one.path, None, content, f"from {one.example}", MODE, is_secret=True))
    return tuple(made), tuple(skipped)


def _why_not(one: Dotenv) -> str:
    if one.is_ignored is None:
        return f"it would be written from {one.example}, but git could not say whether it ignores it"
    return (
        f"it would be written from {one.example}, but git does not ignore it, so that a secret in it could be "
        f"committed; add {NAME} to {_IGNORE}, then run this again"
    )


def _ignoring(before: bytes | None) -> Change:
    """Return the change that has git ignore every `.env`, with the line ends that the file has."""
    text = before or b""
    end = b"\r\n" if b"\r\n" in text else b"\n"
    gap = end if text and not text.endswith(b"\n") else b""
    return Change(_IGNORE, before, text + gap + NAME.encode() + end, f"git ignores {NAME}")
