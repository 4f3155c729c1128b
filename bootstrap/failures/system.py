"""What a build misses of the system, by the words with which it fails, and what the package managers call that.

The names are those of Debian and Ubuntu (apt), Fedora (dnf), Alpine (apk), Arch (pacman), openSUSE (zypper) and
Homebrew (brew). An empty entry: it comes with the system, or nobody packages it.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class Need(NamedTuple):
    """Something of the system that builds want."""

    title: str
    """For the person: `PostgreSQL's client library`."""
    signs: tuple[str, ...]
    """Patterns of a build's output, of which one is enough."""
    apt: str = ""
    dnf: str = ""
    apk: str = ""
    pacman: str = ""
    zypper: str = ""
    brew: str = ""


class Manager(NamedTuple):
    """A package manager: its name here, and how one installs by it."""

    name: str
    command: str
    needs_root: bool = True


MANAGERS = {
    "apt": Manager("apt", "apt-get install -y"),
    "dnf": Manager("dnf", "dnf install -y"),
    "apk": Manager("apk", "apk add"),
    "pacman": Manager("pacman", "pacman -S --needed"),
    "zypper": Manager("zypper", "zypper install -y"),
    "brew": Manager("brew", "brew install", needs_root=False),
}
# ID and ID_LIKE of os-release(5).
_FAMILIES = {
    "apt": ("debian", "ubuntu"),
    "dnf": ("fedora", "rhel", "centos", "amzn"),
    "apk": ("alpine", "wolfi", "chainguard"),
    "pacman": ("arch", "manjaro"),
    "zypper": ("suse", "opensuse", "sles"),
}


def _header(*names: str) -> tuple[str, ...]:
    """Return the signs of C headers that are missing, as gcc, clang and MSVC say it."""
    every = "|".join(re.escape(name) for name in names)
    return (
        rf"(?<![\w/.-])(?:{every})['\"]?:? (?:No such file or directory|file not found)",
        rf"include file: ['\"](?:{every})",
    )


def _program(*names: str) -> tuple[str, ...]:
    """Return the signs of programs that are missing, as shells, Python and build tools say it."""
    every = "|".join(re.escape(name) for name in names)
    return (
        rf"(?:^|[\s'\"/])(?:{every})['\"]?: (?:command )?not found",
        rf"command ['\"](?:/\S*/)?(?:{every})['\"] failed: No such file or directory",
        rf"No such file or directory: ['\"](?:{every})['\"]",
        rf"(?:not|[Uu]nable to) find (?:an? )?(?:executable |program )?['\"]?(?:{every})\b",
        rf"\b(?:{every}) (?:executable |binary )?(?:is )?(?:not found|is required|is missing|was not found)",
        rf"[Pp]rogram ['\"]?(?:{every})['\"]? not found",
    )


def _library(*names: str) -> tuple[str, ...]:
    """Return the signs of libraries that the linker, pkg-config, CMake or Meson do not find."""
    every = "|".join(re.escape(name) for name in names)
    return (
        rf"cannot find -l(?:{every})\b",
        rf"library '(?:{every})' not found",
        rf"library not found for -l(?:{every})\b",
        rf"No package ['\"]?(?:{every})['\"]?(?: found|,)",
        rf"Package ['\"]?(?:{every})['\"]?,? (?:required by .*|was not found)",
        rf"Dependency ['\"]?(?:{every})['\"]? not found",
        rf"Could NOT find (?:{every})\b",
    )


NEEDS = (
    Need(
        "a C compiler",
        (
            *_program("gcc", "cc", "clang", "x86_64-linux-gnu-gcc", "aarch64-linux-gnu-gcc"),
            r"linker `cc` not found",
            r"Unknown compiler\(s\): \[\['cc'",
            r"No CMAKE_C_COMPILER could be found",
            r"no acceptable C compiler found",
        ),
        *("gcc libc6-dev", "gcc", "build-base", "base-devel", "gcc", "gcc"),
    ),
    Need(
        "a C++ compiler",
        (
            *_program("g++", "c++", "x86_64-linux-gnu-g++", "clang++"),
            r"cannot execute ['\"`]?cc1plus",
            r"No CMAKE_CXX_COMPILER could be found",
        ),
        *("g++", "gcc-c++", "build-base", "base-devel", "gcc-c++", "gcc"),
    ),
    Need(
        "the C library's headers",
        _header("stdio.h", "stdlib.h", "limits.h", "sys/types.h"),
        *("libc6-dev", "glibc-devel", "musl-dev", "base-devel", "glibc-devel", ""),
    ),
    Need(
        "the headers of the system's Python",
        (*_header("Python.h", "pyconfig.h"), r"Python\.h is (?:missing|not found)"),
        *("python3-dev", "python3-devel", "python3-dev", "python", "python3-devel", "python"),
    ),
    Need(
        "make",
        _program("make", "gmake"),
        *("make", "make", "make", "make", "make", "make"),
    ),
    Need(
        "PostgreSQL's client library",
        (*_program("pg_config"), *_header("libpq-fe.h", "postgres_fe.h"), *_library("pq", "libpq", "PostgreSQL")),
        *("libpq-dev", "libpq-devel", "postgresql-dev", "postgresql-libs", "postgresql-devel", "libpq"),
    ),
    Need(
        "MySQL's client library",
        (
            *_program("mysql_config", "mariadb_config"),
            *_header("mysql.h", "mysql/mysql.h"),
            *_library("mysqlclient", "mariadb", "libmariadb"),
            r"Can not find valid pkg-config name",
        ),
        *("default-libmysqlclient-dev pkg-config", "mariadb-connector-c-devel pkgconf", "mariadb-dev pkgconf"),
        *("mariadb-libs pkgconf", "libmariadb-devel pkg-config", "mysql-client pkgconf"),
    ),
    Need(
        "libxml2 and libxslt",
        (
            *_header("libxml/xmlversion.h", "libxml/parser.h", "libxml/xpath.h", "libxslt/xslt.h"),
            *_program("xml2-config", "xslt-config"),
            *_library("xml2", "xslt", "libxml-2.0", "libxslt"),
            r"make sure the development packages of libxml2 and libxslt are installed",
        ),
        *("libxml2-dev libxslt1-dev", "libxml2-devel libxslt-devel", "libxml2-dev libxslt-dev"),
        *("libxml2 libxslt", "libxml2-devel libxslt-devel", "libxml2 libxslt"),
    ),
    Need(
        "libffi",
        (*_header("ffi.h", "ffi/ffi.h"), *_library("ffi", "libffi")),
        *("libffi-dev", "libffi-devel", "libffi-dev", "libffi", "libffi-devel", "libffi"),
    ),
    Need(
        "OpenSSL",
        (
            *_header("openssl/opensslv.h", "openssl/ssl.h", "openssl/evp.h", "openssl/err.h", "openssl/aes.h"),
            *_library("ssl", "crypto", "openssl", "OpenSSL"),
            r"Could not find directory of OpenSSL installation",
        ),
        *("libssl-dev pkg-config", "openssl-devel", "openssl-dev pkgconf", "openssl", "libopenssl-devel", "openssl@3"),
    ),
    Need(
        "FreeType",
        (
            *_header("ft2build.h", "freetype/freetype.h"),
            *_library("freetype", "freetype2"),
            *_program("freetype-config"),
        ),
        *("libfreetype-dev", "freetype-devel", "freetype-dev", "freetype2", "freetype2-devel", "freetype"),
    ),
    Need(
        "libjpeg",
        (
            *_header("jpeglib.h"),
            *_library("jpeg", "JPEG"),
            r"headers or library files could not be found for jpeg",
            r"RequiredDependencyException: jpeg",
        ),
        *("libjpeg-dev", "libjpeg-turbo-devel", "libjpeg-turbo-dev", "libjpeg-turbo", "libjpeg8-devel", "jpeg-turbo"),
    ),
    Need(
        "libpng",
        (*_header("png.h"), *_library("png", "png16", "libpng")),
        *("libpng-dev", "libpng-devel", "libpng-dev", "libpng", "libpng16-devel", "libpng"),
    ),
    Need(
        "zlib",
        (
            *_header("zlib.h"),
            *_library("z", "zlib", "ZLIB"),
            r"headers or library files could not be found for zlib",
            r"RequiredDependencyException: zlib",
        ),
        *("zlib1g-dev", "zlib-devel", "zlib-dev", "zlib", "zlib-devel", "zlib"),
    ),
    Need(
        "bzip2",
        (*_header("bzlib.h"), *_library("bz2")),
        *("libbz2-dev", "bzip2-devel", "bzip2-dev", "bzip2", "libbz2-devel", "bzip2"),
    ),
    Need(
        "Rust",
        (
            *_program("cargo", "rustc"),
            r"can't find Rust compiler",
            r"requires Rust and Cargo to compile",
            r"Cargo, the Rust package manager, is not installed",
        ),
        *("cargo", "cargo", "cargo", "rust", "cargo", "rust"),
    ),
    Need(
        "CMake",
        (*_program("cmake"), r"CMake must be installed", r"[Pp]roblem with the CMake installation"),
        *("cmake", "cmake", "cmake", "cmake", "cmake", "cmake"),
    ),
    Need(
        "Ninja",
        (*_program("ninja"), r"Could not detect Ninja"),
        *("ninja-build", "ninja-build", "samurai", "ninja", "ninja", "ninja"),
    ),
    Need(
        "pkg-config",
        (*_program("pkg-config", "pkgconf", "pkg-config executable"), r"Pkg-config for machine .* not found"),
        *("pkg-config", "pkgconf-pkg-config", "pkgconf", "pkgconf", "pkg-config", "pkgconf"),
    ),
    Need(
        "a Fortran compiler",
        (*_program("gfortran", "f77", "f95"), r"Unknown compiler\(s\): \[\['gfortran'", r"no Fortran compiler found"),
        *("gfortran", "gcc-gfortran", "gfortran", "gcc-fortran", "gcc-fortran", "gcc"),
    ),
    Need(
        "BLAS and LAPACK",
        (
            *_library("openblas", "OpenBLAS", "BLAS", "LAPACK", "lapack", "blas"),
            r"No BLAS/LAPACK libraries found",
            r"no lapack/blas resources found",
        ),
        *("libopenblas-dev", "openblas-devel", "openblas-dev", "openblas", "openblas-devel", "openblas"),
    ),
    Need(
        "SASL",
        (*_header("sasl/sasl.h", "sasl.h"), *_library("sasl2")),
        *("libsasl2-dev", "cyrus-sasl-devel", "cyrus-sasl-dev", "libsasl", "cyrus-sasl-devel", ""),
    ),
    Need(
        "LDAP",
        (*_header("lber.h", "ldap.h"), *_library("ldap", "ldap_r", "lber")),
        *("libldap2-dev libsasl2-dev", "openldap-devel", "openldap-dev", "libldap", "openldap2-devel", "openldap"),
    ),
    Need(
        "FFmpeg",
        (
            *_header("libavcodec/avcodec.h", "libavformat/avformat.h", "libavutil/avutil.h"),
            *_library("libavformat", "libavcodec", "libavdevice", "libavutil", "libavfilter", "libswscale"),
            *_program("ffmpeg"),
        ),
        *(
            "libavformat-dev libavcodec-dev libavdevice-dev libavutil-dev libavfilter-dev libswscale-dev ffmpeg",
            "ffmpeg-free-devel",
            "ffmpeg-dev",
            "ffmpeg",
            "ffmpeg-7-libavcodec-devel ffmpeg-7-libavformat-devel",
            "ffmpeg",
        ),
    ),
    Need(
        "PortAudio",
        (*_header("portaudio.h"), *_library("portaudio")),
        *("portaudio19-dev", "portaudio-devel", "portaudio-dev", "portaudio", "portaudio-devel", "portaudio"),
    ),
    Need(
        "GDAL",
        (*_program("gdal-config"), *_header("gdal.h", "cpl_conv.h"), *_library("gdal", "GDAL")),
        *("libgdal-dev", "gdal-devel", "gdal-dev", "gdal", "gdal-devel", "gdal"),
    ),
    Need(
        "GEOS",
        (*_header("geos_c.h"), *_program("geos-config"), *_library("geos_c", "GEOS")),
        *("libgeos-dev", "geos-devel", "geos-dev", "geos", "geos-devel", "geos"),
    ),
    Need(
        "PROJ",
        (*_header("proj.h", "proj_api.h"), r"[Pp]roj executable not found", *_library("proj", "PROJ")),
        *("libproj-dev proj-bin", "proj-devel proj", "proj-dev proj", "proj", "proj-devel proj", "proj"),
    ),
    Need(
        "HDF5",
        (*_header("hdf5.h"), *_library("hdf5", "HDF5"), r"[Uu]nable to load dependency HDF5", r"Unable to find HDF5"),
        *("libhdf5-dev", "hdf5-devel", "hdf5-dev", "hdf5", "hdf5-devel", "hdf5"),
    ),
    Need(
        "NetCDF",
        (*_header("netcdf.h"), *_program("nc-config"), *_library("netcdf")),
        *("libnetcdf-dev", "netcdf-devel", "netcdf-dev", "netcdf", "netcdf-devel", "netcdf"),
    ),
    Need(
        "libgit2",
        (*_header("git2.h"), *_library("git2", "libgit2")),
        *("libgit2-dev", "libgit2-devel", "libgit2-dev", "libgit2", "libgit2-devel", "libgit2"),
    ),
    Need(
        "unixODBC",
        (*_header("sql.h", "sqlext.h"), *_library("odbc")),
        *("unixodbc-dev", "unixODBC-devel", "unixodbc-dev", "unixodbc", "unixODBC-devel", "unixodbc"),
    ),
    Need(
        "FreeTDS",
        _header("sqlfront.h", "sybdb.h"),
        *("freetds-dev", "freetds-devel", "freetds-dev", "freetds", "freetds-devel", "freetds"),
    ),
    Need(
        "xmlsec",
        (
            *_header("xmlsec/xmlsec.h"),
            *_library("xmlsec1"),
            *_program("xmlsec1-config"),
            r"Unable to invoke pkg-config\.",
        ),
        *(
            "libxmlsec1-dev libxml2-dev pkg-config",
            "xmlsec1-devel xmlsec1-openssl-devel libtool-ltdl-devel",
            "xmlsec-dev pkgconf",
            "xmlsec",
            "xmlsec1-devel xmlsec1-openssl-devel",
            "libxmlsec1 pkgconf",
        ),
    ),
    Need(
        "cairo",
        (*_header("cairo.h", "cairo/cairo.h"), *_library("cairo")),
        *("libcairo2-dev pkg-config", "cairo-devel pkgconf", "cairo-dev pkgconf", "cairo pkgconf"),
        *("cairo-devel pkg-config", "cairo pkgconf"),
    ),
    Need(
        "GObject introspection",
        _library("gobject-introspection-1.0", "girepository-2.0", "gobject-2.0", "glib-2.0"),
        *("libgirepository1.0-dev", "gobject-introspection-devel", "gobject-introspection-dev"),
        *("gobject-introspection", "gobject-introspection-devel", "gobject-introspection"),
    ),
    Need(
        "D-Bus",
        (*_header("dbus/dbus.h"), *_library("dbus-1")),
        *("libdbus-1-dev", "dbus-devel", "dbus-dev", "dbus", "dbus-1-devel", "dbus"),
    ),
    Need(
        "SWIG",
        _program("swig", "swig3.0", "swig4.0"),
        *("swig", "swig", "swig", "swig", "swig", "swig"),
    ),
    Need(
        "Graphviz",
        _header("graphviz/cgraph.h", "cgraph.h"),
        *("libgraphviz-dev", "graphviz-devel", "graphviz-dev", "graphviz", "graphviz-devel", "graphviz"),
    ),
    Need(
        "libcurl",
        (*_program("curl-config"), *_header("curl/curl.h")),
        *("libcurl4-openssl-dev", "libcurl-devel", "curl-dev", "curl", "libcurl-devel", "curl"),
    ),
    Need(
        "Kerberos",
        (*_program("krb5-config"), *_header("gssapi/gssapi.h", "gssapi.h", "krb5.h")),
        *("libkrb5-dev", "krb5-devel", "krb5-dev", "krb5", "krb5-devel", "krb5"),
    ),
    Need(
        "SQLite",
        (*_header("sqlite3.h"), *_library("sqlite3")),
        *("libsqlite3-dev", "sqlite-devel", "sqlite-dev", "sqlite", "sqlite3-devel", "sqlite"),
    ),
    Need(
        "LibYAML",
        (*_header("yaml.h"), *_library("yaml")),
        *("libyaml-dev", "libyaml-devel", "yaml-dev", "libyaml", "libyaml-devel", "libyaml"),
    ),
    Need(
        "Snappy and LevelDB",
        _header("snappy-c.h", "snappy.h", "leveldb/db.h"),
        *("libsnappy-dev libleveldb-dev", "snappy-devel leveldb-devel", "snappy-dev leveldb-dev"),
        *("snappy leveldb", "snappy-devel leveldb-devel", "snappy leveldb"),
    ),
    Need(
        "libevent",
        _header("event.h", "event2/event.h"),
        *("libevent-dev", "libevent-devel", "libevent-dev", "libevent", "libevent-devel", "libevent"),
    ),
    Need(
        "libsodium",
        _header("sodium.h"),
        *("libsodium-dev", "libsodium-devel", "libsodium-dev", "libsodium", "libsodium-devel", "libsodium"),
    ),
    Need(
        "GMP, MPFR and MPC",
        _header("gmp.h", "mpfr.h", "mpc.h"),
        *("libgmp-dev libmpfr-dev libmpc-dev", "gmp-devel mpfr-devel libmpc-devel", "gmp-dev mpfr-dev mpc1-dev"),
        *("gmp mpfr libmpc", "gmp-devel mpfr-devel mpc-devel", "gmp mpfr libmpc"),
    ),
    Need(
        "ZeroMQ",
        _header("zmq.h"),
        *("libzmq3-dev", "zeromq-devel", "zeromq-dev", "zeromq", "zeromq-devel", "zeromq"),
    ),
    Need(
        "librdkafka",
        _header("librdkafka/rdkafka.h"),
        *("librdkafka-dev", "librdkafka-devel", "librdkafka-dev", "librdkafka", "librdkafka-devel", "librdkafka"),
    ),
    Need(
        "X11",
        _header("X11/Xlib.h", "X11/X.h"),
        *("libx11-dev", "libX11-devel", "libx11-dev", "libx11", "libX11-devel", "libx11"),
    ),
    Need(
        "Linux's headers",
        _header("linux/input.h", "linux/ioctl.h", "linux/version.h"),
        *("linux-libc-dev", "kernel-headers", "linux-headers", "linux-api-headers", "linux-glibc-devel", ""),
    ),
    Need(
        "udev and libusb",
        _header("libudev.h", "libusb.h", "libusb-1.0/libusb.h"),
        *("libudev-dev libusb-1.0-0-dev", "systemd-devel libusb1-devel", "eudev-dev libusb-dev"),
        *("systemd-libs libusb", "systemd-devel libusb-1_0-devel", "libusb"),
    ),
    Need(
        "git",
        (*_program("git"), r"[Gg]it (?:executable|command) not found"),
        *("git", "git", "git", "git", "git", "git"),
    ),
)


def missing(output: str) -> list[Need]:
    """Return what of the system a build missed, by what it said."""
    return [need for need in NEEDS if any(re.search(sign, output, re.MULTILINE) for sign in need.signs)]


def manager(os_release: str, platform: str = sys.platform) -> Manager | None:
    """Return the package manager of a system, by its platform and its /etc/os-release; None for one not known here."""
    if platform == "darwin":
        return MANAGERS["brew"]
    fields = dict(line.partition("=")[::2] for line in os_release.splitlines())
    words = [word.strip("\"'").lower() for key in ("ID", "ID_LIKE") for word in fields.get(key, "").split()]
    found = (name for word in words for name, ids in _FAMILIES.items() if word.partition("-")[0] in ids)
    name = next(found, None)
    return MANAGERS[name] if name else None


def here(root: Path) -> Manager | None:
    """Return the package manager of the machine whose files are below `root`."""
    try:
        return manager((root / "etc/os-release").read_text("utf-8", "replace"))
    except OSError:
        return manager("")


def command(needs: Iterable[Need], by: Manager, *, is_root: bool) -> str:
    """Return the one command that installs all of it; empty where the manager has nothing of it."""
    packages = dict.fromkeys(name for need in needs for name in getattr(need, by.name).split())
    if not packages:
        return ""
    words = " ".join((by.command, *map(shlex.quote, packages)))
    return f"sudo {words}" if by.needs_root and not is_root else words


def is_root() -> bool:
    """Say whether commands run as the administrator already."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
