"""What is done outside the transaction: with the lock held, told before it runs, and honest about what failed."""

import io

import pytest

from bootstrap.besides import Besides, Command, Submodule
from bootstrap.commands import Tools
from bootstrap.console import Console
from bootstrap.errors import InterruptedRunError, LockedError, StepError, UnfinishedError
from bootstrap.flow import besides as flow
from bootstrap.lock import Lock
from bootstrap.model import Finding, Plan, Run, Severity
from bootstrap.options import Options
from bootstrap.process import Completed

TOOLS = Tools("/uv", {"PATH": "/usr/bin"}, None, {})
UPDATE = Run(("git", "submodule", "update"), "check out lib", turn="first", is_optional=True)
NEEDED = UPDATE._replace(is_optional=False)
INSTALL = Run(("pre-commit", "install"), "install the hooks", turn="last", is_optional=True, home=".")
FETCH = Run(("fetch", "a b"), "run fetch", turn="last", home=".")
CLEAN = Run(("clean",), "run clean", turn="last", home=".")
COMMANDS = (
    Command("fetch 'a b'", FETCH.argv, "", "", ("fetch 'a b'",), "f1"),
    Command("clean", CLEAN.argv, "", "", ("fetch 'a b'", "clean"), "f1"),
)


@pytest.fixture
def beside(facts, monkeypatch):
    """Carry out a turn of a plan; the commands named in `failing` fail with what is given, or are interrupted."""

    def carry_out(turn, *steps, failing=(), commands=(), is_quiet=False):
        there = facts(besides=Besides(submodules=(Submodule("lib"),), commands=commands))
        started = carry_out.started = []
        carry_out.said = io.StringIO()

        def run(argv, *, cwd, env, on_line):
            started.append(tuple(argv))
            said = dict(failing).get(argv[0])
            if said is KeyboardInterrupt:
                raise KeyboardInterrupt
            return Completed(tuple(argv), 0 if said is None else 3, "", said or "")

        monkeypatch.setattr(flow.process, "run", run)
        console = Console(carry_out.said, is_quiet=is_quiet)
        work = flow.Beside(Options("setup", there.repository.root), TOOLS, console)
        plan = Plan(steps)
        return work.begin(plan, there) if turn == "first" else work.finish(plan, there, 1)

    return carry_out


def test_each_turn_does_only_what_is_its_own(beside):
    assert beside("first", UPDATE, FETCH).steps == (UPDATE,)
    assert beside("last", UPDATE, FETCH, commands=COMMANDS[:1]).steps == (FETCH,)
    assert beside("first", FETCH) == flow.Done()
    assert flow.within(Plan((UPDATE, FETCH))) == Plan()
    assert flow.due(Plan((UPDATE, INSTALL, FETCH))) == Plan((FETCH,))


def test_what_may_fail_is_a_finding_with_gits_own_reason(beside):
    said = "Cloning into 'lib'...\nfatal: no such host\nfatal: no such host\nFailed to clone a second time\n"
    done = beside("first", UPDATE, failing={"git": said}.items())
    (finding,) = done.findings
    assert done.steps == ()
    assert (finding.code, finding.severity) == ("D501", Severity.WARNING)
    assert finding.message == "could not check out lib: no such host"


def test_the_guard_does_not_say_again_what_a_failure_has_said():
    codes = {"guard": "D501", "failure": "D501", "other": "D505"}
    guard, failure, other = (Finding(code, Severity.WARNING, name, "") for name, code in codes.items())
    assert flow.without_doubles((guard, other), (failure,)) == (other, failure)
    assert flow.without_doubles((guard, other), ()) == (guard, other)


def test_what_is_needed_stops_the_set_up_before_it_begins(beside):
    with pytest.raises(StepError, match="without which nothing can be installed: no such host") as caught:
        beside("first", NEEDED, failing={"git": "fatal: no such host"}.items())
    assert not isinstance(caught.value, UnfinishedError)
    assert "git submodule update" in caught.value.remedy


def test_a_command_that_fails_says_what_stays_and_what_is_left(beside):
    with pytest.raises(UnfinishedError, match="exit code 3") as caught:
        beside("last", INSTALL, FETCH, CLEAN, failing={"fetch": "a\n\nb\nc\nd\ne"}.items(), commands=COMMANDS)
    assert caught.value.exit_code == 4
    assert "b\n  c\n  d\n  e" in caught.value.message
    assert ".venv is ready, and what was done before stays; not run yet: clean" in caught.value.message
    assert [argv[0] for argv in beside.started] == ["pre-commit", "fetch"]


def test_one_that_says_nothing_is_told_so(beside):
    with pytest.raises(UnfinishedError, match="it said nothing"):
        beside("last", FETCH, failing={"fetch": ""}.items(), commands=COMMANDS[:1])


@pytest.mark.parametrize("is_quiet", [True, False])
def test_a_command_of_the_repository_is_told_before_it_runs(beside, is_quiet):
    beside("last", INSTALL, FETCH, commands=COMMANDS[:1], is_quiet=is_quiet)
    assert "run fetch" in beside.said.getvalue()
    assert ("install the hooks" in beside.said.getvalue()) is not is_quiet


def test_who_interrupts_a_command_is_told_what_stays(beside):
    with pytest.raises(InterruptedRunError, match="interrupted: run fetch") as caught:
        beside("last", FETCH, failing={"fetch": KeyboardInterrupt}.items(), commands=COMMANDS[:1])
    assert "what was done before it stays" in caught.value.remedy


def test_nothing_is_begun_while_another_run_is_at_work(beside, facts):
    state = facts().repository.state_dir
    with Lock(state, "setup"), pytest.raises(LockedError):
        beside("first", UPDATE)


def test_an_installation_that_fails_is_told_with_what_the_checkout_lacks(facts):
    there = facts(besides=Besides(is_too_shallow=True))
    with pytest.raises(StepError) as caught, flow.hinting(there):
        raise StepError("no", remedy="mend it")
    assert caught.value.remedy == (
        "the clone is shallow and has no tag to take the version from: git fetch --unshallow --tags; mend it"
    )
    with pytest.raises(UnfinishedError) as caught, flow.hinting(there):
        raise UnfinishedError("no", remedy="mend it")
    assert caught.value.remedy == "mend it"
