"""The metadata of scripts (PEP 723), read as TOML with the spans of the module."""

import pytest

from bootstrap.errors import MalformedFileError
from bootstrap.syntax import script
from bootstrap.syntax.tree import walk

SCRIPT = b'#!python\n# /// script\n# requires-python = ">=3.9"\n# dependencies = ["a"]\n# ///\nx = 1\n'


def test_values_have_the_spans_of_the_script():
    found = dict(walk(script.read(SCRIPT)))
    node = found[("requires-python",)]
    assert node.text == ">=3.9"
    assert SCRIPT[node.start : node.end] == b">=3.9"


def test_the_second_reader_agrees():
    assert script.load(SCRIPT) == {"requires-python": ">=3.9", "dependencies": ["a"]}


@pytest.mark.parametrize("data", [b"", b"x = 1\n", b"# /// script\n# never closed\nx = 1\n"])
def test_a_module_without_metadata_has_none(data):
    assert script.read(data) is None
    assert script.load(data) is None


def test_what_is_no_toml_is_refused_with_its_line():
    with pytest.raises(MalformedFileError) as caught:
        script.read(b"x = 1\n# /// script\n# requires-python = \n# ///\n", "a.py")
    assert caught.value.line == 3
