"""What Hatch's environments for developing and testing have."""

import pytest

from bootstrap.setup.dependencies import hatch


@pytest.fixture
def envs(told):
    return lambda text: told(hatch.needs_of, {"hatch.toml": text})


def test_dependencies_features_and_groups_of_the_default_environment_are_needed(envs):
    found = envs(
        '[envs.default]\ndependencies = ["pytest", 3]\nextra-dependencies = ["six"]\n'
        'features = ["test"]\ndependency-groups = ["dev"]\n'
    )
    assert (found.requirements, found.extras, found.groups) == (("pytest", "six"), ("test",), ("dev",))
    assert found.origin == "Hatch's environments"


@pytest.mark.parametrize("name", ["default", "test", "tests", "dev", "test-old", "testing"])
def test_an_environment_for_developers_is_taken(envs, name):
    assert envs(f'[envs.{name}]\ndependencies = ["pytest"]\n').requirements == ("pytest",)


@pytest.mark.parametrize("name", ["docs", "lint", "contest", "hatch-static-analysis"])
def test_an_environment_for_something_else_is_not(envs, name):
    assert envs(f'[envs.{name}]\ndependencies = ["sphinx"]\n').is_empty


def test_an_environment_inherits_the_default_key_by_key(envs):
    found = envs(
        '[envs.default]\ndependencies = ["pytest"]\nfeatures = ["test"]\n[envs.test]\nextra-dependencies = ["six"]\n'
    )
    assert (found.requirements, found.extras) == (("pytest", "six"), ("test",))


def test_another_template_is_inherited_and_itself_is_none(envs):
    base = '[envs.default]\ndependencies = ["a"]\n[envs.base]\nextra-dependencies = ["b"]\n'
    assert envs(f'{base}[envs.test]\ntemplate = "base"\n').requirements == ("a", "b")
    assert envs('[envs.docs]\ndependencies = ["a"]\n[envs.test]\ntemplate = "test"\n').is_empty
    assert envs(
        '[envs.test]\ntemplate = "dev"\n[envs.dev]\ntemplate = "test"\ndependencies = ["a"]\n'
    ).requirements == ("a",)


@pytest.mark.parametrize("template", ['["default"]', "{}", "1"])
def test_what_is_no_name_of_a_template_is_passed_over(envs, template):
    assert envs(f'[envs.test]\ntemplate = {template}\ndependencies = ["a"]\n').requirements == ("a",)


def test_what_hatch_test_runs_with_is_hatch_s_own_unless_it_says_otherwise(envs):
    found = envs('[envs.hatch-test]\nextra-dependencies = ["six"]\n[envs.docs]\ndependencies = ["sphinx"]\n')
    assert found.requirements[-1] == "six"
    assert {"pytest", "pytest-mock", "pytest-xdist[psutil]"} < set(found.requirements)
    assert envs('[envs.hatch-test]\ndependencies = ["pytest<8"]\n').requirements == ("pytest<8",)


def test_hatch_test_inherits_nothing_of_the_default_environment(envs):
    found = envs('[envs.default]\nfeatures = ["all"]\n[envs.hatch-test]\ndependencies = ["pytest"]\n')
    assert found.requirements == ("pytest",)


def test_the_root_is_filled_in_and_other_placeholders_are_left_out(envs, tmp_path):
    found = envs(
        '[envs.default]\ndependencies = ["x @ {root:uri}/x", "y @ file://{root}/y", "z{env:Z}", "{root:parent}/w"]\n'
    )
    assert found.requirements == (f"x @ {tmp_path.as_uri()}/x", f"y @ file://{tmp_path}/y")


@pytest.mark.parametrize(
    "text", ["", "envs = 3", "[envs", "[envs]\ndefault = 3\n", "[envs.default]\ndependencies = 3\n"]
)
def test_a_broken_or_empty_file_needs_nothing(envs, text):
    assert envs(text).is_empty


def test_the_table_in_pyproject_says_the_same_unless_there_is_a_file(told):
    text = '[tool.hatch.envs.default]\ndependencies = ["pytest"]\n'
    assert told(hatch.needs_of, {"pyproject.toml": text}).requirements == ("pytest",)
    assert told(hatch.needs_of, {"pyproject.toml": text, "hatch.toml": ""}).is_empty
