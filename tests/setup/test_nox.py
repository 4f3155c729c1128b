"""What a noxfile installs for the tests, read without running it."""

import pytest

from bootstrap.setup.dependencies import nox


@pytest.fixture
def noxfile(told):
    return lambda text: told(nox.needs_of, {"noxfile.py": text})


def session(*lines, name="tests"):
    return f"@nox.session\ndef {name}(session):\n" + "".join(f"    {line}\n" for line in lines)


@pytest.mark.parametrize(
    ("lines", "requirements"),
    [
        (['session.install("pytest", "six>=1")'], ("pytest", "six>=1")),
        (['session.install(*["pytest"], *("six",))'], ("pytest", "six")),
        (["if True:", '    session.install("pytest")'], ("pytest",)),
        (['session.install("pytest")', 'session.install("six")'], ("pytest", "six")),
        (['session.install("pytest", f"django=={version}")'], ("pytest",)),
        (["session.install(NAME, *MORE, *UNKNOWN)"], ("pytest", "six", "toml")),
        (['session.run("pip", "install", "pytest")'], ()),
        (['install("pytest")'], ()),
    ],
)
def test_what_is_written_out_in_install_is_needed(noxfile, lines, requirements):
    head = 'NAME = "pytest"\nMORE = ["six", "toml"]\na = b = "unused"\n'
    assert noxfile(head + session(*lines)).requirements == requirements


def test_files_extras_and_the_project_itself_are_needed(noxfile):
    found = noxfile(
        session('session.install("-r", "requirements/test.txt", "-c", "c.txt")', 'session.install("-e", ".[test]")')
    )
    assert (found.files, found.constraints, found.extras) == (("requirements/test.txt",), ("c.txt",), ("test",))
    assert found.is_editable
    assert found.origin == "noxfile.py"


@pytest.mark.parametrize("call", ["run", "run_install", "run_always"])
def test_groups_that_uv_syncs_are_needed(noxfile, call):
    found = noxfile(session(f'session.{call}("uv", "sync", "--locked", "--group=test", "--extra=fast", external=True)'))
    assert (found.groups, found.extras) == (("test",), ("fast",))


def test_a_group_may_stand_apart_from_its_option_and_other_options_say_nothing(noxfile):
    found = noxfile(
        session('session.run("uv", "sync", "--frozen", "--group", "test", "--python", "3", "--all-extras")')
    )
    assert (found.groups, found.extras, found.requirements) == (("test",), ("*",), ())
    assert noxfile(session('session.run_install("uv", "sync", "--only-group", "test")')).groups == ("test",)


def test_a_session_is_known_by_its_name_else_by_what_it_runs(noxfile):
    lint = session('session.install("ruff")', name="lint")
    check = session('session.install("pytest", "six")', 'session.run("pytest")', name="check")
    assert noxfile(lint).is_empty
    assert noxfile(lint + check).requirements == ("pytest", "six")
    assert noxfile(check + session('session.install("toml")', name="unit_tests")).requirements == ("toml",)


def test_a_session_that_installs_nothing_is_passed_over(noxfile):
    text = session("session.install(*everything)") + session('session.install("pytest")', name="coverage")
    assert noxfile(text).requirements == ("pytest",)


@pytest.mark.parametrize("text", ["", "def tests(session:\n", "\0", "x = 'größe'\n", "tests = 1\n"])
def test_a_broken_or_empty_file_needs_nothing(noxfile, text):
    assert noxfile(text).is_empty


def test_escapes_that_python_warns_of_are_no_matter(noxfile):
    assert noxfile('PATTERN = "\\d"\n' + session('session.install("pytest")')).requirements == ("pytest",)


def test_where_there_is_no_noxfile_nothing_is_needed(told):
    assert told(nox.needs_of, {"README.md": ""}).is_empty
