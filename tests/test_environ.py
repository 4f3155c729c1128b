"""Commands get our variables, without what belongs to somebody else's project."""

import pytest

from bootstrap.environ import clean


@pytest.mark.parametrize(
    "name",
    ["VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONHOME", "PYTHONPATH", "PYENV_VERSION", "UV_PYTHON", "UV_PROJECT_ENVIRONMENT"],
)
def test_what_another_project_left_is_taken_out(name):
    assert clean({name: "/elsewhere", "PATH": "/bin"}) == {"PATH": "/bin"}


def test_a_preference_that_would_contradict_our_options_is_taken_out():
    assert clean({"UV_PYTHON_PREFERENCE": "only-system"}) == {}


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "SSL_CERT_FILE", "UV_CACHE_DIR", "UV_DEFAULT_INDEX", "UV_OFFLINE"])
def test_what_the_person_configured_stays(name):
    assert clean({name: "theirs"}) == {name: "theirs"}


def test_what_a_command_needs_goes_before_everything():
    assert clean({"UV_PYTHON": "theirs", "A": "1"}, {"UV_PYTHON": "ours", "A": "2"}) == {"UV_PYTHON": "ours", "A": "2"}


def test_the_given_variables_are_not_changed():
    given = {"VIRTUAL_ENV": "/elsewhere"}
    clean(given, {"A": "1"})
    assert given == {"VIRTUAL_ENV": "/elsewhere"}
