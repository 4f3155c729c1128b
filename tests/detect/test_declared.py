"""What a repository declares is read with its line, and doubtful files are refused with theirs."""

import pytest

from bootstrap.detect.declared import read_pin, read_requires_python
from bootstrap.errors import MalformedFileError


def reading(**files):
    contents = {name.replace("__", "."): content for name, content in files.items()}
    contents = {name: content.encode() if isinstance(content, str) else content for name, content in contents.items()}
    return {"pyproject.toml": None, ".python-version": None, **contents}.get


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("3.12\n", ("3.12", 1)),
        ("# ours\n\n3.11.4  # for now\n3.10\n", ("3.11.4", 3)),
        ("3.12", ("3.12", 1)),
        ("\r\n3.12\r\n", ("3.12", 2)),
        (b"\xef\xbb\xbf3.12\n", ("3.12", 1)),
    ],
)
def test_the_first_version_of_the_pin_file_counts(content, expected):
    text, path, line = read_pin(reading(**{".python-version": content}))
    assert (text, line) == expected
    assert path == ".python-version"


def test_no_pin_file_is_no_pin():
    assert read_pin(reading()) is None


@pytest.mark.parametrize("content", ["", "# nothing\n", b"\xff\xfe3\x00"])
def test_a_pin_file_without_a_version_is_an_error_with_a_remedy(content):
    with pytest.raises(MalformedFileError) as caught:
        read_pin(reading(**{".python-version": content}))
    assert caught.value.path == ".python-version"
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('[project]\nname = "x"\nrequires-python = ">=3.11"\n', (">=3.11", 3)),
        ("[project]\nrequires-python='>=3.9,<4' # wide\n", (">=3.9,<4", 2)),
        ('[tool.x]\nrequires-python = ">=3.7"\n[project]\nrequires-python = ">=3.11"\n', (">=3.11", 4)),
        ('project.requires-python = ">=3.11"\n', (">=3.11", 1)),
        ('[project]\ndescription = """\nrequires-python = "no"\n"""\nrequires-python = ">=3.12"\n', (">=3.12", 5)),
        ('[project]\n"requires-python" = ">=3.11"\n', (">=3.11", 2)),
        ('project = {name = "x", requires-python = ">=3.10"}\n', (">=3.10", 1)),
    ],
)
def test_requires_python_is_found_in_every_spelling(content, expected):
    text, path, line = read_requires_python(reading(**{"pyproject.toml": content}))
    assert (text, line) == expected
    assert path == "pyproject.toml"


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("setup.cfg", "[options]\npython_requires = >=3.8\n", (">=3.8", 2)),
        ("setup.py", "setup(\n    name='x',\n    python_requires='>=3.6',\n)\n", (">=3.6", 3)),
    ],
)
def test_setuptools_own_spelling_counts_where_there_is_no_pyproject(name, content, expected):
    text, path, line = read_requires_python(reading(**{name: content}))
    assert (text, line, path) == (*expected, name)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("pyproject.toml", "[project]\nname = 'x'\n"),
        ("pyproject.toml", "[tool.x]\nrequires-python = '>=3.7'\n"),
        ("pyproject.toml", "requires-python = [broken\n"),
        ("setup.py", "setup(python_requires=REQUIRES)\n"),
        ("setup.py", "# python_requires='>=3.6'\n"),
        ("setup.cfg", "[metadata]\npython_requires = >=3.8\n"),
    ],
)
def test_what_does_not_declare_it_is_not_taken_for_it(name, content):
    assert read_requires_python(reading(**{name: content})) is None
