"""An interpreter that was ended by a signal: by which, and in which file."""

import signal

import pytest

from bootstrap.proof.crash import is_crash, told

DUMP = """\
Fatal Python error: Segmentation fault

Current thread 0x00007f (most recent call first):
  File "{inner}", line 525 in string_at
  File "/shop/lib.py", line 4 in boom
  File "/shop/tests/test_a.py", line 3 in <module>
  File "<frozen importlib._bootstrap>", line 488 in _call_with_frames_removed
  File "/shop/.venv/lib/python3.12/site-packages/_pytest/python.py", line 100 in _importtestmodule
"""
PACKAGE = "/shop/.venv/lib/python3.12/site-packages/fast/core.py"


@pytest.mark.parametrize(
    ("inner", "where"),
    [
        (PACKAGE, "crashed (SIGSEGV) in fast/core.py:525, which lib.py:4 came to"),
        (
            "/usr/lib/python3.12/ctypes/__init__.py",
            "crashed (SIGSEGV) in ctypes/__init__.py:525, which lib.py:4 came to",
        ),
        ("/shop/own.py", "crashed (SIGSEGV) in own.py:525"),
        ("/elsewhere/a.py", "crashed (SIGSEGV) in /elsewhere/a.py:525, which lib.py:4 came to"),
    ],
)
def test_the_file_in_which_it_crashed_is_told_and_who_came_to_it(inner, where, tmp_path):
    text = DUMP.format(inner=inner).replace("/shop", str(tmp_path))
    found = told(signal.SIGSEGV, text, tmp_path)
    assert found.replace(str(tmp_path), "/shop") == f"the interpreter {where}"
    assert is_crash(found)


def test_where_nothing_was_dumped_it_is_said_how_to_find_out(tmp_path):
    assert told(6, "", tmp_path).endswith(
        "crashed (SIGABRT) while it collected the tests: python -X faulthandler tells where"
    )
    only_pytest = 'Fatal Python error: x\n  File "/p/site-packages/_pytest/main.py", line 3 in run\n'
    assert "faulthandler" in told(6, only_pytest, tmp_path)
    assert "(signal 99)" in told(99, "", tmp_path)


def test_one_that_was_killed_did_not_crash(tmp_path):
    assert "was killed (SIGKILL)" in told(9, "", tmp_path)
    assert "for want of memory" in told(9, DUMP, tmp_path)
    assert not is_crash("RuntimeError: no")
