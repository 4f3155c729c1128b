import pytest
from stepping import WORKFLOW, after, check_matrix, check_steps, in_matrix

from bootstrap.rewrite import RefusedEditError


@pytest.mark.parametrize(
    ("before", "words", "wanted"),
    [
        ('["3.8", "3.9", "3.10"]', "-3.8", '["3.9", "3.10"]'),
        ('["3.8", "3.9", "3.10"]', "-3.9", '["3.8", "3.10"]'),
        ('["3.8", "3.9", "3.10"]', "-3.10", '["3.8", "3.9"]'),
        ('["3.8", "3.9", "3.10",]', "-3.10", '["3.8", "3.9",]'),
        ('["3.8", "3.9", "3.10"]', "-3.8 -3.10", '["3.9"]'),
        ('["3.8", "3.9", "3.10", ]', "-3.8 -3.9", '["3.10", ]'),
        ("[ '3.8' , '3.9' ]", "-3.8 3.9+3.11", "[ '3.9' , '3.11' ]"),
        ('["3.8", "3.9"]', "-3.9 3.9+3.11", '["3.8", "3.11"]'),
        ('["3.8", "3.9",]', "-3.9 3.9+3.11", '["3.8", "3.11",]'),
        ('["3.9", "3.8"]', "-3.8 3.10<+3.9 3.11<+3.9", '["3.11", "3.10", "3.9"]'),
        ('["3.10"]', "-3.10 3.8<+3.10 3.9<+3.10", '["3.8", "3.9"]'),
        ('["3.9"]', "3.8<+3.9 3.9+3.10 3.9+3.11", '["3.8", "3.9", "3.10", "3.11"]'),
        ('["3.8","3.9"]', "3.9+3.10", '["3.8","3.9","3.10"]'),
        ('["3.8", "3.9", "pypy3.9"]', "3.8>3.11", '["3.11", "3.9", "pypy3.9"]'),
        ('["3.8", "3.9", "pypy3.7", "lint"]', "-3.8 3.9>3.10 3.9+3.11", '["3.10", "3.11", "pypy3.7", "lint"]'),
        ("[3.8, 3.9]", "3.9+3.10", '[3.8, 3.9, "3.10"]'),
        ("[3.8, 3.9, '3.11']", "3.8>3.10", "['3.10', 3.9, '3.11']"),
        ("[3.8, 3.9]", "-3.8 3.9>3.10", '["3.10"]'),
        ("[&old 3.8, &new 3.9]", "3.9+3.10", '[&old 3.8, &new 3.9, "3.10"]'),
    ],
)
def test_a_list_in_brackets_stays_on_its_line(before, words, wanted):
    check_matrix(f"python-version: {before}  # which", words, f"python-version: {wanted}  # which")


def test_a_wrapped_list_keeps_its_lines():
    before = 'python: ["3.8", "3.9",\n         "3.10", "3.11"]'
    check_matrix(before, "-3.9", 'python: ["3.8",\n         "3.10", "3.11"]')
    check_matrix(before, "3.11+3.12", 'python: ["3.8", "3.9",\n         "3.10", "3.11", "3.12"]')
    check_matrix(before, "3.9+3.12", 'python: ["3.8", "3.9", "3.12",\n         "3.10", "3.11"]')
    check_matrix(before, "3.7<+3.10", 'python: ["3.8", "3.9",\n         "3.7", "3.10", "3.11"]')


COMMENTED = """
python: ["3.8",  # oldest
         # the next
         "3.9",  # usual
         "3.10"]  # newest
"""


def test_a_comment_stays_with_its_member():
    check_matrix(
        COMMENTED, "-3.9", COMMENTED.replace('         # the next\n         "3.9",  # usual\n', "         # the next\n")
    )
    check_matrix(
        COMMENTED, "-3.10", COMMENTED.replace('"3.9",  # usual\n         "3.10"]', '"3.9"  # usual\n         ]')
    )
    check_matrix(COMMENTED, "-3.8", COMMENTED.replace('"3.8",  # oldest\n', "\n"))
    check_matrix(COMMENTED, "3.10+3.11", COMMENTED.replace('"3.10"]', '"3.10",\n         "3.11"]'))
    check_matrix(COMMENTED, "3.9+3.11", COMMENTED.replace("usual\n", 'usual\n         "3.11",\n'))


def test_members_of_a_list_in_a_comment_and_their_neighbours_can_change_together():
    before = in_matrix('python: ["3.8",  # python 3.8 is old\n         "3.9", "3.10"]')
    wanted = in_matrix('python: ["3.8",  # python 3.8 is old\n         "3.10"]')
    assert after(WORKFLOW, before, "-3.9") == wanted


@pytest.mark.parametrize(
    ("before", "words", "wanted"),
    [
        ("py38,py39,lint", "-3.8 3.9+3.11", "py39,py311,lint"),
        ("py{38,39,310}-django{32,42},lint", "-3.8 3.10+3.11", "py{39,310,311}-django{32,42},lint"),
        ("py38,py39,lint", "3.8>3.7 3.9+3.10", "py37,py39,py310,lint"),
        ("py{38,39}", "-3.8", "py{39}"),
        ("py3{8,9,10}-{a,b}", "-3.9 3.10+3.11", "py3{8,10,11}-{a,b}"),
        ("lint, py39, py38", "-3.8 3.10<+3.9", "lint, py310, py39"),
    ],
)
def test_environments_of_tox_stay_on_their_line(before, words, wanted):
    head, tail = "[tox]\nenvlist = ", "\n\n[testenv]\ncommands = pytest\n"
    check_steps("tox.ini", f"{head}{before}{tail}", words, f"{head}{wanted}{tail}")


def test_environments_of_tox_may_wrap():
    before = "[tox]\nenvlist =\n    py38\n    py39, lint\n    docs\n"
    check_steps("tox.ini", before, "-3.8", "[tox]\nenvlist =\n    py39, lint\n    docs\n")
    check_steps("tox.ini", before, "3.9+3.10", "[tox]\nenvlist =\n    py38\n    py39\n    py310, lint\n    docs\n")


@pytest.mark.parametrize(
    ("before", "words", "wanted"),
    [
        ("3.8, 3.9 and 3.10", "-3.8", "3.9 and 3.10"),
        ("3.8, 3.9, and 3.10", "-3.8", "3.9 and 3.10"),
        ("3.8, 3.9, and 3.10", "-3.10", "3.8 and 3.9"),
        ("3.8, 3.9, or 3.10", "-3.9 3.10+3.11", "3.8, 3.10, or 3.11"),
        ("3.8, 3.9 and 3.10", "3.10+3.11", "3.8, 3.9, 3.10 and 3.11"),
        ("3.8, 3.9 and 3.10", "3.10+3.11 3.10+3.12", "3.8, 3.9, 3.10, 3.11 and 3.12"),
        ("3.8 and 3.9", "3.9+3.10", "3.8, 3.9 and 3.10"),
        ("3.8 and 3.9", "-3.8 3.9+3.10", "3.9 and 3.10"),
        ("3.8 and 3.9", "-3.8", "3.9"),
        ("3.8 and 3.9", "3.8>3.7 3.9+3.10", "3.7, 3.9 and 3.10"),
        ("3.8 & 3.9", "3.9+3.10", "3.8, 3.9 & 3.10"),
        ("3.9 and 3.8", "3.10<+3.9", "3.10, 3.9 and 3.8"),
        ("3.8, 3.9, 3.10", "-3.9", "3.8, 3.10"),
        ("3.8 | 3.9 | 3.10", "-3.8 3.10+3.11", "3.9 | 3.10 | 3.11"),
        ("3.8/3.9/3.10", "-3.10", "3.8/3.9"),
        ("3.8 or 3.9 or 3.10", "-3.9", "3.8 or 3.10"),
        ("`3.8`, `3.9` and `3.10`", "-3.8 3.10+3.11", "`3.9`, `3.10` and `3.11`"),
        ("``3.8``, ``3.9``, and ``3.10``", "-3.8", "``3.9`` and ``3.10``"),
        ("`3.8` and `3.9`", "3.9+3.10", "`3.8`, `3.9` and `3.10`"),
        ("3.8, Python 3.9 and Python 3.10", "-3.9", "3.8 and Python 3.10"),
        ("3.8, 3.9,\n3.10 and 3.11", "-3.8", "3.9,\n3.10 and 3.11"),
        ("3.8, 3.9,\n3.10 and\n3.11", "3.11+3.12", "3.8, 3.9,\n3.10,\n3.11 and\n3.12"),
        ("3.8%20%7C%203.9%20%7C%203.10", "-3.8 3.10+3.11", "3.9%20%7C%203.10%20%7C%203.11"),
    ],
)
def test_a_list_in_prose_reads_as_its_author_writes(before, words, wanted):
    check_steps(
        "README.md", f"# É\n\nSupports Python {before}.\n\n→ Ü\n", words, f"# É\n\nSupports Python {wanted}.\n\n→ Ü\n"
    )


@pytest.mark.parametrize("text", ["**3.8**, 3.9", "3.8, **3.9**", "`3.8`, `3.9`, 3.10"])
def test_a_list_whose_members_are_marked_differently_is_refused(text):
    with pytest.raises(RefusedEditError, match="marked differently"):
        after("README.md", f"Supports Python {text}.\n", "-3.8")


def test_a_tuple_of_one_stays_a_tuple():
    before = 'import nox\n\n\n@nox.session(python=("3.8", "3.9"))\ndef test(session): ...\n'
    check_steps("noxfile.py", before, "-3.8", before.replace('"3.8", "3.9"', '"3.9",'))
    check_steps("noxfile.py", before.replace('9")', '9",)'), "-3.8", before.replace('"3.8", "3.9"', '"3.9",'))
    brackets = before.replace("=(", "=[").replace("))", "])")
    check_steps("noxfile.py", brackets, "-3.8", brackets.replace('"3.8", ', ""))


def test_a_list_in_a_string_keeps_its_quotes():
    before = 'legacy_tox_ini = """\n[tox]\nenvlist = py38,py39\n"""\n'
    head = "[tool.tox]\n"
    check_steps("pyproject.toml", head + before, "-3.8 3.9+3.10", head + before.replace("py38,py39", "py39,py310"))


def test_toml_lists_keep_their_quotes():
    before = "[tool.black]\ntarget-version = ['py38', 'py39']  # ü\n"
    check_steps("pyproject.toml", before, "-3.8 3.9+3.10", before.replace("'py38', 'py39'", "'py39', 'py310'"))
