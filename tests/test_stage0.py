"""Stage 0 without a network: its pure parts, in this process."""

import ast
import configparser
import hashlib
import importlib.util
import io
import json
import os
import re
import subprocess
import sys
import time
import tomllib
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement

from bootstrap.adopt.wrapper import for_repositories

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "bootstrap.py"
LOCK = ROOT / "bootstrap" / "installer.lock"


def load_stage0():
    spec = importlib.util.spec_from_file_location("stage0", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


stage0 = load_stage0()


@pytest.fixture
def home(tmp_path):
    """Return an environment that knows nothing but an empty home and no configuration of the system."""
    return {"HOME": str(tmp_path), "USERPROFILE": str(tmp_path), "XDG_CONFIG_DIRS": str(tmp_path / "xdg")}


@pytest.fixture
def no_system_files(monkeypatch):
    """Hide /etc/pip.conf and its like, which may exist where the tests run."""
    real = stage0.read_text

    def read_text(path):
        return "" if str(path).startswith(("/etc", sys.prefix, "/Library")) else real(path)

    monkeypatch.setattr(stage0, "read_text", read_text)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def wheel_of(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def finished(folder, python, uv, env=None):
    """Write the marker of a finished environment and return the path of it."""
    folder.mkdir(parents=True, exist_ok=True)
    installer = stage0.Installer(str(folder), str(python), "3.12")
    installer.use(str(uv), env or {})
    installer.write()
    return folder / "ready"


def fetcher_for(env, *argv):
    return stage0.Fetcher(stage0.Index(env), stage0.Options(["--quiet", *argv]), env)


# ---- the file itself ----


def test_it_uses_no_syntax_that_python_3_6_lacks():
    ast.parse(SCRIPT.read_text(encoding="ascii"), feature_version=(3, 6))


def test_it_has_no_annotation_no_format_string_and_no_keyword_only_argument():
    for node in ast.walk(ast.parse(SCRIPT.read_text(encoding="ascii"))):
        assert not isinstance(node, ast.JoinedStr | ast.AnnAssign | ast.NamedExpr | ast.Nonlocal)
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            assert not node.args.kwonlyargs
        if isinstance(node, ast.Raise):
            assert node.cause is None


def test_the_version_gate_stands_before_every_import_but_sys():
    names = [type(node).__name__ for node in ast.parse(SCRIPT.read_text(encoding="ascii")).body[:4]]
    assert names == ["Expr", "Import", "If", "Import"]


def test_an_ordinary_start_imports_only_what_every_python_has_loaded(tmp_path):
    """Counts the modules up to the handing over, from a finished installer's environment."""
    code = (
        "import sys; sys.path[:0] = [%r]; before = set(sys.modules)\n"
        "import importlib.util as u; s = u.spec_from_file_location('stage0', %r); m = u.module_from_spec(s)\n"
        "before |= set(sys.modules); s.loader.exec_module(m)\n"
        "def become(*_):\n    print(sorted(set(sys.modules) - before - {'stage0'}))\n    sys.exit()\n"
        "m.os.execve = become\n"
        "m.main(['--json'])\n"
    )
    (tmp_path / "src" / "bootstrap").mkdir(parents=True)
    source = stage0.folder_source(str(ROOT))
    folder = tmp_path / "cache" / "installer" / source.key
    finished(folder, sys.executable, sys.executable)
    env = {
        "HOME": str(tmp_path),
        "DEVSTRAP_CACHE_DIR": str(tmp_path / "cache"),
        "DEVSTRAP_SOURCE": str(ROOT),
        "UV_INDEX_URL": "http://127.0.0.1:9/simple",
        "UV_FIND_LINKS": "/plain/folder",
    }
    done = subprocess.run(
        [sys.executable, "-c", code % (str(ROOT), str(SCRIPT))],
        env=env, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert set(ast.literal_eval(done.stdout)) <= {"_sha2", "_sha256", "time"}


def test_every_wheel_of_uv_is_pinned_by_a_sha256():
    assert all(re.fullmatch("[0-9a-f]{64}", sha256) for _, sha256 in stage0.UV_WHEELS.values())
    assert all(tag.startswith("py3-none-") for tag, _ in stage0.UV_WHEELS.values())


def test_only_the_default_index_names_a_host():
    text = SCRIPT.read_text(encoding="ascii")
    assert re.findall(r"https?://[\w.]+", text.replace(stage0.DEFAULT_INDEX, "")) == []
    assert "://" not in LOCK.read_text(encoding="utf-8")


def test_the_lock_satisfies_the_dependencies_and_hashes_all_that_is_in_it():
    text = LOCK.read_text(encoding="utf-8").replace("\\\n", " ")
    locked = {}
    for line in text.splitlines():
        requirement = Requirement(line.partition(" --hash")[0].strip())
        locked[requirement.name] = str(requirement.specifier).removeprefix("==")
        assert "--hash=sha256:" in line
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for requirement in map(Requirement, project["dependencies"]):
        assert requirement.specifier.contains(locked[requirement.name])
    assert project["version"] == stage0.VERSION


# ---- options ----


def test_what_follows_run_belongs_to_the_command():
    options = stage0.Options(["--quiet", "run", "pytest", "--json", "-v", "--offline"])
    assert (options.quiet, options.json, options.verbose, options.offline) == (True, False, False, False)
    assert options.command == "run"


def test_offline_can_be_asked_of_uv_as_well():
    assert stage0.Options([], {"UV_OFFLINE": "1"}).offline
    assert not stage0.Options([], {}).offline


def test_the_default_command_is_setup():
    assert stage0.Options(["--json", "--python", "3.12"]).command == "setup"


@pytest.mark.parametrize(
    ("argv", "command"),
    [
        (["--root", "foo"], "setup"),
        (["--root", "undo", "--yes"], "setup"),
        (["--root", "foo", "guard"], "guard"),
        (["--yes", "undo"], "undo"),
        (["run", "guard"], "run"),
    ],
)
def test_the_value_of_an_option_is_not_taken_for_the_command(argv, command):
    assert stage0.Options(argv).command == command


# ---- folders ----


def test_a_relative_xdg_cache_home_is_ignored(home, monkeypatch):
    monkeypatch.setattr(stage0.sys, "platform", "linux")
    home["XDG_CACHE_HOME"] = "relative"
    assert stage0.cache_folder(home) == os.path.join(home["HOME"], ".cache", "devstrap")


def test_the_cache_is_where_the_person_or_the_system_wants_it(home, monkeypatch, tmp_path):
    monkeypatch.setattr(stage0.sys, "platform", "darwin")
    assert stage0.cache_folder(home) == str(tmp_path / "Library" / "Caches" / "devstrap")
    monkeypatch.setattr(stage0.sys, "platform", "linux")
    assert stage0.cache_folder({**home, "XDG_CACHE_HOME": "/x"}) == "/x/devstrap"
    assert stage0.cache_folder({**home, "DEVSTRAP_CACHE_DIR": str(tmp_path / "c")}) == str(tmp_path / "c")
    monkeypatch.setattr(stage0, "IS_WINDOWS", True)
    assert stage0.cache_folder({**home, "LOCALAPPDATA": "L"}) == os.path.join("L", "devstrap", "Cache")


@pytest.mark.parametrize("env", [{"HOME": "relative"}, {}, {"HOME": stage0.NO_HOME}])
def test_without_a_home_it_says_what_to_set(monkeypatch, env):
    monkeypatch.setattr(stage0.os, "getuid", lambda: 987654321)
    with pytest.raises(stage0.Failure, match="no home folder") as caught:
        stage0.cache_folder(env)
    assert "DEVSTRAP_CACHE_DIR" in caught.value.remedy
    assert stage0.cache_folder({**env, "DEVSTRAP_CACHE_DIR": "/cache"}) == "/cache"
    assert not any(path.startswith("relative") for path in stage0.config_files(env, "uv", "uv.toml"))


def test_a_folder_that_another_run_finished_first_is_left_as_it_is(tmp_path):
    final = tmp_path / "final"

    def fill(work):
        Path(work, "mine").touch()
        write(final / "theirs", "")

    stage0.build_aside(str(final), (final / "theirs").exists, fill)
    assert os.listdir(tmp_path) == ["final"]
    assert os.listdir(final) == ["theirs"]


def test_a_folder_that_is_no_longer_good_is_replaced(tmp_path):
    final = tmp_path / "final"
    write(final / "old", "")
    stage0.build_aside(str(final), (final / "new").exists, lambda work: Path(work, "new").touch())
    assert os.listdir(tmp_path) == ["final"]
    assert os.listdir(final) == ["new"]


def test_a_build_that_fails_leaves_nothing(tmp_path):
    with pytest.raises(ZeroDivisionError):
        stage0.build_aside(str(tmp_path / "final"), lambda: False, lambda work: 1 / 0)
    assert os.listdir(tmp_path) == []


def test_only_old_leftovers_of_killed_builds_are_swept_away(tmp_path):
    old, young = tmp_path / (stage0.UNFINISHED + "old"), tmp_path / (stage0.UNFINISHED + "young")
    for folder in (old, young):
        write(folder / "file", "")
    os.utime(old, (1, 1))
    stage0.build_aside(str(tmp_path / "final"), lambda: False, lambda work: None)
    assert sorted(os.listdir(tmp_path)) == sorted([young.name, "final"])


def test_the_platform_is_one_that_uv_has_a_wheel_for():
    assert stage0.platform_name() in stage0.UV_WHEELS


@pytest.mark.parametrize(
    ("platform", "machine", "libc", "expected"),
    [
        ("linux", "x86_64", "glibc 2.36", "linux-gnu-x86_64"),
        ("linux", "aarch64", "", "linux-musl-aarch64"),
        ("darwin", "arm64", "", "macos-aarch64"),
        ("freebsd14", "amd64", "", "freebsd14-musl-x86_64"),
    ],
)
def test_platforms_have_one_spelling(monkeypatch, platform, machine, libc, expected):
    monkeypatch.setattr(stage0.sys, "platform", platform)
    monkeypatch.setattr(stage0.os, "uname", lambda: type("uname", (), {"machine": machine}))
    monkeypatch.setattr(stage0.os, "confstr", lambda name: libc)
    assert stage0.platform_name() == expected


def test_windows_on_arm_is_told_by_its_variable(monkeypatch):
    monkeypatch.setattr(stage0, "IS_WINDOWS", True)
    monkeypatch.setenv("PROCESSOR_ARCHITECTURE", "ARM64")
    assert stage0.platform_name() == "windows-aarch64"


def test_a_32_bit_python_is_not_given_a_64_bit_uv(monkeypatch):
    monkeypatch.setattr(stage0.sys, "platform", "linux")
    monkeypatch.setattr(stage0.sys, "maxsize", 2**31 - 1)
    assert stage0.platform_name() not in stage0.UV_WHEELS


# ---- settings of uv and pip ----

PIP_CONF = """\
# a comment
[global]
index-url = https://host.invalid/simple
extra_index_url =
    https://one.invalid/simple
    ; not this
    https://two.invalid/simple
cert: /some/ca.pem
[install]
index-url = https://install.invalid/simple
"""


def test_pip_conf_is_read_as_configparser_reads_it():
    parser = configparser.RawConfigParser()
    parser.read_string(PIP_CONF)
    expected = {
        section: {option.replace("_", "-"): value.strip() for option, value in parser.items(section)}
        for section in parser.sections()
    }
    found = stage0.read_ini(PIP_CONF)
    assert {s: {o: v.strip() for o, v in options.items()} for s, options in found.items()} == expected


UV_TOML = """\
index-url = "https://old.invalid/simple"  # "comment"
no-index = true
find-links = ["/one", 'https://two.invalid/#frag']
extra-index-url = [
    "https://a.invalid/?x=1", # why
    "https://b.invalid",
]

[[index]]
name = "corp"
url = "https://corp.invalid/simple"
default = true

[[index]]
url = 'https://other.invalid/simple'
explicit = true

[pip]
index-url = "https://pip.invalid"
"""


def test_the_small_toml_reader_agrees_with_tomllib(monkeypatch):
    expected = tomllib.loads(UV_TOML)
    monkeypatch.setitem(sys.modules, "tomllib", None)
    found = stage0.read_toml(UV_TOML)
    assert found == expected


def test_a_broken_uv_toml_is_passed_over():
    assert stage0.read_toml("index-url = [") == {}


def test_the_order_of_the_settings_that_choose_the_index(home, tmp_path, no_system_files):
    """Takes the strongest setting away, one after the other."""
    home.update(
        UV_DEFAULT_INDEX="corp=https://one.invalid/",
        UV_INDEX_URL="https://two.invalid/",
        PIP_INDEX_URL="https://four.invalid/",
        PIP_CONFIG_FILE=str(write(tmp_path / "chosen.conf", "[global]\nindex-url = https://five.invalid/\n")),
    )
    uv_toml = write(tmp_path / ".config" / "uv" / "uv.toml", 'index-url = "https://three.invalid/"\n')
    pip_conf = write(tmp_path / ".config" / "pip" / "pip.conf", "[global]\nindex-url = https://six.invalid/\n")
    legacy = write(tmp_path / ".pip" / "pip.conf", "[global]\nindex-url = https://seven.invalid/\n")
    shared = write(tmp_path / "xdg" / "pip" / "pip.conf", "[global]\nindex-url = https://eight.invalid/\n")
    found = []
    takes_away = [
        lambda: home.pop("UV_DEFAULT_INDEX"),
        lambda: home.pop("UV_INDEX_URL"),
        uv_toml.unlink,
        lambda: home.pop("PIP_INDEX_URL"),
        lambda: home.pop("PIP_CONFIG_FILE"),
        pip_conf.unlink,
        legacy.unlink,
        shared.unlink,
    ]
    for take_away in takes_away:
        found.append(stage0.Index(home).default[0][0])
        take_away()
    names = ["one", "two", "three", "four", "five", "six", "seven", "eight"]
    assert found == [("corp=" if name == "one" else "") + f"https://{name}.invalid/" for name in names]
    assert stage0.Index(home).default == []
    assert stage0.Index(home).places()[0][0] == stage0.DEFAULT_INDEX


def test_the_null_device_as_pip_config_file_turns_pips_files_off(home, tmp_path):
    write(tmp_path / ".config" / "pip" / "pip.conf", "[global]\nindex-url = https://six.invalid/\n")
    home["PIP_CONFIG_FILE"] = os.devnull
    assert stage0.Index(home).default == []


def test_pips_extra_indexes_reach_uv_as_equals(home, no_system_files):
    home["PIP_EXTRA_INDEX_URL"] = "https://a.invalid/ /some/folder"
    home["PIP_FIND_LINKS"] = "/wheels"
    variables = stage0.Index(home).variables(home)
    assert variables["UV_INDEX"] == "https://a.invalid/ file:///some/folder"
    assert variables["UV_INDEX_STRATEGY"] == "unsafe-best-match"
    assert variables["UV_FIND_LINKS"] == "file:///wheels"
    assert "UV_DEFAULT_INDEX" not in variables


def test_pips_indexes_are_not_mixed_into_those_that_uv_is_told_of(home, no_system_files):
    home.update(UV_DEFAULT_INDEX="https://corp.invalid/", PIP_EXTRA_INDEX_URL="https://public.invalid/")
    assert [url for url, _, _ in stage0.Index(home).places()] == ["https://corp.invalid/"]


def test_indexes_of_uv_toml_come_in_their_order_and_explicit_ones_are_left_out(home, tmp_path, no_system_files):
    write(tmp_path / ".config" / "uv" / "uv.toml", UV_TOML)
    home["UV_INDEX"] = "mine=https://mine.invalid/"
    index = stage0.Index(home)
    assert index.no_index
    assert index.default[0][0] == "corp=https://corp.invalid/simple"
    assert index.first[0] == ("mine=https://mine.invalid/", "UV_INDEX")


def test_no_index_leaves_only_the_links(home, no_system_files):
    home.update(PIP_NO_INDEX="1", PIP_FIND_LINKS="/wheels")
    assert stage0.Index(home).places() == [("file:///wheels", "PIP_FIND_LINKS", True)]


def test_the_proxy_and_the_certificates_of_pip_reach_uv(home, tmp_path, no_system_files):
    bundle = write(tmp_path / "ca.pem", "")
    home.update(PIP_PROXY="proxy.invalid:8080", PIP_CERT=str(bundle), SSL_CERT_FILE=str(tmp_path / "missing.pem"))
    variables = stage0.Index(home).variables(home)
    assert variables["HTTPS_PROXY"] == "http://proxy.invalid:8080"
    assert variables["SSL_CERT_FILE"] == str(bundle)


def test_other_projects_settings_stay_away_from_uv():
    env = {
        "PATH": "/bin", "UV_PROJECT": "/x", "UV_PYTHON_SEARCH_PATH": "/x", "VIRTUAL_ENV": "/x", "CONDA_PREFIX": "/x",
        "PYTHONHOME": "/x", "UV_CACHE_DIR": "/c", "UV_INDEX_CORP_PASSWORD": "p", "SSL_CERT_FILE": "/missing",
        "SSL_CERT_DIR": "/missing",
        "UV_PYTHON_INSTALL_MIRROR": "m",
    }  # fmt: skip
    kept = {"PATH", "UV_CACHE_DIR", "UV_INDEX_CORP_PASSWORD", "UV_PYTHON_INSTALL_MIRROR"}
    assert set(stage0.clean_environment(env)) == kept


def test_a_path_with_odd_characters_becomes_a_url_and_a_path_again():
    url = stage0.as_url("/some folder/é#?%")
    assert url == "file:///some%20folder/%C3%A9%23%3F%25"
    assert stage0.local_path(url) == "/some folder/é#?%"


# ---- fetching ----


def test_credentials_are_taken_out_of_urls_and_never_shown(home):
    fetcher = fetcher_for(home)
    assert fetcher.learn("https://me:p%40ss@host.invalid/simple") == "https://host.invalid/simple"
    assert fetcher.credentials == {("https", "host.invalid"): ("me", "p@ss")}
    assert "p%40ss" not in fetcher.place("https://me:p%40ss@host.invalid/simple", "PIP_INDEX_URL")
    assert stage0.redact("see https://me:secret@host.invalid/x, ok") == "see https://***@host.invalid/x, ok"


def test_a_named_index_takes_its_credentials_from_uvs_variables(home):
    home.update({"UV_INDEX_MY_CORP_USERNAME": "me", "UV_INDEX_MY_CORP_PASSWORD": "secret"})
    fetcher = fetcher_for(home)
    fetcher.learn("https://host.invalid/simple", "my-corp")
    assert fetcher.credentials == {("https", "host.invalid"): ("me", "secret")}


def test_netrc_is_read(home, tmp_path):
    write(tmp_path / ".netrc", "machine host.invalid login me password secret\n").chmod(0o600)
    assert fetcher_for(home).from_netrc("host.invalid") == ("me", "secret")
    assert fetcher_for(home).from_netrc("other.invalid") is None


def test_a_file_index_and_a_folder_of_wheels_are_both_places(home, tmp_path):
    sha256 = hashlib.sha256(b"wheel").hexdigest()
    write(tmp_path / "wheels" / "a-1-py3-none-any.whl", "wheel")
    write(tmp_path / "index" / "a" / "index.html", f'<a href="../../wheels/a-1-py3-none-any.whl#sha256={sha256}">a</a>')
    for settings in (
        {"UV_FIND_LINKS": str(tmp_path / "wheels"), "PIP_NO_INDEX": "1"},
        {"UV_DEFAULT_INDEX": str(tmp_path / "index")},
    ):
        assert fetcher_for({**home, **settings}).file("a", "a-1-py3-none-any.whl", "a", sha256) == b"wheel"


def test_a_changed_file_is_refused(home, tmp_path):
    write(tmp_path / "wheels" / "a-1-py3-none-any.whl", "changed")
    home["UV_FIND_LINKS"] = str(tmp_path / "wheels")
    with pytest.raises(stage0.Failure, match="wrong checksum") as caught:
        fetcher_for(home).file("a", "a-1-py3-none-any.whl", "a", "0" * 64)
    assert caught.value.code == "checksum"


def test_without_any_place_it_says_which_setting_is_missing(home, no_system_files):
    home["PIP_NO_INDEX"] = "1"
    for project, variable in (("devstrap", "DEVSTRAP_SOURCE"), ("uv", "DEVSTRAP_UV")):
        with pytest.raises(stage0.Failure, match="no-index is set, but find-links is not") as caught:
            fetcher_for(home).file(project, "x-1.whl", "x 1", "")
        assert variable in caught.value.remedy


def index_of(folder, name, content, fragment):
    """Make a file index with one file and return the settings that name it."""
    write(folder / name, content)
    write(folder / "simple" / "devstrap" / "index.html", f'<a href="../../{name}{fragment}">{name}</a>')
    return {"UV_DEFAULT_INDEX": str(folder / "simple")}


def test_what_is_pinned_nowhere_is_taken_only_as_the_index_states_it(home, tmp_path):
    name, sha256 = "devstrap-1-py3-none-any.whl", hashlib.sha256(b"wheel").hexdigest()
    for fragment in ("#sha256=" + sha256, "#sha256=" + sha256.upper()):
        settings = index_of(tmp_path / "good", name, "wheel", fragment)
        assert fetcher_for({**home, **settings}).file("devstrap", name, "devstrap", "") == b"wheel"
    settings = index_of(tmp_path / "bad", name, "another", "#sha256=" + sha256)
    with pytest.raises(stage0.Failure, match="wrong checksum"):
        fetcher_for({**home, **settings}).file("devstrap", name, "devstrap", "")


@pytest.mark.parametrize("fragment", ["", "#md5=9e107d9d372bb6826bd81d3542a419d6", "#sha256="])
def test_an_index_that_states_no_sha256_is_refused_for_what_is_pinned_nowhere(home, tmp_path, fragment):
    name = "devstrap-1-py3-none-any.whl"
    home.update(index_of(tmp_path, name, "wheel", fragment))
    with pytest.raises(stage0.Failure, match=r"\(UV_DEFAULT_INDEX\) states no SHA-256") as caught:
        fetcher_for(home).file("devstrap", name, "devstrap", "")
    assert caught.value.code == "unverified"
    assert caught.value.remedy == "set DEVSTRAP_SOURCE to a wheel of devstrap that you trust"


def test_a_folder_of_wheels_is_passed_over_for_what_is_pinned_nowhere(home, tmp_path):
    name, sha256 = "devstrap-1-py3-none-any.whl", hashlib.sha256(b"wheel").hexdigest()
    write(tmp_path / "links" / name, "planted")
    links = {"UV_FIND_LINKS": str(tmp_path / "links")}
    with pytest.raises(stage0.Failure, match=r"\(UV_FIND_LINKS\) states no SHA-256") as caught:
        fetcher_for({**home, **links, "PIP_NO_INDEX": "1"}).file("devstrap", name, "devstrap", "")
    assert "DEVSTRAP_SOURCE" in caught.value.remedy
    settings = {**links, **index_of(tmp_path / "index", name, "wheel", "#sha256=" + sha256)}
    assert fetcher_for({**home, **settings}).file("devstrap", name, "devstrap", "") == b"wheel"


def test_a_missing_file_names_every_place_and_its_setting(home, tmp_path):
    home.update(UV_FIND_LINKS=str(tmp_path), UV_DEFAULT_INDEX=str(tmp_path / "index"))
    with pytest.raises(stage0.Failure) as caught:
        fetcher_for(home).file("uv", "uv-1.whl", "uv 1", "")
    assert "(UV_FIND_LINKS)" in str(caught.value)
    assert "(UV_DEFAULT_INDEX)" in str(caught.value)
    assert "DEVSTRAP_UV" in caught.value.remedy


def test_offline_asks_no_host_but_still_reads_files(home, tmp_path):
    home["UV_DEFAULT_INDEX"] = "https://host.invalid/simple"
    with pytest.raises(stage0.Failure, match="--offline forbids") as caught:
        fetcher_for(home, "--offline").file("uv", "uv-1.whl", "uv 1", "")
    assert caught.value.code == "offline"
    path = write(tmp_path / "x.whl", "x")
    assert fetcher_for(home, "--offline").get(path.as_uri(), "test")[2] == b"x"


@pytest.mark.parametrize("place", ["http://[broken", "json"])
def test_what_is_no_index_is_told_so(home, monkeypatch, place):
    home["UV_DEFAULT_INDEX"] = place if place != "json" else "https://host.invalid"
    fetcher = fetcher_for(home)
    monkeypatch.setattr(fetcher, "get", lambda url, who: (url, "application/json", b"{}"))
    with pytest.raises(stage0.Failure, match="is no package index") as caught:
        fetcher.file("uv", "uv-1.whl", "uv 1", "")
    assert caught.value.code == "not-an-index"


class Refused(OSError):  # noqa: N818 - it stands for urllib's HTTPError
    def __init__(self, code):
        super().__init__("refused")
        self.code = code
        self.reason = "refused"


@pytest.mark.parametrize(
    ("error", "code", "is_transient"),
    [
        (Refused(401), "not-allowed", False),
        (Refused(404), "not-found", False),
        (Refused(407), "proxy", False),
        (OSError("Tunnel connection failed: 407 Proxy Authentication Required"), "proxy", False),
        (Refused(503), "no-network", True),
        (Refused(400), "no-network", False),
        (OSError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed"), "certificate", False),
        (ConnectionResetError("reset"), "no-network", True),
    ],
)
def test_each_way_to_fail_has_its_code_and_its_remedy(home, error, code, is_transient):
    failure = fetcher_for(home).explain("https://u:secret@host.invalid/x", "PIP_INDEX_URL", error)
    assert (failure.code, failure.is_transient) == (code, is_transient)
    assert "host.invalid (PIP_INDEX_URL)" in str(failure)
    assert "secret" not in str(failure)
    assert failure.remedy


def test_a_json_page_and_an_html_page_list_the_same(home, monkeypatch):
    page = json.dumps({"files": [{"url": "../files/a-1.whl", "hashes": {"sha256": "abc"}}, {"url": "b.zip"}]})
    html = '<!DOCTYPE html><html><a data-x="1" HREF="../files/a-1.whl#sha256=abc">a</a><a href=b.zip>b'
    fetcher = fetcher_for(home)
    expected = [("https://host.invalid/files/a-1.whl", "abc"), ("https://host.invalid/simple/b.zip", "")]
    for kind, text in (("application/vnd.pypi.simple.v1+json", page), ("text/html", html)):
        answer = ("https://host.invalid/simple/", kind, text.encode())
        monkeypatch.setattr(fetcher, "get", lambda url, who, answer=answer: answer)
        assert fetcher.links("https://host.invalid/simple/", "test") == expected


@pytest.mark.parametrize("name", ["../evil", "/evil", "a/../../evil", "C:/evil", "a\\..\\..\\evil"])
def test_a_wheel_that_leads_out_of_its_folder_is_refused(tmp_path, name):
    with pytest.raises(stage0.Failure, match="evil"):
        stage0.unpack(wheel_of({name: "x"}), "some.whl", str(tmp_path / "lib"))
    assert not list(tmp_path.rglob("evil"))


def test_one_file_of_a_wheel_can_be_taken_alone(tmp_path):
    stage0.unpack(wheel_of({"uv-1.data/scripts/uv": "x", "uv/__init__.py": ""}), "uv.whl", str(tmp_path), only="uv")
    assert [path.name for path in tmp_path.iterdir()] == ["uv"]


def test_what_is_no_wheel_is_told_so(tmp_path):
    with pytest.raises(stage0.Failure, match=r"some\.whl is no wheel"):
        stage0.unpack(b"<html>", "some.whl", str(tmp_path))


# ---- which devstrap, which uv, which Python ----


def test_the_source_is_the_checkout_that_the_file_belongs_to(tmp_path):
    write(tmp_path / "bootstrap" / "__main__.py", "")
    write(tmp_path / "bootstrap" / "installer.lock", "x==1")
    assert stage0.find_source({}, str(tmp_path / "bootstrap.py")).folder == str(tmp_path)


def test_elsewhere_it_is_the_pinned_version(tmp_path):
    source = stage0.find_source({}, str(tmp_path / "bootstrap.py"))
    assert (source.label, source.folder) == ("devstrap==" + stage0.VERSION, "")


def test_a_wheel_is_known_by_its_content(tmp_path):
    wheel = tmp_path / "d.whl"
    wheel.write_bytes(b"one")
    key = stage0.find_source({"DEVSTRAP_SOURCE": str(wheel)}, "").key
    assert stage0.find_source({"DEVSTRAP_SOURCE": wheel.as_uri()}, "").key == key
    pinned = f"{wheel}#sha256={hashlib.sha256(b'one').hexdigest()}"
    assert stage0.find_source({"DEVSTRAP_SOURCE": pinned}, "").key == key
    wheel.write_bytes(b"two")
    assert stage0.find_source({"DEVSTRAP_SOURCE": str(wheel)}, "").key != key
    with pytest.raises(stage0.Failure, match="has the SHA-256"):
        stage0.find_source({"DEVSTRAP_SOURCE": pinned}, "")


def test_a_source_that_is_not_there_is_told_so(tmp_path):
    with pytest.raises(stage0.Failure, match="DEVSTRAP_SOURCE names"):
        stage0.find_source({"DEVSTRAP_SOURCE": str(tmp_path / "none.whl")}, "")
    with pytest.raises(stage0.Failure, match="DEVSTRAP_SOURCE names"):
        stage0.find_source({"DEVSTRAP_SOURCE": str(tmp_path)}, "")


def test_the_credentials_of_a_sources_url_are_not_handed_on():
    source = stage0.find_source({"DEVSTRAP_SOURCE": "https://me:secret@host.invalid/d.whl#sha256=ab"}, "")
    assert (source.sha256, source.label) == ("ab", "https://***@host.invalid/d.whl")


def program(path, content=b"\x7fELF"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o755)
    return path


def test_shims_aliases_and_environments_on_path_are_passed_over(tmp_path):
    program(tmp_path / "pyenv" / "shims" / "uv", b"#!/usr/bin/env bash\n")
    program(tmp_path / "mise" / "bin" / "mise")
    (tmp_path / "mise" / "shims").mkdir()
    (tmp_path / "mise" / "shims" / "uv").symlink_to(tmp_path / "mise" / "bin" / "mise")
    program(tmp_path / "store" / "uv", b"")
    program(tmp_path / "venv" / "bin" / "uv")
    write(tmp_path / "venv" / "pyvenv.cfg", "")
    good = program(tmp_path / "good" / "uv")
    folders = ["pyenv/shims", "mise/shims", "store", "venv/bin", "nowhere", "good"]
    path = os.pathsep.join([".", "", *(str(tmp_path / folder) for folder in folders)])
    assert list(stage0.on_path("uv", {"PATH": path})) == [str(good)]


def test_the_uv_that_the_person_names_must_be_one(tmp_path):
    with pytest.raises(stage0.Failure, match="DEVSTRAP_UV names"):
        stage0.find_uv({"DEVSTRAP_UV": str(tmp_path / "uv")}, str(tmp_path), None)


def test_versions_of_pyenv_are_found_by_their_folders(home, tmp_path, monkeypatch):
    for version in ("3.12.1", "3.9.18", "3.13.0"):
        program(tmp_path / ".pyenv" / "versions" / version / "bin" / "python3")
    monkeypatch.setattr(stage0, "IS_WINDOWS", False)
    found = [path for path in stage0.python_candidates({**home, "PATH": ""}) if str(tmp_path) in path]
    assert [Path(path).parts[-3] for path in found] == ["3.12.1", "3.13.0"]


def test_offline_without_a_python_is_a_clear_error(home, tmp_path, monkeypatch):
    monkeypatch.setattr(stage0, "python_candidates", lambda env: iter(["/none", "/none"]))
    with pytest.raises(stage0.Failure, match="none is here") as caught:
        stage0.find_python(home, "uv", stage0.Options(["--offline"]), str(tmp_path))
    assert caught.value.code == "no-python"


def test_a_finished_environment_is_fresh_as_long_as_its_python_and_uv_are_the_same(tmp_path):
    python, uv = program(tmp_path / "python"), program(tmp_path / "uv")
    finished(tmp_path, python, uv)
    found = stage0.read_installer(str(tmp_path), {})
    assert (found.python, found.version, found.uv, found.is_fresh) == (str(python), "3.12", str(uv), True)
    for changed in (uv, python):
        program(changed, b"another")
        assert not stage0.read_installer(str(tmp_path), {}).is_fresh
        finished(tmp_path, python, uv)
        changed.unlink()
        assert not stage0.read_installer(str(tmp_path), {}).is_fresh
        program(changed)
        finished(tmp_path, python, uv)
    assert stage0.read_installer(str(tmp_path / "none"), {}) is None


def test_a_uv_that_was_named_serves_only_the_starts_that_name_it(tmp_path):
    python, uv, named = (program(tmp_path / name) for name in ("python", "uv", "named"))
    env = {"DEVSTRAP_UV": str(named)}
    finished(tmp_path, python, named, env)
    assert not stage0.read_installer(str(tmp_path), {}).is_fresh
    installer = stage0.read_installer(str(tmp_path), env)
    assert (installer.uv, installer.is_fresh) == (str(named), True)
    assert not stage0.read_installer(str(tmp_path), {"DEVSTRAP_UV": str(uv)}).is_fresh
    installer.use(str(uv), {})
    installer.write()
    for asked, expected in (({}, uv), (env, named)):
        found = stage0.read_installer(str(tmp_path), asked)
        assert (found.uv, found.is_fresh) == (str(expected), True)
    program(named, b"another")
    assert not stage0.read_installer(str(tmp_path), env).is_fresh
    assert stage0.read_installer(str(tmp_path), {}).is_fresh


def test_a_uv_is_looked_for_again_when_it_is_no_longer_named(home, tmp_path, monkeypatch):
    python, uv, named = program(tmp_path / "python"), program(tmp_path / "bin" / "uv"), program(tmp_path / "named")
    source = stage0.Source("test", b"test")
    env = {**home, "PATH": str(tmp_path / "bin")}
    folder = tmp_path / "cache" / "installer" / source.key
    finished(folder, python, named, {"DEVSTRAP_UV": str(named)})
    monkeypatch.setattr(stage0, "uv_version", lambda path, env: stage0.UV_MINIMUM)
    monkeypatch.setattr(stage0, "probe", lambda python, env: "3.12")
    find = (str(tmp_path / "cache"), source, stage0.Index(env), stage0.Options([]))
    assert stage0.find_installer(env, *find).uv == str(uv)
    assert stage0.find_installer({**env, "DEVSTRAP_UV": str(named)}, *find).uv == str(named)
    monkeypatch.setattr(stage0, "find_uv", None)
    assert stage0.find_installer(env, *find).uv == str(uv)
    assert stage0.find_installer({**env, "DEVSTRAP_UV": str(named)}, *find).uv == str(named)


def test_environments_that_nobody_started_for_long_are_deleted_but_never_the_current_one(tmp_path):
    ago = time.time() - stage0.UNUSED - 60
    for name, read, written in (
        ("current", ago, ago),
        ("forgotten", ago, ago),
        ("started", time.time(), ago),
        ("renewed", ago, time.time()),
    ):
        os.utime(finished(tmp_path / name, "python", "uv"), (read, written))
        os.utime(tmp_path / name, (ago, ago))
    write(tmp_path / "somebodys" / "file", "")
    os.utime(tmp_path / "somebodys", (ago, ago))
    stage0.prune(str(tmp_path / "current"))
    assert sorted(os.listdir(tmp_path)) == ["current", "renewed", "somebodys", "started"]


def test_what_cannot_be_deleted_stays_without_a_word(tmp_path, monkeypatch, capsys):
    os.utime(finished(tmp_path / "forgotten", "python", "uv"), (1, 1))

    def refuse(old, new):
        raise PermissionError(13, "Permission denied", old)

    monkeypatch.setattr(stage0.os, "rename", refuse)
    stage0.prune(str(tmp_path / "current"))
    assert os.listdir(tmp_path) == ["forgotten"]
    assert capsys.readouterr() == ("", "")


# ---- handing over ----

values = st.recursive(
    st.text() | st.booleans() | st.integers(0, 10**12) | st.floats(0, 1e12),
    lambda children: st.dictionaries(st.text(), children, max_size=4),
)


@given(values)
def test_the_small_json_writer_agrees_with_json(value):
    written = stage0.to_json(value)
    assert json.loads(written) == value
    assert written.isascii()


@pytest.mark.parametrize(
    "stage1",
    ["raise KeyboardInterrupt", "def main(told):\n    raise KeyboardInterrupt"],
    ids=["while it is imported", "before it looks out for it"],
)
def test_an_interrupt_before_stage_1_looks_out_for_it_is_one_line(tmp_path, stage1):
    source = tmp_path / "source"
    write(source / "bootstrap" / "__main__.py", stage1)
    write(source / "bootstrap" / "installer.lock", "")
    key = stage0.folder_source(str(source)).key
    finished(tmp_path / "cache" / "installer" / key, sys.executable, sys.executable)
    env = {"HOME": str(tmp_path), "DEVSTRAP_CACHE_DIR": str(tmp_path / "cache"), "DEVSTRAP_SOURCE": str(source)}
    done = subprocess.run([sys.executable, str(SCRIPT)], env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "interrupted\n")


def test_a_failure_with_json_is_one_object_on_stdout(capsys):
    assert stage0.report(stage0.Options(["--json", "guard"]), 2, "uv", "no uv", "get one") == 2
    out, err = capsys.readouterr()
    assert err == "error: no uv\n  fix: get one\n"
    assert json.loads(out) == {
        "schema": 1,
        "command": "guard",
        "status": "error",
        "exit_code": 2,
        "error": {"code": "uv", "message": "no uv", "remedy": "get one"},
    }


@pytest.mark.parametrize(
    ("error", "exit_code", "said"),
    [
        (KeyboardInterrupt(), 130, "interrupted"),
        (ImportError("No module named 'ssl'"), 2, "lacks a part of its own library"),
        (OSError(28, "No space left on device", "/cache"), 2, "/cache: No space left on device"),
        (ZeroDivisionError("oops"), 3, "this is a bug in devstrap"),
    ],
)
def test_what_may_come_up_becomes_an_exit_code_and_a_sentence(monkeypatch, capsys, error, exit_code, said):
    def raises(env):
        raise error

    monkeypatch.setattr(stage0, "cache_folder", raises)
    assert stage0.main([]) == exit_code
    assert said in capsys.readouterr().err


def test_stdout_stays_empty_when_progress_is_told(capsys):
    stage0.Options([]).say("getting uv")
    stage0.Options(["-q"]).say("never")
    assert capsys.readouterr() == ("", "devstrap: getting uv\n")


# ---- stamping a release ----


def load_pin():
    spec = importlib.util.spec_from_file_location("pin", ROOT / "release" / "pin.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_copy_for_repositories_is_stamped_with_the_sum_of_a_wheel_and_nothing_else_changes(tmp_path):
    wheel = tmp_path / f"devstrap-{stage0.VERSION}-py3-none-any.whl"
    wheel.write_bytes(wheel_of({"bootstrap/__main__.py": ""}))
    out = tmp_path / "out" / "bootstrap.py"
    out.parent.mkdir()
    before = SCRIPT.read_bytes()
    assert load_pin().main(["--stamp", str(wheel), str(out)]) == 0
    sha256 = hashlib.sha256(wheel.read_bytes()).hexdigest()
    wanted = for_repositories(before).replace(b'WHEEL_SHA256 = ""', f'WHEEL_SHA256 = "{sha256}"'.encode())
    assert out.read_bytes() == wanted
    assert SCRIPT.read_bytes() == before
    spec = importlib.util.spec_from_file_location("stamped", out)
    stamped = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(stamped)
    source = stamped.find_source({}, str(out))
    assert source.sha256 == sha256
    assert source.key != stage0.find_source({}, str(out)).key


@pytest.mark.parametrize("name", ["devstrap-0.0.9-py3-none-any.whl", "other-0.1.0-py3-none-any.whl"])
def test_a_wheel_that_the_copy_would_not_ask_for_is_not_stamped(tmp_path, name):
    (tmp_path / name).write_bytes(wheel_of({}))
    with pytest.raises(SystemExit, match="asks for devstrap-"):
        load_pin().main(["--stamp", str(tmp_path / name), str(tmp_path / "out.py")])
    assert not (tmp_path / "out.py").exists()


def test_a_missing_wheel_and_the_script_itself_as_the_copy_are_refused(tmp_path):
    wheel = tmp_path / f"devstrap-{stage0.VERSION}-py3-none-any.whl"
    with pytest.raises(SystemExit, match="cannot be read"):
        load_pin().main(["--stamp", str(wheel), str(tmp_path / "out.py")])
    wheel.write_bytes(wheel_of({}))
    with pytest.raises(SystemExit, match="goes into that very wheel"):
        load_pin().main(["--stamp", str(wheel), str(SCRIPT)])
