"""The copy of bootstrap.py for repositories: the same program, and no finding of any linter of theirs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from adopting import remarks, written

from bootstrap import assets
from bootstrap.adopt.wrapper import HEADER, for_repositories, wrapper

HERE = assets.read("bootstrap.py")
COPY = for_repositories(HERE)
STAMPED = COPY.replace(b'WHEEL_SHA256 = ""', b'WHEEL_SHA256 = "%s"' % (b"0a" * 32))


def test_a_repository_gets_the_same_program_with_a_word_to_its_linters():
    assert written(wrapper, {})[0] == {"bootstrap.py": COPY}
    assert COPY.split(b'"""', 1)[1] == HERE.split(b'"""', 1)[1]
    assert ast.get_docstring(ast.parse(COPY)) == ast.get_docstring(ast.parse(HERE))


def test_it_says_nothing_of_being_executable_which_it_is_not():
    assert HERE.startswith(b"#!")
    assert HEADER.encode() + HERE.partition(b"\n")[2] == COPY
    assert for_repositories(b"import sys\n") == HEADER.encode() + b"import sys\n"


@pytest.mark.parametrize(
    ("text", "said"), [("print('mine')\n", "is not devstrap's"), ("# devstrap 0.0.1\n", "another version of devstrap")]
)
def test_another_file_of_that_name_stays(text, said):
    assert said in remarks(wrapper, {"bootstrap.py": text})["bootstrap.py"]


@pytest.mark.parametrize("present", [HERE, COPY, STAMPED], ids=["as it is here", "as init writes it", "of a release"])
@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_a_copy_of_this_version_is_left_whatever_it_pins_and_says_to_linters(present, newline):
    assert written(wrapper, {"bootstrap.py": present.replace(b"\n", newline)}) == ({}, [])


def test_a_copy_that_somebody_changed_is_told():
    changed = COPY.replace(b"import os\n", b"import os  # ours\n", 1)
    assert "another version" in remarks(wrapper, {"bootstrap.py": changed})["bootstrap.py"]


# ---- the linters themselves, as strict as they can be set ------------------------------------------------------------

# Nothing at all that bootstrap.py is written for: another width, other quotes, tabs, the newest Python.
STRANGE = """\
line-length = 60
target-version = "py314"
preview = {preview}
[lint]
select = {rules}
[format]
quote-style = "single"
indent-style = "tab"
docstring-code-format = true
"""
STRICT = """\
[mypy]
strict = True
warn_unreachable = True
disallow_any_expr = True
disallow_any_decorated = True
enable_error_code = ignore-without-code, redundant-self, unused-awaitable, truthy-iterable
"""


def found(folder, *argv):
    program = str(Path(sys.executable).with_name(argv[0]))
    return subprocess.run([program, *argv[1:]], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def repository(tmp_path):
    (tmp_path / "bootstrap.py").write_bytes(COPY)
    return tmp_path


@pytest.mark.parametrize("preview", ["false", "true"])
@pytest.mark.parametrize("rules", ['["ALL"]', '["E", "F", "RUF100"]', '["PGH"]', '["EXE", "RUF"]'])
def test_ruff_finds_nothing_whatever_its_rules(repository, rules, preview):
    (repository / "ruff.toml").write_text(STRANGE.format(rules=rules, preview=preview))
    done = found(repository, "ruff", "check", "--no-cache", "--quiet", ".")
    assert (done.returncode, done.stdout) == (0, "")


def test_ruff_would_not_format_it_in_another_style(repository):
    (repository / "ruff.toml").write_text(STRANGE.format(rules="[]", preview="true"))
    done = found(repository, "ruff", "format", "--no-cache", "--check", ".")
    assert done.returncode == 0, done.stdout


def test_mypy_finds_nothing_however_strict(repository):
    (repository / "mypy.ini").write_text(STRICT)
    done = found(repository, "mypy", "--cache-dir", "cache", ".")
    assert done.returncode == 0, done.stdout


def test_they_would_find_much_without_that_word(repository):
    (repository / "bootstrap.py").write_bytes(HERE)
    (repository / "ruff.toml").write_text(STRANGE.format(rules='["ALL"]', preview="false"))
    (repository / "mypy.ini").write_text(STRICT)
    for argv in (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy", ".")):
        assert found(repository, *argv).returncode == 1
