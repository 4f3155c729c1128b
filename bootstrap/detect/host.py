"""What kind of machine this is, read from its files and variables: no process is started."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.environ import is_ci, is_on
from bootstrap.machine import Host

if TYPE_CHECKING:
    from collections.abc import Mapping

# Wide enough for everything that is looked for: the interpreter of an ELF file, the header of a PE file.
HEADER_SIZE = 4096

_SPELLINGS = {
    "amd64": "x86_64",
    "x64": "x86_64",
    "arm64": "aarch64",
    "i386": "x86",
    "i486": "x86",
    "i586": "x86",
    "i686": "x86",
    "armv8l": "armv7l",
}

# e_machine and "is 64 bits wide" in /usr/include/elf.h; ppc64 is told from ppc64le by the byte order.
_ELF_MACHINES = {
    (3, False): "x86",
    (62, True): "x86_64",
    (40, False): "armv7l",
    (183, True): "aarch64",
    (21, True): "ppc64",
    (22, True): "s390x",
    (243, True): "riscv64",
    (258, True): "loongarch64",
}
# cputype in <mach/machine.h>, and Machine in "PE Format".
_MACHO_MACHINES = {7: "x86", 0x01000007: "x86_64", 0x0100000C: "aarch64", 18: "ppc", 0x01000012: "ppc64"}
_PE_MACHINES = {0x014C: "x86", 0x8664: "x86_64", 0xAA64: "aarch64"}

_CONTAINER_FILES = (".dockerenv", "run/.containerenv")
_CONTAINER_VARIABLES = ("REMOTE_CONTAINERS", "CODESPACES", "container", "KUBERNETES_SERVICE_HOST")


class Kernel(NamedTuple):
    """What the operating system calls itself, as `uname` and `sys.platform` have it."""

    platform: str
    machine: str
    version: str


def detect_host(env: Mapping[str, str], *, root: Path = Path("/"), kernel: Kernel | None = None) -> Host:
    """Describe the machine from `env`, the files below `root` and `kernel` (None: ask the operating system).

    Never raises: what cannot be read counts as not there.
    """
    kernel = kernel or _ask_kernel(env)
    system = "windows" if kernel.platform == "win32" else kernel.platform.rstrip("0123456789")
    shell = _read_head(root / "bin/sh") if system == "linux" else b""
    is_container = _is_container(env, root)
    return Host(
        system=system,
        architecture=_architecture(kernel, shell),
        libc=_libc(shell, root) if system == "linux" else "",
        is_container=is_container,
        # A container on a Windows machine shares WSL's kernel, but nothing else of WSL.
        is_wsl=system == "linux" and not is_container and b"microsoft" in _read_head(root / "proc/version").lower(),
        is_ci=is_ci(env),
    )


def normalise_architecture(name: str) -> str:
    """Return the one spelling that devstrap uses for `name`: `amd64` and `AMD64` are `x86_64`."""
    name = name.lower()
    return _SPELLINGS.get(name, name)


def executable_architectures(header: bytes) -> tuple[str, ...]:
    """Return for which architectures a program is made, given its first bytes; nothing when it is no native program.

    Knows ELF (System V ABI), Mach-O with its universal files, and PE (Microsoft's "PE Format"). A universal file has
    several.
    """
    if header.startswith(b"\x7fELF") and len(header) >= 20:
        return _elf_architecture(header)
    if header[:4] in (b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe"):
        return (_MACHO_MACHINES.get(int.from_bytes(header[4:8], "little"), "unknown"),)
    if header[:4] in (b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf"):
        return _universal_architectures(header)
    if header.startswith(b"MZ"):
        return _pe_architecture(header)
    return ()


def _elf_architecture(header: bytes) -> tuple[str, ...]:
    """Return the architecture in an ELF header."""
    is_wide = header[4] == 2
    is_big_endian = header[5] == 2
    machine = int.from_bytes(header[18:20], "big" if is_big_endian else "little")
    name = _ELF_MACHINES.get((machine, is_wide), "unknown")
    return ("ppc64le" if name == "ppc64" and not is_big_endian else name,)


def _universal_architectures(header: bytes) -> tuple[str, ...]:
    """Return the architectures in a universal Mach-O header."""
    count = int.from_bytes(header[4:8], "big")
    # Java classes begin with the same four bytes, and then have a number that no universal file reaches.
    if not 0 < count <= 16:
        return ()
    width = 32 if header[3] == 0xBF else 20
    types = (int.from_bytes(header[at : at + 4], "big") for at in range(8, 8 + count * width, width))
    return tuple(dict.fromkeys(_MACHO_MACHINES.get(type_, "unknown") for type_ in types))


def _pe_architecture(header: bytes) -> tuple[str, ...]:
    """Return the architecture in a PE header."""
    start = int.from_bytes(header[0x3C:0x40], "little")
    if header[start : start + 4] != b"PE\0\0":
        return ()
    return (_PE_MACHINES.get(int.from_bytes(header[start + 4 : start + 6], "little"), "unknown"),)


def _ask_kernel(env: Mapping[str, str]) -> Kernel:
    """Ask the operating system. The `platform` module would do, but it takes longer to import than all of this."""
    if sys.platform == "win32":
        return _windows_kernel(env)
    names = os.uname()
    return Kernel(sys.platform, names.machine, names.version)


def _windows_kernel(env: Mapping[str, str]) -> Kernel:
    """Read the variables that Windows sets for every process.

    A 32-bit process finds the truth in PROCESSOR_ARCHITEW6432; an emulated one on ARM only in PROCESSOR_IDENTIFIER.
    """
    if "ARM" in env.get("PROCESSOR_IDENTIFIER", "").upper():
        return Kernel("win32", "arm64", "")
    machine = env.get("PROCESSOR_ARCHITEW6432") or env.get("PROCESSOR_ARCHITECTURE") or "AMD64"
    return Kernel("win32", machine, "")


def _architecture(kernel: Kernel, shell: bytes) -> str:
    """Return the architecture of the programs that run here, which may differ from the kernel's."""
    if kernel.platform == "darwin" and "ARM64" in kernel.version.upper():
        # Under Rosetta `machine` says x86_64; the version still names the kernel that was built.
        return "aarch64"
    kernels = normalise_architecture(kernel.machine)
    programs = executable_architectures(shell)
    if not programs or programs[0] == "unknown" or (programs[0] == "armv7l" and kernels.startswith("armv")):
        return kernels
    # A 32-bit container on a 64-bit kernel: what counts is what runs in it.
    return programs[0]


def _libc(shell: bytes, root: Path) -> str:
    """Return whose dynamic loader the shell asks for; a static shell leaves the loaders that are installed."""
    if b"/ld-musl-" in shell:
        return "musl"
    if b"/ld-linux" in shell or b"/ld64.so" in shell or b"/ld.so" in shell:
        return "gnu"
    names = [name for folder in ("lib", "lib64") for name in _names_in(root / folder)]
    if any(name.startswith(("ld-linux", "ld64.so")) for name in names):
        return "gnu"
    return "musl" if any(name.startswith("ld-musl-") for name in names) else "gnu"


def _is_container(env: Mapping[str, str], root: Path) -> bool:
    """Say whether this is a container: by the files that engines leave, or by the variables that they set."""
    if any(os.path.exists(root / name) for name in _CONTAINER_FILES):
        return True
    # systemd says container=wsl in a WSL distribution, which is a machine of its own for all that matters here.
    return any(is_on(env.get(name, "")) and env[name] != "wsl" for name in _CONTAINER_VARIABLES)


def _names_in(folder: Path) -> list[str]:
    """Return what is in `folder`, or nothing when it cannot be read."""
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _read_head(path: Path) -> bytes:
    """Return the first bytes of a file, or nothing when it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(HEADER_SIZE)
    except OSError:
        return b""
