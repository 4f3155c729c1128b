"""The catalogue as a whole: every row has its cases, and says what it does."""

from importlib import import_module

import pytest
import test_ci
import test_code
import test_containers
import test_documents
import test_metadata
import test_pins
import test_testing
import test_tools
import test_workflows
from rewriting import found

from bootstrap.sites.catalogue import CATALOGUE
from bootstrap.sites.codecs import CODECS
from bootstrap.sites.model import Codec, Role

MODULES = (
    test_ci,
    test_code,
    test_containers,
    test_documents,
    test_metadata,
    test_pins,
    test_testing,
    test_tools,
    test_workflows,
)
MOVES = {row: case for module in MODULES for row, case in module.MOVES.items()}
STAYS = {row: case for module in MODULES for row, case in module.STAYS.items()}
ROWS = {row.id: row for row in CATALOGUE}


def test_every_row_has_a_case_in_which_it_moves_a_version():
    assert set(MOVES) == {row.id for row in CATALOGUE if row.role is not Role.MARKER}


def test_every_row_has_a_case_in_which_all_stays():
    assert set(STAYS) == set(ROWS)


@pytest.mark.parametrize("row", [row.id for row in CATALOGUE if row.role is Role.MARKER])
def test_what_is_only_told_is_found(row):
    path, text = STAYS[row]
    assert row in [kind for kind, _, _ in found(path, text)]


def test_every_row_has_a_name_of_its_own():
    assert len(ROWS) == len(CATALOGUE)


@pytest.mark.parametrize("row", CATALOGUE, ids=lambda row: row.id)
def test_a_row_reads_like_a_sentence(row):
    assert row.why
    assert row.why[0].islower() or row.why.startswith("VS Code") or row.why.startswith("PyCharm")
    assert not row.why.endswith(".")
    assert row.files
    assert row.at


@pytest.mark.parametrize("row", CATALOGUE, ids=lambda row: row.id)
def test_a_row_can_be_read(row):
    assert import_module(f"bootstrap.syntax.{row.syntax}").read
    assert row.codec in CODECS or row.codec in (Codec.MAPPING, Codec.KEYED, Codec.SECTIONS, Codec.CONDITION)
    assert row.syntax != "plain" or row.at == ("",)
