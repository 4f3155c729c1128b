"""Strings in, strings out: what repeats another setting goes, where its tool would derive the same."""

import io
import tomllib
from datetime import UTC, datetime

import pytest
import yaml
from rewriting import policy

from bootstrap.agreement import day
from bootstrap.agreement.check import check
from bootstrap.agreement.modernize import modernize
from bootstrap.commands import Tools
from bootstrap.console import Console
from bootstrap.errors import MalformedFileError, UsageError
from bootstrap.model import Severity, Status
from bootstrap.modernize import ALL, NOTHING, Choice, propose
from bootstrap.options import Options
from bootstrap.policy import Transition
from bootstrap.rewrite import RefusedEditError
from bootstrap.simplify import PURPOSE, Bounds, notes, repetitions, simplify, taken_out
from bootstrap.sites.locate import locate
from bootstrap.survey import Survey

NOW = policy("3.9 3.10 3.11 3.12")
KEPT = Transition(NOW, NOW)
PROJECT = '[project]\nname = "shop"\nrequires-python = ">=3.9"\n'


def as_bytes(text):
    return text if isinstance(text, bytes) else text.encode()


def surveyed(files):
    """Return the survey of files."""
    data = {name: as_bytes(text) for name, text in files.items()}
    return Survey(tuple(site for path, text in data.items() for site in locate(path, text)), (), tuple(data.items()))


def simplified(files, choice=ALL, change=None, others=None):
    """Return the proposal, with the repetitions gone; without a change of policy nothing else is done."""
    found = surveyed(files)
    proposal = propose(found, change or KEPT, choice if change else NOTHING)
    return simplify(found, proposal, choice, (others or {}).get)


def after(text, path="pyproject.toml", **options):
    """Return what becomes of a file; others are given by `beside`."""
    beside = options.pop("beside", {})
    changes = {one.path: one.after for one in simplified({path: text, **beside}, **options).changes}
    assert not set(changes) - {path}
    result = changes.get(path, as_bytes(text))
    return result if isinstance(text, bytes) else result.decode()


def is_kept(text, **options):
    return after(text, **options) == text


# ---- keys of pyproject.toml ------------------------------------------------------------------------------------------

TABLES = [
    ('[tool.ruff]\ntarget-version = "py39"\nfix = true\n', "[tool.ruff]\nfix = true\n"),
    ("[tool.ruff]\nfix = true\ntarget-version = 'py39'\n", "[tool.ruff]\nfix = true\n"),
    ('[tool.ruff]\ntarget-version = "py39"\n', "[tool.ruff]\n"),
    ('[tool.ruff]\n\ntarget-version = "py39"\n', "[tool.ruff]\n"),
    ('[tool.ruff]\nfix = true\ntarget-version = "py39"', "[tool.ruff]\nfix = true\n"),
    ('[tool.ruff]\nfix = true\n\ntarget-version = "py39"\n\n', "[tool.ruff]\nfix = true\n"),
    (
        '[tool.ruff]\nfix = true\n\ntarget-version = "py39"\n\nsrc = ["a"]\n',
        '[tool.ruff]\nfix = true\n\nsrc = ["a"]\n',
    ),
    (
        '[tool.ruff]\n  target-version = "py39"\n\n[tool.ruff.lint]\nselect = ["E"]\n',
        '[tool.ruff]\n\n[tool.ruff.lint]\nselect = ["E"]\n',
    ),
    ('[tool.ruff]\n"target-version" = "py39"\nfix = true\n', "[tool.ruff]\nfix = true\n"),
    ('[tool]\nruff.fix = true\nruff.target-version = "py39"\n', "[tool]\nruff.fix = true\n"),
    (
        '[tool]\nruff = {target-version = "py39", fix = true, src = ["a"]}\n',
        '[tool]\nruff = {fix = true, src = ["a"]}\n',
    ),
    (
        '[tool]\nruff = { fix = true, target-version = "py39", src = ["a"] }\n',
        '[tool]\nruff = { fix = true, src = ["a"] }\n',
    ),
    ('[tool]\nruff = { fix = true, target-version = "py39" }\n', "[tool]\nruff = { fix = true }\n"),
    ('[tool]\nruff = { target-version = "py39" }\n', "[tool]\nruff = {}\n"),
    (
        '[tool.black]\nline-length = 99\ntarget-version = [\n    "py39",  # oldest\n    "py310",\n    "py311",\n]\n',
        "[tool.black]\nline-length = 99\n",
    ),
    ('[tool.black]\ntarget_version = ["py39", "py310", "py311", "py312"]\n', "[tool.black]\n"),
    ('[tool.ty.environment]\npython-version = "3.9"\n', "[tool.ty.environment]\n"),
]


@pytest.mark.parametrize(("table", "left"), TABLES)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_key_that_repeats_requires_python_goes_and_nothing_else(table, left, end):
    text = f"{PROJECT}\n{table}".replace("\n", end).encode()
    assert after(text) == f"{PROJECT}\n{left}".replace("\n", end).encode()


def test_a_byte_order_mark_and_what_stands_around_stay():
    text = f'\ufeff# Größe\n[tool.ruff]\ntarget-version = "py39"\nfix = true\n\n{PROJECT}'.encode()
    assert after(text) == text.replace(b'target-version = "py39"\n', b"")


def test_several_keys_of_one_file_go_at_once():
    text = f'{PROJECT}[tool.black]\ntarget-version = ["py39", "py310", "py311"]\n[tool.ruff]\ntarget-version = "py39"\n'
    assert after(text) == f"{PROJECT}[tool.black]\n[tool.ruff]\n"


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        ('target-version = "py39"  # the oldest that we support\n', ""),
        ('# The oldest supported Python\ntarget-version = "py39"\n', ""),
        ('# Style\ntarget-version = "py39"\n', "# Style\n"),
        ('# preview = true  # for Python 3.14\ntarget-version = "py39"\n', "# preview = true  # for Python 3.14\n"),
        ('# Python\n\ntarget-version = "py39"\n', "# Python\n\n"),
    ],
)
def test_a_comment_that_is_about_the_key_goes_with_it_and_others_stay(lines, left):
    assert after(f"{PROJECT}[tool.ruff]\n{lines}fix = true\n") == f"{PROJECT}[tool.ruff]\n{left}fix = true\n"


@pytest.mark.parametrize(
    "lines",
    [
        'target-version = "py39"  # not derived, see #12\n',
        "# Emit syntax of the oldest Python, until we drop it\ntarget-version = 'py39'\n",
        '# NB: the target may lag behind\n# what we use\ntarget-version = "py39"\n',
        'target-version = "py39"  # devstrap: ignore\n',
    ],
)
def test_a_key_that_has_its_reasons_stays(lines):
    assert is_kept(f"{PROJECT}[tool.ruff]\n{lines}")


@pytest.mark.parametrize(
    "table",
    [
        '[tool.ruff]\ntarget-version = "py310"\n',
        '[tool.ruff]\ntarget-version = "py38"\n',
        '[tool.black]\ntarget-version = ["py39"]\n',
        '[tool.black]\ntarget-version = ["py39", "py311"]\n',
        '[tool.black]\ntarget-version = ["py38", "py39", "py310", "py311"]\n',
        '[tool.black]\ntarget-version = ["py39", "py310", "py311", "cpython"]\n',
        # These derive nothing from requires-python.
        '[tool.mypy]\npython_version = "3.9"\n',
        '[tool.pyright]\npythonVersion = "3.9"\n',
        '[tool.pylint.main]\npy-version = "3.9"\n',
        '[tool.pixi.tool.ruff]\ntarget-version = "py39"\n',
        '[tool.ruff.per-file-target-version]\n"a.py" = "py39"\n',
        # Without this key there would be no table any more, and ruff would not look at the file.
        '[tool]\nruff.target-version = "py39"\n',
    ],
)
def test_what_differs_or_is_not_derived_stays(table):
    assert is_kept(f"{PROJECT}{table}")


def test_only_the_requires_python_of_the_same_pyproject_counts():
    ruff = '[tool.ruff]\ntarget-version = "py39"\n'
    assert is_kept(ruff, beside={"lib/pyproject.toml": PROJECT})
    assert is_kept(ruff.removeprefix("[tool.ruff]\n"), path="ruff.toml", beside={"pyproject.toml": PROJECT})
    assert is_kept(f'[tool.poetry.dependencies]\npython = ">=3.9"\n{ruff}')
    assert is_kept(f"{PROJECT}{ruff}", path="pyproject-ci.toml")
    assert after(f"{PROJECT}{ruff}", path="lib/pyproject.toml") == f"{PROJECT}[tool.ruff]\n"


@pytest.mark.parametrize(
    ("text", "floor", "admitted"),
    [
        (">=3.9", 9, (9, 10, 11, 12, 13)),
        (">= 3.9.2, <4", 9, (9, 10, 11, 12, 13)),
        (">=3.9,<4.0", 9, (9, 10, 11, 12, 13)),
        (">=3.9,<3.12", 9, (9, 10, 11)),
        ("<3.12.0,>=3.10", 10, (10, 11)),
        ("==3.12.*", 12, (12,)),
        (">=3.9,!=3.10.*", 9, (9, 11, 12, 13)),
    ],
)
def test_bounds_are_those_that_the_tools_derive(text, floor, admitted):
    bounds = Bounds.of(text)
    assert bounds.floor == (3, floor)
    assert bounds.admitted((3, 13)) == tuple((3, minor) for minor in admitted)


@pytest.mark.parametrize(
    "text",
    [
        *("", "3.9", "<3.12", ">3.9", "~=3.9", "==3.9", "<=3.12", "===3.9", ">=3.9,!=3.9.*", ">=3.9,!=3.9.1", ">=2.7"),
        *(">=3.9,>=3.10", ">=3.9,<3.9", ">=3.9,<3.12.4", ">=3.9,<3.12b1", ">=4", ">=3.9,", "not a version"),
    ],
)
def test_specifiers_that_tools_may_read_differently_have_no_bounds(text):
    assert Bounds.of(text) is None


def test_black_is_given_what_it_would_derive_up_to_the_ceiling():
    project = PROJECT.replace(">=3.9", ">=3.9,<3.11")
    assert after(f'{project}[tool.black]\ntarget-version = ["py39", "py310"]\n') == f"{project}[tool.black]\n"
    assert is_kept(f'{project}[tool.black]\ntarget-version = ["py39", "py310", "py311"]\n')


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".pre-commit-config.yaml", "- repo: https://github.com/astral-sh/ruff-pre-commit\n  rev: v0.0.254\n"),
        (
            ".pre-commit-config.yaml",
            "- repo: https://github.com/charliermarsh/ruff-pre-commit # x\n  rev: 'v0.0.200'\n",
        ),
        ("uv.lock", '[[package]]\nname = "ruff"\nversion = "0.0.100"\n'),
        ("requirements-dev.txt", "flake8\nruff==0.0.250\n"),
        ("requirements/dev.txt", "ruff<0.0.255\n"),
    ],
)
def test_a_release_that_derives_nothing_yet_keeps_its_setting(name, text):
    pyproject = f'{PROJECT}[tool.ruff]\ntarget-version = "py39"\n'
    assert is_kept(pyproject, others={name: text.encode()})
    newer = text.replace("0.0.", "0.1.").encode()
    assert not is_kept(pyproject, others={name: newer})


@pytest.mark.parametrize(
    ("lines", "keeps"),
    [
        ('[dependency-groups]\ndev = ["black<23"]\n', True),
        ('[dependency-groups]\ndev = ["black[d]==22.12.0"]\n', True),
        ('[tool.poetry.group.dev.dependencies]\nblack = "^22.1"\n', True),
        ('[dependency-groups]\ndev = ["black>=22", "black-extras==1.0", "flake8-black==0.3"]\n', False),
        ('[dependency-groups]\ndev = ["black==24.4.2"]\n', False),
    ],
)
def test_the_release_that_the_project_asks_for_itself_counts_too(lines, keeps):
    black = '[tool.black]\ntarget-version = ["py39", "py310", "py311"]\n'
    assert is_kept(f"{PROJECT}{lines}{black}") is keeps


@pytest.mark.parametrize(
    ("version", "keeps"), [("22", True), ("==22.3.0", True), ("~=22.0", True), ("24", False), (">=22", False)]
)
def test_the_release_that_a_tool_insists_on_counts_too(version, keeps):
    black = f'[tool.black]\nrequired-version = "{version}"\ntarget-version = ["py39", "py310", "py311"]\n'
    assert is_kept(f"{PROJECT}{black}") is keeps


def test_a_lock_that_cannot_be_read_says_nothing():
    def read(name):
        raise MalformedFileError("is too large", remedy="look", path=name)

    found = surveyed({"pyproject.toml": f'{PROJECT}[tool.ruff]\ntarget-version = "py39"\n'})
    assert len(repetitions(found, ALL, read)) == 1


# ---- workflows -------------------------------------------------------------------------------------------------------

CI = ".github/workflows/ci.yml"
PINNED = {".python-version": "3.12\n"}
STEPS = """\
on: push
jobs:
  lint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - name: Python
        uses: actions/setup-python@v5
        with:
          python-version: "3.12"
          cache: pip
      - run: ruff check
"""


def workflow(text, beside=None):
    return after(text, path=CI, beside=PINNED if beside is None else beside)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_setup_python_reads_the_file_that_pins_the_same_version(end):
    text = STEPS.replace("\n", end).encode()
    expected = text.replace(b'python-version: "3.12"', b'python-version-file: ".python-version"')
    assert workflow(text) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('python-version: "3.12"', 'python-version-file: ".python-version"'),
        ("python-version: '3.12'", "python-version-file: '.python-version'"),
        ("python-version: 3.12", "python-version-file: .python-version"),
        ("python-version:   3.12", "python-version-file:   .python-version"),
        ("'python-version': 3.12", "'python-version-file': .python-version"),
    ],
)
def test_quotes_and_spaces_stay(old, new):
    text = STEPS.replace('python-version: "3.12"', old)
    assert workflow(text) == text.replace(old, new)


def test_an_input_in_braces_is_renamed_too():
    text = STEPS.replace(
        'with:\n          python-version: "3.12"\n          cache: pip', 'with: {python-version: "3.12"}'
    )
    assert workflow(text) == text.replace('python-version: "3.12"', 'python-version-file: ".python-version"')


@pytest.mark.parametrize(
    "uses",
    [
        "actions/setup-python@v4",
        "actions/setup-python@v5.1.0",
        "actions/setup-python@main",
        f"actions/setup-python@{'a' * 40} # v5.1.0",
    ],
)
def test_setup_python_may_be_of_any_release_that_reads_files(uses):
    assert "python-version-file" in workflow(STEPS.replace("actions/setup-python@v5", uses))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # setup-python of another release, or of one that nobody knows, and what is not setup-python
        ("setup-python@v5", "setup-python@v3"),
        ("setup-python@v5", f"setup-python@{'a' * 40}"),
        ("setup-python@v5", f"setup-python@{'a' * 40} # v2"),
        ("setup-python@v5", "setup-python@releases/v1"),
        ("actions/setup-python@v5", "astral-sh/setup-uv@v6"),
        ("actions/setup-python@v5", "./.github/actions/python"),
        # another version
        ('"3.12"', '"3.11"'),
        ('"3.12"', '"3.12.4"'),
        ('"3.12"', '"3.12-dev"'),
        ('"3.12"', "|\n            3.12"),
        ('"3.12"', '["3.12"]'),
        ('"3.12"', "${{ matrix.python-version }}"),
        # no file to read, or perhaps another one
        ("      - uses: actions/checkout@v4\n", ""),
        ("checkout@v4\n", "checkout@v4\n        with:\n          path: shop\n"),
        ("checkout@v4\n", "checkout@v4\n        with:\n          ref: v1\n"),
        ("checkout@v4\n", "checkout@v4\n        if: github.event_name == 'push'\n"),
        ("checkout@v4\n", "checkout@v4\n      - uses: actions/checkout@v4\n        with:\n          ref: v1\n"),
        ("checkout@v4\n", "checkout@v4\n      - run: git checkout gh-pages\n"),
        ("on: push\n", "on: workflow_call\n"),
        # it is this version for a reason
        ('"3.12"\n', '"3.12"  # the newest that builds\n'),
        ("          python-version", "          # renovate: datasource=python-version\n          python-version"),
        ("  lint:\n", "  minimum-dependencies:\n"),
        ("- name: Python\n", "- name: Set up the oldest Python\n"),
        # it is said already
        ("          cache: pip\n", "          python-version-file: pyproject.toml\n"),
        ('"3.12"\n', '"3.12" # devstrap: ignore\n'),
    ],
)
def test_other_steps_stay(old, new):
    text = STEPS.replace(old, new)
    assert text != STEPS
    assert workflow(text) == text


MATRIX = """\
  test:
    strategy:
      matrix:
        python-version: ["3.12"]
        include:
          - python-version: "3.12"
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: ${{ matrix.python-version }}
"""


def test_lists_of_a_matrix_stay():
    assert workflow(STEPS + MATRIX).endswith(MATRIX)


def test_a_second_checkout_beside_the_first_changes_nothing():
    second = (
        "checkout@v4\n      - uses: actions/checkout@v4\n        with:\n          path: docs\n          ref: docs\n"
    )
    assert "python-version-file" in workflow(STEPS.replace("checkout@v4\n", second))


def test_an_input_that_others_share_through_an_anchor_stays():
    text = STEPS.replace("        with:\n", "        with: &inputs\n") + (
        "      - uses: actions/setup-python@v5\n        with: *inputs\n"
    )
    assert workflow(text) == text


@pytest.mark.parametrize("pin", ["3.12.4\n", "3.11\n", "3.12\n3.11\n", "cpython@3.12\n", "# why\n3.12\n", ""])
def test_a_file_that_pins_something_else_is_not_read(pin):
    assert workflow(STEPS, {".python-version": pin}) == STEPS


def test_only_the_pin_at_the_root_and_only_workflows_count():
    assert workflow(STEPS, {"lib/.python-version": "3.12\n"}) == STEPS
    assert workflow(STEPS, {}) == STEPS
    action = "runs:\n  steps:\n    - uses: actions/setup-python@v5\n      with:\n        python-version: '3.12'\n"
    assert is_kept(action, path="action.yml", beside=PINNED)


# ---- the proof -------------------------------------------------------------------------------------------------------


def test_an_edit_that_changes_more_than_the_key_is_refused():
    data = f'{PROJECT}[tool.ruff]\ntarget-version = "py39"\nfix = true\n'.encode()
    (one,) = repetitions(surveyed({"pyproject.toml": data}), ALL, {}.get)
    start, end, text = one.cut
    assert tomllib.loads(taken_out(data, [one]).decode())["tool"]["ruff"] == {"fix": True}
    for cut in (
        (start, end + len("fix = true"), text),
        (start, end, "a = 1\n"),
        (start, end, 'target-version = "py39"\n'),
    ):
        with pytest.raises(RefusedEditError, match="more than the setting"):
            taken_out(data, [one._replace(cut=cut)])
    with pytest.raises(MalformedFileError):
        taken_out(data, [one._replace(cut=(start, end - 3, ""))])


def test_a_workflow_in_which_another_value_changes_is_refused():
    (one,) = repetitions(surveyed({CI: STEPS, **PINNED}), ALL, {}.get)
    start, end, text = one.cut
    data = STEPS.encode()
    inputs = yaml.safe_load(taken_out(data, [one]))["jobs"]["lint"]["steps"][1]["with"]
    assert list(inputs.items()) == [("python-version-file", ".python-version"), ("cache", "pip")]
    for wrong in (text.replace(".python-version", "pyproject.toml"), f"{text}\n          check-latest: true"):
        with pytest.raises(RefusedEditError, match="more than the setting"):
            taken_out(data, [one._replace(cut=(start, end, wrong))])


def test_edits_that_meet_are_refused_and_told():
    keys = 'target-version = ["py39", "py310", "py311"], target_version = ["py39", "py310", "py311"]'
    proposal = simplified({"pyproject.toml": f"{PROJECT}[tool]\nblack = {{ {keys} }}\n"})
    assert proposal.changes == ()
    assert [(one.path, one.line) for one in proposal.refused] == [("pyproject.toml", 5)]


# ---- what is chosen, told and done -----------------------------------------------------------------------------------

BOTH = {"pyproject.toml": f'{PROJECT}[tool.ruff]\ntarget-version = "py39"\n', CI: STEPS, **PINNED}


@pytest.mark.parametrize(
    ("choice", "paths"),
    [
        (ALL, ["pyproject.toml", CI]),
        (Choice(only=("targeted",)), ["pyproject.toml"]),
        (Choice(skip=("tool.*",)), [CI]),
        (Choice(skip=("*",)), []),
    ],
)
def test_only_what_is_chosen_goes(choice, paths):
    changes = simplified(BOTH, choice=choice).changes
    assert [change.path for change in changes] == paths
    assert {change.purpose for change in changes} <= {PURPOSE}


def test_what_a_change_of_policy_makes_equal_goes_with_it():
    files = {"pyproject.toml": f'{PROJECT}[tool.ruff]\ntarget-version = "py39"\n'}
    proposal = simplified(files, change=Transition(NOW, policy("3.11 3.12"), has_default=False))
    (change,) = proposal.changes
    assert change.before == files["pyproject.toml"].encode()
    assert change.after.decode() == PROJECT.replace("3.9", "3.11") + "[tool.ruff]\n"
    assert change.purpose != PURPOSE


def test_several_repetitions_of_a_file_are_one_note():
    tables = '[tool.black]\ntarget-version = ["py39", "py310", "py311"]\n[tool.ruff]\ntarget-version = "py39"\n'
    found = surveyed({"pyproject.toml": f"{PROJECT}{tables}"})
    (note,) = notes(found, propose(found, KEPT), ALL, {}.get)
    assert (note.line, note.message.partition("black")[2]) == (5, " takes it from there (1 more in this file)")


def test_each_repetition_is_a_note_unless_it_is_to_change_anyway():
    found = surveyed(BOTH)
    findings = list(notes(found, propose(found, KEPT), ALL, {}.get))
    assert [(one.code, one.severity, one.path, one.line, one.message) for one in findings] == [
        (
            "V401",
            Severity.NOTE,
            "pyproject.toml",
            5,
            "targets 3.9, which requires-python says already, and ruff takes it from there",
        ),
        (
            "V401",
            Severity.NOTE,
            CI,
            10,
            "runs on 3.12, which .python-version says already, and setup-python can read it there",
        ),
    ]
    assert {one.hint for one in findings} == {"devstrap modernize --simplify does it"}
    moved = propose(found, Transition(NOW, policy("3.10 3.11 3.12"), has_default=False))
    assert [one.path for one in notes(found, moved, ALL, {}.get)] == [CI]


@pytest.fixture
def done(tmp_path, write, monkeypatch):
    """Run a command on a folder with these files."""
    monkeypatch.setattr(day, "today", lambda: datetime(2025, 1, 1, tzinfo=UTC).date())

    def run(command, files=None, **options):
        if files is not None:
            write(files, tmp_path / "shop")
        given = Options(command.__name__, tmp_path / "shop", started="devstrap", **options)
        run.said = io.StringIO()
        return command(given, Tools("", {}, None, {}), Console(run.said))

    return run


def test_check_notes_what_modernize_simplify_then_takes_out(done, tmp_path):
    report = done(check, BOTH)
    assert report.exit_code == 0
    assert [one.code for one in report.findings if one.hint.startswith("devstrap modernize --simplify")] == ["V401"] * 2
    report = done(modernize, is_simplify=True, is_yes=True)
    assert (report.status, report.exit_code, report.next_command) == (Status.READY, 0, "")
    assert "-target-version" in done.said.getvalue()
    assert (tmp_path / "shop/pyproject.toml").read_text() == f"{PROJECT}[tool.ruff]\n"
    assert "python-version-file" in (tmp_path / "shop" / CI).read_text()
    assert not [one for one in done(check).findings if one.code == "V401"]
    assert done(modernize, is_simplify=True, is_yes=True).status is Status.NOTHING_TO_DO


def test_simplify_alone_leaves_alone_what_disagrees(done, tmp_path):
    files = {**BOTH, "ruff.toml": 'target-version = "py38"\n'}
    report = done(modernize, files, is_simplify=True, is_yes=True)
    assert sorted(step.path for step in report.plan.steps) == [CI, "pyproject.toml"]
    assert (tmp_path / "shop/ruff.toml").read_text() == files["ruff.toml"]


def test_simplify_and_a_new_policy_are_one_change(done, tmp_path):
    done(modernize, BOTH, is_simplify=True, is_yes=True, minimum="3.11", supported=("3.11", "3.12"))
    assert (tmp_path / "shop/pyproject.toml").read_text() == PROJECT.replace("3.9", "3.11") + "[tool.ruff]\n"


def test_simplify_needs_somebody_to_say_anything_at_all(done):
    with pytest.raises(UsageError, match="nothing in this repository"):
        done(modernize, {"README.md": "A shop.\n"}, is_simplify=True, is_yes=True)


def test_what_a_workflow_reads_from_the_pin_is_tested(done):
    matrix = 'jobs:\n  test:\n    strategy:\n      matrix:\n        python-version: ["3.9", "3.10"]\n'
    files = {
        "pyproject.toml": PROJECT,
        ".github/workflows/test.yml": matrix,
        "Dockerfile": "FROM python:3.12-slim\n",
        **PINNED,
    }
    assert "V201" in [one.code for one in done(check, files).findings]
    by_file = STEPS.replace('python-version: "3.12"', "python-version-file: .python-version")
    assert "V201" not in [one.code for one in done(check, {**files, CI: by_file}).findings]
