"""Fabricated machines: installations that look right and cannot be started, and a runner that answers for them."""

import os
import threading
from pathlib import Path

from bootstrap.detect.interpreters import find_interpreters
from bootstrap.detect.interpreters.registry import Key
from bootstrap.machine import Host
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
