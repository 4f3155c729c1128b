"""A tox.ini within pyproject.toml, with the spans of the file around it."""

import pytest

from bootstrap.errors import MalformedFileError
from bootstrap.syntax import toxini
from bootstrap.syntax.tree import walk

DATA = b'[tool.tox]\nlegacy_tox_ini = """\n[tox]\nenvlist = py38, py39\n"""\nx = "[tox]"\n'


def test_values_have_the_spans_of_the_document():
    found = dict(walk(toxini.read(DATA)))
    node = found[("tox", "envlist")]
    assert DATA[node.start : node.end] == b"py38, py39"


def test_the_second_reader_agrees():
    assert toxini.load(DATA)["tox"]["envlist"] == "py38, py39"


@pytest.mark.parametrize("data", [b"", b"[tool.tox]\nx = 1\n", b'[tool.tox]\nlegacy_tox_ini = "[tox]"\n'])
def test_a_document_without_one_has_none(data):
    assert toxini.read(data) is None
    assert toxini.load(data) is None


@pytest.mark.parametrize(
    "data",
    [b'[tool.tox\nlegacy_tox_ini = """\n"""\n', b'[tool.tox]\nlegacy_tox_ini = """\n[tox\nenvlist = py38\n"""\n'],
)
def test_what_cannot_be_understood_is_refused(data):
    with pytest.raises(MalformedFileError):
        toxini.load(data, "pyproject.toml")
