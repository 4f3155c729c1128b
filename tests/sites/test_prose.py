"""What documents say of Python versions, and what in them is left alone."""

import pytest
from growth import is_linear

from bootstrap.sites import prose


def said(text):
    """Return (kind, versions) of each group in a document."""
    text = text.encode().decode("latin-1")
    return [(group.kind.value, " ".join(t.text for t in group.tokens)) for group in prose.groups(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Requires Python 3.8.", ("single", "3.8")),
        ("You need **Python** 3.8.", ("single", "3.8")),
        ("First, make sure that your version of Python is 3.8:", ("single", "3.8")),
        ("Any version that starts with 3.8 will do.", ("single", "3.8")),
        ("Try changing the Python version to 3.8.", ("single", "3.8")),
        ("* Version of Python: <!-- e.g. 3.8 -->", ("single", "3.8")),
        ("<b>Python</b> 3.8", ("single", "3.8")),
        ("Python&nbsp;3.8", ("single", "3.8")),
        ("$ python3.8 -m venv .venv", ("single", "3.8")),
        ("$ pyenv install 3.8.16", ("single", "3.8.16")),
        ("$ uv python install 3.8", ("single", "3.8")),
        ("language_version: python3.8", ("single", "3.8")),
        ("[venv](https://docs.python.org/3.8/library/venv.html)", ("single", "3.8")),
        ("[venv](https://docs.python.org/fr/3.8/library/venv.html)", ("single", "3.8")),
        ("It is written in Python 3.8.", ("single", "3.8")),
        ("Python 3.8+", ("floor", "3.8")),
        ("Python >= 3.8", ("floor", "3.8")),
        ("Python ≥ 3.8", ("floor", "3.8")),
        ("requires-python = '>=3.8'", ("floor", "3.8")),
        ('python_requires=">= 3.8"', ("floor", "3.8")),
        ("<li>Python 3.8+</li>", ("floor", "3.8")),
        ("It is developed in python (3.8+) and supported on Windows.", ("floor", "3.8")),
        ("If you have Python 3.8 or newer, run this.", ("floor", "3.8")),
        ("Official support for Python 3.8 and newer.", ("floor", "3.8")),
        ("| Python | 3.8+ |", ("floor", "3.8")),
        ("| Python     | 3.8, 3.9   |", ("list", "3.8 3.9")),
        ("Python (3.8, 3.9)", ("list", "3.8 3.9")),
        (":alt: Python version 3.8, 3.9", ("list", "3.8 3.9")),
        ("Python 3.8, 3.9, and 3.10 are supported", ("list", "3.8 3.9 3.10")),
        ("Python 3.8 to 3.12", ("range", "3.8 3.12")),
        ("Python 3.8 through 3.12", ("range", "3.8 3.12")),
        ("Python 3.8 \N{EN DASH} 3.12", ("range", "3.8 3.12")),
        ("If you have Python 3.8 - 3.12, you can continue.", ("range", "3.8 3.12")),
        ("![py](https://img.shields.io/badge/python-3.8+-blue)", ("floor", "3.8")),
        ("![py](https://img.shields.io/badge/python-%3E%3D3.8-blue)", ("floor", "3.8")),
        ("![py](https://img.shields.io/badge/python-3.8%20|%203.9-blue)", ("list", "3.8 3.9")),
        ("![py](https://img.shields.io/badge/python-3.8%20%7C%203.9-blue)", ("list", "3.8 3.9")),
        (".. image:: https://img.shields.io/badge/3.8%20%7C%203.9-blue.svg", ("list", "3.8 3.9")),
        ("![py](https://img.shields.io/static/v1?label=python&message=3.8%20|%203.9)", ("list", "3.8 3.9")),
    ],
)
def test_what_is_needed_is_read(text, expected):
    assert said(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Django 3.8",
        "Spark 3.5", "Kafka 3.6", "Ubuntu 3.8", "glibc 3.9", "node 3.10", "PySpark 3.5", "kafka-python 3.6",
        "opencv-python 3.5", "MicroPython 3.8", "version 3.8", "3.8", "py38", "tox -e py3.8", "Python 2.7",
        "![py](https://img.shields.io/pypi/pyversions/x)", "Python uses 3.8 GB", "Python :: 3.8",
        "pip install x==3.8",
    ],
)  # fmt: skip
def test_other_products_have_versions_too(text):
    assert said(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "We dropped support for Python 3.8.", "Since Python 3.8, this works.", "New in Python 3.8.",
        "Added in Python 3.8", "before Python 3.8", "Python 3.8 was the last one.",
        "Python 3.8 is no longer supported.", "no longer on Python 3.8", "Python 3.8 is end-of-life",
        "Python 3.8 reached its end of life", "Python 3.8 introduced it", "removed in Python 3.8",
        "The last version which supported Python 3.8 was 2.1.",
        "Python == 3.8: the last released version that did was", "Support for Python 3.8 will end in October.",
        "Add support for Python 3.8", "not supported on Python 3.8", "Python 3.8 is not supported.",
        "It does not work with Python 3.8", "Python <= 3.8", "Python 3.8 or older", ".. versionadded:: Python 3.8",
        "As of Python 3.8, ...", "Python < 3.8", "for Python 3.8 compatibility", "RHEL 9 ships with Python 3.9",
        "This image comes with python3.7 preinstalled", "Few systems include Python 3.9",
        "In Python 3.8+, comparing with literals warns.", "- In python3.8+, f-strings are faster",
        "The image offers Python 3.8 and 3.9.", "Note: to support Python 3.8, we install a preview.",
        "As an example, if you want to build an image from the one that is called minimal using Python 3.8, say so.",
        "Python 3.8 syntax", "If you support Python 3.8, choose all.", "It was upgraded in Python 3.13 to do so.",
        "From Python 3.8", "`unlike Python 3.8`",
    ],
)  # fmt: skip
def test_the_past_and_facts_about_python_are_left_alone(text):
    assert said(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Celery 5.2.x requires Python 3.7 or newer.",
        "Libcloud v3.5.0 and above supports Python >= 3.6.",
        "**IPython 7.17+** requires Python version 3.7 and above.",
        "Libcloud v3.5.0 dropped Python 3.5 and only supports Python\n>= 3.6.\n\nLibcloud v3.0.0 supports Python 3.5+.",
        "This is the last one. redis-py 5.1 will support Python 3.8+.",
        "Tornado 6.2 requires Python 3.7.\n\nTornado 6.3 requires Python 3.8.\n",
    ],
)
def test_what_numbered_releases_needed_is_left_alone(text):
    assert said(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Get `Python 3.10 <https://www.python.org/downloads/release/python-31011/>`_ first.",
        "Install [Python 3.10](https://www.python.org/downloads/release/python-3109/).",
        'It prints:\n\n    "requires_python": ">=3.7",\n',
    ],
)
def test_what_an_address_or_a_print_repeats_is_left_alone(text):
    assert said(text) == []


def test_what_the_one_release_needs_is_read():
    assert said("Tornado 6.3 requires Python 3.8 or newer.") == [("floor", "3.8")]


@pytest.mark.parametrize(
    "text",
    [
        "```python\nprint('Python 3.8+')\n```\n",
        "```pycon\n>>> 1\n'Python 3.8'\n```\n",
        "```diff\n-requires-python = '>=3.7'\n+requires-python = '>=3.8'\n```\n",
        "~~~ {.python}\n# Python 3.8+\n~~~\n",
        ">>> sys.version  # Python 3.8\n",
        "Python 3.7.6 (v3.7.6:43364a7ae0, Dec 18 2019, 14:12:53)\n",
        "  |   File '/tmp/venv/lib64/python3.14/site-packages/x.py', line 3\n",
        "Step 1/6 : FROM python:3.7-alpine\n",
        '  File "/usr/lib/python3.9/site-packages/grpc/__init__.py", line 22, in <module>\n',
        "platform linux -- Python 3.8.1, pytest-5.4.1\n",
        '[tool.poetry.dependencies]\npython = "^3.7"\n',
        "curl -O https://www.python.org/ftp/python/3.8.10/python-3.8.10-macos11.pkg\n",
        "[news](https://docs.python.org/3.8/whatsnew/3.8.html)\n",
        "~/.pyenv/versions/3.8.9/envs/x\n",
        "- Require Python 3.8 or newer (#2050)\n",
        "- Python 3.8+ is needed [#12]\n",
    ],
)
def test_quotations_are_left_alone(text):
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```bash\npython3.8 -m venv .venv\n```\n", [("single", "3.8")]),
        ("```toml\nrequires-python = '>=3.8'\n```\n", [("floor", "3.8")]),
        ("```python\nsetup(python_requires='>=3.8')\n```\n", [("floor", "3.8")]),
        ("```python\nx\n```\nPython 3.8\n", [("single", "3.8")]),
        ('```yaml\npython-version: ["3.8", "3.9"]\n```\n', [("list", "3.8 3.9")]),
    ],
)
def test_commands_and_configuration_in_documents_are_read(text, expected):
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "## Changelog\n\nPython 3.8+\n",
        "# Changes\n## 2.0\nPython 3.8+\n### Notes\nPython 3.9+\n",
        "### v1.2.3 (2020-01-01)\nPython 3.8+\n",
        "Release notes\n-------------\n\nPython 3.8+\n",
        "1.2.0\n=====\n\nPython 3.8+\n",
    ],
)
def test_history_within_a_document_is_left_alone(text):
    assert said(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "## Changelog\nPython 3.8+\n## Install\nPython 3.9+\n",
        "## Changelog\nPython 3.8+\n# Install\nPython 3.9+\n",
        "History\n-------\nPython 3.8+\n\nInstall\n-------\nPython 3.9+\n",
    ],
)
def test_after_the_history_the_document_goes_on(text):
    assert said(text) == [("floor", "3.9")]


@pytest.mark.parametrize(
    "text",
    [
        "| Runtime | Python 3.6 | Python 3.7 |\n|---|---|---|\n| v2 | yes | no |\n",
        "| Release | Python |\n|---|---|\n| 1.0 | Python 3.6+ |\n| 2.0 | Python 3.8+ |\n",
        "+---+------------+\n| 1 | Python 3.6 |\n+---+------------+\n| 2 | Python 3.8 |\n+---+------------+\n",
    ],
)
def test_tables_that_compare_are_left_alone(text):
    assert said(text) == []


def test_a_table_of_requirements_is_read():
    text = "| Needs  | Version |\n|---|---|\n| Python | 3.8+ |\n| Redis | 4.0+ |\n"
    assert said(text) == [("floor", "3.8")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Python >=3.8,<3.12", [("floor", "3.8")]),
        ("Python 3.8 or later (3.8, 3.9)", [("floor", "3.8"), ("list", "3.8 3.9")]),
        ("Python is at least 3.8, 3.9", [("floor", "3.8")]),
        ("Python 3.8 and PyPy 3.9", [("list", "3.8 3.9")]),
        ("Python 3.8, Django 3.9", [("single", "3.8")]),
    ],
)
def test_what_follows_a_version_goes_with_it_or_not(text, expected):
    assert said(text) == expected


def test_only_the_span_that_was_asked_for_is_read():
    text = "Python 3.8\nPython 3.9\nPython 3.10\n"
    assert [group.tokens[0].text for group in prose.groups(text, 11, 22)] == ["3.9"]


HOSTILE = [
    "Python 3.8 ", "Python 3.8\n", "Python 3.8, ", "python ", "| Python 3.8 |\n", "| Python 3.8 ",
    "```\nPython 3.8\n", "```", "not Python 3.8 ", "since Python 3.8.", "Celery 5.2.x requires Python 3.8 ",
    "Celery 5.2 requires\n", "# Changes\n", "Python >= ", "Python 3.8\n---\n", "https://x/3.8 ", "a" * 64, "3.8 ",
    " " * 64, "Python (((((", "- x (#1 ", "----",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_reading_takes_time_in_proportion_to_the_length(piece):
    assert is_linear(prose.groups, piece)
