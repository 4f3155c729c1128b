"""Plain lines without control characters everywhere but on a terminal that can show more."""

import io
import os
import sys
import threading

import pytest

from bootstrap.console import Console, for_person, is_interactive

HOSTILE = "a\x1b[2J\x07\r\x9b31mb\u202ec\udcff"


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self):
        return True


class Ascii(Terminal):
    encoding = "ascii"


def said(act, **options):
    stream = io.StringIO()
    act(Console(stream, **options))
    return stream.getvalue()


def work(console):
    with console.progress(2) as progress:
        with progress.step("create .venv") as on_line:
            on_line("Resolved 3 packages")
        with progress.step("write a.json"):
            pass


# ---- lines ----------------------------------------------------------------------------------------------------------


def test_steps_are_a_line_each():
    assert said(work) == "[1/2] create .venv\n[2/2] write a.json\n"


def test_verbose_adds_what_the_commands_say():
    assert said(work, is_verbose=True).splitlines()[1] == "    Resolved 3 packages"


def test_quiet_shows_nothing_but_what_has_to_be_said():
    def act(console):
        work(console)
        console.say("not this")
        console.insist("this")

    assert said(act, is_quiet=True) == "this\n"
    assert said(act, is_quiet=True, is_live=True) == "this\n"


def test_whatever_would_steer_the_terminal_is_replaced():
    assert said(lambda console: console.say(HOSTILE)) == "a?[2J???31mb?c?\n"


def test_line_breaks_tabs_and_letters_of_any_script_stay():
    assert said(lambda console: console.say("a\n\tä → 日本 🙂")) == "a\n\tä → 日本 🙂\n"


def test_what_the_stream_cannot_encode_is_replaced():
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    Console(stream).say("Größe")
    assert stream.buffer.getvalue() == b"Gr??e" + os.linesep.encode()


def test_a_step_that_fails_lets_the_exception_through():
    def act(console):
        with console.progress(1) as progress, progress.step("break"):
            raise ValueError("broken")

    for is_live in (False, True):
        with pytest.raises(ValueError, match="broken"):
            said(act, is_live=is_live)


# ---- who gets more than lines ---------------------------------------------------------------------------------------


def test_a_terminal_is_interactive():
    assert is_interactive({"TERM": "xterm"}, Terminal(), Terminal())


@pytest.mark.parametrize(
    "env",
    [
        {"TERM": "xterm", "NO_COLOR": "1"},
        {"TERM": "xterm", "CI": "true"},
        {"TERM": "xterm", "CI": "1"},
        {"TERM": "dumb"},
        pytest.param({}, marks=pytest.mark.skipif(os.name == "nt", reason="Windows sets no TERM")),
    ],
)
def test_these_circumstances_are_not_interactive(env):
    assert not is_interactive(env, Terminal())


@pytest.mark.parametrize("env", [{"NO_COLOR": ""}, {"CI": "false"}, {"CI": "0"}, {"CI": ""}])
def test_variables_that_say_no_do_not_count(env):
    assert is_interactive({"TERM": "xterm", **env}, Terminal())


def test_one_pipe_is_enough_to_be_not_interactive():
    assert not is_interactive({"TERM": "xterm"}, Terminal(), io.StringIO())


def test_a_terminal_without_all_characters_gets_lines():
    assert not is_interactive({"TERM": "xterm"}, Ascii())


def test_standard_error_is_for_the_person_where_standard_output_is_for_the_object():
    assert for_person({}, is_json=True, is_quiet=False, is_verbose=False).stream is sys.stderr
    assert for_person({}, is_json=False, is_quiet=False, is_verbose=False).stream is sys.stdout


# ---- live -----------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals of POSIX")
def test_on_a_terminal_finished_steps_stay_and_the_bar_goes(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    shown = _on_a_terminal(work)
    assert "\x1b[" in shown
    assert "✓" in shown
    assert "create .venv" in shown
    assert "Resolved 3 packages" not in shown.rpartition("✓")[2]
    assert shown.rstrip().endswith("\x1b[2K")  # the bar's line is wiped


def test_live_progress_marks_what_is_done_and_what_failed():
    def act(console):
        with console.progress(2) as progress:
            with progress.step("first"):
                pass
            with pytest.raises(OSError, match="gone"), progress.step("second"):
                raise OSError("gone")

    lines = [line.strip() for line in said(act, is_live=True).splitlines()]
    assert lines[0].startswith("✓ first")
    assert "✗ second" in lines


@pytest.mark.parametrize("text", ["[red]a[/red]", "[/]", "a\\", "a\\\\", "[link=x]", HOSTILE, "", "x" * 5000])
def test_hostile_text_is_shown_as_text_and_never_as_markup(text):
    def act(console):
        with console.progress(1) as progress, progress.step(text) as on_line:
            on_line(text)

    shown = said(act, is_live=True, is_verbose=True)
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(shown)
    assert text.replace("\x1b", "?")[:9] in shown or text == HOSTILE


def _on_a_terminal(act):
    ours, theirs = os.openpty()
    seen = []

    def read():
        while True:
            try:
                chunk = os.read(ours, 65536)
            except OSError:  # Linux says so when the last writer has gone
                return
            if not chunk:
                return
            seen.append(chunk)

    reader = threading.Thread(target=read)
    reader.start()
    with open(theirs, "w", encoding="utf-8") as stream:
        act(Console(stream, is_live=True))
    reader.join()
    os.close(ours)
    return b"".join(seen).decode()
