"""What pytest says before and after a change, and what follows from it."""

import io
import sys

import pytest

from bootstrap.code import trial
from bootstrap.code.trial import Outcome, Trial, broken, commands, read, why_not
from bootstrap.commands import Tools
from bootstrap.console import Console
from bootstrap.errors import BrokenTestsError, UsageError
from bootstrap.model import Change
from bootstrap.process import Completed

TOOLS = Tools("uv", {"PATH": "/bin", "PYTHONPATH": "/elsewhere"}, None, {})
PASSING = {"t::a": "passed", "t::b": "passed"}


@pytest.fixture
def pytest_says(monkeypatch):
    """Script what each run of the tests says: `pytest_says({"t::a": "passed"}, ...)` returns the calls."""

    def script(*runs, writes=None):
        calls, lent = [], script.lent

        def run(argv, *, cwd, env, timeout=None):
            if argv[0] == "uv":
                lent.append(tuple(argv))
                return Completed(tuple(argv), int(writes == "no pytest"), "", "error: no network\n")
            if argv[0] == "git":
                return Completed(tuple(argv), 0, "".join(f"?? {name}\0" for name in writes or () if calls), "")
            results = runs[len(calls)]
            calls.append((tuple(argv), cwd, dict(env), timeout))
            report = next(word for word in argv if word.startswith("--junitxml=")).partition("=")[2]
            if results is not None:
                with open(report, "w", encoding="utf-8") as file:
                    file.write(xml(results))
            return Completed(tuple(argv), 1, "the last line\n", "")

        monkeypatch.setattr(trial.process, "run", run)
        return calls

    script.lent = []
    return script


def environment(root, version="3.12.1", *, has_pytest=True):
    library = root / ".venv" / "lib" / f"python{version.rpartition('.')[0]}" / "site-packages"
    library.mkdir(parents=True)
    (root / ".venv" / "bin").mkdir()
    (root / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (root / ".venv" / "pyvenv.cfg").write_text(f"home = {sys.base_prefix}/bin\nversion = {version}\n")
    if has_pytest:
        (library / "pytest").mkdir()
    return library


def xml(results):
    inner = {
        "passed": "",
        "failed": '<failure message="assert 1 == 2&#10;more"/>',
        "error": "<error/>",
        "skipped": "<skipped/>",
    }
    cases = (
        f'<testcase classname="{name.partition("::")[0]}" name="{name.partition("::")[2]}">{inner[result]}</testcase>'
        for name, result in results.items()
    )
    return f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>"


@pytest.fixture
def begun(tmp_path):
    """Return what runs the tests before a change, and what was said."""
    environment(tmp_path)

    def begin():
        begin.said = io.StringIO()
        return Trial(tmp_path, TOOLS, Console(begin.said))

    return begin


def test_what_passed_and_still_does_is_proof(pytest_says, begun):
    calls = pytest_says(PASSING, PASSING)
    tried = begun()
    tried.prove([])
    assert tried.report.before == tried.report.after == {"passed": 2, "failed": 0, "skipped": 0}
    argv, _, env, timeout = calls[1]
    assert argv[1:3] == ("-m", "pytest")
    assert (env["PYTHONDONTWRITEBYTECODE"], timeout >= 120) == ("1", True)
    assert "PYTHONPATH" not in env
    assert "2 passed, 0 failed, 0 skipped" in begun.said.getvalue()


def test_what_runs_is_shown_before_it_runs(pytest_says, begun):
    pytest_says(None)
    with pytest.raises(UsageError):
        begun()
    assert "-m pytest -q" in begun.said.getvalue()


@pytest.mark.parametrize("results", [None, {}, {"t::a": "failed"}, {"t::a": "skipped"}])
def test_where_nothing_passes_nothing_can_be_proved(pytest_says, begun, results):
    pytest_says(results)
    with pytest.raises(UsageError, match=r"no test passes before the change.*the last line") as caught:
        begun()
    assert "--no-tests" in caught.value.remedy


@pytest.mark.parametrize("result", ["failed", "error", "skipped"])
def test_what_passed_and_does_so_no_more_is_named(pytest_says, begun, result):
    worse = {**PASSING, "t::b": result}
    pytest_says(PASSING, worse, worse)
    with pytest.raises(BrokenTestsError, match=r"1 of 2 tests that passed fail after the change: t::b") as caught:
        begun().prove([])
    assert caught.value.exit_code == 4
    assert ("the first says assert 1 == 2" in caught.value.message) == (result == "failed")


def test_what_fails_now_and_then_is_no_reason_to_take_everything_back(pytest_says, begun):
    pytest_says(PASSING, {**PASSING, "t::b": "failed"}, PASSING)
    begun().prove([])


def test_what_failed_before_is_no_reason_either(pytest_says, begun):
    before = {"t::a": "passed", "t::b": "failed", "t::c": "error"}
    pytest_says(before, before)
    tried = begun()
    tried.prove([])
    assert tried.report.after == {"passed": 1, "failed": 2, "skipped": 0}


def test_what_hangs_or_crashes_breaks_everything(pytest_says, begun):
    pytest_says(PASSING, None, None)
    with pytest.raises(BrokenTestsError, match="2 of 2"):
        begun().prove([])


def test_a_test_that_is_only_called_otherwise_is_not_broken():
    renamed = Outcome({"t::a": "passed", "t::b[int | None]": "passed"}, {})
    assert broken(Outcome({"t::a": "passed", "t::b[Optional[int]]": "passed"}, {}), renamed) == []
    gone = Outcome({"t::a": "passed", "u::b": "passed"}, {})
    assert broken(Outcome(PASSING, {}), gone) == ["t::b"]


def test_tests_that_change_what_is_changed_prove_nothing(pytest_says, begun, tmp_path):
    pytest_says(PASSING, PASSING)
    (tmp_path / "a.py").write_bytes(b"by the tests")
    with pytest.raises(BrokenTestsError, match=r"the tests themselves change a\.py"):
        begun().prove([Change("a.py", b"old", b"new")])


def test_what_the_tests_leave_behind_is_told(pytest_says, begun):
    pytest_says(PASSING, PASSING, writes=("coverage.xml", "a.py"))
    begun().prove([Change("a.py", b"old", None)])
    assert "look at     the tests changed or left coverage.xml" in begun.said.getvalue()


def test_only_so_many_tests_are_named(pytest_says, begun):
    many = {f"t::{number}": "passed" for number in range(20)}
    pytest_says(many, {}, {})
    with pytest.raises(BrokenTestsError, match=r"t::7 and 12 more"):
        begun().prove([])


def test_a_test_that_fails_in_its_teardown_has_failed(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text('<t><testcase classname="t" name="a"/><testcase classname="t" name="a"><error/></testcase></t>')
    assert read(report).results == {"t::a": "failed"}


@pytest.mark.parametrize("text", ["", "<t><testcase"])
def test_a_report_that_was_cut_off_holds_nothing(tmp_path, text):
    (tmp_path / "report.xml").write_text(text)
    assert read(tmp_path / "report.xml") == Outcome({}, {})


# ---- whether there is anything to run the tests with ----------------------------------------------------------------


def test_without_an_environment_there_are_no_tests(tmp_path):
    assert "no environment in .venv" in why_not(tmp_path, (3, 11))


@pytest.mark.skipif(sys.platform == "win32", reason="an environment looks otherwise there")
def test_an_environment_has_to_run_what_is_written(tmp_path):
    environment(tmp_path)
    assert why_not(tmp_path, (3, 11)) == ""
    assert "for 3.13 and newer" in why_not(tmp_path, (3, 13))


# ---- where there is no pytest, and where parts have environments of their own ---------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="an environment looks otherwise there")
def test_an_environment_without_pytest_is_lent_one(pytest_says, tmp_path):
    environment(tmp_path, has_pytest=False)
    calls = pytest_says(PASSING, PASSING)
    Trial(tmp_path, TOOLS, Console(io.StringIO())).prove([])
    assert [words[:3] for words in pytest_says.lent] == [("uv", "pip", "install")] * 2
    assert [argv[1] for argv, *_ in calls] == ["-c", "-c"]
    assert calls[0][0][3] == pytest_says.lent[0][pytest_says.lent[0].index("--target") + 1]


@pytest.mark.skipif(sys.platform == "win32", reason="an environment looks otherwise there")
def test_where_none_can_be_lent_it_is_told(pytest_says, tmp_path):
    environment(tmp_path, has_pytest=False)
    pytest_says(PASSING, writes="no pytest")
    with pytest.raises(UsageError) as caught:
        Trial(tmp_path, TOOLS, Console(io.StringIO()))
    assert caught.value.message == "there is no pytest in .venv, and none can be had: error: no network"
    assert "--no-tests" in caught.value.remedy


@pytest.mark.skipif(sys.platform == "win32", reason="an environment looks otherwise there")
def test_the_tests_of_each_part_run_in_its_environment_from_its_folder(pytest_says, tmp_path):
    for part in ("api", "web"):
        (tmp_path / part).mkdir()
        (tmp_path / part / "requirements.txt").touch()
        environment(tmp_path / part)
    calls = pytest_says(PASSING, PASSING, PASSING, {"t::a": "passed", "t::b": "failed"}, PASSING, {"t::b": "failed"})
    tried = Trial(tmp_path, TOOLS, Console(io.StringIO()))
    assert tried.report.before["passed"] == 4
    with pytest.raises(BrokenTestsError, match="web/t::b"):
        tried.prove([])
    assert [cwd.name for _, cwd, *_ in calls] == ["api", "web"] * 3
    assert [run.cwd for run in commands(tmp_path)] == ["api", "web"]


@pytest.mark.skipif(sys.platform == "win32", reason="an environment looks otherwise there")
def test_a_part_on_a_python_that_goes_is_a_reason_against_it(tmp_path):
    (tmp_path / "api").mkdir()
    (tmp_path / "api" / "setup.py").touch()
    environment(tmp_path / "api")
    assert why_not(tmp_path, (3, 13)) == "api/.venv runs Python 3.12.1, and the code would be for 3.13 and newer"
