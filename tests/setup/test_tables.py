"""Groups that managers keep in tables of their own."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from bootstrap.setup.dependencies import tables


@pytest.fixture
def pyproject(told):
    return lambda text: told(lambda repository, _: tables.needs_of(repository), {"pyproject.toml": text})


# What Poetry's documentation of dependency specification says that they mean.
@pytest.mark.parametrize(
    ("constraint", "meaning"),
    [
        ("^1.2.3", ">=1.2.3,<2.0.0"),
        ("^1.2", ">=1.2.0,<2.0.0"),
        ("^1", ">=1.0.0,<2.0.0"),
        ("^0.2.3", ">=0.2.3,<0.3.0"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("^0.0", ">=0.0.0,<0.1.0"),
        ("^0", ">=0.0.0,<1.0.0"),
        ("~1.2.3", ">=1.2.3,<1.3.0"),
        ("~1.2", ">=1.2.0,<1.3.0"),
        ("~1", ">=1.0.0,<2.0.0"),
        ("*", ""),
        ("1.*", ">=1.0.0,<2.0.0"),
        ("1.2.*", ">=1.2.0,<1.3.0"),
        (">= 1.2.0", ">=1.2.0"),
        ("> 1", ">1"),
        ("< 2", "<2"),
        ("!= 1.2.3", "!=1.2.3"),
        (">= 1.2, < 1.5", ">=1.2,<1.5"),
        (">=1.2 <1.5", ">=1.2,<1.5"),
        ("1.2.3", "==1.2.3"),
        ("==1.2.3", "==1.2.3"),
        ("=1.2.3", "==1.2.3"),
        ("~=1.2.3", "~=1.2.3"),
        ("!=1.2.*", "!=1.2.*"),
        ("^2.0.0b1", ">=2.0.0b1,<3"),
        ("^1.2.*", ">=1.2,<2"),
        ("^1.2 || ^2.0", ""),
        ("1.2 | 2.0", ""),
        ("", ""),
        ("latest", ""),
        (">=1.2,", ">=1.2"),
        ("^v1.2", ">=1.2,<2"),
    ],
)
def test_a_constraint_of_poetry_s_admits_what_it_means(constraint, meaning):
    found, expected = SpecifierSet(tables._constraint(constraint)), SpecifierSet(meaning)
    every = [Version(".".join(numbers)) for numbers in product("01235", repeat=3)]
    assert [one for one in every if one in found] == [one for one in every if one in expected]
    assert bool(str(found)) == bool(str(expected))


NUMBERS = st.lists(st.integers(0, 20), min_size=1, max_size=4).map(lambda numbers: ".".join(map(str, numbers)))


@given(st.sampled_from(["^", "~", "", "=", "==", ">=", "<=", "!="]), NUMBERS)
def test_a_constraint_of_any_version_is_one_that_pip_reads_and_admits_its_own_version(operator, version):
    found = SpecifierSet(tables._constraint(operator + version))
    assert (Version(version) in found) == (operator != "!=")


@given(st.text(alphabet="^~=<>!0123456789.,*| abrcdev+-", max_size=15))
def test_whatever_a_constraint_says_the_answer_is_text(text):
    assert isinstance(tables._constraint(text), str)


def test_groups_of_poetry_s_are_needed_and_optional_ones_by_their_names(pyproject):
    found = pyproject(
        '[tool.poetry.dev-dependencies]\nold = "^1"\n[tool.poetry.group.lint.dependencies]\nruff = "*"\n'
        '[tool.poetry.group.test]\noptional = true\n[tool.poetry.group.test.dependencies]\npytest = ">=7"\n'
        '[tool.poetry.group.release]\noptional = true\n[tool.poetry.group.release.dependencies]\ntwine = "*"\n'
    )
    assert found.requirements == ("old>=1,<2", "ruff", "pytest>=7")
    assert found.origin == "[tool.poetry]"


@pytest.mark.parametrize(
    ("entry", "requirement"),
    [
        ('"^1.2"', "x>=1.2,<2"),
        ('{ version = "*", extras = ["fast", "more"] }', "x[fast,more]"),
        ('{ version = "~1", markers = "os_name == \'nt\'" }', "x>=1,<2 ; os_name == 'nt'"),
        ('{ git = "https://example.com/x.git", rev = "abc" }', "x @ git+https://example.com/x.git@abc"),
        ('{ git = "https://example.com/x.git", tag = "v1" }', "x @ git+https://example.com/x.git@v1"),
        ('{ git = "https://example.com/x.git" }', "x @ git+https://example.com/x.git"),
        ('{ url = "https://example.com/x.zip", extras = ["a"] }', "x[a] @ https://example.com/x.zip"),
        ('[{ version = "1", python = "<3.8" }, { version = "2" }]', "x==2"),
        ("[]", "x"),
    ],
)
def test_an_entry_of_poetry_s_is_a_dependency_specifier(pyproject, entry, requirement):
    found = pyproject(f"[tool.poetry.group.dev.dependencies]\nx = {entry}\n")
    assert found.requirements == (requirement,)
    assert Requirement(requirement).name == "x"


def test_python_and_folders_are_no_dependencies_to_look_for(pyproject):
    assert pyproject('[tool.poetry.dev-dependencies]\npython = "^3.8"\nx = { path = "../x" }\n').is_empty


def test_groups_of_pdm_s_and_uv_s_are_needed_without_their_paths(pyproject):
    found = pyproject(
        "[tool.pdm.dev-dependencies]\ntest = ['pytest', '-e file:///${PROJECT_ROOT}/sub']\nlint = ['ruff']\n"
        "[tool.uv]\ndev-dependencies = ['pytest', 'six']\n"
    )
    assert found.requirements == ("pytest", "six", "ruff")
    assert found.origin == "[tool.uv] and [tool.pdm]"


@pytest.mark.parametrize("text", ["", "[tool.poetry.group]\ndev = 3\n"])
def test_where_there_are_no_such_tables_nothing_is_needed(pyproject, text):
    assert pyproject(text).is_empty
