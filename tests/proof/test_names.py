"""Imports and the distributions that they belong to."""

import sys

import pytest
from packaging.requirements import Requirement

from bootstrap.proof.names import DISTRIBUTIONS, DROPPED, bounded, could_be, distribution_of


@pytest.mark.parametrize(("module", "distribution"), DISTRIBUTIONS.items())
def test_every_row_of_the_table_is_a_requirement_and_is_found(module, distribution):
    assert Requirement(distribution).name
    assert distribution_of(module, (3, 12)) == distribution


@pytest.mark.parametrize(("minor", "bound"), [((3, 11), "setuptools<60"), ((3, 12), "setuptools<81")])
def test_pkg_resources_comes_without_its_warning_where_that_still_runs(minor, bound):
    assert distribution_of("pkg_resources.extern", minor) == bound


@pytest.mark.parametrize(
    ("requirement", "minor", "met"),
    [
        ("setuptools", (3, 8), "setuptools<60"),
        ("setuptools>=40.8.0", (3, 11), "setuptools<60"),
        ("setuptools>=40.8.0", (3, 12), "setuptools>=40.8.0"),
        ("setuptools>=61", (3, 8), "setuptools>=61"),
        ("setuptools==50", (3, 8), "setuptools==50"),
        ("setuptools-scm", (3, 8), "setuptools-scm"),
    ],
)
def test_a_setuptools_that_is_required_leaves_the_distutils_of_its_time_alone(requirement, minor, met):
    assert bounded(requirement, minor) == met


@pytest.mark.parametrize(
    ("module", "distribution"),
    [
        ("yaml.loader", "pyyaml"),
        ("google.protobuf", "protobuf"),
        ("google.cloud", ""),
        ("requests", "requests"),
        ("requests_mock.mocker", "requests-mock"),
        ("pytest_mock", "pytest-mock"),
        ("pip", "pip"),
        ("pip.req", "pip<10"),
        ("shop", ""),
        ("", ""),
    ],
)
def test_what_would_be_a_guess_is_none(module, distribution):
    assert distribution_of(module, (3, 12)) == distribution


@pytest.mark.parametrize(
    ("module", "distribution"),
    [
        ("yaml", "PyYAML"),
        ("yaml.loader", "pyyaml"),
        ("dateutil", "python-dateutil"),
        ("mysql", "mysql"),
        ("mysql", "PyMySQL"),
        ("magic", "magic-python"),
        ("environ", "django-environ"),
        ("flask_login", "Flask-Login"),
        ("jsonschema", "json-schema"),
        ("google.cloud.storage", "google-cloud-storage"),
        ("azure.ai.ml._restclient", "azure-ai-ml"),
        ("airflow.providers.amazon", "apache-airflow-providers-amazon"),
    ],
)
def test_an_import_may_belong_to_a_distribution_of_a_like_name(module, distribution):
    assert could_be(module, distribution)


@pytest.mark.parametrize(
    ("module", "distribution"),
    [("yaml", "ruamel.yaml"), ("six", "sixer"), ("a", "b"), ("google.cloud", "google-cloud-storage")],
)
def test_an_import_does_not_belong_to_another_name(module, distribution):
    assert not could_be(module, distribution)


@pytest.mark.parametrize("module", ["graphql_server", "yaml"])
def test_a_path_is_the_distribution_of_no_import(module):
    assert not could_be(module, ".")


@pytest.mark.parametrize("module", [name for name, version in DROPPED.items() if version <= sys.version_info[:2]])
def test_what_this_python_dropped_is_not_in_it(module):
    assert module not in sys.stdlib_module_names


@pytest.mark.parametrize("module", [name for name, version in DROPPED.items() if version > sys.version_info[:2]])
def test_what_a_later_python_dropped_is_still_in_this_one(module):
    assert module in sys.stdlib_module_names
