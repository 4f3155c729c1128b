"""What is at .venv is told from its files; what is no environment is never taken for one."""

import json
import os
import sys

import pytest

from bootstrap.detect.environment import detect_environment, displaced, is_handmade, is_mounted
from bootstrap.machine import Host
from bootstrap.model import EnvironmentState


@pytest.fixture
def base(tmp_path):
    """Fabricate an installation of Python 3.12."""
    folder = tmp_path / "python"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python3.12").write_text("")
    return folder


@pytest.fixture
def venv(tmp_path, base):
    """Fabricate an environment in the manner of uv; return its folder."""
    folder = tmp_path / ".venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "lib" / "python3.12" / "site-packages").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(base / "bin" / "python3.12")
    (folder / "pyvenv.cfg").write_text(f"home = {base}/bin\nimplementation = CPython\nversion_info = 3.12.1\n")
    return folder


def test_a_whole_environment_is_healthy(venv):
    environment = detect_environment(venv.parent)
    assert environment.state is EnvironmentState.HEALTHY
    assert str(environment.version) == "3.12.1"
    assert environment.implementation == "cpython"


@pytest.mark.parametrize("line", ["version = 3.12.1", "version_info = 3.12.1.final.0", "Version=3.12.1"])
def test_every_tool_s_spelling_of_the_version_is_read(venv, base, line):
    (venv / "pyvenv.cfg").write_text(f"home = {base}/bin\n{line}\n")
    assert str(detect_environment(venv.parent).version) == "3.12.1"


def test_nothing_is_absent(tmp_path):
    assert detect_environment(tmp_path).state is EnvironmentState.ABSENT


def test_an_empty_folder_is_as_good_as_nothing(tmp_path):
    (tmp_path / ".venv").mkdir()
    assert detect_environment(tmp_path).state is EnvironmentState.ABSENT


def _remove_settings(venv):
    (venv / "pyvenv.cfg").unlink()


def _dangle(venv):
    (venv / "bin" / "python").unlink()
    (venv / "bin" / "python").symlink_to("/nowhere/python3.12")


def _lose_interpreter(venv):
    (venv / "bin" / "python").unlink()


def _forget_version(venv):
    (venv / "pyvenv.cfg").write_text("home = /usr/bin\n")


def _come_from_elsewhere(venv):
    (venv / "pyvenv.cfg").write_text("home = /another/machine\nversion_info = 3.12.1\n")


def _lie(venv):
    text = (venv / "pyvenv.cfg").read_text()
    (venv / "pyvenv.cfg").write_text(text.replace("3.12.1", "3.11.1"))


def _lose_packages(venv):
    (venv / "lib" / "python3.12").rename(venv / "lib" / "gone")


def _upgrade_base(venv):
    python = venv / "bin" / "python"
    real = python.resolve()
    newer = real.with_name("python3.13")
    newer.write_text("")
    python.unlink()
    python.symlink_to(newer)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (_remove_settings, "pyvenv.cfg is missing"),
        (_dangle, "/nowhere/python3.12 is gone"),
        (_lose_interpreter, "no interpreter"),
        (_forget_version, "does not say"),
        (_come_from_elsewhere, "not on this machine"),
        (_lie, "packages are for python3.12"),
        (_lose_packages, "no site-packages"),
        (_upgrade_base, "now python3.13"),
    ],
)
def test_a_damaged_environment_is_broken_and_says_how(venv, damage, reason):
    damage(venv)
    environment = detect_environment(venv.parent)
    assert environment.state is EnvironmentState.BROKEN
    assert reason in environment.reason


def test_a_link_is_foreign_even_to_a_healthy_environment(venv):
    venv.rename(venv.parent / "elsewhere")
    venv.symlink_to(venv.parent / "elsewhere")
    environment = detect_environment(venv.parent)
    assert environment.state is EnvironmentState.FOREIGN
    assert "elsewhere" in environment.reason


def test_a_dangling_link_is_foreign(tmp_path):
    (tmp_path / ".venv").symlink_to("nowhere")
    assert detect_environment(tmp_path).state is EnvironmentState.FOREIGN


def test_a_file_is_foreign(tmp_path):
    (tmp_path / ".venv").write_text("the-name-of-an-environment\n")
    assert detect_environment(tmp_path).state is EnvironmentState.FOREIGN


def test_somebody_s_folder_is_foreign(tmp_path):
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "notes.txt").write_text("keep me")
    assert detect_environment(tmp_path).state is EnvironmentState.FOREIGN


@pytest.mark.real
def test_an_environment_of_the_standard_library_s_venv_is_healthy(tmp_path):
    import venv as standard

    standard.create(tmp_path / ".venv", symlinks=os.name != "nt", with_pip=False)
    environment = detect_environment(tmp_path)
    assert environment.state is EnvironmentState.HEALTHY
    assert environment.version[:2] == sys.version_info[:2]


@pytest.mark.parametrize("name", ["conda-meta", "notes.txt"])
def test_what_only_looks_like_an_environment_is_foreign(venv, name):
    (venv / "pyvenv.cfg").unlink()
    (venv / name).mkdir()
    assert detect_environment(venv.parent).state is EnvironmentState.FOREIGN


def test_what_comes_to_a_place_changes_its_identity(tmp_path):
    before = detect_environment(tmp_path).identity
    (tmp_path / ".venv").mkdir()
    empty = detect_environment(tmp_path).identity
    assert before == ""
    assert empty not in ("", before)


def test_a_volume_of_the_same_disk_is_known_from_the_system_s_table(tmp_path):
    table = tmp_path / "mountinfo"
    odd = tmp_path / "a b\\c"
    odd.mkdir()
    written = str(odd).replace("\\", "\\134").replace(" ", "\\040")
    table.write_text(f"21 1 8:1 / / rw - ext4 /dev/x rw\n60 21 8:1 /volumes/v {written} rw,relatime - ext4 /dev/x rw\n")
    assert is_mounted(odd, table)
    assert not is_mounted(tmp_path, table)
    assert not is_mounted(odd, tmp_path / "no-such-table")


HOST = Host("linux", "x86_64", "gnu", is_container=False, is_wsl=False, is_ci=False)


def test_an_environment_is_in_its_place_by_whatever_links_that_is_reached(venv):
    alias = venv.parent.parent / f"{venv.parent.name}-alias"
    alias.symlink_to(venv.parent)
    for noted, root in ((alias, venv.parent), (venv.parent, alias)):
        (venv / "devstrap.json").write_text(json.dumps({"root": str(noted)}))
        assert displaced(detect_environment(root), root, HOST).state is EnvironmentState.HEALTHY


@pytest.mark.parametrize("noted", ["/another/place", 3])
def test_an_environment_that_was_made_in_another_place_is_broken(venv, noted):
    (venv / "devstrap.json").write_text(json.dumps({"root": noted}))
    environment = displaced(detect_environment(venv.parent), venv.parent, HOST)
    assert environment.reason == f"it was made in {noted}"


@pytest.mark.parametrize(
    ("files", "is_handmade_there"),
    [
        ((), False),
        (("lost+found",), False),
        (("pyvenv.cfg",), True),
        (("pyvenv.cfg", "devstrap.json"), False),
    ],
)
def test_what_devstrap_did_not_make_is_known_by_its_missing_note(tmp_path, files, is_handmade_there):
    assert not is_handmade(tmp_path / ".venv")
    (tmp_path / ".venv").mkdir()
    for name in files:
        (tmp_path / ".venv" / name).write_text("{}")
    assert is_handmade(tmp_path / ".venv") is is_handmade_there
