"""Edits that went wrong are shown to be refused, each by what it would do to somebody's file."""

import pytest
from rewriting import minor, policy
from stepping import WORKFLOW, decided, in_matrix

from bootstrap.decide import Add, Decision, Drop, Move
from bootstrap.policy import Transition
from bootstrap.rewrite import RefusedEditError, documents, lines, preview, rewrite
from bootstrap.rewrite.edits import Edit, splice
from bootstrap.rewrite.members import arranged
from bootstrap.rewrite.proof import prove
from bootstrap.sites.catalogue import CATALOGUE
from bootstrap.sites.locate import locate
from bootstrap.sites.model import Site, Source
from bootstrap.sites.phrase import Group, Item, Kind
from bootstrap.sites.spelling import tokens
from bootstrap.syntax.tree import Scalar
from bootstrap.syntax.yaml import load

CHANGE = Transition(policy("3.8 3.9"), policy("3.9 3.10"))
JOB = """\
# tests 1
on: push
env:
  LIMIT: 38
  OTHER: "3.8"  # kept
jobs:
  test:
    strategy:
      matrix:
        python: ["3.8", "3.9"]  # all
        os: [ubuntu, macos]
    steps:
      - run: make -j 4
        # last
        name: Test
"""


def refused(path, before, words, broken):
    """Assert that `broken` is refused as the outcome of the steps."""
    assert broken != before
    with pytest.raises(RefusedEditError):
        prove(before.encode(), broken.encode(), [decided(path, before, words)])


def accepted(path, before, words, after):
    prove(before.encode(), after.encode(), [decided(path, before, words)])


GOOD = JOB.replace('["3.8", "3.9"]', '["3.9", "3.10"]')
STEPS = "-3.8 3.9+3.10"


def test_the_outcome_that_was_decided_is_accepted():
    accepted(WORKFLOW, JOB, STEPS, GOOD)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('["3.9", "3.10"]', '["3.10"]'),  # a neighbour is gone
        ('["3.9", "3.10"]', '["3.9", "3.10", "3.11"]'),  # one too many
        ('["3.9", "3.10"]', '["3.9", "3.11"]'),  # another version
        ('["3.9", "3.10"]', '["3.10", "3.9"]'),  # another order
        ('["3.9", "3.10"]', '["3.9", 3.10]'),  # the number 3.1
        ('["3.9", "3.10"]', '"3.9, 3.10"'),  # no list any more
        ('["3.9", "3.10"]', '["3.9", "3.10"'),  # no YAML any more
        ("        os: [ubuntu, macos]", "       os: [ubuntu, macos]"),  # broken indentation
        ("    steps:", "     steps:"),
        ("    steps:", "  steps:"),
        ("[ubuntu, macos]", "[ubuntu]"),
        ("[ubuntu, macos]", "[macos, ubuntu]"),
        ("python:", "pythons:"),  # another key
        ("name: Test", "name: Tests"),
        ("LIMIT: 38", "LIMIT: 39"),  # another value, which a version might be
        ("LIMIT: 38", 'LIMIT: "38"'),
        ("LIMIT: 38", "limit: 38"),
        ('OTHER: "3.8"', 'OTHER: "3.9"'),
        ("make -j 4", "make -j 5"),
        ("make -j 4", "make -j 4  # all"),
        ("# all", "all"),  # a comment becomes something else
        ("  # all", ""),
        ("  # kept", "  # kept 2"),
        ("# tests 1", "# tests 2"),
        ("        # last\n", ""),
        ("        # last\n        name: Test\n", "        name: Test\n        # last\n"),
        ("      - run: make -j 4\n", "      - run: make -j 4\r\n"),
        ("on: push\n", ""),
        ("# tests 1\n", "\N{ZERO WIDTH NO-BREAK SPACE}# tests 1\n"),
    ],
)
def test_what_was_not_decided_is_refused_in_yaml(old, new):
    assert GOOD.count(old) == 1
    refused(WORKFLOW, JOB, STEPS, GOOD.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("3.10", "3.11"),
        ("make -j 4", "make -j 5"),
        ('["3.10", "3.9"]', '["3.10", 3.9]'),
        ("# all", "# all 3.10"),
        ("  # all", " # all"),
        ("LIMIT: 38", "LIMIT: 310"),
        ("on: push\n", "on: push\n\n"),
    ],
)
def test_a_version_that_moves_leaves_every_other_byte_alone(old, new):
    good = JOB.replace('["3.8"', '["3.10"')
    accepted(WORKFLOW, JOB, "3.8>3.10", good)
    refused(WORKFLOW, JOB, "3.8>3.10", good.replace(old, new))


PYPROJECT = """\
[project]
name = "a8"
requires-python = ">=3.8"
classifiers = [
    "Programming Language :: Python :: 3.8",
    "Programming Language :: Python :: 3.9",  # yes
]
limit = 3.8
when = 2024-01-01
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('name = "a8"', 'name = "a9"'),
        ("limit = 3.8", "limit = 3.9"),
        ("limit = 3.8", 'limit = "3.8"'),
        ("2024-01-01", "2024-01-02"),
        (">=3.8", ">=3.9"),
        ("  # yes", ""),
        ("[project]", "[projects]"),
        (":: Python :: 3.10", ":: Pythons :: 3.10"),
    ],
)
def test_what_was_not_decided_is_refused_in_toml(old, new):
    good = PYPROJECT.replace('Python :: 3.8",', 'Python :: 3.10",')
    accepted("pyproject.toml", PYPROJECT, "3.8>3.10", good)
    refused("pyproject.toml", PYPROJECT, "3.8>3.10", good.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("lint", "lints"),
        ("passenv = 38", "passenv = 39"),
        ("py39,py310", "py39"),
        ("django{32", "django{42"),
        ("; c", ""),
    ],
)
def test_what_was_not_decided_is_refused_in_an_ini_file(old, new):
    before = "[tox]\nenvlist = py38,py39,lint-django{32}\n; c\n[testenv]\npassenv = 38\n"
    good = before.replace("py38,py39", "py39,py310")
    accepted("tox.ini", before, STEPS, good)
    refused("tox.ini", before, STEPS, good.replace(old, new))


NOX = """\
import nox

LIMIT = 8


@nox.session(python=("3.8", "3.9"))
def test(session):
    session.run("pytest", "-n", "8", *session.posargs)  # all
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('("3.9",)', '("3.9")'),  # a text, and no tuple any more
        ("LIMIT = 8", "LIMIT = 7"),
        ("LIMIT = 8", "LIMITS = 8"),
        ('"-n", "8"', '"8", "-n"'),
        ("*session.posargs", "session.posargs"),
        ("  # all", ""),
        ("    session.run", "  session.run("),
        ("import nox\n", "import nox, os\n"),
    ],
)
def test_what_was_not_decided_is_refused_in_a_program(old, new):
    good = NOX.replace('"3.8", "3.9"', '"3.9",')
    accepted("noxfile.py", NOX, "-3.8", good)
    refused("noxfile.py", NOX, "-3.8", good.replace(old, new))


def test_a_program_with_as_many_tokens_differs_in_those_that_move_alone():
    good = NOX.replace('"3.8"', '"3.10"')
    accepted("noxfile.py", NOX, "3.8>3.10", good)
    refused("noxfile.py", NOX, "3.8>3.10", good.replace("LIMIT = 8", "LIMIT = 10"))


def test_a_patch_level_may_go_from_a_tuple():
    before = "import sys\nif sys.version_info < (3, 8, 1):\n    raise SystemExit((3, 6))\n"
    (site,) = (one for one in locate("setup.py", before.encode()) if one.declaration.id == "setup-py.guard")
    decision = Decision((Move(site.group.tokens[0], minor("3.9"), is_floor=True),))
    assert rewrite(before.encode(), [(site, decision)], CHANGE).decode() == before.replace("(3, 8, 1)", "(3, 9)")
    with pytest.raises(RefusedEditError):
        prove(before.encode(), before.replace("3, 8, 1", "3, 9").replace("3, 6", "3, 7").encode(), [(site, decision)])


def moved(path, text, old, new, index=0):
    """Return the site that names `old`, and the decision to write `new` there."""
    sites = [one for one in locate(path, text.encode()) if one.group.tokens[0].minor == minor(old)]
    return sites[index], Decision((Move(sites[index].group.tokens[0], minor(new)),))


@pytest.mark.parametrize(
    ("old", "new"),
    [("RUN make 38", "RUN make 39"), ("WORKDIR /a\n", ""), ("WORKDIR", "USER"), ("3.9-slim", "3.9"), ("AS b", "AS c")],
)
def test_what_was_not_decided_is_refused_in_a_dockerfile(old, new):
    before = "FROM python:3.8-slim AS b\nWORKDIR /a\nRUN make 38\n"
    good = before.replace("3.8", "3.9")
    one = moved("Dockerfile", before, "3.8", "3.9")
    prove(before.encode(), good.encode(), [one])
    with pytest.raises(RefusedEditError):
        prove(before.encode(), good.replace(old, new).encode(), [one])


def test_an_alias_says_what_its_anchor_says():
    before = in_matrix('python: [&a "3.8", "3.9"]\nother: [*a, x]\nmore: *a')
    accepted(WORKFLOW, before, "3.8>3.10", before.replace('"3.8"', '"3.10"'))
    whole = in_matrix('python: &a ["3.8", "3.9"]\nother: *a')
    accepted(WORKFLOW, whole, "-3.8", whole.replace('"3.8", ', ""))
    refused(WORKFLOW, before, "-3.8", before.replace('&a "3.8", ', ""))  # what it stands for is gone
    refused(WORKFLOW, before, "-3.8", before.replace('"3.8", ', ""))  # it stands for another one


def test_a_number_that_lost_its_zero_long_ago_can_be_mended():
    before = in_matrix("python: [3.9, 3.10]")
    accepted(WORKFLOW, before, "3.10>3.11", in_matrix("python: [3.9, 3.11]"))
    refused(WORKFLOW, before, "3.9>3.10", in_matrix("python: [3.10, 3.10]"))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("noxfile.py", "import nox\n\n\n@nox.session(python=3.9)\ndef a(s): ...\n"),
        ("pyrightconfig.json", '{"pythonVersion": 3.9}\n'),
        ("pyproject.toml", "[tool.mypy]\npython_version = 3.9\n"),
    ],
)
def test_a_number_where_text_would_mean_something_else_is_refused(path, text):
    one = moved(path, text, "3.9", "3.10")
    with pytest.raises(RefusedEditError, match=r"3\.10 would be the number 3\.1"):
        rewrite(text.encode(), [one], CHANGE)
    assert preview(*one, CHANGE) == "3.9"


def test_two_edits_of_one_place_are_refused():
    with pytest.raises(RefusedEditError, match="two edits meet"):
        splice("3.8 3.9", [Edit(0, 3, "a"), Edit(2, 4, "b")])
    assert splice("3.8 3.9", [Edit(4, 7, "b"), Edit(0, 3, "a"), Edit(3, 3, "-")]) == "a- b"


def test_a_comment_that_names_a_version_goes_with_its_line():
    before = in_matrix('python:\n  - "3.8"  # Python 3.8 is the oldest\n  - "3.9"')
    comment, moves = moved(WORKFLOW, before, "3.8", "3.9", 1)
    assert comment.declaration.id == "github.comment"
    dropped = decided(WORKFLOW, before, "-3.8")
    wanted = in_matrix('python:\n  - "3.9"').encode()
    assert rewrite(before.encode(), [dropped, (comment, moves)], CHANGE) == wanted
    assert rewrite(before.encode(), [dropped], CHANGE) == wanted


def test_nothing_to_do_changes_nothing():
    site, _ = decided(WORKFLOW, JOB, STEPS)
    assert rewrite(JOB.encode(), [(site, Decision(reason="it stays"))], CHANGE) == JOB.encode()
    assert rewrite(JOB.encode(), [], CHANGE) == JOB.encode()


def test_a_preview_shows_what_will_stand_there():
    assert preview(*decided(WORKFLOW, JOB, STEPS), CHANGE) == '"3.9", "3.10"'
    block = in_matrix('python:\n  - "3.8"\n  - "3.9"')
    assert preview(*decided(WORKFLOW, block, "-3.8"), CHANGE) == '          - "3.9"'
    prose = "É Python 3.8 and 3.9 É\n"
    assert preview(*decided("README.md", prose, "3.9+3.10"), CHANGE) == "3.8, 3.9 and 3.10"


def test_a_file_that_is_a_single_line_gets_a_line_end_where_it_needs_one():
    before = "3.8"
    site, _ = moved(".python-version", before, "3.8", "3.9")
    assert rewrite(b"3.8", [moved(".python-version", before, "3.8", "3.9")], CHANGE) == b"3.9"
    assert site.layout == "text"


AZURE = """\
strategy:
  matrix:
    Python38:
      python.version: '3.8'
      os: a
    Python39:
      python.version: '3.9'
      os: a
"""


def test_keys_with_their_values_can_be_members():
    text = AZURE
    ends = [(text.index("Python38"), text.index("\n    Python39")), (text.index("Python39"), len(text) - 1)]
    items = tuple(Item(start, end, tuple(tokens(text, start, end))) for start, end in ends)
    every = tuple(token for item in items for token in item.tokens)
    row = next(row for row in CATALOGUE if row.id == "ci.matrix")
    group = Group(Kind.LIST, items[0].start, items[-1].end, every, items)
    source = Source("azure-pipelines.yml", text, "yaml")
    site = Site(row, source, group, "members", None, ("strategy", "matrix"))
    decision = Decision((Drop(items[0]), Add(items[1], minor("3.10"))))
    wanted = text.replace("39", "310").replace("38", "39").replace("3.9", "3.10").replace("3.8", "3.9")
    good = splice(text, lines.edits(site, arranged(items, decision.steps), CHANGE))
    assert good == wanted
    assert documents.are_alike(load(text.encode()), load(wanted.encode()), [(site, decision)])
    for broken in (
        wanted.replace("Python39", "Python38"),
        wanted.replace("os: a\n    P", "os: b\n    P"),
        wanted.partition("    Python310")[0],
        wanted + "    Python311:\n      python.version: '3.11'\n      os: a\n",
    ):
        assert not documents.are_alike(load(text.encode()), load(broken.encode()), [(site, decision)])


@pytest.mark.parametrize(("old", "new"), [("4 cores", "5 cores"), ("cores", "core"), ("3.9 and 3.10", "3.9 and 3.11")])
def test_what_was_not_decided_is_refused_in_prose(old, new):
    before = "Python 3.8, 3.9 and 3.10 on 4 cores.\n"
    good = before.replace("3.8, ", "")
    accepted("README.md", before, "-3.8", good)
    refused("README.md", before, "-3.8", good.replace(old, new))


def test_a_key_that_names_a_version_may_be_renamed_and_no_other():
    text = "jobs:\n  py39-lint: {n: 1}\n  other39: {n: 2}\n"
    start = text.index("py39-lint")
    key = Scalar(start, start + 9, start, start + 9, "py39-lint")
    (token,) = tokens(text, start, start + 9)
    row = next(row for row in CATALOGUE if row.id == "ci.matrix")
    group = Group(Kind.SINGLE, token.start, token.tail, (token,))
    site = Site(row, Source(".gitlab-ci.yml", text, "yaml"), group, "text", key, ("jobs",))
    renamed = [(site, Decision((Move(token, minor("3.10")),)))]
    old = load(text.encode())
    assert documents.are_alike(old, load(text.replace("py39", "py310").encode()), renamed)
    for broken in (
        text.replace("39", "310"),
        text.replace("py39-lint", "py310-test"),
        text.replace("py39", "py310").replace("n: 1", "n: 39"),
        text.replace("  other39: {n: 2}\n", ""),
    ):
        assert not documents.are_alike(old, load(broken.encode()), renamed)


def test_several_lists_in_one_value_are_looked_at_together():
    before = "[tox]\nenvlist = py{38,39}-a,lint{38,39}\n"
    sites = [one for one in locate("tox.ini", before.encode()) if one.group.kind is Kind.LIST and one.group.tokens]
    pairs = [(one, Decision((Drop(one.group.items[0]),))) for one in sites]
    after = rewrite(before.encode(), pairs, CHANGE).decode()
    assert after == before.replace("py{38,39}", "py{39}")


def test_digits_in_brackets_are_versions_each():
    before = '[tool.cibuildwheel]\nbuild = "cp3[89]* cp310*"\n'
    pairs = []
    for site in locate("pyproject.toml", before.encode()):
        inner = site.value == "89"
        step = Drop(site.group.items[0]) if inner else Add(site.group.items[-1], minor("3.11"))
        pairs.append((site, Decision((step,))))
    after = rewrite(before.encode(), pairs, CHANGE).decode()
    assert after == before.replace("cp3[89]* cp310*", "cp3[9]* cp310* cp311*")


def test_versions_in_an_entry_that_is_copied_may_be_sites_too():
    before = in_matrix("include:\n  - python: '3.8'\n    name: Test 3.8\n  - python: '3.9'\n    name: Test 3.9")
    one = decided(WORKFLOW, before, "3.9+3.10 -3.8")
    after = rewrite(before.encode(), [one], CHANGE).decode()
    assert after == before.replace("3.9", "3.10").replace("3.8", "3.9")
    refused(WORKFLOW, before, "3.9+3.10 -3.8", after.replace("name: Test 3.9", "name: Test 3.10"))
    site, _ = one
    name = site._replace(layout="text", path=(*site.path, 1, "name"))
    moves = Decision((Move(site.group.items[1].tokens[1], minor("3.11")),))
    old, new = load(before.encode()), load(after.replace("name: Test 3.9", "name: Test 3.11").encode())
    assert documents.are_alike(old, new, [one, (name, moves)])
    assert not documents.are_alike(old, new, [one])


def test_a_list_that_no_place_of_the_document_agrees_with_is_refused():
    before = in_matrix("python: ['3.8', '3.9']")
    site, decision = decided(WORKFLOW, before, "-3.8")
    shorter = site._replace(group=site.group._replace(items=site.group.items[:1]))
    with pytest.raises(RefusedEditError):
        prove(before.encode(), before.replace("'3.8', ", "").encode(), [(shorter, decision)])


def test_what_reads_differently_than_it_was_meant_is_refused():
    before = in_matrix("python: ['3.8', '3.9']  # Python 3.9 is the newest")
    site, decision = decided(WORKFLOW, before, "3.8>3.7")
    broken = before.replace("'3.8'", "'3.7.x'").replace("'3.7.x'", "'3.8'").replace("Python 3.9", "Python 3.8")
    with pytest.raises(RefusedEditError):
        prove(before.encode(), broken.encode(), [(site, decision)])
    prose = "Supports Python 3.8 and 3.9.\n"
    one = decided("README.md", prose, "3.9+3.10")
    with pytest.raises(RefusedEditError, match="would not read as what was meant"):
        prove(prose.encode(), b"Supports Python 3.8, 3.8 and 3.10.\n", [one])
