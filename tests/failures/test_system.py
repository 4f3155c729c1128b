"""What builds say when something of the system is missing, and the one command that installs it."""

import re
from pathlib import Path

import pytest

from bootstrap.failures.builds import package
from bootstrap.failures.causes import is_at
from bootstrap.failures.system import MANAGERS, NEEDS, command, manager, missing

DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n'
UBUNTU = "ID=ubuntu\nID_LIKE=debian\n"
ROCKY = 'ID="rocky"\nID_LIKE="rhel centos fedora"\n'
SUSE = 'ID="opensuse-leap"\nID_LIKE="suse opensuse"\n'


@pytest.mark.parametrize(
    ("said", "package"),
    [
        ("error: command 'gcc' failed: No such file or directory", "gcc"),
        ("error: command 'x86_64-linux-gnu-gcc' failed: No such file or directory", "gcc"),
        ("/bin/sh: 1: cc: not found", "gcc"),
        ("error: linker `cc` not found", "gcc"),
        ("unable to execute 'g++': No such file or directory: 'g++'", "g++"),
        ("gcc: fatal error: cannot execute 'cc1plus': execvp: No such file or directory", "g++"),
        ("src/x.c:1:10: fatal error: Python.h: No such file or directory", "python3-dev"),
        ("x.c:1:10: fatal error: 'Python.h' file not found", "python3-dev"),
        ("Error: pg_config executable not found.", "libpq-dev"),
        ("./psycopg/psycopg.h:36:10: fatal error: libpq-fe.h: No such file or directory", "libpq-dev"),
        ("/bin/sh: 1: mysql_config: not found", "default-libmysqlclient-dev"),
        ("Exception: Can not find valid pkg-config name.", "default-libmysqlclient-dev"),
        ("src/lxml/etree.c:1: fatal error: libxml/xmlversion.h: No such file or directory", "libxml2-dev"),
        ("Error: Please make sure the libxml2 and libxslt development packages are installed", None),
        ("c/_cffi_backend.c:15:10: fatal error: ffi.h: No such file or directory", "libffi-dev"),
        ("build/x.c:575:10: fatal error: openssl/opensslv.h: No such file or directory", "libssl-dev"),
        ("Package openssl was not found in the pkg-config search path.", "libssl-dev"),
        ("fatal error: ft2build.h: No such file or directory", "libfreetype-dev"),
        ("src/decode.c:1: fatal error: jpeglib.h: No such file or directory", "libjpeg-dev"),
        ("The headers or library files could not be found for jpeg,", "libjpeg-dev"),
        ("fatal error: zlib.h: No such file or directory", "zlib1g-dev"),
        ("The headers or library files could not be found for zlib,", "zlib1g-dev"),
        ("/usr/bin/ld: cannot find -lz: No such file or directory", "zlib1g-dev"),
        ("error: can't find Rust compiler", "cargo"),
        ("Cargo, the Rust package manager, is not installed or is not on PATH.", "cargo"),
        ("FileNotFoundError: [Errno 2] No such file or directory: 'cmake'", "cmake"),
        ("CMake must be installed to build this package", "cmake"),
        ("error: library dfftpack has Fortran sources but no Fortran compiler found", "gfortran"),
        ("ERROR: Unknown compiler(s): [['gfortran'], ['flang']]", "gfortran"),
        ('../meson.build:1:0: ERROR: Dependency "OpenBLAS" not found, tried pkgconfig', "libopenblas-dev"),
        ("sasl/saslwrapper.h:22:10: fatal error: sasl/sasl.h: No such file or directory", "libsasl2-dev"),
        ("Modules/common.h:15:10: fatal error: lber.h: No such file or directory", "libldap2-dev"),
        ("Package libavformat was not found in the pkg-config search path.", "libavformat-dev"),
        ("src/_portaudiomodule.c:29:10: fatal error: portaudio.h: No such file or directory", "portaudio19-dev"),
        ("FileNotFoundError: [Errno 2] No such file or directory: 'gdal-config'", "libgdal-dev"),
        ("fatal error: geos_c.h: No such file or directory", "libgeos-dev"),
        ("fatal error: hdf5.h: No such file or directory", "libhdf5-dev"),
        ("fatal error: git2.h: No such file or directory", "libgit2-dev"),
        ("src/pyodbc.h:56:10: fatal error: sql.h: No such file or directory", "unixodbc-dev"),
        ("fatal error: mysql.h: No such file or directory", "default-libmysqlclient-dev"),
        ("Package 'xmlsec1', required by 'virtual:world', not found", "libxmlsec1-dev"),
        ('../cairo/meson.build:31:12: ERROR: Dependency "cairo" not found, tried pkgconfig', "libcairo2-dev"),
        ("error: command 'swig' failed: No such file or directory", "swig"),
        ("Could not detect Ninja v1.8.2 or newer", "ninja-build"),
        ("RuntimeError: no libfoo.h", None),
        ("error: command '/usr/bin/gcc' failed with exit code 1", None),
        ("checking for gcc... gcc", None),
    ],
)
def test_a_build_says_what_of_the_system_it_misses(said, package):
    found = command(missing(f"building\n{said}\n"), MANAGERS["apt"], is_root=True)
    assert found == "" if package is None else package in found.split()


def test_one_header_is_not_taken_for_another_that_ends_alike():
    assert [need.title for need in missing("fatal error: mysql.h: No such file or directory")] == [
        "MySQL's client library"
    ]


@pytest.mark.parametrize(
    ("os_release", "platform", "told"),
    [
        (DEBIAN, "linux", "sudo apt-get install -y libpq-dev gcc libc6-dev"),
        (UBUNTU, "linux", "sudo apt-get install -y libpq-dev gcc libc6-dev"),
        (ROCKY, "linux", "sudo dnf install -y libpq-devel gcc"),
        ("ID=fedora\n", "linux", "sudo dnf install -y libpq-devel gcc"),
        ("ID=alpine\n", "linux", "sudo apk add postgresql-dev build-base"),
        ("ID=arch\n", "linux", "sudo pacman -S --needed postgresql-libs base-devel"),
        (SUSE, "linux", "sudo zypper install -y postgresql-devel gcc"),
        ("", "darwin", "brew install libpq gcc"),
    ],
)
def test_what_is_missing_is_one_command_of_the_system_s_package_manager(os_release, platform, told):
    needs = [need for title in ("PostgreSQL's client library", "a C compiler") for need in NEEDS if need.title == title]
    by = manager(os_release, platform)
    assert command(needs, by, is_root=False) == told
    assert command(needs, by, is_root=True) == told.removeprefix("sudo ")


@pytest.mark.parametrize("os_release", ["", "ID=plan9\n", "no sense at all"])
def test_a_system_that_nobody_knows_has_no_command(os_release):
    assert manager(os_release, "linux") is None


def test_every_sign_is_a_pattern_and_every_need_can_be_installed_on_debian():
    assert all(re.compile(sign) for need in NEEDS for sign in need.signs)
    assert [need.title for need in NEEDS if not need.apt] == []
    assert len({need.title for need in NEEDS}) == len(NEEDS)


@pytest.mark.parametrize("address", ["file:///my%20code/a+b", "file:///my%20code/a%2Bb", "file:///my code/a+b"])
def test_the_project_itself_is_known_by_its_folder_however_the_address_is_written(address):
    assert is_at(Path("/my code/a+b"), f"shop @ {address}")
    assert not is_at(Path("/my code/a"), f"shop @ {address}")
    assert not is_at(Path("/my code/a+b"), "shop==1.0")


def test_a_package_is_named_as_uv_names_it():
    assert package("Failed to build `pgthing==1.0` The build backend") == "pgthing==1.0"
    assert package("Failed to download and build `x @ git+https://h/x`") == "x @ git+https://h/x"
    assert package("Failed to fetch") == ""
