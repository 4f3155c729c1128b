from pathlib import Path

import pytest
from adopting import WISHES, adopted, check, remarks, tree, written
from hypothesis import given, settings
from hypothesis import strategies as st

from bootstrap.adopt.documents import documents
from bootstrap.adopt.outline import outlined

MONOREPO = Path(__file__).parent.parent / "monorepo" / "repository"
PYTEST = {"pytest.ini": "[pytest]\n", "requirements.txt": "flask\npytest\n"}
CI = {".github/workflows/ci.yml": "on: [push]\njobs:\n  test:\n    steps:\n    - run: pytest\n"}
DOCUMENT = "CONTRIBUTING.md"

SECTION = """\
Clone the repository, and run two commands in it. The first finds or installs
the right Python, and builds `.venv` with all that the project needs; the
second runs the tests:

```sh
python bootstrap.py
python bootstrap.py run pytest
```
"""
LEAD_IN = """\
In a clone of the repository, the first of these commands finds or installs the
right Python, and builds `.venv` with all that the project needs; the second
runs the tests:

```sh
python bootstrap.py
python bootstrap.py run pytest
```
"""


def readme(head):
    return "# shop\n\n" + head + "\nSells things.\n"


def test_nothing_is_done_for_who_wants_no_documents():
    assert list(documents(tree({"README.md": "# shop\n"}), WISHES._replace(has_documents=False))) == []


# ---- CONTRIBUTING ---------------------------------------------------------------------------------------------------


def test_the_monorepo_tells_how_to_set_it_up_and_its_readme_stays():
    files = {path.relative_to(MONOREPO).as_posix(): path.read_bytes() for path in MONOREPO.rglob("*") if path.is_file()}
    drafts, left = written(documents, files)
    assert left == []
    assert set(drafts) == {DOCUMENT}
    assert drafts[DOCUMENT].decode() == (MONOREPO / DOCUMENT).read_text() + (
        "\n## Set up\n\n"
        "Clone the repository, and run two commands in it. The first finds or installs the right Python, and builds"
        " `.venv`\n"
        "with all that the project needs; the second runs the tests:\n\n"
        "```bash\npython bootstrap.py\npython bootstrap.py run python -m pytest backend shared\n```\n"
    )


def test_a_repository_that_tells_nothing_gets_a_document():
    drafts, left = written(documents, {"README.md": "# shop\n", **PYTEST})
    assert left == []
    assert drafts == {DOCUMENT: ("# Contributing\n\n## Set up\n\n" + WRAPPED_79).encode()}


WRAPPED_79 = """\
Clone the repository, and run two commands in it. The first finds or installs
the right Python, and builds `.venv` with all that the project needs; the
second runs the tests:

```sh
python bootstrap.py
python bootstrap.py run pytest
```
"""


@pytest.mark.parametrize("path", ["README.md", "README.rst", "CONTRIBUTING.md", "docs/CONTRIBUTING.rst"])
def test_where_it_is_told_already_nothing_is_added(path):
    files = {"CONTRIBUTING.rst": "Contributing\n============\n", path: "Run `python bootstrap.py`.\n"}
    assert written(documents, files) == ({}, [])


def test_the_section_comes_before_the_tests_and_after_the_introduction():
    check(
        documents,
        DOCUMENT,
        "# Contributing\n\nThank you.\n\n## Ideas\n\nWelcome.\n\n### Tell us\n\n## Pull requests\n\nBe brief.\n",
        "# Contributing\n\nThank you.\n\n## Ideas\n\nWelcome.\n\n### Tell us\n\n"
        f"## Set up\n\n{SECTION}\n## Pull requests\n\nBe brief.\n",
        PYTEST,
    )


def test_a_section_whose_parts_are_about_tests_counts_as_a_whole():
    before = "# Contributing\n\n## Commands\n\n### Lint\n\n### Run the tests\n"
    after = f"# Contributing\n\n## Set up\n\n{SECTION}\n## Commands\n\n### Lint\n\n### Run the tests\n"
    check(documents, DOCUMENT, before, after, PYTEST)


def test_what_belongs_to_the_next_heading_stays_with_it():
    before = '# Contributing\n\nHi.\n\n<a name="tests"></a>\n\n## Testing\n\nDo.\n'
    after = f'# Contributing\n\nHi.\n\n## Set up\n\n{SECTION}\n<a name="tests"></a>\n\n## Testing\n\nDo.\n'
    check(documents, DOCUMENT, before, after, PYTEST)


def test_at_the_end_the_addresses_of_links_stay_last():
    before = "# Contributing\n\nSee [x].\n\n## Ideas\n\nAll.\n\n[x]: https://example.org\n"
    after = f"# Contributing\n\nSee [x].\n\n## Ideas\n\nAll.\n\n## Set up\n\n{SECTION}\n[x]: https://example.org\n"
    check(documents, DOCUMENT, before, after, PYTEST)


def test_the_heading_is_written_as_the_others_are():
    setext = "Contributing\n============\n\nTesting It Well\n---------------\n\nDo.\n"
    assert "\n\nSet Up\n------\n\n" in adopted(documents, DOCUMENT, setext, PYTEST)
    closed = "# Contributing #\n\n## Testing ##\n\nDo.\n"
    assert "\n\n## Set up ##\n\n" in adopted(documents, DOCUMENT, closed, PYTEST)
    alone = "## Testing\n\nDo.\n\n## More\n"
    assert adopted(documents, DOCUMENT, alone, PYTEST).endswith(f"## More\n\n## Set up\n\n{SECTION}")


def test_the_commands_are_shown_as_others_are():
    before = "# Contributing\n\n~~~console\n$ git clone x\n~~~\n"
    assert "\n~~~console\n$ python bootstrap.py\n$ python bootstrap.py run pytest\n~~~\n" in adopted(
        documents, DOCUMENT, before, PYTEST
    )
    files = {**PYTEST, "README.md": "# shop\n\n```bash\nmake\n```\n"}
    assert "```bash\npython bootstrap.py\n" in adopted(documents, DOCUMENT, "# Contributing\n", files)


def test_code_and_comments_have_no_headings():
    before = "# Contributing\n\n```sh\n# Testing\n```\n\n<!--\n## Testing\n-->\n"
    assert adopted(documents, DOCUMENT, before, PYTEST) == before + f"\n## Set up\n\n{SECTION}"


def test_the_table_of_contents_lists_the_section():
    before = (
        "# Contributing\n\n- [Ideas](#ideas)\n- [The tests](#the-tests)\n\n## Ideas\n\nAll.\n\n## The tests\n\nDo.\n"
    )
    after = adopted(documents, DOCUMENT, before, PYTEST)
    assert "- [Ideas](#ideas)\n- [Set up](#set-up)\n- [The tests](#the-tests)\n" in after
    before = "# Contributing\n\n* [Ideas](#ideas)\n\n## Ideas\n\nAll.\n"
    assert "* [Ideas](#ideas)\n* [Set up](#set-up)\n\n" in adopted(documents, DOCUMENT, before, PYTEST)


@pytest.mark.parametrize(
    "title",
    [
        "Set up",
        "Setup",
        "Setting up your development environment",
        "Setting Up the Code for Local Development",
        "Development setup",
        "The Development Environment",
        "Local Development Environment",
        "Installing for Development",
        "2. Setting up :wrench:",
        "Installation and setup",
    ],
)
def test_a_section_about_set_up_gets_the_commands_first(title):
    before = f"# Contributing\n\n## Tests\n\n## {title}\n\n1. Fork it.\n\n## More\n"
    after = f"# Contributing\n\n## Tests\n\n## {title}\n\n{LEAD_IN}\n1. Fork it.\n\n## More\n"
    check(documents, DOCUMENT, before, after, PYTEST)


@pytest.mark.parametrize("title", ["Getting started", "Installation", "Local development", "Development"])
def test_a_section_that_may_be_about_set_up_has_to_install_something(title):
    telling = f"# Contributing\n\n## {title}\n\nRun `pip install -e .` in it.\n"
    assert LEAD_IN in adopted(documents, DOCUMENT, telling, PYTEST)
    other = f"# Contributing\n\n## {title}\n\nFind an issue.\n"
    assert f"## Set up\n\n{SECTION}" in adopted(documents, DOCUMENT, other, PYTEST)


def test_a_heading_without_a_gap_keeps_none():
    before = "# Contributing\n## Setup\nFork it.\n"
    check(documents, DOCUMENT, before, f"# Contributing\n## Setup\n{LEAD_IN}\nFork it.\n", PYTEST)


def test_commands_that_follow_are_for_who_wants_them():
    before = "# Contributing\n\n## Setup\n\n```sh\nuv sync\n```\n"
    after = f"# Contributing\n\n## Setup\n\n{LEAD_IN}\nOr by hand:\n\n```sh\nuv sync\n```\n"
    check(documents, DOCUMENT, before, after, PYTEST)


def test_restructured_text_has_its_own_headings_and_blocks():
    check(
        documents,
        "CONTRIBUTING.rst",
        """\
============
Contributing
============

Hello.

Ideas
=====

Try them::

  $ git clone x

.. _tests:

Tests
=====

Do.
""",
        """\
============
Contributing
============

Hello.

Ideas
=====

Try them::

  $ git clone x

Set up
======

Clone the repository, and run two commands in it. The first finds or installs
the right Python, and builds ``.venv`` with all that the project needs; the
second runs the tests::

  $ python bootstrap.py
  $ python bootstrap.py run pytest

.. _tests:

Tests
=====

Do.
""",
        PYTEST,
    )


def test_restructured_text_keeps_lines_over_titles_and_directives_for_code():
    check(
        documents,
        "docs/contributing.rst",
        """\
**************
 Contributing
**************

########
 Set-up
########

.. code-block:: bash

    pip install -e .
""",
        """\
**************
 Contributing
**************

########
 Set-up
########

In a clone of the repository, the first of these commands finds or installs the
right Python, and builds ``.venv`` with all that the project needs; the second
runs the tests:

.. code-block:: bash

    python bootstrap.py
    python bootstrap.py run pytest

Or by hand:

.. code-block:: bash

    pip install -e .
""",
        PYTEST,
    )


def test_a_new_section_is_overlined_where_sections_are():
    before = "############\nContributing\n############\n\n*****\nTests\n*****\n\nDo.\n"
    assert "\n\n******\nSet up\n******\n\n" in adopted(documents, "CONTRIBUTING.rst", before, PYTEST)
    assert "\n\nSet up\n------\n\n" in adopted(documents, "CONTRIBUTING.rst", "See there.\n", PYTEST)


def test_one_document_of_several_is_told():
    full = "# Contributing\n\n## Ideas\n\n## Setup\n\nDo.\n"
    files = {**PYTEST, "docs/contributing.md": full, DOCUMENT: "See the documentation.\n"}
    assert set(written(documents, files)[0]) == {"docs/contributing.md"}
    files = {**PYTEST, "docs/contributing.rst": ".. include:: ../CONTRIBUTING.rst\n", "CONTRIBUTING.rst": "Hello.\n"}
    assert set(written(documents, files)[0]) == {"CONTRIBUTING.rst"}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (DOCUMENT, "# Gr\xfc\xdfe\n".encode("latin-1")),
        (DOCUMENT, "# shop\n".encode("utf-16")),
        (DOCUMENT, "# shop\r\rHello.\r"),
        (DOCUMENT, "<!-- Generated by x. DO NOT EDIT! -->\n# Contributing\n"),
        ("CONTRIBUTING.adoc", "= Contributing\n"),
        ("CONTRIBUTING", "Hello.\n"),
    ],
)
def test_what_cannot_be_read_is_left_and_told(path, text):
    assert set(remarks(documents, {path: text})) == {path}


@pytest.mark.parametrize(
    ("files", "command"),
    [
        ({"manage.py": ""}, "python manage.py test"),
        ({"manage.py": "", "ui/conftest.py": ""}, "python manage.py test"),
        ({"manage.py": "", "pytest.ini": ""}, "pytest"),
        ({}, "python -m unittest"),
        ({"requirements/dev.txt": "ruff\npytest==8\n"}, "pytest"),
        ({"pyproject.toml": "[tool.pytest.ini_options]\n"}, "pytest"),
        ({"setup.cfg": "[tool:pytest]\n"}, "pytest"),
        ({"pyproject.toml": '[dependency-groups]\ndev = [\n  "pytest>=8",\n]\n'}, "pytest"),
        ({"Makefile": "test:\n\tpytest -x src tests\n", "src/a": "", "tests/b": "", **PYTEST}, "pytest src tests"),
        ({"Makefile": "test:\n\tpytest src\nall:\n\tpytest tests\n", "src/a": "", "tests/b": "", **PYTEST}, "pytest"),
        ({"Makefile": "test:\n\tpytest -n auto tests\n", "tests/b": "", **PYTEST}, "pytest"),
        ({"Makefile": "test:\n\tpytest 'tests\n", "tests/b": "", **PYTEST}, "pytest"),
    ],
)
def test_the_tests_run_as_the_repository_runs_them(files, command):
    assert f"\npython bootstrap.py run {command}\n" in adopted(documents, DOCUMENT, "# Contributing\n", files)


# ---- README ---------------------------------------------------------------------------------------------------------

SHIELD = "[![License](https://img.shields.io/badge/license-MIT-green.svg)](LICENSE)\n"
PYTHON = (
    "[![Python versions](https://img.shields.io/badge/python-3.11%20%7C%203.12%20%7C%203.13-blue.svg)]"
    "(https://www.python.org/)\n"
)
DONE = {DOCUMENT: "`python bootstrap.py`\n"}


@pytest.mark.parametrize(
    "text",
    [
        readme(""),
        readme("![a picture](https://example.org/badge.png)\n"),
        readme(SHIELD + "\nIt needs Python 3.11 or newer.\n"),
        readme(SHIELD + "\n- Python >= 3.11\n"),
        readme(SHIELD + "[![Python](https://img.shields.io/badge/python-3.11-blue)](https://www.python.org)\n"),
        readme(SHIELD + "![x](https://img.shields.io/pypi/pyversions/shop)\n"),
        readme("| a | b |\n| - | - |\n| x | " + SHIELD.rstrip() + " |\n"),
    ],
)
def test_no_badge_is_added_where_there_are_none_or_it_is_said(text):
    assert adopted(documents, "README.md", text, DONE) == text


def test_the_badge_comes_after_the_last_one():
    check(documents, "README.md", readme(SHIELD), readme(SHIELD + PYTHON), DONE)


def test_badges_on_a_line_stay_on_it():
    line = SHIELD.rstrip() + " " + SHIELD
    check(documents, "README.md", readme(line), readme(line.rstrip() + " " + PYTHON), DONE)


def test_commands_do_not_say_what_is_required():
    text = readme(SHIELD + "\n```sh\n# with Python 3\npython3 -m venv x\n```\n")
    assert PYTHON in adopted(documents, "README.md", text, DONE)


def test_a_distribution_has_a_badge_of_the_index():
    pypi = "[![PyPI](https://img.shields.io/pypi/v/shop?style=flat-square)](https://pypi.org/project/shop)\n"
    mine = "[![Python versions](https://img.shields.io/pypi/pyversions/shop?style=flat-square)](https://pypi.org/project/shop/)\n"
    check(documents, "README.md", readme(pypi), readme(pypi + mine), DONE)


def test_html_and_restructured_text_are_written_as_they_are():
    html = '<p>\n  <a href="x">\n    <img src="https://img.shields.io/badge/a-b" alt="a" />\n  </a>\n</p>\n'
    after = adopted(documents, "README.md", readme(html), DONE)
    badge = "https://img.shields.io/badge/python-3.11%20%7C%203.12%20%7C%203.13-blue"
    assert after.count("<img") == 2
    assert (
        f'  </a>\n  <a href="https://www.python.org/">\n    <img src="{badge}" alt="Python versions" />\n  </a>'
        in after
    )
    rst = "shop\n====\n\n.. image:: https://img.shields.io/badge/a-b\n    :target: x\n    :alt: a\n"
    mine = f".. image:: {badge}\n    :target: https://www.python.org/\n    :alt: Python versions\n"
    check(documents, "README.rst", rst, rst + mine, DONE)
    check(documents, "README.rst", rst + "\nHello.\n", rst + mine + "\nHello.\n", DONE)


def test_the_tests_have_a_badge_where_their_workflow_and_the_repository_are_known():
    text = readme(SHIELD + "\nPython 3.11 it is.\n")
    page = "https://github.com/ada/shop/actions/workflows/ci.yml"
    badge = f"[![CI]({page}/badge.svg)]({page})\n"
    project = {"pyproject.toml": '[project.urls]\nSource = "https://github.com/ada/shop.git"\n'}
    want = readme(SHIELD + badge + "\nPython 3.11 it is.\n")
    assert adopted(documents, "README.md", text, {**DONE, **CI, **project}) == want
    assert adopted(documents, "README.md", text, {**DONE, **CI}) == text
    assert adopted(documents, "README.md", text, {**DONE, **project}) == text
    two = {"pyproject.toml": '[project.urls]\na = "https://github.com/ada/shop"\nb = "https://github.com/ada/x"\n'}
    assert adopted(documents, "README.md", text, {**DONE, **CI, **two}) == text
    other = text.replace(SHIELD, SHIELD + "![build](https://travis-ci.org/ada/shop.svg)\n")
    assert adopted(documents, "README.md", other, {**DONE, **CI, **project}) == other
    known = text.replace(SHIELD, "[![x](https://img.shields.io/github/stars/ada/shop)](https://github.com/ada/shop)\n")
    assert badge in adopted(documents, "README.md", known, {**DONE, **CI})


def test_a_readme_that_cannot_be_read_is_told():
    assert set(remarks(documents, {**DONE, "README.md": b"# Gr\xfc\xdfe\n"})) == {"README.md"}


# ---- instructions ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["AGENTS.md", "CLAUDE.md", ".github/copilot-instructions.md"])
def test_programs_that_write_code_are_told_once(path):
    before = "# shop\n\n## Testing\n\nDo.\n"
    after = """\
# shop

## Set up

Two commands are all it takes. The first finds or installs the right Python,
and builds `.venv` with all that the project needs; the second runs the tests:

```sh
python bootstrap.py
python bootstrap.py run pytest
```

## Testing

Do.
"""
    check(documents, path, before, after, {**DONE, **PYTEST})


def test_a_file_that_shows_another_is_left():
    files = {**DONE, "AGENTS.md": "# shop\n", "CLAUDE.md": "@AGENTS.md\n\nBe kind.\n"}
    assert set(written(documents, files)[0]) == {"AGENTS.md"}
    assert written(documents, {**DONE, "CLAUDE.md": "@docs/shop.md\n"}) == ({}, [])


def test_a_copy_may_be_a_link_and_is_told():
    drafts, left = written(documents, {**DONE, "AGENTS.md": "# shop\n", "CLAUDE.md": "# shop\n"})
    assert set(drafts) == {"AGENTS.md"}
    assert [one.path for one in left] == ["CLAUDE.md"]


# ---- whatever the document ------------------------------------------------------------------------------------------

_LINES = st.lists(
    st.sampled_from(
        [
            "# A", "## Tests", "## Set up", "### B", "Title", "=====", "-----", "", "", "text \N{SNOWMAN}", "```sh",
            "```", "<!--", "-->", ".. code-block:: sh", "    make", "Try::", "[x]: y", ".. _x: y", "- [Tests](#tests)",
            "---", "## Getting started", "pip install x", "*****", "  $ git", "\x0c", "\x85",
        ]
    ),
    max_size=14,
)  # fmt: skip


@settings(deadline=None)
@given(_LINES, st.sampled_from(["\n", "\r\n"]), st.booleans(), st.sampled_from([".md", ".rst"]))
def test_lines_come_and_none_goes(lines, newline, has_end, ending):
    path = "CONTRIBUTING" + ending
    text = newline.join(lines) + (newline if has_end and lines else "")
    after = adopted(documents, path, text, PYTEST)
    newline = newline if newline in text else "\n"
    assert after.count("python bootstrap.py run pytest") == 1
    assert after.count("\n") == after.count(newline)
    assert not text or after.endswith(newline) == text.endswith(newline)
    rest = iter(after.split(newline))
    assert all(line in rest for line in text.split(newline) if line)


@settings(deadline=None)
@given(_LINES, st.booleans())
def test_the_outline_is_in_order_and_within_the_document(lines, is_rst):
    outline = outlined(tuple(lines), is_rst=is_rst)
    for heading in outline.headings:
        assert 0 <= heading.start < heading.end <= outline.end(heading) <= len(lines)
        assert outline.before(heading) <= heading.start
    starts = [heading.start for heading in outline.headings]
    assert starts == sorted(set(starts))
