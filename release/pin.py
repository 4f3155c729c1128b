# noqa: INP001 - a script for maintainers, in no package
"""Renew what is pinned: uv in bootstrap.py with its sums, all locks, ruff, and the newest patch releases of Python.

    python release/pin.py                 # the locks, and the sums of the uv that is pinned already
    python release/pin.py --uv 0.13.10    # another uv
    python release/pin.py --ruff 0.17.7   # another ruff for `modernize --code`, and the Pythons that it knows
    python release/pin.py --check         # change nothing; exit 1 if something would change
    python release/pin.py --stamp dist/devstrap-0.1.0-py3-none-any.whl dist/bootstrap.py

The last one, for a release, writes the copy of bootstrap.py that is given to repositories: with the sum of that wheel
in it, and with what keeps the linters of a repository away from it. The bootstrap.py here has no sum, since it goes
into the wheel itself.

The sums come from the package index that is configured on this machine: run it where that index is trusted. uv, for
the locks, is the one on PATH or DEVSTRAP_UV.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "bootstrap.py"
LOCK = ROOT / "bootstrap" / "installer.lock"
RELEASES = ROOT / "bootstrap" / "releases.py"
RUFF = ROOT / "bootstrap" / "code" / "ruff.py"
# What each lock is made from.
LOCKS = {
    LOCK: ("pyproject.toml",),
    ROOT / "requirements" / "dev.txt": ("--group", "dev"),
    ROOT / "bootstrap" / "exporters.lock": ("requirements/exporters.in",),
}
# How uv's wheels for each platform are called; the first that fits is taken. Static musl ones may be tagged for both.
WHEELS = {
    "linux-gnu-x86_64": r"manylinux\S*x86_64",
    "linux-gnu-aarch64": r"manylinux_2_17_aarch64\S*",
    "linux-musl-x86_64": r"musllinux\S*x86_64",
    "linux-musl-aarch64": r"\S*musllinux\S*aarch64",
    "macos-x86_64": r"macosx\S*x86_64",
    "macos-aarch64": r"macosx\S*arm64",
    "windows-x86_64": r"win_amd64",
    "windows-aarch64": r"win_arm64",
}


def load_stage0() -> Any:
    """Return bootstrap.py as a module: it knows how to read package indexes."""
    spec = importlib.util.spec_from_file_location("stage0", SCRIPT)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{SCRIPT} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def files_of(stage0: Any, project: str) -> Iterator[tuple[str, str]]:
    """Yield (file name, SHA-256 as the index has it) of a project's files on the configured indexes."""
    fetcher = stage0.Fetcher(stage0.Index(os.environ), stage0.Options(["--quiet"]), os.environ)
    for place, who, is_flat in fetcher.index.places():
        url = stage0.split_name(place)[1]
        fetcher.learn(url)
        for link, sha256 in fetcher.links(url if is_flat else f"{url.rstrip('/')}/{project}/", who):
            yield stage0.file_name(link), sha256


def uv_wheels(files: dict[str, str], version: str) -> dict[str, tuple[str, str]]:
    """Return {platform: (tag, SHA-256)} of uv's wheels; raise SystemExit for a platform that has none."""
    found = {}
    for platform, pattern in WHEELS.items():
        fits = re.compile(rf"uv-{re.escape(version)}-(py3-none-{pattern})\.whl")
        matches = [(match.group(1), files[name]) for name in sorted(files) if (match := fits.fullmatch(name))]
        if not matches or not matches[0][1]:
            raise SystemExit(f"the index has no uv {version} with a SHA-256 for {platform}")
        found[platform] = matches[0]
    return found


def with_uv(text: str, version: str, wheels: dict[str, tuple[str, str]]) -> str:
    """Return the text of bootstrap.py with another uv pinned in it."""
    rows = [
        f'    "{platform}": (\n        "{tag}",\n        "{sha256}",\n    ),\n'
        for platform, (tag, sha256) in wheels.items()
    ]
    text = re.sub(r'^UV_VERSION = ".*"', f'UV_VERSION = "{version}"', text, count=1, flags=re.MULTILINE)
    return re.sub(
        r"(?ms)^(UV_WHEELS = \{[^\n]*\n).*?^\}", lambda match: match.group(1) + "".join(rows) + "}", text, count=1
    )


def machine_environment() -> dict[str, str]:
    """Return the variables for a uv that asks the index of this machine."""
    stage0 = load_stage0()
    return {**stage0.clean_environment(os.environ), **stage0.Index(os.environ).variables(os.environ)}


def ruff_version(text: str) -> str:
    """Return the version that bootstrap/code/ruff.py pins."""
    found = re.search(r'^VERSION = "(.*)"', text, re.MULTILINE)
    if found is None:
        raise SystemExit(f"{RUFF} pins no ruff")
    return found[1]


def ruff_targets(uv: str, version: str) -> list[tuple[int, int]]:
    """Return the Pythons that a ruff writes code for; raise SystemExit where it cannot be had, or does not say them."""
    command = [uv, "tool", "run", "--no-config", "--from", f"ruff=={version}", "ruff", "check", "--isolated"]
    # It is asked for a Python that there is not, and names all that there are.
    command += ["--target-version", "none", os.devnull]
    done = subprocess.run(command, env=machine_environment(), stderr=subprocess.PIPE, text=True, check=False)
    found = re.search(r"\[possible values: ([^\]]*)\]", done.stderr)
    targets = [(int(name[2]), int(name[3:])) for name in re.findall(r"py3\d+", found[1] if found else "")]
    if not targets:
        raise SystemExit(f"ruff {version} does not say which Pythons it knows:\n{done.stderr}")
    return targets


def with_ruff(text: str, version: str, targets: list[tuple[int, int]]) -> str:
    """Return the text of bootstrap/code/ruff.py with another ruff pinned in it, and with the Pythons that it knows."""
    for name, value in (("VERSION", f'"{version}"'), ("OLDEST", min(targets)), ("NEWEST", max(targets))):
        text, count = re.subn(rf"^{name} = .*$", f"{name} = {value}", text, flags=re.MULTILINE)
        if count != 1:
            raise SystemExit(f"{RUFF} has no {name} to renew")
    return text


def compile_lock(uv: str, part: tuple[str, ...]) -> str:
    """Return the lock of a part of pyproject.toml, or of a file: every dependency with the hashes of all its files."""
    command = [uv, "pip", "compile", "--universal", "--generate-hashes", "--python-version", "3.11", "--quiet"]
    command += ["--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--no-header", "--no-config", *part]
    env = machine_environment()
    # Of a version that several indexes have, uv takes the hashes from one: that shall be the whole one.
    for name in ("UV_INDEX", "UV_FIND_LINKS", "UV_INDEX_STRATEGY"):
        env.pop(name, None)
    done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def downloads(uv: str) -> list[dict[str, Any]]:
    """Return the Pythons that this uv can install; it has the list in itself and asks nobody."""
    command = [uv, "python", "list", "--only-downloads", "--all-versions", "--all-platforms", "--no-config"]
    done = subprocess.run([*command, "--output-format", "json"], stdout=subprocess.PIPE, text=True, check=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def with_micros(text: str, found: list[dict[str, Any]]) -> str:
    """Return the text of bootstrap/releases.py with the newest patch release of each Python; none goes back."""
    newest: dict[str, int] = {}
    for python in found:
        final = re.fullmatch(r"(\d+)\.(\d+)\.(\d+)", python["version"])
        if final and python["implementation"] == "cpython":
            key = f"({final[1]}, {final[2]})"
            newest[key] = max(newest.get(key, 0), int(final[3]))

    def renewed(match: re.Match[str]) -> str:
        known = -1 if match["micro"] == "None" else int(match["micro"])
        best = newest.get(match["key"], -1)
        return f"{match['before']}{best if best > known else match['micro']}),"

    row = r"(?m)^(?P<before>    (?P<key>\(\d+, \d+\)): Release\(.*, )(?P<micro>\d+|None)\),$"
    return re.sub(row, renewed, text)


def gaps(stage0: Any, lock: str, files: dict[str, dict[str, str]]) -> Iterator[str]:
    """Yield `package: platform, Python` for which the lock has no wheel, so that devstrap cannot be installed there."""
    machines = {"x86_64": "x86_64|amd64", "aarch64": "aarch64|arm64"}
    systems = {"linux-gnu": "manylinux", "linux-musl": "musllinux", "macos": "macosx", "windows": "win_"}
    for project, listed in files.items():
        names = [name for name, sha256 in listed.items() if sha256 and sha256 in lock and name.endswith(".whl")]
        tags = [name.removesuffix(".whl").split("-")[-3:] for name in names]
        for platform in WHEELS:
            system, _, machine = platform.rpartition("-")
            fits = re.compile(rf"any|.*{systems[system]}.*(universal2|{machines[machine]}).*")
            here = [tag for tag in tags if fits.fullmatch(tag[2])]
            for version in stage0.PYTHONS:
                python = "cp" + version.replace(".", "")
                if not any(tag[0] == python or tag[1] == "abi3" or "py3" in tag[0] for tag in here):
                    yield f"{project}: {platform}, Python {version}"


def stamp(wheel: Path, out: Path) -> None:
    """Write to `out` the copy of bootstrap.py that takes no other devstrap than `wheel`.

    Raises SystemExit for a wheel that such a copy would not ask the index for, and for the bootstrap.py here as `out`.
    """
    name = f"devstrap-{load_stage0().VERSION}-py3-none-any.whl"
    if wheel.name != name:
        raise SystemExit(f"{SCRIPT.name} asks for {name}, not for {wheel.name}")
    if out.resolve() == SCRIPT:
        raise SystemExit(f"{out} goes into that very wheel and cannot have its sum in it: name another file")
    try:
        sha256 = hashlib.sha256(wheel.read_bytes()).hexdigest()
    except OSError as error:
        raise SystemExit(f"{wheel} cannot be read: {error.strerror}") from None
    sys.path.insert(0, str(ROOT))
    from bootstrap.adopt.wrapper import for_repositories  # noqa: PLC0415 - it is found only now

    text = for_repositories(SCRIPT.read_bytes()).decode("ascii")
    stamped, count = re.subn(r'^WHEEL_SHA256 = ".*?"', f'WHEEL_SHA256 = "{sha256}"', text, flags=re.MULTILINE)
    if count != 1:
        raise SystemExit(f"{SCRIPT} has no WHEEL_SHA256 to stamp")
    out.write_text(stamped, encoding="ascii", newline="\n")


def arguments(argv: list[str]) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--uv", metavar="VERSION", help="pin this version of uv")
    parser.add_argument("--ruff", metavar="VERSION", help="pin this version of ruff")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if something would change")
    parser.add_argument(
        "--stamp", nargs=2, type=Path, metavar=("WHEEL", "OUT"), help="only write a copy of bootstrap.py for this wheel"
    )
    return parser.parse_args(argv)


def main(argv: list[str]) -> int:
    """Renew the pins, and tell where devstrap could not be installed with them."""
    options = arguments(argv)
    if options.stamp:
        stamp(*options.stamp)
        return 0
    stage0 = load_stage0()
    version = options.uv or stage0.UV_VERSION
    uv = os.environ.get("DEVSTRAP_UV") or next(stage0.on_path("uv", os.environ), "uv")
    code = RUFF.read_text(encoding="utf-8")
    ruff = options.ruff or ruff_version(code)
    wanted = {
        SCRIPT: with_uv(SCRIPT.read_text(encoding="ascii"), version, uv_wheels(dict(files_of(stage0, "uv")), version)),
        **{path: compile_lock(uv, part) for path, part in LOCKS.items()},
        RUFF: with_ruff(code, ruff, ruff_targets(uv, ruff)),
        RELEASES: with_micros(RELEASES.read_text(encoding="utf-8"), downloads(uv)),
    }
    stale = [path for path, text in wanted.items() if path.read_text(encoding="utf-8") != text]
    for path in stale:
        sys.stdout.write(f"{path.relative_to(ROOT)}: {'out of date' if options.check else 'renewed'}\n")
        if not options.check:
            path.write_text(wanted[path], encoding="utf-8", newline="\n")
    names = re.findall(r"^([\w.-]+)==", wanted[LOCK], re.MULTILINE)
    for gap in gaps(stage0, wanted[LOCK], {name: dict(files_of(stage0, name)) for name in names}):
        sys.stdout.write(f"no wheel of {gap}\n")
    return 1 if stale and options.check else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
