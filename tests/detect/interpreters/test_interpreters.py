import os
import subprocess

import pytest
from machines import LINUX, MAC, WINDOWS, Starts

from bootstrap.detect import interpreters
from bootstrap.detect.host import detect_host
from bootstrap.detect.interpreters import find_interpreters


def test_a_machine_without_python_has_none(machine):
    assert machine.find() == ()


def test_everything_is_told_without_starting_anything(machine):
    executable = machine.python("opt/py", "3.12.1")
    machine.path("opt/py/bin")
    (found,) = machine.find()
    assert found.executable == executable
    assert found.prefix == machine.root / "opt/py"
    assert (found.version, found.implementation, found.architecture) == ("3.12.1", "cpython", "x86_64")
    assert (found.source, found.is_free_threaded) == ("path", False)
    assert machine.starts.started == []


def test_an_executable_that_the_caller_knows_is_considered(machine):
    executable = machine.python("srv/py", "3.12.1")
    assert machine.find() == ()
    assert [each.executable for each in machine.find(known=[executable.with_name("python")])] == [executable]


@pytest.mark.parametrize("env", [{}, {"HOME": ""}, {"HOME": "relative", "CONDA_EXE": "conda", "PYENV_ROOT": "x"}])
def test_a_missing_or_relative_home_is_no_home(machine, env):
    machine.env = env
    machine.python("usr", "3.11.2")
    assert [each.version for each in machine.find()] == ["3.11.2"]


def test_everything_may_be_missing_on_every_system(tmp_path):
    for host in (LINUX, MAC, WINDOWS):
        root = tmp_path / host.system
        assert find_interpreters({}, host, cache_dir=None, system_root=root, read_key=lambda *_: None) == ()


ASK = """
import sys
implementation = getattr(sys, 'implementation', None)
version = sys.version_info
print('%d.%d.%d %s %d' % (version[0], version[1], version[2], version[3], version[4]))
print(implementation.name if implementation else 'cpython')
print('free-threading' in sys.version)
print(sys.prefix)
"""
LEVELS = {"final": "", "alpha": "a", "beta": "b", "candidate": "rc"}


def ask_again(executable):
    """Ask an interpreter in other words than devstrap does, and through another door."""
    lines = subprocess.run([executable, "-E", "-s", "-c", ASK], capture_output=True, text=True, check=True).stdout
    version, implementation, threaded, prefix = lines.splitlines()
    release, level, serial = version.split()
    number = release + (LEVELS[level] + serial if LEVELS[level] else "")
    return number, implementation, threaded == "True", os.path.realpath(prefix)


@pytest.mark.real
def test_every_interpreter_of_this_machine_says_of_itself_what_the_inventory_says(tmp_path):
    found = find_interpreters(os.environ, detect_host(os.environ), cache_dir=tmp_path)
    assert found
    for each in found:
        told = (each.version, each.implementation, each.is_free_threaded, os.path.realpath(each.prefix))
        assert told == ask_again(each.executable), each.executable


@pytest.mark.real
def test_every_interpreter_of_this_machine_answers_the_question(tmp_path, monkeypatch):
    host = detect_host(os.environ)
    read_off = find_interpreters(os.environ, host, cache_dir=None)
    monkeypatch.setattr(interpreters, "read_off", lambda real, label, *, is_windows: None)
    assert find_interpreters(os.environ, host, cache_dir=tmp_path) == read_off
    starts = Starts()
    assert find_interpreters(os.environ, host, cache_dir=tmp_path, runner=starts) == read_off
    assert starts.started == []
