"""What the standard library has from which Python on, and what it has no more: facts, in tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bootstrap.policy import Minor

ALWAYS = (3, 0)

MODULES: Mapping[str, Minor] = {
    **dict.fromkeys(
        (
            *("abc", "argparse", "ast", "asyncio", "base64", "builtins", "codecs", "collections", "collections.abc"),
            *(
                "concurrent.futures",
                "configparser",
                "contextlib",
                "copyreg",
                "datetime",
                "enum",
                "functools",
                "hashlib",
            ),
            *("html", "html.entities", "html.parser", "http", "http.client", "http.cookiejar", "http.cookies"),
            *("http.server", "importlib", "inspect", "io", "ipaddress", "itertools", "json", "logging.config", "math"),
            *(
                "operator",
                "os",
                "pathlib",
                "pickle",
                "queue",
                "re",
                "reprlib",
                "secrets",
                "shlex",
                "shutil",
                "socketserver",
            ),
            *("statistics", "string", "subprocess", "sys", "tempfile", "threading", "time", "types", "typing"),
            *("unittest", "unittest.mock", "urllib", "urllib.error", "urllib.parse", "urllib.request"),
            *("urllib.response", "urllib.robotparser", "weakref", "xml.etree.ElementTree", "xmlrpc.client"),
        ),
        ALWAYS,
    ),
    "contextvars": (3, 7),
    "dataclasses": (3, 7),
    "graphlib": (3, 9),
    "importlib.metadata": (3, 8),
    "importlib.resources": (3, 7),
    "tomllib": (3, 11),
    "zoneinfo": (3, 9),
}
"""Modules that every build of CPython and PyPy has, by the Python that brought them; optional ones are not here."""

_SINCE: Mapping[str, Mapping[Minor, tuple[str, ...]]] = {
    "asyncio": {
        (3, 7): ("run", "create_task", "get_running_loop", "current_task", "all_tasks"),
        (3, 9): ("to_thread",),
        (3, 11): ("timeout", "timeout_at", "TaskGroup", "Runner", "Barrier"),
    },
    "collections.abc": {
        ALWAYS: (
            *("Callable", "Container", "Hashable", "ItemsView", "Iterable", "Iterator", "KeysView", "Mapping"),
            *(
                "MappingView",
                "MutableMapping",
                "MutableSequence",
                "MutableSet",
                "Sequence",
                "Set",
                "Sized",
                "ValuesView",
            ),
        ),
        (3, 6): (
            "AsyncGenerator",
            "AsyncIterable",
            "AsyncIterator",
            "Awaitable",
            "Collection",
            "Coroutine",
            "Generator",
        ),
        (3, 12): ("Buffer",),
    },
    "collections": {ALWAYS: ("ChainMap", "Counter", "OrderedDict", "defaultdict", "deque", "namedtuple")},
    "contextlib": {
        ALWAYS: ("ExitStack", "contextmanager", "closing", "suppress", "redirect_stdout"),
        (3, 7): ("AsyncExitStack", "asynccontextmanager", "nullcontext"),
        (3, 10): ("aclosing",),
        (3, 11): ("chdir",),
    },
    "datetime": {ALWAYS: ("date", "datetime", "time", "timedelta", "timezone", "tzinfo"), (3, 11): ("UTC",)},
    "enum": {ALWAYS: ("Enum", "IntEnum"), (3, 6): ("Flag", "IntFlag", "auto"), (3, 11): ("StrEnum",)},
    "functools": {
        ALWAYS: ("lru_cache", "partial", "reduce", "singledispatch", "total_ordering", "wraps"),
        (3, 8): ("cached_property", "singledispatchmethod"),
        (3, 9): ("cache",),
    },
    "html": {ALWAYS: ("escape", "unescape")},
    "importlib": {
        ALWAYS: ("import_module", "reload", "invalidate_caches"),
        (3, 8): ("metadata",),
        (3, 7): ("resources",),
    },
    "importlib.metadata": {
        (3, 8): (
            "PackageNotFoundError",
            "distribution",
            "distributions",
            "entry_points",
            "metadata",
            "requires",
            "version",
        ),
        (3, 10): ("packages_distributions",),
    },
    "importlib.resources": {(3, 9): ("as_file", "files")},
    "inspect": {ALWAYS: ("getfullargspec", "signature", "Signature", "Parameter"), (3, 10): ("get_annotations",)},
    "io": {ALWAYS: ("BytesIO", "StringIO", "TextIOWrapper", "open")},
    "itertools": {
        ALWAYS: ("accumulate", "chain", "filterfalse", "islice", "product", "zip_longest"),
        (3, 10): ("pairwise",),
        (3, 12): ("batched",),
    },
    "json": {ALWAYS: ("dump", "dumps", "load", "loads"), (3, 5): ("JSONDecodeError",)},
    "math": {(3, 5): ("gcd", "isclose"), (3, 8): ("dist", "isqrt", "prod"), (3, 9): ("lcm",)},
    "os": {ALWAYS: ("PathLike", "fspath", "scandir")},
    "pathlib": {ALWAYS: ("Path", "PurePath", "PurePosixPath", "PureWindowsPath")},
    "queue": {ALWAYS: ("Empty", "Full", "LifoQueue", "PriorityQueue", "Queue"), (3, 7): ("SimpleQueue",)},
    "shlex": {ALWAYS: ("quote", "split"), (3, 8): ("join",)},
    "shutil": {ALWAYS: ("get_terminal_size", "which")},
    "subprocess": {ALWAYS: ("DEVNULL",), (3, 5): ("run",)},
    "types": {
        ALWAYS: ("MappingProxyType", "SimpleNamespace"),
        (3, 9): ("GenericAlias",),
        (3, 10): ("EllipsisType", "NoneType", "NotImplementedType", "UnionType"),
    },
    "typing": {
        ALWAYS: (
            *("TYPE_CHECKING", "Any", "Callable", "ClassVar", "Dict", "Generic", "Iterable", "Iterator", "List"),
            *("Mapping", "NamedTuple", "NewType", "Optional", "Sequence", "Set", "Tuple", "Type", "TypeVar", "Union"),
            *("cast", "get_type_hints", "overload"),
        ),
        (3, 7): ("ForwardRef", "NoReturn", "Deque", "AsyncContextManager", "OrderedDict"),
        (3, 8): ("Final", "Literal", "Protocol", "SupportsIndex", "TypedDict", "final", "get_args", "get_origin"),
        (3, 9): ("Annotated",),
        (3, 10): (
            "Concatenate",
            "ParamSpec",
            "ParamSpecArgs",
            "ParamSpecKwargs",
            "TypeAlias",
            "TypeGuard",
            "is_typeddict",
        ),
        (3, 11): (
            *("LiteralString", "Never", "NotRequired", "Required", "Self", "TypeVarTuple", "Unpack", "assert_never"),
            *("assert_type", "clear_overloads", "dataclass_transform", "get_overloads", "reveal_type"),
        ),
        (3, 12): ("TypeAliasType", "override"),
        (3, 13): ("NoDefault", "ReadOnly", "TypeIs", "get_protocol_members", "is_protocol"),
    },
    "unittest": {ALWAYS: ("mock", "TestCase"), (3, 8): ("IsolatedAsyncioTestCase",)},
    "unittest.mock": {ALWAYS: ("ANY", "MagicMock", "Mock", "call", "patch", "sentinel"), (3, 8): ("AsyncMock",)},
    "urllib.error": {ALWAYS: ("HTTPError", "URLError")},
    "urllib.parse": {
        ALWAYS: (
            *("parse_qs", "parse_qsl", "quote", "quote_plus", "unquote", "unquote_plus", "urldefrag", "urlencode"),
            *("urljoin", "urlparse", "urlsplit", "urlunparse", "urlunsplit", "SplitResult", "ParseResult"),
        )
    },
    "urllib.request": {ALWAYS: ("HTTPHandler", "Request", "build_opener", "pathname2url", "urlopen", "urlretrieve")},
    "urllib": {ALWAYS: ("error", "parse", "request")},
    "concurrent.futures": {ALWAYS: ("Future", "ProcessPoolExecutor", "ThreadPoolExecutor", "as_completed")},
    "configparser": {ALWAYS: ("ConfigParser", "NoOptionError", "NoSectionError", "RawConfigParser")},
    "contextvars": {(3, 7): ("Context", "ContextVar", "Token", "copy_context")},
    "dataclasses": {(3, 7): ("asdict", "astuple", "dataclass", "field", "fields", "is_dataclass", "replace")},
    "graphlib": {(3, 9): ("CycleError", "TopologicalSorter")},
    "html.parser": {ALWAYS: ("HTMLParser",)},
    "http.client": {ALWAYS: ("HTTPConnection", "HTTPException", "HTTPSConnection")},
    "http.cookiejar": {ALWAYS: ("Cookie", "CookieJar")},
    "http.cookies": {ALWAYS: ("Morsel", "SimpleCookie")},
    "http.server": {ALWAYS: ("BaseHTTPRequestHandler", "HTTPServer", "SimpleHTTPRequestHandler")},
    "tomllib": {(3, 11): ("TOMLDecodeError", "load", "loads")},
    "zoneinfo": {(3, 9): ("ZoneInfo", "ZoneInfoNotFoundError", "available_timezones")},
}

NAMES: Mapping[tuple[str, str], Minor] = {
    (module, name): since for module, table in _SINCE.items() for since, names in table.items() for name in names
}

GONE = frozenset(
    (
        *("BaseHTTPServer", "ConfigParser", "Cookie", "HTMLParser", "Queue", "SocketServer", "StringIO", "Tkinter"),
        *("__builtin__", "cPickle", "cStringIO", "cookielib", "copy_reg", "htmlentitydefs", "httplib", "urllib2"),
        *("urlparse", "xmlrpclib"),
    )
)
"""Modules of Python 2 that no Python 3 has."""

BACKPORTS: Mapping[str, tuple[str, Minor]] = {
    "backports.cached_property": ("functools.cached_property", (3, 8)),
    "backports.strenum": ("enum.StrEnum", (3, 11)),
    "backports.zoneinfo": ("zoneinfo", (3, 9)),
    "async_timeout": ("asyncio.timeout", (3, 11)),
    "enum34": ("enum", ALWAYS),
    "exceptiongroup": ("ExceptionGroup and except*", (3, 11)),
    "funcsigs": ("inspect.signature", ALWAYS),
    "futures": ("concurrent.futures", ALWAYS),
    "graphlib_backport": ("graphlib", (3, 9)),
    "importlib_metadata": ("importlib.metadata", (3, 10)),
    "importlib_resources": ("importlib.resources", (3, 9)),
    "mock": ("unittest.mock", (3, 8)),
    "pathlib2": ("pathlib", ALWAYS),
    "singledispatch": ("functools.singledispatch", ALWAYS),
    "six": ("what it bridges: there is no Python 2 any more", ALWAYS),
    "taskgroup": ("asyncio.TaskGroup", (3, 11)),
    "tomli": ("tomllib", (3, 11)),
}
"""What stands in for a part of Python that came later: by the name it is imported by, what it stands in for."""


def has(module: str, names: tuple[str, ...], floor: Minor) -> bool:
    """Say whether importing these names from a module is certain to work on every Python from `floor` on."""
    if module not in MODULES or MODULES[module] > floor:
        return False
    return all(NAMES.get((module, name), (9, 9)) <= floor for name in names)


def lacks(module: str, names: tuple[str, ...], floor: Minor) -> bool:
    """Say whether importing that is certain to fail: it is of Python 2, or the abstract classes moved."""
    if module.partition(".")[0] in GONE:
        return True
    moved = {name for where, name in NAMES if where == "collections.abc"}
    return module == "collections" and floor >= (3, 10) and bool(moved & set(names))
