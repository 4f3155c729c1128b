"""A plan is executed whole, or nothing of it stays."""

import contextlib
import io
import json

import pytest

from bootstrap.apply import apply, describe
from bootstrap.commands import Tools
from bootstrap.console import Console
from bootstrap.errors import ChangedError, StepError
from bootstrap.model import Build, Change, Plan, Run
from bootstrap.process import Completed
from bootstrap.transaction import Transaction

CREATE = Run(("uv", "venv", "{target}"), "create .venv")
INSTALL = Run(("uv", "sync"), "install the dependencies", cwd="sub", env=(("WHERE", "{target}"),))
VENV = Build(".venv", (CREATE, INSTALL), "create .venv", '{"schema": 1}\n')
WRITE = Change("a/b.json", None, b"{}\r\n", "settings")


class RecordingRunner:
    """Remembers commands; `uv venv` makes the folder, and the commands in `failing` fail."""

    def __init__(self):
        self.commands = []
        self.failing = {}
        self.lines = ["working"]
        self.makes_folder = True

    def __call__(self, argv, *, cwd, env, timeout=None, on_line=None):
        self.commands.append((argv, cwd, dict(env)))
        for line in self.lines:
            on_line(line)
        if argv[1] == "venv" and self.makes_folder:
            with contextlib.suppress(FileExistsError):
                (cwd / argv[-1]).mkdir()
            (cwd / argv[-1] / "pyvenv.cfg").write_text("version = 3.12.1\n")
        stderr = self.failing.get(argv[1])
        return Completed(argv, 0 if stderr is None else 1, "", stderr or "")


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "repository"
    (folder / "sub").mkdir(parents=True)
    return folder


@pytest.fixture
def runner():
    return RecordingRunner()


@pytest.fixture
def execute(root, tmp_path, runner):
    """Apply steps in a transaction and return what a verbose person sees."""

    def run(*steps, **watching):
        console = Console(io.StringIO(), is_verbose=True)
        with Transaction(root, tmp_path / "state", "setup") as transaction:
            apply(Plan(steps), root, transaction, Tools("/uv", {}, None, {}), runner, console, **watching)
        return console.stream.getvalue()

    return run


def test_who_watches_is_asked_about_each_build_and_has_the_word(execute, runner):
    runner.lines = ["   Building numpy==1.19.5", "   Building shop @ file:///shop", "   Building docopt==0.6.2"]
    asked = []

    def watch(wanted, run, place):
        asked.append((wanted, run, place))
        return "numpy has no wheel for this Python" if wanted.startswith("numpy") else ""

    seen = execute(Build(".venv", (CREATE,), "create .venv"), watch=watch)
    assert asked == [("numpy==1.19.5", CREATE, ".venv"), ("docopt==0.6.2", CREATE, ".venv")]
    assert "  numpy has no wheel for this Python\n" in seen
    assert "  docopt==0.6.2 too\n" in seen


def test_what_is_built_from_source_is_told_as_soon_as_it_is_begun(execute, runner):
    builds = ["numpy==1.19.5", "shop @ file:///shop", "scipy==1.5.4"]
    runner.lines = ["Resolved 3 packages", *(f"   Building {one}" for one in builds), "Prepared 3 packages"]
    seen = execute(Build(".venv", (CREATE,), "create .venv"))
    told = [line for line in seen.splitlines() if "source" in line or "too" in line]
    assert told == [
        "  numpy==1.19.5 is built from source: there is no wheel of it for this Python",
        "  scipy==1.5.4 too",
    ]


def everything(root):
    return sorted(str(path.relative_to(root)) for path in root.rglob("*"))


def test_an_empty_plan_does_nothing(execute, root, runner):
    assert execute() == ""
    assert (everything(root), runner.commands) == (["sub"], [])


def test_steps_are_shown_and_done_in_order(execute, root, runner):
    assert execute(WRITE, VENV).splitlines() == [
        "[1/2] write a/b.json",
        "[2/2] create .venv",
        "    working",
        "    working",
    ]
    assert (root / "a" / "b.json").read_bytes() == b"{}\r\n"
    assert everything(root) == [".venv", ".venv/devstrap.json", ".venv/pyvenv.cfg", "a", "a/b.json", "sub"]


def test_an_environment_is_built_aside_and_every_command_is_told_where(execute, root, runner):
    execute(VENV)
    (created, at_root, _), (_, below, env) = runner.commands
    assert created[-1] == env["WHERE"] != str(root / ".venv")
    assert (at_root, below) == (root, root / "sub")


def test_what_it_was_made_from_is_noted_with_what_is_in_it(execute, root):
    execute(VENV)
    assert json.loads((root / ".venv" / "devstrap.json").read_bytes()) == {"schema": 1, "installed": []}


def test_what_came_to_its_place_meanwhile_is_not_replaced(execute, root):
    (root / ".venv").mkdir()
    (root / ".venv" / "thesis.txt").write_text("mine")
    with pytest.raises(ChangedError, match=r"\.venv was changed by somebody else"):
        execute(VENV._replace(identity=""))
    assert (root / ".venv" / "thesis.txt").read_text() == "mine"


@pytest.mark.parametrize(("mode", "noted"), [("update", {"adopted": True}), ("fill", {})])
def test_an_environment_can_be_worked_on_in_place(execute, root, runner, mode, noted):
    (root / ".venv").mkdir()
    (root / ".venv" / "kept").write_text("")
    execute(Build(".venv", (CREATE,), "update .venv", "{}", mode))
    assert runner.commands[0][0][-1] == str(root / ".venv")
    assert (root / ".venv" / "kept").exists() is (mode == "update")
    assert json.loads((root / ".venv" / "devstrap.json").read_text()) == {"installed": [], **noted}


def kept(tmp_path):
    """Return the names of what is kept of the folders that were replaced."""
    return sorted(path.name for path in tmp_path.glob("state/runs/*/*/*"))


def test_an_environment_that_somebody_made_is_kept_when_it_is_replaced(execute, root, tmp_path):
    (root / ".venv").mkdir()
    (root / ".venv" / "notes.txt").write_text("mine")
    execute(VENV)
    assert kept(tmp_path) == ["notes.txt"]


def test_an_environment_of_devstrap_s_own_is_not_kept_when_it_is_replaced(execute, root, tmp_path):
    execute(VENV)
    execute(VENV)
    assert (root / ".venv" / "devstrap.json").is_file()
    assert kept(tmp_path) == []


def test_an_environment_into_which_devstrap_only_installed_stays_somebody_s(execute, root, tmp_path):
    (root / ".venv").mkdir()
    (root / ".venv" / "notes.txt").write_text("mine")
    for _ in range(2):
        execute(Build(".venv", (INSTALL,), "update .venv", "{}", "update"))
    execute(VENV)
    assert kept(tmp_path) == ["devstrap.json", "notes.txt"]


def test_an_empty_folder_is_not_worth_keeping(execute, root, tmp_path):
    (root / ".venv").mkdir()
    execute(VENV)
    assert kept(tmp_path) == []


@pytest.mark.parametrize("failing", ["venv", "sync"])
@pytest.mark.parametrize("mode", ["replace", "update"])
def test_a_command_that_fails_leaves_everything_as_it_was(execute, root, runner, failing, mode):
    (root / ".venv").mkdir()
    (root / ".venv" / "old").write_text("old")
    runner.failing[failing] = "error: No solution found\n"
    with pytest.raises(StepError, match="No solution found") as caught:
        execute(WRITE, Build(".venv", (CREATE, INSTALL), "make it", "{}", mode))
    assert caught.value.exit_code == 4
    assert everything(root) == [".venv", ".venv/old", "sub"]


def test_a_command_of_its_own_that_fails_stops_the_rest(execute, root, runner):
    runner.failing["python"] = "error: No download found for request: cpython-3.99\n"
    with pytest.raises(StepError, match=r"could not install Python 3\.99"):
        execute(Run(("uv", "python", "install", "3.99"), "install Python 3.99"), VENV, WRITE)
    assert len(runner.commands) == 1
    assert everything(root) == ["sub"]


def test_a_build_that_makes_nothing_is_a_failure_and_no_bug(execute, root, runner):
    runner.makes_folder = False
    with pytest.raises(StepError):
        execute(VENV)
    assert everything(root) == ["sub"]


def test_a_note_that_cannot_be_written_is_a_failure_and_no_bug(execute, root):
    (root / ".venv" / "devstrap.json").mkdir(parents=True)
    with pytest.raises(StepError, match=r"devstrap\.json"):
        execute(Build(".venv", (CREATE,), "update .venv", "{}", "update"))


def test_a_file_that_somebody_changed_meanwhile_is_not_overwritten(execute, root):
    (root / "a").mkdir()
    (root / "a" / "b.json").write_text("theirs")
    with pytest.raises(ChangedError):
        execute(VENV, WRITE)
    assert (root / "a" / "b.json").read_text() == "theirs"
    assert not (root / ".venv").exists()


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (Change("a", None, b""), "write a"),
        (Change("a", b"", b"1"), "update a"),
        (Change("a", b"", None), "delete a"),
        (CREATE, "create .venv"),
        (VENV, "create .venv"),
    ],
)
def test_a_step_is_described_in_a_few_words(step, words):
    assert describe(step) == words


def test_what_its_owner_alone_may_read_is_never_there_for_others(execute, root, monkeypatch):
    from bootstrap.transaction import disk

    made = []
    real = disk.write_new

    def write_new(path, content, mode):
        made.append((path.name, mode))
        return real(path, content, mode)

    monkeypatch.setattr(disk, "write_new", write_new)
    execute(Change(".env", None, b"TOKEN=x\n", mode=0o600), Change("plain", None, b""))
    assert [mode for _, mode in made] == [0o600, 0o666]
    assert (root / ".env").stat().st_mode & 0o777 == 0o600


# ---- files that commands read ---------------------------------------------------------------------------------------

READ = Run(("uv", "pip", "install", "--requirements", "{target}/sub/lock.txt"), "install what is locked")
LOCKED = VENV._replace(runs=(CREATE, READ), files=(("sub/lock.txt", "größe==1\n"), ("more.txt", "")))


def test_files_are_there_before_the_first_command_that_reads_one_and_after_the_folder_is_made(
    execute, root, monkeypatch
):
    seen, call = [], RecordingRunner.__call__

    def looking(self, argv, **options):
        seen.append([path.name for path in root.glob(".venv*/sub/lock.txt")])
        return call(self, argv, **options)

    monkeypatch.setattr(RecordingRunner, "__call__", looking)
    execute(LOCKED)
    assert seen == [[], ["lock.txt"]]
    assert (root / ".venv" / "sub" / "lock.txt").read_bytes() == "größe==1\n".encode()
    assert (root / ".venv" / "more.txt").read_bytes() == b""


def test_a_file_that_no_command_reads_is_not_written(execute, root):
    execute(VENV._replace(files=(("lock.txt", "a"),)))
    assert not (root / ".venv" / "lock.txt").exists()


def test_a_file_that_cannot_be_written_is_an_error_and_nothing_stays(execute, root):
    with pytest.raises(StepError, match=r"pyvenv.cfg/lock.txt"):
        execute(LOCKED._replace(files=(("pyvenv.cfg/lock.txt", ""),)))
    assert everything(root) == ["sub"]
