import os
import sys

import pytest
from machines import ELF, Starts, answer


def test_hostile_files_and_directories_never_raise(machine):
    machine.file("usr/bin/python3.12", ELF)
    (machine.root / "usr/bin/python3.12").chmod(0o644)
    machine.link("usr/bin/python3.11", "gone")
    machine.link("usr/bin/python3.10", "python3.10")
    machine.link("usr/bin/python3", "python3.9")
    machine.link("usr/bin/python3.9", "python3")
    (machine.root / "usr/bin/python3.8").mkdir()
    os.mkfifo(machine.root / "usr/bin/python3.7")
    machine.program("usr/bin/python3.6\n")
    machine.program("usr/bin/python3.5\nx")
    (machine.root / os.fsdecode(b"usr/bin/python\xff3")).touch(0o755)
    machine.program("usr/bin/python3.4", b"\x7fELF")
    machine.link("home/me/.pyenv", ".pyenv")
    machine.file("home/me/.asdf/installs/python/3.12.1/bin")
    machine.path("missing", "usr/bin/python3.7", "usr/bin")
    assert machine.find() == ()
    assert machine.starts.started == []


def test_pipes_in_place_of_files_are_not_waited_for(machine):
    machine.python("opt/py", "3.12.1", headers=False)
    (machine.root / "opt/py/include/python3.12").mkdir(parents=True)
    os.mkfifo(machine.root / "opt/py/include/python3.12/patchlevel.h")
    os.mkfifo(machine.root / "opt/pyvenv.cfg")
    machine.starts = Starts(python3_12=answer())
    machine.path("opt/py/bin")
    assert [each.version for each in machine.find()] == ["3.12.1"]


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root reads everything")
def test_unreadable_directories_never_raise(machine):
    machine.python("opt/py", "3.12.1")
    machine.path("opt/py/bin")
    (machine.root / "opt/py").chmod(0)
    try:
        assert machine.find() == ()
    finally:
        (machine.root / "opt/py").chmod(0o755)
