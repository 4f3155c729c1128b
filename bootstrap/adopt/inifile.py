"""A file of configparser's dialect with its comments, for what is to be said in another file: sections and options."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection

_COMMENTS = ("#", ";")


class Option(NamedTuple):
    """A key with the lines of its value, and the comments above it and in it."""

    key: str
    lines: tuple[str, ...]
    comments: tuple[str, ...] = ()

    @property
    def value(self) -> str:
        """The value as configparser has it."""
        return "\n".join(self.lines).strip()

    @property
    def members(self) -> list[str]:
        """The lines that say something."""
        return [line for line in self.lines if line]


class Section(NamedTuple):
    """What stands below a header, and the comments above that."""

    name: str
    options: tuple[Option, ...]
    comments: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    """Comments behind the last option."""
    start: int = 0
    """The line, from 0, on which it begins, with the comments above its header."""


def sections(text: str, *, is_shared: bool = False) -> tuple[Section, ...] | None:
    """Return the sections; None for what configparser reads in another way, or not at all.

    Of a file that `is_shared` by several, comments at its top that stand apart are about the file, and of no section.
    """
    found = _scanned(text, is_shared=is_shared)
    return found if found is not None and _as_read(found) == _read(text) else None


def without(text: str, found: tuple[Section, ...], names: Collection[str]) -> str:
    """Return a text without some of its sections, their comments, and the empty lines behind them."""
    lines = text.split("\n")
    ends = [*(one.start for one in found[1:]), len(lines)]
    for one, end in reversed([*zip(found, ends, strict=True)]):
        if one.name in names:
            del lines[one.start : end]
    rest = "\n".join(lines).rstrip("\n")
    return f"{rest}\n" if rest else ""


def _scanned(text: str, *, is_shared: bool) -> tuple[Section, ...] | None:
    done: list[Section] = []
    options: list[Option] = []
    comments: list[str] = []
    apart, indent = 0, 0  # how many of the comments have an empty line below them
    for number, line in enumerate(text.split("\n")):
        words, depth = line.strip(), len(line) - len(line.lstrip())
        if words.startswith(_COMMENTS):
            comments.append(words)
        elif not words:
            apart = len(comments)
            if options:
                options[-1] = options[-1]._replace(lines=(*options[-1].lines, ""))
        elif options and depth > indent:
            above = (*options[-1].comments, *comments)
            options[-1] = options[-1]._replace(lines=(*options[-1].lines, words), comments=above)
            comments = []
        elif words.startswith("[") and words.endswith("]"):
            # what stands apart from the header below it is about the section above
            at = apart if done or is_shared else 0
            done = _closed(done, options, comments[:at])
            done.append(Section(words[1:-1], (), tuple(comments[at:]), start=number - len(comments[at:])))
            options, comments = [], []
        elif done:
            key, value = _parted(words)
            options.append(Option(key, (value,), tuple(comments)))
            comments, indent = [], depth
        else:
            return None
        apart = min(apart, len(comments))
    return tuple(_closed(done, options, comments))


def _closed(done: list[Section], options: list[Option], last: list[str]) -> list[Section]:
    return [*done[:-1], done[-1]._replace(options=tuple(options), last=tuple(last))] if done else []


def _parted(words: str) -> tuple[str, str]:
    at = min((place for sign in "=:" if (place := words.find(sign)) >= 0), default=len(words))
    return words[:at].rstrip(), words[at + 1 :].strip()


def _as_read(found: tuple[Section, ...]) -> dict[str, dict[str, str]]:
    return {one.name: {option.key: option.value for option in one.options} for one in found}


def _read(text: str) -> dict[str, dict[str, str]] | None:
    import configparser  # noqa: PLC0415 - few repositories need it

    parser = configparser.RawConfigParser(default_section="")
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # as the documentation has it
    try:
        parser.read_string(text)
    except configparser.Error:
        return None
    return {name: {key: value.strip() for key, value in parser[name].items()} for name in parser.sections()}
