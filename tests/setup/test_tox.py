"""What tox's environments for the tests install."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.setup.dependencies import tox
from bootstrap.setup.dependencies.needs import NOTHING

HEAD = "[tox]\nenvlist = py39,py312\n[testenv]\n"


@pytest.fixture
def ini(told):
    return lambda text: told(tox.needs_of, {"tox.ini": text})


def test_dependencies_extras_and_groups_of_the_environment_are_needed(ini):
    found = ini(
        HEAD + "deps =\n    pytest >= 7\n    -r requirements/test.txt\nextras = test\ndependency_groups = dev\n"
    )
    assert found.requirements == ("pytest >= 7",)
    assert found.files == ("requirements/test.txt",)
    assert (found.extras, found.groups, found.origin) == (("test",), ("dev",), "tox.ini")


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("py312: a", ("a",)),
        ("py39: a", ()),
        ("!py39: a", ("a",)),
        ("!py312: a", ()),
        ("py{311,312}: a", ("a",)),
        ("py311,py312: a", ("a",)),
        ("py312-django: a", ()),
        ("lint,py312-!django: a", ("a",)),
        ("a", ("a",)),
        ("# a", ()),
        ("a  # why", ("a",)),
        ("a @ https://example.com/a.zip", ("a @ https://example.com/a.zip",)),
        ("https://example.com/a.zip", ()),
        ("{posargs}", ()),
        ("{env:OTHER:a}", ()),
        ("-r 'unclosed", ()),
    ],
)
def test_a_line_holds_for_its_factors(ini, line, kept):
    assert ini(f"{HEAD}deps =\n    {line}\n").requirements == kept


@pytest.mark.parametrize(
    "line",
    ["-r{toxinidir}/dev.txt", "-r {toxinidir}/dev.txt", "-r{tox_root}/dev.txt", "--requirement={toxinidir}/dev.txt"],
)
def test_the_root_s_placeholder_is_the_root(ini, line):
    assert ini(f"{HEAD}deps = {line}\n").files == ("dev.txt",)


@pytest.mark.parametrize("line", ["-e {toxinidir}[test]", "-e{toxinidir}[test]", "{toxinidir}[test]", "-e.[test]"])
def test_the_project_itself_may_be_among_the_dependencies(ini, line):
    found = ini(f"{HEAD}deps = {line}\n")
    assert (found.is_editable, found.extras) == (True, ("test",))


def test_another_section_is_referred_to_and_a_circle_ends(ini):
    text = HEAD + "deps =\n    {[base]deps}\n    {[nowhere]deps}\n    b\n[base]\ndeps =\n    a\n    {[testenv]deps}\n"
    assert ini(text).requirements == ("a", "b")


def test_a_named_environment_goes_before_what_all_have(ini):
    text = HEAD + "deps = old\nextras = fast\n[testenv:py312]\ndeps =\n    {[testenv]deps}\n    new\n"
    found = ini(text)
    assert (found.requirements, found.extras) == (("old", "new"), ("fast",))
    assert ini(HEAD + "deps = old\n[testenv:lint]\ndeps = ruff\n").requirements == ("old",)
    assert ini("[testenv:unit]\ndeps = pytest\n").requirements == ("pytest",)


def test_a_section_may_be_for_several_environments(ini):
    assert ini(HEAD + "deps = old\n[testenv:py{311,312}]\ndeps = new\n").requirements == ("new",)


def test_of_the_usual_factors_the_newest_python_counts(ini):
    text = "[tox]\nenvlist = lint, py{38,311}-django{42,50}, docs\n[testenv]\ndeps =\n"
    text += "    django42: django<5\n    django50: django>=5\n    py311: new\n    py38: old\n"
    assert ini(text).requirements == ("django<5", "new")


def test_an_environment_may_be_called_after_its_python_alone(ini):
    text = (
        "[tox]\nenvlist =\n    {pypy3.11,3.10,3.12}-unit\n    lint\n[testenv]\ndeps =\n    3.12: new\n    3.10: old\n"
    )
    assert ini(text).requirements == ("new",)


@pytest.mark.parametrize("text", ["", "no section", "[tox\n", "[testenv]\ndeps\n", "\xff\xfe"])
def test_a_file_that_says_nothing_or_is_broken_needs_nothing(ini, text):
    assert ini(text).is_empty


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter(told):
    text = b"\xef\xbb\xbf" + HEAD.replace("\n", "\r\n").encode() + b"deps = pytest\r\n"
    assert told(tox.needs_of, {"tox.ini": text}).requirements == ("pytest",)


def test_where_tox_is_not_used_nothing_is_needed(told):
    assert told(tox.needs_of, {"README.md": ""}).is_empty


def test_the_old_form_in_pyproject_is_read_as_tox_ini(told):
    text = '[tool.tox]\nlegacy_tox_ini = """\n[testenv]\ndeps = pytest\n"""\n'
    assert told(tox.needs_of, {"pyproject.toml": text}).requirements == ("pytest",)


TABLES = """
[env_run_base]
deps = ["pytest", "-r {tox_root}/dev.txt", 3]
extras = ["test"]
dependency_groups = ["dev"]
[env.lint]
deps = ["ruff"]
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [("tox.toml", TABLES), ("pyproject.toml", TABLES.replace("[env", "[tool.tox.env"))],
)
def test_the_form_of_tables_says_the_same(told, name, text):
    found = told(tox.needs_of, {name: text})
    assert (found.requirements, found.files, found.extras, found.groups) == (
        ("pytest",), ("dev.txt",), ("test",), ("dev",),
    )  # fmt: skip


def test_a_named_table_goes_before_the_base(told):
    text = TABLES + '[env.test]\ndeps = """\nnew\n"""\n'
    found = told(tox.needs_of, {"tox.toml": text})
    assert (found.requirements, found.extras) == (("new",), ("test",))


def test_broken_tables_need_nothing(told):
    assert told(tox.needs_of, {"tox.toml": "env = ["}) == NOTHING
    assert told(tox.needs_of, {"tox.toml": "env_run_base = 3\nenv = 'x'\n"}).is_empty


# ---- generative names -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("py39, py310", ["py39", "py310"]),
        ("py39\n  py310\n", ["py39", "py310"]),
        ("py{39,310}", ["py39", "py310"]),
        ("py3{9-11}", ["py39", "py310", "py311"]),
        ("py{39, 310}-{a,b}", ["py39-a", "py39-b", "py310-a", "py310-b"]),
        ("py39{,-cov}", ["py39", "py39-cov"]),
        ("", []),
        ("py{39", ["py{39"]),
    ],
)
def test_a_generative_list_is_written_out(text, names):
    assert list(tox._expanded(text)) == names


FACTORS = st.from_regex(r"[a-z][a-z0-9.]{0,5}", fullmatch=True)


@given(st.lists(st.lists(FACTORS, min_size=1, max_size=3), min_size=1, max_size=3))
def test_a_name_is_written_out_once_for_each_choice(choices):
    text = "-".join(f"{{{','.join(options)}}}" for options in choices)
    expected = [""]
    for options in choices:
        expected = [f"{done}-{option}".lstrip("-") for done in expected for option in options]
    assert sorted(tox._expanded(text)) == sorted(expected)


@given(st.text(alphabet="py39{},-! \n:", max_size=30))
def test_whatever_stands_there_is_written_out_in_finite_time(text):
    assert all(isinstance(name, str) for name in tox._expanded(text))


def test_what_setup_cfg_says_for_tox_counts_before_pyproject_toml(told):
    text = "[tox:tox]\nenvlist = py312\n[testenv]\ndeps =\n    pytest\n    six\n"
    found = told(tox.needs_of, {"setup.cfg": text, "pyproject.toml": "[tool.tox.env_run_base]\ndeps = ['attrs']\n"})
    assert (found.requirements, found.origin) == (("pytest", "six"), "tox in setup.cfg")
    assert told(tox.needs_of, {"setup.cfg": text, "tox.ini": "[testenv]\ndeps = nose\n"}).requirements == ("nose",)


def test_a_setup_cfg_without_tox_s_section_is_none_of_tox_s(told):
    assert told(tox.needs_of, {"setup.cfg": "[tox]\n[testenv]\ndeps = six\n"}).is_empty
