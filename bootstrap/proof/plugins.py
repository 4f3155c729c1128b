"""pytest plugins by what of their options and settings stands in a configuration."""

from __future__ import annotations

import re

# The option, as it begins, and the distribution that knows it.
OPTIONS = (
    ("--cov", "pytest-cov"),
    ("--no-cov", "pytest-cov"),
    ("--timeout", "pytest-timeout"),
    ("--random-order", "pytest-random-order"),
    ("--randomly", "pytest-randomly"),
    ("--numprocesses", "pytest-xdist"),
    ("-n", "pytest-xdist"),
    ("--dist", "pytest-xdist"),
    ("--maxprocesses", "pytest-xdist"),
    ("--reruns", "pytest-rerunfailures"),
    ("--only-rerun", "pytest-rerunfailures"),
    ("--benchmark", "pytest-benchmark"),
    ("--codspeed", "pytest-codspeed"),
    ("--asyncio-mode", "pytest-asyncio"),
    ("--html", "pytest-html"),
    ("--self-contained-html", "pytest-html"),
    ("--flake8", "pytest-flake8"),
    ("--black", "pytest-black"),
    ("--isort", "pytest-isort"),
    ("--mypy", "pytest-mypy"),
    ("--pylint", "pytest-pylint"),
    ("--ruff", "pytest-ruff"),
    ("--pep8", "pytest-pep8"),
    ("--pycodestyle", "pytest-pycodestyle"),
    ("--codestyle", "pytest-pycodestyle"),
    ("--pydocstyle", "pytest-pydocstyle"),
    ("--ds", "pytest-django"),
    ("--dc", "pytest-django"),
    ("--reuse-db", "pytest-django"),
    ("--create-db", "pytest-django"),
    ("--nomigrations", "pytest-django"),
    ("--no-migrations", "pytest-django"),
    ("--instafail", "pytest-instafail"),
    ("--forked", "pytest-forked"),
    ("--mpl", "pytest-mpl"),
    ("--doctest-plus", "pytest-doctestplus"),
    ("--doctest-rst", "pytest-doctestplus"),
    ("--remote-data", "pytest-remotedata"),
    ("--open-files", "pytest-openfiles"),
    ("--arraydiff", "pytest-arraydiff"),
    ("--disable-socket", "pytest-socket"),
    ("--allow-hosts", "pytest-socket"),
    ("--allow-unix-socket", "pytest-socket"),
    ("--testmon", "pytest-testmon"),
    ("--picked", "pytest-picked"),
    ("--nbval", "nbval"),
    ("--nbmake", "nbmake"),
    ("--record-mode", "pytest-recording"),
    ("--block-network", "pytest-recording"),
    ("--vcr-record", "pytest-vcr"),
    ("--snapshot", "syrupy"),
    ("--inline-snapshot", "inline-snapshot"),
    ("--alluredir", "allure-pytest"),
    ("--spec", "pytest-spec"),
    ("--emoji", "pytest-emoji"),
    ("--durations-path", "pytest-split"),
    ("--splits", "pytest-split"),
    ("--browser", "pytest-playwright"),
    ("--headed", "pytest-playwright"),
    ("--driver", "pytest-selenium"),
    ("--hypothesis", "hypothesis"),
    ("--typeguard-packages", "typeguard"),
    ("--beartype-packages", "pytest-beartype"),
    ("--env-file", "pytest-dotenv"),
    ("--envfile", "pytest-dotenv"),
    ("--freeze", "pytest-freezer"),
    ("--markdown-docs", "pytest-markdown-docs"),
    ("--count", "pytest-repeat"),
    ("--repeat", "pytest-repeat"),
    ("--sw-skip", ""),
    ("--aiohttp", "pytest-aiohttp"),
    ("--mypy-ini-file", "pytest-mypy-plugins"),
    ("--mypy-same-process", "pytest-mypy-plugins"),
    ("--cases", "pytest-cases"),
    ("--profile", "pytest-profiling"),
    ("--memray", "pytest-memray"),
    ("--pspec", "pytest-pspec"),
    ("--sugar", "pytest-sugar"),
    ("--docker-compose", "pytest-docker"),
    ("--looponfail", "pytest-xdist"),
    ("--subtests", "pytest-subtests"),
    ("--dead-fixtures", "pytest-deadfixtures"),
)
# Settings of an INI file or of [tool.pytest.ini_options].
SETTINGS = {
    "asyncio_mode": "pytest-asyncio",
    "asyncio_default_fixture_loop_scope": "pytest-asyncio",
    "timeout": "pytest-timeout",
    "timeout_method": "pytest-timeout",
    "env": "pytest-env",
    "env_files": "pytest-dotenv",
    "django_settings_module": "pytest-django",
    "django_find_project": "pytest-django",
    "mock_use_standalone_module": "pytest-mock",
    "trio_mode": "pytest-trio",
    "qt_api": "pytest-qt",
    "doctest_plus": "pytest-doctestplus",
    "doctest_subpackage_requires": "pytest-doctestplus",
    "remote_data_strict": "pytest-remotedata",
    "flake8-max-line-length": "pytest-flake8",
    "flake8-ignore": "pytest-flake8",
    "freezegun_ignore_list": "pytest-freezegun",
    "xvfb_width": "pytest-xvfb",
    "collect_imported_tests": "",
}
# A fixture that a test asks for is looked up only when it runs: it is no matter of collecting.

_UNKNOWN_SETTINGS = re.compile(r"Unknown config (?:option|ini key)s?: ([\w\-, ]+)")
_UNRECOGNISED = re.compile(r"unrecognized arguments?: (.+)")
_REQUIRED = re.compile(r"Missing required plugins: (.+)")
_NOT_IMPORTED = re.compile(r"""Error importing plugin ["']([\w.\-]+)["']""")


def demanded(output: str) -> tuple[str, ...]:
    """Return the distributions that pytest's complaint is about; nothing where it complains of something else."""
    found: list[str] = []
    for words in _UNRECOGNISED.findall(output):
        found += [name for word in words.split() if (name := _of_option(word))]
    for names in _UNKNOWN_SETTINGS.findall(output):
        found += [SETTINGS.get(name.strip().lower(), "") for name in names.split(",")]
    for names in _REQUIRED.findall(output):
        found += [name.strip().strip("\"'.") for name in names.split(",")]
    found += [name.replace("_", "-") for name in _NOT_IMPORTED.findall(output) if name.startswith("pytest_")]
    return tuple(dict.fromkeys(name for name in found if name))


def _of_option(word: str) -> str:
    name = word.partition("=")[0]
    fitting = [(option, plugin) for option, plugin in OPTIONS if name == option or name.startswith(f"{option}-")]
    if not fitting and re.fullmatch(r"-n(?:auto|\d+)", name):
        return "pytest-xdist"
    return max(fitting, default=("", ""))[1]
