"""Packages of another manager's lock as lines of a requirements file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement

from bootstrap.setup.dependencies import locked
from bootstrap.setup.dependencies.locked import Package


@pytest.mark.parametrize(
    ("package", "line"),
    [
        (Package("six", "1.16.0"), "six==1.16.0"),
        (Package("six", "1.16.0", hashes=("sha256:a", "sha256:b")), "six==1.16.0 --hash=sha256:a --hash=sha256:b"),
        (Package("six", "1", marker="os_name == 'nt'", hashes=("md5:a",)), "six==1 ; os_name == 'nt' --hash=md5:a"),
        (Package("six", "1", extras=("a", "b")), "six[a,b]==1"),
        (Package("six", ""), "six"),
        (Package("six", "*", marker="os_name == 'nt'"), "six ; os_name == 'nt'"),
        (Package("x", "1", url="git+https://example.com/x@abc"), "x @ git+https://example.com/x@abc"),
        (Package("x", "1", url="u", extras=("a",), marker="m", hashes=("h",)), "x[a] @ u ; m"),
        (Package("x", "", path="parts/x"), "/shop/parts/x"),
        (Package("x", "", path="/elsewhere/x.whl", marker="m"), "/elsewhere/x.whl ; m"),
        (Package("x", "", path=".", extras=("a",), is_editable=True), "-e /shop/.[a]"),
    ],
)
def test_a_package_is_one_line(package, line):
    assert locked.line(package, "/shop/") == line


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ([{"file": "a.whl", "hash": "sha256:a"}, {"file": "b.whl"}, "c.whl"], ("sha256:a",)),
        (None, ()),
        (1, ()),
        ({"hash": "sha256:a"}, ()),
    ],
)
def test_hashes_are_those_of_a_list_of_files(files, found):
    assert locked.hashes(files) == found


def test_the_whole_file_has_other_indexes_first_and_each_line_once():
    packages = [Package("a", "1"), Package("b", "2"), Package("a", "1"), Package("a", "3", marker="m")]
    assert locked.text(packages, ["https://i", "https://i"], "/root") == (
        "--extra-index-url https://i\na==1\nb==2\na==3 ; m\n"
    )
    assert locked.text([], [], "/root") == ""


def test_what_is_locked_twice_for_the_same_is_taken_in_the_newest_version_with_the_extras_of_both():
    packages = [
        Package("Cover.age", "6.9", hashes=("a",), extras=("toml",)),
        Package("b", "1"),
        Package("cover-age", "6.10", hashes=("b",)),
        Package("cover-age", "6.8", hashes=("c",)),
    ]
    assert locked.text(packages, [], "/root") == "cover-age[toml]==6.10 --hash=b\nb==1\n"


@pytest.mark.parametrize(
    ("marker", "holds"),
    [
        ('extra == "fast"', True),
        ("extra == 'fast'", True),
        ('"fast" == extra', True),
        ('extra=="Fast"', True),
        ('extra == "big_data"', True),
        ('extra == "other"', False),
        ('extra == "other" or extra == "fast"', True),
        ('(extra == "other" or extra == "fast") and python_version < "3"', False),
        ('python_version >= "3"', True),
    ],
)
def test_a_condition_on_an_extra_holds_where_it_is_wanted(marker, holds):
    assert Marker(locked.without_extras(marker, ("fast", "big-data"))).evaluate() == holds


NAMES = st.sampled_from(["fast", "big-data", "docs"])
CONDITIONS = st.lists(st.one_of(NAMES.map('extra == "{}"'.format), st.just('python_version >= "3"')), min_size=1)


@given(CONDITIONS, st.sampled_from([" and ", " or "]), st.sets(NAMES))
def test_without_extras_a_marker_says_what_it_said_with_them(conditions, word, wanted):
    marker = word.join(conditions)
    found = locked.without_extras(marker, wanted)
    assert "extra" not in found
    every = [one[10:-1] in wanted if one.startswith("extra") else True for one in conditions]
    expected = all(every) if word == " and " else any(every)
    assert Marker(found).evaluate({**default_environment()}) == expected


@pytest.mark.parametrize(
    ("markers", "marker"),
    [([], ""), (["a"], "a"), (["a", "a"], "a"), (["a", ""], ""), (["a", "b"], "(a) or (b)")],
)
def test_one_of_several_markers_suffices(markers, marker):
    assert locked.any_of(markers) == marker


def test_the_public_index_is_known_by_its_names():
    assert locked.is_public("https://pypi.org/simple")
    assert locked.is_public("https://pypi.python.org/simple/")
    assert not locked.is_public("https://example.com/simple")


@given(st.text(alphabet="abcXYZ019-_", min_size=1).filter(lambda text: text[0].isalnum() and text[-1].isalnum()))
def test_a_line_without_hashes_is_a_requirement(name):
    assert Requirement(locked.line(Package(name, "1.0", marker='os_name == "nt"'), "/")).name == name
