"""What CI, scripts and guides tell people to install."""

import pytest

from bootstrap.setup.dependencies import said


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("pip install pytest six", ["pytest", "six"]),
        ("  - run: python -m pip install -U pytest", ["-U", "pytest"]),
        ("uv pip install --system pytest", ["--system", "pytest"]),
        ("$(VENV)/bin/pip3 install -r dev.txt", ["-r", "dev.txt"]),
        ('pip install "pytest>=7,<9" six', ["pytest>=7,<9", "six"]),
        ("pip install 'tomli; python_version < \"3.11\"' six", ['tomli; python_version < "3.11"', "six"]),
        ('pip install -e ".[test,docs]" && pytest', ["-e", ".[test,docs]"]),
        ("pip install -e .\\[test\\]", ["-e", ".[test]"]),
        ("pip install pytest || true", ["pytest"]),
        ("pip install pytest | tee log", ["pytest"]),
        ("pip install pytest; pytest", ["pytest"]),
        ("pip install pytest > log", ["pytest"]),
        ("pip install pytest # the newest", ["pytest"]),
        ("pip install a#egg", ["a#egg"]),
        ("`pip install pytest` first", ["pytest"]),
        ("(pip install pytest)", ["pytest"]),
        ('  - "pip install pytest"', ["pytest"]),
        ('pip install "pytest', []),
        ("pip install $(cat names)", ["$"]),
        ("pip install django==${{ matrix.django }} six", ["django==${{ matrix.django }}", "six"]),
        ('pip install "django==${{ matrix.django }}" six', ["django==${{ matrix.django }}", "six"]),
        ("# pip install pytest", None),
        ("true  # as pip install with a cut off download", None),
        ("pip install -Ur dev.txt", ["-Ur", "dev.txt"]),
        ("pip install", None),
        ("pip installed", None),
        ("pipx install tox", None),
        ("npm install pytest", None),
        ("pip uninstall pytest", None),
    ],
)
def test_the_words_are_those_that_a_shell_would_give(line, words):
    assert list(said.installed(line)) == ([] if words is None else [words])


def test_a_line_goes_on_behind_a_backslash():
    assert list(said.installed("pip install \\\n  pytest \\\r\n  six\npip install toml\n")) == [
        ["pytest", "six"],
        ["toml"],
    ]


def test_one_line_may_install_twice():
    assert list(said.installed("pip install a && pip install b")) == [["a"], ["b"]]


@pytest.mark.parametrize(
    "line",
    [
        "pip install pytest",
        "    $ pip install pytest",
        "> python -m pip install pytest",
        "type `pip install pytest`.",
        "(.venv) $ python3.12 -m pip install pytest",
        "sudo pip install pytest",
        "Then `python -m pip install pytest`",
    ],
)
def test_in_a_guide_a_command_stands_on_its_own_or_in_backticks(line):
    assert list(said.installed(line, is_prose=True)) == [["pytest"]]


@pytest.mark.parametrize("line", ["Use pip install pytest and then run it.", "That is what pip install does here"])
def test_a_sentence_is_no_command(line):
    assert list(said.installed(line, is_prose=True)) == []


TESTING = "jobs:\n  x:\n    steps:\n      - run: pip install pytest\n      - run: pytest\n"


def test_the_workflow_that_tests_goes_before_others_and_before_guides(told):
    files = {
        ".github/workflows/a-docs.yml": "run: pip install sphinx\n",
        ".github/workflows/b.yml": TESTING.replace("install pytest", "install pytest b"),
        ".github/workflows/z-tests.yaml": TESTING,
        ".github/workflows/notes.txt": TESTING.replace("install pytest", "install pytest c"),
        "Makefile": "dev:\n\tpip install -r dev.txt\n",
    }
    found = told(said.needs_of, files)
    assert (found.requirements, found.origin) == (("pytest",), ".github/workflows/z-tests.yaml")


def test_a_workflow_that_does_not_test_is_passed_over(told):
    files = {".github/workflows/docs.yml": "run: pip install sphinx\n", "Makefile": "dev:\n\tpip install -r dev.txt\n"}
    found = told(said.needs_of, files)
    assert (found.files, found.origin) == (("dev.txt",), "Makefile")


def test_a_file_that_installs_nothing_readable_is_passed_over(told):
    files = {"Makefile": "dev:\n\tpip install $(ALL)\n", "README.md": "```\npip install -e .[test]\n```\n"}
    found = told(said.needs_of, files)
    assert (found.extras, found.is_editable, found.origin) == (("test",), True, "README.md")


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"README.md": ""},
        {".github/x": ""},
        {".github/workflows/t.yml/x": "pip install pytest"},
        {"Makefile": b"\xff"},
    ],
)
def test_where_nobody_says_anything_nothing_is_needed(told, files):
    assert told(said.needs_of, files).is_empty


# ---- the options with which the tests are run ----------------------------------------------------------------------

TESTED = ".github/workflows/ci.yml"


@pytest.mark.parametrize(
    ("files", "extras", "groups"),
    [
        ({TESTED: "run: uv sync --all-extras --dev\nrun: uv run pytest\n"}, ("*",), ()),
        ({TESTED: "run: uv run --extra=http --group qa pytest\n"}, ("http",), ("qa",)),
        ({TESTED: 'run: pip install -e ".[all,test]"\nrun: pytest\n'}, ("all", "test"), ()),
        ({TESTED: "run: uv sync\nrun: pytest\n", "Makefile": "setup:\n\tuv sync --all-groups\n"}, (), ("*",)),
        ({TESTED: "run: uv sync --only-group lint\nrun: uv run --group test pytest\n"}, (), ("test",)),
        ({"CONTRIBUTING.md": "1. Type\n\n    $ uv sync --extra cli\n"}, ("cli",), ()),
        ({"CONTRIBUTING.md": "Then have uv sync --extra cli for you\n"}, (), ()),
        ({TESTED: "run: uv sync --all-extras\nrun: mkdocs build\n"}, (), ()),
        ({"README.md": "```\npip install x\nuv sync --all-extras\n```\n"}, (), ()),
    ],
    ids=[
        *("all extras", "run", "pip", "the first that names some", "only a group is for another job"),
        *("a guide", "a sentence", "a workflow that tests nothing", "what users read"),
    ],
)
def test_extras_and_groups_are_those_with_which_the_tests_are_run(told, files, extras, groups):
    found = told(said.options_of, files)
    assert (found.extras, found.groups) == (extras, groups)
