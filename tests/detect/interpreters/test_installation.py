import pytest
from machines import Starts, answer, patchlevel


@pytest.mark.parametrize(
    ("written", "version"),
    [("3.14.0a2", "3.14.0a2"), ("3.14.0b1+", "3.14.0b1"), ("3.13.0rc3", "3.13.0rc3"), ("3.12.1+", "3.12.1")],
)
def test_prereleases_and_builds_between_releases_keep_a_valid_version(machine, written, version):
    machine.python("opt/py", written.rstrip("+"))
    header = next((machine.root / "opt/py/include").glob("*/patchlevel.h"))
    header.write_text(patchlevel(written))
    machine.path("opt/py/bin")
    assert [each.version for each in machine.find()] == [version]


@pytest.mark.parametrize("library", ["lib", "lib64"])
def test_the_library_may_be_in_lib64(machine, library):
    machine.python("usr", "3.12.8", library=library)
    assert machine.summary() == [("3.12.8", "system", "usr/bin/python3.12")]


def test_a_free_threaded_build_is_told_by_its_name(machine):
    machine.python("opt/py", "3.13.0", flags="t")
    machine.path("opt/py/bin")
    (found,) = machine.find()
    assert (found.executable.name, found.is_free_threaded) == ("python3.13t", True)


def test_a_free_threaded_build_with_a_plain_name_is_told_by_its_library(machine):
    machine.program("opt/py/bin/python3.13")
    machine.file("opt/py/lib/python3.13t/os.py")
    machine.file("opt/py/include/python3.13t/patchlevel.h", patchlevel("3.13.1"))
    machine.path("opt/py/bin")
    (found,) = machine.find()
    assert (found.version, found.is_free_threaded) == ("3.13.1", True)


def test_a_build_with_and_one_without_the_lock_share_a_prefix(machine):
    machine.python("usr/local", "3.13.1")
    machine.program("usr/local/bin/python3.13t")
    machine.file("usr/local/lib/python3.13t/os.py")
    machine.file("usr/local/include/python3.13t/patchlevel.h", patchlevel("3.13.1"))
    assert [(each.executable.name, each.is_free_threaded) for each in machine.find()] == [
        ("python3.13", False),
        ("python3.13t", True),
    ]


def test_headers_of_old_builds_are_found_by_their_flags(machine):
    machine.python("opt/py", "3.7.16", headers=False)
    machine.file("opt/py/include/python3.7m/patchlevel.h", patchlevel("3.7.16"))
    machine.path("opt/py/bin")
    assert machine.summary() == [("3.7.16", "path", "opt/py/bin/python3.7")]


def test_python_2_is_found(machine):
    machine.python("opt/py", "2.7.18")
    machine.path("opt/py/bin")
    assert machine.summary() == [("2.7.18", "path", "opt/py/bin/python2.7")]


def test_pypy_says_what_it_implements(machine):
    machine.pypy("opt/pypy", "3.10.14")
    machine.path("opt/pypy/bin")
    (found,) = machine.find()
    assert (found.version, found.implementation) == ("3.10.14", "pypy")


def test_an_old_pypy_has_its_library_elsewhere(machine):
    machine.program("opt/pypy/bin/pypy3")
    machine.file("opt/pypy/lib-python/3/os.py")
    machine.file("opt/pypy/include/patchlevel.h", patchlevel("3.6.12", pypy=True))
    machine.path("opt/pypy/bin")
    assert machine.summary() == [("3.6.12", "path", "opt/pypy/bin/pypy3")]


def test_a_program_named_without_a_version_is_told_by_the_only_library(machine):
    machine.program("opt/py/bin/python3")
    machine.file("opt/py/lib/python3.12/os.py")
    machine.file("opt/py/include/python3.12/patchlevel.h", patchlevel("3.12.4"))
    machine.path("opt/py/bin")
    assert machine.summary() == [("3.12.4", "path", "opt/py/bin/python3")]


def test_the_headers_of_another_series_are_not_believed(machine):
    machine.program("usr/bin/python3.12")
    machine.file("usr/lib/python3.12/os.py")
    machine.file("usr/include/patchlevel.h", patchlevel("3.11.2"))
    machine.starts = Starts(python3_12=answer("3.12.9|final|0"))
    assert [each.version for each in machine.find()] == ["3.12.9"]


def test_the_name_of_a_graalpy_is_not_taken_for_its_python_version(machine):
    machine.program("home/me/.pyenv/versions/graalpy-24.0.0/bin/graalpy")
    machine.starts = Starts(graalpy=answer("3.10.13|final|0", implementation="graalpy"))
    assert [(each.version, each.implementation) for each in machine.find()] == [("3.10.13", "graalpy")]


def test_a_version_managers_exact_name_helps_where_headers_are_missing(machine):
    machine.python("home/me/.pyenv/versions/3.12.1", "3.12.1", headers=False)
    machine.python("home/me/.asdf/installs/python/3.13.0t", "3.13.0", headers=False, flags="t")
    assert [(each.version, each.is_free_threaded) for each in machine.find()] == [("3.13.0", True), ("3.12.1", False)]
    assert machine.starts.started == []


def test_an_installation_without_its_library_must_prove_itself(machine):
    machine.program("home/me/.pyenv/versions/3.12.1/bin/python3.12")
    machine.file("home/me/.pyenv/versions/3.12.1/include/python3.12/patchlevel.h", patchlevel("3.12.1"))
    assert machine.find() == ()
    assert len(machine.starts.started) == 1


@pytest.mark.parametrize(
    ("version", "build", "implementation", "threaded"),
    [
        ("3.13.0", "h9a34b6e_5_cp313t", "cpython", True),
        ("3.13.0", "hab00c5b_5_cp313", "cpython", False),
        ("3.13.0rc2", "hab00c5b_0_cpython", "cpython", False),
        ("3.9.18", "0_73_pypy", "pypy", False),
    ],
)
def test_condas_record_tells_the_build(machine, version, build, implementation, threaded):
    machine.conda("opt/conda", version, build)
    assert [(each.version, each.implementation, each.is_free_threaded) for each in machine.find()] == [
        (version, implementation, threaded)
    ]


def test_a_free_threaded_python_beside_the_usual_one_on_windows(windows):
    windows.windows_python("Python313", "3.13.0", names=("python.exe", "python3.13t.exe"))
    windows.file("Python313/python313.dll")
    windows.file("Python313/python313t.dll")
    windows.path("Python313")
    assert [(each.executable.name, each.is_free_threaded) for each in windows.find()] == [
        ("python.exe", False),
        ("python3.13t.exe", True),
    ]


def test_a_free_threaded_python_alone_on_windows(windows):
    prefix = "home/me/AppData/Local/Python/pythoncore-3.14t-64"
    windows.windows_python(prefix, "3.14.0")
    windows.file(f"{prefix}/python314t.dll")
    (found,) = windows.find()
    assert (found.source, found.is_free_threaded) == ("pymanager", True)
