"""`init` on a real checkout: what a maintainer sees, and what can be taken back."""

import io
import os
import subprocess

import pytest
from imaged import SERVICE

from bootstrap import ask, console
from bootstrap.adopt.command import init
from bootstrap.adopt.record import PATH
from bootstrap.commands import Tools
from bootstrap.console import Console
from bootstrap.errors import UsageError
from bootstrap.flow.undo import undo
from bootstrap.model import Status
from bootstrap.options import Options

FILES = {
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.9"\n',
    "Dockerfile": "FROM python:3.11-slim\n",
    "README.md": "# Shop\n\nNeeds Python 3.9 or newer.\n",
    "shop.py": "",
}
WANTED = {"minimum": "3.11", "default": "3.12", "supported": ("3.11", "3.12", "3.13")}
TOOLS = Tools("", dict(os.environ), None, {})


def git(root, *argv):
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    subprocess.run(["git", *who, *argv], cwd=root, check=True, capture_output=True)


def contents(root):
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".git" not in path.parts
    }


@pytest.fixture
def shop(write, tmp_path):
    root = tmp_path / "shop"
    write(FILES, root)
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "as it was")
    return root


def run(command, root, **options):
    return command(Options(command.__name__, root, started="devstrap", **options), TOOLS, Console(io.StringIO()))


def adopted(root, **options):
    return run(init, root, is_yes=True, **WANTED, **options)


def as_is_usual(parts):
    return frozenset(name for name, _, is_usual in parts if is_usual)


def test_one_run_does_all_and_a_second_finds_nothing_to_do(shop):
    report = adopted(shop)
    assert (report.status, report.exit_code) == (Status.READY, 0)
    after = contents(shop)
    assert after["Dockerfile"] == b"FROM python:3.12-slim\n"
    assert after[".python-version"] == b"3.12\n"
    assert b'requires-python = ">=3.11"' in after["pyproject.toml"]
    assert b"[tool.devstrap]" in after["pyproject.toml"]
    assert b"Python 3.11 or newer" in after["README.md"]
    assert "bootstrap.py" in after
    again = run(init, shop, is_yes=True)  # nothing is mixed where nothing is written
    assert again.status is Status.NOTHING_TO_DO
    assert contents(shop) == after


def test_undo_restores_every_byte(shop):
    before = contents(shop)
    adopted(shop)
    run(undo, shop)
    assert contents(shop) == before


def test_a_phase_is_taken_back_alone_and_the_rest_afterwards(shop):
    before = contents(shop)
    adopted(shop)
    after = contents(shop)
    run(undo, shop, phases=("containers",))
    assert contents(shop) == {**after, "Dockerfile": before["Dockerfile"]}
    run(undo, shop)
    assert contents(shop) == before


def test_a_phase_that_there_was_not_is_named(shop):
    adopted(shop, phases=("foundation",))
    with pytest.raises(UsageError, match="no phase 'containers'"):
        run(undo, shop, phases=("containers",))


def test_a_phase_is_done_alone(shop):
    before = contents(shop)
    report = adopted(shop, phases=("containers",))
    assert [step.path for step in report.plan.steps] == ["Dockerfile"]
    assert contents(shop) == {**before, "Dockerfile": b"FROM python:3.12-slim\n"}


def test_a_dry_run_touches_nothing_and_can_tell_that_there_is_work(shop):
    before = contents(shop)
    report = adopted(shop, is_dry_run=True, has_exit_code=True)
    assert (report.status, report.exit_code) == (Status.PLANNED, 1)
    assert contents(shop) == before


def test_uncommitted_changes_are_not_mixed_in_silently(shop):
    (shop / "shop.py").write_text("x = 1\n")
    with pytest.raises(UsageError, match=r"uncommitted changes: shop\.py"):
        adopted(shop)
    assert adopted(shop, is_dirty_allowed=True).status is Status.READY


def test_a_bare_repository_and_one_without_python_are_refused(shop, tmp_path):
    git(shop, "clone", "-q", "--bare", ".", str(tmp_path / "bare"))
    with pytest.raises(UsageError, match="bare repository"):
        adopted(tmp_path / "bare")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="no Python in this repository"):
        adopted(tmp_path / "empty")


def test_a_folder_without_git_is_adopted_too(write, tmp_path):
    write(FILES, tmp_path / "plain")
    assert adopted(tmp_path / "plain").status is Status.READY
    run(undo, tmp_path / "plain")
    left = contents(tmp_path / "plain")
    assert {name: left[name] for name in FILES} == {name: text.encode() for name, text in FILES.items()}


def test_where_nothing_is_said_about_versions_somebody_has_to(write, tmp_path):
    write({"a.py": ""}, tmp_path / "plain")
    with pytest.raises(UsageError, match="nothing in this repository says"):
        run(init, tmp_path / "plain", is_yes=True)


@pytest.mark.parametrize("required", [">=3.5", ">=2.7, !=3.0.*, !=3.1.*, !=3.2.*, !=3.3.*, !=3.4.*", ">=3.5,<3.6"])
def test_a_python_that_nobody_could_choose_is_refused_before_anything_is_written(write, tmp_path, required):
    files = {**FILES, "pyproject.toml": FILES["pyproject.toml"].replace(">=3.9", required)}
    root = write({name: files[name] for name in ("pyproject.toml", "shop.py")}, tmp_path / "old")
    before = contents(root)
    with pytest.raises(UsageError) as error:
        run(init, root, is_yes=True)
    assert contents(root) == before
    assert "--minimum 3." in error.value.remedy
    assert run(init, root, is_yes=True, minimum="3.8").status is Status.READY
    assert run(init, root, is_yes=True).status is Status.NOTHING_TO_DO


def test_the_summary_is_written_where_it_is_wanted(shop, tmp_path):
    adopted(shop, summary=tmp_path / "pr.md")
    assert "update `Dockerfile`" in (tmp_path / "pr.md").read_text("utf-8")


@pytest.mark.parametrize("name", ["no/such/folder/pr.md", "shop"])
def test_a_summary_that_cannot_be_written_is_refused_before_anything_is(shop, tmp_path, name):
    before = contents(tmp_path)
    with pytest.raises(UsageError, match="cannot be written"):
        adopted(shop, summary=tmp_path / name)
    assert contents(tmp_path) == before


def test_a_summary_is_no_file_before_there_is_something_to_sum_up(shop, tmp_path, monkeypatch):
    (tmp_path / "old.md").write_text("mine\n")
    for name in ("new.md", "old.md"):
        with pytest.raises(UsageError, match="nobody is here to agree"):
            run(init, shop, is_json=True, summary=tmp_path / name, **WANTED)
    assert (tmp_path / "old.md").read_text() == "mine\n"
    assert not (tmp_path / "new.md").exists()


CI = {".gitlab-ci.yml": "tests:\n  script: pytest\n"}


def left(report):
    return [skip.what for skip in report.plan.skipped]


def test_what_is_left_to_a_person_is_told_once_and_to_programs_each_time(shop, write):
    write(CI, shop)
    assert left(adopted(shop)) == [*CI]
    assert left(run(init, shop, is_yes=True)) == []
    assert left(run(init, shop, is_yes=True, is_verbose=True)) == [*CI]
    assert left(run(init, shop, is_yes=True, is_json=True)) == [*CI]
    run(undo, shop)
    assert left(adopted(shop)) == [*CI]


def test_nothing_is_told_of_other_phases_than_the_chosen_ones(shop, write):
    write(CI, shop)
    assert left(adopted(shop, phases=("foundation",))) == []
    assert left(adopted(shop, is_dirty_allowed=True, phases=("environment",))) == [*CI]


def test_nobody_agrees_where_nobody_is(shop):
    with pytest.raises(UsageError, match="nobody is here to agree"):
        run(init, shop, is_json=True, **WANTED)


@pytest.mark.parametrize(
    ("chosen", "status", "changed"),
    [
        (frozenset({"Dockerfile"}), Status.READY, {"Dockerfile"}),
        (frozenset(), Status.DECLINED, set()),
    ],
)
def test_a_person_chooses_among_the_files(shop, monkeypatch, tmp_path, chosen, status, changed):
    before = contents(shop)
    monkeypatch.setattr(console, "is_interactive", lambda *_streams: True)
    monkeypatch.setattr(ask, "choose_parts", as_is_usual)
    monkeypatch.setattr(ask, "choose_pieces", lambda _pieces: chosen)
    assert run(init, shop, summary=tmp_path / "pr.md", **WANTED).status is status
    assert (tmp_path / "pr.md").exists() is bool(changed)
    after = contents(shop)
    assert {name for name in after if after[name] != before.get(name)} == changed


def test_a_person_may_mix_in_what_is_not_committed(shop, monkeypatch):
    (shop / "shop.py").write_text("x = 1\n")
    monkeypatch.setattr(console, "is_interactive", lambda *_streams: True)
    monkeypatch.setattr(ask, "choose_parts", as_is_usual)
    monkeypatch.setattr(ask, "choose_pieces", lambda pieces: frozenset(path for _, path in pieces))
    monkeypatch.setattr(ask, "confirm", lambda _question: False)
    with pytest.raises(UsageError, match="uncommitted"):
        run(init, shop, **WANTED)
    monkeypatch.setattr(ask, "confirm", lambda _question: True)
    assert run(init, shop, **WANTED).status is Status.READY


def test_an_image_is_written_on_wish_once_and_taken_back_alone(write, tmp_path):
    root = write({**SERVICE, "pyproject.toml": FILES["pyproject.toml"]}, tmp_path / "service")
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "as it was")
    adopted(root, image=True)
    after = contents(root)
    assert b"FROM python:3.12-slim AS build\n" in after["Dockerfile"]
    git(root, "add", ".")
    git(root, "commit", "-qm", "adopted")
    assert run(init, root, is_yes=True, image=True).status is Status.NOTHING_TO_DO
    run(undo, root, is_yes=True, phases=("containers",))
    assert {path: data for path, data in after.items() if path not in ("Dockerfile", ".dockerignore")} == contents(root)


def test_an_image_is_offered_where_there_could_be_one_and_not_preselected(write, tmp_path, monkeypatch):
    root = write({**SERVICE, "pyproject.toml": FILES["pyproject.toml"]}, tmp_path / "service")
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "as it was")
    monkeypatch.setattr(console, "is_interactive", lambda *_streams: True)
    monkeypatch.setattr(ask, "choose_pieces", lambda pieces: frozenset(path for _, path in pieces))
    seen = []

    def choose_parts(parts):
        seen.append([(name, is_usual) for name, _, is_usual in parts])
        return frozenset({"image"})

    monkeypatch.setattr(ask, "choose_parts", choose_parts)
    assert changed(run(init, root, phases=("containers",), **WANTED)) == {"Dockerfile", ".dockerignore", PATH}
    assert seen == [[("image", False)]]
    run(undo, root)
    assert not changed(run(init, root, phases=("containers",), image=False, **WANTED))


def test_the_summary_says_how_to_go_back_to_an_image_that_is_changed(shop, tmp_path):
    adopted(shop, summary=tmp_path / "pr.md")
    text = (tmp_path / "pr.md").read_text("utf-8")
    assert "`docker tag NAME NAME:before`" in text
    assert "`python bootstrap.py undo --phase containers`" in text


# ---- the parts -------------------------------------------------------------------------------------------------------

PARTED = {
    **FILES,
    "pyproject.toml": FILES["pyproject.toml"] + 'dependencies = ["pytest"]\n',
    "conftest.py": "",
    "Makefile": "test:\n\tpytest\n",
    ".pre-commit-config.yaml": "repos:\n- repo: meta\n  hooks:\n  - id: identity\n",
}
ADDED = {
    "ci": ".github/workflows/tests.yml",
    "hooks": ".pre-commit-config.yaml",
    "guards": "Makefile",
    "documents": "CONTRIBUTING.md",
    "devcontainer": ".devcontainer/devcontainer.json",
}


@pytest.fixture
def parted(write, tmp_path):
    write(PARTED, tmp_path / "shop")
    git(tmp_path / "shop", "init", "-q")
    git(tmp_path / "shop", "add", ".")
    git(tmp_path / "shop", "commit", "-qm", "as it was")
    return tmp_path / "shop"


def changed(report):
    return {step.path for step in report.plan.steps}


@pytest.mark.parametrize("part", ["ci", "hooks", "guards", "documents"])
def test_a_part_that_is_not_wanted_is_not_done_in_this_run_nor_in_the_next(parted, part):
    others = {path for name, path in ADDED.items() if name not in (part, "devcontainer")}
    done = changed(adopted(parted, **{part: False}))
    assert others <= done
    assert ADDED[part] not in done
    assert run(init, parted, is_yes=True).status is Status.NOTHING_TO_DO
    assert changed(run(init, parted, is_yes=True, is_dry_run=True, **{part: True})) == {ADDED[part], PATH}


def test_what_was_not_wanted_is_forgotten_with_the_run(parted):
    adopted(parted, ci=False)
    run(undo, parted)
    assert ADDED["ci"] in changed(adopted(parted))


def test_editors_and_a_dev_container_are_written_where_somebody_asks_for_them(parted):
    before = contents(parted)
    assert not any(path.startswith((".vscode", ".devcontainer")) for path in changed(adopted(parted, is_dry_run=True)))
    report = adopted(parted, editors=("vscode",), devcontainer=True)
    vscode = {f".vscode/{name}.json" for name in ("settings", "extensions", "launch", "tasks")}
    assert changed(report) >= {*vscode, ADDED["devcontainer"]}
    assert b"3.12" in contents(parted)[ADDED["devcontainer"]]
    assert run(init, parted, is_yes=True).status is Status.NOTHING_TO_DO
    run(undo, parted, phases=("environment",))
    assert not any(path.startswith((".vscode", ".devcontainer")) for path in contents(parted))
    run(undo, parted)
    assert contents(parted) == before


def test_they_are_written_too_where_the_settings_name_them(parted, write):
    text = PARTED["pyproject.toml"] + '[tool.devstrap]\neditors = ["vscode"]\ndevcontainer = true\n'
    write({"pyproject.toml": text}, parted)
    report = adopted(parted, is_dry_run=True)
    assert changed(report) >= {".vscode/settings.json", ADDED["devcontainer"]}
    assert not changed(adopted(parted, is_dry_run=True, editors=(), devcontainer=False)) & {
        ".vscode/settings.json",
        ADDED["devcontainer"],
    }


def test_an_editor_file_that_nobody_can_read_is_left_to_a_person(parted, write):
    write({".vscode/settings.json": "{ not json\n", ADDED["devcontainer"]: "{}\n"}, parted)
    report = adopted(parted, is_dry_run=True, is_json=True, editors=("vscode",), devcontainer=True)
    assert not any(path.startswith((".vscode", ".devcontainer")) for path in changed(report))
    assert {".vscode/settings.json", ADDED["devcontainer"]} <= set(left(report))


def test_a_person_is_asked_for_what_would_change_something_and_no_option_decides(parted, monkeypatch):
    monkeypatch.setattr(console, "is_interactive", lambda *_streams: True)
    monkeypatch.setattr(ask, "choose_pieces", lambda pieces: frozenset(path for _, path in pieces))
    seen = []

    def choose_parts(parts):
        seen.append([(name, is_usual) for name, _, is_usual in parts])
        return frozenset({"hooks", "vscode"})

    monkeypatch.setattr(ask, "choose_parts", choose_parts)
    done = changed(run(init, parted, documents=False, **WANTED))
    assert seen == [[("ci", True), ("hooks", True), ("guards", True), ("devcontainer", False), ("vscode", False)]]
    assert {ADDED["hooks"], ".vscode/settings.json"} <= done
    assert not done & {ADDED[name] for name in ("ci", "guards", "devcontainer", "documents")}
    git(parted, "add", ".")
    git(parted, "commit", "-qm", "adopted")
    monkeypatch.setattr(ask, "choose_parts", lambda parts: seen.append(as_is_usual(parts)) or as_is_usual(parts))
    assert run(init, parted).status is Status.NOTHING_TO_DO
    assert seen[1] == frozenset()  # what was declined is offered again, and not preselected
    run(init, parted, ci=False, guards=False, documents=False, devcontainer=False, editors=())
    assert len(seen) == 2


def test_what_is_gathered_goes_and_comes_back_with_its_phase(parted, write):
    write({"pytest.ini": "[pytest]\naddopts = -ra\n"}, parted)
    git(parted, "add", ".")
    git(parted, "commit", "-qm", "configured")
    before = contents(parted)
    assert "pytest.ini" not in changed(adopted(parted, is_dry_run=True))
    assert "pytest.ini" not in changed(adopted(parted, is_dry_run=True, gather=True, phases=("environment",)))
    assert {"pytest.ini", "pyproject.toml"} <= changed(adopted(parted, gather=True))
    after = contents(parted)
    assert "pytest.ini" not in after
    assert b'[tool.pytest.ini_options]\naddopts = ["-ra"]\n' in after["pyproject.toml"]
    assert run(init, parted, is_yes=True).status is Status.NOTHING_TO_DO
    run(undo, parted, phases=("foundation",))
    assert {name: contents(parted)[name] for name in ("pytest.ini", "pyproject.toml")} == {
        name: before[name] for name in ("pytest.ini", "pyproject.toml")
    }


def test_gathering_is_offered_where_there_is_something_to_gather_and_not_preselected(parted, write, monkeypatch):
    monkeypatch.setattr(console, "is_interactive", lambda *_streams: True)
    monkeypatch.setattr(ask, "choose_pieces", lambda pieces: frozenset(path for _, path in pieces))
    monkeypatch.setattr(ask, "choose_parts", lambda parts: seen.extend(parts) or frozenset({"gather"}))
    seen = []
    write({"pytest.ini": "[pytest]\naddopts = -ra\n"}, parted)
    assert "pytest.ini" in changed(run(init, parted, is_dirty_allowed=True, phases=("foundation",), **WANTED))
    assert [(name, is_usual) for name, _, is_usual in seen] == [("gather", False)]
    assert not (parted / "pytest.ini").exists()
    git(parted, "add", ".")
    git(parted, "commit", "-qm", "adopted")
    write({"mypy.ini": "[mypy]\nstrict = true\n"}, parted)
    run(init, parted, is_yes=True, phases=("environment",))
    assert "mypy.ini" in changed(run(init, parted, is_yes=True, is_dry_run=True))  # as it was answered


def test_nobody_is_asked_for_the_parts_of_another_phase(parted, monkeypatch):
    monkeypatch.setattr(console, "is_interactive", lambda *_streams: True)
    monkeypatch.setattr(ask, "choose_pieces", lambda pieces: frozenset(path for _, path in pieces))
    monkeypatch.setattr(ask, "choose_parts", lambda _parts: pytest.fail("nothing was to be asked"))
    assert changed(run(init, parted, phases=("containers",), **WANTED)) == {"Dockerfile"}


def test_a_damaged_note_of_what_was_wanted_is_none(parted):
    adopted(parted, ci=False)
    (note,) = (parted / ".git").rglob("wishes.json")
    for text in ("[]", '{"ci": "yes", "editors": [[]]}', "{"):
        note.write_text(text)
        assert ADDED["ci"] in changed(run(init, parted, is_yes=True, is_dry_run=True))
