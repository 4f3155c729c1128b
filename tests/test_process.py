"""Real, small processes: what they say, how they end, and that nothing of them stays behind."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from bootstrap import process
from bootstrap.process import NOT_STARTED, TIMED_OUT, Command, run, run_together

ENV = {"PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8"}
SLEEP = "import time; time.sleep(600)"
# Says that it is there, and ignores being asked to end.
STUBBORN = "import signal, sys, time; signal.signal(15, signal.SIG_IGN); print('up', file=sys.stderr, flush=True); "
STUBBORN += "time.sleep(600)"
# Ends at once, and leaves behind a child that keeps its pipes.
FORKING = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(8)']); "

posix_only = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


@pytest.fixture
def python(tmp_path):
    return lambda code, **options: run((sys.executable, "-c", code), cwd=tmp_path, env=ENV, **options)


@pytest.fixture
def started(monkeypatch):
    """Record every process that is started, and end those that a failing test would leave."""
    processes = []
    start = subprocess.Popen

    def record(*arguments, **options):
        processes.append(start(*arguments, **options))
        return processes[-1]

    monkeypatch.setattr(process.subprocess, "Popen", record)
    yield processes
    for one in processes:
        if one.poll() is None:
            one.kill()
            one.wait()


def test_output_error_and_code_come_back(python):
    done = python("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)")
    assert (done.stdout, done.stderr, done.returncode, done.ok) == ("out\n", "err\n", 3, False)


def test_success_is_said(python):
    assert python("pass").ok


def test_the_environment_is_exactly_the_given_one(tmp_path, monkeypatch):
    monkeypatch.setenv("INHERITED", "1")
    done = run((sys.executable, "-c", "import os; print('INHERITED' in os.environ)"), cwd=tmp_path, env=ENV)
    assert done.stdout == "False\n"


def test_it_runs_in_the_given_folder(python, tmp_path):
    assert python("import os; print(os.getcwd())").stdout.strip() == str(tmp_path.resolve())


def test_nothing_can_be_read_from_the_terminal(python):
    assert python("import sys; print(repr(sys.stdin.read()))").stdout == "''\n"


def test_bytes_that_are_no_utf_8_are_replaced(python):
    done = python(r"import os; os.write(1, b'a\xff'); os.write(2, b'b\xfe')", on_line=lambda _line: None)
    assert (done.stdout, done.stderr) == ("a\ufffd", "b\ufffd")


@pytest.mark.parametrize("argv", [("/nowhere/uv",), ("no-such-command",), ("a\0b",), ("\ud800",)])
def test_what_cannot_be_started_is_an_answer_not_an_exception(tmp_path, argv):
    done = run(argv, cwd=tmp_path, env=ENV)
    assert (done.returncode, done.argv) == (NOT_STARTED, argv)
    assert done.stderr


def test_a_missing_folder_is_an_answer_too(tmp_path):
    assert run((sys.executable, "-c", ""), cwd=tmp_path / "gone", env=ENV).returncode == NOT_STARTED


def test_lines_of_stderr_are_handed_over_as_they_come_and_kept(python):
    seen = []
    done = python("import sys; print('out'); sys.stderr.write('a\\r\\nb\\n\\nc')", on_line=seen.append)
    assert seen == ["a", "b", "", "c"]
    assert (done.stdout, done.stderr) == ("out\n", "a\nb\n\nc")


def test_more_output_than_a_pipe_holds_does_not_block(python):
    seen = []
    done = python(
        "import sys; print('o' * 300_000); print('e' * 300_000, file=sys.stderr); print('o')", on_line=seen.append
    )
    assert (len(done.stdout), len(seen[0])) == (300_003, 300_000)


@pytest.mark.parametrize("on_line", [None, lambda _line: None])
def test_a_command_that_takes_too_long_is_ended(python, started, on_line):
    done = python("import sys; print('begun', flush=True);" + SLEEP, timeout=0.5, on_line=on_line)
    assert done.returncode == TIMED_OUT
    assert done.stderr.endswith("ended after 0.5 s")
    assert started[0].poll() is not None


@posix_only
def test_what_was_said_before_the_time_was_up_is_kept_though_a_grandchild_holds_the_pipes(python, started):
    code = "import sys; print('begun', flush=True);" + FORKING + "print('two', file=sys.stderr, flush=True); " + SLEEP
    done = python(code, timeout=1.5)
    assert (done.returncode, done.stdout) == (TIMED_OUT, "begun\n")
    assert done.stderr.startswith("two\n")


def _press_ctrl_c_when(condition):
    def wait():
        while not condition():
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=wait, daemon=True).start()


@posix_only
@pytest.mark.parametrize("code", [SLEEP, STUBBORN])
@pytest.mark.parametrize("on_line", [None, lambda _line: None])
def test_ctrl_c_ends_the_child_before_it_goes_on(python, started, code, on_line):
    _press_ctrl_c_when(lambda: started)
    with pytest.raises(KeyboardInterrupt):
        python(code, on_line=on_line)
    assert started[0].poll() is not None


@posix_only
def test_a_listener_that_fails_ends_the_child(python, started):
    def fail(line):
        raise BrokenPipeError(line)

    with pytest.raises(BrokenPipeError):
        python(STUBBORN, on_line=fail)
    assert started[0].returncode == -signal.SIGKILL


# ---- side by side ---------------------------------------------------------------------------------------------------


def command(code, cwd):
    return Command((sys.executable, "-c", code), cwd, ENV)


def test_answers_come_in_the_order_of_the_commands(tmp_path):
    codes = ("import time; time.sleep(0.3); print(1)", "print(2); raise SystemExit(5)")
    done = run_together([command(code, tmp_path) for code in codes])
    assert [(one.stdout, one.returncode) for one in done] == [("1\n", 0), ("2\n", 5)]


def test_they_do_run_side_by_side(tmp_path):
    meet = "import os, time\nopen({mine!r}, 'w').close()\nwhile not os.path.exists({other!r}): time.sleep(0.01)"
    first, second = str(tmp_path / "first"), str(tmp_path / "second")
    done = run_together(
        [
            command(meet.format(mine=first, other=second), tmp_path),
            command(meet.format(mine=second, other=first), tmp_path),
        ]
    )
    assert all(one.ok for one in done)


def test_one_that_cannot_be_started_does_not_keep_the_others_from_running(tmp_path):
    missing = Command(("/nowhere/uv",), tmp_path, ENV)
    assert [one.returncode for one in run_together([missing, command("", tmp_path), missing])] == [127, 0, 127]


def test_no_commands_are_no_answers():
    assert run_together([]) == []


@posix_only
def test_ctrl_c_ends_all_that_run_side_by_side(tmp_path, started):
    _press_ctrl_c_when(lambda: len(started) == 2)
    with pytest.raises(KeyboardInterrupt):
        run_together([command(SLEEP, tmp_path), command(SLEEP, tmp_path)])
    assert [one.poll() for one in started] == [-signal.SIGTERM] * 2


# ---- becoming another command ---------------------------------------------------------------------------------------


def test_becoming_a_command_gives_its_exit_code_and_its_variables(tmp_path):
    other = "import os, sys; print(os.environ['A']); sys.exit(7)"
    code = (
        "import sys; from bootstrap.process import become; print('before', flush=True); "
        f"sys.exit(become([sys.executable, '-c', {other!r}], env={{'A': 'b'}}))"
    )
    root = os.path.dirname(os.path.dirname(process.__file__))
    done = run((sys.executable, "-c", code), cwd=tmp_path, env={**ENV, "PYTHONPATH": root})
    assert (done.returncode, done.stdout) == (7, "before\nb\n")


def test_becoming_what_is_not_there_is_an_os_error():
    with pytest.raises(OSError, match="nowhere"):
        process.become(["/nowhere/command"], env={})
