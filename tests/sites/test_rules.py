"""Rules of Makefiles and justfiles that come and go with their version."""

import pytest
from rewriting import check_rewrite, modernized

BEFORE = """PYTHON ?= python3

.PHONY: test lint test-3.8 test-3.9
test-3.8:
\ttox -e py38
test-3.9:
\ttox -e py39

lint:
\truff check
"""
AFTER = """PYTHON ?= python3

.PHONY: test lint test-3.9 test-3.10
test-3.9:
\ttox -e py39
test-3.10:
\ttox -e py310

lint:
\truff check
"""


def test_a_rule_goes_and_another_comes_with_its_recipe():
    check_rewrite("Makefile", BEFORE, AFTER, old="3.8 3.9", new="3.9 3.10")


def test_rules_of_a_justfile_come_and_go_as_well():
    before = "test-3.8:\n    uv run -p 3.8 pytest\n\ntest-3.9:\n    uv run -p 3.9 pytest\n"
    after = "test-3.9:\n    uv run -p 3.9 pytest\n"
    assert modernized("justfile", before, old="3.8 3.9", new="3.9") == after


def test_families_are_kept_apart():
    before = "a-3.8:\n\tx 3.8\nb-3.8:\n\ty 3.8\na-3.9:\n\tx 3.9\nb-3.9:\n\ty 3.9\n"
    assert modernized("Makefile", before, old="3.8 3.9", new="3.9") == "a-3.9:\n\tx 3.9\nb-3.9:\n\ty 3.9\n"


@pytest.mark.parametrize(
    "text",
    [
        "test-3.8:\n\ttox -e py38\n",  # the only one of its kind: its name would have to change too
        "VERSION := 3.8\n",
        "test-3.8: VERSION = 3.8\n",
        "test-3.8:\n\ttox -e py39\n",  # it does not do what its name says
    ],
)
def test_what_is_no_family_stays(text):
    assert modernized("Makefile", text, old="3.8 3.9", new="3.9") == text
