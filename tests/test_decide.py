"""The rules as a table: what a place says, what it is, the policies before and after, and what it says then."""

import pytest
from rewriting import check_rewrite, modernized, policy

from bootstrap.decide import decide
from bootstrap.policy import Transition
from bootstrap.sites.locate import locate

WORKFLOW = "jobs:\n  {job}:\n    strategy:\n      matrix:\n        python-version: {value}\n"


def job(value, name="test"):
    return WORKFLOW.format(job=name, value=value)


def reasons(path, text, old, new, default=None):
    change = Transition(policy(old), policy(new, default), has_default=default is not None)
    return [decide(site, change).reason for site in locate(path, text.encode())]


@pytest.mark.parametrize(
    ("value", "old", "new", "wanted"),
    [
        # a list gets shorter at one end and longer at the other
        ("3.8 3.9 3.10", "3.8 3.9 3.10", "3.9 3.10 3.11", "3.9 3.10 3.11"),
        ("3.8 3.9 3.10", "3.8 3.9 3.10", "3.10 3.11 3.12", "3.10 3.11 3.12"),
        ("3.10 3.9 3.8", "3.8 3.9 3.10", "3.9 3.10 3.11 3.12", "3.12 3.11 3.10 3.9"),
        ("3.8 3.9", "3.8 3.9", "3.8 3.9", "3.8 3.9"),
        # where none is left, each gives its place to its successor
        ("3.8 3.9", "3.8 3.9", "3.10 3.11", "3.10 3.11"),
        ("3.8 3.9", "3.8 3.9", "3.10 3.11 3.12", "3.10 3.11 3.12"),
        ("3.10 3.9 3.8", "3.8 3.9 3.10", "3.11 3.12", "3.12 3.11"),
        ("3.9 3.8", "3.8 3.9", "3.10 3.11 3.12", "3.12 3.11 3.10"),
        ("3.11 3.12", "3.11 3.12", "3.8 3.9", "3.8 3.9"),
        # what is supported again comes where it was
        ("3.12 3.11 3.10", "3.10 3.11 3.12", "3.8 3.9 3.10", "3.10 3.9 3.8"),
        ("3.10 3.11 3.12", "3.10 3.11 3.12", "3.8 3.9 3.10", "3.8 3.9 3.10"),
        # ends that are tested without what is between go on being the ends
        ("3.8 3.11", "3.8 3.9 3.10 3.11", "3.9 3.10 3.11 3.12", "3.9 3.11 3.12"),
        # nothing is added to a list that never went up to the newest
        ("3.8 3.9", "3.8 3.9 3.10 3.11", "3.9 3.10 3.11 3.12", "3.9"),
        # other pythons and what is no version keep their places
        ("pypy3.9 3.8 3.9", "3.8 3.9", "3.9 3.10", "pypy3.9 3.9 3.10"),
        ("3.8 3.9 3.13t", "3.8 3.9", "3.9 3.10", "3.9 3.10 3.13t"),
        # a list of one that is all there is becomes all there is; one that is not is a version that stands alone
        ("3.8", "3.8", "3.9 3.10", "3.9 3.10"),
        ("3.9", "3.9", "3.8 3.9 3.10", "3.8 3.9 3.10"),
        ("3.10", "3.8 3.9 3.10", "3.9 3.10 3.11", "3.10"),
        ("3.8", "3.8 3.9 3.10", "3.9 3.10 3.11", "3.9"),
        ("3.9", "3.8 3.9 3.10", "3.9 3.10 3.11", "3.9"),
    ],
)
def test_lists_follow_what_is_supported(value, old, new, wanted):
    def listed(versions):
        return job("[" + ", ".join(f'"{version}"' for version in versions.split()) + "]")

    assert modernized(".github/workflows/a.yml", listed(value), old=old, new=new) == listed(wanted)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (">=3.8", ">=3.10"),
        (">=3.8,<3.12", ">=3.10,<3.13"),
        (">=3.8,<4", ">=3.10,<4"),
        (">=3.8, !=3.9.0", ">=3.10, !=3.9.0"),
        (">=3.8.1", ">=3.10"),
        ("~=3.8", "~=3.10"),
        (">=3.9", ">=3.10"),
        (">=3.11", ">=3.11"),
    ],
)
def test_a_floor_is_the_minimum_and_a_bound_keeps_its_distance(value, wanted):
    text = '[project]\nrequires-python = "{}"\n'
    assert modernized("pyproject.toml", text.format(value)) == text.format(wanted)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pyproject.toml", '[tool.ruff]\ntarget-version = "py3{}"\n'),
        ("pyproject.toml", '[tool.mypy]\npython_version = "3.{}"\n'),
        ("mypy.ini", "[mypy]\npython_version = 3.{}\n"),
        ("pyrightconfig.json", '{{"pythonVersion": "3.{}"}}\n'),
        (".pre-commit-config.yaml", "repos:\n- hooks:\n  - id: pyupgrade\n    args: [--py3{}-plus]\n"),
    ],
)
def test_a_tool_that_reads_the_code_as_the_oldest_version_goes_on_doing_so(path, text):
    assert modernized(path, text.format(8)) == text.format(10)
    assert modernized(path, text.format(8), default="3.11") == text.format(10)


@pytest.mark.parametrize(
    ("value", "old_default", "default", "wanted"),
    [
        ("3.11", "3.11", "3.12", "3.12"),  # the default moves
        ("3.11", "3.11", None, "3.11"),  # nobody chose another one
        ("3.8", "3.11", None, "3.10"),  # gone: the minimum, unless a default was chosen
        ("3.8", "3.11", "3.12", "3.12"),
        ("3.10", "3.11", "3.12", "3.10"),  # supported and not the default: it stays
        ("3.12", "3.11", "3.12", "3.12"),
    ],
)
def test_what_is_used_follows_the_default(value, old_default, default, wanted):
    after = modernized("Dockerfile", f"FROM python:{value}-slim\n", old_default=old_default, default=default)
    assert after == f"FROM python:{wanted}-slim\n"


def test_a_default_goes_back_for_nobody():
    after = modernized("Dockerfile", "FROM python:3.11\n", old_default="3.11", default="3.10")
    assert after == "FROM python:3.11\n"


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("Dockerfile", "FROM pypy:3.8\n", "pypy 3.8 keeps its own pace"),
        ("Dockerfile", "FROM python:3.13-rc-slim\n", "is no plain release of CPython"),
        ("Dockerfile", "FROM python:3.8@sha256:" + "0" * 64 + "\n", "the digest says which image it is"),
        ("docs/a.md", "This was written with Python 3.9.\n", "may be an example"),
        ("docs/a.md", "Needs Python 3.8+ to show this.\n", "may be an example"),
        ("docs/a.md", "Python 3.8 and 3.9 differ in this.\n", "may be an example"),
        ("README.md", "Python 3.5 to 3.7 differ in this.\n", "a range that ends before the minimum"),
        ("build.sh", "# on Python 3.8 this is slow\n", "may be an example"),
        ("Dockerfile", "FROM python:3.6\n", "was not supported before either"),
        ("pyproject.toml", '[tool.black]\ntarget-version = ["py36", "py38"]\n', "did not follow what is supported"),
        ("Dockerfile", "FROM python:3.11\n", "3.11 stays"),
        ("README.md", "Supports Python 3.10 to 3.12.\n", "the range stays"),
    ],
)
def test_what_is_left_alone_has_a_reason(path, text, said):
    (reason,) = reasons(path, text, "3.8 3.9 3.10 3.11", "3.10 3.11 3.12")
    assert said in reason


def test_a_condition_in_a_dependency_is_left_alone():
    text = "[project]\ndependencies = [\"tomli; python_version < '3.11'\"]\n"
    assert reasons("pyproject.toml", text, "3.8 3.9", "3.9 3.10") == [
        "a condition in a dependency or in code is for its author to decide"
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Python 3.8 to 3.11", "Python 3.10 to 3.12"),
        ("Python 3.8-3.11", "Python 3.10-3.12"),
        ("Python 3.8+", "Python 3.10+"),
        ("Python 3.8 or newer", "Python 3.10 or newer"),
        ("Python 3.8, 3.9, 3.10 and 3.11", "Python 3.10, 3.11 and 3.12"),
    ],
)
def test_what_people_are_told_follows_too(text, wanted):
    assert modernized("README.md", f"Needs {text}.\n") == f"Needs {wanted}.\n"


INCLUDE = "jobs:\n  test:\n    strategy:\n      matrix:\n        include:\n"


def entries(*rows):
    return INCLUDE + "".join(f"          - {{python: '{version}', os: {system}}}\n" for version, system in rows)


def test_entries_that_go_through_the_versions_are_a_list():
    before = entries(("3.8", "a"), ("3.9", "a"), ("3.10", "a"), ("3.8", "b"))
    after = entries(("3.9", "a"), ("3.10", "a"), ("3.11", "a"), ("3.9", "b"))
    assert modernized(".github/workflows/a.yml", before, old="3.8 3.9 3.10", new="3.9 3.10 3.11") == after


@pytest.mark.parametrize("value", ["3.8 3.9", "3.8"])
def test_deciding_again_changes_nothing(value):
    text = job("[" + ", ".join(f"'{one}'" for one in value.split()) + "]")
    once = modernized(".github/workflows/a.yml", text, old="3.8 3.9", new="3.10 3.11")
    assert modernized(".github/workflows/a.yml", once, old="3.10 3.11", new="3.10 3.11") == once


ENTRIES = """jobs:
  test:
    strategy:
      matrix:
        include:
          - python: "3.8"
            os: linux
          - python: "3.9"
            os: linux
          - python: "3.10"
            os: linux
"""


def test_entries_of_several_lines_stay_unless_they_are_asked_for():
    path = ".github/workflows/ci.yml"
    kept = modernized(path, ENTRIES, old="3.8 3.9 3.10", new="3.9 3.10", with_entries=False)
    assert kept == ENTRIES
    gone = modernized(path, ENTRIES, old="3.8 3.9 3.10", new="3.9 3.10", with_entries=True)
    assert gone == ENTRIES.replace('          - python: "3.8"\n            os: linux\n', "")


def test_check_finds_what_a_change_of_policy_leaves_as_drift():
    drifted = "FROM python:3.6\n"
    assert modernized("Dockerfile", drifted, old="3.9 3.10", new="3.10 3.11") == drifted
    assert (
        modernized("Dockerfile", drifted, old="3.10 3.11", new="3.10 3.11", default="3.11", mends=True)
        == "FROM python:3.11\n"
    )


EXCLUDES = """jobs:
  test:
    strategy:
      matrix:
        os: [linux, macos]
        python: ["3.8", "3.9", "3.10"]
        exclude:
        - {{os: macos, python: "3.9"}}
        - {{os: linux, python: "{}"}}
"""


def test_what_is_left_out_on_a_version_that_goes_is_left_out_no_more():
    change = {"old": "3.8 3.9 3.10", "new": "3.9 3.10 3.11"}
    after = modernized(".github/workflows/a.yml", EXCLUDES.format("3.8"), **change)
    assert after.count("{os:") == 1
    assert "3.8" not in after
    assert 'linux, python: "3.10"' in modernized(".github/workflows/a.yml", EXCLUDES.format("3.10"), **change)


def test_a_list_is_not_emptied():
    text = EXCLUDES.format("3.8").replace('        - {os: macos, python: "3.9"}\n', "")
    (*_, reason) = reasons(".github/workflows/a.yml", text, "3.8 3.9 3.10", "3.9 3.10 3.11")
    assert "take the list out" in reason


def include(*entries):
    lines = "".join(f"        - {{{entry}}}\n" for entry in entries)
    return f"jobs:\n  test:\n    strategy:\n      matrix:\n        include:\n{lines}"


def entries_after(*entries, default=None, old_default=None):
    change = {"old": "3.8 3.9 3.10", "new": "3.9 3.10 3.11", "default": default, "old_default": old_default}
    after = modernized(".github/workflows/a.yml", include(*entries), **change)
    return [line.strip("- {}") for line in after.splitlines()[5:]]


def test_entries_for_both_ends_go_on_testing_both_ends():
    before = ('os: a, python: "3.8"', 'os: a, python: "3.10"')
    assert entries_after(*before) == ['os: a, python: "3.9"', 'os: a, python: "3.10"', 'os: a, python: "3.11"']


def test_entries_that_go_through_all_versions_get_fewer():
    before = ('os: a, python: "3.8"', 'os: a, python: "3.9"')
    assert entries_after(*before) == ['os: a, python: "3.9"']


def test_an_entry_among_others_stays_while_its_version_is_supported():
    before = ('os: a, python: "3.9"', 'os: a, python: "3.10"')
    after = entries_after(*before, default="3.11", old_default="3.9")
    assert after == [*before, 'os: a, python: "3.11"']


def test_no_entry_is_made_for_a_patch_release():
    before = ('os: a, python: "3.9.1"', 'os: a, python: "3.10.0"')
    assert entries_after(*before) == list(before)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Supports Python 3.6 to 3.9.\n", "Supports Python 3.6 to 3.9.\n"),  # neither end followed the policy
        ("Supports Python 3.6 to 3.10.\n", "Supports Python 3.9 to 3.11.\n"),
        ("Supports Python 3.8 to 3.9.\n", "Supports Python 3.8 to 3.9.\n"),  # it would shrink to one version
    ],
)
def test_a_range_moves_where_one_of_its_ends_followed(text, wanted):
    assert modernized("README.md", text, old="3.8 3.9 3.10", new="3.9 3.10 3.11") == wanted


def test_a_list_of_tests_with_a_version_from_before_is_left_to_check():
    text = "[testenv]\ndeps =\n    py3{6,8,9,10}: pytest\n"
    assert modernized("tox.ini", text, old="3.8 3.9 3.10", new="3.9 3.10 3.11") == text


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        # what only the oldest does goes on being done; what others do too goes
        ("py38 py39 py310 py38-freeze", "py39 py310 py311 py39-freeze"),
        ("win-py38-x win-py39 win-py310 mac-py38 mac-py39", "win-py39-x win-py39 win-py310 win-py311 mac-py39"),
        ("py38-{a,b} py39 py310", "py39-{a,b} py39 py310 py311"),
        ("py38-x py39-x py310", "py39-x py310"),
        # what only the newest does is none to be done by the next
        ("py39 py310 py310-cov", "py39 py310 py311 py310-cov"),
    ],
)
def test_a_name_that_says_more_than_its_version_is_a_job_of_its_own(value, wanted):
    def listed(names):
        return job("[" + ", ".join(f'"{name}"' for name in names.split()) + "]").replace("python-version", "name")

    old, new = "3.8 3.9 3.10", "3.9 3.10 3.11"
    assert modernized(".github/workflows/a.yml", listed(value), old=old, new=new) == listed(wanted)


def test_the_section_of_an_environment_goes_where_its_name_in_the_list_goes():
    before = "[tox]\nenvlist =\n    py38\n    py39\n    py38-freeze\n\n[testenv:py38-freeze]\ndeps = x\n"
    after = "[tox]\nenvlist =\n    py39\n    py39-freeze\n\n[testenv:py39-freeze]\ndeps = x\n"
    check_rewrite("tox.ini", before, after, old="3.8 3.9", new="3.9")


def test_the_section_of_one_of_several_environments_is_for_a_person():
    text = "[tox]\nenvlist = py38-freeze, py39-freeze\n\n[testenv:py38-freeze]\ndeps = x\n"
    assert "[testenv:py38-freeze]" in modernized("tox.ini", text, old="3.8 3.9", new="3.9")
    assert any("for 3.8 alone" in reason for reason in reasons("tox.ini", text, "3.8 3.9", "3.9"))


def test_an_entry_does_not_become_another_that_is_there():
    row = "          - {{name: 'mac-py3{0}', python: '3.{0}', {1}}}\n"
    rows = row.format(8, "x: y"), row.format(9, "os: a")
    change = {"old": "3.8 3.9", "new": "3.9"}
    assert modernized(".github/workflows/a.yml", INCLUDE + rows[0] + rows[1], **change) == INCLUDE + rows[1]
    other = rows[1].replace("mac", "win")
    moved = rows[0].replace("38", "39").replace("3.8", "3.9")
    assert modernized(".github/workflows/a.yml", INCLUDE + rows[0] + other, **change) == INCLUDE + moved + other


def test_of_several_entries_the_one_for_the_oldest_goes_on_being_for_the_oldest():
    before = entries(("3.8", "a"), ("3.10", "b"))
    after = entries(("3.9", "a"), ("3.10", "b"))
    change = {"old": "3.8 3.9 3.10", "new": "3.9 3.10", "old_default": "3.8", "default": "3.10"}
    assert modernized(".github/workflows/a.yml", before, **change) == after


def test_a_job_that_is_called_after_its_version_beside_others_is_for_a_person():
    def jobs(*names):
        step = "    steps:\n      - uses: actions/setup-python@v5\n        with:\n          python-version: '{}'\n"
        return "jobs:\n" + "".join(f"  test-py{name.replace('.', '')}:\n" + step.format(name) for name in names)

    several, one = jobs("3.8", "3.9"), jobs("3.8")
    assert modernized(".github/workflows/a.yml", several, old="3.8 3.9", new="3.9") == several
    assert "beside others" in reasons(".github/workflows/a.yml", several, "3.8 3.9", "3.9")[0]
    assert "python-version: '3.9'" in modernized(".github/workflows/a.yml", one, old="3.8 3.9", new="3.9")


def test_a_part_that_allows_one_version_goes_on_allowing_one():
    def claim(bounds):
        return f'[tool.poetry.dependencies]\npython = "{bounds}"\n'

    change = {"old": "3.8 3.9 3.10", "new": "3.9 3.10 3.11"}
    for before, after in (
        ("<3.9 >= 3.8.2", "<3.10 >= 3.9"),
        (">=3.10,<3.11", ">=3.10,<3.11"),
        (">=3.8,<3.11", ">=3.9,<3.12"),
    ):
        check_rewrite("tools/oldest/pyproject.toml", claim(before), claim(after), **change)
    check_rewrite("pyproject.toml", claim(">=3.8,<3.9"), claim(">=3.9,<3.12"), **change)
