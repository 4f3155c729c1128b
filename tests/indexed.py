"""A package index over HTTP, with what an index can refuse; and source archives whose build does what a test wants."""

from __future__ import annotations

import hashlib
import io
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_PYPROJECT = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'


def make_sdist(folder: Path, name: str, version: str = "1.0", *, backend: str, requires_python: str = "") -> Path:
    """Write a source archive (PEP 517) with static metadata, which is built by the code in `backend`."""
    folder.mkdir(parents=True, exist_ok=True)
    metadata = f"Metadata-Version: 2.2\nName: {name}\nVersion: {version}\n"
    metadata += f"Requires-Python: {requires_python}\n" if requires_python else ""
    project = f'{_PYPROJECT}[project]\nname = "{name}"\nversion = "{version}"\n'
    path = folder / f"{name}-{version}.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for file, text in {"PKG-INFO": metadata, "pyproject.toml": project, "backend.py": backend}.items():
            member = tarfile.TarInfo(f"{name}-{version}/{file}")
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return path


class Index:
    """The files of a folder as a simple index (PEP 503); `refused` names projects and the status to answer with."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.refused: dict[str, int] = {}
        self.yanked: dict[str, str] = {}
        self.hashes: dict[str, str] = {}
        """Of a file, where the index shall tell another than the right one."""
        self.requires_python: dict[str, str] = {}
        index = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, kind, body = index.answer(self.path.strip("/").split("/"))
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_HEAD = do_GET  # noqa: N815 - the name that http.server calls

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/simple"

    def answer(self, parts: list[str]) -> tuple[int, str, bytes]:
        """Return the status, the kind and the body for a path: `simple/NAME` or `files/FILE`."""
        name = parts[-1]
        if name in self.refused:
            return self.refused[name], "text/plain", b"no"
        if parts[0] == "files" and (self.folder / name).is_file():
            return 200, "application/octet-stream", (self.folder / name).read_bytes()
        links = [self._link(path) for path in sorted(self.folder.glob(f"{name.replace('-', '_')}-*"))]
        if parts[0] != "simple" or not links:
            return 404, "text/plain", b"no"
        return 200, "text/html", f"<!DOCTYPE html><html><body>{''.join(links)}</body></html>".encode()

    def _link(self, path: Path) -> str:
        digest = self.hashes.get(path.name) or hashlib.sha256(path.read_bytes()).hexdigest()
        yanked = f' data-yanked="{self.yanked[path.name]}"' if path.name in self.yanked else ""
        required = self.requires_python.get(path.name, "").replace(">", "&gt;").replace("<", "&lt;")
        python = f' data-requires-python="{required}"' if required else ""
        return f'<a href="/files/{path.name}#sha256={digest}"{yanked}{python}>{path.name}</a>\n'

    def close(self) -> None:
        """Stop answering."""
        self.server.shutdown()
        self.server.server_close()
