"""Which Python a repository is used with where it pins none."""

from datetime import date

import pytest

from bootstrap.detect.repository import detect_repository
from bootstrap.setup.evidence import Evidence, gather, of_time, spelled
from bootstrap.survey import survey


@pytest.fixture
def gathered(write, home):
    def gather_from(files, moment=None):
        root = write(files)
        return gather(root, detect_repository(root), lambda: survey(root, {"HOME": str(home)}).sites, moment)

    return gather_from


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Pipfile", '[requires]\npython_version = "3.9"\n'),
        ("Pipfile", "[requires]\npython_full_version = '3.9.7'\n"),
        (".tool-versions", "nodejs 20\npython 3.9.7\n"),
        ("mise.toml", '[tools]\npython = "3.9"\n'),
        ("environment.yml", "dependencies:\n  - python=3.9\n"),
        ("environment.yaml", "dependencies:\n- 'python==3.9.1'\n"),
        ("runtime.txt", "python-3.9.7\n"),
    ],
)
def test_a_file_that_names_one_version_is_believed(gathered, name, text):
    assert gathered({name: text}) == Evidence((3, 9), f"{name} names 3.9")


def test_what_a_part_names_for_itself_goes_before_what_the_whole_does(write):
    root = write({"runtime.txt": "python-3.11.1\n", "a/runtime.txt": "python-3.9.7\n", "b/requirements.txt": ""})
    found = [gather(root, detect_repository(root / part), tuple) for part in ("a", "b")]
    assert [one.minor for one in found] == [(3, 9), (3, 11)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Pipfile", "[packages]\n"),
        ("environment.yml", "dependencies:\n  - python>=3.8\n  - python-dateutil=3.9\n"),
        ("runtime.txt", "nodejs-20\n"),
        (".tool-versions", "python 2.7.18\n"),
        (".tool-versions", ""),
    ],
)
def test_a_file_that_names_none_says_nothing(gathered, name, text):
    assert gathered({name: text}) is None


def test_a_version_that_the_repository_does_not_admit_is_not_believed(gathered):
    files = {"runtime.txt": "python-3.9.7\n", "pyproject.toml": '[project]\nname = "x"\nrequires-python = ">=3.10"\n'}
    assert gathered(files) is None


def workflow(*versions):
    listed = ", ".join(f'"{version}"' for version in versions)
    return {
        ".github/workflows/tests.yml": "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    strategy:\n"
        f"      matrix:\n        python-version: [{listed}]\n    steps:\n      - uses: actions/setup-python@v5\n"
        "        with:\n          python-version: ${{ matrix.python-version }}\n"
    }


def test_the_newest_that_is_tested_is_taken_where_the_default_is_not_among_them(gathered):
    found = gathered(workflow("3.8", "3.9", "3.10"))
    assert found.minor == (3, 10)
    assert found.reason == "no version is pinned, and it is tested or claimed on 3.8 to 3.10"


def test_where_the_default_is_tested_nothing_speaks_against_it(gathered):
    assert gathered(workflow("3.8", "3.12", "3.13")) is None


def test_of_newer_ones_alone_the_oldest_is_taken(gathered):
    assert gathered(workflow("3.13", "3.14")).minor == (3, 13)


def test_what_is_claimed_counts_as_far_as_it_is_admitted(gathered):
    classifiers = "".join(f'"Programming Language :: Python :: {version}",\n' for version in ("2.7", "3", "3.6", "3.7"))
    project = f'[project]\nname = "x"\nrequires-python = "<3.7"\nclassifiers = [{classifiers}]\n'
    found = gathered({"pyproject.toml": project})
    assert found == Evidence((3, 6), "no version is pinned, and it is tested or claimed on 3.6", ((3, 6),))


def test_an_image_counts_where_nothing_is_tested_or_claimed(gathered):
    found = gathered({"Dockerfile": "FROM python:3.9-slim\n"})
    assert found == Evidence((3, 9), "no version is pinned, and it is used on 3.9", ((3, 9),))


def test_where_nothing_names_a_python_nothing_is_known(gathered):
    assert gathered({"README.md": "hello\n"}) is None


@pytest.mark.parametrize(
    ("moment", "minor"),
    [(date(2015, 1, 1), (3, 6)), (date(2018, 9, 1), (3, 6)), (date(2018, 12, 1), (3, 7)), (date(2021, 6, 1), (3, 9))],
)
def test_the_newest_that_was_settled_at_a_time_is_taken(write, moment, minor):
    found = of_time(detect_repository(write({})), moment)
    assert (found.minor, found.reason) == (minor, f"that was the newest in use on {moment.isoformat()}")


def test_of_the_default_s_own_time_nothing_speaks_against_it(write):
    assert of_time(detect_repository(write({})), date(2025, 1, 1)) is None


def test_a_time_does_not_go_below_what_the_repository_requires(write):
    root = write({"pyproject.toml": '[project]\nname = "x"\nrequires-python = ">=3.10"\n'})
    assert of_time(detect_repository(root), date(2018, 1, 1)).minor == (3, 10)
    root = write({"pyproject.toml": '[project]\nname = "x"\nrequires-python = ">=3.13"\n'})
    assert of_time(detect_repository(root), date(2018, 1, 1)) is None


def test_a_version_is_spelled_as_people_do():
    assert spelled((3, 9)) == "3.9"


CLAIMED = {"tox.ini": "[tox]\nenvlist = py38,py39\n"}


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (None, Evidence((3, 9), "no version is pinned, and it is tested or claimed on 3.8 to 3.9", ((3, 8), (3, 9)))),
        (
            date(2020, 10, 5),
            Evidence((3, 9), "no version is pinned, and it is tested or claimed on 3.8 to 3.9", ((3, 8), (3, 9))),
        ),
        (
            date(2020, 10, 4),
            Evidence(
                (3, 8),
                "no version is pinned, and it is tested or claimed on 3.8; 3.9 was not out by 2020-10-04",
                ((3, 8),),
            ),
        ),
        (
            date(2019, 1, 1),
            Evidence((3, 9), "no version is pinned, and it is tested or claimed on 3.8 to 3.9", ((3, 8), (3, 9))),
        ),
    ],
)
def test_a_python_that_was_tested_before_it_was_out_is_none_to_take(gathered, moment, expected):
    assert gathered(CLAIMED, moment) == expected
