"""A project whose own setup.py or setup.cfg is at fault: what setuptools says, and what the person is told then."""

import pytest

from bootstrap.failures import explain
from bootstrap.failures.places import Places
from bootstrap.process import Completed

ARGV = ("uv", "pip", "install", "--editable", ".[test]")
BACKEND = """\
error: The build backend returned an error
  cause: Call to `setuptools.build_meta:__legacy__.get_requires_for_build_editable` failed (exit status: 1)

         [stderr]
         Traceback (most recent call last):
           File "<string>", line 14, in <module>
           File "/c/setuptools/build_meta.py", line 317, in run_setup
             exec(code, locals())  # noqa: S102 # exec is intentional here
             ^^^^^^^^^^^^^^^^^^^^
"""
SYNTAX = BACKEND + (
    '           File "<string>", line 2\n             setup(name="x"\n                  ^\n'
    "         SyntaxError: '(' was never closed\n"
)
RAISED = BACKEND + '           File "<string>", line 3, in <module>\n         RuntimeError: no\n'
NO_SECTION = BACKEND + (
    '           File "<string>", line 2, in <module>\n'
    "         configparser.MissingSectionHeaderError: File contains no section headers.\n"
    "         file: 'setup.cfg', line: 1\n         'nope nope\\n'\n"
)
COMMAND = """\
error: The build backend returned an error
  cause: Call to `setuptools.build_meta:__legacy__.get_requires_for_build_editable` failed (exit status: 1)

         [stderr]
         error in x setup command: 'install_requires' must be a string; Expected semicolon or end
             six >=
                 ^
"""
SILENT = BACKEND + "         AssertionError: Exactly one .egg-info should have been produced, but found 0: []\n"
NAMELESS = "error: Failed to parse metadata from built wheel\n  cause: Metadata field Name not found\n"


@pytest.fixture
def told(write):
    """Return what is told of a project with this setup.py and setup.cfg."""

    def explained(stderr, argv=ARGV, script='# ours\nsetup(name="x"\n       , install_requires=["six >="])\n'):
        root = write({"setup.py": script, "setup.cfg": "nope nope\n"})
        return explain(Completed(argv, 1, "", stderr), "install the project", Places(root, ".", argv))

    return explained


@pytest.mark.parametrize(
    ("stderr", "cause", "place", "remedy"),
    [
        (SYNTAX, "setup.py:2 is no Python that can be read: '(' was never closed", ("setup.py", 2), "correct it there"),
        (
            RAISED,
            "the project itself could not be built: RuntimeError: no (setup.py:3)",
            ("setup.py", 3),
            "mend how the project is built",
        ),
        (
            NO_SECTION,
            "setup.cfg:1 is not as it has to be: File contains no section headers",
            ("setup.cfg", 1),
            "correct it there",
        ),
        (COMMAND, "could not be built: six >= (setup.py:3): 'install_requires' must be", ("setup.py", 3), "correct it"),
        (SILENT, "nothing tells what the project is called", (None, None), "see that setup.py calls setup()"),
        (NAMELESS, "nothing tells what the project is called", (None, None), "say name and version there"),
    ],
)
def test_the_line_of_the_project_itself_is_told(told, stderr, cause, place, remedy):
    error = told(stderr)
    assert cause in error.message
    assert "\n" not in error.message
    assert (error.path, error.line) == place
    assert remedy in error.remedy


@pytest.mark.parametrize(
    ("stderr", "argv"),
    [
        (RAISED, ("uv", "pip", "install", "--requirements", "requirements.txt")),
        (RAISED, (*ARGV, "--editable", "../other")),
        (RAISED.replace("The build backend returned an error", "Failed to build `other==1.0`"), ARGV),
    ],
)
def test_what_may_be_another_project_is_not_said_to_be_this_one(told, stderr, argv):
    assert "the project itself" not in told(stderr, argv).message


def test_without_the_script_no_line_of_it_is_made_up(write):
    root = write({"pyproject.toml": ""})
    error = explain(Completed(ARGV, 1, "", RAISED), "install the project", Places(root, ".", ARGV))
    assert error.message.endswith("the project itself could not be built: RuntimeError: no")
    assert error.path is None


# ---- locks ----------------------------------------------------------------------------------------------------------

VANISHED = """\
error: No solution found when resolving dependencies
  cause: Because there is no version of alpha==9.0 and you require alpha==9.0, we can conclude that your requirements \
are unsatisfiable.
"""
NOT_THERE = """\
error: Failed to download `alpha==9.0`
  cause: Failed to fetch: `http://127.0.0.1:9/files/alpha-9.0-py3-none-any.whl`
  cause: HTTP status client error (404 Not Found) for url (http://127.0.0.1:9/files/alpha-9.0-py3-none-any.whl)
"""
NO_PYLOCK = """\
error: Not a valid `pylock.toml` file: pylock.toml
  cause: TOML parse error at line 1, column 1
           |
         1 | {nope
           | ^
         invalid key-value pair, expected key
"""


@pytest.mark.parametrize(
    ("lock", "text", "how"),
    [
        ("poetry.lock", '[[package]]\nname = "alpha"\n', "poetry update --lock alpha"),
        ("pdm.lock", '[[package]]\nname = "alpha"\n', "pdm update --no-sync alpha"),
        ("Pipfile.lock", '{\n  "alpha": {\n', "pipenv upgrade alpha"),
        ("uv.lock", '[[package]]\nname = "alpha"\n', "uv lock --upgrade-package alpha"),
        ("pylock.toml", '[[packages]]\nname = "alpha"\n', "the tool that its created-by names"),
    ],
)
@pytest.mark.parametrize("stderr", [VANISHED, NOT_THERE])
def test_a_release_that_a_lock_names_in_vain_is_told_with_the_command_that_locks_another(
    write, lock, text, how, stderr
):
    root = write({lock: text})
    error = explain(Completed(ARGV, 1, "", stderr), f"install what {lock} says", Places(root, ".", ARGV))
    assert f"alpha==9.0 ({lock}:2) cannot be had" in error.message
    assert error.remedy.startswith(f"lock another release of it, with {how}, and commit {lock}")
    assert (error.path, error.line) == (lock, 2)


def test_a_lock_that_no_tool_can_read_is_told_with_what_makes_it_anew(write):
    root = write({"pylock.toml": "{nope\n"})
    error = explain(Completed(ARGV, 1, "", NO_PYLOCK), "install what pylock.toml says", Places(root, ".", ARGV))
    assert "pylock.toml:1 is not as it has to be: invalid key-value pair" in error.message
    assert "make it anew with the tool that its created-by names" in error.remedy


NO_REQUIREMENT = """\
error: Failed to parse: `beta ==`
  cause: Unexpected end of version specifier, expected version
         beta ==
             ^^
"""
NO_LINE = "error: Unexpected '{', expected '-c', '-e', '-r' or a requirement: requirements-dev.lock:2:1\n"


@pytest.mark.parametrize(
    ("stderr", "place", "message"),
    [
        (
            NO_REQUIREMENT,
            ("tox.ini", 2),
            "beta == (tox.ini:2) is no requirement: Unexpected end of version specifier, expected version",
        ),
        (
            NO_LINE,
            ("requirements-dev.lock", 2),
            "requirements-dev.lock:2 cannot be understood (Unexpected '{'",
        ),
    ],
)
def test_a_requirement_that_is_none_is_told_with_where_it_was_read(write, stderr, place, message):
    root = write({"tox.ini": "[testenv]\ndeps = beta ==\n", "requirements-dev.lock": "six\n{nope\n"})
    error = explain(Completed(ARGV, 1, "", stderr), "install it", Places(root, ".", ARGV))
    assert message in error.message
    assert (error.path, error.line) == place


def test_what_the_project_needs_and_nobody_has_is_told_with_its_line(write):
    root = write({"setup.cfg": "[options]\ninstall_requires =\n  six==99\n"})
    said = (
        "error: No solution found when resolving dependencies\n  cause: Because there is no version of six==99 and x "
        "depends on six==99, we can conclude that x cannot be used.\n         And because you require x, we can "
        "conclude that your requirements are unsatisfiable.\n"
    )
    error = explain(Completed(ARGV, 1, "", said), "install it", Places(root, ".", ARGV))
    assert "x needs six==99 (setup.cfg:3)" in error.message
    assert error.remedy == "change six==99 (setup.cfg:3) to what there is"
