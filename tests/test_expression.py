"""Regular expressions that are compiled late."""

import re

import pytest

from bootstrap import expression as module
from bootstrap.expression import expression


def test_it_finds_what_a_compiled_one_finds():
    late, early = expression(r"a(\d)", re.IGNORECASE), re.compile(r"a(\d)", re.IGNORECASE)
    assert late.findall("A1 a2") == early.findall("A1 a2")
    assert late.sub("b", "xA1") == early.sub("b", "xA1")
    assert [match.span(1) for match in late.finditer("A1 a2", 1)] == [(4, 5)]
    assert expression(rb"\d+").search(b"a12")[0] == b"12"


def test_it_is_compiled_once_and_only_when_it_is_used(monkeypatch):
    compiled = []
    compiler = re.compile
    monkeypatch.setattr(module.re, "compile", lambda *words: compiled.append(words) or compiler(*words))
    late = expression("a+")
    assert late.pattern == "a+"
    assert compiled == []
    assert late.fullmatch("aa")
    assert not late.search("b")
    assert late.match("ab")
    assert compiled == [("a+", 0)]


def test_it_has_nothing_that_a_compiled_one_would_not_have():
    with pytest.raises(AttributeError):
        _ = expression("a").replace
