import os

import pytest
from machines import ASDF_SHIM, ELF, PE, PYENV_SHIM, UNIVERSAL, Starts, answer


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


@pytest.mark.parametrize("has_tools", [True, False])
def test_apples_own_python3_is_never_started(mac, has_tools):
    mac.program("usr/bin/python3", UNIVERSAL)
    if has_tools:
        tools = "Library/Developer/CommandLineTools/Library/Frameworks/Python3.framework/Versions/3.9"
        mac.python(tools, "3.9.6", header=UNIVERSAL)
    mac.path("usr/bin")
    assert [each.version for each in mac.find()] == (["3.9.6"] if has_tools else [])
    assert mac.starts.started == []


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


def test_programs_for_windows_are_passed_over_elsewhere(machine):
    machine.program("usr/bin/python3.exe", PE)
    machine.program("usr/bin/python3.12", b"MZqFpD='\n#'" + bytes(100))
    assert machine.find() == ()


def test_programs_for_linux_are_passed_over_on_windows(windows):
    windows.program("bin/python3", ELF)
    windows.path("bin")
    assert windows.find() == ()


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


def test_who_installed_it_counts_more_than_the_link_on_path(machine):
    executable = machine.python("home/me/.local/share/uv/python/cpython-3.12.1-linux-x86_64-gnu", "3.12.1")
    machine.python("usr", "3.11.2")
    machine.link("home/me/.local/bin/python3.12", executable)
    machine.path("home/me/.local/bin", "usr/bin")
    assert [(each.version, each.source, each.executable) for each in machine.find()] == [
        ("3.12.1", "uv", executable),
        ("3.11.2", "system", machine.root / "usr/bin/python3.11"),
    ]


def test_a_link_to_a_program_with_another_name_is_started_by_the_link(machine):
    machine.program("opt/tool/bin/interpreter")
    link = machine.link("usr/local/bin/python3", machine.root / "opt/tool/bin/interpreter")
    machine.starts = Starts(python3=answer(executable=link))
    assert machine.summary() == [("3.12.1", "path", "usr/local/bin/python3")]


def test_a_program_that_may_be_started_but_not_read_is_believed(machine, monkeypatch):
    executable = machine.python("opt/py", "3.12.1")
    machine.path("opt/py/bin")
    real_open = os.open

    def refuse(path, flags):
        if path == str(executable):
            raise PermissionError
        return real_open(path, flags)

    monkeypatch.setattr(os, "open", refuse)
    assert [(each.version, each.architecture) for each in machine.find()] == [("3.12.1", "x86_64")]


def test_names_on_windows_are_compared_without_case_and_may_be_quoted_on_path(windows):
    windows.windows_python("Py", "3.12.1", names=("Python.EXE",))
    windows.env["PATH"] = f'"{windows.root / "Py"}"'
    assert windows.summary() == [("3.12.1", "path", "Py/Python.EXE")]


def test_an_installation_in_a_place_with_a_hostile_name_is_found(machine):
    prefix = os.path.join(machine.root, os.fsdecode(b"opt/a\nb\xff c"))
    executable = machine.python(prefix, "3.12.1")
    machine.path(f"{prefix}/bin")
    assert [each.executable for each in machine.find()] == [executable]
