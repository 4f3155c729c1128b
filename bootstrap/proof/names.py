"""Which distribution an import belongs to, for the modules that are called otherwise than what one installs."""

from __future__ import annotations

import re

from bootstrap.detect.repository import normalise

# Only what is common enough for the name to be beyond doubt.
DISTRIBUTIONS = {
    "attr": "attrs",
    "bs4": "beautifulsoup4",
    "bson": "pymongo",
    "cv2": "opencv-python-headless",
    "Crypto": "pycryptodome",
    "dateutil": "python-dateutil",
    "django_filters": "django-filter",
    "dns": "dnspython",
    "docx": "python-docx",
    "dotenv": "python-dotenv",
    "factory": "factory-boy",
    "engineio": "python-engineio",
    "fitz": "pymupdf",
    "flask_cors": "flask-cors",
    "flask_login": "flask-login",
    "flask_sqlalchemy": "flask-sqlalchemy",
    "git": "gitpython",
    "github": "pygithub",
    "google.protobuf": "protobuf",
    "gridfs": "pymongo",
    "IPython": "ipython",
    "jose": "python-jose",
    "jwt": "pyjwt",
    "magic": "python-magic",
    "multipart": "python-multipart",
    "MySQLdb": "mysqlclient",
    "nacl": "pynacl",
    "OpenSSL": "pyopenssl",
    "PIL": "pillow",
    "pptx": "python-pptx",
    "pythonjsonlogger": "python-json-logger",
    # What venv puts into every environment, and uv does not; a setup.py of long ago reads its requirements by it.
    "pip": "pip",
    "pip.download": "pip<10",
    "pip.req": "pip<10",
    "pkg_resources": "setuptools<81",
    "psycopg2": "psycopg2-binary",
    "rest_framework": "djangorestframework",
    "serial": "pyserial",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "slugify": "python-slugify",
    "socketio": "python-socketio",
    "socks": "pysocks",
    "usb": "pyusb",
    "yaml": "pyyaml",
    "zmq": "pyzmq",
    "distutils": "setuptools",
    "setuptools": "setuptools",
}
# What test suites commonly need and nobody has to be told of: the import is the name.
COMMON = frozenset(
    (
        *("coverage", "faker", "freezegun", "hypothesis", "mock", "nose", "pytest", "requests", "requests_mock"),
        *("responses", "simplejson", "six", "numpy", "httpx", "anyio", "trio", "pexpect", "parameterized", "toml"),
        *("pytest_mock", "pytest_asyncio", "pytest_cov", "pytest_timeout", "typing_extensions", "jinja2", "flask"),
        *("respx", "vcr", "time_machine", "tomli", "packaging", "psutil", "pandas", "sqlalchemy", "attrs", "aiohttp"),
        *("aioresponses", "aiosqlite", "asynctest", "betamax", "cryptography", "ddt", "dirty_equals", "django"),
        *("docutils", "fakeredis", "fastapi", "flexmock", "html5lib", "httpretty", "inline_snapshot"),
        *("jsonschema", "lxml", "matplotlib", "moto", "msgpack", "msgspec", "networkx", "orjson", "pretend"),
        *("pydantic", "pyfakefs", "pymysql", "pyparsing", "pytest_benchmark", "pytest_django"),
        *("pytest_httpserver", "redis", "scipy", "sphinx", "starlette", "sure", "syrupy", "tabulate"),
        *("testfixtures", "tornado", "tqdm", "ujson", "unittest2", "urllib3", "uvicorn", "webtest", "werkzeug"),
        *("xmltodict", "cython", "pybind11"),
    )
)

# Modules that a Python dropped, with the first version that is without them (PEP 594, PEP 632, and what's new).
DROPPED = {
    "asynchat": (3, 12),
    "asyncore": (3, 12),
    "imp": (3, 12),
    "smtpd": (3, 12),
    "aifc": (3, 13),
    "audioop": (3, 13),
    "cgi": (3, 13),
    "cgitb": (3, 13),
    "chunk": (3, 13),
    "crypt": (3, 13),
    "imghdr": (3, 13),
    "lib2to3": (3, 13),
    "mailcap": (3, 13),
    "msilib": (3, 13),
    "nis": (3, 13),
    "nntplib": (3, 13),
    "pipes": (3, 13),
    "sndhdr": (3, 13),
    "spwd": (3, 13),
    "sunau": (3, 13),
    "telnetlib": (3, 13),
    "uu": (3, 13),
    "xdrlib": (3, 13),
    "binhex": (3, 11),
    "formatter": (3, 10),
    "parser": (3, 10),
    "symbol": (3, 10),
    "macpath": (3, 8),
    "dummy_threading": (3, 9),
}
# What else tells that a Python is too new: words of an error, and the first version that raises it.
OUTGROWN = (
    ("module 'collections' has no attribute", (3, 10)),
    ("from 'collections' (", (3, 10)),
    ("module 'inspect' has no attribute 'getargspec'", (3, 11)),
    ("module 'asyncio' has no attribute 'coroutine'", (3, 11)),
    ("module 'asyncio' has no attribute 'async'", (3, 7)),
    ("module 'pkgutil' has no attribute 'ImpImporter'", (3, 12)),
    ("module 'configparser' has no attribute 'SafeConfigParser'", (3, 12)),
    ("module 'ast' has no attribute 'Str'", (3, 12)),
    ("module 'typing' has no attribute 'io'", (3, 13)),
    ("'typing.io'", (3, 13)),
    ("module 'time' has no attribute 'clock'", (3, 8)),
    ("module 'platform' has no attribute 'linux_distribution'", (3, 8)),
    ("module 'platform' has no attribute 'dist'", (3, 8)),
    ("module 'cgi' has no attribute 'escape'", (3, 8)),
    ("module 'fractions' has no attribute 'gcd'", (3, 9)),
    ("module 'gettext' has no attribute", (3, 11)),
    ("from 'inspect' (", (3, 11)),
    ("from 'formatargspec'", (3, 11)),
    ("six.moves", (3, 12)),
    ("_PyUnicode_get_wstr_length", (3, 12)),
    ("longintrepr.h", (3, 11)),
    ("PyFrameObject", (3, 11)),
    ("'PyThreadState' {aka 'struct _ts'} has no member", (3, 11)),
    ("_PyEval_EvalFrameDefault", (3, 11)),
    ("tp_print", (3, 9)),
    ("too many positional parameters: expected", (3, 8)),
    ('required field "type_ignores" missing', (3, 8)),
    ('required field "lineno" missing from alias', (3, 10)),
    ("ForwardRef._evaluate() missing 1 required keyword-only argument: 'recursive_guard'", (3, 12)),
)


# The last setuptools that leaves alone the distutils that others may have imported before it, and whose pkg_resources
# does not warn of itself; and the Python from which on it does not run.
_SILENT_MAJOR = 60
_SILENT, _SILENT_BELOW = f"setuptools<{_SILENT_MAJOR}", (3, 12)
_OPEN = re.compile(r"setuptools\s*(?:>=\s*(\d+)[\d.]*)?")


# What newer ones warn of, and the bound within which they do not, on a Python that the silent ones do not run on.
WARNINGS = {"distutils Version classes are deprecated": "", "pkg_resources is deprecated as an API": "setuptools<67.5"}


def silent(warning: str, minor: tuple[int, int]) -> str:
    """Return the setuptools that does not give a warning; empty where every one that runs on the Python does."""
    return _SILENT if minor < _SILENT_BELOW else WARNINGS[warning]


def distribution_of(module: str, minor: tuple[int, int] = _SILENT_BELOW) -> str:
    """Return what to install on a Python for an import that nothing declares; empty where that would be a guess."""
    top = module.partition(".")[0]
    if top == "pkg_resources" and minor < _SILENT_BELOW:
        return _SILENT
    if module in DISTRIBUTIONS or top in DISTRIBUTIONS:
        return DISTRIBUTIONS.get(module) or DISTRIBUTIONS[top]
    return normalise(top) if top.lower() in COMMON else ""


def bounded(requirement: str, minor: tuple[int, int]) -> str:
    """Return a requirement as it is to be met on a Python: a setuptools without an upper bound gets one."""
    found = _OPEN.fullmatch(requirement.strip())
    fits = found is not None and int(found[1] or 0) < _SILENT_MAJOR
    return _SILENT if fits and minor < _SILENT_BELOW else requirement


def could_be(module: str, distribution: str) -> bool:
    """Say whether an import probably belongs to a distribution of this name."""
    top, name = normalise(module.partition(".")[0]), normalise(distribution)
    known = normalise(DISTRIBUTIONS.get(module.partition(".")[0], top))
    return (
        name in (top, known, f"python-{top}", f"py{top}", f"{top}-python", f"django-{top}")
        or name.replace("-", "") == top.replace("-", "")
        or is_below(module, distribution)
    )


def is_below(module: str, distribution: str) -> bool:
    """Say whether a distribution is named for a package below one that others share: `google.cloud.storage`."""
    parts, name = [normalise(part) for part in module.split(".")], normalise(distribution).removeprefix("apache-")
    return any(name == "-".join(parts[:depth]) for depth in range(2, len(parts) + 1))
