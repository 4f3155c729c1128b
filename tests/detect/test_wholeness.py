"""A distribution with files missing is found, and nothing else is taken for one."""

import pytest

from bootstrap.detect.wholeness import first_gap


@pytest.fixture
def library(write):
    return write(
        {
            "alpha/__init__.py": "",
            "alpha/deep/part.py": "",
            "alpha-1.0.dist-info/RECORD": "alpha/__init__.py,sha256=x,0\nalpha/deep/part.py,,\n../../bin/alpha,,\n"
            'alpha/__pycache__/part.cpython-312.pyc,,\n"alpha/a, b.txt",,\n'
            "alpha-1.0.data/scripts/alpha,,\nalpha-1.0.dist-info/RECORD,,\n",
            "alpha/a, b.txt": "",
            "beta-1.0.dist-info/METADATA": "",
            "loose.py": "",
        }
    )


def test_what_is_whole_has_no_gap(library):
    assert first_gap(library) is None


@pytest.mark.parametrize("name", ["alpha/__init__.py", "alpha/deep/part.py", "alpha/a, b.txt"])
def test_a_missing_file_is_named_with_its_distribution(library, name):
    (library / name).unlink()
    assert first_gap(library) == ("alpha-1.0", name)


def test_a_record_that_cannot_be_read_says_nothing(library):
    (library / "alpha-1.0.dist-info" / "RECORD").write_bytes(b"\xff\xfe")
    assert first_gap(library) is None


def test_a_library_that_is_not_there_has_no_gap(tmp_path):
    assert first_gap(tmp_path / "nowhere") is None
