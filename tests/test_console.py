"""Plain lines without control characters everywhere but on a terminal that can show more."""

import io
import os
import re
import sys
import threading

import pytest

from bootstrap import console as console_module
from bootstrap.console import Console, Diff, Verbatim, columns, folded, for_person, is_interactive

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


@pytest.mark.parametrize("is_live", [False, True])
def test_a_note_stays_while_its_step_goes_on(is_live):
    def act(console):
        with console.progress(1) as progress, progress.step("create .venv"):
            progress.note("numpy is [built] from source")

    assert "  numpy is [built] from source\n" in said(act, is_live=is_live)


@pytest.mark.parametrize("text", ["[red]a[/red]", "[/]", "a\\", "a\\\\", "[link=x]", HOSTILE, "", "x" * 5000])
def test_hostile_text_is_shown_as_text_and_never_as_markup(text):
    def act(console):
        with console.progress(1) as progress, progress.step(text) as on_line:
            on_line(text)

    shown = said(act, is_live=True, is_verbose=True)
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(shown)
    assert text.replace("\x1b", "?")[:9] in shown or text == HOSTILE


# ---- how wide -------------------------------------------------------------------------------------------------------

REPORT = """\
devstrap 0.1.0
  repository  project (/home/someone/with/a/very/long/path/to/the/project)
  because     the repository names none, so devstrap's default 3.12
  error       .venv runs Python 3.11.7, but .python-version:1 pins 3.12 (.venv) [D102]
              make it again: python bootstrap.py
  left alone  .vscode/settings.json: it is "a" there, which stays; devstrap would say "b"
  next        python bootstrap.py run pytest
error: pyproject.toml:3: editors in [tool.devstrap] names 'emacs', but devstrap knows no such editor
  fix: run it by hand to see more: uv pip install --python /w/.venv --editable . --group dev
  fix: run python bootstrap.py, which replaces it, or move it away somewhere else"""


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_lines_are_broken_at_spaces_only_and_nothing_is_lost(width):
    shown = folded(REPORT, width)
    assert shown.split() == REPORT.split()
    for line in shown.split("\n"):
        over = line.strip()
        # What runs over is one word or one command, on a line of its own behind the label at most.
        assert len(line) <= width or " " not in over or "bootstrap.py" in over or over.startswith("uv pip")


def test_in_a_terminal_of_forty_columns_what_follows_hangs_a_little():
    assert folded(REPORT, 40).split("\n")[1:] == [
        "  repository  project",
        "    (/home/someone/with/a/very/long/path/to/the/project)",
        "  because     the repository names none,",
        "    so devstrap's default 3.12",
        "  error       .venv runs Python 3.11.7,",
        "    but .python-version:1 pins 3.12",
        "    (.venv) [D102]",
        "    make it again: python bootstrap.py",
        "  left alone  .vscode/settings.json: it",
        '    is "a" there, which stays; devstrap',
        '    would say "b"',
        "  next",
        "    python bootstrap.py run pytest",
        "error: pyproject.toml:3: editors in",
        "       [tool.devstrap] names 'emacs',",
        "       but devstrap knows no such editor",
        "  fix: run it by hand to see more:",
        "    uv pip install --python /w/.venv --editable . --group dev",
        "  fix: run python bootstrap.py, which",
        "       replaces it, or move it away",
        "       somewhere else",
    ]


def test_where_there_is_room_what_follows_hangs_below_what_the_label_says():
    assert folded(REPORT, 60).split("\n")[3:7] == [
        "  because     the repository names none, so devstrap's",
        "              default 3.12",
        "  error       .venv runs Python 3.11.7, but",
        "              .python-version:1 pins 3.12 (.venv) [D102]",
    ]


@pytest.mark.parametrize(
    "command",
    [
        *("python bootstrap.py run YOUR COMMAND", "python bootstrap.py --yes --offline", "python3 bootstrap.py undo"),
        *("devstrap modernize --minimum 3.11", "devstrap --root /a check --fix", "python bootstrap.py check --fix"),
    ],
)
def test_a_command_stays_one_line(command):
    last = folded(f"  fix: do this, since it is far better than that: {command}", 40).split("\n")[-1]
    assert last.strip() == command


def test_a_setting_stays_one_line_and_comes_further_left_where_it_fits_only_there():
    setting = '"updateContentCommand": "python3 bootstrap.py --yes"'
    assert folded(f"              add this line to it: {setting}", 60).split("\n")[1:] == [f"    {setting}"]
    assert (
        folded("  fix: python bootstrap.py run YOUR COMMAND", 40) == "  fix:\n    python bootstrap.py run YOUR COMMAND"
    )


def test_what_fits_or_leads_to_no_terminal_stays_as_it_is():
    assert folded(REPORT, 0) == REPORT
    assert folded(REPORT, 500) == REPORT
    assert folded("  two  spaces   stay \n\n", 40) == "  two  spaces   stay \n\n"


def test_letters_of_two_columns_and_marks_of_none_are_counted_as_such():
    assert folded("日本語 日本語 日本語", 14) == "日本語 日本語\n日本語"
    assert folded("e\u0301e\u0301e\u0301 e\u0301e\u0301e\u0301", 7) == "e\u0301e\u0301e\u0301 e\u0301e\u0301e\u0301"


def test_a_stream_that_is_no_terminal_has_no_width():
    assert columns(io.StringIO()) == columns(Terminal()) == 0
    assert said(lambda console: console.say(REPORT)) == REPORT + "\n"


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals of POSIX")
def test_a_terminal_gets_lines_that_fit_but_whole_lines_of_a_diff():
    diff = "+" + "a b " * 20

    def act(console):
        assert console.width == 40
        console.say("one two three four five six seven eight nine")
        console.insist(Verbatim(diff))

    shown = _on_a_terminal(act, width=40, is_live=False)
    assert shown.split("\r\n") == ["one two three four five six seven eight", "nine", diff, ""]


DIFF = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n same [red]\n-old " + "word " * 20 + "\n+new"


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals of POSIX")
def test_a_diff_is_coloured_on_a_terminal_and_its_lines_stay_whole(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    shown = _on_a_terminal(lambda console: console.say(Diff(DIFF)), width=40)
    assert "\x1b[32m+new\x1b[0m" in shown
    assert "\x1b[36m@@ -1 +1 @@\x1b[0m" in shown
    assert re.sub(r"\x1b\[[0-9;]*m", "", shown).replace("\r\n", "\n") == DIFF + "\n"


def test_a_diff_has_no_colours_where_no_terminal_can_show_them():
    assert said(lambda console: console.say(Diff(DIFF))) == DIFF + "\n"


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals of POSIX")
@pytest.mark.parametrize("width", [40, 120])
def test_finished_steps_are_broken_at_spaces_too(monkeypatch, width):
    monkeypatch.setenv("TERM", "xterm-256color")

    def act(console):
        with console.progress(1) as progress, progress.step("install the project and all its dependencies") as on_line:
            on_line("Resolved " + "many packages " * 10)

    shown = _on_a_terminal(act, width=width, is_verbose=True)
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown).replace("\r", "\n")
    lines = [line.rstrip() for line in plain.split("\n") if line.strip()]
    assert not any(line.endswith(("packa", "depend", "m", "man")) for line in lines)
    if width == 40:
        start = lines.index("  ✓ install the project and all its")
        assert lines[start + 1].startswith("    dependencies 0.0 s")
    else:
        assert "  ✓ install the project and all its dependencies 0.0 s" in lines


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals of POSIX")
@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_how_far_it_is_and_the_time_are_shown_however_much_there_is_to_say(monkeypatch, width):
    monkeypatch.setenv("TERM", "xterm-256color")

    monkeypatch.setenv("COLUMNS", str(width))  # by which rich goes before the terminal that the tests run in

    def act(console):
        with (
            console.progress(12) as progress,
            progress.step("install the project and its many dependencies") as on_line,
        ):
            on_line("Downloading something with a long name " * 9)

    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", _on_a_terminal(act, width=width, is_verbose=True))
    rows = [row.rstrip() for row in re.split(r"[\r\n]+", shown) if "/12" in row]
    assert all(len(row) <= width and re.search(r" [01]/12 0:00:\d\d", row) for row in rows)
    assert re.search(r" 1/12 0:00:\d\d install the", rows[-1])


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("日本語", 5, "日本…"), ("abc", 1, ""), ("abc", 0, ""), ("abc", -5, "")],
)
def test_what_is_cut_shows_it(text, width, shown):
    assert console_module._cut(text, width) == shown


def _on_a_terminal(act, width=120, **options):
    ours, theirs = os.openpty()
    import fcntl
    import struct
    import termios

    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
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
        act(Console(stream, **{"is_live": True, **options}))
    reader.join()
    os.close(ours)
    return b"".join(seen).decode()
