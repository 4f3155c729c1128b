import threading
from pathlib import Path

import pytest
from machines import Starts, answer

from bootstrap.process import Completed


def test_one_that_does_not_tell_its_version_is_started(machine):
    machine.python("usr", "3.11.2", headers=False)
    prefix = "/a\nb/\udcff"
    machine.starts = Starts(python3_11=answer("3.11.2|candidate|1", threaded=1, prefix=prefix))
    (found,) = machine.find()
    assert (found.version, found.is_free_threaded, found.prefix) == ("3.11.2rc1", True, Path(prefix))
    assert machine.starts.started == [str(machine.root / "usr/bin/python3.11")]


def test_what_steers_a_python_is_kept_from_those_that_are_started(machine):
    machine.env |= {"PYTHONHOME": "/x", "PYTHONPATH": "/y", "__PYVENV_LAUNCHER__": "/z", "LANG": "C.UTF-8"}
    machine.python("usr", "3.11.2", headers=False)
    machine.find()
    (env,) = machine.starts.environments
    assert env == {name: machine.env[name] for name in ("HOME", "USERPROFILE", "PATH", "LANG")}


@pytest.mark.parametrize(
    "said",
    ["", "Python 3.11.2\n", "devstrap|3.11.2|final|0|cpython|0|7|7|\n", "devstrap|3.11|final|0|cpython|0|2f||\n"],
)
def test_one_that_does_not_answer_as_asked_is_left_out(machine, said):
    machine.python("usr", "3.11.2", headers=False)
    machine.starts = Starts(python3_11=said)
    assert machine.find() == ()


def test_a_broken_one_does_not_hide_the_others(machine):
    machine.python("opt/broken", "3.10.1", headers=False)
    machine.python("usr", "3.11.2", headers=False)
    machine.path("opt/broken/bin")
    machine.starts = Starts(python3_11=answer("3.11.2|final|0"))
    assert [each.version for each in machine.find()] == ["3.11.2"]


def test_several_are_started_at_a_time(machine):
    for number in range(6):
        machine.python(f"home/me/.pyenv/versions/v{number}", f"3.1{number}.0", headers=False)
    meeting = threading.Barrier(6, timeout=30)

    def starts(argv, **options):
        meeting.wait()
        return Completed(tuple(argv), 0, answer(Path(argv[0]).name.removeprefix("python") + ".0|final|0"), "")

    assert len(machine.find(runner=starts)) == 6
