"""What the person sees while devstrap works. The only module that imports rich, and only where it is shown."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, Protocol

from bootstrap.environ import is_ci

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager


class Progress(Protocol):
    """Shows steps as they are done."""

    def note(self, text: str) -> None:
        """Show a line that stays, about the step that is being done."""

    def step(self, purpose: str) -> AbstractContextManager[Callable[[str], None]]:
        """Show a step while the block runs; the block may tell line by line what it is at."""


class Verbatim(str):
    """Text whose lines stay as they are however narrow the terminal is, as those of a diff have to."""

    __slots__ = ()


class Diff(Verbatim):
    """A unified diff, which a terminal shows in colours."""

    __slots__ = ()


class Console:
    """Lines for a person, on one stream; live progress only where a terminal can show it."""

    def __init__(
        self, stream: IO[str], *, is_live: bool = False, is_quiet: bool = False, is_verbose: bool = False
    ) -> None:
        self.stream = stream
        self.is_live = is_live
        self.is_quiet = is_quiet
        self.is_verbose = is_verbose

    @property
    def width(self) -> int:
        """The columns of the terminal that the stream leads to; 0 where lines may be as long as they like."""
        return columns(self.stream)

    def say(self, text: str = "") -> None:
        """Print a line, unless the person wants none."""
        if not self.is_quiet:
            self.insist(text)

    def insist(self, text: str) -> None:
        """Print a line even for a person who wants none: errors and findings."""
        shown = self.printable(text)
        if not isinstance(text, Verbatim):
            shown = folded(shown, self.width)
        try:
            if isinstance(text, Diff) and self.is_live:
                _colour(shown, self.stream)
            else:
                print(shown, file=self.stream, flush=True)
        except (OSError, ValueError):
            # Whoever read it has gone, or the disk is full that it goes to. The work goes on all the same.
            silence(self.stream)
            self.stream = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - until the process ends
            self.is_live = False

    def printable(self, text: str) -> str:
        """Return `text` without anything that would steer a terminal, in what the stream's encoding has."""
        plain = "".join(c if c.isprintable() or c in "\n\t" else "?" for c in text)
        encoding = getattr(self.stream, "encoding", None) or "utf-8"
        return plain.encode(encoding, "replace").decode(encoding, "replace")

    @contextmanager
    def progress(self, total: int) -> Iterator[Progress]:
        """Show `total` steps while the block runs."""
        if self.is_live and not self.is_quiet:
            with _live(self, total) as progress:
                yield progress
        else:
            yield _Lines(self, total)


# How git paints a diff; the names of files go before what they begin with.
_COLOURS = {"+++": "bold", "---": "bold", "@@": "cyan", "+": "green", "-": "red"}


def _colour(diff: str, stream: IO[str]) -> None:
    """Print a diff as git does on a terminal."""
    from rich.console import Console as RichConsole  # noqa: PLC0415 - as above: only where it is shown
    from rich.text import Text  # noqa: PLC0415

    rich = RichConsole(file=stream, highlight=False)
    for line in diff.split("\n"):
        style = next((style for start, style in _COLOURS.items() if line.startswith(start)), "")
        rich.print(Text(line, style=style), soft_wrap=True)
    stream.flush()


def silence(stream: IO[str]) -> None:
    """Send what is still in a stream's buffer nowhere: Python writes it at its end, and would fail once more."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


class _Lines:
    """Progress where nothing can be drawn: a line when a step begins."""

    def __init__(self, console: Console, total: int) -> None:
        self.console = console
        self.total = total
        self.done = 0

    @contextmanager
    def step(self, purpose: str) -> Iterator[Callable[[str], None]]:
        self.done += 1
        self.console.say(f"[{self.done}/{self.total}] {purpose}")
        yield (lambda line: self.console.say(f"    {line}")) if self.console.is_verbose else (lambda _: None)

    def note(self, text: str) -> None:
        self.console.say(f"  {text}")


@contextmanager
def _live(console: Console, total: int) -> Iterator[Progress]:
    """Show a spinner with what is going on, a bar over the steps and the time, and a line for each finished step."""
    from rich.console import Console as RichConsole  # noqa: PLC0415 - 60 ms that a run with nothing to do saves
    from rich.markup import escape  # noqa: PLC0415
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415
    from rich.progress import Progress as RichProgress  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    rich = RichConsole(file=console.stream, highlight=False)
    # Where there is no room for the bar and for what is going on, the latter says more.
    bars = (BarColumn(bar_width=_BAR),) if rich.width >= _USUAL else ()
    shown = (SpinnerColumn(), *bars, MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))

    def room() -> int:
        # Beside the spinner, the bar, 3/12 and 0:01:02, each with a space.
        return rich.width - 2 - (_BAR + 1) * len(bars) - (2 * len(str(total)) + 2) - 8

    def finish(mark: str, style: str, purpose: str, time_taken: str = "") -> None:
        line = Text(folded(f"  {mark} {console.printable(purpose)}{time_taken}", console.width), no_wrap=True)
        line.stylize(style, 2, 3)
        line.stylize("dim", len(line) - len(time_taken.lstrip()))
        bar.console.print(line, soft_wrap=True)

    class Live:
        def note(self, text: str) -> None:
            bar.console.print(Text(folded(f"  {console.printable(text)}", console.width)), soft_wrap=True)

        @contextmanager
        def step(self, purpose: str) -> Iterator[Callable[[str], None]]:
            bar.update(task, description=escape(_cut(console.printable(purpose), room())))

            def on_line(line: str) -> None:
                shown = _cut(console.printable(purpose), room())
                more = _cut(console.printable(line.strip()), room() - _cells(shown) - 1)
                bar.update(task, description=escape(shown) + (f" [dim]{escape(more)}[/dim]" if more else ""))
                if console.is_verbose:
                    told = folded(f"    {console.printable(line)}", console.width)
                    bar.console.print(Text(told, style="dim"), soft_wrap=True)

            started = time.monotonic()
            try:
                yield on_line
            except BaseException:
                finish("✗", "red", purpose)
                raise
            finish("✓", "green", purpose, f" {time.monotonic() - started:.1f} s")
            bar.advance(task)

    with RichProgress(*shown, console=rich, transient=True) as bar:
        task = bar.add_task("", total=total)
        yield Live()


# A terminal of fewer columns has no room to spare for a bar,
_USUAL = 80
_BAR = 20
# and one of fewer than these none for deep indents.
_ROOMY = 60
# Where the report's labels end: "  left alone  ", and below them.
_LABELLED = 14
# How deep what follows is indented where there is no room for more.
_NARROW = 4


def columns(stream: IO[str]) -> int:
    """Return how many columns the terminal has that a stream leads to; 0 where it leads to none."""
    try:
        return os.get_terminal_size(stream.fileno()).columns if stream.isatty() else 0
    except (OSError, ValueError):
        return 0


def folded(text: str, width: int) -> str:
    """Return `text` with lines of at most `width` columns, broken at spaces; 0 leaves them as they are.

    A word that is longer than a line runs over, as a path may, and so does a command: it has to stay one line that can
    be copied.
    """
    if not width:
        return text
    return "\n".join(part for line in text.split("\n") for part in _fold(line, width))


def _fold(line: str, width: int) -> Iterator[str]:
    """Yield the lines into which one is broken, all but the first indented to where its text begins."""
    if _cells(line) <= width:
        yield line
        return
    import re  # noqa: PLC0415 - few lines are too long, and a quick command has hardly ever one

    # A label and what it says, "fix: " and "error: ", a step's number or mark: what follows hangs below the text
    lead = re.match(r" {2}(?=\S).{10}  | *(?:error: |fix: |recovered: |\[\d+/\d+\] |[✓✗] )?", line)
    assert lead is not None  # noqa: S101 - the second alternative fits anything
    hang = lead.end() if width >= _ROOMY or lead.end() < _LABELLED else _NARROW
    row, is_empty = lead[0] if lead[0].strip() else " " * hang, True
    for unit in re.findall(_UNIT, line[lead.end() :], re.VERBOSE):
        needed = _cells(unit)
        # What would run over there may fit further left.
        indent = hang if hang + needed <= width else min(hang, _NARROW)
        if _cells(row) + (not is_empty) + needed > width and row.strip() and (not is_empty or indent < _cells(row)):
            yield row.rstrip()
            row, is_empty = " " * indent, True
        row += unit if is_empty else f" {unit}"
        is_empty = False
    yield row


# What is not broken, since it may be copied: a command, to the end of the line where it is all that follows a colon,
# and a setting of JSON; and any other word.
_UNIT = r"""
    (?<=:[ ]) (?:\S*[/\\])?uv [ ] [a-z].*$
    | (?:python3? [ ] bootstrap\.py|devstrap (?=[ ](?:-|[a-z]+(?:\s|$)))) (?:
          [ ] (?:--root [ ] \S+ | -\S+ (?:[ ] 3\.\d+)? | guard | undo | check | versions | modernize
          | run(?:(?:[ ][A-Z]+)+|[ ]\S+))
      )* \S*
    | "[^"\s]+": [ ] "[^"]*" \S*
    | \S+
"""


def _cut(text: str, width: int) -> str:
    """Return as much of the start of `text` as there is room for, with a sign where something is left out."""
    if _cells(text) <= width:
        return text
    while text and _cells(text) >= width:
        text = text[:-1]
    return f"{text}…" if text else ""


def _cells(text: str) -> int:
    """Return the columns that a text takes: letters of East Asia take two (UAX #11), combining marks none."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width  # noqa: PLC0415

    return sum(0 if combining(c) else 2 if east_asian_width(c) in ("W", "F") else 1 for c in text)


def is_interactive(env: Mapping[str, str], *streams: IO[str]) -> bool:
    """Say whether a person sits at a terminal that can show more than lines.

    Not in CI, not with NO_COLOR (no-color.org), not on a dumb terminal, and only if every stream is a terminal that
    has all characters.
    """
    if env.get("NO_COLOR") or env.get("TERM") == "dumb" or is_ci(env):
        return False
    if os.name != "nt" and not env.get("TERM"):
        return False
    if None in streams:
        return False
    return all(stream.isatty() and "utf" in (getattr(stream, "encoding", None) or "").lower() for stream in streams)


def for_person(env: Mapping[str, str], *, is_json: bool, is_quiet: bool, is_verbose: bool) -> Console:
    """Return the console for this run: standard output, or standard error where that is kept for the JSON object."""
    stream = (sys.stderr if is_json else sys.stdout) or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    return Console(stream, is_live=is_interactive(env, stream), is_quiet=is_quiet, is_verbose=is_verbose)
