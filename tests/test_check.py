"""Files in, findings out: each a sentence that a maintainer can do something about."""

from datetime import date

import pytest
from rewriting import policy

from bootstrap.check import check
from bootstrap.errors import MalformedFileError
from bootstrap.modernize import Choice, Proposal, Refusal, propose
from bootstrap.policy import Transition
from bootstrap.reports.sarif import RULES
from bootstrap.sites.files import Unread
from bootstrap.sites.locate import locate
from bootstrap.survey import Survey, derive, is_promise

# All of 3.10 to 3.14 is maintained, 3.15 is not out.
TODAY = date(2026, 3, 1)

CLASSIFIERS = """\
[project]
requires-python = ">=3.10"
classifiers = [
    "Programming Language :: Python :: 3.10",
    "Programming Language :: Python :: 3.11",
    "Programming Language :: Python :: 3.12",
]
"""
MATRIX = """\
jobs:
  test:
    strategy:
      matrix:
        python-version: ["3.10", "3.11", "3.12"]
"""
AGREED = {"pyproject.toml": CLASSIFIERS, ".github/workflows/ci.yml": MATRIX}


def surveyed(files):
    sites, unread = [], []
    for path, text in files.items():
        try:
            sites += locate(path, text.encode())
        except MalformedFileError as error:
            unread.append(Unread(path, str(error), error.line, error.remedy))
    return Survey(tuple(sites), tuple(unread), tuple((path, text.encode()) for path, text in files.items()))


def findings(files, *, wanted=None, default=None, today=TODAY, only=(), skip=()):
    """Return what is found in `files`; `wanted` are the versions that the settings ask for, if they do."""
    found = surveyed(files)
    declared = derive(found.sites)
    new = policy(wanted, default) if wanted else declared
    choice, change = Choice(only, skip), Transition(declared or new, new, mends=True)
    is_promised = bool(wanted) or is_promise(found.sites)
    return check(found, propose(found, change, choice), change, choice, today, is_promised=is_promised)


def told(files, **circumstances):
    return [f"{one.severity.value}: {one.message} [{one.code}]" for one in findings(files, **circumstances)]


def with_files(**changes):
    return {**AGREED, **{path.replace("__", "/"): text for path, text in changes.items()}}


def test_what_agrees_is_not_spoken_of():
    assert told(AGREED) == []


# ---- one declaration and the policy ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("ruff.toml", 'target-version = "py39"\n', "error: targets 3.9, but the oldest supported is 3.10 [V101]"),
        ("mypy.ini", "[mypy]\npython_version = 3.8\n", "error: targets 3.8, but the oldest supported is 3.10 [V101]"),
        ("Dockerfile", "FROM python:3.9-slim\n", "error: ships 3.9, but the oldest supported is 3.10 [V101]"),
        (".python-version", "3.9\n", "error: develops on 3.9, but the oldest supported is 3.10 [V101]"),
        (
            "README.md",
            "Needs Python 3.9 or newer.\n",
            "warning: tells people of 3.9, but the oldest supported is 3.10 [V101]",
        ),
    ],
)
def test_what_names_a_python_that_is_gone_is_found(path, text, said):
    assert said in told({**AGREED, path: text})


def test_a_finding_has_a_place_a_hint_and_a_fix():
    (found,) = findings({**AGREED, "ruff.toml": '# ours\ntarget-version = "py39"\n'})
    assert (found.path, found.line, found.column) == ("ruff.toml", 2, 21)
    assert found.hint == "it should say py310"
    assert found.fix == "devstrap check --fix"


def test_settings_that_want_more_than_is_declared_are_held_against_every_place():
    assert told(AGREED, wanted="3.11 3.12 3.13", default="3.12") == [
        "error: claims 3.10, but the oldest supported is 3.11 [V101]",
        "error: claims 3.10, but the oldest supported is 3.11, and leaves out 3.13 [V101]",
        "error: tests on 3.10, but the oldest supported is 3.11, and leaves out 3.13 [V101]",
    ]


def test_a_list_that_leaves_something_out_says_what():
    assert told(AGREED, wanted="3.10 3.11 3.12 3.13") == [
        "error: claims 3.10, 3.11, 3.12, but not 3.13 [V101]",
        "error: tests on 3.10, 3.11, 3.12, but not on 3.13 [V101]",
    ]


def test_what_is_wanted_of_a_long_list_is_said_in_versions():
    hints = [one.hint for one in findings(AGREED, wanted="3.11 3.12 3.13")]
    assert hints == [
        "it should say 3.11",
        "it should say 3.11, 3.12, 3.13",
        'it should say "3.11", "3.12", "3.13"',
    ]


def test_a_version_that_is_dropped_from_the_middle_is_said_to_be_unsupported():
    assert told(AGREED, wanted="3.10 3.12") == [
        "error: claims 3.11, which is not supported [V101]",
        "error: tests on 3.11, which is not supported [V101]",
    ]


def test_a_default_that_is_another_is_named_so():
    files = {**AGREED, ".python-version": "3.11\n", "Dockerfile": "FROM python:3.11\n"}
    assert "error: ships 3.11, but the default is 3.12 [V101]" in told(files, wanted="3.10 3.11 3.12", default="3.12")


def test_an_upper_bound_below_what_is_supported_is_found():
    files = {**AGREED, "pyproject.toml": CLASSIFIERS.replace(">=3.10", ">=3.10,<3.12")}
    assert "error: claims nothing from 3.12 on, but 3.12 is supported [V101]" in told(files)


def test_of_two_requirements_that_differ_the_narrow_one_is_found():
    poetry = '\n[tool.poetry.dependencies]\npython = "^3.11"\n'
    (found,) = findings(with_files(**{"pyproject.toml": CLASSIFIERS + poetry}))
    assert (found.code, found.message) == ("V102", "claims 3.11 and newer, but 3.10 is supported")
    assert found.hint == "devstrap modernize --minimum 3.11, or admit 3.10 there"


def test_a_requirement_that_keeps_out_what_the_settings_support_is_found():
    files = with_files(**{"pyproject.toml": CLASSIFIERS.replace(">=3.10", ">=3.11")})
    assert told(files, wanted="3.10 3.11 3.12") == ["error: claims 3.11, but the oldest supported is 3.10 [V101]"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("ruff.toml", 'target-version = "py312"\n'),
        (
            ".pre-commit-config.yaml",
            "repos:\n- repo: https://example.org/pyupgrade\n  hooks:\n  - id: pyupgrade\n    args: [--py312-plus]\n",
        ),
    ],
)
def test_a_tool_that_writes_code_for_a_newer_python_is_found(path, text):
    said = "warning: targets 3.12, and may write what 3.10 cannot run, which is supported [V103]"
    assert told({**AGREED, path: text}) == [said]


def test_where_no_requirement_is_declared_the_settings_say_what_a_tool_may_target():
    files = {"ruff.toml": 'target-version = "py312"\n', ".github/workflows/ci.yml": MATRIX}
    said = "warning: targets 3.12, and may write what 3.10 cannot run, which is supported [V103]"
    assert told(files, wanted="3.10 3.11 3.12") == [said]


def test_a_type_checker_may_look_at_the_code_as_a_newer_python():
    assert told({**AGREED, "mypy.ini": "[mypy]\npython_version = 3.12\n"}) == []


def test_a_part_with_a_newer_requirement_of_its_own_may_target_that():
    part = {"part/pyproject.toml": '[project]\nrequires-python = ">=3.12"\n[tool.ruff]\ntarget-version = "py312"\n'}
    assert told({**AGREED, **part}) == []


def test_a_line_that_asks_for_it_is_ignored():
    assert told({**AGREED, "ruff.toml": 'target-version = "py39"  # devstrap: ignore\n'}) == []


# ---- tested or not --------------------------------------------------------------------------------------------------


def test_what_is_shipped_and_never_tested_is_found_where_it_is_shipped():
    files = {**AGREED, "backend/Dockerfile": "# ours\nFROM python:3.13-slim AS build\nFROM python:3.13-slim\n"}
    (found,) = findings(files)
    assert found.message == "ships 3.13 (backend/Dockerfile:2) but never tests it"
    assert found.hint == "test on 3.13 too, or ship what is tested: 3.10, 3.11, 3.12"
    assert (found.code, found.severity.value, found.line) == ("V201", "error", 2)


@pytest.mark.parametrize(
    "path", ["tests/Dockerfile", ".devcontainer/Dockerfile", "ci/Dockerfile", "Dockerfile.dev", "docs/Dockerfile"]
)
def test_an_image_that_is_no_product_need_not_be_tested(path):
    assert told({**AGREED, path: "FROM python:3.13\n"}) == []


def test_what_ships_an_old_python_is_told_once():
    assert len(findings({**AGREED, "Dockerfile": "FROM python:3.9\n"})) == 1


def test_what_is_claimed_and_never_tested_is_told_in_one_sentence():
    more = "".join(f'    "Programming Language :: Python :: 3.{minor}",\n' for minor in (13, 14))
    files = with_files(**{"pyproject.toml": f"{CLASSIFIERS[:-2]}{more}]\n"})
    assert told(files) == ["warning: claims 3.13, 3.14 (pyproject.toml:7) but never tests them [V202]"]


def test_who_tests_both_ends_gets_a_note():
    files = with_files(**{".github__workflows__ci.yml": MATRIX.replace('"3.11", ', "")})
    assert told(files) == ["note: claims 3.11 (pyproject.toml:5) but never tests it [V202]"]


def test_a_version_in_the_making_is_tested_all_the_same():
    files = with_files(**{".github__workflows__ci.yml": MATRIX.replace('"3.12"', '"3.12-dev"')})
    assert told(files) == []


@pytest.mark.parametrize(
    "matrix",
    [
        "        python-version: ${{ fromJson(needs.build.outputs.versions) }}\n",
        "        python-version: ${{ fromJSON(inputs.versions) }}\n",
    ],
)
def test_nobody_can_say_what_a_computed_matrix_tests(matrix):
    other = '  old:\n    strategy:\n      matrix:\n        python-version: ["3.10", "3.11"]\n'
    workflow = f"jobs:\n  test:\n    strategy:\n      matrix:\n{matrix}{other}"
    files = with_files(**{".github__workflows__ci.yml": workflow, "Dockerfile": "FROM python:3.12\n"})
    assert told(files) == []


def test_a_matrix_that_is_written_out_as_json_can_be_read():
    text = (
        'jobs:\n  test:\n    strategy:\n      matrix:\n        python-version: ${{ fromJson(\'["3.10", "3.11"]\') }}\n'
    )
    files = with_files(**{".github__workflows__ci.yml": text, "Dockerfile": "FROM python:3.13\n"})
    assert any("[V201]" in line for line in told(files))


def test_one_job_for_the_documents_says_nothing_about_the_tests():
    text = (
        "jobs:\n  docs:\n    steps:\n    - uses: actions/setup-python@v5\n      with:\n        python-version: '3.12'\n"
    )
    assert told(with_files(**{".github__workflows__ci.yml": text})) == []


def test_a_requirement_below_the_classifiers_is_found():
    files = {"pyproject.toml": CLASSIFIERS.replace(">=3.10", ">=3.9"), ".github/workflows/ci.yml": MATRIX}
    (found,) = [one for one in findings(files, today=date(2025, 1, 1)) if one.code == "V203"]
    assert found.message == "supports 3.9, but the classifiers do not say so"
    assert found.hint == "add the classifier for 3.9"


def test_what_is_tested_beyond_the_claims_is_found_once_it_is_released():
    files = with_files(**{".github__workflows__ci.yml": MATRIX.replace('"3.12"', '"3.12", "3.13", "3.15"')})
    assert told(files) == [
        "warning: tests on 3.13 (.github/workflows/ci.yml:5) but does not claim it [V203]",
    ]


# ---- nothing promised -----------------------------------------------------------------------------------------------


def test_where_nothing_is_promised_a_difference_is_only_worth_a_look():
    files = {
        "a/Dockerfile": "FROM python:3.12\n",
        "b/Dockerfile": "FROM python:3.12\n",
        "c/Dockerfile": "FROM python:3.9\n",
    }
    (found,) = findings(files)
    assert found.message == "ships 3.9, but most places name 3.12"
    assert (found.severity.value, found.fix) == ("warning", None)


# ---- lives and files ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2026, 3, 1), []),
        (date(2026, 9, 1), ["supports 3.10, but Python 3.10 gets no security fixes after 2026-10-31 (PEP 619)"]),
        (
            date(2026, 12, 1),
            ["supports 3.10, but Python 3.10 has been without security fixes since 2026-10-31 (PEP 619)"],
        ),
    ],
)
def test_versions_near_and_past_their_end_are_found(today, said):
    found = findings(AGREED, today=today)
    assert [one.message for one in found] == said
    assert all((one.code, one.severity.value) == ("V301", "warning") for one in found)
    assert all((one.path, one.line) == ("pyproject.toml", 2) for one in found)
    assert all(one.hint == "devstrap modernize --minimum 3.11" for one in found)


def test_what_is_not_released_is_found():
    assert any("3.12 is not released before 2023-10-02" in line for line in told(AGREED, today=date(2023, 1, 1)))


def test_a_file_that_cannot_be_understood_is_found_with_its_line_and_the_rest_is_looked_at():
    found = findings({**AGREED, "ruff.toml": 'target-version = ["py39"\n', "Dockerfile": "FROM python:3.9\n"})
    assert [(one.code, one.path) for one in found] == [("V101", "Dockerfile"), ("V501", "ruff.toml")]
    assert found[1].line is not None


def test_an_edit_that_could_not_be_proven_is_told_with_its_place():
    found = surveyed(AGREED)
    change = Transition(derive(found.sites), derive(found.sites), mends=True)
    proposal = Proposal((), (), (Refusal("a.yml", 3, "another value would change"),))
    (finding,) = check(Survey(()), proposal, change, Choice(), TODAY)
    assert (finding.code, finding.path, finding.line) == ("V502", "a.yml", 3)
    assert finding.message == "cannot be mended safely: another value would change"


# ---- choosing -------------------------------------------------------------------------------------------------------


def test_only_what_is_chosen_is_spoken_of():
    files = {**AGREED, "ruff.toml": 'target-version = "py39"\n', "Dockerfile": "FROM python:3.9\n"}
    assert [one.path for one in findings(files, only=("targeted",))] == ["ruff.toml"]
    assert [one.path for one in findings(files, skip=("targeted",))] == ["Dockerfile"]
    assert [one.path for one in findings(files, only=("docker.*",))] == ["Dockerfile"]
    assert [one.path for one in findings(files, only=("ruff.toml",))] == ["ruff.toml"]


def test_what_is_tested_is_tested_whether_or_not_it_is_chosen():
    files = {**AGREED, "Dockerfile": "FROM python:3.12\n"}
    assert told(files, only=("shipped",)) == []


def test_every_code_has_a_rule():
    files = {
        **AGREED,
        "Dockerfile": "FROM python:3.9\n",
        "b/Dockerfile": "FROM python:3.14\n",
        "ruff.toml": 'target-version = "py312"\n',
        "broken.toml": "[",
    }
    codes = {one.code for one in findings(files, today=date(2027, 1, 1))}
    assert {"V101", "V103", "V201", "V301"} <= codes <= set(RULES)


# ---- images that stay -----------------------------------------------------------------------------------------------


def test_an_image_with_a_digest_is_told_with_the_command_that_gets_the_new_one():
    pinned = with_files(Dockerfile="FROM python:3.9-slim@sha256:0a1b\nRUN python3.9 -V\n")
    (found,) = findings(pinned, default="3.12", wanted="3.10 3.11 3.12")
    assert (found.message, found.line) == ("ships 3.9, but the oldest supported is 3.10", 1)
    assert found.hint == "take python:3.12-slim with its digest: docker buildx imagetools inspect python:3.12-slim"
    assert found.fix is None


def test_a_base_whose_python_is_too_old_is_told_once():
    text = "FROM python:3.9 AS build\nFROM gcr.io/distroless/python3-debian11\nENV PYTHONPATH=/x/python3.9/y\n"
    (found,) = findings(with_files(Dockerfile=text))
    assert found.message == "ships 3.9, but the oldest supported is 3.10"
    assert found.hint == "gcr.io/distroless/python3-debian11 has Python 3.9 and no other; take another base first"


def test_an_image_with_a_digest_of_what_is_supported_is_fine():
    assert told(with_files(Dockerfile="FROM python:3.11-slim@sha256:0a1b\n")) == []
