"""What uv and the environment's interpreter say, and what is made of it."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from bootstrap.commands import Tools
from bootstrap.detect import inspection
from bootstrap.detect.inspection import importable_names, inspect
from bootstrap.model import Dependencies, Run
from bootstrap.process import Completed

SYNC = Run(("uv", "sync", "--check"), "compare .venv with the lock")
LOCK = Run(("uv", "lock", "--check"), "compare the lock")
LOCKED = Dependencies("uv", "uv.lock", (), "", installs_project=True, checks=(SYNC,), lock_check=LOCK)
LISTED = Dependencies("requirements", "requirements.txt", (), "f1")

# What uv 0.13.9 says.
OUTDATED = """\
Using CPython 3.12.1 interpreter at: /opt/python/bin/python3.12
Would install 1 package
 + alpha==1.0
error: The environment is outdated; run `uv sync` to update the environment
"""
STALE = """\
Resolved 3 packages in 3ms
error: The lockfile at `uv.lock` needs to be updated, but `--check` was provided.

hint: To update the lockfile, run `uv lock`.
"""
CONFLICT = """\
Using Python 3.12.1 environment at: .venv
Checked 2 packages in 0.73ms
Found 1 incompatibility
The package `alpha` requires `beta<2`, but `2.0` is installed
"""


class Machine:
    """Answers commands by their first words, and remembers them; what it has no answer for goes well."""

    def __init__(self, probe=None):
        self.commands = []
        self.answers = {}
        self.probe = probe or "\ndevstrap: 3.12.1\n\n" + json.dumps(["3.12.1", []])

    def __call__(self, commands):
        self.commands += commands
        return [self._answer(command.argv) for command in commands]

    def _answer(self, argv):
        if argv[0] != "/uv":
            return Completed(argv, 0, self.probe, "")
        stderr = next((said for words, said in self.answers.items() if words in " ".join(argv)), None)
        return Completed(argv, 0 if stderr is None else 1, "", stderr or "")


@pytest.fixture
def machine():
    return Machine()


@pytest.fixture
def look(facts, machine):
    def inspected(dependencies=LOCKED, **environment):
        given = facts(environment=environment)
        tools = Tools("/uv", {"VIRTUAL_ENV": "/elsewhere"}, None, {})
        return inspect(given.repository, given.environment, dependencies, tools, machine)

    return inspected


def test_everything_is_asked_at_once_in_a_clean_environment(look, machine):
    look()
    assert [command.argv[1:3] for command in machine.commands[1:]] == [("pip", "check"), SYNC.argv[1:], LOCK.argv[1:]]
    assert all("VIRTUAL_ENV" not in command.env for command in machine.commands)


def test_where_all_is_well_there_is_nothing_to_say(look):
    found = look()
    assert (found.missing, found.stale_lock, found.conflicts, found.broken_imports) == ("", "", (), ())
    assert found.running == "3.12.1"


def test_an_outdated_environment_is_said_in_uv_s_words(look, machine):
    machine.answers["sync"] = OUTDATED
    assert look().missing == "The environment is outdated; run `uv sync` to update the environment"


@pytest.mark.parametrize(
    ("changes", "is_missing"),
    [
        (" ~ shop==1.2 (from {root})", False),
        (" ~ shop==1.2 (from {root})\n ~ part==1 (from {root}/packages/part)", False),
        (" ~ shop==1.2 (from {root})\n - six==1.16\n + six==1.17", True),
        (" - shop==1.1 (from {root})\n + shop==1.2 (from {root})", True),
        (" ~ shop==1.2 (from file:///elsewhere)", True),
        (" ~ shop==1.2 (from {root}2)", True),
    ],
)
def test_the_project_s_own_version_in_a_lock_of_before_leaves_nothing_to_install(
    look, machine, facts, changes, is_missing
):
    told = changes.replace("{root}", facts().repository.root.as_uri())
    machine.answers["sync"] = OUTDATED.replace(" + alpha==1.0", told)
    assert bool(look().missing) == is_missing


def test_a_stale_lock_is_said_in_uv_s_words(look, machine):
    machine.answers["lock"] = STALE
    found = look()
    assert found.stale_lock == "The lockfile at `uv.lock` needs to be updated, but `--check` was provided."
    assert found.missing == ""


def test_conflicts_come_without_uv_s_counts(look, machine):
    machine.answers["pip check"] = CONFLICT
    assert look().conflicts == ("The package `alpha` requires `beta<2`, but `2.0` is installed",)


def test_what_the_repository_overrides_itself_is_no_conflict(facts, machine):
    machine.answers["pip check"] = CONFLICT
    pyproject = {"tool": {"uv": {"override-dependencies": ["Beta>=2"]}}}
    given = facts(repository={"pyproject": pyproject})
    tools = Tools("/uv", {}, None, {})
    assert inspect(given.repository, given.environment, None, tools, machine).conflicts == ()


def test_what_is_pinned_and_was_taken_as_pip_took_it_then_is_no_conflict(facts, machine):
    machine.answers["pip check"] = CONFLICT
    given, tools = facts(), Tools("/uv", {}, None, {})
    taken = Dependencies("requirements", "", (), "", files=(("devstrap-overrides.txt", "Beta==2.0\n"),))
    assert inspect(given.repository, given.environment, taken, tools, machine).conflicts == ()


def test_words_of_long_ago_are_no_conflict(look, machine):
    broken = "The package `pandas` is broken or incomplete (unable to read `METADATA`). Consider recreating it."
    machine.answers["pip check"] = f"Found 2 incompatibilities\n{broken}\n{broken.replace('pandas', 'shop')}\n"
    assert look().conflicts == (broken.replace("pandas", "shop"),)


def test_a_check_that_fails_without_naming_a_conflict_is_still_one(look, machine):
    machine.answers["pip check"] = "error: Broken pipe\n"
    assert look().conflicts == ("Broken pipe",)
    machine.answers["pip check"] = ""
    assert look().conflicts == ("exit code 1",)


# ---- without a lock -------------------------------------------------------------------------------------------------


def test_the_noted_fingerprint_tells_whether_dependencies_changed(look):
    assert look(LISTED, record='{"dependencies": "f1"}').missing == ""
    assert look(LISTED, record='{"dependencies": "f0"}').missing == "requirements.txt changed since they were installed"


@pytest.mark.parametrize("record", ["{", "[]", "3", '"x"', "null"])
def test_a_damaged_note_is_as_good_as_another(look, record):
    assert "changed" in look(LISTED, record=record).missing


def test_what_comes_beyond_the_files_is_not_taken_for_a_change_of_them(look):
    needed = replace(LISTED, fingerprint="f2", declared="f1")
    assert look(needed, record='{"dependencies": "f1"}').missing == "what is needed beyond requirements.txt has changed"
    bounded = replace(LISTED, fingerprint="f1", declared="f1")  # on terms that change nothing of what is needed
    assert look(bounded, record='{"dependencies": "f1"}').missing == ""
    assert look(needed, record='{"dependencies": "f0"}').missing == "requirements.txt changed since they were installed"
    assert not look(needed, record='{"dependencies": "f2"}').missing


@pytest.mark.parametrize(("fingerprint", "declared"), [("f3", "f1"), ("f1", "f1"), ("f1", "")])
def test_what_came_beyond_the_files_before_is_not_taken_for_a_change_of_them_either(look, fingerprint, declared):
    needed = replace(LISTED, fingerprint=fingerprint, declared=declared)
    found = look(needed, record='{"dependencies": "f2", "declared": "f1"}')
    assert found.missing == "what is needed beyond requirements.txt has changed"
    assert "requirements.txt changed" in look(needed, record='{"dependencies": "f2", "declared": "f0"}').missing


def test_an_environment_of_another_tool_s_gets_what_is_declared(look):
    assert look(LISTED, record="").missing == "nobody noted them"


def test_where_nothing_is_declared_nothing_is_missing(look, machine):
    assert look(None).missing == ""
    assert len(machine.commands) == 2


# ---- the interpreter's own word -------------------------------------------------------------------------------------


def test_what_an_import_prints_does_not_get_in_the_way(look, machine):
    machine.probe = 'hello [1]\n\ndevstrap: 3.12.1\nnoise {"a": 1}\n["3.12.1", [["project", "ImportError: no"]]]'
    assert look().broken_imports == (("project", "ImportError: no"),)


@pytest.mark.parametrize("probe", ["garbage", "\n3", '\n["3.12.1"]', '\n["a", ["b"]]', "\nnull"])
def test_an_interpreter_that_does_not_answer_does_not_run(look, machine, probe):
    machine.probe = probe
    found = look()
    assert found.running == ""
    assert found.broken_imports == (("python", "exit code 0"),)


def test_an_import_that_takes_the_interpreter_down_is_not_the_interpreter_s_fault(look, machine, facts, write):
    root = facts().repository.root
    write({"project/__init__.py": ""}, root)
    machine.probe = "\ndevstrap: 3.12.1\nnoise\n"
    found = look()
    assert found.running == "3.12.1"
    assert found.broken_imports == (("project", "exit code 0"),)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("", None),
        ("print('noise', end='')", None),
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt: "),
        ("raise Exception('a\\n\\x1b[2J')", "Exception: a\n\x1b[2J"),
    ],
)
def test_the_probe_tells_what_cannot_be_imported(tmp_path, code, reason):
    (tmp_path / "module.py").write_text(code)
    start = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); exec(sys.argv.pop(1))"
    words = (sys.executable, "-I", "-c", start, inspection._PROBE, inspection._MARK, "module", "json")
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    version, broken = inspection._read_probe(Completed(words, 0, done.stdout, ""), ["module", "json"])
    assert version == ".".join(map(str, sys.version_info[:3]))
    assert broken == (() if reason is None else (("module", reason),))


def test_the_probe_tells_its_version_before_an_import_ends_it(tmp_path):
    (tmp_path / "module.py").write_text("import os; os._exit(9)")
    start = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); exec(sys.argv.pop(1))"
    words = (sys.executable, "-I", "-c", start, inspection._PROBE, inspection._MARK, "module")
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    version, broken = inspection._read_probe(Completed(words, 9, done.stdout, ""), ["module"])
    assert version == ".".join(map(str, sys.version_info[:3]))
    assert broken == (("module", "exit code 9"),)


# ---- which packages are the project's -------------------------------------------------------------------------------


@pytest.fixture
def names(facts, write):
    def found(files, *, name="project", pyproject=None, installs_project=True):
        given = facts(repository={"name": name, "pyproject": pyproject or {}})
        write(dict.fromkeys(files, ""), given.repository.root)
        dependencies = Dependencies("uv", "", (), "", installs_project=installs_project)
        return importable_names(given.repository, dependencies)

    return found


@pytest.mark.parametrize(
    ("files", "name", "expected"),
    [
        (["project/__init__.py"], "project", ["project"]),
        (["src/project/__init__.py"], "project", ["project"]),
        (["project.py"], "project", ["project"]),
        (["my_project/__init__.py"], "My-Project", ["my_project"]),
        (["src/b/__init__.py", "src/a/__init__.py", "src/c.egg-info/x"], "another", ["a", "b"]),
        (["other/__init__.py"], "project", []),
        ([], "../../etc", []),
        ([], "a\0b", []),
    ],
)
def test_the_layout_gives_the_packages_away(names, files, name, expected):
    assert names(files, name=name) == expected


@pytest.mark.parametrize(
    "tool",
    [
        {"hatch": {"build": {"targets": {"wheel": {"packages": ["lib/real/"]}}}}},
        {"setuptools": {"packages": ["real", "real.sub"]}},
        {"setuptools": {"py-modules": ["real"]}},
        {"flit": {"module": {"name": "real"}}},
        {"poetry": {"packages": [{"include": "real", "from": "src"}]}},
        {"uv": {"build-backend": {"module-name": "real"}}},
    ],
)
def test_the_build_backend_s_settings_name_them(names, tool):
    assert names(["real/__init__.py"], pyproject={"tool": tool}) == ["real"]


@pytest.mark.parametrize(
    "tool",
    [3, {"hatch": 3}, {"setuptools": {"packages": {"find": {}}}}, {"flit": {"module": []}}]
    + [{"hatch": {"build": {"targets": {"wheel": {"packages": packages}}}}} for packages in (["."], [""], [3], "real")],
)
def test_settings_that_name_nothing_are_passed_over(names, tool):
    assert names(["real/__init__.py", "__init__.py"], pyproject={"tool": tool}) == []


def test_what_is_not_installed_is_not_imported(names):
    assert names(["project/__init__.py"], installs_project=False) == []


def test_what_setuptools_notes_of_the_repository_s_packages_is_known_however_its_folder_is_called(
    facts, write, tmp_path
):
    repository = facts(repository={"root": tmp_path / "c++ shop"}).repository
    other = {"direct_url.json": '{"url": "file:///elsewhere"}', "top_level.txt": "theirs\n"}
    own = {"direct_url.json": f'{{"url": "file://{tmp_path}/c++%20shop"}}', "top_level.txt": "shop\nshop/deep\n"}
    damaged = {"direct_url.json": "[]", "top_level.txt": "x\n"}
    for name, files in (("a", other), ("b", damaged), ("c", own)):
        write(files, tmp_path / "library" / f"{name}-1.dist-info")
    assert inspection._noted_by_setuptools(repository, tmp_path / "library") == ["shop"]
    assert inspection._noted_by_setuptools(facts().repository, tmp_path / "library") == []
