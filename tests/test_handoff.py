"""What stage 0 hands over, and how the package does without."""

import json
import os
import sys
from pathlib import Path

import pytest

from bootstrap.handoff import INDEX, receive

TOLD = {
    "uv": "/cache/uv",
    "cache": "/größe",
    "script": "/repository/bootstrap.py",
    "caller": {"executable": "/usr/bin/python3", "version": "3.6.15", "prefix": "/usr", "base_prefix": "/usr"},
    "no_index": False,
}
SETTINGS = {"UV_DEFAULT_INDEX": "https://user:secret@index.invalid/"}


def test_everything_is_taken_over():
    handoff = receive({INDEX: json.dumps(SETTINGS)}, TOLD)
    assert (handoff.uv, handoff.cache, handoff.script) == ("/cache/uv", "/größe", "/repository/bootstrap.py")
    assert (handoff.executable, handoff.version) == ("/usr/bin/python3", "3.6.15")
    assert (handoff.index_settings, handoff.no_index) == (SETTINGS, False)
    assert receive({}, TOLD | {"no_index": True}).no_index


def test_a_development_build_is_the_version_that_it_is_on_its_way_to():
    caller = {**TOLD["caller"], "version": "3.15.0a2+"}
    assert receive({}, TOLD | {"caller": caller}).version == "3.15.0a2"


@pytest.mark.parametrize("told", [TOLD, None])
def test_no_child_inherits_the_passwords_of_an_index(told):
    environ = {INDEX: json.dumps(SETTINGS), "PATH": "/bin"}
    receive(environ, told)
    assert environ == {"PATH": "/bin"}


def test_without_settings_of_an_index_there_are_none():
    assert receive({}, TOLD).index_settings == {}


@pytest.fixture
def tool(tmp_path):
    path = tmp_path / ("uv.exe" if os.name == "nt" else "uv")
    path.write_text("")
    path.chmod(0o755)
    return path


def test_an_installed_command_takes_uv_from_path_and_the_cache_of_the_platform(tool, home):
    handoff = receive({"PATH": str(tool.parent)})
    assert handoff.uv == str(tool)
    assert Path(handoff.cache).is_relative_to(home)
    assert (handoff.script, handoff.executable, handoff.index_settings) == ("", sys.executable, {})
    assert handoff.version == ".".join(map(str, sys.version_info[:3]))


def test_what_the_person_names_goes_first_and_is_made_absolute(tool, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    handoff = receive({"PATH": str(tool.parent), "DEVSTRAP_UV": "other", "DEVSTRAP_CACHE_DIR": "cache"})
    assert (handoff.uv, handoff.cache) == (str(tmp_path / "other"), str(tmp_path / "cache"))


def test_without_uv_its_path_is_empty(tmp_path):
    assert receive({"PATH": str(tmp_path)}).uv == ""
