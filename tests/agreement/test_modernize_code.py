"""A policy in, and code that follows it, or does not because a test would break."""

import json
import sys

import pytest
from shop import FILES, as_bytes, contents

from bootstrap.agreement.modernize import modernize
from bootstrap.code import ruff, trial
from bootstrap.errors import BrokenTestsError, UsageError
from bootstrap.flow.undo import undo
from bootstrap.model import Change, Run, Status
from bootstrap.process import Completed, run
from bootstrap.reports import agreement, document

TARGET = {"minimum": "3.12", "default": "3.12", "supported": ("3.12", "3.13")}
OLD = "import sys\nfrom typing import Optional\n\nif sys.version_info >= (3, 9):\n    x: Optional[int] = None\n"
NEW = "x: int | None = None\n"
CODE = {**FILES, "shop.py": OLD}


@pytest.fixture
def ruff_here(monkeypatch):
    """Run the ruff beside this Python in the place of the one that uv would fetch."""

    def run_here(argv, **options):
        return run((sys.executable, "-m", "ruff", *argv[argv.index("ruff") + 1 :]), **options)

    monkeypatch.setattr(ruff, "run", run_here)


@pytest.fixture
def tests_pass(monkeypatch, ruff_here, tmp_path):
    """Have one test pass as long as `holds` is true of shop.py; return what was run."""

    def script(holds=lambda _text: True):
        runs = []

        def run_tests(argv, **options):
            if "pytest" not in argv:
                return run(argv, **options)
            text = (tmp_path / "shop" / "shop.py").read_text("utf-8")
            runs.append(text)
            report = next(word for word in argv if word.startswith("--junitxml=")).partition("=")[2]
            failure = "" if holds(text) else "<failure/>"
            with open(report, "w", encoding="utf-8") as file:
                file.write(f'<t><testcase classname="t" name="test_it">{failure}</testcase></t>')
            return Completed(tuple(argv), 0, "", "")

        monkeypatch.setattr(trial, "why_not", lambda _root, _oldest: "")
        monkeypatch.setattr(trial, "places", lambda _root: ("",))
        monkeypatch.setattr(trial, "_has_pytest", lambda _environment: True)
        monkeypatch.setattr(trial.process, "run", run_tests)
        return runs

    return script


def test_code_follows_the_policy_in_the_same_transaction(shop, done, tests_pass):
    root, runs = shop(CODE), tests_pass()
    report = done(modernize, is_yes=True, is_code=True, **TARGET)
    assert (report.status, report.findings) == (Status.READY, ())
    assert (root / "shop.py").read_text() == NEW
    assert b'">=3.12"' in (root / "pyproject.toml").read_bytes()
    assert runs == [OLD, NEW]
    assert "1 passed before and 1 after" in agreement.render(report)
    assert json.loads(document.render(report))["tests"]["after"] == {"passed": 1, "failed": 0, "skipped": 0}
    assert done(modernize, is_yes=True, is_code=True, **TARGET).status is Status.NOTHING_TO_DO
    assert done(undo).status is Status.UNDONE
    assert contents(root) == as_bytes(CODE)


def test_a_test_that_breaks_takes_everything_back(shop, done, tests_pass):
    root, runs = shop(CODE), tests_pass(lambda text: "Optional" in text)
    with pytest.raises(BrokenTestsError, match="t::test_it") as caught:
        done(modernize, is_yes=True, is_code=True, **TARGET)
    assert caught.value.exit_code == 4
    assert contents(root) == as_bytes(CODE)
    assert runs == [OLD, NEW, NEW]


def test_a_dry_run_shows_the_code_and_the_tests_and_runs_none(shop, done, tests_pass):
    root, runs = shop(CODE), tests_pass()
    report = done(modernize, is_dry_run=True, is_code=True, **TARGET)
    said = done.said.getvalue().splitlines()
    assert "+x: int | None = None" in said
    assert [line for line in said if line.startswith("run: ") and "-m pytest" in line]
    assert [step.path for step in report.plan.steps if isinstance(step, Change)][-1] == "shop.py"
    assert isinstance(report.plan.steps[-1], Run)
    assert [(one.code, one.path, one.line) for one in report.findings] == [("C101", "shop.py", 4)]
    assert (contents(root), runs) == (as_bytes(CODE), [])


def test_code_alone_can_follow_what_is_declared(shop, done, tests_pass):
    root, _ = shop(CODE), tests_pass()
    report = done(modernize, is_yes=True, is_code=True)
    assert report.policy.minimum == "3.11"
    assert contents(root) == as_bytes({**CODE, "shop.py": NEW})


@pytest.mark.parametrize(
    ("choice", "changed"),
    [
        ({"skip": ("code",)}, {"pyproject.toml", "README.md", ".github/workflows/ci.yml"}),
        ({"skip": ("shop.py", "told")}, {"pyproject.toml", ".github/workflows/ci.yml"}),
        ({"only": ("claimed", "*.py")}, {"pyproject.toml", "shop.py"}),
        ({"only": ("code",)}, {"shop.py"}),
    ],
)
def test_only_and_skip_choose_among_code_too(shop, done, tests_pass, choice, changed):
    shop(CODE)
    tests_pass()
    report = done(modernize, is_dry_run=True, is_code=True, **TARGET, **choice)
    assert {step.path for step in report.plan.steps if isinstance(step, Change)} == changed


def test_what_was_left_to_a_person_is_found_afterwards(shop, done, tests_pass):
    shop({**CODE, "shop.py": f"{OLD}y = bool(sys.version_info >= (3, 8))\n"})
    tests_pass()
    report = done(modernize, is_yes=True, is_code=True, **TARGET)
    assert [(one.code, one.message) for one in report.findings] == [
        ("C101", "sys.version_info >= (3, 8) is always true from 3.12 on")
    ]
    assert (report.status, report.exit_code) == (Status.READY, 0)


def test_without_anything_to_test_it_with_code_is_not_written(shop, done, ruff_here):
    root = shop(CODE)
    with pytest.raises(UsageError, match="cannot be tested: there is no environment") as caught:
        done(modernize, is_yes=True, is_code=True, **TARGET)
    assert "--no-tests" in caught.value.remedy
    assert contents(root) == as_bytes(CODE)
    report = done(modernize, is_dry_run=True, is_code=True, **TARGET)
    assert ("the tests", "there is no environment in .venv to run the tests in") in report.plan.skipped


def test_somebody_may_want_it_untested(shop, done, ruff_here):
    root = shop(CODE)
    report = done(modernize, is_yes=True, is_code=True, is_untested=True, **TARGET)
    assert (report.status, report.tests) == (Status.READY, None)
    assert (root / "shop.py").read_text() == NEW


def test_where_no_code_changes_no_test_is_run(shop, done, tests_pass):
    root, runs = shop({**FILES, "shop.py": NEW}), tests_pass()
    report = done(modernize, is_yes=True, is_code=True, **TARGET)
    assert (report.status, report.tests, runs) == (Status.READY, None, [])
    assert (root / "shop.py").read_text() == NEW


def test_a_person_is_asked_for_the_files_and_not_for_the_tests(shop, done, tests_pass, person, monkeypatch):
    from bootstrap import ask

    shop(CODE)
    tests_pass()
    person()
    questions = []
    monkeypatch.setattr(ask, "confirm", lambda question: bool(questions.append(question)))
    report = done(modernize, is_code=True, **TARGET)
    assert (report.status, questions) == (Status.DECLINED, ["Change 4 files?"])


def test_a_link_is_left_to_what_it_leads_to(shop, done, tests_pass):
    root, _ = shop(CODE), tests_pass()
    (root / "link.py").symlink_to("shop.py")
    done(modernize, is_yes=True, is_code=True, **TARGET)
    assert (root / "link.py").is_symlink()
    assert (root / "shop.py").read_text() == NEW
