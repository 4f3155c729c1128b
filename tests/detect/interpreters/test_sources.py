import os
from pathlib import Path

import pytest
from machines import MACHO_ARM, UNIVERSAL, WSL, Starts, answer


def test_relative_directories_on_path_are_not_searched(machine, monkeypatch):
    machine.python("work", "3.12.1")
    monkeypatch.chdir(machine.root / "work")
    machine.env["PATH"] = os.pathsep.join(["bin", ".", "", "./bin"])
    assert machine.find() == ()


def test_windows_directories_are_left_out_in_wsl(machine, monkeypatch):
    machine.host = WSL
    listed = []
    listdir = os.listdir
    monkeypatch.setattr(os, "listdir", lambda path: listed.append(path) or listdir(path))
    machine.env["PATH"] = "/mnt/c/Windows/System32:/mnt/d"
    assert machine.find() == ()
    assert not [path for path in listed if path.startswith("/mnt")]


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


def test_a_python_from_the_store_is_one(windows):
    package = "home/me/AppData/Local/Microsoft/WindowsApps/PythonSoftwareFoundation.Python.3.12_qbz5n2kfra8p0"
    windows.program(f"{package}/python.exe", b"")
    windows.starts = Starts(python_exe=answer("3.12.7|final|0", prefix="/Program Files/WindowsApps/Python"))
    (found,) = windows.find()
    assert (found.version, found.source, found.architecture) == ("3.12.7", "store", "x86_64")
    assert found.executable == windows.root / package / "python.exe"
    assert found.prefix == Path("/Program Files/WindowsApps/Python")
