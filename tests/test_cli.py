"""Words in; options, one object or one sentence, and an exit code out."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from bootstrap import cli, console, guard
from bootstrap.cli import main, parse
from bootstrap.errors import BootstrapError, MalformedFileError, StepError, UsageError
from bootstrap.handoff import Handoff
from bootstrap.model import Finding, Report, Severity, Status
from bootstrap.options import Options

SCHEMA = json.loads((Path(cli.__file__).parent / "reports" / "report.schema.json").read_bytes())


@pytest.fixture
def hand_over(tmp_path):
    """Hand over as bootstrap.py in `tmp_path` would; what is given differs."""

    def make(**changes):
        usual = {"uv": "/uv", "cache": "", "script": str(tmp_path / "bootstrap.py")}
        return Handoff(**{**usual, "executable": sys.executable, "version": "3.12.1", **changes})

    return make


@pytest.fixture
def handoff(hand_over):
    return hand_over()


@pytest.fixture
def parsed(handoff):
    return lambda line: parse(line.split(), handoff)


@pytest.fixture
def command(monkeypatch, handoff, capsys):
    """Run a command line in which `setup` does as it is told; return the code and both outputs."""

    def run(line, does):
        monkeypatch.setattr(cli, "COMMANDS", {"setup": does, "undo": does})
        code = main(line.split(), handoff)
        return code, *capsys.readouterr()

    return run


def raising(error):
    def fail(*_arguments):
        raise error

    return fail


def reporting(status=Status.READY, exit_code=0, **parts):
    return lambda options, *_rest: Report("setup", options.root, status, exit_code=exit_code, **parts)


# ---- parsing --------------------------------------------------------------------------------------------------------


def test_setup_is_what_is_done_without_a_command(parsed, tmp_path):
    assert parsed("") == Options("setup", tmp_path.resolve())


@pytest.mark.parametrize(
    "line", ["--json undo --quiet", "undo --json --quiet", "--quiet --json undo", "--json -q undo"]
)
def test_options_may_stand_before_and_after_the_command(parsed, line):
    options = parsed(line)
    assert (options.command, options.is_json, options.is_quiet) == ("undo", True, True)


@pytest.mark.parametrize("line", ["--root / undo", "undo --root /", "--root=/ undo", "undo --root=/"])
def test_a_value_is_not_taken_for_the_command(parsed, line):
    options = parsed(line)
    assert (options.command, str(options.root)) == ("undo", "/")


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("--yes", "is_yes", True),
        ("-qy", "is_quiet", True),
        ("--dry-run", "is_dry_run", True),
        ("--dry-run --exit-code", "has_exit_code", True),
        ("--verbose", "is_verbose", True),
        ("--managed", "managed", True),
        ("--no-managed", "managed", False),
        ("--offline", "is_offline", True),
        ("", "managed", None),
        ("", "devcontainer", None),
        ("--devcontainer", "devcontainer", True),
        ("--no-devcontainer", "devcontainer", False),
        ("", "editors", None),
        ("--editor none", "editors", ()),
        ("", "dotenv", None),
        ("--dotenv", "dotenv", True),
        ("--no-dotenv", "dotenv", False),
        ("", "hooks", None),
        ("--hooks", "hooks", True),
        ("--no-hooks", "hooks", False),
        ("--editor vscode setup --editor none", "editors", ("vscode",)),
        ("modernize --minimum 3.11", "minimum", "3.11"),
        ("modernize --default 3.12", "default", "3.12"),
        ("modernize --default=", "default", None),
        ("modernize", "supported", None),
        ("modernize --supported 3.11,3.12", "supported", ("3.11", "3.12")),
        ("modernize --supported ,", "supported", ()),
        ("modernize --only told,tested --only a.toml", "only", ("told", "tested", "a.toml")),
        ("check --skip docs/*", "skip", ("docs/*",)),
        ("modernize --entries", "with_entries", True),
        ("modernize --simplify", "is_simplify", True),
        ("modernize --code", "is_code", True),
        ("modernize --code --no-tests", "is_untested", True),
        ("modernize --code --offline", "is_offline", True),
        ("init", "phases", ()),
        ("init --phase containers --phase foundation", "phases", ("containers", "foundation")),
        ("undo --phase containers", "phases", ("containers",)),
        ("init --summary pr.md", "summary", Path("pr.md")),
        ("init", "ci", None),
        ("init --ci", "ci", True),
        ("init --no-ci", "ci", False),
        ("init --hooks", "hooks", True),
        ("--no-hooks init", "hooks", False),
        ("init --guards", "guards", True),
        ("init --no-guards", "guards", False),
        ("init --documents", "documents", True),
        ("init --no-documents", "documents", False),
        ("init --editor vscode", "editors", ("vscode",)),
        ("init --editor none", "editors", ()),
        ("init --devcontainer", "devcontainer", True),
        ("init --allow-dirty", "is_dirty_allowed", True),
        ("--as-of 2024-01-31", "as_of", "2024-01-31"),
        ("--smoke", "has_smoke", True),
        ("--no-smoke", "has_smoke", False),
        ("", "remember", None),
        ("--yes --remember", "remember", True),
        ("--no-remember", "remember", False),
        ("--lock requirements/lock.txt", "lock", Path("requirements/lock.txt")),
        ("--part ./backend/ --part shared", "parts", ("backend", "shared")),
        ("init", "image", None),
        ("init --image", "image", True),
        ("init --no-image", "image", False),
        ("init", "gather", None),
        ("init --gather", "gather", True),
        ("init --no-gather", "gather", False),
        ("versions", "skip", ()),
        ("check --fix", "is_fix", True),
        ("check", "format", "text"),
        ("check --format sarif", "format", "sarif"),
        ("check --format json", "is_json", True),
        ("check --json", "format", "json"),
    ],
)
def test_every_option_is_understood(parsed, line, field, value):
    assert getattr(parsed(line), field) == value


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("run pytest", ("pytest",)),
        ("run pytest --json -q", ("pytest", "--json", "-q")),
        ("run pytest --root / setup undo", ("pytest", "--root", "/", "setup", "undo")),
        ("run python -c x", ("python", "-c", "x")),
        ("run run", ("run",)),
        ("run", ()),
    ],
)
def test_what_follows_run_is_the_command_s_own(parsed, line, words):
    options = parsed(line)
    assert (options.command, options.words, options.is_json, options.is_quiet) == ("run", words, False, False)


def test_options_before_run_are_ours(parsed):
    options = parsed("--offline --python 3.12 run pytest --python 2")
    assert (options.is_offline, options.python, options.words) == (True, "3.12", ("pytest", "--python", "2"))


def test_the_command_line_is_kept_as_it_was(parsed):
    assert parsed("--yes setup -q").arguments == ("--yes", "setup", "-q")


@pytest.mark.parametrize(
    "line",
    [
        "frobnicate",
        "--frobnicate",
        "undo --frobnicate",
        "undo setup",
        "setup extra",
        "guard extra",
        "--python",
        "--editor ed",
        "--jso",
        "--root /no/such/folder",
    ],
)
def test_what_does_not_exist_is_refused_with_a_remedy(parsed, line):
    with pytest.raises(UsageError) as caught:
        parsed(line)
    assert caught.value.remedy


def test_the_root_is_the_script_s_folder_wherever_one_is(parsed, tmp_path, monkeypatch, tmp_path_factory):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert parsed("").root == tmp_path.resolve()


def test_the_root_may_be_named_and_is_made_absolute(parsed, tmp_path, monkeypatch):
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path)
    assert parsed("--root sub").root == (tmp_path / "sub").resolve()


def test_an_installed_command_looks_for_the_root_from_where_it_is(hand_over, tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a" / "b")
    assert parse([], hand_over(script="")).root == tmp_path.resolve()


@pytest.mark.parametrize(
    ("line", "script", "started"),
    [
        ("", "bootstrap.py", "python bootstrap.py"),
        ("--root .", "bootstrap.py", "python bootstrap.py"),
        ("--root part", "bootstrap.py", "python bootstrap.py --root part"),
        ("--root part", "", "devstrap --root part"),
        ("", "", "devstrap"),
    ],
)
def test_what_is_suggested_begins_as_it_was_started(hand_over, tmp_path, monkeypatch, line, script, started):
    (tmp_path / "part").mkdir()
    monkeypatch.chdir(tmp_path)
    handoff = hand_over(script=str(tmp_path / script) if script else "")
    assert parse(line.split(), handoff).started == started


def test_the_tests_know_every_option():
    known = {option for action in cli.parser("x")._actions for option in action.option_strings}
    tried = Path(__file__).read_text("utf-8")
    assert {option for option in known if option.startswith("--") and option not in tried} <= {"--help", "--version"}


# ---- what comes out -------------------------------------------------------------------------------------------------


def test_a_report_is_shown_and_its_code_returned(command):
    code, out, err = command("", reporting(next_command="python bootstrap.py run pytest"))
    assert (code, err) == (0, "")
    assert out.startswith("Ready (")
    assert "python bootstrap.py run pytest" in out


def test_json_is_one_object_on_stdout(command):
    code, out, err = command("--json", reporting())
    jsonschema.validate(json.loads(out), SCHEMA)
    assert (code, err) == (0, "")


@pytest.mark.parametrize("line", ["--json", "--json --quiet"])
def test_json_with_findings_tells_the_person_too_on_standard_error(command, line):
    finding = Finding("D101", Severity.ERROR, "no .venv", "make it", fix="python bootstrap.py")
    code, out, err = command(line, reporting(Status.FINDINGS, 1, findings=(finding,)))
    data = json.loads(out)
    jsonschema.validate(data, SCHEMA)
    assert (code, data["findings"][0]["code"]) == (1, "D101")
    assert "  error       no .venv [D101]\n              make it: python bootstrap.py\n" in err


def test_quiet_shows_a_report_only_with_findings(command):
    finding = Finding("D101", Severity.ERROR, "no .venv", "make it")
    assert command("--quiet", reporting())[1:] == ("", "")
    code, out, _ = command("-q", reporting(Status.FINDINGS, 1, findings=(finding,)))
    assert code == 1
    assert "no .venv" in out


@pytest.mark.parametrize(
    ("error", "code", "name"),
    [
        (UsageError("wrong", remedy="right"), 2, "usage"),
        (StepError("wrong", remedy="right"), 4, "step-failed"),
        (MalformedFileError("wrong", remedy="right", path="a.toml", line=3, column=7), 2, "malformed-file"),
        (BootstrapError("\x1b[2J\ud800", remedy="\u202e"), 2, "error"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_an_error_is_a_sentence_a_code_and_an_object_where_one_is_asked_for(command, error, code, name):
    found, out, err = command("", raising(error))
    assert (found, out) == (code, "")
    assert err.startswith("error: ")
    assert "\n  fix: " in err
    assert not {"\x1b", "\u202e"} & set(err)
    found, out, _ = command("undo --json", raising(error))
    data = json.loads(out)
    jsonschema.validate(data, SCHEMA)
    assert (found, data["exit_code"], data["error"]["code"], data["command"]) == (code, code, name, "undo")


@pytest.mark.parametrize("line", ["frobnicate --json", "--json --frobnicate", "undo --json extra"])
def test_a_command_line_that_is_not_understood_is_an_object_too(handoff, capsys, line):
    assert main(line.split(), handoff) == 2
    out, err = capsys.readouterr()
    data = json.loads(out)
    jsonschema.validate(data, SCHEMA)
    assert data["error"]["code"] == "usage"
    assert err.startswith("error: ")


def test_the_json_of_a_command_to_run_is_not_ours(handoff, capsys, monkeypatch):
    monkeypatch.setattr("bootstrap.flow.run.run", raising(UsageError("no such command", remedy="install it")))
    assert main(["run", "tool", "--json"], handoff) == 2
    assert capsys.readouterr().out == ""


def test_a_bug_is_told_with_all_that_a_report_needs(command):
    code, out, err = command("--yes", raising(ZeroDivisionError("by zero")))
    assert (code, out) == (3, "")
    assert "this is a bug in devstrap" in err
    assert "ZeroDivisionError: by zero" in err
    assert "arguments: --yes" in err
    assert "Traceback" in err


def test_a_bug_is_an_object_too(command):
    code, out, err = command("--json", raising(ZeroDivisionError("by zero")))
    data = json.loads(out)
    jsonschema.validate(data, SCHEMA)
    assert (code, data["exit_code"], data["error"]["code"]) == (3, 3, "bug")
    assert "Traceback" in err


def test_without_uv_it_says_what_to_do(hand_over, capsys):
    assert main([], hand_over(uv="")) == 2
    assert "uv is not on PATH" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_end_well(handoff, capsys, option):
    with pytest.raises(SystemExit) as caught:
        main([option], handoff)
    assert caught.value.code == 0
    assert "devstrap" in capsys.readouterr().out


def test_help_names_every_command_and_no_host(handoff, capsys):
    with pytest.raises(SystemExit):
        main(["--help"], handoff)
    out = capsys.readouterr().out
    assert all(f"\n  {name} " in out for name in cli._NAMES)


def test_guard_is_asked_with_the_flags_that_were_given(hand_over, monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(guard, "main", lambda *arguments: asked.append(arguments) or 1)
    assert main(["-q", "guard", "--json"], hand_over(uv="")) == 1
    assert asked[0][0] == ["--json", "--quiet"]
    assert asked[0][2] == str(tmp_path.resolve())


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
def test_a_reader_that_goes_away_is_no_failure(tmp_path):
    code = (
        "import sys, time\nfrom bootstrap import cli\nfrom bootstrap.handoff import Handoff\n"
        "from bootstrap.model import Report, Status\nsys.stdin.read()\n"
        "cli.COMMANDS = {'setup': lambda options, *_: Report('setup', options.root, Status.READY)}\n"
        f"told = Handoff(uv='/uv', cache='', script={str(tmp_path / 'x.py')!r}, executable='', version='3.12.1')\n"
        "sys.exit(cli.main([], told))"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=Path(cli.__file__).parents[1],
        # Without a buffer nothing would be left to write at the end, where it fails once more.
        env={name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
    )
    with child:
        child.stdout.close()
        child.stdin.close()
        assert child.stderr.read() == b""
    assert child.returncode == 0


def test_run_says_what_it_does_on_standard_error(hand_over, monkeypatch):
    seen = []
    monkeypatch.setattr(
        "bootstrap.flow.run.run", lambda options, tools, person: seen.append((options, tools, person)) or 5
    )
    assert main(["--offline", "run", "tool"], hand_over(cache="/cache")) == 5
    options, tools, person = seen[0]
    assert (options.words, tools.is_offline, tools.cache) == (("tool",), True, Path("/cache"))
    assert isinstance(person, console.Console)
    assert person.stream is sys.stderr


@pytest.mark.parametrize(
    "line",
    [
        *("guard --python 3.12", "undo --editor vscode", "--json run pytest", "--dry-run run pytest", "--exit-code"),
        *("guard --no-managed", "undo --no-devcontainer", "modernize --no-ci", "check --no-guards"),
        *("modernize --no-tests", "modernize --offline", "check --code", "init --no-tests"),
    ],
)
def test_an_option_that_would_do_nothing_is_refused(parsed, line):
    with pytest.raises(UsageError, match=r"does nothing for|goes with"):
        parsed(line)


# ---- the second job, from the command line to what comes out --------------------------------------------------------


@pytest.fixture
def stale(write, tmp_path):
    """Return a repository with one declaration that disagrees."""
    files = {"pyproject.toml": '[project]\nrequires-python = ">=3.11"\n', "ruff.toml": 'target-version = "py39"\n'}
    return write(files, tmp_path / "shop")


@pytest.mark.parametrize("line", ["check --json", "check --format json", "versions --json"])
def test_the_second_job_s_json_keeps_to_the_schema(stale, hand_over, capsys, line):
    code = main([*line.split(), "--root", str(stale)], hand_over(uv=""))
    out, err = capsys.readouterr()
    data = json.loads(out)
    jsonschema.validate(data, SCHEMA)
    assert (code, data["exit_code"], bool(err)) == ((1, 1, True) if "check" in line else (0, 0, False))
    assert {place["path"] for place in data["declared"]} == {"pyproject.toml", "ruff.toml"}


def test_annotations_and_sarif_go_to_standard_output_and_the_table_to_standard_error(stale, hand_over, capsys):
    for form, start in (("github", "::error file=ruff.toml,line=1,"), ("sarif", "{")):
        assert main(["check", "--format", form, "--root", str(stale)], hand_over(uv="")) == 1
        out, err = capsys.readouterr()
        assert out.startswith(start)
        assert "py39  -> py311" in err


def test_verbose_shows_what_agrees_too(stale, hand_over, capsys):
    main(["check", "--verbose", "--root", str(stale)], hand_over(uv=""))
    assert "pyproject.toml:2:22" in capsys.readouterr().out
    main(["check", "--root", str(stale)], hand_over(uv=""))
    assert "pyproject.toml:2:22" not in capsys.readouterr().out


def test_an_error_is_json_too_where_a_format_asks_for_it(write, hand_over, capsys, tmp_path):
    root = write({"a.txt": ""}, tmp_path / "empty")
    assert main(["check", "--format", "json", "--root", str(root)], hand_over(uv="")) == 2
    assert json.loads(capsys.readouterr().out)["status"] == "error"
    assert main(["check", "--format=json", "--frobnicate"], hand_over(uv="")) == 2
    assert json.loads(capsys.readouterr().out)["command"] == "check"


def test_check_imports_nothing_that_only_a_person_or_the_first_job_needs(stale):
    code = (
        "import sys\nfrom bootstrap.__main__ import main\ncode = main(sys.argv[1:])\n"
        "slow = {'rich', 'questionary', 'prompt_toolkit', 'difflib', 'concurrent', 'bootstrap.flow', "
        "'bootstrap.guards', 'bootstrap.setup.editors', 'bootstrap.ask'}\n"
        "print(sorted(slow & set(sys.modules)), code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "check", "--root", str(stale)],
        cwd=Path(cli.__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[] 1"
