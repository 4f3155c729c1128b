"""What a change of policy leaves to a person, and says why; what `check --fix` mends all the same."""

import pytest
from rewriting import modernized, policy

from bootstrap.decide import decide
from bootstrap.policy import Transition
from bootstrap.sites.locate import locate

SEVERAL, ONE = ("3.8 3.9 3.10", "3.9 3.10 3.11"), ("3.8", "3.9")


def reasons(path, text, versions=SEVERAL, **change):
    """Return why each site of a file stays; an empty reason where it moves."""
    old, new = map(policy, versions)
    return [decide(site, Transition(old, new, **change)).reason for site in locate(path, text.encode())]


@pytest.mark.parametrize(
    "path",
    [
        "README.de.md",
        "README_zh-CN.md",
        "README.pt-br.rst",
        "CONTRIBUTING-ja.md",
        "docs/de/install.md",
        "i18n/README.md",
    ],
)
def test_a_translation_is_for_those_who_can_read_it(path):
    (reason,) = reasons(path, "Requires Python 3.8+.\n")
    assert "a translation" in reason


@pytest.mark.parametrize("path", ["README.md", "README.dev.md", "docs/en/install.md", "docs/api/install.md"])
def test_what_is_written_in_english_is_read(path):
    assert reasons(path, "Requires Python 3.8+.\n") == [""]


@pytest.mark.parametrize("path", ["templates/README.md", "new/README.tmpl.rst", "cookiecutter-app/README.md"])
def test_a_template_promises_nothing_where_several_pythons_are_supported(path):
    (reason,) = reasons(path, "Requires Python 3.8+.\n")
    assert "a template" in reason
    assert reasons(path, "Requires Python 3.8+.\n", ONE) == [""]


def test_no_line_of_a_document_comes_or_goes():
    (reason,) = reasons("README.md", "- Python 3.8\n- Python 3.9\n- Python 3.10\n")
    assert "several lines" in reason
    assert reasons("README.md", "Python 3.8, 3.9 and 3.10\n") == [""]


def test_a_sentence_about_pypy_too_is_looked_at_as_a_whole():
    for text in ("Python >= 3.8 and PyPy >= 3.8.\n", "PyPy 3.8+ and Python >= 3.8.\n"):
        assert any("PyPy" in reason for reason in reasons("README.md", text))
    assert reasons("README.md", "Python >= 3.8.\nPyPy is not tested.\n") == [""]


@pytest.mark.parametrize(
    "text", ["Python 3.8+ or PyPy3.\n", "Python 3.8+, and runs great on PyPy.\n", "Python 3.8, 3.9, 3.10 and PyPy 3\n"]
)
def test_that_pypy_is_supported_too_is_no_matter(text):
    assert reasons("README.md", text) == [""]


def test_what_is_officially_supported_is_so_in_any_document():
    assert reasons("docs/faq.md", "It officially supports Python 3.8+.\n") == [""]
    assert "may be an example" in reasons("docs/faq.md", "It supports Python 3.8+.\n")[0]


def test_a_comment_in_a_dockerfile_may_be_about_its_version_alone():
    (reason,) = reasons("Dockerfile", "FROM x\n# It uses Python 3.8 for now.\nRUN y\n")
    assert "about this version alone" in reason


@pytest.mark.parametrize(
    "text", ["RUN pyenv install 3.10\n", "RUN pyenv install 3.8.2\n", "RUN pyenv global 3.10 3.9 3.8\n"]
)
def test_what_pyenv_installs_one_by_one_is_for_a_person_to_change(text):
    (reason,) = reasons("Dockerfile", text, has_default=True)
    assert "pyenv" in reason
    assert modernized("Dockerfile", "RUN pyenv install 3.8\n", old="3.8", new="3.9") == "RUN pyenv install 3.9\n"


def test_a_tag_within_a_name_is_no_version():
    text = "task:\n  env:\n    OPTS: --run-cp38-universal2 -k test_cp38_arm64\n"
    assert {*reasons(".cirrus.yml", text)} == {"it is a part of a longer name"}


def test_a_chosen_patch_release_stays_until_a_default_is_named():
    (reason,) = reasons("Dockerfile", "FROM python:3.8.2-slim\n", has_default=False)
    assert "chose this patch release" in reason
    assert reasons("Dockerfile", "FROM python:3.8.2-slim\n", has_default=True) == [""]
    assert reasons("Dockerfile", "FROM python:3.8.2-slim\n", ONE, has_default=False) == [""]
    assert reasons("Dockerfile", "FROM python:3.8-slim\n", has_default=False) == [""]


def test_what_an_example_is_tested_on_stays():
    text = "import nox\n@nox.session(python=['3.8', '3.9', '3.10'])\ndef tests(session): ...\n"
    (reason,) = reasons("samples/noxfile.py", text)
    assert "an example" in reason
    assert reasons("noxfile.py", text) == [""]


def test_tools_do_not_follow_what_nobody_promised():
    text = '[tool.ruff]\ntarget-version = "py38"\n'
    (reason,) = reasons("ruff.toml", 'target-version = "py38"\n', ONE, is_promised=False)
    assert "nothing tells what is supported" in reason
    assert reasons("pyproject.toml", text, ONE) == [""]
    assert reasons("Dockerfile", "FROM python:3.8\n", ONE, is_promised=False) == [""]


@pytest.mark.parametrize(
    ("floors", "moves"),
    [
        ((("", (3, 8)), ("web", (3, 9))), False),  # a promise of its own
        ((("", (3, 8)), ("web", (3, 8))), True),
        ((("web", (3, 8)),), True),
        ((("", (3, 9)),), True),  # what the root claims is what the policy was made of
        ((("web/app", (3, 9)), ("web", (3, 8))), False),  # the nearest part decides
        ((("we", (3, 9)),), True),
    ],
)
def test_a_part_that_claims_something_else_is_left_alone(floors, moves):
    (reason,) = reasons("web/app/Dockerfile", "FROM python:3.8\n", has_default=True, floors=floors)
    assert (reason == "") is moves
    assert reasons("web/app/pyproject.toml", '[project]\nrequires-python = ">=3.8"\n', floors=floors) == [""]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("README.de.md", "Python 3.8+\n"),
        ("Dockerfile", "RUN pyenv install 3.8\n"),
        ("Dockerfile", "FROM python:3.8.2-slim\n"),
        ("README.md", "- Python 3.8\n- Python 3.9\n- Python 3.10\n"),
    ],
)
def test_drift_is_judged_by_what_is_said(path, text):
    assert all("look" not in reason for reason in reasons(path, text, mends=True))
