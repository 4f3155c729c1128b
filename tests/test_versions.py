"""Versions, requests and ranges, held against the reference implementation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version as Reference

from bootstrap.versions import Range, Request, Version

MINORS = st.integers(0, 16)
MICROS = st.integers(0, 20)
VERSIONS = st.one_of(
    st.builds("3.{}.{}".format, MINORS, MICROS),
    st.builds("3.{}.0{}{}".format, MINORS, st.sampled_from(["a", "b", "rc"]), st.integers(1, 4)),
)
BOUNDS = st.one_of(
    st.builds("3.{}".format, MINORS), st.builds("3.{}.{}".format, MINORS, MICROS), st.sampled_from(["3.14.0rc1", "4"])
)
CLAUSES = st.one_of(
    st.builds("{}{}".format, st.sampled_from([">=", "<=", ">", "<", "==", "!="]), BOUNDS),
    st.builds("~=3.{}".format, MINORS),
    st.builds("~=3.{}.{}".format, MINORS, MICROS),
    st.builds("{}3.{}.*".format, st.sampled_from(["==", "!="]), MINORS),
    st.builds("{}3.*".format, st.sampled_from(["==", "!="])),
)
RANGES = st.lists(CLAUSES, max_size=4).map(",".join)


@given(RANGES, VERSIONS)
def test_a_range_admits_what_packaging_admits(text, version):
    expected = SpecifierSet(text).contains(version, prereleases=True)
    assert Range.parse(text).admits(Version.parse(version)) is expected


@given(VERSIONS, VERSIONS)
def test_versions_are_ordered_as_packaging_orders_them(one, other):
    assert (Version.parse(one) < Version.parse(other)) is (Reference(one) < Reference(other))


@given(VERSIONS)
def test_a_version_is_written_as_it_was_read(text):
    assert str(Version.parse(text)) == text


@pytest.mark.parametrize("text", ["", "3.x", "3.12.1.4", "three", ">=3.12", "3..1", "3.12.1\n4", "٣.1"])
def test_what_is_no_version_is_refused(text):
    with pytest.raises(ValueError, match=r"not a"):
        Version.parse(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("3.12", "3.12"),
        (" 3.12.1 ", "3.12.1"),
        ("cpython-3.12.1-linux-x86_64-gnu", "3.12.1"),
        ("cpython@3.12", "3.12"),
        ("python3.11", "3.11"),
        ("pypy3.10-7.3.15", "pypy3.10"),
        ("pypy@3.10", "pypy3.10"),
        ("3.13t", "3.13t"),
        ("3.14-dev", "3.14"),
        ("3.15.0a2", "3.15.0a2"),
        ("3.12.*", "3.12"),
        ("3", "3"),
    ],
)
def test_requests_are_understood_as_uv_and_pyenv_write_them(text, shown):
    assert str(Request.parse(text)) == shown


@pytest.mark.parametrize("text", ["system", "my-project-3.12", "", ">=3.11", "3.12.1.1", "4.0", "latest"])
def test_what_asks_for_no_version_is_refused(text):
    with pytest.raises(ValueError, match=r"not a"):
        Request.parse(text)


@pytest.mark.parametrize(
    ("text", "exists"), [("3.12", True), ("3.16", True), ("3.17", False), ("2.7", True), ("2.9", False)]
)
def test_a_request_knows_whether_such_a_python_exists(text, exists):
    assert Request.parse(text).exists is exists


@pytest.mark.parametrize(
    ("request_text", "version", "admitted"),
    [
        ("3.12", "3.12.7", True),
        ("3.12", "3.1.2", False),
        ("3.12.4", "3.12.7", False),
        ("3", "3.9.1", True),
        ("3.15.0a2", "3.15.0a2", True),
        ("3.15.0a2", "3.15.0", False),
    ],
)
def test_a_request_admits_the_versions_that_it_names(request_text, version, admitted):
    assert Request.parse(request_text).admits(Version.parse(version)) is admitted


def test_implementation_and_free_threading_must_be_asked_for():
    assert not Request.parse("3.13").admits(Version.parse("3.13.0"), is_free_threaded=True)
    assert Request.parse("3.13t").admits(Version.parse("3.13.0"), is_free_threaded=True)
    assert not Request.parse("3.10").admits(Version.parse("3.10.0"), "pypy")


@pytest.mark.parametrize("text", ["3.11", "=>3.11", "^3.11", ">=3.11.*", "~=3", ">=three", "any"])
def test_what_is_no_range_is_refused(text):
    with pytest.raises(ValueError, match=r"not a|takes no|needs"):
        Range.parse(text)


@pytest.mark.parametrize(
    ("text", "minors"),
    [
        (">=3.11,<3.14", [(3, 11), (3, 12), (3, 13)]),
        ("==3.12.*", [(3, 12)]),
        (">=3.12.4,<3.13", [(3, 12)]),
        (">=3.13,<3.12", []),
        ("==3.8.0.0", [(3, 8)]),
    ],
)
def test_a_range_knows_its_feature_versions(text, minors):
    assert Range.parse(text).minors() == minors
