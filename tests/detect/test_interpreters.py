import json
import os
import subprocess
import sys
import threading
import types
from pathlib import Path

import pytest

from bootstrap.detect import interpreters
from bootstrap.detect.host import detect_host
from bootstrap.detect.interpreters import CACHE_NAME, Key, find_interpreters, read_registry_key
from bootstrap.model import Host
from bootstrap.process import Completed

LINUX = Host("linux", "x86_64", "gnu", is_container=False, is_wsl=False, is_ci=False)
WSL = Host("linux", "x86_64", "gnu", is_container=False, is_wsl=True, is_ci=False)
MAC = Host("darwin", "aarch64", "", is_container=False, is_wsl=False, is_ci=False)
WINDOWS = Host("windows", "x86_64", "", is_container=False, is_wsl=False, is_ci=False)

ELF = b"\x7fELF\x02\x01\x01" + bytes(11) + b"\x3e\x00" + bytes(64)
ELF_ARM = b"\x7fELF\x02\x01\x01" + bytes(11) + b"\xb7\x00" + bytes(64)
MACHO_ARM = b"\xcf\xfa\xed\xfe\x0c\x00\x00\x01" + bytes(64)
MACHO_INTEL = b"\xcf\xfa\xed\xfe\x07\x00\x00\x01" + bytes(64)
UNIVERSAL = b"\xca\xfe\xba\xbe\x00\x00\x00\x02" + b"\x01\x00\x00\x07" + bytes(16) + b"\x01\x00\x00\x0c" + bytes(80)
PE = b"MZ" + bytes(58) + (64).to_bytes(4, "little") + b"PE\0\0" + b"\x64\x86" + bytes(64)
PE_32 = b"MZ" + bytes(58) + (64).to_bytes(4, "little") + b"PE\0\0" + b"\x4c\x01" + bytes(64)

PYENV_SHIM = """#!/usr/bin/env bash
set -e
program="${{0##*/}}"
export PYENV_ROOT="{root}"
exec "{root}/libexec/pyenv" exec "$program" "$@"
"""
ASDF_SHIM = '#!/usr/bin/env bash\n# asdf-plugin: python 3.12.1\nexec asdf exec "python3" "$@"\n'


def patchlevel(version, *, pypy=False):
    text = f'#define PY_RELEASE_SERIAL 0\n/* Version as a string */\n#define PY_VERSION \t"{version}"\n'
    text += "#define PY_VERSION_HEX 0x030c01f0\n"
    return text + ('#define PYPY_VERSION "7.3.15"\n' if pypy else "")


class Starts:
    """Answers for the interpreters that a test allows to be started, and records all that were."""

    def __init__(self, **answers):
        self.answers = answers
        self.started = []
        self.environments = []
        self.threads = set()

    def __call__(self, argv, *, cwd, env, timeout=None, on_line=None):
        self.started.append(argv[0])
        self.environments.append(dict(env))
        self.threads.add(threading.get_ident())
        answer = self.answers.get(Path(argv[0]).name.replace(".", "_"))
        if answer is None:
            return Completed(tuple(argv), 127, "", "not found")
        return Completed(tuple(argv), 0, answer, "")


def answer(version="3.12.1|final|0", *, implementation="cpython", threaded=0, prefix="/opt/x", executable=""):
    return f"noise\ndevstrap|{version}|{implementation}|{threaded}|{hexed(prefix)}|{hexed(executable)}|\n"


def hexed(path):
    return os.fsencode(path).hex()


class Machine:
    """A fabricated machine below a temporary directory: installations that look right and cannot be started."""

    def __init__(self, root, host=LINUX):
        self.root = root / "machine"
        self.home = self.root / "home/me"
        self.host = host
        self.home.mkdir(parents=True)
        self.env = {"HOME": str(self.home), "USERPROFILE": str(self.home), "PATH": ""}
        self.starts = Starts()
        self.registry = {}
        self.cache_dir = None

    def file(self, path, content=""):
        path = self.root / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def program(self, path, content=ELF):
        path = self.file(path, content)
        path.chmod(0o755)
        return path

    def link(self, path, target):
        path = self.root / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(target)
        return path

    def python(self, prefix, version, *, flags="", header=ELF, headers=True, library="lib"):
        """Install CPython as `make install` does: python3.12, with python3 and python leading to it."""
        series = ".".join(version.split(".")[:2])
        threads = "t" if flags.startswith("t") else ""
        name = f"python{series}{flags}"
        executable = self.program(f"{prefix}/bin/{name}", header)
        self.program(f"{prefix}/bin/{name}-config", "#!/bin/sh\n")
        for alias in {f"python{series}", f"python{series[0]}", "python"} - {name}:
            self.link(f"{prefix}/bin/{alias}", name)
        self.file(f"{prefix}/{library}/python{series}{threads}/os.py")
        if headers:
            self.file(f"{prefix}/include/{name}/patchlevel.h", patchlevel(version))
        return executable

    def pypy(self, prefix, version):
        name = "pypy" + ".".join(version.split(".")[:2])
        executable = self.program(f"{prefix}/bin/{name}")
        for alias in ("pypy3", "pypy", "python3", "python"):
            self.link(f"{prefix}/bin/{alias}", name)
        self.file(f"{prefix}/lib/{name}/os.py")
        self.file(f"{prefix}/include/{name}/patchlevel.h", patchlevel(version, pypy=True))
        return executable

    def conda(self, prefix, version, build="hab00c5b_1_cpython", *, headers=False):
        executable = self.python(prefix, version, headers=headers)
        self.file(f"{prefix}/conda-meta/python-{version}-{build}.json", "{}")
        self.file(f"{prefix}/conda-meta/python-dateutil-2.8.2-pyhd8ed1ab_0.json", "{}")
        self.file(f"{prefix}/conda-meta/history")
        return executable

    def windows_python(self, prefix, version, *, header=PE, names=("python.exe",)):
        for name in names:
            self.program(f"{prefix}/{name}", header)
        self.program(f"{prefix}/pythonw.exe", header)
        self.file(f"{prefix}/Lib/os.py")
        self.file(f"{prefix}/include/patchlevel.h", patchlevel(version))
        return self.root / prefix / names[0]

    def path(self, *directories):
        self.env["PATH"] = os.pathsep.join(str(self.root / directory) for directory in directories)

    def register(self, hive, company, tag, install, *, view=64, **tag_values):
        """Register an interpreter as PEP 514 says; `install` are the values of InstallPath."""
        base = rf"Software\Python\{company}\{tag}"
        parts = base.split("\\")
        for depth in range(2, len(parts)):
            parent = self.registry.setdefault((hive, "\\".join(parts[:depth]), view), ({}, []))
            if parts[depth] not in parent[1]:
                parent[1].append(parts[depth])
        self.registry[(hive, base, view)] = (tag_values, ["InstallPath"])
        if install is not None:
            self.registry[(hive, base + r"\InstallPath", view)] = (install, [])

    def read_key(self, hive, path, view):
        found = self.registry.get((hive, path, view))
        return Key(found[0], tuple(found[1])) if found else None

    def find(self, **changes):
        options = {
            "cache_dir": self.cache_dir,
            "runner": self.starts,
            "system_root": self.root,
            "read_key": self.read_key,
        }
        return find_interpreters(self.env, self.host, **{**options, **changes})

    def summary(self, **changes):
        """Return (version, source, executable below the machine) of what is found."""
        found = self.find(**changes)
        return [(each.version, each.source, each.executable.relative_to(self.root).as_posix()) for each in found]


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path.resolve())


@pytest.fixture
def mac(tmp_path):
    return Machine(tmp_path.resolve(), MAC)


@pytest.fixture
def windows(tmp_path):
    machine = Machine(tmp_path.resolve(), WINDOWS)
    machine.env["APPDATA"] = str(machine.home / "AppData/Roaming")
    machine.env["LOCALAPPDATA"] = str(machine.home / "AppData/Local")
    return machine


# ---- what an installation says --------------------------------------------------------------------------------------


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


# ---- PATH, shims and environments -----------------------------------------------------------------------------------


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
    monkeypatch.setattr(interpreters.os, "listdir", lambda path: listdir(path)[::-1])
    assert len(before) == 3
    assert machine.find() == before


@pytest.mark.parametrize("variable", ["PYENV_ROOT", None])
def test_pyenvs_shims_are_resolved_and_never_started(machine, variable):
    root = machine.home / ".pyenv" if variable is None else machine.root / "opt/pyenv"
    for version in ("3.11.7", "3.12.1", "3.13.0"):
        machine.python(root / "versions" / version, version)
    for name in ("python", "python3", "python3.12", "python3.13"):
        machine.program(root / "shims" / name, PYENV_SHIM.format(root=root))
    if variable:
        machine.env[variable] = str(root)
    machine.path(root / "shims")
    assert [(version, source) for version, source, _ in machine.summary()] == [
        ("3.13.0", "pyenv"),
        ("3.12.1", "pyenv"),
        ("3.11.7", "pyenv"),
    ]
    assert machine.starts.started == []


def test_a_shims_directory_on_path_gives_its_root_away(machine):
    machine.python("srv/pyenv/versions/3.12.1", "3.12.1")
    machine.program("srv/pyenv/shims/python3", PYENV_SHIM.format(root="/elsewhere"))
    machine.python("srv/asdf/installs/python/3.11.4", "3.11.4")
    machine.program("srv/asdf/shims/python3", ASDF_SHIM)
    machine.python("srv/mise/installs/python/3.10.5", "3.10.5")
    machine.link("srv/mise/shims/python3", machine.program("usr/bin/mise"))
    machine.path("srv/pyenv/shims", "srv/asdf/shims/", "srv/mise/shims")
    assert [(version, source) for version, source, _ in machine.summary()] == [
        ("3.12.1", "pyenv"),
        ("3.11.4", "asdf"),
        ("3.10.5", "mise"),
    ]


def test_a_pyenv_shim_that_was_copied_elsewhere_gives_its_root_away(machine):
    machine.python("srv/tools/versions/3.12.1", "3.12.1")
    machine.program("usr/local/bin/python3.12", PYENV_SHIM.format(root=machine.root / "srv/tools"))
    assert machine.summary() == [("3.12.1", "pyenv", "srv/tools/versions/3.12.1/bin/python3.12")]
    assert machine.starts.started == []


@pytest.mark.parametrize("script", [ASDF_SHIM, "#!/bin/sh\nexec /opt/py/bin/python3 $@\n", "#!", "", "exec python3\n"])
def test_scripts_and_empty_files_are_no_pythons(machine, script):
    machine.program("usr/bin/python3.12", script)
    assert machine.find() == ()
    assert machine.starts.started == []


@pytest.mark.parametrize("program", ["mise", "asdf", "pyenv", "uv", "snap"])
def test_a_link_to_a_version_managers_program_is_a_shim(machine, program):
    machine.program(f"usr/bin/{program}")
    machine.link("home/me/bin/python3.12", machine.root / f"usr/bin/{program}")
    machine.path("home/me/bin")
    assert machine.find() == ()
    assert machine.starts.started == []


def test_a_virtual_environment_is_not_listed_but_its_base_is(machine):
    base = machine.python("srv/py", "3.12.1")
    machine.file("work/.venv/pyvenv.cfg", f"home = {base.parent}\nversion_info = 3.12.0\n")
    machine.link("work/.venv/bin/python", base)
    machine.path("work/.venv/bin")
    assert machine.summary() == [("3.12.1", "path", "srv/py/bin/python3.12")]


def test_an_environment_of_copies_is_not_listed_however_it_is_reached(machine):
    machine.python("work/.venv", "3.12.1")
    machine.file("work/.venv/pyvenv.cfg", "include-system-site-packages = false\n")
    machine.link("usr/local/bin/python3.12", machine.root / "work/.venv/bin/python3.12")
    machine.path("work/.venv/bin")
    assert machine.find() == ()


def test_environments_that_are_based_on_each_other_end_the_search(machine):
    for name, home in (("a", "b"), ("b", "a")):
        machine.python(f"work/{name}", "3.12.1")
        machine.file(f"work/{name}/pyvenv.cfg", f"home = {machine.root}/work/{home}/bin\n")
    machine.path("work/a/bin")
    assert machine.find() == ()


def test_an_environment_of_an_old_virtualenv_is_not_listed(machine):
    machine.python("work/old", "3.6.15")
    machine.file("work/old/bin/activate_this.py")
    machine.path("work/old/bin")
    assert machine.find() == ()


def test_relative_directories_on_path_are_not_searched(machine, monkeypatch):
    machine.python("work", "3.12.1")
    monkeypatch.chdir(machine.root / "work")
    machine.env["PATH"] = os.pathsep.join(["bin", ".", "", "./bin"])
    assert machine.find() == ()


def test_windows_directories_are_left_out_in_wsl(machine, monkeypatch):
    machine.host = WSL
    listed = []
    listdir = os.listdir
    monkeypatch.setattr(interpreters.os, "listdir", lambda path: listed.append(path) or listdir(path))
    machine.env["PATH"] = "/mnt/c/Windows/System32:/mnt/d"
    assert machine.find() == ()
    assert not [path for path in listed if path.startswith("/mnt")]


def test_who_installed_it_counts_more_than_the_link_on_path(machine):
    executable = machine.python("home/me/.local/share/uv/python/cpython-3.12.1-linux-x86_64-gnu", "3.12.1")
    machine.python("usr", "3.11.2")
    machine.link("home/me/.local/bin/python3.12", executable)
    machine.path("home/me/.local/bin", "usr/bin")
    assert [(each.version, each.source, each.executable) for each in machine.find()] == [
        ("3.12.1", "uv", executable),
        ("3.11.2", "system", machine.root / "usr/bin/python3.11"),
    ]


def test_an_executable_that_the_caller_knows_is_considered(machine):
    executable = machine.python("srv/py", "3.12.1")
    assert machine.find() == ()
    assert [each.executable for each in machine.find(known=[executable.with_name("python")])] == [executable]


# ---- the sources ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variable", "folder"),
    [
        ("UV_PYTHON_INSTALL_DIR", "opt/uv-python"),
        ("XDG_DATA_HOME", "data/uv/python"),
        (None, "home/me/.local/share/uv/python"),
    ],
)
def test_uv_names_what_it_installs(machine, variable, folder):
    for name, version, flags in (
        ("cpython-3.12.1-linux-x86_64-gnu", "3.12.1", ""),
        ("cpython-3.13.0+freethreaded-linux-x86_64-gnu", "3.13.0", "t"),
        ("cpython-3.14.0a2-linux-x86_64-gnu", "3.14.0a2", ""),
    ):
        machine.python(f"{folder}/{name}", version, flags=flags, headers=False)
    machine.link(f"{folder}/cpython-3.12-linux-x86_64-gnu", "cpython-3.12.1-linux-x86_64-gnu")
    machine.link(f"{folder}/cpython-3.9-linux-x86_64-gnu", "cpython-3.9.1-linux-x86_64-gnu")
    machine.python(f"{folder}/.temp/cpython-3.12.2-linux-x86_64-gnu", "3.12.2")
    machine.file(f"{folder}/.lock")
    machine.file(f"{folder}/cpython-3.10.1-linux-x86_64-gnu/bin/README")
    if variable:
        top = folder if variable.startswith("UV") else "data"
        machine.env[variable] = str(machine.root / top)
    found = machine.find()
    assert [(each.version, each.source, each.is_free_threaded) for each in found] == [
        ("3.14.0a2", "uv", False),
        ("3.13.0", "uv", True),
        ("3.12.1", "uv", False),
    ]
    assert found[2].prefix == machine.root / folder / "cpython-3.12.1-linux-x86_64-gnu"
    assert machine.starts.started == []


def test_uvs_name_of_a_graalpy_and_of_an_old_layout_are_understood(machine):
    folder = "home/me/.local/share/uv/python"
    machine.program(f"{folder}/graalpy-3.11.7-linux-x86_64-gnu/bin/graalpy")
    machine.python(f"{folder}/cpython-3.12.1-linux-x86_64-gnu/install", "3.12.1")
    assert [(each.version, each.implementation) for each in machine.find()] == [
        ("3.12.1", "cpython"),
        ("3.11.7", "graalpy"),
    ]


@pytest.mark.parametrize("base", ["uv/data/python", "uv/python"])
def test_uv_on_windows(windows, base):
    prefix = f"home/me/AppData/Roaming/{base}/cpython-3.12.1-windows-x86_64-none"
    windows.windows_python(prefix, "3.12.1")
    assert windows.summary() == [("3.12.1", "uv", f"{prefix}/python.exe")]


def test_pyenv_has_all_kinds_of_names(machine):
    versions = "home/me/.pyenv/versions"
    machine.python(f"{versions}/3.12.1", "3.12.1")
    machine.python(f"{versions}/3.13.0t", "3.13.0", flags="t")
    machine.python(f"{versions}/3.14-dev", "3.14.0a5")
    machine.pypy(f"{versions}/pypy3.10-7.3.15", "3.10.14")
    machine.conda(f"{versions}/miniconda3-latest", "3.11.5")
    machine.conda(f"{versions}/miniconda3-latest/envs/lab", "3.9.18")
    machine.python(f"{versions}/3.12.1/envs/project", "3.12.1")
    machine.file(f"{versions}/3.12.1/envs/project/pyvenv.cfg", "version = 3.12.1\n")
    machine.link(f"{versions}/project", machine.root / versions / "3.12.1/envs/project")
    found = machine.find()
    assert [(each.version, each.source, each.implementation, each.is_free_threaded) for each in found] == [
        ("3.14.0a5", "pyenv", "cpython", False),
        ("3.13.0", "pyenv", "cpython", True),
        ("3.12.1", "pyenv", "cpython", False),
        ("3.11.5", "conda", "cpython", False),
        ("3.10.14", "pyenv", "pypy", False),
        ("3.9.18", "conda", "cpython", False),
    ]
    assert machine.starts.started == []


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


@pytest.mark.parametrize("variable", [None, "PYENV", "PYENV_ROOT"])
def test_pyenv_on_windows(windows, variable):
    prefix = "home/me/.pyenv/pyenv-win/versions/3.12.1"
    windows.windows_python(prefix, "3.12.1")
    if variable:
        windows.env[variable] = str(windows.home / ".pyenv" / ("pyenv-win" if variable == "PYENV" else ""))
    assert windows.summary() == [("3.12.1", "pyenv", f"{prefix}/python.exe")]


@pytest.mark.parametrize("variable", ["ASDF_DATA_DIR", None])
def test_asdf(machine, variable):
    root = "opt/asdf" if variable else "home/me/.asdf"
    machine.python(f"{root}/installs/python/3.12.1", "3.12.1")
    machine.program(f"{root}/installs/nodejs/20.0.0/bin/python3")
    if variable:
        machine.env[variable] = str(machine.root / root)
    assert machine.summary() == [("3.12.1", "asdf", f"{root}/installs/python/3.12.1/bin/python3.12")]


@pytest.mark.parametrize(
    ("variable", "value", "root"),
    [
        ("MISE_DATA_DIR", "opt/m", "opt/m"),
        ("XDG_DATA_HOME", "data", "data/mise"),
        ("HOME", "home/me", "home/me/.local/share/mise"),
    ],
)
def test_mises_links_lead_to_one_installation(machine, variable, value, root):
    machine.python(f"{root}/installs/python/3.12.1", "3.12.1", headers=False)
    for link in ("3", "3.12", "latest"):
        machine.link(f"{root}/installs/python/{link}", "3.12.1")
    machine.env[variable] = str(machine.root / value)
    assert machine.summary() == [("3.12.1", "mise", f"{root}/installs/python/3.12.1/bin/python3.12")]
    assert machine.starts.started == []


def test_mise_on_windows(windows):
    prefix = "home/me/AppData/Local/mise/installs/python/3.12.1"
    windows.windows_python(prefix, "3.12.1")
    assert windows.summary() == [("3.12.1", "mise", f"{prefix}/python.exe")]


def test_conda_is_found_by_its_files_and_variables(machine):
    machine.conda("opt/conda", "3.12.1", headers=True)
    machine.conda("opt/conda/envs/a", "3.11.4")
    machine.conda("home/me/miniforge3", "3.10.2")
    machine.conda("srv/tool", "3.9.3")
    machine.conda("srv/base", "3.8.4")
    machine.conda("srv/base/envs/b", "3.7.5")
    machine.conda("srv/listed", "3.6.6")
    machine.file("opt/conda/envs/empty/conda-meta/history")
    machine.file("home/me/.conda/environments.txt", f"{machine.root}/srv/listed\n{machine.root}/gone\nrelative\n\0\n")
    machine.env["CONDA_EXE"] = str(machine.root / "srv/tool/bin/conda")
    machine.env["CONDA_PREFIX"] = str(machine.root / "srv/base/envs/b")
    found = machine.find()
    assert [each.version for each in found] == ["3.12.1", "3.11.4", "3.10.2", "3.9.3", "3.8.4", "3.7.5", "3.6.6"]
    assert {each.source for each in found} == {"conda"}
    assert machine.starts.started == []


def test_a_conda_on_path_leads_to_its_environments(machine):
    machine.conda("srv/conda", "3.12.1")
    machine.conda("srv/conda/envs/a", "3.11.4")
    machine.path("srv/conda/bin")
    assert [(version, source) for version, source, _ in machine.summary()] == [("3.12.1", "conda"), ("3.11.4", "conda")]


def test_micromambas_environments_need_no_base(machine):
    machine.conda("home/me/micromamba/envs/a", "3.11.4")
    assert machine.summary() == [("3.11.4", "conda", "home/me/micromamba/envs/a/bin/python3.11")]


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


def test_conda_on_windows(windows):
    windows.windows_python("ProgramData/miniconda3", "3.12.1")
    windows.file("ProgramData/miniconda3/conda-meta/python-3.12.1-h2628c8c_0_cpython.json")
    windows.env["PROGRAMDATA"] = str(windows.root / "ProgramData")
    assert windows.summary() == [("3.12.1", "conda", "ProgramData/miniconda3/python.exe")]


def test_homebrew_is_reported_by_the_link_that_survives_an_upgrade(mac):
    keg = "opt/homebrew/Cellar/python@3.12/3.12.1_1"
    framework = f"{keg}/Frameworks/Python.framework/Versions/3.12"
    mac.python(framework, "3.12.1", header=MACHO_ARM)
    mac.link(f"{keg}/bin/python3.12", "../Frameworks/Python.framework/Versions/3.12/bin/python3.12")
    mac.link("opt/homebrew/opt/python@3.12", "../Cellar/python@3.12/3.12.1_1")
    mac.link("opt/homebrew/opt/python@3", "../Cellar/python@3.12/3.12.1_1")
    mac.link("opt/homebrew/opt/python3", "../Cellar/python@3.12/3.12.1_1")
    mac.link("opt/homebrew/bin/python3.12", "../Cellar/python@3.12/3.12.1_1/bin/python3.12")
    mac.path("opt/homebrew/bin")
    (found,) = mac.find()
    assert found.executable == mac.root / "opt/homebrew/opt/python@3.12/bin/python3.12"
    assert found.prefix == mac.root / framework
    assert (found.version, found.source) == ("3.12.1", "homebrew")


@pytest.mark.parametrize("prefix", ["srv/brew", "usr/local", "home/linuxbrew/.linuxbrew"])
def test_homebrew_elsewhere_and_what_it_keeps_besides(machine, prefix):
    machine.python(f"{prefix}/Cellar/python@3.12/3.12.1_1", "3.12.1")
    machine.python(f"{prefix}/Cellar/python@3.12/3.12.0", "3.12.0")
    machine.python(f"{prefix}/Cellar/pythonish/1.0", "3.10.0")
    machine.link(f"{prefix}/opt/python@3.12", "../Cellar/python@3.12/3.12.1_1")
    machine.env["HOMEBREW_PREFIX"] = str(machine.root / "srv/brew") + "/"
    assert machine.summary() == [
        ("3.12.1", "homebrew", f"{prefix}/opt/python@3.12/bin/python3.12"),
        ("3.12.0", "homebrew", f"{prefix}/Cellar/python@3.12/3.12.0/bin/python3.12"),
    ]


def test_frameworks_of_python_org_and_apple(mac):
    versions = "Library/Frameworks/Python.framework/Versions"
    mac.python(f"{versions}/3.12", "3.12.1", header=UNIVERSAL)
    mac.link(f"{versions}/Current", "3.12")
    mac.python("Library/Frameworks/PythonT.framework/Versions/3.13", "3.13.0", flags="t", header=UNIVERSAL)
    tools = "Library/Developer/CommandLineTools/Library/Frameworks/Python3.framework/Versions/3.9"
    mac.python(tools, "3.9.6", header=UNIVERSAL)
    found = mac.find()
    assert [(each.version, each.source, each.is_free_threaded) for each in found] == [
        ("3.13.0", "framework", True),
        ("3.12.1", "framework", False),
        ("3.9.6", "framework", False),
    ]


@pytest.mark.parametrize("has_tools", [True, False])
def test_apples_own_python3_is_never_started(mac, has_tools):
    mac.program("usr/bin/python3", UNIVERSAL)
    if has_tools:
        tools = "Library/Developer/CommandLineTools/Library/Frameworks/Python3.framework/Versions/3.9"
        mac.python(tools, "3.9.6", header=UNIVERSAL)
    mac.path("usr/bin")
    assert [each.version for each in mac.find()] == (["3.9.6"] if has_tools else [])
    assert mac.starts.started == []


def test_a_distributions_pythons_are_found_without_path(machine):
    machine.python("usr", "3.11.2")
    machine.python("usr/local", "3.12.4")
    machine.python("opt/special", "3.10.1")
    machine.link("etc/alternatives/python3", machine.root / "opt/special/bin/python3.10")
    assert machine.summary() == [
        ("3.12.4", "path", "usr/local/bin/python3.12"),
        ("3.11.2", "system", "usr/bin/python3.11"),
        ("3.10.1", "path", "opt/special/bin/python3.10"),
    ]


def test_the_tool_cache_of_a_runner(machine):
    machine.env["RUNNER_TOOL_CACHE"] = str(machine.root / "opt/hostedtoolcache")
    machine.python("opt/hostedtoolcache/Python/3.12.1/x64", "3.12.1", headers=False)
    machine.python("opt/hostedtoolcache/Python/3.13.0/x64-freethreaded", "3.13.0", flags="t")
    machine.file("opt/hostedtoolcache/Python/3.12.1/x64.complete")
    machine.pypy("opt/hostedtoolcache/PyPy/3.10.14/x64", "3.10.14")
    assert [(version, source) for version, source, _ in machine.summary()] == [
        ("3.13.0", "toolcache"),
        ("3.12.1", "toolcache"),
        ("3.10.14", "toolcache"),
    ]


# ---- Windows --------------------------------------------------------------------------------------------------------


def test_the_registry_is_read_as_pep_514_says(windows):
    executable = windows.windows_python("Python312", "3.12.1", names=("python.exe", "python3.exe"))
    windows.register("HKCU", "PythonCore", "3.12", {"": str(executable.parent), "ExecutablePath": str(executable)})
    windows.windows_python("Python311", "3.11.4", header=PE_32)
    windows.register("HKLM", "PythonCore", "3.11-32", {"": str(windows.root / "Python311") + "/"}, view=32)
    windows.windows_python("Contoso", "3.10.9")
    windows.register("HKLM", "Contoso", "snake", {"": f'"{windows.root / "Contoso"}"'}, SysVersion="3.10")
    windows.windows_python("launcher", "3.9.1")
    windows.register("HKLM", "PyLauncher", "3.9", {"": str(windows.root / "launcher")})
    windows.register("HKLM", "PythonCore", "3.8", {"": str(windows.root / "uninstalled")})
    windows.register("HKLM", "PythonCore", "3.7", None)
    windows.register("HKLM", "PythonCore", "3.6", {"": "relative"})
    found = windows.find()
    assert [(each.version, each.source, each.architecture) for each in found] == [
        ("3.12.1", "registry", "x86_64"),
        ("3.11.4", "registry", "x86"),
        ("3.10.9", "registry", "x86_64"),
    ]
    assert found[0].executable == executable
    assert windows.starts.started == []


def test_the_registered_version_helps_where_headers_are_missing(windows):
    windows.windows_python("Python312", "3.12.1")
    (windows.root / "Python312/include/patchlevel.h").unlink()
    windows.register("HKCU", "PythonCore", "3.12", {"": str(windows.root / "Python312")}, Version="3.12.1")
    assert [each.version for each in windows.find()] == ["3.12.1"]
    assert windows.starts.started == []


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


def test_the_install_managers_launchers_are_passed_over(windows):
    prefix = "home/me/AppData/Local/Python/pythoncore-3.14-64"
    windows.windows_python(prefix, "3.14.0")
    windows.program("home/me/AppData/Local/Python/bin/python.exe", PE)
    windows.file("home/me/AppData/Local/Python/bin/python.exe.__target__", str(windows.root / prefix / "python.exe"))
    windows.path("home/me/AppData/Local/Python/bin")
    assert windows.summary() == [("3.14.0", "pymanager", f"{prefix}/python.exe")]
    assert windows.starts.started == []


def test_scoops_launchers_lead_to_what_they_start(windows):
    executable = windows.windows_python("scoop/apps/python/3.12.1", "3.12.1")
    windows.program("scoop/shims/python3.exe", PE)
    windows.file("scoop/shims/python3.shim", f'path = "{executable}"\r\n')
    windows.program("scoop/shims/python.exe", PE)
    windows.file("scoop/shims/python.shim", "args = nothing\r\n")
    windows.path("scoop/shims")
    assert windows.summary() == [("3.12.1", "path", "scoop/apps/python/3.12.1/python.exe")]


def test_the_stores_stub_is_no_python(windows):
    apps = "home/me/AppData/Local/Microsoft/WindowsApps"
    windows.program(f"{apps}/python.exe", b"")
    windows.program(f"{apps}/python3.exe", b"")
    windows.path(apps)
    assert windows.find() == ()
    assert windows.starts.started == []


def test_a_python_from_the_store_is_one(windows):
    package = "home/me/AppData/Local/Microsoft/WindowsApps/PythonSoftwareFoundation.Python.3.12_qbz5n2kfra8p0"
    windows.program(f"{package}/python.exe", b"")
    windows.starts = Starts(python_exe=answer("3.12.7|final|0", prefix="/Program Files/WindowsApps/Python"))
    (found,) = windows.find()
    assert (found.version, found.source, found.architecture) == ("3.12.7", "store", "x86_64")
    assert found.executable == windows.root / package / "python.exe"
    assert found.prefix == Path("/Program Files/WindowsApps/Python")


def test_names_on_windows_are_compared_without_case_and_may_be_quoted_on_path(windows):
    windows.windows_python("Py", "3.12.1", names=("Python.EXE",))
    windows.env["PATH"] = f'"{windows.root / "Py"}"'
    assert windows.summary() == [("3.12.1", "path", "Py/Python.EXE")]


def test_programs_for_windows_are_passed_over_elsewhere(machine):
    machine.program("usr/bin/python3.exe", PE)
    machine.program("usr/bin/python3.12", b"MZqFpD='\n#'" + bytes(100))
    assert machine.find() == ()


def test_programs_for_linux_are_passed_over_on_windows(windows):
    windows.program("bin/python3", ELF)
    windows.path("bin")
    assert windows.find() == ()


def test_the_registry_of_windows_is_read_through_winreg(monkeypatch):
    values = [("", r"C:\Python312", 1), ("Number", 7, 4)]

    class Handle:
        def __enter__(self):
            return self

        def __exit__(self, *exception):
            return None

    def open_key(root, path, reserved, access):
        if path == "missing":
            raise FileNotFoundError
        assert (root, path, reserved, access) == ("machine", r"Software\Python", 0, 1 | 512)
        return Handle()

    fake = types.SimpleNamespace(
        HKEY_CURRENT_USER="user",
        HKEY_LOCAL_MACHINE="machine",
        KEY_READ=1,
        KEY_WOW64_64KEY=256,
        KEY_WOW64_32KEY=512,
        OpenKeyEx=open_key,
        QueryInfoKey=lambda key: (2, 2, 0),
        EnumValue=lambda key, index: values[index],
        EnumKey=lambda key, index: ("PythonCore", "Contoso")[index],
    )
    monkeypatch.setitem(sys.modules, "winreg", fake)
    assert read_registry_key("HKLM", r"Software\Python", 32) == Key({"": r"C:\Python312"}, ("PythonCore", "Contoso"))
    assert read_registry_key("HKCU", "missing", 64) is None


def test_there_is_no_registry_elsewhere(monkeypatch):
    monkeypatch.setitem(sys.modules, "winreg", None)
    assert read_registry_key("HKCU", r"Software\Python", 64) is None


# ---- starting those that do not tell --------------------------------------------------------------------------------


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


def test_a_link_to_a_program_with_another_name_is_started_by_the_link(machine):
    machine.program("opt/tool/bin/interpreter")
    link = machine.link("usr/local/bin/python3", machine.root / "opt/tool/bin/interpreter")
    machine.starts = Starts(python3=answer(executable=link))
    assert machine.summary() == [("3.12.1", "path", "usr/local/bin/python3")]


def test_several_are_started_at_a_time(machine):
    for number in range(6):
        machine.python(f"home/me/.pyenv/versions/v{number}", f"3.1{number}.0", headers=False)
    meeting = threading.Barrier(6, timeout=30)

    def starts(argv, **options):
        meeting.wait()
        return Completed(tuple(argv), 0, answer(Path(argv[0]).name.removeprefix("python") + ".0|final|0"), "")

    assert len(machine.find(runner=starts)) == 6


# ---- the cache ------------------------------------------------------------------------------------------------------


@pytest.fixture
def cached(machine):
    """A machine on which one Python was started, and its answer kept."""
    machine.cache_dir = machine.root / "cache/devstrap"
    machine.python("usr", "3.11.2", headers=False)
    machine.starts = Starts(python3_11=answer("3.11.2|final|0"))
    machine.find()
    machine.starts.started.clear()
    return machine


def test_an_answer_is_kept(cached):
    assert [each.version for each in cached.find()] == ["3.11.2"]
    assert cached.starts.started == []
    assert [path.name for path in cached.cache_dir.iterdir()] == [CACHE_NAME]


def test_nothing_is_written_when_nothing_changed(cached):
    cache = cached.cache_dir / CACHE_NAME
    before = cache.stat()
    cached.find()
    after = cache.stat()
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)


def test_nothing_is_written_when_nothing_had_to_be_started(machine):
    machine.cache_dir = machine.root / "cache"
    machine.python("usr", "3.11.2")
    assert len(machine.find()) == 1
    assert not machine.cache_dir.exists()


def test_an_upgrade_in_place_is_noticed(cached):
    executable = cached.root / "usr/bin/python3.11"
    status = executable.stat()
    upgraded = cached.program("usr/bin/python3.11.new")
    os.utime(upgraded, ns=(status.st_atime_ns, status.st_mtime_ns))
    upgraded.replace(executable)
    cached.starts.answers["python3_11"] = answer("3.11.9|final|0")
    assert executable.stat().st_mtime_ns == status.st_mtime_ns
    assert [each.version for each in cached.find()] == ["3.11.9"]
    assert [each.version for each in cached.find()] == ["3.11.9"]
    assert len(cached.starts.started) == 1


def test_the_answers_of_other_runs_are_kept_as_long_as_their_files(cached):
    cached.python("opt/a", "3.12.1", headers=False)
    cached.path("opt/a/bin")
    cached.starts.answers["python3_12"] = answer("3.12.1|final|0")
    assert len(cached.find()) == 2
    (cached.root / "usr/bin/python3.11").unlink()
    cached.program("opt/a/bin/python3.12", ELF + b"new")
    assert len(cached.find()) == 1
    kept = json.loads((cached.cache_dir / CACHE_NAME).read_text())["interpreters"]
    assert list(kept) == [str(cached.root / "opt/a/bin/python3.12")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"schema": 2, "interpreters": {}}',
        b'{"schema": 1}',
        b'{"schema": 1, "interpreters": []}',
        b'{"schema": 1, "interpreters": {"PATH": []}}',
        b'{"schema": 1, "interpreters": {"PATH": [1, 2, 3, 4, "cpython", false, "/"]}}',
        b'{"schema": 1, "interpreters": {"PATH": [1, 2, 3, "x", "cpython", false, "/"]}}',
        b'{"schema": 1, "interpreters": {"PATH": [1e999, 2, 3, "3.1.1", "cpython", false, "/"]}}',
        b'{"schema": 1, "interpreters": {"PATH": [1, 2, 3, "3.99.0", "cpython", false, "/"]}}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_or_outdated_cache_is_ignored_and_replaced(cached, content):
    cache = cached.cache_dir / CACHE_NAME
    cache.write_bytes(content.replace(b"PATH", str(cached.root / "usr/bin/python3.11").encode()))
    assert [each.version for each in cached.find()] == ["3.11.2"]
    assert len(cached.starts.started) == 1
    assert json.loads(cache.read_text())["schema"] == 1


@pytest.mark.parametrize("obstacle", ["a file in place of the directory", "a directory in place of the file"])
def test_a_cache_that_cannot_be_written_is_ignored(machine, obstacle):
    machine.cache_dir = machine.root / "cache"
    machine.file("cache" if "file in" in obstacle else f"cache/{CACHE_NAME}/x")
    machine.python("usr", "3.11.2", headers=False)
    machine.starts = Starts(python3_11=answer("3.11.2|final|0"))
    assert [each.version for each in machine.find()] == ["3.11.2"]
    assert not list(machine.root.glob("cache/.*"))


# ---- what must not raise --------------------------------------------------------------------------------------------


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


def test_an_installation_in_a_place_with_a_hostile_name_is_found(machine):
    prefix = os.path.join(machine.root, os.fsdecode(b"opt/a\nb\xff c"))
    executable = machine.python(prefix, "3.12.1")
    machine.path(f"{prefix}/bin")
    assert [each.executable for each in machine.find()] == [executable]


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


def test_a_program_that_may_be_started_but_not_read_is_believed(machine, monkeypatch):
    executable = machine.python("opt/py", "3.12.1")
    machine.path("opt/py/bin")
    real_open = os.open

    def refuse(path, flags):
        if path == str(executable):
            raise PermissionError
        return real_open(path, flags)

    monkeypatch.setattr(interpreters.os, "open", refuse)
    assert [(each.version, each.architecture) for each in machine.find()] == [("3.12.1", "x86_64")]


@pytest.mark.parametrize("env", [{}, {"HOME": ""}, {"HOME": "relative", "CONDA_EXE": "conda", "PYENV_ROOT": "x"}])
def test_a_missing_or_relative_home_is_no_home(machine, env):
    machine.env = env
    machine.python("usr", "3.11.2")
    assert [each.version for each in machine.find()] == ["3.11.2"]


def test_everything_may_be_missing_on_every_system(tmp_path):
    for host in (LINUX, MAC, WINDOWS):
        root = tmp_path / host.system
        assert find_interpreters({}, host, cache_dir=None, system_root=root, read_key=lambda *_: None) == ()


# ---- the real thing -------------------------------------------------------------------------------------------------

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
    monkeypatch.setattr(interpreters, "_read_off", lambda one, *, is_windows: None)
    assert find_interpreters(os.environ, host, cache_dir=tmp_path) == read_off
    starts = Starts()
    assert find_interpreters(os.environ, host, cache_dir=tmp_path, runner=starts) == read_off
    assert starts.started == []
