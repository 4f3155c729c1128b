"""What an old poetry.lock comes to where Poetry itself refuses it."""

import pytest

from bootstrap.detect.repository import Reader, detect_repository
from bootstrap.setup.dependencies import poetry
from bootstrap.setup.dependencies.poetry_followed import _minors, _on

PYPROJECT = """
[tool.poetry]
name = "shop"
[tool.poetry.dependencies]
python = "^3.6"
web = "^1.0"
color = { version = "*", optional = true }
old = [{ version = "^1", python = "<3.8" }, { version = "^2", python = ">=3.8" }]
[tool.poetry.extras]
colors = ["color"]
[tool.poetry.dev-dependencies]
check = { version = "^1", markers = "sys_platform != 'win32'" }
"""


def package(name, *more, version="1.0", pythons="*"):
    return "\n".join((f'[[package]]\nname = "{name}"\nversion = "{version}"\npython-versions = "{pythons}"', *more, ""))


@pytest.fixture
def followed(write):
    def follow(lock, pyproject=PYPROJECT):
        root = write({"poetry.lock": lock, "pyproject.toml": pyproject})
        ((_, text),) = poetry.recognise(detect_repository(root), Reader(root)).followed
        return text.splitlines()

    return follow


def test_what_is_required_is_followed_through_the_lock_and_the_rest_is_left(followed):
    lock = package("Web", '[package.dependencies]\nbase_lib = { version = "*", python = "<3.9" }\nwin = "*"\n')
    lock += package("base-lib") + package("unused") + package("check")
    lock += package("win", "marker = \"sys_platform == 'win32'\"") + package("color", version="2")
    lock += '[extras]\ncolors = ["color"]\n'
    assert followed(lock) == [
        'base-lib==1.0 ; python_version < "3.9"',
        "check==1.0 ; sys_platform != 'win32'",
        "color==2",
        "Web==1.0",
        "win==1.0 ; sys_platform == 'win32'",
    ]


def test_of_several_versions_each_python_gets_the_newest_that_runs_there(followed):
    lock = package("old", version="1.10", pythons=">=3.6,<3.9") + package("old", version="2.0", pythons=">=3.8")
    lock += package("old", version="1.9", pythons=">=3.6,<3.8")
    only = '[tool.poetry]\nname = "shop"\n[tool.poetry.dependencies]\nold = "*"\n'
    assert followed(lock, only) == [
        'old==2.0 ; python_version >= "3.8"',
        'old==1.10 ; python_version >= "3.6" and python_version < "3.8"',
    ]


def test_hashes_are_read_from_wherever_they_stood(followed):
    digest = "0123456789abcdef" * 4
    lock = package("web") + package("check") + package("old", f'files = [{{ file = "x", hash = "sha256:{digest}" }}]')
    tables = f'[metadata.files]\nweb = [{{ file = "web.whl", hash = "sha256:{digest}" }}]\n'
    tables += f'[metadata.hashes]\ncheck = ["{digest}"]\n'
    assert [line.endswith(f" --hash=sha256:{digest}") for line in followed(lock + tables)] == [True, True, True]


APART = (("3.6", "3.7"), ("3.8", "3.9"))


@pytest.mark.parametrize(
    ("constraint", "marker"),
    [
        ("*", ""),
        (">=2.7, !=3.0.*", 'python_version >= "3.1"'),
        ("^3.6", 'python_version >= "3.6"'),
        ("~2.7 || ^3.5", 'python_version >= "3.5"'),
        ("~3.7", 'python_version >= "3.7" and python_version < "3.8"'),
        (">=3.6 <3.8", 'python_version >= "3.6" and python_version < "3.8"'),
        ("3.7", 'python_version >= "3.7" and python_version < "3.8"'),
        (
            "3.6.* | 3.8.*",
            " or ".join(f'(python_version >= "{low}" and python_version < "{high}")' for low, high in APART),
        ),
        ("~2.7", 'python_version < "3"'),
        ("whatever", ""),
    ],
)
def test_what_poetry_says_of_python_becomes_a_marker(constraint, marker):
    assert _on(_minors(constraint)) == marker
