"""The interview, and what of a report depends on how devstrap was started."""

from pathlib import Path

import pytest

from bootstrap import ask, flow
from bootstrap.commands import Tools
from bootstrap.console import Console
from bootstrap.detect.repository import Reader
from bootstrap.errors import ChangedError, LockedError
from bootstrap.machine import Interpreter
from bootstrap.model import Answers, Choice, Finding, Report, Settings, Severity, Status
from bootstrap.options import Options
from bootstrap.state import state_directory

TOOLS = Tools("/uv", {}, None, {})


def python(version, source="pyenv"):
    folder = Path(f"/{source}/{version}")
    return Interpreter(folder / "bin/python", version, "cpython", "x86_64", source, folder)


PYTHONS = (python("3.12.1"), python("3.13.0"), python("3.11.7"))


@pytest.fixture
def interview(facts, monkeypatch, tmp_path):
    """Hold an interview in which the person takes what is preselected; return what was offered and what came of it."""

    def hold(wanted, chosen, **options):
        asked = []

        def answer(defaults, interpreters, managed, preselected, **_):
            asked.append(([one.version for one in interpreters], managed, preselected))
            return defaults

        there = facts(repository={"pin": None}, interpreters=PYTHONS, choice=chosen)
        monkeypatch.setattr(ask, "ask", answer)
        monkeypatch.setattr(flow, "detect", lambda *_: there)
        monkeypatch.setattr(flow, "_planned", lambda *_: "plan")
        root = there.repository.root
        _, given, plan = flow._interview(Options("setup", root, **options), TOOLS, there, wanted, Reader(root))
        assert plan == "plan"
        return asked[0], given

    return hold


def test_all_that_suit_the_repository_are_offered_whatever_was_answered_earlier(interview):
    declared = Settings()
    assert declared.default is None
    (offered, managed, preselected), given = interview(Answers("3.12.1"), Choice("3.12.1", "", PYTHONS[0]))
    assert (offered, managed, preselected) == (["3.12.1"], "3.12", "3.12.1")
    assert given == Answers()


def test_one_that_uv_keeps_is_preselected_where_it_was_the_earlier_answer(interview):
    chosen = Choice("3.12", "", must_install=True)
    (offered, _, preselected), _ = interview(Answers(prefer_managed=True), chosen)
    assert (offered, preselected) == (["3.12.1"], ask.MANAGED)


@pytest.mark.parametrize("options", [{"python": "3.12"}, {"managed": True}, {"managed": False}])
def test_what_the_command_line_has_answered_is_not_asked(interview, options):
    wanted = Answers(options.get("python"), prefer_managed=options.get("managed", False))
    (offered, managed, _), given = interview(wanted, Choice("3.12", "", PYTHONS[0]), **options)
    assert (offered, managed, given) == ([], "", wanted)


@pytest.mark.parametrize(
    ("options", "wanted", "word"),
    [
        ({}, Answers("3.12.1"), "3.12.1 is remembered from an earlier answer; --python chooses another"),
        ({}, Answers(prefer_managed=True), "remembered from an earlier answer, --no-managed chooses another"),
        ({"python": "3.12.1"}, Answers("3.12.1"), ".python-version:1 pins 3.12"),
        ({"managed": True}, Answers(prefer_managed=True), ".python-version:1 pins 3.12"),
        ({}, Answers(), ".python-version:1 pins 3.12"),
    ],
)
def test_the_reason_says_what_an_earlier_answer_decided(facts, monkeypatch, options, wanted, word):
    there = facts()
    monkeypatch.setattr(flow, "detect", lambda *_: there)
    root = there.repository.root
    found = flow._look(Options("setup", root, **options), TOOLS, there.repository, wanted, Reader(root))
    assert found.choice.reason.endswith(word)


@pytest.mark.parametrize(
    ("fix", "told"),
    [
        ("python bootstrap.py run uv lock", "python bootstrap.py --root part run uv lock"),
        ("devstrap", "python bootstrap.py --root part"),
        ("devstrapped", "devstrapped"),
        (None, None),
    ],
)
def test_a_command_in_a_finding_begins_as_devstrap_was_started(tmp_path, fix, told):
    options = Options("setup", tmp_path, started="python bootstrap.py --root part")
    finding = Finding("D201", Severity.ERROR, "stale", "renew it", fix=fix)
    assert flow._as_started(finding, options) == finding._replace(fix=told)


# ---- a command while another run is at work -------------------------------------------------------------------------


@pytest.fixture
def ready(monkeypatch, tmp_path, capsys):
    """Let `setup` end in these ways, one after the other, and say before each whether the environment is ready."""

    def make(readiness, endings):
        states, ways = iter(readiness), iter(endings)

        def setup(*_):
            way = next(ways)
            if isinstance(way, Exception):
                raise way
            return way

        monkeypatch.setattr(flow, "_is_ready", lambda _: next(states))
        monkeypatch.setattr(flow, "_refuse_to_replace", lambda _: None)
        monkeypatch.setattr(flow, "setup", setup)
        console = Console(flow.sys.stderr)
        return flow._made_ready(Options("run", tmp_path, ("x",)), TOOLS, console), capsys.readouterr().err

    return make


HELD = LockedError("another run of devstrap is at work", remedy="wait")
CHANGED = ChangedError(".venv was changed", remedy="run it again")


def test_a_command_waits_for_another_run_and_says_so_once(ready, tmp_path):
    report, said = ready([False, False, True], [HELD, HELD])
    assert report is None
    assert said == "waiting: another run of devstrap is at work\n"
    assert not state_directory(tmp_path).exists()


def test_what_another_run_has_left_to_do_is_done_after_it(ready, tmp_path):
    done = Report("setup", tmp_path, Status.READY)
    assert ready([False, False], [HELD, done])[0] == done


def test_another_run_that_was_done_just_before_is_as_good(ready):
    assert ready([False, True, True], [CHANGED]) == (None, "")


def test_what_somebody_else_changed_is_an_error_where_nothing_is_ready(ready):
    with pytest.raises(ChangedError):
        ready([False, False], [CHANGED])
