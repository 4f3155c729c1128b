"""A planned command made real."""

import sys
from pathlib import Path

import pytest

from bootstrap.commands import Tools
from bootstrap.detect.environment import interpreter_of
from bootstrap.model import Run

ROOT = Path("/repository")
TARGET = ROOT / ".venv"
INDEX = {"UV_DEFAULT_INDEX": "https://index.invalid/simple"}


@pytest.fixture
def real():
    def make(run, *, offline=False, no_index=False, **env):
        return Tools("/cache/uv", env, None, INDEX, is_offline=offline, no_index=no_index).real(run, ROOT, TARGET)

    return make


def test_uv_is_the_one_that_was_found(real):
    assert real(Run(("uv", "sync"), "")).argv == ("/cache/uv", "sync")


def test_another_command_stays_what_it_is(real):
    assert real(Run(("git", "uv"), "")).argv == ("git", "uv")


def test_the_environment_and_its_interpreter_are_filled_in_where_a_word_stands_for_them(real):
    run = Run(("{python}", "{target}", "x{target}"), "", env=(("A", "{target}"), ("B", "{python}")))
    command = real(run)
    python = str(interpreter_of(TARGET))
    assert command.argv == (python, str(TARGET), "x{target}")
    assert command.env == {"A": str(TARGET), "B": python}


def test_it_runs_in_its_folder_below_the_root(real):
    assert real(Run(("uv",), "", cwd="requirements")).cwd == ROOT / "requirements"
    assert real(Run(("uv",), "")).cwd == ROOT


def test_pip_s_index_is_for_installing_without_a_lock(real):
    assert real(Run(("uv", "pip", "install"), "")).env == INDEX
    assert real(Run(("uv", "sync"), "")).env == {}


def test_what_needs_no_index_is_not_told_its_passwords(real):
    assert real(Run(("uv", "pip", "check"), "")).env == {}


def test_where_pip_shall_use_no_index_uv_installs_without_one_too(real):
    assert real(Run(("uv", "pip", "install", "a"), ""), no_index=True).argv[-1] == "--no-index"
    assert "--no-index" not in real(Run(("uv", "pip", "check"), ""), no_index=True).argv
    assert "--no-index" not in real(Run(("uv", "sync"), ""), no_index=True).argv


def test_offline_is_said_to_every_command(real):
    assert real(Run(("uv", "sync"), ""), offline=True).env == {"UV_OFFLINE": "1"}


def test_another_project_s_environment_does_not_get_in(real):
    run = Run(("uv", "sync"), "", env=(("UV_PROJECT_ENVIRONMENT", "{target}"),))
    env = real(run, VIRTUAL_ENV="/elsewhere", UV_PROJECT_ENVIRONMENT="/elsewhere", LANG="C").env
    assert env == {"LANG": "C", "UV_PROJECT_ENVIRONMENT": str(TARGET)}


def test_a_path_below_the_environment_and_devstrap_s_own_python_are_filled_in(real):
    command = real(Run(("uv", "tool", "run", "--python", "{devstrap}", "--output", "{target}/lock.txt"), ""))
    assert command.argv[4:] == (sys.executable, "--output", f"{TARGET}/lock.txt")
    assert command.env == INDEX


def test_what_is_compiled_and_a_tool_that_is_fetched_come_from_pip_s_index_too(real):
    assert real(Run(("uv", "pip", "compile", "a"), "")).env == INDEX
    assert real(Run(("uv", "pip", "compile", "a"), ""), no_index=True).argv[-1] == "--no-index"
    assert "--no-index" not in real(Run(("uv", "tool", "run", "a"), ""), no_index=True).argv
