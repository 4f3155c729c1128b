import importlib.util
import subprocess
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bootstrap.code import ruff
from bootstrap.releases import RELEASES, newest_micro, warning


def test_versions_follow_each_other_without_a_gap():
    assert list(RELEASES) == [(3, 6 + index) for index in range(len(RELEASES))]


def test_each_schedule_is_later_than_the_one_before():
    lives = list(RELEASES.values())
    for earlier, later in pairwise(lives):
        assert earlier.pep < later.pep
        assert earlier.released < later.released
        assert earlier.end_of_life < later.end_of_life
    assert all(life.end_of_life - life.released > timedelta(days=4 * 365) for life in lives)


def test_what_has_come_out_has_a_patch_release_and_what_has_not_may_have_none():
    known = [life.newest_micro for life in RELEASES.values()]
    assert None not in known[:-1]
    assert newest_micro((3, 8)) == 20
    assert newest_micro((2, 7)) is None


@pytest.mark.parametrize(
    ("version", "today", "said"),
    [
        ((3, 12), date(2026, 1, 1), ""),
        ((3, 12), date(2028, 10, 31), "Python 3.12 has been without security fixes since 2028-10-31 (PEP 693)"),
        ((3, 12), date(2028, 10, 30), "Python 3.12 gets no security fixes after 2028-10-31 (PEP 693)"),
        ((3, 12), date(2028, 5, 1), "Python 3.12 gets no security fixes after 2028-10-31 (PEP 693)"),
        ((3, 12), date(2028, 4, 30), ""),
        ((3, 12), date(2023, 10, 1), "Python 3.12 is not released before 2023-10-02 (PEP 693)"),
        ((3, 12), date(2023, 10, 2), ""),
        ((3, 5), date(2026, 1, 1), "Python 3.5 has been at the end of its life for years"),
        ((2, 7), date(2026, 1, 1), "Python 2.7 has been at the end of its life for years"),
        ((3, 99), date(2026, 1, 1), "there is no Python 3.99"),
    ],
)
def test_what_is_worth_knowing_of_a_version_is_said_in_a_sentence(version, today, said):
    assert warning(version, today) == said


def release_script():
    """Return release/pin.py, which is a script and in no package, as a module."""
    path = Path(__file__).parent.parent / "release" / "pin.py"
    spec = importlib.util.spec_from_file_location("pin_of_releases", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_release_script_renews_the_newest_patch_releases_and_nothing_else():
    pin = release_script()
    text = pin.RELEASES.read_text("utf-8")
    found = [
        {"version": "3.12.999", "implementation": "cpython"},
        {"version": "3.12.7", "implementation": "cpython"},
        {"version": "3.13.1", "implementation": "cpython"},  # older than what is known
        {"version": "3.14.999", "implementation": "pypy"},
        {"version": "3.14.0rc1", "implementation": "cpython"},
        {"version": "3.16.0a2", "implementation": "cpython"},
        {"version": "3.99.1", "implementation": "cpython"},
    ]
    old = f"{RELEASES[3, 12].newest_micro}),"
    row = next(line for line in text.splitlines() if line.startswith("    (3, 12):"))
    assert row.endswith(old)
    assert pin.with_micros(text, found) == text.replace(row, row.removesuffix(old) + "999),")
    assert pin.with_micros(text, []) == text
    last = [{"version": "3.16.0", "implementation": "cpython"}]
    assert "date(2032, 10, 31), 0)," in pin.with_micros(text, last)


def test_the_release_script_renews_ruff_and_the_pythons_that_it_knows():
    pin = release_script()
    text = pin.RUFF.read_text("utf-8")
    assert pin.ruff_version(text) == ruff.VERSION
    same = pin.with_ruff(text, ruff.VERSION, [ruff.OLDEST, (3, 12), ruff.NEWEST])
    assert same == text
    later = pin.with_ruff(text, "0.99.1", [(3, 8), (3, 10), (3, 16)])
    assert [line for line in later.splitlines() if line not in text.splitlines()] == [
        'VERSION = "0.99.1"',
        "OLDEST = (3, 8)",
        "NEWEST = (3, 16)",
    ]
    with pytest.raises(SystemExit, match="has no VERSION to renew"):
        pin.with_ruff(text.replace("VERSION = ", "PINNED = "), "0.99.1", [(3, 8)])
    with pytest.raises(SystemExit, match="pins no ruff"):
        pin.ruff_version("")


def test_the_release_script_asks_ruff_itself_which_pythons_it_knows(monkeypatch):
    pin = release_script()
    said = ["error: invalid value\n  [possible values: py37, py38, py310, py315]\n", "error: no such version\n"]
    asked = []

    def answer(command, **_):
        asked.append(command)
        return subprocess.CompletedProcess(command, 2, stderr=said.pop(0))

    monkeypatch.setattr(pin.subprocess, "run", answer)
    assert pin.ruff_targets("uv", "0.99.1") == [(3, 7), (3, 8), (3, 10), (3, 15)]
    assert "ruff==0.99.1" in asked[0]
    with pytest.raises(SystemExit, match="no such version"):
        pin.ruff_targets("uv", "0.99.2")
