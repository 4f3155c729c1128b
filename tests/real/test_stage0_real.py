"""Stage 0 with real interpreters, a real uv and a real (loopback) package index."""

import base64
import hashlib
import importlib.util
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tarfile
import threading
import time
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bootstrap.adopt.wrapper import for_repositories

pytestmark = [pytest.mark.real, pytest.mark.skipif(os.name == "nt", reason="signals and paths are POSIX here")]

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "bootstrap.py"
LOCK = ROOT / "bootstrap" / "installer.lock"
OWN_PYTHON = Path(sys._base_executable)
STAND_IN = """\
import json, os, sys
def main(told):
    told["index"] = json.loads(os.environ.pop("DEVSTRAP_INDEX"))
    import rich, tree_sitter, tree_sitter_json
    print(json.dumps({
        "told": told, "argv": sys.argv[1:], "version": sys.version_info[:2], "prefix": sys.pycache_prefix,
        "isolated": sys.flags.isolated, "utf8": sys.flags.utf8_mode, "home": os.environ.get("PYTHONHOME"),
        "rich": rich.__file__, "cached": os.path.exists(rich.__cached__),
    }))
    return 7
"""

VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"

spec = importlib.util.spec_from_file_location("stage0", SCRIPT)
stage0 = importlib.util.module_from_spec(spec)
spec.loader.exec_module(stage0)
UV_WHEEL = "uv-{}-{}.whl".format(stage0.UV_VERSION, stage0.UV_WHEELS.get(stage0.platform_name(), [""])[0])


# ---- a package index of our own, filled once from the configured one ----


def locked():
    text = LOCK.read_text(encoding="utf-8")
    for name, hashes in re.findall(r"^([\w.-]+)==\S+((?: \\\n +--hash=\S+)+)", text, re.MULTILINE):
        yield name, set(re.findall("sha256:([0-9a-f]+)", hashes))


def fits(name):
    """Say whether a wheel may be wanted by some Python of this machine."""
    _, _, python, _, platform = name.removesuffix(".whl").rsplit("-", 4)
    machine = stage0.platform_name().rpartition("-")[2].replace("aarch64", "(aarch64|arm64)")
    system = {"linux": "linux", "darwin": "macosx"}[sys.platform]
    return platform == "any" or bool(system in platform and re.search(machine, platform) and python != "cp310x")


@pytest.fixture(scope="session")
def index(tmp_path_factory):
    """Return the folder of a file index that holds uv's wheel and what the lock names."""
    folder = tmp_path_factory.mktemp("index")
    fetcher = stage0.Fetcher(stage0.Index(os.environ), stage0.Options(["--quiet"]), os.environ)
    wanted = [("uv", {stage0.UV_WHEELS[stage0.platform_name()][1]}), *locked()]
    for project, sums in wanted:
        page = []
        for place, who, is_flat in fetcher.index.places():
            url = stage0.split_name(place)[1]
            try:
                links = fetcher.links(url if is_flat else f"{url.rstrip('/')}/{project}/", who)
            except stage0.Failure as failure:
                pytest.skip(f"the package index cannot be reached: {failure}")
            for link, sha256 in links:
                name = stage0.file_name(link)
                if sha256 in sums and name.endswith(".whl") and fits(name) and name not in "".join(page):
                    (folder / name).write_bytes(fetcher.verified(link, who, name, sha256))
                    page.append(f'<a href="../../{name}#sha256={sha256}">{name}</a>')
        assert page, project
        (folder / "simple" / project).mkdir(parents=True)
        (folder / "simple" / project / "index.html").write_text("\n".join(page), encoding="utf-8")
    return folder


@pytest.fixture
def source(tmp_path):
    """Return a stand-in for devstrap that prints what it was told."""
    folder = tmp_path / "source"
    (folder / "bootstrap").mkdir(parents=True)
    (folder / "bootstrap" / "__init__.py").touch()
    (folder / "bootstrap" / "__main__.py").write_text(STAND_IN, encoding="utf-8")
    shutil.copy(LOCK, folder / "bootstrap")
    return folder


@pytest.fixture
def env(tmp_path, source, index):
    """Return a bare environment: a home of its own, no uv on PATH, one package index."""
    home = tmp_path / "home"
    home.mkdir()
    return {
        "HOME": str(home),
        "PATH": os.pathsep.join(["/usr/bin", "/bin", str(OWN_PYTHON.parent)]),
        "PIP_CONFIG_FILE": os.devnull,
        "UV_DEFAULT_INDEX": str(index / "simple"),
        "UV_HTTP_RETRIES": "0",
        "DEVSTRAP_SOURCE": str(source),
    }


def start(env, *argv, python=OWN_PYTHON, script=SCRIPT, **options):
    return subprocess.run([python, script, *argv], env=env, capture_output=True, text=True, check=False, **options)


def cache(env):
    return Path(stage0.cache_folder(env))


def leftovers(env):
    return [str(path) for path in cache(env).glob("*/" + stage0.UNFINISHED + "*")]


def check_ready(done):
    """Return what the stand-in printed."""
    assert done.returncode == 7, done.stderr
    return json.loads(done.stdout)


def check_refused(done, env, *words):
    """Check for one error with its remedy, nothing on stdout, and nothing half-made."""
    assert done.returncode == 2, done.stderr
    assert len(re.findall("^error: ", done.stderr, re.MULTILINE)) == 1
    assert "\n  fix: " in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    for word in words:
        assert word in done.stderr
    assert leftovers(env) == []


# ---- interpreters ----


def interpreter(version):
    """Return the path of a real Python of that version, or None; shims are not followed."""
    roots = [os.environ.get("PYENV_ROOT", ""), os.path.expanduser("~/.pyenv")]
    for root in filter(None, roots):
        for path in sorted(Path(root, "versions").glob(version + ".*/bin/python")):
            return path
    return next((Path(path) for path in stage0.on_path("python" + version, os.environ)), None)


@pytest.mark.parametrize("version", [f"3.{minor}" for minor in range(6, 16)])
def test_every_python_from_3_6_on_gets_there_from_nothing(version, env):
    python = interpreter(version)
    if python is None:
        pytest.skip(f"there is no Python {version} on this machine")
    first = start(env, "--yes", "é b", python=python)
    told = check_ready(first)
    assert told["argv"] == ["--yes", "é b"]
    assert "getting uv" in first.stderr
    assert told["told"]["caller"]["version"].startswith(version + ".")
    assert told["isolated"] == told["utf8"] == 1
    second = start(env, python=python)
    check_ready(second)
    assert second.stderr == ""
    assert leftovers(env) == []


def test_the_systems_python_without_pip_and_venv_gets_there(env):
    python = Path("/usr/bin/python3")
    if not python.exists() or sys.platform == "darwin":
        pytest.skip("there is no /usr/bin/python3 that is a Python")
    check_ready(start(env, python=python))


@pytest.mark.parametrize("is_copy", [False, True], ids=["as it is here", "as repositories get it"])
def test_python_2_7_says_one_sentence(env, tmp_path, is_copy):
    python = interpreter("2.7")
    if python is None:
        pytest.skip("there is no Python 2.7 on this machine")
    script = tmp_path / "bootstrap.py" if is_copy else SCRIPT
    if is_copy:
        script.write_bytes(for_repositories(SCRIPT.read_bytes()))
    done = start(env, "--yes", python=python, script=script)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "2.7." in done.stderr
    assert str(python) in done.stderr
    assert f"type: python3 {script} --yes" in done.stderr
    assert os.listdir(env["HOME"]) == []


# ---- ordinary starts ----


def test_stage_1_is_told_what_it_needs_and_a_checkout_stays_untouched(env, source):
    before = sorted(source.rglob("*"))
    told = check_ready(start({**env, "PYTHONHOME": "", "PYTHONDONTWRITEBYTECODE": "1"}))
    handoff = told["told"]
    assert set(handoff) == {"uv", "cache", "script", "source", "caller", "index", "no_index", "started"}
    assert handoff["cache"] == str(cache(env))
    assert handoff["script"] == str(SCRIPT)
    assert handoff["source"] == str(source)
    assert handoff["index"]["UV_DEFAULT_INDEX"] == "file://" + env["UV_DEFAULT_INDEX"]
    assert handoff["started"] <= time.time()
    assert Path(handoff["caller"]["base_prefix"]) == Path(sys.base_prefix)
    version = subprocess.run([handoff["uv"], "--version"], capture_output=True, text=True, check=True).stdout
    assert version.startswith("uv " + stage0.UV_VERSION)
    assert told["home"] == ""
    assert sorted(source.rglob("*")) == before
    assert told["prefix"] == str(cache(env) / "pycache")
    assert told["cached"]


def test_a_wheel_is_unpacked_and_compiled(env, tmp_path):
    wheel = tmp_path / "devstrap-0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in (("__init__.py", ""), ("__main__.py", STAND_IN), ("installer.lock", LOCK.read_text())):
            archive.writestr("bootstrap/" + name, text)
    told = check_ready(start({**env, "DEVSTRAP_SOURCE": str(wheel)}))
    assert told["prefix"] is None
    assert told["cached"]
    lib = Path(told["rich"]).parent.parent
    assert lib.parent.parent == cache(env) / "installer"
    assert list((lib / "bootstrap" / "__pycache__").glob("__main__.*.pyc"))


def test_a_copied_bootstrap_py_takes_the_pinned_version_from_the_index(env, index, tmp_path):
    pages = tmp_path / "pages"
    shutil.copytree(index / "simple", pages / "simple")
    for name in os.listdir(index):
        if name.endswith(".whl"):
            (pages / name).symlink_to(index / name)
    name = f"devstrap-{stage0.VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(pages / name, "w") as archive:
        for member, text in (("__init__.py", ""), ("__main__.py", STAND_IN), ("installer.lock", LOCK.read_text())):
            archive.writestr("bootstrap/" + member, text)
    sha256 = hashlib.sha256((pages / name).read_bytes()).hexdigest()
    (pages / "simple" / "devstrap").mkdir()
    (pages / "simple" / "devstrap" / "index.html").write_text(f'<a href="../../{name}#sha256={sha256}">{name}</a>')
    copied = tmp_path / "repository" / "bootstrap.py"
    copied.parent.mkdir()
    copied.write_bytes(for_repositories(SCRIPT.read_bytes()))
    env["UV_DEFAULT_INDEX"] = str(pages / "simple")
    del env["DEVSTRAP_SOURCE"]
    assert check_ready(start(env, script=copied))["told"]["source"] == "devstrap==" + stage0.VERSION
    unsaid = {**env, "DEVSTRAP_CACHE_DIR": env["HOME"] + "/unsaid", "PIP_NO_INDEX": "1", "UV_FIND_LINKS": str(pages)}
    del unsaid["UV_DEFAULT_INDEX"]
    refused = start(unsaid, script=copied)
    check_refused(
        refused, unsaid, "states no SHA-256", f"{pages} (UV_FIND_LINKS)", "fix: set DEVSTRAP_SOURCE to a wheel"
    )
    check_ready(start({**unsaid, "DEVSTRAP_SOURCE": str(pages / name)}, script=copied))
    copied.write_text(SCRIPT.read_text().replace('WHEEL_SHA256 = ""', f'WHEEL_SHA256 = "{"0" * 64}"'))
    check_refused(start(env, script=copied), env, "wrong checksum", sha256, "0" * 64)


def test_an_active_environment_of_another_project_does_not_leak_in(env, tmp_path):
    environment = tmp_path / "other"
    subprocess.run([OWN_PYTHON, "-m", "venv", "--without-pip", environment], check=True)
    env["PATH"] = f"{environment / 'bin'}{os.pathsep}{env['PATH']}"
    env.update(
        VIRTUAL_ENV=str(environment), UV_PROJECT_ENVIRONMENT=str(environment), UV_PYTHON="3.6", PYTHONPATH="/none"
    )
    check_ready(start(env, python=environment / "bin" / "python"))
    marker = next(cache(env).glob("installer/*/ready")).read_text()
    assert str(environment) not in marker


def test_an_update_of_its_python_keeps_the_environment_and_another_version_builds_it_anew(env):
    check_ready(start(env))
    marker = next(cache(env).glob("installer/*/ready"))
    written = marker.read_text()
    python, stamp, version, *_ = written.split("\n")
    marker.write_text(written.replace(stamp, "1-1"))
    updated = start(env)
    check_ready(updated)
    assert updated.stderr == ""
    assert marker.read_text() == written
    for gone in (written.replace(stamp, "1-1").replace(version, "3.0", 1), written.replace(python, "/none/python")):
        marker.write_text(gone)
        again = start(env)
        check_ready(again)
        assert "installing devstrap's own packages" in again.stderr
        assert marker.read_text() == written
    assert leftovers(env) == []


def test_a_uv_that_the_person_names_is_used(env):
    check_ready(start(env))
    uv = next(cache(env).glob("uv/*/uv"))
    named = cache(env).parent / "mine"
    shutil.copy(uv, named)
    for chosen, expected in ((named, named), ("", uv), (named, named)):
        done = start({**env, "DEVSTRAP_UV": str(chosen)})
        assert check_ready(done)["told"]["uv"] == str(expected)
        assert done.stderr == ""


def test_a_uv_that_was_named_for_the_first_start_does_not_stick(env, index, tmp_path):
    tag = stage0.UV_WHEELS[stage0.platform_name()][0]
    stage0.unpack((index / UV_WHEEL).read_bytes(), tag, str(tmp_path), only="uv")
    named = tmp_path / "uv"
    named.chmod(0o755)
    assert check_ready(start({**env, "DEVSTRAP_UV": str(named)}))["told"]["uv"] == str(named)
    assert not list(cache(env).glob("uv/*"))
    named.unlink()
    done = start(env)
    assert check_ready(done)["told"]["uv"] == str(next(cache(env).glob("uv/*/uv")))
    assert "installing devstrap's own packages" not in done.stderr


# ---- loopback servers ----


class Site:
    """What the index of a test does, and what it was asked."""

    def __init__(self, folder):
        self.folder = folder
        self.requests = []
        self.json = False
        self.authorization = ""
        self.answers = {}  # file or project name: (status, content type, body, length to claim)
        self.stalls = False
        self.failures = 0


@pytest.fixture
def site(index):  # noqa: C901 - a web server is a row of cases
    """Return a running package index at `site.url`."""
    made = Site(index)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            path = urlsplit(self.path).path
            made.requests.append((self.path, self.headers.get("Authorization")))
            name = path.strip("/").rpartition("/")[2]
            if made.authorization and self.headers.get("Authorization") != made.authorization:
                return self.answer(401, "text/plain", b"who are you?")
            if made.failures:
                made.failures -= 1
                return self.answer(503, "text/plain", b"later")
            if name in made.answers:
                return self.answer(*made.answers[name])
            page = made.folder / "simple" / name / "index.html"
            if page.is_file() and made.json:
                links = re.findall(r'href="../..(.*?)#sha256=(\w+)"', page.read_text())
                files = [{"filename": x[1:], "url": "../.." + x, "hashes": {"sha256": y}} for x, y in links]
                body = json.dumps({"meta": {"api-version": "1.0"}, "name": name, "files": files}).encode()
                return self.answer(200, "application/vnd.pypi.simple.v1+json", body)
            path = page if page.is_file() else made.folder / name
            if not path.is_file():
                return self.answer(404, "text/plain", b"no")
            return self.answer(200, "text/html" if path == page else "application/octet-stream", path.read_bytes())

        def answer(self, status, kind, body, length=None):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(length or len(body)))
            if status == 401:
                self.send_header("WWW-Authenticate", "Basic")
            self.end_headers()
            if made.stalls and kind == "application/octet-stream":
                self.wfile.write(body[: len(body) // 2])
                self.wfile.flush()
                stopped.wait()
            else:
                self.wfile.write(body)

        def log_message(self, *args):
            pass

    stopped = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made.host = f"127.0.0.1:{server.server_port}"
    made.url = f"http://{made.host}/simple"
    yield made
    stopped.set()
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("as_json", [False, True], ids=["html", "json"])
def test_an_http_index_works(env, site, as_json):
    site.json = as_json
    env["UV_DEFAULT_INDEX"] = site.url
    check_ready(start(env))


def test_an_index_that_is_busy_for_a_moment_works(env, site):
    site.failures = 2
    env["UV_DEFAULT_INDEX"] = site.url
    check_ready(start(env))


def test_a_proxy_from_pips_settings_is_used(env, site):
    env.update(UV_DEFAULT_INDEX="http://index.invalid/simple", PIP_PROXY=site.host)
    check_ready(start(env))
    assert all(path.startswith("http://index.invalid/") for path, _ in site.requests)


def test_credentials_in_the_url_are_sent_and_never_shown(env, site):
    site.authorization = "Basic " + base64.b64encode(b"me:s3cr:et").decode()
    env["UV_DEFAULT_INDEX"] = f"http://me:s3cr%3Aet@{site.host}/simple"
    done = start(env)
    check_ready(done)
    assert "s3cr" not in done.stderr
    env.update(UV_DEFAULT_INDEX=f"http://me:wr0ng@{site.host}/simple", DEVSTRAP_CACHE_DIR=env["HOME"] + "/other")
    refused = start(env)
    check_refused(refused, env, site.host, "UV_DEFAULT_INDEX", "refuses access")
    assert "wr0ng" not in refused.stderr


def test_credentials_from_netrc_are_sent(env, site):
    site.authorization = "Basic " + base64.b64encode(b"me:secret").decode()
    netrc = Path(env["HOME"], ".netrc")
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    netrc.chmod(0o600)
    env["UV_DEFAULT_INDEX"] = site.url
    check_ready(start(env))


def test_a_wrong_checksum_is_refused(env, site):
    site.answers[UV_WHEEL] = (200, "application/octet-stream", b"not uv")
    env["UV_DEFAULT_INDEX"] = site.url
    check_refused(start(env), env, "wrong checksum", site.host, "UV_DEFAULT_INDEX")
    assert not list(cache(env).glob("uv/*"))


def test_a_truncated_file_is_refused_after_trying_again(env, site, index):
    body = (index / UV_WHEEL).read_bytes()
    site.answers[UV_WHEEL] = (200, "application/octet-stream", body[:2000000], len(body))
    env["UV_DEFAULT_INDEX"] = site.url
    check_refused(start(env), env, f"broke off after 2000000 of {len(body)} bytes", site.host)
    assert sum(path.endswith(UV_WHEEL) for path, _ in site.requests) == 3


def test_the_login_page_of_a_network_is_recognised(env, site):
    env["UV_DEFAULT_INDEX"] = site.url
    page = (200, "text/html", b'<html><a href="/login">Welcome to our wireless network</a></html>')
    site.answers["uv"] = page
    check_refused(start(env), env, "lists no packages", "log in", site.host)
    del site.answers["uv"]
    site.answers[UV_WHEEL] = page
    check_refused(start(env), env, "a web page (of a network that wants a login?)")


def test_an_index_without_uv_is_told_so(env, site):
    site.answers["uv"] = (404, "text/plain", b"")
    env["UV_DEFAULT_INDEX"] = site.url
    check_refused(start(env), env, UV_WHEEL, "has no such file", "DEVSTRAP_UV")


def test_an_index_without_one_of_the_packages_is_told_so(env, site):
    site.answers["rich"] = (404, "text/plain", b"")
    env["UV_DEFAULT_INDEX"] = site.url
    check_refused(start(env), env, "rich", site.host, "UV_DEFAULT_INDEX")


def test_an_index_that_is_down_is_told_so(env):
    env["UV_DEFAULT_INDEX"] = "http://127.0.0.1:9/simple"
    check_refused(start(env), env, "127.0.0.1:9 (UV_DEFAULT_INDEX)", "check the network")


def test_offline_says_what_is_missing_and_works_with_a_file_index(env, site):
    done = start({**env, "UV_DEFAULT_INDEX": site.url}, "--offline")
    check_refused(done, env, "--offline forbids")
    assert site.requests == []
    check_ready(start(env, "--offline"))


def test_with_json_the_error_is_one_object_on_stdout(env):
    env["UV_DEFAULT_INDEX"] = "http://127.0.0.1:9/simple"
    done = start(env, "guard", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["exit_code"], told["command"]) == (2, 2, "guard")
    assert told["error"]["code"] == "no-network"


# ---- rough treatment ----


def test_what_was_not_used_for_long_goes_when_something_new_is_built(env, source):
    check_ready(start(env))
    old = next(cache(env).glob("installer/*"))
    (source / "bootstrap" / "installer.lock").write_text("# another\n" + LOCK.read_text(), encoding="utf-8")
    os.utime(old / "ready", (1, 1))
    done = start(env)
    check_ready(done)
    assert old.name not in done.stderr
    assert [path.name for path in cache(env).glob("installer/*") if path == old] == []
    assert len(os.listdir(cache(env) / "installer")) == 1


def test_two_first_starts_at_once_both_succeed(env):
    both = [
        subprocess.Popen([OWN_PYTHON, SCRIPT], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    for process in both:
        _, stderr = process.communicate()
        assert process.returncode == 7, stderr
    assert leftovers(env) == []
    assert len(list(cache(env).glob("installer/*"))) == 1


def stalled(env, site):
    """Return a first start that is in the middle of fetching uv."""
    site.stalls = True
    env["UV_DEFAULT_INDEX"] = site.url
    process = subprocess.Popen([OWN_PYTHON, SCRIPT], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not any(path.endswith(UV_WHEEL) for path, _ in site.requests):
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    return process


def test_after_kill_9_the_next_start_is_clean(env, site):
    process = stalled(env, site)
    process.kill()
    process.communicate()
    assert len(leftovers(env)) == 1
    assert not list(cache(env).glob("uv/[0-9]*"))
    site.stalls = False
    check_ready(start(env))
    os.utime(leftovers(env)[0], (1, 1))
    shutil.rmtree(next(cache(env).glob("uv/[0-9]*")))
    check_ready(start(env))
    assert leftovers(env) == []


def test_ctrl_c_leaves_nothing_half_made(env, site):
    process = stalled(env, site)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate()
    assert (process.returncode, stdout) == (130, "")
    assert "interrupted" in stderr
    assert "Traceback" not in stderr
    assert leftovers(env) == []


def test_a_cache_that_cannot_be_made_is_told_so(env, tmp_path):
    (tmp_path / "file").touch()
    env["DEVSTRAP_CACHE_DIR"] = str(tmp_path / "file" / "cache")
    check_refused(start(env), env, str(tmp_path / "file"), "DEVSTRAP_CACHE_DIR")


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_a_read_only_cache_is_told_so_and_a_filled_one_works(env):
    Path(env["HOME"]).chmod(0o500)
    check_refused(start(env), env, "Permission denied", "DEVSTRAP_CACHE_DIR")
    Path(env["HOME"]).chmod(0o700)
    check_ready(start(env))
    for path in cache(env).rglob("*"):
        path.chmod(path.stat().st_mode & ~0o222)
    check_ready(start(env))


def test_no_room_for_uv_leaves_nothing_half_made(env):
    """A limit on the size of files fails in the same place as a full disk."""
    done = start(env, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000000, 1000000)))
    check_refused(done, env, "too large", "DEVSTRAP_CACHE_DIR")
    assert not list(cache(env).glob("uv/*"))


def mirror(folder):
    """Make an archive of the Python that runs the tests, and the list by which uv finds it; return the list's URL."""
    base, version = Path(sys.base_prefix), VERSION
    left_out = {"__pycache__", "test", "tests", "site-packages", "idlelib", "tkinter", "ensurepip", "lib2to3"}
    archive = folder / "python.tar.gz"
    with tarfile.open(archive, "w:gz", compresslevel=1) as tar:
        keep = lambda member: None if left_out & set(member.name.split("/")) else member  # noqa: E731
        tar.add(base / "bin" / f"python{version}", f"python/bin/python{version}")
        tar.add(base / "lib" / f"python{version}", f"python/lib/python{version}", filter=keep)
        for library in (base / "lib").glob("libpython*"):
            if library.suffix != ".a":
                tar.add(library, f"python/lib/{library.name}")
    system, libc, machine = stage0.platform_name().replace("macos", "darwin-none").split("-")
    entry = {
        "name": "cpython", "arch": {"family": machine, "variant": None},
        "os": system, "libc": libc, "major": sys.version_info[0], "minor": sys.version_info[1],
        "patch": sys.version_info[2], "prerelease": "", "variant": None, "url": archive.as_uri(),
        "sha256": hashlib.sha256(archive.read_bytes()).hexdigest(),
    }  # fmt: skip
    listing = folder / "downloads.json"
    listing.write_text(json.dumps({f"cpython-{version}.0-test": entry}))
    return listing.as_uri()


@pytest.fixture
def lonely(env, tmp_path):
    """Return `env` and a start in it by an old Python that finds no suitable one anywhere on the machine."""
    old = next(filter(None, map(interpreter, ("3.6", "3.7", "3.8", "3.9", "3.10"))), None)
    if old is None:
        pytest.skip("there is no Python before 3.11 on this machine")
    env["PATH"] = str(tmp_path / "empty")
    script = tmp_path / "repository" / "bootstrap.py"
    script.parent.mkdir()
    text = SCRIPT.read_text(encoding="utf-8").replace('"/usr/bin"', '"/none"').replace('"/usr/local/bin"', '"/none"')
    script.write_text(text, encoding="utf-8")
    return env, lambda *argv: start(env, *argv, python=old, script=script)


def test_a_python_is_installed_where_there_is_none(lonely, tmp_path):
    env, begin = lonely
    if sys.base_prefix == "/usr" or stage0.PYTHONS[0] != VERSION:
        pytest.skip(f"an archive has to be made of a Python {stage0.PYTHONS[0]} with a prefix of its own")
    env["UV_PYTHON_DOWNLOADS_JSON_URL"] = mirror(tmp_path)
    done = begin()
    told = check_ready(done)
    assert f"installing Python {VERSION}" in done.stderr
    assert told["version"] == list(sys.version_info[:2])
    assert not Path(env["HOME"], ".local", "bin").exists()
    assert begin().stderr == ""


def test_where_no_python_can_be_installed_it_says_what_to_do(lonely, tmp_path):
    env, begin = lonely
    check_refused(begin("--offline"), env, "none is here", "--offline")
    listing = tmp_path / "downloads.json"
    listing.write_text("{}")
    env["UV_PYTHON_DOWNLOADS_JSON_URL"] = listing.as_uri()
    check_refused(begin("--quiet"), env, "cannot install Python", "UV_PYTHON_INSTALL_MIRROR")
