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

    def step(self, purpose: str) -> AbstractContextManager[Callable[[str], None]]:
        """Show a step while the block runs; the block may tell line by line what it is at."""


class Console:
    """Lines for a person, on one stream; live progress only where a terminal can show it."""

    def __init__(
        self, stream: IO[str], *, is_live: bool = False, is_quiet: bool = False, is_verbose: bool = False
    ) -> None:
        self.stream = stream
        self.is_live = is_live
        self.is_quiet = is_quiet
        self.is_verbose = is_verbose

    def say(self, text: str = "") -> None:
        """Print a line, unless the person wants none."""
        if not self.is_quiet:
            self.insist(text)

    def insist(self, text: str) -> None:
        """Print a line even for a person who wants none: errors and findings."""
        try:
            print(self.printable(text), file=self.stream, flush=True)
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


@contextmanager
def _live(console: Console, total: int) -> Iterator[Progress]:
    """Show a spinner with what is going on, a bar over the steps and the time, and a line for each finished step."""
    from rich.console import Console as RichConsole  # noqa: PLC0415 - 60 ms that a run with nothing to do saves
    from rich.markup import escape  # noqa: PLC0415
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415
    from rich.progress import Progress as RichProgress  # noqa: PLC0415

    rich = RichConsole(file=console.stream, highlight=False)
    columns = (SpinnerColumn(), BarColumn(bar_width=20), MofNCompleteColumn(), TimeElapsedColumn(),
               TextColumn("{task.description}"))  # fmt: skip

    class Live:
        @contextmanager
        def step(self, purpose: str) -> Iterator[Callable[[str], None]]:
            label = escape(console.printable(purpose))
            bar.update(task, description=label)
            room = max(20, rich.width - 60)

            def on_line(line: str) -> None:
                bar.update(task, description=f"{label} [dim]{escape(console.printable(line.strip())[:room])}[/dim]")
                if console.is_verbose:
                    bar.console.print(f"    [dim]{escape(console.printable(line))}[/dim]")

            started = time.monotonic()
            try:
                yield on_line
            except BaseException:
                bar.console.print(f"  [red]✗[/red] {label}")
                raise
            bar.console.print(f"  [green]✓[/green] {label} [dim]{time.monotonic() - started:.1f} s[/dim]")
            bar.advance(task)

    with RichProgress(*columns, console=rich, transient=True) as bar:
        task = bar.add_task("", total=total)
        yield Live()


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
