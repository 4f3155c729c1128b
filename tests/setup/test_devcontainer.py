"""The dev container: what is written where there is none, and what is said of one that is there."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bootstrap.errors import MalformedFileError
from bootstrap.model import Repository, Settings, Skip
from bootstrap.setup.devcontainer import PATH, devcontainer_changes, devcontainer_path, devcontainer_python
from bootstrap.syntax import jsonc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parent.parent.parent
NOBODY = 65534


def make_repository(
    *tools: str, root: Path = Path("/demo"), files: tuple[str, ...] = (), has_bootstrapper: bool = True
) -> Repository:
    return Repository(
        root=root,
        name="demo",
        state_dir=root / ".git/devstrap",
        pyproject={},
        pin=None,
        requires_python=None,
        settings=Settings(),
        files=frozenset(files),
        tools=frozenset(tools),
        has_bootstrapper=has_bootstrapper,
    )


def reading(files: dict[str, str]) -> Callable[[str], bytes | None]:
    return lambda name: files[name].encode() if name in files else None


def generated(*tools: str, python: str = "3.12") -> bytes:
    (change,), skips = devcontainer_changes(make_repository(*tools), python, reading({}))
    assert (change.path, change.before, skips) == (PATH, None, ())
    return change.after or b""


def test_devstraps_own_dev_container_is_the_one_that_it_writes():
    assert (ROOT / PATH).read_bytes() == generated("ruff", "mypy", "pytest")


def test_the_container_has_the_wanted_python_and_an_environment_of_its_own():
    config = jsonc.parse(generated("ruff", python="3.13"))
    assert config["image"] == "mcr.microsoft.com/devcontainers/python:3.13"
    assert config["updateContentCommand"] == "python3 bootstrap.py --yes"
    environment, cache = config["mounts"]
    assert environment["type"] == cache["type"] == "volume"
    assert environment["target"] == "${containerWorkspaceFolder}/.venv"
    assert "${devcontainerId}" in environment["source"]
    assert config["containerEnv"] == {"UV_CACHE_DIR": cache["target"], "UV_LINK_MODE": "copy"}
    assert config["customizations"]["vscode"] == {
        "settings": {"python.defaultInterpreterPath": "${containerWorkspaceFolder}/.venv/bin/python"},
        "extensions": ["ms-python.python", "charliermarsh.ruff"],
    }
    assert b"templateOption" not in generated()


def test_what_devstrap_wrote_and_nobody_edited_follows_the_repository_s_python():
    before = generated("ruff", python="3.11")
    (change,), skips = devcontainer_changes(make_repository("ruff"), "3.12", {PATH: before}.get)
    assert (change.before, change.after, skips) == (before, generated("ruff"), ())


def test_what_somebody_edited_is_left_alone():
    edited = generated("ruff", python="3.11").replace(b'"Python 3.11"', b'"ours"')
    changes, (skip,) = devcontainer_changes(make_repository("ruff"), "3.12", {PATH: edited}.get)
    assert changes == ()
    assert "it is there already" in skip.reason


def test_the_guards_are_content_with_it():
    assert devcontainer_python(reading({PATH: generated().decode()}), PATH) == ("3.12", True)


def test_a_second_time_nothing_is_left_to_do():
    text = generated("ruff").decode()
    assert devcontainer_changes(make_repository("ruff"), "3.12", reading({PATH: text})) == ((), ())
    crlf = text.replace("\n", "\r\n")
    assert devcontainer_changes(make_repository("ruff"), "3.12", reading({PATH: crlf})) == ((), ())


@pytest.fixture
def volumes() -> Iterator[Path]:
    """Make a workspace with its two volumes that anybody can reach, as tmp_path cannot be when root runs the tests."""
    with tempfile.TemporaryDirectory() as name:
        workspace = Path(name)
        for folder in (workspace / ".venv", workspace / "cache", workspace / "bin"):
            folder.mkdir()
        workspace.chmod(0o755)
        yield workspace


def hand_over(volumes: Path) -> subprocess.CompletedProcess[str]:
    """Run the container's command as a user who is not root, with nothing but `id` and what the test adds to bin/."""
    config = jsonc.parse(generated())
    command = config["onCreateCommand"].replace(config["containerEnv"]["UV_CACHE_DIR"], "cache")
    for folder in (".venv", "cache"):
        (volumes / folder).chmod(0o555 if folder == "cache" else 0o777)
    if not (volumes / "bin/id").exists():
        (volumes / "bin/id").symlink_to(shutil.which("id") or "/usr/bin/id")
    return subprocess.run(
        [shutil.which("sh") or "/bin/sh", "-c", command],
        cwd=volumes,
        env={"PATH": str(volumes / "bin")},
        user=NOBODY if os.geteuid() == 0 else None,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(os.name != "posix", reason="runs the container's shell command")
def test_a_volume_that_cannot_be_written_to_is_handed_over(volumes):
    sudo = volumes / "bin/sudo"
    sudo.write_text('#!/bin/sh\nprintf "%s\\n" "$*"\n')
    sudo.chmod(0o755)
    done = hand_over(volumes)
    user = NOBODY if os.geteuid() == 0 else os.getuid()
    assert (done.returncode, done.stdout) == (0, f"-n chown -R {user}:{os.getgid()} cache\n")


@pytest.mark.skipif(os.name != "posix", reason="runs the container's shell command")
def test_a_volume_that_cannot_be_handed_over_is_an_error(volumes):
    done = hand_over(volumes)
    assert done.returncode != 0
    assert "sudo" in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="runs the container's shell command")
def test_volumes_that_can_be_written_to_need_no_sudo(volumes):
    command = jsonc.parse(generated())["onCreateCommand"].replace("/var/cache/uv", "cache")
    env = {"PATH": str(volumes / "bin")}
    done = subprocess.run([shutil.which("sh") or "/bin/sh", "-c", command], cwd=volumes, env=env, check=False)
    assert done.returncode == 0


def test_without_a_bootstrapper_there_is_none():
    repository = make_repository(has_bootstrapper=False)
    changes, (skip,) = devcontainer_changes(repository, "3.12", reading({}))
    assert (changes, skip.what) == ((), PATH)
    assert "bootstrap.py" in skip.reason


@pytest.mark.parametrize("python", ["pypy3.10", "3", "3.13t"])
def test_without_an_image_there_is_none(python):
    changes, (skip,) = devcontainer_changes(make_repository(), python, reading({}))
    assert changes == ()
    assert python in skip.reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"updateContentCommand": ["python", "bootstrap.py"], "mounts": ["source=v,target=/w/.venv"]}', ""),
        ('{"postCreateCommand": {"a": "python bootstrap.py"}, "dockerComposeFile": "compose.yaml"}', ""),
        ('{"image": "x", "mounts": [".venv"]}', "; it does not run bootstrap.py when it is made"),
        (
            '{"onCreateCommand": "python bootstrap.py"}',
            "; it shares .venv with the machine around it, where neither can use the other's",
        ),
        ("[]", "; it could not be understood"),
        ("{", "; it could not be understood"),
    ],
)
def test_one_that_is_there_stays_and_what_it_lacks_is_said(text, reason):
    outcome = devcontainer_changes(make_repository(), "3.12", reading({PATH: text}))
    assert outcome == ((), (Skip(PATH, f"it is there already{reason}"),))


def test_one_that_is_there_stays_in_a_repository_without_bootstrapper():
    repository = make_repository(has_bootstrapper=False)
    read = reading({".devcontainer.json": '{"mounts": [".venv"]}'})
    assert devcontainer_changes(repository, "3.12", read) == ((), (Skip(".devcontainer.json", "it is there already"),))


def test_it_is_found_in_every_place_that_the_specification_names(tmp_path):
    def read(name: str) -> bytes | None:
        path = tmp_path / name
        return path.read_bytes() if path.is_file() else None

    repository = make_repository(root=tmp_path, files=(".devcontainer",))
    assert devcontainer_path(repository, read) is None
    (tmp_path / ".devcontainer/b").mkdir(parents=True)
    (tmp_path / ".devcontainer/a").mkdir()
    assert devcontainer_path(repository, read) is None
    (tmp_path / ".devcontainer/b/devcontainer.json").write_text("{}")
    assert devcontainer_path(repository, read) == ".devcontainer/b/devcontainer.json"
    assert devcontainer_path(make_repository(root=tmp_path), read) is None
    (tmp_path / ".devcontainer.json").write_text("{}")
    assert devcontainer_path(repository, read) == ".devcontainer.json"
    (tmp_path / PATH).write_text("{}")
    assert devcontainer_path(repository, read) == PATH


@pytest.mark.parametrize(
    ("image", "version"),
    [
        ("mcr.microsoft.com/devcontainers/python:3.12", "3.12"),
        ("mcr.microsoft.com/devcontainers/python:1-3.11-bookworm", "3.11"),
        ("mcr.microsoft.com/vscode/devcontainers/python:0.203.1-3.10", "3.10"),
        ("python:3.12.4-slim", "3.12.4"),
        ("docker.io/library/python:3.13@sha256:00", "3.13"),
        ("ghcr.io/astral-sh/uv:0.8.3-python3.12-bookworm", "3.12"),
        ("ghcr.io/astral-sh/uv:python3.12-alpine", "3.12"),
        ("mcr.microsoft.com/devcontainers/python:3", None),
        ("mcr.microsoft.com/devcontainers/base:bookworm", None),
        ("example.com/cpython:3.12", None),
    ],
)
def test_the_python_is_read_off_the_image(image, version):
    assert devcontainer_python(reading({PATH: f'{{"image": "{image}"}}'}), PATH) == (version, False)


def test_reading_the_python_never_raises():
    def read(name: str) -> bytes | None:
        raise MalformedFileError("too large", remedy="none", path=name)

    assert devcontainer_python(read, PATH) == (None, False)
    assert devcontainer_python(reading({}), None) == (None, False)
    assert devcontainer_python(reading({PATH: "{"}), PATH) == (None, False)
    assert devcontainer_python(reading({PATH: '{"image": 3}'}), PATH) == (None, False)


@pytest.mark.parametrize("path", [PATH, ".devcontainer.json", ".devcontainer/api/devcontainer.json"])
def test_the_python_is_read_wherever_the_dev_container_is(path):
    content = '{"image": "python:3.12", "postCreateCommand": "python bootstrap.py"}'
    assert devcontainer_python(reading({path: content}), path) == ("3.12", True)
