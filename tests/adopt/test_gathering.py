"""What is moved into pyproject.toml: the tools themselves have to read there what they read before."""

import json
import os
import subprocess
import sys

import pytest
import ruff
from adopting import WISHES, tree, written
from coverage.config import read_coverage_config
from mypy.config_parser import parse_config_file
from mypy.options import Options

from bootstrap.adopt.draft import GONE, draft
from bootstrap.adopt.gathering import gathered
from bootstrap.adopt.model import Phase
from bootstrap.policy import Policy

GATHERING = WISHES._replace(has_gather=True)
START = '[project]\nname = "shop"\nversion = "1"\n'

PYTEST = """\
# How we test.
[pytest]
addopts = -ra --strict-markers
    -p "no:cacheprovider"
; the database is slow
markers =
    slow: takes long
    # needs a database
    db
xfail_strict = True
minversion=7.0
pythonpath = src
junit_suite_name: shop
"""
MYPY = """\
[mypy]
strict = True
python_version = 3.11
# one by one
files = api, web,
    shared/src
mypy_path = api:shared/src
enable_error_code = redundant-expr
warn_unreachable = yes
exclude = (?x)(
    ^build/
    | ^dist/ )
# warn_return_any = True

# no types
[mypy-streamlit.*,altair]
ignore_missing_imports = true

[mypy-tests.*]
disallow_untyped_defs = 0
# the end
"""
COVERAGE = """\
[run]
branch = True
source = api,web
omit =
    */tests/*
    setup.py
[coverage:report]
fail_under = 92.5
precision = 1
exclude_also =
    if __name__ == "__main__":
    raise NotImplementedError, never
show_missing = on
[paths]
source =
    src/
    /opt/*/src
[html]
title = The shop's
"""


def gather(files, wishes=GATHERING):
    """Return pyproject.toml with what was taken over, and what is left, by file."""
    drafts, left = written(gathered, {"pyproject.toml": START, **files}, wishes)
    text = drafts["pyproject.toml"].decode() if drafts else ""
    return text.removeprefix(START), {one.path: one.reason for one in left}


def test_pytest_s_settings_get_types_and_keep_their_comments():
    assert gather({"pytest.ini": PYTEST}) == (
        """
# How we test.
[tool.pytest.ini_options]
addopts = ["-ra", "--strict-markers", "-p", "no:cacheprovider"]
# the database is slow
# needs a database
markers = ["slow: takes long", "db"]
xfail_strict = true
minversion = "7.0"
pythonpath = ["src"]
junit_suite_name = "shop"
""",
        {},
    )


def test_modules_of_mypy_become_overrides():
    assert gather({"mypy.ini": MYPY}) == (
        """
[tool.mypy]
strict = true
python_version = "3.11"
# one by one
files = ["api", "web", "shared/src"]
mypy_path = ["api", "shared/src"]
enable_error_code = ["redundant-expr"]
warn_unreachable = true
exclude = '''
(?x)(
^build/
| ^dist/ )'''
# warn_return_any = True

# no types
[[tool.mypy.overrides]]
module = ["streamlit.*", "altair"]
ignore_missing_imports = true

[[tool.mypy.overrides]]
module = "tests.*"
disallow_untyped_defs = false
# the end
""",
        {},
    )


def test_what_is_measured_is_told_in_tables_of_coverage():
    assert gather({".coveragerc": COVERAGE}) == (
        """
[tool.coverage.run]
branch = true
source = ["api", "web"]
omit = ["*/tests/*", "setup.py"]

[tool.coverage.report]
fail_under = 92.5
precision = 1
exclude_also = ['if __name__ == "__main__":', "raise NotImplementedError, never"]
show_missing = true

[tool.coverage.paths]
source = ["src/", "/opt/*/src"]

[tool.coverage.html]
title = "The shop's"
""",
        {},
    )


RUFF = """\
# All of it.
line-length = 120  # wide
extend-exclude = [
    "build",  # made
]

[lint]
select = ["ALL"]
[lint.per-file-ignores]
"tests/**" = ["S101"]
[format]
quote-style = "single"
"""


def test_what_ruff_is_told_keeps_its_text_below_longer_headers():
    assert gather({"ruff.toml": RUFF}) == (
        """
[tool.ruff]
# All of it.
line-length = 120  # wide
extend-exclude = [
    "build",  # made
]

[tool.ruff.lint]
select = ["ALL"]
[tool.ruff.lint.per-file-ignores]
"tests/**" = ["S101"]
[tool.ruff.format]
quote-style = "single"
""",
        {},
    )
    assert gather({".ruff.toml": "# why\n[lint]\nselect = []\n"})[0] == "\n# why\n[tool.ruff.lint]\nselect = []\n"
    assert gather({"ruff.toml": "# nothing\n"})[0] == "\n[tool.ruff]\n# nothing\n"


PYRIGHT = """\
{
  // The oldest Python of all parts.
  "pythonVersion": "3.11",
  "include": ["backend", "https://x"],
  // strict
  // in time
  "strictListInference": true,
  "executionEnvironments": [{"root": "src", "extraPaths": ["a"]}],
}
"""


def test_what_pyright_is_told_becomes_toml_with_its_comments():
    assert gather({"pyrightconfig.json": PYRIGHT}) == (
        """
[tool.pyright]
# The oldest Python of all parts.
pythonVersion = "3.11"
include = ["backend", "https://x"]
# strict
# in time
strictListInference = true
executionEnvironments = [{ "root" = "src", "extraPaths" = ["a"] }]
""",
        {},
    )


# ---- what the tools read --------------------------------------------------------------------------------------------


@pytest.fixture
def both(tmp_path):
    """Return two folders: one with a file as it was, and one with pyproject.toml in its place."""

    def make(name, text):
        for folder, file, content in (("old", name, text), ("new", "pyproject.toml", START + gather({name: text})[0])):
            (tmp_path / folder / "src").mkdir(parents=True)
            (tmp_path / folder / file).write_text(content)
        return tmp_path / "old", tmp_path / "new"

    return make


PRINTING = """\
import json
def pytest_configure(config):
    names = ("addopts", "markers", "xfail_strict", "minversion", "junit_suite_name", "testpaths")
    values = {name: config.getini(name) for name in names}
    values["pythonpath"] = [path.name for path in config.getini("pythonpath")]
    print("read:" + json.dumps({**values, "file": None}), config.inipath.name)
"""


def test_pytest_reads_the_same(both):
    read = []
    for folder in both("pytest.ini", PYTEST):
        (folder / "conftest.py").write_text(PRINTING)
        done = subprocess.run(
            (sys.executable, "-m", "pytest", "--collect-only"),
            cwd=folder,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        (line,) = [line for line in done.stdout.splitlines() if line.startswith("read:")]
        values, _, name = line.removeprefix("read:").rpartition(" ")
        read.append((json.loads(values), name))
    (old, old_name), (new, new_name) = read
    assert old == new
    assert (old_name, new_name) == ("pytest.ini", "pyproject.toml")
    assert old["markers"][:2] == ["slow: takes long", "db"]


def of_mypy(path, monkeypatch):
    options, strict = Options(), []
    monkeypatch.chdir(path.parent)
    parse_config_file(options, lambda: strict.append(True), path.name)
    assert options.config_file == path.name
    read = {**options.snapshot(), "files": options.files}
    del read["config_file"]
    return read, dict(options.per_module_options), strict


def test_mypy_reads_the_same(both, monkeypatch):
    text = MYPY.replace("api, web,\n    shared/src", "src").replace("api:shared/src", "src")
    old, new = both("mypy.ini", text)
    found = of_mypy(old / "mypy.ini", monkeypatch)
    assert found == of_mypy(new / "pyproject.toml", monkeypatch)
    assert set(found[1]) == {"streamlit.*", "altair", "tests.*"}
    assert found[2] == [True]


def of_coverage(folder):
    here = os.getcwd()
    os.chdir(folder)
    try:
        values = vars(read_coverage_config(config_file=True, warn=pytest.fail))
    finally:
        os.chdir(here)
    return {name: value for name, value in values.items() if "config_file" not in name}


def test_ruff_reads_the_same(both):
    read = []
    for folder in both("ruff.toml", RUFF):
        (folder / "a.py").write_text("")
        done = subprocess.run(
            (ruff.find_ruff_bin(), "check", "--show-settings", "a.py"),
            cwd=folder,
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        read.append([line for line in done.stdout.splitlines() if str(folder) not in line])
    assert read[0] == read[1]
    assert "linter.line_length = 120" in read[0]


def test_coverage_reads_the_same(both):
    old, new = map(of_coverage, both(".coveragerc", COVERAGE))
    assert {name: value for name, value in new.items() if name != "_config_contents"} == {
        name: value for name, value in old.items() if name != "_config_contents"
    }
    assert (old["fail_under"], old["run_omit"]) == (92.5, ["*/tests/*", "setup.py"])


# ---- what stays where it is -----------------------------------------------------------------------------------------


def test_nothing_is_moved_unless_somebody_wants_it():
    assert gather({"pytest.ini": PYTEST}, WISHES) == ("", {})
    assert gather({"api/pytest.ini": PYTEST}) == ("", {})
    assert gather({"pytest.toml": "[pytest]\n", ".coveragerc.toml": "[run]\n"}) == ("", {})


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"pytest.ini": PYTEST, ".pytest.ini": ""}, ".pytest.ini would be read in its place"),
        ({"pytest.ini": PYTEST, "pytest.toml": ""}, "pytest.toml would be read in its place"),
        ({".coveragerc": COVERAGE, ".coveragerc.toml": ""}, ".coveragerc.toml would be read in its place"),
        ({"ruff.toml": "[lint\n"}, "it cannot be understood"),
        ({"ruff.toml": 'a = """\n[b]\n"""\n'}, "it cannot be understood"),
        ({"ruff.toml": "", ".ruff.toml": ""}, "ruff.toml would be read in its place"),
        ({"pyrightconfig.json": "["}, "it cannot be understood"),
        ({"pyrightconfig.json": "[]"}, "it cannot be understood"),
        ({"pyrightconfig.json": '{"a": null}'}, "it cannot be understood"),
        ({"pyrightconfig.json": '{\n"a": true // why\n}\n'}, "it has comments that have no place there"),
        ({"pyrightconfig.json": '{\n"a": /* why */ true\n}\n'}, "it has comments that have no place there"),
        ({"pyrightconfig.json": '{\n"a": [\n// why\n"b"]\n}\n'}, "it has comments that have no place there"),
        ({"pyrightconfig.json": '{\n"a": true\n// why\n}\n'}, "it has comments that have no place there"),
        ({"pytest.ini": PYTEST, "Makefile": "test:\n\tpytest -c pytest.ini\n"}, "Makefile names it"),
        ({"pytest.ini": "[pytest]\nenv =\n    A=b c\n    D=e\n"}, "what [pytest] says may mean something else"),
        ({"pytest.ini": "[pytest]\naddopts = -m 'x\n"}, "what [pytest] says"),
        ({"pytest.ini": "[pytest]\nminversion = 7  # or so\n"}, "what [pytest] says"),
        ({"pytest.ini": "[pytest]\nxfail_strict = maybe\n"}, "what [pytest] says"),
        ({"pytest.ini": "[pytest]\n[shop]\na = 1\n"}, "what [shop] says"),
        ({"pytest.ini": "[pytest]\na = 1\na = 2\n"}, "it cannot be understood"),
        ({"pytest.ini": "a = 1\n"}, "it cannot be understood"),
        ({"pytest.ini": b"[pytest]\na = \xff\n"}, "it is no UTF-8"),
        ({"mypy.ini": "[mypy]\nverbosity = high\n"}, "what [mypy] says"),
        ({"mypy.ini": "[mypy]\n[mypy.plugins.x]\na = 1\n"}, "what [mypy.plugins.x] says"),
        ({".coveragerc": "[run]\nbranch = 2\n"}, "what [run] says"),
        ({".coveragerc": "[run]\n[coverage:run]\n"}, "it cannot be understood"),
        (
            {"mypy.ini": "[mypy]\n", ".pre-commit-config.yaml": "files: ^mypy\\.ini$\n"},
            ".pre-commit-config.yaml names it",
        ),
        ({".coveragerc": "[plugin]\na = 1\n"}, "what [plugin] says"),
        ({".coveragerc": COVERAGE, "setup.cfg": "[coverage:run]\n"}, "setup.cfg has [coverage:...]"),
    ],
)
def test_what_would_not_be_read_the_same_stays_with_the_reason(files, reason):
    text, left = gather(files)
    assert text == ""
    ((_, told),) = left.items()
    assert told.startswith("it was not moved into pyproject.toml: ")
    assert reason in told


def test_a_table_that_is_there_already_is_not_added_to():
    drafts, (left,) = written(gathered, {"pyproject.toml": f"{START}[tool.mypy]\n", "mypy.ini": "[mypy]\n"}, GATHERING)
    assert drafts == {}
    assert "[tool.mypy] is there already" in left.reason


def test_what_one_file_cannot_have_keeps_no_other_from_being_moved():
    files = {"pytest.ini": "[pytest]\naddopts = 'x\n", "mypy.ini": "[mypy]\n", ".coveragerc": "[run]\n[coverage:run]\n"}
    text, left = gather(files)
    assert (text, set(left)) == ("\n[tool.mypy]\n", {"pytest.ini", ".coveragerc"})


def test_a_file_that_has_no_place_for_a_table_stays_as_it_is():
    files = {"pyproject.toml": "tool = { black = { line-length = 99 } }\n", "mypy.ini": "[mypy]\n"}
    drafts, (left,) = written(gathered, files, GATHERING)
    assert (drafts, left.path) == ({}, "mypy.ini")


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_a_link_stays_with_what_it_leads_to(tmp_path):
    (tmp_path / "mypy.ini").symlink_to("other.ini")
    files = tree({"pyproject.toml": START, "mypy.ini": "[mypy]\n"})._replace(root=tmp_path)
    (left,) = gathered(files, GATHERING)
    assert left.reason == "it was not moved into pyproject.toml: it is a symbolic link"


def test_coverage_may_not_read_toml_on_an_old_python():
    old = GATHERING._replace(policy=Policy((3, 10), (3, 12), ((3, 10), (3, 12))))
    assert "coverage[toml]" in gather({".coveragerc": COVERAGE}, old)[1][".coveragerc"]


def test_names_in_what_git_and_docker_ignore_lead_nobody_there():
    text, left = gather({"mypy.ini": "[mypy]\n", ".dockerignore": "mypy.ini\n"})
    assert (text, left) == ("\n[tool.mypy]\n", {})


def test_line_ends_stay_as_they_are():
    before = START.replace("\n", "\r\n").rstrip("\r\n")
    drafts, _ = written(gathered, {"pyproject.toml": before, "mypy.ini": "[mypy]\r\nstrict = true\r\n"}, GATHERING)
    after = f"{START}\n[tool.mypy]\nstrict = true\n".replace("\n", "\r\n")
    assert drafts["pyproject.toml"] == after.encode()


# ---- in one draft ---------------------------------------------------------------------------------------------------


def drafted(files, moved=None):
    return draft(tree(files), {path: text.encode() for path, text in (moved or {}).items()}, GATHERING)


FILES = {"pyproject.toml": START, "mypy.ini": "[mypy]\npython_version = 3.8\n"}


def changes(adoption):
    return {piece.change.path: (piece.phase, piece.change.after, piece.change.purpose) for piece in adoption.pieces}


def test_what_is_taken_over_goes_in_the_same_phase_with_its_versions_moved():
    found = changes(drafted(FILES, {"mypy.ini": "[mypy]\npython_version = 3.11\n"}))
    assert found["mypy.ini"] == (Phase.FOUNDATION, None, f"{GONE}pyproject.toml")
    phase, after, why = found["pyproject.toml"]
    assert phase is Phase.FOUNDATION
    assert b'[tool.mypy]\npython_version = "3.11"\n' in after
    assert "what was said in mypy.ini" in why


def test_nothing_goes_without_what_takes_it_over():
    adoption = drafted(FILES)
    assert "mypy.ini" in changes(adoption.of({"pyproject.toml", "mypy.ini"}))
    assert "mypy.ini" not in changes(adoption.of({"bootstrap.py", "mypy.ini"}))
    assert "pyproject.toml" in changes(adoption.of({"pyproject.toml"}))
