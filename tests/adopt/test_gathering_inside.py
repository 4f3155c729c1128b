"""What setup.cfg and .isort.cfg tell tools that look into pyproject.toml too, moved there; flake8 does not."""

import pytest
from adopting import WISHES, tree, written
from mypy.config_parser import parse_config_file
from mypy.options import Options

from bootstrap.adopt.draft import draft
from bootstrap.adopt.gathering import gathered

GATHERING = WISHES._replace(has_gather=True)
START = '[project]\nname = "shop"\nversion = "1"\n'
CFG = """\
# Of the shop.

[metadata]
license_files = LICENSE

# as the editor
[flake8]
max-line-length = 100
# How we test.
[tool:pytest]
addopts = -ra
testpaths = tests
# these are slow
markers =
    slow: takes long

[mypy]
strict = True
files = shop,tests
# the end of mypy

# no types
[mypy-streamlit.*]
ignore_missing_imports = true

[isort]
profile = black
line_length = 100
known_first_party = shop, till
known_local =
    a
    b
multi_line_output = 0
force_single_line = yes
import_heading_stdlib = Standard
"""
LEFT = """\
# Of the shop.

[metadata]
license_files = LICENSE

# as the editor
[flake8]
max-line-length = 100
"""
TABLES = """
# How we test.
[tool.pytest.ini_options]
addopts = ["-ra"]
testpaths = ["tests"]
# these are slow
markers = ["slow: takes long"]

[tool.mypy]
strict = true
files = ["shop", "tests"]
# the end of mypy

# no types
[[tool.mypy.overrides]]
module = "streamlit.*"
ignore_missing_imports = true

[tool.isort]
profile = "black"
line_length = 100
known_first_party = ["shop", "till"]
known_local = ["a", "b"]
multi_line_output = 0
force_single_line = true
import_heading_stdlib = "Standard"
"""


def gather(files):
    """Return what pyproject.toml and setup.cfg become, None for what stays, and what is left by its file."""
    drafts, left = written(gathered, {"pyproject.toml": START, **files}, GATHERING)
    tables = drafts["pyproject.toml"].decode().removeprefix(START) if drafts else None
    rest = drafts.get("setup.cfg")
    return tables, rest.decode() if rest is not None else None, {one.path: one.reason for one in left}


def test_sections_of_tools_that_read_pyproject_go_and_all_else_stays():
    assert gather({"setup.cfg": CFG}) == (TABLES, LEFT, {})


def test_the_file_goes_with_the_last_that_it_said():
    (made,) = gathered(tree({"pyproject.toml": START, "setup.cfg": "[isort]\nprofile = black\n"}), GATHERING)
    assert made.replaces == ("setup.cfg",)
    assert made.after.decode() == f'{START}\n[tool.isort]\nprofile = "black"\n'
    assert made.why == "what was said in setup.cfg"


def test_what_stands_first_leaves_the_words_about_the_file():
    told = "# Of all.\n\n# Of isort.\n[isort]\nprofile = black\n\n\n[flake8]\nmax-line-length = 99\n"
    tables, rest, _ = gather({"setup.cfg": told})
    assert tables == '\n# Of isort.\n[tool.isort]\nprofile = "black"\n'
    assert rest == "# Of all.\n\n[flake8]\nmax-line-length = 99\n"


def test_line_ends_and_what_is_not_ours_stay_as_they_are():
    drafts, _ = written(gathered, {"pyproject.toml": START, "setup.cfg": CFG.replace("\n", "\r\n")}, GATHERING)
    assert drafts["setup.cfg"] == LEFT.replace("\n", "\r\n").encode()
    assert drafts["pyproject.toml"] == (START + TABLES).encode()


def test_what_isort_has_a_file_of_its_own_for_is_moved_too():
    told = {".isort.cfg": "[settings]\nprofile=black\nskip_glob=build/*,dist/*\n"}
    assert gather(told)[0] == '\n[tool.isort]\nprofile = "black"\nskip_glob = ["build/*", "dist/*"]\n'


def read_by_mypy(name):
    options, strict = Options(), []
    parse_config_file(options, lambda: strict.append(True), name)
    assert options.config_file == name
    return {**options.snapshot(), "config_file": ""}, options.files, dict(options.per_module_options), strict


def test_mypy_reads_the_same(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tables, _, _ = gather({"setup.cfg": CFG})
    for name, text in {"setup.cfg": CFG, "pyproject.toml": START + tables, "shop": "", "tests": ""}.items():
        (tmp_path / name).write_text(text)
    before = read_by_mypy("setup.cfg")
    assert before == read_by_mypy("pyproject.toml")
    assert before[1] == ["shop", "tests"]
    assert list(before[2]) == ["streamlit.*"]


MYPY = "[mypy]\nstrict = true\n"
FILES = {"pytest.ini": "[pytest]\na = %\n[b]\n"}


@pytest.mark.parametrize(
    ("files", "tool", "reason"),
    [
        ({"setup.cfg": "[tool:pytest]\n", **FILES}, "pytest", "pytest.ini is read in its place"),
        ({"setup.cfg": "[tool:pytest]\n", "pytest.toml": ""}, "pytest", "pytest.toml is read in its place"),
        ({"setup.cfg": "[tool:pytest]\n", "tox.ini": "[pytest]\n"}, "pytest", "tox.ini has [pytest]"),
        ({"setup.cfg": MYPY, "pyproject.toml": f"{START}[tool.mypy]\n"}, "mypy", "[tool.mypy] is read in its place"),
        ({"setup.cfg": MYPY, "mypy.ini": "[mypy]\n"}, "mypy", "[tool.mypy] is read in its place"),
        (
            {"setup.cfg": f"{MYPY}[mypy.plugins.django-stubs]\na = b\n"},
            "mypy",
            "a plugin of mypy looks for its section",
        ),
        ({"setup.cfg": f"{MYPY}[pydantic-mypy]\na = b\n"}, "mypy", "a plugin of mypy looks for its section"),
        ({"setup.cfg": MYPY, "Makefile": "a:\n\tmypy --config-file=setup.cfg .\n"}, "mypy", "Makefile tells a tool"),
        ({"setup.cfg": MYPY, ".pre-commit-config.yaml": "args: [-c, setup.cfg]\n"}, "mypy", "tells a tool to read it"),
        ({"setup.cfg": MYPY, "a.yml": "- --config-file\n- ./setup.cfg\n"}, "mypy", "a.yml tells a tool to read it"),
        ({"setup.cfg": "[mypy]\nverbosity = high\n"}, "mypy", "what [mypy] says may mean something else there"),
        ({"setup.cfg": "[isort]\nnot_skip = a.py\n"}, "isort", "what [isort] says may mean something else there"),
        ({"setup.cfg": "[isort]\nprofile = black\n", "requirements.txt": "isort==4.3.21\n"}, "isort", "isort before 5"),
        (
            {"setup.cfg": "[isort]\n", ".pre-commit-config.yaml": "- repo: a/isort\n  rev: v4.3.21\n"},
            "isort",
            "isort before 5",
        ),
        ({"setup.cfg": "a = b\n[isort]\n"}, "isort", "it cannot be understood"),
        ({"setup.cfg": "[a]\nb = ä\n[isort]\n"}, "isort", "it cannot be understood"),
    ],
)
def test_what_would_not_be_read_the_same_stays_with_the_reason(files, tool, reason):
    _, rest, left = gather(files)
    assert rest is None
    assert left[f"setup.cfg: {tool}"].startswith("it was not moved into pyproject.toml: ")
    assert reason in left[f"setup.cfg: {tool}"]


def test_what_one_section_cannot_have_keeps_no_other_from_being_moved():
    tables, rest, left = gather({"setup.cfg": f"[isort]\nnot_skip = a\n\n{MYPY}"})
    assert (tables, rest) == ("\n[tool.mypy]\nstrict = true\n", "[isort]\nnot_skip = a\n")
    assert set(left) == {"setup.cfg: isort"}


def test_an_old_isort_keeps_a_file_of_its_own_as_well():
    _, _, left = gather({".isort.cfg": "[settings]\nprofile = black\n", "tox.ini": "[testenv]\ndeps = isort<5\n"})
    assert "isort before 5" in left[".isort.cfg"]


def test_what_is_for_other_tools_is_not_even_looked_at():
    assert gather({"setup.cfg": "a = b\n[flake8]\nmax-line-length = 99\n"}) == (None, None, {})


def test_setup_cfg_loses_nothing_without_pyproject_that_takes_it_over():
    adoption = draft(tree({"pyproject.toml": START, "setup.cfg": CFG}), {}, GATHERING)
    paths = {piece.change.path for piece in adoption.of({"setup.cfg", "bootstrap.py"}).pieces}
    assert "setup.cfg" not in paths
    both = adoption.of({"setup.cfg", "pyproject.toml"}).pieces
    assert {piece.change.path for piece in both} >= {"setup.cfg", "pyproject.toml"}
