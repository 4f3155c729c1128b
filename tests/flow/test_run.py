"""A command while another run is at work."""

import sys

import pytest

from bootstrap.answers import remember
from bootstrap.commands import Tools
from bootstrap.console import Console
from bootstrap.errors import ChangedError, LockedError, UsageError
from bootstrap.flow import run
from bootstrap.model import Answers, Report, Status
from bootstrap.options import Options
from bootstrap.state import state_directory

TOOLS = Tools("/uv", {}, None, {})


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

        monkeypatch.setattr(run, "_is_ready", lambda _: next(states))
        monkeypatch.setattr(run, "_refuse_to_replace", lambda _: None)
        monkeypatch.setattr("bootstrap.flow.setup.setup", setup)
        console = Console(sys.stderr)
        return run._made_ready(Options("run", tmp_path, ("x",)), TOOLS, console), capsys.readouterr().err

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


# ---- in which part --------------------------------------------------------------------------------------------------


@pytest.fixture
def home(write, tmp_path):
    """Return where a command would run, with environments in these folders."""

    def find(*folders, parts=(), here=""):
        for folder in ("backend", "services/web"):
            write({f"{folder}/requirements.txt": ""})
        for folder in folders:
            scripts = tmp_path / folder / ".venv" / "bin"
            scripts.mkdir(parents=True, exist_ok=True)
            if not (scripts / "python").exists():
                (scripts / "python").symlink_to(sys.executable)
            (scripts.parent / "pyvenv.cfg").write_text(f"home = {tmp_path}\nversion = 3.12.1\n")
        options = Options("run", tmp_path, here=tmp_path / here, words=("pytest",), parts=parts)
        return run._home(options).relative_to(tmp_path).as_posix()

    return find


@pytest.mark.skipif(sys.platform == "win32", reason="links of POSIX")
@pytest.mark.parametrize(
    ("folders", "given", "place"),
    [
        ([], {}, "."),
        ([""], {}, "."),
        (["backend"], {}, "backend"),
        (["backend", "services/web"], {"here": "services/web/deep"}, "services/web"),
        (["backend", "services/web"], {"parts": ("backend",)}, "backend"),
        (["", "backend"], {"parts": ("backend",)}, "backend"),
        (["", "backend"], {"parts": ("services/web",)}, "."),
        (["", "backend"], {}, "."),
    ],
)
def test_a_command_runs_in_the_part_that_is_named_or_stood_in(home, folders, given, place):
    assert home(*folders, **given) == place


@pytest.mark.skipif(sys.platform == "win32", reason="links of POSIX")
def test_where_each_part_has_its_own_one_has_to_be_named(home):
    with pytest.raises(UsageError) as caught:
        home("backend", "services/web")
    assert caught.value.message == "each part has an environment of its own: backend, services/web"
    assert "--part backend run pytest" in caught.value.remedy


def test_a_command_runs_in_one_part(home):
    with pytest.raises(UsageError, match="one --part"):
        home(parts=("backend", "services/web"))


def test_a_part_that_does_not_exist_is_no_reason_to_run_anywhere(home):
    with pytest.raises(UsageError, match="no part 'web'") as caught:
        home("", parts=("web",))
    assert caught.value.remedy == "the parts are backend, services/web"
    with pytest.raises(UsageError, match="no part"):
        home(parts=("../elsewhere",))


@pytest.mark.skipif(sys.platform == "win32", reason="links of POSIX")
def test_what_all_parts_shared_before_they_went_apart_is_not_run_in(home, tmp_path):
    remember(Answers(is_apart=True), state_directory(tmp_path))
    assert home("", "backend") == "backend"
    assert home("services/web", here="services/web") == "services/web"


@pytest.mark.skipif(sys.platform == "win32", reason="links of POSIX")
def test_tools_of_the_root_stay_where_the_parts_went_apart(home, tmp_path, write):
    remember(Answers(is_apart=True), state_directory(tmp_path))
    write({"requirements-dev.txt": "pytest\n", "backend/.venv/devstrap.json": '{"schema": 1}'})
    assert home("", "backend", "services/web") == "."
    assert home("", "backend", here="backend/deep") == "backend"
