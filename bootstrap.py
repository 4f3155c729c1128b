#!/usr/bin/env python3
"""Set up this repository: `python bootstrap.py`, and `python bootstrap.py --help` for what else it can do.

This file is all that a repository commits to use devstrap. It finds or gets uv, builds the environment that devstrap
itself runs in, once, in the cache folder of the person who starts it, and hands over to it. It changes nothing else.

What it fetches is verified by SHA-256 before any of it is executed: uv against the sums in this file, devstrap's own
wheel against WHEEL_SHA256, the packages that devstrap needs against the lock that comes with it. A copy whose
WHEEL_SHA256 is empty trusts the package index for devstrap's wheel: it takes one only where the index states its sum
and the sum is right. A Python, where there is none, is fetched by uv and verified against uv's own list. Not verified
is what the person names and what the machine already has: a DEVSTRAP_UV, a uv on PATH, a DEVSTRAP_SOURCE without a sum.

    DEVSTRAP_CACHE_DIR  where devstrap keeps its own things
    DEVSTRAP_SOURCE     another devstrap: a wheel, a source folder, or a wheel's URL (`#sha256=...` pins it)
    DEVSTRAP_UV         a uv that you trust, for this start

The package index, proxies and certificates are those that uv's and pip's variables and configuration files name.
It must parse on Python 2.7 to say what is missing there: no annotations, no f-strings. From 3.6 on it does the job.
What an ordinary start does not need is imported where it is needed: this file stands before every command.
"""
# ruff: noqa: PLC0415, B904 - imports are lazy, and Python 2.7 cannot parse `raise ... from`

import sys

if sys.version_info < (3, 6):
    sys.stderr.write(
        "devstrap: this is Python %s (%s), and devstrap starts from Python 3.6 or newer; type: python3 %s\n"
        % (sys.version.split()[0], sys.executable, " ".join(sys.argv))
    )
    sys.exit(2)

import os
import time

# ---- what is pinned (devstrap's release/pin.py renews it) ------------------------------------------------------------

VERSION = "0.1.0"
WHEEL_SHA256 = ""  # of devstrap's wheel (`release/pin.py --stamp`); empty: the index has to state it
UV_VERSION = "0.13.9"
UV_MINIMUM = (0, 12)  # an older one on PATH is left alone: it lacks UV_SYSTEM_CERTS or UV_PYTHON_SEARCH_PATH
UV_WHEELS = {  # platform: (what follows the version in the wheel's name, SHA-256)
    "linux-gnu-x86_64": (
        "py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64",
        "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",
    ),
    "linux-gnu-aarch64": (
        "py3-none-manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64",
        "5435c5ce14a56431208ca0996416d310f1598e8c2c8ba707688985a16bb82dbe",
    ),
    "linux-musl-x86_64": (
        "py3-none-musllinux_1_1_x86_64",
        "2c45530751517d6c3bbc69a19473f6effe47cce047bede01ffd8af7ea7b36b25",
    ),
    "linux-musl-aarch64": (
        "py3-none-manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64",
        "5435c5ce14a56431208ca0996416d310f1598e8c2c8ba707688985a16bb82dbe",
    ),
    "macos-x86_64": (
        "py3-none-macosx_10_12_x86_64",
        "c16ed11e013557536b3e60065f1b912f6407bd6518e041b961e23ef9e6b4fbf5",
    ),
    "macos-aarch64": (
        "py3-none-macosx_11_0_arm64",
        "66c512266d633bef48384a1f53003f41f2a8e7b36fe6e7fbfd3e0fd52d96fa63",
    ),
    "windows-x86_64": (
        "py3-none-win_amd64",
        "6a44b2ed8111d2f60d2b92627c5dccda3f7ed7570b18ce115e569cd68c28246b",
    ),
    "windows-aarch64": (
        "py3-none-win_arm64",
        "eeb92051c2123b9730c46b04cc843cfa4bc7d7b0aec56df431a2215ef4cb0273",
    ),
}
PYTHONS = ("3.12", "3.13", "3.14", "3.11")  # that the installer's lock has wheels for, the best first
DEFAULT_INDEX = "https://pypi.org/simple"

IS_WINDOWS = os.name == "nt"
EXE = ".exe" if IS_WINDOWS else ""
NO_HOME = os.path.abspath("/nonexistent")  # Debian's name for the home of those who have none
UNFINISHED = ".unfinished-"  # folders that are being built; one whose build was killed is swept away after a day
UNUSED = 90 * 86400  # seconds after which an environment of devstrap's that nobody started is deleted
COMMANDS = ("setup", "run", "guard", "undo")
VALUED = ("--root", "--python", "--editor")  # options whose value is the next word, which may look like a command
SYSTEM_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Arch, Alpine
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, Red Hat
    "/etc/ssl/ca-bundle.pem",  # SUSE
    "/etc/ssl/cert.pem",  # macOS, Alpine, BSD
)
# uv's variables that are about the machine; the others may be about the project that the person just came from.
UV_MACHINE = """
    UV_ASTRAL_MIRROR_URL UV_CACHE_DIR UV_CREDENTIALS_DIR UV_HTTP_CONNECT_TIMEOUT UV_HTTP_RETRIES UV_HTTP_TIMEOUT
    UV_INDEX_STRATEGY UV_INSECURE_HOST UV_KEYRING_PROVIDER UV_LINK_MODE UV_NATIVE_TLS UV_NO_CACHE
    UV_PYTHON_CACHE_DIR UV_PYTHON_CPYTHON_BUILD UV_PYTHON_DOWNLOADS UV_PYTHON_DOWNLOADS_JSON_URL
    UV_PYTHON_INSTALL_DIR UV_PYTHON_INSTALL_MIRROR UV_REQUEST_TIMEOUT UV_SYSTEM_CERTS
""".split()  # noqa: SIM905 - as a list it would be as long as the screen


class Failure(Exception):  # noqa: N818 - it is one that the person can mend
    """Something that the person can put right: what is wrong, and what to do about it."""

    def __init__(self, code, message, remedy, is_transient=False):
        """Keep what to do about it, and whether trying again may be enough."""
        Exception.__init__(self, message)
        self.code = code
        self.remedy = remedy
        self.is_transient = is_transient


class Options(object):
    """What stage 0 needs to know of the command line; what follows `run` belongs to the command that is run."""

    def __init__(self, argv, env=None):
        """Read what was typed, without complaining: the package knows what is wrong with it."""
        own = argv[: argv.index("run")] if "run" in argv else argv
        words = [word for at, word in enumerate(argv) if word in COMMANDS and argv[max(at - 1, 0)] not in VALUED]
        self.command = words[0] if words else "setup"
        self.offline = "--offline" in own or (env or {}).get("UV_OFFLINE", "").lower() in ("1", "true")
        self.quiet = "--quiet" in own or "-q" in own
        self.verbose = "--verbose" in own or "-v" in own
        self.json = "--json" in own

    def say(self, text):
        """Tell what takes time: on stderr, since stdout belongs to the command."""
        if not self.quiet:
            sys.stderr.write("devstrap: %s\n" % text)
            sys.stderr.flush()


# ---- where devstrap keeps its own things -----------------------------------------------------------------------------


def home_folder(env):
    """Return the person's home folder, `NO_HOME` where there is none, as for an unknown user in a container."""
    home = env.get("USERPROFILE" if IS_WINDOWS else "HOME", "")
    if not home and not IS_WINDOWS:
        import pwd

        try:
            home = pwd.getpwuid(os.getuid()).pw_dir
        except KeyError:
            return NO_HOME
    return home if os.path.isabs(home) else NO_HOME


def cache_folder(env):
    """Return devstrap's cache folder, which need not exist yet."""
    chosen = env.get("DEVSTRAP_CACHE_DIR")
    if chosen:
        return os.path.abspath(os.path.expanduser(chosen))
    home, name = home_folder(env), "devstrap"
    if IS_WINDOWS:
        base, name = (
            env.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local"),
            os.path.join("devstrap", "Cache"),
        )
    elif sys.platform == "darwin":
        base = os.path.join(home, "Library", "Caches")
    else:
        # XDG Base Directory Specification: a relative path is invalid and has to be ignored.
        xdg = env.get("XDG_CACHE_HOME", "")
        base = xdg if os.path.isabs(xdg) else os.path.join(home, ".cache")
    if base.startswith(NO_HOME):
        message = "there is no home folder to keep anything in (HOME is %r)" % env.get("HOME")
        raise Failure(
            "no-home", message, "set HOME to an absolute path, or DEVSTRAP_CACHE_DIR to a folder for devstrap"
        )
    return os.path.join(base, name)


def digest(data):
    """Return the SHA-256 of `data`, by the lean module where there is one: hashlib loads OpenSSL."""
    try:
        if sys.version_info >= (3, 12):
            from _sha2 import sha256
        else:
            from _sha256 import sha256
    except ImportError:
        from hashlib import sha256
    return sha256(data).hexdigest()


def platform_name():
    """Return this platform as `UV_WHEELS` spells it; a 32-bit Python gets a name that is not there."""
    machine = (os.environ.get("PROCESSOR_ARCHITECTURE", "") if IS_WINDOWS else os.uname().machine).lower()
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(machine, machine)
    if IS_WINDOWS:
        return "windows-" + machine
    if sys.platform == "darwin":
        return "macos-" + machine
    if sys.maxsize < 2**32:
        machine += "-32bit"
    return "%s-%s-%s" % (sys.platform, "gnu" if has_glibc() else "musl", machine)


def has_glibc():
    """Say whether this Python runs on glibc; musl does not know the name."""
    try:
        return (os.confstr("CS_GNU_LIBC_VERSION") or "").startswith("glibc")
    except (AttributeError, OSError, ValueError):
        return False


def is_translated():
    """Say whether an x86-64 Python runs on an arm64 Mac: Rosetta shows the process an Intel machine."""
    import ctypes

    value, size = ctypes.c_int(0), ctypes.c_size_t(4)
    found = ctypes.CDLL(None).sysctlbyname(b"hw.optional.arm64", ctypes.byref(value), ctypes.byref(size), None, 0)
    return found == 0 and value.value == 1


def stamp(path):
    """Return what changes when the file at `path` does; empty where there is none."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return ""
    return "%d-%d" % (found.st_size, found.st_mtime_ns)


def build_aside(final, is_ready, fill):
    """Make the folder `final` by `fill(folder)`, under another name until it is whole.

    Two that do this at once both succeed: who comes second finds that `is_ready()`, and throws the own one away.
    """
    import shutil
    import tempfile

    parent = os.path.dirname(final)
    os.makedirs(parent, exist_ok=True)
    for name in os.listdir(parent):
        path = os.path.join(parent, name)
        if name.startswith(UNFINISHED) and age(path) > 86400:
            shutil.rmtree(path, ignore_errors=True)
    aside = tempfile.mkdtemp(prefix=UNFINISHED, dir=parent)
    try:
        work = os.path.join(aside, "new")
        os.mkdir(work)  # mkdtemp's own folder is closed to others, which a shared cache must not be
        fill(work)
        for delay in (0.1, 0.5, 2, None):  # a virus scanner may hold new files for a moment
            try:
                os.rename(work, final)
                return
            except OSError:
                if is_ready():
                    return
                if delay is None:
                    raise
            if os.path.isdir(final):  # an earlier one that is no longer good
                os.rename(final, os.path.join(aside, "old%s" % delay))
            else:
                time.sleep(delay)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def age(path):
    """Return how many seconds ago a path was changed; 0 where another process has just removed it."""
    try:
        return time.time() - os.stat(path).st_mtime
    except OSError:
        return 0


# ---- where packages come from: uv's and pip's own settings -----------------------------------------------------------


def read_text(path):
    """Return the text of a configuration file, empty where it cannot be read."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read().lstrip("\ufeff")
    except (OSError, ValueError):
        return ""


def read_ini(text):
    """Return a pip.conf as {section: {option: value}}, as configparser reads it but in a tenth of its time."""
    sections, section, option = {}, {}, ""
    for line in text.splitlines():
        bare = line.strip()
        if not bare or bare[0] in "#;":
            continue
        if line[0] in " \t" and option:
            section[option] += "\n" + bare
        elif bare[0] == "[" and "]" in bare:
            section, option = sections.setdefault(bare[1 : bare.index("]")], {}), ""
        else:
            name = bare.partition("=")[0].partition(":")[0]
            option = name.strip().lower().replace("_", "-")
            section[option] = bare[len(name) + 1 :].strip()
    return sections


def read_toml(text):
    """Return what uv.toml says of indexes: by tomllib, or before Python 3.11 what is plainly written, line by line."""
    if "index" not in text and "find-links" not in text:
        return {}
    try:
        import tomllib

        return tomllib.loads(text)
    except ImportError:
        import re
    except ValueError:
        return {}  # uv itself will say where
    settings = {}
    table, key = settings, ""
    for line in map(str.strip, text.splitlines()):
        strings = [double or single for double, single in re.findall(r"\"([^\"]*)\"|'([^']*)'|#.*", line)]
        strings = [string for string in strings if string]  # a comment matches without one
        name, sign, value = (part.strip() for part in line.partition("="))
        header = line.partition("]")[0].strip("[ ")
        if line[:2] == "[[":
            table, key = {}, ""
            settings.setdefault(header, []).append(table)
        elif line[:1] == "[" and not key:
            table = settings.setdefault(header, {})
        elif sign and name.replace("-", "").isalnum():
            is_list = value[:1] == "["
            key = name if is_list and "]" not in value else ""
            table[name] = strings if is_list else strings[0] if strings else value[:4] == "true"
        elif key:
            table[key] += strings
            key = "" if line[:1] == "]" else key
    return settings


def config_files(env, tool, name):
    """Return where a tool's configuration file may be: the system's places, then the person's; the last one counts."""
    home = home_folder(env)
    if IS_WINDOWS:
        return [os.path.join(folder, tool, name) for folder in (env.get("PROGRAMDATA", home), env.get("APPDATA", home))]
    shared = (env.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":")[::-1]
    own = env.get("XDG_CONFIG_HOME", "")
    own = own if os.path.isabs(own) else os.path.join(home, ".config")
    return [os.path.join(folder, tool, name) for folder in shared + [own]]


def pip_settings(env):
    """Return {option: (value, who said so)} as `pip install` sees it (pip's documentation, "Configuration")."""
    name = "pip.ini" if IS_WINDOWS else "pip.conf"
    home, chosen = home_folder(env), env.get("PIP_CONFIG_FILE", "")
    files = config_files(env, "pip", name)
    legacy = os.path.join(home, "pip" if IS_WINDOWS else ".pip", name)
    files[-1:] = ["" if IS_WINDOWS else "/etc/pip.conf", legacy, files[-1]]
    if sys.platform == "darwin":
        library = os.path.join("Library", "Application Support", "pip", name)
        files = ["/" + library] + files + [os.path.join(home, library)]
    files += [os.path.join(sys.prefix, name), chosen]
    read = [(path, read_ini(read_text(path))) for path in files if path and chosen != os.devnull]
    found = {}
    for section in ("global", "download", "install"):
        for path, sections in read:
            found.update((option, (value, path)) for option, value in sections.get(section, {}).items())
    for variable, value in env.items():
        if variable.startswith("PIP_") and value:
            found[variable[4:].lower().replace("_", "-")] = (value, variable)
    return found


def uv_settings(env):
    """Return {option: (value, who said so)} of what uv is told of indexes; a default `[[index]]` is the index-url."""
    files = config_files(env, "uv", "uv.toml")
    files[-1:] = ["" if IS_WINDOWS else "/etc/uv/uv.toml", files[-1]]
    if env.get("UV_CONFIG_FILE"):
        files = [env["UV_CONFIG_FILE"]]
    found = {}
    for path in files if env.get("UV_NO_CONFIG", "").lower() not in ("1", "true") else ():
        settings = read_toml(read_text(path)) if path else {}
        for table in (settings.get("pip", {}), settings):
            found.update((option, (value, path)) for option, value in table.items())
        indexes = [index for index in settings.get("index", ()) if "url" in index and not index.get("explicit")]
        for key, is_default in (("index", False), ("index-url", True)):
            named = [as_named(index) for index in indexes if bool(index.get("default")) == is_default]
            if named:
                found[key] = (named[0] if is_default else named, path)
    for variable in ("UV_INDEX", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_INDEX_URL", "UV_DEFAULT_INDEX"):
        if env.get(variable):
            option = "index-url" if variable == "UV_DEFAULT_INDEX" else variable[3:].lower().replace("_", "-")
            found[option] = (env[variable].replace(",", " "), variable)
    return found


def as_named(table):
    """Return an `[[index]]` of uv.toml as uv's variables write it."""
    return "%s=%s" % (table["name"], table["url"]) if "name" in table else table["url"]


def split_name(text):
    """Return (name, URL) of `name=URL`, where the name may be missing."""
    name, sign, url = text.partition("=")
    return (name, url) if sign and name.replace("-", "").replace("_", "").replace(".", "").isalnum() else ("", text)


def as_url(text):
    """Return a place as a URL, keeping uv's name of it: pip and uv both take plain paths too."""
    name, place = split_name(text)
    if "://" not in place and not place.startswith("file:"):
        path = os.path.abspath(os.path.expanduser(place)).replace(os.sep, "/")
        place = "file://" + ("" if path[0] == "/" else "/")
        place += "".join(c if (c.isalnum() and c < "\x7f") or c in "/:-_.~" else percent(c) for c in path)
    return "%s=%s" % (name, place) if name else place


def percent(character):
    """Return a character of a path as URLs write it."""
    return "".join("%%%02X" % byte for byte in os.fsencode(character))


def redact(text):
    """Return a text without the names and passwords in its URLs."""
    import re

    return re.sub(r"(\w://)[^/\s@]+@", r"\1***@", text)


def quote(text):
    """Return what another program said, indented and without credentials."""
    return "\n".join("    " + line for line in redact(text).splitlines() if line.strip())


class Index(object):
    """Where packages come from, and how to get there. A place is (URL, who named it)."""

    def __init__(self, env):
        """Count pip's indexes only where uv is told of none: whoever set uv up does not want others mixed in."""
        pip, uv = pip_settings(env), uv_settings(env)
        self.default = places(uv.get("index-url"))[:1]
        self.first = places(uv.get("index")) + places(uv.get("extra-index-url"))
        self.links = places(uv.get("find-links"))
        self.no_index = uv.get("no-index", (False,))[0] is True
        self.extra = []
        if not self.default and not self.first:
            self.default = places(pip.get("index-url"))[:1]
            self.extra = places(pip.get("extra-index-url"))
            self.links = self.links or places(pip.get("find-links"))
            self.no_index = self.no_index or pip.get("no-index", ("",))[0].lower() in ("1", "true", "yes", "on")
        proxy = pip.get("proxy", ("",))[0]
        self.proxy = proxy if not proxy or "://" in proxy else "http://" + proxy
        bundles = [env.get("SSL_CERT_FILE"), env.get("SSL_CERT_DIR"), pip.get("cert", ("",))[0]]
        bundles += [env.get("REQUESTS_CA_BUNDLE"), env.get("CURL_CA_BUNDLE")]
        bundles = [os.path.expanduser(path) for path in bundles if path]
        self.bundles = [path for path in bundles if os.path.exists(path)]

    def places(self):
        """Return the places to look at, in order: (URL, who named it, whether it is one flat list of files)."""
        default = self.default or [(DEFAULT_INDEX, "the default index")]
        indexes = [] if self.no_index else self.first + default + self.extra
        return [place + (True,) for place in self.links] + [place + (False,) for place in indexes]

    def variables(self, env):
        """Return the same settings as variables for uv, which knows nothing of pip's."""
        found = {}
        if self.default:
            found["UV_DEFAULT_INDEX"] = self.default[0][0]
        if self.first or self.extra:
            found["UV_INDEX"] = " ".join(url for url, _ in self.first + self.extra)
        if self.extra and "UV_INDEX_STRATEGY" not in env:
            found["UV_INDEX_STRATEGY"] = "unsafe-best-match"  # as pip does: all of its indexes are equal
        if self.links:
            found["UV_FIND_LINKS"] = ",".join(url for url, _ in self.links)
        if self.proxy:
            found.update(dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY"), self.proxy))
        for path in self.bundles[:1]:
            found["SSL_CERT_DIR" if os.path.isdir(path) else "SSL_CERT_FILE"] = path
        is_asked = "UV_SYSTEM_CERTS" in env or "UV_NATIVE_TLS" in env
        if not self.bundles and not is_asked and (IS_WINDOWS or any(map(os.path.exists, SYSTEM_BUNDLES))):
            found["UV_SYSTEM_CERTS"] = "true"  # what Python trusts uv shall trust
        return found


def places(setting):
    """Return the [(URL, who said so)] of a setting, which is a list or a text with spaces between its members."""
    value, who = setting or ("", "")
    return [(as_url(word), who) for word in (value.split() if isinstance(value, str) else value)]


# ---- fetching --------------------------------------------------------------------------------------------------------


class Fetcher(object):
    """Gets files from the configured package indexes, into memory: the largest, uv's wheel, has 20 MB."""

    def __init__(self, index, options, env):
        """Take the places to fetch from; nothing is opened before something is fetched."""
        self.index = index
        self.options = options
        self.env = env
        self.credentials = {}  # (scheme, host): (user, password)
        self.opener = None

    def file(self, project, name, what, sha256):
        """Return the bytes of the file `name` of a project: from the first place that has it, and verified.

        Without a `sha256` it has to be one that the place itself states (PEP 503's fragment, PEP 691's hashes).
        """
        problems = []
        for place, who, is_flat in self.index.places():
            try:
                index, url = split_name(place)
                url = self.learn(url, index)
                links = self.links(url if is_flat else "%s/%s/" % (url.rstrip("/"), project), who)
            except Failure as failure:
                problems.append(failure)
                continue
            except (KeyError, TypeError, ValueError) as error:
                message = "what %s names is no package index (%s)" % (who, redact(repr(error)))
                problems.append(Failure("not-an-index", message, "mend that setting"))
                continue
            found = [(link, sha256 or listed) for link, listed in links if file_name(link) == name]
            for link, stated in found:
                if stated:
                    return self.verified(link, who, what, stated)
            if found:
                problems.append(Failure("unverified", "%s states no SHA-256 of it" % self.place(url, who), ""))
            else:
                problems.append(Failure("not-found", "%s has no such file" % self.place(url, who), ""))
        codes = [problem.code for problem in problems if problem.code != "not-found"] + ["not-found"]
        remedies = [problem.remedy for problem in problems if problem.remedy]
        remedies = remedies[-1:] or ["check that setting, or name another index by UV_DEFAULT_INDEX"]
        if project == "uv":
            remedies.append("or set DEVSTRAP_UV to a uv that you trust")
        if project == "devstrap":
            trusted = "set DEVSTRAP_SOURCE to a wheel of devstrap that you trust"
            remedies = [trusted] if "unverified" in codes else remedies + ["or " + trusted]
        reasons = "; ".join(map(str, problems)) or "no-index is set, but find-links is not"
        raise Failure(codes[0], "cannot get %s (%s): %s" % (what, name, reasons), "; ".join(remedies))

    def links(self, url, who):
        """Return the [(URL, SHA-256)] of the files that a page lists (PEP 503, PEP 691) or a folder holds."""
        from urllib.parse import urldefrag, urljoin

        path = local_path(url)
        if path and os.path.isdir(path):
            page = os.path.join(path, "index.html")
            if not os.path.isfile(page):
                return [(as_url(os.path.join(path, name)), "") for name in os.listdir(path)]
            url = as_url(page)
        try:
            base, kind, body = self.get(url, who)
        except Failure as failure:
            if failure.code == "not-found":
                return []
            raise
        if "json" in kind:
            import json

            files = json.loads(body.decode("utf-8"))["files"]
            return [
                (urljoin(base, file["url"]), (file.get("hashes", {}).get("sha256") or "").lower()) for file in files
            ]
        links = [urldefrag(urljoin(base, link)) for link in anchors(body.decode("utf-8", "replace"))]
        if not any(file_name(link).endswith((".whl", ".tar.gz", ".zip")) for link, _ in links):
            message = "%s answers with a page that lists no packages" % self.place(url, who)
            raise Failure("not-an-index", message, "log in to the network if it asks for that, or mend that setting")
        return [(link, sha[7:].lower() if sha.startswith("sha256=") else "") for link, sha in links]

    def verified(self, url, who, what, sha256):
        """Return the bytes at `url`; raise Failure unless they have that SHA-256 (an empty one is not asked for)."""
        _, kind, body = self.get(url, who, what)
        found = digest(body)
        if sha256 in ("", found):
            return body
        page = "a web page (of a network that wants a login?)" if "text/html" in kind else "a changed file"
        message = "%s sent %s for %s, with the wrong checksum: %s instead of %s" % (
            self.place(url, who),
            page,
            what,
            found,
            sha256,
        )
        remedy = "try again; if it stays, the index or something on the way to it changes files: tell who runs it"
        raise Failure("checksum", message, remedy)

    def get(self, url, who, what=""):
        """Return (final URL, content type, body); try again after what may pass."""
        from http.client import HTTPException

        for delay in (0.3, 1.0, None):
            try:
                return self.get_once(url, who, what)
            except (OSError, HTTPException) as error:  # urllib's errors and TLS's are OSErrors
                failure = self.explain(url, who, error)
                if delay is None or not failure.is_transient:
                    raise failure
            time.sleep(delay)
        return None

    def get_once(self, url, who, what):
        """Return (final URL, content type, body), with progress for a person to see if it is large."""
        import urllib.request

        if self.options.offline and not local_path(url):
            message = "%s would have to be asked, which --offline forbids" % self.place(url, who)
            raise Failure("offline", message, "leave --offline away once")
        self.opener = self.opener or self.build_opener()
        accept = "*/*" if what else "application/vnd.pypi.simple.v1+json, text/html;q=0.2"
        headers = {"Accept": accept, "User-Agent": "devstrap/" + VERSION}
        timeout = self.env.get("UV_HTTP_TIMEOUT", "")
        request = urllib.request.Request(self.learn(url), headers=headers)
        with self.opener.open(request, timeout=float(timeout) if timeout.isdigit() else 30) as answer:
            size = int(answer.headers.get("Content-Length") or 0)
            if what:
                self.options.say("getting %s%s" % (what, " (%.1f MB)" % (size / 1e6) if size > 1e6 else ""))
            shows = size > 1e6 and sys.stderr.isatty() and not self.options.quiet
            body = bytearray()
            for block in iter(lambda: answer.read(1 << 18), b""):
                body += block
                if shows:
                    sys.stderr.write("\r%3d%%%s" % (len(body) * 100 // size, "\r    \r" if len(body) >= size else ""))
                    sys.stderr.flush()
            if len(body) < size:
                raise OSError("the answer broke off after %d of %d bytes" % (len(body), size))
            return answer.geturl(), answer.headers.get("Content-Type", ""), bytes(body)

    def build_opener(self):
        """Return an opener that knows the proxy, the certificates and, for each host, its own credentials only."""
        import base64
        import ssl
        import urllib.request
        from urllib.parse import urlsplit

        def authorize(_, request):
            """Add the password that is known for the host."""
            parts = urlsplit(request.full_url)
            known = self.credentials.get((parts.scheme, parts.netloc)) or self.from_netrc(parts.hostname)
            if known:
                token = base64.b64encode(("%s:%s" % known).encode("utf-8")).decode("ascii")
                request.add_unredirected_header("Authorization", "Basic " + token)
            return request

        # A preprocessor sees redirected requests too, which may go to another host.
        handler = type("Login", (urllib.request.BaseHandler,), {"http_request": authorize, "https_request": authorize})
        context = ssl.create_default_context()
        bundles = self.index.bundles
        if not context.cert_store_stats()["x509_ca"]:  # python.org's Python for macOS brings none
            bundles = bundles + [path for path in SYSTEM_BUNDLES if os.path.isfile(path)][:1]
        for path in bundles:
            context.load_verify_locations(**{"capath" if os.path.isdir(path) else "cafile": path})
        proxies = urllib.request.getproxies()
        if self.index.proxy:
            proxies.update(http=self.index.proxy, https=self.index.proxy)
        https = urllib.request.HTTPSHandler(context=context)
        return urllib.request.build_opener(urllib.request.ProxyHandler(proxies), https, handler())

    def from_netrc(self, host):
        """Return the (user, password) that ~/.netrc has for a host."""
        import netrc

        path = self.env.get("NETRC") or os.path.join(home_folder(self.env), "_netrc" if IS_WINDOWS else ".netrc")
        try:
            found = netrc.netrc(path).authenticators(host)
        except (OSError, ValueError, netrc.NetrcParseError):
            return None
        return (found[0] or found[1], found[2] or "") if found else None

    def learn(self, url, index=""):
        """Return a URL without its credentials, and remember those; uv's variables have some by the index's name."""
        from urllib.parse import unquote, urlsplit, urlunsplit

        parts = urlsplit(url)
        user, sign, host = parts.netloc.rpartition("@")
        variable = "UV_INDEX_%s_" % "".join(c if c.isalnum() else "_" for c in index.upper())
        named = self.env.get(variable + "USERNAME", ""), self.env.get(variable + "PASSWORD", "")
        if sign:
            self.credentials[parts.scheme, host] = tuple(map(unquote, (user + ":").split(":")[:2]))
        elif index and any(named):
            self.credentials[parts.scheme, host] = named
        return urlunsplit((parts.scheme, host) + tuple(parts[2:]))

    def place(self, url, who):
        """Return the host or path of a URL and which setting named it, for messages."""
        from urllib.parse import urlsplit

        return "%s (%s)" % (local_path(url) or urlsplit(self.learn(url)).netloc, who)

    def explain(self, url, who, error):
        """Return the Failure for what urllib raised."""
        place, status = self.place(url, who), getattr(error, "code", None)
        reason = str(getattr(error, "reason", error))
        if status in (401, 403):
            remedy = "put user and password into the URL of that setting, or into ~/.netrc"
            return Failure("not-allowed", "%s refuses access (HTTP %d)" % (place, status), remedy)
        if status == 407 or "407" in reason:
            return Failure("proxy", "the proxy wants a login before %s" % place, "put user:password@ into HTTPS_PROXY")
        if status in (404, 410) or isinstance(error, FileNotFoundError) or "Errno 2]" in reason:
            return Failure("not-found", "%s has nothing at %s" % (place, redact(url)), "mend that setting")
        if "CERTIFICATE" in reason.upper():
            remedy = "set SSL_CERT_FILE (or pip's `cert`) to the bundle with your organisation's certificate"
            return Failure("certificate", "%s is not trusted: %s" % (place, reason), remedy)
        is_transient = not local_path(url) and (status is None or status == 429 or status >= 500)
        remedy = "check the network and HTTPS_PROXY, or name a reachable index by UV_DEFAULT_INDEX"
        reason = "HTTP %d" % status if status else reason
        return Failure("no-network", "cannot get what is needed from %s: %s" % (place, reason), remedy, is_transient)


def local_path(url):
    """Return the path of a file: URL, or an empty string."""
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    return url2pathname(urlsplit(url).path) if url.startswith("file:") else ""


def file_name(url):
    """Return the name of the file that a URL names."""
    from urllib.parse import unquote, urlsplit

    return unquote(urlsplit(url).path.rpartition("/")[2])


def anchors(page):
    """Return the targets of a page's links."""
    from html.parser import HTMLParser

    found = []
    parser = HTMLParser()
    parser.handle_starttag = lambda _, attrs: found.extend(value for name, value in attrs if name == "href" and value)
    parser.feed(page)
    return [link.strip() for link in found]


def unpack(wheel, label, folder, only=None):
    """Unpack a wheel's bytes, or the one file in it that is called `only`; refuse names that lead out of `folder`."""
    import io
    import shutil
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
            for member in archive.infolist():
                parts = member.filename.split("/")
                if ".." in parts or not parts[0] or "\\" in member.filename or ":" in member.filename:
                    raise Failure("bad-wheel", "%s holds a file called %r" % (label, member.filename), "do not use it")
                if not parts[-1] or parts[-1] != (only or parts[-1]):
                    continue
                target = os.path.join(folder, only or os.path.join(*parts))
                os.makedirs(os.path.dirname(target), exist_ok=True)
                with archive.open(member) as source, open(target, "wb") as file:
                    shutil.copyfileobj(source, file, 1 << 18)
    except (zipfile.BadZipFile, EOFError) as error:
        raise Failure("bad-wheel", "%s is no wheel: %s" % (label, error), "name another one")


# ---- which devstrap --------------------------------------------------------------------------------------------------


class Source(object):
    """Where devstrap itself comes from, and the name under which its environment is kept."""

    def __init__(self, label, identity, **where):
        """Take what people are told, what tells one source from another, and where it is."""
        self.label = label
        self.folder = where.get("folder", "")
        self.wheel = where.get("wheel", b"")
        self.url = where.get("url", "")
        self.sha256 = where.get("sha256", "")
        # The platform counts: a home folder may be shared with a container.
        self.key = digest(identity + platform_name().encode("ascii"))[:16]


def find_source(env, script):
    """Return the Source to use: DEVSTRAP_SOURCE, the checkout that this file belongs to, or the version pinned here."""
    chosen = env.get("DEVSTRAP_SOURCE")
    if not chosen:
        own = os.path.dirname(script)
        if all(os.path.isfile(os.path.join(own, "bootstrap", name)) for name in ("__main__.py", "installer.lock")):
            return folder_source(own)
        return Source("devstrap==" + VERSION, (VERSION + WHEEL_SHA256).encode("ascii"), sha256=WHEEL_SHA256)
    place, _, sha256 = chosen.partition("#sha256=")
    if place.startswith("file:"):
        place = local_path(place)
    elif "://" in place:
        return Source(redact(place), (sha256 or place).encode("utf-8"), url=place, sha256=sha256)
    place = os.path.abspath(os.path.expanduser(place))
    try:
        if os.path.isdir(place):
            return folder_source(place)
        with open(place, "rb") as file:
            wheel = file.read()
    except OSError as error:
        message = "DEVSTRAP_SOURCE names %s: %s" % (place, error.strerror)
        raise Failure("source", message, "set it to a wheel, a source folder or a URL of devstrap, or unset it")
    found = digest(wheel)
    if sha256 not in ("", found):
        raise Failure("checksum", "%s has the SHA-256 %s" % (place, found), "mend DEVSTRAP_SOURCE, or the file")
    return Source(place, found.encode("ascii"), wheel=wheel)


def folder_source(folder):
    """Return the Source for a checkout of devstrap."""
    with open(os.path.join(folder, "bootstrap", "installer.lock"), "rb") as file:
        return Source(folder, file.read(), folder=folder)


# ---- uv --------------------------------------------------------------------------------------------------------------


def on_path(name, env):
    """Yield the programs of that name on PATH that can be relied on.

    Shims are passed over: pyenv's and asdf's are scripts and mise's are links to mise, and which version they start, if
    any, depends on the folder. So is what belongs to a virtual environment, which may be about to be replaced.
    """
    for folder in env.get("PATH", os.defpath).split(os.pathsep):
        path = os.path.join(folder, name + EXE)
        in_environment = os.path.isfile(os.path.join(os.path.dirname(folder), "pyvenv.cfg"))
        if os.path.isabs(folder) and not in_environment and is_program(path):
            yield path


def is_program(path):
    """Say whether a file is a uv or a Python, and no script, no link to a launcher and no empty Store alias."""
    try:
        with open(path, "rb") as file:
            head = file.read(2)
    except (OSError, ValueError):
        return False
    name = os.path.basename(os.path.realpath(path)).lower()
    return head not in (b"", b"#!") and name.startswith(("uv", "python")) and os.access(path, os.X_OK)


def run(argv, env, cwd=None, shows=False):
    """Run a command to its end; return (exit code, stdout, stderr); 127 if it cannot be started."""
    import subprocess  # nosec B404

    try:
        done = subprocess.run(  # nosec B603
            argv,
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=None if shows else subprocess.PIPE,
            check=False,
        )
    except OSError as error:
        return 127, "", str(error)
    return done.returncode, done.stdout.decode("utf-8", "replace"), (done.stderr or b"").decode("utf-8", "replace")


def clean_environment(env):
    """Return `env` without what would make uv or Python work on another project, environment or standard library."""
    foreign = ("UV_", "PYTHON", "VIRTUAL_ENV", "CONDA", "_CONDA", "__PYVENV")
    login = ("_USERNAME", "_PASSWORD")
    kept = [name for name in env if name in UV_MACHINE or not name.startswith(foreign)]
    kept += [name for name in env if name.startswith("UV_INDEX_") and name.endswith(login)]
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        if name in kept and not any(map(os.path.exists, env[name].split(os.pathsep))):
            kept.remove(name)  # Python passes over one that is missing, uv then trusts nobody
    return {name: env[name] for name in kept}


def uv_version(path, env):
    """Return the version of a uv as a tuple; empty if it is none."""
    code, stdout, _ = run([path, "--version"], clean_environment(env))
    words = stdout.split()
    if code or len(words) < 2 or words[0] != "uv":
        return ()
    return tuple(int(part) for part in words[1].split(".") if part.isdigit())


def chosen_uv(env):
    """Return the path that DEVSTRAP_UV names, empty where it names none."""
    chosen = env.get("DEVSTRAP_UV")
    return os.path.abspath(os.path.expanduser(chosen)) if chosen else ""


def find_uv(env, cache, fetcher):
    """Return the path of the uv to use: DEVSTRAP_UV, one on PATH, devstrap's own; get that one if need be."""
    chosen = chosen_uv(env)
    if chosen:
        if uv_version(chosen, env) < UV_MINIMUM:
            message = "DEVSTRAP_UV names %s, which is no uv of version %d.%d or newer" % ((chosen,) + UV_MINIMUM)
            raise Failure("uv", message, "set it to the path of a newer uv, or unset it")
        return chosen
    for path in on_path("uv", env):
        if uv_version(path, env) >= UV_MINIMUM:
            return path
    platform = platform_name()
    if platform == "macos-x86_64" and is_translated():
        platform = "macos-aarch64"
    folder = os.path.join(cache, "uv", "%s-%s" % (UV_VERSION, platform))
    path = os.path.join(folder, "uv" + EXE)
    if not os.path.isfile(path):
        if platform not in UV_WHEELS:
            raise Failure("platform", "no uv is known for %s" % platform, "install uv and set DEVSTRAP_UV to its path")
        build_aside(folder, lambda: os.path.isfile(path), lambda work: get_uv(work, platform, fetcher))
    return path


def get_uv(folder, platform, fetcher):
    """Fetch the pinned wheel of uv and put the program in it into `folder`."""
    tag, sha256 = UV_WHEELS[platform]
    name = "uv-%s-%s.whl" % (UV_VERSION, tag)
    unpack(fetcher.file("uv", name, "uv " + UV_VERSION, sha256), name, folder, only="uv" + EXE)
    program = os.path.join(folder, "uv" + EXE)
    os.chmod(program, 0o755)  # noqa: S103 - a program, with no secrets in it  # nosec B103


# ---- the Python that devstrap runs on --------------------------------------------------------------------------------

PROBE = """\
import ctypes, email, json, sys, sysconfig, zlib
free = sysconfig.get_config_var("Py_GIL_DISABLED")
print(sys.implementation.name, "%d.%d" % sys.version_info[:2], "free-threaded" if free else "")
"""


def python_candidates(env):
    """Yield paths at which a suitable Python may be, without starting any."""
    import glob

    # The one that runs this, or the one that its virtual environment was made from.
    own = getattr(sys, "_base_executable", None) or sys.executable
    if "%d.%d" % sys.version_info[:2] in PYTHONS:
        yield own
    home = home_folder(env)
    data = env.get("XDG_DATA_HOME") or os.path.join(home, ".local", "share")
    managed = os.path.join(env.get("APPDATA", data) if IS_WINDOWS else data, "uv", "python")
    managed = env.get("UV_PYTHON_INSTALL_DIR") or managed
    folders = [
        (env.get("PYENV_ROOT") or os.path.join(home, ".pyenv"), "versions", "{v}.*"),
        (env.get("ASDF_DATA_DIR") or os.path.join(home, ".asdf"), "installs", "python", "{v}.*"),
        (env.get("MISE_DATA_DIR") or os.path.join(data, "mise"), "installs", "python", "{v}.*"),
        (managed, "cpython-{v}*"),
    ]
    if IS_WINDOWS:
        local = env.get("LOCALAPPDATA", home)
        folders += [(env.get("PROGRAMFILES", home), "Python{w}"), (local, "Programs", "Python", "Python{w}")]
        folders += [(local, "Python", "pythoncore-{v}-*")]
    fixed = ["/opt/homebrew/bin", "/usr/local/bin", "/usr/bin", "/Library/Frameworks/Python.framework/Versions/{v}/bin"]
    for version in PYTHONS:
        for path in on_path("python" + version, env):
            yield path
        for parts in folders:
            last = parts[-1].format(v=version, w=version.replace(".", ""))
            for folder in sorted(glob.glob(os.path.join(*([glob.escape(parts[0])] + list(parts[1:-1]) + [last])))):
                yield os.path.join(folder, "python.exe") if IS_WINDOWS else os.path.join(folder, "bin", "python3")
        for folder in fixed if not IS_WINDOWS else []:
            yield os.path.join(folder.format(v=version), "python" + version)
    for name in ("python3", "python"):
        for path in on_path(name, env):
            if path != "/usr/bin/python3" or sys.platform != "darwin":  # a stub there, which opens a window
                yield path


def probe(python, env):
    """Return the `3.12` of a Python that devstrap can run on, else an empty string: start it once, and see."""
    code, stdout, _ = run([python, "-I", "-S", "-c", PROBE], clean_environment(env))
    name, _, version = stdout.strip().partition(" ")
    return version if code == 0 and name == "cpython" and version in PYTHONS else ""


def find_python(env, uv, options, folder):
    """Return the path of the Python to run devstrap on; have uv install one where there is none."""
    seen = set()
    for path in python_candidates(env):
        if path not in seen and is_program(path) and probe(path, env):
            return path
        seen.add(path)
    if options.offline:
        message = "devstrap runs on Python %s to %s, none is here, and --offline forbids to fetch one"
        raise Failure("no-python", message % (PYTHONS[-1], PYTHONS[-2]), "leave --offline away once, or install one")
    options.say("installing Python %s for devstrap itself" % PYTHONS[0])
    clean = clean_environment(env)
    # It is not the person's wish to have it on PATH or in the registry.
    clean.update({"UV_PYTHON_INSTALL_BIN": "0", "UV_PYTHON_INSTALL_REGISTRY": "0"})
    shows = not options.quiet
    code, _, stderr = run([uv, "python", "install", PYTHONS[0]], clean, folder, shows=shows)
    if code == 0:
        find = [uv, "python", "find", "--managed-python", "--no-project", PYTHONS[0]]
        code, stdout, stderr = run(find, clean, folder)
        if code == 0:
            return stdout.strip()
    message = "cannot install Python %s%s" % (PYTHONS[0], ":\n" + quote(stderr) if stderr else "")
    remedy = "name a mirror by UV_PYTHON_INSTALL_MIRROR or UV_PYTHON_DOWNLOADS_JSON_URL, or install Python 3.12"
    raise Failure("no-python", message, remedy)


# ---- devstrap's own environment --------------------------------------------------------------------------------------


class Installer(object):
    """A finished environment for devstrap: the packages in `lib`, and the Python and the uv to use with them.

    It remembers two uvs, each as (path, stamp): the one that was found, and the one that DEVSTRAP_UV named last. The
    second is for those starts only that name it again.
    """

    def __init__(self, folder, python, version):
        """Describe the environment in a folder, which need not exist yet."""
        self.lib = os.path.join(folder, "lib")
        self.marker = os.path.join(folder, "ready")
        self.python = python
        self.version = version
        self.uv = ""
        self.found = self.chosen = ("", "")
        self.is_fresh = False  # nothing has changed since the marker was written

    def use(self, uv, env):
        """Take a uv that find_uv() returned, and remember it as what it is: named by the person, or found."""
        self.uv = uv
        if chosen_uv(env):
            self.chosen = (uv, stamp(uv))
        else:
            self.found = (uv, stamp(uv))

    def write(self):
        """Write the marker that says that the environment is whole. Plain lines: they are read before every command."""
        new = "%s.%d" % (self.marker, os.getpid())
        lines = (self.python, stamp(self.python), self.version) + self.found + self.chosen
        with open(new, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write("\n".join(lines + ("",)))
        os.replace(new, self.marker)


def read_installer(folder, env):
    """Return the Installer in `folder`, None where there is none."""
    try:
        with open(os.path.join(folder, "ready"), encoding="utf-8", errors="surrogateescape") as file:
            python, python_stamp, version, found, found_stamp, chosen, chosen_stamp = file.read().split("\n")[:7]
    except (OSError, ValueError):
        return None
    installer = Installer(folder, python, version)
    installer.found, installer.chosen = (found, found_stamp), (chosen, chosen_stamp)
    wanted = chosen_uv(env)
    installer.uv, uv_stamp = installer.chosen if wanted else installer.found
    is_fresh = "" != python_stamp == stamp(python) and "" != uv_stamp == stamp(installer.uv)
    installer.is_fresh = is_fresh and wanted in ("", installer.uv)
    return installer


def find_installer(env, cache, source, index, options):
    """Return the Installer for a source; build it if it is not there."""
    folder = os.path.join(cache, "installer", source.key)
    installer = read_installer(folder, env)
    if installer and installer.is_fresh:
        return installer
    fetcher = Fetcher(index, options, env)
    uv = find_uv(env, cache, fetcher)

    def is_ready():
        """Say whether somebody else made it meanwhile."""
        found = read_installer(folder, env)
        return found and probe(found.python, env) == found.version

    if not installer or probe(installer.python, env) != installer.version:
        build_aside(folder, is_ready, lambda work: fill(work, env, uv, source, fetcher))
        prune(folder)
        installer = read_installer(folder, env)
    if not installer.is_fresh:
        # Another uv, or an update of Python: the packages are still good. A read-only cache may stay as it is.
        installer.use(uv, env)
        if os.access(folder, os.W_OK):
            installer.write()
    return installer


def prune(current):
    """Delete the environments beside `current` that nobody started for a long time; what cannot be deleted stays.

    A start reads the marker, and the system notes when; where it does not (noatime), the time of its writing counts.
    """
    import shutil

    parent, own = os.path.split(current)
    for name in os.listdir(parent):
        path = os.path.join(parent, name)
        try:
            used = os.stat(os.path.join(path, "ready"))
            if name == own or time.time() - max(used.st_atime, used.st_mtime) < UNUSED:
                continue
            aside = os.path.join(parent, UNFINISHED + name)
            os.rename(path, aside)  # nobody shall find half of one
        except OSError:  # it has no marker and is none of ours, or somebody else is at it
            continue
        shutil.rmtree(aside, ignore_errors=True)


def fill(work, env, uv, source, fetcher):
    """Put devstrap's packages, and devstrap itself unless it is a checkout, into the folder `work`."""
    options = fetcher.options
    python = find_python(env, uv, options, work)
    installer = Installer(work, python, probe(python, env))
    installer.use(uv, env)
    lock = os.path.join(source.folder or installer.lib, "bootstrap", "installer.lock")
    if not source.folder:
        unpack(source.wheel or get_devstrap(source, fetcher), source.label, installer.lib)
        if not os.path.isfile(lock):
            raise Failure("source", "%s lacks bootstrap/installer.lock" % source.label, "name a wheel of devstrap")
    options.say("installing devstrap's own packages")
    argv = [uv, "pip", "install", "--target", installer.lib, "--python", python, "--no-deps", "--require-hashes"]
    argv += ["--only-binary", ":all:", "--no-config", "-r", lock]
    # Of a checkout nothing is compiled: all its bytecode goes to the cache as it is used, see hand_over().
    argv += (["--no-index"] if fetcher.index.no_index else []) + (["--offline"] if options.offline else [])
    argv += [] if source.folder else ["--compile-bytecode"]
    clean = clean_environment(env)
    clean.update(fetcher.index.variables(env))
    code, _, stderr = run(argv, clean, work)
    if code and "cache" in stderr.lower() and "UV_CACHE_DIR" not in clean:
        code, _, stderr = run(argv + ["--no-cache"], clean, work)  # uv's own cache may be read-only
    if options.verbose:
        sys.stderr.write(redact(stderr))
    if code:
        asked = ", ".join(fetcher.place(split_name(url)[1], who) for url, who, _ in fetcher.index.places())
        message = "uv cannot install devstrap's own packages from %s:\n%s" % (asked, quote(stderr))
        raise Failure("install", message, "check those settings and the network; UV_DEFAULT_INDEX names another index")
    installer.write()


def get_devstrap(source, fetcher):
    """Return the bytes of devstrap's wheel."""
    if source.url:
        return fetcher.verified(source.url, "DEVSTRAP_SOURCE", "devstrap", source.sha256)
    return fetcher.file("devstrap", "devstrap-%s-py3-none-any.whl" % VERSION, source.label, source.sha256)


# ---- handing over ----------------------------------------------------------------------------------------------------


def to_json(value):
    """Return texts, flags, numbers and dicts of them as JSON: importing json takes longer than all else here."""
    if isinstance(value, dict):
        return "{%s}" % ", ".join("%s: %s" % (to_json(name), to_json(value[name])) for name in value)
    if isinstance(value, str):
        return '"%s"' % "".join(c if " " <= c <= "~" and c not in '"\\' else escape(ord(c)) for c in value)
    return repr(value).lower()


def escape(code):
    """Return a character as JSON escapes it, one beyond U+FFFF as two surrogates (RFC 8259, section 7)."""
    if code > 0xFFFF:
        return escape(0xD800 + (code - 0x10000 >> 10)) + escape(0xDC00 + (code & 0x3FF))
    return "\\u%04x" % code


def as_utf8(path):
    """Return a path as a Python in UTF-8 mode spells it, whatever the locale of this one."""
    return os.fsencode(path).decode("utf-8", "surrogatepass" if IS_WINDOWS else "surrogateescape")


def handoff(installer, source, cache, index, started):
    """Return what devstrap is told of this start."""
    return {
        "uv": as_utf8(installer.uv),
        "cache": as_utf8(cache),
        "script": as_utf8(os.path.abspath(__file__)),
        "source": as_utf8(source.label),
        "caller": {
            "executable": as_utf8(sys.executable or ""),
            "version": sys.version.split()[0],
            "prefix": as_utf8(sys.prefix),
            "base_prefix": as_utf8(sys.base_prefix),
        },
        "no_index": index.no_index,
        "started": started,
    }


LAUNCH = """\
try:
    import sys
    sys.path[:0] = %s
    from bootstrap.__main__ import main
    sys.exit(main(told=%s))
except KeyboardInterrupt:
    import sys
    sys.stderr.write("interrupted\\n")
    sys.exit(130)
"""


def hand_over(installer, source, cache, index, told, argv):
    """Become devstrap; where a process cannot do that, run it and return its exit code.

    It is told as an argument, a Python literal, since reading JSON would take it longer than guard takes for the rest.
    The settings of the index may have passwords in them, which no list of processes may show: they are a variable.
    """
    settings = {name: as_utf8(value) for name, value in index.variables(os.environ).items()}
    env = dict(os.environ, DEVSTRAP_INDEX=to_json(settings))
    env.pop("__PYVENV_LAUNCHER__", None)  # set by Python on macOS; the next one would take itself for this one
    path = [as_utf8(folder) for folder in (source.folder, installer.lib) if folder]
    command = [installer.python, "-I", "-S", "-X", "utf8"]
    if source.folder:
        command += ["-X", "pycache_prefix=" + os.path.join(cache, "pycache")]  # nothing is written to a checkout
    command += ["-c", LAUNCH % (ascii(path), ascii(told))] + argv
    sys.stderr.flush()
    if not IS_WINDOWS:
        os.execve(command[0], command, env)  # noqa: S606 - no shell is wanted  # nosec B606
    # Windows has no exec that keeps the console: wait, and leave Ctrl-C to the child.
    import signal
    import subprocess  # nosec B404

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return subprocess.call(command, env=env)  # nosec B603


def report(options, exit_code, code, message, remedy):
    """Tell what went wrong, for people and (with --json) for machines too; return the exit code."""
    sys.stderr.write("error: %s\n%s" % (message, "  fix: %s\n" % remedy if remedy else ""))
    if options.json:
        error = {"code": code, "message": message, "remedy": remedy}
        envelope = {"schema": 1, "command": options.command, "status": "error", "exit_code": exit_code, "error": error}
        sys.stdout.write(to_json(envelope) + "\n")
        sys.stdout.flush()
    return exit_code


def main(argv):
    """Start devstrap with `argv`; return an exit code where that was not to be."""
    started = time.time()
    env = os.environ
    options = Options(argv, env)
    cache = "the cache"
    try:
        cache = cache_folder(env)
        index = Index(env)
        source = find_source(env, os.path.abspath(__file__))
        installer = find_installer(env, cache, source, index, options)
        told = handoff(installer, source, cache, index, started)
        return hand_over(installer, source, cache, index, told, argv)
    except Failure as failure:
        return report(options, 2, failure.code, str(failure), failure.remedy)
    except KeyboardInterrupt:
        return report(options, 130, "interrupted", "interrupted; nothing is left half-made", "")
    except ImportError as error:
        message = "this Python (%s) lacks a part of its own library: %s" % (sys.executable, error)
        return report(options, 2, "python", message, "start bootstrap.py by another Python, or install all of this one")
    except OSError as error:
        message = "%s: %s" % (error.filename or cache, error.strerror or error)
        remedy = "free or unlock that place, or set DEVSTRAP_CACHE_DIR to a folder that you may write to"
        return report(options, 2, "no-space" if error.errno == 28 else "cache", message, remedy)
    except Exception:  # noqa: BLE001 - the last resort: a bug is told as one
        import traceback

        traceback.print_exc()
        return report(options, 3, "bug", "this is a bug in devstrap", "please report it with the lines above")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
