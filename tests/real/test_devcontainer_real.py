"""The generated dev container brought up with the reference CLI and a real engine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bootstrap.model import Repository, Settings
from bootstrap.setup.devcontainer import PATH, devcontainer_changes
from bootstrap.syntax import jsonc

if TYPE_CHECKING:
    from collections.abc import Iterator

IMAGE = "mcr.microsoft.com/devcontainers/python:3.12"
# Stands in for the real one: it makes an environment and writes down who it was, each time.
BOOTSTRAPPER = """\
import getpass, os, subprocess, sys
subprocess.check_call([sys.executable, "-m", "venv", "--without-pip", ".venv"])
with open(".venv/marker", "a") as marker:
    marker.write(" ".join([getpass.getuser(), *sys.argv[1:]]) + "\\n")
with open(os.path.join(os.environ["UV_CACHE_DIR"], "proof"), "w") as proof:
    proof.write(os.environ["UV_LINK_MODE"])
"""


def missing() -> str:
    """Return why the container cannot be brought up here, or nothing."""
    for command in ("devcontainer", "docker"):
        if shutil.which(command) is None:
            return f"{command} is not on PATH"
    if subprocess.run(["docker", "info"], capture_output=True, check=False).returncode:
        return "no container engine answers"
    if subprocess.run(["docker", "image", "inspect", IMAGE], capture_output=True, check=False).returncode:
        return f"the image {IMAGE} is not there"
    return ""


REASON = missing()
pytestmark = [pytest.mark.real, pytest.mark.skipif(bool(REASON), reason=REASON)]


class Container:
    """A small project with the generated dev container, and a cache volume of its own."""

    def __init__(self, root: Path, home: Path, user: str) -> None:
        self.root = root
        self.cache = f"devstrap-test-{uuid.uuid4().hex}"
        docker_config = os.environ.get("DOCKER_CONFIG", str(Path.home() / ".docker"))
        self.env = {**os.environ, "HOME": str(home), "DOCKER_CONFIG": docker_config}
        (root / ".devcontainer").mkdir(parents=True)
        (root / PATH).write_bytes(self.config(user))
        (root / "bootstrap.py").write_text(BOOTSTRAPPER)
        (root / ".venv").mkdir()
        (root / ".venv/pyvenv.cfg").write_text("the host's own\n")
        if os.geteuid() == 0:  # as a person, one owns one's files; the image's user is 1000
            for path in (root, *root.rglob("*")):
                os.chown(path, 1000, 1000)

    def config(self, user: str) -> bytes:
        repository = Repository(
            root=self.root,
            name="demo",
            state_dir=self.root / ".git/devstrap",
            pyproject={},
            pin=None,
            requires_python=None,
            settings=Settings(),
            files=frozenset(),
            tools=frozenset({"pytest"}),
            has_bootstrapper=True,
        )
        (change,), _ = devcontainer_changes(repository, "3.12", lambda _: None)
        text = (change.after or b"").replace(b"devstrap-uv-cache", self.cache.encode())
        return text if user == "vscode" else jsonc.merge(text, {"remoteUser": user}).text

    def call(self, *words: str) -> str:
        done = subprocess.run(words, env=self.env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def up(self) -> dict[str, Any]:
        result: dict[str, Any] = json.loads(self.call("devcontainer", "up", "--workspace-folder", str(self.root)))
        return result

    def execute(self, *words: str) -> str:
        return self.call("devcontainer", "exec", "--workspace-folder", str(self.root), *words)

    def remove(self) -> None:
        """Remove the container, but not its volumes."""
        found = self.call("docker", "ps", "-aq", "--filter", f"label=devcontainer.local_folder={self.root}").split()
        if found:
            self.call("docker", "rm", "-f", *found)

    def close(self) -> None:
        """Remove everything that the engine made for this test."""
        label = ("--filter", f"label=devcontainer.local_folder={self.root}")
        names = self.call("docker", "ps", "-aq", *label).split()
        if not names:
            return
        template = "{{range .Mounts}}{{if .Name}}{{.Name}} {{end}}{{end}}"
        volumes = self.call("docker", "inspect", "-f", template, *names).split()
        image = self.call("docker", "inspect", "-f", "{{.Config.Image}}", *names).strip()
        self.call("docker", "rm", "-f", *names)
        self.call("docker", "volume", "rm", *volumes)
        if image != IMAGE:  # the CLI gave the user another number
            self.call("docker", "rmi", image)


@pytest.fixture(params=["vscode", "root"])
def container(request, tmp_path) -> Iterator[tuple[Container, str]]:
    (tmp_path / "home").mkdir()
    made = Container(tmp_path / "project", tmp_path / "home", request.param)
    try:
        yield made, request.param
    finally:
        made.close()


def test_the_container_makes_its_own_environment_and_leaves_the_hosts_alone(container):
    made, user = container
    first = made.up()
    assert (first["outcome"], first["remoteUser"]) == ("success", user)
    assert made.execute("cat", ".venv/marker") == f"{user} --yes\n"
    assert made.execute(".venv/bin/python", "-c", "import sys; print(sys.version_info[:2])").strip() == "(3, 12)"

    mounts = json.loads(made.call("docker", "inspect", "-f", "{{json .Mounts}}", first["containerId"]))
    volumes = {mount["Destination"]: mount["Name"] for mount in mounts if mount["Type"] == "volume"}
    assert set(volumes) == {f"{first['remoteWorkspaceFolder']}/.venv", "/var/cache/uv"}
    assert volumes["/var/cache/uv"] == made.cache

    assert made.execute("cat", "/var/cache/uv/proof") == "copy"
    assert [path.name for path in (made.root / ".venv").iterdir()] == ["pyvenv.cfg"]
    assert (made.root / ".venv/pyvenv.cfg").read_text() == "the host's own\n"

    # Once more: the same container, and nothing runs again.
    assert made.up()["containerId"] == first["containerId"]
    assert made.execute("cat", ".venv/marker") == f"{user} --yes\n"

    # A container made anew finds the environment on its volume.
    made.remove()
    assert made.up()["containerId"] != first["containerId"]
    assert made.execute("cat", ".venv/marker") == f"{user} --yes\n" * 2
