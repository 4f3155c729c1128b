"""An image for a repository that has none, on wish: built in two stages, run by nobody in particular, watched.

A repository with a Dockerfile keeps its own shape: nothing is written beside it.
"""

from __future__ import annotations

import json
import posixpath
import re
from string import Template
from typing import TYPE_CHECKING, NamedTuple

from bootstrap import assets
from bootstrap.adopt.commands import text_of
from bootstrap.adopt.model import Draft, Remark
from bootstrap.detect.repository import BOOTSTRAPPER
from bootstrap.errors import MalformedFileError
from bootstrap.expression import expression
from bootstrap.images import IS_DOCKERFILE
from bootstrap.policy import spelled
from bootstrap.syntax import toml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bootstrap.adopt.model import Drafts, Tree, Wishes

NAME, IGNORE = "Dockerfile", ".dockerignore"
_UV = expression(r'(?m)^UV_VERSION = "([0-9.]+)"')

# Images that tests, examples and editors run in are no products.
_ASIDE = expression(
    r"(?i)(?:^|/)(?:\.[^/]+|tests?|testing|examples?|samples?|demos?|docs?|benchmarks?|scripts?|tools?|hack|vendor)/"
)
_MANIFESTS = ("pyproject.toml", "setup.py", "setup.cfg", "uv.lock")
_REQUIREMENTS = (
    *("requirements.lock", "requirements.txt", "requirements/prod.txt", "requirements/production.txt"),
    "requirements/base.txt",
)
_INCLUDES = expression(r"(?m)^[ \t]*(?:-r|-c|--requirement|--constraint)[ =]?[ \t]*(\S+)")
_ELSEWHERE = expression(r"(?m)^[ \t]*(?:-e\b|--editable\b|\.{1,2}(?:/|\[|\s*$)|file:)|@ file:")
_VERSIONED = expression(r"hatch[-_]vcs|setuptools[-_]scm|versioneer|versioningit|dunamai|dynamic[-_]versioning|\bpbr\b")
_LINKED = expression(r"(?m)^\[tool\.uv\.(?:sources|workspace)\b|\b(?:workspace|path)\s*=\s*(?:true|[\"'])")
_FASTAPI = expression(r"(?m)^([A-Za-z_]\w*)[ \t]*(?::[^=\n]+)?=[ \t]*(?:fastapi\.)?FastAPI\(")
_STREAMLIT = expression(r"(?m)^(?:import|from) streamlit\b")
_HEALTH = r"@{}\.(?:get|api_route)\(\s*[\"'](/(?:\w+/)?(?:health\w*|livez|readyz|ping|status)/?)[\"']"
_MODULES = ("main", "app", "api", "server", "asgi", "__init__")
_PAGES = ("streamlit_app.py", "app.py", "main.py", "Home.py")
_SERVERS = expression(r"(?im)(?:^|[\"'\s])(?:uvicorn\b|fastapi\[)")


class Build(NamedTuple):
    """How what a part needs is installed: a template, and what goes into it."""

    template: str
    values: dict[str, str]


class Start(NamedTuple):
    """What runs."""

    what: str
    command: tuple[str, ...]
    port: int = 0
    """0 where nobody listens."""
    check: str = ""


def dockerfile(tree: Tree, wishes: Wishes) -> Drafts:
    """Write a Dockerfile and a .dockerignore for each part that can be run, where there is no image yet."""
    if tree.renews:
        yield from _of_part(posixpath.dirname(tree.renews), tree, wishes)
        return
    if not wishes.has_image:
        return
    present = [path for path in tree.paths if IS_DOCKERFILE.search(path) and not _ASIDE.search(path)]
    parts = sorted(_parts(tree))
    others = [path for path in present if posixpath.dirname(path) not in parts or posixpath.basename(path) != NAME]
    written = 0
    if others:
        yield Remark(others[0], "there is an image already, so none is written beside it")
        return
    for part in parts:
        if posixpath.join(part, NAME) in present:
            written += 1
            continue
        for item in _of_part(part, tree, wishes):
            written += 1
            yield item
    if not written:
        yield Remark(NAME, "no FastAPI or Streamlit application and no command was found that an image could run")


def takes(path: str) -> bool:
    """Say whether a file may be one of those that are written here."""
    return posixpath.basename(path) in (NAME, IGNORE)


def _parts(tree: Tree) -> set[str]:
    """Return the folders that tell what to install: the root, and those in it."""
    found = {_part(path) for path in tree.paths if not _ASIDE.search(path)}
    return {part for part in found if part is not None and "/" not in part}


def _part(path: str) -> str | None:
    folder, name = posixpath.split(path)
    if posixpath.basename(folder) == "requirements":
        folder, name = posixpath.dirname(folder), f"requirements/{name}"
    return folder if name in (*_MANIFESTS, *_REQUIREMENTS) else None


def _of_part(part: str, tree: Tree, wishes: Wishes) -> Iterator[Draft | Remark]:
    start = _started(part, tree)
    path = posixpath.join(part, NAME)
    if start is None:
        return
    if isinstance(start, str):
        yield Remark(path, start)
        return
    build = _built(part, tree, start)
    if isinstance(build, str):
        yield Remark(path, build)
        return
    values = {**build.values, **_run_values(start), "default": spelled(wishes.policy.default), "uv": _uv()}
    names = (build.template, "run-service" if start.port else "run-command")
    text = "".join(assets.read(f"templates/docker/{name}.Dockerfile").decode() for name in names)
    yield Draft(path, Template(text).substitute(values).encode(), f"{start.what}, in an image", is_whole=True)
    ignore = posixpath.join(part, IGNORE)
    if tree.read(ignore) is None:
        yield Draft(ignore, assets.read("templates/docker/dockerignore"), "what no image may have", is_whole=True)
    else:
        yield Remark(ignore, "it is there already; see that it leaves out .git, .venv and .env")


def _uv() -> str:
    """Return the uv that bootstrap.py pins: images install with the same one."""
    found = _UV.search(assets.read(BOOTSTRAPPER).decode())
    if found is None:
        raise LookupError("bootstrap.py pins no uv")
    return found[1]


def _run_values(start: Start) -> dict[str, str]:
    command = ", ".join(json.dumps(word) for word in start.command)
    return {"port": str(start.port), "check": start.check, "command": command}


# ---- what runs ------------------------------------------------------------------------------------------------------


def _started(part: str, tree: Tree) -> Start | str | None:
    """Return what runs, why it cannot be told, or None where nothing does."""
    declared = "\n".join(text_of(tree, path) for path in tree.paths if _belongs(path, part) and _is_list(path))
    if re.search(r"(?im)(?:^|[\"'\s])fastapi\b", declared):
        service = _service(part, tree)
        if service and not _SERVERS.search(declared):
            return "declare uvicorn, or fastapi[standard]: nothing that is declared serves the application"
        if service:
            return service
    if re.search(r"(?im)(?:^|[\"'\s])streamlit\b", declared):
        for page in _PAGES:
            if _STREAMLIT.search(text_of(tree, posixpath.join(part, page))):
                address = ("--server.address=0.0.0.0", "--server.port=8501", "--server.headless=true")
                return Start("the page", ("streamlit", "run", page, *address), 8501, _answers(8501, "/_stcore/health"))
    return _script(part, tree)


def _belongs(path: str, part: str) -> bool:
    return posixpath.dirname(path) in (part, posixpath.join(part, "requirements"))


def _is_list(path: str) -> bool:
    name = posixpath.basename(path)
    return name in _MANIFESTS[:3] or ("requirements" in path and name.endswith((".txt", ".in", ".lock")))


def _service(part: str, tree: Tree) -> Start | None:
    inside = f"{part}/" if part else ""
    files = [
        path for path in tree.paths if path.startswith(inside) and path.endswith(".py") and not _ASIDE.search(path)
    ]
    own = [path for path in files if posixpath.basename(path)[:-3] in _MODULES and path.count("/", len(inside)) < 3]
    for path in sorted(own, key=lambda one: (one.count("/"), _MODULES.index(posixpath.basename(one)[:-3]))):
        found = _FASTAPI.search(text_of(tree, path))
        if found:
            name = path.removeprefix(inside).removeprefix("src/").removesuffix(".py").removesuffix("/__init__")
            asked = re.compile(_HEALTH.format(found[1]))
            health = next((one[1] for file in files if (one := asked.search(text_of(tree, file)))), "")
            serve = ("uvicorn", f"{name.replace('/', '.')}:{found[1]}", "--host", "0.0.0.0", "--port", "8000")  # noqa: S104 - a container's own
            return Start("the service", serve, 8000, _answers(8000, health))
    return None


def _answers(port: int, health: str) -> str:
    """Return the program that fails where nothing answers; without a page for it, a connection has to do."""
    if health:
        return f"import urllib.request as r; r.urlopen('http://127.0.0.1:{port}{health}', timeout=4)"
    return f"import socket; socket.create_connection(('127.0.0.1', {port}), 4).close()"


def _script(part: str, tree: Tree) -> Start | str | None:
    """Return the command that a project installs: its only one, or the one that is called like it."""
    try:
        data = toml.load(tree.read(posixpath.join(part, "pyproject.toml")) or b"") or {}
    except MalformedFileError:
        return None
    project = data.get("project")
    scripts = project.get("scripts") if isinstance(project, dict) else None
    if not isinstance(scripts, dict) or not scripts:
        return None
    name = str(project.get("name")) if isinstance(project, dict) else ""
    chosen = name if name in scripts else next(iter(scripts)) if len(scripts) == 1 else None
    if chosen is None:
        return (
            f"it installs several commands ({', '.join(sorted(scripts))}), and which one an image runs is yours to say"
        )
    return Start("the command", (str(chosen),))


# ---- what is installed ----------------------------------------------------------------------------------------------


def _built(part: str, tree: Tree, start: Start) -> Build | str:
    """Return how a part is installed, or why that cannot be told."""
    inside = (
        {posixpath.relpath(path, part or ".") for path in tree.paths if posixpath.commonpath((part, path)) == part}
        if part
        else set(tree.paths)
    )
    project = text_of(tree, posixpath.join(part, "pyproject.toml"))
    is_project = "[project]" in project
    for lock, tool in (("poetry.lock", "Poetry"), ("pdm.lock", "PDM"), ("Pipfile.lock", "Pipenv")):
        if lock in inside:
            return f"images are written for uv and pip, and {tool} locks this part; write it by hand"
    if is_project and _VERSIONED.search(project):
        return "its version comes from git, which an image does not have; write it by hand"
    if _LINKED.search(project):
        return "it is built with other parts of the repository, and from where is yours to say"
    if is_project and "uv.lock" in inside:
        return Build("build-uv", {})
    named = [name for name in _REQUIREMENTS if name in inside]
    if named and start.port:
        return _of_requirements(part, named[0], tree)
    if is_project or "setup.py" in inside:
        return Build("build-project", {})
    return "nothing is declared there to install"


def _of_requirements(part: str, name: str, tree: Tree) -> Build | str:
    """Return how a list of requirements is installed, with all the lists that it includes."""
    found, left = {name: ""}, [name]
    while left:
        current = left.pop()
        text = text_of(tree, posixpath.join(part, current))
        if _ELSEWHERE.search(text):
            return f"{current} installs what lies elsewhere in the repository, and from where is yours to say"
        for include in _INCLUDES.findall(text):
            path = posixpath.normpath(posixpath.join(posixpath.dirname(current), include))
            if path.startswith("..") or tree.read(posixpath.join(part, path)) is None:
                return f"{current} includes {include}, which is not there"
            if path not in found:
                found[path] = ""
                left.append(path)
    folders = {posixpath.dirname(path) for path in found}
    if folders == {""}:
        files = f"{' '.join(sorted(found))} ./"
    elif len(folders) == 1:
        folder = folders.pop()
        files = f"{folder} ./{folder}"
    else:
        files = ". ."
    return Build("build-requirements", {"files": files, "requirements": name})
