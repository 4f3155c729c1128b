import os
import platform
from pathlib import Path

import pytest

from bootstrap.detect.host import Kernel, detect_host, executable_architectures, normalise_architecture

LINUX = Kernel("linux", "x86_64", "#1 SMP")
GNU_SHELL = b"\x7fELF\x02\x01\x01" + bytes(11) + b"\x3e\x00" + bytes(80) + b"/lib64/ld-linux-x86-64.so.2\0"
MUSL_SHELL = b"\x7fELF\x02\x01\x01" + bytes(11) + b"\xb7\x00" + bytes(80) + b"/lib/ld-musl-aarch64.so.1\0"
STATIC_SHELL = b"\x7fELF\x02\x01\x01" + bytes(11) + b"\x3e\x00" + bytes(80)


def make_machine(root: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return root


def pe_header(machine: int) -> bytes:
    return b"MZ" + bytes(58) + (64).to_bytes(4, "little") + b"PE\0\0" + machine.to_bytes(2, "little")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("AMD64", "x86_64"),
        ("x86_64", "x86_64"),
        ("arm64", "aarch64"),
        ("ARM64", "aarch64"),
        ("i686", "x86"),
        ("i386", "x86"),
        ("x86", "x86"),
        ("riscv64", "riscv64"),
    ],
)
def test_every_spelling_of_an_architecture_becomes_one(name, expected):
    assert normalise_architecture(name) == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (GNU_SHELL, ("x86_64",)),
        (MUSL_SHELL, ("aarch64",)),
        (b"\x7fELF\x01\x01\x01" + bytes(11) + b"\x03\x00", ("x86",)),
        (b"\x7fELF\x01\x01\x01" + bytes(11) + b"\x28\x00", ("armv7l",)),
        (b"\x7fELF\x02\x02\x01" + bytes(11) + b"\x00\x16", ("s390x",)),
        (b"\x7fELF\x02\x01\x01" + bytes(11) + b"\x15\x00", ("ppc64le",)),
        (b"\x7fELF\x02\x02\x01" + bytes(11) + b"\x00\x15", ("ppc64",)),
        (b"\x7fELF\x02\x01\x01" + bytes(11) + b"\xfe\xff", ("unknown",)),
        (b"\xcf\xfa\xed\xfe\x0c\x00\x00\x01", ("aarch64",)),
        (b"\xcf\xfa\xed\xfe\x07\x00\x00\x01", ("x86_64",)),
        (pe_header(0x8664), ("x86_64",)),
        (pe_header(0xAA64), ("aarch64",)),
        (pe_header(0x014C), ("x86",)),
    ],
)
def test_the_architecture_is_read_from_the_header_of_a_program(header, expected):
    assert executable_architectures(header) == expected


def test_a_universal_program_has_several_architectures():
    entries = b"".join(cpu + bytes(16) for cpu in (b"\x01\x00\x00\x07", b"\x01\x00\x00\x0c"))
    assert executable_architectures(b"\xca\xfe\xba\xbe\x00\x00\x00\x02" + entries) == ("x86_64", "aarch64")


@pytest.mark.parametrize(
    "header",
    [b"", b"\x7fELF", b"#!/bin/sh\n", b"MZ", b"MZ" + bytes(100), b"\xca\xfe\xba\xbe\x00\x00\x00\x41", b"text"],
)
def test_what_is_no_native_program_has_no_architecture(header):
    assert executable_architectures(header) == ()


@pytest.mark.parametrize(
    ("files", "libc"),
    [
        ({"bin/sh": GNU_SHELL}, "gnu"),
        ({"bin/sh": MUSL_SHELL}, "musl"),
        ({"bin/sh": STATIC_SHELL, "lib/ld-musl-x86_64.so.1": b""}, "musl"),
        ({"bin/sh": STATIC_SHELL, "lib64/ld-linux-x86-64.so.2": b""}, "gnu"),
        # A glibc system on which musl is installed besides.
        ({"lib/ld-musl-x86_64.so.1": b"", "lib64/ld-linux-x86-64.so.2": b""}, "gnu"),
        ({}, "gnu"),
    ],
)
def test_libc_is_the_one_that_the_shell_runs_on(tmp_path, files, libc):
    assert detect_host({}, root=make_machine(tmp_path, files), kernel=LINUX).libc == libc


def test_a_32_bit_system_on_a_64_bit_kernel_is_a_32_bit_system(tmp_path):
    shell = b"\x7fELF\x01\x01\x01" + bytes(11) + b"\x03\x00" + b"/lib/ld-linux.so.2\0"
    host = detect_host({}, root=make_machine(tmp_path, {"bin/sh": shell}), kernel=LINUX)
    assert (host.architecture, host.libc) == ("x86", "gnu")


def test_an_arm_kernel_knows_its_generation_better_than_a_header(tmp_path):
    root = make_machine(tmp_path, {"bin/sh": b"\x7fELF\x01\x01\x01" + bytes(11) + b"\x28\x00"})
    assert detect_host({}, root=root, kernel=Kernel("linux", "armv6l", "")).architecture == "armv6l"
    assert detect_host({}, root=root, kernel=Kernel("linux", "aarch64", "")).architecture == "armv7l"


def test_rosetta_does_not_hide_an_arm_mac(tmp_path):
    kernel = Kernel("darwin", "x86_64", "Darwin Kernel Version 23.1.0; root:xnu-10002/RELEASE_ARM64_T6000")
    host = detect_host({}, root=tmp_path, kernel=kernel)
    assert (host.system, host.architecture, host.libc) == ("darwin", "aarch64", "")


def test_an_intel_mac_is_x86_64(tmp_path):
    kernel = Kernel("darwin", "x86_64", "Darwin Kernel Version 22.6.0; root:xnu-8796/RELEASE_X86_64")
    assert detect_host({}, root=tmp_path, kernel=kernel).architecture == "x86_64"


@pytest.mark.parametrize(
    ("env", "architecture"),
    [
        ({"PROCESSOR_ARCHITECTURE": "AMD64"}, "x86_64"),
        ({"PROCESSOR_ARCHITECTURE": "x86", "PROCESSOR_ARCHITEW6432": "AMD64"}, "x86_64"),
        ({"PROCESSOR_ARCHITECTURE": "x86"}, "x86"),
        ({"PROCESSOR_ARCHITECTURE": "ARM64"}, "aarch64"),
        ({"PROCESSOR_ARCHITECTURE": "AMD64", "PROCESSOR_IDENTIFIER": "ARMv8 (64-bit) Family 8"}, "aarch64"),
        ({}, "x86_64"),
    ],
)
def test_windows_tells_its_architecture_by_variables(monkeypatch, tmp_path, env, architecture):
    monkeypatch.setattr("bootstrap.detect.host.sys.platform", "win32")
    host = detect_host(env, root=tmp_path)
    assert (host.system, host.architecture, host.libc) == ("windows", architecture, "")


def test_a_system_with_a_number_in_its_name_loses_it(tmp_path):
    assert detect_host({}, root=tmp_path, kernel=Kernel("freebsd14", "amd64", "")).system == "freebsd"


@pytest.mark.parametrize(
    ("files", "env", "expected"),
    [
        ({}, {}, False),
        ({".dockerenv": b""}, {}, True),
        ({"run/.containerenv": b""}, {}, True),
        ({}, {"REMOTE_CONTAINERS": "true"}, True),
        ({}, {"CODESPACES": "true"}, True),
        ({}, {"CODESPACES": "false"}, False),
        ({}, {"container": "podman"}, True),
        ({}, {"container": "wsl"}, False),
        ({}, {"KUBERNETES_SERVICE_HOST": "10.0.0.1"}, True),
    ],
)
def test_a_container_is_known_by_its_files_and_variables(tmp_path, files, env, expected):
    assert detect_host(env, root=make_machine(tmp_path, files), kernel=LINUX).is_container is expected


def test_wsl_is_known_by_its_kernel(tmp_path):
    root = make_machine(tmp_path, {"proc/version": b"Linux version 5.15.90.1-microsoft-standard-WSL2"})
    assert detect_host({}, root=root, kernel=LINUX).is_wsl


def test_a_container_on_wsl_is_not_wsl(tmp_path):
    files = {"proc/version": b"Linux version 5.15.90.1-Microsoft", ".dockerenv": b""}
    host = detect_host({}, root=make_machine(tmp_path, files), kernel=LINUX)
    assert (host.is_container, host.is_wsl) == (True, False)


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({"CI": "true"}, True),
        ({"CI": "1"}, True),
        ({"CI": "woodpecker"}, True),
        ({"CI": ""}, False),
        ({"CI": "false"}, False),
        ({"CI": "0"}, False),
        ({"TF_BUILD": "True"}, True),
        ({"JENKINS_URL": "https://ci.example.com/"}, True),
        ({}, False),
    ],
)
def test_continuous_integration_is_known_by_its_variables(tmp_path, env, expected):
    assert detect_host(env, root=tmp_path, kernel=LINUX).is_ci is expected


def test_unreadable_files_count_as_absent(tmp_path):
    for name in ("bin/sh", "proc/version", "lib"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "bin/sh").symlink_to("sh")
    (tmp_path / "proc/version").mkdir()
    (tmp_path / "lib").write_bytes(b"")
    host = detect_host({}, root=tmp_path, kernel=LINUX)
    assert (host.architecture, host.libc, host.is_wsl) == ("x86_64", "gnu", False)


def test_detection_reads_no_more_than_a_few_small_pieces(tmp_path, monkeypatch):
    root = make_machine(tmp_path, {"bin/sh": GNU_SHELL})
    read = []
    real_open = Path.open
    monkeypatch.setattr(Path, "open", lambda self, *args: read.append(self) or real_open(self, *args))
    detect_host({}, root=root, kernel=LINUX)
    assert read == [tmp_path / "bin/sh", tmp_path / "proc/version"]


@pytest.mark.real
def test_this_machine_is_described_as_python_describes_it():
    host = detect_host(os.environ)
    assert host.system == platform.system().lower()
    assert host.architecture == normalise_architecture(platform.machine())
    if host.system == "linux":
        assert host.libc == ("gnu" if platform.libc_ver()[0] == "glibc" else "musl")
