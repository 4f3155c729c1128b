"""What uv cannot read of releases of long ago is said to it anew."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bootstrap.commands import Tools
from bootstrap.detect.repository import Reader
from bootstrap.model import Answers, Dependencies, Run
from bootstrap.setup import legible
from bootstrap.setup.moment import Moment
from bootstrap.setup.terms import on_terms

PLAIN = Run(("uv", "pip", "install", "--python", "{target}", "pandas"), "install")
OLD = datetime(2018, 9, 28, tzinfo=UTC)
TOLD = ("--config-file", "{target}/devstrap-uv.toml")


@pytest.mark.parametrize(("year", "is_told"), [(2018, True), (2020, True), (2023, False)])
def test_an_installation_of_then_is_told_and_one_of_today_is_not(year, is_told):
    needs = Dependencies("requirements", "", (PLAIN,), "f1")
    moment = Moment(datetime(year, 1, 1, tzinfo=UTC), "")
    found = on_terms(needs, moment, None, Answers(), Reader(Path("/r")))
    assert (found.installs[0].argv[-2:] == TOLD) == is_told
    assert ((legible.FILE, legible.settings()) in found.files) == is_told


def test_what_is_added_to_a_lock_of_then_is_told_by_when_that_was_committed():
    needs = Dependencies("poetry", "", (PLAIN,), "f1", is_locked=True)
    found = on_terms(needs, None, OLD, Answers(additions=("seaborn",)), Reader(Path("/r")))
    assert found.installs[-1].argv[-2:] == TOLD


def test_it_says_for_each_release_exactly_what_it_requires():
    told = tomllib.loads(legible.settings())["dependency-metadata"]
    by_version = {one["version"]: one["requires-dist"] for one in told if one["name"] == "pandas"}
    assert by_version["0.23.4"] == ["numpy>=1.9", "python-dateutil>=2", "pytz>=2011"]
    assert by_version["0.24.2"][0] == "numpy>=1.12"
    assert "0.25.0" not in by_version  # that one uv can read
    assert len(by_version) == len(told)


@pytest.fixture
def words(tmp_path):
    """Return the words of an installation that is told, on a machine with these settings."""

    def find(env):
        tools = Tools("uv", {"HOME": str(tmp_path), "XDG_CONFIG_DIRS": str(tmp_path / "none"), **env}, None, {})
        return tools.real(PLAIN._replace(argv=(*PLAIN.argv, *TOLD, "--strict")), tmp_path, tmp_path / ".venv").argv

    return find


def test_somebody_s_own_settings_for_uv_are_not_passed_over_for_it(words, tmp_path, write):
    assert words({})[-3:] == ("--config-file", f"{tmp_path}/.venv/devstrap-uv.toml", "--strict")
    assert words({"UV_CONFIG_FILE": "mine.toml"})[-2:] == ("pandas", "--strict")
    write({"mine/uv/uv.toml": ""}, tmp_path)
    assert words({"XDG_CONFIG_HOME": str(tmp_path / "mine")})[-2:] == ("pandas", "--strict")
    write({".config/uv/uv.toml": ""}, tmp_path)
    assert words({})[-2:] == ("pandas", "--strict")
