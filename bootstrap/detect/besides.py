"""What a contributor needs besides packages, looked for without changing anything.

git is only asked where a file says that there is something to ask.
"""

from __future__ import annotations

import os
import posixpath
import re
import shutil
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap import process
from bootstrap.besides import Besides, Command, Dotenv, Hooks, Submodule
from bootstrap.detect.environment import detect_environment, library_of
from bootstrap.detect.wholeness import distributions
from bootstrap.environ import clean, is_on
from bootstrap.errors import MalformedFileError
from bootstrap.setup import dotenv, hooks, post_install

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bootstrap.commands import Tools
    from bootstrap.detect.repository import Reader
    from bootstrap.model import Facts

_MODULES = ".gitmodules"
_ATTRIBUTES = ".gitattributes"
_LFS_SETTINGS = ".lfsconfig"
# What git-lfs leaves in a file's place (its specification, "The pointer").
_POINTER = b"version https://git-lfs.github.com/spec/"
_CONFIGS = {"prek.toml": "prek", ".pre-commit-config.yaml": "pre-commit"}
# The kinds of hook that can be installed (pre-commit's documentation, "default_install_hook_types").
_KINDS = (
    *("pre-commit", "pre-merge-commit", "pre-push", "prepare-commit-msg", "commit-msg", "post-checkout", "post-commit"),
    *("post-merge", "post-rewrite", "pre-rebase", "pre-auto-gc"),
)
# Where what an installation needs is named, and what has its version from git's tags.
_MANIFESTS = ("pyproject.toml", "setup.py", "setup.cfg", "Pipfile", "CMakeLists.txt", "meson.build", "MANIFEST.in")
_BY_TAGS = re.compile(
    rb"setuptools[-_]scm|hatch[-_]vcs|versioningit|poetry-dynamic-versioning|vcs-versioning|"
    rb"use_scm_version|source\s*=\s*[\"'](?:scm|vcs)[\"']|versioneer|dunamai"
)
_HOOK_TOOL = re.compile(rb"(?m)(?:^|[\"'\s])(pre-commit|prek)(?=$|[\"'\s=<>~!;,\[])")


def look_beside(read: Reader, facts: Facts, tools: Tools) -> Besides:
    """Return what the checkout below `read` lacks besides packages."""
    look = _Look(read, facts, clean(tools.env))
    commands, homeless = look.commands()
    pointers = look.pointers()
    return Besides(
        submodules=tuple(look.submodules()),
        pointers=pointers,
        without_lfs=look.reason_without_lfs() if pointers else "",
        has_lfs_filters=not pointers or look.has_lfs_filters(),
        is_too_shallow=look.is_too_shallow(),
        dotenvs=tuple(look.dotenvs()),
        hooks=look.hooks(),
        commands=commands,
        homeless=homeless,
    )


class _Look:
    """One look at a checkout."""

    def __init__(self, read: Reader, facts: Facts, env: Mapping[str, str]) -> None:
        self.read = read
        self.root = read.root
        self.facts = facts
        self.env = env
        self.is_top = os.path.lexists(self.root / ".git")

    def git(self, *words: str, folder: str = ".") -> process.Completed:
        return process.run(("git", *words), cwd=self.root / folder, env=self.env)

    def quietly(self, name: str) -> bytes:
        """Return a file's content; nothing where there is none, or it cannot be read."""
        try:
            return self.read(name) or b""
        except MalformedFileError:
            return b""

    # ---- submodules

    def submodules(self, folder: str = "") -> Iterator[Submodule]:
        """Yield the submodules that are not checked out, those of submodules among them."""
        modules = self.quietly(posixpath.join(folder, _MODULES)) if self.is_top else b""
        listed = {posixpath.join(folder, path) for path in wanted_submodules(modules.decode("utf-8", "replace"))}
        absent = {path for path in listed if not self._is_checked_out(path)}
        if absent:
            for path in self._recorded(folder) & absent:
                yield Submodule(path, self._needing(path))
        for path in sorted(listed - absent):
            yield from self.submodules(path)

    def _is_checked_out(self, path: str) -> bool:
        self.read.seen.add(f"{path}/.git")
        return os.path.lexists(self.root / path / ".git")

    def _recorded(self, folder: str) -> set[str]:
        """Return the submodules that the commit really has, and that nobody has switched off for this clone."""
        listing = self.git("ls-files", "--stage", "-z", folder=folder or ".").stdout.split("\0")
        off = self.git("config", "--get-regexp", r"^submodule\..*\.(active|update)$", folder=folder or ".").stdout
        inactive = {
            name.removeprefix("submodule.").rpartition(".")[0]
            for name, _, value in (line.partition(" ") for line in off.splitlines())
            if value in ("none", "false")
        }
        paths = (line.partition("\t")[2] for line in listing if line.startswith("160000 "))
        return {posixpath.join(folder, path) for path in paths if path not in inactive}

    def _needing(self, path: str) -> str:
        """Return the manifest that names a submodule, by which it is needed to install anything."""
        own = [name for name in self.facts.repository.files if name.startswith("requirements")]
        for name in (*_MANIFESTS, *sorted(own)):
            if name in self.facts.repository.files and _names_path(_deciding(name, self.quietly(name)), path):
                return name
        return ""

    # ---- git-lfs

    def pointers(self) -> tuple[str, ...]:
        """Return the files of which only git-lfs' pointer is there."""
        if not self.is_top or not self._uses_lfs():
            return ()
        listing = self.git("ls-files", "-z", "--", ":(attr:filter=lfs)")
        names = [name for name in listing.stdout.split("\0") if name and _is_pointer(self.root / name)]
        self.read.seen.update(names)
        return tuple(names)

    def _uses_lfs(self) -> bool:
        if b"filter=lfs" in self.quietly(_ATTRIBUTES):
            return True
        nested = self.git("ls-files", "-z", "--", f"*/{_ATTRIBUTES}").stdout.split("\0")
        return any(b"filter=lfs" in self.quietly(name) for name in nested if name)

    def reason_without_lfs(self) -> str:
        """Say why the files cannot be fetched, or shall not be; nothing where they can."""
        if is_on(self.env.get("GIT_LFS_SKIP_SMUDGE", "")):
            return "GIT_LFS_SKIP_SMUDGE is set"
        if b"fetchexclude" in self.quietly(_LFS_SETTINGS).lower():
            return f"{_LFS_SETTINGS} leaves files out"
        return "" if shutil.which("git-lfs", path=self.env.get("PATH")) else "git-lfs is not on this machine"

    def has_lfs_filters(self) -> bool:
        """Say whether git is told to let git-lfs check files out."""
        return any(self.git("config", "--get", f"filter.lfs.{name}").ok for name in ("process", "smudge"))

    # ---- tags

    def is_too_shallow(self) -> bool:
        """Say whether the version comes from tags, and the clone is too shallow to have one."""
        if not self.is_top or not any(_BY_TAGS.search(self.quietly(name)) for name in _MANIFESTS[:3]):
            return False
        told = self.git("rev-parse", "--is-shallow-repository", "--git-path", "shallow").stdout.splitlines()
        if told[:1] != ["true"]:
            return False
        self.read.seen.update(told[1:])
        return not self.git("describe", "--tags").ok

    # ---- .env

    def dotenvs(self) -> Iterator[Dotenv]:
        """Yield each `.env` that has an example: the root's, and those of the parts."""
        for folder in ("", *(part.path for part in self.facts.parts)):
            found = self._example(folder)
            if found is not None:
                yield self._dotenv(posixpath.join(folder, dotenv.NAME), *found)

    def _example(self, folder: str) -> tuple[str, bytes] | None:
        for name in dotenv.EXAMPLES:
            path = posixpath.join(folder, name)
            content = self.quietly(path)
            if content:
                return path, content
        return None

    def _dotenv(self, path: str, example: str, content: bytes) -> Dotenv:
        self.read.seen.add(path)
        if not os.path.lexists(self.root / path):
            return Dotenv(path, example, content, is_there=False, is_ignored=self._is_ignored(path))
        there = self.quietly(path)
        if not os.path.isfile(self.root / path):  # some call their environment so
            return Dotenv(path, example, content, is_there=True, is_ignored=None)
        missing = tuple(name for name in dotenv.names(content) if name not in dotenv.names(there))
        left = dotenv.open_names(content) if there == content else ()
        return Dotenv(path, example, content, is_there=True, is_ignored=None, missing=missing, open=left)

    def _is_ignored(self, path: str) -> bool | None:
        self.read.seen.add(".gitignore")
        if not any(os.path.lexists(folder / ".git") for folder in (self.root, *self.root.parents)):
            return True
        return {0: True, 1: False}.get(self.git("check-ignore", "--quiet", "--", path).returncode)

    # ---- hooks

    def hooks(self) -> Hooks | None:
        """Return what the checkout's hooks are; None where it is configured for none."""
        config = next((name for name in _CONFIGS if name in self.facts.repository.files), None)
        if config is None or not self.is_top:
            return None
        folder = self.git("rev-parse", "--git-common-dir")
        if not folder.ok:
            return None
        place = Path(os.path.normpath(self.root / folder.stdout.rstrip("\r\n") / "hooks"))
        redirected = self.git("config", "--get", "core.hooksPath").stdout.strip()
        kinds = install_kinds(config, self.quietly(config))
        contents = {kind: hooks.read_hook(place / kind) for kind in kinds}
        self.read.seen.update(str(place / kind) for kind in kinds)
        tool, is_in_environment = self._hook_tool(config)
        # A hook that is started in an environment from which its tool is gone stops every commit.
        gone = None if is_in_environment else os.fsencode(self.facts.environment.path)
        states = {kind: _state(content, tool, gone) for kind, content in contents.items()}
        return Hooks(
            config=config,
            tool=tool,
            is_in_environment=is_in_environment,
            folder=str(place),
            absent=tuple(kind for kind, state in states.items() if state == "absent"),
            foreign=tuple(kind for kind, state in states.items() if state == "foreign"),
            redirected=redirected,
        )

    def _hook_tool(self, config: str) -> tuple[str, bool]:
        """Return what installs the hooks, and whether the environment has it: the one there, else the one declared."""
        library = library_of(self.facts.environment.path)
        there = distributions(library) if library and self.facts.inspection is not None else None
        declared = {word.decode() for word in self._declared()} if there is None else set()
        usual = _CONFIGS[config]
        for tool in dict.fromkeys((usual, "prek", "pre-commit") if usual == "pre-commit" else (usual,)):
            if tool.replace("-", "_") in (there or ()) or tool in declared:
                return tool, True
        return usual, False

    def _declared(self) -> list[bytes]:
        """Return the tools that a manifest names: what there will be in an environment that is not there yet."""
        files = self.facts.repository.files
        names = [name for name in files if name.startswith("requirements") and name.endswith((".txt", ".in"))]
        names += [name for name in ("pyproject.toml", "Pipfile", "setup.cfg", "setup.py") if name in files]
        return [found for name in names for found in _HOOK_TOOL.findall(self.quietly(name))]

    # ---- post-install

    def commands(self) -> tuple[tuple[Command, ...], bool]:
        """Return the post-install commands that are to be run, and whether some have no environment to run in."""
        facts = self.facts
        found: list[Command] = []
        if facts.needs_environment:
            found += self._commands("", facts, "", facts.repository.settings.post_install)
        for part in facts.parts:
            home = "" if part.is_shared else part.path
            found += self._commands(part.path, part.facts, home, part.facts.repository.settings.post_install)
        return tuple(found), bool(facts.repository.settings.post_install) and not facts.needs_environment

    def _commands(self, place: str, facts: Facts, home: str, texts: tuple[str, ...]) -> Iterator[Command]:
        if not texts:
            return
        words = {text: post_install.split(text, place) for text in texts}
        fingerprint = facts.dependencies.fingerprint if facts.dependencies else ""
        record = detect_environment(self.root / home).record
        left = post_install.pending(texts, place, record, fingerprint)
        for number in range(len(texts) - len(left), len(texts)):
            text = texts[number]
            yield Command(text, words[text], place, home, texts[: number + 1], fingerprint)


def wanted_submodules(text: str) -> list[str]:
    """Return the paths that a .gitmodules lists (gitmodules(5)), without those that no update shall check out."""
    found: list[dict[str, str]] = []
    for line in text.splitlines():
        words = line.strip()
        if words.startswith("["):
            found.append({})
        elif found and "=" in words and not words.startswith(("#", ";")):
            key, _, value = words.partition("=")
            found[-1][key.strip().lower()] = value.strip().strip('"')
    return [one["path"] for one in found if one.get("path") and one.get("update") != "none"]


# Tables of pyproject.toml and sections of setup.cfg that are of tools which install nothing: what they leave out of
# their work, as of linters and tests, is a path as well.
_SECTION = re.compile(rb"(?m)^\[+[^\]\n]*\]+")
_OF_INSTALLATION = re.compile(
    rb"^\[+\s*(?:project|build-system|dependency-groups|metadata|options"
    rb"|tool\.(?:uv|poetry|pdm|hatch|rye|flit|setuptools|maturin|scikit-build|devstrap))\s*[.\]:]"
)


def _deciding(name: str, content: bytes) -> bytes:
    """Return what of a manifest has to do with installing."""
    if name not in ("pyproject.toml", "setup.cfg"):
        return content
    starts = [match.start() for match in _SECTION.finditer(content)]
    parts = [content[start:end] for start, end in pairwise((*starts, len(content)))]
    return b"".join(part for part in parts if _OF_INSTALLATION.match(part))


def _names_path(content: bytes, path: str) -> bool:
    """Say whether a manifest names a path, or something below it."""
    return re.search(rb"(?<![\w.-])" + re.escape(os.fsencode(path)) + rb"(?![\w-])", content) is not None


def _is_pointer(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(len(_POINTER)) == _POINTER
    except OSError:
        return False


def install_kinds(config: str, content: bytes) -> tuple[str, ...]:
    """Return the kinds of hook that are installed when none is named: `default_install_hook_types`."""
    try:
        if config.endswith(".toml"):
            from bootstrap.detect.repository import parse_toml  # noqa: PLC0415 - only prek has its own

            data = parse_toml(config, content)
        else:
            from bootstrap.syntax import yaml  # noqa: PLC0415 - only where there are hooks

            data = yaml.load(content, config)
    except MalformedFileError:
        return ("pre-commit",)
    named = data.get("default_install_hook_types") if isinstance(data, dict) else None
    known = tuple(kind for kind in _KINDS if isinstance(named, list) and kind in named)
    return known or ("pre-commit",)


def _state(content: bytes | None, tool: str, gone: bytes | None) -> str:
    """Return `absent` for a hook that is to be installed, `foreign` for one to leave alone, `there` for one that works.

    One of the same tool that cannot start is installed again; the tools take each other's for somebody's, and keep it.
    """
    if content is None:
        return "absent"
    writer = hooks.writer_of(content)
    if writer is None:
        return "foreign"
    if hooks.works(content) and (gone is None or gone + os.sep.encode() not in content):
        return "there"
    return "absent" if writer == tool else "foreign"
