import os

import pytest
from machines import ELF_ARM, MACHO_ARM, MACHO_INTEL, UNIVERSAL, Starts, answer, patchlevel

from bootstrap.detect.interpreters.cache import CACHE_NAME


def test_those_on_path_come_first_and_the_others_newest_first(machine):
    for version in ("3.9.1", "3.13.0", "3.13.0rc1", "3.13.0b2", "3.10.2", "3.8.0"):
        machine.python(f"home/me/.pyenv/versions/{version}", version)
    machine.python("opt/b", "3.7.3")
    machine.python("opt/a", "3.8.1")
    machine.python("usr", "3.11.2")
    machine.python("usr/local", "3.12.2")
    machine.path("opt/b/bin", "home/me/.pyenv/versions/3.8.0/bin", "opt/a/bin", "opt/b/bin")
    assert [each.version for each in machine.find()] == [
        *("3.7.3", "3.8.0", "3.8.1"),
        *("3.13.0", "3.13.0rc1", "3.13.0b2", "3.12.2", "3.11.2", "3.10.2", "3.9.1"),
    ]


def test_a_directory_on_path_gives_its_newest_first(machine):
    machine.python("usr", "3.11.2")
    machine.program("usr/bin/python3.9")
    machine.file("usr/lib/python3.9/os.py")
    machine.file("usr/include/python3.9/patchlevel.h", patchlevel("3.9.20"))
    machine.link("bin", "usr/bin")
    machine.path("bin", "usr/bin")
    assert machine.summary() == [
        ("3.11.2", "system", "usr/bin/python3.11"),
        ("3.9.20", "system", "usr/bin/python3.9"),
    ]


def test_cpython_comes_before_others_of_the_same_version(machine):
    machine.pypy("home/me/.pyenv/versions/a", "3.10.14")
    machine.python("home/me/.pyenv/versions/b", "3.10.14")
    assert [each.implementation for each in machine.find()] == ["cpython", "pypy"]


def test_the_order_does_not_depend_on_the_file_system(machine, monkeypatch):
    for name in ("a", "b", "c"):
        machine.python(f"home/me/.pyenv/versions/{name}", "3.12.1")
    before = machine.find()
    listdir = os.listdir
    monkeypatch.setattr(os, "listdir", lambda path: listdir(path)[::-1])
    assert len(before) == 3
    assert machine.find() == before


def test_a_debug_build_stands_in_only_where_there_is_no_other(machine):
    machine.python("usr", "3.11.2")
    machine.program("usr/bin/python3.11d")
    machine.link("usr/bin/python3.11-dbg", "python3.11d")
    machine.python("opt/debug", "3.12.1", flags="d")
    machine.path("opt/debug/bin")
    assert machine.summary() == [
        ("3.12.1", "path", "opt/debug/bin/python3.12d"),
        ("3.11.2", "system", "usr/bin/python3.11"),
    ]


def test_names_of_old_builds_are_one_installation(machine):
    executable = machine.python("opt/py", "3.6.15")
    os.link(executable, executable.with_name("python3.6m"))
    machine.path("opt/py/bin")
    assert machine.summary() == [("3.6.15", "path", "opt/py/bin/python3.6")]


def test_an_installation_for_another_architecture_says_so(machine):
    machine.python("opt/arm", "3.12.1", header=ELF_ARM)
    machine.path("opt/arm/bin")
    assert [each.architecture for each in machine.find()] == ["aarch64"]


@pytest.mark.parametrize(
    ("header", "architecture"), [(UNIVERSAL, "aarch64"), (MACHO_INTEL, "x86_64"), (MACHO_ARM, "aarch64")]
)
def test_a_universal_program_counts_as_the_machines_own(mac, header, architecture):
    mac.python("opt/py", "3.12.1", header=header)
    mac.path("opt/py/bin")
    assert [each.architecture for each in mac.find()] == [architecture]


def test_a_compiled_wrapper_leads_to_the_python_that_it_starts(machine):
    target = machine.python("srv/py", "3.12.1")
    machine.program("opt/wrapper/bin/python3")
    machine.path("opt/wrapper/bin")
    machine.cache_dir = machine.root / "cache"
    machine.starts = Starts(python3=answer("3.12.1|final|0", prefix=machine.root / "srv/py", executable=target))
    (found,) = machine.find()
    assert (found.executable, found.prefix) == (target, machine.root / "srv/py")
    assert not (machine.cache_dir / CACHE_NAME).exists()


@pytest.mark.parametrize("executable", ["relative", "/nowhere/python3.12"])
def test_an_answer_that_leads_nowhere_is_not_followed(machine, executable):
    machine.program("opt/py/bin/python3")
    machine.path("opt/py/bin")
    machine.starts = Starts(python3=answer(executable=executable))
    assert machine.summary() == [("3.12.1", "path", "opt/py/bin/python3")]
