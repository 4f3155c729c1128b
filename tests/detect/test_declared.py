"""What a repository declares is read with its line, and doubtful files are refused with theirs."""

import sys

import pytest

from bootstrap.detect.declared import line_of, read_default, read_pin, read_requires_python
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
        ("setup.py", "kwargs = {\n    'python_requires': '>=3.6',\n}\n", (">=3.6", 2)),
        ("setup.py", 'kwargs["python_requires"] = ">=3.6"\n', (">=3.6", 1)),
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
        ("setup.py", "setup(python_requires=REQUIRES)\n"),
        ("setup.py", "setup(**{'python_requires': REQUIRES, 'name': 'x'})\n"),
        ("setup.py", "names = ('python_requires', 'name')\n"),
        ("setup.py", "# python_requires='>=3.6'\n"),
        ("setup.cfg", "[metadata]\npython_requires = >=3.8\n"),
    ],
)
def test_what_does_not_declare_it_is_not_taken_for_it(name, content):
    assert read_requires_python(reading(**{name: content})) is None


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('[project\nrequires-python = ">=3.11"\n', 1),
        ("requires-python = [broken\n", 1),
        ("[project]\nname = 'x'\nrequires-python = >=3.11\n", 3),
    ],
)
def test_a_pyproject_that_is_no_toml_is_refused_with_its_line(content, line):
    with pytest.raises(MalformedFileError, match="not valid TOML") as caught:
        read_requires_python(reading(**{"pyproject.toml": content}))
    assert (caught.value.path, caught.value.line) == ("pyproject.toml", line)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("[tool.devstrap]\ndefault = '3.13'\n", ("3.13", 2)),
        ("[project]\ndescription = '''\nx\n'''\n[tool.devstrap]\ndefault = '3.13'\n", ("3.13", 6)),
        ('[tool]\ndevstrap.default = "3.13"\n', ("3.13", 2)),
        ('[tool.devstrap]\n"default" = "3.13"\n', ("3.13", 2)),
        ('[ tool . "devstrap" ]\n\ndefault = "3.13"\n', ("3.13", 3)),
        ('tool.devstrap = {editors = [], default = "3.13"}\n', ("3.13", 1)),
        ('[tool.devstrap]\ngroups = [\n  "a", # ]\n]\ndefault = "3\\u002e13"\n', ("3.13", 5)),
    ],
)
def test_the_default_is_found_in_every_spelling(content, expected):
    assert read_default(reading(**{"pyproject.toml": content})) == (expected[0], "pyproject.toml", expected[1])


@pytest.mark.parametrize(
    "content",
    [
        "[project]\nname = 'default'\n",
        "[tool.devstrap]\neditors = []\n[tool.uv]\ndefault-groups = 'all'\n",
        "[tool.other]\ndefault = '3.9'\n[tool.devstrap]\neditors = []\n",
        "tool = 3\n# devstrap has no default\n",
        "[tool]\ndevstrap = 'default'\n",
        "[project]\ndescription = 'a\u2028[tool.devstrap]\u2028default = 3'\n",
    ],
)
def test_what_is_no_default_is_not_taken_for_it(content):
    assert read_default(reading(**{"pyproject.toml": content})) is None


@pytest.mark.parametrize("content", ["[tool.devstrap]\ndefault = 3.12\n", "[tool.devstrap]\ndefault = ['3.12']\n"])
def test_a_default_that_is_no_string_is_refused_with_its_line(content):
    with pytest.raises(MalformedFileError, match=r"default in .* must be a string") as caught:
        read_default(reading(**{"pyproject.toml": content}))
    assert caught.value.line == 2


@pytest.mark.parametrize(
    ("content", "default", "required"),
    [
        ("[tool.devstrap]\ndefault = '3.13'\n", "3.13", None),
        ("[tool.devstrap] # ours\neditors = [] # default\n[tool.uv]\ndefault-groups = 'all'\n", None, None),
        ("[project]\nrequires-python = '>=3.11'\n[tool.devstrap]\ndevcontainer = false\n", None, ">=3.11"),
    ],
)
def test_the_usual_spellings_need_no_parser(content, default, required, monkeypatch):
    monkeypatch.setitem(sys.modules, "tomllib", None)
    read = reading(**{"pyproject.toml": content})
    found = [declared and declared[0] for declared in (read_default(read), read_requires_python(read))]
    assert found == [default, required]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[t.x]\nkey = 1\n", 2),
        ("[t.x]\r\n# key = 2\r\nkey = 1\r\n", 3),
        ("[other]\nkey = 1\n[t.x]\nkey = 2\n[t.x.y]\nkey = 3\n", 4),
        ('[t.x]\na = """\nkey = 1\n\\"""[""""\nkey = 2', 5),
        ("[t.x]\na = [\n  'key = 1',\n  ['['],\n  [\n  'key'],\n]\nkey = 2\n", 8),
        ("[t.x]\na = '#'\nb = \"'\"\nkey = 2\n", 4),
        ("[t]\nx.key = 1\n", 2),
        ("t.x = {a = 1, key = 2}\n", 1),
        ("\n[t]\nx = {\nkey = 2}\n", 3),
        ("[[t.x]]\nkey = 2\n", 2),
        ("[t.x.key]\na = 1\n", 1),
        ("[other]\n[t.x.key.below]\na = 1\n", 2),
        ("[t.x]\nkeys = 1\n", None),
        ("", None),
    ],
)
def test_a_key_is_found_by_its_line(text, line):
    assert line_of(text, "t.x", "key") == line


def test_a_key_of_the_document_itself_is_found_too():
    assert line_of("a = 1\n\nkey = 2\n[t]\nkey = 3\n", "", "key") == 3
    assert line_of("a = 1\n[[key]]\nb = 2\n", "", "key") == 2
    assert line_of("[t]\nkey = 3\n", "", "key") is None


@pytest.mark.parametrize(
    ("poetry", "standard"),
    [
        ("^3.9", ">=3.9,<4"),
        ("~3.9", ">=3.9,<3.10"),
        (">=3.8,<3.13", ">=3.8,<3.13"),
        (">=3.8 <3.13", ">=3.8,<3.13"),
        (">= 3.8 , < 3.13", ">=3.8,<3.13"),
        ("~=3.10", "~=3.10"),
        ("^3.8.1", ">=3.8.1,<4"),
    ],
)
def test_poetry_s_own_constraint_counts_in_standard_terms(poetry, standard):
    content = f'[tool.poetry.dependencies]\npython = "{poetry}"\n'
    assert read_requires_python(reading(**{"pyproject.toml": content})) == (standard, "pyproject.toml", 2)


@pytest.mark.parametrize("poetry", ["*", "3.9 || 3.11", "^three", "3.9"])
def test_what_has_no_standard_terms_is_passed_over(poetry):
    content = f'[tool.poetry.dependencies]\npython = "{poetry}"\n'
    assert read_requires_python(reading(**{"pyproject.toml": content})) is None
