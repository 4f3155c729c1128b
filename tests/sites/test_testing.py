"""tox, nox, hatch, asv, cibuildwheel."""

import pytest
from rewriting import check_rewrite
from tables import moving, staying

LEGACY = '[tool.tox]\nlegacy_tox_ini = """\n[tox]\nenvlist = {}\n"""\n'

MOVES = {
    "tox.envlist": (
        "tox.ini",
        "[tox]\nenvlist = py38,py39,py310,py311,lint\n",
        "[tox]\nenvlist = py310,py311,py312,lint\n",
    ),
    "tox.gh-actions": (
        "tox.ini",
        "[gh-actions]\npython =\n    3.8: py38\n    3.9: py39\n    3.10: py310\n    3.11: py311, lint\n",
        "[gh-actions]\npython =\n    3.10: py310\n    3.11: py311, lint\n    3.12: py312, lint\n",
    ),
    "tox.basepython": (
        "tox.ini",
        "[testenv:lint]\nbasepython = python3.9\n",
        "[testenv:lint]\nbasepython = python3.10\n",
    ),
    "tox.conditional": (
        "tox.ini",
        "[testenv]\ndeps =\n    py{38,39,310,311}: a\n    b\n",
        "[testenv]\ndeps =\n    py{310,311,312}: a\n    b\n",
    ),
    "tox.section": (
        "tox.ini",
        "[testenv:py{38,39,310,311}-unit]\ndeps = a\n",
        "[testenv:py{310,311,312}-unit]\ndeps = a\n",
    ),
    "tox.embedded-envlist": (
        "pyproject.toml",
        LEGACY.format("py{38,39,310,311}, lint"),
        LEGACY.format("py{310,311,312}, lint"),
    ),
    "tox.embedded-gh-actions": (
        "pyproject.toml",
        '[tool.tox]\nlegacy_tox_ini = """\n[gh-actions]\npython =\n    3.9: py39\n    3.11: py311\n"""\n',
        (
            '[tool.tox]\nlegacy_tox_ini = """\n[gh-actions]\npython =\n'
            '    3.10: py310\n    3.11: py311\n    3.12: py312\n"""\n'
        ),
    ),
    "tox.embedded-basepython": (
        "pyproject.toml",
        '[tool.tox]\nlegacy_tox_ini = """\n[testenv:lint]\nbasepython = python3.9\n"""\n',
        '[tool.tox]\nlegacy_tox_ini = """\n[testenv:lint]\nbasepython = python3.10\n"""\n',
    ),
    "tox.embedded-conditional": (
        "pyproject.toml",
        '[tool.tox]\nlegacy_tox_ini = """\n[testenv]\ndeps =\n    py{39,310,311}: a\n"""\n',
        '[tool.tox]\nlegacy_tox_ini = """\n[testenv]\ndeps =\n    py{310,311,312}: a\n"""\n',
    ),
    "tox.toml-envlist": (
        "tox.toml",
        'env_list = ["3.8", "py39", "py310", "py311", "lint"]\n'.replace('"3.8", ', ""),
        'env_list = ["py310", "py311", "py312", "lint"]\n',
    ),
    "tox.toml-gh": (
        "tox.toml",
        '[gh.python]\n"3.9" = ["py39"]\n"3.10" = ["py310"]\n"3.11" = ["py311"]\n',
        '[gh.python]\n"3.10" = ["py310"]\n"3.11" = ["py311"]\n"3.12" = ["py312"]\n',
    ),
    "tox.toml-factors": (
        "pyproject.toml",
        '[tool.tox]\nenv_list = [{ product = [["py39", "py310", "py311"], ["a", "b"]] }]\n',
        '[tool.tox]\nenv_list = [{ product = [["py310", "py311", "py312"], ["a", "b"]] }]\n',
    ),
    "tox.toml-python": (
        "tox.toml",
        '[env.lint]\nbase_python = ["python3.9"]\n',
        '[env.lint]\nbase_python = ["python3.10"]\n',
    ),
    "nox.python": (
        "noxfile.py",
        'import nox\n\nPYTHONS = ["3.8", "3.9", "3.10", "3.11"]\n',
        'import nox\n\nPYTHONS = ["3.10", "3.11", "3.12"]\n',
    ),
    "nox.other": (
        "noxfile.py",
        'SUPPORTED = ("3.8", "3.9", "3.10", "3.11")\n',
        'SUPPORTED = ("3.10", "3.11", "3.12")\n',
    ),
    "nox.session": (
        "noxfile.py",
        'nox.options.sessions = ["lint", "unit-3.9"]\n',
        'nox.options.sessions = ["lint", "unit-3.10"]\n',
    ),
    "nox.named": (
        "noxfile.py",
        'session.run("bash", "-c", "python3.9 -m a")\n',
        'session.run("bash", "-c", "python3.10 -m a")\n',
    ),
    "hatch.matrix": (
        "pyproject.toml",
        '[[tool.hatch.envs.test.matrix]]\npython = ["3.8", "3.9", "3.10", "3.11"]\n',
        '[[tool.hatch.envs.test.matrix]]\npython = ["3.10", "3.11", "3.12"]\n',
    ),
    "hatch.python": (
        "hatch.toml",
        '[envs.docs]\npython = "3.9"\n',
        '[envs.docs]\npython = "3.10"\n',
    ),
    "cibuildwheel.build": (
        "pyproject.toml",
        '[tool.cibuildwheel]\nbuild = "cp38-* cp39-* cp310-* cp311-*"\n',
        '[tool.cibuildwheel]\nbuild = "cp310-* cp311-* cp312-*"\n',
    ),
    "cibuildwheel.floor": (
        "pyproject.toml",
        '[tool.cibuildwheel]\nproject-requires-python = ">=3.8"\n',
        '[tool.cibuildwheel]\nproject-requires-python = ">=3.10"\n',
    ),
    "cibuildwheel.other": (
        "pyproject.toml",
        '[tool.cibuildwheel]\nbefore-all = "python3.9 -m build"\n',
        '[tool.cibuildwheel]\nbefore-all = "python3.10 -m build"\n',
    ),
    "asv.pythons": (
        "asv.conf.json",
        '{"pythons": ["3.8", "3.11"] /* both ends */}\n',
        '{"pythons": ["3.10", "3.11", "3.12"] /* both ends */}\n',
    ),
    "asv.matrix": (
        "asv.conf.json",
        '{"include": [{"python": "3.9", "req": {"numpy": "1.3"}}]}\n',
        '{"include": [{"python": "3.10", "req": {"numpy": "1.3"}}]}\n',
    ),
}

STAYS = {
    "tox.envlist": ("tox.ini", "[tox]\nenvlist = py3, pypy38, django38\n"),
    "tox.gh-actions": ("tox.ini", "[gh-actions]\npython =\n    pypy-3.9: pypy3\n"),
    "tox.basepython": ("tox.ini", "[testenv:docs]\nbasepython = python3.11\n"),
    "tox.conditional": ("tox.ini", "[testenv]\ndeps =\n    django==3.8.1\n    pytest\n"),
    "tox.section": ("tox.ini", "[testenv:py38]\ndeps = a\n\n[testenv:pypy39]\ndeps = a\n"),
    "tox.embedded-envlist": ("pyproject.toml", LEGACY.format("py3, lint")),
    "tox.embedded-gh-actions": (
        "pyproject.toml",
        '[tool.tox]\nlegacy_tox_ini = """\n[gh]\npython =\n    pypy-3.9: pypy3\n"""\n',
    ),
    "tox.embedded-basepython": (
        "pyproject.toml",
        '[tool.tox]\nlegacy_tox_ini = """\n[testenv:x]\nbasepython = python3.11\n"""\n',
    ),
    "tox.embedded-conditional": (
        "pyproject.toml",
        '[tool.tox]\nlegacy_tox_ini = """\n[testenv]\ndeps = sphinx<3.9\n"""\n',
    ),
    "tox.toml-envlist": ("tox.toml", 'env_list = ["py3", "pypy38", "lint"]\n'),
    "tox.toml-gh": ("tox.toml", '[gh.python]\n"pypy-3.9" = ["pypy3"]\n"pypy-3.8" = ["pypy3"]\n'),
    "tox.toml-factors": ("tox.toml", 'env_list = [{ product = [["pypy39"], ["django38"]] }]\n'),
    "tox.toml-python": ("tox.toml", '[env.x]\nbase_python = ["pypy3.9"]\n'),
    "nox.python": ("noxfile.py", 'BLACK_VERSION = "black==3.8"\nPYTHONS = ["pypy3.9", "3.13t"]\n'),
    "nox.other": ("noxfile.py", 'session.install("django==3.8")\n'),
    "nox.session": ("noxfile.py", 'session.log("3.8 is not tested any more")\n'),
    "nox.named": ("noxfile.py", 'session.install("-r", "requirements-py38.txt")\nsession.run("pypy3.9")\n'),
    "hatch.matrix": ("hatch.toml", '[[envs.test.matrix]]\ndjango = ["4.1"]\npython = ["pypy3.9"]\n'),
    "hatch.python": ("hatch.toml", '[envs.docs]\npython = "3.11"\n'),
    "cibuildwheel.build": ("pyproject.toml", '[tool.cibuildwheel]\nbuild = "pp39-*"\n'),
    "cibuildwheel.skip": ("pyproject.toml", '[tool.cibuildwheel]\nskip = ["cp38-*", "pp*"]\ntest-skip = "cp39-*"\n'),
    "cibuildwheel.floor": ("pyproject.toml", '[tool.cibuildwheel]\nproject-requires-python = ">=3.11"\n'),
    "cibuildwheel.other": ("pyproject.toml", '[tool.cibuildwheel.linux]\nmanylinux-x86_64-image = "musllinux_1_3.8"\n'),
    "asv.pythons": ("asv.conf.json", '{"pythons": ["pypy3.9"], "asv_version": "3.8"}\n'),
    "asv.matrix": ("asv.conf.json", '{"matrix": {"req": {"numpy": ["3.8"]}}}\n'),
}


test_what_is_declared_moves = moving(MOVES)
test_what_is_not_meant_stays = staying(STAYS)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("py38, py39, py310, py311", "py310, py311, py312"),
        ("py{38,39,310,311}", "py{310,311,312}"),
        ("py{38,39,310,311}-django{32,42}", "py{310,311,312}-django{32,42}"),
        ("py3{8,9,10,11}", "py3{10,11,12}"),
        ("{py38,py39,py310,py311}-{a,b}", "{py310,py311,py312}-{a,b}"),
        ("py3.8, py3.9, py3.10, py3.11", "py3.10, py3.11, py3.12"),
        ("py{311,310,39,38}", "py{312,311,310}"),
        ("lint, py38, py311, docs", "lint, py310, py311, py312, docs"),
        (
            "\n    lint\n    py38\n    py39\n    py310\n    py311\n    docs",
            "\n    lint\n    py310\n    py311\n    py312\n    docs",
        ),
        ("pypy39, py38, py39, py310, py311", "pypy39, py310, py311, py312"),
    ],
)
def test_environments_of_tox_keep_their_form(before, after):
    check_rewrite("tox.ini", f"[tox]\nenvlist = {before}\n", f"[tox]\nenvlist = {after}\n")


def test_a_line_for_several_names_of_one_version_goes_as_one():
    check_rewrite(
        "tox.ini",
        "[testenv]\nbasepython =\n    {py39,py39-dist}: python3.9\n    {py310,py310-dist}: python3.10\n",
        "[testenv]\nbasepython =\n    {py310,py310-dist}: python3.10\n",
    )
