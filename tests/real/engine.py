"""A container engine, for the tests that build and run images."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
import uuid
from pathlib import Path

CONFIG = os.environ.get("DOCKER_CONFIG", str(Path.home() / ".docker"))
# The line that names a frontend has the engine download one; its own does as well.
_FRONTEND = re.compile(r"(?im)^#[ \t]*syntax=.*\n")
_LONGEST_START = 60


def missing(*images: str) -> str:
    """Return why nothing can be built from these images here, or nothing."""
    if shutil.which("docker") is None:
        return "docker is not on PATH"
    if subprocess.run(["docker", "info"], capture_output=True, check=False).returncode:
        return "no container engine answers"
    for image in images:
        if subprocess.run(["docker", "image", "inspect", image], capture_output=True, check=False).returncode:
            return f"the image {image} is not there"
    return ""


class Engine:
    """Builds and runs under names of its own, and takes everything away again."""

    def __init__(self, home: Path) -> None:
        self.name = f"devstrap-test-{uuid.uuid4().hex[:12]}"
        self.env = {**os.environ, "HOME": str(home), "DOCKER_CONFIG": CONFIG}
        self.images: list[str] = []
        self.containers: list[str] = []

    def call(self, *words: str, text: str | None = None, cwd: Path | None = None) -> str:
        done = subprocess.run(
            ("docker", *words), env=self.env, cwd=cwd, input=text, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def build(self, context: Path, dockerfile: str, tag: str) -> str:
        """Build a Dockerfile of a folder, and return the image's name."""
        image = f"{self.name}:{tag}"
        text = _FRONTEND.sub("", (context / dockerfile).read_text())
        self.images.append(image)
        self.call("build", "--quiet", "--tag", image, "--file", "-", ".", text=text, cwd=context)
        return image

    def healthy(self, image: str) -> str:
        """Start an image, wait until its own health check is content, and return the container."""
        container = self.call("run", "--detach", image)
        self.containers.append(container)
        state = ""
        for _ in range(_LONGEST_START * 2):
            state = self.call("inspect", "--format", "{{.State.Status}} {{.State.Health.Status}}", container)
            if state != "running starting":
                break
            time.sleep(0.5)
        assert state == "running healthy", self.call("logs", container)
        return container

    def python(self, container: str) -> str:
        """Return the Python that a container runs: `3.12`."""
        code = "import sys; print('%d.%d' % sys.version_info[:2])"
        return self.call("exec", container, "python", "-c", code)

    def close(self) -> None:
        """Remove what was made."""
        if self.containers:
            self.call("rm", "--force", "--volumes", *self.containers)
        for image in self.images:
            subprocess.run(("docker", "rmi", "--force", image), env=self.env, capture_output=True, check=False)
