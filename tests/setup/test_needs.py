"""The words of pip's command line, read for what they install."""

import pytest

from bootstrap.setup.dependencies.needs import NOTHING, Needs, of_words, together


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["pytest", "six>=1.2"], Needs(requirements=("pytest", "six>=1.2"))),
        (["pytest >= 7, < 9"], Needs(requirements=("pytest >= 7, < 9",))),
        (["coverage[toml]; python_version < '3.11'"], Needs(requirements=("coverage[toml]; python_version < '3.11'",))),
        (["shop @ https://example.com/shop.zip"], Needs(requirements=("shop @ https://example.com/shop.zip",))),
        (["-r", "dev.txt"], Needs(files=("dev.txt",))),
        (["-rdev.txt"], Needs(files=("dev.txt",))),
        (["-Ur", "dev.txt"], Needs(files=("dev.txt",))),
        (["-qqUe", ".[test]"], Needs(extras=("test",), is_editable=True)),
        (["--requirement=dev.txt"], Needs(files=("dev.txt",))),
        (["--requirement", "requirements/../dev.txt"], Needs(files=("dev.txt",))),
        (["-c", "bounds.txt"], Needs(constraints=("bounds.txt",))),
        (["-cbounds.txt"], Needs(constraints=("bounds.txt",))),
        (["-e", "."], Needs(is_editable=True)),
        (["-e."], Needs(is_editable=True)),
        (["--editable=.[test]"], Needs(extras=("test",), is_editable=True)),
        ([".[test, docs]"], Needs(extras=("test", "docs"), is_editable=True)),
        (["file:."], Needs(is_editable=True)),
        (["./"], Needs(is_editable=True)),
        (["--group", "dev"], Needs(groups=("dev",))),
        (["--group=../pyproject.toml:dev"], Needs(groups=("dev",))),
        (["--extra", "test"], Needs(extras=("test",))),
        (["--all-extras"], Needs(extras=("*",))),
        (["-U", "--quiet", "pytest"], Needs(requirements=("pytest",))),
    ],
)
def test_what_is_written_out_is_needed(words, found):
    assert of_words(words) == found


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--upgrade"],
        ["-r"],
        ["--extra"],
        ["-i", "mirror"],
        ["--index-url=https://example.com/simple"],
        ["--find-links", "wheels"],
        ["-r", "https://example.com/requirements.txt"],
        ["-c", "https://example.com/constraints.txt"],
        ["-e", "../shared"],
        ["-e", "git+https://example.com/shop.git#egg=shop"],
        ["git+https://example.com/shop.git"],
        ["dist/shop-1.0-py3-none-any.whl"],
        ["dist/*.whl"],
        ["./sub"],
        ["requirements.txt"],
        ["shop-1.0.tar.gz"],
        ["shop[test] @ ."],
        ["$PACKAGES"],
        ["django==${DJANGO}"],
        ["django=={{ matrix.django }}"],
        ["%PACKAGE%"],
        ["-r", "$FILE"],
        ["--group", "${GROUP}"],
        ["&&", "=", ""],
        ["größe"],
    ],
)
def test_what_nobody_can_tell_or_is_no_requirement_is_left_out(words):
    assert of_words(words) == NOTHING
    assert of_words(words).is_empty


def test_a_value_of_an_option_is_no_requirement_and_what_follows_it_is():
    assert of_words(["--python", "three", "-f", "wheels", "pytest"]).requirements == ("pytest",)


def test_files_are_relative_to_the_folder_that_the_words_stand_in():
    found = of_words(["-r", "dev.txt", "-c", "../bounds.txt"], "requirements")
    assert (found.files, found.constraints) == (("requirements/dev.txt",), ("bounds.txt",))


def test_several_are_summed_up_with_each_thing_once_and_in_order():
    first = Needs(requirements=("b", "a"), extras=("test",), origin="one")
    second = Needs(requirements=("a", "c"), files=("x.txt",), groups=("dev",), is_editable=True, origin="two")
    expected = Needs(("b", "a", "c"), ("x.txt",), (), ("test",), ("dev",), is_editable=True, origin="both")
    assert together([first, second], "both") == expected
    assert together([], "none").is_empty


def test_constraints_alone_install_nothing():
    assert Needs(constraints=("bounds.txt",)).is_empty
    assert not Needs(is_editable=True).is_empty
